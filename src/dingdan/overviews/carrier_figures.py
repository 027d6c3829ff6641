"""What became of the parcels of a span of days, counted by carrier and lane: one pass over parcels and their scans."""

from collections import defaultdict
from datetime import datetime

from dingdan.areas import addresses, carriers
from dingdan.kernel.address import Address
from dingdan.plumbing.tx import Tx

# A parcel is judged by what its carrier's own times say had happened until the end of the span, in whatever order it came
# in. Who was handed a parcel is the merchant's carrier of that code, or else the platform's. A parcel that is on its way
# back, because nobody took it, is late for nobody. No scan for seven days counts as lost (domain: O4.5).
_COUNTED = """
WITH p AS (
    SELECT DISTINCT ON (p.id) p.id, p.warehouse_id, p.state, p.dispatched_at, c.id AS carrier_id,
        CASE WHEN p.delivered_at < $2 THEN p.delivered_at END AS delivered_at
    FROM parcels p JOIN carriers c ON c.code = p.carrier AND (c.merchant_id = p.merchant_id OR c.merchant_id IS NULL)
    WHERE p.dispatched_at >= $1 AND p.dispatched_at < $2
    ORDER BY p.id, c.merchant_id NULLS LAST
), promised AS (
    SELECT p.id, max(o.arrive_by) AS arrive_by, min(l.order_id) AS order_id
    FROM p JOIN parcel_lines l ON l.parcel_id = p.id
    JOIN order_lines o ON o.order_id = l.order_id AND o.line_no = l.line_no GROUP BY p.id
), steps AS (
    SELECT s.parcel_id, s.code, s.at, s.at - lag(s.at) OVER (PARTITION BY s.parcel_id ORDER BY s.at) AS gap
    FROM scans s JOIN p ON p.id = s.parcel_id
    WHERE s.at < $2 AND s.at <= COALESCE(p.delivered_at, 'infinity')
), seen AS (
    SELECT parcel_id, min(at) AS first_at, max(at) AS last_at, max(gap) AS longest, bool_or(code = 'damaged') AS is_damaged,
        bool_or(code IN ('turned_away', 'returning', 'returned')) AS is_coming_back, bool_or(code = 'lost') AS is_called_lost
    FROM steps GROUP BY parcel_id
), judged AS (
    SELECT p.*, promised.arrive_by, promised.order_id, seen.first_at, COALESCE(seen.is_damaged, false) AS is_damaged,
        COALESCE(seen.is_coming_back, false) AS is_coming_back, COALESCE(seen.is_called_lost, false) AS is_called_lost,
        CASE WHEN p.delivered_at IS NULL THEN $2 - COALESCE(seen.last_at, p.dispatched_at) ELSE interval '0' END AS quiet,
        COALESCE(seen.longest, interval '0') AS longest
    FROM p LEFT JOIN promised ON promised.id = p.id LEFT JOIN seen ON seen.parcel_id = p.id
), told AS (
    SELECT *, delivered_at IS NULL AND NOT is_coming_back AS is_out FROM judged
)
SELECT t.carrier_id, t.warehouse_id, k.country, k.province, count(*)::int AS parcels,
    (count(*) FILTER (WHERE arrive_by IS NOT NULL AND (t.delivered_at IS NOT NULL OR is_out AND arrive_by < $2)))::int AS due,
    (count(*) FILTER (WHERE t.delivered_at > arrive_by OR is_out AND arrive_by < $2))::int AS late,
    (count(*) FILTER (WHERE is_damaged))::int AS damaged,
    (count(*) FILTER (WHERE is_out AND (is_called_lost OR quiet >= interval '7 days')))::int AS lost,
    (count(*) FILTER (WHERE longest > interval '48 hours' OR is_out AND quiet > interval '48 hours'))::int AS silent,
    (count(*) FILTER (WHERE first_at IS NOT NULL OR dispatched_at < $2 - interval '24 hours'))::int AS awaited,
    (count(*) FILTER (WHERE first_at > dispatched_at + interval '24 hours'
        OR first_at IS NULL AND dispatched_at < $2 - interval '24 hours'))::int AS unscanned
FROM told t LEFT JOIN orders o ON o.id = t.order_id LEFT JOIN contacts k ON k.id = o.contact_id
GROUP BY t.carrier_id, t.warehouse_id, k.country, k.province
"""


async def counted(tx: Tx, *, since: datetime, until: datetime) -> list[carriers.LaneCounts]:
    """What went wrong with the parcels that left in a span, of every carrier and lane."""
    # How many rows a step before leaves is only guessed at; a loop over a wrong guess of one takes hours.
    await tx.execute("SELECT set_config('enable_nestloop', 'off', true)")
    rows = await tx.fetch(_COUNTED, since, until)
    origins = await _places(tx, {row["warehouse_id"] for row in rows})
    sums: dict[tuple[int, str, str], list[dict[str, carriers.Tally]]] = defaultdict(list)
    for row in rows:
        going = addresses.region_of(_address(row["country"] or "", row["province"] or ""))
        key = row["carrier_id"], origins[row["warehouse_id"]], carriers.place_of(going.country, going.code)
        tally = carriers.Tally
        sums[key].append({
            "late": tally(row["due"], row["late"]), "damaged": tally(row["parcels"], row["damaged"]),
            "lost": tally(row["parcels"], row["lost"]), "silent": tally(row["parcels"], row["silent"]),
            "unscanned": tally(row["awaited"], row["unscanned"]),
        })  # fmt: skip
    return [carriers.LaneCounts(*key, carriers.total(parts)) for key, parts in sorted(sums.items())]


async def _places(tx: Tx, warehouse_ids: set[int]) -> dict[int, str]:
    """Where warehouses are, as lanes are named."""
    rows = await tx.fetch(
        "SELECT id, return_address FROM warehouses WHERE id = ANY($1::bigint[])", sorted(warehouse_ids)
    )
    regions = {
        row["id"]: addresses.region_of(
            _address(row["return_address"].get("country", ""), row["return_address"].get("province", ""))
        )
        for row in rows
    }
    return {i: carriers.place_of(region.country, region.code) for i, region in regions.items()}


def _address(country: str, province: str) -> Address:
    return Address(name="", phone="", country=country, province=province, city="", detail="")
