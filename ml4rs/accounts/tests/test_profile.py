"""The profile: what a person tells about themselves, and that only they change it."""

import pytest
from django.urls import reverse

from ml4rs.accounts.actions import update_profile
from ml4rs.accounts.forms import ProfileForm
from ml4rs.accounts.orcid import check_digit, normalised
from ml4rs.editions.tests.factories import UserFactory

URL = "/accounts/profile/"


def sent(**changes):
    return {"name": "Ada Lovelace", "affiliation": "", "country": "", "time_zone": "", "orcid": "", **changes}


@pytest.mark.parametrize(
    "text",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "https://orcid.org/0000-0002-1825-0097",
        " orcid.org/0000-0002-1825-0097/ ",
    ],
)
def test_an_orcid_is_understood_however_it_is_written(text):
    assert normalised(text) == "0000-0002-1825-0097"


def test_a_check_digit_of_ten_is_an_x():
    assert check_digit("000000021694233") == "X"
    assert normalised("0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize(
    "text", ["0000-0002-1825-0098", "0000-0002-1825-007", "https://example.org/0000-0002-1825-0097"]
)
def test_a_typing_slip_is_no_orcid(text):
    assert normalised(text) is None


@pytest.mark.django_db
def test_a_wrong_orcid_is_answered_in_words():
    form = ProfileForm(sent(orcid="0000-0002-1825-0098"), instance=UserFactory())
    assert "check digit" in form.errors["orcid"][0]


@pytest.mark.django_db
def test_an_address_without_scheme_becomes_https():
    form = ProfileForm(sent(homepage="ada.example.org"), instance=UserFactory())
    assert form.is_valid()
    assert form.cleaned_data["homepage"] == "https://ada.example.org"


@pytest.mark.django_db
def test_an_unknown_time_zone_is_refused_and_a_kept_one_stays():
    assert "time_zone" in ProfileForm(sent(time_zone="Mars/Olympus"), instance=UserFactory()).errors
    old = UserFactory(time_zone="US/Pacific")
    assert ProfileForm(sent(time_zone="US/Pacific"), instance=old).is_valid()


@pytest.mark.django_db
def test_only_profile_fields_are_written():
    with pytest.raises(ValueError, match="is_staff"):
        update_profile(UserFactory(), {"is_staff": "on"})


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.get(URL)
    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={URL}")


@pytest.mark.django_db
def test_a_person_changes_their_own_profile_and_nothing_else(client):
    ada, other = UserFactory(), UserFactory()
    client.force_login(ada)
    answer = client.post(URL, sent(country="GB", time_zone="Europe/London", is_staff="on", email="x@example.org"))
    assert (answer.status_code, answer.url) == (302, URL)
    before, ada = ada, type(ada).objects.get(pk=ada.pk)
    assert (ada.name, ada.country.code, ada.time_zone) == ("Ada Lovelace", "GB", "Europe/London")
    assert (ada.is_staff, ada.email) == (False, before.email)
    assert type(other).objects.get(pk=other.pk).name == other.name
    assert "Ada Lovelace" in client.get(URL).content.decode()


@pytest.mark.django_db
def test_a_mistake_keeps_what_was_typed(client):
    client.force_login(UserFactory())
    page = client.post(URL, sent(name="", affiliation="Analytical Engines")).content.decode()
    assert "Analytical Engines" in page


@pytest.mark.django_db
def test_other_methods_are_refused(client):
    client.force_login(UserFactory())
    assert client.delete(URL).status_code == 405
