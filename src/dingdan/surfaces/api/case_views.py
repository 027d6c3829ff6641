"""Cases, what is done about them and claims as others see them: the desk's view, and the buyer's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dingdan.areas import cases
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import Money
from dingdan.overviews import case_board
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.facts import Who, who
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, ref, ref_or_none, soonest

# What each action takes.
CASE_ACTIONS = {
    "take": "case.work", "hand_over": "case.work", "escalate": "case.work", "attach": "case.work", "note": "case.work",
    "update": "case.work", "ask": "case.work", "propose": "case.work", "close": "case.work", "withdraw": "case.work",
    "answer": "case.report", "rate": "case.report",
}  # fmt: skip
REMEDY_ACTIONS = {
    "approve": "case.lead", "refuse": "case.work", "accept": "case.report", "decline": "case.report",
    "pay": "refund.approve",
}  # fmt: skip
CLAIM_ACTIONS = {"file": "claim.work", "answer": "claim.work", "recover": "claim.work", "write_off": "claim.work"}


class CaseRow(View, frozen=True, kw_only=True):
    """A case as the board shows it; `owner` is null while the queue of the role has it."""

    id: str
    number: str
    merchant: str
    order_id: str | None
    kind: str
    state: cases.CaseState
    level: int
    whose_turn: cases.Turn
    role: str | None
    owner: str | None
    opened_at: datetime
    next_update_at: datetime
    due_at: datetime
    is_overdue: bool
    repeats: int


class StepView(View, frozen=True, kw_only=True):
    """One step of the playbook."""

    code: str
    en: str
    zh: str


class CaseOwnerView(View, frozen=True, kw_only=True):
    """Who answered for the case, since when and until when."""

    role: str
    owner: str | None
    since: datetime
    until: datetime | None
    reason: str


class CaseEntryView(View, frozen=True, kw_only=True):
    """One line of the log; `text` is empty for whoever may not see people in full."""

    at: datetime
    kind: str
    who: Who
    text: str
    photos: list[str]
    data: dict[str, Any]


class RemedyLineView(View, frozen=True, kw_only=True):
    """Units that a remedy is about, and what is sent instead."""

    line_no: int
    quantity: int
    sku: str | None


class RemedyView(View, frozen=True, kw_only=True):
    """What is done about a case. `beyond_paid` of its worth comes out of the order's budget of compensation."""

    id: str
    case_id: str
    kind: cases.RemedyKind
    state: cases.RemedyState
    worth: Money
    beyond_paid: Money
    lines: list[RemedyLineView]
    form: str | None
    right: str | None
    until: str | None
    needs_consent: bool
    proposed_by: Who
    proposed_at: datetime
    approved_by: Who | None
    approved_at: datetime | None
    executed_at: datetime | None
    refund_id: str | None
    return_id: str | None
    purse_id: str | None
    replaced_by: str | None
    receipt: str | None
    available_actions: list[str]


class ClaimView(View, frozen=True, kw_only=True):
    """A claim on a carrier: what it is for, where it stands, what came of it."""

    id: str
    case_id: str
    parcel_id: str | None
    return_parcel_id: str | None
    carrier: str
    state: cases.ClaimState
    value: Money
    insured: Money | None
    accepted: Money
    recovered: Money
    evidence: list[str]
    carrier_ref: str | None
    file_by: datetime
    filed_at: datetime | None
    answer_by: datetime | None
    chased: int
    answered_at: datetime | None
    answer: str | None
    available_actions: list[str]


class CaseView(View, frozen=True, kw_only=True):
    """A case with all that the work on it takes: playbook, owner, log, remedies, claims, clocks."""

    id: str
    number: str
    merchant: str
    order_id: str | None
    kind: str
    title: cases.CaseWords
    subject: str
    subject_id: str
    state: cases.CaseState
    source: cases.Source
    level: int
    whose_turn: cases.Turn
    repeats: int
    liable: cases.Liable | None
    owners: list[CaseOwnerView]
    playbook: list[StepView]
    remedies_possible: list[cases.RemedyKind]
    closures_possible: list[str]
    opened_at: datetime
    contacted_at: datetime | None
    planned_at: datetime | None
    plan: str | None
    next_update_at: datetime
    answer_by: datetime | None
    ended_at: datetime | None
    closure: str | None
    rating: int | None
    log: list[CaseEntryView]
    remedies: list[RemedyView]
    claims: list[ClaimView]
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class OfferView(View, frozen=True, kw_only=True):
    """What the buyer is offered and can take or leave."""

    id: str
    kind: cases.RemedyKind
    worth: Money
    lines: list[RemedyLineView]
    until: str | None


