"""Signing up and in: by code, without telling who has an account, slowed down when tried too often."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from ml4rs.accounts.models import User
from ml4rs.editions.tests.factories import RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
SIGNUP, LOGIN, CODE = "/accounts/signup/", "/accounts/login/", "/accounts/confirm-email/"
RESET, RESET_CODE = "/accounts/password/reset/", "/accounts/password/reset/confirm/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def sign_up(client, email="ada@example.org", **changes):
    return client.post(SIGNUP, {"name": "Ada Lovelace", "email": email, "password1": "long enough 4 all", **changes})


def code_in(message) -> str:
    return re.search(r"^    (\S+)$", message.body_text, re.MULTILINE)[1]


def seen(answer) -> tuple:
    """What somebody in front of the browser can tell answers apart by."""
    return answer.status_code, answer.get("Location"), sorted(answer.cookies)


def body(answer, *masked: str) -> str:
    """The page without tokens and the address that was typed."""
    text = re.sub(r"[A-Za-z0-9]{64}", "token", answer.content.decode())
    for word in masked:
        text = text.replace(word, "@")
    return text


def test_a_newcomer_signs_up_and_verifies_by_code(client, mails):
    assert sign_up(client).url == CODE
    assert client.get("/accounts/profile/").status_code == 302  # not in yet
    [mail] = mails.to("ada@example.org")
    assert mail.event == "accounts.email_confirmation_signup"
    client.post(CODE, {"code": code_in(mail)})
    ada = User.objects.get(email="ada@example.org")
    assert (ada.name, EmailAddress.objects.get(user=ada).verified) == ("Ada Lovelace", True)
    assert client.get("/accounts/profile/").status_code == 200


def test_a_wrong_code_verifies_nothing_and_three_end_it(client, mails):
    sign_up(client)
    for _ in range(4):
        client.post(CODE, {"code": "AAAA-AAAA"})
    client.post(CODE, {"code": code_in(mails.messages[0])})
    assert not EmailAddress.objects.get().verified


def test_the_roles_that_waited_are_there_after_verifying(client, mails):
    role = RoleFactory(user=None, email="ada@example.org")
    sign_up(client, "Ada@Example.org")
    role.refresh_from_db()
    assert role.user is None
    client.post(CODE, {"code": code_in(mails.messages[0])})
    role.refresh_from_db()
    assert role.user == User.objects.get(email="ada@example.org")


def test_signing_up_does_not_tell_whether_an_address_has_an_account(client, client_factory, mails):
    UserFactory(email="known@example.org")
    known, fresh = client_factory(), client_factory()
    answers = [sign_up(known, "known@example.org"), sign_up(fresh, "fresh@example.org")]
    assert seen(answers[0]) == seen(answers[1])
    pages = [body(known.get(CODE), "known@example.org"), body(fresh.get(CODE), "fresh@example.org")]
    assert pages[0] == pages[1]
    wrong = [each.post(CODE, {"code": "AAAA-AAAA"}) for each in (known, fresh)]
    assert body(wrong[0], "known@example.org") == body(wrong[1], "fresh@example.org")
    # The owner of the address learns more than whoever typed it.
    assert [m.event for m in mails.to("known@example.org")] == ["accounts.account_already_exists"]
    assert User.objects.count() == 2


def test_a_bad_password_at_sign_up_is_refused_alike(client_factory):
    UserFactory(email="known@example.org")
    answers = [sign_up(client_factory(), f"{who}@example.org", password1="short") for who in ("known", "fresh")]
    assert body(answers[0], "known@example.org") == body(answers[1], "fresh@example.org")
    assert User.objects.count() == 1


@pytest.mark.parametrize("url", [RESET, "/accounts/login/code/"])
def test_asking_for_a_code_does_not_tell_whether_an_address_has_an_account(url, client_factory, mails):
    UserFactory(email="known@example.org")
    known, fresh = client_factory(), client_factory()
    answers = [each.post(url, {"email": f"{who}@example.org"}) for each, who in ((known, "known"), (fresh, "fresh"))]
    assert seen(answers[0]) == seen(answers[1])
    assert answers[0].status_code == 302
    pages = [body(each.get(answers[0].url), f"{who}@example.org") for each, who in ((known, "known"), (fresh, "fresh"))]
    assert pages[0] == pages[1]
    assert [m.event for m in mails.to("fresh@example.org")] == ["accounts.unknown_account"]


def test_signing_in_fails_in_the_same_words_for_a_wrong_password_and_an_unknown_address(client_factory):
    UserFactory(email="known@example.org")
    pages = [
        body(client_factory().post(LOGIN, {"login": f"{who}@example.org", "password": "wrong"}), f"{who}@example.org")
        for who in ("known", "fresh")
    ]
    assert pages[0] == pages[1]
    assert "not correct" in pages[0]


def test_a_person_signs_in_with_their_password(client):
    UserFactory(email="ada@example.org")
    answer = client.post(LOGIN, {"login": "Ada@Example.org", "password": PASSWORD, "next": "/accounts/profile/"})
    assert answer.url == "/accounts/profile/"
    assert client.get("/accounts/profile/").status_code == 200


def test_signing_in_leads_nowhere_else(client):
    UserFactory(email="ada@example.org")
    answer = client.post(LOGIN, {"login": "ada@example.org", "password": PASSWORD, "next": "https://evil.example/"})
    assert answer.url == "/"


def test_a_person_signs_in_by_code(client, mails):
    UserFactory(email="ada@example.org")
    answer = client.post("/accounts/login/code/", {"email": "ada@example.org"})
    client.post(answer.url, {"code": code_in(mails.messages[0])})
    assert client.get("/accounts/profile/").status_code == 200


def test_who_opened_an_account_in_a_strangers_name_is_not_joined_there_by_them(client, client_factory, mails):
    sign_up(client_factory())  # by Eve, with a password that she knows
    answer = client.post("/accounts/login/code/", {"email": "ada@example.org"})
    assert mails.events() == ["accounts.email_confirmation_signup", "accounts.unknown_account"]
    client.post(answer.url, {"code": code_in(mails.messages[0])})
    assert client.get("/accounts/profile/").status_code == 302


def test_a_reset_takes_the_account_from_who_opened_it_in_a_strangers_name(client, client_factory, mails):
    eve = client_factory()
    sign_up(eve)
    step = client.post(RESET, {"email": "ada@example.org"}).url
    step = client.post(step, {"code": code_in(mails.messages[-1])}).url
    client.post(step, {"password1": "another long one", "password2": "another long one"})
    eve.post(LOGIN, {"login": "ada@example.org", "password": "long enough 4 all"})
    assert eve.get("/accounts/profile/").status_code == 302


def test_an_account_whose_address_is_not_verified_does_not_open(client, mails):
    UserFactory(email="ada@example.org", verified=False)
    assert client.post(LOGIN, {"login": "ada@example.org", "password": PASSWORD}).url == CODE
    assert client.get("/accounts/profile/").status_code == 302
    assert mails.events() == ["accounts.email_confirmation_signup"]


def test_a_forgotten_password_is_replaced_by_code(client, mails):
    UserFactory(email="ada@example.org")
    step = client.post(RESET, {"email": "ada@example.org"}).url
    assert step == RESET_CODE
    step = client.post(step, {"code": code_in(mails.messages[0])}).url
    assert client.get(step).status_code == 200
    client.post(step, {"password1": "another long one", "password2": "another long one"})
    assert client.post(LOGIN, {"login": "ada@example.org", "password": "another long one"}).status_code == 302
    assert mails.events()[-1] == "accounts.password_reset"


def test_guessing_passwords_is_stopped(client):
    UserFactory(email="ada@example.org")
    for _ in range(6):
        page = client.post(LOGIN, {"login": "ada@example.org", "password": "wrong"})
    assert "Too many failed login attempts" in page.content.decode()
    client.post(LOGIN, {"login": "ada@example.org", "password": PASSWORD})
    assert client.get("/accounts/profile/").status_code == 302


def test_signing_up_in_bulk_is_stopped(client):
    answers = [sign_up(client, "no address").status_code for _ in range(22)]
    assert answers[0] == 200
    assert answers[-1] == 429


def test_every_page_for_strangers_opens(client):
    for page in (
        SIGNUP,
        LOGIN,
        RESET,
        "/accounts/login/code/",
        "/accounts/inactive/",
        "/accounts/password/reset/done/",
    ):
        assert client.get(page).status_code == 200, page


def test_the_name_at_sign_up_is_asked_for(client):
    assert "This field is required" in sign_up(client, name="").content.decode()
    assert not User.objects.exists()
