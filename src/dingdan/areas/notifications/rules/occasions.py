"""Occasions to tell somebody: which facts are one, and what must be said on it before it may be sent (O1.10)."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import (
    access,
    cases,
    disposition,
    disputes,
    exchanges,
    invoices,
    orders,
    payments,
    refunds,
    repairs,
    returns,
    review,
    talks,
    transit,
    way_back,
)
from dingdan.areas.notifications.model import Facts
from dingdan.areas.notifications.occasions import TO_SELLER, Occasion
from dingdan.kernel import ids
from dingdan.kernel.address import Address, missing_parts
from dingdan.kernel.event import Event

OCCASIONS: Mapping[type[Event], Occasion] = {
    orders.OrderPlaced: Occasion.RECEIVED,
    # Paid is not enough: what somebody looks at a second time is confirmed when they let it go.
    review.OrderCleared: Occasion.CONFIRMED,
    review.ReviewOpened: Occasion.REVIEW_STARTED,
    orders.OrderLinesCancelled: Occasion.AMENDED,
    orders.OrderAddressChanged: Occasion.AMENDED,
    orders.OrderBuyerWritten: Occasion.ORDER_WRITTEN,
    orders.OrderCancelled: Occasion.CANCELLED,
    orders.OrderExpired: Occasion.EXPIRED,
    orders.OrderRefunded: Occasion.REFUNDED,
    orders.OrderReceiptAnnounced: Occasion.RECEIPT_ANNOUNCED,
    orders.OrderReceiptDueSoon: Occasion.RECEIPT_DUE_SOON,
    payments.DepositPaid: Occasion.DEPOSIT_PAID,
    payments.BalanceOpened: Occasion.BALANCE_OPENED,
    payments.DepositEnded: Occasion.DEPOSIT_ENDED,
    payments.PaymentFailed: Occasion.PAYMENT_FAILED,
    transit.ParcelSilent: Occasion.DELAYED,
    transit.ParcelOverdue: Occasion.DELAYED,
    transit.ParcelDisappeared: Occasion.DELAYED,
    way_back.ReturnAddressFixed: Occasion.RETURN_APPROVED,
    way_back.ReturnAddressProposed: Occasion.RETURN_PLACE_PROPOSED,
    returns.ReturnDueSoon: Occasion.RETURN_DUE_SOON,
    disposition.GoodsRejected: Occasion.UNITS_REJECTED,
    disposition.GoodsOffered: Occasion.UNITS_OFFERED,
    disposition.GoodsUnclaimed: Occasion.UNITS_UNCLAIMED,
    cases.CaseOpened: Occasion.CASE_OPENED,
    cases.CaseAttached: Occasion.CASE_OPENED,
    cases.CaseUpdated: Occasion.CASE_UPDATED,
    cases.CaseAsked: Occasion.CASE_ASKED,
    cases.RemedyApproved: Occasion.CASE_OFFERED,
    cases.CaseRemedied: Occasion.CASE_REMEDIED,
    cases.CaseClosed: Occasion.CASE_CLOSED,
    cases.CaseWithdrawn: Occasion.CASE_CLOSED,
    returns.ReturnResolved: Occasion.RETURN_RESOLVED,
    returns.ReturnRefused: Occasion.RETURN_REFUSED,
    returns.ReturnEscalated: Occasion.RETURN_UPDATED,
    returns.ReturnUncalled: Occasion.RETURN_UPDATED,
    talks.QuestionAsked: Occasion.RETURN_ASKED,
    talks.ReturnRemarked: Occasion.RETURN_UPDATED,
    talks.OfferMade: Occasion.RETURN_OFFERED,
    talks.WithdrawalConfirmed: Occasion.CONTRACT_WITHDRAWN,
    refunds.RefundSettled: Occasion.PENALTY_PAID,
    invoices.InvoiceIssued: Occasion.INVOICE_ISSUED,
    disputes.DisputeOpened: Occasion.DISPUTE_OPENED,
    disputes.DisputeTurnBegan: Occasion.DISPUTE_TURN,
    disputes.DisputeTurnEnding: Occasion.DISPUTE_TURN,
    disputes.DisputeRuled: Occasion.DISPUTE_RULED,
    disputes.DisputeAppealed: Occasion.DISPUTE_APPEALED,
    disputes.DisputeSettled: Occasion.DISPUTE_FINAL,
    disputes.DisputeExecuted: Occasion.DISPUTE_EXECUTED,
    disputes.DisputeStopped: Occasion.DISPUTE_STOPPED,
    disputes.DisputeTakenElsewhere: Occasion.DISPUTE_STOPPED,
    disputes.DisputeWentOn: Occasion.DISPUTE_WENT_ON,
    disputes.DisputeWithdrawn: Occasion.DISPUTE_WITHDRAWN,
    disputes.DisputeAgreed: Occasion.DISPUTE_AGREED,
    exchanges.ExchangeReserved: Occasion.EXCHANGE_KEPT,
    exchanges.ExchangeRanShort: Occasion.EXCHANGE_SHORT,
    exchanges.ExchangeDifferenceAsked: Occasion.EXCHANGE_DIFFERENCE,
    exchanges.ExchangeReplaced: Occasion.EXCHANGE_SENT,
    exchanges.ExchangeRefunded: Occasion.EXCHANGE_REFUNDED,
    exchanges.ExchangeOverdue: Occasion.EXCHANGE_LATE,
    exchanges.ExchangeOwed: Occasion.EXCHANGE_OWED,
    repairs.RepairBegan: Occasion.REPAIR_BEGAN,
    repairs.RepairPaused: Occasion.REPAIR_WAITS,
    repairs.RepairSentBack: Occasion.REPAIR_SENT,
    repairs.RepairFailed: Occasion.REPAIR_CHOICE,
    repairs.RepairDueSoon: Occasion.REPAIR_CHOICE,
    repairs.RepairRelapsed: Occasion.REPAIR_RELAPSED,
    repairs.RepairTurned: Occasion.REPAIR_REFUNDED,
    access.GuestCodeAsked: Occasion.CODE_ASKED,
}


# What sellers are told: that they have to show or do something, or soon will, and what came of it.
SELLERS: Mapping[type[Event], Occasion] = {
    disputes.DisputeOpened: Occasion.SELLER_DISPUTE_OPENED,
    disputes.DisputeTurnBegan: Occasion.SELLER_DISPUTE_TURN,
    disputes.DisputeTurnEnding: Occasion.SELLER_DISPUTE_TURN,
    disputes.DisputeRuled: Occasion.SELLER_DISPUTE_RULED,
    disputes.DisputeAppealed: Occasion.SELLER_DISPUTE_APPEALED,
    disputes.DisputeSettled: Occasion.SELLER_DISPUTE_FINAL,
    disputes.DisputeUndone: Occasion.SELLER_DISPUTE_FINAL,
    disputes.DisputeExecuted: Occasion.SELLER_DISPUTE_ENDED,
    disputes.DisputeWithdrawn: Occasion.SELLER_DISPUTE_ENDED,
    disputes.DisputeAgreed: Occasion.SELLER_DISPUTE_ENDED,
    disputes.DisputeStopped: Occasion.SELLER_DISPUTE_STOPPED,
    disputes.DisputeTakenElsewhere: Occasion.SELLER_DISPUTE_STOPPED,
    disputes.DisputeWentOn: Occasion.SELLER_DISPUTE_WENT_ON,
}

Wanted = tuple[int, Occasion, int | None, str]


def occasions(facts: Iterable[Event], orders_of: Mapping[int, Sequence[int]]) -> list[Wanted]:
    """(order, occasion, case, return, withdrawal or dispute if it is about one, goods on their way back) of each fact that the

    buyer is told of, in their order.

    `orders_of` knows the orders of payments for several.
    """
    return [
        (order_id, OCCASIONS[type(fact)], _about(fact), _which(fact))
        for fact in facts
        if type(fact) in OCCASIONS and _is_told(fact)
        for order_id in ([fact.order_id] if fact.order_id is not None else orders_of.get(fact.subject_id, ()))
    ]


def for_sellers(facts: Iterable[Event]) -> list[Wanted]:
    """The same of each fact that its seller is told of: not what they did themselves."""
    return [
        (fact.order_id, SELLERS[type(fact)], fact.subject_id, _which(fact))
        for fact in facts
        if type(fact) in SELLERS and fact.order_id is not None and _is_for_seller(fact)
    ]


def _is_for_seller(fact: Event) -> bool:
    if isinstance(fact, (disputes.DisputeTurnBegan, disputes.DisputeTurnEnding)):
        return fact.side == talks.Side.SELLER
    if isinstance(fact, (disputes.DisputeOpened, disputes.DisputeAppealed)):
        return fact.side == talks.Side.BUYER
    return True


def _about(fact: Event) -> int | None:
    if isinstance(fact, cases.RemedyApproved):
        return fact.case_id
    if isinstance(fact, (talks.OfferMade, talks.QuestionAsked)) or fact.subject in ("exchange", "repair"):
        return_id: int = getattr(fact, "return_id")  # noqa: B009 - every fact of these has one
        return return_id
    return fact.subject_id if fact.subject in ("case", "return", "withdrawal", "dispute") else None


def _which(fact: Event) -> str:
    """Which goods on their way back, and which of several reminders: two returns of an order are told of separately.

    Of a paper it is the number, of a code which one, never its digits.
    """
    if isinstance(fact, access.GuestCodeAsked):
        return str(fact.number)
    if isinstance(fact, invoices.InvoiceIssued):
        return fact.number
    if isinstance(fact, (disputes.DisputeTurnBegan, disputes.DisputeTurnEnding)):
        return f"{fact.wire} {fact.turn}"
    if isinstance(fact, disputes.DisputeUndone):
        return fact.wire
    if fact.subject not in ("return", "goods", "exchange", "repair"):
        return ""
    steps = (getattr(fact, name, None) for name in ("rung", "reminder", "amount", "place_version", "send_by"))
    return " ".join([ids.encode(fact.subject, fact.subject_id), *(str(step) for step in steps if step is not None)])


def _is_told(fact: Event) -> bool:
    """What the house cures without anybody's word is not told of, an offer only where the buyer has a word in it, and

    of what is said about a return only what the seller says unasked, in a dispute of the buyer's own turns. Money
    that goes back is told of by its order, and a credit note with it; a penalty was never a part of the order.
    """
    if isinstance(fact, cases.RemedyApproved):
        return fact.waits_for == "buyer"
    if isinstance(fact, talks.OfferMade):
        return fact.side == talks.Side.SELLER
    if isinstance(fact, talks.ReturnRemarked):
        return fact.side == talks.Side.SELLER and fact.code == "said"
    if isinstance(fact, refunds.RefundSettled):
        return fact.cause == refunds.Cause.PENALTY
    if isinstance(fact, (disputes.DisputeTurnBegan, disputes.DisputeTurnEnding)):
        return fact.side == talks.Side.BUYER
    if isinstance(fact, exchanges.ExchangeRefunded):
        return fact.why not in ("asked", "cancelled", "turned")
    if isinstance(fact, (exchanges.ExchangeOverdue, repairs.RepairDueSoon)):
        return fact.role == "buyer"
    if isinstance(fact, repairs.RepairRelapsed):
        return fact.is_enough
    if isinstance(fact, repairs.RepairTurned):
        return fact.is_silent
    if isinstance(fact, invoices.InvoiceIssued):
        return fact.kind == invoices.InvoiceKind.INVOICE
    return bool(getattr(fact, "is_told", True))


def missing(facts: Facts, *, needs_promise: bool) -> list[str]:
    """The mandatory fields that the stored rows could not fill, by their paths.

    The address shows when it is unsealed; whoever was forgotten has none, and that is nobody's fault. Sellers know their
    orders, to them nothing is mandatory; a code confirms nothing, and lacks nothing.
    """
    if facts.occasion in TO_SELLER or facts.occasion is Occasion.CODE_ASKED:
        return []
    found = [] if any(facts.seller.name.values()) else ["seller.name"]
    found += [] if facts.lines else ["lines"]
    found += [f"lines[{i}].title" for i, line in enumerate(facts.lines) if not any(line.title.values())]
    found += [] if facts.policy is not None else ["policy"]
    # What tells of money that came in must say how; what a coupon paid in full has no payment to name.
    is_paid = facts.occasion is Occasion.CONFIRMED or (facts.occasion is Occasion.AMENDED and facts.paid_at is not None)
    if is_paid and facts.amounts.total > 0 and not facts.payments:
        found.append("payments")
    if needs_promise and facts.promise is None:
        found.append("promise")
    return found


def missing_in_address(address: Address | None) -> list[str]:
    """The parts of the shipping address without which it may not be sent either; they show when it is unsealed."""
    if address is None:
        return ["recipient"]
    return [f"recipient.{part}" for part in missing_parts(address)]
