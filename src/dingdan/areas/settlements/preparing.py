"""Preparing payouts: what closed periods owe merchants, but what is disputed or too young; each line once."""

from collections.abc import Collection, Iterable
from datetime import timedelta

import msgspec

from dingdan.areas import cases, disputes, orders, returns
from dingdan.areas.settlements import agreeing, gathering, store
from dingdan.areas.settlements.events import PayoutPrepared
from dingdan.areas.settlements.lifecycle import PAYOUT, PayoutState
from dingdan.areas.settlements.model import Payout, PayoutRun, Unpaid
from dingdan.areas.settlements.refusals import NothingToPay
from dingdan.areas.settlements.rules import paying
from dingdan.areas.settlements.store import payouts
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def prepare(tx: Tx, currency: str, *, merchant_ids: Collection[int] | None = None) -> PayoutRun:
    """Prepare a file that pays merchants (None: all of them) what is owed to them; it goes out when another one agrees.

    Raises NotThePlatform, PayoutNeedsPerson or NothingToPay.
    """
    agreeing.demand_platform(tx)
    by = paying.demand_person(tx.actor)
    known = await store.merchants_with(tx, currency)
    accounts = [(i, currency) for i in known if merchant_ids is None or i in merchant_ids]
    agreed = await agreeing.in_force(tx, accounts)
    by_merchant: dict[int, list[Unpaid]] = {}
    for row in await store.unpaid(tx, accounts):
        by_merchant.setdefault(row["merchant_id"], []).append(msgspec.convert(dict(row), Unpaid))
    run_id, made, lines = tx.mint(), [], {}
    for merchant_id, waiting in sorted(by_merchant.items()):
        terms = agreed[merchant_id, currency].terms
        mentioned = {line.order_id for line in waiting if line.order_id is not None}
        due = paying.payable(waiting, await held(tx, mentioned, hold=timedelta(days=terms.hold_days)))
        if due.amount:
            taken = set(due.line_ids)
            one = Payout(
                id=tx.mint(), payout_run_id=run_id, merchant_id=merchant_id, currency=currency, amount=due.amount,
                held=due.held, payee=terms.payee, state=PayoutState.PREPARED, version=1, bank_ref=None, failure=None,
                prepared_at=tx.now, ended_at=None,
                cards=await gathering.paid_with_cards(tx, [line for line in waiting if line.id in taken]),
            )  # fmt: skip
            made.append(one)
            lines[one.id] = due.line_ids
    if not made:
        raise NothingToPay
    content, checksum = paying.file_of(made)
    run = PayoutRun(
        id=run_id, merchant_id=made[0].merchant_id if len(made) == 1 else None, currency=currency, checksum=checksum,
        prepared_by_kind=str(tx.actor.kind), prepared_by=by, prepared_at=tx.now, approved_by_kind=None, approved_by=None,
        approved_at=None, dropped_at=None,
    )  # fmt: skip
    await payouts.add_run(tx, run, content)
    await payouts.add(tx, made, lines)
    tx.announce(*(
        PayoutPrepared(subject_id=one.id, merchant_id=one.merchant_id, move=born(PAYOUT, one.id), amount=one.amount,
                       currency=currency)
        for one in made
    ))  # fmt: skip
    return run


async def held(tx: Tx, order_ids: Iterable[int], *, hold: timedelta = timedelta(0)) -> set[int]:
    """Those of these orders whose money waits: something stands against them, or they have not been done long enough.

    Against an order stand an open objection, return or dispute, and an open case of a kind that keeps orders from
    completion.
    """
    found = await orders.get(tx, order_ids)
    young = {i for i, order in found.items() if order.completed_at and tx.now < order.completed_at + hold}
    against = {i for i, some in (await orders.objections(tx, found)).items() if any(o.settled_at is None for o in some)}
    troubled = [case for case in await cases.of_orders(tx, list(found)) if case.ended_at is None]
    known = await cases.documents(tx, troubled)
    blocked = {case.order_id for case in troubled if known[case.id].blocks_completion and case.order_id is not None}
    open_now = await returns.open_of_orders(tx, found) | await disputes.open_of_orders(tx, found)
    return young | against | blocked | open_now
