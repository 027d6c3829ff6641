"""Try a policy, a draft too, on a line that was sold or on one that somebody makes up."""

from datetime import datetime

from msgspec.structs import replace

from dingdan.areas import identity, orders, policies
from dingdan.plumbing.tx import Tx


async def try_on(
    tx: Tx, edition_id: int, facts: policies.LineFacts
) -> tuple[policies.PolicyDocument, policies.Verdict]:
    """What a version says about a line that somebody makes up. Raises PolicyUnknown, ReasonUnknown."""
    document = await policies.document_of(tx, await policies.edition(tx, edition_id))
    return document, policies.judge(document, facts)


async def try_on_line(
    tx: Tx, edition_id: int, order_id: int, line_no: int, *, reason: str, requested_at: datetime
) -> tuple[policies.PolicyDocument, policies.Verdict, tuple[policies.PolicyDocument, policies.Verdict] | None]:
    """The same about a line that was sold, and what the policy says that the order is bound to, if it has the reason.

    Raises orders.OrderUnknown, orders.LineUnknown too.
    """
    facts, bound_id = await facts_of_line(tx, order_id, line_no, reason=reason, requested_at=requested_at)
    document, verdict = await try_on(tx, edition_id, facts)
    bound = (await policies.by_ids(tx, [bound_id]))[bound_id].document
    return document, verdict, (bound, policies.judge(bound, facts)) if reason in bound.reasons else None


async def facts_of_line(
    tx: Tx, order_id: int, line_no: int, *, reason: str, requested_at: datetime
) -> tuple[policies.LineFacts, int]:
    """A line that was sold as policies see it, one unit of it, and the policy that it was sold under."""
    order = await orders.get_one(tx, order_id)
    line = next((one for one in (await orders.lines(tx, [order_id]))[order_id] if one.line_no == line_no), None)
    if line is None:
        raise orders.LineUnknown("line_no", line_no=line_no)
    notices = await policies.notices(tx, [order_id])
    facts = policies.LineFacts(
        reason=reason, quantity=1, returnable=1, requested_at=requested_at, delivered_at=order.with_buyer_since,
        confirmed_at=order.received_at, sold_at=order.placed_at, unshipped=order.shipped_at is None,
        category=line.category, flags=tuple(line.flags), confirmed=line.confirmed_at is not None,
        country=(await identity.countries(tx, [order.contact_id])).get(order.contact_id, ""),
    )  # fmt: skip
    if order_id in notices:
        facts = replace(facts, is_untold=True, told_at=notices[order_id])
    return facts, order.policy_id
