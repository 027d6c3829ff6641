"""What can be done with a return at the desk: approve, offer, ask, refuse, write, and what is done for a buyer on the phone."""

from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import disputes, returns, talks
from dingdan.areas.talks import Side
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import waiting
from dingdan.surfaces.console.returns import return_around
from dingdan.surfaces.console.returns import return_words as words
from dingdan.surfaces.shared import rows
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form, Typed, amount_of
from dingdan.surfaces.shared.pages.screens import Done, Own
from dingdan.surfaces.shared.wire import Code, Input, Line, Prose, Word


class OfferForm(Form, frozen=True, kw_only=True):
    """What is offered instead."""

    kind: talks.OfferKind
    amount: Typed = ""
    text: Prose = ""


class AskForm(Form, frozen=True, kw_only=True):
    """What is missing."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    shots: Annotated[list[Code], Meta(max_length=10)] = msgspec.field(default_factory=list)


class NoForm(Form, frozen=True, kw_only=True):
    """Why not, by which rule, and what can be done instead."""

    reason: Word
    rule: Line
    alternatives: Annotated[list[Word], Meta(max_length=10)] = msgspec.field(default_factory=list)
    text: Prose = ""


class NoQuery(Input, frozen=True, kw_only=True):
    """What stands in the form of a refusal so far."""

    reason: Annotated[str, Meta(max_length=64)] = ""
    rule: Annotated[str, Meta(max_length=200)] = ""
    alternatives: Annotated[tuple[Word, ...], Meta(max_length=10)] = ()
    text: Prose = ""
    once: Annotated[str, Meta(max_length=64)] = ""


class WordsForm(Form, frozen=True, kw_only=True):
    """Something to say."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class TakeForm(Form, frozen=True, kw_only=True):
    """Taking what was offered; credit needs the buyer's consent to the words that are shown."""

    consents: bool = False


class ParcelForm(Form, frozen=True, kw_only=True):
    """The parcel that the buyer tells of."""

    carrier: Word
    tracking_number: Word
    postage: Typed = ""


class PlatformForm(Form, frozen=True, kw_only=True):
    """What the platform shall decide."""

    issue: disputes.Issue
    outcome: disputes.Outcome
    text: Annotated[str, Meta(min_length=1, max_length=2000)]


@act("/returns/{return_id}/approve", permission="return.decide")
async def approve(tx: Tx, return_id: int) -> Done:
    """Allow a return; the refund will be at the price paid."""
    await returns.approve(tx, return_id)
    return Done(text=Text("Approved", "已通过"))


@act("/returns/{return_id}/offer", permission="return.decide")
async def offer(tx: Tx, return_id: int, form: OfferForm) -> Done:
    """Offer the buyer something instead."""
    a = await return_around.around(tx, return_id)
    is_counted = form.amount and form.kind not in talks.WITHOUT_AMOUNT
    amount = amount_of(form.amount, a.currency, "amount") if is_counted else 0
    await talks.offer(tx, return_id, talks.Propose(form.kind, amount, form.text), side=Side.SELLER)
    return Done(text=Text("Offer sent to the buyer", "方案已发送买家"))


@act("/returns/{return_id}/ask", permission="return.decide")
async def ask(tx: Tx, return_id: int, form: AskForm) -> Done:
    """Ask the buyer for more, once; the clock stands still meanwhile."""
    await talks.ask(tx, return_id, shots=form.shots, text=form.text)
    return Done(text=Text("Asked; the clock stands still", "已询问买家，时限暂停"))


@act("/returns/{return_id}/refuse", permission="return.decide")
async def refuse(tx: Tx, return_id: int, form: NoForm) -> Done:
    """Refuse by a rule of the policy, with reasons, alternatives and the way to appeal."""
    await talks.refuse(
        tx, return_id, reason=form.reason, rule=form.rule, alternatives=form.alternatives, text=form.text
    )
    return Done(text=Text("Refused; the buyer is told why, and how to appeal", "已拒绝，已告知买家理由和申诉方式"))


@screen("/returns/{return_id}/refuse", permission="return.decide")
async def reads(tx: Tx, return_id: int, query: NoQuery) -> Own:
    """What the buyer will read if it is refused like this, in their language."""
    a = await return_around.around(tx, return_id)
    document, tongue = a.weighed.document, a.tongue
    known = document.rules.get(query.rule)

    def said(text: Text | None) -> str:
        return "" if text is None else text.zh if tongue == "zh" else text.en

    days = document.asking.appeal_days
    return Own(title=Text("What the buyer will read", "买家将看到的内容"), template="buyer_reads.html", data={
        "language": "zh-CN" if tongue == "zh" else "en", "number": naming.spoken(a.order.id),
        "heading": said(talks.LINES["return.refused"]), "why": said(words.full_reason(query.reason)) if query.reason else "",
        "rule": said(Text(known.en, known.zh)) if known else "", "article": known.article if known else "",
        "instead_label": said(Text("What you can have instead", "您可以选择")),
        "instead": [said(words.INSTEAD[one]) for one in query.alternatives if one in words.INSTEAD], "text": query.text,
        "appeal": said(returns.APPEAL),
        "until": said(Text(f"You can appeal within {days} days.", f"您可在 {days} 天内提出申诉。")),
    })  # fmt: skip


