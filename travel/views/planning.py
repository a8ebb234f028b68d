"""Planned answers: filled in at once, looked at together, released at once; and the waiting list."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from travel import actions
from travel.forms import DeclineForm, FillForm, PlanForm, ReleaseForm
from travel.models import Plan
from travel.outlook import outlook
from travel.samples import sample_mails
from travel.views.officer import case_or_404, case_page, officers_only, to


@officers_only
@methods("GET")
@never_cache
def plan(request: HttpRequest) -> HttpResponse:
    """What is planned, what it comes to, and who waits."""
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    fill: FillForm | None = None,
    form: ReleaseForm | None = None,
    mails: list | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    found = outlook(viewer)
    expires_on = (viewer.now + timedelta(days=found.settings.offer_days)).date()
    context = {
        "found": found,
        "fill_form": fill or FillForm(),
        "form": form or ReleaseForm(initial={"expires_on": expires_on}),
        "close_form": DeclineForm(prefix="close"),
        "mails": mails,
        "refusal": refusal,
    }
    return render(request, "travel/plan.html", context, status=status)


@officers_only
@methods("POST")
def fill(request: HttpRequest) -> HttpResponse:
    """Plan an answer for everybody in the ranking."""
    form = FillForm(request.POST)
    if not form.is_valid():
        return _page(request, fill=form, status=422)
    try:
        made = actions.plan_all(form.cleaned_data["policy"], others=form.cleaned_data["others"], by=request.viewer)
    except NotAllowed as refusal:
        return _page(request, fill=form, refusal=str(refusal), status=422)
    words = f"{made[Plan.Answer.OFFER]} offers, {made[Plan.Answer.WAIT]} on the waiting list, "
    words += f"{made[Plan.Answer.DECLINE]} not granted. Nobody hears of it until you release it."
    messages.success(request, words)
    if made["homeless"]:
        words = f"{made['homeless']} more would fit the sum, but no single pool has enough left for them."
        messages.warning(request, words)
    return to(request, "plan")


@officers_only
@methods("POST")
@never_cache
def preview(request: HttpRequest) -> HttpResponse:
    """Every kind of mail as it would be sent, beside the list; nothing is released yet."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    mails = sample_mails(request.viewer, form.expires_at, form.words)
    return _page(request, form=form, mails=mails)


@officers_only
@methods("POST")
def release(request: HttpRequest) -> HttpResponse:
    """All planned answers at once, or none."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    seen = request.POST.get("seen", "")
    try:
        given = actions.release(seen=seen, expires_at=form.expires_at, words=form.words, by=request.viewer)
    except NotAllowed as refusal:
        return _page(request, form=form, refusal=str(refusal), status=409)
    messages.success(request, f"{given.total()} answers are released; each person gets a mail.")
    return to(request, "plan")


@officers_only
@methods("POST")
def offer_waiting(request: HttpRequest) -> HttpResponse:
    """What is left goes to the waiting list, as far as it reaches."""
    try:
        made = actions.offer_to_waiting(by=request.viewer)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{len(made)} offered from the waiting list.")
    return to(request, "plan")


@officers_only
@methods("POST")
def close(request: HttpRequest) -> HttpResponse:
    """End the waiting list with a mail to everybody on it."""
    form = DeclineForm(request.POST, prefix="close")
    if not form.is_valid():
        return _page(request, refusal="The text is too long: at most 4,000 characters.", status=422)
    verb = lambda: actions.close_waiting_list(text=form.cleaned_data["text"], by=request.viewer)  # noqa: E731
    attempt(request, verb, "The waiting list is closed; everybody on it gets a mail.")
    return to(request, "plan")


@officers_only
@methods("POST")
def plan_one(request: HttpRequest, pid: str) -> HttpResponse:
    """Plan, change or forget the answer to one application."""
    row, viewer = case_or_404(request, pid), request.viewer
    form = PlanForm(request.POST, edition=viewer.edition, application=row, prefix="plan")
    if form.is_valid():
        data = form.cleaned_data
        try:
            if data["answer"]:
                money = {"pool": data["pool"], "amount_minor": data["amount_minor"]}
                actions.plan(row, answer=data["answer"], by=viewer, **money)
            else:
                actions.unplan(row, by=viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Planned. Nobody hears of it until the answers are released.")
            return to(request, "case", pid)
    return case_page(request, row, plan_form=form, status=422)
