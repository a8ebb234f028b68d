"""Receipts: the grantee hands them in, officers approve them and record payments."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Milestone, Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.queries import milestone
from ml4rs.editions.views.downloads import send_file
from ml4rs.editions.views.guards import methods, role_required, signed_in, takes
from ml4rs.editions.views.lists import export
from ml4rs.editions.views.uploads import Quota, limited
from submissions.filetypes import BY_CONTENT_TYPE
from submissions.incoming import BadFile
from travel import actions
from travel.actions.receipts import MEGABYTES
from travel.forms import JudgeReceiptForm, PaymentForm, ReceiptForm
from travel.models import Application, Offer, Receipt
from travel.policy import may_hand_in_receipts, may_handle
from travel.queries import account_of, for_accountant, grants_of, own_grant, seen_or_none

_officers = role_required(Role.Name.GRANTS_OFFICER)


# --- The grantee -----------------------------------------------------------------------------------------


@signed_in
@methods("GET", "POST")
@never_cache
@limited(MEGABYTES)
def receipts(request: HttpRequest, quota: Quota) -> HttpResponse:
    """What was handed in, what became of it, and the form for the next one."""
    grant = own_grant(request.viewer)
    if grant is None:
        raise Http404
    if request.method == "GET":
        return _page(request, grant, ReceiptForm(initial={"currency": grant.currency}))
    form = ReceiptForm(request.POST, request.FILES)
    if quota.is_exceeded:
        form.errors.pop("file", None)
        form.add_error("file", f"The file is larger than {MEGABYTES} MB, the most that is taken.")
    if form.is_valid() and _keep(request, grant, form):
        messages.success(request, "The receipt is handed in.")
        return redirect("travel:receipts", request.viewer.edition.slug)
    return _page(request, grant, form, status=422)


def _keep(request: HttpRequest, grant: Offer, form: ReceiptForm) -> bool:
    data = {name: form.cleaned_data[name] for name in ("line", "amount_minor", "currency")}
    try:
        actions.hand_in(grant, form.cleaned_data["file"], by=request.viewer, **data)
    except (NotAllowed, BadFile) as refusal:
        form.add_error("file", str(refusal))
        return False
    return True


def _page(request: HttpRequest, grant: Offer, form: ReceiptForm, *, status: int = 200) -> HttpResponse:
    may = may_hand_in_receipts(request.viewer, grant)
    context = {
        "account": account_of(grant),
        "offer": grant,
        "form": form if may else None,
        "refusal": may.reason,
        "due": milestone(request.viewer.edition, Milestone.Kind.RECEIPTS),
    }
    return render(request, "travel/receipts.html", context, status=status)


def _own_or_404(request: HttpRequest, pid: str) -> Receipt:
    grant = own_grant(request.viewer)
    found = grant.receipts.filter(public_id=pid).first() if grant else None
    if found is None:
        raise Http404
    found.offer = grant
    return found


@signed_in
@methods("GET")
def own_file(request: HttpRequest, pid: str) -> HttpResponseBase:
    return _send(request, _own_or_404(request, pid))


@signed_in
@methods("POST")
def withdraw(request: HttpRequest, pid: str) -> HttpResponse:
    try:
        actions.withdraw_receipt(_own_or_404(request, pid), by=request.viewer)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The receipt is withdrawn.")
    return redirect("travel:receipts", request.viewer.edition.slug)


# --- The officers ----------------------------------------------------------------------------------------


def _handled_or_404(request: HttpRequest, pid: str, receipt_pid: str) -> tuple[Application, Receipt]:
    application = seen_or_none(request.viewer, pid)
    if application is None or not may_handle(request.viewer, application):
        raise Http404
    rows = Receipt.objects.filter(offer__application=application, public_id=receipt_pid)
    found = rows.exclude(state=Receipt.State.WITHDRAWN).select_related("offer__application").first()
    if found is None:
        raise Http404
    return application, found


@_officers
@methods("GET")
def file(request: HttpRequest, pid: str, receipt_pid: str) -> HttpResponseBase:
    return _send(request, _handled_or_404(request, pid, receipt_pid)[1])


@_officers
@methods("POST")
def judge(request: HttpRequest, pid: str, receipt_pid: str) -> HttpResponse:
    """Approve a receipt for an amount, or say why not."""
    _, receipt = _handled_or_404(request, pid, receipt_pid)
    form = JudgeReceiptForm(request.POST, offer=receipt.offer)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return _to_case(request, pid)
    data = form.cleaned_data
    try:
        if request.POST.get("answer") == "refuse":
            actions.refuse_receipt(receipt, text=data["text"], by=request.viewer)
        else:
            counted = data["amount_minor"] or 0
            actions.approve_receipt(receipt, counted_minor=counted, text=data["text"], by=request.viewer)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Done.")
    return _to_case(request, pid)


@_officers
@methods("POST")
def pay(request: HttpRequest, pid: str) -> HttpResponse:
    """Record a payment of the accepted offer."""
    application = seen_or_none(request.viewer, pid)
    if application is None or not may_handle(request.viewer, application):
        raise Http404
    grant = application.offers.filter(state=Offer.State.ACCEPTED).select_related("application").first()
    if grant is None:
        raise Http404
    form = PaymentForm(request.POST, offer=grant)
    if not form.is_valid() or not form.cleaned_data["amount_minor"]:
        words = " ".join(error for errors in form.errors.values() for error in errors)
        messages.error(request, words or "Write the amount that was paid.")
        return _to_case(request, pid)
    data = {name: form.cleaned_data[name] for name in ("amount_minor", "reference", "paid_before")}
    try:
        actions.pay(grant, by=request.viewer, **data)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The payment is recorded; the applicant gets a mail.")
    return _to_case(request, pid)


@_officers
@methods("GET")
@takes("format")
@never_cache
def payments(request: HttpRequest) -> HttpResponse:
    """Granted, approved and paid, person by person, for the accountant."""
    grants = grants_of(request.viewer)
    if "format" in request.GET:
        return export(request, request.GET["format"], f"{request.viewer.edition.slug}-grants", for_accountant(grants))
    return render(request, "travel/payments.html", {"grants": grants})


def _to_case(request: HttpRequest, pid: str) -> HttpResponse:
    return redirect("travel:case", request.viewer.edition.slug, pid)


def _send(request: HttpRequest, receipt: Receipt) -> HttpResponseBase:
    name = f"receipt-{receipt.public_id}.{BY_CONTENT_TYPE[receipt.content_type].extension}"
    return send_file(request, receipt.stored, content_type=receipt.content_type, filename=name, inline=True)
