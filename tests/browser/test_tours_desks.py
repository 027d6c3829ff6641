"""The tour of who decides at a queue: customer service and the order reviewer, with the keys that each job takes."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.walking import Walker

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("said", ["phone", "name", "waybill", "number"])
def test_customer_service_finds_the_order_of_whoever_calls(walk: Walker, said: str) -> None:
    me = walk("customer service")
    me.begin("Find a caller's order")
    # Lin Wan's torn dress, or whatever stands at the top.
    number = me.page.locator("#rows tbody tr").first.get_attribute("data-key") or ""
    looked_for = {"phone": "0001", "name": "林晚", "waybill": "SF1388000042041", "number": number}[said]
    with me.hands.at_most(2 + len(looked_for)):
        me.hands.press("Control+k")
        me.hands.type(looked_for)
        me.hands.press("Enter")
        expect(me.page).to_have_url(re.compile(r"/(orders/ord|returns/ret)_\w+$"))
    me.ticked("Find a caller's order")


def test_customer_service_decides_a_clean_return_with_one_key(walk: Walker) -> None:
    me = walk("customer service")
    me.begin("Approve a return")
    before = me.down_to("A")
    with me.hands.at_most(1):
        me.hands.press("a")
        me.said("Approved")
        me.next_opened(before)
    me.ticked("Approve a return")
    assert me.visit.wrong == []


def test_customer_service_refuses_fairly_with_three(walk: Walker) -> None:
    me = walk("customer service")
    me.begin("Refuse the engraved mug fairly")
    before = me.opened()
    expect(me.page.locator("#pane")).to_contain_text("Engraved mug")
    with me.hands.at_most(3):
        me.hands.press("r")
        me.hands.pick(me.page.locator("dialog[open] select[name=rule]"), "CN_EX_CUSTOM")
        me.hands.press("Control+Enter")
        me.said("Refused")
        me.next_opened(before)
    me.ticked("Refuse the engraved mug fairly")


def test_customer_service_offers_another_way_with_three(walk: Walker) -> None:
    me = walk("customer service")
    me.begin("Offer something for the thin pillow")
    me.opened()
    with me.hands.at_most(3):
        me.hands.press("o")
        me.hands.pick(me.page.locator("dialog[open] select[name=kind]"), "keep")
        me.hands.press("Control+Enter")
        me.said("Offer sent")
    me.ticked("Offer something for the thin pillow")


def test_customer_service_writes_with_ready_words(walk: Walker) -> None:
    me = walk("customer service")
    me.begin("Write to a buyer without leaving the case")
    before = me.opened()
    with me.hands.at_most(3):
        me.hands.press("m")
        expect(me.page.locator("dialog[open] textarea")).to_be_focused()
        me.hands.press("/", "Control+Enter")
        me.said("goes out in 10 s")
    # The case is still open: nothing was left.
    assert me.opened() == before
    expect(me.page.locator("#pane .o-act-row").last).to_contain_text("您的申请我们正在处理")
    me.ticked("Write to a buyer without leaving the case")


def test_customer_service_takes_a_case_through_its_playbook(walk: Walker) -> None:
    me = walk("customer service")
    me.begin("Take the lost parcel through its playbook")
    me.opened()
    with me.hands.at_most(1):
        me.hands.press("1")
        me.said("Buyer told")
    expect(me.page.locator("#pane .o-playbook li").first).to_have_attribute("data-step", "done")
    me.ticked("Take the lost parcel through its playbook")


def test_a_reviewer_clears_the_queue(walk: Walker) -> None:
    me = walk("order reviewer")
    me.begin("Approve an order")
    before = me.down_to("A")
    with me.hands.at_most(1):
        me.hands.press("a")
        me.said("Approved")
        me.next_opened(before)
    me.ticked("Approve an order")
    me.begin("Send one on with a reason")
    before = me.down_to("I")
    with me.hands.at_most(3):
        me.hands.press("i")
        me.hands.pick(me.page.locator("dialog[open] select[name=kind]"), "address_unclear")
        me.hands.press("Enter")
        me.sent()
    me.ticked("Send one on with a reason")
    # Two orders of one buyer may share a parcel: the key, and Enter.
    me.visit.go("/q/review")
    me.down_to("C")
    with me.hands.at_most(2):
        me.hands.press("c", "Enter")
        me.said("one parcel")
    me.begin("Ask a buyer")
    me.down_to("E")
    me.page.keyboard.press("e")
    me.page.locator("dialog[open] input[type=checkbox]").first.check()
    me.page.keyboard.press("Control+Enter")
    me.sent()
    me.ticked("Ask a buyer")
    me.begin("Reject one with a reason")
    me.down_to("R")
    me.page.keyboard.press("r")
    me.page.locator("dialog[open] select").select_option(index=1)
    me.page.keyboard.press("Control+Enter")
    me.said("Order cancelled")
    me.ticked("Reject one with a reason")
    me.begin("See which rules stop orders")
    me.ticked("See which rules stop orders")
    assert me.visit.wrong == []


def test_a_failed_check_is_forced_by_two_people(walk: Walker) -> None:
    me = walk("order reviewer")
    me.visit.go("/q/review")
    asked = me.down_to("F")
    with me.hands.at_most(3):
        me.hands.press("f")
        me.hands.pick(me.page.locator("dialog[open] select[name=reason]"), "buyer_confirmed")
        me.hands.press("Control+Enter")
        me.said("Asked; somebody who may force orders decides")
    me = walk("customer service")
    me.visit.go(f"/q/review?open={asked}")
    assert me.opened() == asked
    expect(me.page.locator("#pane")).to_contain_text("Asked to go all the same")
    with me.hands.at_most(1):
        me.hands.press("a")
        me.said("Order approved")
    assert me.visit.wrong == []


def test_customer_service_goes_through_orders_by_keys(walk: Walker) -> None:
    me = walk("customer service")
    me.visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    me.page.add_init_script("window.print = () => { window.printed = true; }")
    me.visit.go("/orders")
    first, second = (one.get_attribute("data-href") or "" for one in me.page.locator("#rows tbody tr").all()[:2])
    me.page.locator("#rows tbody tr").first.click()
    for key, there in (("]", second), ("[", first)):
        expect(me.page.locator(f"a[data-key='{key}']")).to_be_visible()
        with me.hands.at_most(1):
            me.hands.press(key)
            expect(me.page).to_have_url(re.compile(f"{there}$"))
    with me.hands.at_most(1):
        me.hands.press("y")
        me.said("Copied")
    assert me.page.evaluate("navigator.clipboard.readText()") == me.page.url
    with me.hands.at_most(1):
        me.hands.press("p")
        me.page.wait_for_function("window.printed")
    with me.hands.at_most(1):
        me.hands.tap(me.page.locator(".o-more-acts summary"))
        expect(me.page.get_by_role("button", name="Another address")).to_be_visible()
    assert me.visit.wrong == []
