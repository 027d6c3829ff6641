"""What is sent instead costs as much as what came back, or what it costs today (A1, R4.6)."""

from datetime import datetime, timedelta

import msgspec

from dingdan.areas import catalog, orders, policies
from dingdan.kernel.money import part_of_units
from dingdan.kernel.refusal import Text


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


def price(sold: orders.OrderLine, offer: catalog.Offer, units: int, worth: int, *, currency: str) -> Priced:
    """What these units cost for which others come back that are `worth` so much; of others the tax is as it was before."""
    if is_even(sold, offer, currency):
        tax = min(part_of_units(sold.tax, sold.quantity, before=0, taken=units), worth)
        return Priced(sold.line_no, offer, units, sold.unit_price, sold.unit_price * units + tax - worth, tax)
    goods = offer.prices[currency] * units
    # Half up (A8); what was given away bore no tax that anybody could know.
    tax = (2 * sold.tax * goods + sold.net) // (2 * sold.net) if sold.net else 0
    return Priced(sold.line_no, offer, units, offer.prices[currency], 0, tax)


def ship_by(received_at: datetime, hours: int) -> datetime:
    """Until when something is sent for goods that are here."""
    return received_at + timedelta(hours=hours)
