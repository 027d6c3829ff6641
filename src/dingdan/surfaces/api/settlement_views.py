"""How agreements, accounts, deposits and payouts are shown."""

from datetime import datetime

from dingdan.areas import settlements
from dingdan.kernel.money import Money
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import View, allowed, money, ref, ref_or_none


class AgreementView(View, frozen=True, kw_only=True):
    """One version of what was agreed; it holds for orders placed since `valid_from`, until a later one does."""

    id: str
    merchant: str
    currency: str
    number: int
    valid_from: datetime
    terms: settlements.Terms


class SettlementView(View, frozen=True, kw_only=True):
    """A merchant's account of one period: `opening`, what its lines come to by kind, and `closing`.

    `opening` is null while an earlier period is open. `closing` of an open one is what it would be now.
    """

    id: str
    merchant: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    state: settlements.SettlementState
    opening: Money | None
    sums: dict[str, Money]
    closing: Money | None
    closed_at: datetime | None
    available_actions: list[str]


class SettlementLineView(View, frozen=True, kw_only=True):
    """One line; plus is for the merchant. `subject` is what it is about, `posting` where it stands in the ledger."""

    id: str
    kind: settlements.LineKind
    detail: str
    line_no: int
    amount: Money
    order: str | None
    subject: str
    posting: str
    at: datetime


class MerchantDepositView(View, frozen=True, kw_only=True):
    """What a merchant left as security, how much was agreed, and how much is missing."""

    merchant: str
    balance: Money
    required: Money
    missing: Money


class DepositMovementView(View, frozen=True, kw_only=True):
    """One change of a deposit."""

    id: str
    kind: str
    amount: Money
    refund: str | None
    receipt: str | None
    at: datetime


class PayoutView(View, frozen=True, kw_only=True):
    """Money for one merchant; `held` is what waits, because its orders are disputed or not old enough."""

    id: str
    run: str
    merchant: str
    amount: Money
    held: Money
    state: settlements.PayoutState
    bank_ref: str | None
    failure: str | None
    prepared_at: datetime
    ended_at: datetime | None
    available_actions: list[str]


class PayoutRunView(View, frozen=True, kw_only=True):
    """Payouts that go to the bank in one file, whose SHA-256 is `checksum`."""

    id: str
    currency: str
    checksum: str
    prepared_at: datetime
    approved_at: datetime | None
    dropped_at: datetime | None
    payouts: list[PayoutView]
    available_actions: list[str]


def agreement(one: settlements.Agreement) -> AgreementView:
    """An agreement as it is shown."""
    return AgreementView(id=ref("agreement", one.id), merchant=ref("merchant", one.merchant_id), currency=one.currency,
                         number=one.number, valid_from=one.valid_from, terms=one.terms)  # fmt: skip


async def settlement_views(tx: Tx, found: list[settlements.Settlement]) -> dict[int, SettlementView]:
    """Accounts with what their lines come to."""
    sums = await settlements.sums(tx, [one.id for one in found])
    return {one.id: await _settlement(tx, one, sums[one.id]) for one in found}


async def _settlement(tx: Tx, one: settlements.Settlement, sums: dict[str, int]) -> SettlementView:
    opening = await settlements.opening_of(tx, one)
    closing = None if opening is None else opening + sum(sums.values())
    is_over = one.state is settlements.SettlementState.OPEN and tx.now >= one.ends_at
    return SettlementView(
        id=ref("settlement", one.id), merchant=ref("merchant", one.merchant_id), currency=one.currency,
        starts_at=one.starts_at, ends_at=one.ends_at, state=one.state,
        opening=None if opening is None else money(opening, one.currency),
        sums={kind: money(amount, one.currency) for kind, amount in sums.items()},
        closing=None if closing is None else money(closing, one.currency), closed_at=one.closed_at,
        available_actions=allowed(tx.actor, ["close"] if is_over else [], {"close": "settlement.write"}),
    )  # fmt: skip


async def line_views(tx: Tx, found: list[settlements.Line]) -> dict[int, SettlementLineView]:
    """Lines, each with its posting."""
    postings = await settlements.postings_of(tx, [one.id for one in found])
    return {
        one.id: SettlementLineView(
            id=ref("settlement_line", one.id), kind=one.kind, detail=one.detail, line_no=one.n,
            amount=money(one.amount, one.currency), order=ref_or_none("order", one.order_id),
            subject=ref(one.subject, one.subject_id), posting=ref("posting", postings[one.id]), at=one.at,
        )
        for one in found
    }  # fmt: skip


def deposit(one: settlements.MerchantDeposit) -> MerchantDepositView:
    """A deposit as it is shown."""
    return MerchantDepositView(merchant=ref("merchant", one.merchant_id), balance=money(one.balance, one.currency),
                               required=money(one.required, one.currency), missing=money(one.missing, one.currency))  # fmt: skip


def movement(one: settlements.DepositMovement) -> DepositMovementView:
    """A change of a deposit as it is shown."""
    return DepositMovementView(id=ref("deposit_movement", one.id), kind=one.kind, amount=money(one.amount, one.currency),
                               refund=ref_or_none("refund", one.refund_id), receipt=one.receipt, at=one.at)  # fmt: skip


def payout(tx: Tx, one: settlements.Payout) -> PayoutView:
    """A payout as it is shown."""
    possible = ["confirm", "fail"] if one.state is settlements.PayoutState.APPROVED else []
    return PayoutView(
        id=ref("payout", one.id), run=ref("payout_run", one.payout_run_id), merchant=ref("merchant", one.merchant_id),
        amount=money(one.amount, one.currency), held=money(one.held, one.currency), state=one.state,
        bank_ref=one.bank_ref, failure=one.failure, prepared_at=one.prepared_at, ended_at=one.ended_at,
        available_actions=allowed(tx.actor, possible, dict.fromkeys(("confirm", "fail"), "payout.prepare")),
    )  # fmt: skip


async def run_view(tx: Tx, one: settlements.PayoutRun) -> PayoutRunView:
    """A run with its payouts."""
    possible = ["approve", "drop"] if one.approved_at is None and one.dropped_at is None else []
    return PayoutRunView(
        id=ref("payout_run", one.id), currency=one.currency, checksum=one.checksum, prepared_at=one.prepared_at,
        approved_at=one.approved_at, dropped_at=one.dropped_at,
        payouts=[payout(tx, each) for each in await settlements.payouts_of_run(tx, one.id)],
        available_actions=allowed(tx.actor, possible, {"approve": "payout.approve", "drop": "payout.prepare"}),
    )  # fmt: skip
