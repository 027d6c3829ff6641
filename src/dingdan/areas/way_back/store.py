"""Every statement of the way back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.way_back.lifecycle import STRAY
from dingdan.areas.way_back.model import Label, PlaceVersion, ReturnScan, Stray, StrayPicture
from dingdan.kernel.address import Address
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_PLACE = ", ".join(PlaceVersion.__struct_fields__)
_LABEL = ", ".join(Label.__struct_fields__)
_STRAY = ", ".join(Stray.__struct_fields__)
_STRAY_PICTURE = ", ".join(StrayPicture.__struct_fields__)


async def add_places(
    tx: Tx, rows: Sequence[tuple[int, int, int, int, Address]], *, is_agreed: bool | None
) -> list[int]:
    """Write addresses (return, version, merchant, order, address); says of which returns they were new."""
    found = await tx.fetch(
        """
        INSERT INTO return_addresses (return_id, version, merchant_id, order_id, address, at, noted_by_kind, noted_by,
                                      answered_at, is_agreed)
        SELECT r, v, m, o, a::jsonb, $6::timestamptz, $7, $8, CASE WHEN $9::bool THEN $6::timestamptz END, $9
        FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::text[]) AS new (r, v, m, o, a)
        ORDER BY r ON CONFLICT DO NOTHING RETURNING return_id
        """,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
        [row[3] for row in rows],
        [msgspec.json.encode(row[4]).decode() for row in rows],
        tx.now,
        str(tx.actor.kind),
        tx.actor.id,
        is_agreed,
    )
    return sorted(row["return_id"] for row in found)


async def places(tx: Tx, return_ids: Iterable[int]) -> list[PlaceVersion]:
    """Every address that was given for returns, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_PLACE} FROM return_addresses WHERE return_id = ANY($1::bigint[]) ORDER BY return_id, version",  # noqa: S608
        list(return_ids),
    )
    return [msgspec.convert(dict(row), PlaceVersion) for row in rows]


async def answer_place(tx: Tx, return_id: int, version: int, *, is_agreed: bool) -> None:
    """Write what the buyer says to another address."""
    await tx.execute(
        "UPDATE return_addresses SET answered_at = $3, is_agreed = $4 WHERE return_id = $1 AND version = $2",
        return_id,
        version,
        tx.now,
        is_agreed,
    )


async def add_label(tx: Tx, label: Label) -> None:
    """Write a label down."""
    fields = Label.__struct_fields__
    await tx.copy("return_labels", fields, [tuple(getattr(label, name) for name in fields)])


async def labels_of(tx: Tx, return_ids: Iterable[int]) -> list[Label]:
    """The labels that were made for returns."""
    rows = await tx.fetch(
        f"SELECT {_LABEL} FROM return_labels WHERE return_ids && $1::bigint[] ORDER BY id",  # noqa: S608
        list(return_ids),
    )
    return [msgspec.convert(dict(row), Label) for row in rows]


async def labels(tx: Tx, ids: Iterable[int]) -> list[Label]:
    """Labels by id."""
    rows = await tx.fetch(f"SELECT {_LABEL} FROM return_labels WHERE id = ANY($1::bigint[])", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), Label) for row in rows]


async def labels_by_number(tx: Tx, numbers: Iterable[tuple[str, str]]) -> list[Label]:
    """Labels by (carrier, number)."""
    wanted = list(numbers)
    rows = await tx.fetch(
        f"""
        SELECT {_LABEL} FROM return_labels
        WHERE (carrier, tracking_number) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        """,  # noqa: S608
        [carrier for carrier, _ in wanted],
        [number for _, number in wanted],
    )
    return [msgspec.convert(dict(row), Label) for row in rows]


async def charge_labels(tx: Tx, ids: Iterable[int]) -> set[int]:
    """These labels were used; says for which that is news."""
    rows = await tx.fetch(
        "UPDATE return_labels SET used_at = $2 WHERE id = ANY($1::bigint[]) AND used_at IS NULL RETURNING id",
        list(ids),
        tx.now,
    )
    return {row["id"] for row in rows}


