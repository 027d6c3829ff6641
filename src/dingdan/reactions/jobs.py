"""Every kind of job and who does it."""

from collections.abc import Awaitable, Callable

from dingdan.areas import channel_orders, channels, notifications, payments, transit
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.jobs import JobHandler

HANDLERS: dict[str, JobHandler] = {
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


# What workers look after again and again, and how many seconds they rest when there was nothing to do.
ROUNDS: dict[str, tuple[float, Callable[[Database], Awaitable[int]]]] = {
    "channel stock": (2.0, publish_stock),
    "channel updates": (10.0, channel_orders.measure),
    "normal silence": (3600.0, learn_silence),
}
