"""The statements of promotions, tariffs, coupons, grants and layers; who uses what is in `uses`."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.pricing.lifecycle import PROMOTION
from dingdan.areas.pricing.model import Book, Draft, FreightTariff, Grant, Held, PointsRule, Promotion, TaxRate
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx

_HEAD = "id, merchant_id, state, version, used, draft"
GRANT = "id, merchant_id, promotion_id, buyer_id, code, expires_at, used_at"
LAYER = (
    "order_id", "layer_no", "merchant_id", "kind", "effect", "promotion_id", "code", "label", "funder", "amount", "points",
    "reached",
)  # fmt: skip
SHARE = ("order_id", "layer_no", "line_no", "merchant_id", "amount", "points")

Wanted = tuple[int, int | None, str]


def columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows as one list for each column, as `unnest` takes them; of no rows, empty lists."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _promotion(row: Any) -> Promotion:
    return msgspec.convert({name: row[name] for name in Promotion.__struct_fields__}, Promotion)


def grant_of(row: Any) -> Grant:
    """A grant as it lies."""
    return Grant(**{name: row[name] for name in Grant.__struct_fields__})


def asking_editions(merchant_ids: Collection[int]) -> Ask[Sequence[Any]]:
    """Which edition of the rules of these merchants, and of the platform, holds now; none where there are no rules."""
    sql = "SELECT id, merchant_id, edition FROM tariffs WHERE merchant_id = ANY($1::bigint[]) OR merchant_id IS NULL"
    return Ask(sql, (list(merchant_ids),), ("id", "merchant_id", "edition"), list)


async def books(tx: Tx, tariff_ids: Collection[int]) -> dict[int, Book]:
    """Everything that applies by itself under these tariffs, by the id of the tariff."""
    heads = await tx.fetch(
        "SELECT id, merchant_id, edition, freight, taxes, points FROM tariffs WHERE id = ANY($1::bigint[])",
        list(tariff_ids),
    )
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM promotions
        WHERE code IS NULL AND state IN ('scheduled', 'active') AND (ends_at IS NULL OR ends_at > $2)
        AND (merchant_id = ANY($1::bigint[]) OR merchant_id IS NULL) ORDER BY id
        """,  # noqa: S608
        [head["merchant_id"] for head in heads if head["merchant_id"] is not None],
        tx.now,
    )
    running = [_promotion(row) for row in rows]
    return {
        head["id"]: Book(
            head["edition"],
            tuple(one for one in running if one.merchant_id == head["merchant_id"]),
            msgspec.convert(head["freight"], tuple[FreightTariff, ...]),
            msgspec.convert(head["taxes"], tuple[TaxRate, ...]),
            msgspec.convert(head["points"], PointsRule | None),
        )
        for head in heads
    }


async def new_edition(tx: Tx, merchant_id: int | None, part: str | None = None, rules: Any = None) -> int:
    """Say that prices change, and with a part (freight, taxes, points) write it down; gives the tariff's id.

    Whoever changes what makes a price does this in the same transaction.
    """
    assert part in (None, "freight", "taxes", "points")
    column, value, sets = (f", {part}", ", $4", f", {part} = excluded.{part}") if part else ("", "", "")
    found: int = await tx.fetchval(
        f"""
        INSERT INTO tariffs (id, merchant_id, edition, updated_at{column}) VALUES ($1, $2, $1, $3{value})
        ON CONFLICT (merchant_id) DO UPDATE
        SET edition = excluded.edition, updated_at = excluded.updated_at{sets} RETURNING id
        """,  # noqa: S608
        tx.mint(), merchant_id, tx.now, *([rules] if part else []),
    )  # fmt: skip
    return found


async def tariff(tx: Tx, merchant_id: int | None) -> Any:
    """One merchant's rules of freight, tax and points as they stand."""
    return await tx.fetchrow(
        "SELECT id, edition, freight, taxes, points FROM tariffs WHERE merchant_id IS NOT DISTINCT FROM $1", merchant_id
    )


async def lock_tariff(tx: Tx, merchant_id: int | None) -> None:
    """Let nobody else replace one merchant's rules until this is over, also where there are none yet."""
    await tx.execute(
        "INSERT INTO tariffs (id, merchant_id, edition, updated_at) VALUES ($1, $2, $1, $3) ON CONFLICT DO NOTHING",
        tx.mint(), merchant_id, tx.now,
    )  # fmt: skip
    await tx.fetchval("SELECT id FROM tariffs WHERE merchant_id IS NOT DISTINCT FROM $1 FOR UPDATE", merchant_id)