async def parcels_by_number(tx: Tx, numbers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Parcels on their way back by (carrier, number), with their returns."""
    wanted = list(numbers)
    rows = await tx.fetch(
        """
        SELECT p.id, p.merchant_id, p.carrier, p.tracking_number, array_agg(i.return_id ORDER BY i.return_id) AS return_ids
        FROM return_parcels p JOIN return_parcel_items i ON i.return_parcel_id = p.id
        WHERE (p.carrier, p.tracking_number) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        GROUP BY p.id ORDER BY p.id
        """,
        [carrier for carrier, _ in wanted],
        [number for _, number in wanted],
    )
    return {(row["carrier"], row["tracking_number"]): row for row in rows}


async def parcels(tx: Tx, ids: Iterable[int]) -> list[Any]:
    """Parcels on their way back by id, with their returns."""
    found: list[Any] = await tx.fetch(
        """
        SELECT p.id, p.merchant_id, p.carrier, p.tracking_number, p.sent_at,
               array_agg(i.return_id ORDER BY i.return_id) AS return_ids
        FROM return_parcels p JOIN return_parcel_items i ON i.return_parcel_id = p.id
        WHERE p.id = ANY($1::bigint[]) GROUP BY p.id ORDER BY p.id
        """,
        list(ids),
    )
    return found


async def add_scans(tx: Tx, rows: Sequence[tuple[int, int, ReturnScan]]) -> set[int]:
    """Write scans (place, merchant, scan); says the places of those that were new."""
    found = await tx.fetch(
        """
        INSERT INTO return_scans (return_parcel_id, event_id, merchant_id, code, at, place)
        SELECT DISTINCT ON (p, e) p, e, m, c, a, w
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::text[])
            AS new (p, e, m, c, a, w)
        ON CONFLICT DO NOTHING RETURNING return_parcel_id, event_id
        """,
        [scan.return_parcel_id for _, _, scan in rows],
        [scan.event_id for _, _, scan in rows],
        [merchant_id for _, merchant_id, _ in rows],
        [scan.code for _, _, scan in rows],
        [scan.at for _, _, scan in rows],
        [scan.place for _, _, scan in rows],
    )
    new = {(row["return_parcel_id"], row["event_id"]) for row in found}
    places: dict[tuple[int, str], int] = {}
    for place, _, scan in rows:
        places.setdefault((scan.return_parcel_id, scan.event_id), place)
    return {place for key, place in places.items() if key in new}


async def scans_of(tx: Tx, parcel_ids: Iterable[int]) -> list[ReturnScan]:
    """What carriers told of parcels, oldest first."""
    rows = await tx.fetch(
        """
        SELECT return_parcel_id, event_id, code, at, place FROM return_scans
        WHERE return_parcel_id = ANY($1::bigint[]) ORDER BY at, event_id LIMIT 1000
        """,
        list(parcel_ids),
    )
    return [ReturnScan(**dict(row)) for row in rows]


async def add_stray(tx: Tx, stray: Stray) -> bool:
    """Write a parcel down that nobody announced; says whether it is new."""
    fields = Stray.__struct_fields__
    marks = ", ".join(f"${n}" for n in range(1, len(fields) + 1))
    values = [str(stray.state) if name == "state" else getattr(stray, name) for name in fields]
    return bool(
        await tx.fetchval(
            f"INSERT INTO strays ({_STRAY}) VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING id",  # noqa: S608
            *values,
        )
    )


async def strays(tx: Tx, ids: Iterable[int]) -> list[Stray]:
    """Such parcels by id."""
    rows = await tx.fetch(f"SELECT {_STRAY} FROM strays WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), Stray) for row in rows]


async def stray_by_number(tx: Tx, merchant_id: int, carrier: str, number: str) -> Stray | None:
    """The parcel with this number, if somebody unloaded it before."""
    row = await tx.fetchrow(
        f"SELECT {_STRAY} FROM strays WHERE merchant_id = $1 AND carrier = $2 AND tracking_number = $3",  # noqa: S608
        merchant_id,
        carrier,
        number,
    )
    return None if row is None else msgspec.convert(dict(row), Stray)


async def lock_stray(tx: Tx, stray_id: int) -> Stray | None:
    """One such parcel, locked."""
    row = await tx.fetchrow(f"SELECT {_STRAY} FROM strays WHERE id = $1 FOR UPDATE", stray_id)  # noqa: S608
    return None if row is None else msgspec.convert(dict(row), Stray)


async def move_strays(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move such parcels; only those that may go."""
    return await lifecycles.move(tx, "strays", STRAY, verb, ids, **values)


async def add_stray_picture(tx: Tx, new: StrayPicture) -> None:
    """Write down a picture of such a parcel."""
    await tx.execute(
        f"INSERT INTO stray_pictures ({_STRAY_PICTURE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",  # noqa: S608
        *msgspec.structs.astuple(new),
    )


async def stray_pictures(tx: Tx, stray_id: int) -> list[StrayPicture]:
    """The pictures of such a parcel, oldest first."""
    rows = await tx.fetch(f"SELECT {_STRAY_PICTURE} FROM stray_pictures WHERE stray_id = $1 ORDER BY id", stray_id)  # noqa: S608
    return [msgspec.convert(dict(row), StrayPicture) for row in rows]


async def stray_picture(tx: Tx, picture_id: int) -> StrayPicture | None:
    """One picture."""
    row = await tx.fetchrow(f"SELECT {_STRAY_PICTURE} FROM stray_pictures WHERE id = $1", picture_id)  # noqa: S608
    return None if row is None else msgspec.convert(dict(row), StrayPicture)


async def orders_by_number(tx: Tx, merchant_id: int, number: str) -> list[int]:
    """Orders that we sent under this number: a parcel that nobody took comes back with it."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT l.order_id FROM parcels p JOIN parcel_lines l ON l.parcel_id = p.id
        WHERE p.merchant_id = $1 AND p.tracking_number = $2 ORDER BY l.order_id LIMIT 20
        """,
        merchant_id,
        number,
    )
    return [row["order_id"] for row in rows]


async def orders_of_contacts(tx: Tx, contact_ids: Iterable[int], since: datetime) -> list[int]:
    """Orders of these people that left us since then, newest first."""
    rows = await tx.fetch(
        """
        SELECT id FROM orders WHERE contact_id = ANY($1::bigint[]) AND shipped_at >= $2 ORDER BY id DESC LIMIT 20
        """,
        list(contact_ids),
        since,
    )
    return [row["id"] for row in rows]
