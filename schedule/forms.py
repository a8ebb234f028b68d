"""What editors of the programme fill in. Times are those of the venue's clocks."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When

from ml4rs.editions.clock import NoSuchTimeError, local_instant
from ml4rs.editions.models import Edition, Person
from ml4rs.editions.side_by_side import SideBySideForm
from schedule.absences import AbsenceError, read_absences
from schedule.actions import ResourceDetails, SessionDetails, SlotDetails
from schedule.models import Resource, Room, Session, Slot
from schedule.proposing import open_sessions, presenters, room_in
from schedule.queries.draft import Draft

_SPEAKING = (Person.Kind.KEYNOTE, Person.Kind.INVITED, Person.Kind.PANELLIST, Person.Kind.ORGANISER)


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _instant_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class SessionForm(SideBySideForm):
    """Kind, title, room and times of a session; room and times may be to be confirmed."""

    not_compared: ClassVar[set[str]] = {"seen", "shift"}

    kind = forms.ChoiceField(choices=Session.Kind.choices)
    title = forms.CharField(max_length=200)
    room = forms.ModelChoiceField(Room.objects.none(), required=False, empty_label="To be confirmed")
    chairs = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        required=False,
        label="Chair or moderator",
        widget=forms.CheckboxSelectMultiple,
        help_text="Organisers, speakers and panellists of this edition.",
    )
    day = forms.DateField(required=False, widget=_day_input(), help_text="Leave day and times empty: to be confirmed.")
    starts = forms.TimeField(required=False, widget=_time_input())
    ends = forms.TimeField(
        required=False, widget=_time_input(), help_text="An end before the start is on the next day, until 06:00."
    )
    shift = forms.BooleanField(
        required=False, label="Move what follows on that day by as much as the end of this session moves"
    )

    def __init__(self, *args: Any, edition: Edition, session: Session | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(edition, session))
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.opened_on(session)
        self.fields["room"].queryset = edition.rooms.all()
        self.fields["chairs"].queryset = _people(edition.pk)
        self.fields["starts"].help_text = f"By the clocks of {edition.time_zone}."
        if session is None:
            del self.fields["shift"]

    def form_of(self, stored: Session) -> "SessionForm":
        return SessionForm(edition=self.edition, session=stored)

    @staticmethod
    def initial_of(edition: Edition, session: Session | None) -> dict[str, Any]:
        if session is None:
            return {"day": edition.starts_on}
        zone = ZoneInfo(edition.time_zone)
        starts = session.starts_at.astimezone(zone) if session.starts_at else None
        ends = session.ends_at.astimezone(zone) if session.ends_at else None
        return {
            "kind": session.kind,
            "title": session.title,
            "room": session.room_id,
            "chairs": [person.pk for person in session.chairs.all()],
            "day": starts.date() if starts else None,
            "starts": starts.time() if starts else None,
            "ends": ends.time() if ends else None,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        given = [name for name in ("starts", "ends") if data.get(name)]
        if not given:
            return data
        for name in ("day", "starts", "ends"):
            if not data.get(name):
                self.add_error(name, "A session has a day, a start and an end, or none of them yet.")
        if not self.errors:
            self._set_instants(data)
        return data

    def _set_instants(self, data: dict[str, Any]) -> None:
        try:
            starts = local_instant(data["day"], data["starts"], self.edition.time_zone)
            ends = local_instant(data["day"], data["ends"], self.edition.time_zone)
            if data["ends"] < data["starts"] and data["ends"].hour < 6:
                ends = local_instant(_next_day(data["day"]), data["ends"], self.edition.time_zone)
        except NoSuchTimeError as error:
            raise ValidationError(str(error)) from error
        if ends <= starts:
            self.add_error("ends", "The session must end after it starts.")
        data["starts_at"], data["ends_at"] = starts, ends

    def details(self) -> SessionDetails:
        data = self.cleaned_data
        times = data.get("starts_at"), data.get("ends_at")
        return SessionDetails(data["kind"], data["title"], data["room"], *times, tuple(data["chairs"]))


def _people(edition: int) -> QuerySet[Person]:
    """Whom a programme may name, speakers first."""
    order = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(_SPEAKING)), output_field=IntegerField()
    )
    people = Person.objects.filter(edition=edition, kind__in=_SPEAKING)
    return people.annotate(place=order).order_by("place", "name")


def _next_day(day):
    return datetime.fromordinal(day.toordinal() + 1).replace(tzinfo=UTC).date()


class SlotForm(SideBySideForm):
    """One talk or poster: whose, how long, where."""

    title = forms.CharField(max_length=250, required=False, help_text="Empty: to be announced.")
    speakers = forms.ModelMultipleChoiceField(
        Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    minutes = forms.IntegerField(
        min_value=1, max_value=600, required=False, help_text="Empty: an equal share of what is left."
    )
    board = forms.CharField(max_length=10, required=False, label="Poster board")
    url = forms.URLField(
        required=False, label="Link", help_text="Where it can be read, if not here.", assume_scheme="https"
    )
    abstract = forms.CharField(
        required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}), help_text="Markdown is understood."
    )

    def __init__(self, *args: Any, session: Session, slot: Slot | None = None, **kwargs: Any) -> None:
        if slot is not None:
            kwargs.setdefault("initial", self._initial(slot))
        super().__init__(*args, **kwargs)
        self.session = session
        self.opened_on(slot)
        self.fields["speakers"].queryset = _people(session.edition_id)
        if slot is not None and slot.submission_id:
            self.fields["title"].help_text = "Empty: the paper's own title."
            del self.fields["url"], self.fields["abstract"]
        if session.kind != Session.Kind.POSTERS:
            del self.fields["board"]

    def form_of(self, stored: Slot) -> "SlotForm":
        return SlotForm(session=self.session, slot=stored)

    @staticmethod
    def _initial(slot: Slot) -> dict[str, Any]:
        fields = {name: getattr(slot, name) for name in ("title", "minutes", "board", "url", "abstract")}
        return {**fields, "speakers": [person.pk for person in slot.speakers.all()]}

    def details(self) -> SlotDetails:
        data = self.cleaned_data
        return SlotDetails(
            title=data["title"],
            abstract=data.get("abstract", ""),
            speakers=tuple(data["speakers"]),
            minutes=data["minutes"],
            board=data.get("board", "").strip(),
            url=data.get("url", ""),
        )


class ResourceForm(forms.Form):
    """A link beside a talk or poster, with the instants between which it is shown."""

    kind = forms.ChoiceField(choices=Resource.Kind.choices, label="What it is")
    url = forms.URLField(max_length=500, label="Address", assume_scheme="https")
    label = forms.CharField(max_length=100, required=False, label="Words", help_text="Empty: what it is.")
    visible_from = forms.DateTimeField(required=False, label="Shown from", widget=_instant_input())
    visible_until = forms.DateTimeField(required=False, label="Shown until", widget=_instant_input())

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["visible_from"].help_text = f"By the clocks of {zone}. Empty: at once."
        self.fields["visible_until"].help_text = "Empty: for good."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("visible_from", "visible_until"):
            if data.get(name):
                given = data[name].replace(tzinfo=None)
                try:
                    data[name] = local_instant(given.date(), given.time(), self.zone)
                except NoSuchTimeError as error:
                    self.add_error(name, str(error))
        return data

    def details(self) -> ResourceDetails:
        return ResourceDetails(**self.cleaned_data)


class PlaceForm(forms.Form):
    """Chosen papers and the session they go into."""

    papers = forms.TypedMultipleChoiceField(choices=[], error_messages={"required": "Choose at least one paper."})
    session = forms.ChoiceField(choices=[], error_messages={"required": "Choose a session."})

    def __init__(self, *args: Any, papers: list[str], sessions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = [(each, each) for each in papers]
        self.fields["session"].choices = [(each, each) for each in sessions]


class RoomForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name of the room")


class ChangeRoomForm(RoomForm):
    boards_in_row = forms.IntegerField(min_value=1, max_value=40)


class BoardsForm(forms.Form):
    first = forms.IntegerField(min_value=1, max_value=9000, initial=1, label="First board")


class PublishForm(forms.Form):
    note = forms.CharField(
        max_length=300, required=False, label="Note to readers (optional)", help_text="Stands below the programme."
    )
    tell = forms.BooleanField(
        required=False, initial=True, label="Write to those whose talk or poster is new, moved or gone"
    )


class PlacingForm(forms.Form):
    """How many more items each session has room for, and what else binds the proposal."""

    orals_as_posters = forms.BooleanField(label="Oral papers and spotlights hang as posters as well", required=False)
    absences = forms.CharField(
        label="When presenters cannot come",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "Ada Lovelace: 2025-04-27 09:00-10:30"}),
        help_text="One line each; without hours the whole day, without a day the first one.",
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.sessions = [session for session, _, _ in open_sessions(draft)]
        for session in self.sessions:
            self.fields[f"room-{session.id}-more"] = forms.IntegerField(
                label=f"{session.title} ({session.kind_name.lower()})",
                min_value=0,
                max_value=1000,
                initial=room_in(session, draft),
                help_text=f"{len(session.items)} there already.",
            )
        if stated := len({each.identity for each in draft.absences}):
            self.fields["absences"].help_text += f" What {stated} of them said themselves is counted already."

    def clean_absences(self) -> str:
        text = self.cleaned_data["absences"]
        edition = self.draft.edition
        try:
            read_absences(text, presenters(self.draft).values(), edition.starts_on, edition.time_zone)
        except AbsenceError as error:
            raise ValidationError(str(error)) from error
        return text

    def asked(self) -> dict[str, Any]:
        """As plain data."""
        data = self.cleaned_data
        room = {session.id: data[f"room-{session.id}-more"] for session in self.sessions}
        return {"room": room, "absences": data["absences"], "orals_as_posters": data["orals_as_posters"]}


class AbsenceForm(forms.Form):
    """A day, and the hours if not all of it."""

    day = forms.DateField(widget=_day_input())
    starts = forms.TimeField(required=False, widget=_time_input(), label="From")
    ends = forms.TimeField(required=False, widget=_time_input(), label="Until", help_text="Without hours: all day.")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": edition.starts_on})
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["starts"].help_text = f"By the clocks of {edition.time_zone}."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        day, zone = data["day"], self.edition.time_zone
        if bool(data["starts"]) != bool(data["ends"]):
            self.add_error("ends", "Give both hours, or none for the whole day.")
            return data
        try:
            data["starts_at"] = local_instant(day, data["starts"] or time(), zone)
            data["ends_at"] = local_instant(*((day, data["ends"]) if data["ends"] else (_next_day(day), time())), zone)
        except NoSuchTimeError as error:
            raise ValidationError(str(error)) from error
        return data


class GridForm(forms.Form):
    """Where a session was put on the time grid: minutes of a day by the venue's clocks, and a room."""

    day = forms.DateField()
    starts = forms.IntegerField(min_value=0, max_value=2880)
    ends = forms.IntegerField(min_value=1, max_value=2880)
    room = forms.ModelChoiceField(Room.objects.none(), required=False, to_field_name="slug")
    shift = forms.BooleanField(required=False)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["room"].queryset = edition.rooms.all()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            raise ValidationError("This move could not be understood. Load the page again.")
        if data["ends"] <= data["starts"]:
            raise ValidationError("The session would end before it starts.")
        try:
            data["starts_at"], data["ends_at"] = (self._instant(data[name]) for name in ("starts", "ends"))
        except NoSuchTimeError as error:
            raise ValidationError(str(error)) from error
        return data

    def _instant(self, minutes: int) -> datetime:
        local = datetime.combine(self.cleaned_data["day"], time()) + timedelta(minutes=minutes)
        return local_instant(local.date(), local.time(), self.edition.time_zone)

    def in_words(self) -> str:
        data = self.cleaned_data
        hours = [f"{data[name] // 60 % 24:02}:{data[name] % 60:02}" for name in ("starts", "ends")]
        return f"{hours[0]} to {hours[1]}, {data['room'].name if data['room'] else 'room to be confirmed'}"


class ListsForm(forms.Form):
    """A talk or poster, or a paper without a place, and where it goes: without a session out of the programme."""

    item = forms.CharField(max_length=12, required=False)
    paper = forms.CharField(max_length=12, required=False)
    session = forms.CharField(max_length=12, required=False)
    index = forms.IntegerField(min_value=0, max_value=10_000, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["index"] = data.get("index") or 0
        if bool(data.get("item")) == bool(data.get("paper")) or (data.get("paper") and not data.get("session")):
            raise ValidationError("One thing at a time, and a paper into a session.")
        return data
