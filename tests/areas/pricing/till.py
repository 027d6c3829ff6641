"""A till that sells with promotions: load, price, claim, hold, write down; in the order in which placing does it."""

from typing import Any

import msgspec
from tests import given
from tests.areas.pricing.shelf import NOW

from dingdan.areas import catalog, identity, inventory, orders, policies, pricing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.database import Database, DatabaseBusy
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx


def draft(benefit: pricing.Benefit, **more: Any) -> pricing.Draft:
    """A draft that may run from long ago on."""
    return pricing.Draft(
        **({"name": {"zh": "活动", "en": "Sale"}, "starts_at": NOW, "currency": "CNY"} | more), benefit=benefit
    )


async def running(db: Database, shop: given.Shop | None, benefit: pricing.Benefit, **more: Any) -> pricing.Promotion:
    """A promotion that runs (shop None: the platform's)."""

    async def begin(tx: Tx) -> pricing.Promotion:
        made = await pricing.create(tx, shop.merchant_id if shop else None, draft(benefit, **more))
        return await pricing.schedule(tx, made.id)

    return await do(db, SYSTEM, begin)


async def known(tx: Tx, shop: given.Shop, *buyers: str) -> list[identity.Known]:
    """Buyers, remembered."""
    return await identity.remember_buyers(tx, [
        identity.Person(merchant_id=shop.merchant_id, ref=ref, name="王小明", phone="13812345678", email="",
                        address=given.ADDRESS, remark="")
        for ref in buyers
    ])  # fmt: skip


async def buyer_id(db: Database, shop: given.Shop, ref: str = "buyer-1") -> int:
    """The id of one buyer."""
    async with db.transaction(SYSTEM) as tx:
        return (await known(tx, shop, ref))[0].buyer_id


async def asked(tx: Tx, shop: given.Shop, lines: dict[str, int], buyer: int | None, **more: Any) -> pricing.Ask:
    """An ask for these SKUs at today's prices."""
    offers = await catalog.offers(tx, [(shop.merchant_id, sku) for sku in lines])
    items = tuple(
        pricing.Item(n, sku, offer.product_id, offer.category, offer.flags, offer.prices["CNY"], quantity)
        for n, (sku, quantity) in enumerate(lines.items(), start=1)
        for offer in [offers[shop.merchant_id, sku]]
    )
    values = {"merchant_id": shop.merchant_id, "channel": "web", "currency": "CNY", "now": tx.now, "buyer_key": buyer}
    return pricing.Ask(items=items, **(values | more))


async def quoted(
    db: Database, shop: given.Shop, lines: dict[str, int], *, buyer: str = "buyer-1", **more: Any
) -> pricing.Quote:
    """A price, and nothing else."""
    async with db.transaction(SYSTEM) as tx:
        who = (await known(tx, shop, buyer))[0].buyer_id
        ask = await asked(tx, shop, lines, who, person=identity.person_number(tx, buyer), **more)
        return pricing.quote(ask, await pricing.terms_for(tx, [ask]))


async def sell(db: Database, shop: given.Shop, lines: dict[str, int], *, buyer: str = "buyer-1", **more: Any) -> int:
    """An order that waits for its money. Raises what stands against it."""
    return await do(db, SYSTEM, sell_in, shop, lines, buyer, **more)


async def sell_in(tx: Tx, shop: given.Shop, lines: dict[str, int], buyer: str, **more: Any) -> int:
    """The same, in a transaction that is open."""
    (who,) = await known(tx, shop, buyer)
    ask = await asked(tx, shop, lines, who.buyer_id, person=identity.person_number(tx, buyer), **more)
    quote = pricing.quote(ask, await pricing.terms_for(tx, [ask]))
    refuse_all(quote.problems)
    order_id = tx.mint()
    refused = await pricing.claim(tx, {order_id: quote.uses})
    if order_id in refused:
        raise refused[order_id]
    channel = (await inventory.channels(tx, [(shop.merchant_id, "web")]))[shop.merchant_id, "web"]
    await inventory.reserve(tx, [
        inventory.Want(order_id, item.line_no, shop.merchant_id, item.product_id, item.quantity, (shop.warehouse_id,))
        for item in ask.items
    ])  # fmt: skip
    policy = (await policies.in_force(tx, [(shop.merchant_id, "cn_statutory")], tx.now))[
        shop.merchant_id, "cn_statutory"
    ]
    amounts = {name: getattr(quote, name) for name in ("goods", "discount", "freight", "tax", "total")}
    await orders.record(tx, [orders.NewOrder(
        id=order_id, merchant_id=shop.merchant_id, checkout_id=tx.mint(), channel_id=channel.id,
        warehouse_id=shop.warehouse_id, buyer_id=who.buyer_id, contact_id=who.contact_id, currency="CNY",
        policy_id=policy.id, policy_hash=policy.hash, reference=None, pay_by=tx.now, lines=_lines(shop, order_id, ask, quote),
        **amounts,
    )])  # fmt: skip
    await pricing.record(tx, {order_id: quote})
    return order_id


def _lines(shop: given.Shop, order_id: int, ask: pricing.Ask, quote: pricing.Quote) -> list[orders.OrderLine]:
    return [
        orders.OrderLine(
            order_id=order_id, line_no=item.line_no, merchant_id=shop.merchant_id, product_id=item.product_id,
            sku=item.sku, title={"en": item.sku}, category=item.category, flags=list(item.flags), quantity=item.quantity,
            unit_price=line.unit_price, goods=line.goods, discount=line.discount, tax=line.tax, confirmed_text=None,
            confirmed_at=None,
        )
        for item, line in zip(ask.items, quote.lines, strict=True)
    ]  # fmt: skip


async def used(db: Database, promotion_id: int) -> tuple[int, int]:
    """How often a promotion was used: by its counter, and by the rows of its uses."""
    async with db.transaction(SYSTEM) as tx:
        rows = "SELECT count(*) FROM promotion_uses WHERE promotion_id = $1 AND given_back_at IS NULL"
        count = "SELECT used FROM promotions WHERE id = $1"
        return await tx.fetchval(count, promotion_id), await tx.fetchval(rows, promotion_id)


async def tried(db: Database, shop: given.Shop, lines: dict[str, int], **more: Any) -> int | Refusal:
    """An order, or the reason why not; whoever finds no connection free asks again, as its refusal says."""
    for _ in range(20):
        try:
            return await sell(db, shop, lines, **more)
        except DatabaseBusy:
            continue
        except Refusal as refusal:
            return refusal
    raise AssertionError("busy for ever")


def with_now(ask: pricing.Ask, **changed: Any) -> pricing.Ask:
    """The same ask with something else."""
    return msgspec.structs.replace(ask, **changed)
