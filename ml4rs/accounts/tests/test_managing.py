"""A signed-in person's account: addresses, password, second factors, sessions."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

from ml4rs.editions.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def ada(client):
    """Somebody who signed in and has just proved it again, as sensitive pages ask."""
    user = UserFactory(email="ada@example.org")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return user


def code_in(message) -> str:
    return re.search(r"^    (\S+)$", message.body_text, re.MULTILINE)[1]


def totp_code(secret: str) -> str:
    _, counter, _ = yield_hotp_counters_from_time()  # one step of tolerance on either side
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def with_totp(client, django_capture_on_commit_callbacks):
    """`with_totp()`: add an authenticator app to the signed-in account; its secret."""

    def activate() -> str:
        client.get("/accounts/2fa/totp/activate/")
        secret = client.session["mfa.totp.secret"]
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)})
        return secret

    return activate


PAGES = [
    "/accounts/profile/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/", "/accounts/3rdparty/",
    "/accounts/logout/", "/accounts/reauthenticate/",
]  # fmt: skip


@pytest.mark.parametrize("url", PAGES)
def test_every_page_opens_for_its_owner_and_sends_strangers_to_sign_in(url, client, client_factory, ada):
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1
    stranger = client_factory().get(url)
    assert stranger.status_code == 302


def test_a_second_address_counts_once_it_is_verified(client, ada, mails):
    client.post("/accounts/email/", {"action_add": "", "email": "ada@university.example"})
    assert list(EmailAddress.objects.filter(user=ada, verified=True).values_list("email", flat=True)) == [ada.email]
    client.post("/accounts/confirm-email/", {"code": code_in(mails.to("ada@university.example")[0])})
    assert EmailAddress.objects.filter(user=ada, verified=True).count() == 2


def test_adding_an_address_does_not_tell_whether_it_has_an_account(client, ada, mails):
    UserFactory(email="known@example.org")
    answers = [
        client.post("/accounts/email/", {"action_add": "", "email": f"{who}@example.org"}) for who in ("known", "fresh")
    ]
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {(302, "/accounts/confirm-email/")}
    assert [m.event for m in mails.to("known@example.org")] == [m.event for m in mails.to("fresh@example.org")]


def test_an_address_that_somebody_else_verified_cannot_be_taken(client, ada, mails):
    UserFactory(email="known@example.org")
    client.post("/accounts/email/", {"action_add": "", "email": "known@example.org"})
    client.post("/accounts/confirm-email/", {"code": code_in(mails.messages[0])})
    assert not EmailAddress.objects.filter(user=ada, email="known@example.org", verified=True).exists()


def test_changing_the_password_ends_in_a_mail(client, ada, mails):
    new = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}
    client.post("/accounts/password/change/", new)
    assert mails.events() == ["accounts.password_changed"]
    assert "another long" not in mails.messages[0].body_text


def test_an_authenticator_app_is_asked_for_when_signing_in(client, client_factory, ada, mails, with_totp):
    secret = with_totp()
    assert "accounts.totp_activated" in mails.events()
    for page in ("/accounts/2fa/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/"):
        assert client.get(page).status_code == 200
    fresh = client_factory()
    answer = fresh.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"
    assert fresh.get("/accounts/profile/").status_code == 302
    assert fresh.get(answer.url).status_code == 200
    fresh.post(answer.url, {"code": "000000"})
    assert fresh.get("/accounts/profile/").status_code == 302
    cache.clear()  # the code was spent by activating; allauth remembers that in the cache
    fresh.post(answer.url, {"code": totp_code(secret)})
    assert fresh.get("/accounts/profile/").status_code == 200


def test_a_second_factor_can_be_taken_off_after_proving_oneself(client, ada, mails, with_totp):
    with_totp()
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=ada, type="totp").exists()
    assert mails.events()[-1] == "accounts.totp_deactivated"


def test_sensitive_changes_ask_for_the_password_after_a_while(client, ada, time_machine):
    time_machine.move_to(time.time() + 3600, tick=False)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert client.get(answer.url).status_code == 200
    client.post(answer.url, {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_other_sessions_are_listed_and_ended(client, client_factory, ada):
    laptop = client_factory(headers={"User-Agent": "Laptop of Ada"})
    laptop.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    assert "Laptop of Ada" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert laptop.get("/accounts/profile/").status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


def test_signing_out_needs_a_press(client, ada):
    client.get("/accounts/logout/")
    assert client.get("/accounts/profile/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/profile/").status_code == 302


def test_the_last_address_stays(client, ada):
    client.post("/accounts/email/", {"action_remove": "", "email": ada.email})
    assert EmailAddress.objects.filter(user=ada).exists()
