"""The map of papers and people, and patterns worth a look."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.matching.integrity import FEWEST, FarWish, Ring, far_wishes, habits, in_one_place, rings
from reviews.matching.layout import layout


def test_who_fits_a_paper_stands_near_it():
    scores = np.array([[0.9, 0.8, 0.1, 0.1], [0.9, 0.7, 0.1, 0.2], [0.1, 0.1, 0.8, 0.9], [0.2, 0.1, 0.9, 0.8]])
    papers, people = layout(scores)
    near = np.linalg.norm(papers[0] - people[0])
    assert near < np.linalg.norm(papers[0] - people[2])
    assert near < np.linalg.norm(papers[0] - papers[2])


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 10**6), st.floats(0, 1))
def test_every_matrix_has_a_place_for_everything(papers, people, seed, unknown):
    chance = np.random.default_rng(seed)
    scores = chance.random((papers, people))
    scores[chance.random((papers, people)) < unknown] = np.nan
    one, other = layout(scores)
    assert [one.shape, other.shape] == [(papers, 2), (people, 2)]
    both = np.concatenate([one, other])
    assert ((both >= 0) & (both <= 1)).all()


def test_a_wish_for_a_far_paper_is_found_and_one_for_a_close_paper_is_not():
    closeness = {"ann": {paper: paper / 10 for paper in range(FEWEST + 2)}}
    assert far_wishes({"ann": frozenset({0, 9})}, closeness) == [FarWish("ann", 0, 0.9)]


def test_where_closeness_is_unknown_no_wish_is_far():
    assert far_wishes({"ann": frozenset({0})}, {}) == []


def test_two_who_want_each_others_papers():
    written = {1: frozenset({"ann"}), 2: frozenset({"bob"}), 3: frozenset({"cy"})}
    has = {"ann": frozenset({2, 3}), "bob": frozenset({1}), "cy": frozenset()}
    assert rings(has, written) == [Ring(("ann", "bob"), (2, 1))]


def test_three_in_a_ring_are_found_once():
    written = {1: frozenset({"ann"}), 2: frozenset({"bob"}), 3: frozenset({"cy"})}
    has = {"ann": frozenset({2}), "bob": frozenset({3}), "cy": frozenset({1})}
    assert rings(has, written) == [Ring(("ann", "bob", "cy"), (2, 3, 1))]


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ({"ann": "x", "bob": "x"}, {1: "x"}),
        ({"ann": "x", "bob": "y"}, {}),
        ({"ann": "x"}, {}),
        ({}, {}),
    ],
)
def test_papers_all_of_whose_reviewers_share_a_place(places, found):
    assert in_one_place({1: ["ann", "bob"], 2: ["ann"]}, places) == found


def test_habits_show_where_there_is_something_to_choose():
    wanted = {"all": frozenset(range(10)), "one": frozenset({1}), "some": frozenset({1, 2, 3})}
    people = ["all", "one", "some", "none"]
    assert habits(wanted, people, 10) == (["none"], ["one"], ["all"])
    assert habits(wanted, people, FEWEST - 1) == ([], [], [])
