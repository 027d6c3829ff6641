"""Everything of an order, part by part, as it goes into the archive: one statement, so that all of it is of one moment."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec

from dingdan.areas import archive, identity
from dingdan.kernel import ids
from dingdan.kernel.canonical import LARGEST
from dingdan.overviews.invariants.naming import SUBJECTS, TABLES, parent_of
from dingdan.plumbing.tx import Tx

# Whether a part is complete, by all that was found of its order.
Check = Callable[[archive.Facts], bool]

# What is sealed stands among the people; what only finds somebody stands nowhere, nor where a fact lies in the feed.
HIDDEN = (
    "sealed",
    "question_sealed",
    "answer_sealed",
    "feedback_sealed",
    "people_hash",
    "deal_hash",
    "written_hash",
    "position",
)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One component: a table, which of its rows belong to order `o`, in which order, and what must be there.

    They are those with the order's id, or those whose column `at` is one of `ids`. `leaves`: its rows leave the live
    tables when an order is put away.
    """

    name: str
    table: str
    at: str = "order_id"
    ids: str = ""
    by: str
    is_whole: Check | None = None
    leaves: bool = False


def _is_paid_here(found: archive.Facts) -> bool:
    order = found["order"][0]
    return order["paid_at"] is not None and order["total"] > 0 and not found["channel_orders"]


def _has_payments(found: archive.Facts) -> bool:
    return not _is_paid_here(found) or any(one["state"] == "captured" for one in found["payments"])


def _has_postings(found: archive.Facts) -> bool:
    return not found["captures"] or bool(found["postings"] and found["entries"])


def _has_parcels(found: archive.Facts) -> bool:
    is_ours = found["order"][0]["shipped_at"] is not None and not found["channel_orders"]
    return not is_ours or bool(found["parcels"])


def _has_scans(found: archive.Facts) -> bool:
    seen = {scan["parcel_id"] for scan in found["scans"]}
    return all(one["id"] in seen for one in found["parcels"] if one["state"] == "delivered")


def _has_confirmations(found: archive.Facts) -> bool:
    versions = {one["version"] for one in found["confirmations"]}
    return all(one["confirmation"] in versions for one in found["messages"])


def _has_policy(found: archive.Facts) -> bool:
    return any(one["hash"] == found["order"][0]["policy_hash"] for one in found["policy"])


_PARCELS = "SELECT DISTINCT parcel_id FROM parcel_lines WHERE order_id = o.id"
_CASES = "SELECT id FROM cases WHERE order_id = o.id"
_REFUNDS = "SELECT id FROM refunds WHERE order_id = o.id"
_RETURN_PARCELS = """
    SELECT DISTINCT i.return_parcel_id FROM returns v JOIN return_parcel_items i ON i.return_id = v.id
    WHERE v.order_id = o.id
"""

