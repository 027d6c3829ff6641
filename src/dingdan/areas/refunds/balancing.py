"""The books of refunds: what an order brought, what went back of it, and what of that still counts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas import customs, orders, payments, policies, pricing
from dingdan.areas.refunds import store
from dingdan.areas.refunds.model import LOOSE, UNSHIPPED, Basis, Cause, Draft, Part
from dingdan.areas.refunds.rules import amount, keeping, route
from dingdan.plumbing.tx import Tx

ENDED = (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED)


class Pool(msgspec.Struct, frozen=True):
    """Money that can go back for an order and lies with another one: of it `first` what came off there, or never left.

    Out of that of an order that `goes_on` postage is never paid, and `freight` of it was paid for the way out.
    """

    order_id: int
    remaining: tuple[route.Remaining, ...]
    first: int
    goes_on: bool = False
    freight: int = 0

    @property
    def left(self) -> int:
        """How much it is."""
        return sum(one.amount for one in self.remaining)


class Books(msgspec.Struct, frozen=True):
    """All that decides about refunds of one order."""

    order: orders.Order
    document: policies.PolicyDocument
    cancelled: Mapping[int, int]
    sold: amount.Sold
    earlier: amount.Earlier
    remaining: tuple[route.Remaining, ...]
    is_paid: bool
    brought: int = 0
    bargain: keeping.Bargain | None = None
    pools: tuple[Pool, ...] = ()
    others: keeping.Others = keeping.NOBODY
    # Of what is sent for goods the order in which they were first sold.
    first: "Books | None" = None

    @property
    def left(self) -> int:
        """All that can still go back, wherever it lies."""
        return sum(one.amount for one in self.remaining) + sum(pool.left for pool in self.pools)

    def near(self, parts: Sequence[Part]) -> int:
        """What there is for these parts where no other order is to pay for them, but what comes on again that came off there."""
        again = sum(part.amount for part in parts if part.rule in keeping.COMPONENTS and part.amount > 0)
        others = [pool for pool in self.pools if pool.goes_on]
        return self.left - sum(pool.left for pool in others) + min(again, sum(pool.first for pool in others))

    def lies(self, parts: Sequence[Part]) -> route.Lies:
        """Its own money, before these parts go back."""
        return route.Lies(
            sum(one.amount for one in self.remaining), freight=keeping.freight_there(self.sold, self.earlier, parts)
        )

    @property
    def is_over(self) -> bool:
        """Whether nobody keeps any of its units."""
        return all(self.earlier.units.get(line.line_no, 0) >= line.quantity for line in self.sold.lines)

    @property
    def gone(self) -> dict[int, int]:
        """Units of each line that nobody keeps, those aside for which something was sent."""
        return {no: units - self.earlier.moved.get(no, 0) for no, units in self.earlier.units.items()}


async def load(tx: Tx, found: Mapping[int, orders.Order], *, but: Sequence[int] = ()) -> dict[int, Books]:
    """The books of orders that stand still, by order; what refunds in any state but refused took counts as gone.

    As if the refunds `but` were not.
    """
    if not found:
        return {}
    together = await orders.sold_together(tx, found.values())
    every = {order.id: order for some in together.values() for order in some} | dict(found)
    books = await _each(tx, every, but=but)
    return {
        i: _joined(books[i], [books[one.id] for one in together.get(order.first, ()) if one.id != i])
        for i, order in found.items()
    }


def _joined(books: Books, others: Sequence[Books]) -> Books:
    """The books of an order that others are sold together with: one bargain is about them all, and money lies with each.

    What never left is as if it had never been written: its goods and what was withheld stand with the order before.
    """
    if not others:
        return books
    first = next((one for one in others if one.order.id == books.order.first_order_id), None)
    live = [one for one in others if one.order.state not in ENDED]
    mine = [_pool(one) for one in live]
    return msgspec.structs.replace(
        books,
        bargain=first.bargain if first is not None else books.bargain,
        earlier=msgspec.structs.replace(books.earlier, elsewhere=_sums(one.gone for one in live))
        if first is None
        else books.earlier,
        first=None
        if first is None
        else msgspec.structs.replace(
            first,
            earlier=msgspec.structs.replace(
                first.earlier,
                elsewhere=_sums(one.gone for one in (books, *live) if one is not first),
            ),
        ),
        pools=(*books.pools, *(pool for one in live for pool in one.pools), *mine),
        others=keeping.Others(
            loose=_sums(one.earlier.loose for one in live),
            booked=_sums(one.earlier.booked for one in live),
            is_over=all(one.is_over for one in live),
            freight=sum(keeping.freight_there(one.sold, one.earlier) for one in live),
        ),
    )


def _pool(one: Books) -> Pool:
    """The money of an order that others are sold together with: first what came off there, the rest where that is short.

    It is short where what was sent for goods took more with it than they would have cost alone, as the rest was.
    """
    lies = one.lies(())
    first = max(0, min(one.earlier.kept_back, lies.left - lies.freight))
    return Pool(one.order.id, one.remaining, first, goes_on=True, freight=lies.freight)


def _sums(some: Iterable[Mapping[Any, int]]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for one in some:
        for key, value in one.items():
            found[key] = found.get(key, 0) + value
    return found


async def _each(tx: Tx, found: Mapping[int, orders.Order], *, but: Sequence[int]) -> dict[int, Books]:
    """The books of each order by itself."""
    lines = await orders.lines(tx, found)
    brought = await payments.captured(tx, found)
    taken = await store.taken_tenders(tx, found, but=but)
    earlier = _earlier(await store.taken_parts(tx, found, but=but))
    versions = await policies.by_ids(tx, {order.policy_id for order in found.values()})
    documents = {i: versions[order.policy_id].document for i, order in found.items()}
    bargains = await _bargains(tx, found, lines, documents)
    beyond = await _beyond(tx, documents)
    cleared = await _cleared(tx, lines, documents)
    pools = await _pools(tx, found, but=but)
    return {
        i: Books(
            order=order,
            document=documents[i],
            cancelled={line.line_no: line.cancelled for line in lines[i] if line.cancelled},
            sold=amount.Sold(
                tuple(
                    amount.Line(line.line_no, line.quantity, line.net, line.tax, cleared.get((i, line.line_no)))
                    for line in lines[i]
                ),
                order.freight,
                max(0, order.tax - sum(line.tax for line in lines[i])),
                beyond.get(i, 0),
            ),
            earlier=earlier.get(i, amount.Earlier()),
            remaining=_remaining(i, brought[i], taken),
            # What costs nothing was paid with that, as what is sent instead of something else is.
            is_paid=bool(brought[i]) or (order.paid_at is not None and order.total == 0),
            brought=sum(tender.amount for tender in brought[i]),
            bargain=bargains.get(i),
            pools=pools.get(i, ()),
        )
        for i, order in found.items()
    }


def _remaining(
    order_id: int, brought: Iterable[payments.Tender], taken: Mapping[tuple[int, int], int]
) -> tuple[route.Remaining, ...]:
    return tuple(
        route.Remaining(one.payment_id, one.amount - taken.get((order_id, one.payment_id), 0)) for one in brought
    )


async def _pools(tx: Tx, order_ids: Iterable[int], *, but: Sequence[int]) -> dict[int, tuple[Pool, ...]]:
    """What was withheld of money that was carried over from these orders, and lies with those that never left."""
    withheld = {i: order_id for i, order_id in (await store.withheld(tx, order_ids)).items() if i not in but}
    if not withheld:
        return {}
    ways = {
        one.carried_to: withheld[i] for i, some in (await payments.sent_back(tx, withheld)).items() for one in some
        if one.carried_to is not None
    }  # fmt: skip
    brought, taken = await payments.captured(tx, ways), await store.taken_tenders(tx, ways)
    pools: dict[int, tuple[Pool, ...]] = {}
    for there, order_id in sorted(ways.items()):
        rest = _remaining(there, brought[there], taken)
        pools[order_id] = (*pools.get(order_id, ()), Pool(there, rest, sum(one.amount for one in rest)))
    return pools


async def _beyond(tx: Tx, documents: Mapping[int, policies.PolicyDocument]) -> dict[int, int]:
    """What dearer ways than the least dear one cost, of orders whose policy pays for that one only."""
    ways = {
        i: {policies.freight_for(one, fault).outbound for fault in ("none", "buyer")} for i, one in documents.items()
    }
    asked = [i for i, some in ways.items() if "refunded_standard" in some and "refunded" not in some]
    return {i: way.more for i, way in (await pricing.ways(tx, asked)).items()} if asked else {}


async def _cleared(
    tx: Tx, lines: Mapping[int, Sequence[orders.OrderLine]], documents: Mapping[int, policies.PolicyDocument]
) -> dict[tuple[int, int], int]:
    """Of lines {(order, line)} whose tax customs decide about, how many units were back in time."""
    ours = [
        (i, line.line_no) for i, some in lines.items() for line in some
        if customs.is_ours(line, documents[i].jurisdiction)
    ]  # fmt: skip
    found = await customs.cleared_units(tx, {i for i, _ in ours}) if ours else {}
    return {(i, no): found.get(i, {}).get(no, 0) for i, no in ours}


async def _bargains(
    tx: Tx,
    found: Mapping[int, orders.Order],
    lines: Mapping[int, Sequence[orders.OrderLine]],
    documents: Mapping[int, policies.PolicyDocument],
) -> dict[int, keeping.Bargain]:
    """What the prices of those orders hung on whose policy holds the buyer to that."""
    terms = {
        i: (
            document.no_reason.partial_discount.default == "reprice",
            policies.freight_for(document, "buyer").lost_free_shipping == "deduct",
        )
        for i, document in documents.items()
    }
    asks = {i: _ask(order, lines[i]) for i, order in found.items() if any(terms[i])}
    agreed = await pricing.recall(tx, asks) if asks else {}
    return {i: keeping.Bargain(one, *terms[i]) for i, one in agreed.items() if one.own or one.waivers}


def _ask(order: orders.Order, lines: Sequence[orders.OrderLine]) -> pricing.Ask:
    return pricing.Ask(
        merchant_id=order.merchant_id, channel="", currency=order.currency, now=order.placed_at,
        items=tuple(
            pricing.Item(line.line_no, line.sku, line.product_id, line.category, tuple(line.flags), line.unit_price,
                         line.quantity)
            for line in lines
        ),
    )  # fmt: skip


def _given(taken: Iterable[Any], component: str) -> dict[int, int]:
    given: dict[int, int] = {}
    for row in taken:
        if row["component"] == component:
            given[row["line_no"]] = given.get(row["line_no"], 0) + row["amount"]
    return given


def _earlier(rows: Iterable[Any]) -> dict[int, amount.Earlier]:
    """What went back before, by order."""
    by_order: dict[int, list[Any]] = {}
    for row in rows:
        by_order.setdefault(row["order_id"], []).append(row)
    return {order_id: _taken(taken) for order_id, taken in by_order.items()}


def _taken(taken: Sequence[Any]) -> amount.Earlier:
    goods = [row for row in taken if row["component"] == "goods"]
    freight = sum(row["amount"] for row in taken if row["component"] == "freight_out")
    freight_tax = sum(row["amount"] for row in taken if row["component"] == "freight_tax")
    return amount.Earlier(
        _units(goods), freight, all(row["cause"] in (*UNSHIPPED, Cause.CHANNEL) for row in taken),
        goods=_given(taken, "goods"), tax=_given(taken, "tax"), freight_tax=freight_tax,
        postage=sum(row["amount"] for row in taken if row["component"] == "freight_return" and row["amount"] > 0),
        cancelled=_units([row for row in goods if row["cause"] in UNSHIPPED]),
        loose=_units([row for row in goods if row["basis"] in LOOSE]),
        booked={rule: sum(row["amount"] for row in taken if row["rule"] == rule) for rule in keeping.COMPONENTS},
        moved=_units([row for row in goods if row["basis"] == Basis.EXCHANGED]),
        kept_back=-sum(
            row["amount"] for row in taken
            if row["cause"] != Cause.EXCHANGE and (row["rule"] in keeping.COMPONENTS or row["component"] == "withheld")
        ),
    )  # fmt: skip


def _units(rows: Iterable[Any]) -> dict[int, int]:
    units: dict[int, int] = {}
    for row in rows:
        units[row["line_no"]] = units.get(row["line_no"], 0) + row["units"]
    return units


def after(books: Books, draft: Draft) -> Books:
    """The books as the next one of the set finds them."""
    spent, first = {t.payment_id: t.amount for t in draft.tenders}, books.first
    if draft.order_id != books.order.id:
        given = sum(part.amount for part in draft.parts if part.component in keeping.FREIGHT)
        return msgspec.structs.replace(
            books, first=first if first is None or first.order.id != draft.order_id else after(first, draft),
            others=msgspec.structs.replace(books.others, freight=max(0, books.others.freight - given)),
            pools=tuple(
                pool if pool.order_id != draft.order_id
                else msgspec.structs.replace(pool, remaining=_less(pool.remaining, spent),
                                             first=max(0, pool.first - sum(spent.values()) + given),
                                             freight=max(0, pool.freight - given))
                for pool in books.pools
            ),
        )  # fmt: skip
    earlier = books.earlier
    units, goods, tax = dict(earlier.units), dict(earlier.goods), dict(earlier.tax)
    cancelled, loose, moved = dict(earlier.cancelled), dict(earlier.loose), dict(earlier.moved)
    for part in draft.parts:
        if part.component == "goods":
            units[part.line_no] = units.get(part.line_no, 0) + part.quantity
            goods[part.line_no] = goods.get(part.line_no, 0) + part.amount
            if draft.cause in UNSHIPPED:
                cancelled[part.line_no] = cancelled.get(part.line_no, 0) + part.quantity
            if part.basis in LOOSE:
                loose[part.line_no] = loose.get(part.line_no, 0) + part.quantity
            if part.basis == Basis.EXCHANGED:
                moved[part.line_no] = moved.get(part.line_no, 0) + part.quantity
        elif part.component == "tax":
            tax[part.line_no] = tax.get(part.line_no, 0) + part.amount
    freight = earlier.freight + sum(p.amount for p in draft.parts if p.component == "freight_out")
    freight_tax = earlier.freight_tax + sum(p.amount for p in draft.parts if p.component == "freight_tax")
    now = msgspec.structs.replace(
        books,
        earlier=msgspec.structs.replace(
            earlier, units=units, freight=freight, goods=goods, tax=tax, cancelled=cancelled, moved=moved,
            is_cancelled_only=earlier.is_cancelled_only and draft.cause in UNSHIPPED, freight_tax=freight_tax,
            postage=earlier.postage + sum(
                p.amount for p in draft.parts if p.component == "freight_return" and p.amount > 0
            ),
            loose=loose, booked={
                rule: earlier.booked.get(rule, 0) + sum(p.amount for p in draft.parts if p.rule == rule)
                for rule in keeping.COMPONENTS
            },
        ),
        remaining=_less(books.remaining, spent),
    )  # fmt: skip
    if first is None:
        return now
    back = {no: units - books.gone.get(no, 0) for no, units in now.gone.items()}
    known = msgspec.structs.replace(first.earlier, elsewhere=_sums((first.earlier.elsewhere, back)))
    return msgspec.structs.replace(now, first=msgspec.structs.replace(first, earlier=known))


def _less(remaining: Iterable[route.Remaining], spent: Mapping[int, int]) -> tuple[route.Remaining, ...]:
    return tuple(route.Remaining(one.payment_id, one.amount - spent.get(one.payment_id, 0)) for one in remaining)
