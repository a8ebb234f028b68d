"""An edition to try things out in: the rules and texts of 2025, dates around today, invented people."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from ml4rs.editions.filing import write_yaml
from ml4rs.editions.filing.reading import read_yaml

FIRST_EDITION = settings.BASE_DIR / "ml4rs" / "editions" / "files" / "iclr2025.yaml"
SLUG = "sandbox"
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
}
_CLOSED_SINCE = -10
_BONUS = 50

_ABOUT = """\
This edition is for trying things out. Its people and papers are made up, its dates move with today, and nothing that
happens here reaches anybody.

Workshop papers are under review: sign in as the reviewer to read some, or as the organiser to see how far the
committee is, to decide and to build the programme. The other tracks still take submissions: sign in as the author
and hand one in."""

_SPEAKERS = [
    {"name": "Noor Haddad", "affiliation": "University of the Inland Sea", "bio": "Invented for this sandbox."},
    {"name": "Tomás Ibarra Vélez", "affiliation": "Instituto del Altiplano", "bio": "Invented for this sandbox."},
]


def sandbox_file(today: date, *, only_dates: bool = False) -> str:
    """The sandbox as an edition's file; `only_dates` leaves out all sections that people may have changed."""
    data: dict[str, Any] = read_yaml(FIRST_EDITION.read_text(encoding="utf-8")).data
    starts_on = today + timedelta(days=_DATES["workshop"])
    basics = {key: value for key, value in data["edition"].items() if key not in ("host_url", "ordinal", "venue")}
    data["edition"] = basics | {
        "slug": SLUG,
        "host": "Sandbox",
        "tagline": "A place to try everything. People, papers and dates here are made up.",
        "starts_on": starts_on.isoformat(),
        "contact": "organiser@demo.example",
        "current": "false",
    }
    data["milestones"] = _milestones(today)
    if only_dates:
        return write_yaml({key: data[key] for key in ("edition", "milestones")})
    nobody = {key: [] for key in ("organisers", "invited", "panellists", "committee")}
    data["people"] = {**nobody, "keynote": _SPEAKERS}
    data["sponsor_tiers"] = [tier | {"sponsors": []} for tier in data["sponsor_tiers"]]
    data["texts"]["about"]["body"] = _ABOUT
    data["programme"] = {"sessions": [_empty(session) for session in data["programme"]["sessions"]]}
    return write_yaml(data)


def _milestones(today: date) -> list[dict[str, Any]]:
    def on(days: int, **more: str) -> dict[str, Any]:
        return {"date": (today + timedelta(days=days)).isoformat(), **more}

    aoe = {"anywhere_on_earth": "true"}
    found = [{"kind": kind, **on(days, **({} if kind == "workshop" else aoe))} for kind, days in _DATES.items()]
    found.append({"kind": "submission", "track": REVIEWED_TRACK, **on(_CLOSED_SINCE, **aoe)})
    for track in ("bonus-slides", "live-demos"):
        found.append({"kind": "submission", "track": track, "label": "Bonus track deadline", **on(_BONUS, **aoe)})
    return sorted(found, key=lambda each: each["date"])


def _empty(session: dict[str, Any]) -> dict[str, Any]:
    """A session without what happened in it in 2025; the keynotes go to invented people."""
    kept = {key: session[key] for key in ("slug", "kind", "title", "time")}
    speakers = {"keynote-1": _SPEAKERS[0], "keynote-2": _SPEAKERS[1]}
    if who := speakers.get(session["slug"]):
        kept["slots"] = [{"speakers": [who["name"]]}]
    return kept
