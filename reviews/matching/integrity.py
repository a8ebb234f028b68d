"""Patterns in bids and assignments that somebody should look at. None proves anything. Plain Python.

Papers and people are any identifiers. Sources of what is looked for: Littman 2021, "Collusion rings threaten the
integrity of computer science research"; Jecmen, Shah, Fang and Akoglu 2024, "On the detection of reviewer-author
collusion rings from paper bidding".
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

Paper = Hashable
Person = Hashable
Wanted = Mapping[Person, frozenset]  # person → papers
Written = Mapping[Paper, frozenset]  # paper → people

FAR = 0.75  # of a person's papers are closer than one that they want all the same
MANY = 0.9  # of all papers wanted is wanting everything
FEWEST = 8  # papers to choose from, below which no habit shows


@dataclass(frozen=True)
class FarWish:
    """A paper that somebody wants although most others are closer to their work."""

    person: Person
    paper: Paper
    closer: float  # the share of papers that are closer


@dataclass(frozen=True)
class Ring:
    """People each of whom has (or wants) a paper of the next, and the last one of the first."""

    people: tuple[Person, ...]
    papers: tuple[Paper, ...]  # papers[i] is by the person after people[i]


def far_wishes(wanted: Wanted, closeness: Mapping[Person, Mapping[Paper, float]]) -> list[FarWish]:
    """Wishes for papers in the far quarter of a person's own ranking, the farthest first; none where it is unknown."""
    found = []
    for person, papers in wanted.items():
        known = closeness.get(person, {})
        if len(known) < FEWEST:
            continue
        for paper in papers & known.keys():
            closer = sum(score > known[paper] for score in known.values()) / len(known)
            if closer >= FAR:
                found.append(FarWish(person, paper, closer))
    return sorted(found, key=lambda each: (-each.closer, str(each.person), str(each.paper)))


def rings(has: Wanted, written: Written) -> list[Ring]:
    """Every ring of two or three people, once."""
    towards: dict[tuple[Person, Person], Paper] = {}
    for person, papers in has.items():
        for paper in sorted(papers, key=str):
            for author in written.get(paper, frozenset()):
                if author != person and author in has:
                    towards.setdefault((person, author), paper)
    follows: dict[Person, set[Person]] = defaultdict(set)
    for one, other in towards:
        follows[one].add(other)
    return [*_pairs(towards), *_triples(towards, follows)]


def _pairs(towards: Mapping[tuple[Person, Person], Paper]) -> list[Ring]:
    found = []
    for one, other in sorted(towards, key=str):
        if (other, one) in towards and str(one) < str(other):
            found.append(Ring((one, other), (towards[one, other], towards[other, one])))
    return found


def _triples(towards: Mapping[tuple[Person, Person], Paper], follows: Mapping[Person, set[Person]]) -> list[Ring]:
    found = []
    for one, other in sorted(towards, key=str):
        for third in sorted(follows.get(other, ()), key=str):
            if third != one and (third, one) in towards and str(one) < min(str(other), str(third)):
                papers = (towards[one, other], towards[other, third], towards[third, one])
                found.append(Ring((one, other, third), papers))
    return found


def in_one_place(reviewers: Mapping[Paper, Iterable[Person]], places: Mapping[Person, str]) -> dict[Paper, str]:
    """Papers all of whose reviewers, two or more, share a place; people of unknown place share none."""
    found = {}
    for paper, people in reviewers.items():
        of = [places.get(person, "") for person in people]
        if len(of) > 1 and of[0] and len(set(of)) == 1:
            found[paper] = of[0]
    return found


def habits(wanted: Wanted, people: Iterable[Person], papers: int) -> tuple[list[Person], list[Person], list[Person]]:
    """Who bid on nothing, on one paper alone, and on (nearly) everything; nobody where there is little to choose.

    `papers` is how many there are; `wanted` holds every paper that somebody bid on in its favour.
    """
    nothing, single, everything = [], [], []
    for person in people if papers >= FEWEST else ():
        number = len(wanted.get(person, ()))
        if not number:
            nothing.append(person)
        elif number == 1:
            single.append(person)
        elif number >= MANY * papers:
            everything.append(person)
    return nothing, single, everything
