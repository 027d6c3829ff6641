"""Making invoices and credit notes: drafted here, issued outside, numbered when the answer is taken in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from dingdan.areas import merchants, orders
from dingdan.areas.invoices import gathering, reading, store
from dingdan.areas.invoices.events import (
    InvoiceDrafted,
    InvoiceIssued,
    InvoiceLostTrack,
    InvoiceOverdue,
    InvoiceRefused,
    InvoiceRequestAnswered,
    InvoiceRequested,
    InvoiceRequestWithdrawn,
    InvoiceRetried,
)
from dingdan.areas.invoices.lifecycle import INVOICE, INVOICE_REQUEST, InvoiceRequestState, InvoiceState
from dingdan.areas.invoices.model import Draft, Invoice, InvoiceKind, IssueAnswer, IssueOutcome, Paper
from dingdan.areas.invoices.promises import ISSUE_BY, RETRY, RETRY_AFTER
from dingdan.areas.invoices.refusals import InvoiceStateForbids
from dingdan.areas.invoices.rules import amounts, drafting
from dingdan.kernel.event import Moved
from dingdan.kernel.times import local_date
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

ISSUE = "invoices.issue"
OPEN = (InvoiceState.DRAFTED, InvoiceState.UNKNOWN)


async def follow(tx: Tx, order_ids: Iterable[int]) -> None:
    """Draft whatever papers these orders need now; however often it is asked, each paper is made once."""
    found = await orders.get(tx, set(order_ids))
    together = await orders.sold_together(tx, found.values())
    wished = await store.wished_for(tx, found.keys() | {order.id for some in together.values() for order in some})
    if not wished:
        return
    # Who wished for an invoice of what was sold first wishes for one of what is sent for it, too.
    sent = [order for some in together.values() for order in some if order.first in wished and order.id not in wished]
    locked = await orders.lock(tx, {*wished, *(order.id for order in sent)})
    await _pass_on(tx, [locked[order.id] for order in sent])
    made: list[Invoice] = []
    covers: list[tuple[int, int, int, int]] = []
    empty: dict[int, orders.Order] = {}
    for order_id, about in (await gathering.affairs(tx, locked)).items():
        order = locked[order_id]
        lines_of = partial(gathering.lines, about)
        if (wish := drafting.empty_wish(about.affairs, lines_of)) is not None:
            empty[wish] = order
        for draft in drafting.next_papers(about.affairs, lines_of):
            invoice = _invoice(tx, order, draft, about)
            made.append(invoice)
            covers += [(refund_id, order_id, order.merchant_id, invoice.id) for refund_id in draft.covers]
    if made:
        await _write(tx, made, covers)
    moved = await store.move_requests(tx, "withdraw", empty) if empty else {}
    tx.announce(*(
        InvoiceRequestWithdrawn(subject_id=i, merchant_id=order.merchant_id, order_id=order.id, move=moved[i])
        for i, order in empty.items()
    ))  # fmt: skip


async def _pass_on(tx: Tx, sent: Sequence[orders.Order]) -> None:
    """Wish for an invoice of orders that were sent for goods, with the last title that was wished for those."""
    kept = await gathering.kept_of_ended(tx, {order.id: order for order in sent})
    wishes = {one.order_id: one for one in await store.requests(tx, order_ids={order.first for order in sent})}
    for order in sent:
        wish = wishes.get(order.first)
        is_going = order.id in kept if order.state in gathering.ENDED else order.paid_at is not None
        if wish is None or wish.state is InvoiceRequestState.WITHDRAWN or wish.sealed is None or not is_going:
            continue
        made = msgspec.structs.replace(
            wish,
            id=tx.mint(),
            order_id=order.id,
            corrects=None,
            state=InvoiceRequestState.ASKED,
            version=1,
            asked_at=tx.now,
        )
        await store.add_request(tx, made)
        tx.announce(InvoiceRequested(subject_id=made.id, merchant_id=order.merchant_id, order_id=order.id,
                                     move=born(INVOICE_REQUEST, made.id), kind=str(made.kind), is_correction=False))  # fmt: skip


def _invoice(tx: Tx, order: orders.Order, draft: Draft, about: gathering.About) -> Invoice:
    original = next((one for one in about.affairs.invoices if one.id == draft.invoice_id), None)
    return Invoice(
        id=tx.mint(), order_id=order.id, merchant_id=order.merchant_id, invoice_request_id=draft.request_id,
        kind=draft.kind, reason=draft.reason, invoice_id=draft.invoice_id, refund_id=draft.refund_id,
        state=InvoiceState.DRAFTED, version=1, country=original.country if original else about.country,
        currency=order.currency, **amounts.amounts(draft.lines),
        is_tax_on_top=original.is_tax_on_top if original else order.tax > 0, lines=draft.lines,
        # What takes an invoice back names the same seller.
        seller=original.seller if original else about.seller, provider_ref=None, series=None, number=None,
        failure=None, drafted_at=tx.now, issued_at=None,
    )  # fmt: skip


async def _write(tx: Tx, made: Sequence[Invoice], covers: Sequence[tuple[int, int, int, int]]) -> None:
    await store.add(tx, made, covers)
    answered = {one.invoice_request_id: one for one in made if one.kind is InvoiceKind.INVOICE}
    moved = await store.move_requests(tx, "answer", answered) if answered else {}
    await deadlines.schedule(tx, ISSUE_BY, [
        deadlines.Due(one.id, one.merchant_id, tx.now + timedelta(days=one.seller.issue_within_days), one.order_id)
        for one in made
    ])  # fmt: skip
    tx.announce(
        *(
            InvoiceRequestAnswered(subject_id=i, merchant_id=one.merchant_id, order_id=one.order_id, move=moved[i])
            for i, one in answered.items()
        ),
        *(
            InvoiceDrafted(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                           move=born(INVOICE, one.id), kind=str(one.kind), reason=str(one.reason), total=one.total,
                           currency=one.currency)
            for one in made
        ),
    )  # fmt: skip
    await jobs.enqueue(tx, ISSUE, {"invoice_ids": [one.id for one in made]})


async def papers(tx: Tx, invoice_ids: Iterable[int]) -> list[Paper]:
    """What the tax office's system is told of those of these that are not issued, in their order."""
    waiting = [one for one in await store.get(tx, ids=invoice_ids) if one.state in OPEN]
    originals = {one.id: one for one in await store.get(tx, ids=[w.invoice_id for w in waiting if w.invoice_id])}
    titles = await reading.titles(tx, waiting)
    return [
        Paper(
            invoice_id=one.id, kind=one.kind, title=titles[one.id], seller=one.seller, currency=one.currency,
            net=one.net, tax=one.tax, total=one.total, lines=one.lines,
            corrects_ref=originals[one.invoice_id].provider_ref if one.invoice_id is not None else None,
        )
        for one in waiting
    ]  # fmt: skip


