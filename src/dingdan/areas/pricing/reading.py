"""What others may ask: all that the prices of a batch depend on, promotions, grants, tariffs, and frozen layers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas.pricing import store
from dingdan.areas.pricing.lifecycle import PromotionState
from dingdan.areas.pricing.model import (
    Ask,
    Book,
    Charged,
    FreightTariff,
    Grant,
    Held,
    Layer,
    PointsRule,
    Promotion,
    TaxRate,
    Terms,
)
from dingdan.areas.pricing.refusals import PromotionUnknown
from dingdan.areas.pricing.rules import charging, couponing, layering
from dingdan.areas.pricing.rules.benefits import Way
from dingdan.areas.pricing.store import uses
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing import asking
from dingdan.plumbing.tx import Tx

# Books by tariff and edition. An edition is never used twice, so forgetting one costs a read and nothing else.
_books: dict[tuple[int, int], Book] = {}
MOST_BOOKS = 2_000
Books = Mapping[int | None, Book]
OTHERS = 10
# How many codes are looked up for one basket: each of its orders may have its own.
MOST_NAMED = 20

Editions = Sequence[Mapping[str, Any]]


def asking_editions(merchant_ids: Collection[int]) -> asking.Ask[Editions]:
    """Which edition of the rules of merchants holds, to be asked together with other things."""
    return store.asking_editions(merchant_ids)


async def terms_for(tx: Tx, asks: Sequence[Ask], books: Books | None = None) -> Terms:
    """All that the prices of these asks depend on: one query where merchants have no rules, never more than seven.

    `books` are those of their merchants, where they were read already.
    """
    books = await books_of(tx, {ask.merchant_id for ask in asks}) if books is None else books
    with_codes = [ask for ask in asks if ask.coupons]
    coupons: dict[store.Wanted, Held] = {}
    others: dict[tuple[int, int | None], list[Held]] = {}
    if with_codes:
        coupons = await store.coupons(tx, {
            (ask.merchant_id, ask.buyer_key, couponing.plain(code))
            for ask in with_codes for code in ask.coupons[:MOST_NAMED]
        })  # fmt: skip
        others = await store.others(tx, {(ask.merchant_id, ask.buyer_key) for ask in with_codes}, OTHERS)
    held = [*coupons.values(), *(one for some in others.values() for one in some)]
    limited = {one.id: one for book in books.values() for one in book.promotions if one.is_limited}
    used = {one.id: one.used for one in await store.get(tx, limited)} if limited else {}
    limited |= {one.promotion.id: one.promotion for one in held}
    per_buyer = [one.id for one in limited.values() if one.per_buyer is not None]
    holders = {who for ask in asks for who in (ask.buyer_key, ask.person) if who is not None}
    used_by = await uses.used_by(tx, per_buyer, holders) if per_buyer and holders else {}
    return Terms(books, coupons, others, used, used_by)


async def books_of(tx: Tx, merchant_ids: Collection[int], editions: Editions | None = None) -> dict[int | None, Book]:
    """The rules of these merchants and of the platform (None) that apply by themselves; nobody without rules is named.

    No query where nobody has rules and their `editions` were asked for before.
    """
    heads = await tx.ask(asking_editions(merchant_ids)) if editions is None else editions
    unread = [head["id"] for head in heads if (head["id"], head["edition"]) not in _books]
    if unread:
        read = await store.books(tx, unread)
        if len(_books) + len(read) > MOST_BOOKS:
            _books.clear()
        _books.update({(tariff_id, book.edition): book for tariff_id, book in read.items()})
    # Somebody may have changed it between the two looks; then what was read is newer than what was asked for.
    fresh = {head["id"]: read[head["id"]] for head in heads if head["id"] in unread} if unread else {}
    return {head["merchant_id"]: fresh.get(head["id"]) or _books[head["id"], head["edition"]] for head in heads}


def without_promotion(terms: Terms, promotion: Promotion) -> Terms:
    """The same terms as if there were no such promotion: for a look beforehand."""
    book = terms.books.get(promotion.merchant_id, Book())
    kept = tuple(one for one in book.promotions if one.id != promotion.id)
    books = {**terms.books, promotion.merchant_id: msgspec.structs.replace(book, promotions=kept)}
    coupons = {key: held for key, held in terms.coupons.items() if held.promotion.id != promotion.id}
    return msgspec.structs.replace(terms, books=books, coupons=coupons)


def with_promotion(terms: Terms, promotion: Promotion, asks: Sequence[Ask]) -> Terms:
    """The same terms as if this promotion ran now, for everybody and without limit."""
    rest, code = without_promotion(terms, promotion), promotion.draft.code
    draft = msgspec.structs.replace(
        promotion.draft, starts_at=min((ask.now for ask in asks), default=promotion.draft.starts_at), ends_at=None,
        limit_total=None, limit_per_buyer=None, needs_grant=False,
    )  # fmt: skip
    running = msgspec.structs.replace(promotion, state=PromotionState.ACTIVE, draft=draft)
    if code is not None:
        held = {(ask.merchant_id, ask.buyer_key, code): Held(running) for ask in asks}
        return msgspec.structs.replace(rest, coupons={**rest.coupons, **held})
    book = rest.books[promotion.merchant_id]
    promotions = (*book.promotions, running)
    return msgspec.structs.replace(
        rest, books={**rest.books, promotion.merchant_id: msgspec.structs.replace(book, promotions=promotions)}
    )


async def by_ids(tx: Tx, ids: Iterable[int]) -> dict[int, Promotion]:
    """Promotions and coupons by id; those that do not exist are left out."""
    return {one.id: one for one in await store.get(tx, ids)}


async def get_one(tx: Tx, promotion_id: int) -> Promotion:
    """One promotion of the actor's merchants, or of the platform. Raises PromotionUnknown."""
    found = (await by_ids(tx, [promotion_id])).get(promotion_id)
    if found is None or not (found.merchant_id is None or tx.actor.reaches(found.merchant_id)):
        raise PromotionUnknown
    return found


