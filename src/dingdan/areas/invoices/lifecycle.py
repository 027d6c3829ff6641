"""A buyer's wish for an invoice, and the paper itself: an invoice or the credit note that takes it back."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class InvoiceRequestState(StrEnum):
    """Whether a wish is still open."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class InvoiceState(StrEnum):
    """Where an invoice or credit note stands; it has a number once it is issued, and never before."""

    DRAFTED = "drafted"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    ISSUED = "issued"
    DROPPED = "dropped"


_R = InvoiceRequestState
_I = InvoiceState

INVOICE_REQUEST = Lifecycle(
    "invoice_request",
    initial=_R.ASKED,
    moves={
        "answer": ({_R.ASKED}, _R.ANSWERED),
        "withdraw": ({_R.ASKED}, _R.WITHDRAWN),
    },
)

INVOICE = Lifecycle(
    "invoice",
    initial=_I.DRAFTED,
    moves={
        "issue": ({_I.DRAFTED, _I.UNKNOWN}, _I.ISSUED),
        "lose_track": ({_I.DRAFTED}, _I.UNKNOWN),
        "refuse": ({_I.DRAFTED, _I.UNKNOWN}, _I.REFUSED),
        "retry": ({_I.REFUSED}, _I.DRAFTED),
        # Refused and asked for anew with another title: nothing was ever issued, so nothing is taken back.
        "drop": ({_I.REFUSED}, _I.DROPPED),
    },
)
