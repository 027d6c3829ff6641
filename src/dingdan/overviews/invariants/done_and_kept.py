"""Done and kept: nothing is completed against an objection, and what lies in the archive is what was put there."""

from dingdan.overviews.invariants.invariant import Invariant

# So many bundles are computed again by the check of a living database; `dingdan archive verify` takes all of them.
LOOKED_AT = 1_000

COMPLETED_WITHOUT_OBJECTION = """
SELECT b.order_id, b.cause, b.subject_id, o.state FROM objections b JOIN orders o ON o.id = b.order_id
WHERE b.settled_at IS NULL AND o.state = 'completed'
"""

# The clock of receipt stands still exactly while something is said against the order.
OBJECTIONS_STOP_THE_CLOCK = """
SELECT d.subject_id AS order_id, d.due_at, d.left_when_paused, b.cause FROM deadlines d
LEFT JOIN objections b ON b.order_id = d.subject_id AND b.settled_at IS NULL
WHERE d.kind = 'order.auto_receive' AND (d.left_when_paused IS NOT NULL) <> (b.order_id IS NOT NULL)
"""

BUNDLES_VERIFY = f"""
SELECT b.id, b.order_id, b.merchant_id, b.number FROM (SELECT * FROM bundles ORDER BY id DESC LIMIT {LOOKED_AT}) b
LEFT JOIN bundles before ON before.merchant_id = b.merchant_id AND before.number = b.number - 1
WHERE b.hash <> sha256(convert_to(b.envelope, 'UTF8'))
   OR b.envelope::jsonb->>'stored_sha256' IS DISTINCT FROM encode(sha256(b.facts), 'hex')
   OR b.envelope::jsonb->>'people_sha256' IS DISTINCT FROM encode(sha256(b.people), 'hex')
   OR b.envelope::jsonb->>'number' IS DISTINCT FROM b.number::text
   OR b.envelope::jsonb->>'kind' IS DISTINCT FROM b.kind
   OR b.envelope::jsonb->>'previous' IS DISTINCT FROM COALESCE(encode(before.hash, 'hex'), repeat('0', 64))
"""  # noqa: S608 - a number of ours

CHAINS_WHOLE = """
SELECT c.merchant_id, c.number, b.bundles, b.last FROM archive_chains c FULL JOIN (
    SELECT merchant_id, count(*) AS bundles, max(number) AS last FROM bundles GROUP BY merchant_id
) b ON b.merchant_id = c.merchant_id
WHERE COALESCE(c.number, 0) <> COALESCE(b.last, 0) OR COALESCE(b.bundles, 0) <> COALESCE(b.last, 0)
   OR c.number > 0 AND c.hash IS DISTINCT FROM (
       SELECT hash FROM bundles l WHERE l.merchant_id = c.merchant_id AND l.number = c.number)
"""

KEPT_HAVE_BUNDLES = """
SELECT COALESCE(k.order_id, b.order_id) AS order_id, o.state, k.kept_at FROM archived_orders k
FULL JOIN (SELECT order_id FROM bundles WHERE kind = 'bundle') b ON b.order_id = k.order_id
LEFT JOIN orders o ON o.id = k.order_id
WHERE k.order_id IS NULL OR b.order_id IS NULL
"""

ERASED_ARE_EMPTY = """
SELECT k.order_id, k.erased_at, h.reason FROM archived_orders k
LEFT JOIN legal_holds h ON h.order_id = k.order_id AND h.set_at < k.erased_at
    AND (h.lifted_at IS NULL OR h.lifted_at > k.erased_at)
WHERE k.erased_at IS NOT NULL AND (k.sealed_key IS NOT NULL OR h.id IS NOT NULL OR k.erase_after > k.erased_at)
   OR k.put_away_at IS NOT NULL AND EXISTS (
       SELECT FROM orders o JOIN contacts c ON c.id = o.contact_id WHERE o.id = k.order_id AND c.sealed <> '')
"""

