"""Passkeys and authenticator apps in a real browser: set up, sign in with them, take them away."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, expect

from tests.live import Site

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("demo site")]
PASSWORD = "look-around"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(demo_site: Site, chromium: Browser) -> Iterator[Page]:
    """A browser with a key built in; a passkey belongs to a name, so the site is called localhost here."""
    context = chromium.new_context(base_url=f"http://localhost:{demo_site.port}")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    context.close()


def sign_in(page: Page, part: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email", exact=False).fill(f"{part}@demo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def confirm_it_is_you(page: Page) -> None:
    """Some steps ask for the password again."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("confirm", re.IGNORECASE)).click()


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_passkey_is_added_signs_in_without_a_password_and_is_removed(page: Page):
    sign_in(page, "reviewer")
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_it_is_you(page)
    page.get_by_label("Name").fill("Phone")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Recovery codes")).not_to_have_count(0)
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Rename Phone").click()
    page.get_by_label("Name").fill("Telephone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("rowheader", name="Telephone")).to_be_visible()
    sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="My page")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove Telephone").click()
    confirm_it_is_you(page)
    page.get_by_role("button", name="Remove key").click()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Telephone")).to_have_count(0)


def test_an_app_asks_for_its_code_and_a_wrong_one_is_refused(page: Page):
    sign_in(page, "grants")
    page.goto("/accounts/2fa/totp/activate/")
    confirm_it_is_you(page)
    secret = page.get_by_label("Secret").input_value()
    page.get_by_label("code").fill(code_now(secret))
    page.get_by_role("button", name="Set up").click()
    sign_out(page)

    sign_in(page, "grants")
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
    page.get_by_label("code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
