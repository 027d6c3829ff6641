"""The desks of whoever keeps the books: provider's files, merchants' accounts, deposits, payouts by two, invoices."""

import csv
import io
import re
from typing import Any

import httpx
import pytest
from tests import given
from tests.areas.invoices import desk as papers
from tests.areas.settlements import desk as settling
from tests.console.conftest import HOST, Desk, Seat

from dingdan.areas import invoices, reconciliation, settlements
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.kernel.page import Page
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")
FIRM = {"kind": "company", "name": "北京某某有限公司", "tax_number": papers.USCC}


@pytest.fixture
def may_break() -> frozenset[str]:
    """Statements here say what the provider never did, and returns are rows of another area."""
    return frozenset({"L5_provider_logged_the_same", "R2_refunded_as_accepted", "X2_subjects_live"})


async def upload(desk: Desk, content: bytes, *, status: int = 303, provider: str = "sandbox") -> httpx.Response:
    answer = await desk.http.post(
        "/reconciliation/statements", data={"provider": provider}, files={"file": ("may.csv", content, "text/csv")},
        headers={"Origin": HOST, "Accept-Language": "en", **desk._cookie()},
    )  # fmt: skip
    assert answer.status_code == status, answer.text[-2000:]
    return answer


async def statement(db: Database, **changed: Any) -> bytes:
    """What the sandbox says, with every line changed."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ("at", "kind", "ref", "number", "state", "currency", "amount"))
    writer.writeheader()
    async with db.connection() as connection:
        for row in await connection.fetch("SELECT * FROM payments WHERE state = 'captured'"):
            at, number = row["captured_at"].isoformat(), encode("payment", row["id"])
            line = {
                "at": at,
                "kind": "charge",
                "ref": row["provider_ref"],
                "number": number,
                "state": "captured",
                "currency": "CNY",
            }
            writer.writerow(line | {"amount": row["amount"]} | changed)
    return text.getvalue().encode()


async def test_a_file_is_compared_once_and_its_differences_are_resolved_as_a_group(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("finance")
    assert "请上传第一份" in await desk.open("/reconciliation", tongue="zh")
    for n in range(2):
        await given.paid_order(db, shop, buyer=f"buyer-{n}")
    file = await statement(db, amount=198_00) + b"broken,line\n"
    first, again = [(await upload(desk, file)).headers["location"] for _ in range(2)]
    assert first == again
    html = await desk.open("/reconciliation")
    for words in ("Another amount", "sandbox", "−CN¥2.00"):
        assert words in html
    page = await desk.open(first)
    assert "2 found, 2 open" in page
    assert "共 2 条，待处理 2 条" in await desk.open(first, tongue="zh")
    assert "Resolve this whole group" in await desk.open("/reconciliation/differences?kind=amount_differs")
    async with db.reading(SYSTEM) as tx:
        one, _ = await reconciliation.differences(tx, Page(limit=5), is_open=True)
    place = f"/differences/{encode('difference', one.id)}"
    shown = await desk.open(place)
    for words in ("CN¥199.00", "CN¥198.00", "Both sides"):
        assert words in shown
    await desk.send(f"{place}/resolve", resolution="providers_error")
    await desk.send(f"{place}/resolve", status=409, resolution="written_off")
    # Those about refunds are another group.
    await desk.send("/reconciliation/differences/resolve", kind="amount_differs", about="refund", resolution="booked")
    await desk.send(
        "/reconciliation/differences/resolve", kind="amount_differs", about="charge", resolution="next_statement"
    )
    async with db.reading(SYSTEM) as tx:
        found = await reconciliation.differences(tx, Page(limit=5))
    assert {one.resolution for one in found} == {"providers_error", "next_statement"}
    books = await desk.open("/reconciliation/books")
    for words in ("psp_clearing", "CN¥398.00", "−CN¥398.00"):
        assert words in books


async def test_hostile_files_change_nothing(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("finance")
    await upload(desk, b"", status=422)
    await upload(desk, b"at,kind\x00\n", status=422)
    await upload(desk, b"what,else\n1,2\n", status=422)
    await upload(desk, await statement(db), status=422, provider="x" * 65)
    await desk.open("/reconciliation/stm_nothing", status=404)
    await desk.open("/reconciliation/differences?statement=stm_0", status=404)
    await desk.open("/differences/dif_0000000000001", status=404)
    other = await seat("lead")
    await other.open("/reconciliation", status=403)
    await upload(other, await statement(db), status=403)
    own = await seat("finance", merchant_id=shop.merchant_id)
    await upload(own, await statement(db), status=403)
    async with db.reading(SYSTEM) as tx:
        assert await reconciliation.differences(tx, Page(limit=5)) == []


async def test_an_account_is_closed_after_a_look_and_paid_out_by_two(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    await settling.agree(db, shop)
    order_id = await settling.done(db, shop, {"MUG": 1})
    (account,) = await settling.accounts(db, shop)
    place = f"/settlements/{encode('settlement', account.id)}"
    ann = await seat("finance", login="ann")
    html = await ann.open(place)
    for words in ("The period is not over.", spoken(order_id), "Commission", "CN¥187.36", "pst_"):
        assert words in html
    assert "关账前核对" in await ann.open(place, tongue="zh")
    await ann.send(f"{place}/close", status=409)
    assert "CN¥187.36" in await ann.open("/settlements")
    assert encode("order", order_id) in await ann.open(f"{place}/lines")
    assert "CN¥199.00" in await ann.open(f"/orders/{encode('order', order_id)}/settlement")
    await settling.later(db, days=32)

    ann, ben = await seat("finance", login="ann"), await seat("finance", login="ben")
    assert "Nobody was paid yet." in await ann.open("/payouts")
    run = (await ann.send("/payouts/prepare", currency="CNY")).headers["location"]
    assert "Whoever prepared it may not approve it." in await ann.open(run)
    await ann.send(f"{run}/approve", status=403)
    await ben.send(f"{run}/approve")
    file = await ben.open(f"{run}/file.csv")
    assert "187.36" in file
    async with db.reading(SYSTEM) as tx:
        (payout,) = await settlements.listed_payouts(tx, None, Page(limit=5))
    page = f"/payouts/{encode('payout', payout.id)}"
    assert "6222 0000" not in await ben.open(page)
    await ben.send(f"{page}/fail", reason="account_wrong")
    await ben.send(f"{page}/confirm", status=409, bank_ref="B-1")
    assert "The account is wrong" in await ann.open("/payouts")


async def test_amounts_lead_to_the_account_they_stand_in(db: Database, seat: Seat, shop: given.Shop) -> None:
    await settling.agree(db, shop)
    order_id = await settling.done(db, shop, {"MUG": 1})
    refund = await settling.refund(db, order_id, (1, 1))
    (account,) = await settling.accounts(db, shop)
    to = f"/settlements/{encode('settlement', account.id)}"
    order, desk = f"/orders/{encode('order', order_id)}", await seat("finance")
    html = await desk.open(order)
    for way in (to, f"{order}/settlement", f"{order}/invoices"):
        assert f'href="{way}"' in html
    assert f'href="{to}"' in await desk.open(f"/refunds/{encode('refund', refund.id)}")
    differences = re.search(r"/reconciliation/differences\?merchant=\w+", await desk.open(to))
    assert differences is not None
    await desk.open(differences[0])
    # Who serves buyers reads invoices, and no merchant's account.
    html = await (await seat("lead")).open(order)
    assert "/settlement" not in html
    assert f'href="{order}/invoices"' in html


async def test_terms_and_deposits_are_typed_as_people_write_them(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, mine = await seat("finance"), encode("merchant", shop.merchant_id)
    terms = {
        "merchant": mine, "currency": "CNY", "commission": "５%", "by_category": "home/lighting 6.5\nfood 3",
        "payment_fee": "0.6", "fixed_fee": "0.50", "given_back": ["commission", "fixed"], "deposit_required": "¥1,000",
        "hold_days": "7", "check_days": "3",
        "payee": "杭州小店有限公司", "bank": "工行", "account": "6222 0000 1111",
    }  # fmt: skip
    wrongs = (
        ("commission", "101"),
        ("by_category", "food"),
        ("payee", "=cmd()"),
        ("fixed_fee", "1e9"),
        ("valid_from", "soon"),
    )
    for name, wrong in wrongs:
        await desk.send("/settlements/agreements", status=422, **(terms | {name: wrong}))
    await desk.send("/settlements/agreements", **terms)
    async with db.reading(SYSTEM) as tx:
        (agreed,) = await settlements.agreements(tx, None, Page(limit=5))
    assert agreed.terms.commission == {"*": 500, "home/lighting": 650, "food": 300}
    assert (agreed.terms.fixed_fee, agreed.terms.deposit_required, agreed.terms.hold_days) == (50, 1000_00, 7)
    assert agreed.terms.check_days == 3
    paid_in = {"merchant": mine, "currency": "CNY", "amount": "400", "receipt": "T-1"}
    await desk.send("/settlements/deposits/top-up", **paid_in)
    await desk.send("/settlements/deposits/top-up", status=409, **paid_in)
    html = await desk.open("/settlements/deposits")
    assert "CN¥600.00" in html
    assert "不足" in await desk.open("/settlements/deposits", tongue="zh")
    assert "T-1" in await desk.open(f"/settlements/deposits/movements?merchant={mine}")
    await desk.send("/settlements/deposits/draw", status=404, refund=encode("refund", 5), amount="1")
    own = await seat("merchant", merchant_id=shop.merchant_id)
    assert "****1111" in await own.open("/settlements/agreements")
    await own.send("/settlements/agreements", status=403, **terms)


async def test_an_invoice_is_asked_for_fetched_and_corrected(db: Database, seat: Seat, shop: given.Shop) -> None:
    order_id = await given.delivered_order(db, shop, {"TEE": 2})
    desk, serving = await seat("finance"), await seat("lead")
    async with db.reading(SYSTEM) as tx:
        code = await tx.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
    assert "not said: no invoices" in await desk.open("/invoices/sellers")
    seller = {
        "legal_name": "杭州小店有限公司",
        "tax_number": papers.USCC,
        "issue_when": "paid",
        "issue_within_days": "3",
    }
    await desk.send(f"/invoices/sellers/{code}", status=422, **(seller | {"rate": "200"}))
    await desk.send(f"/invoices/sellers/{code}", **seller)
    page = f"/orders/{encode('order', order_id)}/invoices"
    await serving.send(f"{page}/ask", **FIRM)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        (one,) = await invoices.listed(tx, None, Page(limit=5))
    place = f"/invoices/{encode('invoice', one.id)}"
    html = await desk.open(place)
    for words in ("北京某某有限公司", "13%", "CN¥179.80", "Issued"):
        assert words in html
    assert "价税合计" in await desk.open("/invoices", tongue="zh")
    pdf = await desk.http.get(f"{place}/invoice.pdf", headers=desk._cookie())
    assert pdf.content.startswith(b"%PDF")
    await serving.send(f"{place}/correct", kind="personal", name="王小明")
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        found = await invoices.listed(tx, None, Page(limit=5))
    assert sorted(str(one.kind) for one in found) == ["credit_note", "invoice", "invoice"]
    fresh = max(found, key=lambda one: one.id)
    shown = await desk.open(f"/invoices/{encode('invoice', fresh.id)}")
    assert "王小明" not in shown
    assert spoken(order_id) in await desk.open("/invoices/requests")
    stranger = await seat("finance", merchant_id=(await given.shop(db)).merchant_id)
    for path in (place, f"{place}/invoice.pdf", page):
        answer = await stranger.http.get(path, headers=stranger._cookie())
        assert answer.status_code == 404, path
