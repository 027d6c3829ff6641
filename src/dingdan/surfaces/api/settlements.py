"""Settling with merchants: agreements, accounts by period, deposits, payouts."""

from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import settlements
from dingdan.overviews import settlement_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import settlement_views as views
from dingdan.surfaces.api.settlement_views import (
    AgreementView,
    DepositMovementView,
    MerchantDepositView,
    PayoutRunView,
    PayoutView,
    SettlementLineView,
    SettlementView,
)
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Amount,
    Code,
    Currency,
    Id,
    Input,
    Line,
    List,
    MerchantRef,
    Moment,
    MoneyInput,
    OfMerchant,
    Page,
    PageQuery,
    number,
    page_of,
    slice_of,
)

CSV = "text/csv"


class OfMerchantQuery(PageQuery, frozen=True, kw_only=True):
    """Whose; without it everybody's within reach."""

    merchant: MerchantRef | None = None


class SettlementQuery(OfMerchantQuery, frozen=True, kw_only=True):
    """Which accounts."""

    currency: Currency | None = None
    state: settlements.SettlementState | None = None


class AgreementInput(Input, frozen=True, kw_only=True):
    """Terms with one merchant in one currency, for orders placed from a moment on; without one, from now on."""

    merchant: MerchantRef
    currency: Currency
    valid_from: Moment | None = None
    terms: settlements.Terms


class TopUpInput(Input, frozen=True, kw_only=True):
    """A transfer that came for a merchant's deposit, with its number."""

    merchant: MerchantRef
    amount: MoneyInput
    receipt: Line


class DrawInput(Input, frozen=True, kw_only=True):
    """How much of a refund is taken out of its merchant's deposit, in minor units of the refund's currency."""

    refund: Id
    amount: Amount


class PayoutRunInput(Input, frozen=True, kw_only=True):
    """In which currency, and whom; without names everybody who is owed something."""

    currency: Currency
    merchants: Annotated[list[MerchantRef], Meta(min_length=1, max_length=200)] | None = None


class ConfirmPayoutInput(Input, frozen=True, kw_only=True):
    """The bank's number for it."""

    bank_ref: Line


class FailPayoutInput(Input, frozen=True, kw_only=True):
    """Why the bank could not pay, as a code."""

    reason: Code


@get("/v1/agreements", permission="settlement.read")
async def agreements(tx: Tx, query: OfMerchantQuery) -> Page[AgreementView]:
    """What was agreed on with merchants, every version, newest first."""
    asked = slice_of(query)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    return page_of(asked, await settlements.agreements(tx, merchant_id, asked.with_one_more), views.agreement)


@post("/v1/agreements", permission="settlement.write", status=201)
async def agree(tx: Tx, body: AgreementInput) -> AgreementView:
    """Save the next version of an agreement. Orders that were placed before keep theirs."""
    merchant = await scope.merchant_meant(tx, body.merchant)
    wanted = settlements.SaveAgreement(merchant_id=merchant.id, currency=body.currency, terms=body.terms,
                                       valid_from=body.valid_from)  # fmt: skip
    return views.agreement(await settlements.agree(tx, wanted))


@get("/v1/settlements", permission="settlement.read")
async def accounts(tx: Tx, query: SettlementQuery) -> Page[SettlementView]:
    """Merchants' accounts by period, newest first."""
    asked = slice_of(query)
    wanted = settlement_list.Filter(merchant_id=await scope.merchant_filter(tx, query.merchant),
                                    currency=query.currency, state=query.state)  # fmt: skip
    found = await settlement_list.page(tx, wanted, asked.asked)
    shown = await views.settlement_views(tx, found)
    return page_of(asked, found, lambda one: shown[one.id])


@get("/v1/settlements/{settlement_id}", permission="settlement.read")
async def account(tx: Tx, settlement_id: int) -> SettlementView:
    """One account: what it began with, what its lines come to, and what it ends with."""
    return (await views.settlement_views(tx, [await settlements.get_one(tx, settlement_id)]))[settlement_id]


@get("/v1/settlements/{settlement_id}/lines", permission="settlement.read")
async def lines(tx: Tx, settlement_id: int, query: PageQuery) -> Page[SettlementLineView]:
    """Every line of an account with what it is about and its posting, oldest first."""
    asked = slice_of(query)
    found = await settlements.lines(tx, settlement_id, asked.with_one_more)
    shown = await views.line_views(tx, found)
    return page_of(asked, found, lambda one: shown[one.id])


@post("/v1/settlements/{settlement_id}/close", permission="settlement.write")
async def close(tx: Tx, settlement_id: int) -> SettlementView:
    """Close a period whose time is over; nothing is booked into it any more, and it is never opened again."""
    return (await views.settlement_views(tx, [await settlements.close(tx, settlement_id)]))[settlement_id]


@get("/v1/orders/{order_id}/settlement-lines", permission="settlement.read")
async def order_lines(tx: Tx, order_id: int) -> List[SettlementLineView]:
    """What an order meant for its merchant's account so far, oldest first."""
    found = await settlements.lines_of_order(tx, order_id)
    return List(items=list((await views.line_views(tx, found)).values()))


