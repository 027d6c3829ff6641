"""Coupons, and to whom they are given: to buyers, or as codes of one use each."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import identity, pricing
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import promotions
from dingdan.surfaces.api.promotions import PromotionQuery, PromotionView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    Input,
    Line,
    List,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    View,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)


class GrantInput(Input, frozen=True, kw_only=True):
    """Either `buyers`, by the names your shop knows them by, or so many `codes`; until `expires_at`, or the coupon's end."""

    merchant: MerchantRef | None = None
    buyers: Annotated[tuple[Line, ...], Meta(max_length=1_000)] = ()
    codes: Annotated[int, Meta(ge=0, le=1_000)] = 0
    expires_at: Moment | None = None


class GrantView(View, frozen=True, kw_only=True):
    """One use of a coupon that somebody was given; `code` is for whoever brings it."""

    id: str
    buyer_id: str | None
    code: str | None
    expires_at: datetime | None
    used_at: datetime | None


@get("/v1/coupons", permission="promotion.read")
async def listed(tx: Tx, query: PromotionQuery) -> Page[PromotionView]:
    """Coupons, oldest first. They are drafted, changed, scheduled, stopped and tried at /v1/promotions."""
    return await promotions.page(tx, query, coupons=True)


@post("/v1/coupons/{promotion_id}/grants", permission="promotion.write", status=201)
async def grant(tx: Tx, promotion_id: int, body: GrantInput) -> List[GrantView]:
    """Give a coupon away: one use to each buyer named, or as codes that nobody can guess."""
    if bool(body.buyers) == bool(body.codes):
        raise Malformed("codes", what="either buyers or a number of codes", what_zh="须且仅须填写 buyers 或 codes 之一")
    if body.codes:
        found = await pricing.issue_codes(tx, promotion_id, body.codes, expires_at=body.expires_at)
        return List(items=[_view(one) for one in found])
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    known = await identity.find_buyers(tx, {(merchant_id, name) for name in body.buyers})
    for i, name in enumerate(body.buyers):
        if (merchant_id, name) not in known:
            raise identity.BuyerUnknown(f"buyers[{i}]")
    buyers = dict.fromkeys((known[merchant_id, name] for name in body.buyers), merchant_id)
    return List(items=[_view(one) for one in await pricing.grant(tx, promotion_id, buyers, expires_at=body.expires_at)])


@get("/v1/coupons/{promotion_id}/grants", permission="promotion.read")
async def grants(tx: Tx, promotion_id: int, query: PageQuery) -> Page[GrantView]:
    """To whom a coupon was given, and which of these were used; oldest first."""
    asked = slice_of(query)
    return page_of(asked, await pricing.grants_of(tx, promotion_id, asked.with_one_more), _view)


def _view(one: pricing.Grant) -> GrantView:
    return GrantView(
        id=ref("grant", one.id), buyer_id=ref_or_none("buyer", one.buyer_id), code=one.code, expires_at=one.expires_at,
        used_at=one.used_at,
    )  # fmt: skip


ROUTES = [listed, grant, grants]
