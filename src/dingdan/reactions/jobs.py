"""Every kind of job and who does it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from dingdan.areas import (
    carriers,
    channel_orders,
    channels,
    clocks,
    invoices,
    notifications,
    payments,
    policies,
    policy_desk,
    transit,
    webhooks,
)
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import carrier_figures, policy_cases
from dingdan.plumbing import attesting
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.jobs import JobHandler
from dingdan.reactions.deadlines import KEEPERS

# How much of a back-test one job does, so that it is over long before jobs are given up.
PAGES_OF_A_JOB, RETURNS_OF_A_PAGE = 20, 500

# After a flood, or an upgrade of a house with a long history, so many sets of attestations are made and read in one round.
SETS_OF_A_ROUND = 20


async def evaluate_carriers(db: Database, payload: Any) -> None:
    """Grade carriers by the days before a moment: counted without a lock, then written. The same moment counts once."""
    until = datetime.fromisoformat(payload["until"])
    async with db.reading(SYSTEM) as tx:
        counted = await carrier_figures.counted(tx, since=until - carriers.WINDOW, until=until)
    await do(db, SYSTEM, carriers.record_scores, counted, until=until, only=payload["carrier_ids"])


async def backtest_policy(db: Database, payload: Any) -> None:
    """Go on with a back-test for some pages, each read without a lock and written down; then hand the rest on."""
    backtest_id = payload["backtest_id"]
    for _ in range(PAGES_OF_A_JOB):
        async with db.reading(SYSTEM) as tx:
            one = await policy_desk.backtest(tx, backtest_id)
            if one.done_at is not None:
                return
            cases = await policy_cases.page(tx, one.merchant_id, after=one.counted_to, since=one.since,
                                            until=one.until, currency=one.currency, limit=RETURNS_OF_A_PAGE)  # fmt: skip
            bound = await policies.by_ids(tx, {line.policy_id for line in cases.lines})
        sums = policy_desk.count(one, cases.lines, bound)
        went_on = await do(db, SYSTEM, policy_desk.record, one, sums, counted_to=cases.last, is_last=cases.is_last)
        if cases.is_last or not went_on:
            return
    await do(db, SYSTEM, policy_desk.hand_on, backtest_id)


HANDLERS: dict[str, JobHandler] = {
    "carriers.evaluate": evaluate_carriers,
    "invoices.issue": invoices.issue,
    "notifications.deliver": notifications.deliver,
    policy_desk.JOB: backtest_policy,
    "payments.ask": payments.ask,
    "payments.ask_send_backs": payments.ask_send_backs,
    "payments.send_back": payments.call_send_backs,
    "payments.tell_voids": payments.tell_voids,
    "transit.ask_carrier": transit.ask_carrier,
    "transit.bring_back": transit.bring_back,
    "transit.push_sandbox": transit.push_sandbox,
}


async def publish_stock(db: Database) -> int:
    """Tell channels what they may sell by now."""
    return await do(db, SYSTEM, channels.publish)


async def learn_silence(db: Database) -> int:
    """Learn how long parcels are usually silent, once a day."""
    return await do(db, SYSTEM, transit.learn)


async def extend_deadlines(db: Database) -> int:
    """Move the next set of deadlines that somebody ordered to be later."""
    return await do(db, SYSTEM, clocks.carry_on, KEEPERS)


async def attest_new(db: Database) -> int:
    """Attest what happened since."""
    made = 0
    for _ in range(SETS_OF_A_ROUND):
        made += (some := await do(db, SYSTEM, attesting.attest))
        if some < attesting.MOST:
            break
    return made


async def attest_facts(db: Database) -> int:
    """Attest what happened since, then read the chain again for a while."""
    made = await attest_new(db)
    for _ in range(SETS_OF_A_ROUND):
        if not await do(db, SYSTEM, attesting.verify):
            break
    return made


async def fan_out_webhooks(db: Database) -> int:
    """Make deliveries of what happened for the endpoints that want it."""
    return await do(db, SYSTEM, webhooks.fan_out)


# What workers look after again and again, and how many seconds they rest when there was nothing to do.
ROUNDS: dict[str, tuple[float, Callable[[Database], Awaitable[int]]]] = {
    "channel stock": (2.0, publish_stock),
    "channel updates": (10.0, channel_orders.measure),
    "normal silence": (3600.0, learn_silence),
    "extensions": (0.9, extend_deadlines),
    "chain of facts": (60.0, attest_new),
    "webhooks": (0.2, fan_out_webhooks),
    "webhook gauges": (10.0, webhooks.measure),
}
# A worker that goes on also reads again what is over; whoever only settles what is open does not wait for that.
WATCHES: dict[str, tuple[float, Callable[[Database], Awaitable[int]]]] = {"chain of facts": (60.0, attest_facts)}
