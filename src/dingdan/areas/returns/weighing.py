"""What a return comes to as it stands: every check, the money to the cent, who pays which way, and what silence means."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dingdan.areas import evidence, merchants, orders, policies, refunds
from dingdan.areas.returns import store
from dingdan.areas.returns.applying import checks_of
from dingdan.areas.returns.evaluating import asked_lines, purchases_of
from dingdan.areas.returns.model import Check, Return, ReturnLine
from dingdan.areas.returns.reading import get_one
from dingdan.areas.returns.resolving import small_enough
from dingdan.areas.returns.rules.eligibility import facts_of
from dingdan.areas.returns.rules.inspection import way_back, worth
from dingdan.areas.returns.rules.matching import Part
from dingdan.areas.returns.rules.resolving import (
    FOR_GOODS,
    WITHOUT_GOODS,
    Suggestion,
    may_pass,
    shots_missing,
    suggest,
)
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


class WeighedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a return: what was looked at, the rules it rests on, and until when the right lasts."""

    line: ReturnLine
    checks: tuple[Check, ...]
    rules: tuple[str, ...]
    window_end: datetime | None
    is_allowed: bool


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A return as it would come out if it went on as announced. `quote` is None where no money is asked for it any more.

    `way_back` is who pays for sending it: seller, buyer, both, or nobody where nothing comes back. Of that `deduct` is
    taken off by now and `reimburse` added. `passes_by_silence`: it is approved if nobody answers in time.
    """

    held: Return
    document: policies.PolicyDocument
    lines: tuple[WeighedLine, ...]
    quote: refunds.Quote | None
    way_back: str
    deduct: int
    reimburse: int
    passes_by_silence: bool
    shots_missing: tuple[policies.Shot, ...]
    suggestion: Suggestion


async def weigh(tx: Tx, return_id: int) -> Weighed:
    """Look at a return by the rules that it was judged by, as of when it was asked for. Writes nothing.

    The quote is for all announced units, as if its own refund were not. Raises ReturnUnknown.
    """
    held = await get_one(tx, return_id)
    order = await orders.get_one(tx, held.order_id)
    document = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id].document
    lines = (await store.lines_of(tx, [held]))[return_id]
    bought = {one.line_no: one for one in await purchases_of(tx, order, document)}
    parts = [
        Part(bought[n.line_no], n.quantity, n.reason, n.claimed_unit_price,
             policies.judge(document, facts_of(bought[n.line_no], n.reason, held.requested_at)), off=n.off)
        for n in lines
    ]  # fmt: skip
    shown = list((await evidence.get(tx, held.evidence)).values())
    sold = {line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]}
    nets = {n.line_no: worth(sold[n.line_no], n.quantity) for n in lines}
    costs = way_back(held, {n.line_no: n.fault for n in lines}, nets, 0, document)
    missing = shots_missing(document, [n.reason for n in lines], shown)
    is_allowed = all(part.verdict.is_allowed for part in parts)
    return Weighed(
        held=held,
        document=document,
        lines=tuple(
            WeighedLine(line=n, checks=tuple(checks_of(part, document)), rules=part.verdict.rules,
                        window_end=part.verdict.window_end, is_allowed=part.verdict.is_allowed)
            for n, part in zip(lines, parts, strict=True)
        ),
        quote=await _quote(tx, held, parts, document),
        way_back="" if held.resolution in WITHOUT_GOODS else _payer(lines, document),
        deduct=costs.deduct,
        reimburse=costs.reimburse,
        passes_by_silence=await _passes(
            tx, held, order, lines, sold=[sold[n.line_no] for n in lines], document=document
        ),
        shots_missing=missing,
        suggestion=suggest(held, is_allowed=is_allowed, is_shown=not missing),
    )  # fmt: skip


async def _quote(
    tx: Tx, held: Return, parts: Sequence[Part], document: policies.PolicyDocument
) -> refunds.Quote | None:
    if held.resolution in FOR_GOODS:
        return None
    own = [held.refund_id] if held.refund_id is not None else []
    off = [(part.purchase.line_no, part.off) for part in parts if part.off]
    try:
        return await refunds.quote(tx, held.order_id, asked_lines(parts, document), off=off, but=own)
    except Refusal:
        # What it was about went back otherwise.
        return None


def _payer(lines: Sequence[ReturnLine], document: policies.PolicyDocument) -> str:
    """Who pays for the way back, by whose fault each line is by now."""
    payers = {policies.freight_for(document, line.fault).way_back for line in lines}
    return payers.pop() if len(payers) == 1 else "both"


async def _passes(
    tx: Tx,
    held: Return,
    order: orders.Order,
    lines: Sequence[ReturnLine],
    *,
    sold: Sequence[orders.OrderLine],
    document: policies.PolicyDocument,
) -> bool:
    """Whether silence is a yes to it, by the rules that the clock goes by (R2.2)."""
    owner = (await merchants.by_ids(tx, [held.merchant_id]))[held.merchant_id]
    if not owner.settings.silence_approves:
        return False
    by_right = may_pass(
        held.review_reasons, sold, document, delivered_at=order.with_buyer_since, requested_at=held.requested_at
    )
    return by_right or await small_enough(tx, held, lines, document)
