"""Faults to order: what the sandbox provider should do wrong next, and the limits it should keep."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec

from dingdan.areas.payments.model import Limits
from dingdan.areas.payments.providers.sandbox import store
from dingdan.plumbing.database import Database


class Fault(StrEnum):
    """What can be ordered. The first six are for calls, the others for notifications."""

    DECLINED = "declined"
    """The charge or refund is refused (calls: start, refund)."""
    ERROR_BEFORE = "error_before"
    """An error before anything was done."""
    ANSWER_LOST = "answer_lost_after_charging"
    """It is done, and the answer never arrives."""
    GARBAGE = "garbage"
    """It is done, and the answer cannot be read."""
    SLOW = "slow"
    """It is done, and the answer takes `seconds`; too many are no answer."""
    ANOTHER_AMOUNT = "another_amount"
    """One minor unit less comes in than was asked for (calls: start; method instant)."""

    DUPLICATE = "duplicate"
    """The same event is sent twice."""
    REPEAT = "repeat"
    """The same news is sent as three events."""
    DELAY = "delay"
    """It is sent `seconds` late."""
    JUMP = "jump"
    """It is sent before everything that waits."""
    DROP = "drop"
    """It is never sent."""
    WRONG_SIGNATURE = "wrong_signature"
    """Its signature does not fit."""
    WRONG_AMOUNT = "wrong_amount"
    """It names one minor unit more than came in."""


OPERATIONS = ("start", "query", "void", "refund", "query_refund", "notify")


class Drawn(msgspec.Struct, frozen=True):
    """A fault that strikes now."""

    kind: Fault
    seconds: float


async def order_fault(
    db: Database, operation: str, kind: Fault | str, *, number: int | None = None, times: int = 1, seconds: float = 0.0
) -> None:
    """Let the next `times` of an operation go wrong; on one of our numbers only, if one is named."""
    if operation not in OPERATIONS:
        raise ValueError(f"the sandbox has no operation {operation}; it has {', '.join(OPERATIONS)}")
    async with store.books(db) as connection:
        await store.add_fault(connection, operation, str(Fault(kind)), number=number, times=times, seconds=seconds)


async def mend(db: Database, operation: str | None = None) -> None:
    """Forget every fault that was ordered, or those of one operation."""
    async with store.books(db) as connection:
        await store.forget_faults(connection, operation)


async def allow(db: Database, limits: Limits) -> None:
    """Tell the sandbox which limits its channel has."""
    async with store.books(db) as connection:
        await store.set_limits(connection, limits)


async def draw(connection: Any, operation: str, numbers: Sequence[int]) -> dict[int, Drawn]:
    """Which of these numbers a fault strikes now; each ordered fault is used up as it strikes."""
    drawn: dict[int, Drawn] = {}
    used: dict[int, int] = {}
    for row in await store.waiting_faults(connection, operation, list(numbers)):
        hit = [n for n in numbers if n not in drawn and row["number"] in (None, n)][: row["remaining"]]
        drawn |= dict.fromkeys(hit, Drawn(Fault(row["kind"]), row["seconds"]))
        used[row["id"]] = len(hit)
    if used:
        await store.use_up(connection, used)
    return drawn
