"""Every statement of policies."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.policies.model import Edition, Policy, PolicyDocument
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx

Wanted = tuple[int, str]

_HEAD = "id, merchant_id, code, version, hash, effective_from"

# Documents by their hash. What a hash stands for never changes, so forgetting it costs a read and nothing else.
_documents: dict[str, PolicyDocument] = {}
MOST_DOCUMENTS = 500


async def _whole(tx: Tx, rows: Iterable[Any]) -> list[Policy]:
    """Rows without documents made whole; only documents that this process has not seen yet are read."""
    rows = list(rows)
    found = {row["hash"]: _documents[row["hash"]] for row in rows if row["hash"] in _documents}
    if unseen := [row["id"] for row in rows if row["hash"] not in found]:
        read = await tx.fetch("SELECT hash, document FROM policies WHERE id = ANY($1::bigint[])", unseen)
        new = {row["hash"]: msgspec.convert(row["document"], PolicyDocument) for row in read}
        if len(_documents) + len(new) > MOST_DOCUMENTS:
            _documents.clear()
        _documents.update(new)
        found |= new
    return [_policy(row, found[row["hash"]]) for row in rows]


def _policy(row: Any, document: PolicyDocument) -> Policy:
    return Policy(
        id=row["id"],
        merchant_id=row["merchant_id"],
        code=row["code"],
        version=row["version"],
        hash=row["hash"],
        effective_from=row["effective_from"],
        document=document,
    )


async def in_force(tx: Tx, wanted: Collection[Wanted], at: datetime) -> dict[Wanted, Policy]:
    """The newest version in force of each (merchant, code): the merchant's own, else the pack of that code."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (w.m, w.c) w.m AS asked_by, p.*
        FROM unnest($1::bigint[], $2::text[]) AS w (m, c)
        JOIN LATERAL (
            SELECT id, merchant_id, code, version, hash, effective_from FROM policies
            WHERE code = w.c AND (merchant_id = w.m OR merchant_id IS NULL) AND effective_from <= $3
              AND withdrawn_at IS NULL
        ) p ON true
        ORDER BY w.m, w.c, p.merchant_id NULLS LAST, p.effective_from DESC, p.id DESC
        """,
        [merchant_id for merchant_id, _ in wanted],
        [code for _, code in wanted],
        at,
    )
    return await whole(tx, rows)


def asking_in_force(merchant_ids: Collection[int], at: datetime) -> Ask[Sequence[Any]]:
    """Rows of the newest versions in force of every code that these merchants may use; `whole` makes policies of them."""
    names = ("asked_by", *_HEAD.split(", "))
    sql = f"""
        SELECT DISTINCT ON (w.m, p.code) w.m AS asked_by, {_HEAD} FROM unnest($1::bigint[]) AS w (m)
        JOIN policies p ON (p.merchant_id = w.m OR p.merchant_id IS NULL) AND p.effective_from <= $2
          AND p.withdrawn_at IS NULL
        ORDER BY w.m, p.code, p.merchant_id NULLS LAST, p.effective_from DESC, p.id DESC
        """  # noqa: S608 - our own columns
    return Ask(sql, (list(merchant_ids), at), names, list)


async def whole(tx: Tx, rows: Sequence[Any]) -> dict[Wanted, Policy]:
    """The policies of rows that were asked for, by who asked and their code."""
    policies = await _whole(tx, rows)
    return {(row["asked_by"], row["code"]): policy for row, policy in zip(rows, policies, strict=True)}


async def by_ids(tx: Tx, ids: Collection[int]) -> list[Policy]:
    """Versions by id."""
    rows = await tx.fetch(f"SELECT {_HEAD} FROM policies WHERE id = ANY($1::bigint[])", list(ids))  # noqa: S608
    return await _whole(tx, rows)


async def versions(tx: Tx, merchant_id: int | None, code: str) -> list[Policy]:
    """Every version of one code that this merchant (None: the program) published and did not take back, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM policies
        WHERE merchant_id IS NOT DISTINCT FROM $1 AND code = $2 AND withdrawn_at IS NULL
        ORDER BY effective_from DESC, id DESC LIMIT 500
        """,  # noqa: S608
        merchant_id,
        code,
    )
    return await _whole(tx, rows)


async def listed(tx: Tx, merchant_id: int | None, after: int, limit: int) -> list[Policy]:
    """Versions that one merchant may use (None: all there are), by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM policies
        WHERE ($1::bigint IS NULL OR merchant_id = $1 OR merchant_id IS NULL) AND id > $2 ORDER BY id LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return await _whole(tx, rows)


