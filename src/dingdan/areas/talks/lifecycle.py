"""Offers, the one question, and withdrawals in two steps: three machines."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class OfferState(StrEnum):
    """Where an offer stands."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    COUNTERED = "countered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class QuestionState(StrEnum):
    """Where the one question about a return stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"


class WithdrawalState(StrEnum):
    """Where a statement of withdrawal from a contract stands."""

    STATED = "stated"
    CONFIRMED = "confirmed"


_O, _Q, _S = OfferState, QuestionState, WithdrawalState

OFFER = Lifecycle(
    "offer",
    initial=_O.OPEN,
    moves={
        "take": ({_O.OPEN}, _O.TAKEN),
        "decline": ({_O.OPEN}, _O.DECLINED),
        "counter": ({_O.OPEN}, _O.COUNTERED),
        "withdraw": ({_O.OPEN}, _O.WITHDRAWN),
        "lapse": ({_O.OPEN}, _O.LAPSED),
    },
)

QUESTION = Lifecycle(
    "question",
    initial=_Q.ASKED,
    moves={
        "answer": ({_Q.ASKED}, _Q.ANSWERED),
        "lapse": ({_Q.ASKED}, _Q.LAPSED),
    },
)

WITHDRAWAL = Lifecycle(
    "withdrawal",
    initial=_S.STATED,
    moves={
        "confirm": ({_S.STATED}, _S.CONFIRMED),
    },
)
