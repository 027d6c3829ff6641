"""Signs of abuse: flags with every part explained, an account in numbers, the decision, and how often flags were wrong."""

from datetime import timedelta
from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import abuse, access, identity
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import abuse_figures, abuse_list, abuse_picture
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, words
from dingdan.surfaces.shared import packets, scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, itself, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Link,
    Listing,
    Reason,
    Reasons,
    Row,
    Say,
    Section,
    Sheet,
    Table,
    Talk,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Line

LIFTS = [
    ("explained", Text("The buyer explained it", "买家已说明")), ("coincidence", Text("A coincidence", "属巧合")),
    ("sellers_fault", Text("The seller's fault", "属商家责任")), ("other", Text("Something else", "其他")),
]  # fmt: skip
SUSPECTED = [("fraud", Text("Fraud", "欺诈")), ("extortion", Text("Extortion", "敲诈勒索"))]
LEVELS = [(str(n), Text(f"Level {n}", f"{n} 级")) for n in (1, 2, 3)]
_NUMBERS = {
    "returned": Text("came back", "退回"), "orders": Text("orders", "订单"), "others": Text("orders of others", "其他用户订单"),
    "others_returned": Text("of them came back", "其中退回"), "bought": Text("bought", "购买"), "back": Text("came back", "退回"),
    "like": Text("alike pictures", "相似图片"), "phone": Text("same phone", "相同电话"), "address": Text("same address", "相同地址"),
    "device": Text("same device", "相同设备"), "units": Text("units", "件数"), "times": Text("times", "次数"), "category": Text("kind of goods", "品类"),
}  # fmt: skip


class FlagsQuery(ListQuery, frozen=True, kw_only=True):
    """Which flags; without a state all that go on."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: abuse.FlagState | None = None
    level: Annotated[int, Meta(ge=1, le=3)] | None = None


class ConfirmForm(Form, frozen=True, kw_only=True):
    """How many parts of the flag were seen."""

    parts: Annotated[int, Meta(ge=0, le=1_000_000)]


class LiftForm(ConfirmForm, frozen=True, kw_only=True):
    """The same, and why none of them holds."""

    reason: CodeWord


class ToAuthorityForm(Form, frozen=True, kw_only=True):
    """What is suspected, and which authority gets it."""

    reason: abuse.HandoverReason
    authority: Line


@screen("/abuse", permission="abuse.read")
async def listed(tx: Tx, query: FlagsQuery) -> Listing:
    """Flags within reach, newest first, under how often they were wrong."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    wanted = abuse_list.Filter(merchant_id=merchant_id, state=query.state, level=query.level)
    found = await abuse_list.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    figures = await abuse_figures.figures(tx, merchant_id=merchant_id, since=tx.now - timedelta(days=180), until=tx.now)
    return listing(
        found, lambda one: _row(one, names), title=Text("Signs of abuse", "异常使用"), lead=_how_wrong(figures), live=["abuse_flag"],
        is_queue=True, columns=[
            Column("flag", Text("Flag", "核实记录")), Column("stands", Text("Stands", "状态")),
            Column("score", Text("Points", "分值"), is_number=True), Column("parts", Text("Parts", "信号数"), is_number=True),
            Column("opened", Text("Opened", "建立")), Column("ends", Text("Forgotten", "失效")),
        ],
        views=[View(Text("Go on", "进行中")), *(
            View(vocabulary.chip("abuse_flag", state).text, {"state": state}) for state in ("open", "asked", "appealed", "signed", "confirmed")
        )],
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)), Filter("level", Text("Level", "级别"), LEVELS),
            Filter("state", Text("State", "状态"), vocabulary.options("abuse_flag")),
        ],
        acts=[Act("figures", Text("How often wrong", "误判率"), "/abuse/figures", is_link=True)],
        empty=Empty(Text("No flags.", "没有核实记录。"), Text("Nobody is under suspicion; signs come here by themselves.", "当前没有需要核实的账号。")),
    )  # fmt: skip


