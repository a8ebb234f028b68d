"""The dates of an edition on one page, and moving one of them with all that follows from it."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.audit.actions import record
from ml4rs.editions import actions
from ml4rs.editions.meanwhile import ChangedMeanwhileError, fingerprint
from ml4rs.editions.models import Milestone, Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.queries import milestones
from ml4rs.editions.views.guards import methods, role_required
from ml4rs.notifications import managing, moving
from ml4rs.notifications.forms import ExtendForm
from ml4rs.notifications.timeline import timeline

_ORGANISERS = role_required(Role.Name.ORGANISER)


def _milestone(request: HttpRequest, milestone_pid: str) -> Milestone:
    for milestone in milestones(request.viewer.edition):
        if milestone.public_id == milestone_pid and milestone.instant is not None:
            return milestone
    raise Http404


@methods("GET")
@_ORGANISERS
@never_cache
def dates(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/timeline.html", {"stops": timeline(request.viewer)})


@methods("GET", "POST")
@_ORGANISERS
@never_cache
def extend(request: HttpRequest, milestone_pid: str) -> HttpResponse:
    """Choose the new date, look at who would be told what, then do it: three steps on one page."""
    milestone = _milestone(request, milestone_pid)
    initial = {"seen": fingerprint(milestone), "batch": managing.new_occasion()}
    form = ExtendForm(request.POST or None, milestone=milestone, now=request.viewer.now, initial=initial)
    context = {"milestone": milestone, "form": form}
    if form.is_valid():
        if "extend" in request.POST and (answer := _extended(request, milestone, form)):
            return answer
        context |= _preview(request, milestone, form)
    return render(request, "notifications/extend.html", context)


def _extended(request: HttpRequest, milestone: Milestone, form: ExtendForm) -> HttpResponse | None:
    viewer, data = request.viewer, form.cleaned_data
    names = ("instant", "grace", "words", "tell", "batch", "seen")
    try:
        told = moving.extend(milestone, by=viewer, **{name: data[name] for name in names})
    except (NotAllowed, ChangedMeanwhileError) as refusal:
        form.add_error(None, f"{refusal} Open this page anew to see how it stands.")
        return None
    mails = f" {told} mail{'s are' if told != 1 else ' is'} on the way." if data["tell"] else " Nobody was told."
    notes.success(request, f"{milestone.title} has moved.{mails}")
    return redirect("notifications:timeline", viewer.edition.slug)


def _preview(request: HttpRequest, milestone: Milestone, form: ExtendForm) -> dict:
    if form.errors:
        return {}
    moved = moving.as_moved(milestone, form.cleaned_data["instant"])
    told = moving.seen_by(request.viewer, moved) if form.cleaned_data["tell"] else []
    record("milestone.previewed", by=request.viewer, subject=milestone, details={"people": len(told)})
    sample = moving.sample(told[0], moved, form.cleaned_data["words"]) if told else None
    waiting = moving.waiting_reminders(request.viewer, milestone)
    return {"moved": moved, "told": told, "sample": sample, "waiting": waiting, "is_previewed": True}


@methods("POST")
@_ORGANISERS
def undo(request: HttpRequest, milestone_pid: str) -> HttpResponse:
    milestone = _milestone(request, milestone_pid)
    try:
        actions.undo_move(milestone, by=request.viewer)
    except NotAllowed as refusal:
        notes.error(request, f"{refusal}")
    else:
        notes.success(
            request,
            f"{milestone.title} is back to where it was. Mails that had not left are stopped; "
            "who had been told of the move is told of this.",
        )
    return redirect("notifications:timeline", request.viewer.edition.slug)
