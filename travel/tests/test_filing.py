"""Travel support in an edition's file."""

from datetime import date

import pytest
from pydantic import ValidationError

from ml4rs.editions.tests.factories import EditionFactory
from travel.filing import TravelData, copy_settings, section


@pytest.mark.django_db
def test_a_round_trip_changes_nothing():
    edition = EditionFactory()
    assert section.dump(edition) is None
    written = {"airport": "SIN", "currency": "EUR", "who": "everybody"}
    section.load(edition, TravelData(**written))
    section.load(edition, TravelData(**written))
    assert section.dump(edition) == written


@pytest.mark.django_db
def test_every_rule_that_applicants_are_told_can_stand_in_the_file():
    edition = EditionFactory()
    written = {
        "airport": "GIG", "currency": "USD", "who": "students", "proof": False, "assessments": 3,
        "weights": {"merit": 60, "need": 30, "distance": 10}, "answers": date(2026, 3, 1), "offer_days": 7,
        "waiting_list": "approved", "erased": date(2027, 1, 31),
    }  # fmt: skip
    section.load(edition, TravelData(**written))
    assert section.dump(edition) == written


@pytest.mark.django_db
def test_the_next_edition_begins_with_the_rules_and_not_with_the_days():
    old, new = EditionFactory(), EditionFactory()
    copy_settings(old, new)
    assert section.dump(new) is None
    section.load(old, TravelData(airport="SIN", currency="USD", offer_days=7, erased=date(2027, 1, 31)))
    copy_settings(old, new)
    assert section.dump(new) == {"airport": "", "currency": "USD", "who": "students", "offer_days": 7}


@pytest.mark.parametrize(
    "wrong",
    [
        {"airport": "Singapore"}, {"currency": "€"}, {"who": "nobody"}, {"pools": []}, {"offer_days": 0},
        {"weights": {"merit": 40, "need": 40, "distance": 20}}, {"weights": {"merit": 90}}, {"assessments": 6},
    ],
)  # fmt: skip
def test_a_slip_in_the_file_is_refused(wrong):
    with pytest.raises(ValidationError):
        TravelData(**wrong)
