"""A provider's statement against our books: taken in once, line by line in sets, and money we missed taken in with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dingdan.areas import payments
from dingdan.areas.reconciliation import rules, store
from dingdan.areas.reconciliation.events import DifferenceFound, DifferenceResolved, StatementCompared
from dingdan.areas.reconciliation.model import Difference, DifferenceKind, Line, LineKind, Statement
from dingdan.areas.reconciliation.refusals import NotThePlatform, StatementUnknown
from dingdan.plumbing.tx import Tx

# What is missing from a file is looked for in slices of so many payments.
SLICE = 500
BOOKED = "booked"


async def open_statement(
    tx: Tx,
    provider: str,
    content_hash: bytes,
    *,
    covers_from: datetime | None = None,
    covers_until: datetime | None = None,
) -> Statement:
    """Begin with a file, or go on with it where an earlier try stopped: the same content is the same statement.

    Without a time that it covers it is that of its lines. Raises NotThePlatform or payments.ProviderUnknown.
    """
    _demand_platform(tx)
    known = payments.methods(sandbox=tx.sandbox)
    if provider not in known:
        raise payments.ProviderUnknown("path.provider", provider=provider, known=", ".join(known) or "-")
    return await store.open_statement(tx, provider, content_hash, covers_from=covers_from, covers_until=covers_until)


async def compare(tx: Tx, statement_id: int, lines: Sequence[Line]) -> None:
    """Compare lines with our books; lines that were compared before are left alone.

    Money that the provider took for an attempt of ours and that we never heard of is taken in now, as late as it is:
    it pays its order, revives it, or is excess and goes back. Raises NotThePlatform or StatementUnknown.
    """
    statement = await _held(tx, statement_id)
    fresh = await store.add_lines(tx, statement, lines) if lines else set()
    asked = [line for line in lines if line.line in fresh]
    if not asked:
        return
    first = await store.first_lines(tx, statement_id, {line.provider_ref for line in asked})
    ours = await _ours(tx, statement.provider, asked)
    judged = [
        (line, ours[line.line], rules.judge(
            line, ours[line.line], is_repeated=first[str(line.kind), line.provider_ref] < line.line))
        for line in asked
    ]  # fmt: skip
    await payments.take_in(tx, [
        rules.answer(line, statement.provider) for line, _, found in judged if found and found.is_to_be_booked
    ])  # fmt: skip
    await _write(tx, statement, [
        _difference(tx, statement, line, books, found) for line, books, found in judged if found is not None
    ])  # fmt: skip


async def look_for_missing(tx: Tx, statement_id: int, kind: LineKind, *, after: int = 0) -> int | None:
    """Look for money in our books that no statement of the provider names, in the time that this one covers.

    Goes on behind `after`; gives where to go on, None at the end. Raises NotThePlatform or StatementUnknown.
    """
    statement = await _held(tx, statement_id)
    first, last = await store.span(tx, statement_id)
    since, until = statement.covers_from or first, statement.covers_until or last
    if since is None or until is None:
        return None
    between = payments.charged_between if kind is LineKind.CHARGE else payments.returned_between
    booked = await between(tx, statement.provider, since, until, after=after, limit=SLICE)
    told = await store.told(tx, statement.provider, kind, {one.provider_ref for one in booked})
    await _write(tx, statement, [
        _missing(tx, statement, kind, one) for one in booked if one.provider_ref not in told
    ])  # fmt: skip
    return booked[-1].id if booked else None


async def finish(tx: Tx, statement_id: int, *, unreadable: int = 0) -> Statement:
    """Call a statement compared, once. Raises NotThePlatform or StatementUnknown."""
    statement = await _held(tx, statement_id)
    if statement.compared_at is None:
        await store.note_unreadable(tx, statement_id, unreadable)
        lines, differences = await store.finish(tx, statement_id)
        tx.announce(StatementCompared(subject_id=statement_id, merchant_id=None, provider=statement.provider,
                                      lines=lines, differences=differences))  # fmt: skip
    return await _held(tx, statement_id)


async def _held(tx: Tx, statement_id: int) -> Statement:
    """The statement, locked: two who send the same file at once take turns."""
    _demand_platform(tx)
    statement = await store.statement(tx, statement_id, lock=True)
    if statement is None:
        raise StatementUnknown
    return statement


def _demand_platform(tx: Tx) -> None:
    if tx.actor.merchant_id is not None:
        raise NotThePlatform


async def _ours(tx: Tx, provider: str, lines: Sequence[Line]) -> dict[int, rules.Ours]:
    charges = [line for line in lines if line.kind is LineKind.CHARGE]
    backs = [line for line in lines if line.kind is LineKind.REFUND]
    booked = await payments.booked_charges(tx, provider, {line.provider_ref for line in charges})
    by_number = await payments.by_number(tx, provider, {line.number for line in charges if line.number is not None})
    sent = await payments.sent_back_by_number(tx, provider, {line.number for line in backs if line.number is not None})
    found: dict[int, rules.Ours] = {}
    for line in charges:
        payment = by_number.get(line.number or 0)
        found[line.line] = rules.Ours(booked=booked.get(line.provider_ref), payment=payment)
    for line in backs:
        found[line.line] = rules.Ours(sent=sent.get(line.number or 0))
    return found


def _difference(tx: Tx, statement: Statement, line: Line, ours: rules.Ours, found: rules.Found) -> Difference:
    owner = ours.payment or ours.booked or ours.sent
    payment_id = ours.payment.id if ours.payment else ours.booked.id if ours.booked else None
    return Difference(
        id=tx.mint(), statement_id=statement.id, merchant_id=owner.merchant_id if owner else None, kind=found.kind,
        line_kind=line.kind, provider_ref=line.provider_ref, line=line.line,
        payment_id=ours.sent.payment_id if ours.sent else payment_id, send_back_id=ours.sent.id if ours.sent else None,
        ours=found.ours, our_currency=found.our_currency, our_state=found.our_state, theirs=line.amount,
        their_currency=line.currency, their_state=line.state, found_at=tx.now,
        **_settled(tx, is_booked=found.is_to_be_booked),
    )  # fmt: skip


def _missing(tx: Tx, statement: Statement, kind: LineKind, one: payments.Booked) -> Difference:
    is_charge = kind is LineKind.CHARGE
    return Difference(
        id=tx.mint(), statement_id=statement.id, merchant_id=one.merchant_id, kind=DifferenceKind.MISSING_THERE,
        line_kind=kind, provider_ref=one.provider_ref, payment_id=one.id if is_charge else None,
        send_back_id=None if is_charge else one.id, line=None, ours=one.amount, theirs=None, our_currency=one.currency,
        their_currency=None, our_state=rules.MOVED[kind], their_state=None, found_at=tx.now,
        **_settled(tx, is_booked=False),
    )  # fmt: skip


def _settled(tx: Tx, *, is_booked: bool) -> dict[str, Any]:
    """Money that is taken in is no open difference any more; it stands in the list for whoever wonders."""
    if not is_booked:
        return dict.fromkeys(("resolved_at", "resolution", "resolved_by_kind", "resolved_by"))
    return {
        "resolved_at": tx.now,
        "resolution": BOOKED,
        "resolved_by_kind": str(tx.actor.kind),
        "resolved_by": tx.actor.id,
    }


async def _write(tx: Tx, statement: Statement, found: Sequence[Difference]) -> None:
    written = await store.add_differences(tx, found)
    for one in (one for one in found if one.id in written):
        tx.announce(DifferenceFound(
            subject_id=one.id, merchant_id=one.merchant_id, kind=str(one.kind), provider=statement.provider,
            provider_ref=one.provider_ref, ours=one.ours, theirs=one.theirs))  # fmt: skip
        if one.resolution is not None:
            tx.announce(DifferenceResolved(subject_id=one.id, merchant_id=one.merchant_id, resolution=one.resolution))