COMPLETED_ARE_KEPT = """
SELECT o.id, o.completed_at, f.missing FROM orders o LEFT JOIN archive_failures f ON f.order_id = o.id
WHERE o.completed_at < (SELECT dingdan_now()) - interval '24 hours'
  AND NOT EXISTS (SELECT FROM archived_orders k WHERE k.order_id = o.id)
"""

# Their refunds have thirty days before that.
ENDED_ARE_KEPT = """
SELECT o.id, o.state, o.cancelled_at, f.missing FROM orders o LEFT JOIN archive_failures f ON f.order_id = o.id
WHERE o.state IN ('cancelled', 'expired') AND o.cancelled_at < (SELECT dingdan_now()) - interval '31 days'
  AND NOT EXISTS (SELECT FROM archived_orders k WHERE k.order_id = o.id)
"""

LACKS_NOTHING = """
SELECT order_id, missing, attempts, first_at FROM archive_failures
WHERE first_at < (SELECT dingdan_now()) - interval '24 hours'
"""

FAILURES_HAVE_CLOCK = """
SELECT f.order_id, f.missing, f.last_at FROM archive_failures f
WHERE NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'archive.keep' AND d.subject_id = f.order_id)
"""

KEPT_HAVE_CLOCKS = """
SELECT k.order_id, k.put_away_at, k.erased_at FROM archived_orders k
WHERE k.put_away_at IS NULL
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'archive.put_away' AND d.subject_id = k.order_id)
   OR k.erased_at IS NULL AND NOT EXISTS (
       SELECT FROM deadlines d WHERE d.kind = 'archive.erase' AND d.subject_id = k.order_id)
  AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.order_id = k.order_id AND h.lifted_at IS NULL)
"""

DONE_AND_KEPT = (
    Invariant(
        name="T5_completed_without_objection",
        says="Nothing is said against an order that is completed.",
        sql=COMPLETED_WITHOUT_OBJECTION,
    ),
    Invariant(
        name="T5_objections_stop_the_clock",
        says="The clock of receipt stands still exactly while something is said against the order.",
        sql=OBJECTIONS_STOP_THE_CLOCK,
    ),
    Invariant(
        name="A1_bundles_verify",
        says="The newest bundles of the archive are, byte for byte, what was hashed, each with the hash of the one before.",
        sql=BUNDLES_VERIFY,
    ),
    Invariant(
        name="A1_chains_whole",
        says="Each merchant's bundles are numbered from 1 without a gap, up to the end that is written down.",
        sql=CHAINS_WHOLE,
    ),
    Invariant(
        name="A2_kept_have_bundles",
        says="Every order that the archive knows has its bundle, and every bundle is of one that it knows.",
        sql=KEPT_HAVE_BUNDLES,
    ),
    Invariant(
        name="A3_erased_as_promised",
        says="Nobody's people were erased before their time or under a hold, and put away means gone from the live tables.",
        sql=ERASED_ARE_EMPTY,
    ),
    Invariant(
        name="Z3_completed_are_kept",
        says="Every order lies in the archive a day after its completion.",
        sql=COMPLETED_ARE_KEPT,
        needs_settled=True,
    ),
    Invariant(
        name="Z3_ended_are_kept",
        says="Every order that was cancelled or expired lies in the archive a month later.",
        sql=ENDED_ARE_KEPT,
        needs_settled=True,
    ),
    Invariant(
        name="Z3_archive_lacks_nothing",
        says="Of no order a part of its archive has been missing for a day.",
        sql=LACKS_NOTHING,
    ),
    Invariant(
        name="Z3_failures_have_clock",
        says="Every order that could not be archived whole is tried again.",
        sql=FAILURES_HAVE_CLOCK,
    ),
    Invariant(
        name="Z3_kept_have_clocks",
        says="Every order in the archive will be put away and erased, unless it was or a hold forbids it.",
        sql=KEPT_HAVE_CLOCKS,
    ),
)
