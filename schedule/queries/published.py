"""What everybody sees: the newest release, without papers that were withdrawn since. Cached by content."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, reduce
from hashlib import sha256
from operator import or_

from django.core.cache import cache
from django.db.models import Q

from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer
from schedule.exports import Item, Programme, Session
from schedule.exports.programme import Link
from schedule.models import Release, Resource
from submissions.models import Submission

_KEEP = 24 * 60 * 60


@dataclass(frozen=True)
class Published:
    """The newest release of an edition, and which of its papers may no longer be shown."""

    release: Release
    gone: frozenset[str]
    links: tuple[tuple[str, Link], ...] = ()  # (id of the item, link), those that may be seen now

    @property
    def version(self) -> int:
        return self.release.version

    @property
    def published_at(self) -> datetime:
        return self.release.published_at

    @cached_property
    def key(self) -> str:
        """Changes whenever what is shown changes: on a release, when a paper goes or comes back, with every link."""
        gone = ",".join(sorted(self.gone))
        return sha256(f"{self.release.digest}:{self.version}:{gone}:{self.links}".encode()).hexdigest()[:20]

    @cached_property
    def programme(self) -> Programme:
        """The content. One query, none when it is cached."""
        return cache.get_or_set(f"programme:{self.key}", self._load, _KEEP)

    def _load(self) -> Programme:
        content = Release.objects.values_list("content", flat=True).get(pk=self.release.pk)
        links: dict[str, tuple[Link, ...]] = {}
        for item, link in self.links:
            links[item] = (*links.get(item, ()), link)
        return Programme.from_data(content).without(set(self.gone)).with_links(links)


def published(edition: Edition, now: datetime) -> Published | None:
    """The newest release, or None before the first. Three queries, whatever its size.

    A paper that was withdrawn, or is accepted no longer, disappears from what was published without a new release.
    """
    release = edition.releases.defer("content", "changes").order_by("-version").first()
    if release is None:
        return None
    known = Submission.objects.keys_where(Viewer.of(None, edition, now), "is_public")
    gone = release.papers.exclude(pk__in=known).values_list("public_id", flat=True)
    return Published(release, frozenset(gone), tuple(_links(edition, now)))


def _links(edition: Edition, now: datetime) -> Iterator[tuple[str, Link]]:
    """What may be seen beside talks and posters now. One query."""
    rows = Resource.objects.filter(
        Q(visible_from__isnull=True) | Q(visible_from__lte=now),
        Q(visible_until__isnull=True) | Q(visible_until__gt=now),
        slot__session__edition=edition,
    ).order_by("pk")
    names = dict(Resource.Kind.choices)
    for slot, kind, label, url in rows.values_list("slot__public_id", "kind", "label", "url"):
        yield slot, Link(kind, label or str(names[kind]), url)


def picked(programme: Programme, ids: set[str]) -> Programme:
    """Sessions with these ids, and items with these ids as sessions of their own at their own time."""
    sessions = []
    for session in programme.sessions:
        if session.id in ids:
            sessions.append(session)
        sessions += [item.alone(session) for item in session.items if item.id in ids]
    return replace(programme, sessions=tuple(sessions))


@dataclass(frozen=True)
class Asked:
    """What a reader looks for in a programme: a kind of session, a room, words, a topic, and the papers they mean."""

    kind: str = ""
    text: str = ""
    room: str = ""
    topic: str = ""
    papers: frozenset[str] = frozenset()
    saying: frozenset[str] = frozenset()  # papers whose own text has the words

    def __bool__(self) -> bool:
        return bool(self.kind or self.text or self.room or self.topic)


def found_in(programme: Programme, asked: Asked) -> Programme:
    """The sessions and items that answer. A session whose own title matches stays whole."""
    sessions = [
        session
        for session in programme.sessions
        if asked.kind in ("", session.kind) and asked.room in ("", session.room)
    ]
    if asked.topic:
        sessions = [kept for session in sessions if (kept := _about(session, asked.papers)) is not None]
    if asked.text:
        words = asked.text.casefold().split()
        sessions = [kept for session in sessions if (kept := _matching(session, words, asked.saying)) is not None]
    return replace(programme, sessions=tuple(sessions))


def papers_about(release: Release, topic: str) -> frozenset[str]:
    """The papers of a release that chose a topic, by its slug. One query."""
    return frozenset(release.papers.filter(topics__slug=topic).values_list("public_id", flat=True))


def papers_saying(release: Release, text: str) -> frozenset[str]:
    """The papers of a release whose title, abstract, keywords or topics have all these words. One query."""
    rows = release.papers.all()
    for word in text.split():
        places = ("title", "abstract", "keywords", "topics__name")
        rows = rows.filter(reduce(or_, (Q(**{f"{place}__icontains": word}) for place in places)))
    return frozenset(rows.values_list("public_id", flat=True))


def _about(session: Session, papers: frozenset[str]) -> Session | None:
    items = tuple(item for item in session.items if item.paper in papers)
    return replace(session, items=items) if items else None


def _matching(session: Session, words: list[str], saying: frozenset[str]) -> Session | None:
    if _has(words, session.title, session.room, session.kind_name):
        return session
    items = tuple(item for item in session.items if item.paper in saying or _has(words, *_texts(item)))
    return replace(session, items=items) if items else None


def _texts(item: Item) -> list[str]:
    speakers = [text for speaker in item.speakers for text in (speaker.name, speaker.affiliation)]
    return [item.title, item.abstract, item.board, *item.authors, *speakers]


def _has(words: list[str], *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)


def now_and_next(programme: Programme, now: datetime) -> tuple[list[Session], Session | None]:
    """What runs at this moment, and what starts next on the same day of the venue's clock."""
    dated = [session for session in programme.sessions if session.starts and session.ends]
    running = [session for session in dated if session.starts <= now < session.ends]
    ahead = [session for session in dated if session.starts > now]
    following = min(ahead, key=lambda session: session.starts, default=None)
    if following is not None and not running and (following.starts - now).total_seconds() > 12 * 3600:
        following = None  # "next" is for those on their way to the room, not for months before
    return running, following
