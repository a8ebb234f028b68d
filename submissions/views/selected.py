"""What organisers do with the papers that they picked on their list: write, desk-reject, fetch the files."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from zipstream import ZIP_STORED, ZipStream

from ml4rs.audit.actions import record
from ml4rs.editions.models import Role, TrackFile
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods, role_required, takes
from submissions import actions
from submissions.forms import DeskRejectForm
from submissions.mailing import address_of_form
from submissions.queries.listing import FILTERS, Filters, listed
from submissions.queries.selected import Packed, duplicates, packed, ready_reasons, selected
from submissions.views.shared import url_of

_SHOWN = 20
_CHUNK = 64 * 1024


@role_required(Role.Name.ORGANISER)
@methods("POST")
@never_cache
def act(request: HttpRequest) -> HttpResponse:
    """First the question with what will happen to which papers, then, when confirmed, the deed."""
    asked = QueryDict(request.POST.get("filters", ""))
    picked = None if request.POST.get("scope") == "all" else request.POST.getlist("paper")
    papers = list(selected(request.viewer, Filters.of(asked), picked))
    if not papers:
        messages.error(request, "Pick some papers first.")
        return _back(request)
    verbs = {"mail": _mail, "desk_reject": _desk_reject, "reinstate": _reinstate}
    verb = verbs.get(request.POST.get("verb", ""))
    if verb is None:
        raise BadRequest("There is nothing of that name to do here.")
    return verb(request, papers)


def _mail(request: HttpRequest, papers: list) -> HttpResponse:
    """Writing is the outbox's own page; it is told which papers."""
    asked = QueryDict(request.POST.get("filters", ""))
    filters = {name: value for name, value in asked.items() if name in FILTERS}
    picked = None if request.POST.get("scope") == "all" else [paper.public_id for paper in papers]
    return redirect(address_of_form(request.viewer, filters, picked))


def _desk_reject(request: HttpRequest, papers: list) -> HttpResponse:
    confirmed = bool(request.POST.get("confirmed"))
    form = DeskRejectForm(request.POST if confirmed else None, ready=ready_reasons(request.viewer))
    if confirmed and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _done(
            request, lambda: actions.desk_reject_all(papers, by=request.viewer, reason=reason), "Desk-rejected"
        )
    return _question(request, papers, form, title="Desk-reject", button="Desk-reject and tell the authors", danger=True)


def _reinstate(request: HttpRequest, papers: list) -> HttpResponse:
    if request.POST.get("confirmed"):
        return _done(request, lambda: actions.reinstate_all(papers, by=request.viewer), "Back in review")
    return _question(request, papers, None, title="Take back desk rejections", button="Take them back")


def _done(request: HttpRequest, verb, word: str) -> HttpResponse:
    try:
        messages.success(request, f"{word}: {verb()}. The authors are told by mail.")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    asked = QueryDict(request.POST.get("filters", ""))
    known = urlencode({name: value for name, value in asked.items() if name in FILTERS})
    return redirect(url_of(request, "manage") + (f"?{known}" if known else ""))


def _question(request: HttpRequest, papers: list, form, **words) -> HttpResponse:
    context = {
        "papers": papers[:_SHOWN],
        "more": max(0, len(papers) - _SHOWN),
        "count": len(papers),
        "form": form,
        "verb": request.POST["verb"],
        "scope": request.POST.get("scope", ""),
        "filters": request.POST.get("filters", ""),
        "picked": request.POST.getlist("paper"),
        "danger": False,
    }
    return render(request, "submissions/selected.html", context | words)


@role_required(Role.Name.ORGANISER)
@methods("GET")
@takes("kind", *FILTERS)
@never_cache
def archive(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The current files of one kind of all listed papers as a ZIP, made while it is sent."""
    kind, viewer = request.GET.get("kind", ""), request.viewer
    if kind not in TrackFile.Kind.values:
        raise BadRequest("There is no such kind of file.")
    files = list(packed(viewer, listed(viewer, Filters.of(request.GET)), kind))
    if not files:
        messages.error(request, "None of these papers has such a file.")
        return redirect(url_of(request, "manage"))
    record("submissions.downloaded", by=viewer, details={"kind": kind, "papers": len(files)})
    stream = ZipStream(compress_type=ZIP_STORED)
    for each in files:
        stream.add(_chunks(each), each.name)
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{viewer.edition.slug}-{kind}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _chunks(each: Packed) -> Iterator[bytes]:
    """Opened only when its turn comes: a thousand open files would be too many."""
    with each.stored.storage.open(each.stored.name, "rb") as handle:
        while chunk := handle.read(_CHUNK):
            yield chunk


@role_required(Role.Name.ORGANISER)
@methods("GET")
@never_cache
def alike(request: HttpRequest) -> HttpResponse:
    """Pairs of papers that may be the same work."""
    return render(request, "submissions/duplicates.html", {"pairs": duplicates(request.viewer)})
