"""What others may ask about the way back."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Literal

from dingdan.areas import addresses, carriers, catalog, identity, inventory, orders, policies, returns
from dingdan.areas.way_back import store
from dingdan.areas.way_back.model import (
    Candidate,
    Claimable,
    Label,
    NewStray,
    Option,
    PlaceVersion,
    Plan,
    ReturnScan,
    Stray,
)
from dingdan.areas.way_back.refusals import StrayUnknown
from dingdan.areas.way_back.rules.offering import options
from dingdan.kernel import ids
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx

# A phone number says whose a parcel may be only as long as the memory of the order is fresh.
PHONE_REACHES = timedelta(days=180)


async def places_of(tx: Tx, return_ids: Iterable[int]) -> dict[int, list[PlaceVersion]]:
    """Every address that was given for returns, oldest first."""
    found: dict[int, list[PlaceVersion]] = {i: [] for i in return_ids}
    for one in await store.places(tx, found):
        if tx.actor.reaches(one.merchant_id):
            found[one.return_id].append(one)
    return found


async def address_of(tx: Tx, held: returns.Return) -> Address:
    """Where the goods of a return go: the last place that holds, and before any is fixed where its warehouse takes them."""
    fixed = [one for one in (await places_of(tx, [held.id]))[held.id] if one.is_agreed]
    if fixed:
        return fixed[-1].address
    return (await inventory.warehouses(tx, [held.warehouse_id]))[held.warehouse_id].return_address


async def plan(tx: Tx, return_id: int) -> Plan:
    """All that a buyer must know to send goods back. Raises returns.ReturnUnknown."""
    held = await returns.get_one(tx, return_id)
    order = await orders.get_one(tx, held.order_id)
    lines = (await returns.lines(tx, [held]))[return_id]
    sold = {line.line_no: line for line in (await orders.lines(tx, [held.order_id]))[held.order_id]}
    terms = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id].document.sending_back
    known = (await places_of(tx, [return_id]))[return_id]
    insurance = terms.freight_insurance
    packing = {
        rule.code: Text(rule.en, rule.zh)
        for rule in terms.packing for line in lines
        if rule.goods.covers(sold[line.line_no].category, sold[line.line_no].flags)
    }  # fmt: skip
    return Plan(
        return_id=return_id,
        address=await address_of(tx, held),
        proposed=known[-1] if known and known[-1].is_agreed is None else None,
        packing=tuple(packing.items()),
        options=await options_of(tx, held, lines),
        currency=order.currency,
        insured_per_thousand=terms.insured_per_thousand,
        most_declared=most_declared(lines, sold),
        insurance_pays_own=insurance.own_parcel if insurance else 0,
        insurance_pays_pick_up=insurance.pick_up if insurance else 0,
        insurance_premium=insurance.premium if insurance else None,
    )


def most_declared(lines: Sequence[returns.ReturnLine], sold: dict[int, orders.OrderLine]) -> int:
    """What the goods of a return cost the buyer; nobody declares more."""
    return sum(sold[n.line_no].net * n.quantity // sold[n.line_no].quantity for n in lines)


async def options_of(tx: Tx, held: returns.Return, lines: Sequence[returns.ReturnLine]) -> tuple[Option, ...]:
    """The carriers' services that go this way: the lanes to the buyer, the other way round."""
    order = await orders.get_one(tx, held.order_id)
    contact = await identity.contact(tx, order.contact_id)
    if contact is None or contact.address is None:
        return ()
    going = addresses.region_of(contact.address)
    key = carriers.LaneKey(held.merchant_id, going.country, going.code)
    lanes = [
        lane for lane in (await carriers.lanes_for(tx, [key]))[key].lanes
        if lane.warehouse_id in (None, held.warehouse_id)
    ]  # fmt: skip
    rights = await carriers.assignable(tx, {(held.merchant_id, lane.carrier) for lane in lanes})
    able = {code for (_, code), right in rights.items() if isinstance(right, carriers.Assigned)}
    products = await catalog.by_ids(tx, {line.product_id for line in lines})
    weights = [products[n.product_id].weight_grams * n.quantity if n.product_id in products else 0 for n in lines]
    return options(
        lanes, grams=sum(weights) if all(weights) else None, may_carry=able,
        is_sellers=any(line.fault == "seller" for line in lines),
    )  # fmt: skip


