"""The sandbox: its clock, what will fire when it is turned, and things that go wrong outside, by order. Not there in live."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from litestar import Response
from msgspec import Meta

from dingdan.areas import invoices, payments, transit
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import deadline_list
from dingdan.plumbing import clock, deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import clocks, naming
from dingdan.surfaces.shared.pages.doors import act, answered, itself, screen
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Cell,
    Code,
    Column,
    Done,
    Facts,
    Field,
    Row,
    Section,
    Sheet,
    Table,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.scope import NothingThere

LISTED = 100
# What the payment provider can be told to do wrong: the operation and the fault behind each name.
PROVIDER: dict[str, tuple[Text, Literal["start", "refund"], payments.sandbox.Fault]] = {
    "refuse": (Text("Refuse the next payment", "拒绝下一笔支付"), "start", payments.sandbox.Fault.DECLINED),
    "vanish": (Text("Take the next payment and never answer", "扣款后不返回结果"), "start", payments.sandbox.Fault.ANSWER_LOST),
    "less": (Text("Let one cent less come in", "少收一分钱"), "start", payments.sandbox.Fault.ANOTHER_AMOUNT),
    "refund_refuse": (Text("Refuse the next refund", "拒绝下一笔退款"), "refund", payments.sandbox.Fault.DECLINED),
    "refund_vanish": (Text("Send the next refund and never answer", "退款后不返回结果"), "refund", payments.sandbox.Fault.ANSWER_LOST),
}  # fmt: skip
SCRIPTS: tuple[tuple[str, Text], ...] = (
    ("N", Text("Deliver it", "正常送达")), ("L", Text("Lose it", "丢失")), ("B", Text("Damage it", "破损")), ("D", Text("Delay it", "延误")),
    ("R", Text("Have it turned away", "拒收退回")), ("S", Text("Fall silent after pickup", "揽收后停滞")), ("U", Text("Never scan it", "从不扫描")),
    ("A", Text("Not find the address", "地址问题")), ("K", Text("Leave it at a station", "放置驿站")), ("P", Text("Be silent for days, then deliver", "停滞数日后送达")),
    ("O", Text("Send scans out of order", "轨迹乱序")),
)  # fmt: skip
TAX = tuple((str(one), words) for one, words in (
    (invoices.InvoiceFault.DOWN, Text("Be down", "不可用")), (invoices.InvoiceFault.REFUSE, Text("Refuse the next invoice", "拒绝下一张发票")),
    (invoices.InvoiceFault.LOSE_ANSWER, Text("Issue it and never answer", "开票后不返回结果")),
))  # fmt: skip


class AdvanceForm(Form, frozen=True, kw_only=True):
    """How far to turn the clock."""

    hours: Annotated[int, Meta(ge=1, le=24 * 366)]


class FaultForm(Form, frozen=True, kw_only=True):
    """What goes wrong next, and how often."""

    fault: Annotated[str, Meta(max_length=40)]
    times: Annotated[int, Meta(ge=1, le=100)] = 1


class PlanForm(Form, frozen=True, kw_only=True):
    """What the carrier does with a parcel."""

    parcel: Annotated[str, Meta(min_length=1, max_length=40)]
    script: Annotated[str, Meta(min_length=1, max_length=1, pattern="^[A-Z]$")]


@screen("/sandbox", permission="sandbox.use")
async def show(tx: Tx) -> Sheet:
    """The clock, what fires next, and the outside world's switches."""
    _demand_sandbox(tx)
    ahead = await clock.ahead(tx)
    due = await deadline_list.page(tx, deadline_list.Filter(), None, LISTED)
    coming = [one for one in due if not clocks.is_quiet(one.kind)]
    return Sheet(
        title=Text("Sandbox", "沙盒"), kind=Text("Nothing here is real", "一切均为模拟"), lead=tx.now, full="/sandbox",
        acts=[
            Act("hour", Text("+1 hour", "+1 小时"), "/sandbox/hour", "1"), Act("two-days", Text("+48 hours", "+48 小时"), "/sandbox/two-days", "2"),
            Act("next", Text("To the next deadline", "到下一个时限"), "/sandbox/next", "D", tone="first",
                why_not=None if coming else Text("No clock runs.", "无进行中的时限。")),
            Act("advance", Text("Other", "自定义"), "/sandbox/advance", fields=[Field("hours", Text("Hours", "小时数"), "number")]),
            *_scenarios(),
        ],
        main=[_firing(tx, coming)],
        side=[
            Facts(Text("Clock", "时钟"), [
                (Text("It says", "当前"), tx.now), (Text("Ahead by", "超前"), ahead if ahead else Text("nothing", "无")),
            ]),
            Facts(Text("Scenarios", "场景"), [(Text("Hold for", "生效范围"), Text("the next calls, then they are gone", "接下来的调用，用后失效"))]),
        ],
    )  # fmt: skip


@act("/sandbox/hour", permission="sandbox.use")
async def hour(tx: Tx) -> Done:
    """Turn the clock one hour forward."""
    return await _turn(tx, timedelta(hours=1))


@act("/sandbox/two-days", permission="sandbox.use")
async def two_days(tx: Tx) -> Done:
    """Turn the clock 48 hours forward."""
    return await _turn(tx, timedelta(hours=48))


@act("/sandbox/advance", permission="sandbox.use")
async def advance(tx: Tx, form: AdvanceForm) -> Done:
    """Turn the clock forward by so many hours."""
    return await _turn(tx, timedelta(hours=form.hours))


