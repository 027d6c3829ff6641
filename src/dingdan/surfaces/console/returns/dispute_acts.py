"""What can be done about a dispute: each side shows, accepts and appeals; arbitrators rule, sign, stop and carry out."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas import disputes, evidence, merchants, policies, returns
from dingdan.areas.talks import Side
from dingdan.kernel import ids
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.files import Files
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.returns import dispute_words as words
from dingdan.surfaces.console.returns.dispute_around import Around
from dingdan.surfaces.console.returns.return_around import own_side, tongue_of_buyer
from dingdan.surfaces.shared import evidence_files
from dingdan.surfaces.shared.pages import formatting, naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form, Typed, Upload, amount_of
from dingdan.surfaces.shared.pages.screens import Act, Done, Field, Own
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code, Id, Input, Line

Words = Annotated[str, Meta(min_length=1, max_length=disputes.LONGEST)]
Outcomes = Annotated[tuple[disputes.Outcome, ...], Meta(max_length=disputes.MOST_LINES)]
# Numbers as they stand in the fields of a row.
Numbers = Annotated[
    tuple[Annotated[str, Meta(max_length=9, pattern=r"^[0-9]+$")], ...], Meta(max_length=disputes.MOST_LINES)
]
Amounts = Annotated[tuple[Typed, ...], Meta(max_length=disputes.MOST_LINES)]


class PleaForm(Form, frozen=True, kw_only=True):
    """What a side says, what it brings now, and what of the order's evidence it points at."""

    text: Words
    evidence: Annotated[list[Id], Meta(max_length=disputes.MOST_FILES)] = msgspec.field(default_factory=list)


class PapersForm(Form, frozen=True, kw_only=True):
    """Files of the order that show who took the matter."""

    evidence: Annotated[list[Id], Meta(max_length=disputes.MOST_FILES)] = msgspec.field(default_factory=list)


class RulingForm(Form, frozen=True, kw_only=True):
    """What becomes of which units, line by line, whose fault it was, who bears the way back, by which rules, and why."""

    line_nos: Numbers
    quantities: Numbers
    outcomes: Outcomes
    amounts: Amounts
    fault: disputes.AtFault
    freight: Side
    rules: Annotated[list[Code], Meta(min_length=1, max_length=disputes.MOST_RULES)]
    reason: Annotated[str, Meta(min_length=10, max_length=disputes.LONGEST)]


class RulingQuery(Input, frozen=True, kw_only=True):
    """What stands in the form of a ruling so far."""

    line_nos: Numbers = ()
    quantities: Numbers = ()
    outcomes: Outcomes = ()
    amounts: Amounts = ()
    fault: disputes.AtFault = disputes.AtFault.SELLER
    freight: Side = Side.SELLER
    rules: Annotated[tuple[Code, ...], Meta(max_length=100)] = ()
    reason: Annotated[str, Meta(max_length=disputes.LONGEST)] = ""
    once: Annotated[str, Meta(max_length=64)] = ""


class StopForm(Form, frozen=True, kw_only=True):
    """What a dispute stands still for."""

    reason: disputes.StillFor
    number: Line | None = None


class GoOnForm(Form, frozen=True, kw_only=True):
    """What came of it."""

    outcome: Literal["decided", "agreed", "came_to_nothing"]


class InsteadForm(Form, frozen=True, kw_only=True):
    """Whether what cannot be sent is paid."""

    pay_instead: bool = False


@act("/disputes/{dispute_id}/show", permission="dispute.argue")
async def show(tx: Tx, dispute_id: int, form: PleaForm, files: list[Upload], settings: Settings) -> Done:
    """Show what speaks for one's side, in one's turn."""
    shown = await _shown(tx, dispute_id, form.evidence, files, Files(settings.data_dir))
    await disputes.show(tx, dispute_id, side=own_side(tx), text=form.text, files=shown)
    return Done(text=Text("Shown; the other side sees it", "已举证，对方可见"))


