"""payments: money coming in, and sent back: every word with a provider.

Money is booked once, whatever is said how often in which order; what nobody owes goes back by itself.
"""

from dingdan.areas.methods import problems as method_problems
from dingdan.areas.payments.checking import check_payments, check_send_backs
from dingdan.areas.payments.events import (
    ExcessCaptured,
    MoneySentBack,
    PaymentAccepted,
    PaymentAmountDiffered,
    PaymentCaptured,
    PaymentFailed,
    PaymentLostTrack,
    PaymentStarted,
    PaymentVoided,
    SendBackAccepted,
    SendBackAmountDiffered,
    SendBackLostTrack,
    SendBackQueued,
    SendBackRetried,
    SendingBackFailed,
)
from dingdan.areas.payments.jobs import ask, ask_send_backs, call_started, sandbox, tell_voids
from dingdan.areas.payments.jobs import send_back as call_send_backs
from dingdan.areas.payments.lifecycle import PaymentState, SendBackState
from dingdan.areas.payments.model import (
    Answer,
    Booked,
    Capture,
    ChargeAnswer,
    ChargeOutcome,
    CreditTender,
    Limits,
    MoneyBackAnswer,
    MoneyBackOutcome,
    Payment,
    Received,
    Reply,
    SendBack,
    Sent,
    Taken,
    Tender,
)
from dingdan.areas.payments.promises import PAYMENT_CHECK, SEND_BACK_CHECK
from dingdan.areas.payments.reading import (
    booked_charges,
    by_number,
    captured,
    charged_between,
    excess,
    get,
    get_one,
    of_orders,
    orders_of,
    returned_between,
    save_way,
    sent_back,
    sent_back_by_number,
    together,
    ways,
)
from dingdan.areas.payments.refusals import (
    CreditDoesNotFit,
    MethodUnknown,
    NotAwaitingPayment,
    NothingDue,
    NoticeNotSigned,
    NoticeTooOld,
    NoticeUnreadable,
    OrderNotThere,
    OutcomeUnknown,
    PaymentUnknown,
    ProviderUnknown,
)
from dingdan.areas.payments.rules import FAILURES, Failure, failure_of, methods
from dingdan.areas.payments.sending import send_back
from dingdan.areas.payments.settling import take_in, take_in_notification, take_in_notifications
from dingdan.areas.payments.starting import start
from dingdan.areas.payments.voiding import void

__all__ = [
    "FAILURES", "PAYMENT_CHECK", "SEND_BACK_CHECK", "Answer", "Booked", "Capture", "ChargeAnswer", "ChargeOutcome",
    "CreditDoesNotFit", "CreditTender", "ExcessCaptured", "Failure", "Limits", "MethodUnknown", "MoneyBackAnswer",
    "MoneyBackOutcome", "MoneySentBack", "NotAwaitingPayment", "NothingDue", "NoticeNotSigned", "NoticeTooOld",
    "NoticeUnreadable", "OrderNotThere", "OutcomeUnknown", "Payment", "PaymentAccepted", "PaymentAmountDiffered",
    "PaymentCaptured", "PaymentFailed", "PaymentLostTrack", "PaymentStarted", "PaymentState", "PaymentUnknown",
    "PaymentVoided", "ProviderUnknown", "Received", "Reply", "SendBack", "SendBackAccepted",
    "SendBackAmountDiffered", "SendBackLostTrack", "SendBackQueued", "SendBackRetried", "SendBackState",
    "SendingBackFailed", "Sent", "Taken", "Tender", "ask", "ask_send_backs", "booked_charges", "by_number",
    "call_send_backs", "call_started", "captured", "charged_between", "check_payments", "check_send_backs", "excess",
    "failure_of", "get", "get_one", "method_problems", "methods", "of_orders", "orders_of", "returned_between",
    "sandbox", "save_way", "send_back", "sent_back", "sent_back_by_number", "start", "take_in",
    "take_in_notification", "take_in_notifications", "tell_voids", "together", "void", "ways",
]  # fmt: skip
