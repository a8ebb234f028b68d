"""A proposal as it is kept: pairs with their reasons, figures, and all scores."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from reviews.matching.affinity import Affinities
from reviews.matching.alternatives import Alternative
from reviews.matching.assignment import Assignment
from reviews.matching.problem import Pair, Problem
from reviews.models import Affinity, AssignmentRun
from reviews.proposing.comparing import sentence_model, why
from reviews.proposing.parameters import Parameters
from reviews.proposing.scores import Scores
from reviews.proposing.situation import Situation


@dataclass(frozen=True, eq=False)
class Worked:
    """A proposal as the engines leave it."""

    asked: Parameters
    situation: Situation
    affinities: Affinities
    problem: Problem
    solution: Assignment
    instead: dict[Pair, Alternative]


@transaction.atomic
def store(job: Job, viewer: Viewer, worked: Worked) -> AssignmentRun:
    """Keep the new pairs, and the closeness of all for the pages that show it."""
    situation = worked.situation
    Affinity.objects.filter(submission__in=[paper.pk for paper in situation.papers]).delete()
    Affinity.objects.bulk_create(
        (
            Affinity(submission=situation.papers[paper], reviewer=situation.people[person], score=score)
            for (paper, person), score in worked.affinities.scores.items()
            if score > 0
        ),
        batch_size=1000,
    )
    papers, people = tuple(each.pk for each in situation.papers), tuple(each.pk for each in situation.people)
    run = AssignmentRun.objects.create(
        edition=job.edition,
        parameters=worked.asked.stored(),
        figures=_figures(worked),
        pairs=_pairs(worked),
        scores=Scores(papers, people, worked.problem.scores.astype("float32")).packed(),
        created_by=job.requested_by,
        created_at=viewer.now,
    )
    record("assignment_run.proposed", by=viewer, subject=run)
    return run


def _pairs(worked: Worked) -> list[list]:
    situation, rows = worked.situation, []
    for pair in worked.solution.pairs:
        if pair in situation.locked:
            continue
        other = worked.instead.get(pair)
        comes = None if other is None or other.reviewer is None else situation.people[other.reviewer].pk
        rows.append(
            [
                situation.papers[pair[0]].pk,
                situation.people[pair[1]].pk,
                round(worked.problem.score(pair), 4),
                why(situation, worked.affinities, pair),
                comes,
                round(other.cost, 4) if other else None,
            ]
        )
    return rows


def _figures(worked: Worked) -> dict:
    """What the preview tells, by key of the paper, so that it can leave out what its reader may not see."""
    situation, solution = worked.situation, worked.solution
    stuck: dict[int, int] = defaultdict(int)
    for paper, _ in situation.forbidden:
        stuck[paper] += 1
    return {
        "status": solution.status,
        "by_sentences": sentence_model() is not None,
        "standing": [[situation.papers[p].pk, situation.people[r].pk] for p, r in sorted(situation.locked)],
        "papers": {
            str(paper.pk): {
                "wanted": int(worked.problem.demands[place]),
                "missing": solution.unmet.get(place, 0),
                "conflicts": stuck[place],
            }
            for place, paper in enumerate(situation.papers)
        },
        "unfilled": [situation.people[place].pk for place in solution.unfilled],
        "shortage": _shortage(worked),
    }


def _shortage(worked: Worked) -> dict | None:
    shortage, situation = worked.solution.shortage, worked.situation
    if shortage is None:
        return None
    return {
        "papers": [situation.papers[place].pk for place in shortage.papers],
        "reviewers": [situation.people[place].pk for place in shortage.reviewers],
        "needed": shortage.needed,
        "available": shortage.available,
    }
