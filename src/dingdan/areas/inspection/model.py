"""Nouns of looking at goods that came back: what was found, by whom, and the pictures that prove it."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from dingdan.areas.inventory import Disposition

Grade = Literal["A", "B", "C", "D"]
Fault = Literal["buyer", "seller", "none"]

MAX_PICTURES = 40


class LookKind(StrEnum):
    """Which look it was: the first of two, the second, or one that ended with a question for a laboratory."""

    FIRST = "first"
    SECOND = "second"
    LAB = "lab"


class Missing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that belongs to the goods and did not come: what, and the value that was declared for it (R3.6).

    Without its accessories a thing is not complete. A gift is deducted, and its return is never refused for it.
    """

    what: Literal["accessory", "manual", "gift", "invoice"]
    name: str
    value: int = 0


class InspectedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was found on some units of a line.

    `intact` is the legal question and decides the money; `grade` is the commercial one and decides the shelf. What
    the buyer rightly complained of does not make goods less intact. With `checks` (code: yes or no) the recipe of these
    goods says both, and whoever says otherwise is contradicted. `grams` is what these units weigh together, `fault` whose
    fault it turned out to be.
    """

    line_no: int
    quantity: int
    is_original: bool | None
    intact: bool | None
    grade: Grade
    disposition: Disposition
    note: str = ""
    checks: dict[str, bool] | None = None
    serials: tuple[str, ...] = ()
    grams: int | None = None
    missing: tuple[Missing, ...] = ()
    fault: Fault | None = None
    tags: tuple[str, ...] = ()
    # Broken on the way back, where that was our risk.
    is_from_transit: bool = False
    # Whether they could have come back without the fault that they turned out not to have.
    is_due: bool = True
    # What these units lost by being used more than it takes to look at them, where the policy lets that count.
    lost: int = 0


class PackedOut(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a line from the packing table: the numbers of its pieces, and the grams of one unit."""

    sku: str
    serials: frozenset[str] = frozenset()
    grams: int = 0


class Assessed(msgspec.Struct, frozen=True):
    """An entry with what its checks came to, and what differs from what was packed."""

    line: InspectedLine
    deviations: tuple[str, ...] = ()


class NewLook(msgspec.Struct, frozen=True, kw_only=True):
    """A look that does not decide yet, or that decides as the second one."""

    merchant_id: int
    order_id: int
    return_id: int
    kind: LookKind
    findings: tuple[InspectedLine, ...]
    reasons: tuple[str, ...] = ()
    first: "Look | None" = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look at the goods of a return, as it is kept; `taken_by` 0 is the system itself."""

    id: int
    merchant_id: int
    order_id: int
    return_id: int
    kind: LookKind
    findings: list[InspectedLine]
    reasons: list[str]
    at: datetime
    taken_by_kind: str
    taken_by: int
    first_id: int | None
    agrees: bool | None


class Drawn(msgspec.Struct, frozen=True):
    """The file of a picture, by its SHA-256."""

    sha256: str
    size: int
    width: int
    height: int


class NewPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of unpacking or of something that is not as it should be; the file lies under its SHA-256."""

    merchant_id: int
    order_id: int
    return_id: int
    line_no: int
    shows: str
    sha256: str
    size: int
    width: int
    height: int


class InspectionPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it is kept."""

    id: int
    merchant_id: int
    order_id: int
    return_id: int
    line_no: int
    shows: str
    sha256: str
    size: int
    width: int
    height: int
    taken_by_kind: str
    taken_by: int | None
    at: datetime
