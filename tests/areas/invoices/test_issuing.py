"""Invoices: asked for, issued once with numbers that have no gap, taken back in red, corrected; whatever the provider does."""

import asyncio

import asyncpg
import pytest
from tests import given
from tests.areas.invoices import desk
from tests.areas.invoices.desk import FIRM, PERSON, USCC
from tests.areas.payments import till

from dingdan.areas import invoices, orders
from dingdan.areas.invoices import IssueAnswer, IssueOutcome
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

pytestmark = [pytest.mark.requirement("R4.9"), pytest.mark.requirement("issue 5: invoices")]


async def test_an_invoice_is_issued_over_what_was_paid_with_the_tax_that_is_in_it(db: Database) -> None:
    shop = await desk.shop(db, freight=10_00)
    order_id = await given.paid_order(db, shop, {"MUG": 1, "TEE": 2})
    await desk.asked(db, order_id, FIRM)
    (paper,) = await desk.papers(db, order_id)

    assert await desk.said(db, order_id) == [("invoice", "issued", 388_80, f"{await desk.year(db)}-000001")]
    assert [(line.line_no, line.quantity, line.gross, line.tax, line.rate) for line in paper.lines] == [
        (1, 1, 199_00, 22_89, 13_00), (2, 2, 179_80, 20_68, 13_00), (0, 1, 10_00, 1_15, 13_00),
    ]  # fmt: skip
    assert (paper.country, paper.net + paper.tax, await desk.name_on(db, paper)) == ("CN", 388_80, FIRM.name)
    assert await invoices.issued_papers(db) == [(paper.id, "invoice", 388_80)]
    assert await till.clocks(db, paper.id) == []


async def test_it_waits_for_the_order_where_its_merchant_says_so(db: Database) -> None:
    shop = await desk.shop(db, issue_when="completed")
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    wish = await desk.asked(db, order_id)
    assert await desk.said(db, order_id) == []
    await desk.receive(db, order_id)
    assert [one[1] for one in await desk.said(db, order_id)] == ["issued"]
    with pytest.raises(invoices.InvoiceStateForbids):
        await do(db, SYSTEM, invoices.withdraw, wish.id)


async def test_a_wish_that_is_taken_back_is_free_to_be_made_again(db: Database) -> None:
    shop = await desk.shop(db, issue_when="completed")
    order_id = await given.paid_order(db, shop)
    wish = await desk.asked(db, order_id)
    with pytest.raises(invoices.InvoicedAlready):
        await desk.asked(db, order_id)
    assert (await do(db, SYSTEM, invoices.withdraw, wish.id)).state == "withdrawn"
    assert (await desk.asked(db, order_id)).state == "asked"


async def test_what_cannot_be_invoiced_is_refused(db: Database) -> None:
    shop = await given.shop(db)
    unpaid = await given.placed_order(db, shop)
    with pytest.raises(invoices.NotPaidYet):
        await desk.asked(db, unpaid)
    paid = await given.paid_order(db, shop)
    with pytest.raises(invoices.SellerMissing):
        await desk.asked(db, paid)
    await desk.seller(db, shop)
    with pytest.raises(invoices.TaxNumberUnfit):
        await desk.asked(
            db, paid, invoices.Title(kind=invoices.TitleKind.COMPANY, name="x", tax_number=USCC[:-1] + "X")
        )
    await do(db, SYSTEM, orders.cancel, paid, reason="x")
    await given.settle(db)
    with pytest.raises(invoices.NothingToInvoice):
        await desk.asked(db, paid)
    with pytest.raises(orders.OrderUnknown):
        await desk.asked(db, 1)


async def test_every_refund_is_taken_back_in_red_and_the_last_cent_with_the_last(db: Database) -> None:
    shop = await desk.shop(db)
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 2})
    await desk.refund(db, order_id, (2, 1), cause_id=1)
    await desk.asked(db, order_id)
    await desk.refund(db, order_id, (2, 1), cause_id=2)
    await desk.refund(db, order_id, (1, 1), cause_id=3)

    year = await desk.year(db)
    assert await desk.said(db, order_id) == [
        ("invoice", "issued", 288_90, f"{year}-000001"), ("credit_note", "issued", 89_90, f"{year}R-000001"),
        ("credit_note", "issued", 199_00, f"{year}R-000002"),
    ]  # fmt: skip
    invoice, *notes = await desk.papers(db, order_id)
    assert sum(one.tax for one in notes) == invoice.tax
    assert all(one.invoice_id == invoice.id and one.refund_id for one in notes)


