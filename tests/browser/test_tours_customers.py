"""The tour of customers, on a phone: what is answered without a tap, and how many taps the rest takes."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE, Visitor
from tests.browser.walking import Hands

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]


def test_an_order_is_checked_and_followed_without_a_tap(visitor: Visitor, links: dict[str, str]) -> None:
    visit = visitor(tongue="en", screen=PHONE)
    page = visit.page
    page.goto(links["to be paid"])
    # All that one checks stands on the page of the link.
    for words in ("Items", "What it costs", "Payment", "Delivery", "Total"):
        expect(page.locator("main")).to_contain_text(words)
    page.goto(links["on its way"])
    hands = Hands(visit)
    with hands.at_most(1):
        hands.tap(page.get_by_role("link", name=re.compile("Track|parcel", re.IGNORECASE)).first)
        expect(page).to_have_url(re.compile("/(parcels|tracking)"))
    assert visit.wrong == []


def test_something_is_sent_back_with_seven_taps(visitor: Visitor, links: dict[str, str]) -> None:
    visit = visitor(tongue="en", screen=PHONE)
    page, hands = visit.page, Hands(visit)
    page.goto(links["delivered, returnable"])
    with hands.at_most(7):
        hands.tap(page.locator("a[href$='/return']").first)
        choice = page.locator(".p-pick input[type=checkbox], .p-pick select").first
        expect(choice).to_be_visible()
        if choice.evaluate("one => one.tagName") == "SELECT":
            hands.pick(choice, choice.locator("option").nth(1).get_attribute("value") or "")
        else:
            hands.tap(choice)
        hands.tap(page.get_by_role("button", name="Continue"))
        hands.tap(page.locator("input[name=reason]").first)
        hands.tap(page.get_by_role("button", name="Continue"))
        hands.tap(page.locator(".p-options a").first)
        expect(page.locator(".p-confirm")).to_contain_text("CN¥")
        hands.tap(page.locator(".p-confirm .p-last button"))
        expect(page).to_have_url(re.compile(r"/returns/ret_\w+$"))
    # Whose turn it is, until when and how much: at the top, without a tap.
    expect(page.locator("main")).to_contain_text("CN¥")
    assert visit.wrong == []


def test_the_state_of_a_return_needs_no_tap(visitor: Visitor, links: dict[str, str]) -> None:
    visit = visitor(tongue="en", screen=PHONE)
    page, hands = visit.page, Hands(visit)
    page.goto(links["return being decided"])
    with hands.at_most(1):
        hands.tap(page.locator("a[href*='/returns/ret_']").first)
        expect(page.locator("main")).to_contain_text("CN¥")
