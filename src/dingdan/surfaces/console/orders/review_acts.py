"""What can be done with an order that is looked at again: the decision, and what mends it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import cases, identity, orders, packing, placement, review
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Text
from dingdan.overviews import merge_suggestions
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Prose, Short

# The words that a consent of today is to.
SHARED_TEXT = max(packing.CONSENT_TEXTS)


class ApproveForm(Form, frozen=True, kw_only=True):
    """What was checked and is in order, what does not apply, and what is wrong, by the codes of the questions.

    Without any all of it was checked and is in order.
    """

    right: Annotated[tuple[CodeWord, ...], Meta(max_length=200)] = ()
    without: Annotated[tuple[CodeWord, ...], Meta(max_length=200)] = ()
    wrong: Annotated[tuple[CodeWord, ...], Meta(max_length=200)] = ()


class AskForm(Form, frozen=True, kw_only=True):
    """What is missing, and words for the buyer."""

    questions: Annotated[tuple[CodeWord, ...], Meta(min_length=1, max_length=10)]
    text: Prose = ""


class WhyForm(Form, frozen=True, kw_only=True):
    """Why."""

    reason: CodeWord


class IssueForm(Form, frozen=True, kw_only=True):
    """What kind of trouble it is, and what is to be known about it."""

    kind: CodeWord
    text: Prose = ""


class AddressForm(Form, frozen=True, kw_only=True):
    """Where the order goes after all; what is left empty stays as it is."""

    name: Short = ""
    phone: Short = ""
    province: Short = ""
    city: Short = ""
    district: Short = ""
    detail: Annotated[str, Meta(max_length=500)] = ""


class CombineForm(Form, frozen=True, kw_only=True):
    """Who agreed that the orders travel in one parcel."""

    given_by: packing.GivenBy


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
    """Say yes; where two people are needed this is one of the two signatures."""
    await _take(tx, review_id)
    answers: dict[str, review.Answer] = {
        **dict.fromkeys(form.right, "yes"), **dict.fromkeys(form.without, "not_applicable"), **dict.fromkeys(form.wrong, "no")
    }  # fmt: skip
    if not answers:
        asked = (await review.get_one(tx, review_id)).checklist
        answers = dict.fromkeys((item.code for item in asked), "yes")
    held = await review.approve(tx, review_id, answers=answers)
    if held.state is review.ReviewState.SIGNED:
        return Done(text=Text("Signed; a second person decides", "已签署，待第二人复核"))
    return Done(text=Text("Order approved", "订单已通过"))


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


@act("/reviews/{review_id}/issue", permission="case.work")
async def issue(tx: Tx, review_id: int, form: IssueForm) -> Done:
    """Open a case about the order."""
    held = await review.get_one(tx, review_id)
    wanted = cases.OpenCase(kind=form.kind, order_id=held.order_id, text=form.text)
    made = await cases.open_by_hand(tx, wanted, source="staff")
    return Done(text=Text("Case opened", "已建异常单"), to=naming.place("case", made.id))


@act("/reviews/{review_id}/address", permission="order.change")
async def address(tx: Tx, review_id: int, form: AddressForm) -> Done:
    """Mend the address; the buyer gets a new confirmation."""
    held = await review.get_one(tx, review_id)
    order = await orders.get_one(tx, held.order_id)
    contact = await identity.contact(tx, order.contact_id)
    if contact is None or contact.address is None:
        raise identity.BuyerUnknown
    given = {name: text for name in ("name", "phone", "province", "city", "district", "detail")
             if (text := getattr(form, name))}  # fmt: skip
    mended: Address = msgspec.structs.replace(contact.address, **given)
    await placement.change_address(tx, order.id, placement.ChangeAddress(ship_to=mended, reason="address_unclear"))
    return Done(text=Text("Address changed", "地址已更正"), stays=True)


@act("/reviews/{review_id}/combine", permission="consent.write")
async def combine(tx: Tx, review_id: int, form: CombineForm) -> Done:
    """Write down that the buyer wants these orders in one parcel; the packing table goes by it."""
    held = await review.get_one(tx, review_id)
    near = (await merge_suggestions.of_buyers(tx, [held.order_id])).get(held.order_id, [])
    await packing.consent(tx, packing.NewConsent(
        order_ids=(held.order_id, *(one.id for one in near)), given_by=form.given_by, given_at=tx.now,
        text_version=SHARED_TEXT,
    ))  # fmt: skip
    return Done(text=Text("They may travel in one parcel", "已登记合并发货"), stays=True)


async def _take(tx: Tx, review_id: int) -> None:
    """Who decides has it; where nobody has it yet, deciding takes it. Raises SameHand for whoever signed it first."""
    taken = await review.claim(tx, limit=1, ids=[review_id])
    if not taken and review.why_alone(await review.get_one(tx, review_id), tx.actor) == "own_signature":
        raise review.SameHand


ROUTES = [claim, put_back, approve, reject, ask, escalate, block, unblock, issue, address, combine]
