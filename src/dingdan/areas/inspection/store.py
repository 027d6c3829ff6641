"""Every statement of inspection."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dingdan.areas.inspection.model import InspectionPicture, Look, NewPicture
from dingdan.plumbing.tx import Tx

_LOOK = ", ".join(Look.__struct_fields__)
_PICTURE = ", ".join(InspectionPicture.__struct_fields__)


async def add_look(tx: Tx, look: Look, first: Look | None) -> bool:
    """Write a look down; says whether it is the first of its kind."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO looks (id, merchant_id, order_id, return_id, kind, findings, reasons, at, taken_by_kind, taken_by,
                               first_id, first_by_kind, first_by, agrees)
            VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            look.id,
            look.merchant_id,
            look.order_id,
            look.return_id,
            str(look.kind),
            msgspec.json.encode(look.findings).decode(),
            look.reasons,
            look.at,
            look.taken_by_kind,
            look.taken_by,
            look.first_id,
            first.taken_by_kind if first else None,
            first.taken_by if first else None,
            look.agrees,
        )
    )


async def looks_of(tx: Tx, return_ids: Iterable[int]) -> list[Look]:
    """The looks at the goods of returns, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_LOOK} FROM looks WHERE return_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(return_ids),
    )
    return [msgspec.convert(dict(row), Look) for row in rows]


async def add_picture(tx: Tx, picture_id: int, new: NewPicture) -> None:
    """Write a picture down."""
    await tx.execute(
        """
        INSERT INTO inspection_pictures (id, merchant_id, order_id, return_id, line_no, shows, sha256, size, width,
                                         height, taken_by_kind, taken_by, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        picture_id,
        new.merchant_id,
        new.order_id,
        new.return_id,
        new.line_no,
        new.shows,
        new.sha256,
        new.size,
        new.width,
        new.height,
        str(tx.actor.kind),
        tx.actor.id,
        tx.now,
    )


async def pictures_of(tx: Tx, return_ids: Iterable[int]) -> list[InspectionPicture]:
    """The pictures of returns, oldest first."""
    return _pictures(
        await tx.fetch(
            f"SELECT {_PICTURE} FROM inspection_pictures WHERE return_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(return_ids),
        )
    )


async def pictures(tx: Tx, picture_ids: Iterable[int]) -> list[InspectionPicture]:
    """Pictures by id."""
    return _pictures(
        await tx.fetch(
            f"SELECT {_PICTURE} FROM inspection_pictures WHERE id = ANY($1::bigint[])",  # noqa: S608
            list(picture_ids),
        )
    )


def _pictures(rows: Iterable[Any]) -> list[InspectionPicture]:
    return [InspectionPicture(**dict(row)) for row in rows]
