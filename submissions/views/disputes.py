"""Objections to the check: an author's, and an organiser's answer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ml4rs.editions.models import TrackFile
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in
from submissions import actions
from submissions.forms import DisputeAnswerForm, DisputeForm
from submissions.models import Dispute, Submission
from submissions.views.shared import author_or_404, seen_or_404, to_paper


def _known(kind: str) -> str:
    if kind not in TrackFile.Kind.values:
        raise Http404
    return kind


@signed_in
@methods("GET", "POST")
def dispute(request: HttpRequest, pid: str, kind: str) -> HttpResponse:
    submission, kind = author_or_404(request.viewer, pid), _known(kind)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: actions.dispute(submission, kind, reason=reason, by=request.viewer),
            "The organisers look at it and answer by mail. You may replace the file meanwhile.",
        )
        return to_paper(request, pid)
    return render(request, "submissions/dispute.html", {"submission": submission, "form": form})


@signed_in
@methods("GET", "POST")
def answer_dispute(request: HttpRequest, pid: str, kind: str) -> HttpResponse:
    submission, kind = seen_or_404(request.viewer, pid), _known(kind)
    if not submission.is_chair:
        raise Http404
    form = DisputeAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        passes, note = form.cleaned_data["answer"] == "pass", form.cleaned_data["note"]
        attempt(
            request,
            lambda: actions.answer_dispute(submission, kind, passes=passes, note=note, by=request.viewer),
            "The file passes, and its authors are told." if passes else "The check stands, and its authors are told.",
        )
        return to_paper(request, pid)
    context = {"submission": submission, "form": form, "dispute": _current(submission, kind)}
    return render(request, "submissions/answer_dispute.html", context)


def _current(submission: Submission, kind: str) -> Dispute | None:
    """The objection to the newest file of this kind."""
    newest = submission.files.filter(kind=kind).order_by("-version").first()
    return Dispute.objects.filter(file_version=newest).first() if newest else None
