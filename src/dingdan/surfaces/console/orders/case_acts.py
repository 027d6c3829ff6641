"""What can be done with a case: words to the buyer, remedies, claims on carriers, and its end."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from msgspec import Meta

from dingdan.areas import cases, orders, transit
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import address_form
from dingdan.surfaces.console.orders.address_form import AddressForm
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import formatting
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form, amount_of
from dingdan.surfaces.shared.pages.screens import Done
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Id, Line, LineNo, Prose, Quantity, Sku, Word

# An amount as somebody types it, without a minus of any kind.
Typed = Annotated[str, Meta(max_length=40, pattern=r"^[^-\u2010-\u2015\u2212\uFE63\uFF0D]*$")]
Said = Annotated[str, Meta(min_length=1, max_length=2000)]
LAST_SECOND = time(23, 59, 59)


class TellForm(Form, frozen=True, kw_only=True):
    """What the buyer hears, which step is done, and in how many hours they hear again."""

    text: Prose = ""
    plan: CodeWord | None = None
    hours: Annotated[int, Meta(ge=1, le=720)] | None = None


class SaidForm(Form, frozen=True, kw_only=True):
    """Words."""

    text: Said


class CaseWhyForm(Form, frozen=True, kw_only=True):
    """Why, as a code."""

    reason: CodeWord


class HandForm(Form, frozen=True, kw_only=True):
    """To whom, and why."""

    staff: Id
    reason: CodeWord


class CloseForm(Form, frozen=True, kw_only=True):
    """How it ended, who bears it, and a last word."""

    closure: CodeWord
    liable: cases.Liable | None = None
    text: Prose = ""


class AttachForm(Form, frozen=True, kw_only=True):
    """The order that it is about."""

    order: Id


class GrantForm(Form, frozen=True, kw_only=True):
    """A remedy. `lines` are all units of these that nothing was done about, `units` so many of the one that is named."""

    kind: cases.RemedyKind
    lines: Annotated[tuple[str, ...], Meta(max_length=200)] = ()
    units: Quantity | None = None
    sku: Sku | None = None
    amount: Typed = ""
    form: cases.CompensationForm | None = None
    right: Word | None = None
    promotion: Id | None = None
    until: date | None = None
    reason: Word | None = None
    postage: Typed = ""
    consent: bool = False


class ReceiptForm(Form, frozen=True, kw_only=True):
    """The number of the transfer."""

    receipt: Word


class DraftForm(Form, frozen=True, kw_only=True):
    """Which parcel, what for, and what it was insured for."""

    parcel: Id
    value: Typed
    insured: Typed = ""


class FileForm(Form, frozen=True, kw_only=True):
    """The carrier's own number of the claim, and what was sent with it."""

    carrier_ref: Word
    evidence: Annotated[str, Meta(max_length=2000)] = ""


class AnswerForm(Form, frozen=True, kw_only=True):
    """What the carrier said."""

    answer: cases.Answered
    accepted: Typed = ""


class CameForm(Form, frozen=True, kw_only=True):
    """What came."""

    amount: Typed


@act("/cases/{case_id}/take", permission="case.work")
async def take(tx: Tx, case_id: int) -> Done:
    """Answer for it from now on."""
    await cases.take(tx, case_id)
    return Done(text=Text("It is yours", "已接手"), stays=True)


@act("/cases/{case_id}/hand_over", permission="case.work")
async def hand_over(tx: Tx, case_id: int, form: HandForm) -> Done:
    """Give it to somebody else."""
    staff_id = ids.decode("staff", form.staff)
    await scope.demand_reach(tx, "staff", staff_id, "staff")
    await cases.hand_over(tx, case_id, staff_id=staff_id or 0, reason=form.reason)
    return Done(text=Text("Handed over", "已转交"))


@act("/cases/{case_id}/escalate", permission="case.work")
async def escalate(tx: Tx, case_id: int, form: CaseWhyForm) -> Done:
    """Send it one level up."""
    await cases.escalate(tx, case_id, reason=form.reason)
    return Done(text=Text("Escalated", "已升级"))


@act("/cases/{case_id}/attach", permission="case.work")
async def attach(tx: Tx, case_id: int, form: AttachForm) -> Done:
    """Say which order it is about."""
    order_id = ids.decode("order", form.order)
    await scope.demand_reach(tx, "order", order_id, "order")
    await cases.attach(tx, case_id, order_id or 0)
    return Done(text=Text("Order noted", "已关联订单"), stays=True)


