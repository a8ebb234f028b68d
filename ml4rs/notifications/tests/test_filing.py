"""Reminders and wording as part of an edition's file."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from ml4rs.editions.tests.factories import EditionFactory
from ml4rs.notifications.filing import Mail, MailSection
from ml4rs.notifications.models import Template

pytestmark = pytest.mark.django_db
SECTION = MailSection()
AUDIENCE = "submissions.drafts"


def test_an_edition_with_the_usual_mail_has_nothing_to_write_down():
    assert SECTION.dump(EditionFactory()) is None


def test_a_round_trip_changes_nothing():
    edition = EditionFactory()
    edition.reminder_rules.filter(audience=AUDIENCE, before=timedelta(days=1)).update(is_active=False)
    Template.objects.create(edition=edition, event="submissions.receipt", subject="Thanks", body="{{ title }}")
    written = SECTION.dump(edition)
    assert {"to": AUDIENCE, "hours_before": 24, "active": False} in written["reminders"]
    other = EditionFactory()
    for target in (other, other, edition):
        SECTION.load(target, Mail.model_validate(written))
        assert SECTION.dump(target) == written


def test_what_the_file_does_not_list_is_gone():
    edition = EditionFactory()
    Template.objects.create(edition=edition, event="submissions.receipt", subject="Thanks", body="{{ title }}")
    SECTION.load(edition, Mail.model_validate({"reminders": [{"to": AUDIENCE, "hours_before": 48}]}))
    assert [rule.before for rule in edition.reminder_rules.filter(audience=AUDIENCE)] == [timedelta(days=2)]
    assert edition.mail_templates.count() == 0


@pytest.mark.parametrize(
    "data",
    [
        {"reminders": [{"to": "nobody.known", "hours_before": 24}]},
        {"reminders": [{"to": AUDIENCE, "hours_before": 0}]},
        {"wording": [{"event": "nothing.known", "subject": "x", "body": "y"}]},
        {"wording": [{"event": "submissions.receipt", "subject": "x", "body": "{{ password }}"}]},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_is_refused(data):
    with pytest.raises(ValidationError):
        Mail.model_validate(data)