# An area that comes later adds a line here.
PARTS: tuple[Part, ...] = (
    Part(name="order", table="orders", at="id", by="t.id", is_whole=lambda found: bool(found["order"])),
    Part(name="lines", table="order_lines", by="t.line_no", is_whole=lambda found: bool(found["lines"])),
    Part(name="amendments", table="amendments", by="t.id"),
    Part(name="objections", table="objections", by="t.opened_at, t.cause, t.subject_id, t.round"),
    Part(name="order_notes", table="order_notes", by="t.id"),
    Part(name="note_mentions", table="note_mentions", by="t.note_id, t.staff_id"),
    Part(name="order_tags", table="order_tags", by="t.tag"),
    Part(name="order_keepers", table="order_keepers", by="t.order_id"),
    Part(name="policy", table="policies", at="id", ids="SELECT o.policy_id", by="t.id",
         is_whole=_has_policy),
    Part(name="channel_orders", table="channel_orders", by="t.id"),
    Part(name="price_layers", table="price_layers", by="t.layer_no"),
    Part(name="price_shares", table="price_shares", by="t.layer_no, t.line_no"),
    Part(name="promotion_uses", table="promotion_uses", by="t.promotion_id"),
    Part(name="deposits", table="deposits", by="t.order_id"),
    Part(name="payments", table="payments", at="id", by="t.id", is_whole=_has_payments,
         ids="SELECT payment_id FROM payment_allotments WHERE order_id = o.id"
             " UNION SELECT payment_id FROM captures WHERE order_id = o.id"),
    Part(name="payment_allotments", table="payment_allotments", by="t.payment_id"),
    Part(name="captures", table="captures", by="t.id"),
    Part(name="send_backs", table="send_backs", by="t.id"),
    Part(name="credit_movements", table="purse_movements", by="t.id"),
    Part(name="postings", table="postings", by="t.id", is_whole=_has_postings),
    Part(name="entries", table="entries", at="posting_id", by="t.posting_id, t.n",
         ids="SELECT id FROM postings WHERE order_id = o.id"),
    Part(name="reservations", table="reservations", by="t.line_no, t.part_no"),
    Part(name="movements", table="movements", by="t.id"),
    Part(name="reviews", table="reviews", by="t.id"),
    Part(name="work", table="work_orders", by="t.id"),
    Part(name="parcels", table="parcels", at="id", ids=_PARCELS, by="t.id", is_whole=_has_parcels),
    Part(name="parcel_lines", table="parcel_lines", by="t.parcel_id, t.line_no"),
    Part(name="scans", table="scans", at="parcel_id", ids=_PARCELS, by="t.at, t.parcel_id, t.event_id",
         is_whole=_has_scans, leaves=True),
    Part(name="confirmations", table="confirmations", by="t.version", is_whole=_has_confirmations),
    Part(name="messages", table="messages", by="t.id"),
    Part(name="returns", table="returns", by="t.id"),
    Part(name="return_lines", table="return_lines", by="t.return_id, t.line_no"),
    Part(name="return_remarks", table="return_remarks", by="t.id"),
    Part(name="return_questions", table="return_questions", by="t.id"),
    Part(name="return_offers", table="return_offers", by="t.id"),
    Part(name="exchanges", table="exchanges", by="t.id"),
    Part(name="exchange_lines", table="exchange_lines", by="t.exchange_id, t.line_no"),
    Part(name="repairs", table="repairs", by="t.id"),
    Part(name="line_services", table="line_services", by="t.line_no, t.kind, t.source_id"),
    Part(name="evidence", table="evidence", by="t.id"),
    Part(name="withdrawals", table="withdrawals", by="t.id"),
    Part(name="return_parcels", table="return_parcels", at="id", ids=_RETURN_PARCELS, by="t.id"),
    Part(name="inspections", table="inspections", by="t.id"),
    Part(name="inspection_lines", table="inspection_lines", at="inspection_id", by="t.inspection_id, t.n",
         ids="SELECT id FROM inspections WHERE order_id = o.id"),
    Part(name="looks", table="looks", by="t.id"),
    Part(name="inspection_pictures", table="inspection_pictures", by="t.id"),
    Part(name="returned_goods", table="returned_goods", by="t.id"),
    Part(name="dispositions", table="dispositions", by="t.id"),
    Part(name="return_addresses", table="return_addresses", by="t.return_id, t.version"),
    Part(name="return_labels", table="return_labels", at="id", by="t.id",
         ids="SELECT b.id FROM return_labels b JOIN returns v ON v.id = ANY (b.return_ids) WHERE v.order_id = o.id"),
    Part(name="return_scans", table="return_scans", at="return_parcel_id", ids=_RETURN_PARCELS,
         by="t.at, t.return_parcel_id, t.event_id"),
    Part(name="strays", table="strays", by="t.id"),
    Part(name="stray_pictures", table="stray_pictures", at="stray_id", by="t.id",
         ids="SELECT id FROM strays WHERE order_id = o.id"),
    Part(name="customs_releases", table="customs_releases", by="t.order_id"),
    Part(name="customs_returns", table="customs_returns", by="t.id"),
    Part(name="refunds", table="refunds", by="t.id"),
    Part(name="refund_lines", table="refund_lines", by="t.refund_id, t.n"),
    Part(name="refund_tenders", table="refund_tenders", by="t.refund_id, t.payment_id"),
    Part(name="refund_signatures", table="refund_signatures", at="refund_id", ids=_REFUNDS,
         by="t.refund_id, t.signer_kind, t.signer_id"),
    Part(name="hand_payouts", table="hand_payouts", by="t.id"),
    Part(name="cases", table="cases", by="t.id"),
    Part(name="case_owners", table="case_owners", at="case_id", ids=_CASES, by="t.case_id, t.n"),
    Part(name="case_entries", table="case_entries", at="case_id", ids=_CASES, by="t.case_id, t.id"),
    Part(name="case_budgets", table="case_budgets", by="t.order_id"),
    Part(name="remedies", table="remedies", by="t.id"),
    Part(name="replacements", table="replacements", at="replaces", by="t.sent, t.line_no"),
    Part(name="claims", table="claims", by="t.id"),
    Part(name="disputes", table="disputes", by="t.id"),
    Part(name="dispute_entries", table="dispute_entries", by="t.id"),
    Part(name="dispute_rulings", table="dispute_rulings", by="t.id"),
    Part(name="dispute_standstills", table="dispute_standstills", by="t.id"),
    Part(name="feedback", table="feedback", by="t.version"),
    Part(name="settlement_lines", table="settlement_lines", by="t.id"),
    Part(name="invoice_requests", table="invoice_requests", by="t.id"),
    Part(name="invoices", table="invoices", by="t.id"),
    Part(name="facts", table="facts", by="t.at, t.id",
         is_whole=lambda found: bool(found["facts"])),
)  # fmt: skip
LEAVING: tuple[str, ...] = tuple(part.name for part in PARTS if part.leaves)


