"""The reviewer's pages: the desk, one paper with its form, giving a paper back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods, open_to_watchers
from reviews import actions
from reviews.actions import EditConflict
from reviews.forms import ReasonForm, ReviewForm
from reviews.policy import may_bid, may_declare, may_decline, may_write
from reviews.queries.responding import response_of
from reviews.queries.reviews import Desk, desk, desk_of, reviews_of, values_of
from reviews.queries.service import own_certificate
from reviews.queries.summing import meta_review_of
from reviews.queries.tagging import tags_on
from reviews.queries.writing import hints_on
from reviews.views.shared import keeps_what_was_typed, member_or_404, reviewers_only, revision_of, take_typed, to


@methods("GET")
@reviewers_only
@never_cache
@open_to_watchers
def my_desk(request: HttpRequest) -> HttpResponse:
    """Papers to review, and what comes before them: conflicts, bids."""
    reviewer = member_or_404(request)
    context = {
        "reviewer": reviewer,
        "rows": desk(request.viewer),
        "certificate": own_certificate(request.viewer),
        "may_declare": may_declare(request.viewer, reviewer),
        "may_bid": may_bid(request.viewer, reviewer),
    }
    return render(request, "reviews/desk.html", context)


@methods("GET")
@reviewers_only
@never_cache
@open_to_watchers
def review(request: HttpRequest, pid: str) -> HttpResponse:
    """The paper beside the form."""
    page = desk_or_404(request, pid)
    typed = take_typed(request, "review", pid)
    if typed is not None:
        messages.info(request, "You had been signed out. What you had typed is in the form again; save it.")
        return show(request, page, ReviewForm(page.questions, typed, draft=True))
    return show(request, page, ReviewForm(page.questions, draft=True, initial=ReviewForm.initial_of(page.values)))


@keeps_what_was_typed("review")
@methods("POST")
@reviewers_only
@never_cache
def save(request: HttpRequest, pid: str) -> HttpResponse:
    """Keep what was typed: by itself while typing, or by the button."""
    page = desk_or_404(request, pid)
    form = ReviewForm(page.questions, request.POST, draft=True)
    complaint = "" if form.is_valid() else _in_words(form)
    quiet = bool(request.headers.get("HX-Request"))
    try:
        saved = actions.save_draft(
            page.assignment, page.form, form.answers(), revision=revision_of(request), by=request.viewer
        )
    except EditConflict:
        return _quietly(request, conflict=True) if quiet else show_both(request, page, request.POST)
    except NotAllowed as refusal:
        return _quietly(request, refusal=str(refusal)) if quiet else show_refused(request, page, form, refusal)
    if quiet:
        return _quietly(request, saved=saved, complaint=complaint, hints=hints_on(page, form.answers(), request.viewer))
    if complaint:
        return show(request, desk_or_404(request, pid), form, status=422)
    messages.success(request, "Your draft is saved. Nobody else reads it.")
    return to(request, "review", pid)


@keeps_what_was_typed("review")
@methods("POST")
@reviewers_only
@never_cache
def submit(request: HttpRequest, pid: str) -> HttpResponse:
    """Hand the review in; whatever stands in the way, the text is kept."""
    page = desk_or_404(request, pid)
    form = ReviewForm(page.questions, request.POST)
    try:
        if not form.is_valid():
            return _incomplete(request, page, form)
        actions.submit_review(
            page.assignment, page.form, form.answers(), revision=revision_of(request), by=request.viewer
        )
    except EditConflict:
        return show_both(request, page, request.POST)
    except NotAllowed as refusal:
        return show_refused(request, page, form, refusal)
    messages.success(request, "Your review is submitted. You can change it until decisions are released.")
    return to(request, "review", pid)


@methods("POST")
@reviewers_only
def discard_changes(request: HttpRequest, pid: str) -> HttpResponse:
    """Back to the review as it was submitted."""
    actions.discard_changes(desk_or_404(request, pid).assignment, by=request.viewer)
    messages.success(request, "Your review stands as you submitted it.")
    return to(request, "review", pid)


@methods("GET", "POST")
@reviewers_only
def decline(request: HttpRequest, pid: str) -> HttpResponse:
    """Give a paper back, with a reason."""
    page = desk_or_404(request, pid)
    form = ReasonForm(request.POST or None)
    verdict = may_decline(request.viewer, page.assignment)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("conflict"):
            actions.declare_on_paper(page.submission, by=request.viewer)
        else:
            actions.decline_assignment(page.assignment, reason=form.cleaned_data["reason"], by=request.viewer)
        messages.success(request, "The paper is off your desk. The organisers look for somebody else.")
        return to(request, "desk")
    return render(request, "reviews/decline.html", {"page": page, "form": form, "verdict": verdict})


def desk_or_404(request: HttpRequest, pid: str) -> Desk:
    page = desk_of(request.viewer, pid)
    if page is None:
        raise Http404
    if page.form is None:
        page.form = actions.ensure_forms(page.submission.track)
        page.questions = list(page.form.fields.all())
    return page


def _in_words(form: ReviewForm) -> str:
    return "; ".join(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items())


def form_values(form: ReviewForm) -> dict[str, str | int | None]:
    """What stands in the form, typed or saved."""
    return {name.removeprefix("q-"): form[name].value() for name in form.fields}


def show(request: HttpRequest, page: Desk, form: ReviewForm, *, status: int = 200, **more) -> HttpResponse:
    submission = page.submission
    context = {
        "page": page,
        "submission": submission,
        "form": form,
        "others": [each for each in reviews_of(request.viewer, submission) if not each.is_own],
        "response": response_of(request.viewer, submission),
        "meta": meta_review_of(request.viewer, submission),
        "verdict": may_write(request.viewer, page.assignment),
        "may_decline": may_decline(request.viewer, page.assignment),
        "refusal": "",
        "theirs": [],
        "faults": [],
        "tags": tags_on(request.viewer, [submission.pk])[submission.pk],
        "hints": hints_on(page, form_values(form), request.viewer),
        **more,
    }
    return render(request, "reviews/review.html", context, status=status)


def _incomplete(request: HttpRequest, page: Desk, form: ReviewForm) -> HttpResponse:
    """What is there is kept as a draft, and the page says what is missing."""
    draft = ReviewForm(page.questions, request.POST, draft=True)
    draft.is_valid()
    actions.save_draft(page.assignment, page.form, draft.answers(), revision=revision_of(request), by=request.viewer)
    return show(request, desk_or_404(request, page.assignment.public_id), form, status=422)


def show_both(request: HttpRequest, page: Desk, typed) -> HttpResponse:
    """Saved elsewhere meanwhile: what was typed here stays in the form, the other version stands beside it."""
    page = desk_or_404(request, page.assignment.public_id)
    form = ReviewForm(page.questions, typed, draft=True)
    form.is_valid()
    mine, theirs = form.answers(), values_of(page.review) if page.review else {}
    differing = [
        {"label": question.label, "text": theirs.get(question.key) or "(empty)"}
        for question in page.questions
        if (theirs.get(question.key) or "") != (mine.get(question.key) or "")
    ]
    return show(request, page, form, status=409, theirs=differing)


def show_refused(request: HttpRequest, page: Desk, form: ReviewForm, refusal: NotAllowed) -> HttpResponse:
    return show(request, page, form, status=403, refusal=str(refusal))


def _quietly(
    request: HttpRequest, *, saved=None, complaint: str = "", conflict=False, refusal: str = "", hints=()
) -> HttpResponse:
    """The lines below the form that say how the saving went, and what could be said more helpfully."""
    context = {"saved": saved, "complaint": complaint, "conflict": conflict, "refusal": refusal, "hints": hints}
    return render(request, "reviews/_save_state.html", context)
