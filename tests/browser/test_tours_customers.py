"""The tour of customers, on a phone: what is answered without a tap, and how many taps the rest takes."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE, House, Visitor, printed
from tests.browser.walking import Hands, Walker

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
    visit.page.goto(links["return being decided"])
    # Whose turn it is, until when and how much: at the top of the page that the link of a message opens.
    for words in ("We look at it.", "Answer by", "You get back", "CN¥"):
        expect(visit.page.locator(".p-card")).to_contain_text(words)
    assert visit.wrong == []


def test_an_offer_is_taken_with_one_tap_or_refused_before_the_platform_with_two(
    visitor: Visitor, walk: Walker, house: House
) -> None:
    visit = visitor(tongue="en", screen=PHONE)
    page, hands = visit.page, Hands(visit)
    page.goto(printed(house)["offer to answer"])
    expect(page.locator(".p-card")).to_contain_text("CN¥40.00")
    page.get_by_role("link", name="See your return").click()
    # Another sum is named; whoever serves customers sees it, and offers once more.
    page.locator("summary", has_text="Say what you want instead").click()
    page.locator("details[open] input[name=amount]").fill("60")
    page.locator("details[open] button").click()
    expect(page.locator(".p-card")).to_contain_text("CN¥60.00")
    me = walk("customer service")
    me.visit.go(page.url.rpartition("/")[2].join(("/returns/", "")))
    expect(me.page.get_by_role("button", name="Accept the buyer's offer")).to_be_visible()
    me.page.get_by_role("button", name="Decline it").click()
    expect(me.page.locator("#main [data-key=O]")).to_be_visible()
    with me.hands.at_most(3):
        me.hands.press("o")
        me.hands.pick(me.page.locator("dialog[open] select[name=kind]"), "keep")
        me.hands.press("Control+Enter")
        me.said("Offer sent")
    page.reload()
    with hands.at_most(1):
        hands.tap(page.get_by_role("button", name=re.compile("^Accept: ")))
        expect(page.locator(".p-card")).not_to_contain_text("Offer")
    expect(page.get_by_role("button", name=re.compile("^Accept: "))).to_have_count(0)
    # The other offer is not good enough.
    page.goto(printed(house)["offer to answer"])
    page.get_by_role("link", name="See your return").click()
    with hands.at_most(2):
        hands.tap(page.locator("summary", has_text="Refuse it, and ask the platform to decide"))
        hands.tap(page.locator("details[open] button"))
        expect(page).to_have_url(re.compile(r"/disputes/dsp_\w+$"))
    assert visit.wrong == []