def _rows_of(part: Part) -> str:
    """The rows of one part. What the archive does itself is no part of what it keeps."""
    via = f"JOIN LATERAL ({part.ids}) AS v (id) ON true" if part.ids else ""
    where = "AND t.wire NOT LIKE 'archive.%'" if part.table == "facts" else ""
    # What was noted before anybody knew whose it is stands among the people, since it was sealed then.
    bare = " #- '{data,note}'" if part.table == "case_entries" else ""
    return f"""
        SELECT '{part.name}' AS part, o.id AS order_id, (to_jsonb(t) - '{{{",".join(HIDDEN)}}}'::text[]){bare} AS row,
               row_number() OVER (PARTITION BY o.id ORDER BY {part.by}) AS n
        FROM orders o {via} JOIN {part.table} t ON t.{part.at} = {"v.id" if part.ids else "o.id"}
        WHERE o.id = ANY($1::bigint[]) {where}
    """  # noqa: S608 - names from code


_FACTS = " UNION ALL ".join(map(_rows_of, PARTS))

# What is sealed about people: the part it belongs to, the row that says it, and the words as they lie there.
_PEOPLE = """
    SELECT 'contacts' AS part, o.id AS order_id, o.buyer_id, c.id::text AS row, c.sealed FROM orders o
    JOIN contacts c ON c.id = o.contact_id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'contacts', o.id, o.buyer_id, c.id::text, c.sealed FROM orders o
    JOIN (SELECT DISTINCT order_id, contact_id FROM amendments WHERE order_id = ANY($1::bigint[])) a ON a.order_id = o.id
    JOIN contacts c ON c.id = a.contact_id AND c.id <> o.contact_id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'buyer', o.id, o.buyer_id, o.buyer_id::text, b.sealed FROM orders o JOIN buyers b ON b.id = o.buyer_id
    WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'channel_orders', o.id, c.buyer_id, c.id::text, c.sealed FROM orders o
    JOIN channel_orders c ON c.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'messages', o.id, o.buyer_id, m.id::text, m.sealed FROM orders o JOIN messages m ON m.order_id = o.id
    WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'questions', o.id, r.buyer_id, r.id::text, r.question_sealed FROM orders o
    JOIN reviews r ON r.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'answers', o.id, r.buyer_id, r.id::text, r.answer_sealed FROM orders o
    JOIN reviews r ON r.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'objections', o.id, o.buyer_id, j.cause || ' ' || j.subject_id || ' ' || j.round, j.sealed FROM orders o
    JOIN objections j ON j.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'order_notes', o.id, o.buyer_id, n.id::text, n.sealed FROM orders o
    JOIN order_notes n ON n.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'return_remarks', o.id, k.buyer_id, k.id::text, k.sealed FROM orders o
    JOIN return_remarks k ON k.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'dispute_entries', o.id, k.buyer_id, k.id::text, k.sealed FROM orders o
    JOIN dispute_entries k ON k.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'dispute_rulings', o.id, k.buyer_id, k.id::text, k.sealed FROM orders o
    JOIN dispute_rulings k ON k.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'withdrawals', o.id, w.buyer_id, w.id::text, w.sealed FROM orders o
    JOIN withdrawals w ON w.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'case_entries', o.id, c.buyer_id, e.id::text, e.sealed FROM orders o JOIN cases c ON c.order_id = o.id
    JOIN case_entries e ON e.case_id = c.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'case_ratings', o.id, c.buyer_id, c.id::text, c.feedback_sealed FROM orders o JOIN cases c ON c.order_id = o.id
    WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'feedback', o.id, f.buyer_id, f.version::text, f.sealed FROM orders o
    JOIN feedback f ON f.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'invoice_titles', o.id, q.buyer_id, q.id::text, q.sealed FROM orders o
    JOIN invoice_requests q ON q.order_id = o.id WHERE o.id = ANY($1::bigint[])
    UNION ALL
    SELECT 'accounts', o.id, h.buyer_id, h.id::text, h.sealed FROM orders o
    JOIN hand_payouts h ON h.order_id = o.id WHERE o.id = ANY($1::bigint[])
"""
# The kinds of thing that rows of people are named by.
_ROWS = {"contacts": "contact", "buyer": "buyer", "channel_orders": "channel_order", "messages": "message",
         "questions": "review", "answers": "review", "case_ratings": "case", "return_remarks": "remark", "order_notes": "note",
         "dispute_rulings": "ruling", "withdrawals": "withdrawal", "invoice_titles": "invoice_request",
         "accounts": "hand_payout"}  # fmt: skip


