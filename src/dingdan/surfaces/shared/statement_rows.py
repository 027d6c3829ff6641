"""A provider's statement, line by line out of a CSV file into the comparison with our books; for every door that takes one."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import IO, Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import reconciliation
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.surfaces.shared import bodies, rows
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Amount, Currency, Input, Moment, Word

PIECE_BYTES, LINES = 1 << 16, 500
# So many lines that could not be read are told about; the rest are counted.
TOLD = 50
Reference = Annotated[str, Meta(min_length=1, max_length=200)]


class LineInput(Input, frozen=True, kw_only=True):
    """One line of a statement; `number` is the one we gave the provider, the amount is in minor units."""

    at: Moment
    kind: reconciliation.LineKind
    ref: Reference
    number: Annotated[str, Meta(max_length=64)] = ""
    state: Word
    currency: Currency
    amount: Amount


COLUMNS = rows.Columns(lambda name: name in LineInput.__struct_fields__, LineInput.__struct_fields__)


class Unread(msgspec.Struct, frozen=True):
    """A line that could not be read, and why."""

    line: int
    problem: Refusal


async def take_in(
    db: Database,
    actor: Actor,
    provider: str,
    held: IO[bytes],
    *,
    covers_from: datetime | None = None,
    covers_until: datetime | None = None,
) -> tuple[int, list[Unread]]:
    """Compare a statement of any length with our books, 500 lines at a time; says its id and which lines were no lines.

    A file that was sent before is not compared again; one that was broken off goes on where it stopped.
    """
    seal = hashlib.sha256()
    held.seek(0)
    while piece := held.read(PIECE_BYTES):
        seal.update(piece)
    statement = await do(
        db,
        actor,
        reconciliation.open_statement,
        provider,
        seal.digest(),
        covers_from=covers_from,
        covers_until=covers_until,
    )
    unread: list[Unread] = []
    if statement.compared_at is None:
        held.seek(0)
        unreadable = await _compare(db, actor, statement.id, held, unread)
        await _look_for_missing(db, actor, statement.id)
        await do(db, actor, reconciliation.finish, statement.id, unreadable=unreadable)
    return statement.id, unread


async def _compare(db: Database, actor: Actor, statement_id: int, held: IO[bytes], unread: list[Unread]) -> int:
    """Compare every line; says how many could not be read, and tells of the first of them."""
    waiting: list[reconciliation.Line] = []
    count = 0
    async for row in rows.read_rows(_pieces(held), "csv", COLUMNS):
        line = _line(row)
        if isinstance(line, Refusal):
            count += 1
            if len(unread) < TOLD:
                unread.append(Unread(row.line, line.problems[0]))
            continue
        waiting.append(line)
        if len(waiting) == LINES:
            await do(db, actor, reconciliation.compare, statement_id, waiting)
            waiting = []
    await do(db, actor, reconciliation.compare, statement_id, waiting)
    return count


async def _look_for_missing(db: Database, actor: Actor, statement_id: int) -> None:
    for kind in reconciliation.LineKind:
        after: int | None = 0
        while after is not None:
            after = await do(db, actor, reconciliation.look_for_missing, statement_id, kind, after=after)


async def _pieces(held: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := held.read(PIECE_BYTES):
        yield piece


def _line(row: rows.Row) -> reconciliation.Line | Refusal:
    if row.problem is not None or row.fields is None:
        return row.problem or rows.RowUnreadable(why="it is empty", why_zh="该行为空")
    try:
        given = msgspec.convert(row.fields, LineInput, strict=False)
    except msgspec.ValidationError as error:
        return bodies.malformed(error)
    states = reconciliation.STATES[given.kind]
    if given.state not in states:
        known = ", ".join(sorted(states))
        return Malformed("state", what=f"a {given.kind} is one of {known}", what_zh=f"{given.kind} 的状态须为 {known}")
    kind = "payment" if given.kind is reconciliation.LineKind.CHARGE else "send_back"
    return reconciliation.Line(
        line=row.line, kind=given.kind, provider_ref=given.ref, number=ids.decode(kind, given.number), state=given.state,
        currency=given.currency, amount=given.amount, at=given.at,
    )  # fmt: skip
