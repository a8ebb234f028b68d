"""Whoever is given a role gets a mail about it, once, with an edition's own words if it has some."""

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions import actions
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Template
from ml4rs.notifications.roles import POWERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    role = RoleFactory(edition=EditionFactory(slug="iclr2025"), name="organiser", user__name="Olga")
    return Viewer.of(role.user, role.edition)


@pytest.mark.parametrize("name", POWERS)
def test_the_mail_says_which_role_it_is_who_gave_it_and_what_comes_first(name, organiser, mails):
    user = UserFactory(email="ada@example.org", name="Ada")
    role = actions.give_role(organiser.edition, name, "ada@example.org", by=organiser)
    (mail,) = mails.to("ada@example.org", "notifications.role_given")
    assert mail.user == user
    for words in (role.get_name_display(), "Olga", POWERS[name], "Sign in as ada@example.org", "/iclr2025/my/"):
        assert words in mail.subject + mail.body_text
    assert Entry.objects.filter(verb="role.given", subject_id=role.pk, actor=organiser.user).count() == 1


def test_somebody_without_an_account_is_told_to_sign_up(organiser, mails):
    actions.give_role(organiser.edition, "grants_officer", "new@example.org", by=organiser)
    (mail,) = mails.to("new@example.org")
    assert "sign up with this address" in mail.body_text


def test_giving_a_role_again_sends_nothing_unless_it_was_taken_meanwhile(organiser, mails):
    given = actions.give_role(organiser.edition, "grants_officer", "new@example.org", by=organiser)
    actions.give_role(organiser.edition, "grants_officer", "new@example.org", by=organiser)
    assert len(mails.messages) == 1
    actions.take_role(given, by=organiser)
    actions.give_role(organiser.edition, "grants_officer", "new@example.org", by=organiser)
    assert len(mails.messages) == 2


def test_nobody_is_told_what_they_gave_themselves(organiser):
    actions.give_role(organiser.edition, "grants_officer", organiser.user.email, by=organiser)


def test_an_editions_own_words_are_used(organiser, mails):
    Template.objects.create(
        edition=organiser.edition, event="notifications.role_given", subject="Welcome", body="As {{ role }}."
    )
    actions.give_role(organiser.edition, "schedule_editor", "new@example.org", by=organiser)
    assert mails.messages[0].subject.endswith("Welcome")
    assert "As Schedule editor." in mails.messages[0].body_text
