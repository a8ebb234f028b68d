"""The committee's work in numbers: right, and of papers without conflict only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ml4rs.editions.charts import HEIGHT, Chart, Row
from ml4rs.editions.tests.factories import RoleFactory
from reviews import actions
from reviews.matching.agreement import alpha
from reviews.models import Answer, Review
from reviews.queries.statistics import statistics
from reviews.tests.factories import AssignmentFactory, ConflictFactory, DecisionFactory, ReviewerFactory
from submissions.tests.factories import SubmissionFactory


def test_alpha_of_a_published_example():
    """Krippendorff 2011, section C: the interval alpha of its data, with the units that only one observer saw."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[value for value in unit if value is not None] for unit in zip(*rows, strict=True)]
    assert alpha(units) == pytest.approx(0.849, abs=0.001)


PAPERS = st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=4), max_size=8)


@given(PAPERS)
def test_alpha_is_at_most_one_and_ignores_the_order(papers):
    found = alpha(papers)
    assert found == (None if found is None else pytest.approx(alpha([paper[::-1] for paper in papers[::-1]])))
    assert found is None or found <= 1


@given(PAPERS)
def test_full_agreement_is_one(papers):
    same = [[paper[0]] * len(paper) for paper in papers]
    assert alpha(same) in (None, pytest.approx(1))


@given(st.lists(st.integers(0, 50), max_size=40))
def test_bars_stay_inside_their_chart(values):
    for bar in Chart("", [Row(str(value), value, value // 2) for value in values]).bars:
        assert 0 <= bar.y <= HEIGHT
        assert bar.part_height <= bar.height + 0.01


def reviewed(stage, scores, *, day=0, title="Clouds", outcome=""):
    paper = SubmissionFactory(track=stage.track, title=title)
    form = actions.ensure_forms(stage.track)
    at = stage.chair.now + timedelta(days=day)
    for score in scores:
        seat = AssignmentFactory(submission=paper, reviewer=ReviewerFactory(edition=stage.edition))
        review = Review.objects.create(
            assignment=seat, form=form, state="submitted", created_at=at, updated_at=at, submitted_at=at
        )
        Answer.objects.create(review=review, field=form.fields.get(key="overall"), number=score)
    if outcome:
        presentation = "oral" if outcome == "accepted" else ""
        DecisionFactory(submission=paper, outcome=outcome, presentation=presentation)
    return paper


def charts(viewer, track=""):
    found = statistics(viewer, track)
    return {
        chart.title: [(row.label, row.value, row.part) for row in chart.rows if row.value] for chart in found.charts
    }


def test_the_numbers_are_those_of_the_reviews(stage):
    reviewed(stage, [2, 5], outcome="accepted")
    reviewed(stage, [5, 5], day=1, outcome="rejected")
    shown = charts(stage.chair)
    assert shown["Reviews handed in, by day"] == [("20 Feb", 2, 0), ("21 Feb", 2, 0)]
    assert shown["Overall scores"] == [("2", 1, 0), ("5", 3, 0)]
    assert shown["Highest less lowest score of a paper"] == [("0", 1, 0), ("3", 1, 0)]
    assert shown["Papers of a reviewer"] == [("1", 4, 4)]
    assert shown["Acceptance by track"] == [(stage.track.name, 2, 1)]
    assert statistics(stage.chair).compared == 2


def test_a_paper_in_conflict_is_in_no_number(stage):
    paper = reviewed(stage, [1, 6], outcome="accepted")
    tied = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=tied, submission=paper)
    shown = charts(stage.viewer(tied))
    assert shown["Overall scores"] == []
    assert shown["Acceptance by track"] == []
    assert statistics(stage.viewer(tied)).compared == 0
    assert shown["Papers of a reviewer"] == [("0", 2, 0)]


def test_only_organisers_see_them(stage):
    page = reverse("reviews:statistics", args=["iclr2025"])
    reviewed(stage, [1, 2])
    reviewed(stage, [3, 3])
    assert "Krippendorff" in stage.client(stage.organiser).get(page).text
    reviewer = ReviewerFactory(edition=stage.edition)
    assert stage.client(reviewer.user).get(page).status_code in (403, 404)


def test_an_edition_without_reviews_has_an_empty_page(stage):
    page = reverse("reviews:statistics", args=["iclr2025"])
    assert "Nothing to draw yet" in stage.client(stage.organiser).get(page).text


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_costs_the_same_for_one_paper_and_for_many(stage, cost_of, count):
    for _ in range(count):
        reviewed(stage, [2, 4])
    client = stage.client(stage.organiser)
    with cost_of() as cost:
        client.get(reverse("reviews:statistics", args=["iclr2025"]))
    assert cost.queries <= 13, cost.statements
