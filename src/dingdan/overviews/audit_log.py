"""Who did what: facts, newest first, narrowed by who acted, what was done and what it was done to."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx

# What those see who look for one sort of act; `%` stands for anything.
SORTS: dict[str, tuple[str, ...]] = {
    "personal_data": ("order.contact_shown", "buyer.forgotten", "archive.erased"), "exported": ("staff.list_exported",),
    "policy": ("policy.%",), "sign_in": ("staff.signed_in", "staff.signed_out", "staff.sign_in_locked", "staff.password_set",
                                         "staff.second_factor_set"),
    "access": ("staff.saved", "staff.invited", "key.%", "webhook.%"),
    "forced": ("review.force_asked", "review.forced"),
    "money": ("refund.%", "payout.%", "hand_payout.%", "credit.%"),
    "by_hand": ("order.held", "order.released", "%.blocked", "%.unblocked", "carrier.grade_overridden", "deadline.extended",
                "stock.moved", "stocktake.%", "price.vouched"),
}  # fmt: skip


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the log is narrowed to; None leaves it open. Without a subject it reads no further back than `since`."""

    since: datetime | None = None
    until: datetime | None = None
    people: bool | None = None
    actor_id: int | None = None
    wire: str | None = None
    wires: list[str] | None = None
    subject_id: int | None = None
    merchant_id: int | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log; `position` is its entry in the one order of all facts, which it gets a moment later."""

    id: int
    position: int | None
    at: datetime
    wire: str
    subject: str
    subject_id: int
    order_id: int | None
    merchant_id: int | None
    actor_kind: str
    actor_id: int | None
    machine: str | None
    was: str | None
    now: str | None
    rule: str
    correlation: str
    data: dict[str, Any]


_CONDITIONS = {
    "since": "at >= {}", "until": "at < {}", "people": "(actor_kind IN ('staff', 'key')) = {}::boolean",
    "actor_id": "actor_id = {}", "wire": "wire LIKE {}", "wires": "wire LIKE ANY({}::text[])",
    "subject_id": "(subject_id = {0} OR order_id = {0})", "merchant_id": "merchant_id = {}", "after": "id < {}",
}  # fmt: skip
_COLUMNS = ", ".join(Line.__struct_fields__)


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Line]:
    """One line more than the slice asks for."""
    where, args = narrowed(_CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"SELECT {_COLUMNS} FROM facts {where} ORDER BY id DESC LIMIT {slice_.limit + 1}",  # noqa: S608 - our own words
        *args,
    )
    return [Line(**dict(row)) for row in rows]
