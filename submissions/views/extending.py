"""Granting one paper a later date, and taking that back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import require
from ml4rs.editions.queries import extension, milestone
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in
from submissions import actions
from submissions.forms import ExtendForm
from submissions.policy import may_extend
from submissions.views.shared import chaired_or_404, to_paper


@signed_in
@methods("GET", "POST")
@never_cache
def extend(request: HttpRequest, pid: str) -> HttpResponse:
    submission = chaired_or_404(request.viewer, pid)
    edition = request.viewer.edition
    due = {kind: milestone(edition, kind, submission.track) for kind in actions.EXTENDABLE}
    kinds = [(kind, each.title) for kind, each in due.items() if each is not None]
    form = ExtendForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        kind, until, reason = (form.cleaned_data[name] for name in ("kind", "until", "reason"))
        if attempt(
            request,
            lambda: actions.extend(submission, kind, until=until, reason=reason, by=request.viewer),
            "The date is extended for this paper. Its authors are told by mail.",
        ):
            return to_paper(request, pid)
    require(may_extend(request.viewer, submission))
    granted = [found for kind, _ in kinds if (found := extension(edition, kind, pid)) is not None]
    context = {"submission": submission, "form": form, "granted": granted, "dates": [d for d in due.values() if d]}
    return render(request, "submissions/extend.html", context)


@signed_in
@methods("POST")
def revoke(request: HttpRequest, pid: str, kind: str) -> HttpResponse:
    submission = chaired_or_404(request.viewer, pid)
    done = "The extension is taken back."
    attempt(request, lambda: actions.revoke_extension(submission, kind, by=request.viewer), done)
    return to_paper(request, pid)