async def record(tx: Tx, answers: Sequence[IssueAnswer]) -> None:
    """Take in what was said; a paper gets its number in this transaction, and a word that comes twice changes nothing."""
    by_id = {answer.invoice_id: answer for answer in answers}
    known = await store.get(tx, ids=by_id)
    await orders.lock(tx, {one.order_id for one in known})
    held = [one for one in await store.get(tx, ids=by_id, lock=True) if one.state in OPEN]
    zones = {i: one.zone for i, one in (await merchants.by_ids(tx, {one.merchant_id for one in held})).items()}
    issued = [one for one in held if by_id[one.id].outcome is IssueOutcome.ISSUED]
    for one in issued:
        await _number(tx, one, by_id[one.id].provider_ref or "", zones[one.merchant_id])
    await _refuse(tx, [one for one in held if by_id[one.id].outcome is IssueOutcome.REFUSED], by_id)
    await _lose_track(tx, [one for one in held if by_id[one.id].outcome is IssueOutcome.UNKNOWN])
    # What waited for a number: a credit note for a refund of meanwhile, the new invoice after the red one.
    await follow(tx, {one.order_id for one in issued})


async def _number(tx: Tx, one: Invoice, provider_ref: str, zone: str) -> None:
    is_red = one.kind is InvoiceKind.CREDIT_NOTE
    series = f"{one.seller.prefix}{local_date(tx.now, zone).year}{'R' if is_red else ''}"
    number = await store.take_number(tx, one.merchant_id, series)
    moved = await store.move(
        tx, "issue", [one.id], series=series, number=number, provider_ref=provider_ref, issued_at=tx.now, failure=None
    )
    await _stop(tx, [one])
    written = msgspec.structs.replace(one, series=series, number=number).written_number or ""
    tx.announce(InvoiceIssued(**_about(one), move=moved[one.id], kind=str(one.kind), number=written, total=one.total,
                              currency=one.currency))  # fmt: skip


