"""What counts as a yes when nobody answered in time (R2.2)."""

from collections.abc import Sequence
from datetime import datetime

from dingdan.areas import orders, policies
from dingdan.areas.returns.model import PRICE_MISMATCH


def may_pass(
    review_reasons: Sequence[str],
    lines: Sequence[orders.OrderLine],
    document: policies.PolicyDocument,
    *,
    delivered_at: datetime | None,
    requested_at: datetime,
) -> bool:
    """Whether silence is a yes: only for goods that could have gone back without any reason when they were asked for.

    A claimed price that was not paid always waits for a person.
    """
    if PRICE_MISMATCH in review_reasons:
        return False
    return all(
        _needed_no_reason(line, document, delivered_at=delivered_at, requested_at=requested_at) for line in lines
    )


def _needed_no_reason(
    line: orders.OrderLine,
    document: policies.PolicyDocument,
    *,
    delivered_at: datetime | None,
    requested_at: datetime,
) -> bool:
    plain = next((code for code, reason in document.reasons.items() if reason.kind == "no_reason"), None)
    if plain is None:
        return False
    facts = policies.LineFacts(
        reason=plain,
        quantity=1,
        returnable=1,
        requested_at=requested_at,
        delivered_at=delivered_at,
        category=line.category,
        flags=tuple(line.flags),
        confirmed=line.confirmed_at is not None,
    )
    return policies.judge(document, facts).is_allowed
