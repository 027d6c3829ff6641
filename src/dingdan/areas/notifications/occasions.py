"""Every occasion on which a buyer or a seller is told something, and what buyers can answer."""

from enum import StrEnum

from dingdan.areas.talks import Side


class Occasion(StrEnum):
    """Why somebody is told; each has its words in `templates/words`."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    AMENDED = "amended"
    ORDER_WRITTEN = "order_written"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    PAYMENT_FAILED = "payment_failed"
    REVIEW_STARTED = "review_started"
    DELAYED = "delayed"
    RECEIPT_ANNOUNCED = "receipt_announced"
    RECEIPT_DUE_SOON = "receipt_due_soon"
    DEPOSIT_PAID = "deposit_paid"
    BALANCE_OPENED = "balance_opened"
    DEPOSIT_ENDED = "deposit_ended"
    RETURN_APPROVED = "return_approved"
    RETURN_DUE_SOON = "return_due_soon"
    RETURN_PLACE_PROPOSED = "return_place_proposed"
    UNITS_REJECTED = "units_rejected"
    UNITS_OFFERED = "units_offered"
    UNITS_UNCLAIMED = "units_unclaimed"
    CASE_OPENED = "case_opened"
    CASE_UPDATED = "case_updated"
    CASE_ASKED = "case_asked"
    CASE_OFFERED = "case_offered"
    CASE_REMEDIED = "case_remedied"
    CASE_CLOSED = "case_closed"
    RETURN_RESOLVED = "return_resolved"
    RETURN_REFUSED = "return_refused"
    RETURN_ASKED = "return_asked"
    RETURN_OFFERED = "return_offered"
    RETURN_UPDATED = "return_updated"
    CONTRACT_WITHDRAWN = "contract_withdrawn"
    PENALTY_PAID = "penalty_paid"
    INVOICE_ISSUED = "invoice_issued"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_TURN = "dispute_turn"
    DISPUTE_RULED = "dispute_ruled"
    DISPUTE_APPEALED = "dispute_appealed"
    DISPUTE_FINAL = "dispute_final"
    DISPUTE_EXECUTED = "dispute_executed"
    DISPUTE_STOPPED = "dispute_stopped"
    DISPUTE_WENT_ON = "dispute_went_on"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_AGREED = "dispute_agreed"
    EXCHANGE_KEPT = "exchange_kept"
    EXCHANGE_SHORT = "exchange_short"
    EXCHANGE_DIFFERENCE = "exchange_difference"
    EXCHANGE_SENT = "exchange_sent"
    EXCHANGE_REFUNDED = "exchange_refunded"
    EXCHANGE_LATE = "exchange_late"
    EXCHANGE_OWED = "exchange_owed"
    REPAIR_BEGAN = "repair_began"
    REPAIR_WAITS = "repair_waits"
    REPAIR_SENT = "repair_sent"
    REPAIR_CHOICE = "repair_choice"
    REPAIR_RELAPSED = "repair_relapsed"
    REPAIR_REFUNDED = "repair_refunded"
    SELLER_DISPUTE_OPENED = "seller_dispute_opened"
    SELLER_DISPUTE_TURN = "seller_dispute_turn"
    SELLER_DISPUTE_RULED = "seller_dispute_ruled"
    SELLER_DISPUTE_APPEALED = "seller_dispute_appealed"
    SELLER_DISPUTE_FINAL = "seller_dispute_final"
    SELLER_DISPUTE_ENDED = "seller_dispute_ended"
    SELLER_DISPUTE_STOPPED = "seller_dispute_stopped"
    SELLER_DISPUTE_WENT_ON = "seller_dispute_went_on"
    CODE_ASKED = "code_asked"


# What the seller is told; everything else is for the buyer.
TO_SELLER = frozenset({
    Occasion.SELLER_DISPUTE_OPENED, Occasion.SELLER_DISPUTE_TURN, Occasion.SELLER_DISPUTE_RULED,
    Occasion.SELLER_DISPUTE_APPEALED, Occasion.SELLER_DISPUTE_FINAL, Occasion.SELLER_DISPUTE_ENDED,
    Occasion.SELLER_DISPUTE_STOPPED, Occasion.SELLER_DISPUTE_WENT_ON,
})  # fmt: skip


def audience(occasion: Occasion) -> Side:
    """Whom it is for."""
    return Side.SELLER if occasion in TO_SELLER else Side.BUYER


# What a buyer can answer to a message with: an action of the order, and the reason to give with it.
ANSWERS: dict[Occasion, tuple[tuple[str, str | None], ...]] = dict.fromkeys(
    (Occasion.RECEIPT_ANNOUNCED, Occasion.RECEIPT_DUE_SOON),
    (("receive", None), ("object", "other"), ("object", "not_received")),
)
