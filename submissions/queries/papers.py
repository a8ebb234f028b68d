"""Submissions as a viewer may see them: one, those in review, those accepted."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from ml4rs.editions.viewer import Viewer
from submissions.models import Authorship, FileVersion, Submission
from submissions.policy import PUBLIC_FILES


@dataclass(frozen=True)
class AuthorView:
    """An author as the public may know them: no address. What they object to is for authors and organisers."""

    name: str
    affiliation: str
    orcid: str
    objection: str = ""


def seen_or_none(viewer: Viewer, public_id: str) -> Submission | None:
    """The submission if this viewer may know of it. One query."""
    found = Submission.objects.seen_by(viewer).select_related("track").filter(public_id=public_id).first()
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


def accepted(viewer: Viewer, *, text: str = "", track: str = "", topic: str = "") -> QuerySet[Submission]:
    """What the public page of papers lists, by track and title. Four queries with everything it shows."""
    rows = (
        Submission.objects.seen_by(viewer)
        .filter(is_public=True)
        .select_related("track")
        .prefetch_related("topics", Prefetch("authorships", Authorship.objects.order_by("position")))
        .prefetch_related(Prefetch("files", _public_versions(), to_attr="public_files"))
        .defer("abstract", "declarations")
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
    """One accepted paper with its authors, topics and published files. Four queries."""
    return (
        Submission.objects.seen_by(viewer)
        .filter(is_public=True, public_id=public_id)
        .select_related("track")
        .prefetch_related("topics", "authorships", Prefetch("files", _public_versions(), to_attr="public_files"))
        .first()
    )


def public_file(submission: Submission, kind: str = "") -> FileVersion | None:
    """The current published file of a paper from `paper_page` or `accepted`; None before it is published."""
    if not submission.is_published:
        return None
    wanted = [kind] if kind else ["camera_ready", "slide", "slides", "poster"]
    return next((file for name in wanted for file in submission.public_files if file.kind == name), None)


def _public_versions() -> QuerySet[FileVersion]:
    return FileVersion.objects.filter(kind__in=PUBLIC_FILES).order_by("kind", "-version")
