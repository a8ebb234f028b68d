"""Writing to the authors of papers, chosen as on the organisers' list."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse

from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.registry import Addressee, MailEvent, MailingList
from submissions.actions.telling import paper_in_words, recipient_of
from submissions.models import Authorship, Submission
from submissions.policy import may_mail_authors
from submissions.queries.listing import FILTERS, Filters
from submissions.queries.selected import selected

MESSAGE = MailEvent(
    "submissions.message",
    "Organisers write to authors",
    ("title", "number", "track", "url"),
    by_hand=True,
    sample={
        "title": "Seeing fields from space",
        "number": "17",
        "track": "Workshop papers",
        "url": "https://example.org/iclr2025/submissions/abc/",
    },
    why="you are an author of this paper",
)
_WHOM = (("", "the corresponding author"), ("all", "all authors"), ("presenter", "who presents"))


def authors(viewer: Viewer, asked: QueryDict) -> Iterator[Addressee]:
    """One for each author meant, of each paper that the filters find and the viewer may write about. Three queries."""
    picked = asked.getlist("paper") or None
    papers = [paper for paper in selected(viewer, Filters.of(asked), picked) if may_mail_authors(viewer, paper)]
    prefetch_related_objects(papers, "authorships__user")
    for paper in papers:
        paper.edition = viewer.edition
        about = paper_in_words(paper)
        values = {name: f"{about[name] or 'not numbered yet'}" for name in MESSAGE.variables}
        for author in _meant(paper, asked.get("whom", "")):
            yield Addressee(recipient_of(author), paper.public_id, values, submission_id=paper.pk)


def _meant(paper: Submission, whom: str) -> list[Authorship]:
    """All of them where nobody is named as the one that is meant."""
    everybody = list(paper.authorships.all())
    if whom == "all":
        return everybody
    flag = "is_presenter" if whom == "presenter" else "is_corresponding"
    return [author for author in everybody if getattr(author, flag)] or everybody


def address_of_form(viewer: Viewer, filters: dict[str, str], picked: list[str] | None) -> str:
    """Where to write to the authors of what the list's reader picked, or of all that its filters find."""
    where = reverse("notifications:write", args=[viewer.edition.slug, AUTHORS.name])
    return f"{where}?{urlencode({**filters, 'paper': picked or []}, doseq=True)}"


AUTHORS = MailingList(
    "submissions.authors",
    "Authors of submissions",
    MESSAGE,
    authors,
    page="submissions:manage",
    filters=frozenset(FILTERS),
    picks="paper",
    choices=(("whom", "To", _WHOM),),
)