def _row(one: abuse.Flag, names: dict[int | None, Text]) -> Row:
    return Row(naming.ref("abuse_flag", one.id), naming.place("abuse_flag", one.id), {
        "flag": Two(Code(ids.spoken(one.id)), names.get(one.merchant_id)), "score": one.score, "parts": one.parts,
        "stands": Two(vocabulary.chip("abuse_flag", one.state), Text(f"level {one.level}", f"{one.level} 级")), "opened": one.opened_at, "ends": one.expires_at,
    })  # fmt: skip


def _how_wrong(found: abuse_figures.Figures) -> Text:
    if found.rate is None:
        return Text("Nobody has decided a flag in 180 days.", "近 180 天无人工结论。")
    said, target = _mille(found.rate), _mille(found.target)
    return Text(
        f"Of {found.reviewed} flags decided in 180 days {said} were wrong; the target is under {target}.",
        f"近 180 天人工处理 {found.reviewed} 条，误判率 {said}，目标低于 {target}。",
    )


def _mille(value: int) -> str:
    return f"{value / 10:.1f}%"


@screen("/abuse/figures", permission="abuse.read")
async def figures(tx: Tx) -> Sheet:
    """How often flags were wrong in the last 180 days."""
    found = await abuse_figures.figures(
        tx, merchant_id=tx.actor.merchant_id, since=tx.now - timedelta(days=180), until=tx.now
    )
    verdicts = {
        "met": Chip(Text("Target met", "达标"), "done"), "missed": Chip(Text("Target missed", "未达标"), "blocked"),
        "too_few": Chip(Text("Too few to say", "样本不足"), "closed"),
    }  # fmt: skip
    rate = _mille(found.rate) if found.rate is not None else "–"
    return Sheet(
        title=Text("How often flags were wrong", "误判率"), kind=Text("Signs of abuse, 180 days", "异常使用 · 近 180 天"), chips=[verdicts[found.verdict]],
        main=[Facts(Text("Flags", "核实记录"), [
            (Text("Opened", "建立"), found.opened), (Text("Go on", "进行中"), found.living), (Text("Decided by people", "人工处理"), found.reviewed),
            (Text("Of these lifted", "其中解除"), found.overturned), (Text("Lifted because nobody looked", "超时未处理自动解除"), found.unanswered),
            (Text("Forgotten", "自动失效"), found.expired), (Text("Times that a measure acted", "措施生效次数"), found.measures),
        ])],
        side=[Facts(Text("Wrong", "误判"), [
            (Text("Rate", "误判率"), rate), (Text("Between", "95% 区间"), f"{_mille(found.low)} – {_mille(found.high)}"),
            (Text("Target", "目标"), f"< {_mille(found.target)}"),
        ], Text("Met or missed is said only where the whole span lies on one side.", "仅当区间完全在一侧时才判定。"))],
    )  # fmt: skip


@screen("/abuse/{abuse_flag_id}", permission="abuse.read")
async def show(tx: Tx, abuse_flag_id: int) -> Sheet:
    """One flag: each part with its points and reason, the account in numbers, and what it did."""
    flag = await abuse.get_one(tx, abuse_flag_id)
    signals = await abuse.signals_in(tx, flag)
    picture = await abuse_picture.collect(tx, [flag.buyer_id])
    seller = (await naming.merchant_names(tx, [flag.merchant_id]))[flag.merchant_id]
    people = await identity.staff_by_ids(tx, {one for one in (flag.signed_by, flag.decided_by) if one is not None})
    habits = [one for one in picture.habits if one.merchant_id == flag.merchant_id]
    return Sheet(
        title=Text("Sign of abuse", "异常使用"), kind=Text(f"Flag of one buyer of {seller.en}", f"{seller.zh}的一位买家"),
        number=ids.spoken(flag.id), key=naming.ref("abuse_flag", flag.id), full=naming.place("abuse_flag", flag.id),
        chips=[vocabulary.chip("abuse_flag", flag.state), Chip(Text(f"Level {flag.level}", f"{flag.level} 级"), "us")],
        lead=flag.opened_at, acts=_acts(tx, flag),
        main=[_parts(tx, signals), _account(habits), *await _said(tx, flag)],
        side=[_measures(tx, flag), _hands(flag, {number: one.name for number, one in people.items()}), *await _taken(tx, flag)],
        live=["abuse_flag"],
    )  # fmt: skip


