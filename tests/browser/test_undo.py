"""What was let go can be taken back for a moment: by its button, by Ctrl Z, after a reload, and without any script."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visitor

pytestmark = [
    pytest.mark.requirement("issue 6: held"), pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(120),
]  # fmt: skip

WAITS, GONE = "About to be sent to the buyer", "nothing went out"


def write(page: Page) -> None:
    """Write to the buyer of the order that is open."""
    page.keyboard.press("m")
    page.locator("dialog[open] textarea").fill("写错了")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".o-undo")).to_contain_text("goes out in 10 s")


def test_what_was_let_go_is_taken_back_by_button_by_key_and_without_scripts(visitor: Visitor) -> None:
    visit = visitor("cs", tongue="en")
    page = visit.go("/orders")
    page = visit.go(page.locator("#rows tbody tr").first.get_attribute("data-href") or "")
    note, sheet = page.locator(".o-undo"), page.locator("article")
    write(page)
    expect(sheet).to_contain_text(WAITS)
    # It is still there on the next page, and counts on.
    page.reload()
    note.locator("button").click()
    expect(page.locator(".o-toast", has_text=GONE)).to_be_visible()
    expect(note).to_have_count(0)
    expect(sheet).not_to_contain_text(WAITS)

    # With its keys switched off Ctrl Z does nothing.
    write(page)
    page.evaluate("localStorage.setItem('dingdan-keys', 'off')")
    page.keyboard.press("Control+z")
    expect(note).to_be_visible()
    page.evaluate("localStorage.setItem('dingdan-keys', 'on')")
    page.keyboard.press("Control+z")
    expect(note).to_have_count(0)
    expect(sheet).not_to_contain_text(WAITS)

    plain = visitor("cs", tongue="en", scripts=False)
    write(page)
    there = plain.go(page.url.removeprefix(plain.house.url))
    there.get_by_role("button", name="Take back").click()
    expect(there.locator("article")).not_to_contain_text(WAITS)
    assert visit.wrong == []
