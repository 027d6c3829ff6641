"""Nouns of repairs: goods that stay the buyer's all the while, and what became of them."""

from datetime import datetime
from typing import Literal

import msgspec

from dingdan.areas import policies, returns
from dingdan.areas.repairs.lifecycle import RepairState

NOTE_LENGTH = 2_000
# How long a buyer may choose what they want instead of a repair; silence is the money.
CHOOSE_DAYS = 7
# After so many days without a word somebody asks where goods are that went back to their buyer.
ARRIVE_DAYS = 10
# Where a policy says nothing of repairs, and somebody agreed on one all the same.
LAW = policies.RepairTerms(most_days=30, most_failures=2, then=("exchange", "refund"), rule="")

Instead = Literal["exchange", "refund"]
Vain = Literal["unmended", "lost"]


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """One return of goods that come to be mended.

    `why` says how it came to a choice, or that nothing came; `note` is what the workshop found. `instead` is what the
    buyer chose, or had by silence.
    """

    id: int
    return_id: int
    order_id: int
    merchant_id: int
    state: RepairState
    version: int
    asked_at: datetime
    begun_at: datetime | None = None
    finish_by: datetime | None = None
    sent_at: datetime | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    is_mended: bool | None = None
    note: str = ""
    failed_at: datetime | None = None
    why: str | None = None
    choose_by: datetime | None = None
    instead: str | None = None
    is_silent: bool = False
    overdue_at: datetime | None = None
    ended_at: datetime | None = None


class Held(msgspec.Struct, frozen=True):
    """A repair and its return, which stand still because their order is locked."""

    repair: Repair
    one: returns.Return


class SendBack(msgspec.Struct, frozen=True):
    """Goods on their way to the buyer, mended or as they came; `note` says what was done, or why nothing was."""

    carrier: str
    tracking_number: str
    is_mended: bool = True
    note: str = ""
