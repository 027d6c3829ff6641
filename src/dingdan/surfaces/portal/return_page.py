"""How a return stands: whose turn it is, until when, how much; the way there, offers, what was found, and what can be done."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas import (
    access,
    inspection,
    policies,
    returns,
)
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import order_page, return_thread
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import exchange_parts, order_forms, pages, return_forms, sending_forms, within
from dingdan.surfaces.portal.pages import Card
from dingdan.surfaces.portal.return_around import Around, load
from dingdan.surfaces.shared.pages import vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import (
    Facts,
    Link,
    Own,
    Part,
    Picture,
    Pictures,
    Reason,
    Reasons,
    Section,
    Sums,
    Turn,
)
from dingdan.surfaces.shared.wire import ref

WHO = {"buyer": Text("You", "您"), "seller": Text("Seller", "商家"), "system": Text("System", "系统")}
TURNS: dict[str, Turn] = {"buyer": "customer", "seller": "us", "system": "system"}
RESOLUTIONS = {
    "refund": Text("Money back", "退货退款"), "refund_only": Text("Money without sending back", "仅退款"),
    "keep": Text("Keep it for less", "部分退款"), "price_protection": Text("Price difference", "价保"),
    "exchange": Text("Exchange", "换货"), "repair": Text("Repair", "维修"), "store_credit": Text("Shop credit", "店铺余额"),
}  # fmt: skip


class Said(msgspec.Struct, frozen=True):
    """Something that a side wrote, in its own words, or a line of the system in both languages."""

    who: Text
    at: datetime
    text: Text | str
    turn: Turn


@screen("/my/{order_id}/returns/{return_id}", permission="return.read")
async def show(tx: Tx, order_id: int, return_id: int, guest: access.Guest) -> Own:
    """One return for its buyer."""
    held = await within.own_return(tx, order_id, return_id)
    around = await load(tx, held)
    going = await sending_forms.load(tx, around)
    named = await pages.titles(tx, order_id)
    thread = [said(one) for one in await return_thread.of_return(tx, return_id)]
    return pages.page(
        Text("Your return", "您的售后"), guest, number=ids.spoken(return_id), back=pages.to_order(order_id), card=card(around),
        acts=await return_forms.first(tx, around, going), more=await return_forms.more(tx, around),
        main=[
            Part(Text("How it goes", "进度"), "stepper.html", {"steps": _steps(around)}),
            Facts(Text("What it is about", "售后商品"), [
                (named.get(line.line_no, Text(str(line.line_no), str(line.line_no))), _units(line, around.document))
                for line in around.lines
            ], note=RESOLUTIONS.get(str(held.resolution))),
            *_refused(around), *await exchange_parts.sections(tx, around), *sending_forms.sections(around, going), *await _amounts(tx, around, named), *await _found(tx, around),
            *_shown(order_id, held), Part(Text("What was said", "沟通记录"), "thread.html", {"thread": thread}),
        ],
        links=[
            *(Link(pages.of(order_id, "dispute", "disputes", one.id), Text("Decision of the platform", "平台介入处理")) for one in around.disputed),
            Link(pages.here(order_id, "help"), Text("Help", "帮助")),
        ],
    )  # fmt: skip


def card(around: Around) -> Card:
    """Whose turn it is, until when, and how much."""
    held = around.held
    amount = around.amount
    back = Text("You get back", "退款金额")
    offer = around.offer
    if offer is not None:
        words = Text(
            "The seller offers you something. Take it, refuse it, or say what you want instead.",
            "商家提出了方案，您可接受、拒绝或提出您的要求。",
        )
        return Card(chip=vocabulary.chip("offer", "open"), text=words, until=offer.expires_at, until_words=Text("Holds until", "有效期至"),
                    amount=Money(offer.amount, offer.currency) if offer.amount else amount, amount_words=Text("Offer", "方案金额"))  # fmt: skip
    proposal = around.proposal
    if proposal is not None:
        return Card(
            chip=vocabulary.chip("return_decision", "requested"), text=Text("The seller has your proposal.", "您的方案已发给商家，等待答复。"),
            until=proposal.expires_at, until_words=Text("Holds until", "有效期至"),
            amount=Money(proposal.amount, proposal.currency), amount_words=Text("Your proposal", "您的方案金额"),
        )  # fmt: skip
    if around.question is not None and around.question.state == "asked":
        return Card(chip=vocabulary.chip("question", "asked"), text=Text("We need more from you. Our clock stands still until then.", "请补充凭证或说明，在此期间审核时限暂停。"),
                    until=around.question.answer_by, until_words=Text("Answer by", "请于此前补充"))  # fmt: skip
    if held.decision == "requested":
        return Card(chip=vocabulary.chip("return_decision", "requested"), text=Text("We look at it.", "商家正在审核。"), until=around.due("return.review"),
                    until_words=Text("Answer by", "最晚答复"), amount=amount, amount_words=back)  # fmt: skip
    if held.decision == "refused":
        until = _appeal_until(around)
        text = Text(
            "It was refused; the rule stands below. You can appeal once, and ask the platform.",
            "申请被拒绝，依据见下方。您可申诉一次，也可申请平台介入。",
        )
        return Card(
            chip=vocabulary.chip("return_decision", "refused"),
            text=text,
            until=until,
            until_words=Text("Appeal until", "可申诉至"),
        )
    if held.decision == "withdrawn":
        return Card(
            chip=vocabulary.chip("return_decision", "withdrawn"),
            text=Text("You withdrew it. You can apply again.", "您已撤销申请，可重新申请。"),
        )
    if held.outcome == "settled" or (around.refund is not None and around.refund.state == "settled"):
        text = Text("Done. Banks show money that came back within a few days.", "已完成。银行到账可能需要几天。")
        return Card(chip=vocabulary.chip("return_outcome", "settled"), text=text, amount=amount, amount_words=back)
    if held.journey == "at_buyer" and held.resolution not in returns.WITHOUT_GOODS:
        return Card(chip=vocabulary.chip("return_journey", "at_buyer"), text=Text("Send it back. Where to stands below.", "请寄回商品，地址见下方。"),
                    until=held.send_by, until_words=Text("Send it by", "最晚寄出"), amount=amount, amount_words=back)  # fmt: skip
    return _card_later(around, amount, back)


def _card_later(around: Around, amount: Money | None, back: Text) -> Card:
    held = around.held
    if held.journey in ("lapsed", "lost"):
        text = Text("The time to send it is over.", "寄回期限已过。") if held.journey == "lapsed" else Text(
            "It was lost on its way back. Who bears that is decided by rule, and you are told.", "商品在退回途中丢失，责任将按规则认定并通知您。")  # fmt: skip
        return Card(chip=vocabulary.chip("return_journey", held.journey), text=text, amount=amount, amount_words=back)
    if held.journey == "sent":
        return Card(
            chip=vocabulary.chip("return_journey", "sent"),
            text=Text("It is on its way back to us.", "商品正在退回途中。"),
            amount=amount,
            amount_words=back,
        )
    if held.outcome in ("failed", "partly"):
        return Card(chip=vocabulary.chip("return_outcome", held.outcome), text=Text("Not all of it could be accepted. What was found, and what you can choose, stands below.", "部分商品验收未通过，结果及您的选择见下方。"),
                    amount=amount, amount_words=back)  # fmt: skip
    if around.refund is not None:
        return Card(chip=vocabulary.chip("refund", around.refund.state), text=Text("Your money is on its way.", "退款正在处理。"), until=around.due("return.refund_by"),
                    until_words=Text("Arrives by", "最晚到账"), amount=amount, amount_words=back)  # fmt: skip
    return Card(
        chip=vocabulary.chip("return_journey", held.journey),
        text=Text("We look at what came.", "仓库正在验货。"),
        until=around.due(),
        until_words=Text("Done by", "最晚完成"),
    )


def _appeal_until(around: Around) -> datetime | None:
    held = around.held
    if held.appealed_at is not None or held.decided_at is None:
        return None
    return held.decided_at + timedelta(days=around.document.asking.appeal_days)


def _steps(around: Around) -> list[tuple[Text, str, str]]:
    held = around.held
    has_goods = held.resolution not in returns.WITHOUT_GOODS
    plan: list[tuple[Text, str, bool]] = [
        (Text("You asked for it", "提交申请"), "customer", True),
        (Text("We decide", "商家审核"), "us", held.decision in ("approved", "refused")),
    ]
    if has_goods and held.decision != "refused":
        plan += [
            (Text("You send it back", "您寄回商品"), "customer", held.journey in ("sent", "received")),
            (Text("It arrives", "商品到仓"), "carrier", held.journey == "received"),
            (Text("We look at it", "仓库验货"), "us", held.inspected_at is not None),
        ]
    if held.decision != "refused":
        plan.append(
            (
                _last(held),
                "system",
                held.settled_at is not None or (around.refund is not None and around.refund.state == "settled"),
            )
        )
    found, is_now_seen = list[tuple[Text, str, str]](), held.decision == "withdrawn"
    for words, turn, is_over in plan:
        stands = "done" if is_over else "later" if is_now_seen else "now"
        is_now_seen = is_now_seen or not is_over
        found.append((words, turn, stands))
    return found


def _last(held: returns.Return) -> Text:
    if held.resolution is returns.Resolution.EXCHANGE:
        return Text("The new one comes", "换发商品")
    if held.resolution is returns.Resolution.REPAIR:
        return Text("It comes back mended", "修好寄还")
    return Text("Your money arrives", "退款到账")


def _units(line: returns.ReturnLine, document: policies.PolicyDocument) -> list[Any]:
    known = document.reasons.get(line.reason)
    words = Text(known.en, known.zh) if known else Text(line.reason, line.reason)
    said: list[Any] = [pages.units(line.quantity), words]
    if line.accepted or line.rejected:
        said.append(
            Text(
                f"{line.accepted} accepted, {line.rejected} not",
                f"验收通过 {line.accepted} 件，未通过 {line.rejected} 件",
            )
        )
    return said


async def _amounts(tx: Tx, around: Around, named: Mapping[int, Text]) -> list[Section]:
    """What comes back as things stand, to the cent, and the way it goes."""
    quote = around.quote
    if quote is None:
        return []

    def amount(value: int) -> Money:
        return Money(value, quote.currency)

    rows: list[tuple[Text | str, Money, bool]] = []
    for part in quote.parts:
        what = pages.component(part.component)
        rows.append((named.get(part.line_no, what) if part.component == "goods" else what, amount(part.amount), False))
    ways = {
        one.id: order_forms.way_words(one.provider, one.method)
        for one in (await order_page.around(tx, quote.order_id)).payments
    }
    usual = Text("the way you paid", "原支付方式")
    for tender in quote.tenders:
        way = ways.get(tender.payment_id, usual)
        rows.append((Text(f"Back to: {way.en}", f"退回{way.zh}"), amount(tender.amount), True))
    return [Sums(Text("What comes back", "退款明细"), rows)]


def _refused(around: Around) -> list[Section]:
    held = around.held
    if held.decision != "refused":
        return []
    rule = held.rules[-1] if held.rules else ""
    words, found = around.document.rules.get(rule), list[Reason]()
    why = policies.DECISIONS.get(held.refusal_reason or "")
    if why is not None:
        found.append(Reason("bad", why))
    if words is not None:
        found.append(Reason("plain", Text(words.en, words.zh), words.article))
    found.append(Reason("plain", returns.APPEAL))
    return [Reasons(Text("Why it was refused", "拒绝原因"), found)]


async def _found(tx: Tx, around: Around) -> list[Section]:
    held = around.held
    findings = await returns.findings(tx, held.id)
    if not findings:
        return []
    taken = (await inspection.pictures_of(tx, [held.id]))[held.id]
    place = pages.of(held.order_id, "return", "returns", held.id)
    sections: list[Section] = [Reasons(Text("What we found", "验货结果"), [
        Reason("good" if one.is_accepted else "bad", Text(
            f"{one.quantity} units: {'accepted' if one.is_accepted else 'not accepted'}. {one.note}".strip(),
            f"{one.quantity} 件：{'通过' if one.is_accepted else '未通过'}。{one.note}".strip(),
        )) for one in findings
    ])]  # fmt: skip
    if taken:
        sections.append(Pictures(Text("Pictures of it", "验货照片"), [
            Picture(f"{place}/looked/{ref('inspection_picture', one.id)}", Text("What was found", "验货照片")) for one in taken
        ]))  # fmt: skip
    return sections


def _shown(order_id: int, held: returns.Return) -> list[Section]:
    if not held.evidence:
        return []
    return [Pictures(Text("What you showed", "您上传的凭证"), [
        Picture(f"{pages.here(order_id, 'evidence')}/{ref('evidence', one)}", Text("What you showed", "您上传的凭证")) for one in held.evidence
    ])]  # fmt: skip


def said(one: return_thread.Entry) -> Said:
    """An entry of the thread as pages draw it."""
    side = one.side if one.side in WHO else "system"
    return Said(WHO[side], one.at, one.line if one.line is not None else one.text, TURNS[side])


ROUTES = [show]
