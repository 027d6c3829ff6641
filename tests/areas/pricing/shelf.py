"""Builders of prices: `quote(basket(28000, 3000), tiers((30000, 20000)))`."""

import itertools
from datetime import UTC, datetime
from typing import Any

from dingdan.areas import pricing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = 7
_ids = itertools.count(100)


def item(line_no: int, price: int, quantity: int = 1, **more: Any) -> pricing.Item:
    """A line."""
    values = {"sku": f"S{line_no}", "product_id": line_no, "category": "home", "flags": ()} | more
    return pricing.Item(line_no=line_no, unit_price=price, quantity=quantity, **values)


def ask(*lines: int | pricing.Item, **more: Any) -> pricing.Ask:
    """An ask for these lines; a number is the price of a single unit."""
    items = tuple(item(n, line) if isinstance(line, int) else line for n, line in enumerate(lines, start=1))
    values = {"merchant_id": SHOP, "channel": "web", "currency": "CNY", "now": NOW, "country": "CN"} | more
    return pricing.Ask(items=items, **values)


def order_a(**more: Any) -> pricing.Ask:
    """Order A of docs/money.md, without its coupon."""
    more = {"freight": pricing.FreightRule(1000, None)} | more
    return ask(item(1, 19900), item(2, 8990, 2), item(3, 3990), **more)


def promotion(
    benefit: pricing.Benefit, *, owner: int | None = SHOP, state: str = "active", **more: Any
) -> pricing.Promotion:
    """A promotion that runs."""
    used, number = more.pop("used", 0), more.pop("id", None) or next(_ids)
    values = {"name": {"en": f"Promotion {number}", "zh": f"活动 {number}"}, "starts_at": NOW} | more
    draft = pricing.Draft(benefit=benefit, **values)
    return pricing.Promotion(
        id=number, merchant_id=owner, state=pricing.PromotionState(state), version=1, used=used, draft=draft
    )


def tiers(*steps: tuple[int, int], **more: Any) -> pricing.Promotion:
    """满减: (from, off) for each tier."""
    how = {name: more.pop(name) for name in ("by", "each", "most_times") if name in more}
    return promotion(pricing.Tiers(tuple(pricing.Tier(at, off) for at, off in steps), **how), **more)


def coupon(code: str, off: int | pricing.Benefit, **more: Any) -> pricing.Promotion:
    """A coupon; a number is what it takes off."""
    return promotion(pricing.Amount(off) if isinstance(off, int) else off, code=code, **more)


def terms(*promotions: pricing.Promotion, buyer: int | None = None, **more: Any) -> pricing.Terms:
    """Terms of the shop with these promotions and coupons, and the platform's."""
    rules = {name: more.pop(name) for name in ("freight", "taxes", "points") if name in more}
    by_itself = [one for one in promotions if one.draft.code is None]
    books: dict[int | None, pricing.Book] = {
        SHOP: pricing.Book(1, tuple(one for one in by_itself if one.merchant_id == SHOP), **rules),
        None: pricing.Book(1, tuple(one for one in by_itself if one.merchant_id is None)),
    }
    held = {one.draft.code: pricing.Held(one) for one in promotions if one.draft.code}
    return pricing.Terms(books, {(SHOP, buyer, code): one for code, one in held.items()}, **more)


def nets(quote: pricing.Quote) -> list[int]:
    """What each line costs after every discount."""
    return [line.net for line in quote.lines]


def discounts(quote: pricing.Quote) -> list[int]:
    """What came off each line."""
    return [line.discount for line in quote.lines]


def codes(quote: pricing.Quote) -> list[str]:
    """The problems of a quote."""
    return [problem.code for problem in quote.problems]


def kinds(quote: pricing.Quote) -> list[str]:
    """The layers of a quote in their order."""
    return [layer.kind for layer in quote.layers]
