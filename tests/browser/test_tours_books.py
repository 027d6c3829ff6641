"""The tour of who keeps the books: a provider's file, a period that somebody closes, and money that two let go."""

import csv
import io
import re
from typing import Any

import asyncpg
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import House, apart
from tests.browser.walking import Walk, Walker

from dingdan.kernel.ids import encode

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]
COLUMNS = ("at", "kind", "ref", "number", "state", "currency", "amount")


def provider_file(house: House) -> bytes:
    """Two payments of the sandbox: one with another amount, one twice, and one more that we know nothing of."""
    found: list[Any] = []

    async def ask() -> None:
        connection = await asyncpg.connect(house.database_url)
        try:
            found.extend(await connection.fetch(
                "SELECT id, provider_ref, amount, captured_at FROM payments WHERE state = 'captured' AND provider = 'sandbox'"
                " ORDER BY captured_at LIMIT 2"
            ))  # fmt: skip
        finally:
            await connection.close()

    apart(ask())
    first, second = (
        {"at": one["captured_at"].isoformat(), "kind": "charge", "ref": one["provider_ref"],
         "number": encode("payment", one["id"]), "state": "captured", "currency": "CNY", "amount": one["amount"]}
        for one in found
    )  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(
        [first | {"amount": first["amount"] + 1}, second, second, second | {"ref": "nobody", "number": ""}]
    )
    return text.getvalue().encode()


def groups(me: Walk) -> Any:
    """The groups of open differences on a page."""
    return me.page.locator("section", has_text="Open differences, by kind").locator("tbody tr")


def test_finance_deals_with_each_group_of_differences_with_one_click(walk: Walker, house: House) -> None:
    me = walk("finance")
    me.begin("Compare a provider's file with the books")
    with me.hands.at_most(3):
        me.hands.press("u")
        with me.page.expect_file_chooser() as choosing:
            me.hands.tap(me.page.locator("dialog[open] input[type=file]"))
        choosing.value.set_files({"name": "may.csv", "mimeType": "text/csv", "buffer": provider_file(house)})
        me.hands.press("Control+Enter")
        expect(me.page).to_have_url(re.compile(r"/reconciliation/stm_\w+$"))
    me.ticked("Compare a provider's file with the books")
    me.visit.go("/reconciliation")
    left = groups(me).count()
    assert left >= 3
    # From the amount that differs to its order, and to the account that the order stands in.
    with me.hands.at_most(1):
        me.hands.tap(groups(me).filter(has_text="Another amount"))
        expect(me.page.locator("#pane")).to_contain_text("Both sides")
    assert me.page.locator("#pane a[href^='/orders/ord_']").count() == 1
    me.visit.go("/reconciliation")
    for gone in range(1, left + 1):
        with me.hands.at_most(1):
            me.hands.tap(groups(me).first.get_by_role("button"))
            expect(groups(me)).to_have_count(left - gone)
    expect(me.page.locator("#main")).to_contain_text("Books and providers say the same")
    assert me.visit.wrong == []


def test_a_period_is_closed_after_its_checklist_and_paid_out_by_two(walk: Walker) -> None:
    me = walk("finance")
    me.begin("Close a merchant's period")
    me.page.locator("#rows tbody tr").last.click()
    expect(me.page.get_by_role("heading", name="Before closing")).to_be_visible()
    expect(me.page.locator("#main")).to_contain_text("The period is over.")
    # From a line to its order, and from there back to the account: two clicks from any amount to its statement.
    here = me.page.url
    me.page.locator("a[href^='/orders/ord_']").first.click()
    with me.hands.at_most(2):
        me.hands.tap(me.page.locator("a[href^='/settlements/']").first)
        expect(me.page).to_have_url(here)
    with me.hands.at_most(2):
        me.hands.press("c", "Control+Enter")
        me.said("Period closed")
    me.ticked("Close a merchant's period")
    me.begin("Prepare a payout")
    with me.hands.at_most(2):
        me.hands.press("n", "Control+Enter")
        expect(me.page).to_have_url(re.compile("/payout-runs/"))
    expect(me.page.locator("main")).to_contain_text("Whoever prepared it may not approve it.")
    run = me.page.url
    me.ticked("Prepare a payout")
    other = walk("second of finance")
    other.page.goto(run)
    with other.hands.at_most(2):
        other.hands.press("a", "Control+Enter")
        expect(other.page.locator(".o-way")).to_contain_text("Approved")
    assert me.visit.wrong == other.visit.wrong == []
