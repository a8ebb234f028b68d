"""The discussion of a paper as its readers see it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from ml4rs.editions.viewer import Viewer
from reviews.models import Post
from reviews.queries.reviews import reviews_of
from submissions.models import Submission


@dataclass
class PostView:
    """One contribution for one reader."""

    public_id: str
    kind: str
    voice: str  # "Reviewer B" or "Organiser"
    text: str  # empty once taken back
    is_own: bool
    is_withdrawn: bool
    on: date
    name: str | None = None  # for organisers
    at: datetime | None = None  # for its writer and organisers
    replies: list["PostView"] = field(default_factory=list)


def thread(viewer: Viewer, submission: Submission) -> list[PostView]:
    """What was said, in its order, answers below what they answer. One query."""
    rows = Post.objects.seen_by(viewer, paper=submission).filter(submission=submission.pk)
    columns = ("pk", "parent_id", "public_id", "kind", "assignment__pseudonym", "text", "is_own", "withdrawn_at")
    guarded = ("seen_on", "seen_writer", "seen_at")
    views: dict[int, PostView] = {}
    top: list[PostView] = []
    for pk, parent, pid, kind, letter, text, own, withdrawn, on, name, at in rows.values_list(*columns, *guarded):
        voice = f"Reviewer {letter}" if letter else "Organiser"
        view = PostView(pid, kind, voice, "" if withdrawn else text, own, withdrawn is not None, on, name, at)
        views[pk] = view
        (views[parent].replies if parent in views else top).append(view)
    return top


def quoted(viewer: Viewer, submission: Submission, asked: str) -> str:
    """A part of a review ("B:weaknesses", a letter and a question's key) as the beginning of an answer to it.

    Empty where there is no such part that this viewer may read. Two queries.
    """
    letter, _, key = asked.partition(":")
    for review in reviews_of(viewer, submission):
        for answer in review.answers:
            if review.pseudonym == letter and answer.key == key and answer.audience != "organisers":
                lines = "\n".join(f"> {line}" for line in answer.text.splitlines())
                return f"> **Reviewer {letter}, {answer.label}**\n>\n{lines}\n\n"
    return ""