class OrderCase(View, frozen=True, kw_only=True):
    """What a buyer is told of a case: its number, what it is, the plan, and when they hear of it next.

    `question` is there while they are asked something, `next_update_at` until the case ends.
    """

    id: str
    number: str
    kind: str
    title: cases.CaseWords
    state: cases.CaseState
    plan: str | None
    next_update_at: datetime | None
    whose_turn: cases.Turn
    question: str
    answer_by: datetime | None
    offers: list[OfferView]
    closure: str | None
    rating: int | None
    opened_at: datetime
    ended_at: datetime | None
    available_actions: list[str]


class CaseKindView(View, frozen=True, kw_only=True):
    """A kind of trouble as it holds; number 0 is what ships with the program, `merchant` null the platform's."""

    code: str
    merchant: str | None
    number: int
    is_active: bool
    document: cases.KindDocument


def row(found: case_board.Row, now: datetime) -> CaseRow:
    """A case of the board."""
    return CaseRow(
        id=ref("case", found.id), number=ids.spoken(found.id), merchant=ref("merchant", found.merchant_id),
        order_id=ref_or_none("order", found.order_id), kind=found.kind, state=cases.CaseState(found.state),
        level=found.level, whose_turn=_turn(found.whose_turn), role=found.role,
        owner=ref_or_none("staff", found.staff_id), opened_at=found.opened_at, next_update_at=found.next_update_at,
        due_at=found.due_at, is_overdue=found.due_at < now, repeats=found.repeats,
    )  # fmt: skip


async def one(tx: Tx, case_id: int) -> CaseView:
    """A case as it stands now."""
    case = await cases.get_one(tx, case_id)
    document = (await cases.documents(tx, [case]))[case_id]
    remedies = (await cases.remedies_of(tx, [case_id]))[case_id]
    claims = (await cases.claims_of(tx, [case_id]))[case_id]
    owners = (await cases.owners(tx, [case_id]))[case_id]
    log = await cases.log(tx, case, with_words=tx.actor.may("order.read_contact"))
    clocks = deadline_views(await deadlines.of_subjects(tx, [case_id])).get(case_id, [])
    return CaseView(
        id=ref("case", case.id), number=ids.spoken(case.id), merchant=ref("merchant", case.merchant_id),
        order_id=ref_or_none("order", case.order_id), kind=case.kind, title=document.title, subject=case.subject,
        subject_id=ref(case.subject, case.subject_id), state=case.state, source=case.source, level=case.level,
        whose_turn=case.whose_turn, repeats=case.repeats, liable=case.liable, owners=[_owner(o) for o in owners],
        playbook=[StepView(code=s.code, en=s.en, zh=s.zh) for s in document.playbook],
        remedies_possible=list(document.remedies), closures_possible=list(document.closures),
        opened_at=case.opened_at, contacted_at=case.contacted_at, planned_at=case.planned_at, plan=case.plan,
        next_update_at=case.next_update_at, answer_by=case.answer_by, ended_at=case.ended_at, closure=case.closure,
        rating=case.rating, log=[_entry(said) for said in log], remedies=[remedy(tx.actor, r) for r in remedies],
        claims=[claim(tx.actor, c) for c in claims], deadline_at=soonest(clocks), deadlines=clocks,
        available_actions=allowed(tx.actor, cases.actions(case, remedies), CASE_ACTIONS),
    )  # fmt: skip


async def of_order(tx: Tx, order_id: int) -> list[OrderCase]:
    """What a buyer is told of the cases of an order, newest first; what the house cures without them is not among it."""
    found = await cases.of_orders(tx, [order_id])
    known = await cases.documents(tx, found)
    told = [case for case in found if known[case.id].tells_buyer or case.source == "buyer"]
    remedies = await cases.remedies_of(tx, [case.id for case in told])
    return [await _told(tx, case, known[case.id], remedies[case.id]) for case in told]