@act("/disputes/{dispute_id}/appeal", permission="dispute.argue")
async def appeal(tx: Tx, dispute_id: int, form: PleaForm, files: list[Upload], settings: Settings) -> Done:
    """Do not accept the ruling; another arbitrator rules, and that is final."""
    shown = await _shown(tx, dispute_id, form.evidence, files, Files(settings.data_dir))
    await disputes.appeal(tx, dispute_id, side=own_side(tx), text=form.text, files=shown)
    return Done(text=Text("Appealed; another arbitrator rules", "已申诉，由其他仲裁人员裁决"))


@act("/disputes/{dispute_id}/accept", permission="dispute.argue")
async def accept(tx: Tx, dispute_id: int) -> Done:
    """Accept the ruling for one's side."""
    await disputes.accept(tx, dispute_id, side=own_side(tx))
    return Done(text=Text("Ruling accepted", "已接受裁决"))


@act("/disputes/{dispute_id}/withdraw", permission="dispute.argue")
async def withdraw(tx: Tx, dispute_id: int) -> Done:
    """Take back a dispute that one's side opened."""
    await disputes.withdraw(tx, dispute_id, side=own_side(tx))
    return Done(text=Text("Dispute withdrawn", "纠纷已撤销"))


@act("/disputes/{dispute_id}/comply", permission="dispute.argue")
async def comply(tx: Tx, dispute_id: int) -> Done:
    """The seller carries out what was ruled."""
    if own_side(tx) is not Side.SELLER:
        raise disputes.NotYoursToDo
    await disputes.comply(tx, dispute_id)
    return Done(text=Text("Carried out", "已执行"))


@act("/disputes/{dispute_id}/elsewhere", permission="dispute.argue")
async def elsewhere(tx: Tx, dispute_id: int, form: PapersForm, files: list[Upload], settings: Settings) -> Done:
    """Show that the police or a court took the matter."""
    shown = await _shown(tx, dispute_id, form.evidence, files, Files(settings.data_dir))
    await disputes.show_elsewhere(tx, dispute_id, side=own_side(tx), files=shown)
    return Done(text=Text("Shown; it stands still for as long as that takes", "已提交，处理期间中止"))


@act("/disputes/{dispute_id}/rule", permission="dispute.rule")
async def rule(tx: Tx, dispute_id: int, form: RulingForm) -> Done:
    """Rule; above the limit of one arbitrator it waits for a second one."""
    one = await disputes.get_one(tx, dispute_id)
    if form.reason in words.RULING_TEMPLATE.values():
        raise Malformed("reason", what="the words to begin with still have their gaps", what_zh="模板尚未填写")
    made = await disputes.rule(tx, dispute_id, disputes.Rule(
        lines=_wishes(form, one.currency), fault=form.fault, freight=form.freight, rules=tuple(form.rules), text=form.reason,
    ))  # fmt: skip
    if made.state is disputes.RulingState.PROPOSED:
        return Done(text=Text("Proposed; a second arbitrator signs", "已提交，待第二名仲裁人员签署"))
    return Done(text=Text("Ruled; both sides are told", "已裁决，已通知双方"))


@screen("/disputes/{dispute_id}/rule", permission="dispute.rule")
async def worth(tx: Tx, dispute_id: int, query: RulingQuery) -> Own:
    """What a ruling like this would cost, who pays it, and whether a second one must sign."""
    one = await disputes.get_one(tx, dispute_id)
    weighed = await disputes.weigh(tx, dispute_id, _wishes(query, one.currency), query.fault)
    return Own(title=Text("What it comes to", "裁决金额预览"), template="ruling_worth.html", data={
        "worth": Money(weighed.worth, one.currency), "needs_second": weighed.needs_second,
        "fault": words.FAULTS[query.fault], "freight": words.BEARS[query.freight], "executor": words.EXECUTORS[weighed.executor],
    })  # fmt: skip


