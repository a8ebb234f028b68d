"""The grants officers' pages: the table, one case, the money."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Role
from ml4rs.editions.money import plainly
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, role_required, takes
from travel import actions
from travel.actions.money import SETTINGS
from travel.airports import airport, kilometres
from travel.forms import AssessForm, DeclineForm, OfferForm, PaymentForm, PlanForm, PoolForm, SettingsForm
from travel.models import Application, Offer, Plan, Pool
from travel.pictures import budget_bars
from travel.policy import may_assess, may_decide, may_handle, may_pay, may_plan
from travel.queries import (
    accepted_papers,
    account_of,
    erased_on,
    link_papers,
    officers_table,
    pools,
    seen_or_none,
    settings_of,
)
from travel.quorum import missing_assessments
from travel.standings import marks_for
from travel.thanks import thanks

officers_only = role_required(Role.Name.GRANTS_OFFICER)
_PAGE = 50
_POOL_FIELDS = ("name", "amount_minor", "sponsor", "reserve_minor", "overcommit_percent")


def to(request: HttpRequest, name: str, *arguments: str) -> HttpResponse:
    return redirect(f"travel:{name}", request.viewer.edition.slug, *arguments)


@officers_only
@methods("GET")
@takes("q", "state", "order", "page")
@never_cache
def table(request: HttpRequest) -> HttpResponse:
    """Everybody who applied, as far as this officer may know; and the money."""
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in ("q", "state", "order")}
    if asked["state"] not in Application.State.values:
        asked["state"] = ""
    rows = officers_table(request.viewer, state=asked["state"], text=asked["q"], order=asked["order"] or "name")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    link_papers(request.viewer, page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page_obj": page,
        "asked": asked,
        "states": [choice for choice in Application.State.choices if choice[0] != "draft"],
        "pools": pools(request.viewer),
        "settings": settings_of(request.viewer.edition),
        "querystring": query.urlencode(),
    }
    return render(request, "travel/table.html", context)


def case_or_404(request: HttpRequest, pid: str) -> Application:
    """The case for officers who handle it; for one who is tied to the applicant a page without its content."""
    found = seen_or_none(request.viewer, pid)
    if found is None:
        raise Http404
    return found


@officers_only
@methods("GET")
@never_cache
def case(request: HttpRequest, pid: str) -> HttpResponse:
    return case_page(request, case_or_404(request, pid))


def case_page(
    request: HttpRequest,
    row: Application,
    offer_form: OfferForm | None = None,
    *,
    assess_form: AssessForm | None = None,
    plan_form: PlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """All that this officer may know of a case, with what they can do about it."""
    viewer = request.viewer
    handles = may_handle(viewer, row)
    if not handles:
        context = {"name": row.legal_name, "institution": row.institution, "reason": handles.reason}
        return render(request, "travel/case_closed.html", context, status=status)
    settings = settings_of(viewer.edition)
    offers = list(row.offers.select_related("pool", "offered_by"))
    grant = next((each for each in offers if each.state == Offer.State.ACCEPTED), None)
    own, others = marks_for(viewer, row)
    planned = getattr(row, "plan", None)
    initial = {"merit": own.merit, "need": own.need, "note": own.note} if own else {}
    context = {
        "application": row,
        "marks": own,
        "others": others,
        "is_blind": own is None and bool(may_assess(viewer, row)),
        "missing": missing_assessments(viewer, [row]).get(row.pk, 0),
        "proof": getattr(row, "proof", None),
        "confirmation": getattr(row, "confirmation", None),
        "conflicts": list(row.conflicts.select_related("officer")),
        "plan": planned,
        "plan_form": (plan_form or _plan_form(row, planned, viewer)) if may_plan(viewer, row) else None,
        "assess_form": (assess_form or AssessForm(initial=initial)) if may_assess(viewer, row) else None,
        "departure": airport(row.airport) if row.airport else None,
        "kilometres": kilometres(row.airport, settings.airport) if row.airport and settings.airport else None,
        "settings": settings,
        "papers": accepted_papers(viewer, [row.user_id])[row.user_id],
        "offers": offers,
        "open_offer": next((each for each in offers if each.state == Offer.State.OPEN), None),
        "account": account_of(grant),
        "payment_form": _payment_form(grant) if grant and may_pay(viewer, row, grant) else None,
        "may_decide": bool(may_decide(viewer, row)),
        "offer_form": offer_form or OfferForm(edition=viewer.edition, now=viewer.now),
        "decline_form": DeclineForm(prefix="decline"),
        "pools": pools(viewer),
    }
    return render(request, "travel/case.html", context, status=status)


def _plan_form(row: Application, planned: Plan | None, viewer: Viewer) -> PlanForm:
    initial = PlanForm.initial_of(planned, row)
    return PlanForm(edition=viewer.edition, application=row, prefix="plan", initial=initial)


def _payment_form(grant: Offer) -> PaymentForm:
    amount = plainly(grant.payable_minor, grant.currency)
    return PaymentForm(offer=grant, initial={"amount": amount, "paid_before": grant.paid_minor})


@officers_only
@methods("POST")
def offer(request: HttpRequest, pid: str) -> HttpResponse:
    row, viewer = case_or_404(request, pid), request.viewer
    form = OfferForm(request.POST, edition=viewer.edition, now=viewer.now)
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("pool", "amount_minor", "message", "expires_at")}
        try:
            actions.offer(row, by=viewer, **data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The offer is made; the applicant gets a mail.")
            return to(request, "case", pid)
    return case_page(request, row, form, status=422)


@officers_only
@methods("POST")
def decline(request: HttpRequest, pid: str) -> HttpResponse:
    row, form = case_or_404(request, pid), DeclineForm(request.POST, prefix="decline")
    if form.is_valid():
        text = form.cleaned_data["text"]
        attempt(request, lambda: actions.decline(row, text=text, by=request.viewer), "The applicant gets a mail.")
    else:
        messages.error(request, "The text is too long: at most 4,000 characters.")
    return to(request, "case", pid)


@officers_only
@methods("POST")
def reconsider(request: HttpRequest, pid: str) -> HttpResponse:
    row = case_or_404(request, pid)
    attempt(request, lambda: actions.reconsider(row, by=request.viewer), "The application waits for an answer again.")
    return to(request, "case", pid)


@officers_only
@methods("POST")
def revoke(request: HttpRequest, pid: str) -> HttpResponse:
    row = case_or_404(request, pid)
    made = row.offers.filter(state=Offer.State.OPEN).first()
    if made is None:
        messages.error(request, "There is no open offer.")
    else:
        attempt(request, lambda: actions.revoke(made, by=request.viewer), "The offer is taken back.")
    return to(request, "case", pid)


@officers_only
@methods("GET", "POST")
@never_cache
def money(request: HttpRequest) -> HttpResponse:
    """All pools with what is left of them; the form below adds one."""
    edition = request.viewer.edition
    initial = {"currency": settings_of(edition).currency}
    form = PoolForm(request.POST or None, edition=edition, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("currency", *_POOL_FIELDS)}
        try:
            actions.add_pool(edition, by=request.viewer, **data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The pool is added.")
            return to(request, "money")
    lines = pools(request.viewer)
    context = {"pools": lines, "form": form, "thanks": thanks(request.viewer), "bars": budget_bars(lines)}
    return render(request, "travel/money.html", context)


@officers_only
@methods("GET", "POST")
@never_cache
def pool(request: HttpRequest, pid: str) -> HttpResponse:
    """Change a pool, or remove it while nothing was offered from it."""
    edition = request.viewer.edition
    row = Pool.objects.filter(edition=edition, public_id=pid).first()
    if row is None:
        raise Http404
    if request.POST.get("verb") == "remove":
        attempt(request, lambda: actions.remove_pool(row, by=request.viewer), "The pool is removed.")
        return to(request, "money")
    form = PoolForm(request.POST or None, edition=edition, pool=row)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in _POOL_FIELDS}
        try:
            actions.edit_pool(row, by=request.viewer, **data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The pool is changed.")
            return to(request, "money")
    return render(request, "travel/pool.html", {"pool": row, "form": form})


@officers_only
@methods("GET", "POST")
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """Where people fly to, and who may ask."""
    edition, row = request.viewer.edition, settings_of(request.viewer.edition)
    initial = {name: getattr(row, name) for name in SETTINGS}
    form = SettingsForm(request.POST or None, initial=initial, today=request.viewer.now.date())
    if request.method == "POST" and form.is_valid():
        verb = lambda: actions.set_settings(edition, by=request.viewer, **form.cleaned_data)  # noqa: E731
        attempt(request, verb, "The settings are changed.")
        return to(request, "officer")
    context = {"form": form, "erased_on": erased_on(edition, row)}
    return render(request, "travel/settings.html", context)
