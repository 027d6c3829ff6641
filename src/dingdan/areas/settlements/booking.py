"""Booking what orders mean for their merchants: whatever happened to one that is done is in the account, once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from dingdan.areas import exchanges, ledger, merchants, orders, payments
from dingdan.areas.settlements import agreeing, gathering, store
from dingdan.areas.settlements.events import SettlementBooked, SettlementOpened
from dingdan.areas.settlements.lifecycle import SETTLEMENT, SettlementState
from dingdan.areas.settlements.model import AGAINST, Agreement, LineKind, NewLine
from dingdan.areas.settlements.promises import CLOSE
from dingdan.areas.settlements.rules import owing
from dingdan.areas.settlements.rules.periods import period_of
from dingdan.kernel.times import iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# A period that somebody closed a moment ago, and one that a neighbour just began: then it is clear.
TRIES = 4


async def follow(tx: Tx, order_ids: Iterable[int]) -> None:
    """Book whatever is due of these orders and is not booked yet: sale, fees, refunds, remedies, recoveries.

    It does not matter which fact asks for it, how often and in which order. Orders that are not done, or of merchants
    with whom nothing was agreed when they were placed, are left alone. A presale's deposit that is kept is booked too, what
    was made good of an order that was cancelled, and what was withheld of one that was to go out for goods that came back.
    """
    # Most orders are not done, or of merchants who agreed on nothing: nobody waits for those.
    found = await orders.get(tx, set(order_ids))
    # What was sent for goods is followed with these, and these with it: fees of money that was carried over go back there.
    together = await orders.sold_together(tx, found.values())
    wanted = await _agreed(tx, found | {order.id: order for some in together.values() for order in some})
    if not wanted:
        return
    done = await orders.lock(tx, wanted)
    agreed = await _agreed(tx, done)
    books = await gathering.books(tx, {i: done[i] for i in agreed})
    booked: dict[int, set[owing.Key]] = {i: set() for i in agreed}
    for line in await store.lines_of_orders(tx, agreed):
        booked[line.order_id or 0].add((line.kind, line.detail, line.subject_id, line.n))
    known = {i for keys in booked.values() for kind, _, i, _ in keys if kind is LineKind.REFUND}
    await write(tx, [
        NewLine(done[i].merchant_id, done[i].currency, i, due)
        for i in sorted(agreed)
        for due in owing.due(books[i], agreed[i].terms, booked[i], elsewhere=known)
    ])  # fmt: skip


async def _agreed(tx: Tx, found: Mapping[int, orders.Order]) -> dict[int, Agreement]:
    """The agreements of those of these orders that are over with money to be settled."""
    halfway = await payments.deposits(tx, [i for i, order in found.items() if order.completed_at is None])
    # Nobody paid for those, but something may have been carried over to them.
    expired = [i for i, order in found.items() if order.state is orders.OrderState.EXPIRED and i not in halfway]
    instead = await exchanges.sent_instead(tx, expired) if expired else set()
    over = {
        i: order for i, order in found.items()
        if order.completed_at is not None or (i in halfway and halfway[i].ended_at is not None)
        or (i not in halfway and order.state is orders.OrderState.CANCELLED) or i in instead
    }  # fmt: skip
    agreed = await agreeing.for_orders(
        tx, {i: ((order.merchant_id, order.currency), order.placed_at) for i, order in over.items()}
    )
    # Of a deposit that is kept nothing was sold: only what its payment cost is a fee.
    return {
        i: one if over[i].completed_at is not None
        else msgspec.structs.replace(one, terms=msgspec.structs.replace(one.terms, commission={}, fixed_fee=0))
        for i, one in agreed.items()
    }  # fmt: skip


async def write(tx: Tx, lines: Sequence[NewLine]) -> None:
    """Write lines into the periods that are open now, each with its posting."""
    if not lines:
        return
    periods = await _open_periods(tx, {(line.merchant_id, line.currency) for line in lines})
    numbered = [
        (line_id, periods[line.merchant_id, line.currency], line)
        for line_id, line in zip(tx.mint_many(len(lines)), lines, strict=True)
    ]
    await store.add_lines(tx, numbered)
    await ledger.post(tx, [
        ledger.Posting(line.merchant_id, "settlement", line_id, line.order_id, line.currency, (
            ("merchant_settlement", -line.due.amount), (AGAINST[line.due.kind], line.due.amount)))
        for line_id, _, line in numbered
    ])  # fmt: skip
    told: dict[tuple[int, int | None], list[NewLine]] = {}
    for _, settlement_id, line in numbered:
        told.setdefault((settlement_id, line.order_id), []).append(line)
    tx.announce(*(
        SettlementBooked(subject_id=settlement_id, merchant_id=some[0].merchant_id, order_id=order_id, lines=len(some),
                         amount=sum(line.due.amount for line in some), currency=some[0].currency)
        for (settlement_id, order_id), some in told.items()
    ))  # fmt: skip


async def _open_periods(tx: Tx, accounts: Iterable[store.Account]) -> dict[store.Account, int]:
    """The period of each account that a line of now goes into; it cannot be closed before this transaction ends."""
    wanted = sorted(set(accounts))
    owners = await merchants.by_ids(tx, {merchant_id for merchant_id, _ in wanted})
    agreed = await agreeing.in_force(tx, wanted)
    return {account: await _open_period(tx, account, agreed, owners[account[0]].zone) for account in wanted}


async def _open_period(tx: Tx, account: store.Account, agreed: Mapping[store.Account, Agreement], zone: str) -> int:
    for _ in range(TRIES):
        last = await store.last_settlement(tx, account)
        if last is not None and last.state is SettlementState.OPEN and tx.now < last.ends_at:
            return last.id
        # What comes late for a period that was closed goes into the next one.
        at = tx.now if last is None else max(tx.now, last.ends_at)
        terms = agreed[account].terms
        starts_at, ends_at = period_of(at, zone, terms.period, not_before=last.ends_at if last is not None else None)
        opened = await store.open_settlement(tx, account, starts_at, ends_at)
        if opened is not None:
            await deadlines.schedule(
                tx, CLOSE, [deadlines.Due(opened, account[0], ends_at + timedelta(days=terms.check_days))]
            )
            tx.announce(SettlementOpened(subject_id=opened, merchant_id=account[0], move=born(SETTLEMENT, opened),
                                         currency=account[1], starts_at=iso(starts_at), ends_at=iso(ends_at)))  # fmt: skip
            return opened
    raise AssertionError("periods of an account begin faster than they can be found")
