"""What each order of the month meets: its own dice, thrown from a seed, so that it is the same whenever it is asked."""

from datetime import datetime

import msgspec

from dingdan.areas.fulfilment import Scan, sandbox_number
from dingdan.areas.transit.carriers.plan import FATE, Dice, Told, plan
from dingdan.areas.transit.model import Asked

# In a thousand orders so many pay like this; the rest at once.
PAYS = (("by_code", 80), ("declined_first", 10), ("too_late", 20), ("never", 30))
# So many of those that were paid, before anything is picked.
SECOND_THOUGHTS = (("cancels", 25), ("moves", 20))
# So many of those that have left, and of those that have arrived.
ON_THE_WAY = (("called_back", 15),)
ARRIVED = (("confirms", 450), ("objects", 15), ("misses_something", 12), ("doubts_receipt", 5))
# So many of those that have arrived and can be given back: honestly, or with nothing, something else, or never a parcel.
GOES_BACK = (("changes_mind", 170), ("finds_fault", 45), ("asks_twice", 10), ("never_sends", 8), ("swaps", 6),
             ("sends_nothing", 4), ("wore_it", 6))  # fmt: skip
# Of parcels that come back.
WAY_BACK = (("lost", 15), ("damaged", 10))
# What the payment provider does wrong, by what it is asked to do.
FAULTS = (
    ("start", "declined"), ("start", "error_before"), ("start", "answer_lost_after_charging"), ("start", "garbage"),
    ("query", "error_before"), ("query", "garbage"), ("void", "error_before"), ("void", "answer_lost_after_charging"),
    ("refund", "declined"), ("refund", "error_before"), ("refund", "answer_lost_after_charging"),
    ("refund", "garbage"), ("query_refund", "error_before"), ("notify", "duplicate"), ("notify", "repeat"),
    ("notify", "jump"), ("notify", "drop"), ("notify", "wrong_signature"), ("notify", "wrong_amount"),
)  # fmt: skip
CARRIERS = (("sandbox", 500), ("sf", 300), ("yto", 200))


class Fate:
    """One order of the month, by its number."""

    def __init__(self, seed: int, number: int) -> None:
        self._dice = Dice(f"{seed}/order {number}")
        self.serial = (seed * 1_000_003 + number) % 10**9

    def of(self, what: str, shares: tuple[tuple[str, int], ...]) -> str:
        """One of these words, or none, in their shares of a thousand."""
        rest = self._dice.up_to(1000, 0, what)
        for word, share in shares:
            if rest < share:
                return word
            rest -= share
        return ""

    def number(self, limit: int, what: str, place: int = 0) -> int:
        """A number from 0 up to, but not including, the limit."""
        return self._dice.up_to(limit, place, what)

    def parcel(self) -> tuple[str, str]:
        """Which carrier brings it, and under which number."""
        carrier = self.of("carrier", CARRIERS)
        if carrier == "sandbox":
            return carrier, sandbox_number(self.serial, FATE)
        return carrier, f"{'SF' if carrier == 'sf' else 'YT'}{self.serial:013d}"


def told(seed: int, carrier: str, number: str, dispatched_at: datetime) -> list[Told]:
    """What a carrier without a connection will say of a parcel, and when: the sandbox's fate in another's name."""
    way = plan(seed, Asked(number, dispatched_at, script=FATE, seed=seed))
    return [Told(msgspec.structs.replace(one.scan, carrier=carrier), one.at, one.times) for one in way]


def mixed(scans: list[Scan], seed: int) -> list[Scan]:
    """The same in an order that has nothing to do with when it happened."""
    dice = Dice(f"{seed}/mixed")
    return sorted(scans, key=lambda one: dice.up_to(2**32, 0, f"{one.tracking_number} {one.event_id}"))
