"""Why a work is where it is, or nowhere. Plain Python."""

from collections import Counter
from dataclasses import dataclass

from schedule.placing.problem import Placing
from schedule.placing.solving import Placed


@dataclass(frozen=True)
class Reason:
    """`words` it has in common with what else is there; `closer` a session that fits better, and why not that one.

    `why_not`: "full", "busy" (somebody cannot come), "clash" (somebody has something else then), "even" (sessions are
    to be about equally full); empty where no session fits better.
    """

    words: tuple[str, ...] = ()
    closer: int | None = None
    why_not: str = ""


def explain(problem: Placing, placed: Placed) -> dict[int, Reason]:
    """For each work that was to be placed; those without a place have only `why_not`, or "kind" if none fits."""
    load = Counter(placed.at.values())
    found = {}
    for work, each in enumerate(problem.works):
        if not each.kinds:
            continue
        own = placed.at.get(work)
        open_to = [place for place, there in enumerate(problem.places) if there.kind in each.kinds]
        if own is None:
            why = [_why_not(problem, placed, load, work, place) for place in open_to]
            found[work] = Reason(why_not=next(iter(why), "kind"))
            continue
        others = [other for other, place in placed.at.items() if place == own and other != work]
        words = placed.texts.in_common(work, [*others, *problem.places[own].inside]) if placed.texts else ()
        best = max(open_to, key=lambda place: placed.closeness[work, place])
        if placed.closeness[work, best] > placed.closeness[work, own] + 1e-9:
            found[work] = Reason(words, best, _why_not(problem, placed, load, work, best))
        else:
            found[work] = Reason(words)
    return found


def _why_not(problem: Placing, placed: Placed, load: Counter, work: int, place: int) -> str:
    there, people = problem.places[place], problem.works[work].people
    spans = [span for person in people for span in problem.occupied.get(person, ())]
    if any(there.overlaps(*span) for span in spans):
        return "busy"
    for other, at in placed.at.items():
        mate = problem.works[other]
        shares = mate.people & people or (mate.paper is not None and mate.paper == problem.works[work].paper)
        if other != work and shares and there.overlaps(problem.places[at].starts, problem.places[at].ends):
            return "clash"
    return "full" if load[place] >= there.capacity else "even"
