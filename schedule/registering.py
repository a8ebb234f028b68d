"""What this app announces to the floors below: menu entries, figures, the teaser on the home page, JSON-LD."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from ml4rs.editions.models import Person
from ml4rs.editions.registry import Figure, HomeSection, MenuEntry
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.registry import MailEvent
from schedule.exports import to_events
from schedule.feeding import link_in, venue_of
from schedule.queries import Published, draft_programme, published, unpublished_changes
from schedule.queries.demos import place_of_demo
from submissions.models import Submission
from submissions.registry import Section

_PRESENTING = {
    "name": "Ada Lovelace",
    "changes": "“Clouds in time series”: now Sun 27 Apr 2025, 11:20 to 11:30, in “Oral talks”, room Hall.",
    "zone": "Singapore",
    "link": "https://ml4rs.example/iclr2025/programme/",
}
PRESENTING = MailEvent(
    "schedule.presenting",
    "When and where somebody presents",
    tuple(_PRESENTING),
    sample=_PRESENTING,
    why="you present at this workshop",
)


def menu(viewer: Viewer) -> Iterator[MenuEntry]:
    """The programme for everybody, its editor for those who make it. No query."""
    edition = viewer.edition
    if edition is None:
        return
    yield MenuEntry("public", "Programme", reverse("schedule:programme", args=[edition.slug]), 20, lasts=True)
    if viewer.is_schedule_editor:
        yield MenuEntry("organising", "Programme", reverse("schedule:editor", args=[edition.slug]), 50)


def figures(viewer: Viewer) -> Iterator[Figure]:
    """What is left to do on the programme. Six queries."""
    if viewer.edition is None or not viewer.is_schedule_editor:
        return
    editor = reverse("schedule:editor", args=[viewer.edition.slug])
    draft = draft_programme(viewer)
    unplaced, changed, clashes = len(draft.unplaced), unpublished_changes(draft), _clashes(draft)
    group = "Programme"
    yield Figure(group, "sessions", len(draft.programme.sessions), editor)
    yield Figure(group, "papers not placed", unplaced, f"{editor}#unplaced", "warn" if unplaced else "good")
    yield Figure(group, "clashes", clashes, f"{editor}#clashes", "bad" if clashes else "good")
    publish = reverse("schedule:publish", args=[viewer.edition.slug])
    yield Figure(group, "unpublished changes", changed, publish, "warn" if changed else "good")


def _clashes(draft) -> int:
    return sum(1 for warning in draft.warnings if warning.kind != "unplaced")


def _published(viewer: Viewer) -> Published | None:
    """The newest release, looked up once a request: a home page shows it and tells search engines of it."""
    if viewer.edition is None:
        return None
    if "schedule.published" not in viewer.memo:
        viewer.memo["schedule.published"] = published(viewer.edition, viewer.earliest)
    return viewer.memo["schedule.published"]


def teaser(viewer: Viewer) -> Iterator[HomeSection]:
    """The sessions with a speaker, as a foretaste. Two queries, and one for the content unless it is cached."""
    found = _published(viewer)
    if found is None:
        return
    from schedule.presenting import days, place_of

    shown = days(found.programme)
    context = {"days": shown, "place": place_of(found.programme.zone)}
    yield HomeSection("Programme", "schedule/_teaser.html", context)


def speaking(viewer: Viewer, person: Person) -> Iterator[HomeSection]:
    """What somebody gives, chairs or moderates in the published programme."""
    found = _published(viewer)
    if found is None:
        return
    from schedule.presenting import place_of, shares_of

    shares = shares_of(found.programme, person.public_id)
    if shares:
        context = {"shares": shares, "place": place_of(found.programme.zone)}
        yield HomeSection("In the programme", "schedule/_shares.html", context)


def shown_at(viewer: Viewer, submission: Submission) -> Section | None:
    """When and where a paper is shown by the published programme, and what belongs to it."""
    found = _published(viewer)
    if found is None:
        return None
    from schedule.presenting import place_of, places_of

    places = places_of(found.programme, submission.public_id)
    if not places:
        return None
    links = list(dict.fromkeys(link for share in places if share.item for link in share.item.links))
    return Section(
        "schedule/_shown_at.html", {"places": places, "links": links, "place": place_of(found.programme.zone)}
    )


def presenting(viewer: Viewer, submission: Submission) -> Section | None:
    """For authors of an accepted paper: the way to say when they cannot be there; of a demo its place, with a query."""
    if not submission.is_author or submission.seen_outcome != Submission.Outcome.ACCEPTED:
        return None
    waits = place_of_demo(viewer, submission)
    words = "" if waits is None else f"Number {waits} on the waiting list for a place." if waits else "It has a place."
    return Section("schedule/_presenting.html", {"demo": words})


def sub_events(viewer: Viewer) -> list[dict[str, Any]]:
    """The published sessions as schema.org events."""
    found = _published(viewer)
    if found is None:
        return []
    return to_events(found.programme, place=venue_of(viewer.edition), link=link_in(viewer.edition))
