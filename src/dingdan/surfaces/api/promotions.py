"""Promotions, and coupons, which are promotions with a code: drafted, looked at beforehand, run, stopped."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import pricing
from dingdan.kernel.money import Money
from dingdan.overviews import promotion_preview
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import price_views as prices
from dingdan.surfaces.shared import scope, tried_baskets
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.wire import (
    Code,
    Currency,
    DeadlineView,
    Input,
    MerchantRef,
    Page,
    PageQuery,
    Quantity,
    Short,
    Sku,
    View,
    Word,
    allowed,
    deadline_views,
    page_of,
    ref,
    ref_or_none,
    slice_of,
    soonest,
)

ACTIONS = {"change": "promotion.write", "schedule": "promotion.write", "stop": "promotion.write"}
VERBS: dict[str, list[str]] = {
    "draft": ["change", "schedule", "stop"],
    "scheduled": ["change", "stop"],
    "active": ["change", "stop"],
}


class PromotionInput(pricing.Draft, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A promotion as it shall be. With a `code` it is a coupon, used by whoever names it; without, it applies by itself.

    A platform key that names no merchant makes one for all of them, which the platform pays for.
    """

    merchant: MerchantRef | None = None


class PromotionView(View, frozen=True, kw_only=True):
    """A promotion with all that was decided about it; `merchant` is null for one of the platform."""

    id: str
    merchant: str | None
    state: pricing.PromotionState
    funder: str
    stage: pricing.Stage
    used: int
    terms: pricing.Draft
    deadlines: list[DeadlineView]
    deadline_at: datetime | None
    available_actions: list[str]


class PromotionQuery(PageQuery, frozen=True, kw_only=True):
    """Whose promotions, and where they stand."""

    merchant: MerchantRef | None = None
    state: pricing.PromotionState | None = None


class StopInput(Input, frozen=True, kw_only=True):
    """Why, as a code."""

    reason: Code


class PreviewLine(Input, frozen=True, kw_only=True):
    """So many units of one SKU."""

    sku: Sku
    quantity: Quantity = 1


class PreviewInput(Input, frozen=True, kw_only=True):
    """A basket to try it on, and how many of the newest orders."""

    merchant: MerchantRef | None = None
    lines: Annotated[tuple[PreviewLine, ...], Meta(max_length=200)] = ()
    channel: Word = "web"
    currency: Currency | None = None
    country: Short = ""
    region: Short = ""
    coupons: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    first_order: bool = False
    recent_orders: Annotated[int, Meta(ge=0, le=promotion_preview.MOST_ORDERS)] = 200


class EffectView(View, frozen=True, kw_only=True):
    """What it would have done to the newest orders: how many it touches, and what it takes off."""

    orders: int
    touched: int
    goods: Money
    off: Money
    freight_off: Money


class PreviewView(View, frozen=True, kw_only=True):
    """A basket's price without and with the promotion, and its effect on the newest orders by currency."""

    without: prices.PriceView | None
    with_promotion: prices.PriceView | None
    recent: list[EffectView]


@get("/v1/promotions", permission="promotion.read")
async def listed(tx: Tx, query: PromotionQuery) -> Page[PromotionView]:
    """Promotions that apply by themselves, oldest first; those with a code are listed at /v1/coupons."""
    return await page(tx, query, coupons=False)


@post("/v1/promotions", permission="promotion.write", status=201)
async def create(tx: Tx, body: PromotionInput) -> PromotionView:
    """Draft a promotion or a coupon; nobody sees it before it is scheduled."""
    merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
    return await view(tx, await pricing.create(tx, merchant_id, _draft(body)))


@get("/v1/promotions/{promotion_id}", permission="promotion.read")
async def show(tx: Tx, promotion_id: int) -> PromotionView:
    """One promotion or coupon."""
    return await view(tx, await pricing.get_one(tx, promotion_id))


