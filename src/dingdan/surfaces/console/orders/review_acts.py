"""What can be done with an order that is looked at again: the decision, and what mends it."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import cases, review
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import address_form, combining
from dingdan.surfaces.console.orders.address_form import AddressForm
from dingdan.surfaces.console.orders.combining import PartForm, SharedForm
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Prose


class ApproveForm(Form, frozen=True, kw_only=True):
    """What was checked and is in order, what does not apply, and what is wrong, by the codes of the questions.

    Without any all of it was checked and is in order. `reason` is why it goes in spite of what is wrong.
    """

    right: Annotated[tuple[CodeWord, ...], Meta(max_length=200)] = ()
    without: Annotated[tuple[CodeWord, ...], Meta(max_length=200)] = ()
    wrong: Annotated[tuple[CodeWord, ...], Meta(max_length=200)] = ()
    reason: CodeWord | None = None


class AskForm(Form, frozen=True, kw_only=True):
    """What is missing, and words for the buyer."""

    questions: Annotated[tuple[CodeWord, ...], Meta(min_length=1, max_length=10)]
    text: Prose = ""


class SaidForm(Form, frozen=True, kw_only=True):
    """What the buyer says."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class WhyForm(Form, frozen=True, kw_only=True):
    """Why."""

    reason: CodeWord


class IssueForm(Form, frozen=True, kw_only=True):
    """What kind of trouble it is, and what is to be known about it."""

    kind: CodeWord
    text: Prose = ""


class ForceForm(Form, frozen=True, kw_only=True):
    """What failed, and why the order goes all the same."""

    wrong: Annotated[tuple[CodeWord, ...], Meta(min_length=1, max_length=200)]
    reason: CodeWord


@act("/reviews/{review_id}/claim", permission="review.decide")
async def claim(tx: Tx, review_id: int) -> Done:
    """Take it, so that nobody else works on it."""
    taken = await review.claim(tx, limit=1, ids=[review_id])
    if not taken:
        raise review.NotYours
    return Done(text=Text("It is yours", "已领取"), stays=True)


@act("/reviews/{review_id}/put_back", permission="review.decide")
async def put_back(tx: Tx, review_id: int) -> Done:
    """Give it back; its clock runs on."""
    await review.put_back(tx, review_id)
    return Done(text=Text("Given back", "已放回"), stays=True)


@act("/reviews/{review_id}/approve", permission="review.decide")
async def approve(tx: Tx, review_id: int, form: ApproveForm) -> Done:
    """Say yes; where two people are needed this is one of the two signatures. What failed before stays failed."""
    await _take(tx, review_id)
    answers: dict[str, review.Answer] = {
        **dict.fromkeys(form.right, "yes"), **dict.fromkeys(form.without, "not_applicable"), **dict.fromkeys(form.wrong, "no")
    }  # fmt: skip
    if not answers:
        answers = await _all_right(tx, review_id)
    return _signed(await review.approve(tx, review_id, answers=answers, reason=form.reason))


@act("/reviews/{review_id}/force", permission="review.decide")
async def force(tx: Tx, review_id: int, form: ForceForm) -> Done:
    """Ask that the order goes in spite of what failed; somebody else who may force orders has the word."""
    await _take(tx, review_id)
    answers = await _all_right(tx, review_id) | dict.fromkeys(form.wrong, "no")
    return _signed(await review.approve(tx, review_id, answers=answers, reason=form.reason))


@act("/reviews/{review_id}/reject", permission="review.decide")
async def reject(tx: Tx, review_id: int, form: WhyForm) -> Done:
    """Say no: the order ends and all that was paid goes back."""
    await _take(tx, review_id)
    await review.reject(tx, review_id, reason=form.reason)
    return Done(text=Text("Order cancelled, the money goes back", "订单已取消，款项将退回"))


@act("/reviews/{review_id}/ask", permission="review.decide")
async def ask(tx: Tx, review_id: int, form: AskForm) -> Done:
    """Ask the buyer; the clock stands still meanwhile."""
    await _take(tx, review_id)
    await review.ask(tx, review_id, questions=list(form.questions), text=form.text)
    return Done(text=Text("Buyer asked, the clock is paused", "已询问用户，计时暂停"))


