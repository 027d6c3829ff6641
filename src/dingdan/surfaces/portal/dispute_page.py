"""A dispute: whose turn it is to show what, what was ruled and why, and how to accept it or not."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import access, disputes, talks
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing import deadlines
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages, return_forms, within
from dingdan.surfaces.portal.pages import Card
from dingdan.surfaces.portal.return_page import TURNS, WHO, Said
from dingdan.surfaces.shared.pages import vocabulary
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form, Upload
from dingdan.surfaces.shared.pages.screens import Act, Done, Facts, Link, Own, Part, Reason, Reasons, Section

OUTCOMES = {
    "refund": Text("money back, and kept", "仅退款"), "reduce": Text("a part of the money", "部分退款"),
    "return_refund": Text("sent back for the money", "退货退款"), "replace": Text("the same again", "补发或换货"),
    "reject": Text("nothing", "不支持"),
}  # fmt: skip
FAULTS = {
    "buyer": Text("You", "买家"), "seller": Text("The seller", "商家"), "carrier": Text("The carrier", "承运商"),
    "platform": Text("The platform", "平台"), "nobody": Text("Nobody", "无责任方"),
}  # fmt: skip


class PleaForm(Form, frozen=True, kw_only=True):
    """What speaks for one's side."""

    text: Annotated[str, Meta(min_length=1, max_length=disputes.LONGEST)]


@screen("/my/{order_id}/disputes/{dispute_id}", permission="dispute.read")
async def show(tx: Tx, order_id: int, dispute_id: int, guest: access.Guest) -> Own:
    """One dispute for its buyer."""
    one = await within.own_dispute(tx, order_id, dispute_id)
    proofs = await disputes.proofs(tx, one)
    clocks = await deadlines.of_subjects(tx, [dispute_id])
    due = min((each.at for each in clocks if each.at), default=None)
    mine = next((p for p in proofs if p.n == one.turn and p.turn.side is talks.Side.BUYER), None)
    is_mine = one.state == "showing" and mine is not None and one.still_until is None
    back = (
        Link(pages.of(order_id, "return", "returns", one.subject_id), Text("Return", "售后"))
        if one.subject == "return" else pages.to_order(order_id)
    )  # fmt: skip
    return pages.page(
        Text("The platform decides", "平台介入"), guest, number=ids.spoken(dispute_id), back=back,
        card=_card(one, due, mine if is_mine else None), acts=_acts(one, pages.of(order_id, "dispute", "disputes", dispute_id), is_mine=is_mine),
        main=[
            Facts(Text("What is claimed", "诉求"), await _lines(tx, order_id, one.claim, one.currency)),
            Reasons(Text("What is to be shown", "举证要求"), [
                Reason("good" if p.standing == "shown" else "plain", Text(
                    f"{WHO[str(p.turn.side)].en}: {p.turn.what.en}", f"{WHO[str(p.turn.side)].zh}：{p.turn.what.zh}"), p.turn.source)
                for p in proofs
            ]),
            *await _rulings(tx, order_id, one),
            Part(Text("What was said and shown", "双方举证"), "thread.html", {"thread": [
                Said(WHO[str(e.side)], e.at, told.text, TURNS[str(e.side)])
                for told in await disputes.entries(tx, one) if isinstance(e := told.thing, disputes.DisputeEntry)
            ]}),
        ],
    )  # fmt: skip


@act("/my/{order_id}/disputes/{dispute_id}/show", permission="dispute.argue", screen=show)
async def prove(
    tx: Tx, order_id: int, dispute_id: int, *, form: PleaForm, files: list[Upload], settings: Settings
) -> Done:
    """Show what speaks for the buyer, in their turn."""
    await within.own_dispute(tx, order_id, dispute_id)
    shown = await within.take_in(tx, settings, order_id, files)
    await disputes.show(tx, dispute_id, side=talks.Side.BUYER, text=form.text, files=shown)
    return _done(order_id, dispute_id, Text("Taken in.", "已提交。"))


@act("/my/{order_id}/disputes/{dispute_id}/accept", permission="dispute.argue", screen=show)
async def accept(tx: Tx, order_id: int, dispute_id: int) -> Done:
    """Accept the ruling."""
    await within.own_dispute(tx, order_id, dispute_id)
    await disputes.accept(tx, dispute_id, side=talks.Side.BUYER)
    return _done(order_id, dispute_id, Text("Accepted.", "已接受裁决。"))


