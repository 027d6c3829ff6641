"""Asking for money back, and what it would come to. The order is locked, so two at once get exactly what fits."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from dingdan.areas import orders, payments
from dingdan.areas.refunds import balancing, sending, store
from dingdan.areas.refunds.deciding import Decided, decide, drafts_of, held_to, limits_of, routed
from dingdan.areas.refunds.model import (
    AskedLine,
    Basis,
    Cause,
    Draft,
    MadeGood,
    MakeGood,
    Part,
    Quote,
    Refund,
    RefundedElsewhere,
    RequestRefund,
    Tender,
)
from dingdan.areas.refunds.refusals import NotPaid
from dingdan.areas.refunds.rules import amount, approval, clauses, route
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

NOTHING: Mapping[int, Part] = {}


async def quote(
    tx: Tx, order_id: int, lines: Sequence[AskedLine], *, off: Sequence[tuple[int, int]] = (), but: Sequence[int] = ()
) -> Quote:
    """What these units would bring back, by the rules that `request` goes by, as if the refunds `but` were not.

    Raises orders.OrderUnknown, NotPaid, LineUnknown, QuantityUnfit or OverRefund.
    """
    order = await orders.get_one(tx, order_id)
    books = (await balancing.load(tx, {order_id: order}, but=but))[order_id]
    found = decide(books, lines, off=off)
    return Quote(order_id=order_id, currency=order.currency, amount=found.total,
                 parts=(*found.owed, *found.freight), tenders=found.ways)  # fmt: skip


async def foretell(tx: Tx, asked: RequestRefund) -> Quote:
    """What `request` would bring for this cause, with all that is taken off and given back. Raises what `quote` raises."""
    order = await orders.get_one(tx, asked.order_id)
    books = (await balancing.load(tx, {order.id: order}))[order.id]
    found = decide(books, asked.lines, off=asked.off, asked=asked)
    return Quote(order_id=order.id, currency=order.currency, amount=found.total,
                 parts=(*found.owed, *found.freight), tenders=found.ways)  # fmt: skip


async def request(tx: Tx, asked: RequestRefund) -> Refund | None:
    """Ask for money back for one cause; see `request_many`."""
    return (await request_many(tx, [asked]))[asked.cause_id]


async def request_many(tx: Tx, asked: Sequence[RequestRefund]) -> dict[int, Refund | None]:
    """Ask for money back for many causes of one kind: {cause: refund}, None where nothing was paid for the units.

    The same cause gives the same refund again. What refunds in any state but refused took counts as spent, and so
    does what an earlier one of this set takes. Where the policy alone decided and the amount is within the merchant's
    limit a refund is signed and sent at once, else it waits for a signature.
    Raises orders.OrderUnknown, NotPaid, LineUnknown, QuantityUnfit or OverRefund.
    """
    if not asked:
        return {}
    locked = await orders.lock(tx, {one.order_id for one in asked})
    refuse_all([orders.OrderUnknown() for one in asked if one.order_id not in locked])
    found: dict[int, Refund | None] = dict.fromkeys((one.cause_id for one in asked), None)
    for some in _rounds(asked, locked):
        found |= await _request(tx, some, locked)
    return found


def _rounds(asked: Sequence[RequestRefund], locked: Mapping[int, orders.Order]) -> list[list[RequestRefund]]:
    """In rounds, none of them about two orders that were sold together: what one takes the next one finds gone."""
    rounds: list[tuple[dict[int, int], list[RequestRefund]]] = []
    for one in asked:
        first = locked[one.order_id].first
        mine = next((some for by, some in rounds if by.setdefault(first, one.order_id) == one.order_id), None)
        if mine is None:
            rounds.append(({first: one.order_id}, mine := []))
        mine.append(one)
    return [some for _, some in rounds]


async def _request(tx: Tx, asked: Sequence[RequestRefund], locked: Mapping[int, orders.Order]) -> dict[int, Refund]:
    known = await store.by_cause(tx, asked[0].cause, [one.cause_id for one in asked])
    fresh = [one for one in asked if one.cause_id not in known]
    books = await balancing.load(tx, {one.order_id: locked[one.order_id] for one in fresh})
    limits = await limits_of(tx, locked.values())
    drafts = []
    for one in fresh:
        found = decide(books[one.order_id], one.lines, off=one.off, asked=one)
        limit = limits[locked[one.order_id].merchant_id]
        made = drafts_of(books[one.order_id], found, one.cause, one.cause_id,
                         is_policy_decided=one.is_policy_decided, limit=limit)  # fmt: skip
        drafts += made
        for draft in made:
            books[one.order_id] = balancing.after(books[one.order_id], draft)
    written = await sending.write_down(tx, drafts) if drafts else []
    return known | {r.cause_id: r for r in written if r.cause is asked[0].cause}


async def refund_cancelled(tx: Tx, order_ids: Iterable[int], *, less: Mapping[int, Part] = NOTHING) -> list[Refund]:
    """What was paid for orders that ended and did not go back yet goes back, freight and tax with it.

    To one that nobody paid something may have been carried over; `less` is what goes off that, by order. Where only
    a deposit was paid, what becomes of it is another question; see `refund_deposits`.
    """
    found = await orders.lock(tx, order_ids)
    halfway = await payments.deposits(tx, [i for i, order in found.items() if order.paid_at is None])
    ended = {i: i for i, o in found.items() if o.state in balancing.ENDED and i not in halfway}
    return await _refund_owed(
        tx, Cause.CANCELLATION, ended, found, lambda one: _of_cancelled(one, less.get(one.order.id))
    )


async def refund_amended(tx: Tx, amendments: Mapping[int, int]) -> list[Refund]:
    """What was paid for units that were cancelled of orders {amendment: order} and did not go back yet goes back.

    What is owed is read from the lines, so amendments may be answered late, twice, and in any order; the freight goes
    with the last unit (A7).
    """
    found = await orders.lock(tx, set(amendments.values()))
    ours = {i: order_id for i, order_id in sorted(amendments.items()) if order_id in found}
    return await _refund_owed(tx, Cause.AMENDMENT, ours, found, _of_amended)


async def refund_import_tax(tx: Tx, customs_returns: Mapping[int, int]) -> list[Refund]:
    """The tax of goods of orders {customs return: order} that customs have back in time, where their price went before.

    What goes back later takes its tax with it.
    """
    found = await orders.lock(tx, set(customs_returns.values()))
    ours = {i: order_id for i, order_id in sorted(customs_returns.items()) if order_id in found}
    return await _refund_owed(tx, Cause.CUSTOMS, ours, found, _of_import)


async def _refund_owed(
    tx: Tx,
    cause: Cause,
    causes: Mapping[int, int],
    found: Mapping[int, orders.Order],
    owed: Callable[[balancing.Books], Decided],
) -> list[Refund]:
    known = await store.by_cause(tx, cause, causes)
    fresh = {i: order_id for i, order_id in causes.items() if i not in known}
    books = await balancing.load(tx, {order_id: found[order_id] for order_id in fresh.values()})
    limits = await limits_of(tx, [one.order for one in books.values()])
    drafts = []
    for i, order_id in fresh.items():
        one = books[order_id]
        decided = owed(one)
        if not any(part.amount for part in decided.owed):
            continue
        made = drafts_of(one, decided, cause, i, is_policy_decided=True, limit=limits[one.order.merchant_id])
        drafts += made
        for draft in made:
            books[order_id] = balancing.after(books[order_id], draft)
    return [refund for refund in await sending.write_down(tx, drafts) if refund.cause is cause]


def _of_amended(one: balancing.Books) -> Decided:
    found = _as_far_as_it_goes(one, amount.cancelled_left(one.earlier, one.cancelled))
    # Where nothing is kept any more, what came off because of the rest comes on again.
    held = held_to(one, found.owed) if found.owed else ()
    return found if held == found.owed else routed(one, clauses.with_clauses(held, one.document))


def _of_cancelled(one: balancing.Books, less: Part | None) -> Decided:
    found = _as_far_as_it_goes(one, amount.everything_left(one.sold, one.earlier, Basis.CANCELLED))
    total = sum(part.amount for part in found.owed)
    if less is None or not total:
        return found
    less = msgspec.structs.replace(less, amount=max(-total, less.amount))
    return Decided(
        clauses.with_clauses((*found.owed, less), one.document),
        route.route(total + less.amount, one.remaining, currency=one.order.currency),
    )


def _of_import(one: balancing.Books) -> Decided:
    # Postage that went back before may have taken some of it, or all: that is owed otherwise, and the tax is given.
    parts = amount.within(
        amount.import_tax(one.sold, one.earlier), one.earlier, sum(rest.amount for rest in one.remaining)
    )
    parts = clauses.with_clauses(parts, one.document)
    return Decided(parts, route.route(sum(part.amount for part in parts), one.remaining, currency=one.order.currency))


def _as_far_as_it_goes(one: balancing.Books, lines: tuple[AskedLine, ...]) -> Decided:
    """What the lines are worth; where a channel brought only a part of the money, or gave some back, what is left."""
    there = sum(rest.amount for rest in one.remaining)
    if not lines or not there:
        return Decided((), ())
    parts = amount.quote(one.sold, one.earlier, lines)
    if sum(part.amount for part in parts) > there:
        parts = amount.money_only(one.sold, one.earlier, there)
    parts = clauses.with_clauses(parts, one.document)
    return Decided(parts, route.route(sum(part.amount for part in parts), one.remaining, currency=one.order.currency))


async def record_elsewhere(tx: Tx, told: Sequence[RefundedElsewhere]) -> list[Refund]:
    """Follow what sales channels gave back: the books take what is more than they have, and never more than came in.

    What was refunded here is among what the channel gives, so only the difference is new. Each order once.
    """
    by_order = {one.order_id: one for one in told}
    locked = await orders.lock(tx, by_order)
    books = await balancing.load(tx, locked)
    drafts = []
    for order_id, one in books.items():
        there = sum(rest.amount for rest in one.remaining)
        more = min(by_order[order_id].total - (one.brought - there), there)
        if more > 0:
            parts = amount.money_only(one.sold, one.earlier, more)
            drafts.append(Draft(
                order_id=order_id, merchant_id=one.order.merchant_id, currency=one.order.currency, cause=Cause.CHANNEL,
                cause_id=by_order[order_id].cause_id, parts=parts, is_automatic=True,
                tenders=route.route(sum(part.amount for part in parts), one.remaining, currency=one.order.currency),
            ))  # fmt: skip
    return await sending.write_down(tx, drafts)


async def refund_deposits(tx: Tx, order_ids: Iterable[int]) -> list[Refund]:
    """What the seller may not keep of the deposits of presales that ended before their balance was paid goes back.

    So does as much again where the seller could not deliver (Civil Code art. 587): up to the merchant's limit the system
    signs for it, above that two people do.
    """
    locked = await orders.lock(tx, order_ids)
    ended = await payments.end_deposits(tx, locked)
    books = await balancing.load(tx, {i: locked[i] for i in ended})
    limits = await limits_of(tx, [locked[i] for i in ended])
    drafts = []
    for i, one in books.items():
        order, back, penalty = one.order, ended[i].back, ended[i].penalty
        drafts.append(Draft(
            order_id=i, merchant_id=order.merchant_id, currency=order.currency, cause=Cause.CANCELLATION,
            cause_id=i, parts=amount.money_only(one.sold, one.earlier, back, amount.DEPOSIT), is_automatic=True,
            tenders=route.route(back, one.remaining, currency=order.currency),
        ))  # fmt: skip
        if penalty:
            parts = (Part("penalty", 0, 0, penalty, amount.DOUBLE),)
            drafts.append(_draft(order, Cause.PENALTY, i, parts=parts, tenders=(), is_policy_decided=True,
                                 limit=limits[order.merchant_id]))  # fmt: skip
    return await sending.write_down(tx, drafts)


async def make_good(tx: Tx, wanted: MakeGood) -> MadeGood:
    """Send back what was granted for a remedy; the same remedy again is the same refund, None where it comes to nothing.

    Where postage that went back before took money that it needs, it is `short` by that.
    Raises orders.OrderUnknown, NotPaid, LineUnknown, QuantityUnfit or OverRefund.
    """
    locked = {wanted.order_id: await orders.lock_one(tx, wanted.order_id)}
    known = await store.by_cause(tx, Cause.CASE, [wanted.remedy_id])
    if known:
        return MadeGood(known[wanted.remedy_id])
    one = (await balancing.load(tx, locked))[wanted.order_id]
    if not one.is_paid:
        raise NotPaid
    parts = held_to(one, amount.quote(one.sold, one.earlier, wanted.lines)) if wanted.lines else ()
    if wanted.off_line is not None:
        parts += amount.reduction(one.sold, one.earlier, wanted.off_line, wanted.off)
    parts = amount.within(parts, one.earlier, one.near(parts))
    found = routed(one, parts)
    if not any(part.amount for part in parts):
        return MadeGood(None)
    drafts = drafts_of(one, found, Cause.CASE, wanted.remedy_id, is_policy_decided=False, limit=0)
    written = await sending.write_down(tx, drafts)
    refund = next((refund for refund in written if refund.cause is Cause.CASE), None)
    return MadeGood(refund, amount.short_of(parts))


async def pay_for_kept(tx: Tx, order_id: int, *, goods_id: int, line_no: int, worth: int) -> Refund:
    """Pay what was offered for goods that the buyer leaves with us; the same goods again are the same refund.

    Raises orders.OrderUnknown, NotPaid, LineUnknown or OverRefund.
    """
    locked = {order_id: await orders.lock_one(tx, order_id)}
    known = await store.by_cause(tx, Cause.KEPT, [goods_id])
    if known:
        return known[goods_id]
    one = (await balancing.load(tx, locked))[order_id]
    if not one.is_paid:
        raise NotPaid
    parts = amount.reduction(one.sold, one.earlier, line_no, worth, amount.KEPT)
    tenders = route.route(worth, one.remaining, currency=one.order.currency)
    draft = _draft(one.order, Cause.KEPT, goods_id, parts=parts, tenders=tenders, is_policy_decided=False, limit=0)
    (refund,) = await sending.write_down(tx, [draft])
    return refund


async def refund_excess(tx: Tx, capture_ids: Iterable[int]) -> list[Refund]:
    """Money that nobody owed goes back the way it came; the system signs."""
    captures = await payments.excess(tx, capture_ids)
    await orders.lock(tx, {capture.order_id for capture in captures})
    known = await store.by_cause(tx, Cause.EXCESS, [capture.id for capture in captures])
    return await sending.write_down(tx, [
        Draft(order_id=capture.order_id, merchant_id=capture.merchant_id, currency=capture.currency,
              cause=Cause.EXCESS, cause_id=capture.id, is_automatic=True,
              parts=(Part("excess", 0, 0, capture.amount, amount.EXCESS),),
              tenders=(Tender(capture.payment_id, capture.amount),))
        for capture in captures if capture.id not in known
    ])  # fmt: skip


def _draft(
    order: orders.Order,
    cause: Cause,
    cause_id: int,
    *,
    parts: tuple[Part, ...],
    tenders: tuple[Tender, ...],
    is_policy_decided: bool,
    limit: int,
) -> Draft:
    total = sum(part.amount for part in parts)
    is_automatic = approval.is_automatic(total, cause=cause, is_policy_decided=is_policy_decided, limit=limit)
    return Draft(order_id=order.id, merchant_id=order.merchant_id, currency=order.currency, cause=cause,
                 cause_id=cause_id, parts=parts, tenders=tenders, is_automatic=is_automatic)  # fmt: skip
