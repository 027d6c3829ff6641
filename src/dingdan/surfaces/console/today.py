"""Today: what is next for whoever looks, how full the queues are, what is broken, and which promises were kept."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import asyncpg
import msgspec
from litestar import Response

from dingdan.areas import identity, orders
from dingdan.kernel.refusal import Text
from dingdan.overviews import desk_counts, today
from dingdan.overviews.desk_counts import Waiting
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.rail import RAIL, Item
from dingdan.surfaces.console.sign_in import session_of
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import formatting, naming
from dingdan.surfaces.shared.pages.doors import itself, shown
from dingdan.surfaces.shared.pages.screens import Link, Own

T = TypeVar("T")
NEVER = datetime.max.replace(tzinfo=UTC)
# What somebody must be allowed to do for a queue to be work of theirs.
WORK = {
    "review": "review.decide", "fulfil": "work.do", "exceptions": "case.work", "returns": "return.decide",
    "inspection": "return.inspect", "unmatched": "return.receive", "refunds": "refund.approve", "disputes": "dispute.rule",
    "exchanges": "repair.work",
}  # fmt: skip
# The queue at which a role is at home: what waits there comes before what others may do as well.
HOME = {
    "reviewer": "review", "warehouse": "fulfil", "inspector": "inspection", "finance": "refunds", "arbitrator": "disputes",
}  # fmt: skip
# What can be broken: its words, where one goes, and who is to know.
BROKEN: dict[str, tuple[Text, str, str]] = {
    "refunds_failed": (Text("Refunds failed", "退款失败"), "/q/refunds?state=failed", "refund.read"),
    "refunds_unknown": (Text("Refunds with an unknown result", "退款结果未知"), "/q/refunds?state=unknown", "refund.read"),
    "parcels_silent": (Text("Parcels nobody hears of", "物流停滞包裹"), "/tracking", "parcel.read"),
    "webhooks": (Text("Webhooks failing", "Webhook 异常"), "/webhooks", "webhook.read"),
    "keys": (Text("API keys that end within 14 days", "14 天内到期的密钥"), "/keys?stands=ending", "key.read"),
    "invoices": (Text("Invoices not issued", "发票未开出"), "/invoices", "invoice.read"),
    "channel_orders": (Text("Channel orders with problems", "渠道订单异常"), "/channels", "channel_order.read"),
    "disputes_still": (Text("Disputes standing still", "中止的纠纷"), "/q/disputes", "dispute.read"),
    "reactions": (Text("Reactions parked", "挂起的自动动作"), "", "deadline.read"),
    "jobs": (Text("Jobs given up", "失败的后台任务"), "", "deadline.read"),
}  # fmt: skip
PROMISES: dict[str, tuple[Text, str]] = {
    "review": (Text("Orders reviewed", "订单审核"), "review.read"), "return_review": (Text("Returns answered", "退货审核"), "return.read"),
    "inspection": (Text("Goods inspected", "验货"), "return.read"), "refund": (Text("Money back", "退款"), "refund.read"),
    "arrival": (Text("Parcels arrived", "包裹送达"), "parcel.read"), "case": (Text("Cases closed", "异常解决"), "case.read"),
    "exchange": (Text("Exchanges sent", "换货发出"), "return.read"), "invoice": (Text("Invoices issued", "发票开具"), "invoice.read"),
}  # fmt: skip


class Queue(msgspec.Struct, frozen=True):
    """A queue on the strip, and whether it is the looker's own work."""

    item: Item
    waiting: Waiting
    is_own: bool

    @property
    def fine(self) -> int:
        """What is neither late nor at risk."""
        return self.waiting.count - self.waiting.late - self.waiting.at_risk


class Attainment(msgspec.Struct, frozen=True):
    """A promise in words, with its share in time."""

    text: Text
    kept: today.Kept

    @property
    def share(self) -> str:
        """How much of it was in time."""
        return formatting.percent(self.kept.in_time, max(self.kept.done, self.kept.missed))

    @property
    def hundredths(self) -> int:
        """The same for a drawing."""
        return 100 * self.kept.in_time // max(self.kept.done, self.kept.missed, 1)


