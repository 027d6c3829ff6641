"""Attested: what happened is what was attested, and everything that happened is."""

from dingdan.overviews.invariants.invariant import Invariant
from dingdan.plumbing.attesting import DIGEST

# So many attestations are computed again by the check of a living database; `dingdan audit chain` takes all of them.
LOOKED_AT = 50

ATTESTATIONS_VERIFY = f"""
SELECT s.number, s.after + 1 AS first_entry, s.last AS last_entry
FROM (SELECT * FROM attestations ORDER BY number DESC LIMIT {LOOKED_AT}) s
LEFT JOIN attestations b ON b.number = s.number - 1
CROSS JOIN LATERAL (
    SELECT count(*) AS facts, string_agg({DIGEST}, ''::bytea ORDER BY f.position) AS digests
    FROM facts f WHERE f.position > s.after AND f.position <= s.last
) found
WHERE s.after <> COALESCE(b.last, 0) OR s.facts <> found.facts OR (b.number IS NULL AND s.number <> 1)
   OR s.hash IS DISTINCT FROM sha256(
       COALESCE(b.hash, decode(repeat('00', 32), 'hex')) || int8send(s.number) || int8send(s.after) || int8send(s.last)
       || int8send(found.facts) || found.digests)
"""  # noqa: S608 - words of ours

CHAIN_UNBROKEN = """
SELECT w.broken_at AS entry, w.broken_since, w.verified, w.verified_to FROM attestation_watch w
WHERE w.broken_at IS NOT NULL OR w.verified > (SELECT COALESCE(max(number), 0) FROM attestations)
   OR w.verified > 0 AND NOT EXISTS (
       SELECT FROM attestations s WHERE s.number = w.verified AND s.last = w.verified_to AND s.hash = w.hash)
"""

FACTS_ATTESTED = """
SELECT f.position, f.id, f.wire, f.recorded_at FROM facts f
WHERE f.position > (SELECT COALESCE(max(last), 0) FROM attestations)
  AND f.recorded_at < clock_timestamp() - interval '10 minutes'
"""

ATTESTED = (
    Invariant(
        name="A4_attestations_verify",
        says="The newest facts are, byte for byte, what was attested, each attestation with the hash of the one before.",
        sql=ATTESTATIONS_VERIFY,
    ),
    Invariant(
        name="A4_chain_unbroken",
        says="Nothing that was attested was found changed, and what was found whole is still there.",
        sql=CHAIN_UNBROKEN,
    ),
    Invariant(
        name="Z1_facts_attested",
        says="Every fact of more than ten minutes ago that has its place is attested.",
        sql=FACTS_ATTESTED,
        needs_settled=True,
    ),
)
