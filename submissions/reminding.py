"""Who still owes something for a paper, before which date: asked when a reminder goes out."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from ml4rs.editions.models import Extension, Milestone, Track
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.links import absolute
from ml4rs.notifications.registry import Audience, Circle, Concerned, Granted, Owed, Recipient
from submissions.models import Authorship, CheckReport, FileVersion, Submission
from submissions.queries.final import owed_by_authors, with_parts
from submissions.queries.sheet import wanted_files

State = Submission.State
_MAIN = ("manuscript", "slide")
_FOR_THE_DAY = ("poster", "slides")
_BAD = (CheckReport.Verdict.BLOCKED, CheckReport.Verdict.REFUSED)


def in_scope(milestone: Milestone) -> QuerySet[Submission]:
    """The papers a milestone holds for: its own track's, or those of all tracks without a date of their own.

    Those with an extension beyond this milestone have another date.
    """
    papers = Submission.objects.filter(edition=milestone.edition_id).select_related("edition", "track")
    if milestone.instant is not None:
        later = Extension.objects.filter(milestone=milestone, until__gt=milestone.instant)
        papers = papers.exclude(public_id__in=later.values("about"))
    if milestone.track_id:
        return papers.filter(track=milestone.track_id)
    own = Milestone.objects.filter(edition=milestone.edition_id, kind=milestone.kind, track__isnull=False)
    return papers.exclude(track__in=own.values("track"))


def _accepted(papers: QuerySet[Submission], now: datetime) -> QuerySet[Submission]:
    accepted = papers.filter(state=State.SUBMITTED, outcome="accepted", released_at__lte=now)
    return accepted.prefetch_related("authorships__user")


# --- Before the submission deadline -----------------------------------------------------------------------


def authors_with_drafts(milestone: Milestone, now: datetime) -> Iterator[Owed]:
    """Who still has an unsubmitted draft: its creator and its corresponding author. Five queries."""
    for paper in _with_files(in_scope(milestone).filter(state=State.DRAFT)):
        yield from _owed_for_draft(paper)


def _with_files(drafts: QuerySet[Submission]) -> QuerySet[Submission]:
    return drafts.select_related("created_by").prefetch_related("authorships__user", "files", "track__files")


def _owed_for_draft(paper: Submission, **values) -> Iterator[Owed]:
    have = {version.kind for version in paper.files.all()}
    missing = next((each for each in wanted_files(paper.track) if _is_missing(each, have)), None)
    title = f"“{paper.title}”" if paper.title else "your untitled draft"
    more = (f"Its {missing.get_kind_display().lower()} is not uploaded yet.",) if missing else ()
    place = f"#file-{missing.kind}" if missing else ""
    for recipient in _makers(paper):
        yield owed(paper, recipient, f"Submit {title} ({paper.track.name})", more=more, place=place, **values)


def _is_missing(wanted, have: set[str]) -> bool:
    return wanted.required and wanted.kind in _MAIN and wanted.kind not in have


def _makers(paper: Submission) -> Iterable[Recipient]:
    creator = paper.created_by
    people = {creator.email: Recipient(creator.email, creator.name, creator)}
    for author in speaking_for(paper):
        people.setdefault(author.email, recipient_of(author))
    return people.values()


def authors_whose_check_fails(milestone: Milestone, now: datetime) -> Iterator[Owed]:
    """Submitted papers whose newest file breaks a rule or cannot be used, while it can be replaced. Three queries."""
    newest = FileVersion.objects.filter(submission=OuterRef("pk"), kind__in=_MAIN).order_by("-version")
    reports = CheckReport.objects.filter(file_version=OuterRef("main_file")).order_by("-checked_at")
    papers = (
        in_scope(milestone)
        .filter(state=State.SUBMITTED)
        .annotate(main_file=Subquery(newest.values("pk")[:1]), main_kind=Subquery(newest.values("kind")[:1]))
        .annotate(verdict=Subquery(reports.values("verdict")[:1]))
        .filter(verdict__in=_BAD)
    )
    for paper in papers.prefetch_related("authorships__user"):
        words = f"Replace the file of “{paper.title}”: the check found what the rules do not allow"
        for author in speaking_for(paper):
            yield owed(paper, recipient_of(author), words, place=f"#file-{paper.main_kind}")


def authors_with_extensions(now: datetime) -> Iterator[Owed]:
    """Whoever was granted a later date and has not handed in yet. One query, and some for each kind that has any."""
    later = Extension.objects.filter(until__gt=now).exclude(until__lte=F("milestone__instant"))
    granted = {
        (each.milestone.kind, each.about): each
        for each in later.select_related("milestone__edition", "milestone__track")
    }
    drafts = [about for kind, about in granted if kind == Milestone.Kind.SUBMISSION]
    final = [about for kind, about in granted if kind == Milestone.Kind.CAMERA_READY]
    papers = Submission.objects.select_related("edition", "track")
    for paper in _with_files(papers.filter(public_id__in=drafts, state=State.DRAFT)) if drafts else ():
        yield from _owed_for_draft(paper, **_own_date(granted, Milestone.Kind.SUBMISSION, paper))
    for paper in with_parts(_accepted(papers.filter(public_id__in=final), now)) if final else ():
        yield from _owed_for_final(paper, **_own_date(granted, Milestone.Kind.CAMERA_READY, paper))


def _own_date(granted: dict, kind: str, paper: Submission) -> dict:
    found = granted[kind, paper.public_id]
    return {"due": found.until, "date": f"{found.milestone.title}, extended for this paper", "edition": paper.edition}


# --- After acceptance -------------------------------------------------------------------------------------


def authors_without_camera_ready(milestone: Milestone, now: datetime) -> Iterator[Owed]:
    """Corresponding authors of accepted papers whose camera-ready version lacks anything of theirs. Nine queries."""
    papers = _accepted(in_scope(milestone).filter(track__kind=Track.Kind.PAPER), now)
    for paper in with_parts(papers):
        yield from _owed_for_final(paper)


def _owed_for_final(paper: Submission, **values) -> Iterator[Owed]:
    if not (missing := owed_by_authors(paper)):
        return
    words = f"Complete the camera-ready version of “{paper.title}”"
    for author in speaking_for(paper):
        more = tuple(f"Missing: {each.text}" for each in missing)
        yield owed(paper, recipient_of(author), words, more=more, place="#final", **values)


def authors_without_poster_or_slides(milestone: Milestone, now: datetime) -> Iterator[Owed]:
    """Accepted papers and bonus items of tracks that take a poster or slides, without one. Four queries."""
    accepted = _accepted(in_scope(milestone), now).prefetch_related("files", "track__files")
    for paper in accepted:
        have = {version.kind for version in paper.files.all()}
        wanted = [each for each in wanted_files(paper.track) if each.kind in _FOR_THE_DAY and each.kind not in have]
        for author in speaking_for(paper) if wanted else ():
            names = " and ".join(each.get_kind_display().lower() for each in wanted)
            yield owed(
                paper, recipient_of(author), f"Upload the {names} of “{paper.title}”", place=f"#file-{wanted[0].kind}"
            )


# --- When a date moves ------------------------------------------------------------------------------------


def authors_who_can_submit(milestone: Milestone, now: datetime) -> Iterator[Concerned]:
    """Authors of what is in, and whoever has a draft. Two queries."""
    papers = in_scope(milestone).filter(state__in=[State.DRAFT, State.SUBMITTED]).select_related("created_by")
    for paper in papers.prefetch_related("authorships__user"):
        people = _makers(paper) if paper.state == State.DRAFT else map(recipient_of, paper.authorships.all())
        yield from concerned(paper, people)


def authors_of_submitted(milestone: Milestone, now: datetime) -> Iterator[Concerned]:
    """Authors who wait for a decision. Two queries."""
    waiting = in_scope(milestone).filter(state=State.SUBMITTED).filter(Q(released_at=None) | Q(released_at__gt=now))
    for paper in waiting.prefetch_related("authorships__user"):
        yield from concerned(paper, map(recipient_of, paper.authorships.all()))


def authors_of_accepted(milestone: Milestone, now: datetime) -> Iterator[Concerned]:
    """Authors of accepted papers and bonus items, once they know of it. Two queries."""
    for paper in _accepted(in_scope(milestone), now):
        yield from concerned(paper, map(recipient_of, paper.authorships.all()))


def concerned(paper: Submission, people: Iterable[Recipient]) -> Iterator[Concerned]:
    for person in people:
        yield Concerned(person, _page_of(paper), papers=frozenset([paper.pk]))


def granted(viewer: Viewer) -> Iterator[Granted]:
    """Extensions of papers that this viewer sees as an organiser. One query, and one where there are any."""
    found = Extension.objects.filter(milestone__edition=viewer.edition).select_related("milestone")
    by_paper = {each.about: each for each in found}
    seen = Submission.objects.seen_by(viewer).filter(is_chair=True) if by_paper else Submission.objects.none()
    papers = {paper.public_id: paper for paper in seen.filter(public_id__in=by_paper)}
    for each in found:
        if paper := papers.get(each.about):
            url = reverse("submissions:extend", args=[viewer.edition.slug, paper.public_id])
            yield Granted(each.milestone_id, paper.title or "Untitled draft", each.until, each.reason, url)


# --- Common to all ----------------------------------------------------------------------------------------


def recipient_of(author: Authorship) -> Recipient:
    return Recipient(author.email, author.name, author.user)


def speaking_for(paper: Submission) -> list[Authorship]:
    """The corresponding author; all of them where none is named."""
    authors = list(paper.authorships.all())
    return [author for author in authors if author.is_corresponding] or authors


def owed(paper: Submission, recipient: Recipient, what: str, *, url: str = "", place: str = "", **values) -> Owed:
    """Something that an author owes for a paper, at `place` of the paper's page unless it has a page of its own."""
    there = url or _page_of(paper) + place
    return Owed(recipient, about=paper.public_id, url=there, what=what, submission_id=paper.pk, **values)


