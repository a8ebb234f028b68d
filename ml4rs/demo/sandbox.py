"""Two editions to try things out in, with the rules and texts of 2025 and invented people.

The sandbox is under way, with dates around today; the rehearsal was held a month ago and is complete.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from ml4rs.editions.filing import write_yaml
from ml4rs.editions.filing.reading import read_yaml

FIRST_EDITION = settings.BASE_DIR / "ml4rs" / "editions" / "files" / "iclr2025.yaml"
SLUG = "sandbox"
REHEARSAL = "rehearsal"
REVIEWED_TRACK = "workshop-papers"  # its deadline is past, so that there is something to review

# Days from today. The tracks without a deadline of their own still take submissions.
_DATES = {
    "submission": 14,
    "bidding": 4,
    "review": 18,
    "notification": 25,
    "travel": 35,
    "camera_ready": 45,
    "workshop": 60,
    "receipts": 90,
}
_PAST = {
    "submission": -150,
    "bidding": -145,
    "review": -125,
    "notification": -115,
    "travel": -100,
    "camera_ready": -80,
    "workshop": -30,
    "receipts": -2,
}
_CLOSED_SINCE = -10
_BONUS = 50

_ABOUT = """\
This edition is for trying things out. Its people and papers are made up, its dates move with today, and nothing that
happens here reaches anybody.

Workshop papers are under review: sign in as the reviewer to read some, or as the organiser to see how far the
committee is, to decide and to build the programme. The other tracks still take submissions: sign in as the author
and hand one in."""

_ABOUT_PAST = """\
This edition is made up from beginning to end, to show what one looks like when it is over: programme, papers, people.
Nobody in it exists.

Sign in as the author to read reviews and a decision, as the reviewer to see finished work, as the organiser to look
back over the committee, the mails and the grants."""

_SPEAKERS = [
    {"name": "Noor Haddad", "affiliation": "University of the Inland Sea", "bio": "Invented for this sandbox."},
    {"name": "Tomás Ibarra Vélez", "affiliation": "Instituto del Altiplano", "bio": "Invented for this sandbox."},
]


def sandbox_file(today: date, *, only_dates: bool = False) -> str:
    """The sandbox as an edition's file; `only_dates` leaves out all sections that people may have changed."""
    data = _made_up(SLUG, "Sandbox", today + timedelta(days=_DATES["workshop"]))
    data["edition"]["tagline"] = "A place to try everything. People, papers and dates here are made up."
    data["milestones"] = _milestones(today)
    if only_dates:
        return write_yaml({key: data[key] for key in ("edition", "milestones")})
    data["texts"]["about"]["body"] = _ABOUT
    return write_yaml(data)


def rehearsal_file(today: date) -> str:
    """The rehearsal as an edition's file."""
    data = _made_up(REHEARSAL, "Rehearsal", today + timedelta(days=_PAST["workshop"]))
    data["edition"]["tagline"] = "An edition that is over. People, papers and dates here are made up."
    data["edition"]["papers_public"] = "true"
    data["milestones"] = _dated(_PAST, today)
    data["texts"]["about"]["body"] = _ABOUT_PAST
    return write_yaml(data)


def _with_needs(track: dict[str, Any]) -> dict[str, Any]:
    """A track for demos with boxes to tick, so that what all of them need can be counted, and few places."""
    if track.get("kind") != "demo":
        return track
    needs = {"table": "A table", "power": "Power"}
    boxes = [{"key": key, "label": label, "kind": "checkbox"} for key, label in needs.items()]
    return track | {"places": "2", "questions": [*track["questions"], *boxes]}


def _made_up(slug: str, host: str, starts_on: date) -> dict[str, Any]:
    """The 2025 edition's rules and texts, without its people, sponsors and papers."""
    data: dict[str, Any] = read_yaml(FIRST_EDITION.read_text(encoding="utf-8")).data
    basics = {key: value for key, value in data["edition"].items() if key not in ("host_url", "ordinal", "venue")}
    data["edition"] = basics | {
        "slug": slug,
        "host": host,
        "starts_on": starts_on.isoformat(),
        "contact": "organiser@demo.example",
        "current": "false",
    }
    nobody = {key: [] for key in ("organisers", "invited", "panellists", "committee")}
    data["people"] = {**nobody, "keynote": _SPEAKERS}
    data["sponsor_tiers"] = [tier | {"sponsors": []} for tier in data["sponsor_tiers"]]
    data["tracks"] = [_with_needs(track) for track in data["tracks"]]
    data["programme"] = {"sessions": [_empty(session) for session in data["programme"]["sessions"]]}
    return data


def _milestones(today: date) -> list[dict[str, Any]]:
    found = _dated(_DATES, today)
    found += _dated({"submission": _CLOSED_SINCE}, today, track=REVIEWED_TRACK)
    for track in ("bonus-slides", "live-demos"):
        found += _dated({"submission": _BONUS}, today, track=track, label="Bonus track deadline")
    return sorted(found, key=lambda each: each["date"])


def _dated(days: dict[str, int], today: date, **more: str) -> list[dict[str, Any]]:
    """Milestones so many days from today, each until the end of its day Anywhere on Earth."""
    return [
        {"kind": kind, "date": (today + timedelta(days=ahead)).isoformat(), **more}
        | ({} if kind == "workshop" else {"anywhere_on_earth": "true"})
        for kind, ahead in days.items()
    ]


def _empty(session: dict[str, Any]) -> dict[str, Any]:
    """A session without what happened in it in 2025; the keynotes go to invented people."""
    kept = {key: session[key] for key in ("slug", "kind", "title", "time")}
    speakers = {"keynote-1": _SPEAKERS[0], "keynote-2": _SPEAKERS[1]}
    if who := speakers.get(session["slug"]):
        kept["slots"] = [{"speakers": [who["name"]]}]
    return kept
