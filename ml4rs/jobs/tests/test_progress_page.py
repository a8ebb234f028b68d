"""The page of a job: who sees it, how it refreshes itself, where it goes afterwards."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.jobs.models import Job
from reviews.models import Conflict
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
THEN = datetime(2025, 2, 1, 12, tzinfo=UTC)


def make_job(**values) -> Job:
    given = {"edition": EditionFactory(), "kind": "jobs.tested", "subject": "this", "created_at": THEN, **values}
    return Job.objects.create(**given)


def page(client, user, job, **headers):
    if user is not None:
        client.force_login(user)
    return client.get(reverse("jobs:detail", args=[job.public_id]), {"next": "/iclr2025/"}, headers=headers)


def test_who_asked_sees_how_far_it_is(client):
    user = UserFactory()
    job = make_job(requested_by=user, state="running", progress=40, step="Reading page 3")
    text = page(client, user, job).content.decode()
    assert "Reading page 3" in text
    assert 'value="40"' in text
    assert "Stop" in text


def test_a_stranger_is_sent_to_sign_in_and_others_find_nothing(client):
    job = make_job()
    assert page(client, None, job).status_code == 302
    assert page(client, UserFactory(), job).status_code == 404


def test_an_organiser_sees_the_jobs_of_the_edition_and_of_no_other(client):
    job = make_job()
    assert page(client, RoleFactory(edition=job.edition).user, job).status_code == 200
    assert page(client, RoleFactory().user, job).status_code == 404


def test_an_organiser_in_conflict_does_not_see_a_job_on_the_paper(client):
    paper = SubmissionFactory(state="submitted", number=1)
    organiser = RoleFactory(edition=paper.edition).user
    job = make_job(edition=paper.edition, submission_id=paper.pk)
    assert page(client, organiser, job).status_code == 200
    Conflict.objects.create(user=organiser, submission=paper, kind="declared", created_at=THEN)
    assert page(client, organiser, job).status_code == 404


def test_only_organisers_read_the_log(client):
    user = UserFactory()
    job = make_job(requested_by=user, state="failed", finished_at=THEN, log="RuntimeError: /srv/secret", error="Sorry.")
    assert "/srv/secret" not in page(client, user, job).content.decode()
    assert "/srv/secret" in page(client, RoleFactory(edition=job.edition).user, job).content.decode()


def test_the_bar_alone_is_sent_to_a_page_that_asks_again(client):
    user = UserFactory()
    text = page(client, user, make_job(requested_by=user), HX_Request="true").content.decode()
    assert "<html" not in text
    assert "hx-get" in text


def test_a_finished_bar_asks_no_more_and_goes_to_the_result(client):
    user = UserFactory()
    response = page(client, user, make_job(requested_by=user, state="done", finished_at=THEN), HX_Request="true")
    assert response.headers["HX-Redirect"] == "/iclr2025/"
    assert "hx-get" not in response.content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_goes_to_no_other_site_afterwards(client, target):
    user = UserFactory()
    job = make_job(requested_by=user, state="done", finished_at=THEN)
    client.force_login(user)
    response = client.get(
        reverse("jobs:detail", args=[job.public_id]), {"next": target}, headers={"HX-Request": "true"}
    )
    assert "HX-Redirect" not in response.headers
    assert "evil" not in response.content.decode()
    assert "javascript" not in response.content.decode()


def test_stopping_is_a_button_that_only_posts(client):
    user = UserFactory()
    job = make_job(requested_by=user)
    client.force_login(user)
    address = reverse("jobs:cancel", args=[job.public_id])
    assert client.get(address).status_code == 405
    assert client.post(address, {"next": "/iclr2025/"}).headers["Location"].endswith("?next=%2Ficlr2025%2F")
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_the_page_costs_the_same_each_time(client, cost_of):
    user = UserFactory()
    job = make_job(requested_by=user)
    page(client, user, job)
    with cost_of() as cost:
        client.get(reverse("jobs:detail", args=[job.public_id]), headers={"HX-Request": "true"})
    assert cost.queries <= 5
