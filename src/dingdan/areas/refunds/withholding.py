"""What went before a refund comes to what it brings, on top or less: money that was carried over, or that went early."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dingdan.areas import orders
from dingdan.areas.refunds import balancing, sending, store
from dingdan.areas.refunds.deciding import decide, drafts_of, limits_of, routed
from dingdan.areas.refunds.lifecycle import RefundState
from dingdan.areas.refunds.model import Cause, Part, Refund, RequestRefund
from dingdan.areas.refunds.refusals import NotPaid, OverRefund
from dingdan.areas.refunds.rules import amount, clauses
from dingdan.plumbing.tx import Tx


async def withhold(tx: Tx, asked: RequestRefund, exchange_id: int) -> Part | None:
    """What of money that was carried over a refund of these units would not bring: it stays, and counts for the first order.

    So what the rest of that order brings later is the same as if the units had been paid for at once. The caller holds
    both orders; a second time nothing is withheld.
    """
    return amount.less(await _turn(tx, asked, exchange_id, withholds=True))


async def pay_missing(tx: Tx, asked: RequestRefund, exchange_id: int) -> Refund | None:
    """Send back of a locked order what a refund of these units brings on top of what was carried over, and went back.

    None where that is nothing. A second time nothing is missing any more.
    """
    parts = await _turn(tx, asked, exchange_id, withholds=False)
    if sum(part.amount for part in parts) <= 0:
        return None
    order = await orders.lock_one(tx, asked.order_id)
    books = (await balancing.load(tx, {order.id: order}))[order.id]
    is_first = not await store.by_cause(tx, asked.cause, [asked.cause_id])
    cause, cause_id = (asked.cause, asked.cause_id) if is_first else (Cause.UNSENT, exchange_id)
    drafts = drafts_of(
        books, routed(books, parts), cause, cause_id, is_policy_decided=asked.is_policy_decided,
        limit=(await limits_of(tx, [order]))[order.merchant_id],
    )  # fmt: skip
    written = await sending.write_down(tx, drafts)
    return next((refund for refund in written if refund.cause is cause), None)


async def too_much(tx: Tx, refund: Refund, asked: RequestRefund) -> int:
    """What went early, and with it, beyond what these units bring, as they turned out to be."""
    gone = await store.for_cause(tx, (refund.cause, Cause.WITHHELD, Cause.REST), refund.cause_id)
    if not asked.lines:
        return sum(one.amount for one in gone)
    order = await orders.get_one(tx, asked.order_id)
    books = (await balancing.load(tx, {order.id: order}, but=[one.id for one in gone]))[order.id]
    return max(0, sum(one.amount for one in gone) - decide(books, asked.lines, asked=asked).total)


async def pay_rest(tx: Tx, refund: Refund, asked: RequestRefund) -> Refund | None:
    """Send what units of a locked order bring, as they turned out to be, beyond what a refund of them gave early.

    None where the order itself owes nothing more: the carriage may have been paid with another one. A second time it is
    the same refund.
    """
    known = (await store.by_cause(tx, Cause.REST, [asked.cause_id])).get(asked.cause_id)
    # What a person refused is not sent as the rest of it.
    if known is not None or not asked.lines or refund.state is RefundState.REFUSED:
        return known
    gone = await store.for_cause(tx, (refund.cause, Cause.WITHHELD), refund.cause_id)
    had = await store.parts(tx, [one.id for one in gone])
    order = await orders.lock_one(tx, asked.order_id)
    before = (await balancing.load(tx, {order.id: order}, but=[one.id for one in gone]))[order.id]
    decided = decide(before, asked.lines, asked=asked)
    parts, freight = (
        clauses.with_clauses(amount.beyond(owed, _owed_of(had, some)), before.document)
        for owed, some in (
            (decided.owed, [one for one in gone if one.order_id == order.id]),
            (decided.freight, [one for one in gone if one.order_id != order.id]),
        )
    )  # fmt: skip
    if sum(part.amount for part in (*parts, *freight)) <= 0:
        return None
    # Where one of them is too much, that is had back for itself.
    parts, freight = (some if sum(part.amount for part in some) > 0 else () for some in (parts, freight))
    await store.turn(tx, refund, [part for part in decided.owed if part.component == "goods"], ())
    books = (await balancing.load(tx, {order.id: order}))[order.id]
    drafts = drafts_of(
        books, routed(books, parts, freight=freight), Cause.REST, asked.cause_id,
        is_policy_decided=asked.is_policy_decided, limit=(await limits_of(tx, [order]))[order.merchant_id],
    )  # fmt: skip
    # For one cause an order gives once: what it gives again for it is its rest as well.
    gave = {one.order_id for one in gone}
    drafts = [replace(one, cause=Cause.REST) if one.order_id in gave else one for one in drafts]
    written = await sending.write_down(tx, drafts)
    return next((one for one in written if one.cause is Cause.REST and one.order_id == order.id), None)


def _owed_of(parts: Mapping[int, Sequence[Part]], some: Sequence[Refund]) -> list[Part]:
    """What refunds were for, wherever their money lay."""
    return [part for refund in some for part in parts[refund.id] if part.component != "withheld"]


async def _turn(tx: Tx, asked: RequestRefund, exchange_id: int, *, withholds: bool) -> tuple[Part, ...]:
    """What is missing to a refund of these units, below nothing what is too much; from now on they count as paid back.

    What is too much is noted by whoever `withholds` it, once.

    Nothing where some of the money went back otherwise: a person sees to the rest.
    """
    carried = (await store.by_cause(tx, Cause.EXCHANGE, [exchange_id])).get(exchange_id)
    if carried is None:
        return ()
    order = await orders.get_one(tx, asked.order_id)
    had = [carried, *(await store.by_cause(tx, asked.cause, [asked.cause_id])).values(),
           *(await store.by_cause(tx, Cause.UNSENT, [exchange_id])).values()]  # fmt: skip
    gone = [refund.id for refund in had]
    books = (await balancing.load(tx, {order.id: order}, but=gone))[order.id]
    try:
        owed = decide(books, asked.lines, off=asked.off, asked=asked).owed
    except (NotPaid, OverRefund):
        return ()
    taken = [part for some in (await store.parts(tx, gone)).values() for part in some if part.component != "withheld"]
    parts = clauses.with_clauses(amount.beyond(owed, taken), books.document)
    total = sum(part.amount for part in parts)
    more = (*parts, Part("withheld", 0, 0, -total, amount.WITHHELD)) if total < 0 and withholds else ()
    await store.turn(tx, carried, [part for part in owed if part.component == "goods"], more)
    return parts
