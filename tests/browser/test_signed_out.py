"""Whoever was signed out while they typed signs in beside it and loses no word."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]

WORDS = "Rang twice, nobody was in; the neighbour takes it on Friday."


def test_words_that_were_typed_outlive_the_session(visitor: Visitor) -> None:
    visit = visitor("cs", tongue="en")
    page = visit.go("/orders?merchant=greenwood")
    page = visit.go(page.locator("#rows tbody tr").first.get_attribute("data-href") or "")
    page.keyboard.press("n")
    dialog = page.locator("dialog[open]")
    dialog.locator("textarea").fill(WORDS)
    visit.context.clear_cookies(name="dingdan_session")
    dialog.locator("button[type=submit], button:not([type])").last.click()
    expect(dialog.locator(".o-problems")).to_contain_text("You are not signed in any more")
    expect(dialog.locator("textarea")).to_have_value(WORDS)
    assert visit.barriers() == []

    with visit.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in a new tab").click()
    beside = opened.value
    expect(beside).to_have_url(re.compile(r"/sign-in\?next="))
    beside.goto(f"{visit.house.url}/in/cs")
    beside.close()
    dialog.locator("button[type=submit], button:not([type])").last.click()
    expect(page.locator("article")).to_contain_text(WORDS)
    # A form that was refused is noted by a browser, once.
    assert [said for said in visit.wrong if "401" not in said] == []
