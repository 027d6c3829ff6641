"""What units bring, out of whose money it goes, and what is written down for it."""

from collections.abc import Iterable, Sequence

import msgspec

from dingdan.areas import merchants, orders
from dingdan.areas.refunds import balancing
from dingdan.areas.refunds.model import AskedLine, Cause, Draft, Part, RequestRefund, Tender
from dingdan.areas.refunds.refusals import NotPaid
from dingdan.areas.refunds.rules import amount, approval, clauses, keeping, route
from dingdan.plumbing.tx import Tx


class Decided(msgspec.Struct, frozen=True):
    """What is `owed`, through which tenders of the order, and through which of others where some of it lies (`draws`).

    `freight` is what the first order's carriage brings besides, where goods come back that were sent for goods of it.
    """

    owed: tuple[Part, ...]
    tenders: tuple[Tender, ...]
    draws: tuple[tuple[int, tuple[Tender, ...]], ...] = ()
    freight: tuple[Part, ...] = ()

    @property
    def total(self) -> int:
        """All that the buyer is given, whatever order it goes out of."""
        return sum(part.amount for part in (*self.owed, *self.freight))

    @property
    def drawn(self) -> int:
        """What of it lies with others."""
        return sum(tender.amount for _, some in self.draws for tender in some) - sum(p.amount for p in self.freight)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What goes back with the order itself."""
        less = (Part("withheld", 0, 0, -self.drawn, amount.WITHHELD),) if self.drawn else ()
        return (*self.owed, *less)

    @property
    def ways(self) -> tuple[Tender, ...]:
        """All of it by payment."""
        sums: dict[int, int] = {}
        for tender in (*self.tenders, *(tender for _, some in self.draws for tender in some)):
            sums[tender.payment_id] = sums.get(tender.payment_id, 0) + tender.amount
        return tuple(Tender(i, total) for i, total in sums.items())


def decide(
    books: balancing.Books,
    lines: Sequence[AskedLine],
    *,
    off: Sequence[tuple[int, int]] = (),
    asked: RequestRefund | None = None,
) -> Decided:
    """What units bring, and which way it goes. Raises NotPaid, LineUnknown, QuantityUnfit, LinePaidBack or OverRefund."""
    if not books.is_paid:
        raise NotPaid
    reduced = [part for line_no, less in off for part in amount.reduction(books.sold, books.earlier, line_no, less)]
    held = held_to(books, amount.quote(books.sold, books.earlier, lines), besides=sum(part.amount for part in reduced))
    parts: tuple[Part, ...] = (*held, *reduced)
    if asked is not None:
        parts = amount.gifts(amount.worn(parts, asked.worn), asked.gifts)
        parts = amount.postage(parts, asked.deduct, reimburse=asked.reimburse, left=books.near(parts))
    parts = clauses.with_clauses(amount.within(parts, books.earlier, books.near(parts)), books.document)
    return routed(books, parts, freight=_freight_of_first(books, lines))


def _freight_of_first(books: balancing.Books, lines: Sequence[AskedLine]) -> tuple[Part, ...]:
    if books.first is None:
        return ()
    left = sum(one.amount for one in books.first.remaining)
    parts = amount.freight_of_first(books.first.sold, books.first.earlier, lines, left)
    return clauses.with_clauses(parts, books.document)


def held_to(books: balancing.Books, parts: Sequence[Part], *, besides: int = 0) -> tuple[Part, ...]:
    """The same with what the price of the rest hung on, where so much goes back `besides`."""
    return keeping.hold_to(
        parts, books.bargain, sold=books.sold, earlier=books.earlier, left=books.left - besides, others=books.others
    )


def routed(books: balancing.Books, parts: tuple[Part, ...], *, freight: tuple[Part, ...] = ()) -> Decided:
    """The way of what is owed: what comes on again out of where it came off, the rest out of the order's own money.

    Where that is short it goes out of the money of whatever it was sold together with.
    """
    total, currency = sum(part.amount for part in parts), books.order.currency
    again = sum(part.amount for part in parts if part.rule in keeping.COMPONENTS and part.amount > 0)
    lies = [route.Lies(pool.left, pool.first, pool.freight) for pool in books.pools]
    own, drawn = route.draw(total, again, books.lies(parts), lies)
    for n, pool in enumerate(books.pools):
        if books.first is not None and pool.order_id == books.first.order.id:
            drawn[n] += sum(part.amount for part in freight)
    draws = tuple(
        (pool.order_id, route.route(drawn[n], pool.remaining, currency=currency))
        for n, pool in enumerate(books.pools) if drawn[n]
    )  # fmt: skip
    return Decided(parts, route.route(own, books.remaining, currency=currency), draws, freight)


def drafts_of(
    books: balancing.Books, found: Decided, cause: Cause, cause_id: int, *, is_policy_decided: bool, limit: int
) -> list[Draft]:
    """The refund of the order, and one of each other that some of the money lies with; the same people sign for each.

    Where as much goes off as the units bring, that they are back is on record with a refund of nothing: what went off may
    come on again with the rest (W07).
    """
    total = found.total
    may_sign = approval.is_automatic(total, cause=cause, is_policy_decided=is_policy_decided, limit=limit)
    is_automatic = may_sign or not total
    is_noted = not total and any(part.amount for part in found.owed)
    order = books.order
    whole = Draft(order_id=order.id, merchant_id=order.merchant_id, currency=order.currency, cause=cause,
                  cause_id=cause_id, parts=found.parts, tenders=found.tenders, is_automatic=is_automatic)  # fmt: skip
    return ([whole] if found.parts and (found.tenders or found.draws or is_noted) else []) + [
        Draft(
            order_id=there, merchant_id=order.merchant_id, currency=order.currency, cause=Cause.WITHHELD, cause_id=cause_id,
            parts=_drawn(books, found, there, tenders), tenders=tenders, is_automatic=is_automatic,
        )
        for there, tenders in found.draws
    ]  # fmt: skip


def _drawn(books: balancing.Books, found: Decided, there: int, tenders: Sequence[Tender]) -> tuple[Part, ...]:
    """What a refund of another order is made of: of the first one its carriage, of each what lies there."""
    freight = found.freight if books.first is not None and there == books.first.order.id else ()
    rest = sum(tender.amount for tender in tenders) - sum(part.amount for part in freight)
    return (*freight, *((Part("withheld", 0, 0, rest, amount.WITHHELD),) if rest else ()))


async def limits_of(tx: Tx, found: Iterable[orders.Order]) -> dict[int, int]:
    """Up to which amount the system may sign, by merchant."""
    owners = await merchants.by_ids(tx, {order.merchant_id for order in found})
    return {i: merchant.settings.refund_approval_limit for i, merchant in owners.items()}
