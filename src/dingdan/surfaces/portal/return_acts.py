"""What a buyer does with a return."""

from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import access, disposition, disputes, exchanges, orders, repairs, returns, talks, way_back
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Text
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages, return_forms, return_page, within
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, who
from dingdan.surfaces.shared.pages.doors import act, itself
from dingdan.surfaces.shared.pages.forms import Form, Typed, Upload
from dingdan.surfaces.shared.pages.screens import Done
from dingdan.surfaces.shared.wire import Prose, Word

HERE = "/my/{order_id}/returns/{return_id}"


class SayForm(Form, frozen=True, kw_only=True):
    """Something to say."""

    text: Prose = ""


class ProposalForm(Form, frozen=True, kw_only=True):
    """How much of the money for keeping it, and words."""

    amount: Typed
    text: Prose = ""


class TakeOfferForm(Form, frozen=True, kw_only=True):
    """The words that one agrees to, by their version, where credit takes the place of money."""

    consent_text: Word | None = None


class GoodsForm(Form, frozen=True, kw_only=True):
    """What shall be done about goods that were not accepted."""

    choice: disposition.Choice


class InsteadForm(Form, frozen=True, kw_only=True):
    """What is wanted instead of a repair."""

    instead: Word


class PlatformForm(Form, frozen=True, kw_only=True):
    """What the two sides disagree about, what is wanted, and why."""

    issue: disputes.Issue
    outcome: disputes.Outcome
    amount: Typed = ""
    text: Annotated[str, Meta(min_length=1, max_length=disputes.LONGEST)]


def _done(order_id: int, return_id: int, text: Text) -> Done:
    return Done(text=text, to=pages.of(order_id, "return", "returns", return_id))


@act(HERE + "/say", permission="return.apply", screen=return_page.show)
async def say(tx: Tx, order_id: int, return_id: int, *, form: SayForm, files: list[Upload], settings: Settings) -> Done:
    """Say something about a return, and show something with it."""
    await within.own_return(tx, order_id, return_id)
    shown = await within.take_in(tx, settings, order_id, files)
    await talks.say(tx, return_id, side=talks.Side.BUYER, text=form.text, evidence=list(shown))
    return _done(order_id, return_id, Text("Sent.", "已发送。"))


@act(HERE + "/answer", permission="return.apply", screen=return_page.show)
async def answer(
    tx: Tx, order_id: int, return_id: int, *, form: SayForm, files: list[Upload], settings: Settings
) -> Done:
    """Answer what was asked, in words or by showing more."""
    await within.own_return(tx, order_id, return_id)
    question = (await talks.questions_of(tx, [return_id])).get(return_id)
    shot = question.shots[0] if question is not None and len(question.shots) == 1 else "other"
    shown = await within.take_in(tx, settings, order_id, files, shot=shot)
    await talks.answer(tx, return_id, text=form.text, evidence=list(shown))
    return _done(order_id, return_id, Text("Thank you. Our clock runs on.", "已收到，审核继续。"))


@act(HERE + "/offers/{offer_id}/take", permission="return.apply", screen=return_page.show)
async def take(tx: Tx, order_id: int, return_id: int, offer_id: int, form: TakeOfferForm) -> Done:
    """Take what the seller offers."""
    await within.own_return(tx, order_id, return_id)
    await within.own_offer(tx, return_id, offer_id)
    await talks.take(tx, offer_id, side=talks.Side.BUYER, consent_text=form.consent_text)
    return _done(order_id, return_id, Text("Agreed.", "已达成一致。"))


@act(HERE + "/offers/{offer_id}/decline", permission="return.apply", screen=return_page.show)
async def decline(tx: Tx, order_id: int, return_id: int, offer_id: int) -> Done:
    """Do not want what the seller offers."""
    await within.own_return(tx, order_id, return_id)
    await within.own_offer(tx, return_id, offer_id)
    await talks.decline(tx, offer_id, side=talks.Side.BUYER)
    return _done(
        order_id, return_id, Text("Refused. What you asked for is decided as before.", "已拒绝，将按原申请处理。")
    )


@act(HERE + "/offers/{offer_id}/escalate", permission="dispute.argue", screen=return_page.show)
async def escalate(tx: Tx, order_id: int, return_id: int, offer_id: int, form: SayForm) -> Done:
    """Do not want what the seller offers, and have the platform decide about what was asked for."""
    held = await within.own_return(tx, order_id, return_id)
    await within.own_offer(tx, return_id, offer_id)
    lines = (await returns.lines(tx, [held])).get(return_id, [])
    await talks.decline(tx, offer_id, side=talks.Side.BUYER)
    wish = return_forms.WISH_OF.get(held.resolution, disputes.Outcome.RETURN_REFUND)
    opened = await disputes.open_dispute(tx, disputes.OpenDispute(
        subject="return", subject_id=return_id, issue=disputes.Issue.OTHER, side=talks.Side.BUYER, text=form.text or return_forms.REFUSED,
        lines=tuple(disputes.Wish(line.line_no, line.quantity, wish, 0) for line in lines),
    ))  # fmt: skip
    return Done(
        text=Text("Refused. The platform looks at it.", "已拒绝，平台已介入。"),
        to=pages.of(order_id, "dispute", "disputes", opened.id),
    )


@act(HERE + "/offers/{offer_id}/counter", permission="return.apply", screen=return_page.show)
async def counter(tx: Tx, order_id: int, return_id: int, offer_id: int, form: ProposalForm) -> Done:
    """Answer an offer with another one."""
    await within.own_return(tx, order_id, return_id)
    found = await within.own_offer(tx, return_id, offer_id)
    amount = forms.amount_of(form.amount, found.currency, "amount")
    await talks.counter(tx, offer_id, talks.Propose(talks.OfferKind.KEEP, amount, form.text), side=talks.Side.BUYER)
    return _done(order_id, return_id, Text("The seller is told.", "已告知商家。"))