@act("/rulings/{ruling_id}/sign", permission="dispute.rule")
async def sign(tx: Tx, ruling_id: int) -> Done:
    """Agree with what another arbitrator proposed: it holds."""
    await disputes.sign(tx, ruling_id)
    return Done(text=Text("Signed; both sides are told", "已签署，已通知双方"))


@act("/rulings/{ruling_id}/refuse", permission="dispute.rule")
async def refuse(tx: Tx, ruling_id: int) -> Done:
    """Do not agree: somebody else rules anew."""
    await disputes.refuse(tx, ruling_id)
    return Done(text=Text("Not signed; it is ruled anew", "未签署，将重新裁决"))


@act("/disputes/{dispute_id}/execute", permission="dispute.rule")
async def execute(tx: Tx, dispute_id: int, form: InsteadForm) -> Done:
    """Carry out a final ruling that could not be carried out by itself."""
    await disputes.execute(tx, dispute_id, is_paid=form.pay_instead)
    return Done(text=Text("Carried out", "已执行"))


@act("/disputes/{dispute_id}/suspend", permission="dispute.rule")
async def suspend(tx: Tx, dispute_id: int, form: StopForm) -> Done:
    """Let a dispute stand still: every clock stops."""
    await disputes.suspend(tx, dispute_id, reason=form.reason, number=form.number)
    return Done(text=Text("It stands still", "已中止"))


@act("/disputes/{dispute_id}/resume", permission="dispute.rule")
async def resume(tx: Tx, dispute_id: int, form: GoOnForm) -> Done:
    """Let a dispute go on."""
    await disputes.resume(tx, dispute_id, outcome=form.outcome)
    return Done(text=Text("It goes on", "已恢复"))


async def _shown(tx: Tx, dispute_id: int, named: Sequence[str], files: Sequence[Upload], folder: Files) -> list[int]:
    """The evidence that was pointed at, and what is brought with the form. Raises what evidence refuses."""
    numbers = [ids.decode("evidence", text) for text in named]
    if None in numbers:
        raise evidence.EvidenceUnknown(f"evidence[{numbers.index(None)}]")
    order_id = (await disputes.get_one(tx, dispute_id)).order_id
    for n, one in enumerate(files):
        kept = await evidence_files.bring(
            tx, folder, order_id, one.content, given=one.media_type, shot="other", path=f"files[{n}]"
        )
        numbers.append(kept.id)
    return [number for number in dict.fromkeys(numbers) if number is not None]


def _wishes(form: RulingForm | RulingQuery, currency: str) -> tuple[disputes.Wish, ...]:
    """The lines of a form. Raises Malformed where a row lacks one of its fields."""
    sizes = {len(form.line_nos), len(form.quantities), len(form.outcomes), len(form.amounts)}
    if len(sizes) != 1:
        raise Malformed(
            "quantities",
            what="every line needs a quantity, an outcome and an amount",
            what_zh="每行须填写数量、处理方式和金额",
        )
    return tuple(
        disputes.Wish(int(line_no), int(units), outcome, amount_of(amount, currency, f"amounts[{n}]"))
        for n, (line_no, units, outcome, amount) in enumerate(
            zip(form.line_nos, form.quantities, form.outcomes, form.amounts, strict=True))
    )  # fmt: skip


async def possible(tx: Tx, a: Around) -> list[Act]:
    """What this person can do about a dispute now."""
    can, here = set(disputes.actions(a.dispute)), naming.place("dispute", a.dispute.id)
    found: list[Act] = []
    if tx.actor.may("dispute.argue"):
        found += await _arguing(tx, a, can, here)
    if tx.actor.may("dispute.rule") and tx.actor.merchant_id is None and tx.actor.kind is ActorKind.STAFF:
        found += await _ruling(tx, a, can, here)
    return found


