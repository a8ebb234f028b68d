"""From the edition's data to a proposal of who reviews what, and back: the only place that knows the engines."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from statistics import median

from django.conf import settings
from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import Progress, job_kinds
from reviews.actions.conflicts import find_conflicts
from reviews.matching.affinity import Affinities, Profile, with_bid
from reviews.matching.assignment import Assignment as Solution
from reviews.matching.assignment import Pair, Problem, solve
from reviews.matching.memory import Memory
from reviews.matching.sentences import SentenceModel, packaged_folder
from reviews.models import Affinity, Assignment, AssignmentRun, Bid, Conflict, Reviewer
from submissions.models import Submission
from submissions.queries.papers import reviewable

# Where nothing is known of any pair, all pairs count the same.
_NOTHING_KNOWN = 0.1


@dataclass
class Situation:
    """What stands before a proposal: papers, people, and what binds them. All by position in the lists."""

    papers: list[Submission]
    people: list[Reviewer]
    forbidden: set[Pair] = field(default_factory=set)
    locked: set[Pair] = field(default_factory=set)
    bids: dict[Pair, int] = field(default_factory=dict)
    topic_names: dict[int, str] = field(default_factory=dict)


@job_kinds.register_kind("reviews.assign", label="Assignment of papers")
def propose(job: Job, progress: Progress) -> dict:
    """Work out a proposal for the papers that the person who asked sees as an organiser."""
    viewer = Viewer.of(job.requested_by, job.edition)
    progress(5, "Looking for conflicts")
    find_conflicts(job.edition)
    situation = situation_of(viewer, job.parameters.get("track", ""))
    progress(25, "Comparing papers and reviewers")
    model = sentence_model()
    affinities = Affinities(
        [_of_paper(each) for each in situation.papers],
        [_of_person(each) for each in situation.people],
        model,
        lambda share: progress(25 + int(45 * share), "Reading papers and publications"),
    )
    progress(75, "Looking for the best assignment")
    problem = problem_of(situation, affinities)
    solution = solve(problem, aim="fair" if job.parameters.get("aim") == "fair" else "total")
    progress(90, "Writing the proposal")
    run = _store(job, viewer, situation, affinities, problem, solution)
    return {"run": run.public_id}


@job_kinds.register_kind("reviews.find_conflicts", label="Search for conflicts")
def look_for_conflicts(job: Job, progress: Progress) -> dict:
    """Look through everybody and every paper again."""
    progress(10, "Comparing people and authors")
    find_conflicts(job.edition)
    return {}


def situation_of(viewer: Viewer, track: str = "") -> Situation:
    """Papers this organiser sees without conflict, and everybody ready to review. Ten queries."""
    papers = reviewable(viewer).filter(is_chair=True, released_at__isnull=True).prefetch_related("topics")
    if track:
        papers = papers.filter(track__slug=track)
    ready = Reviewer.objects.filter(
        edition=viewer.edition, state=Reviewer.State.ACCEPTED, conflicts_declared_at__isnull=False
    )
    situation = Situation(list(papers), list(ready.prefetch_related("topics", "publications")))
    place_of_paper = {paper.pk: place for place, paper in enumerate(situation.papers)}
    place_of_person = {person.pk: place for place, person in enumerate(situation.people)}
    _bind(situation, place_of_paper, place_of_person)
    for bid in Bid.objects.filter(submission__in=place_of_paper, reviewer__in=place_of_person):
        situation.bids[place_of_paper[bid.submission_id], place_of_person[bid.reviewer_id]] = bid.level
    situation.topic_names = dict(viewer.edition.topics.values_list("pk", "name"))
    return situation


def _bind(situation: Situation, place_of_paper: dict[int, int], place_of_person: dict[int, int]) -> None:
    """Conflicts and given-back papers are forbidden; whoever reviews a paper keeps it."""
    place_of_user = {person.user_id: place for place, person in enumerate(situation.people)}
    conflicts = Conflict.objects.filter(
        submission__in=place_of_paper, user__in=place_of_user, dismissed_at__isnull=True
    )
    for paper, user in conflicts.values_list("submission_id", "user_id"):
        situation.forbidden.add((place_of_paper[paper], place_of_user[user]))
    rows = Assignment.objects.filter(submission__in=place_of_paper, reviewer__in=place_of_person)
    for paper, person, state in rows.values_list("submission_id", "reviewer_id", "state"):
        pair = (place_of_paper[paper], place_of_person[person])
        if state == Assignment.State.ACTIVE:
            situation.locked.add(pair)
        else:
            situation.forbidden.add(pair)
    # Found after the paper was given out: it stays where it is until an organiser looks at it.
    situation.forbidden -= situation.locked


def _of_paper(paper: Submission) -> Profile:
    text = f"{paper.title}\n{paper.abstract}\n{paper.keywords}"
    return Profile(text, frozenset(topic.pk for topic in paper.topics.all()))


def _of_person(person: Reviewer) -> Profile:
    written = tuple(f"{each.title}\n{each.abstract}" for each in person.publications.all())
    return Profile(person.profile, frozenset(topic.pk for topic in person.topics.all()), written)


@cache
def sentence_model() -> Memory | None:
    """The packaged model, read once for each process; None where it is not installed, and words alone are compared.

    Raises:
        ModelError: it is installed, but is not the one that was looked at.
    """
    return Memory(SentenceModel(), settings.DATA_DIR / "vectors.sqlite3") if packaged_folder() else None


def problem_of(situation: Situation, affinities: Affinities) -> Problem:
    """The engine's problem: unknown closeness counts as the median of what is known, and bids bend it."""
    unknown = median(affinities.scores.values()) if affinities.scores else _NOTHING_KNOWN
    scores = {}
    for paper in range(len(situation.papers)):
        for person in range(len(situation.people)):
            pair = (paper, person)
            if pair not in situation.forbidden:
                scores[pair] = with_bid(affinities.scores.get(pair, unknown), situation.bids.get(pair))
    return Problem.of(
        demands=[paper.track.reviews_per_paper or 0 for paper in situation.papers],
        loads=[person.load for person in situation.people],
        scores=scores,
        forbidden=situation.forbidden,
        locked=situation.locked,
    )


