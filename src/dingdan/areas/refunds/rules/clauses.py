"""Which rule of the order's policy each component of a refund rests on, so that a buyer can read it up."""

from collections.abc import Sequence

from msgspec.structs import replace

from dingdan.areas import customs, policies
from dingdan.areas.refunds.model import Basis, Part
from dingdan.areas.refunds.rules import amount, keeping


def with_clauses(parts: Sequence[Part], document: policies.PolicyDocument) -> tuple[Part, ...]:
    """The same parts, each with its rule of the policy."""
    return tuple(replace(part, clause=_clause(part, document)) for part in parts)


def _clause(part: Part, document: policies.PolicyDocument) -> str:
    by_rule = {
        keeping.REPRICED: document.no_reason.partial_discount.rule,
        keeping.LOST_FREIGHT: policies.freight_for(document, "buyer").rule,
        amount.IMPORT_TAX: customs.RULE if customs.RULE in document.rules else "",
        amount.GIFT: document.gifts.rule if document.gifts else "",
        amount.WORN: document.deductions.rule if document.deductions else "",
        amount.REDUCTION: document.reduction.rule if document.reduction else "",
        # What is taken off is the buyer's to bear, what is added is ours.
        amount.POSTAGE: policies.freight_for(document, "buyer" if part.amount < 0 else "seller").rule,
    }
    if part.rule in by_rule:
        return by_rule[part.rule]
    if part.component in ("freight_out", "freight_tax") and part.basis in (Basis.FAULT, *amount.FREIGHT_OUT):
        return policies.freight_for(document, "seller" if part.basis == Basis.FAULT else "buyer").rule
    by_basis: dict[str, str] = {
        Basis.FAULT: document.quality.window.rule,
        Basis.CANCELLED: document.grounds.unshipped,
        Basis.NO_REASON: document.no_reason.window.rule,
        Basis.WITHDRAWAL: document.no_reason.window.rule,
        Basis.EXCHANGED: document.exchange.rule if document.exchange else "",
    }
    return by_basis.get(part.basis, "")
