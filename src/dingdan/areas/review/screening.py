"""Every paid order passes here once: most go straight on, some are stopped for a second look."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import merchants, orders
from dingdan.areas.review import store
from dingdan.areas.review.events import OrderCleared, ReviewOpened
from dingdan.areas.review.lifecycle import REVIEW, ReviewState
from dingdan.areas.review.model import Plan, Reason, Rule
from dingdan.areas.review.picturing import picture
from dingdan.areas.review.promises import DECIDE, ESCALATE, WARN
from dingdan.areas.review.rules.planning import effective, plan, reasons_of
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

Spoken = Sequence[tuple[Rule, Reason]]


async def screen(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let confirmed orders go on, or stop them and open a review where a rule asks for one.

    Decides by where the order stands now, so it may be called late and twice. An order that was approved before and
    comes back (released) is not looked at again. Where no rule holds it costs three small queries for the whole set.
    """
    ready = {
        order.id: order
        for order in (await orders.get(tx, order_ids)).values()
        if order.state is orders.OrderState.CONFIRMED and order.shipped_at is None
    }
    if not ready:
        return
    known = await store.states_of(tx, ready)
    spoken = await _look(tx, {order_id: order for order_id, order in ready.items() if order_id not in known})
    held = await orders.hold_for_review(tx, spoken) if spoken else set()
    await _open(tx, {order_id: ready[order_id] for order_id in sorted(held)}, spoken)
    passing = [
        order_id for order_id in sorted(ready)
        if order_id not in spoken and known.get(order_id, ReviewState.APPROVED) == ReviewState.APPROVED
    ]  # fmt: skip
    tx.announce(*(
        OrderCleared(subject_id=order_id, merchant_id=ready[order_id].merchant_id, order_id=order_id)
        for order_id in passing
    ))  # fmt: skip


async def look_again(tx: Tx, order_ids: Iterable[int]) -> None:
    """Stop orders that went straight on where a rule asks for it now, because they go elsewhere.

    What a person looks at, or looked at and approved, is theirs to judge: they see the change in its story.
    """
    passed = {
        order.id: order
        for order in (await orders.get(tx, order_ids)).values()
        if order.state is orders.OrderState.CONFIRMED and order.dispatch_locked_at is None
    }
    known = await store.states_of(tx, passed) if passed else {}
    spoken = await _look(tx, {order_id: order for order_id, order in passed.items() if order_id not in known})
    held = await orders.hold_for_review(tx, spoken) if spoken else set()
    await _open(tx, {order_id: passed[order_id] for order_id in sorted(held)}, spoken)


async def rules_of(tx: Tx, merchant_ids: Iterable[int]) -> dict[int, list[Rule]]:
    """The rules that hold for each of these merchants at this moment."""
    ids = set(merchant_ids)
    found = await store.in_force(tx, ids, tx.now)
    if not found:
        return {merchant_id: [] for merchant_id in ids}
    switched = await store.switches(tx, ids)
    return {
        merchant_id: effective([r for r in found if r.merchant_id in (None, merchant_id)], switched[merchant_id])
        for merchant_id in ids
    }


async def _look(tx: Tx, fresh: Mapping[int, orders.Order]) -> dict[int, Spoken]:
    """Which rules speak about which orders."""
    rules = await rules_of(tx, {order.merchant_id for order in fresh.values()}) if fresh else {}
    watched = {order_id: order for order_id, order in fresh.items() if rules[order.merchant_id]}
    if not watched:
        return {}
    every = {rule.id: rule for held in rules.values() for rule in held}
    seen = await picture(tx, watched, every.values())
    spoken = {i: reasons_of(rules[order.merchant_id], seen[i]) for i, order in watched.items()}
    return {order_id: found for order_id, found in spoken.items() if found}


async def _open(tx: Tx, held: Mapping[int, orders.Order], spoken: Mapping[int, Spoken]) -> None:
    """Open a review of each stopped order, with its clocks."""
    if not held:
        return
    _, terms = await store.terms(tx)
    sellers = await merchants.by_ids(tx, {order.merchant_id for order in held.values()})
    plans = {
        order_id: plan(spoken[order_id], terms, zone=sellers[order.merchant_id].zone, now=tx.now)
        for order_id, order in held.items()
    }
    ids = dict(zip(held, tx.mint_many(len(held)), strict=True))
    await store.add(tx, [store.row_of(ids[i], order, plans[i], tx.now) for i, order in held.items()])
    await _start_clocks(tx, [(ids[i], order.merchant_id, i, plans[i]) for i, order in held.items()])
    tx.announce(*(
        ReviewOpened(subject_id=ids[i], merchant_id=order.merchant_id, order_id=i, move=born(REVIEW, ids[i]),
                     rule=",".join(reason.rule for reason in plans[i].reasons), owner=plans[i].owner,
                     limit_minutes=plans[i].limit_minutes)
        for i, order in held.items()
    ))  # fmt: skip


async def _start_clocks(tx: Tx, opened: Sequence[tuple[int, int, int, Plan]]) -> None:
    await deadlines.schedule(tx, WARN, [deadlines.Due(i, m, one.warn_at, o) for i, m, o, one in opened])
    await deadlines.schedule(tx, ESCALATE, [deadlines.Due(i, m, one.due_at, o) for i, m, o, one in opened])
    await deadlines.schedule(tx, DECIDE, [deadlines.Due(i, m, one.decide_by, o) for i, m, o, one in opened])