async def _refuse(tx: Tx, refused: Sequence[Invoice], by_id: Mapping[int, IssueAnswer]) -> None:
    for one in refused:
        why = by_id[one.id].failure or "refused"
        moved = await store.move(tx, "refuse", [one.id], failure=why)
        tx.announce(InvoiceRefused(**_about(one), move=moved[one.id], failure=why))
    await deadlines.call_off(tx, RETRY, [one.id for one in refused])


async def _lose_track(tx: Tx, lost: Sequence[Invoice]) -> None:
    fresh = {one.id: one for one in lost if one.state is InvoiceState.DRAFTED}
    moved: dict[int, Moved] = await store.move(tx, "lose_track", fresh) if fresh else {}
    await deadlines.schedule(tx, RETRY, [
        deadlines.Due(one.id, one.merchant_id, tx.now + RETRY_AFTER, one.order_id) for one in lost
    ])  # fmt: skip
    tx.announce(*(InvoiceLostTrack(**_about(fresh[i]), move=moved[i]) for i in sorted(moved)))


async def retry(tx: Tx, invoice_id: int) -> Invoice:
    """Send a paper there once more that was refused. Raises InvoiceUnknown or InvoiceStateForbids."""
    known = await reading.get_one(tx, invoice_id)
    await orders.lock(tx, [known.order_id])
    moved = await store.move(tx, "retry", [invoice_id], failure=None)
    if invoice_id not in moved:
        raise InvoiceStateForbids(state=str(known.state), verb="retry")
    tx.announce(InvoiceRetried(**_about(known), move=moved[invoice_id]))
    await jobs.enqueue(tx, ISSUE, {"invoice_ids": [invoice_id]})
    return await reading.get_one(tx, invoice_id)


async def try_again(tx: Tx, invoice_ids: Sequence[int]) -> None:
    """Ask again after papers of which nobody knows whether they were issued."""
    await jobs.enqueue(tx, ISSUE, {"invoice_ids": list(invoice_ids)})


async def note_overdue(tx: Tx, invoice_ids: Sequence[int]) -> None:
    """The promised time is over: say so, and ask once more for what nobody refused."""
    late = [one for one in await store.get(tx, ids=invoice_ids) if one.state in (*OPEN, InvoiceState.REFUSED)]
    tx.announce(*(InvoiceOverdue(**_about(one)) for one in late))
    waiting = [one.id for one in late if one.state in OPEN]
    if waiting:
        await jobs.enqueue(tx, ISSUE, {"invoice_ids": waiting})


async def _stop(tx: Tx, ended: Sequence[Invoice]) -> None:
    for clock in (ISSUE_BY, RETRY):
        await deadlines.call_off(tx, clock, [one.id for one in ended])


def _about(one: Invoice) -> dict[str, Any]:
    return {"subject_id": one.id, "merchant_id": one.merchant_id, "order_id": one.order_id}
