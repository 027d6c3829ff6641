"""Statements about staff, and about buyers and how they are reached."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from dingdan.areas.identity.model import Staff
from dingdan.areas.identity.store.keys import (
    add_key as add_key,
)
from dingdan.areas.identity.store.keys import (
    key_by_id as key_by_id,
)
from dingdan.areas.identity.store.keys import (
    keys_with_staff as keys_with_staff,
)
from dingdan.areas.identity.store.keys import (
    list_keys as list_keys,
)
from dingdan.areas.identity.store.keys import (
    note_use as note_use,
)
from dingdan.areas.identity.store.keys import (
    replace_key as replace_key,
)
from dingdan.areas.identity.store.keys import (
    revoke_key as revoke_key,
)
from dingdan.plumbing.tx import Tx

_STAFF = ", ".join(Staff.__struct_fields__)

# What a contact is found by: its merchant and a keyed hash.
Ref = tuple[int, bytes]


def _staff(row: Any) -> Staff:
    return Staff(**{**dict(row), "roles": tuple(row["roles"])})


async def staff_by_login(tx: Tx, login: str) -> Staff | None:
    """The one with this login, locked."""
    row = await tx.fetchrow(f"SELECT {_STAFF} FROM staff WHERE login = $1 FOR UPDATE", login)  # noqa: S608 - our columns
    return _staff(row) if row else None


async def lock_staff(tx: Tx, staff_id: int) -> Staff | None:
    """The one with this id, locked."""
    row = await tx.fetchrow(f"SELECT {_STAFF} FROM staff WHERE id = $1 FOR UPDATE", staff_id)  # noqa: S608 - our columns
    return _staff(row) if row else None


async def staff_by_ids(tx: Tx, ids: Collection[int]) -> dict[int, Staff]:
    """Members of staff by id."""
    rows = await tx.fetch(f"SELECT {_STAFF} FROM staff WHERE id = ANY($1::bigint[])", list(ids))  # noqa: S608
    return {row["id"]: _staff(row) for row in rows}


async def staff_named(tx: Tx, words: Collection[str], houses: Collection[int | None]) -> list[Staff]:
    """Active people of these merchants, or of none, who have one of these words as their login or their name."""
    rows = await tx.fetch(
        f"""
        SELECT {_STAFF} FROM staff
        WHERE active AND (login = ANY($1::text[]) OR name = ANY($2::text[]))
            AND (merchant_id = ANY($3::bigint[]) OR merchant_id IS NULL AND $4)
        ORDER BY id LIMIT 200
        """,  # noqa: S608 - our columns
        [word.lower() for word in words],
        list(words),
        [house for house in houses if house is not None],
        None in houses,
    )
    return [_staff(row) for row in rows]


async def staff_with_role(tx: Tx, merchant_id: int, role: str) -> list[Staff]:
    """Active people of one merchant or of the platform who have a role."""
    rows = await tx.fetch(
        """
        SELECT id, merchant_id, login, name, roles, active FROM staff
        WHERE active AND (merchant_id IS NULL OR merchant_id = $1) AND $2 = ANY(roles) ORDER BY id LIMIT 1000
        """,
        merchant_id,
        role,
    )
    return [Staff(**{**dict(row), "roles": tuple(row["roles"])}) for row in rows]


async def staff_of(tx: Tx, houses: Collection[int | None], roles: Collection[str], limit: int) -> list[Staff]:
    """Active people of these merchants (None: of the platform) who have one of these roles, by name."""
    rows = await tx.fetch(
        f"""
        SELECT {_STAFF} FROM staff
        WHERE active AND roles && $1::text[] AND (merchant_id = ANY($2::bigint[]) OR merchant_id IS NULL AND $3)
        ORDER BY name, id LIMIT $4
        """,  # noqa: S608 - our columns
        sorted(roles),
        [house for house in houses if house is not None],
        None in houses,
        limit,
    )
    return [_staff(row) for row in rows]


async def list_staff(tx: Tx, merchant_id: int | None, after: int, limit: int) -> list[Staff]:
    """Staff of one merchant, or of all, by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_STAFF} FROM staff WHERE ($1::bigint IS NULL OR merchant_id = $1) AND id > $2 ORDER BY id LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_staff(row) for row in rows]