async def _told(tx: Tx, case: cases.Case, document: cases.KindDocument, remedies: Sequence[cases.Remedy]) -> OrderCase:
    question = ""
    if case.answer_by is not None and tx.actor.may("order.read_contact"):
        asked = [s.text for s in await cases.log(tx, case, with_words=True) if s.entry.kind == "asked"]
        question = asked[-1] if asked else ""
    offered = [r for r in remedies if "accept" in cases.remedy_actions(r, tx.actor)]
    return OrderCase(
        id=ref("case", case.id), number=ids.spoken(case.id), kind=case.kind, title=document.title, state=case.state,
        plan=case.plan, next_update_at=case.next_update_at if case.ended_at is None else None,
        whose_turn=case.whose_turn, question=question, answer_by=case.answer_by,
        offers=[OfferView(id=ref("remedy", r.id), kind=r.kind, worth=Money(r.amount, r.currency), lines=_lines(r),
                          until=r.terms.get("until")) for r in offered],
        closure=case.closure, rating=case.rating, opened_at=case.opened_at, ended_at=case.ended_at,
        available_actions=[a for a in allowed(tx.actor, cases.actions(case, remedies), CASE_ACTIONS)
                           if a in ("answer", "rate")],
    )  # fmt: skip


def remedy(actor: Actor, found: cases.Remedy) -> RemedyView:
    """What is done about a case."""
    terms = found.terms
    return RemedyView(
        id=ref("remedy", found.id), case_id=ref("case", found.case_id), kind=found.kind, state=found.state,
        worth=Money(found.amount, found.currency), beyond_paid=Money(found.budgeted, found.currency),
        lines=_lines(found), form=terms.get("form"), right=terms.get("right"), until=terms.get("until"),
        needs_consent=found.needs_consent,
        proposed_by=who(found.proposed_by_kind, found.proposed_by), proposed_at=found.proposed_at,
        approved_by=who(found.approved_by_kind, found.approved_by) if found.approved_by_kind else None,
        approved_at=found.approved_at, executed_at=found.executed_at,
        refund_id=ref_or_none("refund", found.refund_id), return_id=ref_or_none("return", found.return_id),
        purse_id=ref_or_none("purse", found.purse_id), replaced_by=ref_or_none("order", found.replaced_by),
        receipt=found.receipt,
        available_actions=allowed(actor, cases.remedy_actions(found, actor), REMEDY_ACTIONS),
    )  # fmt: skip


def claim(actor: Actor, found: cases.Claim) -> ClaimView:
    """A claim on a carrier."""
    currency = found.currency
    return ClaimView(
        id=ref("claim", found.id), case_id=ref("case", found.case_id), parcel_id=ref_or_none("parcel", found.parcel_id),
        return_parcel_id=ref_or_none("return_parcel", found.return_parcel_id),
        carrier=found.carrier, state=found.state, value=Money(found.value, currency),
        insured=Money(found.insured, currency) if found.insured is not None else None,
        accepted=Money(found.accepted, currency), recovered=Money(found.recovered, currency),
        evidence=found.evidence, carrier_ref=found.carrier_ref, file_by=found.file_by, filed_at=found.filed_at,
        answer_by=found.answer_by, chased=found.chased, answered_at=found.answered_at, answer=found.answer,
        available_actions=allowed(actor, cases.claim_actions(found), CLAIM_ACTIONS),
    )  # fmt: skip


def kind(found: cases.CaseKind) -> CaseKindView:
    """A kind as it holds."""
    return CaseKindView(
        code=found.code, merchant=ref_or_none("merchant", found.merchant_id), number=found.number,
        is_active=found.is_active, document=found.document,
    )  # fmt: skip


def _lines(found: cases.Remedy) -> list[RemedyLineView]:
    return [
        RemedyLineView(line_no=one["line_no"], quantity=one["quantity"], sku=one.get("sku"))
        for one in found.terms.get("lines", ())
    ]


def _owner(found: cases.CaseOwner) -> CaseOwnerView:
    return CaseOwnerView(role=found.role, owner=ref_or_none("staff", found.staff_id), since=found.since,
                         until=found.until, reason=found.reason)  # fmt: skip


def _entry(said: cases.Said) -> CaseEntryView:
    data = {
        name: ref("staff", value) if name in ("staff", "from", "to") and isinstance(value, int) else value
        for name, value in said.entry.data.items()
    }
    return CaseEntryView(at=said.entry.at, kind=said.entry.kind, who=who(said.entry.actor_kind, said.entry.actor_id),
                         text=said.text, photos=said.entry.photos, data=data)  # fmt: skip


def _turn(word: str) -> cases.Turn:
    return "buyer" if word == "buyer" else "carrier" if word == "carrier" else "us"