class Called(NamedTuple):
    """A note that calls whoever looks: on which order, when, what it says, and whose it is."""

    order: Link | None
    here: str
    at: datetime
    text: str
    by: str


@itself("GET", "/today", permission="signed_in")
async def show(ask: Ask) -> Response[str]:
    """The page that everybody begins the day with; a panel that cannot be read says so, and the others stand."""
    async with ask.db.reading(ask.actor) as tx:
        now = tx.now
    queues = await _panel(ask, _queues)
    broken = await _panel(ask, _broken)
    kept = await _panel(ask, _promises)
    following = await _panel(ask, _following)
    called = await _panel(ask, _called)
    if broken is not None and ask.actor.merchant_id is None and ask.actor.may("deadline.read"):
        broken = await _with_machinery(ask, broken)
    homes = {HOME.get(role) for role in session_of(ask.request).roles}
    made = Own(
        title=Text("Today", "今日工作台"), template="today.html", live=["order", "return", "refund", "case", "parcel"],
        data={
            "queues": queues, "first": next_of(queues or [], homes), "broken": broken, "broken_words": BROKEN, "kept": kept,
            "following": following, "most": desk_counts.MOST, "called": called,
        },
    )  # fmt: skip
    return shown(ask.request, made, now)


async def _panel(ask: Ask, read: Callable[[Tx], Awaitable[T]]) -> T | None:
    """What one panel shows, read by itself; None where the database could not say it, so that the others stand."""
    try:
        async with ask.db.reading(ask.actor) as tx:
            return await read(tx)
    except (asyncpg.PostgresError, TimeoutError) as trouble:
        log.error("panel_failed", error=type(trouble).__name__, message=str(trouble)[:500])
        return None


async def _broken(tx: Tx) -> dict[str, int]:
    return await today.broken(tx, [kind for kind in BROKEN if tx.actor.may(BROKEN[kind][2])])


async def _following(tx: Tx) -> datetime | None:
    return await today.next_deadline(tx, tx.actor.merchant_id)


async def _called(tx: Tx) -> list[Called]:
    """The notes that call whoever looks."""
    found = await orders.mentions(tx) if tx.actor.may("note.read") else []
    people = await identity.staff_by_ids(
        tx, {one.note.said_by for one in found if one.note.said_by_kind == "staff" and one.note.said_by}
    )
    return [
        Called(naming.link("order", one.note.order_id), naming.place("order", one.note.order_id), one.note.at, one.text,
               people[one.note.said_by].name if one.note.said_by in people else "")
        for one in found
    ]  # fmt: skip


async def _queues(tx: Tx) -> list[Queue]:
    seen = [item for group in RAIL for item in group.items if tx.actor.may(item.permission)]
    waiting = await desk_counts.waiting(tx, [item.name for item in seen])
    return [
        Queue(item, waiting[item.name], tx.actor.may(WORK.get(item.name, item.permission)))
        for item in seen if item.name in waiting
    ]  # fmt: skip


def next_of(queues: Sequence[Queue], homes: Collection[str | None]) -> Queue | None:
    """What somebody does next: own work; the role's own desk, the queue with the most that is late, the one that is due first."""
    own = [one for one in queues if one.is_own and one.waiting.count]
    return min(
        own, default=None,
        key=lambda one: (one.item.name not in homes, -one.waiting.late, one.waiting.first or NEVER, -one.waiting.count),
    )  # fmt: skip


async def _promises(tx: Tx) -> list[Attainment]:
    midnight = formatting.local(tx.now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = await today.promises(
        tx, since=midnight, until=tx.now + timedelta(seconds=1), merchant_id=tx.actor.merchant_id
    )
    return [Attainment(PROMISES[one.promise][0], one) for one in found if tx.actor.may(PROMISES[one.promise][1])]


async def _with_machinery(ask: Ask, broken: dict[str, int]) -> dict[str, int] | None:
    try:
        async with ask.db.connection() as connection:
            return broken | await today.machinery(connection)
    except (asyncpg.PostgresError, TimeoutError):
        return None


ROUTES: list[Any] = [show]
