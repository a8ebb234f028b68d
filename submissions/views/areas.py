"""Study areas: drawn by authors, and all of them on one public map."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in
from submissions import actions
from submissions.forms import AreaForm
from submissions.queries.areas import area_marks, marks_of_area
from submissions.views.shared import author_or_404


@signed_in
@methods("GET", "POST")
@never_cache
def areas(request: HttpRequest, pid: str) -> HttpResponse:
    """A map to draw on, the same in numbers, and what is there."""
    submission = author_or_404(request.viewer, pid)
    form = AreaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_area(submission, form.box(), by=request.viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The area is on the map.")
            return redirect("submissions:areas", request.viewer.edition.slug, pid)
    rows = list(submission.areas.all())
    marks = [mark for row in rows for mark in marks_of_area(row)]
    context = {"submission": submission, "form": form, "areas": rows, "marks": marks}
    return render(request, "submissions/areas.html", context)


@signed_in
@methods("POST")
def remove_area(request: HttpRequest, pid: str, area_pid: str) -> HttpResponse:
    submission = author_or_404(request.viewer, pid)
    area = submission.areas.filter(public_id=area_pid).first()
    if area is None:
        raise Http404
    attempt(request, lambda: actions.remove_area(area, submission, by=request.viewer), "The area is removed.")
    return redirect("submissions:areas", request.viewer.edition.slug, pid)


@methods("GET")
def area_map(request: HttpRequest) -> HttpResponse:
    """Where on Earth the accepted papers look."""
    marks = area_marks(request.viewer)
    listed = sorted({(mark.paper, mark.title, mark.words) for mark in marks}, key=lambda row: (row[1], row[2]))
    return render(request, "submissions/map.html", {"marks": marks, "listed": listed})
