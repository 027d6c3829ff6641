"""An exchange goes on by what happens to its return, and to the order that goes out."""

from collections.abc import Collection, Iterable, Sequence

from dingdan.areas import inventory, orders, payments, policies, refunds, returns
from dingdan.areas.exchanges import store
from dingdan.areas.exchanges.asking import keep_up, open_for
from dingdan.areas.exchanges.events import (
    ExchangeDropped,
    ExchangeFinished,
    ExchangeOverdue,
    ExchangeOwed,
    ExchangeRefunded,
)
from dingdan.areas.exchanges.lifecycle import ExchangeState
from dingdan.areas.exchanges.model import Exchange, Held
from dingdan.areas.exchanges.promises import SHIP_BY
from dingdan.areas.exchanges.reading import hold, hold_one
from dingdan.areas.exchanges.refusals import ExchangeStateForbids, MoneyNotDue
from dingdan.areas.exchanges.replacing import note_replaced, replace
from dingdan.areas.exchanges.reserving import give_money, take_up
from dingdan.areas.exchanges.rules import pricing
from dingdan.areas.exchanges.rules.following import next_step
from dingdan.kernel.event import Moved
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

_S = ExchangeState
UNSENT = frozenset({_S.RESERVED, _S.SHORT, _S.DIFFERENCE, _S.REPLACED})
# In these the buyer may always have the money instead: there is none of it, or it costs more than they may want to pay.
MAY_HAVE_MONEY = frozenset({_S.SHORT, _S.DIFFERENCE})


async def follow_returns(tx: Tx, return_ids: Collection[int]) -> None:
    """Do what follows for the exchanges of these returns; late or twice, it comes out the same.

    A return that asks for something else without saying what wants the same again.
    """
    known = {one.return_id: one.id for one in await store.of_returns(tx, return_ids)}
    unknown = [i for i in return_ids if i not in known]
    bare = {
        i: one for i, one in (await returns.hold(tx, unknown)).items()
        if one.resolution is returns.Resolution.EXCHANGE and one.decision is returns.Decision.APPROVED
    } if unknown else {}  # fmt: skip
    opened = await open_for(tx, list(bare.values()), await returns.lines(tx, bare.values()), {}) if bare else []
    await _follow(tx, [*known.values(), *opened])


async def follow_orders(tx: Tx, order_ids: Collection[int]) -> None:
    """Do what follows for the exchanges with which these orders go out; all others are none of ours."""
    found = await store.of_sent(tx, order_ids)
    if found:
        await _follow(tx, [one.id for one in found])


async def withhold(tx: Tx, order_ids: Collection[int]) -> dict[int, refunds.Part]:
    """What of the money of orders that were to go out, and ended, a refund of the goods would not bring either, by order.

    It stays, and counts for the order of the goods from now on.
    """
    found = [one for one in await store.of_sent(tx, order_ids) if one.replaced_at is not None and one.ahead_at is None]
    if not found:
        return {}
    await orders.lock(tx, {*order_ids, *(one.order_id for one in found)})
    brought = await payments.captured(tx, [one.sent_order_id for one in found])
    kept = {}
    for held in (await hold(tx, [one.id for one in found])).values():
        there = sum(one.amount for one in brought[held.exchange.sent_order_id])
        less = await returns.withhold(tx, held.one, held.exchange.id, there=there)
        if less is not None:
            kept[held.exchange.sent_order_id] = less
    return kept


async def take_money(tx: Tx, exchange_id: int) -> Exchange:
    """The buyer takes the money instead, where there is nothing to send, it costs more, or it is late.

    Raises ExchangeUnknown, ExchangeStateForbids, MoneyNotDue, or what orders refuse of one that is on its way out.
    """
    held = await hold_one(tx, exchange_id)
    exchange = held.exchange
    if exchange.state not in UNSENT:
        raise ExchangeStateForbids(state=str(exchange.state), verb="take_money")
    if exchange.state not in MAY_HAVE_MONEY and exchange.overdue_at is None:
        raise MoneyNotDue
    await payments.lock_purses(tx, [exchange.order_id])
    if exchange.state in (_S.DIFFERENCE, _S.REPLACED):
        # What was carried over goes back with the order's end.
        await orders.cancel(tx, exchange.sent_order_id, reason="exchange_refunded")
        await _end(tx, "refund", held, "asked")
    else:
        await give_money(tx, {exchange_id: held}, why="asked")
    await deadlines.call_off(tx, SHIP_BY, [exchange_id])
    return (await hold_one(tx, exchange_id)).exchange


async def note_overdue(tx: Tx, exchange_ids: Sequence[int]) -> None:
    """Nothing was sent in time for goods that are here: the buyer hears that they may have the money, staff that it is late."""
    late = {i: one for i, one in (await hold(tx, exchange_ids)).items() if one.exchange.state in UNSENT}
    for i in await store.note_overdue(tx, late):
        _say_late(tx, late[i].exchange, "buyer")


async def remind_of_shipping(tx: Tx, rung: deadlines.Rung, exchange_ids: Sequence[int]) -> None:
    """Something is to be sent soon, or should have been a day ago."""
    for one in (await hold(tx, exchange_ids)).values():
        if one.exchange.state in UNSENT:
            _say_late(tx, one.exchange, rung.role)