@act("/sandbox/next", permission="sandbox.use")
async def following(tx: Tx) -> Done:
    """Turn the clock to just behind the next deadline."""
    _demand_sandbox(tx)
    due = await deadline_list.page(tx, deadline_list.Filter(), None, LISTED)
    ahead = [one.due_at for one in due if one.due_at > tx.now and not clocks.is_quiet(one.kind)]
    if not ahead:
        return Done(text=Text("No clock runs.", "无进行中的时限。"), to="/sandbox")
    return await _turn(tx, min(ahead) - tx.now + timedelta(seconds=1))


@act("/sandbox/parcel", permission="sandbox.use")
async def plan(tx: Tx, form: PlanForm) -> Done:
    """Let the carrier lose, damage, delay or deliver a parcel, from the time it left."""
    _demand_sandbox(tx)
    number = ids.decode("parcel", form.parcel.strip())
    await scope.demand_reach(tx, "parcel", number, "parcel")
    assert number is not None
    await transit.order_plan(tx, number, transit.Plan(form.script, 0))
    return Done(text=Text("The carrier will do so", "承运商将照此执行"), to="/sandbox")


@itself("POST", "/sandbox/provider", permission="sandbox.use")
async def provider(ask: Ask) -> Response[Any]:
    """Let the payment provider do something wrong next."""
    form = await _fault(ask, PROVIDER)
    _, operation, kind = PROVIDER[form.fault]
    await payments.sandbox.order_fault(ask.db, operation, kind, number=None, times=form.times, seconds=0.0)
    return answered(ask.request, Done(text=Text("The provider will do so", "支付渠道将照此执行"), to="/sandbox"))


@itself("POST", "/sandbox/tax", permission="sandbox.use")
async def tax(ask: Ask) -> Response[Any]:
    """Let the tax office do something wrong with the next invoice."""
    form = await _fault(ask, dict(TAX))
    await invoices.order_invoice_fault(ask.db, invoices.InvoiceFault(form.fault), number=None, times=form.times)
    return answered(ask.request, Done(text=Text("The tax office will do so", "税务系统将照此执行"), to="/sandbox"))


@itself("POST", "/sandbox/mend", permission="sandbox.use")
async def mend(ask: Ask) -> Response[Any]:
    """Forget every fault of the payment provider that was ordered."""
    _demand_mode(ask)
    await payments.sandbox.mend(ask.db)
    return answered(ask.request, Done(text=Text("Everything works again", "故障已清除"), to="/sandbox"))


def _demand_sandbox(tx: Tx) -> None:
    if not tx.sandbox:
        raise NothingThere


def _demand_mode(ask: Ask) -> None:
    if ask.settings.mode != "sandbox":
        raise NothingThere


def _scenarios() -> list[Act]:
    times = Field("times", Text("How often", "次数"), "number", value=1)
    return [
        Act("provider", Text("Payment provider", "支付渠道"), "/sandbox/provider", "P", [
            Field("fault", Text("It shall", "故障"), "choice", options=[(name, words) for name, (words, _, _) in PROVIDER.items()]), times,
        ]),
        Act("carrier", Text("Carrier", "承运商"), "/sandbox/parcel", "C", [
            Field("parcel", Text("Parcel", "包裹编号"), hint=Text("Its number, as on its page", "包裹页上的编号"), longest=40),
            Field("script", Text("It shall", "剧本"), "choice", options=SCRIPTS),
        ]),
        Act("tax", Text("Tax office", "税务系统"), "/sandbox/tax", fields=[Field("fault", Text("It shall", "故障"), "choice", options=TAX), times]),
        Act("mend", Text("Mend the provider", "清除支付故障"), "/sandbox/mend"),
    ]  # fmt: skip


async def _turn(tx: Tx, by: timedelta) -> Done:
    _demand_sandbox(tx)
    await clock.advance(tx, by)
    return Done(
        text=Text("The clock is turned. What fell due happens now.", "时钟已前进，到期事项正在处理。"), to="/sandbox"
    )


async def _fault(ask: Ask, known: Any) -> FaultForm:
    _demand_mode(ask)
    form: FaultForm = as_form(FaultForm, (await read(ask.request)).words)
    if form.fault not in known:
        raise Malformed("fault", what="no fault that can be ordered", what_zh="不支持的故障")
    return form


def _firing(tx: Tx, due: list[deadline_list.Row]) -> Section:
    return Table(
        Text("What will fire", "即将触发"),
        [
            Column("at", Text("When", "时间")), Column("in", Text("From now", "距今")), Column("what", Text("Clock", "时限")),
            Column("then", Text("Then", "到期动作")), Column("about", Text("About", "对象")),
        ],
        [Row(f"{one.kind}-{one.subject_id}", None, {
            "at": one.due_at, "in": max(one.due_at - tx.now, timedelta()), "what": clocks.name(one.kind), "then": clocks.at_zero(one.kind),
            "about": _about(one),
        }) for one in due],
        Text("No clock runs.", "无进行中的时限。"),
    )  # fmt: skip


def _about(one: deadline_list.Row) -> Cell:
    kind = deadlines.REGISTRY[one.kind].subject if one.kind in deadlines.REGISTRY else ""
    if kind in naming.PLACES:
        return naming.link(kind, one.subject_id)
    return naming.link("order", one.order_id) or Code(naming.spoken(one.subject_id))


ROUTES: list[Any] = [show, hour, two_days, advance, following, plan, provider, tax, mend]
