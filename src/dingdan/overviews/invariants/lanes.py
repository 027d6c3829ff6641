"""Lanes: they say nothing that their carrier does not do."""

from dingdan.overviews.invariants.invariant import Invariant

AS_CARRIERS = """
SELECT l.id, l.code, l.service, l.country, l.region, c.code AS carrier FROM lanes l JOIN carriers c ON c.id = l.carrier_id
WHERE l.active AND (
    NOT l.service = ANY (c.services)
    OR c.regions <> '{}' AND NOT EXISTS (
        SELECT FROM unnest(c.regions) r
        WHERE split_part(r, '-', 1) = l.country AND starts_with(l.region, split_part(r, '-', 2))
    )
)
"""

LANES = (
    Invariant(
        name="X3_lanes_as_their_carriers",
        says="Every lane is of a service and a region that its carrier has.",
        sql=AS_CARRIERS,
        only_with="lanes",
    ),
    Invariant(
        name="X3_lanes_leave_from_their_merchants",
        says="Lanes of the platform leave from any warehouse and name none.",
        sql="SELECT id, code, warehouse_id FROM lanes WHERE merchant_id IS NULL AND warehouse_id IS NOT NULL",
        only_with="lanes",
    ),
)