async def _follow(tx: Tx, exchange_ids: Iterable[int]) -> None:
    found = await hold(tx, exchange_ids)
    await keep_up(tx, found)
    sent = await orders.get(tx, [one.exchange.sent_order_id for one in found.values()])
    steps = {
        i: step for i, held in found.items()
        if (step := next_step(held.exchange, held.one, sent.get(held.exchange.sent_order_id))) is not None
    }  # fmt: skip
    if steps:
        await payments.lock_purses(tx, {found[i].exchange.order_id for i in steps})
    for i, step in steps.items():
        await _do(tx, found[i], *step)
    await _set_clocks(tx, found.values(), sent)


async def _do(tx: Tx, held: Held, step: str, why: str) -> None:
    exchange = held.exchange
    if step == "take_up":
        await take_up(tx, {exchange.id: held})
    elif step == "replace":
        await replace(tx, held)
    elif step == "pay":
        await note_replaced(tx, exchange)
    elif step == "refund" and exchange.state not in (_S.DIFFERENCE, _S.REPLACED):
        await give_money(tx, {exchange.id: held}, why=why)
    else:
        await _end(tx, step, held, why)


async def _end(tx: Tx, step: str, held: Held, why: str) -> None:
    exchange = held.exchange
    if step == "drop":
        await inventory.release(tx, [exchange.sent_order_id])
        if why == "not_sent":
            # They may still come; then their price goes back, since nothing is kept for them any more.
            await returns.turn_into_refunds(tx, [exchange.return_id])
    if step == "refund" and exchange.ahead_at is None:
        await returns.pay_missing(tx, held.one, exchange.id)
    if step == "owe" and held.one.journey is returns.Journey.LAPSED:
        order = await orders.get_one(tx, exchange.order_id)
        await returns.had_for_nothing(tx, held.one, currency=order.currency)
    if step == "finish":
        await _begin_anew(tx, exchange)
    values = {"why": why} if why else {}
    moved = await store.move(tx, step, [exchange.id], ended_at=tx.now, **values)
    tx.announce(_fact(step, exchange, moved[exchange.id], why))


async def _begin_anew(tx: Tx, exchange: Exchange) -> None:
    """The warranty of what was sent instead begins when it came (R4.8)."""
    came = (await orders.get_one(tx, exchange.sent_order_id)).with_buyer_since or tx.now
    lines = (await store.lines_of(tx, [exchange.id]))[exchange.id]
    await returns.record_services(tx, [
        returns.Service(order_id=exchange.sent_order_id, line_no=line.line_no, merchant_id=exchange.merchant_id,
                        kind="exchange", source_id=exchange.id, since=came)
        for line in lines if line.sent
    ])  # fmt: skip


def _fact(step: str, exchange: Exchange, move: Moved, why: str) -> (
    ExchangeFinished | ExchangeOwed | ExchangeRefunded | ExchangeDropped
):  # fmt: skip
    i, merchant_id, order_id, return_id = exchange.id, exchange.merchant_id, exchange.order_id, exchange.return_id
    if step == "finish":
        return ExchangeFinished(subject_id=i, merchant_id=merchant_id, order_id=order_id, move=move, return_id=return_id,
                                sent_order_id=exchange.sent_order_id)  # fmt: skip
    if step == "owe":
        return ExchangeOwed(subject_id=i, merchant_id=merchant_id, order_id=order_id, move=move, return_id=return_id,
                            sent_order_id=exchange.sent_order_id)  # fmt: skip
    fact = ExchangeRefunded if step == "refund" else ExchangeDropped
    return fact(subject_id=i, merchant_id=merchant_id, order_id=order_id, move=move, return_id=return_id, why=why)


async def _set_clocks(tx: Tx, found: Iterable[Held], sent: dict[int, orders.Order]) -> None:
    """From when the goods are here until something is sent for them a clock runs, once."""
    now = await hold(tx, [one.exchange.id for one in found])
    versions = await policies.by_ids(tx, {one.one.policy_id for one in now.values()})
    dues, over = [], []
    for i, one in now.items():
        order = sent.get(one.exchange.sent_order_id)
        is_sent = order is not None and order.shipped_at is not None
        terms = versions[one.one.policy_id].document.exchange
        if one.exchange.state not in UNSENT or is_sent:
            over.append(i)
        elif one.one.received_at is not None and one.exchange.overdue_at is None and terms is not None:
            # Goods that were here before, to be mended, count from when something else was wanted for them.
            at = pricing.ship_by(max(one.one.received_at, one.exchange.asked_at), terms.reship_hours)
            dues.append(deadlines.Due(i, one.exchange.merchant_id, at, one.exchange.order_id))
    await deadlines.call_off(tx, SHIP_BY, over)
    await deadlines.schedule(tx, SHIP_BY, dues)


def _say_late(tx: Tx, exchange: Exchange, role: str) -> None:
    tx.announce(ExchangeOverdue(subject_id=exchange.id, merchant_id=exchange.merchant_id, order_id=exchange.order_id,
                                return_id=exchange.return_id, role=role))  # fmt: skip
