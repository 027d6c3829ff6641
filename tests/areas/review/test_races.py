"""Two at once: one order, one decision."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.review import desk
from tests.areas.review.desk import ANNA, BELA, YES

from dingdan import worker
from dingdan.areas import orders, review
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 2: races")

ROUNDS = 4


async def both(one: Awaitable[Any], other: Awaitable[Any]) -> tuple[bool, bool]:
    """Which of the two went through; a refusal is a fair answer, anything else is a bug."""
    found = await asyncio.gather(one, other, return_exceptions=True)
    assert all(not isinstance(result, Exception) or isinstance(result, Refusal) for result in found), found
    return not isinstance(found[0], Exception), not isinstance(found[1], Exception)


async def ended(db: Database, held: review.Review) -> tuple[str, str]:
    await given.settle(db)
    async with db.transaction(SYSTEM) as tx:
        return str((await review.get_one(tx, held.id)).state), str((await orders.get_one(tx, held.order_id)).state)


async def test_a_yes_that_meets_a_no(db: Database) -> None:
    shop = await given.shop(db)
    for _ in range(ROUNDS):
        held = await desk.claimed(db, await desk.stopped(db, shop))
        done = await both(
            do(db, ANNA, review.approve, held.id, answers=YES), do(db, ANNA, review.reject, held.id, reason="no")
        )
        wanted = ("approved", "confirmed") if done[0] else ("rejected", "cancelled")
        assert sum(done) == 1
        assert await ended(db, held) == wanted


async def test_two_who_claim_never_get_the_same(db: Database) -> None:
    shop = await given.shop(db)
    held = [await desk.stopped(db, shop) for _ in range(5)]
    taken = await asyncio.gather(*(do(db, by, review.claim, limit=4) for by in (ANNA, BELA)))
    ids = [one.id for found in taken for one in found]
    assert len(ids) == len(set(ids)) == len(held)


async def test_time_that_runs_out_while_somebody_says_no(db: Database) -> None:
    shop = await given.shop(db)
    for _ in range(ROUNDS):
        await do(db, SYSTEM, review.save_terms, review.Terms(service_from_hour=0, service_to_hour=24))
        held = await desk.stopped(db, shop)
        await do(db, ANNA, review.escalate, held.id, reason="unsure")
        await desk.claimed(db, held, BELA)
        await do(db, SYSTEM, clock.advance, timedelta(hours=5))
        done, _ = await both(do(db, BELA, review.reject, held.id, reason="no"), worker.run_deadlines(db))
        assert await ended(db, held) == (("rejected", "cancelled") if done else ("approved", "confirmed"))


async def test_a_cancellation_that_meets_a_yes(db: Database) -> None:
    shop = await given.shop(db)
    for _ in range(ROUNDS):
        held = await desk.claimed(db, await desk.stopped(db, shop))
        cancelled, approved = await both(
            do(db, SYSTEM, orders.cancel, held.order_id, reason="changed_mind"),
            do(db, ANNA, review.approve, held.id, answers=YES),
        )
        assert cancelled
        assert await ended(db, held) == ("approved" if approved else "withdrawn", "cancelled")


async def test_an_answer_that_meets_its_deadline(db: Database) -> None:
    shop = await given.shop(db)
    for _ in range(ROUNDS):
        held = await desk.claimed(db, await desk.stopped(db, shop))
        await do(db, ANNA, review.ask, held.id, questions=["id_card"], text="")
        await do(db, SYSTEM, clock.advance, timedelta(hours=25))
        await both(do(db, SYSTEM, review.answer, held.id, text="here"), worker.run_deadlines(db))
        assert (await desk.of_order(db, held.order_id)).state == "claimed"


async def test_two_versions_of_a_rule_get_two_numbers(db: Database) -> None:
    await asyncio.gather(*(
        given.review_rule(db, review.LargeAmount(at_least={"CNY": n}), code="same") for n in range(1, 6)
    ))  # fmt: skip
    async with db.transaction(SYSTEM) as tx:
        assert (await review.get_rule(tx, None, "same")).number == 5
