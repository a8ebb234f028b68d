"""A presenter's certificate: after the workshop, for what was accepted, at an address that cannot be guessed."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from ml4rs.editions.models import Edition
from ml4rs.editions.tests.factories import UserFactory
from submissions.models import Authorship, Submission
from submissions.tests.factories import AuthorshipFactory

OVER = datetime(2025, 5, 2, 12, tzinfo=UTC)
DAY = date(2025, 4, 28)


@pytest.fixture
def paper(accepted):
    Edition.objects.update(starts_on=DAY, ends_on=None)
    AuthorshipFactory(submission=accepted, name="Bob Zyx", position=2)
    return accepted


def page(client, user, paper, when=OVER):
    client.force_login(user)
    address = reverse("submissions:detail", args=[paper.edition.slug, paper.public_id])
    with time_machine.travel(when, tick=False):
        return client.get(address)


def links(client, user, paper, when=OVER):
    return {each.name: each.url for each in page(client, user, paper, when).context["certificates"]}


def opened(client, url, when=OVER):
    client.logout()
    with time_machine.travel(when, tick=False):
        return client.get(url)


def test_the_presenter_has_one_that_anybody_can_check(client, author, paper):
    ((name, url),) = links(client, author.user, paper).items()
    words = opened(client, url).content.decode()
    assert name == "Ada Quuxworth"
    assert all(word in words for word in (name, paper.title, "(poster)", "28 April 2025"))


def test_where_nobody_is_named_as_presenter_all_have_one(client, author, paper):
    Authorship.objects.update(is_presenter=False)
    assert set(links(client, author.user, paper)) == {"Ada Quuxworth", "Bob Zyx"}


def test_there_is_none_before_the_workshop_is_over(client, author, paper):
    url = links(client, author.user, paper)["Ada Quuxworth"]
    before = datetime(2025, 4, 28, 12, tzinfo=UTC)
    assert links(client, author.user, paper, before) == {}
    assert opened(client, url, before).status_code == 404


def test_a_paper_that_is_no_longer_accepted_has_none(client, author, paper):
    url = links(client, author.user, paper)["Ada Quuxworth"]
    Submission.objects.update(outcome="rejected", presentation="")
    assert opened(client, url).status_code == 404


@pytest.mark.parametrize("token", ["x", "abc:def:ghi", "%00"])
def test_an_address_that_was_made_up_shows_nothing(client, paper, token):
    assert opened(client, f"/{paper.edition.slug}/certificates/{token}/").status_code == 404


def test_strangers_find_no_links_on_the_public_page(client, paper):
    response = page(client, UserFactory(), paper)
    assert response.status_code == 302
