"""The work of a proposal: closeness of all pairs, the best assignment, and who would come instead."""

from statistics import median

from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import JobError, Progress, job_kinds
from reviews.actions.conflicts import find_conflicts
from reviews.matching.affinity import Affinities, with_bid
from reviews.matching.alternatives import alternatives
from reviews.matching.assignment import Assignment, NotPossibleError, solve
from reviews.matching.memory import Memory
from reviews.matching.problem import Problem
from reviews.matching.sentences import ModelError
from reviews.proposing.aims import FAIR, LOTTERY, TOTAL
from reviews.proposing.comparing import paper_profile, person_profile, sentence_model
from reviews.proposing.parameters import Parameters
from reviews.proposing.situation import NO_SENIORS, Situation, rules_of, situation_of
from reviews.proposing.storing import Worked, store

# Where nothing is known of any pair, all pairs count the same.
_NOTHING_KNOWN = 0.1


@job_kinds.register_kind("reviews.assign", label="Assignment of papers")
def propose(job: Job, progress: Progress) -> dict:
    """Work out a proposal for the papers that the person who asked sees as an organiser."""
    viewer = Viewer.of(job.requested_by, job.edition)
    progress(5, "Looking for conflicts")
    find_conflicts(job.edition)
    asked = Parameters.of(job.parameters)
    situation = situation_of(viewer, asked.track)
    progress(25, "Comparing papers and reviewers")
    affinities = Affinities(
        [paper_profile(each) for each in situation.papers],
        [person_profile(each) for each in situation.people],
        _model(),
        lambda share: progress(25 + int(45 * share), "Reading papers and publications"),
        asked.weights,
    )
    progress(75, "Looking for the best assignment")
    problem = problem_of(situation, affinities, asked)
    solution = _solved(problem, asked)
    progress(85, "Looking for who would come instead")
    instead = alternatives(problem, solution.pairs, is_best_total=asked.aim == TOTAL)
    progress(95, "Writing the proposal")
    run = store(job, viewer, Worked(asked, situation, affinities, problem, solution, instead))
    return {"run": run.public_id}


def _model() -> Memory | None:
    """Raises JobError for a model that cannot be used, in its words."""
    try:
        return sentence_model()
    except ModelError as error:
        raise JobError(str(error)) from error


def _solved(problem: Problem, asked: Parameters) -> Assignment:
    """The engine's best for what was asked.

    Raises:
        JobError: it cannot be done; in the engine's words.
    """
    if asked.seniors and not problem.rules.seniors:
        raise JobError(NO_SENIORS)
    try:
        if asked.aim == LOTTERY:
            return solve(problem, cap=asked.cap, fading=asked.fading, seed=asked.seed)
        return solve(problem, aim="fair" if asked.aim == FAIR else "total", dial=asked.dial)
    except (NotPossibleError, ValueError) as error:
        raise JobError(str(error)) from error


def problem_of(situation: Situation, affinities: Affinities, asked: Parameters) -> Problem:
    """The engine's problem: unknown closeness counts as the median of what is known, and bids bend it."""
    unknown = median(affinities.scores.values()) if affinities.scores else _NOTHING_KNOWN
    scores = {}
    for paper in range(len(situation.papers)):
        for person in range(len(situation.people)):
            pair = (paper, person)
            if pair not in situation.forbidden:
                closeness = affinities.scores.get(pair, unknown)
                scores[pair] = with_bid(closeness, situation.bids.get(pair), asked.weights)
    return Problem.of(
        demands=[paper.track.reviews_per_paper or 0 for paper in situation.papers],
        loads=[person.load for person in situation.people],
        scores=scores,
        forbidden=situation.forbidden,
        locked=situation.locked,
        least=[min(asked.least, person.load) for person in situation.people],
        rules=rules_of(situation, asked),
    )


@job_kinds.register_kind("reviews.find_conflicts", label="Search for conflicts")
def look_for_conflicts(job: Job, progress: Progress) -> dict:
    """Look through everybody and every paper again."""
    progress(10, "Comparing people and authors")
    find_conflicts(job.edition)
    return {}