async def listed(
    tx: Tx, merchant_id: int | None, page: Page, *, coupons: bool = False, state: str | None = None
) -> list[Promotion]:
    """Promotions, or coupons, of one merchant (None: the platform's), oldest first."""
    return await store.listed(tx, merchant_id, coupons=coupons, state=state, after=page.after or 0, limit=page.limit)


async def grants_of(tx: Tx, promotion_id: int, page: Page) -> list[Grant]:
    """To whom a coupon was given, oldest first; of the platform's a merchant sees what its own buyers have."""
    return await store.grants_of(tx, promotion_id, tx.actor.merchant_id, page.after or 0, page.limit)


async def tariff(tx: Tx, merchant_id: int | None) -> Book:
    """One merchant's rules of freight, tax and points (None: the platform's); its promotions are listed apart."""
    row = await store.tariff(tx, merchant_id)
    if row is None:
        return Book()
    return Book(
        row["edition"],
        freight=msgspec.convert(row["freight"], tuple[FreightTariff, ...]),
        taxes=msgspec.convert(row["taxes"], tuple[TaxRate, ...]),
        points=msgspec.convert(row["points"], PointsRule | None),
    )


async def layers(tx: Tx, order_ids: Collection[int]) -> dict[int, list[Charged]]:
    """What the prices of orders were made of, layer by layer; an order without layers cost its list price."""
    found: dict[int, list[Charged]] = {order_id: [] for order_id in order_ids}
    for row in await store.layers(tx, order_ids):
        layer = Layer(row["kind"], row["effect"], row["promotion_id"], row["code"], Text(**row["label"]), row["funder"],
                      row["amount"], row["points"], row["reached"])  # fmt: skip
        shares = tuple((line_no, amount, points) for line_no, amount, points in row["shares"])
        found[row["order_id"]].append(Charged(layer, shares))
    return found


async def ways(tx: Tx, order_ids: Collection[int]) -> dict[int, Way]:
    """What the ways of orders cost on top of their carriage; only of orders where that is something."""
    found: dict[int, dict[str, int]] = {}
    for row in await store.ways(tx, order_ids):
        found.setdefault(row["order_id"], {})[row["kind"]] = row["amount"]
    return {i: Way(some.get(charging.LEAST, 0), some.get(charging.BEYOND, 0)) for i, some in found.items()}


def way_of(layers: Sequence[Charged]) -> Way:
    """What the way of an order cost on top of its carriage, by the layers of its price."""
    found = {one.layer.kind: one.layer.amount for one in layers if one.layer.effect == "freight_way"}
    return Way(found.get(charging.LEAST, 0), found.get(charging.BEYOND, 0))


async def recall(tx: Tx, asks: Mapping[int, Ask]) -> dict[int, layering.Agreed]:
    """What was agreed on for orders {order: its lines as they were sold}. What has begun of a promotion never changes."""
    frozen = await layers(tx, asks)
    wanted = {one.layer.source_id for found in frozen.values() for one in found if one.layer.source_id is not None}
    promotions = await by_ids(tx, wanted) if wanted else {}
    return {order_id: layering.agree(ask, frozen[order_id], promotions) for order_id, ask in asks.items()}
