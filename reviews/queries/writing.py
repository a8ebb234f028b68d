"""What helps the writer of a review: the form as a file, hints, older versions; and who is named in a text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ml4rs.editions.models import Role
from ml4rs.editions.viewer import Viewer
from reviews.models import Answer, Field, MetaReview, Review, Reviewer, ReviewVersion
from reviews.queries.reviews import Desk, meaning
from reviews.writing import offline
from reviews.writing.hints import hints
from reviews.writing.naming import Names
from submissions.models import Submission


def asked(questions: Iterable[Field]) -> list[offline.Question]:
    """The questions as the file for offline use asks them."""
    return [
        offline.Question(
            key=each.key,
            label=each.label if each.required else f"{each.label} (optional)",
            help=" ".join(each.help.split()),
            options=tuple((str(value), str(label)) for value, label in each.options),
        )
        for each in questions
    ]


def offline_form(page: Desk) -> str:
    """The review as a text file, with what was written so far."""
    answers = {key: "" if value is None else str(value) for key, value in page.values.items()}
    return offline.write(
        page.assignment.public_id, page.revision, page.submission.title, asked(page.questions), answers
    )


def hints_on(page: Desk, values: Mapping[str, str | int | None], viewer: Viewer) -> list[str]:
    """What could be said more helpfully, or gives its writer away. No query beyond the viewer's own."""
    texts = [
        str(values.get(each.key) or "")
        for each in page.questions
        if each.kind == Field.Kind.TEXT and each.audience == Field.Audience.AUTHORS
    ]
    found = hints(texts)
    own = Names({0: (viewer.user.name, viewer.addresses)})
    if any(own.in_text(text) for text in texts):
        found.insert(0, "You name yourself. The authors read this; the other reviewers may, too.")
    return found


@dataclass(frozen=True)
class Change:
    """An answer that is different from the version before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """A review as it was submitted at some time: what it said, and what was changed."""

    number: int
    saved_at: datetime
    changes: list[Change]


def versions_of(viewer: Viewer, submission: Submission, review_pid: str) -> tuple[Review, list[Version]] | None:
    """The history of a review, newest first, for its writer and for organisers. Three queries."""
    rows = Review.objects.seen_by(viewer, paper=submission).filter(public_id=review_pid)
    review = rows.select_related("form", "assignment").first()
    if review is None or not (review.is_own or review.is_chairs):
        return None
    questions = list(review.form.fields.all())
    found: list[Version] = []
    before: dict = {}
    saved = ReviewVersion.objects.filter(review=review.pk).order_by("revision")
    for number, each in enumerate(saved, start=1):
        found.append(Version(number, each.saved_at, _changes(questions, before, each.answers)))
        before = each.answers
    return review, found[::-1]


def _changes(questions: list[Field], before: dict, after: dict) -> list[Change]:
    return [
        Change(each.label, _in_words(each, before.get(each.key)), _in_words(each, after.get(each.key)))
        for each in questions
        if (before.get(each.key) or "") != (after.get(each.key) or "")
    ]


def _in_words(question: Field, value: str | int | None) -> str:
    if value in (None, ""):
        return ""
    return str(value) if question.kind == Field.Kind.TEXT else f"{value} – {meaning(question, value)}"


def named_in_reviews(viewer: Viewer, papers: Iterable[int]) -> dict[int, list[str]]:
    """Paper → members of the committee and organisers whom its reviews name where authors will read it.

    Four queries, for papers of which the viewer is an organiser.
    """
    people: dict[int, tuple[str, set[str]]] = {}
    members = Reviewer.objects.filter(edition=viewer.edition, state=Reviewer.State.ACCEPTED)
    for user, name, email in members.values_list("user", "user__name", "email"):
        people[user] = (name, {email})
    chairs = Role.objects.filter(edition=viewer.edition, name=Role.Name.ORGANISER, user__isnull=False)
    for user, name, email in chairs.values_list("user", "user__name", "user__email"):
        people.setdefault(user, (name, {email}))
    names, found = Names(people), defaultdict(set)
    texts = Answer.objects.seen_by(viewer).filter(
        review__assignment__submission__in=list(papers),
        review__assignment__state="active",
        review__state=Review.State.SUBMITTED,
        field__audience=Field.Audience.AUTHORS,
        field__kind=Field.Kind.TEXT,
    )
    for paper, text in texts.values_list("review__assignment__submission", "text"):
        found[paper] |= names.in_text(text)
    summed = MetaReview.objects.seen_by(viewer).filter(submission__in=list(papers), submitted_at__isnull=False)
    for paper, text in summed.values_list("submission", "seen_text"):
        found[paper] |= names.in_text(text or "")
    return {paper: sorted(people[each][0] for each in keys) for paper, keys in found.items() if keys}
