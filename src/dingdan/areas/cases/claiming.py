"""Claims on carriers: ours to draft, to file in time and to follow until the money is there or nothing more is expected."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas import carriers, fulfilment, ledger, orders, way_back
from dingdan.areas.cases import store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.escalating import escalate
from dingdan.areas.cases.events import (
    ClaimAnswered,
    ClaimChased,
    ClaimDrafted,
    ClaimDueSoon,
    ClaimFiled,
    ClaimRecovered,
    ClaimWrittenOff,
)
from dingdan.areas.cases.lifecycle import CLAIM, UNENDED, ClaimState
from dingdan.areas.cases.model import Answered, Case, Claim, DraftClaim
from dingdan.areas.cases.promises import ANSWER_WITHIN, CLAIM_ANSWER, CLAIM_FILE, EVERY_CLAIM_CLOCK, FILE_WARNING
from dingdan.areas.cases.reading import get, get_claim, hold_one
from dingdan.areas.cases.refusals import (
    CaseHasNoOrder,
    ClaimedAlready,
    ClaimStateForbids,
    ClaimUnfit,
    ParcelNotOfOrder,
)
from dingdan.kernel.ids import encode
from dingdan.kernel.money import part_of_units
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


class Lost(msgspec.Struct, frozen=True):
    """What a carrier is asked to pay for: which parcel, and since when it had it."""

    carrier: str
    sent_at: datetime
    parcel_id: int | None = None
    return_parcel_id: int | None = None


async def draft(tx: Tx, wanted: DraftClaim) -> Claim:
    """Claim for a parcel: up to its value, or what it was insured for. Nobody files for it but we.

    Raises CaseUnknown, CaseHasNoOrder, ParcelNotOfOrder, ClaimUnfit or ClaimedAlready.
    """
    held = await hold_one(tx, wanted.case_id)
    if held.order is None:
        raise CaseHasNoOrder
    parcel = (await fulfilment.parcels(tx, [wanted.parcel_id])).get(wanted.parcel_id)
    if parcel is None or held.order.id not in {line.order_id for line in parcel.lines}:
        raise ParcelNotOfOrder("parcel")
    if wanted.value < 1:
        raise ClaimUnfit("value", what="it claims nothing", what_zh="索赔金额须大于零")
    lost = Lost(parcel.carrier, parcel.dispatched_at, parcel_id=parcel.id)
    if not await _draft(tx, held.case, held.order, lost, wanted):
        raise ClaimedAlready("parcel")
    return next(one for one in (await store.claims_of(tx, [held.case.id]))[held.case.id]
                if one.parcel_id == wanted.parcel_id)  # fmt: skip


async def draft_for_cases(tx: Tx, case_ids: Sequence[int]) -> None:
    """Draft the claims of cases about parcels whose kind wants one, for what the goods in them cost the buyer.

    Of parcels that come back only those with our label are ours to claim for; with a carrier of the buyer's own it is theirs.
    """
    cases = (await get(tx, case_ids)).values()
    found = [case for case in cases if case.subject in ("parcel", "return_parcel") and case.order_id]
    known = await documents(tx, found)
    wanted = [case for case in found if known[case.id].claims_carrier]
    await _draft_way_back(tx, [case for case in wanted if case.subject == "return_parcel"])
    wanted = [case for case in wanted if case.subject == "parcel"]
    parcels = await fulfilment.parcels(tx, [case.subject_id for case in wanted])
    claimed = await store.claim_parcels(tx, parcels)
    locked = await orders.lock(tx, [case.order_id for case in wanted if case.order_id is not None])
    lines = await orders.lines(tx, locked)
    for case in wanted:
        parcel = parcels.get(case.subject_id)
        if parcel is None or parcel.id in claimed or case.order_id not in locked:
            continue
        sold = {line.line_no: line for line in lines[case.order_id]}
        value = sum(
            part_of_units(sold[held.line_no].net, sold[held.line_no].quantity, before=0, taken=held.quantity)
            for held in parcel.lines if held.order_id == case.order_id
        )  # fmt: skip
        if value:
            lost = Lost(parcel.carrier, parcel.dispatched_at, parcel_id=parcel.id)
            await _draft(tx, case, locked[case.order_id], lost,
                         DraftClaim(case_id=case.id, parcel_id=parcel.id, value=value))  # fmt: skip


async def _draft_way_back(tx: Tx, wanted: Sequence[Case]) -> None:
    claimable = await way_back.claimable(tx, [case.subject_id for case in wanted])
    claimed = await store.claim_parcels(tx, claimable)
    locked = await orders.lock(tx, [case.order_id for case in wanted if case.order_id is not None])
    for case in wanted:
        one = claimable.get(case.subject_id)
        if one is not None and one.value and case.subject_id not in claimed and case.order_id in locked:
            lost = Lost(one.carrier, one.sent_at, return_parcel_id=case.subject_id)
            asked = DraftClaim(case_id=case.id, parcel_id=case.subject_id, value=one.value, insured=one.insured)
            await _draft(tx, case, locked[case.order_id], lost, asked)


async def _draft(tx: Tx, case: Case, order: orders.Order, lost: Lost, wanted: DraftClaim) -> bool:
    _, terms = await store.terms(tx)
    file_by = lost.sent_at + timedelta(days=terms.claim_days_of.get(lost.carrier, terms.claim_days))
    claim = Claim(
        id=tx.mint(), case_id=case.id, parcel_id=lost.parcel_id, return_parcel_id=lost.return_parcel_id,
        order_id=order.id, merchant_id=order.merchant_id, carrier=lost.carrier, state=ClaimState.DRAFTED, version=1,
        currency=order.currency, value=wanted.value,
        insured=wanted.insured, evidence=list(wanted.evidence), drafted_at=tx.now, file_by=file_by, filed_at=None,
        carrier_ref=None, answer_by=None, chased=0, answered_at=None, answer=None, accepted=0, recovered=0,
        ended_at=None,
    )  # fmt: skip
    if not await store.add_claim(tx, claim):
        return False
    warn_at = max(tx.now, file_by - FILE_WARNING)
    await deadlines.schedule(tx, CLAIM_FILE, [deadlines.Due(claim.id, claim.merchant_id, warn_at)])
    tx.announce(ClaimDrafted(subject_id=claim.id, merchant_id=claim.merchant_id, order_id=claim.order_id,
                             move=born(CLAIM, claim.id), case_id=claim.case_id, parcel_id=claim.parcel_id,
                             return_parcel_id=claim.return_parcel_id,
                             value=claim.value, currency=claim.currency))  # fmt: skip
    return True


async def file(tx: Tx, claim_id: int, *, carrier_ref: str, evidence: Sequence[str] = ()) -> Claim:
    """The claim is with the carrier, under its number there; its seven days run (Express Regulations, art. 28).

    Raises ClaimUnknown or ClaimStateForbids.
    """
    claim = await _hold(tx, claim_id, "file")
    answer_by = tx.now + ANSWER_WITHIN
    moved = await store.move_claims(
        tx, "file", [claim_id], filed_at=tx.now, carrier_ref=carrier_ref, answer_by=answer_by,
        evidence=[*claim.evidence, *evidence],
    )  # fmt: skip
    await deadlines.call_off(tx, CLAIM_FILE, [claim_id])
    await deadlines.schedule(tx, CLAIM_ANSWER, [deadlines.Due(claim_id, claim.merchant_id, answer_by)])
    tx.announce(ClaimFiled(subject_id=claim_id, merchant_id=claim.merchant_id, order_id=claim.order_id,
                           move=moved[claim_id], case_id=claim.case_id, carrier=claim.carrier))  # fmt: skip
    return await get_claim(tx, claim_id)


async def answer(tx: Tx, claim_id: int, *, answered: Answered, accepted: int = 0) -> Claim:
    """The carrier says how much it will pay; that much it owes from now on.

    Raises ClaimUnknown, ClaimStateForbids or ClaimUnfit.
    """
    claim = await _hold(tx, claim_id, "answer")
    accepted = claim.value if answered == "accepted" else accepted
    is_fit = accepted == 0 if answered == "refused" else 0 < accepted < claim.value or answered == "accepted"
    if not is_fit:
        raise ClaimUnfit("accepted", what="it does not fit the answer", what_zh="认可金额与答复不符")
    moved = await store.move_claims(tx, "answer", [claim_id], answered_at=tx.now, answer=answered, accepted=accepted)
    await deadlines.call_off(tx, CLAIM_ANSWER, [claim_id])
    await _post(tx, claim, "claim_answer", (("carrier_receivable", accepted), ("borne_by_carrier", -accepted)))
    hours = (tx.now - (claim.filed_at or tx.now)) // timedelta(hours=1)
    tx.announce(ClaimAnswered(subject_id=claim_id, merchant_id=claim.merchant_id, order_id=claim.order_id,
                              move=moved[claim_id], case_id=claim.case_id, carrier=claim.carrier, answer=answered,
                              accepted=accepted, hours=hours))  # fmt: skip
    return await get_claim(tx, claim_id)


async def recover(tx: Tx, claim_id: int, *, amount: int) -> Claim:
    """The carrier's money came; what it promised and did not pay is the merchant's to bear.

    Raises ClaimUnknown, ClaimStateForbids or ClaimUnfit.
    """
    claim = await _hold(tx, claim_id, "recover")
    if not 0 < amount <= claim.accepted:
        raise ClaimUnfit("amount", what="the carrier owes another amount", what_zh="到账金额须大于零且不超过认可金额")
    moved = await store.move_claims(tx, "recover", [claim_id], recovered=amount, ended_at=tx.now)
    await _post(tx, claim, "claim_recovery", (
        ("carrier_payouts", amount), ("borne_by_merchant", claim.accepted - amount),
        ("carrier_receivable", -claim.accepted),
    ))  # fmt: skip
    tx.announce(ClaimRecovered(subject_id=claim_id, merchant_id=claim.merchant_id, order_id=claim.order_id,
                               move=moved[claim_id], case_id=claim.case_id, amount=amount,
                               currency=claim.currency))  # fmt: skip
    return await get_claim(tx, claim_id)


async def write_off(tx: Tx, claim_id: int, *, reason: str) -> Claim:
    """Nothing more is expected; what the carrier had promised is the merchant's to bear.

    Raises ClaimUnknown or ClaimStateForbids.
    """
    claim = await _hold(tx, claim_id, "write_off")
    moved = await store.move_claims(tx, "write_off", [claim_id], ended_at=tx.now)
    for clock in EVERY_CLAIM_CLOCK:
        await deadlines.call_off(tx, clock, [claim_id])
    await _post(tx, claim, "claim_write_off", (
        ("borne_by_merchant", claim.accepted), ("carrier_receivable", -claim.accepted)))  # fmt: skip
    tx.announce(ClaimWrittenOff(subject_id=claim_id, merchant_id=claim.merchant_id, order_id=claim.order_id,
                                move=moved[claim_id], case_id=claim.case_id, reason=reason))  # fmt: skip
    return await get_claim(tx, claim_id)


async def tell_register(tx: Tx, claim_ids: Sequence[int]) -> None:
    """How long carriers take to answer is a part of their grades (Express Regulation art. 28: seven days)."""
    await carriers.note_complaints(tx, [
        carriers.Complaint(merchant_id=one.merchant_id, carrier=one.carrier, complaint=encode("claim", one.id),
                           filed_at=one.filed_at, answered_at=one.answered_at)
        for one in await store.claims(tx, claim_ids) if one.filed_at is not None
    ])  # fmt: skip


async def warn_unfiled(tx: Tx, claim_ids: Sequence[int]) -> None:
    """The time to file is nearly over: say so, and send the case up where it is still open."""
    late = [one for one in await store.claims(tx, claim_ids) if one.state is ClaimState.DRAFTED]
    tx.announce(*(
        ClaimDueSoon(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, case_id=one.case_id,
                     carrier=one.carrier)
        for one in late
    ))  # fmt: skip
    cases = await get(tx, [one.case_id for one in late])
    for case in cases.values():
        if case.state in UNENDED:
            await escalate(tx, case.id, reason="claim_not_filed")


async def chase(tx: Tx, claim_ids: Sequence[int]) -> None:
    """The carrier let its time pass: it is asked again, and its time runs anew."""
    late = [one for one in await store.claims(tx, claim_ids) if one.state is ClaimState.FILED]
    answer_by = tx.now + ANSWER_WITHIN
    for one in late:
        await store.count_chase(tx, one.id, answer_by)
    await deadlines.schedule(tx, CLAIM_ANSWER, [deadlines.Due(one.id, one.merchant_id, answer_by) for one in late])
    tx.announce(*(
        ClaimChased(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, case_id=one.case_id,
                    carrier=one.carrier, times=one.chased + 1)
        for one in late
    ))  # fmt: skip


async def _hold(tx: Tx, claim_id: int, verb: str) -> Claim:
    """A claim that stands still, because its order and its case are locked."""
    await hold_one(tx, (await get_claim(tx, claim_id)).case_id)
    claim = await get_claim(tx, claim_id)
    if claim.state not in CLAIM.moves[verb].sources:
        raise ClaimStateForbids(state=str(claim.state), verb=verb)
    return claim


async def _post(tx: Tx, claim: Claim, source: str, legs: tuple[tuple[str, int], ...]) -> None:
    moving = tuple((account, amount) for account, amount in legs if amount)
    if moving:
        await ledger.post(tx, [
            ledger.Posting(claim.merchant_id, source, claim.id, claim.order_id, claim.currency, moving)
        ])  # fmt: skip
