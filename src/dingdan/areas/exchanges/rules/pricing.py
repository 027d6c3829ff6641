"""What is sent instead costs as much as what came back, or what it costs today (A1, R4.6)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from dingdan.areas import catalog, orders, policies
from dingdan.areas import pricing as prices
from dingdan.kernel.money import part_of_units
from dingdan.kernel.refusal import Text

# What came off the goods that came back comes off those that are sent for them.
CARRIED = "exchange"
GIVEN_BY_PLATFORM, GIVEN_BY_SHOP = Text("Given by the platform", "平台优惠"), Text("Given by the shop", "店铺优惠")
TAX = Text("Tax", "税费")


class Priced(msgspec.Struct, frozen=True):
    """One line of the order that goes out, in minor units."""

    line_no: int
    offer: catalog.Offer
    quantity: int
    unit_price: int
    discount: int
    tax: int

    @property
    def goods(self) -> int:
        """Before what comes off."""
        return self.unit_price * self.quantity

    @property
    def total(self) -> int:
        """What it costs."""
        return self.goods - self.discount + self.tax


def is_even(sold: orders.OrderLine, offer: catalog.Offer, currency: str) -> bool:
    """Whether one is as good as the other: the same product, or one at the price that stood next to the first.

    So another size is never dearer for a coupon that made the first one cheaper.
    """
    return offer.product_id == sold.product_id or offer.prices.get(currency) == sold.unit_price


def why_unfit(
    sold: orders.OrderLine, offer: catalog.Offer, terms: policies.ExchangeTerms | None, *, currency: str
) -> Text | None:
    """Why a product cannot be had for goods; None where it can."""
    if currency not in offer.prices:
        return Text(f"it has no price in {currency}", f"没有 {currency} 价格")
    if terms is not None and terms.price_difference == "same_price_only" and not is_even(sold, offer, currency):
        return Text(
            "it has another price, and the policy exchanges at the same price only",
            "价格不同，而售后政策仅支持同价换货",
        )
    return None


def price(
    sold: orders.OrderLine, offer: catalog.Offer, units: int, worth: int, *, tax_paid: int, currency: str
) -> Priced:
    """What these units cost for which others come back that are `worth` so much, with the tax that was paid for those.

    Of others the tax is as it was before.
    """
    if is_even(sold, offer, currency):
        tax = min(tax_paid, worth)
        return Priced(sold.line_no, offer, units, sold.unit_price, sold.unit_price * units + tax - worth, tax)
    goods = offer.prices[currency] * units
    # Half up (A8); what was given away bore no tax that anybody could know.
    tax = (2 * sold.tax * goods + sold.net) // (2 * sold.net) if sold.net else 0
    return Priced(sold.line_no, offer, units, offer.prices[currency], 0, tax)


def with_givers(
    merchant_id: int, priced: Sequence[Priced], sold: Mapping[int, orders.OrderLine], layers: Sequence[prices.Charged]
) -> prices.Quote | None:
    """Who gives what comes off the new order: the platform as much of it as it gave off the goods that came back.

    So what it gave towards a sale goes on to what is sent instead. The tax stands beside it, so that the layers say the
    whole price. None where the platform gave nothing.
    """
    given: dict[int, int] = {}
    for one in layers:
        if one.layer.funder == "platform" and one.layer.effect == "off":
            for line_no, amount, _ in one.shares:
                given[line_no] = given.get(line_no, 0) + amount
    parts = {
        one.line_no: min(one.discount, part_of_units(
            given[one.line_no], sold[one.line_no].quantity, before=0, taken=one.quantity
        ))
        for one in priced if one.discount and one.line_no in given
    }  # fmt: skip
    if not any(parts.values()):
        return None
    shares: dict[int, list[prices.Share]] = {one.line_no: [] for one in priced}
    found: list[prices.Layer] = []
    for layer, amounts in (
        (prices.Layer(CARRIED, "off", None, None, GIVEN_BY_PLATFORM, "platform", 0), parts),
        (prices.Layer(CARRIED, "off", None, None, GIVEN_BY_SHOP, "merchant", 0),
         {one.line_no: one.discount - parts.get(one.line_no, 0) for one in priced}),
        (prices.Layer("tax", "tax", None, None, TAX, None, 0), {one.line_no: one.tax for one in priced}),
    ):  # fmt: skip
        if not any(amounts.values()):
            continue
        for line_no, amount in amounts.items():
            if amount:
                shares[line_no].append(prices.Share(len(found), amount))
        found.append(replace(layer, amount=sum(amounts.values())))
    lines = tuple(
        prices.PricedLine(one.line_no, one.unit_price, one.quantity, one.goods, one.discount, one.tax,
                          layers=tuple(shares[one.line_no]))
        for one in priced
    )  # fmt: skip
    goods, discount, tax = (sum(getattr(one, name) for one in priced) for name in ("goods", "discount", "tax"))
    return prices.Quote(merchant_id, lines, goods, discount, 0, tax, goods - discount + tax, layers=tuple(found))


def ship_by(received_at: datetime, hours: int) -> datetime:
    """Until when something is sent for goods that are here."""
    return received_at + timedelta(hours=hours)