@act("/returns/{return_id}/say", permission="return.decide")
async def say(tx: Tx, return_id: int, form: WordsForm) -> Done:
    """Write to the buyer about a return."""
    await talks.say(tx, return_id, side=Side.SELLER, text=form.text, wait=waiting.WAIT)
    return waiting.queued(Text("Written", "已写好"), f"{naming.place('return', return_id)}/unsay", stays=True)


@act("/returns/{return_id}/unsay", permission="return.decide")
async def unsay(tx: Tx, return_id: int) -> Done:
    """Take back what one wrote and what still waits."""
    await talks.unsay(tx, return_id)
    return Done(text=waiting.TAKEN_BACK, stays=True)


@act("/returns/{return_id}/answer", permission="return.apply")
async def answer(tx: Tx, return_id: int, form: WordsForm) -> Done:
    """Take down what the buyer answers, on the phone."""
    await talks.answer(tx, return_id, text=form.text)
    return Done(text=Text("Answer noted; the clock goes on", "已记录答复，时限继续"), stays=True)


@act("/returns/{return_id}/extend", permission="return.send")
async def extend(tx: Tx, return_id: int) -> Done:
    """Give the buyer more time to send the goods, once."""
    await returns.extend_sending(tx, return_id)
    return Done(text=Text("More time given", "已延长寄回时限"), stays=True)


@act("/returns/{return_id}/send", permission="return.send")
async def send(tx: Tx, return_id: int, form: ParcelForm) -> Done:
    """Note in which parcel the goods come back."""
    a = await return_around.around(tx, return_id)
    postage = amount_of(form.postage, a.currency, "postage") if form.postage else 0
    with rows.one_of_a_set():
        await returns.send(tx, [returns.Send((return_id,), form.carrier, form.tracking_number, postage)])
    return Done(text=Text("Parcel noted", "已登记退货包裹"), stays=True)


@act("/returns/{return_id}/withdraw", permission="return.apply")
async def withdraw(tx: Tx, return_id: int) -> Done:
    """The buyer keeps the goods after all."""
    await returns.withdraw(tx, return_id)
    return Done(text=Text("Withdrawn for the buyer", "已代买家撤销"))


@act("/returns/{return_id}/appeal", permission="return.apply")
async def appeal(tx: Tx, return_id: int) -> Done:
    """The buyer does not accept the refusal: somebody else decides."""
    await returns.appeal(tx, return_id)
    return Done(text=Text("Appeal noted; somebody else decides", "已登记申诉，由其他人员复核"))


@act("/returns/{return_id}/platform", permission="dispute.argue")
async def platform(tx: Tx, return_id: int, form: PlatformForm) -> Done:
    """Ask the platform to decide about all units of a return, for the side that one is on."""
    lines = (await returns.lines(tx, [await returns.get_one(tx, return_id)]))[return_id]
    side = return_around.own_side(tx)
    opened = await disputes.open_dispute(tx, disputes.OpenDispute(
        subject="return", subject_id=return_id, issue=form.issue, side=side, text=form.text,
        lines=tuple(disputes.Wish(n.line_no, n.quantity, form.outcome) for n in lines),
    ))  # fmt: skip
    return Done(text=Text("The platform was asked", "已申请平台介入"), to=naming.place("dispute", opened.id))


@act("/offers/{offer_id}/take_back", permission="return.decide")
async def take_back(tx: Tx, offer_id: int) -> Done:
    """Think again about what was offered, before it is answered."""
    await talks.take_back(tx, offer_id, side=Side.SELLER)
    return Done(text=Text("Offer taken back", "方案已撤回"))


@act("/offers/{offer_id}/accept", permission="return.decide")
async def accept(tx: Tx, offer_id: int) -> Done:
    """Take what the buyer proposes; it is paid in the same step."""
    await talks.take(tx, offer_id, side=Side.SELLER)
    return Done(text=Text("Agreed with the buyer", "已与买家达成一致"))


@act("/offers/{offer_id}/decline", permission="return.decide")
async def decline(tx: Tx, offer_id: int) -> Done:
    """Do not want what the buyer proposes; what was asked for is decided as before."""
    await talks.decline(tx, offer_id, side=Side.SELLER)
    return Done(text=Text("Declined", "已婉拒"))


@act("/offers/{offer_id}/take", permission="return.apply")
async def take(tx: Tx, offer_id: int, form: TakeForm) -> Done:
    """The buyer takes the offer, on the phone."""
    text = next(reversed(talks.CREDIT_TEXTS)) if form.consents else None
    await talks.take(tx, offer_id, side=Side.BUYER, consent_text=text)
    return Done(text=Text("Offer taken for the buyer", "已代买家接受方案"))


ROUTES = [
    approve, offer, ask, refuse, reads, say, unsay, answer, extend, send, withdraw, appeal, platform, take_back, accept, decline, take,
]  # fmt: skip