async def save_staff(tx: Tx, staff: Staff) -> Staff | None:
    """Add somebody or change what is different; None where somebody else took the login just now."""
    row = await tx.fetchrow(
        f"""
        INSERT INTO staff (id, merchant_id, login, name, roles, active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (login) DO UPDATE SET name = excluded.name, roles = excluded.roles, active = excluded.active
        WHERE staff.merchant_id IS NOT DISTINCT FROM excluded.merchant_id AND staff.id = $8
        RETURNING {_STAFF}
        """,  # noqa: S608
        tx.mint(),
        staff.merchant_id,
        staff.login,
        staff.name,
        list(staff.roles),
        staff.active,
        tx.now,
        staff.id,
    )
    return _staff(row) if row else None


async def buyers_with_keys(tx: Tx, refs: Iterable[Ref]) -> dict[Ref, tuple[int, bytes]]:
    """Buyers that are known by these hashes, with their wrapped keys; nobody can be forgotten until we are done."""
    rows = await tx.fetch(
        """
        SELECT b.merchant_id, b.ref_hash, b.id, k.wrapped
        FROM unnest($1::bigint[], $2::bytea[]) AS w (m, h)
        JOIN buyers b ON b.merchant_id = w.m AND b.ref_hash = w.h
        JOIN subject_keys k ON k.subject_id = b.id
        ORDER BY b.id FOR KEY SHARE OF b
        """,
        *_columns(refs, 2),
    )
    return {(row["merchant_id"], row["ref_hash"]): (row["id"], row["wrapped"]) for row in rows}


async def buyers_by_ref(tx: Tx, refs: Iterable[Ref]) -> dict[Ref, int]:
    """Buyers that are known by these hashes."""
    rows = await tx.fetch(
        """
        SELECT b.merchant_id, b.ref_hash, b.id FROM unnest($1::bigint[], $2::bytea[]) AS w (m, h)
        JOIN buyers b ON b.merchant_id = w.m AND b.ref_hash = w.h
        """,
        *_columns(refs, 2),
    )
    return {(row["merchant_id"], row["ref_hash"]): row["id"] for row in rows}


async def add_buyers(tx: Tx, new: Sequence[tuple[int, int, bytes, bytes, bytes]]) -> set[int]:
    """Write buyers (id, merchant, hash, sealed, wrapped key) that nobody else wrote meanwhile; says which they are."""
    rows = await tx.fetch(
        """
        WITH new AS (
            INSERT INTO buyers (id, merchant_id, ref_hash, sealed, created_at)
            SELECT i, m, h, s, $6
            FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) AS w (i, m, h, s)
            ORDER BY m, h
            ON CONFLICT (merchant_id, ref_hash) DO NOTHING
            RETURNING id
        ), keys AS (
            INSERT INTO subject_keys (subject_id, wrapped, created_at)
            SELECT i, k, $6 FROM unnest($1::bigint[], $5::bytea[]) AS w (i, k) WHERE i IN (SELECT id FROM new)
        )
        SELECT id FROM new
        """,
        *_columns(new, 5),
        tx.now,
    )
    return {row["id"] for row in rows}


CONTACT_COLUMNS = (
    "id", "merchant_id", "buyer_id", "country", "province", "city", "sealed", "phone_hash", "phone_tail_hash",
    "name_hash", "address_hash", "device_hash", "created_at",
)  # fmt: skip


async def add_contacts(tx: Tx, rows: Iterable[Sequence[Any]]) -> None:
    """Write snapshots, sealed already."""
    await tx.copy("contacts", CONTACT_COLUMNS, rows)


