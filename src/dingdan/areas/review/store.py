"""Every statement of review."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.review.lifecycle import REVIEW, UNDECIDED
from dingdan.areas.review.model import Plan, Review, Rule, Terms
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(Review.__struct_fields__)
_RULE = ", ".join(Rule.__struct_fields__)
_OPEN = ", ".join(f"'{state}'" for state in sorted(UNDECIDED))
NEW = (
    "id", "order_id", "merchant_id", "buyer_id", "owner", "on_timeout", "reasons", "checklist", "opened_at", "due_at",
    "decide_by",
)  # fmt: skip


def _review(row: Any) -> Review:
    return msgspec.convert(dict(row), Review)


def _rule(row: Any) -> Rule:
    return msgspec.convert(dict(row), Rule)


async def in_force(tx: Tx, merchant_ids: Collection[int], at: datetime) -> list[Rule]:
    """The newest version of each rule of these merchants and of the platform that has taken effect."""
    rows = await tx.fetch(
        f"""
        SELECT DISTINCT ON (merchant_id, code) {_RULE} FROM review_rules
        WHERE (merchant_id IS NULL OR merchant_id = ANY($1::bigint[])) AND effective_from <= $2
        ORDER BY merchant_id, code, number DESC
        """,  # noqa: S608
        list(merchant_ids),
        at,
    )
    return [_rule(row) for row in rows]


async def switches(tx: Tx, merchant_ids: Collection[int]) -> dict[int, dict[str, bool]]:
    """What merchants switched: {merchant: {code: on or off}}."""
    found: dict[int, dict[str, bool]] = {merchant_id: {} for merchant_id in merchant_ids}
    for row in await tx.fetch(
        "SELECT merchant_id, code, is_active FROM review_switches WHERE merchant_id = ANY($1::bigint[])",
        list(merchant_ids),
    ):
        found[row["merchant_id"]][row["code"]] = row["is_active"]
    return found


async def newest(tx: Tx, merchant_id: int | None, code: str | None = None) -> list[Rule]:
    """The newest version of each rule (or of one), in effect or not; not more than two hundred."""
    rows = await tx.fetch(
        f"""
        SELECT DISTINCT ON (code) {_RULE} FROM review_rules
        WHERE merchant_id IS NOT DISTINCT FROM $1 AND ($2::text IS NULL OR code = $2)
        ORDER BY code, number DESC LIMIT 200
        """,  # noqa: S608
        merchant_id,
        code,
    )
    return [_rule(row) for row in rows]


async def lock_code(tx: Tx, merchant_id: int | None, code: str) -> None:
    """Whoever writes a version of this rule waits for whoever else does."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 15))", f"review rule {merchant_id or 0} {code}")


async def add_rule(tx: Tx, rule: Rule) -> None:
    """Write a version down."""
    await tx.execute(
        f"INSERT INTO review_rules ({_RULE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",  # noqa: S608
        *(getattr(rule, name) for name in Rule.__struct_fields__),
    )


async def switch(tx: Tx, merchant_id: int, code: str, *, is_active: bool) -> bool:
    """Switch a rule of the platform for one merchant; says whether that changed anything."""
    touched = await tx.execute(
        """
        INSERT INTO review_switches AS s (merchant_id, code, is_active, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (merchant_id, code) DO UPDATE SET is_active = excluded.is_active, at = excluded.at
        WHERE s.is_active <> excluded.is_active
        """,
        merchant_id,
        code,
        is_active,
        tx.now,
    )
    return touched == 1


async def terms(tx: Tx) -> tuple[int, Terms]:
    """The newest terms with their number; number 0 is what ships with the program."""
    row = await tx.fetchrow("SELECT number, document FROM review_terms ORDER BY number DESC LIMIT 1")
    return (row["number"], msgspec.convert(row["document"], Terms)) if row else (0, Terms())


async def add_terms(tx: Tx, number: int, wanted: Terms) -> None:
    """Write the next terms down."""
    await tx.execute("INSERT INTO review_terms (number, document, at) VALUES ($1, $2, $3)", number, wanted, tx.now)


async def states_of(tx: Tx, order_ids: Collection[int]) -> dict[int, str]:
    """The state of the review of each order that has one."""
    rows = await tx.fetch("SELECT order_id, state FROM reviews WHERE order_id = ANY($1::bigint[])", list(order_ids))
    return {row["order_id"]: row["state"] for row in rows}


async def add(tx: Tx, new: Iterable[tuple[Any, ...]]) -> None:
    """Write new reviews (columns NEW)."""
    await tx.copy("reviews", NEW, new)


