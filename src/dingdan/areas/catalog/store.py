"""Every statement of the catalogue."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.catalog.model import Offer, SaveProduct, Usual
from dingdan.plumbing import freshness
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx

Key = tuple[int, str]

HISTORY = ("product_id", "currency", "id", "merchant_id", "amount", "at")
# Of a price that changes all day long, so many are looked at.
MOST_PRICES = 500

_OFFER = """
    p.id, p.merchant_id, p.sku, p.title, p.category, p.flags, p.active, p.components, p.weight_grams, p.min_quantity,
    p.max_quantity, p.max_per_buyer, p.variant_of, p.gtin, p.picture, p.price_paused_at IS NOT NULL AS is_paused,
    x.currency, x.amount, x.floor, x.usual, x.spread, x.vouched_at IS NOT NULL AS is_vouched
"""
_OFFER_NAMES = (
    "id", "merchant_id", "sku", "title", "category", "flags", "active", "components", "weight_grams", "min_quantity",
    "max_quantity", "max_per_buyer", "variant_of", "gtin", "picture", "is_paused", "currency", "amount", "floor", "usual",
    "spread", "is_vouched",
)  # fmt: skip


def asking_offers(wanted: Collection[Key]) -> Ask[dict[Key, Offer]]:
    """Products with all their prices, by merchant and SKU."""
    sql = f"""
        SELECT {_OFFER} FROM unnest($1::bigint[], $2::text[]) AS w (m, s)
        JOIN products p ON p.merchant_id = w.m AND p.sku = w.s
        LEFT JOIN prices x ON x.product_id = p.id
        """  # noqa: S608 - our own columns
    return Ask(sql, tuple(_columns(wanted, 2)), _OFFER_NAMES, lambda rows: {
        (offer.merchant_id, offer.sku): offer for offer in _offers(rows)
    })  # fmt: skip


async def offers(tx: Tx, wanted: Collection[Key]) -> dict[Key, Offer]:
    """The same, asked at once."""
    return await tx.ask(asking_offers(wanted))


async def offers_by_ids(tx: Tx, product_ids: Collection[int]) -> dict[int, Offer]:
    """Products with all their prices, by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_OFFER} FROM products p LEFT JOIN prices x ON x.product_id = p.id WHERE p.id = ANY($1::bigint[])
        """,  # noqa: S608
        list(product_ids),
    )
    return {offer.product_id: offer for offer in _offers(rows)}


async def listed(tx: Tx, merchant_id: int, after: int, limit: int) -> list[Offer]:
    """One merchant's products with all their prices, by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_OFFER} FROM (
            SELECT * FROM products WHERE merchant_id = $1 AND id > $2 ORDER BY id LIMIT $3
        ) p LEFT JOIN prices x ON x.product_id = p.id ORDER BY p.id
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return _offers(rows)


def _offers(rows: Iterable[Any]) -> list[Offer]:
    """One offer per product from one row per price."""
    found: dict[int, Offer] = {}
    for row in rows:
        offer = found.get(row["id"])
        if offer is None:
            offer = found[row["id"]] = Offer(
                product_id=row["id"],
                merchant_id=row["merchant_id"],
                sku=row["sku"],
                title=row["title"],
                category=row["category"],
                flags=tuple(row["flags"]),
                active=row["active"],
                prices={},
                floors={},
                components=tuple([(i, n) for i, n in row["components"]]) if row["components"] else (),
                weight_grams=row["weight_grams"],
                min_quantity=row["min_quantity"],
                max_quantity=row["max_quantity"],
                max_per_buyer=row["max_per_buyer"],
                variant_of=row["variant_of"],
                is_paused=row["is_paused"],
                gtin=row["gtin"],
                picture=row["picture"],
            )
        if row["currency"] is not None:
            offer.prices[row["currency"]] = row["amount"]
            if row["floor"] is not None:
                offer.floors[row["currency"]] = row["floor"]
        if row["usual"] is not None:
            offer.usual[row["currency"]] = Usual(row["usual"], row["spread"], row["is_vouched"])
    return list(found.values())


