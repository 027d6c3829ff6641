"""What the demo's first shop offers: money off from a sum on, a coupon, and a way to pay with a limit and a night off.

And what the platform gives: a coupon for a basket of several shops.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dingdan.areas import methods, payments, pricing
from dingdan.plumbing.tx import Tx

# Before the oldest order of the demo, so that some of them have it.
RUNNING = timedelta(days=30)
COUPON = "WELCOME20"
FOR_ALL = "ALLSHOPS30"


async def make_offers(tx: Tx, merchant_id: int, zone: str) -> None:
    """Let promotions and coupons run, and describe a way to pay."""
    since = tx.now - RUNNING
    for owner, draft in (
        (None, pricing.Draft(
            name={"zh": "平台跨店券", "en": "Coupon for all shops"}, currency="CNY", starts_at=since, code=FOR_ALL,
            min_spend=20000, limit_total=1_000, limit_per_buyer=1, benefit=pricing.Amount(3000),
        )),
        (merchant_id, pricing.Draft(
            name={"zh": "满300减40", "en": "40 off from 300"}, currency="CNY", starts_at=since,
            benefit=pricing.Tiers((pricing.Tier(30000, 4000),)),
        )),
        (merchant_id, pricing.Draft(
            name={"zh": "新客券", "en": "Welcome coupon"}, currency="CNY", starts_at=since, code=COUPON, min_spend=9900,
            limit_per_buyer=1, listed=True, benefit=pricing.Amount(2000),
        )),
    ):  # fmt: skip
        await pricing.schedule(tx, (await pricing.create(tx, owner, draft)).id)
    await payments.save_way(tx, methods.SaveWay(merchant_id=merchant_id, way=methods.Way(
        provider="sandbox", method="qr", name={"zh": "扫码支付", "en": "QR code"},
        limits=(methods.Bounds("CNY", most=500_000),), closed=(_next_night(tx.now, zone),))))  # fmt: skip


def _next_night(now: datetime, zone: str) -> methods.Closed:
    """Two hours of maintenance in the night after this day."""
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    since, until = (datetime.combine(day, time(hour), ZoneInfo(zone)) for hour in (2, 4))
    return methods.Closed(since, until)