async def test_a_wrong_title_is_corrected_by_red_and_new(db: Database) -> None:
    shop = await desk.shop(db)
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 2})
    await desk.asked(db, order_id)
    await desk.refund(db, order_id, (2, 1))
    (first, _) = await desk.papers(db, order_id)
    await do(db, SYSTEM, invoices.correct, first.id, FIRM)
    await given.settle(db)
    await desk.refund(db, order_id, (2, 1), cause_id=2)

    said = await desk.said(db, order_id)
    assert [(kind, total) for kind, _, total, _ in said] == [
        ("invoice", 378_80), ("credit_note", 89_90), ("credit_note", 288_90), ("invoice", 288_90), ("credit_note", 89_90),
    ]  # fmt: skip
    papers = await desk.papers(db, order_id)
    assert [await desk.name_on(db, one) for one in papers] == [PERSON.name] * 3 + [FIRM.name] * 2
    assert papers[2].reason == "correction"
    with pytest.raises(invoices.InvoiceStateForbids):
        await do(db, SYSTEM, invoices.correct, first.id, PERSON)


async def test_a_lost_answer_is_asked_after_and_issues_nothing_twice(db: Database) -> None:
    shop = await desk.shop(db)
    await invoices.order_invoice_fault(db, "lose_answer")
    await invoices.order_invoice_fault(db, "down")
    order_id = await given.paid_order(db, shop)
    await desk.asked(db, order_id)
    assert [one[1:] for one in await desk.said(db, order_id)] == [("unknown", 199_00, None)]
    (paper,) = await desk.papers(db, order_id)
    assert sorted(await till.clocks(db, paper.id)) == ["invoice.issue_by", "invoice.retry"]

    for _ in range(2):
        await desk.later(db, minutes=11)

    assert [one[1] for one in await desk.said(db, order_id)] == ["issued"]
    assert len(await invoices.issued_papers(db)) == 1
    assert await till.wires(db, paper.id) == ["invoice.drafted", "invoice.lost_track", "invoice.issued"]


async def test_what_was_refused_is_sent_again_or_made_out_to_somebody_else(db: Database) -> None:
    shop = await desk.shop(db)
    await invoices.order_invoice_fault(db, "refuse", times=3)
    order_id = await given.paid_order(db, shop)
    await desk.asked(db, order_id)
    (paper,) = await desk.papers(db, order_id)
    assert (paper.state, paper.failure) == ("refused", "declined")
    await do(db, SYSTEM, invoices.retry, paper.id)
    await given.settle(db)
    await do(db, SYSTEM, invoices.correct, paper.id, FIRM)
    await given.settle(db)
    old, new = await desk.papers(db, order_id)
    assert (old.state, new.state) == ("dropped", "refused")
    await do(db, SYSTEM, invoices.retry, new.id)
    await given.settle(db)

    # What was never issued took no number.
    assert (await desk.said(db, order_id))[1][1:] == ("issued", 199_00, f"{await desk.year(db)}-000001")
    with pytest.raises(invoices.InvoiceStateForbids):
        await do(db, SYSTEM, invoices.retry, new.id)


async def test_one_that_is_late_is_told(db: Database) -> None:
    shop = await desk.shop(db, issue_within_days=2)
    await invoices.order_invoice_fault(db, "refuse")
    order_id = await given.paid_order(db, shop)
    await desk.asked(db, order_id)
    await desk.later(db, days=2)
    (paper,) = await desk.papers(db, order_id)
    assert (await till.wires(db, paper.id))[-1] == "invoice.overdue"


