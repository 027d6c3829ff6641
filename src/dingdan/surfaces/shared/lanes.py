"""Lanes as requests and rows of files write them, with the codes of carriers and warehouses looked up in sets."""

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import addresses, carriers, inventory
from dingdan.kernel.money import MAX_AMOUNT
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.import_rows import Minor, OwnedRow
from dingdan.surfaces.shared.wire import Currency, Word

Country = Annotated[
    str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1; HK, MO and TW are countries of their own.")
]
RegionCode = Annotated[
    str, Meta(pattern="^[A-Z0-9]{0,6}$", description="The beginning of a region's code: 33, 3301, 330106; NY.")
]
ClockTime = Annotated[str, Meta(max_length=5, pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", examples=["16:00"])]
DayCount = Annotated[int, Meta(ge=0, le=120)]
Rank = Annotated[int, Meta(ge=0, le=1000)]
Cost = Annotated[int, Meta(ge=0, le=MAX_AMOUNT, description="What the carrier charges us, in minor units.")]
Grams = Annotated[int, Meta(ge=1, le=100_000_000)]

WISHED = (
    "service",
    "country",
    "region",
    "deliverable",
    "handling_days",
    "days_min",
    "days_max",
    "days",
    "priority",
    "active",
    "cost",
    "max_grams",
)


class LaneFields(OwnedRow, frozen=True, kw_only=True):
    """What a lane says. Without a warehouse it leaves from any; orders before the cut-off leave on the same day."""

    carrier: Word
    service: Word = "standard"
    warehouse: Word | None = None
    country: Country
    region: RegionCode = ""
    deliverable: bool = True
    cut_off: ClockTime = "16:00"
    handling_days: DayCount = 0
    days_min: DayCount = 1
    days_max: DayCount = 3
    days: carriers.Days = "every_day"
    priority: Rank = 100
    active: bool = True
    cost: Cost | None = None
    max_grams: Grams | None = None


class LaneRow(LaneFields, frozen=True, kw_only=True):
    """A lane; its surcharge is in minor units of `currency`."""

    code: Word
    surcharge: Minor = 0
    currency: Currency | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Merchant and code."""
        return self.merchant, self.code


# Whose, under which code, what it says, and its surcharge in minor units of a currency.
Said = tuple[int | None, str, LaneFields, int, str | None]


async def wishes(tx: Tx, said: Sequence[Said]) -> list[carriers.SaveLane | Refusal]:
    """Each lane as the area knows it, or why there is no such carrier, warehouse or region."""
    known = await carriers.carriers_by_code(tx, list({(owner, row.carrier): None for owner, _, row, _, _ in said}))
    wanted = {(owner, row.warehouse) for owner, _, row, _, _ in said if owner is not None and row.warehouse is not None}
    places = await inventory.warehouses_by_code(tx, sorted(wanted))
    return [_wish(one, known.get((one[0], one[2].carrier)), places) for one in said]


def _wish(
    said: Said, carrier: carriers.Carrier | None, places: dict[tuple[int, str], inventory.Warehouse]
) -> carriers.SaveLane | Refusal:
    owner, code, row, surcharge, currency = said
    if carrier is None:
        return carriers.CarrierUnknown("carrier", code=row.carrier)
    place = None
    if row.warehouse is not None:
        place = places.get((owner, row.warehouse)) if owner is not None else None
        if place is None:
            return inventory.WarehouseUnknown("warehouse", code=row.warehouse)
    if addresses.name_of(addresses.Region(row.country, row.region)) is None:
        return carriers.RegionUnknown("region", country=row.country, region=row.region)
    fields: dict[str, Any] = {name: getattr(row, name) for name in WISHED}
    return carriers.SaveLane(
        merchant_id=owner, code=code, carrier_id=carrier.id, warehouse_id=place.id if place else None,
        cut_off=minutes(row.cut_off), surcharge=surcharge, currency=currency, **fields,
    )  # fmt: skip


def minutes(clock: str) -> int:
    """A time of day as minutes since midnight."""
    return int(clock[:2]) * 60 + int(clock[3:])


def clock_time(number: int) -> str:
    """The other way round."""
    return f"{number // 60:02}:{number % 60:02}"
