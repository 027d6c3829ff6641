"""The shop of the replay and all its settings: what is said here is all that is set, nothing is switched off elsewhere."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dingdan.areas import catalog, inventory, merchants, payments, policies
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.kernel.money import MAX_AMOUNT, decimal_string
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do_at
from dingdan.plumbing.tx import Tx

ZONE = "Europe/London"
LONDON = ZoneInfo(ZONE)
CURRENCY = "GBP"
CODE = CHANNEL = WAREHOUSE = "online-retail"
POLICY = "online_retail"
# Nothing else is in the file about the people and places of the shop, and nothing is made up.
NOT_GIVEN = "not given"
WINDOW_DAYS = 730
# A parcel out, a parcel back: the numbers of carriers are not in the file either.
CARRIER = "manual"
CHUNK = 2_000

SETTINGS = merchants.MerchantSettings(
    # Long enough that nothing expires between an order and its payment, which the file does not tell apart.
    pay_within_minutes=30 * 24 * 60,
    freight=0,
    free_freight_from=None,
    auto_confirm_days=10,
    auto_confirm_days_after_delivery=7,
    # Inspection passes, so the system signs every refund itself.
    refund_approval_limit=MAX_AMOUNT,
    # A claimed price that was not paid waits for a person, however long.
    review_price_claims=True,
    silence_approves=False,
    # Nobody is told today about what was bought then.
    messages=False,
    # Every price of the file was really paid, whatever it looks like.
    price_guard=False,
    # Where it went is not in the file.
    check_addresses=False,
)


def policy() -> policies.PolicyDocument:
    """The shop's own return policy: 730 days, everything, without a reason; days as London counts them, none rolled."""
    words = {"OWN_NO_REASON": "Anything can be returned within 730 days of delivery, without a reason.",
             "OWN_FAULT": "Faulty goods can be returned within 730 days; the shop pays the way back.",
             "OWN_UNITS": "What was bought can be returned once.",
             "OWN_REFUND": "The price paid goes back within 14 days of the goods' arrival.",
             "OWN_REVIEW": "Somebody looks at every claim that differs from what was paid."}  # fmt: skip
    window = {"days": WINDOW_DAYS, "start": "delivered_at", "roll_rest_day": False}
    document: dict[str, Any] = {
        "id": POLICY, "version": "1", "jurisdiction": "other", "zone": ZONE, "effective_from": "2009-01-01",
        "name": {"en": "Online retail: 730 days", "zh": "在线零售：730 天退货"},
        "sources": [{"short": "Own", "title": "The shop's own terms, for the replay", "checked_on": "2026-11"}],
        "grounds": {"quantity": "OWN_UNITS", "unshipped": "OWN_UNITS", "in_transit": "OWN_NO_REASON",
                    "unconfirmed": "OWN_NO_REASON", "open": "OWN_REVIEW"},
        "no_reason": {
            "window": window | {"rule": "OWN_NO_REASON"}, "excluded": [], "excludable_with_confirmation": [],
            "evidence_required": [],
            "freight": {"outbound": "not_refunded", "return": "buyer", "reship": "buyer", "rule": "OWN_NO_REASON"},
            "partial_discount": {"methods": ["prorate"], "default": "prorate", "rule": "OWN_REFUND"},
        },
        "quality": {
            "window": window | {"rule": "OWN_FAULT"}, "late_days": WINDOW_DAYS, "late_rule": "OWN_FAULT",
            "evidence_required": [],
            "freight": {"outbound": "refunded", "return": "seller", "reship": "seller", "rule": "OWN_FAULT"},
        },
        "freight": {"none": {"outbound": "refunded", "return": "buyer", "reship": "buyer", "rule": "OWN_REVIEW"}},
        "refund": {"days": 14, "rule": "OWN_REFUND"},
        "review": {"target_hours": 24, "limit_hours": 48, "rule": "OWN_REVIEW"},
        "send_back_days": 14, "applies_to": {}, "confirmations": {},
        "reasons": {"NO_REASON": {"en": "Changed my mind", "zh": "不想要了", "class": "no_reason", "fault": "buyer",
                                  "rule": "OWN_NO_REASON"}},
        "rules": {name: {"article": "Own", "en": text, "zh": _ZH[name]} for name, text in words.items()},
    }  # fmt: skip
    return msgspec.convert(document, policies.PolicyDocument)


