"""The programme's editor in a real browser: by pointer and by keyboard, saved at once, undone at once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.live import Site

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("demo site")]
EDIT = "/rehearsal/organise/programme/"


@pytest.fixture
def page(demo_site: Site, chromium) -> Iterator[Page]:
    """The organiser of the demo, who leaves the draft as it was."""
    context = chromium.new_context(
        base_url=demo_site.url, reduced_motion="reduce", viewport={"width": 1280, "height": 2400}
    )
    page = context.new_page()
    page.goto("/demo/")
    page.get_by_role("button", name="Organiser").first.click()
    yield page
    page.goto(EDIT)
    while (button := page.get_by_role("button", name="Undo", exact=True)).count():
        button.click()
    context.close()


def cell_of(page: Page, title: str) -> Locator:
    return page.locator(".grid-cell", has=page.get_by_role("link", name=title, exact=True))


def drag(page: Page, what: Locator, *, down: float) -> None:
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] - 20, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + down / 2, steps=4)
    page.mouse.move(x, y + down, steps=4)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()


def test_a_session_is_dragged_to_another_time_in_steps_of_five_minutes_and_the_move_is_undone(page: Page):
    page.goto(f"{EDIT}grid/")
    drag(page, cell_of(page, "Keynote 2"), down=-51)
    expect(cell_of(page, "Keynote 2")).to_contain_text("13:35 to 14:05")
    page.reload()
    expect(cell_of(page, "Keynote 2")).to_contain_text("13:35 to 14:05")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(cell_of(page, "Keynote 2")).to_contain_text("14:00 to 14:30")


def test_a_move_is_public_once_it_is_published(page: Page):
    try:
        page.goto(f"{EDIT}grid/")
        drag(page, cell_of(page, "Keynote 2"), down=-51)
        publish(page)
        expect(page.locator(".programme-block", has_text="Keynote 2")).to_contain_text("13:35")
    finally:
        page.goto(f"{EDIT}grid/")
        page.get_by_role("button", name="Undo", exact=True).click()
        publish(page)
    expect(page.locator(".programme-block", has_text="Keynote 2")).to_contain_text("14:00")


def publish(page: Page) -> None:
    page.goto(f"{EDIT}publish/")
    page.get_by_label("Write to those whose talk or poster").uncheck()
    page.locator("main form button").last.click()
    page.wait_for_url("**/rehearsal/programme/")


def test_what_the_move_breaks_is_told_at_once(page: Page):
    page.goto(f"{EDIT}grid/")
    drag(page, cell_of(page, "Poster Session 2"), down=-580)
    expect(cell_of(page, "Poster Session 2")).to_contain_text("11:30 to 12:10")
    expect(page.locator("#clashes")).to_contain_text("Board P1 is given twice")


def test_its_lower_edge_makes_a_session_longer_and_what_follows_moves_on_request(page: Page):
    page.goto(f"{EDIT}grid/")
    page.get_by_label("Move what follows").check()
    drag(page, cell_of(page, "Keynote 2").locator("[data-end]"), down=24)
    expect(cell_of(page, "Keynote 2")).to_contain_text("14:00 to 14:40")
    expect(cell_of(page, "Oral Talks 2")).to_contain_text("14:40 to 15:10")


def test_the_arrow_keys_do_the_same(page: Page):
    page.goto(f"{EDIT}grid/")
    cell_of(page, "Keynote 2").get_by_role("link").focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+ArrowDown")
    expect(cell_of(page, "Keynote 2")).to_contain_text("14:10 to 14:45")
    expect(page.locator("[data-said]")).to_contain_text("“Keynote 2” is at 14:10 to 14:45")
    expect(cell_of(page, "Keynote 2").get_by_role("link")).to_be_focused()


def test_a_poster_goes_to_another_list_by_drag_and_back_by_keyboard(page: Page):
    page.goto(f"{EDIT}lists/")
    first, second = page.get_by_label("Poster Session 1"), page.get_by_label("Poster Session 2")
    title = first.get_by_role("listitem").first.inner_text()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        first.get_by_role("listitem").first.drag_to(second.get_by_role("listitem").nth(1))
    expect(second).to_contain_text(title)
    page.reload()
    moved = second.get_by_role("listitem").filter(has_text=title)
    expect(moved).to_have_count(1)
    expect(page.locator("[data-around]")).to_contain_text("Moved an item to “Poster Session 2”")


def test_a_talk_moves_within_its_list_by_the_arrow_keys(page: Page):
    page.goto(f"{EDIT}lists/")
    talks = page.get_by_label("Oral Talks 1").get_by_role("listitem")
    first, second = talks.nth(0).inner_text(), talks.nth(1).inner_text()
    talks.nth(0).focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("ArrowDown")
    page.reload()
    assert [talks.nth(0).inner_text(), talks.nth(1).inner_text()] == [second, first]


def test_without_a_network_the_move_is_taken_back_in_words(page: Page):
    page.goto(f"{EDIT}grid/")
    page.context.set_offline(True)
    cell_of(page, "Keynote 2").get_by_role("link").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-refused]")).to_contain_text("nothing was moved")
    expect(cell_of(page, "Keynote 2")).to_contain_text("14:00 to 14:30")
    page.context.set_offline(False)