async def _arguing(tx: Tx, a: Around, can: set[str], here: str) -> list[Act]:
    side, found = own_side(tx), list[Act]()
    known = [
        (naming.ref("evidence", one.id), Text(f"{one.shot}, {formatting.short(one.at, 'en', tx.now)}", f"{one.shot} · {formatting.short(one.at, 'zh', tx.now)}"))
        for one in await evidence.of_orders(tx, [a.order.id])
    ] if tx.actor.may("evidence.read") else []  # fmt: skip
    files = [Field("files", Text("Pictures or a film", "照片或视频"), "files", is_needed=False)]
    if known:
        files.append(
            Field(
                "evidence",
                Text("Or what lies with the order already", "或选用订单已有凭证"),
                "choices",
                options=known,
                is_needed=False,
            )
        )
    plea = [Field("text", Text("What you say", "说明"), "prose"), *files]
    if "show" in can:
        due = next((proof.turn for proof in a.proofs if proof.standing == "due"), None)
        is_mine = due is not None and due.side is side
        label = due.what if due is not None else None
        found.append(Act("show", Text("Show proof", "举证"), f"{here}/show", "E", plea, tone="first", warns=label if is_mine else None,
                         why_not=None if is_mine else Text("It is the other side's turn.", "当前由对方举证。")))  # fmt: skip
    if "accept" in can and str(side) not in a.dispute.accepted:
        found += [
            Act("accept", Text("Accept the ruling", "接受裁决"), f"{here}/accept", "A", tone="first", warns=Text(
                "When both sides accept it is carried out at once; then nobody appeals.", "双方均接受后立即执行，且不可再申诉。")),
            Act("appeal", Text("Appeal", "申诉"), f"{here}/appeal", "R", plea, warns=Text(
                "Once. Another arbitrator rules, and that is final.", "仅限一次，由其他仲裁人员作出终局裁决。")),
        ]  # fmt: skip
    if "comply" in can and side is Side.SELLER:
        found.append(Act("comply", Text("Carry it out", "执行裁决"), f"{here}/comply", "A", tone="first", warns=Text(
            "Money goes back, or goods go out, at once.", "将立即退款或发货。")))  # fmt: skip
    if "show_elsewhere" in can:
        found.append(Act("elsewhere", Text("Show who took it", "提交受理凭证"), f"{here}/elsewhere", fields=files))
    if "withdraw" in can and side is a.dispute.side:
        found.append(Act("withdraw", Text("Withdraw", "撤销纠纷"), f"{here}/withdraw", tone="danger", warns=Text(
            "The platform will not decide; it can be asked again in its time.", "平台将不再裁决，期限内可再次申请。")))  # fmt: skip
    return found


async def _ruling(tx: Tx, a: Around, can: set[str], here: str) -> list[Act]:
    found = list[Act]()
    rulings = [told.thing for told in a.rulings if isinstance(told.thing, disputes.Ruling)]
    proposed = next((one for one in rulings if one.state is disputes.RulingState.PROPOSED), None)
    if proposed is not None:
        mine = (proposed.ruled_by_kind, proposed.ruled_by) == (str(tx.actor.kind), tx.actor.id)
        place = f"/rulings/{naming.ref('ruling', proposed.id)}"
        why_not = Text("You proposed it; somebody else signs.", "您提交了该裁决，须由他人签署。") if mine else None
        found += [
            Act("sign", Text("Sign the ruling", "签署裁决"), f"{place}/sign", "A", tone="first", why_not=why_not),
            Act("refuse", Text("Do not sign", "不予签署"), f"{place}/refuse", "R", tone="danger", why_not=why_not),
        ]  # fmt: skip
    elif "rule" in can:
        ruled = (str(tx.actor.kind), tx.actor.id) in {(one.ruled_by_kind, one.ruled_by) for one in rulings}
        why_not = (
            Text("You ruled before; somebody else decides now.", "您已作出过裁决，须由他人终裁。") if ruled else None
        )
        found.append(msgspec.structs.replace(await _rule(tx, a, here), why_not=why_not))
    if "execute" in can:
        found.append(Act("execute", Text("Carry it out for the seller", "代为执行"), f"{here}/execute", fields=[
            Field("pay_instead", Text("Pay what cannot be sent", "无法补发的改为退款"), "check", is_needed=False, hint=Text(
                "Said by another arbitrator than who ruled.", "须由裁决人以外的仲裁人员确认。"))]))  # fmt: skip
    if "suspend" in can:
        found.append(Act("suspend", Text("Let it stand still", "中止"), f"{here}/suspend", fields=[
            Field("reason", Text("Why", "原因"), "choice", options=tuple(words.STILL.items())),
            Field("number", Text("Its number there", "受理编号"), is_needed=False)]))  # fmt: skip
    if "resume" in can:
        ends = [(key, words.ENDS[key]) for key in ("decided", "agreed", "came_to_nothing")]
        found.append(Act("resume", Text("Let it go on", "恢复处理"), f"{here}/resume", "A", [
            Field("outcome", Text("What came of it", "结果"), "choice", options=ends)]))  # fmt: skip
    return found


