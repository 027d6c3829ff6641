"""Presales: a deposit at once, the balance between two moments, and what becomes of the one without the other."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import orders, pricing
from dingdan.areas.payments import rules, store
from dingdan.areas.payments.events import BalanceOpened, DepositEnded, DepositPaid
from dingdan.areas.payments.model import Deposit, EndedDeposit
from dingdan.areas.payments.promises import BALANCE_OPENS
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def agree(tx: Tx, terms: Mapping[int, tuple[int, pricing.Deposit]]) -> None:
    """Orders {id: (merchant, terms)} that were just placed are paid in two parts."""
    await store.add_deposits(tx, [
        Deposit(order_id=i, merchant_id=merchant_id, amount=one.amount, counts_as=one.counts_as, balance=one.balance,
                balance_from=one.balance_from, balance_until=one.balance_until, is_earnest=one.is_earnest,
                keep_at_most=one.keep_at_most)
        for i, (merchant_id, one) in terms.items()
    ])  # fmt: skip


async def note_paid(tx: Tx, found: Iterable[Deposit], locked: Mapping[int, orders.Order]) -> None:
    """The deposits of these locked orders are in: they wait for their balances now, and buyers hear when they may pay."""
    by_id = {one.order_id: one for one in found}
    await store.note_deposits(tx, by_id)
    await orders.wait_until(tx, {i: one.balance_until for i, one in by_id.items()})
    later = [one for one in by_id.values() if one.balance_from > tx.now]
    await deadlines.schedule(
        tx, BALANCE_OPENS, [deadlines.Due(one.order_id, one.merchant_id, one.balance_from) for one in later]
    )
    tx.announce(*(
        DepositPaid(subject_id=i, merchant_id=one.merchant_id, order_id=i, amount=one.amount, balance=one.balance,
                    currency=locked[i].currency)
        for i, one in sorted(by_id.items())
    ))  # fmt: skip


async def open_balances(tx: Tx, order_ids: Sequence[int]) -> None:
    """The time of their balances has come: buyers who still want to pay are told."""
    locked = await orders.lock(tx, order_ids)
    waiting = [i for i, order in locked.items() if order.state is orders.OrderState.AWAITING_PAYMENT]
    tx.announce(*(
        BalanceOpened(subject_id=i, merchant_id=one.merchant_id, order_id=i, balance=one.balance,
                      currency=locked[i].currency)
        for i, one in sorted((await store.deposits(tx, waiting)).items())
    ))  # fmt: skip


async def end(tx: Tx, locked: Mapping[int, orders.Order]) -> dict[int, EndedDeposit]:
    """Settle what becomes of the deposits of locked orders that ended before their balance was paid.

    Gives what the buyer gets {order: it}, of those just settled where it is anything. Who ended it decides (Civil Code
    art. 586-587).
    """
    found = await store.deposits(tx, [i for i, order in locked.items() if order.paid_at is None])
    divisions = {
        i: rules.divide_deposit(one, locked[i])
        for i, one in found.items()
        if one.paid_at is not None and locked[i].state in rules.ENDED_ORDERS
    }
    ends = [(i, one.kept, max(0, one.back - found[i].amount)) for i, one in divisions.items()]
    ended = await store.end_deposits(tx, ends) if ends else set()
    await deadlines.call_off(tx, BALANCE_OPENS, ended)
    owed = {i: EndedDeposit(found[i].amount - kept, penalty) for i, kept, penalty in ends if i in ended}
    tx.announce(*(
        DepositEnded(subject_id=i, merchant_id=found[i].merchant_id, order_id=i, kept=kept, back=owed[i].back,
                     penalty=penalty, currency=locked[i].currency)
        for i, kept, penalty in ends if i in ended
    ))  # fmt: skip
    return {i: one for i, one in owed.items() if one.back}