async def add(tx: Tx, promotion: Promotion) -> bool:
    """Write a new promotion down; False where its code is taken."""
    written = await tx.execute(
        """
        INSERT INTO promotions (id, merchant_id, draft, code, starts_at, ends_at, limit_total, limit_per_buyer,
            needs_grant, listed, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT DO NOTHING
        """,
        promotion.id, promotion.merchant_id, *_columns(promotion.draft), tx.now,
    )  # fmt: skip
    return written == 1


async def change(tx: Tx, promotion_id: int, draft: Draft) -> None:
    """Write another draft of a promotion down; its code stays."""
    await tx.execute(
        """
        UPDATE promotions SET draft = $2, code = $3, starts_at = $4, ends_at = $5, limit_total = $6,
            limit_per_buyer = $7, needs_grant = $8, listed = $9, updated_at = $10
        WHERE id = $1
        """,
        promotion_id, *_columns(draft), tx.now,
    )  # fmt: skip


def _columns(draft: Draft) -> tuple[Any, ...]:
    per_buyer = 1 if draft.first_order else draft.limit_per_buyer
    limits = (draft.limit_total, per_buyer, draft.needs_grant, draft.listed)
    return (draft, draft.code, draft.starts_at, draft.ends_at, *limits)


async def get(tx: Tx, ids: Iterable[int]) -> list[Promotion]:
    """Promotions by id."""
    rows = await tx.fetch(f"SELECT {_HEAD} FROM promotions WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [_promotion(row) for row in rows]


async def lock(tx: Tx, ids: Iterable[int], *, only_limited: bool = False) -> list[Promotion]:
    """Lock promotions, lowest id first, and read them; or only those with a limit for all."""
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM promotions WHERE id = ANY($1::bigint[]) AND (NOT $2::bool OR limit_total IS NOT NULL)
        ORDER BY id FOR UPDATE
        """,  # noqa: S608
        sorted(ids),
        only_limited,
    )
    return [_promotion(row) for row in rows]


async def listed(
    tx: Tx, merchant_id: int | None, *, coupons: bool, state: str | None, after: int, limit: int
) -> list[Promotion]:
    """Promotions of one merchant (None: the platform's), or its coupons, by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_HEAD} FROM promotions WHERE merchant_id IS NOT DISTINCT FROM $1 AND (code IS NOT NULL) = $2
        AND ($3::text IS NULL OR state = $3) AND id > $4 ORDER BY id LIMIT $5
        """,  # noqa: S608
        merchant_id, coupons, state, after, limit,
    )  # fmt: skip
    return [_promotion(row) for row in rows]


async def move(tx: Tx, verb: str, ids: Iterable[int]) -> dict[int, Moved]:
    """Move promotions along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "promotions", PROMOTION, verb, ids)


async def coupons(tx: Tx, wanted: Collection[Wanted]) -> dict[Wanted, Held]:
    """What (merchant, buyer, code) name: a coupon with the buyer's grant, if there is one, or a grant by its own code.

    A merchant's own coupon goes before the platform's. Of several grants the free one that ends first is taken.
    """
    asked = sorted(wanted, key=lambda one: (one[0], one[1] or 0, one[2]))
    rows = await tx.fetch(
        """
        SELECT w.m, w.b, w.c, p.id, p.merchant_id, p.state, p.version, p.used, p.draft, mine.grant_id
        FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS w (m, b, c)
        CROSS JOIN LATERAL (
            SELECT id, NULL::bigint AS grant_id FROM promotions
            WHERE code = w.c AND (merchant_id = w.m OR merchant_id IS NULL)
            UNION ALL
            SELECT promotion_id, id FROM coupon_grants WHERE code = w.c
            AND (merchant_id = w.m OR merchant_id IS NULL) AND (buyer_id IS NULL OR buyer_id = w.b)
        ) AS named
        JOIN promotions p ON p.id = named.id
        CROSS JOIN LATERAL (
            SELECT COALESCE(named.grant_id, (
                SELECT g.id FROM coupon_grants g WHERE g.promotion_id = p.id AND g.buyer_id = w.b AND g.code IS NULL
                AND (p.needs_grant OR g.used_at IS NULL)
                ORDER BY g.used_at IS NOT NULL, COALESCE(g.expires_at <= $4, false), g.expires_at, g.id LIMIT 1
            )) AS grant_id
        ) AS mine
        ORDER BY p.merchant_id NULLS LAST, p.id
        """,
        *columns(asked, 3), tx.now,
    )  # fmt: skip
    grants = await grants_by_ids(tx, {row["grant_id"] for row in rows if row["grant_id"] is not None})
    found: dict[Wanted, Held] = {}
    for row in rows:
        found.setdefault((row["m"], row["b"], row["c"]), Held(_promotion(row), grants.get(row["grant_id"])))
    return found


async def others(
    tx: Tx, wanted: Collection[tuple[int, int | None]], most: int
) -> dict[tuple[int, int | None], list[Held]]:
    """The coupons that (merchant, buyer) could use: their own grants, then those that the merchant offers to all."""
    asked = sorted(wanted, key=lambda one: (one[0], one[1] or 0))
    rows = await tx.fetch(
        """
        SELECT w.m, w.b, p.id, p.merchant_id, p.state, p.version, p.used, p.draft, named.grant_id
        FROM unnest($1::bigint[], $2::bigint[]) AS w (m, b)
        CROSS JOIN LATERAL (
            (SELECT promotion_id AS id, id AS grant_id FROM coupon_grants WHERE buyer_id = w.b AND used_at IS NULL
             AND (expires_at IS NULL OR expires_at > $3) ORDER BY expires_at, id LIMIT $4)
            UNION ALL
            (SELECT id, NULL FROM promotions WHERE merchant_id = w.m AND listed AND NOT needs_grant
             AND state IN ('scheduled', 'active') ORDER BY id LIMIT $4)
        ) AS named
        JOIN promotions p ON p.id = named.id
        ORDER BY named.grant_id NULLS LAST, p.id
        """,
        *columns(asked, 2), tx.now, most,
    )  # fmt: skip
    grants = await grants_by_ids(tx, {row["grant_id"] for row in rows if row["grant_id"] is not None})
    found: dict[tuple[int, int | None], list[Held]] = {}
    for row in rows:
        found.setdefault((row["m"], row["b"]), []).append(Held(_promotion(row), grants.get(row["grant_id"])))
    return found


async def grants_by_ids(tx: Tx, ids: Collection[int]) -> dict[int, Grant]:
    """Grants by id."""
    if not ids:
        return {}
    rows = await tx.fetch(f"SELECT {GRANT} FROM coupon_grants WHERE id = ANY($1::bigint[])", list(ids))  # noqa: S608
    return {row["id"]: grant_of(row) for row in rows}


async def add_grants(tx: Tx, grants: Sequence[Grant]) -> None:
    """Write grants down."""
    await tx.copy("coupon_grants", (*Grant.__struct_fields__, "created_at"), [
        (*(getattr(one, name) for name in Grant.__struct_fields__), tx.now) for one in grants
    ])  # fmt: skip


async def grants_of(tx: Tx, promotion_id: int, merchant_id: int | None, after: int, limit: int) -> list[Grant]:
    """Grants of one coupon to one merchant's buyers, or all of them, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {GRANT} FROM coupon_grants WHERE promotion_id = $1 AND ($2::bigint IS NULL OR merchant_id = $2) AND id > $3
        ORDER BY id LIMIT $4
        """,  # noqa: S608
        promotion_id, merchant_id, after, limit,
    )  # fmt: skip
    return [grant_of(row) for row in rows]