async def labels_of(tx: Tx, return_ids: Iterable[int]) -> list[Label]:
    """The labels that were made for returns."""
    return [one for one in await store.labels_of(tx, return_ids) if tx.actor.reaches(one.merchant_id)]


async def claimable(tx: Tx, parcel_ids: Iterable[int]) -> dict[int, Claimable]:
    """Of these parcels on their way back those that went with a label of ours."""
    found = {}
    for row in await store.parcels(tx, parcel_ids):
        made = await store.labels_by_number(tx, [(row["carrier"], row["tracking_number"])])
        if not made or not tx.actor.reaches(row["merchant_id"]):
            continue
        held = await returns.get(tx, row["return_ids"])
        lines = await returns.lines(tx, held.values())
        sold = await orders.lines(tx, {r.order_id for r in held.values()})
        value = sum(most_declared(lines[i], {n.line_no: n for n in sold[r.order_id]}) for i, r in held.items())
        found[row["id"]] = Claimable(row["carrier"], row["sent_at"], value, made[0].declared_value)
    return found


async def label(tx: Tx, label_id: int) -> Label | None:
    """One label."""
    return next((one for one in await store.labels(tx, [label_id]) if tx.actor.reaches(one.merchant_id)), None)


async def scans_of(tx: Tx, parcels: Iterable[returns.ReturnParcel]) -> list[ReturnScan]:
    """What carriers told of parcels on their way back."""
    return await store.scans_of(tx, [parcel.id for parcel in parcels])


async def stray(tx: Tx, stray_id: int) -> Stray:
    """One parcel that nobody announced. Raises StrayUnknown."""
    found = [one for one in await store.strays(tx, [stray_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise StrayUnknown
    return found[0]


async def candidates(tx: Tx, told: NewStray) -> list[Candidate]:
    """Whose a parcel may be, the surest first: by its number, by the order named on it, by the sender's phone."""
    found: dict[tuple[int, int | None], Candidate] = {}
    if told.tracking_number is not None:
        number = carriers.tidy_number(told.tracking_number)
        for r in await returns.in_parcel(tx, number, carrier=told.carrier):
            if r.merchant_id == told.merchant_id:
                found.setdefault((r.order_id, r.id), Candidate("waybill", r.order_id, r.id))
        for one in await store.labels_by_number(tx, [(told.carrier or "", number)]):
            for r in (await returns.get(tx, one.return_ids)).values():
                found.setdefault((r.order_id, r.id), Candidate("waybill", r.order_id, r.id))
        await _add(tx, found, "waybill", await store.orders_by_number(tx, told.merchant_id, number))
    if told.order_ref is not None:
        by_number = ids.decode("order", told.order_ref) or ids.decode("return", told.order_ref)
        named = await returns.get(tx, [by_number]) if by_number is not None else {}
        wanted = [r.order_id for r in named.values()] or ([by_number] if by_number is not None else [])
        wanted += (await orders.by_reference(tx, told.merchant_id, [told.order_ref])).values()
        await _add(tx, found, "order", wanted)
    if told.phone is not None:
        contacts = await identity.contacts_by_phone(tx, told.merchant_id, told.phone)
        await _add(tx, found, "phone", await store.orders_of_contacts(tx, contacts, tx.now - PHONE_REACHES))
    return list(found.values())


async def _add(
    tx: Tx,
    found: dict[tuple[int, int | None], Candidate],
    by: Literal["waybill", "order", "phone"],
    order_ids: Iterable[int],
) -> None:
    """Orders with those of their returns whose goods may still come; an order without any stands for itself."""
    known = await orders.get(tx, set(order_ids))
    waiting: dict[int, list[int]] = {order_id: [] for order_id in known}
    for r in await returns.of_orders(tx, known):
        if "receive" in returns.actions(r):
            waiting[r.order_id].append(r.id)
    for order_id, return_ids in waiting.items():
        none: list[int | None] = [None]
        for return_id in return_ids or none:
            found.setdefault((order_id, return_id), Candidate(by, order_id, return_id))
