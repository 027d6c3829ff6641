"""Carriers and lanes: who carries from where to where, and what would be promised because of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, structs

from dingdan.areas import addresses, carriers
from dingdan.kernel.address import Address
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import lanes, rows, scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.wire import (
    DeadlineView,
    Input,
    Line,
    List,
    MerchantRef,
    Moment,
    MoneyInput,
    OfMerchant,
    Page,
    PageQuery,
    Short,
    Translations,
    View,
    Word,
    allowed,
    deadline_views,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

Service = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
Served = Annotated[str, Meta(pattern="^[A-Z]{2}(-[A-Z0-9]{1,6})?$", examples=["CN", "CN-3301"])]


# What can be done with a carrier by how its contract stands.
VERBS = {
    carriers.Contract.ACTIVE: ["suspend", "evaluate", "grade"],
    carriers.Contract.WARNED: ["suspend", "restore", "evaluate", "grade"],
    carriers.Contract.SUSPENDED: ["restore", "evaluate", "grade"],
}
ACTIONS = dict.fromkeys(("suspend", "restore", "evaluate", "grade"), "carrier.decide")


class LicenceInput(Input, frozen=True, kw_only=True):
    """A licence to carry for others: whole days of a zone, the last one included."""

    number: Word
    issuer: Line
    valid_from: date
    valid_until: date
    zone: Word = "Asia/Shanghai"


class ContactInput(Input, frozen=True, kw_only=True):
    """Whom staff call at a carrier; never shown to buyers."""

    name: Short = ""
    phone: Short = ""
    email: Short = ""


class CarrierInput(Input, frozen=True, kw_only=True):
    """A carrier as it shall be. `regions` are all that it serves; none means everywhere.

    `licences` are added, or changed where their number is known; those that are not named stay.
    """

    merchant: MerchantRef | None = None
    name: Translations
    services: Annotated[tuple[Service, ...], Meta(min_length=1, max_length=20)] = ("standard",)
    regions: Annotated[tuple[Served, ...], Meta(max_length=500)] = ()
    active: bool = True
    contact: ContactInput | None = None
    auto_suspend: Annotated[bool, Meta(description="Whether an E suspends it without anybody confirming.")] = False
    licences: Annotated[tuple[LicenceInput, ...], Meta(max_length=20)] = ()


class LicenceView(View, frozen=True, kw_only=True):
    """A licence as it was entered."""

    number: str
    issuer: str
    valid_from: date
    valid_until: date
    zone: str


class ContactView(View, frozen=True, kw_only=True):
    """Whom staff call at a carrier."""

    name: str
    phone: str
    email: str


class CarrierView(View, frozen=True, kw_only=True):
    """A carrier; `merchant` is null for one that the platform registered for everybody.

    `why_not_assignable` is the code of what keeps parcels from it now. The contact is for those who may change carriers.
    """

    id: str
    merchant: str | None
    code: str
    name: dict[str, str]
    services: tuple[str, ...]
    regions: tuple[str, ...]
    active: bool
    state: carriers.Contract
    auto_suspend: bool
    contact: ContactView | None
    licences: list[LicenceView]
    licensed_until: datetime | None
    why_not_assignable: str | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class LaneInput(lanes.LaneFields, frozen=True, kw_only=True):
    """A lane as it shall be; with `deliverable` false one that this carrier's service does not go."""

    surcharge: MoneyInput | None = None


class LaneView(View, frozen=True, kw_only=True):
    """A lane; `merchant` is null for one of the platform's, which hold for everybody."""

    id: str
    merchant: str | None
    code: str
    carrier: str
    service: str
    warehouse: str | None
    country: str
    region: str
    region_name: str
    deliverable: bool
    cut_off: str
    handling_days: int
    days_min: int
    days_max: int
    days: carriers.Days
    surcharge: Money | None
    priority: int
    active: bool
    cost: int | None
    max_grams: int | None


class Destination(Input, frozen=True, kw_only=True):
    """The places of an address; nobody need be named to ask when it would arrive."""

    country: Short
    province: Short = ""
    city: Short = ""
    district: Short = ""


class PromiseInput(Input, frozen=True, kw_only=True):
    """What a promise is asked for; `not_before` is a presale's day of dispatch, `paid_at` is now unless it is said."""

    merchant: MerchantRef | None = None
    warehouse: Word
    ship_to: Destination
    service: Word | None = None
    not_before: date | None = None
    paid_at: Moment | None = None


class AlternativeView(View, frozen=True, kw_only=True):
    """Another way to the same door."""

    kind: Literal["service", "warehouse"]
    service: str
    carrier: str
    warehouse: str | None


