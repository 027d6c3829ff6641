"""Prices as others see them: every layer with its words, who pays for it, and each line's share."""

from datetime import datetime

import msgspec

from dingdan.areas import orders, payments, pricing
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Solution, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import View, ref_or_none


class ShareView(View, frozen=True, kw_only=True):
    """A line's part of a layer."""

    line_no: int
    amount: Money
    points: int


class LayerView(View, frozen=True, kw_only=True):
    """One step from the list price to what is charged. `effect`: off, freight, freight_off, tax, tax_included;

    freight_way is what the chosen way costs on top of the carriage, freight_tax and freight_tax_included the tax on both.
    """

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


class PresaleView(View, frozen=True, kw_only=True):
    """What is paid in two parts: a deposit at once, the balance between two moments.

    Of an earnest deposit (定金) at most `keep_at_most` is kept where the balance is not paid; an advance (订金) goes back.
    Once it ended so, the seller `kept` so much, or owes a `penalty` on top of what was paid.
    """

    deposit: Money
    counts_as: Money
    balance: Money
    balance_from: datetime
    balance_until: datetime
    is_earnest: bool
    keep_at_most: Money
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    kept: Money | None = None
    penalty: Money | None = None


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


def presale(one: pricing.Deposit | payments.Deposit, currency: str) -> PresaleView:
    """The two parts of a quote, or of an order with what became of them."""

    def money(amount: int) -> Money:
        return Money(amount, currency)

    terms = PresaleView(
        deposit=money(one.amount), counts_as=money(one.counts_as), balance=money(one.balance),
        balance_from=one.balance_from, balance_until=one.balance_until, is_earnest=one.is_earnest,
        keep_at_most=money(one.keep_at_most),
    )  # fmt: skip
    if isinstance(one, pricing.Deposit):
        return terms
    return msgspec.structs.replace(
        terms, paid_at=one.paid_at, ended_at=one.ended_at, kept=None if one.kept is None else money(one.kept),
        penalty=None if one.penalty is None else money(one.penalty),
    )  # fmt: skip


async def presale_of(tx: Tx, order: orders.Order) -> PresaleView | None:
    """The two parts in which an order is paid, where it is."""
    found = (await payments.deposits(tx, [order.id])).get(order.id)
    return presale(found, order.currency) if found else None


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