async def countries(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """The country of each of these snapshots; those that were emptied have none any more."""
    rows = await tx.fetch("SELECT id, country FROM contacts WHERE id = ANY($1::bigint[])", list(ids))
    return {row["id"]: row["country"] or "" for row in rows}


async def sealed_contacts(tx: Tx, ids: Collection[int]) -> list[Any]:
    """Snapshots as they lie, each with its buyer's sealed name and wrapped key (NULL once destroyed)."""
    return await tx.fetch(
        """
        SELECT c.id, c.merchant_id, c.buyer_id, c.country, c.province, c.city, c.sealed, b.sealed AS ref, k.wrapped
        FROM contacts c JOIN buyers b ON b.id = c.buyer_id LEFT JOIN subject_keys k ON k.subject_id = c.buyer_id
        WHERE c.id = ANY($1::bigint[])
        """,
        list(ids),
    )


async def lock_contact(tx: Tx, contact_id: int) -> Any:
    """A snapshot as it lies with its buyer's key, where there is one still; nobody forgets them until we are done."""
    return await tx.fetchrow(
        """
        SELECT c.merchant_id, c.buyer_id, c.sealed, c.device_hash, b.sealed AS ref, k.wrapped
        FROM contacts c JOIN buyers b ON b.id = c.buyer_id JOIN subject_keys k ON k.subject_id = c.buyer_id
        WHERE c.id = $1 FOR KEY SHARE OF b
        """,
        contact_id,
    )


async def seal_marks(tx: Tx, ids: Collection[int]) -> dict[int, str | None]:
    """The SHA-256 of what is sealed in these snapshots, in hex; NULL where nothing is left."""
    rows = await tx.fetch(
        """
        SELECT id, CASE WHEN sealed <> '' THEN encode(sha256(sealed), 'hex') END AS mark
        FROM contacts WHERE id = ANY($1::bigint[])
        """,
        list(ids),
    )
    return {row["id"]: row["mark"] for row in rows}


async def recipients(tx: Tx, ids: Collection[int]) -> dict[int, bytes]:
    """One mark over the hashes of name, phone and address of each snapshot that has all three."""
    rows = await tx.fetch(
        """
        SELECT id, sha256(name_hash || phone_hash || address_hash) AS mark FROM contacts
        WHERE id = ANY($1::bigint[]) AND name_hash <> '' AND phone_hash <> '' AND address_hash <> ''
        """,
        list(ids),
    )
    return {row["id"]: row["mark"] for row in rows}


async def subject_keys(tx: Tx, ids: Collection[int]) -> dict[int, bytes]:
    """The wrapped keys of people; who was forgotten has none."""
    rows = await tx.fetch(
        "SELECT subject_id, wrapped FROM subject_keys WHERE subject_id = ANY($1::bigint[])", list(ids)
    )
    return {row["subject_id"]: row["wrapped"] for row in rows}


async def contacts_by_phone(tx: Tx, merchant_id: int, phone_hash: bytes, limit: int) -> list[int]:
    """The newest snapshots with this phone number."""
    rows = await tx.fetch(
        "SELECT id FROM contacts WHERE merchant_id = $1 AND phone_hash = $2 ORDER BY id DESC LIMIT $3",
        merchant_id,
        phone_hash,
        limit,
    )
    return [row["id"] for row in rows]


async def people(tx: Tx, column: str, hashes: Sequence[tuple[int, bytes]], limit: int) -> list[Any]:
    """The newest snapshots that have these hashes, each within its merchant, with their buyers."""
    rows: list[Any] = await tx.fetch(
        f"""
        SELECT c.id, c.buyer_id FROM unnest($1::bigint[], $2::bytea[]) AS w (merchant_id, hash)
        JOIN contacts c ON c.merchant_id = w.merchant_id AND c.{column} = w.hash AND c.{column} <> ''
        ORDER BY c.id DESC LIMIT $3
        """,  # noqa: S608 - a column of ours
        [merchant_id for merchant_id, _ in hashes],
        [hashed for _, hashed in hashes],
        limit,
    )
    return rows


async def standing(tx: Tx, contact_ids: Collection[int], within: timedelta) -> list[Any]:
    """Since when buyers are known, and other buyers of the last time at their addresses and on their devices."""

    def others(column: str) -> str:
        return f"""
            SELECT COALESCE(array_agg(seen), '{{}}') AS moments FROM (
                SELECT max(created_at) AS seen FROM (
                    SELECT buyer_id, created_at FROM contacts o
                    WHERE o.merchant_id = c.merchant_id AND o.{column} = c.{column} AND o.{column} <> '' AND o.id < c.id
                    ORDER BY o.id DESC LIMIT 500
                ) last WHERE last.buyer_id <> c.buyer_id AND last.created_at >= c.created_at - $2::interval
                GROUP BY last.buyer_id
            ) each_one
        """  # noqa: S608 - our columns

    return await tx.fetch(
        f"""
        SELECT c.id, b.created_at AS buyer_since, a.moments AS at_address, d.moments AS at_device
        FROM contacts c JOIN buyers b ON b.id = c.buyer_id
        CROSS JOIN LATERAL ({others("address_hash")}) a CROSS JOIN LATERAL ({others("device_hash")}) d
        WHERE c.id = ANY($1::bigint[])
        """,  # noqa: S608
        list(contact_ids),
        within,
    )


async def lock_buyer(tx: Tx, buyer_id: int) -> Any:
    """A buyer's merchant and whether they were forgotten; waits for orders that are being written for them."""
    return await tx.fetchrow("SELECT merchant_id, forgotten_at FROM buyers WHERE id = $1 FOR UPDATE", buyer_id)


async def forget(tx: Tx, buyer_id: int, nobody: bytes) -> None:
    """Destroy the key and everything that could find the person again; the region stays for the books."""
    await tx.execute(
        "UPDATE buyers SET ref_hash = $2, sealed = '', forgotten_at = $3 WHERE id = $1",
        buyer_id,
        nobody,
        tx.now,
    )
    await tx.execute("DELETE FROM subject_keys WHERE subject_id = $1", buyer_id)
    await tx.execute(
        """
        UPDATE contacts SET sealed = '', phone_hash = '', phone_tail_hash = '', name_hash = '', address_hash = '',
            device_hash = '' WHERE buyer_id = $1
        """,
        buyer_id,
    )


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into the arrays that unnest takes; also when there are none."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


async def drop_contacts(tx: Tx, contact_ids: Sequence[int]) -> None:
    """Delete snapshots that nothing points to yet."""
    await tx.execute("DELETE FROM contacts WHERE id = ANY($1::bigint[])", list(contact_ids))


async def copy_contact(tx: Tx, contact_id: int, new_id: int, *, sealed: bytes | None = None) -> None:
    """Write the same snapshot under another id, as it lies there, or with something else `sealed` in it."""
    same = ", ".join(name for name in CONTACT_COLUMNS if name not in ("id", "sealed", "created_at"))
    await tx.execute(
        f"""
        INSERT INTO contacts (id, created_at, sealed, {same})
        SELECT $2, $3, COALESCE($4, sealed), {same} FROM contacts WHERE id = $1
        """,  # noqa: S608 - our columns
        contact_id,
        new_id,
        tx.now,
        sealed,
    )


async def empty_contacts(tx: Tx, contact_ids: Iterable[int]) -> None:
    """Let go of what is sealed in snapshots; the region and the hashes stay."""
    await tx.execute("UPDATE contacts SET sealed = '' WHERE id = ANY($1::bigint[])", sorted(contact_ids))


async def erase_contacts(tx: Tx, contact_ids: Iterable[int]) -> None:
    """Let go of everything in snapshots by which somebody could be found; the region stays for the books."""
    await tx.execute(
        """
        UPDATE contacts SET sealed = '', phone_hash = '', phone_tail_hash = '', name_hash = '', address_hash = '',
            device_hash = '' WHERE id = ANY($1::bigint[])
        """,
        sorted(contact_ids),
    )