_ZH = {
    "OWN_NO_REASON": "任何商品自收货之日起 730 天内可无理由退货。",
    "OWN_FAULT": "有质量问题的商品 730 天内可退，退回运费由店铺承担。",
    "OWN_UNITS": "购买的每件商品只能退一次。",
    "OWN_REFUND": "店铺收到退货后 14 天内按实付价退款。",
    "OWN_REVIEW": "凡与实付价不符的主张，由人工核实。",
}


class Shop(msgspec.Struct, frozen=True):
    """The shop, opened."""

    merchant_id: int
    warehouse_id: int


def sku_of(code: str, price: int) -> str:
    """The article behind a stock code at a price: `85123A@2.55`.

    The shop sold 3,000 of its codes at several prices at the same time (by the dozen, by the piece), 88 times even
    within one invoice, and a SKU has one price in a currency. So a code at a price is an article of its own with its
    own stock: prices never change between orders, whatever order they come in and wherever a replay was killed, and
    every order's total is the file's to the penny. A buyer's claim names code and price; where the plan names no
    purchase it is tried with every article of that code that this customer bought.
    """
    return f"{code}@{decimal_string(price, CURRENCY)}"


def code_of(sku: str) -> str:
    """The stock code that an article belongs to."""
    return sku.partition("@")[0]


async def open_shop(db: Database, at: Any, sold: dict[tuple[str, int], int], titles: dict[str, str]) -> Shop:
    """Make the shop as it should be on its first day; a second time changes nothing.

    The channel of the sandbox provider gets no limits: the shop refunded after more than a year, and often.
    """
    await payments.sandbox.allow(db, payments.Limits())
    shop = await do_at(db, SYSTEM, at, _furnish)
    articles = sorted(sold)
    for start in range(0, len(articles), CHUNK):
        await do_at(db, SYSTEM, at, _fill_shelves, shop, {key: sold[key] for key in articles[start : start + CHUNK]},
                    titles)  # fmt: skip
    return shop


async def _furnish(tx: Tx) -> Shop:
    merchant = await merchants.save(tx, merchants.SaveMerchant(
        code=CODE, name={"en": "Online Retail", "zh": "在线零售"}, zone=ZONE, currency=CURRENCY, policy=POLICY,
        settings=SETTINGS,
    ))  # fmt: skip
    await policies.publish(tx, merchant.id, policy())
    name = {"en": "Online Retail", "zh": "在线零售"}
    place = Address(name="Online Retail", phone=NOT_GIVEN, country="GB", city=NOT_GIVEN, detail=NOT_GIVEN)
    warehouse = await inventory.save_warehouse(tx, inventory.SaveWarehouse(merchant.id, WAREHOUSE, name, ZONE, place))
    await inventory.save_channel(tx, inventory.SaveChannel(merchant.id, CHANNEL, name, CURRENCY, WAREHOUSE))
    return Shop(merchant.id, warehouse.id)


async def _fill_shelves(tx: Tx, shop: Shop, sold: dict[tuple[str, int], int], titles: dict[str, str]) -> None:
    """Add articles with price and opening stock, in one step: whatever is there has been counted and is left alone."""
    saved = await catalog.save_products(tx, [
        catalog.SaveProduct(merchant_id=shop.merchant_id, sku=sku_of(code, price),
                            title={"en": titles.get(code) or code}, category="retail")
        for code, price in sold
    ])  # fmt: skip
    await catalog.save_prices(tx, [
        catalog.SavePrice(merchant_id=shop.merchant_id, sku=sku_of(code, price), currency=CURRENCY, amount=price)
        for code, price in sold
    ])  # fmt: skip
    fresh = [(one.id, units) for one, units in zip(saved, sold.values(), strict=True) if one.is_new]
    await inventory.count(tx, [
        inventory.Count(shop.merchant_id, shop.warehouse_id, product_id, units) for product_id, units in fresh
    ])  # fmt: skip
