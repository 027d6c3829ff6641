"""The desk of review: why first, then the decision; two people where two are needed; many together after a dry run."""

import re
from typing import Any

import pytest
from tests import given
from tests.console.conftest import Seat, once_words

from dingdan.areas import review
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def stopped(db: Database, shop: given.Shop, trigger: review.Trigger | None = None, **more: Any) -> review.Review:
    """A paid order that a rule has stopped."""
    await given.review_rule(db, trigger or review.LargeAmount(at_least={"CNY": 100}), items=("looked", "paid"))
    order_id = await given.paid_order(db, shop, {"MUG": 1}, **more)
    async with db.reading(SYSTEM) as tx:
        return (await review.of_orders(tx, [order_id]))[order_id]


async def as_it_stands(db: Database, number: int) -> review.Review:
    async with db.reading(SYSTEM) as tx:
        return await review.get_one(tx, number)


async def test_the_queue_and_the_pane_say_why_in_both_languages(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("reviewer")
    assert "Nothing to review." in await desk.open("/q/review")
    held = await stopped(db, shop)
    row = await desk.open("/q/review")
    assert spoken(held.order_id) in row
    pane = await desk.open(f"/reviews/{encode('review', held.id)}", **{"HX-Request": "true"})
    for words in (
        "Why it is looked at",
        "total CN¥199.00",
        "limit CN¥1.00",
        "Is looked fine?",
        "The payment fits the order.",
    ):
        assert words in pane, words
    assert "<html" not in pane
    assert "13812345678" not in pane
    assert "审核原因" in await desk.open(f"/reviews/{encode('review', held.id)}", tongue="zh")
    assert spoken(held.order_id) not in await desk.open("/q/review?mine=1")


async def test_one_yes_takes_and_approves_and_a_question_that_is_left_out_is_named(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("reviewer")
    held = await stopped(db, shop)
    page = f"/reviews/{encode('review', held.id)}"
    refused = await desk.send(f"{page}/approve", status=422, right=["looked"])
    assert "review.item_unanswered" in refused.text
    once = once_words(await desk.open(page))[0]
    for _ in range(2):
        await desk.send(f"{page}/approve", right=["looked"], without=["paid"], once=once)
    done = await as_it_stands(db, held.id)
    assert (done.state, done.answers) == ("approved", {"looked": "yes", "paid": "not_applicable"})
    assert "It is decided." in await desk.open(page)


async def test_a_clean_one_takes_one_press(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("reviewer")
    held = await stopped(db, shop)
    await desk.send(f"/reviews/{encode('review', held.id)}/approve")
    done = await as_it_stands(db, held.id)
    assert (done.state, done.answers) == ("approved", {"looked": "yes", "paid": "yes"})


@pytest.mark.requirement("O2.10")
async def test_a_failed_check_is_forced_by_two_of_whom_the_second_may_force(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    first, other, lead = await seat("reviewer"), await seat("reviewer", login="second"), await seat("lead")
    held = await stopped(db, shop)
    page = f"/reviews/{encode('review', held.id)}"
    assert (
        "review.force_reason_missing"
        in (await first.send(f"{page}/approve", status=422, right=["looked"], wrong=["paid"])).text
    )
    assert "Force…" in await first.open(page)
    await first.send(f"{page}/force", wrong=["paid"], reason="buyer_confirmed")
    asked = await as_it_stands(db, held.id)
    assert (asked.state, asked.answers, asked.force_reason) == (
        "signed",
        {"looked": "yes", "paid": "no"},
        "buyer_confirmed",
    )
    assert "review.same_hand" in (await first.send(f"{page}/approve", status=403)).text
    assert "only somebody who may force orders confirms it" in await other.open(page)
    assert "review.force_not_yours" in (await other.send(f"{page}/approve", status=403)).text
    shown = await lead.open(page)
    assert "Confirm the force" in shown
    assert "Asked to go all the same: the buyer confirmed it" in shown
    await lead.send(f"{page}/approve")
    done = await as_it_stands(db, held.id)
    assert (done.state, done.answers["paid"]) == ("approved", "no")
    auditor = await seat("auditor")
    log = await auditor.open("/audit?sort=forced", tongue="zh")
    assert "强制放行" in log
    async with db.reading(SYSTEM) as tx:
        told = await tx.fetchrow("SELECT actor_id, data FROM facts WHERE wire = 'review.forced'")
    assert (told["data"]["by_id"], told["data"]["failed"]) == (asked.signed_by, ["paid"])
    assert told["actor_id"] not in (None, asked.signed_by)


async def test_asking_pauses_and_escalating_rejecting_and_blocking_do_what_they_say(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, risk = await seat("reviewer"), await seat("risk")
    held = await stopped(db, shop)
    page = f"/reviews/{encode('review', held.id)}"
    await desk.send(f"{page}/claim")
    await desk.send(f"{page}/put_back")
    await desk.send(f"{page}/ask", questions=["identity", "quantity"], text="请问是公司采购吗？")
    assert (await as_it_stands(db, held.id)).questions == ("identity", "quantity")
    asked = await desk.open(page)
    assert "Paused" in asked
    assert "请问是公司采购吗？" in asked
    await risk.send(f"{page}/block", reason="risk")
    assert "Risk blocked it" in await desk.open(page)
    await risk.send(f"{page}/unblock")
    other = await stopped(db, shop, buyer="buyer-2")
    there = f"/reviews/{encode('review', other.id)}"
    await desk.send(f"{there}/escalate", reason="needs_lead")
    assert (await as_it_stands(db, other.id)).owner == "lead"
    await desk.send(f"{there}/reject", reason="price_error")
    assert (await as_it_stands(db, other.id)).reject_reason == "price_error"


async def test_orders_that_go_to_one_door_are_combined_and_an_issue_becomes_a_case(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, other, lead = await seat("reviewer"), await seat("reviewer", login="second"), await seat("lead")
    await given.paid_order(db, shop, {"TEE": 1})
    held = await stopped(db, shop)
    page = f"/reviews/{encode('review', held.id)}"
    shown = await desk.open(page)
    assert "Can travel together: 1" in shown
    await desk.send(f"{page}/combine", others=re.findall(r'name="others" value="([^"]+)"', shown)[0])
    together = await desk.open(page)
    assert "Send apart" in together
    consent = re.findall(r'name="consent" value="(cst_\w+)"', together)[0]
    await desk.send(f"{page}/part", consent=consent)
    assert "Send apart" not in await desk.open(page)
    await desk.send(f"{page}/address", detail="文三路 9 号 2 幢 301 室")
    assert (await as_it_stands(db, held.id)).state == "claimed"
    assert "review.not_yours" in (await other.send(f"{page}/address", status=409, detail="文三路 1 号")).text
    # A reviewer opens a case and works on none.
    await desk.send(f"{page}/issue", kind="address_unclear", text="no such street")
    assert (await lead.send(f"{page}/issue", kind="damage")).headers["location"].startswith("/cases/cas_")
    async with db.reading(SYSTEM) as tx:
        wires = [row["wire"] for row in await tx.fetch("SELECT wire FROM facts WHERE id > $1", held.id)]
    assert {"consent.given", "case.opened", "order.address_changed"} <= set(wires)


async def test_many_are_approved_together_after_a_dry_run_and_the_others_say_why_not(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, other = await seat("reviewer"), await seat("reviewer", login="second")
    clean = [await stopped(db, shop, buyer=f"b{n}") for n in range(2)]
    taken = await stopped(db, shop, buyer="b9")
    await other.send(f"/reviews/{encode('review', taken.id)}/claim")
    keys = [encode("review", one.id) for one in [*clean, taken]]
    dry = (await desk.send("/q/review/together/check", status=200, keys=keys)).text
    assert "2 will be approved" in dry
    assert "somebody else has it" in dry
    assert (await as_it_stands(db, clean[0].id)).state == "open"
    await desk.send("/q/review/together", keys=keys)
    assert [(await as_it_stands(db, one.id)).state for one in [*clean, taken]] == ["approved", "approved", "claimed"]
    assert "None of these" in (await desk.send("/q/review/together/check", status=200, keys=keys)).text
    for hostile in (
        [],
        ["x" * 13],
        [encode("order", clean[0].order_id)],
        [encode("review", 7)],
        ["rev_" + "0" * 13] * 51,
    ):
        await desk.send("/q/review/together", status=422, keys=hostile)


async def test_who_may_not_and_who_is_a_stranger(db: Database, seat: Seat, shop: given.Shop) -> None:
    held = await stopped(db, shop)
    page = f"/reviews/{encode('review', held.id)}"
    packer, auditor = await seat("warehouse", merchant_id=shop.merchant_id), await seat("auditor")
    await packer.open("/q/review", status=403)
    assert f"{page}/approve" not in await auditor.open(page)
    await auditor.send(f"{page}/approve", status=403, right=["looked"])
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(page, status=404)
    await stranger.send(f"{page}/reject", status=404, reason="other")
    await stranger.send("/q/review/together", status=422, keys=[encode("review", held.id)])
    assert (await as_it_stands(db, held.id)).state == "open"
