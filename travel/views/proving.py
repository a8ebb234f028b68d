"""Proof of status: the applicant's file, the advisor's answer by a personal link, the officer's look at the file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.downloads import send_file
from ml4rs.editions.views.guards import methods, rests_when_frozen, signed_in
from ml4rs.editions.views.uploads import Quota, limited
from submissions.filetypes import BY_CONTENT_TYPE
from submissions.incoming import BadFile
from travel import actions
from travel.actions.proving import MEGABYTES, MOST_ASKED, opens
from travel.forms import AdvisorForm, ConfirmForm, ProofForm
from travel.models import Application, Confirmation, Proof
from travel.policy import may_confirm, may_handle, may_prove
from travel.queries import own_application, proving_of
from travel.views.officer import case_or_404, officers_only


def _own_or_404(request: HttpRequest) -> Application:
    row = own_application(request.viewer)
    if row is None:
        raise Http404
    return row


def _page(
    request: HttpRequest,
    row: Application,
    *,
    proof_form: ProofForm | None = None,
    advisor_form: AdvisorForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may = may_prove(request.viewer, row)
    context = {
        "application": row,
        "proving": proving_of(row),
        "may_prove": bool(may),
        "refusal": may.reason,
        "most_asked": MOST_ASKED,
        "proof_form": proof_form or ProofForm(),
        "advisor_form": advisor_form or AdvisorForm(),
    }
    return render(request, "travel/proof.html", context, status=status)


@signed_in
@methods("GET", "POST")
@never_cache
@limited(MEGABYTES)
def proof(request: HttpRequest, quota: Quota) -> HttpResponse:
    """How one proves that one studies; a POST hands in a file."""
    row = _own_or_404(request)
    if request.method == "GET":
        return _page(request, row)
    form = ProofForm(request.POST, request.FILES)
    if quota.is_exceeded:
        form.errors.pop("file", None)
        form.add_error("file", f"The file is larger than {MEGABYTES} MB, the most that is taken.")
    if form.is_valid():
        try:
            actions.upload_proof(row, form.cleaned_data["file"], by=request.viewer)
        except (NotAllowed, BadFile) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "Your proof is in.")
            return redirect("travel:proof", request.viewer.edition.slug)
    return _page(request, row, proof_form=form, status=422)


@signed_in
@methods("POST")
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Mail the advisor."""
    row, form = _own_or_404(request), AdvisorForm(request.POST)
    if form.is_valid():
        try:
            actions.ask_advisor(row, by=request.viewer, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your advisor gets a mail with a link to confirm.")
            return redirect("travel:proof", request.viewer.edition.slug)
    return _page(request, row, advisor_form=form, status=422)


@signed_in
@methods("GET")
def own_file(request: HttpRequest) -> HttpResponseBase:
    return _send(request, _own_or_404(request))


@officers_only
@methods("GET")
def file(request: HttpRequest, pid: str) -> HttpResponseBase:
    row = case_or_404(request, pid)
    if not may_handle(request.viewer, row):
        raise Http404
    return _send(request, row)


def _send(request: HttpRequest, row: Application) -> HttpResponseBase:
    found = Proof.objects.filter(application=row).first()
    if found is None:
        raise Http404
    name = f"proof-{row.public_id}.{BY_CONTENT_TYPE[found.content_type].extension}"
    return send_file(request, found.stored, content_type=found.content_type, filename=name, inline=True)


@rests_when_frozen
@methods("GET", "POST")
@never_cache
def confirm(request: HttpRequest, pid: str, token: str) -> HttpResponse:
    """The advisor's page, by the link that was mailed; no account is needed."""
    rows = Confirmation.objects.select_related("application__edition", "application__user")
    found = rows.filter(application__edition=request.viewer.edition, application__public_id=pid).first()
    if found is None or not opens(found, token):
        raise Http404
    form, may = ConfirmForm(request.POST or None), may_confirm(found)
    if request.method == "POST" and may and form.is_valid() and request.POST.get("answer") in ("yes", "no"):
        confirmed = request.POST["answer"] == "yes"
        try:
            actions.answer_for(found, confirmed=confirmed, text=form.cleaned_data["text"], by=request.viewer)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)
    context = {"confirmation": found, "application": found.application, "form": form, "may": may}
    return render(request, "travel/confirm.html", context, status=422 if form.errors else 200)
