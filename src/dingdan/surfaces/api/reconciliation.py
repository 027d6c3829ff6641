"""Reconciliation: a provider's statement in, where our books differ out, and what became of it."""

import tempfile
from datetime import datetime

from dingdan.areas import reconciliation
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import bodies, scope, statement_rows
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import (
    Code,
    Id,
    Input,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    View,
    Word,
    allowed,
    number,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

IN_MEMORY_BYTES = 1 << 20


class StatementQuery(Input, frozen=True, kw_only=True):
    """The time that the file covers, where it is more than that of its lines."""

    since: Moment | None = None
    until: Moment | None = None


class CountView(View, frozen=True, kw_only=True):
    """Differences of one kind."""

    kind: str
    found: int
    open: int


class UnreadView(View, frozen=True, kw_only=True):
    """A line that could not be read."""

    line: int
    code: str
    path: str
    message: str


class StatementView(View, frozen=True, kw_only=True):
    """A statement and how far it differs. `unread` names the first lines that could not be read, in the first answer."""

    id: str
    provider: str
    since: datetime | None
    until: datetime | None
    lines: int
    unreadable: int
    taken_at: datetime
    compared_at: datetime | None
    differences: list[CountView]
    unread: list[UnreadView]


class DifferenceQuery(PageQuery, frozen=True, kw_only=True):
    """Which differences; without `open` both kinds."""

    merchant: MerchantRef | None = None
    statement: Id | None = None
    kind: reconciliation.DifferenceKind | None = None
    open: bool | None = None


class SideView(View, frozen=True, kw_only=True):
    """What one side says: an amount in minor units, where it knows of one, and a state."""

    amount: int | None
    currency: str | None
    state: str | None


class DifferenceView(View, frozen=True, kw_only=True):
    """One difference. Money that we had missed is taken in and resolved as `booked` by itself."""

    id: str
    statement: str
    merchant: str | None
    kind: reconciliation.DifferenceKind
    about: reconciliation.LineKind
    provider_ref: str
    payment_id: str | None
    send_back_id: str | None
    line: int | None
    ours: SideView
    theirs: SideView
    found_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    available_actions: list[str]


class ResolveInput(Input, frozen=True, kw_only=True):
    """What became of it, as a code."""

    resolution: Code


@post(
    "/v1/providers/{provider}/statements",
    permission="ledger.reconcile",
    why_unkeyed="the same content is the same statement, compared once",
    takes="text/csv",
    answers=StatementView,
    max_body_bytes=None,
)
async def take_in(ask: Ask, provider: Word, query: StatementQuery) -> StatementView:
    """Compare a provider's statement of any length, a CSV file with a header line, with our books.

    Lines are compared in sets of 500. A file that was sent before is not compared again; one that was broken off goes
    on where it stopped. Money that the provider took and that we never heard of is taken in, and goes back if nobody
    owes it.
    """
    bodies.demand_media_type(ask.request, "text/csv")
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as held:
        async for piece in ask.request.stream():
            held.write(piece)
        statement_id, found = await statement_rows.take_in(
            ask.db, ask.actor, provider, held, covers_from=query.since, covers_until=query.until
        )
    unread = [
        UnreadView(line=one.line, code=one.problem.code, path=one.problem.path,
                   message=one.problem.message.filled(one.problem.params).en)
        for one in found
    ]  # fmt: skip
    async with ask.db.reading(ask.actor) as tx:
        return await _statement(tx, statement_id, unread)


@get("/v1/statements", permission="ledger.reconcile")
async def statements(tx: Tx, query: PageQuery) -> Page[StatementView]:
    """Statements that were taken in, newest first."""
    asked = slice_of(query)
    found = await reconciliation.statements(tx, asked.with_one_more)
    views = {one.id: await _statement(tx, one.id, []) for one in found}
    return page_of(asked, found, lambda one: views[one.id])


@get("/v1/statements/{statement_id}", permission="ledger.reconcile")
async def statement(tx: Tx, statement_id: int) -> StatementView:
    """One statement, with how many differences of each kind it has."""
    return await _statement(tx, statement_id, [])


@get("/v1/differences", permission="ledger.reconcile")
async def differences(tx: Tx, query: DifferenceQuery) -> Page[DifferenceView]:
    """Where providers and our books say different things, newest first."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    about = None if query.statement is None else number("statement", query.statement, "query.statement")
    asked = slice_of(query)
    found = await reconciliation.differences(
        tx, asked.with_one_more, merchant_id=merchant_id, statement_id=about, kind=query.kind, is_open=query.open
    )
    return page_of(asked, found, lambda one: _difference(tx, one))


@post("/v1/differences/{difference_id}/resolve", permission="ledger.reconcile")
async def resolve(tx: Tx, difference_id: int, body: ResolveInput) -> DifferenceView:
    """Say what became of a difference; it is then closed for good."""
    return _difference(tx, await reconciliation.resolve(tx, difference_id, resolution=body.resolution))


async def _statement(tx: Tx, statement_id: int, unread: list[UnreadView]) -> StatementView:
    one = await reconciliation.statement(tx, statement_id)
    counts = await reconciliation.counts(tx, statement_id)
    return StatementView(
        id=ref("statement", one.id), provider=one.provider, since=one.covers_from, until=one.covers_until,
        lines=one.lines, unreadable=one.unreadable, taken_at=one.taken_at, compared_at=one.compared_at, unread=unread,
        differences=[CountView(kind=kind, found=found, open=left) for kind, (found, left) in sorted(counts.items())],
    )  # fmt: skip


def _difference(tx: Tx, one: reconciliation.Difference) -> DifferenceView:
    possible = [] if one.resolved_at else ["resolve"]
    return DifferenceView(
        id=ref("difference", one.id), statement=ref("statement", one.statement_id),
        merchant=ref_or_none("merchant", one.merchant_id), kind=one.kind, about=one.line_kind,
        provider_ref=one.provider_ref, payment_id=ref_or_none("payment", one.payment_id),
        send_back_id=ref_or_none("send_back", one.send_back_id), line=one.line,
        ours=SideView(amount=one.ours, currency=one.our_currency, state=one.our_state),
        theirs=SideView(amount=one.theirs, currency=one.their_currency, state=one.their_state),
        found_at=one.found_at, resolved_at=one.resolved_at, resolution=one.resolution,
        available_actions=allowed(tx.actor, possible, {"resolve": "ledger.reconcile"}),
    )  # fmt: skip


ROUTES = [take_in, statements, statement, differences, resolve]