@act(HERE + "/offer", permission="return.apply", screen=return_page.show)
async def offer(tx: Tx, order_id: int, return_id: int, form: ProposalForm) -> Done:
    """Propose to keep it for less."""
    await within.own_return(tx, order_id, return_id)
    order = await orders.get_one(tx, order_id)
    amount = forms.amount_of(form.amount, order.currency, "amount")
    await talks.offer(tx, return_id, talks.Propose(talks.OfferKind.KEEP, amount, form.text), side=talks.Side.BUYER)
    return _done(order_id, return_id, Text("The seller is told.", "已告知商家。"))


@act(HERE + "/place/{agreed}", permission="return.send", screen=return_page.show)
async def place(tx: Tx, order_id: int, return_id: int, agreed: Word) -> Done:
    """Agree to send it to another address, or not."""
    await within.own_return(tx, order_id, return_id)
    await way_back.answer_address(tx, return_id, is_agreed=agreed == "yes")
    return _done(order_id, return_id, Text("Thank you.", "谢谢。"))


@act(HERE + "/withdraw", permission="return.apply", screen=return_page.show)
async def withdraw(tx: Tx, order_id: int, return_id: int) -> Done:
    """Keep the goods after all."""
    await within.own_return(tx, order_id, return_id)
    await returns.withdraw(tx, return_id)
    return _done(order_id, return_id, Text("Withdrawn.", "已撤销。"))


@act(HERE + "/appeal", permission="return.apply", screen=return_page.show)
async def appeal(tx: Tx, order_id: int, return_id: int) -> Done:
    """Do not accept a refusal: somebody else decides."""
    await within.own_return(tx, order_id, return_id)
    await returns.appeal(tx, return_id)
    return _done(order_id, return_id, Text("Somebody else looks at it.", "将由其他人员复核。"))


@act(HERE + "/goods/{goods_id}", permission="return.apply", screen=return_page.show)
async def choose(tx: Tx, order_id: int, return_id: int, goods_id: int, form: GoodsForm) -> Done:
    """Say what is to be done about goods that were not accepted."""
    await within.own_return(tx, order_id, return_id)
    await within.own_goods(tx, return_id, goods_id)
    await disposition.choose(tx, goods_id, form.choice)
    return _done(order_id, return_id, Text("Chosen.", "已选择。"))


@act(HERE + "/money", permission="return.apply", screen=return_page.show)
async def money(tx: Tx, order_id: int, return_id: int) -> Done:
    """Have the money instead of an exchange that cannot be had."""
    await within.own_return(tx, order_id, return_id)
    found = (await exchanges.of_returns(tx, [return_id])).get(return_id)
    if found is None:
        raise returns.ReturnUnknown
    await exchanges.take_money(tx, found.id)
    return _done(order_id, return_id, Text("You get your money.", "已改为退款。"))


@act(HERE + "/instead", permission="return.apply", screen=return_page.show)
async def instead(tx: Tx, order_id: int, return_id: int, form: InsteadForm) -> Done:
    """Choose what is had instead of a repair in vain."""
    held = await within.own_return(tx, order_id, return_id)
    found = (await repairs.of_returns(tx, [return_id])).get(return_id)
    wanted = next((one for one in await repairs.options_of(tx, held) if str(one) == form.instead), None)
    if found is None or wanted is None:
        raise returns.ReturnUnknown
    await repairs.choose(tx, found.id, wanted)
    return _done(order_id, return_id, Text("Chosen.", "已选择。"))


@act(HERE + "/dispute", permission="dispute.argue", screen=return_page.show)
async def dispute(
    tx: Tx, order_id: int, return_id: int, *, form: PlatformForm, files: list[Upload], settings: Settings
) -> Done:
    """Ask the platform to decide about a return."""
    held = await within.own_return(tx, order_id, return_id)
    order = await orders.get_one(tx, order_id)
    amount = forms.amount_of(form.amount, order.currency, "amount") if form.amount else 0
    lines = (await returns.lines(tx, [held])).get(return_id, [])
    shown = await within.take_in(tx, settings, order_id, files)
    opened = await disputes.open_dispute(tx, disputes.OpenDispute(
        subject="return", subject_id=return_id, issue=form.issue, side=talks.Side.BUYER, text=form.text, evidence=shown,
        lines=tuple(disputes.Wish(line.line_no, line.quantity, form.outcome, amount) for line in lines),
    ))  # fmt: skip
    return Done(
        text=Text("The platform looks at it.", "平台已介入。"), to=pages.of(order_id, "dispute", "disputes", opened.id)
    )


@itself("POST", HERE + "/replacement", permission="return.read")
async def replacement(ask: Ask, order_id: int, return_id: int | None) -> Response[None]:
    """The order that goes out instead: who may see the one may see the other."""
    async with ask.db.reading(ask.actor) as tx:
        held = await within.own_return(tx, order_id, return_id)
        found = (await exchanges.of_returns(tx, [held.id])).get(held.id)
    if found is None or found.sent_order_id is None:
        raise returns.ReturnUnknown
    secret = await do(ask.db, SYSTEM, access.guest_secret, found.sent_order_id)
    path = who.guest_path(found.sent_order_id)
    answer: Response[None] = Response(None, status_code=303, headers={"Location": path, "Cache-Control": "no-store"})
    answer.set_cookie(who.cookie(ask.request, who.GUEST, secret, path=path, seconds=who.GUEST_SECONDS))
    return answer


ROUTES = [
    say, answer, take, decline, escalate, counter, offer, place, withdraw, appeal, choose, money, instead, dispute,
    replacement,
]  # fmt: skip