async def drafted(db: Database, shop: given.Shop, count: int) -> list[invoices.Invoice]:
    """So many papers that nobody has sent yet."""
    made = []
    for order_id in [await given.paid_order(db, shop) for _ in range(count)]:
        await do(db, SYSTEM, invoices.ask, order_id, PERSON)
        made += await desk.papers(db, order_id)
    return made


def issued(paper: invoices.Invoice) -> IssueAnswer:
    return IssueAnswer(invoice_id=paper.id, outcome=IssueOutcome.ISSUED, provider_ref=f"T{paper.id}")


async def test_answers_at_once_get_numbers_without_a_gap(db: Database) -> None:
    shop = await desk.shop(db)
    papers = await drafted(db, shop, 4)

    # Each of them twice, all at the same time.
    await asyncio.gather(*(do(db, SYSTEM, invoices.record, [issued(one)]) for one in [*papers, *papers]))

    numbers = [(await desk.papers(db, one.order_id))[0].number for one in papers]
    assert sorted(n or 0 for n in numbers) == [1, 2, 3, 4]


async def crash(tx: Tx, paper: invoices.Invoice) -> None:
    await invoices.record(tx, [issued(paper)])
    raise ZeroDivisionError


async def test_a_number_that_was_taken_by_a_crash_is_taken_again(db: Database) -> None:
    shop = await desk.shop(db)
    first, second = await drafted(db, shop, 2)
    with pytest.raises(ZeroDivisionError):
        await do(db, SYSTEM, crash, first)
    await do(db, SYSTEM, invoices.record, [issued(second)])
    await do(db, SYSTEM, invoices.record, [issued(first)])

    assert [(await desk.papers(db, one.order_id))[0].number for one in (second, first)] == [1, 2]


async def test_a_year_begins_a_series_anew(db: Database) -> None:
    shop = await desk.shop(db, prefix="HZ")
    first, second = await drafted(db, shop, 2)
    await do(db, SYSTEM, invoices.record, [issued(first)])
    year = await desk.year(db)
    await desk.later(db, days=366)
    await do(db, SYSTEM, invoices.record, [issued(second)])

    numbers = [(await desk.papers(db, one.order_id))[0].written_number for one in (first, second)]
    assert numbers == [f"HZ{year}-000001", f"HZ{year + 1}-000001"]


async def test_what_was_issued_is_never_changed(db: Database) -> None:
    shop = await desk.shop(db)
    await desk.asked(db, await given.paid_order(db, shop))
    async with db.connection() as connection:
        for sql in ("UPDATE invoices SET total = total + 1, net = net + 1", "DELETE FROM invoices"):
            with pytest.raises(asyncpg.PostgresError, match=r"history"):
                await connection.execute(sql)


async def test_whom_it_names_is_forgotten_with_the_buyer_and_the_amounts_stay(db: Database) -> None:
    shop = await desk.shop(db)
    order_id = await given.paid_order(db, shop)
    await desk.asked(db, order_id)
    await desk.forget(db, order_id)
    (paper,) = await desk.papers(db, order_id)
    assert (await desk.name_on(db, paper), paper.total) == (None, 199_00)


async def test_a_refund_that_arrives_while_it_is_being_issued_gets_its_note_afterwards(db: Database) -> None:
    shop = await desk.shop(db)
    order_id = await given.delivered_order(db, shop, {"TEE": 2})
    await invoices.order_invoice_fault(db, "down")
    await desk.asked(db, order_id)
    await desk.refund(db, order_id, (1, 1))
    assert [one[0] for one in await desk.said(db, order_id)] == ["invoice"]
    await desk.later(db, minutes=11)
    assert [(kind, total) for kind, _, total, _ in await desk.said(db, order_id)] == [
        ("invoice", 179_80), ("credit_note", 89_90),
    ]  # fmt: skip


async def test_a_wish_for_an_order_that_is_all_paid_back_meanwhile_ends(db: Database) -> None:
    shop = await desk.shop(db, issue_when="completed")
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    wish = await desk.asked(db, order_id)
    await desk.refund(db, order_id, (1, 1))
    await desk.receive(db, order_id)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        assert (await invoices.get_request(tx, wish.id)).state == "withdrawn"
    assert await desk.said(db, order_id) == []