class PromiseView(View, frozen=True, kw_only=True):
    """When goods would leave and arrive, with all that it was computed from; or why nothing goes there."""

    deliverable: bool
    region: addresses.Region
    ship_by: datetime | None = None
    arrive_from: datetime | None = None
    arrive_by: datetime | None = None
    carrier: str | None = None
    service: str | None = None
    surcharge: Money | None = None
    basis: dict[str, Any] | None = None
    why: str | None = None
    alternatives: tuple[AlternativeView, ...] = ()


class LaneQuery(PageQuery, frozen=True, kw_only=True):
    """Whose lanes."""

    merchant: MerchantRef | None = None


@put("/v1/carriers/{code}", permission="carrier.write")
async def save(tx: Tx, code: Word, body: CarrierInput) -> CarrierView:
    """Register a carrier, or change the one with this code. A platform key that names no merchant does so for all."""
    owner = await scope.merchant_filter(tx, body.merchant, "merchant")
    fields = {name: getattr(body, name) for name in ("name", "services", "regions", "active", "auto_suspend")}
    contact = None if body.contact is None else carriers.Contact(**structs.asdict(body.contact))
    licences = tuple(carriers.Licence(**structs.asdict(one)) for one in body.licences)
    wanted = carriers.SaveCarrier(merchant_id=owner, code=code, contact=contact, licences=licences, **fields)
    with rows.one_of_a_set():
        await carriers.save_carriers(tx, [wanted])
    return await carrier_view(tx, await carrier_meant(tx, owner, code))


@get("/v1/carriers", permission="carrier.read")
async def listed(tx: Tx, query: OfMerchant) -> List[CarrierView]:
    """The carriers that a merchant can use, its own and the platform's."""
    owner = await scope.merchant_filter(tx, query.merchant)
    return List(items=await _carriers(tx, await carriers.carriers_of(tx, owner)))


@get("/v1/carriers/{code}", permission="carrier.read")
async def show(tx: Tx, code: Word, query: OfMerchant) -> CarrierView:
    """One carrier: the merchant's own, else the platform's of this code."""
    return await carrier_view(tx, await carrier_meant(tx, await scope.merchant_filter(tx, query.merchant), code))


@put("/v1/lanes/{code}", permission="carrier.write")
async def save_lane(tx: Tx, code: Word, body: LaneInput) -> LaneView:
    """Add a lane, or change the one with this code. A platform key that names no merchant does so for all."""
    owner = await scope.merchant_filter(tx, body.merchant, "merchant")
    amount = (body.surcharge.amount, body.surcharge.currency) if body.surcharge else (0, None)
    (wish,) = await lanes.wishes(tx, [(owner, code, body, *amount)])
    if isinstance(wish, Refusal):
        raise wish
    with rows.one_of_a_set():
        await carriers.save_lanes(tx, [wish])
    found = await carriers.lanes_by_code(tx, [(owner, code)])
    return (await _lanes(tx, [found[owner, code]]))[0]


@get("/v1/lanes", permission="carrier.read")
async def lanes_listed(tx: Tx, query: LaneQuery) -> Page[LaneView]:
    """The lanes that hold for a merchant, its own and the platform's, oldest first."""
    owner = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    found = await carriers.lanes_of(tx, owner, asked.with_one_more)
    views = {lane.id: view for lane, view in zip(found, await _lanes(tx, found), strict=True)}
    return page_of(asked, found, lambda lane: views[lane.id])


@get("/v1/lanes/{code}", permission="carrier.read")
async def lane_shown(tx: Tx, code: Word, query: OfMerchant) -> LaneView:
    """One of a merchant's own lanes; without a merchant, of the platform's."""
    owner = await scope.merchant_filter(tx, query.merchant)
    found = await carriers.lanes_by_code(tx, [(owner, code)])
    if not found:
        raise carriers.LaneUnknown("path.code", code=code)
    return (await _lanes(tx, list(found.values())))[0]


@post("/v1/lanes/preview", permission="carrier.read", why_unkeyed="it changes nothing", reads=True)
async def preview(tx: Tx, body: PromiseInput) -> PromiseView:
    """What would be promised to an address from a warehouse: the very rule that quotes and orders go by."""
    merchant = await scope.merchant_meant(tx, body.merchant)
    place = await scope.warehouse_meant(tx, body.merchant, body.warehouse)
    region = addresses.region_of(Address(name="", phone="", detail="", **structs.asdict(body.ship_to)))
    key = carriers.LaneKey(merchant.id, region.country, region.code)
    said = merchant.settings
    ask = carriers.Ask(
        warehouse_id=place.id, zone=place.zone, country=addresses.region_of(place.return_address).country,
        service=body.service, not_before=body.not_before, ship_within_hours=said.ship_within_hours,
        transit_days=(said.transit_days_min, said.transit_days_max),
    )  # fmt: skip
    made = carriers.promise((await carriers.lanes_for(tx, [key]))[key], ask, body.paid_at or tx.now)
    return await _promise(tx, region, made)