async def _rule(tx: Tx, a: Around, here: str) -> Act:
    document = (await policies.by_ids(tx, [a.order.policy_id]))[a.order.policy_id].document
    owner = (await merchants.by_ids(tx, [a.order.merchant_id]))[a.order.merchant_id]
    tongue = await tongue_of_buyer(tx, a.order, owner)
    rows = [field for wish in a.dispute.claim for field in _line_fields(a, wish)]
    cited = [code for held in await returns.of_orders(tx, [a.order.id]) for code in held.rules]
    usual = [
        document.no_reason.window.rule,
        document.quality.window.rule,
        document.quality.freight.rule,
        document.no_reason.freight.rule,
    ]
    grounds = list(disputes.RULES.items())
    grounds += [
        (code, Text(f"{one.article}: {one.en[:90]}", f"{one.article}：{one.zh[:46]}"))
        for code in dict.fromkeys([*cited, *usual]) if (one := document.rules.get(code)) is not None
    ]  # fmt: skip
    return Act("rule", Text("Rule", "裁决"), f"{here}/rule", "A", [
        *rows,
        Field("fault", Text("Whose fault", "责任方"), "choice", options=tuple(words.FAULTS.items()), value="seller"),
        Field("freight", Text("Who bears the way back", "退货运费承担方"), "choice", options=tuple(words.BEARS.items()), value="seller"),
        Field("preview", Text("What it comes to", "金额预览"), "preview", value=f"{here}/rule"),
        Field("reason", Text("Reason, as both sides will read it", "理由（双方可见）"), "prose", value=words.RULING_TEMPLATE[tongue], longest=disputes.LONGEST),
        Field("rules", Text("Rules it rests on", "依据"), "choices", options=grounds),
    ], tone="first")  # fmt: skip


def _line_fields(a: Around, wish: disputes.Wish) -> list[Field]:
    mark, title = f"-{wish.line_no}", naming.in_tongues(a.sold[wish.line_no].title)
    return [
        Field("line_nos", title, "hidden", value=wish.line_no, mark=mark),
        Field("outcomes", Text(f"{title.en}: what becomes of it", f"{title.zh}：处理方式"), "choice", mark=mark,
              options=tuple(words.OUTCOMES.items()), value=str(wish.outcome)),
        Field("quantities", Text("Units", "数量"), "number", value=wish.quantity, mark=mark),
        Field("amounts", Text("Taken off, only where it is kept for less", "折价金额（仅保留商品时）"), "money", mark=mark,
              value=formatting.typed(wish.amount, a.dispute.currency), currency=a.dispute.currency),
    ]  # fmt: skip


ROUTES = [
    show, appeal, accept, withdraw, comply, elsewhere, rule, worth, sign, refuse, execute, suspend, resume,
]  # fmt: skip
