"""What the staff writes to a buyer waits a moment: taken back in time nobody ever sees it, else the buyer is told once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.talks.test_talks import dues, waiting

from dingdan import worker
from dingdan.areas import orders, talks
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import return_thread
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: held")

WAIT = timedelta(seconds=10)
ANN, BEN = (Actor(ActorKind.STAFF, n, permissions=frozenset({"note.read"})) for n in (1, 2))


async def say(db: Database, number: int, text: str, by: Actor = ANN, **more: Any) -> None:
    await do(db, by, talks.say, number, side=Side.SELLER, text=text, **({"wait": WAIT} | more))


async def write(db: Database, number: int, text: str, by: Actor = ANN) -> None:
    await do(db, by, orders.note, number, text=text, is_shown=True, wait=WAIT)


async def read(db: Database, return_id: int) -> list[str]:
    """What the buyer reads about a return."""
    async with db.reading(SYSTEM) as tx:
        return [one.text for one in await return_thread.of_return(tx, return_id) if one.text]


async def shown(db: Database, order_id: int) -> list[str]:
    """What the buyer reads with an order."""
    async with db.reading(SYSTEM) as tx:
        return [one.text for one in await orders.notes(tx, [order_id], shown_only=True)]


async def told(db: Database, wire: str) -> int:
    async with db.reading(SYSTEM) as tx:
        found: int = await tx.fetchval("SELECT count(*) FROM facts WHERE wire = $1", wire)
        return found


async def time_is_up(db: Database) -> None:
    await till.pass_time(db, WAIT)
    await given.settle(db, with_deadlines=True)


async def test_words_about_a_return_wait_unread_and_are_told_once(db: Database) -> None:
    held = await waiting(db)
    await say(db, held.id, "一")
    await say(db, held.id, "二", by=BEN)
    await given.settle(db, with_deadlines=True)
    assert (await read(db, held.id), await told(db, "return.remarked")) == ([], 0)
    async with db.reading(SYSTEM) as tx:
        assert [one.text for one in await talks.unsent(tx, held.id)] == ["一", "二"]

    # One takes back one's own and nobody else's.
    await do(db, BEN, talks.unsay, held.id)
    with pytest.raises(talks.WordsGone):
        await do(db, BEN, talks.unsay, held.id)
    assert talks.WORDS_GO.name in await dues(db, held.id)
    await time_is_up(db)
    assert (await read(db, held.id), await told(db, "return.remarked")) == (["一"], 1)
    with pytest.raises(talks.WordsGone):
        await do(db, ANN, talks.unsay, held.id)
    await say(db, held.id, "三", wait=timedelta())
    assert await read(db, held.id) == ["一", "三"]


async def test_words_to_a_buyer_wait_unread_and_call_nobody_yet(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    await write(db, order_id, "一")
    await do(db, ANN, orders.unwrite, order_id)
    await time_is_up(db)
    assert await shown(db, order_id) == []
    assert orders.WORDS_GO.name not in await dues(db, order_id)
    with pytest.raises(orders.WordsGone):
        await do(db, ANN, orders.unwrite, order_id)

    await write(db, order_id, "二")
    async with db.reading(SYSTEM) as tx:
        assert [one.text for one in await orders.unsent(tx, [order_id])] == ["二"]
    assert await shown(db, order_id) == []
    await time_is_up(db)
    assert (await shown(db, order_id), await told(db, "order.buyer_written")) == (["二"], 1)


@pytest.mark.requirement("issue 2: races")
async def test_of_taking_words_back_and_sending_them_one_wins(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    for n in range(6):
        before = await shown(db, order_id)
        await write(db, order_id, f"{n}")
        await till.pass_time(db, WAIT)
        taken, _ = await asyncio.gather(
            do(db, ANN, orders.unwrite, order_id), worker.run_deadlines(db), return_exceptions=True
        )
        await given.settle(db, with_deadlines=True)
        is_late = isinstance(taken, Refusal)
        assert await shown(db, order_id) == [*before, *([f"{n}"] if is_late else [])]
    assert await told(db, "order.buyer_written") == len(await shown(db, order_id))
