"""What happens to a parcel of the sandbox carrier: a script by a letter, or fate by a seed; the same each time it is asked."""

import hashlib
import re
from datetime import datetime, timedelta

import msgspec

from dingdan.areas.fulfilment import Scan
from dingdan.areas.transit.model import Asked

CODE = "sandbox"
Stop = tuple[float, str, str]

# Hours after dispatch, code and place of every event, by the letter of the script.
_NORMAL: tuple[Stop, ...] = ((2, "picked_up", "Hangzhou"), (14, "in_transit", "Jiaxing"),
                             (26, "out_for_delivery", "Shanghai"), (30, "delivered", "Shanghai"))  # fmt: skip
SCRIPTS: dict[str, tuple[Stop, ...]] = {
    "N": _NORMAL,
    # The same, but each time it is asked the events come the other way round, each of them twice.
    "O": _NORMAL,
    "D": (*_NORMAL[:2], (60, "delayed", "Jiaxing"), (110, "out_for_delivery", "Shanghai"),
          (114, "delivered", "Shanghai")),
    "L": (*_NORMAL[:2], (96, "lost", "Jiaxing")),
    "B": (*_NORMAL[:2], (20, "damaged", "Jiaxing")),
    "R": (*_NORMAL[:3], (29, "turned_away", "Shanghai"), (40, "returning", "Shanghai"), (70, "returned", "Hangzhou")),
    "A": (*_NORMAL[:3], (28, "address_problem", "Shanghai"), (52, "out_for_delivery", "Shanghai"),
          (55, "delivered", "Shanghai")),
    # Left at a locker: received only when somebody takes it out.
    "K": (*_NORMAL[:3], (31, "awaiting_collection", "Shanghai"), (49, "delivered", "Shanghai")),
    # Left at a locker because the recipient wished it.
    "C": (*_NORMAL[:3], (31, "left_as_agreed", "Shanghai")),
    # Somebody named by the recipient signs.
    "G": (*_NORMAL[:3], (30, "agent_signed", "Shanghai")),
    # Goes missing for the carrier's computers: nobody hears of it again.
    "S": _NORMAL[:1],
    # Silent for longer than is normal, then seen again.
    "P": (*_NORMAL[:2], (100, "in_transit", "Shanghai"), (120, "out_for_delivery", "Shanghai"),
          (124, "delivered", "Shanghai")),
    # Never handed over at all.
    "U": (),
    # The carrier does not answer when it is asked.
    "X": _NORMAL,
    # The carrier brings nothing back.
    "V": _NORMAL,
}  # fmt: skip
# Fate: the letter of a number whose parcel may meet any of these, so many in a thousand; the rest goes as it should.
FATE = "Z"
FATES = (("L", 10), ("S", 10), ("B", 10), ("R", 15), ("U", 5), ("P", 30), ("D", 40), ("A", 10), ("K", 40), ("C", 30),
         ("G", 50))  # fmt: skip
LETTERS = (*SCRIPTS, FATE)

_ARRIVED = frozenset({"delivered", "agent_signed", "left_as_agreed"})


class Told(msgspec.Struct, frozen=True):
    """An event, when the carrier tells it, and how often it says so."""

    scan: Scan
    at: datetime
    times: int = 1


def script_of(parcel: Asked) -> str:
    """The script that a parcel plays: what was ordered, else its number's third letter; others play the normal one."""
    letter = parcel.script or parcel.tracking_number[2:3]
    is_ours = parcel.script is not None or re.fullmatch(r"SB[A-Z]\d{10}", parcel.tracking_number)
    return letter if is_ours and letter in LETTERS else "N"


def plan(seed: int, parcel: Asked) -> list[Told]:
    """Everything that will happen to a parcel and when it is told, by its script, its number and a seed.

    With fate most events are told at once, some hours or days late and so after later ones, and some twice.
    """
    script = script_of(parcel)
    dice = Dice(f"{seed}/{parcel.tracking_number}")
    letter = _fate(dice) if script == FATE else script
    told = []
    for n, (hours, code, place) in enumerate(SCRIPTS[letter], start=1):
        stretch = 1 + dice.up_to(600, n, "way") / 1000 if script == FATE else 1
        at = parcel.dispatched_at + timedelta(hours=hours * stretch)
        scan = Scan(CODE, parcel.tracking_number, f"{n}", code, at, place)
        told.append(Told(scan, at + _lateness(dice, n), 2 if dice.up_to(10, n, "twice") == 0 else 1)
                    if script == FATE else Told(scan, at))  # fmt: skip
    return _in_order(told)


def brought_back(told: list[Told], parcel: Asked) -> list[Told]:
    """The same for a parcel that was called back: nothing more of the old way, then back to the sender."""
    if parcel.brought_back_at is None:
        return told
    since = parcel.brought_back_at
    kept = [one for one in told if one.scan.at <= since]
    back = ((2, "returning", "b1"), (26, "returned", "b2"))
    moments = [(since + timedelta(hours=hours), code, name) for hours, code, name in back]
    return kept + [Told(Scan(CODE, parcel.tracking_number, name, code, at, ""), at) for at, code, name in moments]


def comes_back(seed: int, parcel: Asked, *, now: datetime) -> str:
    """Why a parcel cannot be brought back at this moment; empty where it can."""
    seen = {one.scan.code for one in plan(seed, parcel) if one.scan.at <= now}
    if seen & _ARRIVED:
        return "delivered"
    if "lost" in seen:
        return "lost"
    is_no = script_of(parcel) == FATE and Dice(f"{seed}/{parcel.tracking_number}").up_to(6, 0, "back") == 0
    return "declined" if script_of(parcel) == "V" or is_no else ""


class Dice:
    """Numbers that look like chance and are always the same for the same words."""

    def __init__(self, words: str) -> None:
        self._words = words

    def up_to(self, limit: int, number: int, what: str) -> int:
        """A number from 0 up to, but not including, the limit."""
        digest = hashlib.blake2b(f"{self._words}/{number}/{what}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % limit


def _fate(dice: Dice) -> str:
    rest = dice.up_to(1000, 0, "fate")
    for letter, share in FATES:
        if rest < share:
            return letter
        rest -= share
    return "N"


def _lateness(dice: Dice, number: int) -> timedelta:
    kind = dice.up_to(20, number, "late")
    hours = 48 if kind == 0 else 12 if kind < 6 else 0
    return timedelta(minutes=dice.up_to(60 * hours, number, "how late")) if hours else timedelta(0)


def _in_order(told: list[Told]) -> list[Told]:
    """Stretched by chance, a way still has its stops in their order."""
    ordered: list[Told] = []
    for one in told:
        before = ordered[-1].scan.at if ordered else None
        if before is not None and one.scan.at <= before:
            at = before + timedelta(minutes=5)
            moved = msgspec.structs.replace(one.scan, at=at)
            one = Told(moved, max(one.at, at), one.times)
        ordered.append(one)
    return ordered
