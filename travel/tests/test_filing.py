"""Travel support in an edition's file."""

import pytest
from pydantic import ValidationError

from ml4rs.editions.tests.factories import EditionFactory
from travel.filing import TravelData, section


@pytest.mark.django_db
def test_a_round_trip_changes_nothing():
    edition = EditionFactory()
    assert section.dump(edition) is None
    written = {"airport": "SIN", "currency": "EUR", "who": "everybody"}
    section.load(edition, TravelData(**written))
    section.load(edition, TravelData(**written))
    assert section.dump(edition) == written


@pytest.mark.parametrize("wrong", [{"airport": "Singapore"}, {"currency": "€"}, {"who": "nobody"}, {"pools": []}])
def test_a_slip_in_the_file_is_refused(wrong):
    with pytest.raises(ValidationError):
        TravelData(**wrong)