async def add_layers(tx: Tx, layers: Sequence[Sequence[Any]], shares: Sequence[Sequence[Any]]) -> None:
    """Write down what prices were made of."""
    await tx.copy("price_layers", LAYER, layers)
    await tx.copy("price_shares", SHARE, shares)


async def ways(tx: Tx, order_ids: Collection[int]) -> list[Any]:
    """What the ways of orders cost on top of carriage."""
    return await tx.fetch(
        "SELECT order_id, kind, amount FROM price_layers WHERE order_id = ANY($1::bigint[]) AND effect = 'freight_way'",
        list(order_ids),
    )


async def layers(tx: Tx, order_ids: Iterable[int]) -> list[Any]:
    """The layers of orders with each line's share, in order."""
    return await tx.fetch(
        """
        SELECT l.order_id, l.layer_no, l.kind, l.effect, l.promotion_id, l.code, l.label, l.funder, l.amount, l.points, l.reached,
            COALESCE((SELECT jsonb_agg(jsonb_build_array(s.line_no, s.amount, s.points) ORDER BY s.line_no) FROM price_shares s
                      WHERE s.order_id = l.order_id AND s.layer_no = l.layer_no), '[]') AS shares
        FROM price_layers l WHERE l.order_id = ANY($1::bigint[]) ORDER BY l.order_id, l.layer_no
        """,
        list(order_ids),
    )
