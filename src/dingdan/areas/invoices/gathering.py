"""Gathering what an order's papers depend on: what was sold and paid back, where it went, and what was wished for."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import identity, merchants, orders, payments, pricing, refunds
from dingdan.areas.invoices import rating, store
from dingdan.areas.invoices.model import InvoiceLine, Seller
from dingdan.areas.invoices.rules import amounts, drafting, taxing
from dingdan.kernel.times import local_date
from dingdan.plumbing.tx import Tx

ENDED = (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED)
OVER = (refunds.RefundState.SETTLED, refunds.RefundState.REFUSED)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """One order as its papers see it; `country` is the one whose tax it bears."""

    affairs: drafting.Affairs
    sold: tuple[amounts.Sold, ...]
    freight: int
    freight_rate: int
    country: str
    seller: Seller


async def affairs(tx: Tx, locked: Mapping[int, orders.Order]) -> dict[int, About]:
    """All about these locked orders whose merchants have said how their invoices name them."""
    sellers = await store.sellers(tx, {order.merchant_id for order in locked.values()})
    found = {i: order for i, order in locked.items() if order.merchant_id in sellers}
    papers, wishes = await store.get(tx, order_ids=found), await store.requests(tx, order_ids=found)
    covered, given = await store.covered(tx, found), await _given(tx, found)
    zones = {i: one.zone for i, one in (await merchants.by_ids(tx, {o.merchant_id for o in found.values()})).items()}
    places = {
        i: one.country for i, one in (await identity.contacts(tx, [o.contact_id for o in found.values()])).items()
    }
    lines, layers = await orders.lines(tx, found), await pricing.layers(tx, list(found))
    kept, unpaid = await kept_of_ended(tx, found), await _unpaid(tx, found)
    about: dict[int, About] = {}
    for i, order in found.items():
        seller = sellers[order.merchant_id]
        country = taxing.country_of_tax(seller, places.get(order.contact_id, ""))
        day = local_date(order.placed_at, zones[order.merchant_id])
        about[i] = About(
            affairs=drafting.Affairs(
                is_ready=i in kept if order.state in ENDED
                else order.paid_at is not None and (seller.issue_when == "paid" or order.completed_at is not None),
                requests=[one for one in wishes if one.order_id == i], covered=covered[i],
                given=[*given[i], *unpaid.get(i, ())],
                invoices=[one for one in papers if one.order_id == i],
            ),
            sold=tuple(
                _sold(line, _included(layers[i]), taxing.rate(rating.shipped(), seller, country, line.category, day))
                for line in lines[i]
            ),
            freight=order.freight,
            # Where tax is added to prices, carriage is as it was priced: without.
            freight_rate=0 if order.tax else taxing.rate(rating.shipped(), seller, country, "", day),
            country=country or seller.country, seller=seller,
        )  # fmt: skip
    return about


def lines(about: About, given: Sequence[amounts.Given]) -> tuple[InvoiceLine, ...]:
    """The lines of an invoice over what is left of an order."""
    return amounts.invoice_lines(about.sold, freight=about.freight, freight_rate=about.freight_rate, given=given)


def _sold(line: orders.OrderLine, included: Mapping[int, int] | None, likely: int) -> amounts.Sold:
    frozen = included.get(line.line_no, 0) if included is not None else None
    if line.tax:
        rate = taxing.rate_of(line.tax, line.net, likely)
    elif frozen is not None:
        rate = taxing.rate_of(frozen, line.net - frozen, likely) if frozen else 0
    else:
        rate = likely
    return amounts.Sold(
        line_no=line.line_no, title=line.title, sku=line.sku, quantity=line.quantity, net=line.net, tax=line.tax,
        included=frozen, rate=rate,
    )  # fmt: skip


def _included(layers: Sequence[pricing.Charged]) -> dict[int, int] | None:
    """The tax that prices froze as a part of themselves, by line; None where nothing was frozen."""
    frozen: dict[int, int] | None = None
    for one in layers:
        if one.layer.effect == "tax_included":
            frozen = {} if frozen is None else frozen
            for line_no, amount, _ in one.shares:
                frozen[line_no] = frozen.get(line_no, 0) + amount
    return frozen


async def kept_of_ended(tx: Tx, found: Mapping[int, orders.Order]) -> set[int]:
    """Orders that were to go out for goods and never left, of whose money something stays, once all else of it is back."""
    ended = {i: order for i, order in found.items() if order.state in ENDED and order.first_order_id is not None}
    if not ended:
        return set()
    together = await orders.sold_together(tx, ended.values())
    held = await refunds.withheld_with(tx, {order.id for some in together.values() for order in some})
    back = await refunds.of_orders(tx, ended)
    came = await payments.captured(tx, ended)
    return {
        i for i in ended.keys() & held
        if all(one.state in OVER for one in back[i])
        and sum(one.amount for one in came[i]) > sum(
            one.amount for one in back[i] if one.state is refunds.RefundState.SETTLED
        )
    }  # fmt: skip


async def _unpaid(tx: Tx, found: Mapping[int, orders.Order]) -> dict[int, list[amounts.Given]]:
    """Of orders that ended before all of their price was there, what never came: it was not sold either."""
    ended = [i for i, order in found.items() if order.state in ENDED and order.first_order_id is not None]
    came = await payments.captured(tx, ended) if ended else {}
    rest = {i: found[i].total - sum(one.amount for one in came[i]) for i in ended}
    return {
        i: [amounts.Given(0, never, (refunds.Part("goods", amounts.NOWHERE, 0, never, ""),))]
        for i, never in rest.items() if never > 0
    }  # fmt: skip


async def _given(tx: Tx, found: Mapping[int, orders.Order]) -> dict[int, list[amounts.Given]]:
    """The refunds of orders that have arrived, oldest first; what nobody owed was never sold."""
    asked = await refunds.of_orders(tx, found)
    arrived = {
        i: [
            one for one in some
            if one.state is refunds.RefundState.SETTLED and one.cause is not refunds.Cause.EXCESS and one.amount
        ]
        for i, some in asked.items()
    }  # fmt: skip
    parts = await refunds.parts(tx, [one.id for some in arrived.values() for one in some])
    return {i: [amounts.Given(one.id, one.amount, tuple(parts[one.id])) for one in some] for i, some in arrived.items()}