@get("/v1/merchant-deposits", permission="settlement.read")
async def deposits(tx: Tx, query: OfMerchant) -> List[MerchantDepositView]:
    """What merchants left as security, and what is missing."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    return List(items=[views.deposit(one) for one in await settlements.merchant_deposits(tx, merchant_id)])


@get("/v1/merchant-deposits/movements", permission="settlement.read")
async def deposit_movements(tx: Tx, query: OfMerchantQuery) -> Page[DepositMovementView]:
    """The changes of one merchant's deposits, newest first."""
    asked = slice_of(query)
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    return page_of(asked, await settlements.deposit_movements(tx, merchant_id, asked.with_one_more), views.movement)


@post("/v1/merchant-deposits/top-up", permission="merchant_deposit.write", status=201)
async def top_up(tx: Tx, body: TopUpInput) -> MerchantDepositView:
    """Book a transfer that came for a merchant's deposit; its number counts once."""
    merchant = await scope.merchant_meant(tx, body.merchant)
    return views.deposit(await settlements.top_up(
        tx, merchant.id, body.amount.currency, body.amount.amount, receipt=body.receipt
    ))  # fmt: skip


@post("/v1/merchant-deposits/draw", permission="merchant_deposit.write", status=201)
async def draw(tx: Tx, body: DrawInput) -> MerchantDepositView:
    """Take what a buyer was paid in advance out of the merchant's deposit, once for each refund."""
    refund_id = number("refund", body.refund, "refund")
    return views.deposit(await settlements.draw(tx, refund_id, body.amount))


@get("/v1/payout-runs", permission="payout.prepare")
async def payout_runs(tx: Tx, query: PageQuery) -> Page[PayoutRunView]:
    """Runs of payouts, newest first."""
    asked = slice_of(query)
    found = await settlements.runs(tx, asked.with_one_more)
    shown = {one.id: await views.run_view(tx, one) for one in found}
    return page_of(asked, found, lambda one: shown[one.id])


@post("/v1/payout-runs", permission="payout.prepare", status=201)
async def prepare(tx: Tx, body: PayoutRunInput) -> PayoutRunView:
    """Prepare payouts of what closed periods owe; what is disputed or too young is left out. Somebody else approves."""
    named = None
    if body.merchants is not None:
        named = [(await scope.merchant_meant(tx, one, f"merchants[{i}]")).id for i, one in enumerate(body.merchants)]
    return await views.run_view(tx, await settlements.prepare(tx, body.currency, merchant_ids=named))


@get("/v1/payout-runs/{payout_run_id}", permission="payout.prepare")
async def payout_run(tx: Tx, payout_run_id: int) -> PayoutRunView:
    """One run with its payouts."""
    return await views.run_view(tx, await settlements.get_run(tx, payout_run_id))


@get("/v1/payout-runs/{payout_run_id}/file.csv", permission="payout.prepare", gives=CSV)
async def payout_file(tx: Tx, payout_run_id: int) -> Response[bytes]:
    """The file for the bank: the same bytes each time, with the checksum that the run names."""
    content = await settlements.run_file(tx, payout_run_id)
    return Response(content.encode(), media_type=CSV, headers={"Cache-Control": "private, no-store"})


@post("/v1/payout-runs/{payout_run_id}/approve", permission="payout.approve")
async def approve(tx: Tx, payout_run_id: int) -> PayoutRunView:
    """Agree to a run that somebody else prepared: its file may go to the bank."""
    return await views.run_view(tx, await settlements.approve(tx, payout_run_id))


@post("/v1/payout-runs/{payout_run_id}/drop", permission="payout.prepare")
async def drop(tx: Tx, payout_run_id: int) -> PayoutRunView:
    """Give a run up that nobody agreed to; what it would have paid waits for the next one."""
    return await views.run_view(tx, await settlements.drop(tx, payout_run_id))


@get("/v1/payouts", permission="settlement.read")
async def payouts(tx: Tx, query: OfMerchantQuery) -> Page[PayoutView]:
    """Payouts, newest first."""
    asked = slice_of(query)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await settlements.listed_payouts(tx, merchant_id, asked.with_one_more)
    return page_of(asked, found, lambda one: views.payout(tx, one))


@post("/v1/payouts/{payout_id}/confirm", permission="payout.prepare")
async def confirm(tx: Tx, payout_id: int, body: ConfirmPayoutInput) -> PayoutView:
    """The bank says that the money left."""
    return views.payout(tx, await settlements.confirm(tx, payout_id, bank_ref=body.bank_ref))


@post("/v1/payouts/{payout_id}/fail", permission="payout.prepare")
async def fail(tx: Tx, payout_id: int, body: FailPayoutInput) -> PayoutView:
    """The bank could not pay: the merchant is owed it again."""
    return views.payout(tx, await settlements.fail(tx, payout_id, reason=body.reason))


ROUTES = [
    agreements, agree, accounts, account, lines, close, order_lines, deposits, deposit_movements, top_up, draw, payout_runs,
    prepare, payout_run, payout_file, approve, drop, payouts, confirm, fail,
]  # fmt: skip
