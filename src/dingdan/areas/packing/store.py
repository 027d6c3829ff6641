"""Every statement of packing."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.packing.model import Box, Consent, NewBox, NewConsent, NewPicture, Picture
from dingdan.plumbing.tx import Tx

_BOX = ", ".join(Box.__struct_fields__)
_PICTURE = ", ".join(Picture.__struct_fields__)
_CONSENT = ", ".join(f"c.{name}" for name in Consent.__struct_fields__ if name != "order_ids")


async def add_boxes(tx: Tx, boxes: Sequence[NewBox]) -> None:
    """Write down what was packed; these rows never change."""
    # COPY would need the documents as text of the column's own kind; a set of rows through unnest does not.
    await tx.execute(
        """
        INSERT INTO boxes (id, merchant_id, warehouse_id, order_id, work_id, lines, scanned, serials, expected_grams,
                           grams, is_weight_confirmed, packed_by_kind, packed_by, packed_at)
        SELECT i, m, w, o, k, l::jsonb, s::jsonb, n::jsonb, e, g, c, $12, $13, $14
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
                    $8::text[], $9::int[], $10::int[], $11::bool[]) AS new (i, m, w, o, k, l, s, n, e, g, c)
        """,
        tx.mint_many(len(boxes)),
        [box.merchant_id for box in boxes],
        [box.warehouse_id for box in boxes],
        [box.order_id for box in boxes],
        [box.work_id for box in boxes],
        [_json(box.lines) for box in boxes],
        [_json(box.scanned) for box in boxes],
        [_json([{"sku": sku, "serial": serial} for _, sku, serial in box.serials]) for box in boxes],
        [box.expected_grams for box in boxes],
        [box.grams for box in boxes],
        [box.is_weight_confirmed for box in boxes],
        str(tx.actor.kind),
        tx.actor.id,
        tx.now,
    )


async def claim_serials(tx: Tx, boxes: Sequence[NewBox]) -> set[tuple[int, int, str]]:
    """Give numbered pieces to boxes; says which (work, product, serial) were free."""
    rows = sorted(
        (box.merchant_id, product_id, serial, box.order_id, box.work_id)
        for box in boxes
        for product_id, _, serial in box.serials
    )
    if not rows:
        return set()
    given = await tx.fetch(
        """
        INSERT INTO serials (merchant_id, product_id, serial, order_id, work_id)
        SELECT m, p, s, o, w FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[])
            AS new (m, p, s, o, w) ORDER BY m, p, s
        ON CONFLICT (merchant_id, product_id, serial) DO NOTHING RETURNING work_id, product_id, serial
        """,
        *[list(column) for column in zip(*rows, strict=True)],
    )
    return {(row["work_id"], row["product_id"], row["serial"]) for row in given}


async def drop_serials(tx: Tx, work_ids: Iterable[int]) -> None:
    """The pieces of opened boxes lie on the shelf again."""
    await tx.execute("DELETE FROM serials WHERE work_id = ANY($1::bigint[])", list(work_ids))


async def boxes_of(tx: Tx, order_ids: Iterable[int]) -> list[Box]:
    """The boxes of orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_BOX} FROM boxes WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, id",  # noqa: S608
        list(order_ids),
    )
    return [msgspec.convert(dict(row), Box) for row in rows]


async def count_pictures(tx: Tx, work_id: int) -> int:
    """How many pictures a box has."""
    return int(await tx.fetchval("SELECT count(*) FROM pictures WHERE work_id = $1", work_id))


async def add_picture(tx: Tx, picture_id: int, new: NewPicture) -> bool:
    """Keep a picture of a box; says whether it is a new one."""
    done = await tx.execute(
        """
        INSERT INTO pictures (id, merchant_id, order_id, work_id, sha256, size, width, height, taken_by_kind, taken_by, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (work_id, sha256) DO NOTHING
        """,
        picture_id,
        new.merchant_id,
        new.order_id,
        new.work_id,
        new.sha256,
        new.size,
        new.width,
        new.height,
        str(tx.actor.kind),
        tx.actor.id,
        tx.now,
    )
    return done == 1


async def pictures_of(tx: Tx, order_ids: Iterable[int]) -> list[Picture]:
    """The pictures of the boxes of orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_PICTURE} FROM pictures WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, id",  # noqa: S608
        list(order_ids),
    )
    return [msgspec.convert(dict(row), Picture) for row in rows]


async def picture(tx: Tx, picture_id: int) -> Picture | None:
    """One picture."""
    row = await tx.fetchrow(f"SELECT {_PICTURE} FROM pictures WHERE id = $1", picture_id)  # noqa: S608
    return None if row is None else msgspec.convert(dict(row), Picture)


async def picture_like(tx: Tx, work_id: int, sha256: str) -> Picture | None:
    """The same picture of the same box, where it is kept already."""
    row = await tx.fetchrow(
        f"SELECT {_PICTURE} FROM pictures WHERE work_id = $1 AND sha256 = $2",  # noqa: S608
        work_id,
        sha256,
    )
    return None if row is None else msgspec.convert(dict(row), Picture)


async def add_consent(tx: Tx, consent_id: int, merchant_id: int, new: NewConsent) -> None:
    """Write down who agreed to what, and about which orders."""
    await tx.execute(
        """
        INSERT INTO consents (id, merchant_id, given_by, given_at, text_version, recorded_by_kind, recorded_by, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        consent_id,
        merchant_id,
        str(new.given_by),
        new.given_at,
        new.text_version,
        str(tx.actor.kind),
        tx.actor.id,
        tx.now,
    )
    await tx.copy("consent_orders", ("consent_id", "order_id", "merchant_id"), [
        (consent_id, order_id, merchant_id) for order_id in new.order_ids
    ])  # fmt: skip


async def withdraw_consent(tx: Tx, consent_id: int) -> bool:
    """It no longer counts; says whether it did until now."""
    return await tx.execute(
        "UPDATE consents SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL", consent_id, tx.now
    ) == 1  # fmt: skip


async def consents(tx: Tx, ids: Iterable[int]) -> list[Consent]:
    """Consents with the orders they are about, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_CONSENT}, array_agg(o.order_id ORDER BY o.order_id) AS order_ids
        FROM consents c JOIN consent_orders o ON o.consent_id = c.id
        WHERE c.id = ANY($1::bigint[]) GROUP BY c.id ORDER BY c.id
        """,  # noqa: S608
        list(ids),
    )
    return [msgspec.convert(dict(row), Consent) for row in rows]


async def consents_about(tx: Tx, order_ids: Iterable[int]) -> list[int]:
    """Ids of the consents that name any of these orders."""
    rows: list[Any] = await tx.fetch(
        "SELECT DISTINCT consent_id FROM consent_orders WHERE order_id = ANY($1::bigint[])", list(order_ids)
    )
    return [row["consent_id"] for row in rows]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
