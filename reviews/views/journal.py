"""From the workshop to a journal: the organisers' list, the authors' answer, the reviewers' consent."""

import csv
import io
from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from zipstream import ZIP_STORED, ZipStream

from ml4rs.audit.actions import record
from ml4rs.editions.line_fields import LinesField
from ml4rs.editions.models import Milestone, TrackFile
from ml4rs.editions.queries import milestone
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in, takes
from ml4rs.editions.views.lists import export, harmless
from reviews import actions
from reviews.models import JournalCandidate
from reviews.queries.journal import Packet, candidates, packets, reviews_as_text, stream_of
from reviews.views.reviewing import desk_or_404
from reviews.views.shared import chairs_paper_or_404, organisers_only, page_of, reviewers_only, to
from submissions.models import FileVersion, Submission

_CHUNK = 64 * 1024


class StreamForm(forms.Form):
    name = forms.CharField(label="Journal", max_length=200)
    portal_url = forms.URLField(label="Where authors submit", assume_scheme="https")
    article_types = LinesField(label="Types of articles", required=False, help_text="One a line.")
    instructions = forms.CharField(
        label="What invited authors should know",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


@methods("GET", "POST")
@takes("page", "format")
@organisers_only
@never_cache
def journal(request: HttpRequest) -> HttpResponse:
    """Papers whose authors opted in, with scores and how far they are; and inviting those ticked."""
    viewer, stream = request.viewer, stream_of(request.viewer)
    if request.method == "POST":
        return _invited(request)
    rows = candidates(viewer)
    if kind := request.GET.get("format"):
        return export(request, kind, f"{viewer.edition.slug}-journal", [_line(row) for row in rows])
    page, query = page_of(request, rows)
    context = {
        "stream": stream,
        "page": page,
        "query": query,
        "due": milestone(viewer.edition, Milestone.Kind.JOURNAL),
        "states": [each for each in JournalCandidate.State if each not in _BY_AUTHORS],
    }
    return render(request, "reviews/journal.html", context)


_BY_AUTHORS = (JournalCandidate.State.INVITED, JournalCandidate.State.DECLINED)


def _invited(request: HttpRequest) -> HttpResponse:
    papers = list(candidates(request.viewer).filter(public_id__in=request.POST.getlist("paper")))
    if not papers:
        messages.error(request, "Tick the papers first.")
    else:
        article_type = request.POST.get("article_type", "")
        attempt(
            request,
            lambda: actions.invite_to_journal(papers, article_type=article_type, by=request.viewer),
            "Their authors are invited. Those invited before get no second mail.",
        )
    return to(request, "journal")


def _line(row: Submission) -> dict:
    found = getattr(row, "journal_candidate", None)
    return {
        "paper": row.number,
        "title": row.title,
        "track": row.track.name,
        "mean": round(row.mean, 2) if row.mean is not None else "",
        "state": found.get_state_display() if found else "",
        "article_type": found.article_type if found else "",
    }


@methods("GET", "POST")
@organisers_only
@never_cache
def stream(request: HttpRequest) -> HttpResponse:
    """The journal itself."""
    names = ("name", "portal_url", "article_types", "instructions")
    current = stream_of(request.viewer)
    initial = {name: getattr(current, name) for name in names} if current else None
    form = StreamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.describe_stream(request.viewer.edition, by=request.viewer, **form.cleaned_data)
        messages.success(request, "Stored.")
        return to(request, "journal")
    return render(request, "reviews/journal_stream.html", {"form": form})


@methods("POST")
@organisers_only
def mark(request: HttpRequest, pid: str) -> HttpResponse:
    """How far an invited paper is."""
    paper = chairs_paper_or_404(request, pid)
    state = request.POST.get("state", "")
    attempt(request, lambda: actions.mark_journal(paper, state, by=request.viewer), "Noted.")
    return to(request, "journal")


@methods("GET")
@organisers_only
@never_cache
def packet(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Papers that go on, with their reviews, as a ZIP for the guest editors."""
    found = list(packets(request.viewer))
    if not found:
        messages.error(request, "No paper goes on to the journal yet.")
        return to(request, "journal")
    for each in found:
        record("journal.packed", by=request.viewer, subject=each.submission, submission_id=each.submission.pk)
    stream = ZipStream(compress_type=ZIP_STORED)
    for each in found:
        folder = str(each.submission.number)
        if file := _paper_of(each.submission):
            stream.add(_chunks(file), f"{folder}/paper.pdf")
        stream.add(reviews_as_text(each).encode(), f"{folder}/reviews.txt")
    stream.add(_index(found), "papers.csv")
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{request.viewer.edition.slug}-journal.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _paper_of(submission: Submission) -> FileVersion | None:
    """The camera-ready paper, else the manuscript. One query."""
    kinds = (TrackFile.Kind.CAMERA_READY, TrackFile.Kind.MANUSCRIPT)
    return submission.files.filter(kind__in=kinds).order_by("kind", "-version").first()


def _chunks(version: FileVersion) -> Iterator[bytes]:
    """Opened only when its turn comes."""
    with version.stored.storage.open(version.stored.name, "rb") as handle:
        while chunk := handle.read(_CHUNK):
            yield chunk


def _index(found: list[Packet]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["paper", "title", "article type", "authors", "corresponding"])
    for each in found:
        people = "; ".join(f"{name} ({place})" if place else name for name, _, place, _ in each.authors)
        addresses = "; ".join(address for _, address, _, is_corresponding in each.authors if is_corresponding)
        paper = each.submission
        row = [paper.number, paper.title, paper.journal_candidate.article_type, people, addresses]
        writer.writerow([harmless(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


@signed_in
@methods("POST")
def answer(request: HttpRequest, pid: str) -> HttpResponse:
    """The authors go on to the journal, or do not."""
    paper = (
        Submission.objects.seen_by(request.viewer).select_related("track").filter(public_id=pid, is_author=True).first()
    )
    if paper is None:
        raise Http404
    going = request.POST.get("going") == "yes"
    said = "Noted: you go on to the journal." if going else "Noted: you do not go on to the journal."
    attempt(request, lambda: actions.answer_journal(paper, going=going, by=request.viewer), said)
    return redirect("submissions:detail", request.viewer.edition.slug, pid)


@methods("POST")
@reviewers_only
def consent(request: HttpRequest, pid: str) -> HttpResponse:
    """Whether the guest editors may learn who reviewed."""
    agrees = request.POST.get("agrees") == "yes"
    said = "Noted: guest editors may learn your name." if agrees else "Noted: guest editors do not learn your name."
    assignment = desk_or_404(request, pid).assignment
    attempt(request, lambda: actions.agree_to_be_named(assignment, agrees=agrees, by=request.viewer), said)
    return to(request, "review", pid)
