"""Returns as others see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas import evidence, orders, policies, returns, talks, way_back
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.kernel.address import Address
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import return_list
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import return_previews, talk_views
from dingdan.surfaces.api.return_previews import ShotView
from dingdan.surfaces.api.talk_views import OfferView, QuestionView
from dingdan.surfaces.shared.wire import (
    DeadlineView,
    View,
    allowed,
    deadline_views,
    ref,
    ref_or_none,
    soonest,
)

# What each action of a return takes.
ACTIONS = {
    "approve": "return.decide", "refuse": "return.decide", "withdraw": "return.apply", "send": "return.send",
    "receive": "return.receive", "inspect": "return.inspect", "extend": "return.send", "change": "return.apply",
    "appeal": "return.apply",
}  # fmt: skip


class ReturnLineView(View, frozen=True, kw_only=True):
    """Units of an order line: announced, then received, then accepted or rejected."""

    line_no: int
    product: str
    quantity: int
    reason: str
    claimed_unit_price: Money | None
    received: int
    accepted: int
    rejected: int
    lost: int
    fault: str
    # What is taken off the price where the goods are kept.
    off: Money


class ReturnParcelView(View, frozen=True, kw_only=True):
    """A parcel coming back."""

    id: str
    carrier: str
    tracking_number: str
    sent_at: datetime
    received_at: datetime | None


class MissingView(View, frozen=True, kw_only=True):
    """Something that belongs to the goods and did not come, with its declared value in minor units."""

    what: str
    name: str
    value: int


class FindingView(View, frozen=True, kw_only=True):
    """What an inspection found on some units."""

    line_no: int
    quantity: int
    is_original: bool
    intact: bool
    grade: str
    disposition: str
    note: str
    at: datetime
    is_accepted: bool
    tags: Sequence[str]
    missing: Sequence[MissingView]


class InstructionsView(View, frozen=True, kw_only=True):
    """How to send the goods back: where to, until when, under which number on the parcel."""

    number: str
    address: Address
    send_by: datetime | None


class RefusedView(View, frozen=True, kw_only=True):
    """Why a return was refused: the reason and the rule in words, what can be had instead, and how to appeal."""

    reason: str
    text: Text | None
    rule: str
    rule_text: Text | None
    article: str
    alternatives: list[str]
    appeal_until: datetime | None
    appeal: Text


class ReturnView(View, frozen=True, kw_only=True):
    """A return on its three axes: what was decided, where the goods are, how it ended.

    `resolution` is what is asked for, or what both sides settled on. `looks` say why a person looks at it.
    """

    id: str
    number: str
    order_id: str
    request_id: str
    merchant: str
    warehouse_id: str
    policy_id: str
    decision: returns.Decision
    journey: returns.Journey
    outcome: returns.Outcome
    resolution: returns.Resolution
    lines: list[ReturnLineView]
    review_reasons: list[str]
    looks: dict[str, Text]
    rules: list[str]
    escalated: bool
    refusal_reason: str | None
    refusal: RefusedView | None
    alternatives: list[str]
    evidence: list[str]
    shots_missing: list[ShotView]
    question: QuestionView | None
    offers: list[OfferView]
    instructions: InstructionsView | None
    parcels: list[ReturnParcelView]
    findings: list[FindingView]
    refund_id: str | None
    postage_paid: Money
    postage_owed: Money
    transit_risk: str | None
    paid_early_at: datetime | None
    requested_at: datetime
    decided_at: datetime | None
    send_by: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    settled_at: datetime | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class ReturnRow(View, frozen=True, kw_only=True):
    """A return as a list shows it."""

    id: str
    number: str
    order_id: str
    merchant: str
    decision: returns.Decision
    journey: returns.Journey
    outcome: returns.Outcome
    resolution: returns.Resolution
    units: int
    escalated: bool
    review_reasons: list[str]
    requested_at: datetime
    send_by: datetime | None
    received_at: datetime | None
    settled_at: datetime | None


class CancelledUnitsView(View, frozen=True, kw_only=True):
    """Units of a line that had not left: they are cancelled, and their money goes back by itself."""

    order_id: str
    line_no: int
    quantity: int


class AppliedView(View, frozen=True, kw_only=True):
    """What an application became: one return for each order, and what was cancelled because it had not left."""

    request_id: str
    returns: list[ReturnView]
    cancelled: list[CancelledUnitsView]


class ChoiceView(View, frozen=True, kw_only=True):
    """Something that the buyer can do now."""

    code: str
    text: Text


class InspectedView(View, frozen=True, kw_only=True, rename={"return_": "return"}):
    """How an inspection ended, the refund that follows, and what the buyer can do about rejected units.

    `result` is pass, partial, fail, needs_second or needs_lab; `needs` says why somebody else must look first.
    """

    inspection_id: str | None
    look_id: str | None
    result: str
    needs: Sequence[str]
    outcome: returns.Outcome
    accepted: int
    rejected: int
    refund_id: str | None
    refund: Money
    choices: list[ChoiceView]
    return_: ReturnView


async def one(tx: Tx, return_id: int) -> ReturnView:
    """A return as it stands now."""
    return (await many(tx, [await returns.get_one(tx, return_id)]))[0]


async def many(tx: Tx, found: Sequence[returns.Return]) -> list[ReturnView]:
    """Returns as they stand now."""
    return_ids = [r.id for r in found]
    lines = await returns.lines(tx, found)
    ways = await returns.instructions(tx, return_ids)
    fixed = await way_back.places_of(tx, ways)
    ways = {i: _where(way, fixed[i]) for i, way in ways.items()}
    parcels = await returns.parcels_of(tx, return_ids)
    clocks = deadline_views(await deadlines.of_subjects(tx, return_ids))
    sold = await orders.get(tx, {r.order_id for r in found})
    terms = await policies.by_ids(tx, {r.policy_id for r in found})
    asked = await talks.questions_of(tx, return_ids)
    shown = await evidence.get(tx, {number for r in found for number in r.evidence})
    offered = await talks.offers_of(tx, return_ids)
    return [
        _view(tx.actor, _Around(
            r, sold[r.order_id].currency, lines.get(r.id, []), ways.get(r.id),
            [p for p in parcels if r.id in p.return_ids], await returns.findings(tx, r.id), clocks.get(r.id, []),
            terms[r.policy_id].document, asked.get(r.id), [one for one in offered if one.return_id == r.id],
            _missing(r, lines.get(r.id, []), terms[r.policy_id].document, shown),
        ))
        for r in found
    ]  # fmt: skip


async def applied(tx: Tx, made: returns.Applied) -> AppliedView:
    """What an application became."""
    return AppliedView(
        request_id=ref("request", made.request_id), returns=await many(tx, made.returns),
        cancelled=[
            CancelledUnitsView(order_id=ref("order", one.order_id), line_no=line_no, quantity=units)
            for one in made.cancelled for line_no, units in sorted(one.units.items())
        ],
    )  # fmt: skip


async def inspected(tx: Tx, made: returns.Inspected) -> InspectedView:
    """How an inspection ended."""
    held = await returns.get_one(tx, made.return_id)
    currency = (await orders.get_one(tx, held.order_id)).currency
    return InspectedView(
        inspection_id=ref_or_none("inspection", made.inspection_id), outcome=made.outcome, result=made.result,
        needs=made.needs, look_id=ref_or_none("look", made.look_id), accepted=made.accepted,
        rejected=made.rejected, refund_id=ref_or_none("refund", made.refund_id),
        refund=Money(made.refund, currency),
        choices=[ChoiceView(code=choice.code, text=choice.text) for choice in made.choices],
        return_=(await many(tx, [held]))[0],
    )  # fmt: skip


def row(found: return_list.Row) -> ReturnRow:
    """A return of a list."""
    return ReturnRow(
        id=ref("return", found.id), number=ids.spoken(found.id), order_id=ref("order", found.order_id),
        merchant=ref("merchant", found.merchant_id), decision=returns.Decision(found.decision),
        journey=returns.Journey(found.journey), outcome=returns.Outcome(found.outcome),
        resolution=returns.Resolution(found.resolution), units=found.units,
        escalated=found.escalated, review_reasons=found.review_reasons, requested_at=found.requested_at,
        send_by=found.send_by, received_at=found.received_at, settled_at=found.settled_at,
    )  # fmt: skip


def _where(way: returns.Instructions, known: Sequence[way_back.PlaceVersion]) -> returns.Instructions:
    """The address that was fixed for the return, if it was already."""
    agreed = [one.address for one in known if one.is_agreed]
    return msgspec.structs.replace(way, address=agreed[-1]) if agreed else way


class _Around(msgspec.Struct, frozen=True):
    held: returns.Return
    currency: str
    lines: Sequence[returns.ReturnLine]
    way: returns.Instructions | None
    parcels: Sequence[returns.ReturnParcel]
    findings: Sequence[returns.Finding]
    clocks: list[DeadlineView]
    document: policies.PolicyDocument
    question: talks.Question | None
    offers: Sequence[talks.Offer]
    missing: Sequence[policies.Shot]


def _missing(
    r: returns.Return,
    lines: Sequence[returns.ReturnLine],
    document: policies.PolicyDocument,
    shown: Mapping[int, evidence.Evidence],
) -> Sequence[policies.Shot]:
    """What evidence should still show, as long as nobody has decided."""
    if r.decision is not returns.Decision.REQUESTED:
        return ()
    return returns.shots_missing(
        document, [line.reason for line in lines], [shown[i] for i in r.evidence if i in shown]
    )


def _refused(r: returns.Return, document: policies.PolicyDocument) -> RefusedView | None:
    """Why it was refused, in words, and what can be done about it (R2.5)."""
    if r.refusal_reason is None or r.decision is not returns.Decision.REFUSED:
        return None
    rule = r.rules[-1] if r.rules else ""
    words = document.rules.get(rule)
    can_appeal = r.appealed_at is None and r.decided_at is not None
    until = r.decided_at + timedelta(days=document.asking.appeal_days) if can_appeal and r.decided_at else None
    return RefusedView(
        reason=r.refusal_reason, text=policies.DECISIONS.get(r.refusal_reason), rule=rule,
        rule_text=Text(words.en, words.zh) if words else None, article=words.article if words else "",
        alternatives=r.alternatives, appeal_until=until, appeal=returns.APPEAL,
    )  # fmt: skip


def _looks(r: returns.Return) -> dict[str, Text]:
    known = {**policies.DECISIONS, **policies.REVIEWS, **returns.LOOKS}
    return {code: known[code] for code in r.review_reasons if code in known}


def _view(actor: Actor, around: _Around) -> ReturnView:
    r, way = around.held, around.way
    return ReturnView(
        id=ref("return", r.id), number=ids.spoken(r.id), order_id=ref("order", r.order_id),
        request_id=ref("request", r.request_id), merchant=ref("merchant", r.merchant_id),
        warehouse_id=ref("warehouse", r.warehouse_id), policy_id=ref("policy", r.policy_id), decision=r.decision,
        journey=r.journey, outcome=r.outcome, resolution=r.resolution,
        lines=[_line(line, around.currency) for line in around.lines],
        review_reasons=r.review_reasons, looks=_looks(r), rules=r.rules, escalated=r.escalated,
        refusal_reason=r.refusal_reason, refusal=_refused(r, around.document), alternatives=r.alternatives,
        evidence=[ref("evidence", number) for number in r.evidence],
        shots_missing=return_previews.shots(around.missing),
        question=talk_views.question(around.question) if around.question is not None else None,
        offers=[talk_views.offer(actor, one) for one in around.offers],
        instructions=InstructionsView(number=way.number, address=way.address, send_by=way.send_by) if way else None,
        parcels=[
            ReturnParcelView(id=ref("return_parcel", p.id), carrier=p.carrier, tracking_number=p.tracking_number,
                             sent_at=p.sent_at, received_at=p.received_at)
            for p in around.parcels
        ],
        findings=[
            FindingView(line_no=f.line_no, quantity=f.quantity, is_original=f.is_original, intact=f.intact,
                        grade=f.grade, disposition=f.disposition, note=f.note, at=f.at, is_accepted=f.is_accepted,
                        tags=f.tags,
                        missing=[MissingView(what=part.what, name=part.name, value=part.value) for part in f.missing])
            for f in around.findings
        ],
        refund_id=ref_or_none("refund", r.refund_id), postage_paid=Money(r.postage_paid, around.currency),
        postage_owed=Money(r.postage_owed, around.currency), transit_risk=r.transit_risk, paid_early_at=r.paid_early_at,
        requested_at=r.requested_at, decided_at=r.decided_at,
        send_by=r.send_by, received_at=r.received_at, inspected_at=r.inspected_at, settled_at=r.settled_at,
        deadline_at=soonest(around.clocks), deadlines=around.clocks,
        available_actions=allowed(actor, returns.actions(r), ACTIONS),
    )  # fmt: skip


def _line(line: returns.ReturnLine, currency: str) -> ReturnLineView:
    claimed = line.claimed_unit_price
    return ReturnLineView(
        line_no=line.line_no, product=ref("product", line.product_id), quantity=line.quantity, reason=line.reason,
        claimed_unit_price=None if claimed is None else Money(claimed, currency), received=line.received, accepted=line.accepted,
        rejected=line.rejected, lost=line.lost, fault=line.fault, off=Money(line.off, currency),
    )  # fmt: skip