@act("/cases/{case_id}/note", permission="case.work")
async def note(tx: Tx, case_id: int, form: SaidForm) -> Done:
    """Write something down for the staff alone."""
    await cases.note(tx, case_id, text=form.text)
    return Done(text=Text("Noted", "已备注"), stays=True)


@act("/cases/{case_id}/tell", permission="case.work")
async def tell(tx: Tx, case_id: int, form: TellForm) -> Done:
    """Tell the buyer how things stand, and when they hear of it next."""
    following = tx.now + timedelta(hours=form.hours) if form.hours is not None else None
    await cases.update(tx, case_id, text=form.text, plan=form.plan, next_update_at=following)
    return Done(text=Text("Buyer told", "已告知买家"), stays=True)


@act("/cases/{case_id}/ask", permission="case.work")
async def ask(tx: Tx, case_id: int, form: SaidForm) -> Done:
    """Ask the buyer; our clocks stand still meanwhile."""
    await cases.ask(tx, case_id, text=form.text)
    return Done(text=Text("Buyer asked, the clock is paused", "已询问买家，计时暂停"), stays=True)


@act("/cases/{case_id}/correct", permission="case.work")
async def correct(tx: Tx, case_id: int, form: AddressForm) -> Done:
    """Write down where the order goes after all; the case ends with that."""
    order = await _order_of(tx, case_id)
    await cases.correct_address(tx, case_id, await address_form.mended(tx, order, form))
    return Done(text=Text("Address corrected, the order goes on", "地址已更正，订单继续"))


@act("/cases/{case_id}/recall", permission="parcel.intercept")
async def recall(tx: Tx, case_id: int, form: CaseWhyForm) -> Done:
    """Have what is still on its way brought back."""
    order = await _order_of(tx, case_id)
    await transit.intercept_order(tx, order.id, reason=form.reason)
    return Done(text=Text("The carrier is asked to bring it back", "已通知承运商退回"), stays=True)


@act("/cases/{case_id}/close", permission="case.work")
async def close(tx: Tx, case_id: int, form: CloseForm) -> Done:
    """End it in one of the ways its kind knows."""
    await cases.close(tx, case_id, closure=form.closure, text=form.text, liable=form.liable)
    return Done(text=Text("Case closed", "异常单已关闭"))


@act("/cases/{case_id}/withdraw", permission="case.work")
async def withdraw(tx: Tx, case_id: int, form: CaseWhyForm) -> Done:
    """There was nothing to it."""
    await cases.withdraw(tx, case_id, reason=form.reason)
    return Done(text=Text("Case withdrawn", "异常单已撤销"))


@act("/cases/{case_id}/grant", permission="case.work")
async def grant(tx: Tx, case_id: int, form: GrantForm) -> Done:
    """Propose a remedy; within one's own authority it is granted in the same step."""
    order = await _order_of(tx, case_id)
    promotion_id = ids.decode("promotion", form.promotion) if form.promotion is not None else None
    if form.promotion is not None:
        await scope.demand_reach(tx, "promotion", promotion_id, "promotion")
    until = datetime.combine(form.until, LAST_SECOND, formatting.ZONE) if form.until is not None else None
    made = await cases.propose(tx, case_id, cases.Propose(
        kind=form.kind, lines=await _lines(tx, order, form), form=form.form, right=form.right or "", until=until,
        amount=amount_of(form.amount, order.currency, "amount") if form.amount else None, promotion_id=promotion_id,
        reason=form.reason or "", needs_consent=form.consent,
        postage=amount_of(form.postage, order.currency, "postage") if form.postage else 0,
    ))  # fmt: skip
    if made.state is cases.RemedyState.PROPOSED:
        return Done(
            text=Text(
                "Proposed; it is above your limit, so somebody else grants it", "已提出，超出个人额度，待他人审批"
            ),
            stays=True,
        )
    return Done(text=Text("Granted", "已批准"), stays=True)


@act("/remedies/{remedy_id}/approve", permission="case.lead")
async def approve_remedy(tx: Tx, remedy_id: int) -> Done:
    """Grant what somebody else proposed."""
    await cases.approve(tx, remedy_id)
    return Done(text=Text("Granted", "已批准"), stays=True)


