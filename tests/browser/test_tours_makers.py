"""The tour of the merchant at the queues, and of the developer with webhooks: what each job takes in keys and clicks."""

import re

import pytest
from playwright.sync_api import FilePayload, expect
from tests.browser.walking import Walker

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]


def test_a_merchant_sees_what_needs_them_and_answers_with_one_key(walk: Walker) -> None:
    me = walk("merchant")
    # Without a click: what is next, every queue, what is broken.
    expect(me.page.locator(".o-today-start")).to_be_visible()
    expect(me.page.get_by_role("heading", name="How full is each queue?")).to_be_visible()
    for desk, heading in (("Analytics", "Why do goods come back?"), ("Settlements", "Settlements")):
        with me.hands.at_most(1):
            me.hands.tap(me.page.get_by_role("link", name=desk, exact=True).first)
            expect(me.page.get_by_role("heading", name=heading).first).to_be_visible()
    me.begin("Answer a return request")
    before = me.opened()
    expect(me.page.locator("#pane")).to_contain_text("Linen cushion")
    with me.hands.at_most(1):
        me.hands.press("a")
        me.said("Approved")
        me.next_opened(before)
    me.ticked("Answer a return request")
    assert me.visit.wrong == []


def test_whoever_writes_rules_is_three_clicks_from_a_dry_run(walk: Walker) -> None:
    me = walk("merchant")
    with me.hands.at_most(3):
        me.hands.tap(me.page.get_by_role("link", name="Rules and SLAs", exact=True))
        me.hands.tap(me.page.locator("tr[data-href='/rules/review/large_amount']"))
        me.hands.tap(me.page.get_by_role("button", name="Try on the past"))
        expect(me.page.locator("dialog[open] .o-preview")).to_contain_text("it would have stopped")
    assert me.visit.wrong == []


def test_a_merchant_sends_numbers_of_many_parcels_in_a_file(walk: Walker) -> None:
    me = walk("merchant")
    me.visit.go("/q/fulfil")
    order = me.page.locator("#rows tbody tr").first.locator(".o-code").first.inner_text()
    with me.hands.at_most(3):
        me.hands.tap(me.page.get_by_role("link", name="Upload tracking numbers"))
        rows = f"order,carrier,tracking_number\n{order},yto,YT8800000000029\n".encode()
        sheet: FilePayload = {"name": "sent.csv", "mimeType": "text/csv", "buffer": rows}
        me.page.locator("input[type=file]").set_input_files(sheet)
        me.hands.tap(me.page.locator("main form button").first)
        expect(me.page.locator("main")).to_contain_text(order)
    assert me.visit.wrong == []


def test_a_developer_breaks_a_webhook_and_replays_it(walk: Walker) -> None:
    # Whoever runs the platform sees no orders, so webhooks are a merchant's.
    me = walk("merchant")
    me.begin("Break a webhook and replay it")
    # A receiver without a public address, and what it gets.
    with me.hands.at_most(1):
        me.hands.press("c")
        expect(me.page).to_have_url(re.compile(r"/webhooks/hook_\w+$"))
    here = me.page.url

    def sent(answer: str) -> None:
        """A test, until its answer has come."""
        me.page.goto(here)
        me.page.keyboard.press("t")
        expect(me.page).to_have_url(re.compile(r"/deliveries/\w+$"))
        expect(me.page.locator("main")).to_contain_text(re.compile(rf"Call 1: {answer}"), timeout=30_000)

    sent("Succeeded")
    me.page.goto(here)
    expect(me.page.locator("main")).to_contain_text("Signature good")
    me.page.keyboard.press("a")
    me.page.locator("dialog[open] select").select_option("410")
    me.page.keyboard.press("Control+Enter")
    me.sent()
    # Something happens, and the receiver says that it is gone: it is switched off.
    me.visit.go("/q/returns")
    me.opened()
    me.page.keyboard.press("m")
    expect(me.page.locator("dialog[open] textarea")).to_be_focused()
    me.page.keyboard.press("/")
    me.page.keyboard.press("Control+Enter")
    me.said("goes out in 10 s")
    me.page.goto(here)
    expect(me.page.locator(".o-way")).to_contain_text("Off", timeout=30_000)
    # Why it failed, from the page of developers: the list, the message with what was sent and what was answered.
    me.visit.go("/developers")
    with me.hands.at_most(2):
        me.hands.tap(me.page.get_by_role("link", name="Deliveries", exact=True))
        me.hands.tap(me.page.locator("#rows tbody tr", has_text=re.compile("Failed.*410", re.DOTALL)).first)
        expect(me.page.get_by_role("heading", name="What was sent")).to_be_visible()
        expect(me.page.locator("main")).to_contain_text("410")
    failed = me.page.url
    # Whole again: all that failed since with two, one of them with one.
    me.page.goto(here)
    me.page.keyboard.press("a")
    me.page.locator("dialog[open] select").select_option("200")
    me.page.keyboard.press("Control+Enter")
    me.sent()
    me.page.get_by_role("button", name="Switch on").click()
    expect(me.page.locator("#main [data-key=R]")).to_be_visible()
    with me.hands.at_most(2):
        me.hands.press("r", "Control+Enter")
        expect(me.page.locator(".o-toast", has_text=re.compile("Sent again: [1-9]")).first).to_be_visible()
    me.page.goto(failed)
    with me.hands.at_most(1):
        me.hands.press("r")
        me.said("On its way again")
    me.ticked("Break a webhook and replay it")
    assert me.visit.wrong == []
