"""The life of a track in phases, and in words what each role sees and does in them.

What is seen comes from the visibility matrix (visibility.yaml), changed by the track's settings as the matrix allows;
what can be done follows the same dates as the gates. Dates are the planned ones: decisions are out when an organiser
releases them, files when an organiser publishes them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ml4rs.editions.models import Edition, Milestone, Track
from ml4rs.editions.queries import milestone, visibility

Kind = Milestone.Kind


@dataclass(frozen=True)
class Phase:
    """A stretch of time that ends with a milestone; the last one does not end."""

    key: str
    name: str
    begins: datetime | None  # None: from the beginning, or the date before is to be confirmed
    ends: Milestone | None
    is_now: bool = False


# key, name, the milestone that ends it, and the switch of the track without which there is none
_PHASES = (
    ("submission", "Submission", Kind.SUBMISSION, None),
    ("bidding", "Bidding", Kind.BIDDING, "is_reviewed"),
    ("reviewing", "Assignment and reviewing", Kind.REVIEW, "is_reviewed"),
    ("response", "Author response", Kind.RESPONSE, "has_author_response"),
    ("decision", "Discussion and decisions", Kind.NOTIFICATION, "is_reviewed"),
    ("camera_ready", "Decisions released, camera-ready", Kind.CAMERA_READY, None),
    ("programme", "Until the workshop", Kind.WORKSHOP, None),
)


def phases(edition: Edition, track: Track, now: datetime) -> list[Phase]:
    """The phases of a track in their order; those without a milestone are left out. No query beyond the dates."""
    found: list[Phase] = []
    begins: datetime | None = None
    for key, name, kind, switch in _PHASES:
        ends = milestone(edition, kind, track)
        if ends is None or (switch and not getattr(track, switch)):
            continue
        end = _close(ends)
        if begins is not None and end is not None and end < begins:
            continue  # over before it began: the dates are not in this order here
        found.append(Phase(key, name, begins, ends, _within(now, begins, end)))
        begins = end or begins
    return [*found, Phase("after", "Afterwards", begins, None, begins is not None and begins < now)]


def _close(ends: Milestone) -> datetime | None:
    return None if ends.instant is None else ends.instant + ends.grace


def _within(now: datetime, begins: datetime | None, end: datetime | None) -> bool:
    return (begins is None or begins < now) and (end is None or now <= end)


@dataclass(frozen=True)
class Situation:
    """What a date means for sight and for what can be done."""

    is_submission_open: bool
    is_bidding_open: bool
    is_response_open: bool
    is_camera_ready_open: bool
    are_reviews_due: bool
    is_released: bool
    is_published: bool

    @classmethod
    def on(cls, edition: Edition, track: Track, now: datetime) -> "Situation":
        """As planned for this date. No query beyond the edition's dates."""

        def is_open(kind: Kind) -> bool:
            found = milestone(edition, kind, track)
            return found is not None and not found.has_closed(now)

        def has(kind: Kind) -> bool:
            return milestone(edition, kind, track) is not None

        submission, released = is_open(Kind.SUBMISSION), has(Kind.NOTIFICATION) and not is_open(Kind.NOTIFICATION)
        return cls(
            is_submission_open=submission,
            is_bidding_open=track.is_reviewed and not submission and is_open(Kind.BIDDING),
            is_response_open=track.has_author_response and is_open(Kind.RESPONSE),
            is_camera_ready_open=released and is_open(Kind.CAMERA_READY),
            are_reviews_due=has(Kind.REVIEW) and not is_open(Kind.REVIEW),
            is_released=released,
            is_published=released and has(Kind.CAMERA_READY) and not is_open(Kind.CAMERA_READY),
        )


# Condition of a cell → whether it holds in a situation.
_HOLDS: dict[str, Callable[[Situation], bool]] = {
    "visible": lambda when: True,
    "hidden": lambda when: False,
    "accepted": lambda when: when.is_released,
    "released": lambda when: when.is_released,
    "published": lambda when: when.is_published,
    "bidding": lambda when: when.is_bidding_open or when.is_released,
    "own": lambda when: True,
    "due": lambda when: when.are_reviews_due,
}
# What a cell adds to the words of its row.
_ADDS = {"accepted": "accepted papers", "published": "accepted papers", "own": "their own"}
_REVIEWERS = ("reviewer_writing", "reviewer_done")
# Rows that exist only where the track has what they are about.
_NEEDS = {
    "discussion": "has_discussion",
    "author_response": "has_author_response",
    "response_draft": "has_author_response",
    "meta_review": "has_meta_review",
    "journal": "journal_eligible",
}