def row_of(review_id: int, order: Any, plan: Plan, now: datetime) -> tuple[Any, ...]:
    """A new review as `add` takes it."""
    return (
        review_id, order.id, order.merchant_id, order.buyer_id, plan.owner, plan.on_timeout, plan.reasons,
        plan.checklist, now, plan.due_at, plan.decide_by,
    )  # fmt: skip


async def get(tx: Tx, review_ids: Collection[int]) -> list[Review]:
    """Reviews by id."""
    rows = await tx.fetch(f"SELECT {_ALL} FROM reviews WHERE id = ANY($1::bigint[]) ORDER BY id", list(review_ids))  # noqa: S608
    return [_review(row) for row in rows]


async def of_orders(tx: Tx, order_ids: Collection[int]) -> list[Review]:
    """The reviews of these orders."""
    rows = await tx.fetch(f"SELECT {_ALL} FROM reviews WHERE order_id = ANY($1::bigint[])", list(order_ids))  # noqa: S608
    return [_review(row) for row in rows]


async def lock(tx: Tx, review_ids: Collection[int]) -> list[Review]:
    """Lock reviews, lowest id first; their orders are locked before."""
    rows = await tx.fetch(
        f"SELECT {_ALL} FROM reviews WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
        sorted(review_ids),
    )
    return [_review(row) for row in rows]


async def next_due(
    tx: Tx,
    *,
    merchant_id: int | None,
    owner: str | None,
    ids: Sequence[int] | None,
    limit: int,
    by: tuple[str, int, bool],
) -> list[int]:
    """Reviews that this person may take, first due first; those that somebody else is taking are passed over.

    `by` is (kind, id, whether what the seller's staff signed is not theirs to take); nobody gets what they signed.
    """
    rows = await tx.fetch(
        """
        SELECT id FROM reviews
        WHERE state IN ('open', 'signed', 'escalated') AND ($1::bigint IS NULL OR merchant_id = $1)
          AND ($2::text IS NULL OR owner = $2) AND ($3::bigint[] IS NULL OR id = ANY($3))
          AND (signed_by IS NULL OR NOT ((signed_by_kind, signed_by) = ($4::text, $5::bigint)
                                         OR signed_is_own AND $6::bool))
        ORDER BY due_at, id LIMIT $7 FOR UPDATE SKIP LOCKED
        """,
        merchant_id,
        owner,
        None if ids is None else list(ids),
        *by,
        limit,
    )
    return [row["id"] for row in rows]


async def words_of(tx: Tx, review_id: int) -> tuple[bytes | None, bytes | None]:
    """Question and answer, sealed."""
    row = await tx.fetchrow("SELECT question_sealed, answer_sealed FROM reviews WHERE id = $1", review_id)
    return (row["question_sealed"], row["answer_sealed"]) if row else (None, None)


async def put_off(tx: Tx, review_ids: Collection[int]) -> None:
    """Add the time that the buyer was asked for to what is still to come, of reviews that go on now."""
    await tx.execute(
        """
        UPDATE reviews SET due_at = due_at + ($2 - asked_at), decide_by = decide_by + ($2 - asked_at)
        WHERE id = ANY($1::bigint[])
        """,
        list(review_ids),
        tx.now,
    )


async def bring_forward(tx: Tx, review_ids: Collection[int]) -> None:
    """Of what went up to a lead the next thing that happens by itself is the end."""
    await tx.execute("UPDATE reviews SET due_at = decide_by WHERE id = ANY($1::bigint[])", list(review_ids))


async def block(tx: Tx, review_ids: Collection[int], at: datetime | None) -> None:
    """Write that risk says no since this moment, or that it no longer does."""
    await tx.execute("UPDATE reviews SET blocked_at = $2 WHERE id = ANY($1::bigint[])", list(review_ids), at)


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move reviews along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "reviews", REVIEW, verb, ids, **values)


async def undecided_of(tx: Tx, order_ids: Collection[int]) -> list[int]:
    """Reviews of these orders that nobody has decided."""
    rows = await tx.fetch(
        f"SELECT id FROM reviews WHERE order_id = ANY($1::bigint[]) AND state IN ({_OPEN}) ORDER BY id",  # noqa: S608
        list(order_ids),
    )
    return [row["id"] for row in rows]


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of questions and answers of orders."""
    await tx.execute(
        "UPDATE reviews SET question_sealed = NULL, answer_sealed = NULL WHERE order_id = ANY($1::bigint[])",
        list(order_ids),
    )
