"""Stocktakes: a warehouse's own count against our books, with who counted and who approved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import catalog, inventory
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Code,
    Input,
    MerchantRef,
    Page,
    PageQuery,
    Sku,
    View,
    Word,
    allowed,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

VERBS = {"requested": ["approve", "refuse"]}
ACTIONS = {"approve": "stock.approve", "refuse": "stock.approve"}
MAX_LINES = 20_000


class CountedInput(Input, frozen=True, kw_only=True):
    """Units that were found of a product."""

    sku: Sku
    counted: Annotated[int, Meta(ge=0, le=1_000_000_000)]


class StocktakeInput(Input, frozen=True, kw_only=True):
    """A count of a warehouse, or of some of its products. `why` is a code such as daily or year_end."""

    merchant: MerchantRef | None = None
    warehouse: Word
    why: Code = "count"
    lines: Annotated[list[CountedInput], Meta(min_length=1, max_length=MAX_LINES)]


class RefuseStocktakeInput(Input, frozen=True, kw_only=True):
    """Why the books stay as they are."""

    reason: Code


class DifferenceView(View, frozen=True, kw_only=True):
    """A product of which something else was found than the books had."""

    sku: str
    counted: int
    booked: int
    difference: int


class StocktakeView(View, frozen=True, kw_only=True):
    """A count with its differences. Up to the merchant's limit they are booked at once; more waits for a second person."""

    id: str
    merchant: str
    warehouse: str
    state: inventory.StocktakeState
    why: str
    differing_units: int
    counted_by: str | None
    counted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    differences: list[DifferenceView]
    deadline_at: datetime | None
    available_actions: list[str]


class StocktakeQuery(PageQuery, frozen=True, kw_only=True):
    """Whose stocktakes, and how far they are."""

    merchant: MerchantRef | None = None
    state: inventory.StocktakeState | None = None


@post("/v1/stocktakes", permission="stock.move", status=201)
async def take(tx: Tx, body: StocktakeInput) -> StocktakeView:
    """Hand in what was counted. Differences become movements at once, or when somebody else has approved them.

    What was sold between the count and the approval stays right: the difference is booked, not the number.
    """
    merchant = await scope.merchant_meant(tx, body.merchant)
    shelves = await scope.shelves_meant(
        tx, merchant.id, [(body.warehouse, line.sku) for line in body.lines], "lines", place_path="warehouse"
    )
    wanted = inventory.TakeStock(
        merchant.id, shelves[0][0],
        tuple((product_id, line.counted) for (_, product_id), line in zip(shelves, body.lines, strict=True)),
        body.why, merchant.settings.stocktake_alone_up_to,
    )  # fmt: skip
    return await _show(tx, await inventory.take_stock(tx, wanted))


@post("/v1/stocktakes/{stocktake_id}/approve", permission="stock.approve")
async def approve(tx: Tx, stocktake_id: int) -> StocktakeView:
    """Put the differences into the books. Whoever counted may not; where less is left than promised, selling stops."""
    return await _show(tx, await inventory.approve_stocktake(tx, stocktake_id))


@post("/v1/stocktakes/{stocktake_id}/refuse", permission="stock.approve")
async def refuse(tx: Tx, stocktake_id: int, body: RefuseStocktakeInput) -> StocktakeView:
    """Leave the books as they are."""
    return await _show(tx, await inventory.refuse_stocktake(tx, stocktake_id, reason=body.reason))


@get("/v1/stocktakes", permission="stock.read")
async def listed(tx: Tx, query: StocktakeQuery) -> Page[StocktakeView]:
    """A merchant's stocktakes, oldest first."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    asked = slice_of(query)
    state = None if query.state is None else str(query.state)
    found = await inventory.stocktakes_of(tx, merchant_id, asked.with_one_more, state=state)
    words = await _words(tx, found)
    return page_of(asked, found, lambda one: _view(tx, one, *words))


@get("/v1/stocktakes/{stocktake_id}", permission="stock.read")
async def show(tx: Tx, stocktake_id: int) -> StocktakeView:
    """One stocktake with its differences."""
    return await _show(tx, await inventory.stocktake(tx, stocktake_id))


async def _show(tx: Tx, one: inventory.Stocktake) -> StocktakeView:
    return _view(tx, one, *await _words(tx, [one]))


async def _words(tx: Tx, found: list[inventory.Stocktake]) -> tuple[dict[int, str], dict[int, str]]:
    places = await inventory.warehouses(tx, {one.warehouse_id for one in found})
    offers = await catalog.by_ids(tx, {line.product_id for one in found for line in one.lines})
    return {i: place.code for i, place in places.items()}, {i: offer.sku for i, offer in offers.items()}


def _view(tx: Tx, one: inventory.Stocktake, codes: Mapping[int, str], skus: Mapping[int, str]) -> StocktakeView:
    return StocktakeView(
        id=ref("stocktake", one.id), merchant=ref("merchant", one.merchant_id), warehouse=codes[one.warehouse_id],
        state=one.state, why=one.why, differing_units=one.differing, counted_by=_hand(one.counted_by_kind, one.counted_by),
        counted_at=one.counted_at, decided_by=_hand(one.decided_by_kind, one.decided_by), decided_at=one.decided_at,
        differences=[
            DifferenceView(sku=skus[line.product_id], counted=line.counted, booked=line.booked,
                           difference=line.difference)
            for line in one.lines
        ],
        deadline_at=None, available_actions=allowed(tx.actor, VERBS.get(str(one.state), []), ACTIONS),
    )  # fmt: skip


def _hand(kind: str | None, number: int | None) -> str | None:
    """Who it was: a person's or a key's id, or the word for the system."""
    return ref_or_none(kind, number) if kind in ("staff", "key") else kind


ROUTES = [take, approve, refuse, listed, show]
