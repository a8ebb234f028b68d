"""Withdrawing, bringing back and deleting: each a page that asks first, then does it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ml4rs.editions.policy import require
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in
from submissions import actions
from submissions.forms import OptionalReasonForm
from submissions.policy import may_discard, may_withdraw
from submissions.views.shared import author_or_404, to_paper


@signed_in
@methods("GET", "POST")
def withdraw(request: HttpRequest, pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    form = OptionalReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: actions.withdraw(submission, by=request.viewer, reason=reason),
            "The paper is withdrawn. All of its authors are told by mail.",
        )
        return to_paper(request, pid)
    require(may_withdraw(request.viewer, submission))
    return render(request, "submissions/withdraw.html", {"submission": submission, "form": form})


@signed_in
@methods("POST")
def revive(request: HttpRequest, pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    attempt(
        request,
        lambda: actions.revive(submission, by=request.viewer),
        "The paper is submitted again. A receipt is on its way to you by mail.",
    )
    return to_paper(request, pid)


@signed_in
@methods("GET", "POST")
def discard(request: HttpRequest, pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    if request.method == "POST":
        gone = attempt(request, lambda: actions.discard(submission, by=request.viewer), "The draft is deleted.")
        desk = reverse("editions:desk", args=[request.viewer.edition.slug])
        return redirect(desk) if gone else to_paper(request, pid)
    require(may_discard(request.viewer, submission))
    return render(request, "submissions/discard.html", {"submission": submission})
