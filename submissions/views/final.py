"""The camera-ready form of an accepted paper, and the organisers' word on its conditions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.queries import milestone
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in
from submissions import actions
from submissions.forms import FinalForm
from submissions.models import Submission
from submissions.policy import may_finalise
from submissions.queries.final import final_of
from submissions.views.shared import author_or_404, chaired_or_404, keeps_what_was_typed, take_typed, to_paper


@keeps_what_was_typed
@signed_in
@methods("GET", "POST")
@never_cache
def final(request: HttpRequest, pid: str) -> HttpResponse:
    """Final title, abstract, answers and conditions, with what is still missing and what differs from the review."""
    submission = author_or_404(request.viewer, pid)
    if request.method == "POST":
        form = FinalForm(request.POST, submission=submission)
        return _saved(request, submission, form) if form.is_valid() else _page(request, submission, form)
    require(may_finalise(request.viewer, submission))
    if (typed := take_typed(request, pid)) is not None:
        messages.info(request, "You had been signed out. We kept what you had typed: look at it, then save.")
        return _page(request, submission, FinalForm(typed, submission=submission))
    known = final_of(submission)
    answer = known.ready.conditions_answer if known and known.ready else ""
    initial = FinalForm.initial_of(submission, answer, tab=random_public_id())
    return _page(request, submission, FinalForm(initial=initial, submission=submission))


def _saved(request: HttpRequest, submission: Submission, form: FinalForm) -> HttpResponse:
    revision, tab = form.cleaned_data["revision"], form.cleaned_data["tab"]
    try:
        actions.finalise(submission, form.texts(), by=request.viewer, revision=revision, tab=tab)
    except actions.EditConflict as conflict:
        return _conflict_page(request, conflict.current, form)
    except NotAllowed as refusal:
        response = _page(request, submission, form, refusal=str(refusal))
        response.status_code = 403
        return response
    messages.success(request, "The camera-ready form is saved.")
    return to_paper(request, submission.public_id)


def _conflict_page(request: HttpRequest, current: Submission, form: FinalForm) -> HttpResponse:
    """Both versions; saving again from here is a choice made knowingly."""
    data = form.data.copy()
    data["revision"] = current.revision
    typed = form.texts()
    both = [
        {"label": name.capitalize(), "theirs": getattr(current, name), "mine": getattr(typed, name)}
        for name in ("title", "abstract", "keywords")
        if getattr(current, name) != getattr(typed, name)
    ]
    return _page(request, current, FinalForm(data, submission=current), conflict=both)


def _page(request: HttpRequest, submission: Submission, form: FinalForm, **more) -> HttpResponse:
    context = {
        "submission": submission,
        "form": form,
        "final": final_of(submission),
        "due": milestone(request.viewer.edition, "camera_ready", submission.track),
        "conflict": [],
        "refusal": "",
    }
    return render(request, "submissions/final.html", context | more)


@signed_in
@methods("POST")
def accept_conditions(request: HttpRequest, pid: str) -> HttpResponse:
    submission = chaired_or_404(request.viewer, pid)
    done = "The conditions are noted as met. Its authors are told by mail."
    attempt(request, lambda: actions.accept_conditions(submission, by=request.viewer), done)
    return to_paper(request, pid)