async def published(
    tx: Tx, merchant_id: int | None, code: str, version: str, *, packs_too: bool = True
) -> Policy | None:
    """One version that was published and not taken back: the merchant's own, else the pack's."""
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM policies
        WHERE (merchant_id IS NOT DISTINCT FROM $1 OR $4 AND merchant_id IS NULL) AND code = $2 AND version = $3
          AND withdrawn_at IS NULL
        ORDER BY merchant_id NULLS LAST LIMIT 1
        """,  # noqa: S608
        merchant_id,
        code,
        version,
        packs_too,
    )
    return next(iter(await _whole(tx, rows)), None)


async def upcoming(tx: Tx, merchant_id: int | None, code: str, now: datetime) -> Policy | None:
    """The next version of a code that was announced and does not apply yet."""
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM policies
        WHERE merchant_id IS NOT DISTINCT FROM $1 AND code = $2 AND withdrawn_at IS NULL AND effective_from > $3
        ORDER BY effective_from, id LIMIT 1
        """,  # noqa: S608
        merchant_id,
        code,
        now,
    )
    return next(iter(await _whole(tx, rows)), None)


async def add(tx: Tx, policy: Policy) -> None:
    """Write a version down, for ever."""
    await tx.execute(
        """
        INSERT INTO policies (id, merchant_id, code, version, hash, document, effective_from, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        policy.id,
        policy.merchant_id,
        policy.code,
        policy.version,
        policy.hash,
        policy.document,
        policy.effective_from,
        tx.now,
    )


async def packs(tx: Tx) -> list[Policy]:
    """Every version of every pack."""
    return await _whole(tx, await tx.fetch(f"SELECT {_HEAD} FROM policies WHERE merchant_id IS NULL ORDER BY id"))  # noqa: S608


async def draft_packs(tx: Tx, made: Sequence[Policy]) -> bool:
    """Begin versions of packs; nothing is begun and False comes back where one of them is there already."""
    written = await tx.execute(
        """
        INSERT INTO policy_editions (id, code, label, drafted_at)
        SELECT i, c, v, $4 FROM unnest($1::bigint[], $2::text[], $3::text[]) AS new (i, c, v)
        WHERE NOT EXISTS (SELECT FROM policy_editions WHERE merchant_id IS NULL)
        ON CONFLICT (merchant_id, code, label) DO NOTHING
        """,
        [one.id for one in made],
        [one.code for one in made],
        [one.version for one in made],
        tx.now,
    )
    assert written in (0, len(made)), "packs are loaded all together"
    return written > 0


async def add_packs(tx: Tx, made: Sequence[Policy]) -> None:
    """Write versions of packs down, for ever."""
    await tx.copy("policies", (
        "id", "merchant_id", "code", "version", "hash", "document", "effective_from", "created_at",
    ), [
        (one.id, None, one.code, one.version, one.hash, one.document, one.effective_from, tx.now) for one in made
    ])  # fmt: skip


async def take_back(tx: Tx, ids: Collection[int]) -> None:
    """Note that versions that were announced will not apply."""
    await tx.execute("UPDATE policies SET withdrawn_at = $2 WHERE id = ANY($1::bigint[])", list(ids), tx.now)


_EDITION = """
    e.id, e.merchant_id, e.code, e.label, e.state, e.version, e.extends, e.given, e.drafted_at, e.announced_at,
    e.began_at, e.ended_at, p.effective_from, p.hash
"""


async def draft(
    tx: Tx,
    edition_id: int,
    merchant_id: int | None,
    code: str,
    label: str,
    *,
    extends: str | None,
    given: Mapping[str, Any] | None,
) -> bool:
    """Begin a version as a draft; False where this (merchant, code, label) is there already."""
    written = await tx.execute(
        """
        INSERT INTO policy_editions (id, merchant_id, code, label, extends, given, drafted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (merchant_id, code, label) DO NOTHING
        """,
        edition_id,
        merchant_id,
        code,
        label,
        extends,
        given,
        tx.now,
    )
    return written == 1


async def rewrite(tx: Tx, edition_id: int, extends: str | None, given: Mapping[str, Any]) -> None:
    """Say a draft anew."""
    await tx.execute("UPDATE policy_editions SET extends = $2, given = $3 WHERE id = $1", edition_id, extends, given)


async def editions(tx: Tx, ids: Collection[int]) -> list[Edition]:
    """Versions by id, drafts too."""
    rows = await tx.fetch(
        f"""
        SELECT {_EDITION} FROM policy_editions e LEFT JOIN policies p ON p.id = e.id
        WHERE e.id = ANY($1::bigint[]) ORDER BY e.id
        """,  # noqa: S608
        list(ids),
    )
    return [msgspec.convert(dict(row), Edition) for row in rows]


async def lock_editions(tx: Tx, ids: Collection[int]) -> list[Edition]:
    """The same, held until the end of the transaction."""
    await tx.fetch("SELECT id FROM policy_editions WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE", sorted(ids))
    return await editions(tx, ids)


async def hold_codes(tx: Tx, codes: Collection[tuple[int | None, str]]) -> None:
    """Wait until nobody else publishes or starts versions of these codes of these merchants (None: the program's)."""
    for merchant_id, code in sorted(codes, key=lambda one: (one[0] or 0, one[1])):
        await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))", f"policy:{code}", merchant_id or 0)


async def lock_edition(tx: Tx, merchant_id: int | None, code: str, label: str) -> Edition | None:
    """The version of that name, held until the end of the transaction."""
    found = await tx.fetchval(
        """
        SELECT id FROM policy_editions WHERE merchant_id IS NOT DISTINCT FROM $1 AND code = $2 AND label = $3 FOR UPDATE
        """,
        merchant_id,
        code,
        label,
    )
    return (await editions(tx, [found]))[0] if found is not None else None


async def others_in_force(tx: Tx, one: Edition) -> dict[int, bool]:
    """What else is in force of a version's code, locked: {id: whether it begins later}."""
    rows = await tx.fetch(
        """
        SELECT e.id, (p.effective_from, p.id) > ($4::timestamptz, $3::bigint) AS is_later
        FROM policy_editions e JOIN policies p ON p.id = e.id
        WHERE e.merchant_id IS NOT DISTINCT FROM $1 AND e.code = $2 AND e.id <> $3 AND e.state = 'in_force'
        ORDER BY e.id FOR UPDATE OF e
        """,
        one.merchant_id,
        one.code,
        one.id,
        one.effective_from,
    )
    return {row["id"]: row["is_later"] for row in rows}


async def history(tx: Tx, merchant_id: int | None, code: str | None, after: int, limit: int) -> list[Edition]:
    """Versions that one merchant may see, drafts only its own, oldest first; None: all there are."""
    rows = await tx.fetch(
        f"""
        SELECT {_EDITION} FROM policy_editions e LEFT JOIN policies p ON p.id = e.id
        WHERE ($1::bigint IS NULL OR e.merchant_id = $1 OR e.merchant_id IS NULL AND e.announced_at IS NOT NULL)
          AND ($2::text IS NULL OR e.code = $2) AND e.id > $3
        ORDER BY e.id LIMIT $4
        """,  # noqa: S608
        merchant_id,
        code,
        after,
        limit,
    )
    return [msgspec.convert(dict(row), Edition) for row in rows]


async def note_notice(tx: Tx, order_id: int, merchant_id: int, told_at: datetime | None) -> None:
    """Write down that a buyer was not told of the right to return when buying, and since when they know."""
    await tx.execute(
        """
        INSERT INTO late_notices (order_id, merchant_id, told_at, noted_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (order_id) DO UPDATE SET told_at = excluded.told_at, noted_at = excluded.noted_at
        WHERE late_notices.told_at IS DISTINCT FROM excluded.told_at
        """,
        order_id,
        merchant_id,
        told_at,
        tx.now,
    )


async def notices(tx: Tx, order_ids: Collection[int]) -> dict[int, datetime | None]:
    """Orders whose buyers were not told when they bought: {order: since when they know}."""
    rows = await tx.fetch(
        "SELECT order_id, told_at FROM late_notices WHERE order_id = ANY($1::bigint[])", list(order_ids)
    )
    return {row["order_id"]: row["told_at"] for row in rows}
