"""Every page of every part people play, in a real browser: no barrier that axe knows, and no sideways scrolling.

On a phone in the light and on a desktop in the dark, with the demo's data: between them every width and every
colour is met, at half the cost of all four.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.live import Site

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("demo site")]

FIRST, NOW, OVER = "/iclr2025/", "/sandbox/", "/rehearsal/"
PAGES = {
    "": (
        "/", f"{FIRST}call/", f"{FIRST}dates/", f"{FIRST}programme/", f"{FIRST}speakers/", f"{FIRST}committee/",
        f"{FIRST}sponsors/", f"{FIRST}contact/", f"{FIRST}privacy/", f"{FIRST}travel/", "/editions/", "/demo/", NOW,
        "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/login/code/",
        "/rehearsal/", "/rehearsal/programme/",
        "/rehearsal/kiosk/", "/rehearsal/map/",
    ),
    "author": (
        f"{NOW}my/", f"{NOW}submit/", f"{NOW}travel/application/", f"{OVER}my/absences/", "/accounts/profile/",
        "/accounts/email/",
        "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/totp/activate/",
        "/accounts/sessions/", "/accounts/logout/",
    ),
    "reviewer": (f"{NOW}my/", f"{NOW}reviewing/", f"{NOW}reviewing/bids/", f"{NOW}reviewing/conflicts/"),
    "organiser": (
        f"{NOW}organise/", f"{NOW}organise/submissions/", f"{NOW}organise/committee/", f"{NOW}organise/reviews/",
        f"{NOW}organise/assignments/", f"{NOW}organise/assignments/propose/", f"{NOW}organise/assignments/integrity/",
        f"{NOW}organise/committee/seniors/", f"{FIRST}organise/programme/places/", f"{NOW}organise/decisions/",
        f"{NOW}organise/conflicts/",
        f"{FIRST}organise/programme/", f"{OVER}organise/programme/grid/", f"{OVER}organise/programme/lists/",
        f"{OVER}organise/programme/demos/", f"{NOW}organise/edition/",
        f"{NOW}organise/edition/dates/",
        f"{NOW}organise/edition/questions/", f"{NOW}organise/edition/questions/add/",
        f"{NOW}organise/submissions/duplicates/",
        f"{NOW}organise/mail/", f"{NOW}organise/reminders/", f"{NOW}organise/audit/", f"{NOW}organise/timeline/",
        f"{NOW}organise/mail/write/", f"{NOW}organise/mail/write/submissions.authors/",
        f"{NOW}organise/mail/batches/",
        f"{NOW}organise/mail/wording/notifications.reminder/", "/accounts/mail/",
    ),
    "grants": (
        f"{NOW}grants/", f"{NOW}grants/ranking/", f"{NOW}grants/plan/", f"{NOW}grants/money/", f"{NOW}grants/settings/",
    ),
}  # fmt: skip
# From a page by the first link into each of these folders to the next; all that is met on the way is looked at.
FOLLOWED = {
    "": ((f"{OVER}programme/", "/papers/"), (f"{OVER}speakers/", "/people/")),
    "author": ((f"{NOW}my/", "/submissions/"), (f"{OVER}my/", "/submissions/", "/areas")),
    "reviewer": ((f"{NOW}my/", "/reviewing/"),),
    "organiser": ((f"{OVER}organise/programme/lists/", "/sessions/", "/items/"),),
    "grants": ((f"{NOW}grants/", "/grants/"),),
}


@pytest.fixture(params=PAGES, ids=lambda part: part or "anybody")
def visit(request, demo_site: Site, chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page signed in as one of the demo's people, and the addresses to look at."""
    part = request.param
    context = chromium.new_context(base_url=demo_site.url, reduced_motion="reduce")  # no colour halfway to another
    page = context.new_page()
    addresses = list(PAGES[part])
    if part:
        page.goto("/demo/")
        page.get_by_role("region").filter(has_text=f"{part}@").get_by_role("button", name="Sign in").click()
    for start, *folders in FOLLOWED[part]:
        addresses += _followed(page, start, folders)
    yield page, addresses
    context.close()


def _followed(page: Page, start: str, folders: list[str]) -> list[str]:
    met, address = [], start
    for folder in folders:
        page.goto(address)
        [address] = _first_inside(page, folder)
        met.append(address)
    return met


def _first_inside(page: Page, folder: str) -> list[str]:
    """The first address on the page that leads to one thing of a list, such as a paper."""
    hrefs = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [href for href in hrefs if folder in href and not href.endswith(folder)][:1]


def barriers(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in violations for node in each["nodes"][:2]]


def test_no_page_has_a_barrier_or_scrolls_sideways(visit):
    page, addresses = visit
    found = {}
    for address in addresses:
        for width, theme in ((360, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)
            if width == 360:
                page.goto(address)
            problems = barriers(page)
            beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            problems += [f"scrolls {beyond} px sideways"] if beyond > 0 else []
            if problems:
                found[f"{address} {width} {theme}"] = problems
    assert found == {}