async def _promise(tx: Tx, region: addresses.Region, made: carriers.Promise | carriers.NotDeliverable) -> PromiseView:
    if isinstance(made, carriers.NotDeliverable):
        codes = await scope.warehouse_codes(tx, [other.warehouse_id for other in made.alternatives])
        return PromiseView(deliverable=False, region=region, why=made.why, alternatives=tuple(
            AlternativeView(kind=other.kind, service=other.service, carrier=other.carrier,
                            warehouse=codes.get(other.warehouse_id))
            for other in made.alternatives
        ))  # fmt: skip
    return PromiseView(
        deliverable=True, region=region, ship_by=made.ship_by, arrive_from=made.arrive_from, arrive_by=made.arrive_by,
        carrier=made.carrier, service=made.service, surcharge=_money(made.surcharge, made.currency), basis=made.basis,
    )  # fmt: skip


async def carrier_meant(tx: Tx, owner: int | None, code: str) -> carriers.Carrier:
    """A merchant's own carrier of a code, else the platform's. Raises CarrierUnknown."""
    found = await carriers.carriers_by_code(tx, [(owner, code)])
    if not found:
        raise carriers.CarrierUnknown("path.code", code=code)
    return found[owner, code]


async def carrier_view(tx: Tx, one: carriers.Carrier) -> CarrierView:
    """A carrier with its licences and what may be done with it."""
    return (await _carriers(tx, [one]))[0]


async def _carriers(tx: Tx, found: Sequence[carriers.Carrier]) -> list[CarrierView]:
    licences = await carriers.licences_of(tx, [one.id for one in found])
    clocks = deadline_views(await deadlines.of_subjects(tx, [one.id for one in found]))
    return [_carrier(tx, one, licences[one.id], clocks.get(one.id, [])) for one in found]


def _carrier(
    tx: Tx, one: carriers.Carrier, licences: Sequence[carriers.Licence], clocks: list[DeadlineView]
) -> CarrierView:
    right = carriers.assignment(one.code, one, licences, tx.now)
    is_ours = tx.actor.merchant_id is None or tx.actor.merchant_id == one.merchant_id
    shown = one.contact if is_ours and tx.actor.may("carrier.write") else None
    return CarrierView(
        id=ref("carrier", one.id), merchant=ref_or_none("merchant", one.merchant_id), code=one.code, name=one.name,
        services=one.services, regions=one.regions, active=one.active, state=one.state, auto_suspend=one.auto_suspend,
        contact=None if shown is None else ContactView(**structs.asdict(shown)),
        licences=[LicenceView(**structs.asdict(licence)) for licence in licences],
        licensed_until=carriers.covered_until(licences, tx.now),
        why_not_assignable=right.code if isinstance(right, Refusal) else None, deadlines=clocks,
        available_actions=allowed(tx.actor, VERBS[one.state], ACTIONS) if is_ours else [],
    )  # fmt: skip


async def _lanes(tx: Tx, found: Sequence[carriers.Lane]) -> list[LaneView]:
    codes = await scope.warehouse_codes(tx, [one.warehouse_id for one in found])
    return [_lane(one, codes.get(one.warehouse_id)) for one in found]


def _lane(one: carriers.Lane, warehouse: str | None) -> LaneView:
    return LaneView(
        id=ref("lane", one.id), merchant=ref_or_none("merchant", one.merchant_id), code=one.code, carrier=one.carrier,
        service=one.service, warehouse=warehouse, country=one.country, region=one.region,
        region_name=addresses.name_of(addresses.Region(one.country, one.region)) or "", deliverable=one.deliverable,
        cut_off=lanes.clock_time(one.cut_off), handling_days=one.handling_days, days_min=one.days_min,
        days_max=one.days_max, days=one.days, surcharge=_money(one.surcharge, one.currency), priority=one.priority,
        active=one.active, cost=one.cost, max_grams=one.max_grams,
    )  # fmt: skip


def _money(amount: int, currency: str | None) -> Money | None:
    return None if currency is None else Money(amount, currency)


ROUTES = [save, listed, show, preview, save_lane, lanes_listed, lane_shown]
