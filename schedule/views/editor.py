"""The editor's pages: everything by plain forms, so that it works without script and by keyboard."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.meanwhile import ChangedMeanwhileError
from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, open_to_watchers, role_required
from ml4rs.notifications.links import absolute
from schedule import actions
from schedule.codes import code_of
from schedule.forms import (
    BoardsForm,
    ChangeRoomForm,
    PlaceForm,
    PublishForm,
    ResourceForm,
    RoomForm,
    SessionForm,
    SlotForm,
)
from schedule.labels import Label, labels_pdf
from schedule.models import Resource, Room, Session, Slot
from schedule.presenting import days, place_of
from schedule.queries import draft_programme, unpublished_changes
from schedule.queries.presenters import concerned

editors_only = role_required(Role.Name.ORGANISER, Role.Name.SCHEDULE_EDITOR)


def to(request: HttpRequest, name: str, *arguments: str) -> HttpResponse:
    return redirect(f"schedule:{name}", request.viewer.edition.slug, *arguments)


def session_of(request: HttpRequest, pid: str) -> Session:
    found = Session.objects.filter(edition=request.viewer.edition, public_id=pid).select_related("room").first()
    if found is None:
        raise Http404
    found.edition = request.viewer.edition
    return found


def slot_of(request: HttpRequest, pid: str) -> Slot:
    rows = Slot.objects.filter(session__edition=request.viewer.edition, public_id=pid)
    found = rows.select_related("session__room").first()
    if found is None:
        raise Http404
    found.session.edition = request.viewer.edition
    return found


@editors_only
@methods("GET")
@never_cache
@open_to_watchers
def editor(request: HttpRequest) -> HttpResponse:
    """The draft by time, what is wrong with it, and the papers that wait for a place."""
    draft = draft_programme(request.viewer)
    context = {
        "draft": draft,
        "days": days(draft.programme),
        "clashes": [each for each in draft.warnings if each.kind != "unplaced"],
        "place": place_of(draft.programme.zone),
        "changed": unpublished_changes(draft),
        "step": actions.last_step(request.viewer),
        "home": "editor",
    }
    return render(request, "schedule/editor.html", context)


@editors_only
@methods("GET", "POST")
@never_cache
def add_session(request: HttpRequest) -> HttpResponse:
    edition = request.viewer.edition
    form = SessionForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.add_session(edition, form.details(), by=request.viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{session.title}” is in the draft.")
            return to(request, "session", session.public_id)
    return render(request, "schedule/session_add.html", {"form": form})


@editors_only
@methods("GET", "POST")
@never_cache
def session(request: HttpRequest, pid: str) -> HttpResponse:
    """One session: its form, and what is in it in order."""
    row = session_of(request, pid)
    form = SessionForm(request.POST or None, edition=request.viewer.edition, session=row)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            moved = actions.edit_session(
                row, form.details(), by=request.viewer, shift=given["shift"], seen=given["seen"]
            )
        except ChangedMeanwhileError as changed:
            form.refuse_because_changed(changed.stored)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            followed = f" {moved} session{'s' if moved != 1 else ''} moved with it." if moved else ""
            messages.success(request, f"The session is changed.{followed}")
            return to(request, "session", pid)
    return _session_page(request, row, form)


def _session_page(request: HttpRequest, row: Session, form: SessionForm) -> HttpResponse:
    draft = draft_programme(request.viewer)
    mine = draft.programme.only(row.public_id)
    here = {item.paper for _, item in mine.items()}
    context = {
        "session": row,
        "form": form,
        "shown": days(mine)[0].blocks[0],
        "boards": BoardsForm(),
        "gone": [each for each in draft.gone if each.session == row.public_id],
        "clashes": [each for each in draft.warnings if each.session == row.public_id],
        "papers": [paper for paper in draft.papers.values() if paper.public_id not in here],
        "unplaced": {paper.public_id for paper in draft.unplaced},
    }
    return render(request, "schedule/session.html", context)


@editors_only
@methods("GET", "POST")
@never_cache
def remove_session(request: HttpRequest, pid: str) -> HttpResponse:
    row = session_of(request, pid)
    if request.method == "POST":
        attempt(request, lambda: actions.remove_session(row, by=request.viewer), f"“{row.title}” is removed.")
        return to(request, "editor")
    return render(request, "schedule/session_remove.html", {"session": row, "items": row.slots.count()})


@editors_only
@methods("GET", "POST")
@never_cache
def add_slot(request: HttpRequest, pid: str) -> HttpResponse:
    row = session_of(request, pid)
    form = SlotForm(request.POST or None, session=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_slot(row, form.details(), by=request.viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The talk is added.")
            return to(request, "session", pid)
    return render(request, "schedule/slot.html", {"session": row, "form": form, "slot": None})


@editors_only
@methods("GET", "POST")
@never_cache
def slot(request: HttpRequest, pid: str) -> HttpResponse:
    row = slot_of(request, pid)
    form = SlotForm(request.POST or None, session=row.session, slot=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_slot(row, form.details(), by=request.viewer, seen=form.cleaned_data["seen"])
        except ChangedMeanwhileError as changed:
            form.refuse_because_changed(changed.stored)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Changed.")
            return to(request, "session", row.session.public_id)
    return _slot_page(request, row, form, ResourceForm(zone=row.session.edition.time_zone))


def _slot_page(request: HttpRequest, row: Slot, form: SlotForm, link_form: ResourceForm) -> HttpResponse:
    others = row.session.edition.sessions.exclude(pk=row.session_id).exclude(kind__in=("break", "lunch"))
    context = {
        "session": row.session,
        "form": form,
        "slot": row,
        "others": others,
        "resources": list(row.resources.all()),
        "link_form": link_form,
        "place": place_of(row.session.edition.time_zone),
    }
    return render(request, "schedule/slot.html", context)


@editors_only
@methods("POST")
def add_resource(request: HttpRequest, pid: str) -> HttpResponse:
    """A link beside a talk or poster."""
    row = slot_of(request, pid)
    form = ResourceForm(request.POST, zone=row.session.edition.time_zone)
    if form.is_valid():
        try:
            actions.add_resource(row, form.details(), by=request.viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The link is added.")
            return to(request, "slot", pid)
    return _slot_page(request, row, SlotForm(session=row.session, slot=row), form)


@editors_only
@methods("POST")
def remove_resource(request: HttpRequest, resource_pid: str) -> HttpResponse:
    rows = Resource.objects.filter(slot__session__edition=request.viewer.edition, public_id=resource_pid)
    row = rows.select_related("slot__session").first()
    if row is None:
        raise Http404
    attempt(request, lambda: actions.remove_resource(row, by=request.viewer), "The link is removed.")
    return to(request, "slot", row.slot.public_id)


@editors_only
@methods("POST")
def move_slot(request: HttpRequest, pid: str) -> HttpResponse:
    row = slot_of(request, pid)
    direction = "up" if request.POST.get("direction") == "up" else "down"
    attempt(request, lambda: actions.move_slot(row, direction, by=request.viewer), f"Moved {direction}.")
    return to(request, "session", row.session.public_id)


@editors_only
@methods("POST")
def order_slots(request: HttpRequest, pid: str) -> HttpResponse:
    """The whole order at once, as dragging gives it."""
    row, wanted = session_of(request, pid), request.POST.getlist("item")
    attempt(request, lambda: actions.order_slots(row, wanted, by=request.viewer), "The order is saved.")
    return to(request, "session", pid)


@editors_only
@methods("GET")
@never_cache
def labels(request: HttpRequest, pid: str) -> HttpResponse:
    """A sheet to print: a label for each poster with its board and a code that leads to its page."""
    row = session_of(request, pid)
    mine = draft_programme(request.viewer).programme.only(row.public_id)
    slug = request.viewer.edition.slug
    rows = [(item, code_of(absolute("submissions:paper", slug, item.paper))) for _, item in mine.items() if item.paper]
    return render(request, "schedule/labels.html", {"session": row, "labels": rows})


@editors_only
@methods("GET")
@never_cache
def labels_sheet(request: HttpRequest, pid: str) -> HttpResponse:
    """The same as a PDF, cut to common sheets of eight labels."""
    row = session_of(request, pid)
    mine = draft_programme(request.viewer).programme.only(row.public_id)
    slug = request.viewer.edition.slug
    rows = [
        Label(item.board, item.name, ", ".join(item.authors), absolute("submissions:paper", slug, item.paper))
        for _, item in mine.items()
        if item.paper
    ]
    response = HttpResponse(labels_pdf(row.title, rows), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-labels-{row.slug}.pdf"'
    return response


@editors_only
@methods("POST")
def remove_slot(request: HttpRequest, pid: str) -> HttpResponse:
    row = slot_of(request, pid)
    attempt(request, lambda: actions.remove_slot(row, by=request.viewer), "Taken out of the session.")
    return to(request, "session", row.session.public_id)


@editors_only
@methods("POST")
def place(request: HttpRequest) -> HttpResponse:
    """Put chosen papers into a session."""
    draft = draft_programme(request.viewer)
    sessions = [each.id for each in draft.programme.sessions]
    papers = [paper.public_id for paper in draft.papers.values()]
    form = PlaceForm(request.POST, papers=papers, sessions=sessions)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return to(request, "editor")
    row, chosen = session_of(request, form.cleaned_data["session"]), form.cleaned_data["papers"]
    if attempt(request, lambda: actions.place(row, chosen, by=request.viewer), f"Placed in “{row.title}”."):
        return to(request, "session", row.public_id)
    return to(request, "editor")


@editors_only
@methods("POST")
def boards(request: HttpRequest, pid: str) -> HttpResponse:
    row, form = session_of(request, pid), BoardsForm(request.POST)
    if form.is_valid():
        first = form.cleaned_data["first"]
        verb = lambda: actions.number_boards(row, first=first, by=request.viewer)  # noqa: E731
        attempt(request, verb, "The boards are numbered.")
    else:
        messages.error(request, "Give the number of the first board.")
    return to(request, "session", pid)


@editors_only
@methods("GET", "POST")
@never_cache
def rooms(request: HttpRequest) -> HttpResponse:
    """All rooms; the form below adds one."""
    edition, form = request.viewer.edition, RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        attempt(request, lambda: actions.add_room(edition, name, by=request.viewer), f"{name} is added.")
        return to(request, "rooms")
    return render(request, "schedule/rooms.html", {"rooms": edition.rooms.all(), "form": form})


@editors_only
@methods("POST")
def room(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a room, or remove it."""
    row = Room.objects.filter(edition=request.viewer.edition, slug=slug).first()
    if row is None:
        raise Http404
    if request.POST.get("verb") == "remove":
        attempt(request, lambda: actions.remove_room(row, by=request.viewer), f"{row.name} is removed.")
        return to(request, "rooms")
    form = ChangeRoomForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        verb = lambda: actions.change_room(row, given["name"], given["boards_in_row"], by=request.viewer)  # noqa: E731
        attempt(request, verb, f"{given['name']} is changed.")
    else:
        messages.error(request, "A room needs a name of at most 100 characters, and 1 to 40 boards in a row.")
    return to(request, "rooms")


@editors_only
@methods("GET", "POST")
@never_cache
def publish(request: HttpRequest) -> HttpResponse:
    """What would change for the public, in words and as the page; then publish."""
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note, tell = form.cleaned_data["note"], form.cleaned_data["tell"]
        verb = lambda: actions.publish(request.viewer.edition, by=request.viewer, note=note, tell=tell)  # noqa: E731
        return to(request, "programme" if attempt(request, verb, "The programme is published.") else "publish")
    draft = draft_programme(request.viewer)
    context = {
        "draft": draft,
        "form": form,
        "concerned": concerned(draft) if draft.programme.sessions else [],
        "days": days(draft.programme),
        "asked": None,
        "releases": request.viewer.edition.releases.defer("content").select_related("published_by")[:10],
    }
    return render(request, "schedule/publish.html", context)
