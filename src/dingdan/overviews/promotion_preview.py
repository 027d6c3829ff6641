"""What a promotion would do, before anybody sees it: to a basket, and to the orders of the last weeks."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas import pricing
from dingdan.plumbing.tx import Tx

MOST_ORDERS = 500


class Effect(msgspec.Struct, frozen=True):
    """Of so many orders it would have touched so many, and taken so much off: in goods and in carriage."""

    currency: str
    orders: int
    touched: int
    goods: int
    off: int
    freight_off: int


async def on_basket(tx: Tx, promotion: pricing.Promotion, ask: pricing.Ask) -> tuple[pricing.Quote, pricing.Quote]:
    """The price of a basket without the promotion, and as if it ran now."""
    terms = await pricing.terms_for(tx, [ask])
    return pricing.quote(ask, pricing.without_promotion(terms, promotion)), _with(promotion, terms, ask)


async def on_recent(tx: Tx, promotion: pricing.Promotion, merchant_id: int | None, *, limit: int) -> list[Effect]:
    """The same for the newest orders of a merchant (None: of all), summed by currency."""
    asks = _asks(tx, await _recent(tx, merchant_id, min(limit, MOST_ORDERS)))
    terms = await pricing.terms_for(tx, asks)
    before = pricing.without_promotion(terms, promotion)
    pairs = [(ask.currency, pricing.quote(ask, before), _with(promotion, terms, ask)) for ask in asks]
    return [_sum(currency, pairs) for currency in sorted({ask.currency for ask in asks})]


def _with(promotion: pricing.Promotion, terms: pricing.Terms, ask: pricing.Ask) -> pricing.Quote:
    code = promotion.draft.code
    if code is not None and code not in ask.coupons:
        ask = msgspec.structs.replace(ask, coupons=(*ask.coupons, code))
    return pricing.quote(ask, pricing.with_promotion(terms, promotion, [ask]))


def _sum(currency: str, pairs: Iterable[tuple[str, pricing.Quote, pricing.Quote]]) -> Effect:
    mine = [(before, after) for one, before, after in pairs if one == currency]
    return Effect(
        currency,
        len(mine),
        sum(1 for before, after in mine if before.total != after.total),
        sum(before.goods for before, _ in mine),
        sum(after.discount - before.discount for before, after in mine),
        sum(before.freight - after.freight for before, after in mine),
    )


async def _recent(tx: Tx, merchant_id: int | None, limit: int) -> Sequence[Any]:
    return await tx.fetch(
        """
        SELECT o.id, o.merchant_id, o.currency, c.code AS channel, k.country, o.freight,
            NOT EXISTS (SELECT FROM orders e WHERE e.buyer_id = o.buyer_id AND e.id < o.id) AS is_first,
            l.line_no, l.sku, l.product_id, l.category, l.flags, l.unit_price, l.quantity
        FROM (SELECT * FROM orders WHERE $1::bigint IS NULL OR merchant_id = $1 ORDER BY id DESC LIMIT $2) o
        JOIN channels c ON c.id = o.channel_id JOIN contacts k ON k.id = o.contact_id
        JOIN order_lines l ON l.order_id = o.id ORDER BY o.id, l.line_no
        """,
        merchant_id,
        limit,
    )


def _asks(tx: Tx, rows: Sequence[Any]) -> list[pricing.Ask]:
    by_order: dict[int, list[Any]] = {}
    for row in rows:
        by_order.setdefault(row["id"], []).append(row)
    return [
        pricing.Ask(
            merchant_id=lines[0]["merchant_id"], channel=lines[0]["channel"], currency=lines[0]["currency"], now=tx.now,
            is_first_order=lines[0]["is_first"], country=lines[0]["country"],
            freight=pricing.FreightRule(lines[0]["freight"], None),
            items=tuple(
                pricing.Item(row["line_no"], row["sku"], row["product_id"], row["category"], row["flags"],
                             row["unit_price"], row["quantity"])
                for row in lines
            ),
        )
        for lines in by_order.values()
    ]  # fmt: skip
