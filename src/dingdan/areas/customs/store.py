"""Every statement of customs. Whoever writes holds the lock of the order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas.customs.lifecycle import CUSTOMS_RETURN
from dingdan.areas.customs.model import CustomsReturn, Import, Release
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_IMPORT = ", ".join(Import.__struct_fields__)
_RELEASE = ", ".join(Release.__struct_fields__)
_RETURN = ", ".join(CustomsReturn.__struct_fields__)


async def note_release(tx: Tx, new: Release) -> None:
    """Write down when an order was released; what was noted before gives way."""
    await tx.execute(
        """
        INSERT INTO customs_releases (order_id, merchant_id, declaration, released_on, noted_at, noted_by_kind, noted_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (order_id) DO UPDATE SET declaration = excluded.declaration, released_on = excluded.released_on,
            noted_at = excluded.noted_at, noted_by_kind = excluded.noted_by_kind, noted_by = excluded.noted_by
        """,
        *msgspec.structs.astuple(new),
    )


async def releases(tx: Tx, order_ids: Iterable[int]) -> list[Release]:
    """The releases of orders."""
    rows = await tx.fetch(
        f"SELECT {_RELEASE} FROM customs_releases WHERE order_id = ANY($1::bigint[]) ORDER BY order_id",  # noqa: S608
        list(order_ids),
    )
    return [Release(**dict(row)) for row in rows]


async def lock_people(tx: Tx, people: Collection[bytes]) -> None:
    """Let orders for the same person come one after the other."""
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended(word, 12))
        FROM (SELECT encode(p, 'hex') AS word FROM unnest($1::bytea[]) AS n (p) ORDER BY word) AS words
        """,
        list(people),
    )


async def imported(tx: Tx, people: Collection[bytes], year: int) -> dict[bytes, int]:
    """What people imported in a year, less what is theirs again."""
    rows = await tx.fetch(
        """
        SELECT person, sum(amount - given_back)::bigint AS used FROM customs_imports
        WHERE person = ANY($1::bytea[]) AND year = $2 GROUP BY person
        """,
        list(people),
        year,
    )
    return {row["person"]: row["used"] for row in rows}


async def add_imports(tx: Tx, new: Sequence[Import]) -> None:
    """Count new orders."""
    await tx.copy("customs_imports", Import.__struct_fields__, [msgspec.structs.astuple(one) for one in new])


async def imports(tx: Tx, order_ids: Iterable[int]) -> list[Import]:
    """What orders count for; most count for nothing."""
    rows = await tx.fetch(
        f"SELECT {_IMPORT} FROM customs_imports WHERE order_id = ANY($1::bigint[]) ORDER BY order_id",  # noqa: S608
        list(order_ids),
    )
    return [Import(**dict(row)) for row in rows]


async def drop_imports(tx: Tx, order_ids: Iterable[int]) -> None:
    """Count these no more, as if they had never been."""
    await tx.execute("DELETE FROM customs_imports WHERE order_id = ANY($1::bigint[])", list(order_ids))


async def set_amounts(tx: Tx, amounts: Mapping[int, int]) -> None:
    """Count so much for each order."""
    await tx.execute(
        """
        UPDATE customs_imports SET amount = n.amount FROM unnest($1::bigint[], $2::bigint[]) AS n (id, amount)
        WHERE order_id = n.id
        """,
        list(amounts),
        list(amounts.values()),
    )


async def set_person(tx: Tx, order_id: int, person: bytes, year: int) -> None:
    """Count an order for somebody else."""
    await tx.execute("UPDATE customs_imports SET person = $2, year = $3 WHERE order_id = $1", order_id, person, year)


async def give_back(tx: Tx, order_id: int, quota: int) -> None:
    """So much of an order is its person's again."""
    await tx.execute("UPDATE customs_imports SET given_back = given_back + $2 WHERE order_id = $1", order_id, quota)


async def forget(tx: Tx, order_ids: Iterable[int]) -> None:
    """Keep no mark of who imported these."""
    await tx.execute("UPDATE customs_imports SET person = NULL WHERE order_id = ANY($1::bigint[])", list(order_ids))


async def add(tx: Tx, new: CustomsReturn) -> None:
    """Write an application."""
    fields = CustomsReturn.__struct_fields__
    await tx.copy("customs_returns", fields, [msgspec.structs.astuple(new)])


async def get(tx: Tx, ids: Iterable[int]) -> list[CustomsReturn]:
    """What goes back, by id."""
    rows = await tx.fetch(
        f"SELECT {_RETURN} FROM customs_returns WHERE id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(ids),
    )
    return [msgspec.convert(dict(row), CustomsReturn) for row in rows]


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> list[CustomsReturn]:
    """What goes back of orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_RETURN} FROM customs_returns WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(order_ids),
    )
    return [msgspec.convert(dict(row), CustomsReturn) for row in rows]


async def move(tx: Tx, verb: str, customs_return_id: int, **values: Any) -> Moved | None:
    """Take one step of its life; None where it may not."""
    moved = await lifecycles.move(tx, "customs_returns", CUSTOMS_RETURN, verb, [customs_return_id], **values)
    return moved.get(customs_return_id)
