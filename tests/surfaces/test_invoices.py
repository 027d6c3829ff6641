"""Invoices through the doors: asked for, fetched as paper in both languages, taken back and corrected."""

import io
from typing import Any

import pypdf
import pytest

from dingdan.areas import cases, invoices
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.cases import desk as trouble
from tests.areas.invoices import desk
from tests.surfaces.callers import Caller, good, refused

pytestmark = [pytest.mark.requirement("R4.9"), pytest.mark.requirement("issue 5: invoices")]

SELLER = {"legal_name": "杭州小店有限公司", "tax_number": desk.USCC, "issue_when": "paid", "address": "文三路 1 号"}
FIRM = {"kind": "company", "name": "北京 *某某* 有限公司", "tax_number": desk.USCC}


async def paper(caller: Caller, invoice: dict[str, Any], language: str) -> str:
    """The words on a paper."""
    answer = await caller.get(f"/v1/invoices/{invoice['id']}/invoice.pdf", params={"language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)


async def test_a_buyer_asks_for_an_invoice_and_fetches_it(db: Database, merchant: Caller, shop: given.Shop) -> None:
    order_id = await given.delivered_order(db, shop, {"TEE": 2})
    name = ids.encode("order", order_id)
    refused(await merchant.post(f"/v1/orders/{name}/invoice-requests", {"title": FIRM}), 409, "invoice.seller_missing")
    good(await merchant.put("/v1/invoice-seller", {"seller": SELLER}))
    asked = good(await merchant.post(f"/v1/orders/{name}/invoice-requests", {"title": FIRM}))
    assert "某某" not in str(asked)
    await given.settle(db)
    (invoice,) = good(await merchant.get(f"/v1/orders/{name}/invoices"))["invoices"]
    assert (invoice["state"], invoice["total"]["amount"], invoice["available_actions"]) == (
        "issued",
        179_80,
        ["correct"],
    )
    said = await paper(merchant, invoice, "zh")
    for words in (
        "发票",
        invoice["number"],
        "北京 *某某* 有限公司",
        desk.USCC,
        "杭州小店有限公司",
        "商品 TEE",
        "13%",
        "179.80",
    ):
        assert words in said
    assert "红字" not in said

    case = await trouble.trouble(db, order_id)
    await do(db, trouble.MARA, cases.propose, case.id, trouble.refund())
    await given.settle(db)
    _, note = good(await merchant.get(f"/v1/orders/{name}/invoices"))["invoices"]
    said = await paper(merchant, note, "en")
    for words in ("Credit note", invoice["number"], note["number"], "-89.90", "Corrects invoice", "Product TEE"):
        assert words in said
    refused(await merchant.post(f"/v1/invoices/{note['id']}/correct", {"title": FIRM}), 409, "invoice.state_forbids")
    good(
        await merchant.post(f"/v1/invoices/{invoice['id']}/correct", {"title": {"kind": "personal", "name": "王小明"}})
    )
    await given.settle(db)
    *_, new = good(await merchant.get(f"/v1/orders/{name}/invoices"))["invoices"]
    assert (new["kind"], new["total"]["amount"]) == ("invoice", 89_90)
    assert "王小明" in await paper(merchant, new, "zh")


async def test_one_that_is_not_issued_is_no_paper_yet(
    db: Database, merchant: Caller, platform: Caller, shop: given.Shop
) -> None:
    await desk.seller(db, shop)
    good(await platform.post("/v1/sandbox/invoice-faults", {"kind": "refuse"}, key=None))
    order_id = await given.paid_order(db, shop)
    await desk.asked(db, order_id)
    (invoice,) = good(await merchant.get("/v1/invoices", params={"state": "refused"}))["items"]
    assert (invoice["failure"], invoice["available_actions"]) == ("declined", ["correct", "retry"])
    refused(await merchant.get(f"/v1/invoices/{invoice['id']}/invoice.pdf"), 409, "invoice.state_forbids")
    good(await merchant.post(f"/v1/invoices/{invoice['id']}/retry"))
    await given.settle(db)
    assert good(await merchant.get(f"/v1/invoices/{invoice['id']}"))["state"] == "issued"
    assert len(await invoices.issued_papers(db)) == 1


@pytest.mark.parametrize(
    "title",
    [
        {"kind": "company", "name": "x", "tax_number": desk.USCC[:-1] + "0"},
        {"kind": "company", "name": "x\u0000", "tax_number": desk.USCC},
        {"kind": "personal", "name": ""},
        {"kind": "personal", "name": "x" * 201},
        {"kind": "nobody", "name": "x"},
        {"kind": "personal", "name": "x", "country": "China"},
        {"kind": "personal", "name": "x", "tax_number": "1"},
        {"kind": "personal", "name": "x", "secret": 1},
        {},
    ],
)
async def test_a_title_that_cannot_be_is_refused(
    db: Database, merchant: Caller, shop: given.Shop, title: dict[str, Any]
) -> None:
    await desk.seller(db, shop)
    order_id = await given.paid_order(db, shop)
    answer = await merchant.post(f"/v1/orders/{ids.encode('order', order_id)}/invoice-requests", {"title": title})
    assert answer.status_code == 422, answer.text
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM invoice_requests") == 0
