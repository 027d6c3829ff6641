"""archive: orders that are over, whole and unchangeable: chained, sealed, found at once, kept for years and then erased."""

from dingdan.areas.archive.erasing import erase
from dingdan.areas.archive.events import (
    ArchiveFailed,
    ArchiveSupplemented,
    HoldLifted,
    HoldSet,
    OrderKept,
    OrderPutAway,
    PeopleErased,
)
from dingdan.areas.archive.holding import hold, lift_hold
from dingdan.areas.archive.keeping import keep, mind
from dingdan.areas.archive.model import (
    Bundle,
    BundleKind,
    Collected,
    Facts,
    Failure,
    Hold,
    Kept,
    Opened,
    People,
    Verdict,
)
from dingdan.areas.archive.promises import ERASE, KEEP, PUT_AWAY
from dingdan.areas.archive.putting_away import put_away
from dingdan.areas.archive.reading import chains, contact, failures, kept, listed, open_one, verify
from dingdan.areas.archive.refilling import refill, refill_remedied
from dingdan.areas.archive.refusals import AlreadyErased, HoldOpen, NoHold, NotKept
from dingdan.areas.archive.rules.case_file import PARTS, case_file
from dingdan.areas.archive.rules.packing import BEGINNING

__all__ = [
    "BEGINNING", "ERASE", "KEEP", "PARTS", "PUT_AWAY", "AlreadyErased", "ArchiveFailed", "ArchiveSupplemented", "Bundle",
    "BundleKind", "Collected", "Facts", "Failure", "Hold", "HoldLifted", "HoldOpen", "HoldSet", "Kept", "NoHold",
    "NotKept", "Opened", "OrderKept", "OrderPutAway", "People", "PeopleErased", "Verdict", "case_file", "chains",
    "contact",
    "erase", "failures", "hold", "keep", "kept", "lift_hold", "listed", "mind", "open_one", "put_away", "refill",
    "refill_remedied", "verify",
]  # fmt: skip
