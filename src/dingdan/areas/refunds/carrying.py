"""Goods came back for others: what was paid for them is carried over to the order of those, and the rest goes back."""

from collections.abc import Sequence

from dingdan.areas import merchants, orders
from dingdan.areas.refunds import balancing, sending, store
from dingdan.areas.refunds.model import AskedLine, CarriedOver, CarryOver, Cause, Draft, Part
from dingdan.areas.refunds.refusals import NotPaid, OverRefund
from dingdan.areas.refunds.rules import amount, approval, clauses, keeping, route
from dingdan.kernel.money import split
from dingdan.plumbing.tx import Tx


async def worth(tx: Tx, order_id: int, lines: Sequence[AskedLine]) -> dict[int, int]:
    """What was paid for these units and did not go back, tax with it, by line; nothing of freight or of what it hung on.

    Less what postage that went back before took of it. Raises orders.OrderUnknown, NotPaid, LineUnknown or QuantityUnfit.
    """
    order = await orders.get_one(tx, order_id)
    books = (await balancing.load(tx, {order_id: order}))[order_id]
    if not books.is_paid:
        raise NotPaid
    return _by_line(_quote(books, lines))


async def carry_over(tx: Tx, wanted: CarryOver) -> CarriedOver:
    """Carry money of a locked order over to another one, and send the rest back; once for each exchange.

    The system signs for what is carried, since it leaves nobody's pocket. Raises NotPaid, LineUnknown, QuantityUnfit,
    or OverRefund where the units are not worth what is to be kept.
    """
    order = await orders.lock_one(tx, wanted.order_id)
    assert not await store.by_cause(tx, Cause.EXCHANGE, [wanted.exchange_id]), "an exchange carries its money over once"
    books = (await balancing.load(tx, {order.id: order}))[order.id]
    if not books.is_paid:
        raise NotPaid
    parts = _quote(books, wanted.lines)
    total, short = sum(part.amount for part in parts), amount.short_of(parts)
    if wanted.keep > total:
        raise OverRefund("amount", asked=wanted.keep, left=total)
    owed = await _owed(tx, wanted, parts) if short else 0
    off = [part for part in parts if part.amount < 0]
    kept, rest = _divide([part for part in parts if part.amount >= 0], wanted.keep - sum(part.amount for part in off))
    kept += off
    carried = await _write(tx, books, wanted, kept)
    books = balancing.after(books, carried) if carried is not None else books
    back = await _write_back(tx, books, wanted, rest)
    drafts = [draft for draft in (carried, back) if draft is not None]
    written = {refund.cause: refund for refund in await sending.write_down(tx, drafts)}
    postage = sum(part.amount for part in back.parts if part.component == "freight_return") if back else 0
    return CarriedOver(written.get(Cause.EXCHANGE), written.get(Cause.RETURN), postage - owed)


def _quote(books: balancing.Books, lines: Sequence[AskedLine]) -> tuple[Part, ...]:
    """What the units bring; what the rest cost more than its share, and what postage took, comes off last."""
    left = sum(one.amount for one in books.remaining)
    parts = amount.quote(books.sold, books.earlier, lines)
    if books.bargain is not None:
        parts = keeping.within_share(parts, books.sold, books.earlier, left)
    return amount.within(parts, books.earlier, left)


async def _owed(tx: Tx, wanted: CarryOver, parts: Sequence[Part]) -> int:
    """What of the postage that these goods need is to be paid otherwise: not where the new order is as much cheaper."""
    whole, less = _by_line(parts[:-1]), _by_line(parts)
    sent = {
        line.line_no: line.net + line.tax for line in (await orders.lines(tx, [wanted.to_order_id]))[wanted.to_order_id]
    }  # fmt: skip
    return sum(whole[no] - less[no] for no in whole if sent.get(no) != less[no])


def _divide(parts: Sequence[Part], keep: int) -> tuple[list[Part], list[Part]]:
    """The parts up to what is kept, with their units, and what is over of each, which is money only (A2)."""
    shares = split(keep, [part.amount for part in parts])
    kept = [Part(p.component, p.line_no, p.quantity, n, p.rule, p.basis) for p, n in zip(parts, shares, strict=True)]
    rest = [
        Part(p.component, p.line_no, 0, p.amount - n, amount.DIFFERENCE, p.basis)
        for p, n in zip(parts, shares, strict=True) if p.amount > n
    ]  # fmt: skip
    return kept, rest


async def _write(tx: Tx, books: balancing.Books, wanted: CarryOver, parts: Sequence[Part]) -> Draft | None:
    order = books.order
    tenders = route.route(sum(part.amount for part in parts), books.remaining, currency=order.currency)
    if not tenders:
        return None
    return Draft(
        order_id=order.id, merchant_id=order.merchant_id, currency=order.currency, cause=Cause.EXCHANGE,
        cause_id=wanted.exchange_id, parts=clauses.with_clauses(tuple(parts), books.document), tenders=tenders,
        is_automatic=True, carried_to=wanted.to_order_id,
    )  # fmt: skip


async def _write_back(tx: Tx, books: balancing.Books, wanted: CarryOver, rest: Sequence[Part]) -> Draft | None:
    order, left = books.order, sum(one.amount for one in books.remaining)
    parts = amount.postage(rest, 0, reimburse=wanted.reimburse, left=left)
    total = sum(part.amount for part in parts)
    tenders = route.route(total, books.remaining, currency=order.currency)
    if not tenders:
        return None
    limit = (await merchants.by_ids(tx, [order.merchant_id]))[order.merchant_id].settings.refund_approval_limit
    is_automatic = approval.is_automatic(
        total, cause=Cause.RETURN, is_policy_decided=wanted.is_policy_decided, limit=limit
    )
    return Draft(
        order_id=order.id, merchant_id=order.merchant_id, currency=order.currency, cause=Cause.RETURN,
        cause_id=wanted.return_id, parts=clauses.with_clauses(parts, books.document), tenders=tenders,
        is_automatic=is_automatic,
    )  # fmt: skip


def _by_line(parts: Sequence[Part]) -> dict[int, int]:
    """By line; what postage took is spread over them by what they bring."""
    found: dict[int, int] = {}
    for part in parts:
        if part.rule != amount.OWED:
            found[part.line_no] = found.get(part.line_no, 0) + part.amount
    shares = split(amount.short_of(parts), list(found.values())) if found else []
    return {no: n - less for (no, n), less in zip(found.items(), shares, strict=True)}