@act("/reviews/{review_id}/answer", permission="review.answer")
async def answer(tx: Tx, review_id: int, form: SaidForm) -> Done:
    """Note what the buyer answered on the phone; the clock runs on."""
    await review.answer(tx, review_id, text=form.text)
    return Done(text=Text("Answer noted, the clock runs on", "已登记答复，计时恢复"), stays=True)


@act("/reviews/{review_id}/escalate", permission="review.decide")
async def escalate(tx: Tx, review_id: int, form: WhyForm) -> Done:
    """Hand it to a lead."""
    await review.escalate(tx, review_id, reason=form.reason)
    return Done(text=Text("Handed to a lead", "已升级给主管"))


@act("/reviews/{review_id}/block", permission="review.block")
async def block(tx: Tx, review_id: int, form: WhyForm) -> Done:
    """Say, as risk, that this order must not go."""
    await review.block(tx, review_id, reason=form.reason)
    return Done(text=Text("Blocked", "已拦截"), stays=True)


@act("/reviews/{review_id}/unblock", permission="review.block")
async def unblock(tx: Tx, review_id: int) -> Done:
    """Take a block back."""
    await review.unblock(tx, review_id)
    return Done(text=Text("Block taken back", "已解除拦截"), stays=True)


@act("/reviews/{review_id}/issue", permission="case.open")
async def issue(tx: Tx, review_id: int, form: IssueForm) -> Done:
    """Open a case about the order."""
    held = await review.get_one(tx, review_id)
    wanted = cases.OpenCase(kind=form.kind, order_id=held.order_id, text=form.text)
    made = await cases.open_by_hand(tx, wanted, source="staff")
    if not tx.actor.may("case.read"):
        return Done(
            text=Text(f"Case {naming.spoken(made.id)} opened", f"已建异常单 {naming.spoken(made.id)}"), stays=True
        )
    return Done(text=Text("Case opened", "已建异常单"), to=naming.place("case", made.id))


@act("/reviews/{review_id}/address", permission="review.decide")
async def address(tx: Tx, review_id: int, form: AddressForm) -> Done:
    """Mend the address of what one has in hand; the buyer gets a new confirmation."""
    held = await review.take_in_hand(tx, review_id)
    await address_form.send_elsewhere(tx, held.order_id, form, reason="address_unclear")
    return Done(text=Text("Address changed", "地址已更正"), stays=True)


@act("/reviews/{review_id}/combine", permission="consent.write")
async def combine(tx: Tx, review_id: int, form: SharedForm) -> Done:
    """Write down that the buyer wants these orders in one parcel; the packing table goes by it."""
    held = await review.get_one(tx, review_id)
    return await combining.combine(tx, held.order_id, form)


@act("/reviews/{review_id}/part", permission="consent.write")
async def part(tx: Tx, review_id: int, form: PartForm) -> Done:
    """The buyer thought again: the orders travel apart."""
    await review.get_one(tx, review_id)
    return await combining.part(tx, form)


async def _all_right(tx: Tx, review_id: int) -> dict[str, review.Answer]:
    """A yes to every question but to those that somebody answered with no before."""
    held = await review.get_one(tx, review_id)
    return {item.code: "yes" for item in held.checklist if held.answers.get(item.code) != "no"}


def _signed(held: review.Review) -> Done:
    if held.state is not review.ReviewState.SIGNED:
        return Done(text=Text("Order approved", "订单已通过"))
    if held.force_reason is not None:
        return Done(text=Text("Asked; somebody who may force orders decides", "已申请强制放行，待有权限者复核"))
    return Done(text=Text("Signed; a second person decides", "已签署，待第二人复核"))


async def _take(tx: Tx, review_id: int) -> None:
    """Who decides has it; where nobody has it yet, deciding takes it. Raises SameHand for whoever signed it first."""
    taken = await review.claim(tx, limit=1, ids=[review_id])
    if not taken and review.why_alone(await review.get_one(tx, review_id), tx.actor) == "own_signature":
        raise review.SameHand


ROUTES = [claim, put_back, approve, force, reject, ask, answer, escalate, block, unblock, issue, address, combine, part]