async def save_products(
    tx: Tx, wanted: Sequence[tuple[SaveProduct, Sequence[tuple[int, int]]]]
) -> dict[Key, tuple[int, bool]]:
    """Add products with what lies in them, or change what is different; says (id, is new) of each that was touched.

    Locked in SKU order.
    """
    rows = await tx.fetch(
        """
        INSERT INTO products AS p (id, merchant_id, sku, title, category, flags, active, components, weight_grams,
            min_quantity, max_quantity, max_per_buyer, variant_of, gtin, created_at, updated_at)
        SELECT i, m, s, t::jsonb, c, string_to_array(f, ' '), a, held::jsonb, g, low, high, buyer, v, bars, $15, $15
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::jsonb[], $5::text[], $6::text[], $7::boolean[],
                    $8::text[], $9::int[], $10::int[], $11::int[], $12::int[], $13::text[], $14::text[])
            AS w (i, m, s, t, c, f, a, held, g, low, high, buyer, v, bars)
        ORDER BY m, s
        ON CONFLICT (merchant_id, sku) DO UPDATE SET title = excluded.title, category = excluded.category,
            flags = excluded.flags, active = excluded.active, components = excluded.components,
            weight_grams = excluded.weight_grams, min_quantity = excluded.min_quantity,
            max_quantity = excluded.max_quantity, max_per_buyer = excluded.max_per_buyer,
            variant_of = excluded.variant_of, gtin = excluded.gtin, updated_at = excluded.updated_at
        WHERE (p.title, p.category, p.flags, p.active, p.components, p.weight_grams, p.min_quantity, p.max_quantity,
               p.max_per_buyer, p.variant_of, p.gtin)
            IS DISTINCT FROM (excluded.title, excluded.category, excluded.flags, excluded.active, excluded.components,
               excluded.weight_grams, excluded.min_quantity, excluded.max_quantity, excluded.max_per_buyer,
               excluded.variant_of, excluded.gtin)
        RETURNING id, merchant_id, sku, xmax = 0 AS is_new
        """,
        tx.mint_many(len(wanted)),
        [w.merchant_id for w, _ in wanted],
        [w.sku for w, _ in wanted],
        [w.title for w, _ in wanted],
        [w.category for w, _ in wanted],
        [" ".join(w.flags) for w, _ in wanted],
        [w.active for w, _ in wanted],
        [msgspec.json.encode(held).decode() for _, held in wanted],
        [w.weight_grams for w, _ in wanted],
        [w.min_quantity for w, _ in wanted],
        [w.max_quantity for w, _ in wanted],
        [w.max_per_buyer for w, _ in wanted],
        [w.variant_of for w, _ in wanted],
        [w.gtin for w, _ in wanted],
        tx.now,
    )
    return {(row["merchant_id"], row["sku"]): (row["id"], row["is_new"]) for row in rows}


async def set_picture(tx: Tx, product_id: int, picture: str | None) -> bool:
    """Give a product a picture, or none; says whether that changed anything."""
    row = await tx.fetchrow(
        """
        UPDATE products SET picture = $2, updated_at = $3 WHERE id = $1 AND picture IS DISTINCT FROM $2 RETURNING id
        """,
        product_id,
        picture,
        tx.now,
    )
    return row is not None


async def saved_since(tx: Tx, since: int | None) -> set[int]:
    """Products that were added or changed since a transaction (None: all of them)."""
    rows = await tx.fetch(f"SELECT p.id FROM products p WHERE {freshness.condition('p', '$1')}", since)  # noqa: S608
    return {row["id"] for row in rows}


async def bundles_of(tx: Tx, product_ids: Collection[int]) -> list[Offer]:
    """The bundles in which some of these products lie."""
    rows = await tx.fetch(
        f"""
        SELECT {_OFFER} FROM products p LEFT JOIN prices x ON x.product_id = p.id
        WHERE p.components <> '[]'::jsonb
          AND p.merchant_id IN (SELECT merchant_id FROM products WHERE id = ANY($1::bigint[]))
          AND EXISTS (SELECT FROM jsonb_array_elements(p.components) AS c WHERE (c->>0)::bigint = ANY($1::bigint[]))
        ORDER BY p.id
        """,  # noqa: S608
        list(product_ids),
    )
    return _offers(rows)


async def variants(tx: Tx, keys: Collection[Key]) -> dict[Key, list[Offer]]:
    """Products by what they are variants of: (merchant, word)."""
    rows = await tx.fetch(
        f"""
        SELECT {_OFFER} FROM unnest($1::bigint[], $2::text[]) AS w (m, v)
        JOIN products p ON p.merchant_id = w.m AND p.variant_of = w.v
        LEFT JOIN prices x ON x.product_id = p.id ORDER BY p.id
        """,  # noqa: S608
        *_columns(keys, 2),
    )
    found: dict[Key, list[Offer]] = {}
    for offer in _offers(rows):
        found.setdefault((offer.merchant_id, offer.variant_of or ""), []).append(offer)
    return found


