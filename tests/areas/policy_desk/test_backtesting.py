"""Back-tests: the last months judged anew, by jobs that carry on, crash and meet without counting anything twice."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from msgspec.structs import replace
from tests import given
from tests.areas.policies.test_packs import at

from dingdan.areas import merchants, policies, policy_desk, returns
from dingdan.areas.policy_desk.rules import comparing
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import policy_cases
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx
from dingdan.reactions import jobs

CN, EU, _, _ = policies.packs()


def came(**changes: Any) -> policy_desk.Came:
    """A shirt of two that came back the day after."""
    usual = {
        "return_id": 1, "policy_id": 9, "reason": "NO_REASON", "quantity": 1, "requested_at": at("2026-03-04 09:00"),
        "placed_at": at("2026-03-01 09:00"), "delivered_at": at("2026-03-03 09:00"), "received_at": None,
        "category": "clothing/shirts", "flags": (), "is_confirmed": False, "country": "CN", "decision": "approved",
        "had_review": False, "units": 2, "net": 10_000, "order_net": 20_000, "freight": 1_000,
    }  # fmt: skip
    return policy_desk.Came(**(usual | changes))


def compared(tried: policies.PolicyDocument, *lines: policy_desk.Came, way_back: int = 0) -> policy_desk.Sums:
    """What a trial of lines under the Chinese pack comes to."""
    sums = policy_desk.Sums()
    comparing.count(sums, lines, comparing.Judge(tried), {9: comparing.Judge(CN)}, way_back=way_back)
    return sums


def test_the_same_policy_changes_nothing() -> None:
    sums = compared(CN, came(), came(reason="QUALITY_DEFECT"), came(decision="refused", reason="QUALITY_DEFECT"))
    assert sums.total.then == sums.total.now
    assert (sums.total.lines, sums.total.now.approved, sums.total.now.at_once, sums.total.now.refused) == (3, 2, 1, 1)
    assert (sums.newly_approved, sums.newly_refused, sums.examples) == (0, 0, [])


def test_refund_freight_and_postage_are_those_of_each_policy() -> None:
    sums = compared(EU, came(), way_back=1_200)
    assert (sums.total.then.refund, sums.total.then.freight, sums.total.then.postage) == (5_000, 0, 0)
    # Half of the line's share of the freight, which is half of it.
    assert (sums.total.now.refund, sums.total.now.freight, sums.total.now.postage) == (5_000, 250, 0)
    faulty = compared(EU, came(reason="QUALITY_DEFECT"), way_back=1_200).total
    assert (faulty.then.postage, faulty.now.postage, faulty.now.cost) == (1_200, 1_200, 6_450)


def test_the_postage_of_a_parcel_is_counted_once() -> None:
    lines = [came(reason="QUALITY_DEFECT"), came(reason="WRONG_ITEM"), came(return_id=2, reason="QUALITY_DEFECT")]
    assert compared(CN, *lines, way_back=1_000).total.now.postage == 2_000


def test_what_would_be_refused_now_is_shown_with_its_reasons() -> None:
    sums = compared(
        EU, came(category="press"), came(return_id=2, requested_at=came().requested_at + timedelta(days=30))
    )
    assert sums.newly_refused == 2
    assert [(one.was, one.would_be, one.why) for one in sums.examples] == [
        ("approved", "refused", ("EXCLUDED_BY_LAW",)), ("approved", "refused", ("OUT_OF_WINDOW",)),
    ]  # fmt: skip


def test_a_reason_that_the_tried_policy_does_not_know_stays_as_it_was() -> None:
    bare = replace(CN, reasons={"NO_REASON": CN.reasons["NO_REASON"]})
    sums = compared(bare, came(reason="SIZE_UNFIT"), came(reason="QUALITY_DEFECT", decision="refused"))
    assert sums.unknown_reasons == 2
    assert sums.total.then == sums.total.now


@given_any(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 400), st.sampled_from(sorted(CN.reasons))), max_size=9)
)
def test_parts_always_sum_to_the_whole(asked: list[tuple[int, int, str]]) -> None:
    lines = [
        came(return_id=n, reason=reason, requested_at=came().requested_at + timedelta(days=days))
        for n, days, reason in asked
    ]  # fmt: skip
    sums = compared(EU, *lines)
    for parts in (sums.by_reason, sums.by_category):
        assert sum(pair.lines for pair in parts.values()) == sums.total.lines == len(lines)
        assert sum(pair.now.cost for pair in parts.values()) == sums.total.now.cost
    assert sums.total.now.approved + sums.total.now.refused == len(lines)
    assert sums.newly_refused - sums.newly_approved == sums.total.now.refused - sums.total.then.refused


async def _sent_back(db: Database, count: int) -> given.Shop:
    """A shop whose buyers asked to return something, one order each, now and then for a fault."""
    shop = await given.shop(db)
    for n in range(count):
        order_id = await given.delivered_order(db, shop, {"TEE": 2}, buyer=f"b{n}")
        line = returns.ApplyLine(1, reason="QUALITY_DEFECT" if n % 2 else "NO_REASON", order_id=order_id, line_no=1)
        await do(db, SYSTEM, returns.apply, returns.Apply(shop.merchant_id, f"b{n}", (line,)))
    return shop


async def _ask(tx: Tx, merchant_id: int, **how: Any) -> policy_desk.Backtest:
    policy = (await policies.in_force(tx, [(merchant_id, "eu_crd")], tx.now))[merchant_id, "eu_crd"]
    merchant = (await merchants.by_ids(tx, [merchant_id]))[merchant_id]
    return await policy_desk.request(tx, merchant, policy.id, **how)


async def _read(db: Database, backtest_id: int) -> policy_desk.Backtest:
    async with db.reading(SYSTEM) as tx:
        return await policy_desk.backtest(tx, backtest_id)


@pytest.mark.requirement("R1.8")
async def test_it_runs_by_itself_and_reports(db: Database) -> None:
    shop = await _sent_back(db, 3)
    asked = await do(db, SYSTEM, _ask, shop.merchant_id, way_back=800)
    await given.settle(db)
    done = await _read(db, asked.id)
    assert done.done_at is not None
    assert (done.sums.total.lines, done.sums.total.units) == (3, 3)
    assert (done.sums.by_reason["NO_REASON"].lines, done.sums.by_reason["QUALITY_DEFECT"].lines) == (2, 1)
    assert done.sums.total.now.postage == 800
    assert done.sums.total.then.refund == 3 * 8990


async def test_a_job_that_dies_between_pages_is_carried_on_without_counting_twice(db: Database) -> None:
    shop = await _sent_back(db, 3)
    asked = await do(db, SYSTEM, _ask, shop.merchant_id)
    async with db.reading(SYSTEM) as tx:
        page = await policy_cases.page(
            tx, shop.merchant_id, after=0, since=asked.since, until=tx.now, currency="CNY", limit=2
        )
        bound = await policies.by_ids(tx, {line.policy_id for line in page.lines})
    assert (len(page.lines), page.is_last) == (2, False)
    sums = policy_desk.count(await _read(db, asked.id), page.lines, bound)
    one = await _read(db, asked.id)
    assert await do(db, SYSTEM, policy_desk.record, one, sums, counted_to=page.last, is_last=False)
    # The same page by another worker, later: it was counted already.
    assert not await do(db, SYSTEM, policy_desk.record, one, sums, counted_to=page.last, is_last=False)
    await jobs.backtest_policy(db, {"backtest_id": asked.id})
    await jobs.backtest_policy(db, {"backtest_id": asked.id})
    done = await _read(db, asked.id)
    assert done.done_at is not None
    assert done.sums.total.lines == 3


async def test_nothing_came_back_and_that_is_a_report_too(db: Database) -> None:
    shop = await given.shop(db)
    asked = await do(db, SYSTEM, _ask, shop.merchant_id)
    await given.settle(db)
    assert (await _read(db, asked.id)).done_at is not None


async def test_only_so_many_run_at_once_and_none_over_a_century(db: Database) -> None:
    shop = await given.shop(db)
    for _ in range(5):
        await do(db, SYSTEM, _ask, shop.merchant_id)
    with pytest.raises(policy_desk.BacktestsWaiting):
        await do(db, SYSTEM, _ask, shop.merchant_id)
    with pytest.raises(policy_desk.SpanUnfit):
        await do(db, SYSTEM, _ask, shop.merchant_id, days=36_500)


@pytest.mark.requirement("R1.9")
async def test_a_new_version_never_reaches_an_order_of_before(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, {"TEE": 1}, buyer="b")
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    longer = replace(CN, id="cn_statutory", version="shop-1", no_reason=replace(
        CN.no_reason, window=replace(CN.no_reason.window, days=30)))  # fmt: skip
    await do(db, SYSTEM, policies.publish, shop.merchant_id, longer)
    line = returns.ApplyLine(1, order_id=order_id, line_no=1)
    asked = returns.Apply(shop.merchant_id, "b", (line,))
    with pytest.raises(returns.OutOfWindow):
        await do_at(db, SYSTEM, now + timedelta(days=20), returns.apply, asked)
    # What is ordered from now on has the longer promise.
    after = await given.delivered_order(db, shop, {"TEE": 1}, buyer="c")
    asked = returns.Apply(shop.merchant_id, "c", (returns.ApplyLine(1, order_id=after, line_no=1),))
    assert (await do_at(db, SYSTEM, now + timedelta(days=20), returns.apply, asked)).returns


@pytest.mark.requirement("W65")
async def test_a_buyer_who_was_told_late_can_still_return_in_europe(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, _use, shop.merchant_id, "eu_crd")
    order_id = await given.delivered_order(db, shop, {"TEE": 1}, buyer="b")
    async with db.reading(SYSTEM) as tx:
        late = tx.now + timedelta(days=100)
    asked = returns.Apply(shop.merchant_id, "b", (returns.ApplyLine(1, order_id=order_id, line_no=1),))
    with pytest.raises(returns.OutOfWindow):
        await do_at(db, SYSTEM, late, returns.apply, asked)
    await do(db, SYSTEM, policies.note_late_notice, order_id, shop.merchant_id, None)
    assert (await do_at(db, SYSTEM, late, returns.apply, asked)).returns


async def _use(tx: Tx, merchant_id: int, policy: str) -> None:
    merchant = (await merchants.by_ids(tx, [merchant_id]))[merchant_id]
    await merchants.save(tx, merchants.SaveMerchant(
        code=merchant.code, name=merchant.name, zone=merchant.zone, currency=merchant.currency, policy=policy,
        settings=merchant.settings,
    ))  # fmt: skip
