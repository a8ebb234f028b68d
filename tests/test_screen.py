"""The room's screen, stars and reading without a network, in a real browser."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.live import Site

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("demo site")]
KIOSK, PROGRAMME = "/rehearsal/kiosk/", "/rehearsal/programme/"


@pytest.fixture
def context(demo_site: Site, chromium) -> Iterator[BrowserContext]:
    # Workers need a secure origin, or this name.
    context = chromium.new_context(base_url=f"http://localhost:{demo_site.port}", reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sessions(page: Page) -> list[dict]:
    page.goto(KIOSK)
    data = json.loads(page.locator("#kiosk-data").text_content() or "")
    return [each for each in data["sessions"] if each["starts"]]


def test_slides_play_in_the_break_and_stop_by_themselves_when_a_session_starts(page: Page, context: BrowserContext):
    found = sessions(page)
    quiet = {"break", "lunch", "posters"}
    ends = {each["ends"]: each for each in found if each["kind"] in quiet}
    after = next(each for each in found if each["kind"] not in quiet and each["starts"] in ends)
    starts = datetime.fromisoformat(after["starts"])
    page = context.new_page()
    page.clock.install(time=starts - timedelta(seconds=50))
    page.goto(f"{KIOSK}?seconds=20")
    picture = page.locator("#slide img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1920
    first = picture.get_attribute("src")
    page.clock.run_for(21_000)
    expect(picture).not_to_have_attribute("src", first or "")
    context.set_offline(True)
    second = picture.get_attribute("src")
    page.clock.run_for(20_000)
    expect(picture).not_to_have_attribute("src", second or "")
    page.clock.run_for(15_000)
    expect(page.locator("#slide")).to_be_hidden()
    expect(page.locator("#stage")).to_contain_text(after["title"])


def test_the_keys_of_a_remote_control_turn_the_slides_and_pause_them(page: Page):
    page.goto(KIOSK)
    page.wait_for_function("[...document.querySelectorAll('#slide img')].some(image => image.naturalWidth)")
    picture = page.locator("#slide img")
    first = picture.get_attribute("src") or ""
    page.keyboard.press("PageDown")
    expect(picture).not_to_have_attribute("src", first)
    page.keyboard.press("PageUp")
    expect(picture).to_have_attribute("src", first)
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Go on")).to_have_attribute("aria-pressed", "true")


def test_stars_are_kept_in_the_browser_and_filter_the_programme(page: Page):
    page.goto(PROGRAMME)
    button = page.locator(".programme-items .programme-star").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    whole = page.locator(".programme-block:visible").count()
    page.get_by_label(re.compile("Only what I starred")).check()
    assert page.locator(".programme-block:visible").count() == 1 < whole
    address = page.get_by_role("link", name="Add the starred to a calendar").get_attribute("href") or ""
    answer = page.request.get(address)
    assert answer.text().count("BEGIN:VEVENT") == 1


def test_after_a_first_visit_programme_and_papers_can_be_read_without_a_network(page: Page, context: BrowserContext):
    page.goto(PROGRAMME)
    page.wait_for_function("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
    paper = page.locator(".programme-name a").first
    title, address = paper.text_content() or "", paper.get_attribute("href") or ""
    page.wait_for_function(
        "async address => Boolean(await caches.match(address))", arg=address, timeout=20_000, polling=500
    )
    context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Programme", level=1)).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", name=title.strip(), level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("system-ui")
