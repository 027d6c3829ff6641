"""Gathering what an order's papers depend on: what was sold and paid back, where it went, and what was wished for."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import identity, merchants, orders, pricing, refunds
from dingdan.areas.invoices import rating, store
from dingdan.areas.invoices.model import InvoiceLine, Seller
from dingdan.areas.invoices.rules import amounts, drafting, taxing
from dingdan.kernel.times import local_date
from dingdan.plumbing.tx import Tx


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
    about: dict[int, About] = {}
    for i, order in found.items():
        seller = sellers[order.merchant_id]
        country = taxing.country_of_tax(seller, places.get(order.contact_id, ""))
        day = local_date(order.placed_at, zones[order.merchant_id])
        about[i] = About(
            affairs=drafting.Affairs(
                is_ready=order.paid_at is not None and (seller.issue_when == "paid" or order.completed_at is not None),
                requests=[one for one in wishes if one.order_id == i], covered=covered[i], given=given[i],
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
