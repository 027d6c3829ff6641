"""Messages: what was agreed is on record, unchanged, and what was told has its copy."""

from dingdan.overviews.invariants.invariant import Invariant

# What was placed before its merchant began to tell (or before the program could) is left alone.
PLACED_ARE_CONFIRMED = """
SELECT o.id, o.merchant_id, o.placed_at FROM orders o JOIN merchants m ON m.id = o.merchant_id
WHERE COALESCE((m.settings->>'messages')::boolean, true) AND o.placed_at > m.updated_at
  AND o.placed_at >= (SELECT min(at) FROM confirmations) - interval '1 minute'
  AND NOT EXISTS (SELECT FROM confirmations c WHERE c.order_id = o.id AND c.version = 1)
  AND NOT EXISTS (SELECT FROM channel_orders e WHERE e.order_id = o.id)
"""

HASHES_FIT = """
SELECT c.order_id, c.version, c.occasion FROM confirmations c
WHERE c.hash <> sha256(convert_to(c.canonical, 'UTF8'))
   OR c.canonical::jsonb->>'version' IS DISTINCT FROM c.version::text
   OR c.canonical::jsonb->>'occasion' IS DISTINCT FROM c.occasion
"""

VERSIONS_GAPLESS = """
SELECT order_id, count(*) AS versions, max(version) AS last FROM confirmations
GROUP BY order_id HAVING count(*) <> max(version) OR min(version) <> 1
"""

# The people's part: the ciphertext that was hashed is the one that lies there, unless the person was forgotten.
PEOPLE_AS_SEALED = """
SELECT c.order_id, c.version, c.contact_id FROM confirmations c JOIN contacts k ON k.id = c.contact_id
WHERE k.sealed <> ''
  AND c.canonical::jsonb->'recipient'->>'sealed_sha256' IS DISTINCT FROM encode(sha256(k.sealed), 'hex')
"""

AMOUNTS_AS_ORDERED = """
SELECT c.order_id, c.version, o.total FROM confirmations c JOIN orders o ON o.id = c.order_id
WHERE c.version = (SELECT max(version) FROM confirmations l WHERE l.order_id = c.order_id)
  AND ((c.canonical::jsonb->'amounts'->>'total')::bigint, c.canonical::jsonb->'amounts'->>'currency')
      IS DISTINCT FROM (o.total, o.currency)
"""

SENT_HAVE_COPIES = """
SELECT m.id, m.order_id, m.channel, m.sent_at FROM messages m JOIN orders o ON o.id = m.order_id
WHERE m.state = 'sent' AND m.sealed IS NULL
  AND EXISTS (SELECT FROM subject_keys k WHERE k.subject_id = o.buyer_id)
  AND NOT EXISTS (SELECT FROM archived_orders a WHERE a.order_id = m.order_id AND a.put_away_at IS NOT NULL)
"""

MESSAGES_SAY_SOMETHING = """
SELECT m.id, m.order_id, m.confirmation, c.missing FROM messages m
LEFT JOIN confirmations c ON c.order_id = m.order_id AND c.version = m.confirmation
WHERE c.order_id IS NULL OR cardinality(c.missing) > 0 OR m.attempts = 0 AND m.state = 'sent'
"""

WAITING_HAVE_CLOCK = """
SELECT m.id, m.order_id, m.channel, m.attempts, m.next_at FROM messages m
WHERE m.state = 'queued'
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'message.retry' AND d.subject_id = m.id)
  AND NOT EXISTS (SELECT FROM pgqueuer q WHERE q.entrypoint = 'notifications.deliver' AND q.status <> 'failed')
"""

MESSAGES = (
    Invariant(
        name="E1_placed_orders_are_confirmed",
        says="Every order of a merchant that tells its buyers has the first version of its confirmation.",
        sql=PLACED_ARE_CONFIRMED,
        needs_settled=True,
    ),
    Invariant(
        name="E1_hashes_fit",
        says="Every confirmation is, byte for byte, what was hashed, and says which version of what it is.",
        sql=HASHES_FIT,
    ),
    Invariant(
        name="E1_versions_gapless",
        says="The versions of an order's confirmation are numbered from 1 without a gap.",
        sql=VERSIONS_GAPLESS,
    ),
    Invariant(
        name="E1_people_as_sealed",
        says="Who a confirmation is for lies sealed as it did then, unless they were forgotten.",
        sql=PEOPLE_AS_SEALED,
    ),
    Invariant(
        name="E1_amounts_as_ordered",
        says="The last confirmation of an order says what the order comes to.",
        sql=AMOUNTS_AS_ORDERED,
        needs_settled=True,
    ),
    Invariant(
        name="E2_sent_have_copies",
        says="Every message that was sent has its copy, unless the archive has it or the person was forgotten.",
        sql=SENT_HAVE_COPIES,
    ),
    Invariant(
        name="E2_messages_say_something",
        says="Every message carries a confirmation that lacks nothing, and none was sent without an attempt.",
        sql=MESSAGES_SAY_SOMETHING,
    ),
    Invariant(
        name="E2_waiting_messages_have_a_clock",
        says="Every message that waits has somebody who will come for it.",
        sql=WAITING_HAVE_CLOCK,
    ),
)
