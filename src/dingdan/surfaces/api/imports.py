"""Imports: whole files in, a result for every row out."""

import tempfile
from collections.abc import AsyncIterator
from typing import IO, Literal

import msgspec
from litestar.response import Stream

from dingdan.surfaces.shared import bodies, import_rows, importing, language, rows
from dingdan.surfaces.shared.doors import Ask, post
from dingdan.surfaces.shared.guards import NotAllowed
from dingdan.surfaces.shared.wire import Input, MerchantRef, View

FORMS: dict[str, rows.Format] = {
    "text/csv": "csv", "application/x-ndjson": "ndjson", "application/jsonl": "ndjson", "application/ndjson": "ndjson",
}  # fmt: skip
IN_MEMORY_BYTES, PIECE_BYTES = 1 << 20, 1 << 16

ImportKind = Literal["merchants", "warehouses", "channels", "products", "prices", "stock", "lanes", "channel_orders"]


class ImportQuery(Input, frozen=True, kw_only=True):
    """Whose rows these are, where they do not say it themselves."""

    merchant: MerchantRef | None = None


class RowResult(View, frozen=True, kw_only=True):
    """What became of one row: a line of the answer for each row of the file, in its order."""

    line: int
    status: importing.Status
    code: str | None = None
    path: str | None = None
    message: str | None = None


@post(
    "/v1/imports/{kind}",
    permission="import.run",
    why_unkeyed="rows say how things shall be, so the same file twice changes nothing",
    takes=", ".join(FORMS),
    gives="application/x-ndjson",
    answers=RowResult,
    max_body_bytes=None,
)
async def take_in(ask: Ask, kind: ImportKind, query: ImportQuery) -> Stream:
    """Take in a file of any length: CSV with a header line, or NDJSON with the fields of the single requests.

    Rows are saved in sets of 500, each for itself: a bad row changes nothing and hurts no other. In CSV `title_zh` is
    the `zh` of `title`, `return_city` the `city` of `return_address`, flags, components (`MUG*2; TEE`)
    and warehouses are parted by semicolons.
    """
    form = FORMS[bodies.demand_media_type(ask.request, *FORMS)]
    wanted = importing.KINDS[kind]
    if not ask.actor.may(wanted.permission):
        raise NotAllowed(permission=wanted.permission)
    columns = rows.Columns(lambda name: import_rows.is_column(name, wanted.row), import_rows.columns(wanted.row))
    importer = importing.Importer(ask.db, ask.actor, kind, form=form, merchant=query.merchant)
    tongue = language.asked(ask.request.headers.get("accept-language", ""))
    # The answer begins when the file has been read: a caller that sends everything before it reads anything would
    # otherwise wait for us while we wait for it. What is held back lies on disk, not in memory.
    held = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed by whoever reads it out
    try:
        async for results in importer.run(rows.read_rows(ask.request.stream(), form, columns)):
            held.write(b"".join(msgspec.json.encode(_told(result, tongue)) + b"\n" for result in results))
    except BaseException:
        held.close()
        raise
    held.seek(0)
    return Stream(read_out(held), media_type="application/x-ndjson")


async def read_out(held: IO[bytes]) -> AsyncIterator[bytes]:
    """What is held back, piece by piece; gone afterwards."""
    with held:
        while piece := held.read(PIECE_BYTES):
            yield piece


def _told(result: importing.Result, tongue: language.Tongue) -> RowResult:
    if result.refusal is None:
        return RowResult(line=result.line, status=result.status)
    problems = result.refusal.problems
    return RowResult(
        line=result.line, status=result.status, code=problems[0].code, path=problems[0].path,
        message=" ".join(language.pick(problem.message.filled(problem.params), tongue) for problem in problems),
    )  # fmt: skip


ROUTES = [take_in]
