"""The author's pages: choosing a track, one page per paper, and the form for its texts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.accounts.models import random_public_id
from ml4rs.audit.actions import record
from ml4rs.editions.models import Track
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.queries import milestone
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, open_to_watchers, signed_in, takes
from submissions import actions
from submissions.forms import LONGEST_ABSTRACT, TextsForm
from submissions.models import Submission
from submissions.queries.author import conflict_rows, paper_context, rules_of, start_page
from submissions.views.shared import author_or_404, keeps_what_was_typed, seen_or_404, take_typed, to_paper, url_of


@methods("GET")
def start(request: HttpRequest) -> HttpResponse:
    """The tracks with their rules and deadlines; each that is open has a button."""
    return render(request, "submissions/start.html", start_page(request.viewer))


@signed_in
@methods("GET", "POST")
def create(request: HttpRequest, track_slug: str) -> HttpResponse:
    """GET comes here after signing in and shows the choice again; POST makes the draft."""
    track = request.viewer.edition.tracks.filter(slug=track_slug).first()
    if track is None:
        raise Http404
    if request.method == "GET":
        return redirect(url_of(request, "start"))
    try:
        draft = actions.start(track, by=request.viewer)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(url_of(request, "start"))
    return redirect(url_of(request, "edit", draft.public_id))


@signed_in
@methods("GET")
@takes("authors")
@never_cache
@open_to_watchers
def detail(request: HttpRequest, pid: str) -> HttpResponse:
    """One page per paper: what this viewer may see of it and can do now."""
    submission = seen_or_404(request.viewer, pid)
    if submission.is_public and not (
        submission.is_author or submission.is_chair or submission.reads or submission.edits_programme
    ):
        return redirect(url_of(request, "paper", pid))
    context = {**paper_context(request.viewer, submission), "show_authors": _shows_authors(request, submission)}
    return render(request, "submissions/detail.html", context)


def _shows_authors(request: HttpRequest, submission: Submission) -> bool:
    """An organiser asks to see who wrote a double-blind paper, and the asking is recorded."""
    if not submission.is_chair or submission.track.blind != Track.Blind.DOUBLE or submission.is_public:
        return submission.sees_authors
    asked = request.GET.get("authors") == "1"
    if asked:
        record("submission.authors_read", by=request.viewer, subject=submission, submission_id=submission.pk)
    return asked


@signed_in
@methods("GET")
@never_cache
def check_state(request: HttpRequest, pid: str, kind: str) -> HttpResponse:
    """The check of one file as it stands: what the page asks for every second while a check runs."""
    context = paper_context(request.viewer, author_or_404(request.viewer, pid))
    slot = next((slot for slot in context["sheet"].all_files if slot.wanted.kind == kind), None)
    if slot is None:
        raise Http404
    return render(request, "submissions/_check_state.html", {**context, "slot": slot, "swap": True})


@keeps_what_was_typed
@signed_in
@methods("GET", "POST")
@never_cache
def edit(request: HttpRequest, pid: str) -> HttpResponse:
    """Title, abstract and the rest; saves by itself while a draft is typed."""
    submission = author_or_404(request.viewer, pid)
    if request.method == "POST":
        return _save(request, submission)
    typed = take_typed(request, pid)
    if typed is not None:
        messages.info(request, "You had been signed out. We kept what you had typed: look at it, then save.")
        return _form_page(request, submission, TextsForm(typed, submission=submission))
    initial = TextsForm.initial_of(submission, tab=random_public_id())
    return _form_page(request, submission, TextsForm(initial=initial, submission=submission))


def _save(request: HttpRequest, submission: Submission) -> HttpResponse:
    typing = request.POST.get("typing") == "1" and bool(request.headers.get("HX-Request"))
    form = TextsForm(request.POST, submission=submission)
    if not form.is_valid():
        problem = "; ".join(error for errors in form.errors.values() for error in errors)
        return _save_state(request, None, problem) if typing else _form_page(request, submission, form)
    revision, tab = form.cleaned_data["revision"], form.cleaned_data["tab"]
    try:
        saved = actions.edit(submission, form.texts(), by=request.viewer, revision=revision, tab=tab, typing=typing)
    except actions.EditConflict as conflict:
        if typing:
            return _save_state(request, None, f"{conflict} Press the button below to see both versions")
        return _conflict_page(request, conflict.current, form)
    except NotAllowed as refusal:
        return _save_state(request, None, str(refusal)) if typing else _refused(request, submission, form, refusal)
    if typing:
        return _save_state(request, saved, "")
    messages.success(request, "Your changes are saved.")
    return to_paper(request, submission.public_id)


def _form_page(request: HttpRequest, submission: Submission, form: TextsForm, **more) -> HttpResponse:
    due = milestone(request.viewer.edition, "submission", submission.track)
    files = rules_of(submission.track)
    context = {"submission": submission, "form": form, "due": due, "conflict": [], "refusal": "", "rules_files": files}
    context |= more
    return render(request, "submissions/edit.html", context)


def _conflict_page(request: HttpRequest, current: Submission, form: TextsForm) -> HttpResponse:
    """Both versions; saving again from here is a choice made knowingly."""
    data = form.data.copy()
    data["revision"] = current.revision
    both = conflict_rows(current, form.texts())
    return _form_page(request, current, TextsForm(data, submission=current), conflict=both)


def _refused(request: HttpRequest, submission: Submission, form: TextsForm, refusal: NotAllowed) -> HttpResponse:
    """What was typed stays on the page, though it can't be saved (the deadline passed, say)."""
    response = _form_page(request, submission, form, refusal=str(refusal))
    response.status_code = 403
    return response


def _save_state(request: HttpRequest, saved: Submission | None, problem: str) -> HttpResponse:
    return render(
        request, "submissions/_save_state.html", {"saved": saved, "problem": problem, "sign_in": "", "form": None}
    )


@signed_in
@methods("POST")
@never_cache
def preview(request: HttpRequest, pid: str) -> HttpResponse:
    """The abstract as it will be shown, formulas included. Nothing is saved."""
    submission = author_or_404(request.viewer, pid)
    is_part = bool(request.headers.get("HX-Request"))
    template = "submissions/_preview.html" if is_part else "submissions/preview.html"
    text = request.POST.get("abstract", "")[:LONGEST_ABSTRACT]
    return render(request, template, {"submission": submission, "text": text})


@signed_in
@methods("POST")
def submit(request: HttpRequest, pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    attempt(
        request,
        lambda: actions.submit(submission, by=request.viewer),
        "Your paper is submitted. A receipt is on its way to you by mail.",
    )
    return to_paper(request, pid)
