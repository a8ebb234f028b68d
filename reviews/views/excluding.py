"""Authors name people who must not review their paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods, signed_in
from reviews import actions
from reviews.models import Exclusion
from reviews.policy import may_exclude
from reviews.views.shared import keeps_what_was_typed, take_typed
from submissions.models import Submission


@keeps_what_was_typed("exclude")
@signed_in
@methods("GET", "POST")
@never_cache
def exclude(request: HttpRequest, pid: str) -> HttpResponse:
    """A name and a reason in each row; as many rows as the track allows."""
    seen = Submission.objects.seen_by(request.viewer).select_related("track", "edition")
    paper = seen.filter(public_id=pid, is_author=True, track__is_reviewed=True).first()
    if paper is None:
        raise Http404
    typed = request.POST if request.method == "POST" else take_typed(request, "exclude", pid)
    people = _typed(typed) if typed is not None else _stored(request, paper)
    refusal = ""
    if request.method == "POST":
        try:
            actions.exclude(paper, people, by=request.viewer)
        except NotAllowed as refused:
            refusal = str(refused)
        else:
            messages.success(request, "Stored. Organisers look at it; reviewers never see it.")
            return redirect("submissions:detail", request.viewer.edition.slug, pid)
    empty = max(0, paper.track.author_conflicts - len(people))
    context = {
        "submission": paper,
        "rows": [*people, *[("", "")] * empty],
        "verdict": may_exclude(request.viewer, paper),
        "refusal": refusal,
    }
    return render(request, "reviews/exclude.html", context, status=422 if refusal else 200)


def _typed(data) -> list[tuple[str, str]]:
    pairs = zip(data.getlist("line"), data.getlist("reason"), strict=False)
    return [(line.replace("\0", ""), reason.replace("\0", "")) for line, reason in pairs if line.strip()]


def _stored(request: HttpRequest, paper: Submission) -> list[tuple[str, str]]:
    rows = Exclusion.objects.seen_by(request.viewer, paper=paper).filter(submission=paper.pk)
    return list(rows.values_list("line", "reason"))
