"""Tariffs: carriage by region and weight, tax by country and category, what points are worth. Each is replaced as a whole."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import pricing
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.wire import Input, MerchantRef, OfMerchant, View, ref_or_none


class FreightInput(Input, frozen=True, kw_only=True):
    """All rules of carriage; none: the flat fee of the merchant's settings holds."""

    merchant: MerchantRef | None = None
    rules: Annotated[tuple[pricing.FreightTariff, ...], Meta(max_length=500)]


class TaxInput(Input, frozen=True, kw_only=True):
    """All tax rates; none: prices are what is charged, and no tax is named."""

    merchant: MerchantRef | None = None
    rules: Annotated[tuple[pricing.TaxRate, ...], Meta(max_length=500)]


class PointsInput(Input, frozen=True, kw_only=True):
    """What points are worth; null: they are not taken."""

    merchant: MerchantRef | None = None
    rule: pricing.PointsRule | None


class FreightView(View, frozen=True, kw_only=True):
    """The rules of carriage; `merchant` is null for the platform's, which hold where a merchant has none."""

    merchant: str | None
    rules: tuple[pricing.FreightTariff, ...]


class TaxView(View, frozen=True, kw_only=True):
    """The tax rates; `merchant` is null for the platform's, which hold where a merchant has none that fits."""

    merchant: str | None
    rules: tuple[pricing.TaxRate, ...]


class PointsView(View, frozen=True, kw_only=True):
    """What points are worth; `merchant` is null for the platform's rule, which holds where a merchant has none."""

    merchant: str | None
    rule: pricing.PointsRule | None


@get("/v1/freight-rules", permission="product.read")
async def freight(tx: Tx, query: OfMerchant) -> FreightView:
    """What carriage costs."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    book = await pricing.tariff(tx, merchant_id)
    return FreightView(merchant=ref_or_none("merchant", merchant_id), rules=book.freight)


@put("/v1/freight-rules", permission="price.write")
async def save_freight(tx: Tx, body: FreightInput) -> FreightView:
    """Replace what carriage costs, for every price from now on; orders keep theirs."""
    merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
    await pricing.save_freight(tx, merchant_id, body.rules)
    return FreightView(merchant=ref_or_none("merchant", merchant_id), rules=body.rules)


@get("/v1/tax-rules", permission="product.read")
async def taxes(tx: Tx, query: OfMerchant) -> TaxView:
    """The tax rates."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    book = await pricing.tariff(tx, merchant_id)
    return TaxView(merchant=ref_or_none("merchant", merchant_id), rules=book.taxes)


@put("/v1/tax-rules", permission="price.write")
async def save_taxes(tx: Tx, body: TaxInput) -> TaxView:
    """Replace the tax rates, for every price from now on; orders keep theirs."""
    merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
    await pricing.save_taxes(tx, merchant_id, body.rules)
    return TaxView(merchant=ref_or_none("merchant", merchant_id), rules=body.rules)


@get("/v1/points-rule", permission="product.read")
async def points(tx: Tx, query: OfMerchant) -> PointsView:
    """What points are worth."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    book = await pricing.tariff(tx, merchant_id)
    return PointsView(merchant=ref_or_none("merchant", merchant_id), rule=book.points)


@put("/v1/points-rule", permission="price.write")
async def save_points(tx: Tx, body: PointsInput) -> PointsView:
    """Say what points are worth, for every price from now on; orders keep theirs."""
    merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
    await pricing.save_points(tx, merchant_id, body.rule)
    return PointsView(merchant=ref_or_none("merchant", merchant_id), rule=body.rule)


ROUTES = [freight, save_freight, taxes, save_taxes, points, save_points]
