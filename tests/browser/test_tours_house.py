"""The tour of who runs the house and its money: finance, the merchant, platform operations and the developer."""

import re
import subprocess

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import House
from tests.browser.walking import Walker

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]


def test_finance_releases_refunds_and_chases_the_others(walk: Walker) -> None:
    me = walk("finance")
    me.begin("Release a refund")
    before = me.down_to("A")
    with me.hands.at_most(1):
        me.hands.press("a")
        me.said("Refund released")
        me.next_opened(before)
    me.ticked("Release a refund")
    # The others together, after a look at what that would do.
    me.visit.go("/q/refunds")
    me.opened()
    waiting = me.page.locator("#rows tbody tr").count()
    with me.hands.at_most(4):
        me.hands.tap(me.page.locator("[data-all]"))
        me.hands.tap(me.page.locator("#bulk button"))
        expect(me.page.get_by_role("button", name=re.compile(rf"Release {waiting}")).first).to_be_visible()
        me.hands.press("a", "Control+Enter")
        expect(me.page.locator("#main")).to_contain_text("No refunds waiting")
    me.begin("Ask about an unknown one")
    before = me.opened()
    with me.hands.at_most(1):
        me.hands.press("q")
        me.said("Asking the provider")
    assert me.opened() == before, "it is as unknown as before, so it stays"
    me.begin("Send a failed one again")
    me.opened()
    with me.hands.at_most(1):
        me.hands.press("r")
        me.said("Sent again")
    me.ticked("Send a failed one again")
    me.ticked("Ask about an unknown one")
    assert me.visit.wrong == []


def test_finance_is_two_clicks_from_every_line(walk: Walker) -> None:
    me = walk("finance")
    with me.hands.at_most(2):
        me.hands.tap(me.page.get_by_role("link", name="Settlements", exact=True))
        me.hands.tap(me.page.locator("#rows tbody tr").last)
        expect(me.page.get_by_role("heading", name="Lines")).to_be_visible()
    assert me.page.locator("a[href^='/orders/ord_']").count()


def test_a_merchant_shows_proof_on_one_screen(walk: Walker) -> None:
    me = walk("merchant")
    me.begin("Show proof in a dispute")
    me.opened()
    for side in ("Buyer", "Seller", "What we know"):
        expect(me.page.locator("#pane")).to_contain_text(side)
    me.page.keyboard.press("e")
    me.page.locator("dialog[open] textarea").fill("出库前拍照,靠垫无污渍。")
    me.page.keyboard.press("Control+Enter")
    me.said("the other side sees it")
    me.ticked("Show proof in a dispute")
    for task in ("Understand what comes back and why", "See what you are paid"):
        me.begin(task)
        me.ticked(task)


def test_a_merchant_begins_a_policy_of_its_own(walk: Walker) -> None:
    me = walk("merchant")
    me.begin("Try a policy before it holds")
    me.page.locator("#rows tbody tr").first.click()
    expect(me.page).to_have_url(re.compile(r"/policies/pol_\w+$"))
    me.page.wait_for_load_state("load")
    me.page.keyboard.press("n")
    me.page.keyboard.press("Control+Enter")
    expect(me.page).to_have_url(re.compile(r"/policies/pol_\w+/edit$"))
    me.ticked("Try a policy before it holds")
    assert me.visit.wrong == []


def test_platform_operations_see_carriers_with_one_click(walk: Walker) -> None:
    me = walk("platform operations")
    with me.hands.at_most(1):
        me.hands.tap(me.page.get_by_role("link", name="Carriers", exact=True))
        expect(me.page.locator("#rows")).to_contain_text("YTO Express")
    assert me.page.get_by_role("link", name="CSV").get_attribute("href")
    with me.hands.at_most(1):
        me.hands.tap(me.page.get_by_role("link", name="Analytics", exact=True))
        expect(me.page.locator("main")).to_contain_text("Whose goods come back?")
    me.begin("Grant what is above a lead's limit")
    me.opened()
    with me.hands.at_most(1):
        me.hands.press("d")
        me.said("Granted")
    me.ticked("Grant what is above a lead's limit")
    me.begin("Claim for the lost parcel")
    me.opened()
    me.page.keyboard.press("3")
    me.page.locator("dialog[open] input[name=carrier_ref]").fill("YTO-2026-77")
    me.page.keyboard.press("Control+Enter")
    me.said("Claim filed")
    me.ticked("Claim for the lost parcel")
    for task in ("Read a carrier's scorecard", "See where the shift is in trouble"):
        me.begin(task)
        me.ticked(task)
    assert me.visit.wrong == []


def test_a_developer_copies_one_call_with_a_key_in_it(walk: Walker, house: House) -> None:
    me = walk("developer, administrator")
    me.begin("Make an API key")
    with me.hands.at_most(1):
        me.hands.press("k")
        expect(me.page.locator("main")).to_contain_text("works as it stands")
    call = me.page.locator(".o-lang pre").first.inner_text()
    assert house.url in call
    answered = subprocess.run(["bash", "-c", call], capture_output=True, text=True, timeout=30, check=True).stdout
    assert '"items"' in answered, answered
    me.ticked("Make an API key")
