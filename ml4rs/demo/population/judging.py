"""The committee's work: conflicts, bids, affinities, assignments, reviews and decisions."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from ml4rs.accounts.models import User
from ml4rs.demo.population import phrases
from ml4rs.demo.population.people import matching_topics
from ml4rs.demo.population.scene import Draw, Scene
from reviews.actions import ensure_forms, find_conflicts
from reviews.models import (
    Affinity,
    Answer,
    Assignment,
    Bid,
    Conflict,
    Decision,
    Field,
    Form,
    Review,
    Reviewer,
    ReviewVersion,
)
from submissions.models import Submission

_CLOSEST = 30  # papers for which an affinity is kept, for each reviewer
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_ACCEPTED = 0.55
_ORALS = 12


def add_conflicts(scene: Scene, members: list[Reviewer]) -> None:
    """What the search for conflicts finds, and a few that people declared."""
    draw = scene.draw
    find_conflicts(scene.edition)
    ours = Conflict.objects.filter(submission__in=[paper.pk for paper in scene.papers])
    found = list(ours.order_by("user", "submission", "kind"))
    for conflict in found:  # the search drew their public ids by itself: draw them again, so that they repeat
        conflict.pk, conflict.public_id, conflict.created_at = None, draw.public_id(), scene.calendar.closes()
    ours.delete()
    Conflict.objects.bulk_create(found, batch_size=1000)
    papers = scene.reviewed()
    declared = [
        Conflict(
            public_id=draw.public_id(),
            user=member.user,
            submission=draw.choice(papers),
            kind=Conflict.Kind.DECLARED,
            evidence="Declared on the paper",
            created_at=scene.calendar.closes(),
        )
        for member in members
        if papers and draw.random() < 0.2
    ]
    Conflict.objects.bulk_create(declared, ignore_conflicts=True)


@dataclass
class Matches:
    """How close each member is to each paper, 0 to 1; pairs in conflict have none."""

    scores: dict[int, dict[int, float]]  # reviewer → paper → score

    @classmethod
    def of(cls, scene: Scene, members: list[Reviewer]) -> "Matches":
        knows: dict[int, set[int]] = defaultdict(set)
        links = Reviewer.topics.through.objects.filter(reviewer__in=members).values_list("reviewer", "topic")
        for reviewer, topic in links:
            knows[reviewer].add(topic)
        about = {p.pk: {topic.pk for topic in matching_topics(scene, scene.themes[p.pk])} for p in scene.reviewed()}
        pairs = set(Conflict.objects.filter(submission__in=about).values_list("user", "submission"))
        noise = scene.draw.random
        return cls(
            {
                member.pk: {
                    paper: round(min(1.0, len(topics & knows[member.pk]) * 0.3 + noise() * 0.3), 4)
                    for paper, topics in about.items()
                    if (member.user_id, paper) not in pairs
                }
                for member in members
            }
        )


def add_preferences(scene: Scene, members: list[Reviewer], matches: Matches) -> None:
    """Affinities of the closest papers, and bids by two members in three."""
    draw = scene.draw
    affinities, bids = [], []
    for member in members:
        scores = matches.scores[member.pk]
        closest = sorted(scores, key=lambda paper: -scores[paper])[:_CLOSEST]
        affinities += [Affinity(reviewer=member, submission_id=paper, score=scores[paper]) for paper in closest]
        if draw.random() < 0.67:
            wanted = draw.some(closest, 3, 12)
            bids += [Bid(reviewer=member, submission_id=paper, level=draw.choice((2, 2, 1, 1, -1))) for paper in wanted]
    Affinity.objects.bulk_create(affinities, batch_size=1000)
    Bid.objects.bulk_create(bids, batch_size=1000)


def add_assignments(scene: Scene, members: list[Reviewer], matches: Matches) -> list[Assignment]:
    """For each paper the closest members among those with the least to do, as far as conflicts and loads allow."""
    draw = scene.draw
    papers = scene.reviewed()
    draw.shuffle(papers)
    wanted = sum(paper.track.reviews_per_paper for paper in papers)
    most = max(6, -(-wanted // max(1, len(members))) + 1)
    room = {each.pk: each.load if each.pk in scene.waiting else most for each in members}
    loads = dict.fromkeys([member.pk for member in members], 0)
    by_pk = {member.pk: member for member in members}
    rows = []
    for paper in papers:
        able = [pk for pk in loads if paper.pk in matches.scores[pk] and loads[pk] < room[pk]]
        able.sort(key=lambda pk: (loads[pk] - 3 * matches.scores[pk][paper.pk], pk))
        letters = draw.sample(_LETTERS, len(_LETTERS))
        for pk in able[: paper.track.reviews_per_paper]:
            loads[pk] += 1
            rows.append(
                Assignment(
                    public_id=draw.public_id(),
                    submission=paper,
                    reviewer=by_pk[pk],
                    pseudonym=letters.pop(),
                    reason="Made up with the load",
                    created_at=scene.calendar.closes(paper.track) + timedelta(hours=1),
                )
            )
    return Assignment.objects.bulk_create(rows, batch_size=500)


def add_reviews(scene: Scene, assignments: list[Assignment], *, share: float) -> None:
    """Reviews with their answers; `share` of them submitted, of the others half begun."""
    draw = scene.draw
    forms = {track.pk: ensure_forms(track) for track in scene.tracks if track.is_reviewed}
    fields = {form.pk: list(form.fields.all()) for form in forms.values()}
    reviews = []
    turns: dict[int, int] = defaultdict(int)
    for assignment in assignments:
        submitted = draw.random() < share
        if share < 1 and assignment.reviewer_id in scene.waiting:  # one done, one begun, the others to do
            turn, turns[assignment.reviewer_id] = turns[assignment.reviewer_id], turns[assignment.reviewer_id] + 1
            if turn < 2:
                form = forms[assignment.submission.track_id]
                reviews.append(_review(scene, assignment, form, submitted=turn == 0))
            continue
        if submitted or draw.random() < 0.5:
            reviews.append(_review(scene, assignment, forms[assignment.submission.track_id], submitted=submitted))
    Review.objects.bulk_create(reviews, batch_size=500)
    answers, versions = [], []
    for review in reviews:
        own = _answers(scene, review, fields[review.form_id])
        answers += own
        if review.state == Review.State.SUBMITTED:
            said = {a.field.key: a.number if a.number is not None else a.text for a in own}
            versions.append(ReviewVersion(review=review, revision=1, answers=said, saved_at=review.submitted_at))
    Answer.objects.bulk_create(answers, batch_size=1000)
    ReviewVersion.objects.bulk_create(versions, batch_size=500)


def _review(scene: Scene, assignment: Assignment, form: Form, *, submitted: bool) -> Review:
    draw = scene.draw
    begun = draw.between(assignment.created_at, max(assignment.created_at, scene.calendar.reviews_due))
    done = draw.between(begun, max(begun, scene.calendar.reviews_due))
    return Review(
        public_id=draw.public_id(),
        assignment=assignment,
        form=form,
        state=Review.State.SUBMITTED if submitted else Review.State.DRAFT,
        created_at=begun,
        updated_at=done,
        submitted_at=done if submitted else None,
    )


def _answers(scene: Scene, review: Review, fields: list[Field]) -> list[Answer]:
    """What a review says: everything once submitted, the first questions in a draft."""
    told = fields if review.state == Review.State.SUBMITTED else fields[: scene.draw.randint(1, len(fields))]
    answers = [_answer(scene, review, field) for field in told]
    return [answer for answer in answers if answer.number is not None or answer.text]


def _answer(scene: Scene, review: Review, field: Field) -> Answer:
    draw = scene.draw
    paper = review.assignment.submission
    if field.kind == Field.Kind.SCALE:
        values = [int(value) for value, _ in field.options]
        middle = (values[0] + values[-1]) / 2
        lean = scene.quality[paper.pk] if field.use != Field.Use.CONFIDENCE else 0
        aim = middle + (lean + draw.gauss(0, 0.7)) * (values[-1] - values[0]) / 5
        return Answer(review=review, field=field, number=min(values, key=lambda value: abs(value - aim)))
    if field.kind == Field.Kind.CHOICE:
        return Answer(review=review, field=field, text=draw.choice(field.options)[0])
    theme = phrases.THEMES[scene.themes[paper.pk]]
    words = {"task": theme.task, "data": theme.data, "method": theme.methods[0]}
    return Answer(review=review, field=field, text=_text(draw, field).format(**words))


def _text(draw: Draw, field: Field) -> str:
    if field.audience == Field.Audience.ORGANISERS:
        return draw.choice(phrases.CONFIDENTIAL)
    if field.key == "summary":
        return draw.choice(phrases.SUMMARIES)
    pool = phrases.STRENGTHS if field.key == "strengths" else phrases.WEAKNESSES
    return "\n\n".join(draw.some(list(pool), 1, 2))


def add_decisions(scene: Scene, chair: User, *, released: datetime | None) -> None:
    """The better half is accepted, the best as talks; released, or staged with a few held back."""
    draw = scene.draw
    papers = sorted(scene.reviewed(), key=lambda paper: -scene.quality[paper.pk])
    accepted = papers[: round(len(papers) * _ACCEPTED)]
    rows = []
    for place, paper in enumerate(papers):
        is_in = place < len(accepted)
        outcome = Submission.Outcome.ACCEPTED if is_in else Submission.Outcome.REJECTED
        state = Decision.State.RELEASED if released else draw.choice(("draft", "draft", "draft", "held"))
        rows.append(
            Decision(
                submission=paper,
                outcome=outcome,
                presentation=_presentation(paper, place) if is_in else "",
                comment=draw.choice(phrases.DECISION_COMMENTS[outcome]) if draw.random() < 0.6 else "",
                state=state,
                decided_by=chair,
                decided_at=scene.calendar.reviews_due + timedelta(hours=1),
                released_at=released,
            )
        )
    Decision.objects.bulk_create(rows, batch_size=500)
    if released:
        for row in rows:
            row.submission.outcome, row.submission.presentation = row.outcome, row.presentation
            row.submission.released_at = released
        Submission.objects.bulk_update(papers, ["outcome", "presentation", "released_at"], batch_size=500)


def _presentation(paper: Submission, place: int) -> str:
    offered = paper.track.presentations or [Submission.Presentation.POSTER]
    best = [form for form in offered if form == Submission.Presentation.ORAL]
    return best[0] if best and place < _ORALS else offered[-1]