@act("/my/{order_id}/disputes/{dispute_id}/appeal", permission="dispute.argue", screen=show)
async def appeal(
    tx: Tx, order_id: int, dispute_id: int, *, form: PleaForm, files: list[Upload], settings: Settings
) -> Done:
    """Do not accept the ruling, once: another arbitrator rules."""
    await within.own_dispute(tx, order_id, dispute_id)
    shown = await within.take_in(tx, settings, order_id, files)
    await disputes.appeal(tx, dispute_id, side=talks.Side.BUYER, text=form.text, files=shown)
    return _done(order_id, dispute_id, Text("Another arbitrator rules.", "将由其他裁决员终裁。"))


@act("/my/{order_id}/disputes/{dispute_id}/withdraw", permission="dispute.argue", screen=show)
async def withdraw(tx: Tx, order_id: int, dispute_id: int) -> Done:
    """Take back what the buyer asked for."""
    await within.own_dispute(tx, order_id, dispute_id)
    await disputes.withdraw(tx, dispute_id, side=talks.Side.BUYER)
    return _done(order_id, dispute_id, Text("Withdrawn.", "已撤销。"))


def _done(order_id: int, dispute_id: int, text: Text) -> Done:
    return Done(text=text, to=pages.of(order_id, "dispute", "disputes", dispute_id))


def _card(one: disputes.Dispute, due: object, mine: object) -> Card:
    chip = vocabulary.chip("dispute", one.state)
    if one.still_until is not None:
        return Card(chip=chip, text=Text("It stands still.", "争议处理中止。"), until=one.still_until)
    words = {
        "showing": Text("It is your turn to show what speaks for you.", "请您举证。")
        if mine is not None
        else Text("The seller shows what speaks for them.", "等待商家举证。"),
        "deciding": Text("An arbitrator decides.", "裁决员正在裁决。"),
        "ruled": Text("It was ruled. Accept it, or appeal once.", "已裁决，您可接受或申诉一次。"),
        "appealed": Text("Another arbitrator rules, and that is final.", "由其他裁决员终裁。"),
        "final": Text("The ruling is final and is carried out.", "终局裁决，正在执行。"),
        "executed": Text("It was carried out.", "裁决已执行。"),
    }
    until = one.appeal_by if one.state == "ruled" else due
    return Card(chip=chip, text=words.get(str(one.state), chip.text), until=until)  # type: ignore[arg-type]


def _acts(one: disputes.Dispute, here: str, *, is_mine: bool) -> list[Act]:
    can, found = disputes.actions(one), list[Act]()
    if is_mine and "show" in can:
        found.append(
            Act(
                "show",
                Text("Show what speaks for me", "提交举证"),
                f"{here}/show",
                tone="first",
                fields=[return_forms.SAY, return_forms.FILES],
            )
        )
    if "accept" in can and "buyer" not in one.accepted:
        found.append(Act("accept", Text("Accept the ruling", "接受裁决"), f"{here}/accept", tone="first"))
    if "appeal" in can:
        found.append(
            Act("appeal", Text("Appeal", "申诉"), f"{here}/appeal", fields=[return_forms.SAY, return_forms.FILES])
        )
    if "withdraw" in can and one.side is talks.Side.BUYER:
        found.append(Act("withdraw", Text("Take it back", "撤销介入申请"), f"{here}/withdraw", tone="danger", warns=Text(
            "Once taken back it cannot be opened again about the same thing.", "撤销后不可就同一事项再次申请。")))  # fmt: skip
    return found


async def _lines(tx: Tx, order_id: int, lines: list[disputes.Wish], currency: str) -> list[tuple[Text, object]]:
    named = await pages.titles(tx, order_id)
    return [
        (named.get(one.line_no, Text(str(one.line_no), str(one.line_no))),
         [pages.units(one.quantity), OUTCOMES[str(one.outcome)], *([Money(one.amount, currency)] if one.amount else [])])
        for one in lines
    ]  # fmt: skip


async def _rulings(tx: Tx, order_id: int, one: disputes.Dispute) -> list[Section]:
    words = await disputes.rule_words(tx, one)
    found: list[Section] = []
    for told in await disputes.rulings(tx, one):
        ruling = told.thing
        if not isinstance(ruling, disputes.Ruling) or ruling.state != "given":
            continue
        found.append(Facts(Text("What was ruled", "裁决结果"), [
            *await _lines(tx, order_id, list(ruling.lines), one.currency),
            (Text("At fault", "责任方"), FAULTS[str(ruling.fault)]), (Text("Why", "理由"), told.text),
            *((Text("Rule", "依据"), words[i]) for i in ruling.rules if i in words),
            (Text("Ruled", "裁决时间"), ruling.ruled_at),
        ]))  # fmt: skip
    return found


ROUTES = [show, prove, accept, appeal, withdraw]
