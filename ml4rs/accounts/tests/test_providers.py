"""Signing in elsewhere: offered with keys only, and connecting no account that is not proven to be the same."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

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
    assert "Sign in with" not in client.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = sign_in_providers(KEYS)
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in with GitHub" in page
    assert "Sign in with ORCID" in page.replace("Orcid.org", "ORCID")
    assert "Google" not in page
    answer = client.post("/accounts/github/login/?process=login")
    assert answer.url.startswith("https://github.com/login/oauth/authorize")


def come_back_from_github(client, settings, *, email, verified):
    """What allauth does with the answer of a provider, without the provider."""
    from allauth.core import context
    from allauth.socialaccount.helpers import complete_social_login
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    settings.SOCIALACCOUNT_PROVIDERS = sign_in_providers(KEYS)
    request = RequestFactory().get("/accounts/github/login/callback/")
    request.session = SessionStore()
    request.user = __import__("django.contrib.auth.models", fromlist=["AnonymousUser"]).AnonymousUser()
    request._messages = CookieStorage(request)
    user = UserFactory.build(email=email)
    account = SocialAccount(provider="github", uid="42", extra_data={})
    login = SocialLogin(user=user, account=account, email_addresses=[EmailAddress(email=email, verified=verified)])
    login.state = SocialLogin.state_from_request(request)
    with context.request_context(request):
        answer = complete_social_login(request, login)
    return request, answer


@pytest.mark.django_db
def test_a_verified_address_there_and_here_is_the_same_person(client, settings, mails):
    ada = UserFactory(email="ada@example.org")
    request, _ = come_back_from_github(client, settings, email="ada@example.org", verified=True)
    assert request.user == ada
    assert SocialAccount.objects.get().user == ada
    assert mails.events() == ["accounts.account_connected"]


@pytest.mark.django_db
@pytest.mark.parametrize(("there", "here"), [(False, True), (True, False)])
def test_an_address_that_only_one_side_verified_connects_nothing(client, settings, mails, there, here):
    ada = UserFactory(email="ada@example.org", verified=here)
    request, _ = come_back_from_github(client, settings, email="ada@example.org", verified=there)
    assert request.user != ada
    assert not SocialAccount.objects.filter(user=ada).exists()


def test_every_provider_has_its_address():
    assert reverse("github_login") == "/accounts/github/login/"
