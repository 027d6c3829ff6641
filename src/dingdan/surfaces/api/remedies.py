"""What is done about cases, and claims on carriers."""

from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import cases
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import case_views as views
from dingdan.surfaces.api.case_views import ClaimView, RemedyView
from dingdan.surfaces.shared.doors import post
from dingdan.surfaces.shared.wire import (
    Amount,
    Code,
    Id,
    Input,
    Line,
    LineNo,
    Moment,
    Quantity,
    Sku,
    Word,
    number,
)

Evidence = Annotated[list[Line], Meta(max_length=50, description="Where each piece of evidence is kept.")]


class RemedyLineInput(Input, frozen=True, kw_only=True):
    """Units of an order line; `sku` is what is sent instead of them."""

    line_no: LineNo
    quantity: Quantity
    sku: Sku | None = None


class ProposeInput(Input, frozen=True, kw_only=True):
    """A remedy. Amounts are minor units of the order's currency.

    A refund names lines, a line and an amount off it, or neither for all that is left; a compensation an amount and a
    form; taking back a reason of the order's policy and the postage that the buyer bears; waiting an end. Damages by law
    are a compensation in money whose `right` is the rule of the order's policy, such as `CN_FRAUD`: the law says how much.
    """

    kind: cases.RemedyKind
    lines: Annotated[list[RemedyLineInput], Meta(max_length=200)] = msgspec.field(default_factory=list)
    amount: Amount | None = None
    form: cases.CompensationForm | None = None
    right: Word | None = None
    promotion: Id | None = None
    until: Moment | None = None
    reason: Word | None = None
    postage: Amount = 0
    needs_consent: bool = False


class RefuseRemedyInput(Input, frozen=True, kw_only=True):
    """Why not: a code."""

    reason: Code


class PayRemedyInput(Input, frozen=True, kw_only=True):
    """The number of the transfer; no names, no account numbers."""

    receipt: Word


class ClaimDraftInput(Input, frozen=True, kw_only=True):
    """What the carrier shall pay for, and what it was insured for. Amounts are minor units of the order's currency."""

    parcel: Id
    value: Amount
    insured: Amount | None = None
    evidence: Evidence = msgspec.field(default_factory=list)


class FileClaimInput(Input, frozen=True, kw_only=True):
    """The carrier's own number of the claim, and what was sent with it."""

    carrier_ref: Word
    evidence: Evidence = msgspec.field(default_factory=list)


class ClaimAnswerInput(Input, frozen=True, kw_only=True):
    """What the carrier said; `accepted` where it pays a part."""

    answer: cases.Answered
    accepted: Amount = 0


class RecoverInput(Input, frozen=True, kw_only=True):
    """What came."""

    amount: Amount


class WriteOffInput(Input, frozen=True, kw_only=True):
    """Why nothing more is expected: a code."""

    reason: Code


@post("/v1/cases/{case_id}/remedies", permission="case.work", status=201)
async def propose(tx: Tx, case_id: int, body: ProposeInput) -> RemedyView:
    """Propose a remedy; within the caller's own authority it is granted in the same step."""
    made = await cases.propose(tx, case_id, cases.Propose(
        kind=body.kind, lines=tuple(cases.RemedyLine(one.line_no, one.quantity, one.sku) for one in body.lines),
        amount=body.amount, form=body.form, right=body.right or "", until=body.until, reason=body.reason or "",
        postage=body.postage,
        promotion_id=number("promotion", body.promotion, "promotion") if body.promotion is not None else None,
        needs_consent=body.needs_consent,
    ))  # fmt: skip
    return views.remedy(tx.actor, made)


@post("/v1/remedies/{remedy_id}/approve", permission="case.lead")
async def approve(tx: Tx, remedy_id: int) -> RemedyView:
    """Grant what somebody else proposed, as far as the caller's authority reaches."""
    return views.remedy(tx.actor, await cases.approve(tx, remedy_id))


@post("/v1/remedies/{remedy_id}/refuse", permission="case.work")
async def refuse(tx: Tx, remedy_id: int, body: RefuseRemedyInput) -> RemedyView:
    """Do not grant it, or take it back before it was carried out."""
    return views.remedy(tx.actor, await cases.refuse(tx, remedy_id, reason=body.reason))


@post("/v1/remedies/{remedy_id}/accept", permission="case.report")
async def accept(tx: Tx, remedy_id: int) -> RemedyView:
    """The buyer takes the offer, and it is carried out."""
    return views.remedy(tx.actor, await cases.accept(tx, remedy_id))


@post("/v1/remedies/{remedy_id}/decline", permission="case.report")
async def decline(tx: Tx, remedy_id: int) -> RemedyView:
    """The buyer wants something else."""
    return views.remedy(tx.actor, await cases.decline(tx, remedy_id))


@post("/v1/remedies/{remedy_id}/pay", permission="refund.approve")
async def pay(tx: Tx, remedy_id: int, body: PayRemedyInput) -> RemedyView:
    """A compensation in money was paid by hand."""
    return views.remedy(tx.actor, await cases.pay(tx, remedy_id, receipt=body.receipt))


@post("/v1/cases/{case_id}/claims", permission="claim.work", status=201)
async def draft_claim(tx: Tx, case_id: int, body: ClaimDraftInput) -> ClaimView:
    """Claim for a parcel. Of what carriers lost or broke a claim is drafted by itself with the case."""
    made = await cases.draft_claim(tx, cases.DraftClaim(
        case_id=case_id, parcel_id=number("parcel", body.parcel, "parcel"), value=body.value, insured=body.insured,
        evidence=tuple(body.evidence),
    ))  # fmt: skip
    return views.claim(tx.actor, made)


@post("/v1/claims/{claim_id}/file", permission="claim.work")
async def file_claim(tx: Tx, claim_id: int, body: FileClaimInput) -> ClaimView:
    """The claim is with the carrier; its seven days to answer run."""
    return views.claim(
        tx.actor, await cases.file_claim(tx, claim_id, carrier_ref=body.carrier_ref, evidence=body.evidence)
    )


@post("/v1/claims/{claim_id}/answer", permission="claim.work")
async def answer_claim(tx: Tx, claim_id: int, body: ClaimAnswerInput) -> ClaimView:
    """The carrier said how much it will pay."""
    return views.claim(tx.actor, await cases.answer_claim(tx, claim_id, answered=body.answer, accepted=body.accepted))


@post("/v1/claims/{claim_id}/recover", permission="claim.work")
async def recover_claim(tx: Tx, claim_id: int, body: RecoverInput) -> ClaimView:
    """The carrier's money came."""
    return views.claim(tx.actor, await cases.recover_claim(tx, claim_id, amount=body.amount))


@post("/v1/claims/{claim_id}/write_off", permission="claim.work")
async def write_off_claim(tx: Tx, claim_id: int, body: WriteOffInput) -> ClaimView:
    """Nothing more is expected of the carrier."""
    return views.claim(tx.actor, await cases.write_off_claim(tx, claim_id, reason=body.reason))


ROUTES = [
    propose, approve, refuse, accept, decline, pay, draft_claim, file_claim, answer_claim, recover_claim,
    write_off_claim,
]  # fmt: skip
