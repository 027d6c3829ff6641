"""The last calls of keys, newest first, and why calls were refused, most often first."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx

# So many of the newest refused calls are counted by cause; an exact count of all would read them all.
COUNTED, CAUSES = 2_000, 12


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the log is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    key_id: int | None = None
    status_from: int | None = None
    status_below: int | None = None
    code: str | None = None
    route: str | None = None
    request_id: str | None = None
    since: datetime | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One call."""

    id: int
    key_id: int
    at: datetime
    method: str
    route: str
    status: int
    took_ms: int
    request_id: str
    codes: list[str]
    key_name: str


_CONDITIONS = {
    "merchant_id": "l.merchant_id = {}", "key_id": "l.key_id = {}", "status_from": "l.status >= {}",
    "status_below": "l.status < {}", "code": "{} = ANY(l.codes)", "route": "l.route = {}", "request_id": "l.request_id = {}",
    "since": "l.at >= {}", "after": "l.id < {}",
}  # fmt: skip


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Line]:
    """One line more than the slice asks for."""
    where, args = narrowed(_CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT l.id, l.key_id, l.at, l.method, l.route, l.status, l.took_ms, l.request_id, l.codes, k.name AS key_name
        FROM request_log l JOIN api_keys k ON k.id = l.key_id {where} ORDER BY l.id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - our own words
        *args,
    )
    return [Line(**dict(row)) for row in rows]


async def causes(tx: Tx, wanted: Filter) -> list[tuple[str, int]]:
    """Why the newest refused calls were refused, by code, most often first."""
    where, args = narrowed(_CONDITIONS, msgspec.structs.asdict(wanted) | {"status_from": 400})
    rows: list[Any] = await tx.fetch(
        f"""
        SELECT code, count(*) AS n FROM (
            SELECT l.codes FROM request_log l {where} ORDER BY l.id DESC LIMIT {COUNTED}) AS q, unnest(q.codes) AS code
        GROUP BY code ORDER BY n DESC, code LIMIT {CAUSES}
        """,  # noqa: S608 - our own words
        *args,
    )
    return [(row["code"], row["n"]) for row in rows]