@act("/abuse/{abuse_flag_id}/confirm", permission="abuse.decide")
async def confirm(tx: Tx, abuse_flag_id: int, form: ConfirmForm) -> Done:
    """Say that it holds; on the highest level a second person says so too."""
    flag = await abuse.confirm(tx, abuse_flag_id, parts=form.parts)
    if flag.state is abuse.FlagState.SIGNED:
        return Done(text=Text("Signed; a second person decides", "已签署，待第二人确认"))
    return Done(text=Text("Confirmed", "已确认"))


@act("/abuse/{abuse_flag_id}/lift", permission="abuse.decide")
async def lift(tx: Tx, abuse_flag_id: int, form: LiftForm) -> Done:
    """Say that it does not hold: nothing follows any more."""
    await abuse.lift(tx, abuse_flag_id, parts=form.parts, reason=form.reason)
    return Done(text=Text("Lifted", "已解除"))


@act("/abuse/{abuse_flag_id}/hand_over", permission="abuse.report", fresh=True)
async def hand_over(tx: Tx, abuse_flag_id: int, form: ToAuthorityForm) -> Done:
    """Hand the evidence behind it to an authority, on record."""
    await abuse.hand_over(tx, abuse_flag_id, reason=form.reason, authority=form.authority)
    return Done(text=Text("On record; the packet can be taken", "已登记，可下载证据包"), stays=True)


@itself("GET", "/abuse/handovers/{abuse_handover_id}", permission="abuse.report")
async def packet(ask: Ask, abuse_handover_id: int) -> Response[bytes]:
    """The packet for an authority: the flag with its parts, and the case files of its orders. Taking it is on record."""

    async def taken(tx: Tx) -> bytes:
        await scope.demand_reach(tx, "abuse_handover", abuse_handover_id)
        access.note_export(tx, "abuse.package", 1)
        return await packets.of_handover(tx, abuse_handover_id)

    return Response(await ask.write(taken), media_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="evidence-{ids.spoken(abuse_handover_id)}.zip"',
        "Cache-Control": "private, no-store",
    })  # fmt: skip


def _acts(tx: Tx, flag: abuse.Flag) -> list[Act]:
    here, can = naming.place("abuse_flag", flag.id), set(abuse.actions(flag, tx.now))
    parts = Field("parts", Text("Parts seen", "已查看信号数"), "hidden", value=flag.parts)
    over = Text("It is over.", "已结束。")
    first = (
        Text("Two people confirm the highest level.", "最高级别须两人确认。")
        if flag.level == 3
        else Text("It holds for its time.", "在有效期内生效。")
    )
    found = [
        ("abuse.decide", Act("confirm", Text("Sign second", "复核确认") if flag.state == "signed" else Text("Confirm", "确认"), f"{here}/confirm", "A", [parts],
                             "first", None if "confirm" in can else over, first)),
        ("abuse.decide", Act("lift", Text("Lift", "解除"), f"{here}/lift", "R", [
            parts, Field("reason", Text("Why", "原因"), "choice", options=LIFTS)], why_not=None if "lift" in can else over)),
    ]  # fmt: skip
    if "hand_over" in can:
        found.append(("abuse.report", Act("hand_over", Text("Hand to an authority", "移交主管机关"), f"{here}/hand_over", "", [
            Field("reason", Text("Suspected", "涉嫌"), "choice", options=SUSPECTED),
            Field("authority", Text("Which authority, and its file number", "主管机关及案号")),
        ], "danger", warns=Text("The evidence leaves the house; it is on record who gave it.", "证据将移交外部，经办人会被记录。"))))  # fmt: skip
    return [one for permission, one in found if tx.actor.may(permission)]


def _parts(tx: Tx, signals: list[abuse.Signal]) -> Section:
    rows = []
    for one in signals:
        counts = one.dismissed_at is None and one.expires_at > tx.now
        order = naming.link("order", one.order_id) if tx.actor.may("order.read") else None
        rows.append(Row(str(one.id), None, {
            "says": [abuse.KINDS[one.kind]], "found": _found(one.found), "points": one.points, "order": order,
            "at": one.happened_at, "until": one.expires_at if counts else Text("counts no more", "不再计入"),
        }))  # fmt: skip
    return Table(Text("What it is made from", "信号明细"), [
        Column("says", Text("Sign", "信号")), Column("found", Text("Reckoned from", "依据")), Column("points", Text("Points", "分值"), is_number=True),
        Column("order", Text("Order", "订单")), Column("at", Text("Happened", "发生")), Column("until", Text("Counts until", "计入至")),
    ], rows)  # fmt: skip


