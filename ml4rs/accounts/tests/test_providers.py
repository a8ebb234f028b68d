"""Signing in elsewhere: offered with keys only, and connecting no account that is not proven to be the same."""

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.urls import reverse

from ml4rs.accounts.models import User
from ml4rs.accounts.providers import sign_in_origins, sign_in_providers
from ml4rs.editions.tests.factories import UserFactory

KEYS = {"GITHUB_CLIENT_ID": "id", "GITHUB_SECRET": "secret", "ORCID_CLIENT_ID": "id", "ORCID_SECRET": "secret"}


def test_without_keys_nothing_is_offered():
    assert sign_in_providers({}) == {}
    assert sign_in_origins({}) == []


def test_half_a_pair_of_keys_offers_nothing():
    assert sign_in_providers({"GITHUB_CLIENT_ID": "id"}) == {}


def test_a_pair_of_keys_offers_its_provider_and_lets_the_browser_go_there():
    providers = sign_in_providers(KEYS)
    assert list(providers) == ["orcid", "github"]
    assert providers["github"]["APPS"] == [{"client_id": "id", "secret": "secret", "key": ""}]
    assert sign_in_origins(providers) == ["https://orcid.org", "https://github.com"]


def test_only_providers_that_verify_addresses_open_an_account_by_address():
    providers = sign_in_providers({**KEYS, "GOOGLE_CLIENT_ID": "id", "GOOGLE_SECRET": "secret"})
    assert [name for name, options in providers.items() if options.get("EMAIL_AUTHENTICATION")] == ["google", "github"]


@pytest.mark.django_db
def test_the_sign_in_page_shows_what_is_set_up(client, settings):
    bare = client.get("/accounts/login/").content.decode()
    assert not [name for name in ("GitHub", "Google", "ORCID") if name in bare]
    settings.SOCIALACCOUNT_PROVIDERS = sign_in_providers(KEYS)
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in with GitHub" in page
    assert "Sign in with ORCID" in page
    assert "Google" not in page
    answer = client.post("/accounts/github/login/?process=login")
    assert answer.url.startswith("https://github.com/login/oauth/authorize")


@pytest.fixture
def come_back(settings):
    """`come_back(email, verified)`: what allauth does with GitHub's answer, without GitHub; the person signed in."""
    settings.SOCIALACCOUNT_PROVIDERS = sign_in_providers(KEYS)

    def finish(email: str, verified: bool):
        request = RequestFactory().get("/accounts/github/login/callback/")
        request.session, request.user = SessionStore(), AnonymousUser()
        request._messages = CookieStorage(request)
        answer = SocialLogin(
            user=User(email=email),
            account=SocialAccount(provider="github", uid="42"),
            email_addresses=[EmailAddress(email=email, verified=verified)],
            provider=get_adapter().get_provider(request, "github"),
        )
        with context.request_context(request):
            complete_login(request, answer)
        return request.user

    return finish


@pytest.mark.django_db
def test_an_address_that_both_sides_verified_is_the_same_person(come_back, mails):
    ada = UserFactory(email="ada@example.org")
    assert come_back("ada@example.org", verified=True) == ada
    assert SocialAccount.objects.get().user == ada
    assert mails.events() == ["accounts.account_connected"]


@pytest.mark.django_db
def test_an_address_that_the_provider_did_not_verify_connects_nothing(come_back, mails):
    UserFactory(email="ada@example.org")
    assert not come_back("ada@example.org", verified=False).is_authenticated
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_who_opened_an_account_in_a_strangers_name_is_locked_out_of_it(come_back, mails):
    UserFactory(email="ada@example.org", verified=False)  # by somebody else, who knows the password
    come_back("ada@example.org", verified=True)
    assert not User.objects.get().has_usable_password()


@pytest.mark.django_db
def test_who_only_claims_a_strangers_address_does_not_catch_them(come_back, mails):
    eve = UserFactory(email="eve@example.org")
    EmailAddress.objects.create(user=eve, email="ada@example.org", verified=False)
    assert come_back("ada@example.org", verified=True) != eve
    assert not SocialAccount.objects.filter(user=eve).exists()


def test_every_provider_has_its_address():
    assert reverse("github_login") == "/accounts/github/login/"
