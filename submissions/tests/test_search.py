"""The organisers' search finds words by stem and beginning, in titles, keywords and abstracts, on either database."""

import pytest

from submissions.models import Submission
from submissions.search import matching
from submissions.tests.factories import SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def papers(track):
    texts = {
        "floods": ("Mapping floods with radar", "inundation, SAR", "We segment rivers that burst their banks."),
        "fields": ("Delineating agricultural fields", "crops", "Boundaries of parcels in Café Zürich."),
    }
    return {
        name: SubmissionFactory(track=track, title=title, keywords=words, abstract=text)
        for name, (title, words, text) in texts.items()
    }


def found(text: str) -> set[str]:
    return set(Submission.objects.filter(matching(text)).values_list("title", flat=True))


@pytest.mark.parametrize("text", ["flood", "FLOODS", "radar mapping", "inundat", "river", "segmenting"])
def test_words_are_found_by_stem_and_beginning_in_any_order(papers, text):
    assert found(text) == {"Mapping floods with radar"}


@pytest.mark.parametrize("text", ["floods crops", "satellite", "", "   ", "!!!", '"', "a' OR 1=1 --", "NEAR(", "* AND"])
def test_what_does_not_stand_in_one_paper_is_not_found(papers, text):
    assert found(text) == set()


def test_accents_do_not_matter_where_the_database_knows_them(papers):
    assert found("zürich") == {"Delineating agricultural fields"}


def test_the_index_follows_changes_and_deletions(papers):
    Submission.objects.filter(pk=papers["floods"].pk).update(title="Mapping droughts")
    assert (found("floods"), found("drought")) == (set(), {"Mapping droughts"})
    papers["floods"].delete()
    assert found("drought") == set()
