"""Submissions as a viewer may see them: one, those in review, those accepted."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from ml4rs.editions.models import Question, Track, TrackFile
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.links import absolute
from submissions.models import Authorship, FileVersion, Submission
from submissions.policy import PUBLIC_FILES
from submissions.questions import Answered, in_words


@dataclass(frozen=True)
class AuthorView:
    """An author as the public may know them: no address. What they object to is for authors and organisers."""

    name: str
    affiliation: str
    orcid: str
    objection: str = ""


def seen_or_none(viewer: Viewer, public_id: str) -> Submission | None:
    """The submission if this viewer may know of it. One query."""
    rows = Submission.objects.seen_by(viewer).select_related("track", "camera_ready")
    found = rows.filter(public_id=public_id).first()
    if found is not None:
        found.edition = viewer.edition
    return found


def reviewable(viewer: Viewer) -> QuerySet[Submission]:
    """Submitted papers of reviewed tracks that this viewer may know of: what bidding, assigning and deciding use."""
    rows = Submission.objects.seen_by(viewer).select_related("track")
    return rows.filter(state=Submission.State.SUBMITTED, track__is_reviewed=True)


def authors_of(submission: Submission) -> list[AuthorView]:
    """Names and affiliations for whoever `sees_authors`; nothing for everybody else. At most one query."""
    if not submission.sees_authors:
        return []
    inside = submission.sees_author_addresses
    return [
        AuthorView(each.name, each.affiliation, each.orcid, each.objection if inside else "")
        for each in submission.authorships.all()
    ]


def answered_for(submission: Submission) -> list[Answered]:
    """Answers to the track's questions, as far as the viewer of this row may read them. One query unless prefetched.

    Authors and organisers read all; reviewers those with the submission that are meant for them; everybody the public
    ones of a published paper.
    """
    questions = list(submission.track.questions.all())
    if not submission.sees_declarations:
        questions = [question for question in questions if _is_meant_for(submission, question)]
    return list(in_words(questions, submission.answers))


def public_answers(submission: Submission) -> list[Answered]:
    """What everybody reads of the answers, also where the reader could see more elsewhere. No query of its own."""
    public = [each for each in submission.track.questions.all() if each.audience == Question.Audience.PUBLIC]
    return list(in_words(public, submission.answers)) if submission.is_published else []


def _is_meant_for(submission: Submission, question: Question) -> bool:
    if submission.is_published and question.audience == Question.Audience.PUBLIC:
        return True
    for_readers = question.audience != Question.Audience.ORGANISERS and question.stage == Question.Stage.SUBMISSION
    return submission.reads and for_readers


def accepted(viewer: Viewer, *, text: str = "", track: str = "", topic: str = "") -> QuerySet[Submission]:
    """What the public page of papers lists, by track and title. Four queries with everything it shows."""
    rows = (
        Submission.objects.seen_by(viewer)
        .filter(is_public=True)
        .select_related("track")
        .prefetch_related("topics", Prefetch("authorships", Authorship.objects.order_by("position")))
        .prefetch_related(Prefetch("files", _public_versions(), to_attr="public_files"))
        .defer("abstract", "declarations", "answers")
        .order_by("track__position", "title", "pk")
    )
    if text:
        by_author = Authorship.objects.filter(Q(name__icontains=text) | Q(affiliation__icontains=text))
        rows = rows.filter(
            Q(title__icontains=text) | Q(keywords__icontains=text) | Q(pk__in=by_author.values("submission"))
        )
    if track:
        rows = rows.filter(track__slug=track)
    if topic:
        rows = rows.filter(pk__in=Submission.objects.filter(topics__slug=topic).values("pk"))
    return rows


def paper_page(viewer: Viewer, public_id: str) -> Submission | None:
    """One accepted paper with its authors, topics, published files and questions of its track. Five queries."""
    return (
        Submission.objects.seen_by(viewer)
        .filter(is_public=True, public_id=public_id)
        .select_related("track")
        .prefetch_related("topics", "authorships", "areas", "track__questions")
        .prefetch_related(Prefetch("files", _public_versions(), to_attr="public_files"))
        .first()
    )


def public_file(submission: Submission, kind: str = "") -> FileVersion | None:
    """The current published file of a paper from `paper_page` or `accepted`; None before it is published."""
    if not submission.is_published:
        return None
    wanted = [kind] if kind else ["camera_ready", "slide", "slides", "poster"]
    return next((file for name in wanted for file in submission.public_files if file.kind == name), None)


_SIDES = ("west", "south", "east", "north")


def papers_as_data(viewer: Viewer) -> list[dict[str, Any]]:
    """What a stranger may read of the accepted papers, as plain data, whoever asks. Six queries."""
    edition = viewer.edition
    found = []
    for row in accepted(Viewer.of(None, edition, viewer.earliest)).prefetch_related("areas"):
        file = public_file(row)
        found.append(
            {
                "id": row.public_id,
                "title": row.title,
                "abstract": row.abstract,
                "keywords": row.keywords,
                "track": row.track.slug,
                "presentation": row.seen_presentation,
                "authors": [{"name": each.name, "affiliation": each.affiliation} for each in row.authorships.all()],
                "topics": [topic.slug for topic in row.topics.all()],
                "areas": [[float(getattr(each, side)) for side in _SIDES] for each in row.areas.all()],
                "url": absolute("submissions:paper", edition.slug, row.public_id),
                "pdf": absolute("submissions:paper_pdf", edition.slug, row.public_id) if file else None,
            }
        )
    return found


def further_files(submission: Submission) -> list[FileVersion]:
    """Published files beside the paper itself, such as poster and slides, the newest of each kind."""
    main = public_file(submission)
    newest = {file.kind: file for file in reversed(submission.public_files)} if submission.is_published else {}
    return [file for file in newest.values() if main is None or file.kind != main.kind]


def slides(viewer: Viewer) -> list[Submission]:
    """Published bonus items that have a slide, by track and title, each with its file as `slide`. Four queries."""
    rows = accepted(viewer).filter(is_published=True, track__kind__in=[Track.Kind.SLIDE, Track.Kind.DEMO])
    found = []
    for row in rows:
        row.slide = public_file(row, TrackFile.Kind.SLIDE)
        if row.slide is not None and row.slide.picture:
            found.append(row)
    return found


def _public_versions() -> QuerySet[FileVersion]:
    return FileVersion.objects.filter(kind__in=PUBLIC_FILES).order_by("kind", "-version")
