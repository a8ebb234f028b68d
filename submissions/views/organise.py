"""The organisers' list of submissions, and what they do with one of them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.audit.actions import record
from ml4rs.editions.models import Role, TrackFile
from ml4rs.editions.policy import require
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, open_to_watchers, role_required, signed_in, takes
from ml4rs.editions.views.lists import export
from submissions import actions
from submissions.forms import AnswerForm, DeskRejectForm
from submissions.policy import may_approve, may_desk_reject
from submissions.queries.listing import (
    CHECKS,
    FILTERS,
    FINDINGS,
    OUTCOMES,
    PARAMETERS,
    STATES,
    Filters,
    export_rows,
    listed,
)
from submissions.queries.selected import ready_reasons
from submissions.views.shared import chaired_or_404, to_paper, url_of

_PAGE = 50


@role_required(Role.Name.ORGANISER)
@methods("GET")
@takes(*PARAMETERS)
@never_cache
@open_to_watchers
def manage(request: HttpRequest) -> HttpResponse:
    """All submissions but those the organiser is in conflict with: filter, search, sort, export."""
    viewer, filters = request.viewer, Filters.of(request.GET)
    rows = listed(viewer, filters)
    if request.GET.get("export"):
        return _export(request, rows)
    show_authors = request.GET.get("authors") == "1"
    page = Paginator(rows.prefetch_related("authorships") if show_authors else rows, _PAGE).get_page(
        request.GET.get("page")
    )
    if show_authors:
        record("submissions.authors_read", by=viewer, details={"papers": [row.number for row in page]})
    context = {
        "page_obj": page,
        "filters": filters,
        "show_authors": show_authors,
        "tracks": list(viewer.edition.tracks.all()),
        "states": STATES,
        "topics": list(viewer.edition.topics.all()),
        "checks": CHECKS,
        "findings": FINDINGS,
        "kinds": TrackFile.Kind.choices,
        "filter_items": [(name, value) for name, value in request.GET.items() if name in FILTERS and value],
        "filtered": _query(request, without=("page", "export", "authors")),
        "outcomes": OUTCOMES,
        "columns": _columns(request, filters, show_authors),
        "querystring": _query(request, without=("page",)),
        "unexported": _query(request, without=("page", "export")),
    }
    return render(request, "submissions/manage.html", context)


def _columns(request: HttpRequest, filters: Filters, show_authors: bool) -> list[dict[str, str]]:
    """Headings, each sortable one with the address that sorts by it (or turns the order round)."""
    unsorted = _query(request, without=("page", "sort"))
    names = [("number", "No."), ("title", "Title"), ("", "Authors"), ("track", "Track"), ("state", "State")]
    names += [("", "PDF check"), ("submitted", "Submitted (UTC)")]
    columns = []
    for name, label in names:
        if label == "Authors" and not show_authors:
            continue
        is_current = bool(name) and filters.sort.lstrip("-") == name
        descending = is_current and filters.sort.startswith("-")
        order = f"-{name}" if is_current and not descending else name
        url = f"?{unsorted}&sort={order}" if unsorted else f"?sort={order}"
        sorted_as = ("descending" if descending else "ascending") if is_current else ""
        columns.append({"label": label, "url": url if name else "", "sorted": sorted_as})
    return columns


def _export(request: HttpRequest, rows) -> HttpResponse:
    data = export_rows(rows)
    record("submissions.exported", by=request.viewer, details={"papers": len(data), "as": request.GET["export"]})
    return export(request, request.GET["export"], f"{request.viewer.edition.slug}-submissions", data)


def _query(request: HttpRequest, without: tuple[str, ...]) -> str:
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()


@role_required(Role.Name.ORGANISER)
@methods("GET", "POST")
def publish(request: HttpRequest) -> HttpResponse:
    """Ask first, then open (or close) the files of accepted papers to everybody."""
    edition, viewer = request.viewer.edition, request.viewer
    if request.method == "GET":
        return render(request, "submissions/publish.html", {"is_open": edition.papers_public})
    if request.POST.get("close"):
        attempt(request, lambda: actions.unpublish_papers(edition, by=viewer), "The papers' files are closed again.")
    else:
        attempt(request, lambda: actions.publish_papers(edition, by=viewer), "The accepted papers' files are public.")
    return redirect(url_of(request, "papers"))


@signed_in
@methods("GET", "POST")
def desk_reject(request: HttpRequest, pid: str) -> HttpResponse:
    submission = chaired_or_404(request.viewer, pid)
    form = DeskRejectForm(request.POST or None, ready=ready_reasons(request.viewer))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: actions.desk_reject(submission, by=request.viewer, reason=reason),
            "The paper is desk-rejected. Its authors are told by mail.",
        )
        return to_paper(request, pid)
    require(may_desk_reject(request.viewer, submission))
    return render(request, "submissions/desk_reject.html", {"submission": submission, "form": form})


@signed_in
@methods("POST")
def reinstate(request: HttpRequest, pid: str) -> HttpResponse:
    submission = chaired_or_404(request.viewer, pid)
    done = "The paper takes part again. Its authors are told by mail."
    attempt(request, lambda: actions.reinstate(submission, by=request.viewer), done)
    return to_paper(request, pid)


@signed_in
@methods("GET", "POST")
def answer(request: HttpRequest, pid: str) -> HttpResponse:
    """Accept or decline a slide or demo."""
    submission = chaired_or_404(request.viewer, pid)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept, comment = form.cleaned_data["answer"] == "accept", form.cleaned_data["comment"]
        attempt(
            request,
            lambda: actions.answer_bonus(submission, by=request.viewer, accept=accept, comment=comment),
            "Answered. Its authors are told by mail.",
        )
        return to_paper(request, pid)
    require(may_approve(request.viewer, submission))
    return render(request, "submissions/answer.html", {"submission": submission, "form": form})
