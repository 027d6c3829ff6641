"""Deadlines: what is due, overdue or failing, and many made later at once."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from dingdan.areas import clocks
from dingdan.kernel import page
from dingdan.overviews import deadline_list
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    Code,
    Input,
    Limit,
    MerchantRef,
    Moment,
    OfMerchant,
    Page,
    PageQuery,
    View,
    Word,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)


class DeadlineQuery(OfMerchant, frozen=True, kw_only=True):
    """Which deadlines: of one kind, due before a moment; `paused` are those that stand still, and only those."""

    kind: Word | None = None
    due_before: Moment | None = None
    paused: bool = False
    limit: Limit = page.DEFAULT_LIMIT
    after: Annotated[str, Meta(max_length=300, description="`next` of the slice before.")] | None = None


class ExtensionQuery(PageQuery, frozen=True, kw_only=True):
    """Whose; a platform key may leave it open."""

    merchant: MerchantRef | None = None


class ExtensionInput(Input, frozen=True, kw_only=True):
    """Which open deadlines shall be later, and why: each by so many hours, or all that are due before it to a moment.

    A platform key that names no merchant means everybody's. Clocks that stand still are not moved: they keep what was
    left.
    """

    merchant: MerchantRef | None = None
    kinds: Annotated[list[Word], Meta(min_length=1, max_length=20)]
    due_from: Moment
    due_before: Moment
    by_hours: Annotated[int, Meta(ge=1, le=1_440)] | None = None
    to: Moment | None = None
    reason: Code


class DueView(View, frozen=True, kw_only=True):
    """One open deadline: what it hangs on, whose turn it is, and how it stands with the machine that looks after it.

    `next_step_at` is when something happens next: a warning, the moment itself, or a step after it. `error` is for the
    platform's eyes.
    """

    kind: str
    subject: str
    subject_id: str
    order: str | None
    merchant: str | None
    deadline_at: datetime | None
    next_step_at: datetime | None
    on_timeout: str
    waiting_for: str
    paused_at: datetime | None
    left_seconds: int | None
    is_overdue: bool
    is_failing: bool
    attempts: int
    error: str | None


class ExtensionPreview(View, frozen=True, kw_only=True):
    """How many would move, by kind."""

    deadlines: dict[str, int]
    total: int


class ExtensionView(View, frozen=True, kw_only=True):
    """One extension: what was ordered, how many it was about then, and how many have moved by now."""

    id: str
    merchant: str | None
    kinds: list[str]
    due_from: datetime
    due_before: datetime
    by_hours: int | None
    to: datetime | None
    reason: str
    expected: dict[str, int]
    extended: dict[str, int]
    is_finished: bool
    actor_kind: str
    at: datetime
    finished_at: datetime | None


@get("/v1/deadlines", permission="deadline.read")
async def due(tx: Tx, query: DeadlineQuery) -> Page[DueView]:
    """Open deadlines in due order: what is overdue or failing stands first."""
    place = page.decode_place(query.after, deadline_list.Place) if query.after is not None else None
    if query.after is not None and place is None:
        raise Malformed("query.after", what="not a cursor that a list gave out", what_zh="不是列表给出的游标")
    wanted = deadline_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), kind=query.kind, due_before=query.due_before,
        is_paused=query.paused,
    )  # fmt: skip
    rows = await deadline_list.page(tx, wanted, place, query.limit + 1)
    shown = rows[: query.limit]
    goes_on = page.encode_place(shown[-1].place) if len(rows) > query.limit else None
    return Page(items=[_due(tx, row) for row in shown], next=goes_on)


@post("/v1/deadlines/extensions/preview", permission="deadline.extend", why_unkeyed="it changes nothing", reads=True)
async def preview(tx: Tx, body: ExtensionInput) -> ExtensionPreview:
    """How many deadlines of each kind an extension would move now."""
    found = await clocks.preview(tx, await _wanted(tx, body))
    return ExtensionPreview(deadlines=found, total=sum(found.values()))


@post("/v1/deadlines/extensions", permission="deadline.extend", status=202)
async def extend(tx: Tx, body: ExtensionInput) -> ExtensionView:
    """Make many deadlines later. They move in sets, each once; orders and returns show the new time as theirs moves."""
    return _view(await clocks.extend(tx, await _wanted(tx, body)), {})


@get("/v1/deadlines/extensions", permission="deadline.read")
async def extensions(tx: Tx, query: ExtensionQuery) -> Page[ExtensionView]:
    """Extensions that were ordered, newest first."""
    asked = slice_of(query)
    found = await clocks.list_extensions(tx, await scope.merchant_filter(tx, query.merchant), asked.with_one_more)
    moved = await clocks.extended_kinds(tx, [one.id for one in found])
    return page_of(asked, found, lambda one: _view(one, moved[one.id]))


@get("/v1/deadlines/extensions/{extension_id}", permission="deadline.read")
async def show(tx: Tx, extension_id: int) -> ExtensionView:
    """One extension, and how far it has come."""
    found = await clocks.get_extension(tx, extension_id)
    return _view(found, (await clocks.extended_kinds(tx, [found.id]))[found.id])


async def _wanted(tx: Tx, body: ExtensionInput) -> clocks.Extend:
    return clocks.Extend(
        merchant_id=await scope.merchant_filter(tx, body.merchant, "merchant"), kinds=tuple(body.kinds),
        due_from=body.due_from, due_before=body.due_before, to_moment=body.to, reason=body.reason,
        by_span=None if body.by_hours is None else timedelta(hours=body.by_hours),
    )  # fmt: skip


def _due(tx: Tx, row: deadline_list.Row) -> DueView:
    kind = deadlines.REGISTRY[row.kind]
    return DueView(
        kind=row.kind, subject=kind.subject, subject_id=ref(kind.subject, row.subject_id),
        order=ref_or_none("order", row.order_id), merchant=ref_or_none("merchant", row.merchant_id),
        deadline_at=row.due_at if row.paused_at is None else None, next_step_at=row.next_at,
        on_timeout=kind.on_timeout, waiting_for=row.waiting_for or kind.waits_for, paused_at=row.paused_at,
        left_seconds=None if row.left_when_paused is None else int(row.left_when_paused.total_seconds()),
        is_overdue=row.paused_at is None and row.due_at <= tx.now, is_failing=row.error is not None,
        attempts=row.attempts, error=row.error if tx.actor.merchant_id is None else None,
    )  # fmt: skip


def _view(one: clocks.Extension, moved: dict[str, int]) -> ExtensionView:
    span = None if one.by_span is None else one.by_span // timedelta(hours=1)
    return ExtensionView(
        id=ref("extension", one.id), merchant=ref_or_none("merchant", one.merchant_id), kinds=list(one.kinds),
        due_from=one.due_from, due_before=one.due_before, by_hours=span, to=one.to_moment, reason=one.reason,
        expected=one.expected, extended=dict.fromkeys(one.kinds, 0) | moved, is_finished=one.finished_at is not None,
        actor_kind=one.actor_kind, at=one.at, finished_at=one.finished_at,
    )  # fmt: skip


ROUTES = [due, preview, extend, extensions, show]