async def collect(tx: Tx, order_ids: Sequence[int]) -> dict[int, archive.Collected]:
    """Everything of these orders, with the names of the parts that are not whole."""
    facts: dict[int, archive.Facts] = {i: {part.name: [] for part in PARTS} for i in order_ids}
    tables = {part.name: part.table for part in PARTS}
    rows = await tx.fetch(
        f"SELECT part, order_id, row FROM ({_FACTS}) AS every ORDER BY part, order_id, n",  # noqa: S608 - names from code
        list(order_ids),
    )
    for row in rows:
        facts[row["order_id"]][row["part"]].append(_written(row["row"], tables[row["part"]]))
    people, without = await _people(tx, order_ids)
    return {
        i: archive.Collected(
            order_id=i, facts=found, people=people[i], missing=tuple(_missing(found, has_contact=i not in without))
        )
        for i, found in facts.items()
    }


def _missing(found: archive.Facts, *, has_contact: bool) -> list[str]:
    """The parts that should be there and are not; without the order itself nothing else can be said."""
    if not found["order"]:
        return ["order"]
    names = [part.name for part in PARTS if part.is_whole is not None and not part.is_whole(found)]
    return names if has_contact else [*names, "contacts"]


async def _people(tx: Tx, order_ids: Sequence[int]) -> tuple[dict[int, archive.People], set[int]]:
    """What is said about people, opened; and the orders of which nobody knows where they went, though they should."""
    rows = await tx.fetch(_PEOPLE, list(order_ids))
    opened = await identity.unseal(tx, [(row["buyer_id"] or 0, row["sealed"] or None) for row in rows])
    people: dict[int, archive.People] = {i: {} for i in order_ids}
    for row, plain in zip(rows, opened, strict=True):
        if plain is not None:
            name = ids.encode(_ROWS[row["part"]], int(row["row"])) if row["part"] in _ROWS else row["row"]
            people[row["order_id"]].setdefault(row["part"], {})[name] = _said(plain)
    known = {row["order_id"] for row in rows if row["part"] == "contacts"}
    return people, set(order_ids) - known


def _said(plain: bytes) -> Any:
    """Words as they were sealed: a document, or a text."""
    try:
        said = msgspec.json.decode(plain)
    except msgspec.DecodeError:
        said = None
    return _plain(said) if isinstance(said, dict) else plain.decode(errors="replace")


# Most values of a row are such; they are looked at no further.
_AS_IT_IS = frozenset((str, bool, type(None)))


def _written(row: dict[str, Any], table: str) -> dict[str, Any]:
    """A row as it is kept: ids in their written form, no number that a reader of JSON might not hold."""
    return {
        name: value
        if type(value) in _AS_IT_IS
        else (_plain(value) if (kind := _kind(table, name)) is None else _named(kind, value))
        for name, value in row.items()
    }


@cache
def _kind(table: str, column: str) -> str | None:
    """Of which kind of thing the ids of a column are, "" where that has no name; None where it holds none."""
    if column != "id" and not column.endswith("_id"):
        return None
    target = table if column == "id" else parent_of(table, column) if column in TABLES[table].columns else None
    return next((word for word, name in SUBJECTS.items() if name == target), "")


def _named(kind: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return ids.encode(kind, value) if kind in ids.PREFIXES else str(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number and (isinstance(value, float) or abs(value) > LARGEST) else value
