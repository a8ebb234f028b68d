"""The page of what happened: who may open it, what each finds there, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from ml4rs.audit.actions import record
from ml4rs.audit.models import Entry
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from reviews.models import Conflict
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def open_log(client, edition):
    """`open_log(user, **filters)`: the page as that person sees it."""

    def get(user, **filters):
        if user is not None:
            client.force_login(user)
        return client.get(reverse("audit:log", args=[edition.slug]), filters)

    return get


@pytest.fixture
def organiser(edition):
    return RoleFactory(edition=edition).user


def note(edition, words, **values):
    return record("edition.noted", by=None, edition=edition, details={"note": words}, **values)


def test_an_organiser_reads_what_happened(open_log, organiser, edition):
    note(edition, "Juniper")
    assert "Juniper" in open_log(organiser).content.decode()


def test_strangers_are_sent_to_sign_in(open_log):
    assert open_log(None).status_code == 302


@pytest.mark.parametrize("role", [None, "reviewer", "schedule_editor"])
def test_for_everybody_else_the_page_does_not_exist(open_log, edition, role):
    user = RoleFactory(edition=edition, name=role).user if role else UserFactory()
    assert open_log(user).status_code == 404


def test_another_editions_entries_are_not_there(open_log, organiser):
    note(EditionFactory(), "Juniper")
    assert "Juniper" not in open_log(organiser).content.decode()


def test_an_author_among_the_organisers_finds_no_trace_of_her_own_paper(open_log, organiser, edition):
    paper = SubmissionFactory(edition=edition, state="submitted", number=1)
    note(edition, "Juniper", submission_id=paper.pk)
    assert "Juniper" in open_log(organiser).content.decode()
    AuthorshipFactory(submission=paper, user=organiser, email=organiser.email)
    assert "Juniper" not in open_log(organiser).content.decode()


def test_an_organiser_in_conflict_finds_no_trace_of_the_paper(open_log, organiser, edition):
    paper = SubmissionFactory(edition=edition, state="submitted", number=1)
    note(edition, "Juniper", submission_id=paper.pk)
    note(edition, "Laburnum")
    Conflict.objects.create(
        user=organiser, submission=paper, kind="declared", created_at=datetime(2025, 2, 1, tzinfo=UTC)
    )
    text = open_log(organiser).content.decode()
    assert "Juniper" not in text
    assert "Laburnum" in text
    assert "1 entry" in text


def test_what_happened_to_a_hidden_paper_alone_is_no_choice_of_the_filter(open_log, organiser, edition):
    paper = SubmissionFactory(edition=edition, state="submitted", number=1)
    record("paper.mislaid", by=None, edition=edition, submission_id=paper.pk)
    assert "Paper mislaid" in open_log(organiser, q="nobody").content.decode()
    AuthorshipFactory(submission=paper, user=organiser, email=organiser.email)
    assert "Paper mislaid" not in open_log(organiser, q="nobody").content.decode()


def test_grants_are_for_grants_officers_alone(open_log, organiser, edition):
    officer = RoleFactory(edition=edition, name="grants_officer").user
    note(edition, "Juniper", grants_only=True)
    note(edition, "Laburnum")
    assert "Juniper" not in open_log(organiser).content.decode()
    text = open_log(officer).content.decode()
    assert "Juniper" in text
    assert "Laburnum" not in text


def test_numbers_of_many_papers_are_counted_not_named(open_log, organiser, edition):
    record("submissions.authors_read", by=None, edition=edition, details={"papers": [41, 417]})
    text = open_log(organiser).content.decode()
    assert "Papers: 2" in text
    assert "417" not in text


def test_filters_by_person_verb_and_day(open_log, organiser, edition, viewer_of):
    ada = viewer_of(UserFactory(name="Ada Lovelace"), edition, datetime(2025, 2, 10, 23, 30, tzinfo=UTC))
    record("edition.noted", by=ada, details={"note": "Juniper"})
    note(edition, "Laburnum")
    for filters in ({"q": "lovelace"}, {"until": "2025-02-10"}, {"from": "2025-02-10", "until": "2025-02-10"}):
        text = open_log(organiser, **filters).content.decode()
        assert "Juniper" in text, filters
        assert "Laburnum" not in text, filters
    assert "Juniper" not in open_log(organiser, verb="edition.edited").content.decode()
    assert "Nothing found" in open_log(organiser, q="nobody").content.decode()


@pytest.mark.parametrize("filters", [{"from": "yesterday"}, {"until": "2025-02-30"}, {"colour": "red"}])
def test_a_filter_that_cannot_be_is_refused(open_log, organiser, filters):
    assert open_log(organiser, **filters).status_code == 400


def test_a_row_is_called_by_its_name(open_log, organiser, edition):
    record("role.given", by=None, edition=edition, subject=edition.roles.get())
    assert str(edition.roles.get()) in open_log(organiser).content.decode()


def test_a_row_that_is_gone_is_called_by_its_kind(open_log, organiser, edition):
    role = RoleFactory(edition=edition, name="reviewer")
    record("role.taken", by=None, edition=edition, subject=role)
    role.delete()
    assert "Role" in open_log(organiser).content.decode()


@pytest.mark.parametrize("rows", [1, 50, 300])
def test_the_page_costs_the_same_however_much_happened(open_log, organiser, edition, cost_of, rows):
    people = [UserFactory() for _ in range(3)]
    start = datetime(2025, 2, 1, tzinfo=UTC)
    Entry.objects.bulk_create(
        Entry(
            edition=edition,
            actor=people[n % 3],
            verb="role.given",
            subject_type="editions.edition",
            subject_id=edition.pk,
            happened_at=start + timedelta(minutes=n),
        )
        for n in range(rows)
    )
    open_log(organiser)
    with cost_of() as cost:
        assert open_log(organiser).status_code == 200
    assert cost.queries <= 22
    assert cost.objects <= 130
