"""What was let go can be taken back for a moment: by its button, by Ctrl Z, after a reload, and without any script."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit, Visitor

pytestmark = [
    pytest.mark.requirement("issue 6: held"), pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(120),
]  # fmt: skip


def let_go(visit: Visit) -> Page:
    """The page of a refund that was just released."""
    page = visit.go("/q/refunds")
    href = page.locator("#rows tbody tr").first.get_attribute("data-href") or ""
    page = visit.go(href)
    release(page)
    return page


def release(page: Page) -> None:
    page.get_by_role("button", name="Release").first.click()
    sure = page.locator("dialog[open] button.o-first")
    if sure.count():
        sure.click()


def test_what_was_let_go_is_taken_back_by_button_and_by_key(visitor: Visitor) -> None:
    visit = visitor("fin", tongue="en")
    page = let_go(visit)
    note = page.locator(".o-undo")
    expect(note).to_contain_text("goes out in 10 s")
    expect(page.locator("article")).to_contain_text("Goes out in")
    # It is still there on the next page, and counts on.
    page.reload()
    expect(note).to_contain_text("goes out in 10 s")
    note.locator("button").click()
    expect(page.locator(".o-toast", has_text="nothing went out")).to_be_visible()
    expect(note).to_have_count(0)
    expect(page.locator("article")).to_contain_text("To approve")

    # With its keys switched off Ctrl Z does nothing.
    release(page)
    expect(note).to_be_visible()
    page.evaluate("localStorage.setItem('dingdan-keys', 'off')")
    page.keyboard.press("Control+z")
    expect(note).to_be_visible()
    page.evaluate("localStorage.setItem('dingdan-keys', 'on')")
    page.keyboard.press("Control+z")
    expect(note).to_have_count(0)
    expect(page.locator("article")).to_contain_text("To approve")
    assert visit.wrong == []


def test_without_scripts_the_page_itself_has_the_button(visitor: Visitor) -> None:
    visit = visitor("fin", tongue="en", scripts=False)
    rows = visit.go("/q/refunds").locator("#rows tbody tr").all()
    forms = visit.page.locator("article form[action$='/approve']")
    # Larger amounts are confirmed in a dialog, which only a script opens.
    for href in [row.get_attribute("data-href") or "" for row in rows]:
        visit.go(href)
        if forms.filter(visible=True).count():
            break
    forms.filter(visible=True).locator("button").click()
    visit.page.get_by_role("button", name="Take back").click()
    expect(visit.page.locator("article")).to_contain_text("To approve")
