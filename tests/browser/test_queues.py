"""Queues: the first case opens by itself, one key decides, and the next one opens."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]


@pytest.mark.parametrize(("login", "queue"), [("cs", "/q/returns"), ("review", "/q/review")])
def test_a_clean_case_takes_one_key_and_the_next_opens(visitor: Visitor, login: str, queue: str) -> None:
    visit = visitor(login, tongue="en")
    page = visit.go(queue)
    expect(page.locator("#pane [data-sheet]")).to_be_visible()
    at = page.locator("#rows tr.o-at")
    # From the end of the queue, where nothing is refused and nothing has been escalated.
    for _ in range(page.locator("#rows tbody tr").count()):
        page.keyboard.press("j")
        page.wait_for_timeout(250)
        if page.locator("#pane button[data-key=A], #pane button[data-key=a]").count():
            break
    key = at.get_attribute("data-key")
    expect(page.locator("#pane [data-sheet]")).to_have_attribute("data-sheet", re.compile("."))
    sheet = page.locator("#pane [data-sheet]").get_attribute("data-sheet")
    page.keyboard.press("a")
    expect(page.locator(".o-toast")).to_be_visible()
    expect(page.locator(f"#row-{key}")).to_have_class(re.compile("o-gone"))
    expect(page.locator("#pane [data-sheet]")).not_to_have_attribute("data-sheet", sheet or "")
    assert visit.wrong == []


def test_a_queue_remembers_what_is_open(visitor: Visitor) -> None:
    page = visitor("cs").go("/q/returns")
    expect(page.locator("#pane [data-sheet]")).to_be_visible()
    page.keyboard.press("j")
    key = page.locator("#rows tr.o-at").get_attribute("data-key")
    expect(page).to_have_url(re.compile(f"open={key}"))
    page.reload()
    expect(page.locator("#rows tr.o-at")).to_have_attribute("data-key", key or "")


def test_a_hand_that_is_quicker_than_the_page_is_answered_as_any_other(visitor: Visitor) -> None:
    visit = visitor("review", tongue="en")
    page = visit.go("/q/review")
    expect(page.locator("#pane [data-sheet]")).to_be_visible()
    # The moment an item is there, before the page has made its forms its own.
    page.evaluate("""document.body.addEventListener("htmx:afterSwap", () =>
        document.querySelector("#pane form[hx-post] > button[data-key=T]").click(), {once: true})""")
    page.keyboard.press("j")
    expect(page.locator(".o-toast")).to_be_visible()
    assert visit.wrong == []
