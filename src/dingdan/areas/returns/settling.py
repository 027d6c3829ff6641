"""The money: back because the goods were accepted, early because the buyer is trusted, or because they were lost."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from dingdan.areas import abuse, inventory, orders, policies, refunds
from dingdan.areas.returns import store
from dingdan.areas.returns.events import (
    ReturnHandedBack,
    ReturnLossDecided,
    ReturnLost,
    ReturnPaidEarly,
    ReturnPostageOwed,
    ReturnRecoveryDue,
    ReturnSettled,
)
from dingdan.areas.returns.inspecting import take_as_it_is
from dingdan.areas.returns.lifecycle import OUTCOME, Decision, Journey, Outcome
from dingdan.areas.returns.model import Resolution, Return, ReturnLine, Service
from dingdan.areas.returns.promises import REFUND_BY
from dingdan.areas.returns.reading import hold, hold_one
from dingdan.areas.returns.reminding import start_refund_clock
from dingdan.areas.returns.rules.inspection import WayBack, basis_of, found_in, recoverable, way_back, worth
from dingdan.areas.returns.rules.resolving import FOR_GOODS
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def settle(tx: Tx, facts: Sequence[refunds.RefundSettled]) -> None:
    """Close the returns whose refunds arrived; refunds for anything else are not ours, and a second time changes nothing."""
    paid = {fact.cause_id: fact.subject_id for fact in facts if fact.cause == refunds.Cause.RETURN}
    sources = OUTCOME.moves["settle"].sources
    done = {r.id: r for r in (await hold(tx, paid)).values() if r.outcome in sources and r.refund_id == paid[r.id]}
    moved = await store.move(tx, "outcome", "settle", done, settled_at=tx.now) if done else {}
    await deadlines.call_off(tx, REFUND_BY, moved)
    tx.announce(*(
        ReturnSettled(subject_id=i, merchant_id=done[i].merchant_id, order_id=done[i].order_id, move=moved[i],
                      refund_id=paid[i])
        for i in sorted(moved)
    ))  # fmt: skip


async def pay_early(tx: Tx, return_ids: Sequence[int]) -> None:
    """Send the money for goods that are on their way, before anybody has looked, where the policy trusts the buyer.

    Enough orders completed, hardly a unit rejected, and no more than so much (R3.13). What the inspection does not
    bear out is had back by a case, never by silence.
    """
    found = (await hold(tx, return_ids)).values()
    versions = await policies.by_ids(tx, {r.policy_id for r in found})
    candidates = [
        r for r in found
        if r.decision is Decision.APPROVED and r.journey is Journey.SENT and r.outcome is Outcome.OPEN
        and r.resolution is Resolution.REFUND
        and r.refund_id is None and not r.review_reasons and versions[r.policy_id].document.early_refund is not None
    ]  # fmt: skip
    lines = await store.lines_of(tx, candidates)
    sold = await orders.get(tx, {r.order_id for r in candidates})
    standings = await abuse.standings(tx, {order.buyer_id for order in sold.values()}, lock=True)
    held: list[abuse.Take] = []
    wanted = {}
    for r in candidates:
        document = versions[r.policy_id].document
        terms = document.early_refund
        assert terms is not None
        try:
            quote = await refunds.quote(tx, r.order_id, _all_of(lines[r.id], document))
        except (refunds.NotPaid, refunds.OverRefund):
            # Some of it went back otherwise: the inspection, or a person, sees to the rest.
            continue
        buyer_id = sold[r.order_id].buyer_id
        if quote.amount > terms.most or not await _is_trusted(tx, buyer_id, terms):
            continue
        if buyer_id in standings and abuse.Measure.HOLD_EARLY in standings[buyer_id].measures:
            # The law's days run as ever; only what comes before them is held.
            held.append(abuse.Take(standings[buyer_id], abuse.Measure.HOLD_EARLY, r.order_id, "return", r.id))
        else:
            wanted[r.id] = await _request(tx, r, lines[r.id])
    await abuse.take(tx, held)
    owed = await refunds.request_many(tx, list(wanted.values()))
    paid = {i: refund for i, refund in owed.items() if refund is not None}
    await store.note_paid_early(tx, {i: refund.id for i, refund in paid.items()})
    gone = await refunds.gone_for_returns(tx, paid)
    tx.announce(*(
        ReturnPaidEarly(subject_id=r.id, merchant_id=r.merchant_id, order_id=r.order_id, refund_id=paid[r.id].id,
                        amount=gone[r.id], currency=paid[r.id].currency)
        for r in candidates if r.id in paid
    ))  # fmt: skip


async def lose(tx: Tx, losses: Mapping[int, bool], *, rule: str) -> list[Return]:
    """Goods of returns were lost on the way: {return: whether the risk was ours}. Ours is paid like goods accepted.

    So is what something else was asked for, as long as it was not sent. Returns that are not on their way are left alone,
    so a carrier may tell it twice.
    """
    held = {
        i: r for i, r in (await hold(tx, losses)).items()
        if r.decision is Decision.APPROVED and r.journey is Journey.SENT and r.outcome is Outcome.OPEN
    }  # fmt: skip
    lines = await store.lines_of(tx, list(held.values()))
    ours = {i: r for i, r in held.items() if losses[i]}
    unpaid = {i: r for i, r in ours.items() if r.resolution is Resolution.REFUND or r.paid_early_at is None}
    owed = await refunds.request_many(tx, [await _request(tx, r, lines[i]) for i, r in unpaid.items()])
    await store.become_refunds(tx, unpaid)
    early = await refunds.gone_for_returns(tx, [i for i, r in held.items() if r.refund_id is not None])
    lost = await store.move(tx, "journey", "lose", held) if held else {}
    await store.note_lost(tx, ours)
    await store.note_refunds(tx, {i: refund.id for i, refund in owed.items() if refund is not None})
    passed = await store.move(tx, "outcome", "pass", ours) if ours else {}
    failed = await store.move(tx, "outcome", "fail", held.keys() - ours.keys()) if held.keys() - ours.keys() else {}
    await start_refund_clock(tx, ours.values())
    for i, r in held.items():
        refund = owed.get(i)
        tx.announce(
            ReturnLost(subject_id=i, merchant_id=r.merchant_id, order_id=r.order_id, move=lost[i], rule=rule,
                       is_our_risk=losses[i]),
            ReturnLossDecided(subject_id=i, merchant_id=r.merchant_id, order_id=r.order_id, rule=rule,
                              move=(passed | failed)[i], refund_id=refund.id if refund else None),
        )  # fmt: skip
        if i in failed and early.get(i):
            # Nothing of it was due: of the money no more than of the postage that went with it.
            tx.announce(ReturnRecoveryDue(subject_id=i, merchant_id=r.merchant_id, order_id=r.order_id, amount=early[i],
                                          currency=(await orders.get_one(tx, r.order_id)).currency))  # fmt: skip
    await _close(tx, ours, owed)
    return list(held.values())


async def turn_into_refunds(tx: Tx, return_ids: Sequence[int]) -> dict[int, refunds.Refund]:
    """What was to be exchanged is paid back instead: at once where it was accepted, else when it has come.

    Those that ended, or that the buyer has something for already, are left alone. Raises what refunds refuse.
    """
    held = {
        i: r for i, r in (await hold(tx, return_ids)).items()
        if r.resolution in FOR_GOODS and r.paid_early_at is None and r.outcome is not Outcome.SETTLED
    }  # fmt: skip
    due = {i: r for i, r in held.items() if r.outcome in (Outcome.PASSED, Outcome.PARTLY)}
    asked = {i: await money_for(tx, r) for i, r in due.items()}
    owed = await refunds.request_many(tx, list(asked.values()))
    paid = {i: refund for i, refund in owed.items() if refund is not None}
    await store.become_refunds(tx, held)
    await store.note_refunds(tx, {i: refund.id for i, refund in paid.items()})
    parts = await refunds.parts(tx, [refund.id for refund in paid.values()])
    for i, one in asked.items():
        given = refunds.postage_given(parts[paid[i].id]) if i in paid else 0
        await _owe_postage(tx, due[i], one.reimburse - given, gifts=one.gifts)
    await _close(tx, due, owed)
    return paid


async def money_for(tx: Tx, held: Return) -> refunds.RequestRefund:
    """What is asked for where the accepted units of a return are paid back, as if nobody had ever wanted anything else.

    So gifts that did not come and what goods lost by use count as they do with any refund.
    """
    lines = [n for n in (await store.lines_of(tx, [held]))[held.id] if n.accepted]
    gifts, lost = found_in(await store.inspection_lines(tx, held.id), {n.line_no: n.fault for n in lines})
    asked = await _request(tx, held, [replace(n, quantity=n.accepted) for n in lines], gifts=gifts)
    return msgspec.structs.replace(asked, worn=lost)


async def pay_missing(tx: Tx, held: Return, exchange_id: int) -> None:
    """Nothing is sent for goods whose price was carried over: what a refund brings on top of that goes back too.

    The return is over already; the refund has its own way.
    """
    refund = await refunds.pay_missing(tx, await money_for(tx, held), exchange_id)
    if refund is not None and refund.cause is refunds.Cause.RETURN:
        await store.note_refunds(tx, {held.id: refund.id})


async def withhold(tx: Tx, held: Return, exchange_id: int, *, there: int) -> refunds.Part | None:
    """Nothing is sent for goods whose price was carried over: what of it a refund would not bring either stays.

    Only so much is `there`; a person has the rest back. The caller holds the return and both orders.
    """
    asked = await money_for(tx, held)
    less = await refunds.withhold(tx, asked, exchange_id)
    if less is None:
        return None
    if asked.gifts:
        await store.note_costs(tx, {held.id: (asked.gifts, held.postage_owed)})
    if there + less.amount < 0:
        currency = (await orders.get_one(tx, held.order_id)).currency
        tx.announce(ReturnRecoveryDue(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                                      amount=-less.amount - there, currency=currency))  # fmt: skip
    return less


async def costs_of(tx: Tx, held: Return) -> WayBack:
    """Who bears what of the way back for the accepted units of a return that stands still."""
    lines = [n for n in (await store.lines_of(tx, [held]))[held.id] if n.accepted]
    sold = {line.line_no: line for line in (await orders.lines(tx, [held.order_id]))[held.order_id]}
    document = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id].document
    nets = {line.line_no: worth(sold[line.line_no], line.accepted) for line in lines}
    return way_back(held, {line.line_no: line.fault for line in lines}, nets, 0, document)


async def give_instead(
    tx: Tx, held: Return, back: refunds.Refund | None, *, owed: int = 0, is_ahead: bool = False
) -> None:
    """Something else was given for a return that stands still, and `back` of its price; of postage so much is `owed`.

    It is closed, or when the money is back. Where it `is_ahead` of the goods, it still waits for them.
    """
    if back is not None and is_ahead:
        await store.note_paid_early(tx, {held.id: back.id})
        return
    if back is not None:
        await store.note_refunds(tx, {held.id: back.id})
    await _owe_postage(tx, held, owed)
    await _close(tx, {held.id: held}, {held.id: back})


async def owe_postage(tx: Tx, order_id: int, owed: int, *, currency: str) -> None:
    """Of postage that went back with a return of a locked order so much paid for something else: it is owed otherwise."""
    found = [r for r in await store.returns_of(tx, [order_id]) if r.refund_id is not None]
    parts = await refunds.parts(tx, [r.refund_id for r in found if r.refund_id is not None])
    held = max((r for r in found if r.refund_id and refunds.postage_given(parts[r.refund_id]) > 0), key=lambda r: r.id)
    await store.note_costs(tx, {held.id: (held.gifts, held.postage_owed + owed)})
    tx.announce(ReturnPostageOwed(subject_id=held.id, merchant_id=held.merchant_id, order_id=order_id, amount=owed,
                                  currency=currency))  # fmt: skip


async def refund_import_tax(tx: Tx, customs_returns: Mapping[int, int]) -> None:
    """Goods of orders {customs return: order} are back with customs in time: their tax goes back, where their price went.

    Where postage that went back before took that money, a person sees to the rest.
    """
    made = await refunds.refund_import_tax(tx, customs_returns)
    parts = await refunds.parts(tx, [refund.id for refund in made])
    for refund in made:
        if short := refunds.short_of(parts[refund.id]):
            await owe_postage(tx, refund.order_id, short, currency=refund.currency)


async def hand_back(tx: Tx, held: Return, *, is_mended: bool) -> None:
    """Goods that were here to be mended are with the buyer again, who may ask for anything of them as before.

    The caller holds the return. What the buyer paid for sending them is owed where a fault was mended.
    """
    lines = [n for n in (await store.lines_of(tx, [held]))[held.id] if n.received]
    sold = {line.line_no: line for line in (await orders.lines(tx, [held.order_id]))[held.order_id]}
    document = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id].document
    nets = {n.line_no: worth(sold[n.line_no], n.received) for n in lines}
    costs = way_back(held, {n.line_no: n.fault for n in lines}, nets, 0, document)
    moved = await store.move(tx, "outcome", "hand_back", [held.id], settled_at=tx.now)
    tx.announce(ReturnHandedBack(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                                 move=moved[held.id], units=sum(n.received for n in lines)))  # fmt: skip
    if is_mended:
        await _owe_postage(tx, held, costs.reimburse)


async def take_unmended(tx: Tx, return_id: int, resolution: Resolution) -> None:
    """Goods that were here to be mended become ours: for their price, or for something else, as the buyer chose.

    Raises ReturnUnknown, or what refunds refuse.
    """
    held = await hold_one(tx, return_id)
    lines = (await store.lines_of(tx, [held]))[held.id]
    await inventory.take_in(tx, [
        inventory.Incoming(held.merchant_id, held.warehouse_id, n.product_id, n.received, n.order_id, n.line_no, held.id)
        for n in lines if n.received
    ])  # fmt: skip
    await store.note(tx, return_id, resolution=str(resolution))
    # Whether it was a fault of ours somebody saw before; that the repair was in vain is on record.
    held = replace(held, resolution=resolution, review_reasons=[])
    await start_refund_clock(tx, [held])
    await take_as_it_is(tx, held)


async def record_services(tx: Tx, services: Sequence[Service]) -> None:
    """Write what lines went through that their clocks must know; what was known is written over."""
    await store.record_services(tx, services)


async def had_for_nothing(tx: Tx, held: Return, *, currency: str) -> None:
    """Goods did not come for which something else was sent ahead: what that was worth is to be had back."""
    assert held.refund_id is not None, "what went ahead has its refund"
    parts = (await refunds.parts(tx, [held.refund_id]))[held.refund_id]
    lines = (await store.lines_of(tx, [held]))[held.id]
    tx.announce(ReturnRecoveryDue(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                                  amount=recoverable(lines, parts, {}), currency=currency))  # fmt: skip


async def is_trusted(tx: Tx, held: Return) -> bool:
    """Whether the policy trusts the buyer of a return so much that something goes before the goods have come."""
    terms = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id].document.early_refund
    order = await orders.get_one(tx, held.order_id)
    return terms is not None and await _is_trusted(tx, order.buyer_id, terms)


async def note_damage(tx: Tx, risks: Mapping[int, bool]) -> None:
    """A carrier broke goods on their way back: {return: whether that was our risk}. The inspection will know."""
    held = await hold(tx, risks)
    for is_ours, word in ((True, "ours"), (False, "buyers")):
        await store.note_damage(tx, [i for i in held if risks[i] is is_ours], word)


async def _owe_postage(tx: Tx, held: Return, owed: int, *, gifts: int = 0) -> None:
    if owed > 0 or gifts:
        await store.note_costs(tx, {held.id: (gifts, max(0, owed))})
    if owed > 0:
        tx.announce(ReturnPostageOwed(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                                      amount=owed, currency=(await orders.get_one(tx, held.order_id)).currency))  # fmt: skip


async def _close(tx: Tx, ours: Mapping[int, Return], owed: Mapping[int, refunds.Refund | None]) -> None:
    """Close those whose money is back already, and those that cost nothing."""
    over = [i for i in ours if (refund := owed.get(i)) is None or refund.state is refunds.RefundState.SETTLED]
    closed = await store.move(tx, "outcome", "settle", over, settled_at=tx.now) if over else {}
    await deadlines.call_off(tx, REFUND_BY, closed)
    tx.announce(*(
        ReturnSettled(subject_id=i, merchant_id=ours[i].merchant_id, order_id=ours[i].order_id, move=closed[i],
                      refund_id=ours[i].refund_id)
        for i in sorted(closed)
    ))  # fmt: skip


async def _is_trusted(tx: Tx, buyer_id: int, terms: policies.EarlyRefund) -> bool:
    bought = (await orders.of_buyers(tx, [buyer_id])).get(buyer_id, [])
    done = [order for order in (await orders.get(tx, bought)).values() if order.completed_at is not None]
    rejected = await store.rejected_units(tx, bought, tx.now - timedelta(days=terms.days))
    return len(done) >= terms.completed_orders and rejected <= terms.rejected_at_most


async def _request(tx: Tx, r: Return, lines: Sequence[ReturnLine], *, gifts: int = 0) -> refunds.RequestRefund:
    sold = {line.line_no: line for line in (await orders.lines(tx, [r.order_id]))[r.order_id]}
    nets = {line.line_no: worth(sold[line.line_no], line.quantity) for line in lines}
    document = (await policies.by_ids(tx, [r.policy_id]))[r.policy_id].document
    costs = way_back(r, {line.line_no: line.fault for line in lines}, nets, gifts, document)
    return refunds.RequestRefund(
        order_id=r.order_id, cause=refunds.Cause.RETURN, cause_id=r.id, lines=_all_of(lines, document),
        is_policy_decided=not r.review_reasons, deduct=costs.deduct, reimburse=costs.reimburse, gifts=costs.gifts,
    )  # fmt: skip


def _all_of(lines: Sequence[ReturnLine], document: policies.PolicyDocument) -> tuple[refunds.AskedLine, ...]:
    return tuple(refunds.AskedLine(line.line_no, line.quantity, basis_of(document, line.fault)) for line in lines)
