"""Repairs as others see them."""

from datetime import datetime

from dingdan.areas import repairs, returns
from dingdan.overviews import repair_queue
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, ref, soonest

# What each action of a repair takes.
ACTIONS = {
    **dict.fromkeys(("send_back", "fail", "report_lost", "arrive", "pause", "resume"), "repair.work"),
    **dict.fromkeys(("confirm", "choose", "relapse"), "return.apply"),
}


class RepairLineView(View, frozen=True, kw_only=True):
    """Units of a line that are to be mended; `received` of them are here, or were."""

    line_no: int
    product_id: str
    quantity: int
    received: int
    reason: str


class RepairView(View, frozen=True, kw_only=True):
    """One repair. `note` is what the workshop found; while the buyer may choose, `choices` are what they can have.

    `why` says how it came to a choice, or that nothing is mended; `instead` is what the buyer has for it, by silence
    where `is_silent`.
    """

    id: str
    return_id: str
    order_id: str
    merchant: str
    state: repairs.RepairState
    lines: list[RepairLineView]
    asked_at: datetime
    begun_at: datetime | None
    finish_by: datetime | None
    is_paused: bool
    is_mended: bool | None
    note: str
    sent_at: datetime | None
    carrier: str | None
    tracking_number: str | None
    failed_at: datetime | None
    why: str | None
    choices: list[str]
    choose_by: datetime | None
    instead: str | None
    is_silent: bool
    overdue_at: datetime | None
    ended_at: datetime | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class RepairRow(View, frozen=True, kw_only=True):
    """A repair as the queue shows it; `due_at` is the clock that runs, and `waits_for` says whose turn it is."""

    id: str
    return_id: str
    order_id: str
    merchant: str
    state: repairs.RepairState
    journey: returns.Journey
    units: int
    asked_at: datetime
    begun_at: datetime | None
    overdue_at: datetime | None
    due_at: datetime | None
    waits_for: str | None


async def one(tx: Tx, repair_id: int) -> RepairView:
    """A repair as it stands now."""
    found = await repairs.get_one(tx, repair_id)
    held = await returns.get_one(tx, found.return_id)
    lines = (await returns.lines(tx, [held]))[held.id]
    running = await deadlines.of_subjects(tx, [found.id, found.return_id])
    clocks = [clock for some in deadline_views(running).values() for clock in some]
    is_paused = any(clock.kind == repairs.FINISH_BY.name and clock.at is None for clock in running)
    choices = await repairs.options_of(tx, held) if found.state is repairs.RepairState.CHOOSING else ()
    return RepairView(
        id=ref("repair", found.id), return_id=ref("return", found.return_id), order_id=ref("order", found.order_id),
        merchant=ref("merchant", found.merchant_id), state=found.state,
        lines=[
            RepairLineView(line_no=n.line_no, product_id=ref("product", n.product_id), quantity=n.quantity,
                           received=n.received, reason=n.reason)
            for n in lines
        ],
        asked_at=found.asked_at, begun_at=found.begun_at, finish_by=found.finish_by, is_paused=is_paused,
        is_mended=found.is_mended, note=found.note, sent_at=found.sent_at, carrier=found.carrier,
        tracking_number=found.tracking_number, failed_at=found.failed_at, why=found.why, choices=list(choices),
        choose_by=found.choose_by, instead=found.instead, is_silent=found.is_silent, overdue_at=found.overdue_at,
        ended_at=found.ended_at, deadline_at=soonest(clocks), deadlines=clocks,
        available_actions=allowed(tx.actor, repairs.actions(found, is_paused=is_paused), ACTIONS),
    )  # fmt: skip


def row(found: repair_queue.Row) -> RepairRow:
    """A repair of the queue."""
    return RepairRow(
        id=ref("repair", found.id), return_id=ref("return", found.return_id), order_id=ref("order", found.order_id),
        merchant=ref("merchant", found.merchant_id), state=repairs.RepairState(found.state),
        journey=returns.Journey(found.journey), units=found.units, asked_at=found.asked_at, begun_at=found.begun_at,
        overdue_at=found.overdue_at, due_at=found.due_at, waits_for=found.waits_for,
    )  # fmt: skip
