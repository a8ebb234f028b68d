"""Authors name people who must not review: found by name or address, limited, and never a way to choose reviewers."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews import actions
from reviews.actions.conflicts import find_conflicts
from reviews.matching.conflicts import Named, Someone, find
from reviews.models import Conflict, Exclusion
from reviews.queries.committee import patterns
from reviews.tests.factories import ConflictFactory, ReviewerFactory
from reviews.tests.test_discussing import row
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory


@pytest.fixture
def paper(stage):
    Milestone.objects.filter(kind="submission").update(instant=datetime(2025, 3, 1, tzinfo=UTC))
    return SubmissionFactory(track=stage.track, title="Clouds", authors=1)


def name(stage, paper, *people):
    viewer = stage.viewer(paper.created_by)
    actions.exclude(row(viewer, paper), list(people), by=viewer)


def barred(paper):
    return set(paper.conflicts.filter(kind="by_author", dismissed_at=None).values_list("user__name", flat=True))


def url(paper):
    return reverse("reviews:exclude", args=["iclr2025", paper.public_id])


# --- Whom a line means -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "is_meant"),
    [
        ("María Rossi", "Maria Rossi", True),
        ("Rossi, Maria", "Maria Rossi", True),
        ("M. Rossi", "Maria Rossi", True),
        ("Prof. Maria Rossi", "Maria Rossi", True),
        ("maria@lab.example", "Somebody Else", True),
        ("MARIA@lab.example", "Somebody Else", True),
        ("Marco Rossi", "Maria Rossi", False),
        ("Rossi", "Maria Rossi", False),
        ("lab.example", "Maria Rossi", False),
    ],
)
def test_a_line_means_a_person_by_name_or_address(line, name, is_meant):
    person = Someone(1, frozenset({"maria@lab.example"}), name=name)
    found = find([person], [], [Named(7, line, "advisor")])
    assert [(each.paper, each.kind) for each in found] == ([(7, "by_author")] if is_meant else [])


def test_a_person_without_a_name_is_meant_by_no_line():
    assert find([Someone(1)], [], [Named(7, "", "x"), Named(7, "Dr.", "x")]) == []


# --- Naming --------------------------------------------------------------------------------------------------


def test_who_is_named_is_in_conflict_at_once(stage, paper):
    ReviewerFactory(edition=stage.edition, user=UserFactory(name="Maria Rossi"))
    name(stage, paper, ("maria rossi", "my advisor"))
    assert barred(paper) == {"Maria Rossi"}
    assert "my advisor" in Conflict.objects.get(kind="by_author").evidence


def test_who_joins_the_committee_later_is_found_as_well(stage, paper):
    name(stage, paper, ("Maria Rossi", "my advisor"))
    assert barred(paper) == set()
    ReviewerFactory(edition=stage.edition, user=UserFactory(name="Maria Rossi"))
    find_conflicts(stage.edition)
    assert barred(paper) == {"Maria Rossi"}


def test_who_is_no_longer_named_is_free_again_unless_an_organiser_judged(stage, paper):
    for each in ("Maria Rossi", "Otto Ohm"):
        ReviewerFactory(edition=stage.edition, user=UserFactory(name=each))
    name(stage, paper, ("Maria Rossi", "advisor"), ("Otto Ohm", "partner"))
    conflict = Conflict.objects.get(kind="by_author", user__name="Otto Ohm")
    actions.confirm_conflict(conflict, row(stage.chair, paper), by=stage.chair)
    name(stage, paper)
    assert barred(paper) == {"Otto Ohm"}


def test_what_an_organiser_dismissed_does_not_come_back(stage, paper):
    ReviewerFactory(edition=stage.edition, user=UserFactory(name="Maria Rossi"))
    name(stage, paper, ("Maria Rossi", "harsh"))
    conflict = Conflict.objects.get(kind="by_author")
    actions.dismiss_conflict(conflict, row(stage.chair, paper), by=stage.chair, note="No reason")
    name(stage, paper, ("Maria Rossi", "really harsh"))
    assert barred(paper) == set()


def test_there_is_a_limit_and_a_reason_is_needed(stage, paper):
    type(stage.track).objects.update(author_conflicts=2)
    with pytest.raises(NotAllowed, match="at most 2"):
        name(stage, paper, ("A B", "x"), ("C D", "x"), ("E F", "x"))
    with pytest.raises(NotAllowed, match="Say why “A B”"):
        name(stage, paper, ("A B", " "))
    assert not Exclusion.objects.exists()


def test_after_the_deadline_nobody_is_named(stage, paper):
    Milestone.objects.filter(kind="submission").update(instant=datetime(2025, 2, 1, tzinfo=UTC))
    with pytest.raises(NotAllowed, match="deadline"):
        name(stage, paper, ("A B", "x"))
    assert "deadline" in stage.client(paper.created_by).get(url(paper)).text


# --- The pages -----------------------------------------------------------------------------------------------


def test_authors_fill_in_rows_and_find_them_again(stage, paper):
    client = stage.client(paper.created_by)
    detail = reverse("submissions:detail", args=["iclr2025", paper.public_id])
    assert url(paper) in client.get(detail).text
    client.post(url(paper), {"line": ["Maria Rossi", ""], "reason": ["advisor", ""]})
    page = client.get(url(paper)).text
    assert "Maria Rossi" in page
    assert page.count('name="line"') == 5


def test_what_is_refused_is_still_in_the_form(stage, paper):
    page = stage.client(paper.created_by).post(url(paper), {"line": ["Maria Rossi"], "reason": [""]})
    assert page.status_code == 422
    assert "Maria Rossi" in page.text


def test_signed_out_while_typing_nothing_is_lost(stage, paper):
    client = stage.client(None)
    assert client.post(url(paper), {"line": ["Maria Rossi"], "reason": ["advisor"]}).status_code == 302
    client.force_login(paper.created_by)
    assert "Maria Rossi" in client.get(url(paper)).text


def test_authors_never_learn_whom_a_line_means(stage, paper):
    ReviewerFactory(edition=stage.edition, user=UserFactory(name="Maria Rossi"))
    client = stage.client(paper.created_by)
    mask = re.compile(r'csrfmiddlewaretoken" value="\w+"')
    with_member = client.post(url(paper), {"line": ["Maria Rossi"], "reason": ["x"]}, follow=True).text
    without = client.post(url(paper), {"line": ["Nobody Here"], "reason": ["x"]}, follow=True).text
    assert mask.sub("", with_member.split("<main")[1]) == mask.sub("", without.split("<main")[1])


def test_nobody_else_finds_the_page(stage, paper):
    for person in (stage.organiser, ReviewerFactory(edition=stage.edition).user, UserFactory()):
        assert stage.client(person).get(url(paper)).status_code == 404
        assert stage.client(person).post(url(paper), {"line": ["x y"], "reason": ["x"]}).status_code == 404
    assert not Exclusion.objects.exists()


def test_organisers_see_what_is_unusual_and_nothing_in_conflict(stage, paper):
    type(stage.track).objects.update(author_conflicts=1)
    ReviewerFactory(edition=stage.edition, user=UserFactory(name="Maria Rossi"))
    papers = [paper, *(SubmissionFactory(track=stage.track, authors=1) for _ in range(2))]
    for each in papers:
        name(stage, each, ("Maria Rossi", "harsh"))
    stranger = SubmissionFactory(track=stage.track, authors=1)
    name(stage, stranger, ("Nobody Here", "x"))
    found = patterns(stage.chair)
    assert found.people == [("Maria Rossi", 3)]
    assert {each for each, _ in found.papers} == {*papers, stranger}
    assert [each.line for each in found.nobody] == ["Nobody Here"]
    page = stage.client(stage.organiser).get(reverse("reviews:conflict_list", args=["iclr2025"])).text
    assert "Maria Rossi: 3 papers" in page
    other = RoleFactory(edition=stage.edition).user
    for each in (*papers, stranger):
        ConflictFactory(user=other, submission=each)
    assert not patterns(stage.viewer(other)).any
    assert Submission.objects.count() == 4
