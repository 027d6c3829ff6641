"""Offers, questions, threads and withdrawals as others see them."""

from datetime import datetime

from dingdan.areas import talks
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import return_queue, return_thread
from dingdan.surfaces.shared.wire import View, ref, ref_or_none


class OfferView(View, frozen=True, kw_only=True):
    """Something instead of what was asked for. `side` made it; only the other side takes, declines or counters it.

    `consent` are the words that a buyer agrees to by taking credit of the shop, and their version.
    """

    id: str
    return_id: str
    kind: talks.OfferKind
    state: talks.OfferState
    side: talks.Side
    amount: Money
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    counters: str | None
    consent: dict[str, Text]
    consent_text: str | None
    consented_at: datetime | None
    available_actions: list[str]


class QuestionView(View, frozen=True, kw_only=True):
    """The one round of questions: which shots, until when; what was asked in words stands in the thread."""

    state: talks.QuestionState
    shots: list[str]
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None


class EntryView(View, frozen=True, kw_only=True):
    """One line of the thread: words of a side, or a line of the system in both languages."""

    at: datetime
    side: str
    code: str
    text: str
    line: Text | None
    evidence: list[str]


class StatedLineView(View, frozen=True, kw_only=True):
    """Units of an order line that somebody withdraws from."""

    line_no: int
    quantity: int


class WithdrawalView(View, frozen=True, kw_only=True):
    """A withdrawal from a contract; once confirmed it is acknowledged by a message with all of this."""

    id: str
    number: str
    order_id: str
    state: talks.WithdrawalState
    name: str
    contact: str
    lines: list[StatedLineView]
    stated_at: datetime
    confirmed_at: datetime | None
    request_id: str | None
    returns: list[str]
    cancelled_units: int


class WithdrawingView(View, frozen=True, kw_only=True):
    """Whether "withdraw from contract here" is to be shown with the order now, until when, and what was stated so far.

    Before delivery there is no end to it yet.
    """

    is_offered: bool
    until: datetime | None
    items: list[WithdrawalView]


class WaitingReturnView(View, frozen=True, kw_only=True):
    """An application that waits for an answer. While the buyer is asked its clock stands still."""

    id: str
    number: str
    order_id: str
    merchant: str
    resolution: str
    review_reasons: list[str]
    escalated: bool
    paid: Money
    units: int
    evidence: int
    requested_at: datetime
    due_at: datetime | None
    is_paused: bool


def offer(actor: Actor, one: talks.Offer) -> OfferView:
    """An offer as it stands, with what the actor may do with it."""
    return OfferView(
        id=ref("offer", one.id), return_id=ref("return", one.return_id), kind=one.kind, state=one.state, side=one.side,
        amount=Money(one.amount, one.currency), made_at=one.made_at, expires_at=one.expires_at, ended_at=one.ended_at,
        counters=ref_or_none("offer", one.counters), consent_text=one.consent_text, consented_at=one.consented_at,
        consent=talks.CREDIT_TEXTS if one.kind is talks.OfferKind.STORE_CREDIT else {},
        available_actions=_actions(actor, one),
    )  # fmt: skip


def _actions(actor: Actor, one: talks.Offer) -> list[str]:
    if one.state is not talks.OfferState.OPEN:
        return []
    answering = "return.apply" if one.side is talks.Side.SELLER else "return.decide"
    own = "return.decide" if one.side is talks.Side.SELLER else "return.apply"
    answers = ["take", "decline", "counter"] if actor.may(answering) else []
    return [*answers, *(["take_back"] if actor.may(own) else [])]


def question(one: talks.Question) -> QuestionView:
    """What was asked."""
    return QuestionView(
        state=one.state, shots=one.shots, asked_at=one.asked_at, answer_by=one.answer_by, answered_at=one.answered_at
    )


def entry(one: return_thread.Entry) -> EntryView:
    """One line of a thread."""
    return EntryView(
        at=one.at, side=one.side, code=one.code, text=one.text, line=one.line,
        evidence=[ref("evidence", number) for number in one.evidence],
    )  # fmt: skip


def waiting(row: return_queue.Row) -> WaitingReturnView:
    """One application of the queue."""
    return WaitingReturnView(
        id=ref("return", row.id), number=ids.spoken(row.id), order_id=ref("order", row.order_id),
        merchant=ref("merchant", row.merchant_id), resolution=row.resolution, review_reasons=row.review_reasons,
        escalated=row.escalated, paid=Money(row.paid, row.currency), units=row.units, evidence=row.shown,
        requested_at=row.requested_at, due_at=row.due_at, is_paused=row.is_paused,
    )  # fmt: skip


def withdrawal(
    one: talks.Withdrawal, who: talks.Who | None, *, returns: list[int], cancelled_units: int
) -> WithdrawalView:
    """A withdrawal, with what followed from it."""
    return WithdrawalView(
        id=ref("withdrawal", one.id), number=ids.spoken(one.id), order_id=ref("order", one.order_id), state=one.state,
        name=who.name if who else "", contact=who.contact if who else "",
        lines=[StatedLineView(line_no=line.line_no, quantity=line.quantity) for line in one.lines],
        stated_at=one.stated_at, confirmed_at=one.confirmed_at, request_id=ref_or_none("request", one.request_id),
        returns=[ref("return", number) for number in returns], cancelled_units=cancelled_units,
    )  # fmt: skip