def cells(track: Track) -> dict[str, dict[str, str]]:
    """Row → column → condition: the matrix with the settings of one track. Rows that it has not are absent."""
    found = {row["key"]: dict(row["cells"]) for row in visibility()["rows"]}
    for key, switch in _NEEDS.items():
        if not getattr(track, switch):
            del found[key]
    for row, changes in _changes(track):
        if row in found:
            found[row] |= changes
    return found


def _changes(track: Track) -> Iterator[tuple[str, dict[str, str]]]:
    """What the settings change; the default of each changes nothing."""
    if track.blind != Track.Blind.DOUBLE:
        yield "author_names", dict.fromkeys(_REVIEWERS, "visible")
    shown = "due" if track.reviews_wait_for_due else "visible"
    if not track.reviewers_see_reviews:
        shown = "hidden"
    for row in ("review_text", "meta_review"):
        yield row, {"reviewer_done": shown}
    if track.reviewers_see_names:
        yield "reviewer_identity", {"reviewer_done": shown}
    if not track.reviewers_see_decisions:
        yield "decision_comment", dict.fromkeys(_REVIEWERS, "hidden")


@dataclass(frozen=True)
class Sight:
    """What one role does and sees on a date, in words; and what it sees after each later milestone."""

    role: str
    does: list[str]
    sees: list[str]
    later: list[tuple[Milestone, list[str]]]


def sights(edition: Edition, track: Track, now: datetime) -> list[Sight]:
    """Every role of the matrix on a date. No query beyond the edition's dates."""
    matrix, rules, when = visibility(), cells(track), Situation.on(edition, track, now)
    labels = {row["key"]: row["label"] for row in matrix["rows"]}
    columns = {key: words for key, words in matrix["columns"].items() if track.is_reviewed or key not in _COMMITTEE}
    ends = [each.ends for each in phases(edition, track, now) if each.ends is not None]
    ahead = [(each, Situation.on(edition, track, after)) for each in ends if (after := _after(each)) and after > now]
    return [
        Sight(
            role=words,
            does=[said for said, holds in _DOES.get(column, ()) if holds(when, track)],
            sees=[_in_words(labels[row], of[column]) for row, of in rules.items() if _HOLDS[of[column]](when)],
            later=_later(column, rules, labels, when, ahead),
        )
        for column, words in columns.items()
    ]


_COMMITTEE = (*_REVIEWERS, "committee", "committee_conflict")


def _in_words(label: str, condition: str) -> str:
    return f"{label} ({_ADDS[condition]})" if condition in _ADDS else label


def _after(ends: Milestone) -> datetime | None:
    """When the gate of this milestone has just shut."""
    closes = _close(ends)
    return None if closes is None else closes + timedelta(seconds=1)


def _later(
    column: str, rules: dict, labels: dict, when: Situation, ahead: list[tuple[Milestone, Situation]]
) -> list[tuple[Milestone, list[str]]]:
    found: list[tuple[Milestone, list[str]]] = [(ends, []) for ends, _ in ahead]
    for row, of in rules.items():
        holds = _HOLDS[of[column]]
        first = next((place for place, (_, then) in enumerate(ahead) if holds(then)), None)
        if first is not None and not holds(when):
            found[first][1].append(_in_words(labels[row], of[column]))
    return [(ends, words) for ends, words in found if words]


_AUTHORS = (
    ("Change title, abstract, authors and files", lambda when, track: when.is_submission_open),
    (
        "Answer the reviews that are shown to them",
        lambda when, track: when.is_response_open and not when.is_submission_open and not when.is_released,
    ),
    ("Upload the camera-ready version of an accepted paper", lambda when, track: when.is_camera_ready_open),
    ("Withdraw", lambda when, track: True),
)
_MEMBERS = (("Bid on papers", lambda when, track: when.is_bidding_open),)
_BEFORE_RELEASE = (
    "Write a review, give the paper back, propose a colleague",
    lambda when, track: not when.is_submission_open and not when.is_released,
)
_CHANGING = (
    "Change their review",
    lambda when, track: (
        not when.is_submission_open
        and not when.is_released
        and not (track.reviews_fixed_once_due and when.are_reviews_due)
    ),
)
_DISCUSSING = (
    "Discuss, where an organiser opened the discussion",
    lambda when, track: track.has_discussion and not when.is_submission_open and not when.is_released,
)
_DECIDING = (
    "Assign reviewers, decide, release",
    lambda when, track: track.is_reviewed and not when.is_submission_open,
)
# Column → what that role can do, and when.
_DOES = {
    "author": _AUTHORS,
    "reviewer_writing": (*_MEMBERS, _BEFORE_RELEASE),
    "reviewer_done": (*_MEMBERS, _CHANGING, _DISCUSSING),
    "committee": _MEMBERS,
    "committee_conflict": _MEMBERS,
    "chair": (_DECIDING,),
}
