"""A desk for invoices: a seller that may issue them, titles, and papers as they stand."""

from typing import Any

from tests import given
from tests.areas.settlements import desk

from dingdan.areas import identity, invoices, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# A number of GB 32100-2015 whose check digit fits.
USCC = "91110000600037341L"
PERSON = invoices.Title(kind=invoices.TitleKind.PERSONAL, name="王小明")
FIRM = invoices.Title(kind=invoices.TitleKind.COMPANY, name="北京某某有限公司", tax_number=USCC)


async def seller(db: Database, shop: given.Shop, **more: Any) -> invoices.Seller:
    """How the shop's invoices name it."""
    said: dict[str, Any] = {"legal_name": "杭州小店有限公司", "tax_number": USCC, "issue_when": "paid"}
    return await do(db, SYSTEM, invoices.save_seller, shop.merchant_id, invoices.Seller(**(said | more)))


async def shop(db: Database, *, freight: int = 0, **more: Any) -> given.Shop:
    """A shop that invoices what was paid."""
    made = await given.shop(db, freight=freight)
    await seller(db, made, **more)
    return made


async def asked(db: Database, order_id: int, title: invoices.Title = PERSON) -> invoices.InvoiceRequest:
    """A wish, and what follows."""
    made = await do(db, SYSTEM, invoices.ask, order_id, title)
    await given.settle(db)
    return made


async def papers(db: Database, order_id: int) -> list[invoices.Invoice]:
    """The papers of an order, oldest first."""
    async with db.reading(SYSTEM) as tx:
        return (await invoices.of_order(tx, order_id))[1]


async def said(db: Database, order_id: int) -> list[tuple[str, str, int, str | None]]:
    """The same in short: (kind, state, total, number)."""
    return [(str(one.kind), str(one.state), one.total, one.written_number) for one in await papers(db, order_id)]


async def name_on(db: Database, paper: invoices.Invoice) -> str | None:
    """Whom a paper names."""
    async with db.reading(SYSTEM) as tx:
        title = (await invoices.titles(tx, [paper]))[paper.id]
    return title.name if title else None


async def year(db: Database) -> int:
    """The year that numbers begin with."""
    async with db.reading(SYSTEM) as tx:
        return tx.now.year


refund = desk.refund
later = desk.later


async def receive(db: Database, order_id: int) -> None:
    """The buyer has it."""
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)


async def forget(db: Database, order_id: int) -> None:
    """Nobody knows any more who bought."""
    async with db.transaction(SYSTEM) as tx:
        await identity.forget(tx, (await orders.get_one(tx, order_id)).buyer_id)
