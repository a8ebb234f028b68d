"""The engines: closeness, and who is too close."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.matching.affinity import Affinities, Profile, with_bid
from reviews.matching.conflicts import Author, Someone, find, institutions, organisation_of, still_close

# --- Closeness ------------------------------------------------------------------------------------------


def test_who_works_on_clouds_is_closer_to_clouds():
    papers = [Profile("removing clouds from satellite images"), Profile("crop yield from weather stations")]
    people = [Profile("cloud and clouds detection in images"), Profile("weather and crop models")]
    scores = Affinities(papers, people).scores
    assert scores[0, 0] > scores[0, 1]
    assert scores[1, 1] > scores[1, 0]
    assert "clouds" in Affinities(papers, people).words(0, 0)


def test_unknown_is_unknown_and_not_zero():
    found = Affinities([Profile("clouds", frozenset({1}))], [Profile(), Profile(topics=frozenset({1}))])
    assert (0, 0) not in found.scores
    assert found.scores[0, 1] == 1
    assert found.words(0, 0) == ()


@pytest.mark.parametrize("text", ["", "the and of", "!!!", "遥感图像", "\x00"])
def test_any_text_is_taken(text):
    for score in Affinities([Profile("clouds")], [Profile(text)]).scores.values():
        assert 0 <= score <= 1


def test_a_bid_cannot_win_a_paper_far_away():
    assert with_bid(0.1, 2) < with_bid(0.4, None) < with_bid(0.4, 2) < 1
    assert with_bid(0.4, -1) < 0.4
    assert with_bid(0.0, 2) == 0


# --- Conflicts ------------------------------------------------------------------------------------------


def kinds(person, *authors):
    return {(finding.paper, finding.kind) for finding in find([person], authors)}


def test_an_author_is_found_by_any_address_or_account():
    person = Someone(7, frozenset({"a@x.edu", "old@y.edu"}))
    assert (1, "author") in kinds(person, Author(1, "A", "old@y.edu"))
    assert (1, "author") in kinds(person, Author(1, "A", "else@z.edu", user=7))
    assert kinds(person, Author(1, "A", "else@z.edu", user=8)) == set()


def test_a_domain_counts_with_its_subdomains_but_not_a_mail_provider():
    person = Someone(7, frozenset({"a@cs.uni-a.ac.uk", "a@gmail.com"}))
    assert kinds(person, Author(1, "B", "b@geo.uni-a.ac.uk")) == {(1, "domain")}
    assert kinds(person, Author(1, "B", "b@uni-b.ac.uk"), Author(2, "C", "c@gmail.com")) == set()


@pytest.mark.parametrize(
    ("address", "organisation"),
    [
        ("a@mit.edu", "mit.edu"),
        ("a@csail.mit.edu", "mit.edu"),
        ("a@cs.ox.ac.uk", "ox.ac.uk"),
        ("a@ac.uk", ""),
        ("a@googlemail.com", ""),
        ("nonsense", ""),
    ],
)
def test_the_organisation_of_an_address(address, organisation):
    assert organisation_of(address) == organisation


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Univ. of Zürich", "University of Zurich"),
        ("The University of Tokyo", "university of tokyo"),
        ("ETH Zürich; ESA", "ESA"),
    ],
)
def test_spellings_of_one_institution_meet(one, other):
    assert set(institutions(one)) & set(institutions(other))


def test_no_institution_is_no_conflict():
    person = Someone(7, affiliations=("Independent Researcher",))
    assert kinds(person, Author(1, "B", "b@x.edu", "independent researcher")) == set()


def test_a_coauthor_of_another_submission_is_too_close():
    person = Someone(7, frozenset({"me@a.edu"}))
    authors = [Author(1, "Me", "me@a.edu"), Author(1, "Friend", "friend@b.edu"), Author(2, "Friend", "friend@b.edu")]
    assert kinds(person, *authors) == {(1, "author"), (2, "coauthor")}
    evidence = next(each.evidence for each in find([person], authors) if each.kind == "coauthor")
    assert evidence == "Writes with Friend"


@pytest.mark.parametrize(
    "line", ["Rossi, María", "Maria Rossi", "M. Rossi", "m.rossi@lab.edu", "lab.edu", "@lab.edu", "Lab of Stars"]
)
def test_a_declared_line_means_a_person_an_address_a_domain_or_a_place(line):
    author = Author(1, "María Rossi", "m.rossi@lab.edu", "Laboratory of Stars")
    assert kinds(Someone(7, declared=(line,)), author) == {(1, "declared")}


@pytest.mark.parametrize("line", ["Mario Rossi", "Rossi", "other.edu", "x@lab.edu", "Laboratory of Seas"])
def test_a_declared_line_means_nobody_else(line):
    author = Author(1, "María Rossi", "m.rossi@lab.edu", "Laboratory of Stars")
    assert kinds(Someone(7, declared=(line,)), author) == set()


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("University of Somewhere", "University of Somewhere"),
        ("University of Somewhere, 2015-2019", ""),
        ("University of Somewhere (2019)", ""),
        ("University of Somewhere 2015 to 2019", ""),
        ("University of Somewhere, 2019-2023", "University of Somewhere"),
        ("University of Somewhere, since 2015", "University of Somewhere"),
        ("University of Somewhere, 2015-", "University of Somewhere"),
        ("University of Somewhere, 2015 – now", "University of Somewhere"),
        ("University of Somewhere, until 2024.", "University of Somewhere"),
        ("somewhere.example, 2018", ""),
        ("Institute 2000", "Institute 2000"),  # may be its name
        ("2019", "2019"),
        ("", ""),
    ],
)
def test_what_ended_long_ago_is_no_conflict_any_more(line, meant):
    assert still_close(line, 2022) == meant


@given(st.text(max_size=60), st.integers(1990, 2100))
def test_any_line_is_read(line, since):
    assert still_close(line, since) in line


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"]), min_size=1, max_size=60))
def test_a_line_without_digits_stays_whole(line):
    assert still_close(line, 2022) == line.strip()
