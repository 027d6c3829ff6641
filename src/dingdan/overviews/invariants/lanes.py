"""Lanes and carriers: lanes say nothing that their carrier does not do, and parcels go to those who may have them."""

from dingdan.areas.carriers import UNLICENSED
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

# Every parcel says by which right its carrier got it, and a licence held at that moment.
GIVEN_BY_RIGHT = """
SELECT p.id, p.carrier, p.dispatched_at, a.ground, a.licensed_from, a.licensed_until, c.code
FROM parcels p LEFT JOIN parcel_assignments a ON a.parcel_id = p.id LEFT JOIN carriers c ON c.id = a.carrier_id
WHERE a.parcel_id IS NULL OR c.code <> p.carrier
   OR a.ground = 'licensed' AND (p.dispatched_at < a.licensed_from OR p.dispatched_at >= a.licensed_until)
   OR a.ground = 'own' AND NOT p.carrier = ANY ($1::text[])
"""

# A grade that its figures do not have, or figures that its inputs do not have.
GRADED_AS_COUNTED = """
SELECT s.id, s.carrier_id, s.grade FROM carrier_scorecards s
WHERE s.grade <> (SELECT max(f ->> 'grade') FROM jsonb_array_elements(s.figures) f)
   OR EXISTS (
    SELECT FROM jsonb_array_elements(s.figures) f
    WHERE jsonb_build_array(f -> 'samples', f -> 'bad') <> COALESCE(s.inputs -> 'own' -> (f ->> 'name'), '[0, 0]')
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
    Invariant(
        name="X4_parcels_given_by_right",
        says="Every parcel was given to a carrier with a licence that held then, or by a right that needs none.",
        sql=GIVEN_BY_RIGHT,
        args=(list(UNLICENSED),),
        only_with="parcel_assignments",
    ),
    Invariant(
        name="X4_carriers_are_evaluated",
        says="Every carrier has a next evaluation.",
        sql="""
        SELECT c.id, c.code FROM carriers c
        LEFT JOIN deadlines d ON d.kind = 'carrier.evaluate' AND d.subject_id = c.id WHERE d.kind IS NULL
        """,
        only_with="carrier_scorecards",
    ),
    Invariant(
        name="X4_graded_as_counted",
        says="A scorecard has the grade of its worst figure, and figures that fit what was counted.",
        sql=GRADED_AS_COUNTED,
        only_with="carrier_scorecards",
    ),
)
