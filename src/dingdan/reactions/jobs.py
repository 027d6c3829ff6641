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
    transit,
    webhooks,
)
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import carrier_figures
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.jobs import JobHandler
from dingdan.reactions.deadlines import KEEPERS


async def evaluate_carriers(db: Database, payload: Any) -> None:
    """Grade carriers by the days before a moment: counted without a lock, then written. The same moment counts once."""
    until = datetime.fromisoformat(payload["until"])
    async with db.reading(SYSTEM) as tx:
        counted = await carrier_figures.counted(tx, since=until - carriers.WINDOW, until=until)
    await do(db, SYSTEM, carriers.record_scores, counted, until=until, only=payload["carrier_ids"])


HANDLERS: dict[str, JobHandler] = {
    "carriers.evaluate": evaluate_carriers,
    "invoices.issue": invoices.issue,
    "notifications.deliver": notifications.deliver,
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


async def fan_out_webhooks(db: Database) -> int:
    """Make deliveries of what happened for the endpoints that want it."""
    return await do(db, SYSTEM, webhooks.fan_out)


# What workers look after again and again, and how many seconds they rest when there was nothing to do.
ROUNDS: dict[str, tuple[float, Callable[[Database], Awaitable[int]]]] = {
    "channel stock": (2.0, publish_stock),
    "channel updates": (10.0, channel_orders.measure),
    "normal silence": (3600.0, learn_silence),
    "extensions": (0.9, extend_deadlines),
    "webhooks": (0.2, fan_out_webhooks),
    "webhook gauges": (10.0, webhooks.measure),
}
