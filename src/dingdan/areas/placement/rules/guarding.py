"""Whether a price can be meant: it is compared with what the thing used to cost before anybody can order at it.

Once an order is submitted the contract stands (ECL 49), so a slip must be found before.
"""

from dingdan.areas import catalog, merchants
from dingdan.areas.placement.model import Reason, Suspicion

# A price whose digits moved stands at a tenth, a hundredth, ten or a hundred times the usual, give or take so much.
SLIPS, SLIP_PERCENT = (10, 100), 5
# A price that always went up and down may do so: the band is never narrower than so many usual distances.
SPREADS = 4


def suspicion(offer: catalog.Offer, currency: str, settings: merchants.MerchantSettings) -> Suspicion | None:
    """Why nobody may order at this price now; None where it is sound, or the merchant wants no guard."""
    if not settings.price_guard:
        return None
    usual, amount = offer.usual.get(currency), offer.prices[currency]
    reason = "paused" if offer.is_paused else _reason(amount, usual, offer.floors.get(currency), settings)
    if reason is None:
        return None
    median = usual.median if usual is not None else None
    return Suspicion(offer.merchant_id, offer.product_id, offer.sku, currency, amount, median, reason)


def _reason(
    amount: int, usual: catalog.Usual | None, floor: int | None, settings: merchants.MerchantSettings
) -> Reason | None:
    if amount <= 0:
        return "not_positive"
    if floor is not None and amount < floor:
        return "below_floor"
    if usual is None or usual.is_vouched:
        return None
    least = min(usual.median * settings.price_guard_least_percent // 100, usual.median - SPREADS * usual.spread)
    most = max(usual.median * settings.price_guard_most_percent // 100, usual.median + SPREADS * usual.spread)
    is_far = not least <= amount <= most
    if any(_is_near(amount * slip, usual.median) or _is_near(amount, usual.median * slip) for slip in SLIPS):
        # A price that has been there before is no slip, however far from the middle it stands.
        return "decimal_slip" if is_far or usual.spread * SPREADS < abs(amount - usual.median) else None
    if is_far:
        return "far_below" if amount < usual.median else "far_above"
    return None


def _is_near(amount: int, wanted: int) -> bool:
    return abs(amount - wanted) * 100 <= wanted * SLIP_PERCENT