async def found(tx: Tx, merchant_id: int, words: str, *, currency: str, limit: int) -> list[Offer]:
    """What a merchant sells for a currency now, by id; of those with some words only whose SKU or name has them."""
    pattern = "%" + re.sub(r"([\\%_])", r"\\\1", words) + "%"
    rows = await tx.fetch(
        f"""
        SELECT {_OFFER} FROM (
            SELECT s.* FROM products s JOIN prices c ON c.product_id = s.id AND c.currency = $3
            WHERE s.merchant_id = $1 AND s.active AND s.price_paused_at IS NULL AND (
                $2 = '%%' OR s.sku ILIKE $2 OR EXISTS (SELECT FROM jsonb_each_text(s.title) AS t WHERE t.value ILIKE $2)
            )
            ORDER BY s.sku = $5 DESC, s.id LIMIT $4
        ) p LEFT JOIN prices x ON x.product_id = p.id ORDER BY p.id
        """,  # noqa: S608 - our own columns
        merchant_id,
        pattern,
        currency,
        limit,
        words,
    )
    return _offers(rows)


async def lock_prices(tx: Tx, product_ids: Collection[int]) -> dict[tuple[int, str], tuple[int, int | None]]:
    """The prices of these products with their floors; nobody else sets one until we are done."""
    await tx.execute(
        "SELECT 1 FROM products WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", list(product_ids)
    )
    rows = await tx.fetch(
        "SELECT product_id, currency, amount, floor FROM prices WHERE product_id = ANY($1::bigint[])",
        list(product_ids),
    )
    return {(row["product_id"], row["currency"]): (row["amount"], row["floor"]) for row in rows}


async def save_prices(tx: Tx, rows: Collection[tuple[int, int, str, int, int | None]]) -> None:
    """Set prices (product, merchant, currency, minor units, floor) of products that are locked."""
    await tx.execute(
        """
        INSERT INTO prices (product_id, merchant_id, currency, amount, floor, updated_at)
        SELECT p, m, c, a, f, $6
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) AS w (p, m, c, a, f)
        ON CONFLICT (product_id, currency) DO UPDATE SET amount = excluded.amount, floor = excluded.floor,
            updated_at = excluded.updated_at
        """,
        *_columns(rows, 5),
        tx.now,
    )


async def remember_prices(tx: Tx, rows: Collection[tuple[int, str, int, int, int | None, int | None]]) -> None:
    """Write prices (product, currency, merchant, minor units) into history, with what was usual and its spread."""
    await tx.execute(
        """
        UPDATE prices SET usual = u, spread = s, vouched_at = NULL
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) AS w (p, c, u, s)
        WHERE product_id = p AND currency = c AND (usual, spread, vouched_at) IS DISTINCT FROM (u, s, NULL)
        """,
        *_columns([(product_id, currency, usual, spread) for product_id, currency, _, _, usual, spread in rows], 4),
    )
    ids = tx.mint_many(len(rows))
    await tx.copy("price_history", HISTORY, [
        (product_id, currency, number, merchant_id, amount, tx.now)
        for number, (product_id, currency, merchant_id, amount, _, _) in zip(ids, rows, strict=True)
    ])  # fmt: skip


async def price_history(tx: Tx, keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[tuple[datetime, int]]]:
    """What products (id, currency) used to cost, and since when: (moment, minor units), oldest first."""
    rows = await tx.fetch(
        """
        SELECT k.p, k.c, h.at, h.amount FROM unnest($1::bigint[], $2::text[]) AS k (p, c) CROSS JOIN LATERAL (
            SELECT id, at, amount FROM price_history
            WHERE product_id = k.p AND currency = k.c ORDER BY id DESC LIMIT $3
        ) AS h ORDER BY h.id
        """,
        *_columns(keys, 2),
        MOST_PRICES,
    )
    found: dict[tuple[int, str], list[tuple[datetime, int]]] = {}
    for row in rows:
        found.setdefault((row["p"], row["c"]), []).append((row["at"], row["amount"]))
    return found


async def pause(tx: Tx, product_ids: Collection[int]) -> list[Any]:
    """Stop the sale of products that are not stopped yet; gives back their rows."""
    return await tx.fetch(
        """
        UPDATE products SET price_paused_at = $2 FROM (
            SELECT id AS locked_id FROM products WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE
        ) AS l WHERE id = locked_id AND price_paused_at IS NULL RETURNING id, merchant_id, sku
        """,
        list(product_ids),
        tx.now,
    )


async def vouch(tx: Tx, product_ids: Collection[int]) -> None:
    """Let products be sold again; every price that they have now is meant."""
    await tx.execute(
        """
        UPDATE products SET price_paused_at = NULL FROM (
            SELECT id AS locked_id FROM products WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE
        ) AS l WHERE id = locked_id
        """,
        list(product_ids),
    )
    await tx.execute(
        "UPDATE prices SET vouched_at = $2 WHERE product_id = ANY($1::bigint[])", list(product_ids), tx.now
    )


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into the arrays that unnest takes; also when there are none."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
