"""Prices as others see them: every layer with its words, who pays for it, and each line's share."""

from dingdan.areas import pricing
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Solution, Text
from dingdan.surfaces.shared.wire import View, ref_or_none


class ShareView(View, frozen=True, kw_only=True):
    """A line's part of a layer."""

    line_no: int
    amount: Money
    points: int


class LayerView(View, frozen=True, kw_only=True):
    """One step from the list price to what is charged. `effect`: off, freight, freight_off, tax, tax_included."""

    kind: str
    effect: str
    promotion_id: str | None
    code: str | None
    label: Text
    funder: str | None
    amount: Money
    points: int
    shares: list[ShareView]


class PassedOverView(View, frozen=True, kw_only=True):
    """A promotion in force that did not apply; `missing` is what the basket lacks, in minor units or pieces."""

    promotion_id: str | None
    label: Text
    why: str
    missing: int


class PriceProblem(View, frozen=True, kw_only=True):
    """Why a coupon or points are not in the price, and the ways out."""

    code: str
    path: str
    message: Text
    remedy: Text
    solutions: tuple[Solution, ...]


class PriceView(View, frozen=True, kw_only=True):
    """A price that explains itself: total is goods - discount + freight + tax."""

    goods: Money
    discount: Money
    freight: Money
    tax: Money
    total: Money
    tax_included: Money
    points_used: int
    layers: list[LayerView]
    passed_over: list[PassedOverView]
    problems: list[PriceProblem]


def price(quote: pricing.Quote, currency: str) -> PriceView:
    """A quote on the wire."""

    def money(amount: int) -> Money:
        return Money(amount, currency)

    shares = [(share, line.line_no) for line in quote.lines for share in line.layers]
    return PriceView(
        goods=money(quote.goods), discount=money(quote.discount), freight=money(quote.freight), tax=money(quote.tax),
        total=money(quote.total), tax_included=money(quote.tax_included), points_used=quote.points_used,
        layers=[
            layer(one, [(line_no, share.amount, share.points) for share, line_no in shares if share.layer == n], currency)
            for n, one in enumerate(quote.layers)
        ],
        passed_over=[
            PassedOverView(promotion_id=ref_or_none("promotion", one.source_id), label=one.label, why=one.why,
                           missing=one.missing)
            for one in quote.passed_over
        ],
        problems=[problem(one) for one in quote.problems],
    )  # fmt: skip


def layer(one: pricing.Layer, shares: list[tuple[int, int, int]], currency: str) -> LayerView:
    """A layer on the wire, of a quote or of an order."""
    return LayerView(
        kind=one.kind, effect=one.effect, promotion_id=ref_or_none("promotion", one.source_id), code=one.code,
        label=one.label, funder=one.funder, amount=Money(one.amount, currency), points=one.points,
        shares=[ShareView(line_no=n, amount=Money(amount, currency), points=points) for n, amount, points in shares],
    )  # fmt: skip


def problem(one: Refusal) -> PriceProblem:
    """A problem of a price on the wire."""
    return PriceProblem(code=one.code, path=one.path, message=one.message.filled(one.params), remedy=one.remedy.filled(
        one.params), solutions=one.solutions)  # fmt: skip