@put("/v1/promotions/{promotion_id}", permission="promotion.write")
async def change(tx: Tx, promotion_id: int, body: PromotionInput) -> PromotionView:
    """Say it anew; of one that runs only the name, the end, the listing and a higher limit."""
    return await view(tx, await pricing.change(tx, promotion_id, _draft(body)))


@post("/v1/promotions/{promotion_id}/schedule", permission="promotion.write")
async def schedule(tx: Tx, promotion_id: int) -> PromotionView:
    """Let it run when its time comes, which may be now."""
    return await view(tx, await pricing.schedule(tx, promotion_id))


@post("/v1/promotions/{promotion_id}/stop", permission="promotion.write")
async def stop(tx: Tx, promotion_id: int, body: StopInput) -> PromotionView:
    """Stop it at once; orders that have it keep it."""
    return await view(tx, await pricing.stop(tx, promotion_id, reason=body.reason))


@post(
    "/v1/promotions/{promotion_id}/preview", permission="promotion.read", why_unkeyed="it changes nothing", reads=True
)
async def preview(tx: Tx, promotion_id: int, body: PreviewInput) -> PreviewView:
    """What it would do, whatever its state: to a basket at today's prices, and to the newest orders."""
    promotion = await pricing.get_one(tx, promotion_id)
    named = body.merchant is not None or tx.actor.merchant_id is not None
    merchant_id = promotion.merchant_id
    if merchant_id is None and (named or body.lines):
        merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    pair = None
    if body.lines and merchant_id is not None:
        ask = await tried_baskets.ask_of(
            tx,
            merchant_id,
            [(line.sku, line.quantity) for line in body.lines],
            currency=body.currency,
            channel=body.channel,
            is_first_order=body.first_order,
            coupons=body.coupons,
            country=body.country,
            region=body.region,
        )
        before, after = await promotion_preview.on_basket(tx, promotion, ask)
        pair = prices.price(before, ask.currency), prices.price(after, ask.currency)
    recent = await promotion_preview.on_recent(tx, promotion, merchant_id, limit=body.recent_orders)
    return PreviewView(
        without=pair and pair[0], with_promotion=pair and pair[1], recent=[_effect(one) for one in recent]
    )


def _effect(one: promotion_preview.Effect) -> EffectView:
    return EffectView(
        orders=one.orders, touched=one.touched, goods=Money(one.goods, one.currency), off=Money(one.off, one.currency),
        freight_off=Money(one.freight_off, one.currency),
    )  # fmt: skip


def _draft(body: PromotionInput) -> pricing.Draft:
    return pricing.Draft(**{name: getattr(body, name) for name in pricing.Draft.__struct_fields__})


async def page(tx: Tx, query: PromotionQuery, *, coupons: bool) -> Page[PromotionView]:
    """A slice of promotions or of coupons."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    state = None if query.state is None else query.state.value
    found = await pricing.listed(tx, merchant_id, asked.with_one_more, coupons=coupons, state=state)
    clocks = deadline_views(await deadlines.of_subjects(tx, [one.id for one in found]))
    return page_of(asked, found, lambda one: _view(tx, one, clocks.get(one.id, [])))


async def view(tx: Tx, promotion: pricing.Promotion) -> PromotionView:
    """One promotion on the wire."""
    clocks = deadline_views(await deadlines.of_subjects(tx, [promotion.id]))
    return _view(tx, promotion, clocks.get(promotion.id, []))


def _view(tx: Tx, one: pricing.Promotion, clocks: list[DeadlineView]) -> PromotionView:
    return PromotionView(
        id=ref("promotion", one.id), merchant=ref_or_none("merchant", one.merchant_id), state=one.state,
        funder=one.funder, stage=one.stage, used=one.used, terms=one.draft, deadlines=clocks,
        deadline_at=soonest(clocks), available_actions=allowed(tx.actor, VERBS.get(one.state.value, []), ACTIONS),
    )  # fmt: skip


ROUTES = [listed, create, show, change, schedule, stop, preview]