@act("/remedies/{remedy_id}/refuse", permission="case.work")
async def refuse_remedy(tx: Tx, remedy_id: int, form: CaseWhyForm) -> Done:
    """Do not grant it, or take it back before it was carried out."""
    await cases.refuse(tx, remedy_id, reason=form.reason)
    return Done(text=Text("Not granted", "已驳回"), stays=True)


@act("/remedies/{remedy_id}/pay", permission="refund.approve", fresh=True)
async def pay_remedy(tx: Tx, remedy_id: int, form: ReceiptForm) -> Done:
    """Money was paid by hand."""
    await cases.pay(tx, remedy_id, receipt=form.receipt)
    return Done(text=Text("Paid by hand", "已登记线下打款"), stays=True)


@act("/cases/{case_id}/claims", permission="claim.work")
async def draft_claim(tx: Tx, case_id: int, form: DraftForm) -> Done:
    """Claim for a parcel."""
    order = await _order_of(tx, case_id)
    parcel_id = ids.decode("parcel", form.parcel)
    await scope.demand_reach(tx, "parcel", parcel_id, "parcel")
    await cases.draft_claim(tx, cases.DraftClaim(
        case_id=case_id, parcel_id=parcel_id or 0, value=amount_of(form.value, order.currency, "value"),
        insured=amount_of(form.insured, order.currency, "insured") if form.insured else None,
    ))  # fmt: skip
    return Done(text=Text("Claim drafted", "已起草索赔"), stays=True)


@act("/claims/{claim_id}/file", permission="claim.work")
async def file_claim(tx: Tx, claim_id: int, form: FileForm) -> Done:
    """The claim is with the carrier."""
    evidence: list[Line] = [line.strip()[:200] for line in form.evidence.splitlines() if line.strip()][:50]
    await cases.file_claim(tx, claim_id, carrier_ref=form.carrier_ref, evidence=evidence)
    return Done(text=Text("Claim filed", "已提出索赔"), stays=True)


@act("/claims/{claim_id}/answer", permission="claim.work")
async def answer_claim(tx: Tx, claim_id: int, form: AnswerForm) -> Done:
    """What the carrier said it will pay."""
    claim = await cases.get_claim(tx, claim_id)
    accepted = amount_of(form.accepted, claim.currency, "accepted") if form.accepted else 0
    await cases.answer_claim(tx, claim_id, answered=form.answer, accepted=accepted)
    return Done(text=Text("Answer noted", "已登记答复"), stays=True)


@act("/claims/{claim_id}/recover", permission="claim.work")
async def recover_claim(tx: Tx, claim_id: int, form: CameForm) -> Done:
    """The carrier's money came."""
    claim = await cases.get_claim(tx, claim_id)
    await cases.recover_claim(tx, claim_id, amount=amount_of(form.amount, claim.currency, "amount"))
    return Done(text=Text("Money noted", "已登记到账"), stays=True)


@act("/claims/{claim_id}/write_off", permission="claim.work")
async def write_off_claim(tx: Tx, claim_id: int, form: CaseWhyForm) -> Done:
    """Nothing more is expected of the carrier."""
    await cases.write_off_claim(tx, claim_id, reason=form.reason)
    return Done(text=Text("Written off", "已核销"), stays=True)


async def _order_of(tx: Tx, case_id: int) -> orders.Order:
    case = await cases.get_one(tx, case_id)
    if case.order_id is None:
        raise cases.CaseHasNoOrder
    return await orders.get_one(tx, case.order_id)


async def _lines(tx: Tx, order: orders.Order, form: GrantForm) -> tuple[cases.RemedyLine, ...]:
    """The lines that were ticked, with what is left of each, or so many of the only one."""
    named: list[LineNo] = [int(text) for text in form.lines if text.isdigit() and len(text) <= 5]
    if form.units is not None and len(named) == 1:
        return (cases.RemedyLine(named[0], form.units, form.sku),)
    left = await cases.left_units(tx, order) if named else {}
    return tuple(cases.RemedyLine(number, max(left.get(number, 1), 1), form.sku) for number in named)


ROUTES = [
    take, hand_over, escalate, attach, note, tell, ask, correct, recall, close, withdraw, grant, approve_remedy,
    refuse_remedy, pay_remedy, draft_claim, file_claim, answer_claim, recover_claim, write_off_claim,
]  # fmt: skip
