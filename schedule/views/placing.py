"""Editors have places for papers worked out, look at them, put them into the draft, and take them back."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from ml4rs.jobs.models import Job
from schedule import actions
from schedule.forms import PlacingForm
from schedule.models import PlacingRun
from schedule.queries import draft_programme
from schedule.views.editor import editors_only, to


@editors_only
@methods("GET", "POST")
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Say how much room there is and who cannot come; the proposals so far stand below."""
    viewer = request.viewer
    draft = draft_programme(viewer)
    runs = list(viewer.edition.placing_runs.select_related("created_by").defer("places", "left")[:6])
    before = runs[0].parameters if runs else {}
    initial = {name: before.get(name) for name in ("absences", "orals_as_posters")}
    form = PlacingForm(request.POST or None, draft=draft, initial=initial)
    if request.method == "POST" and form.is_valid():
        verb = partial(actions.ask_for_places, viewer.edition, by=viewer, asked=form.asked())
        if attempt(request, verb, "Looking for places. You may leave this page."):
            return to(request, "ask_for_places")
    latest = Job.objects.filter(edition=viewer.edition, kind="schedule.place", requested_by=viewer.user).first()
    shows = (Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED)
    job = latest if latest and latest.state in shows else None
    context = {"form": form, "runs": runs, "job": job, "unplaced": len(draft.unplaced)}
    return render(request, "schedule/ask_for_places.html", context)


@editors_only
@methods("GET", "POST")
@never_cache
def run(request: HttpRequest, placing_pid: str) -> HttpResponse:
    """A proposal by session, with the reason of each place; put it into the draft, or take it back."""
    found = PlacingRun.objects.filter(edition=request.viewer.edition, public_id=placing_pid).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        _settle(request, found)
        return to(request, "placing_run", placing_pid)
    draft = draft_programme(request.viewer)
    papers = {paper.public_id: paper for paper in draft.papers.values()}
    by_session = {session.id: (session, []) for session in draft.programme.sessions}
    for session, paper, why in found.places:
        if session in by_session and paper in papers:
            by_session[session][1].append((papers[paper], why))
    context = {
        "run": found,
        "sessions": [(session, rows) for session, rows in by_session.values() if rows],
        "left": [(papers[paper], kind, why) for paper, kind, why in found.left if paper in papers],
        "gap": 100 * found.figures.get("gap", 0),
    }
    return render(request, "schedule/placing_run.html", context)


def _settle(request: HttpRequest, found: PlacingRun) -> None:
    if request.POST.get("verb") == "undo":
        attempt(request, lambda: actions.take_places_back(found, by=request.viewer), "Taken out of the draft again.")
    else:
        words = "The papers are in the draft. Nothing is public until you publish."
        attempt(request, lambda: actions.apply_places(found, by=request.viewer), words)