def why(situation: Situation, affinities: Affinities, pair: Pair) -> str:
    """Why this reviewer, in words: what they share, what they wished, or that nothing is known."""
    parts = []
    if topics := affinities.shared_topics(*pair):
        parts.append("topics: " + ", ".join(sorted(situation.topic_names[topic] for topic in topics)))
    if closest := affinities.closest(*pair, most=1):
        written = situation.people[pair[1]].publications.all()
        parts.append(f"closest: “{written[closest[0]].title[:90]}”")
    if words := affinities.words(*pair):
        parts.append("words: " + ", ".join(words))
    if pair in situation.bids:
        parts.append(f"bid: {Bid.Level(situation.bids[pair]).label.lower()}")
    if pair not in affinities.scores:
        parts.append("closeness unknown: no profile text and no topics")
    return "; ".join(parts)[:300] or "little in common, but free"


@transaction.atomic
def _store(job, viewer, situation: Situation, affinities: Affinities, problem: Problem, solution: Solution):
    """Keep the new pairs with their reasons, and scores for the pages that show them."""
    Affinity.objects.filter(submission__in=[paper.pk for paper in situation.papers]).delete()
    Affinity.objects.bulk_create(
        (
            Affinity(submission=situation.papers[paper], reviewer=situation.people[person], score=score)
            for (paper, person), score in affinities.scores.items()
            if score > 0
        ),
        batch_size=1000,
    )
    pairs = [
        [
            situation.papers[pair[0]].pk,
            situation.people[pair[1]].pk,
            round(problem.score(pair), 4),
            why(situation, affinities, pair),
        ]
        for pair in solution.pairs
        if pair not in situation.locked
    ]
    run = AssignmentRun.objects.create(
        edition=job.edition,
        parameters=job.parameters,
        figures=_figures(situation, problem, solution),
        pairs=pairs,
        created_by=job.requested_by,
        created_at=viewer.now,
    )
    record("assignment_run.proposed", by=viewer, subject=run)
    return run


def _figures(situation: Situation, problem: Problem, solution: Solution) -> dict:
    """What the preview tells, by key of the paper, so that it can leave out what its reader may not see."""
    shortage = solution.shortage
    stuck: dict[int, int] = defaultdict(int)
    for paper, _ in situation.forbidden:
        stuck[paper] += 1
    return {
        "status": solution.status,
        "by_sentences": sentence_model() is not None,
        "papers": {
            str(paper.pk): {
                "wanted": int(problem.demands[place]),
                "missing": solution.unmet.get(place, 0),
                "conflicts": stuck[place],
            }
            for place, paper in enumerate(situation.papers)
        },
        "shortage": {
            "papers": [situation.papers[place].pk for place in shortage.papers],
            "reviewers": [situation.people[place].pk for place in shortage.reviewers],
            "needed": shortage.needed,
            "available": shortage.available,
        }
        if shortage
        else None,
    }
