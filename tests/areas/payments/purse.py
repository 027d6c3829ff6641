"""What tests of credit in payments do again and again, as sentences."""

from tests import given
from tests.areas.payments import till

from dingdan.areas import credit, orders, payments
from dingdan.areas.payments import CreditTender
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# Base order A of domain.md comes to 388.70; one product at that price is as good.
A = {"A": 388_70}


async def order_of(db: Database, shop: given.Shop | None = None, **more: int) -> tuple[int, int]:
    """An order of 388.70 that waits for its money, and its buyer."""
    order_id = await given.placed_order(db, shop or await given.shop(db, prices=A, **more))
    return order_id, (await till.order_of(db, order_id)).buyer_id


async def balance(db: Database, order_id: int, amount: int) -> int:
    """Money of the buyer of an order; gives the purse."""
    order = await till.order_of(db, order_id)
    (purse,) = await do(db, SYSTEM, credit.grant, [
        credit.Grant(merchant_id=order.merchant_id, buyer_id=order.buyer_id, kind=credit.PurseKind.BALANCE, unit="CNY",
                     amount=amount, reason="topup")
    ])  # fmt: skip
    return purse.id


async def card(db: Database, amount: int, *, merchant_id: int | None = None) -> int:
    """A card, of the platform unless a merchant is named; gives its purse."""
    wanted = credit.NewCard(merchant_id=merchant_id, currency="CNY", amount=amount)
    (issued,) = await do(db, SYSTEM, credit.issue_cards, [wanted])
    return issued.purse_id


async def pay_with(
    db: Database, *order_ids: int, tenders: tuple[CreditTender, ...] = (CreditTender(),), method: str | None = "qr"
) -> payments.Payment:
    """An attempt with credit, and with the sandbox for the rest unless no method is named."""
    provider = "sandbox" if method else None
    (payment,) = await do(db, SYSTEM, payments.start, list(order_ids), provider=provider, method=method or "",
                          tenders=tenders)  # fmt: skip
    await payments.call_started(db, [payment.id])
    return await till.payment_of(db, payment.id)


async def stands(db: Database, purse_id: int) -> tuple[int, int]:
    """What a purse holds, and what of it is kept for orders."""
    async with db.reading(SYSTEM) as tx:
        found = await credit.get_one(tx, purse_id)
    return found.balance, found.held


async def expire(db: Database, order_id: int) -> None:
    """Nobody paid in time, and everything that follows from it."""
    from dingdan.plumbing.doing import do_at

    await do_at(db, SYSTEM, (await till.order_of(db, order_id)).pay_by, orders.expire, [order_id])


async def came(db: Database, order_id: int) -> list[tuple[str, str, int]]:
    """What came in for an order: (kind, provider, amount)."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT kind, provider, amount FROM captures WHERE order_id = $1 ORDER BY id", order_id)
    return [(row["kind"], row["provider"], row["amount"]) for row in rows]