def _found(numbers: dict[str, Any]) -> Text | None:
    said = [
        (_NUMBERS.get(name, Text(name.replace("_", " "), name)), value)
        for name, value in numbers.items()
        if value not in (0, "", None)
    ]
    if not said:
        return None
    return Text(
        ", ".join(f"{words.en} {value}" for words, value in said),
        "，".join(f"{words.zh} {value}" for words, value in said),
    )


def _account(habits: list[abuse.Habit]) -> Section:
    return Table(Text("The account in numbers, one year", "账号情况（近一年）"), [
        Column("category", Text("Kind of goods", "品类")), Column("orders", Text("Orders", "订单数"), is_number=True),
        Column("back", Text("Came back", "退货订单"), is_number=True), Column("others", Text("Others' orders", "其他用户订单"), is_number=True),
        Column("others_back", Text("Came back", "退货订单"), is_number=True),
    ], [Row(one.category, None, {
        "category": one.category, "orders": one.orders, "back": one.returned, "others": one.others, "others_back": one.others_returned,
    }) for one in habits], Text("Too little came back to say anything.", "退货过少，无统计意义。"))  # fmt: skip


async def _said(tx: Tx, flag: abuse.Flag) -> list[Section]:
    if flag.asked_at is None and flag.appealed_at is None:
        return []
    asked, appealed = await abuse.words_of(tx, flag) if tx.actor.may("order.read_contact") else ("", "")
    told = [
        (Text("Asked for a person", "申请人工复核"), flag.asked_at, asked),
        (Text("Appealed", "申诉"), flag.appealed_at, appealed),
    ]
    return [
        Talk(Text("What the buyer said", "买家说明"), [Say(who, at, text) for who, at, text in told if at is not None])
    ]


def _measures(tx: Tx, flag: abuse.Flag) -> Section:
    on = abuse.measures(flag, tx.now)
    found = [Reason("warn" if code in on else "plain", says, "") for code, says in abuse.MEASURES.items() if code in on]
    return Reasons(
        Text("What follows now", "当前措施"), found or [Reason("good", Text("Nothing follows.", "无措施。"))]
    )


def _hands(flag: abuse.Flag, people: dict[int, str]) -> Section:
    return Facts(Text("Clock and hands", "时限与经办"), words.said(
        (Text("Forgotten", "失效"), flag.expires_at), (Text("First signature", "首签人"), people.get(flag.signed_by or 0)),
        (Text("Decided by", "决定人"), people.get(flag.decided_by or 0)), (Text("Decided", "决定时间"), flag.decided_at),
        (Text("Lifted because", "解除原因"), dict(LIFTS).get(flag.lift_reason or "", flag.lift_reason)),
    ), Text("Rights, refunds and their periods are as for everybody.", "退货退款权利和期限不受影响。"))  # fmt: skip


async def _taken(tx: Tx, flag: abuse.Flag) -> list[Section]:
    found: list[Section] = []
    taken = await abuse.taken_by(tx, flag)
    if taken:
        found.append(Table(Text("What it did", "已产生的影响"), [
            Column("what", Text("Measure", "措施")), Column("order", Text("Order", "订单")), Column("at", Text("When", "时间")),
        ], [Row(str(one.id), None, {"what": abuse.MEASURES[one.measure], "order": naming.link("order", one.order_id), "at": one.at})
            for one in taken[:20]]))  # fmt: skip
    given = await abuse.handovers_of(tx, flag)
    if given:
        may = tx.actor.may("abuse.report")
        found.append(Facts(Text("Handed to authorities", "已移交"), [
            (Text(one.authority, one.authority), [one.at, *(
                [Link(f"/abuse/handovers/{naming.ref('abuse_handover', one.id)}", Text("Packet", "证据包"))] if may else [])])
            for one in given
        ]))  # fmt: skip
    return found


ROUTES = [listed, figures, show, confirm, lift, hand_over, packet]
