"""Exchanges as others see them."""

from collections.abc import Sequence
from datetime import datetime

from dingdan.areas import catalog, exchanges, orders, returns
from dingdan.kernel.money import Money
from dingdan.overviews import exchange_queue
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import return_previews, return_views
from dingdan.surfaces.api.return_previews import PreviewView
from dingdan.surfaces.api.return_views import AppliedView
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, money, ref, ref_or_none, soonest

# What each action of an exchange takes.
ACTIONS = {
    "change": "return.apply", "take_money": "return.apply", "pay": "payment.start", "ship_ahead": "exchange.ship_ahead",
}  # fmt: skip


class ExchangeLineView(View, frozen=True, kw_only=True):
    """Units of a line that come back, and what is wanted for them; `sent` are those that something is sent for."""

    line_no: int
    product_id: str
    sku: str
    quantity: int
    sent: int


class ExchangeView(View, frozen=True, kw_only=True):
    """One exchange. `replaced_by` is the order that goes out, once it is written: what is left of it is paid like any.

    `worth` is what was paid for what came back, `carried` what of that pays for the new order, `price` what that costs;
    `why` says how it came that nothing is sent.
    """

    id: str
    return_id: str
    order_id: str
    merchant: str
    state: exchanges.ExchangeState
    lines: list[ExchangeLineView]
    replaced_by: str | None
    worth: Money | None
    carried: Money | None
    price: Money | None
    difference: Money | None
    is_ahead: bool
    why: str | None
    asked_at: datetime
    reserved_at: datetime | None
    replaced_at: datetime | None
    overdue_at: datetime | None
    ended_at: datetime | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class ExchangeRow(View, frozen=True, kw_only=True):
    """An exchange as the queue shows it; `due_at` is the clock that runs, and `waits_for` says whose turn it is."""

    id: str
    return_id: str
    order_id: str
    merchant: str
    state: exchanges.ExchangeState
    journey: returns.Journey
    outcome: returns.Outcome
    replaced_by: str | None
    worth: Money | None
    price: Money | None
    units: int
    is_ahead: bool
    asked_at: datetime
    overdue_at: datetime | None
    due_at: datetime | None
    waits_for: str | None


class ExchangeAppliedView(View, frozen=True, kw_only=True):
    """What an application became: its returns, and an exchange for each."""

    applied: AppliedView
    exchanges: list[ExchangeView]


class TermsView(View, frozen=True, kw_only=True):
    """What an exchange comes to as things stand; a `difference` below zero goes back to the buyer."""

    worth: Money
    price: Money
    difference: Money
    is_in_stock: bool


class ExchangePreviewView(View, frozen=True, kw_only=True):
    """What an application would lead to, and what it comes to for each order."""

    preview: PreviewView
    terms: list[TermsView]


async def one(tx: Tx, exchange_id: int) -> ExchangeView:
    """An exchange as it stands now."""
    return (await many(tx, [await exchanges.get_one(tx, exchange_id)]))[0]


async def many(tx: Tx, found: Sequence[exchanges.Exchange]) -> list[ExchangeView]:
    """Exchanges as they stand now."""
    lines = await exchanges.lines_of(tx, [one.id for one in found])
    offers = await catalog.by_ids(tx, {line.product_id for some in lines.values() for line in some})
    sold = await orders.get(tx, {one.order_id for one in found})
    asked = await returns.get(tx, {one.return_id for one in found})
    clocks = deadline_views(await deadlines.of_subjects(tx, [
        i for one in found for i in (one.id, one.return_id, one.sent_order_id)
    ]))  # fmt: skip
    return [
        _view(tx, one, [
            ExchangeLineView(line_no=line.line_no, product_id=ref("product", line.product_id),
                             sku=offers[line.product_id].sku, quantity=line.quantity, sent=line.sent)
            for line in lines[one.id]
        ], held=asked[one.return_id], currency=sold[one.order_id].currency, clocks=[
            clock for i in (one.id, one.return_id, one.sent_order_id) for clock in clocks.get(i, [])
        ])
        for one in found
    ]  # fmt: skip


def row(found: exchange_queue.Row) -> ExchangeRow:
    """An exchange of the queue."""
    is_there = found.worth is not None
    return ExchangeRow(
        id=ref("exchange", found.id), return_id=ref("return", found.return_id), order_id=ref("order", found.order_id),
        merchant=ref("merchant", found.merchant_id), state=exchanges.ExchangeState(found.state),
        journey=returns.Journey(found.journey), outcome=returns.Outcome(found.outcome),
        replaced_by=ref("order", found.sent_order_id) if is_there else None, worth=_money(found.worth, found.currency),
        price=_money(found.price, found.currency), units=found.units, is_ahead=found.is_ahead, asked_at=found.asked_at,
        overdue_at=found.overdue_at, due_at=found.due_at, waits_for=found.waits_for,
    )  # fmt: skip


async def applied(tx: Tx, made: returns.Applied, found: Sequence[exchanges.Exchange]) -> ExchangeAppliedView:
    """What an application became."""
    return ExchangeAppliedView(applied=await return_views.applied(tx, made), exchanges=await many(tx, found))


def previewed(shown: returns.Preview, terms: Sequence[exchanges.Terms]) -> ExchangePreviewView:
    """What an application would lead to."""
    return ExchangePreviewView(
        preview=return_previews.previewed(shown),
        terms=[
            TermsView(worth=money(one.worth, one.currency), price=money(one.price, one.currency),
                      difference=money(one.difference, one.currency), is_in_stock=one.is_in_stock)
            for one in terms
        ],
    )  # fmt: skip


def _view(
    tx: Tx,
    one: exchanges.Exchange,
    lines: list[ExchangeLineView],
    *,
    held: returns.Return,
    currency: str,
    clocks: list[DeadlineView],
) -> ExchangeView:
    possible = exchanges.actions(one, held, exchanges.MAY_HAVE_MONEY)
    difference = None if one.price is None or one.worth is None else one.price - one.worth
    return ExchangeView(
        id=ref("exchange", one.id), return_id=ref("return", one.return_id), order_id=ref("order", one.order_id),
        merchant=ref("merchant", one.merchant_id), state=one.state, lines=lines,
        replaced_by=ref_or_none("order", one.sent_order_id if one.replaced_at else None),
        worth=_money(one.worth, currency), carried=_money(one.carried, currency), price=_money(one.price, currency),
        difference=_money(difference, currency), is_ahead=one.ahead_at is not None, why=one.why, asked_at=one.asked_at,
        reserved_at=one.reserved_at, replaced_at=one.replaced_at, overdue_at=one.overdue_at, ended_at=one.ended_at,
        deadline_at=soonest(clocks), deadlines=clocks, available_actions=allowed(tx.actor, possible, ACTIONS),
    )  # fmt: skip


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else money(amount, currency)
