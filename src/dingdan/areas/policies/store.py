"""Every statement of policies."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.policies.model import Policy, PolicyDocument
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
        ) p ON true
        ORDER BY w.m, w.c, p.merchant_id NULLS LAST, p.effective_from DESC, p.id DESC
        """,
        [merchant_id for merchant_id, _ in wanted],
        [code for _, code in wanted],
        at,
    )
    policies = await _whole(tx, rows)
    return {(row["asked_by"], row["code"]): policy for row, policy in zip(rows, policies, strict=True)}


async def by_ids(tx: Tx, ids: Collection[int]) -> list[Policy]:
    """Versions by id."""
    rows = await tx.fetch(f"SELECT {_HEAD} FROM policies WHERE id = ANY($1::bigint[])", list(ids))  # noqa: S608
    return await _whole(tx, rows)


async def versions(tx: Tx, merchant_id: int | None, code: str) -> list[Policy]:
    """Every version of one code that this merchant (None: the program) published, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM policies WHERE merchant_id IS NOT DISTINCT FROM $1 AND code = $2
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


async def add(tx: Tx, policy: Policy) -> bool:
    """Write a version down; False where this (merchant, code, version) is there already."""
    written = await tx.execute(
        """
        INSERT INTO policies (id, merchant_id, code, version, hash, document, effective_from, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (merchant_id, code, version) DO NOTHING
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
    return written == 1
