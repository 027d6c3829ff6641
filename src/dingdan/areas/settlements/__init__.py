"""settlements: what platform and merchants owe each other: fees, accounts by period, deposits, payouts.

Every line has its cause and its posting, is booked once, and never into a period that was closed.
"""

from dingdan.areas.settlements.agreeing import agree
from dingdan.areas.settlements.booking import follow
from dingdan.areas.settlements.closing import close, close_due
from dingdan.areas.settlements.depositing import draw, recover, top_up
from dingdan.areas.settlements.events import (
    AgreementSaved,
    DepositBelowMinimum,
    DepositDrawn,
    DepositToppedUp,
    PayoutApproved,
    PayoutDropped,
    PayoutFailed,
    PayoutPaid,
    PayoutPrepared,
    SettlementBooked,
    SettlementClosed,
    SettlementOpened,
)
from dingdan.areas.settlements.lifecycle import PayoutState, SettlementState
from dingdan.areas.settlements.model import (
    Agreement,
    DepositMovement,
    FeeKind,
    Line,
    LineKind,
    MerchantDeposit,
    Payee,
    Payout,
    PayoutRun,
    SaveAgreement,
    Settlement,
    Terms,
)
from dingdan.areas.settlements.paying_out import approve, confirm, drop, fail
from dingdan.areas.settlements.preparing import prepare
from dingdan.areas.settlements.promises import CLOSE
from dingdan.areas.settlements.reading import (
    agreements,
    deposit_movements,
    get_one,
    get_payout,
    get_run,
    lines,
    lines_of_order,
    listed_payouts,
    merchant_deposits,
    opening_of,
    payouts_of_run,
    postings_of,
    run_file,
    runs,
    sums,
)
from dingdan.areas.settlements.refusals import (
    AgreementReachesBack,
    AgreementUnfit,
    ClosedAlready,
    DepositAmountUnfit,
    DisputedSince,
    DrawnAlready,
    EarlierPeriodOpen,
    NoAgreement,
    NotAdvanced,
    NothingToPay,
    NotThePlatform,
    PayoutNeedsPerson,
    PayoutSameHand,
    PayoutStateForbids,
    PayoutUnknown,
    PeriodNotOver,
    ReceiptUsed,
    SettlementUnknown,
)

__all__ = [
    "CLOSE", "Agreement", "AgreementReachesBack", "AgreementSaved", "AgreementUnfit", "ClosedAlready",
    "DepositAmountUnfit", "DepositBelowMinimum", "DepositDrawn", "DepositMovement", "DepositToppedUp",
    "DisputedSince", "DrawnAlready", "EarlierPeriodOpen", "FeeKind", "Line", "LineKind", "MerchantDeposit",
    "NoAgreement", "NotAdvanced", "NotThePlatform", "NothingToPay", "Payee", "Payout", "PayoutApproved",
    "PayoutDropped", "PayoutFailed", "PayoutNeedsPerson", "PayoutPaid", "PayoutPrepared", "PayoutRun",
    "PayoutSameHand", "PayoutState", "PayoutStateForbids", "PayoutUnknown", "PeriodNotOver", "ReceiptUsed",
    "SaveAgreement", "Settlement", "SettlementBooked", "SettlementClosed", "SettlementOpened", "SettlementState",
    "SettlementUnknown", "Terms", "agree", "agreements", "approve", "close", "close_due", "confirm",
    "deposit_movements", "draw", "drop", "fail", "follow", "get_one", "get_payout", "get_run", "lines",
    "lines_of_order", "listed_payouts", "merchant_deposits", "opening_of", "payouts_of_run", "postings_of", "prepare",
    "recover", "run_file", "runs", "sums", "top_up",
]  # fmt: skip
