"""What splitting an order hangs on, and what it comes to."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from dingdan.areas import carriers, fulfilment, inventory, merchants, orders
from dingdan.kernel.refusal import Refusal

# Units by line number.
Units = Mapping[int, int]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An order with all that splitting it hangs on.

    `parts` are what is kept of each line. `together` are the warehouses that keep what was agreed to travel in one parcel
    with it; `service` is how it travels.
    """

    order: orders.Order
    lines: tuple[orders.OrderLine, ...]
    parts: dict[int, list[inventory.Part]]
    works: tuple[fulfilment.Work, ...]
    channel: inventory.Channel
    settings: merchants.MerchantSettings
    lanes: carriers.Lanes
    service: str | None = None
    together: frozenset[int] = frozenset()


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """By when units would leave and arrive from another warehouse, where that is later than what the buyer was promised

    and than from where they are kept; the promise itself stays as it was bought.
    """

    ship_by: datetime
    arrive_by: datetime
    promised_ship_by: datetime | None
    promised_arrive_by: datetime | None


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """What a split comes to: of each line {line number: {warehouse: units}} how many leave which warehouse for another.

    `parcels` is from how many warehouses the order is sent then.
    """

    order_id: int
    warehouse_id: int
    taken: dict[int, dict[int, int]]
    parcels: int
    is_late: Outlook | None = None

    @property
    def units(self) -> dict[int, int]:
        """How many units of each line move."""
        return {line_no: sum(places.values()) for line_no, places in self.taken.items()}


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A warehouse of the merchant: how many units of each line are free there beside what it keeps of them, and all that

    stands against sending anything of the order from there.
    """

    warehouse: inventory.Warehouse
    free: dict[int, int]
    why_not: tuple[Refusal, ...] = ()
    # What could be promised from there to somebody who paid now.
    promise: carriers.Promise | None = None


class Held(msgspec.Struct, frozen=True):
    """Units of a line that a warehouse keeps, and whether somebody has them in hand."""

    warehouse_id: int
    units: int
    is_in_hand: bool