def _page_of(paper: Submission) -> str:
    return absolute("submissions:detail", paper.edition.slug, paper.public_id)


_WITHDRAW = "If it will not be presented after all, withdraw it on its page."
_DISCARD = "If you will not submit it, discard the draft on its page."

AUDIENCES = [
    Audience(
        "submissions.drafts",
        "Authors with an unsubmitted draft",
        Milestone.Kind.SUBMISSION,
        authors_with_drafts,
        way_out=_DISCARD,
    ),
    Audience(
        "submissions.check_fails",
        "Authors of submitted papers that fail the check",
        Milestone.Kind.SUBMISSION,
        authors_whose_check_fails,
        way_out="If the check is wrong, object to it on the same page.",
    ),
    Audience(
        "submissions.extended",
        "Authors with an extension that they have not used yet",
        Milestone.Kind.SUBMISSION,
        offsets=(timedelta(days=1),),
        dated=authors_with_extensions,
        way_out=_WITHDRAW,
    ),
    Audience(
        "submissions.camera_ready",
        "Authors of accepted papers without a camera-ready version",
        Milestone.Kind.CAMERA_READY,
        authors_without_camera_ready,
        way_out=_WITHDRAW,
    ),
    Audience(
        "submissions.poster",
        "Authors of accepted papers without poster or slides",
        Milestone.Kind.WORKSHOP,
        authors_without_poster_or_slides,
        offsets=(timedelta(days=7), timedelta(days=2)),
        way_out="If there will be none, you need not do anything.",
    ),
]

_Kind = Milestone.Kind
CIRCLES = [
    Circle(
        "Authors of drafts and submissions",
        frozenset([_Kind.SUBMISSION]),
        authors_who_can_submit,
        meaning="Until then you can submit, and change what you have submitted.",
    ),
    Circle(
        "Authors who wait for a decision",
        frozenset([_Kind.NOTIFICATION]),
        authors_of_submitted,
        meaning="You learn of the decision by mail; until then you need not do anything.",
    ),
    Circle(
        "Authors of accepted papers",
        frozenset([_Kind.CAMERA_READY]),
        authors_of_accepted,
        meaning="Until then you can upload and replace the camera-ready version.",
    ),
    Circle(
        "Authors of accepted papers and bonus items",
        frozenset([_Kind.WORKSHOP]),
        authors_of_accepted,
        meaning="Please look at your travel plans.",
    ),
]
