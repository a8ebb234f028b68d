"""The public page about travel support, and the applicant's own: form, state, offer."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.queries import milestone
from ml4rs.editions.views.guards import methods, signed_in, takes
from reviews.matching.lottery import commitment
from travel import actions
from travel.airports import airport, search
from travel.forms import ApplicationForm
from travel.letters import TITLES, letter_pdf
from travel.models import Application
from travel.policy import (
    is_open_for,
    may_answer,
    may_apply,
    may_edit,
    may_have_letter,
    may_reopen,
    may_withdraw,
    problems,
)
from travel.progress import progress_of
from travel.queries import erased_on, letter_of, newest_offer, own_application, own_papers, settings_of
from travel.scoring import BANDS_KM


@methods("GET")
def about(request: HttpRequest) -> HttpResponse:
    """What support there is, who may ask, until when."""
    viewer = request.viewer
    settings = settings_of(viewer.edition)
    context = {
        "text": viewer.edition.texts.filter(key="travel").first(),
        "due": milestone(viewer.edition, Milestone.Kind.TRAVEL),
        "is_open": is_open_for(viewer),
        "settings": settings,
        "application": own_application(viewer),
        "bands": BANDS_KM,
        "draw": commitment(settings.seed) if settings.seed else "",
        "erased_on": erased_on(viewer.edition, settings),
    }
    return render(request, "travel/about.html", context)


@signed_in
@methods("GET", "POST")
@never_cache
def application(request: HttpRequest) -> HttpResponse:
    """Eligibility, then the form; once handed in, its state. POST starts or saves."""
    row = own_application(request.viewer)
    if request.method == "POST":
        return _save(request, row) if row else _start(request)
    return _page(request, row)


def _start(request: HttpRequest) -> HttpResponse:
    if _attempt(request, lambda: actions.start(by=request.viewer)):
        return redirect("travel:application", request.viewer.edition.slug)
    return redirect("travel:about", request.viewer.edition.slug)


def _page(
    request: HttpRequest,
    row: Application | None,
    form: ApplicationForm | None = None,
    *,
    refusal: str = "",
    conflict: Application | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    settings = settings_of(viewer.edition)
    offer = newest_offer(row) if row else None
    editable = bool(row and may_edit(viewer, row))
    if form is None and editable:
        form = ApplicationForm(initial=ApplicationForm.initial_of(row, settings, random_public_id()))
    if form is not None:
        form.tell_until(erased_on(viewer.edition, settings))
    context = {
        "application": row,
        "progress": progress_of(viewer, row, offer, settings) if row else [],
        "form": form,
        "editable": editable,
        "refusal": refusal,
        "conflict": conflict,
        "missing": problems(row, settings) if row else [],
        "settings": settings,
        "due": milestone(viewer.edition, Milestone.Kind.TRAVEL),
        "is_open": bool(may_apply(viewer)),
        "papers": list(own_papers(viewer)),
        "offer": offer,
        "may_answer": bool(offer and may_answer(viewer, offer)),
        "may_withdraw": bool(row and may_withdraw(viewer, row)),
        "may_reopen": bool(row and may_reopen(viewer, row)),
        "departure": airport(row.airport) if row and row.airport else None,
    }
    return render(request, "travel/application.html", context, status=status)


def _save(request: HttpRequest, row: Application) -> HttpResponse:
    """Every field that is right is saved; what is wrong stays in the form with its reason."""
    typing = request.POST.get("typing") == "1" and bool(request.headers.get("HX-Request"))
    form = ApplicationForm(request.POST)
    form.is_valid()
    if "revision" in form.errors:
        raise Http404
    data = form.cleaned_data
    try:
        saved = actions.save(
            row, form.values(), by=request.viewer, revision=data["revision"], tab=data.get("tab", ""), typing=typing
        )
    except actions.EditConflict as conflict:
        words = f"{conflict} Press the button below to see both versions."
        return _save_state(request, None, words) if typing else _conflicting(request, conflict.current, form)
    except NotAllowed as refusal:
        words = str(refusal)
        return _save_state(request, None, words) if typing else _page(request, row, form, refusal=words, status=403)
    wrong = " ".join(error for errors in form.errors.values() for error in errors)
    if typing:
        return _save_state(request, saved, wrong)
    if form.errors:
        return _page(request, saved, _renewed(form, saved), refusal="The rest is saved; please look below.", status=422)
    messages.success(request, "Saved.")
    return redirect("travel:application", request.viewer.edition.slug)


def _conflicting(request: HttpRequest, current: Application, form: ApplicationForm) -> HttpResponse:
    """Both versions; saving again from here is a choice made knowingly."""
    return _page(request, current, _renewed(form, current), conflict=current, status=409)


def _renewed(form: ApplicationForm, current: Application) -> ApplicationForm:
    data = form.data.copy()
    data["revision"] = current.revision
    return ApplicationForm(data)


def _save_state(request: HttpRequest, saved: Application | None, problem: str) -> HttpResponse:
    return render(request, "travel/_save_state.html", {"saved": saved, "problem": problem})


def _attempt(request: HttpRequest, verb: Callable[[], object], done: str = "") -> bool:
    try:
        verb()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def _own_or_404(request: HttpRequest) -> Application:
    row = own_application(request.viewer)
    if row is None:
        raise Http404
    return row


def _verb(request: HttpRequest, action: Callable[..., object], done: str) -> HttpResponse:
    row = _own_or_404(request)
    _attempt(request, lambda: action(row, by=request.viewer), done)
    return redirect("travel:application", request.viewer.edition.slug)


@signed_in
@methods("POST")
def submit(request: HttpRequest) -> HttpResponse:
    return _verb(request, actions.submit, "Your application is submitted. A receipt is on its way to you by mail.")


@signed_in
@methods("GET", "POST")
@never_cache
def withdraw(request: HttpRequest) -> HttpResponse:
    """Asks once more, since money may go to somebody else."""
    if request.method == "POST":
        return _verb(request, actions.withdraw, "Your application is withdrawn.")
    row = _own_or_404(request)
    return render(request, "travel/withdraw.html", {"application": row, "offer": newest_offer(row)})


@signed_in
@methods("POST")
def reopen(request: HttpRequest) -> HttpResponse:
    return _verb(request, actions.reopen, "Your application is a draft again. Submit it before the deadline.")


@signed_in
@methods("POST")
def answer(request: HttpRequest) -> HttpResponse:
    """Accept or decline the newest offer."""
    offer = newest_offer(_own_or_404(request))
    if offer is None or offer.public_id != request.POST.get("offer"):
        raise Http404
    if request.POST.get("answer") == "accept":
        _attempt(request, lambda: actions.accept_offer(offer, by=request.viewer), "You accepted the offer.")
    elif request.POST.get("answer") == "decline":
        done = "You declined the offer; the money goes to somebody else."
        _attempt(request, lambda: actions.decline_offer(offer, by=request.viewer), done)
    else:
        messages.error(request, "Say whether you accept or decline.")
    return redirect("travel:application", request.viewer.edition.slug)


@signed_in
@methods("GET")
@never_cache
def letter(request: HttpRequest, kind: str) -> HttpResponse:
    """A letter of invitation or for a visa, for whoever accepted an offer."""
    offer = newest_offer(_own_or_404(request))
    if kind not in TITLES or offer is None or not may_have_letter(request.viewer, offer):
        raise Http404
    response = HttpResponse(letter_pdf(letter_of(request.viewer, offer, kind)), content_type="application/pdf")
    name = f"{request.viewer.edition.slug}-{kind}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
@methods("GET")
@takes("airport")
def airports(request: HttpRequest) -> HttpResponse:
    """Completion while an airport is typed."""
    found = search(request.GET.get("airport", "").replace("\0", "")[:60])
    return render(request, "travel/_airports.html", {"airports": found})
