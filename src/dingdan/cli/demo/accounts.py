"""The demo's account with a merchant: an agreement, so that orders that are done are settled, and one invoice."""

from datetime import timedelta

from dingdan import worker
from dingdan.areas import invoices, settlements
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.overviews import settlement_list
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

# An example number of GB 32100-2015 with the check digit that fits.
TAX_NUMBER = "91110000600037341L"
# Long enough that whoever comes in finds a period that is over, and closes it.
TERMS = settlements.Terms(
    commission={"*": 5_00}, payment_fee=60, period="week", check_days=21, deposit_required=5_000_00,
    payee=settlements.Payee(name="灯笼小铺有限公司", bank="中国工商银行", account="6222 0000 1111 2222"),
)  # fmt: skip


async def open_account(db: Database, merchant_id: int) -> None:
    """Agree on terms before the first story, unless that was done, and say how invoices name the merchant."""
    async with db.reading(SYSTEM) as tx:
        since = tx.now - timedelta(days=30)
        if await settlements.agreements(tx, merchant_id, Page()):
            return
    agreed = settlements.SaveAgreement(merchant_id=merchant_id, currency="CNY", terms=TERMS)
    await do_at(db, SYSTEM, since, settlements.agree, agreed)
    await do(db, SYSTEM, settlements.top_up, merchant_id, "CNY", 4_000_00, receipt="DEMO-1")
    seller = invoices.Seller(legal_name="灯笼小铺有限公司", tax_number=TAX_NUMBER, address="杭州市西湖区文三路 478 号")
    await do(db, SYSTEM, invoices.save_seller, merchant_id, seller)


async def invoice_one(db: Database, merchant_id: int) -> None:
    """A buyer wants an invoice for the first order that was settled, unless somebody had one already."""
    async with db.reading(SYSTEM) as tx:
        accounts = await settlement_list.page(tx, settlement_list.Filter(merchant_id=merchant_id), Page())
        lines = [line for one in accounts for line in await settlements.lines(tx, one.id, Page())]
        sold = [line.order_id for line in lines if line.kind is settlements.LineKind.SALE and line.order_id is not None]
        if not sold or await invoices.listed(tx, merchant_id, Page()):
            return
    title = invoices.Title(kind=invoices.TitleKind.COMPANY, name="某某科技有限公司", tax_number=TAX_NUMBER)
    await do(db, SYSTEM, invoices.ask, sold[0], title)
    await worker.settle(db)
