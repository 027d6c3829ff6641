"""Which carrier a work's parcel is best given to: the lanes to its buyer, rights and grades of carriers, the promise."""

from dingdan.areas import addresses, carriers, inventory
from dingdan.kernel.address import Address
from dingdan.plumbing.tx import Tx

# The places of the buyer and not the person; the weight of what this warehouse gives, where every product has one.
_WORK = """
SELECT w.merchant_id, w.warehouse_id, k.country, k.province, k.city, l.arrive_by, g.grams,
    o.promise ->> 'service' AS service, o.promise ->> 'region' AS region
FROM work_orders w JOIN orders o ON o.id = w.order_id JOIN contacts k ON k.id = o.contact_id
CROSS JOIN LATERAL (SELECT max(arrive_by) AS arrive_by FROM order_lines WHERE order_id = w.order_id) l
CROSS JOIN LATERAL (
    SELECT CASE WHEN bool_and(p.weight_grams > 0) THEN sum(p.weight_grams * r.quantity) END AS grams
    FROM reservations r JOIN products p ON p.id = r.product_id
    WHERE r.order_id = w.order_id AND r.warehouse_id = w.warehouse_id
) g WHERE w.id = $1
"""


async def of_work(tx: Tx, work_id: int, *, grams: int | None = None) -> list[carriers.Option]:
    """Every carrier's service that touches the way of a work, the suggested one first; none where nobody keeps lanes."""
    row = await tx.fetchrow(_WORK, work_id)
    going = addresses.region_of(
        Address(name="", phone="", country=row["country"], province=row["province"], city=row["city"], detail="")
    )
    # The promise knows the district, which is not kept in the open; unless the address was changed since.
    region = row["region"] if (row["region"] or "").startswith(going.code) else going.code
    key = carriers.LaneKey(row["merchant_id"], going.country, region)
    found = (await carriers.lanes_for(tx, [key], all_carriers=True))[key]
    place = (await inventory.warehouses(tx, [row["warehouse_id"]]))[row["warehouse_id"]]
    leaving = addresses.region_of(place.return_address)
    names = {lane.carrier_id: lane.carrier for lane in found.lanes}
    rights = await carriers.assignable(tx, {(row["merchant_id"], code) for code in names.values()})
    standings = await carriers.standings(
        tx, names, carriers.place_of(leaving.country, leaving.code), carriers.place_of(going.country, going.code)
    )
    want = carriers.Parcelled(
        key=work_id, arrive_by=row["arrive_by"], grams=grams if grams is not None else row["grams"],
        ask=carriers.Ask(
            warehouse_id=place.id, zone=place.zone, country=leaving.country, service=row["service"]
        ),
    )  # fmt: skip
    traits = {i: carriers.Trait(rights[row["merchant_id"], code], standings[i]) for i, code in names.items()}
    return carriers.choose(found, traits, want, tx.now)
