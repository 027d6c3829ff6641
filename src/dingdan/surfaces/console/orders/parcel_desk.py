"""A parcel: its way in our words, what was promised and what came, what we noticed, and calling it back."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from dingdan.areas import cases, fulfilment, transit
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text, refuse_all
from dingdan.overviews import tracking
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import words
from dingdan.surfaces.shared import rows
from dingdan.surfaces.shared.pages import clocks, naming, vocabulary
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Entry,
    Facts,
    Field,
    Ledger,
    Link,
    Reason,
    Reasons,
    Row,
    Section,
    Sheet,
    Table,
)
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Prose, Word

REASONS = [
    ("buyer_request", Text("The buyer asks", "买家要求")), ("address_unclear", Text("The address is wrong", "地址有误")),
    ("suspected_fraud", Text("Looks like fraud", "疑似欺诈")), ("recall", Text("The goods are recalled", "商品召回")),
]  # fmt: skip
NOTICED = {
    "unscanned": Text("No first scan after 24 hours.", "发货 24 小时后仍无揽收记录。"),
    "silent": Text("No scan for a long time.", "长时间无物流更新。"),
    "overdue": Text("Later than promised.", "晚于承诺送达时间。"),
    "disappeared": Text("The carrier does not know it any more.", "承运商已查不到该包裹。"),
}
BASES = {
    "promise": Text("as promised", "按承诺"), "out_for_delivery": Text("it is out for delivery", "正在派送"),
    "scans": Text("as parcels of this lane usually go", "按同线路历史时效"), "arrived": Text("it has arrived", "已送达"),
    "none": Text("nobody knows", "暂无法预计"),
}  # fmt: skip
GROUNDS = {
    "licensed": Text("under its licence", "持证承运"), "own": Text("our own delivery", "自有配送"),
    "elsewhere": Text("sent by somebody else", "由第三方发出"), "before": Text("before this was asked", "规则生效前"),
}  # fmt: skip


class InterceptForm(Form, frozen=True, kw_only=True):
    """Why it is called back."""

    reason: CodeWord


class ScanForm(Form, frozen=True, kw_only=True):
    """What is known of it, and where."""

    code: Word
    place: Annotated[str, Meta(max_length=200)] = ""


class TroubleForm(Form, frozen=True, kw_only=True):
    """What went wrong, and what is to be known about it."""

    kind: CodeWord
    text: Prose = ""


class BackForm(Form, frozen=True, kw_only=True):
    """Why it came back, as a reason of the order's return policy."""

    reason: Word | None = None


@screen("/tracking/{parcel_id}", permission="parcel.read")
async def show(tx: Tx, parcel_id: int) -> Sheet:
    """One parcel and its way."""
    parcel = (await fulfilment.parcels(tx, [parcel_id]))[parcel_id]
    (way,) = await tracking.of_parcels(tx, [parcel])
    promised = (await transit.arrivals(tx, [parcel])).get(parcel_id)
    seller = (await naming.merchant_names(tx, [parcel.merchant_id]))[parcel.merchant_id]
    given = (await fulfilment.assignments(tx, [parcel_id])).get(parcel_id)
    ticking = [one for one in await deadlines.of_subjects(tx, [parcel_id]) if not clocks.is_quiet(one.kind)]
    return Sheet(
        title=Text(f"Parcel {parcel.tracking_number}", f"包裹 {parcel.tracking_number}"),
        kind=Text(f"Parcel, {seller.en}, {parcel.carrier}", f"包裹 · {seller.zh} · {parcel.carrier}"), number=parcel.tracking_number,
        key=naming.ref("parcel", parcel_id), full=naming.place("parcel", parcel_id),
        chips=[vocabulary.chip("parcel", parcel.state), *([Chip(Text("Late", "已延误"), "blocked")] if way.estimate.is_late else [])],
        lead=parcel.dispatched_at, acts=_acts(tx, parcel, way, await cases.catalogue(tx, parcel.merchant_id) if tx.actor.may("case.open") else {}),
        main=[_noticed(tx, way), Ledger(Text("Way", "物流轨迹"), [
            Entry(at=step.at, turn="carrier" if step.by == "carrier" else "us", text=step.text, who=step.place, groups=["logistics"],
                  details=[("code", step.code)]) for step in way.steps
        ])],
        side=[_promise(parcel, way, promised), _parcel(parcel, given), _contents(tx, parcel), *_back(way), Facts(
            Text("Clocks", "时限"), [
                clocks.shown(one.kind, due_at=one.at, started_at=one.started_at, now=tx.now, is_paused=one.paused_at is not None,
                             waiting_for=one.waiting_for) for one in ticking])],
        live=["parcel"],
    )  # fmt: skip


@act("/tracking/{parcel_id}/intercept", permission="parcel.intercept")
async def intercept(tx: Tx, parcel_id: int, form: InterceptForm) -> Done:
    """Have the carrier bring it back."""
    with rows.one_of_a_set():
        await transit.intercept(tx, [parcel_id], reason=form.reason)
    return Done(text=Text("The carrier is asked to bring it back", "已通知承运商退回"), stays=True)


@act("/tracking/{parcel_id}/scan", permission="parcel.scan")
async def scan(tx: Tx, parcel_id: int, form: ScanForm) -> Done:
    """Enter what is known of it by hand."""
    parcel = (await fulfilment.parcels(tx, [parcel_id]))[parcel_id]
    taken = await fulfilment.scan(tx, [fulfilment.Scan(
        carrier=parcel.carrier, tracking_number=parcel.tracking_number, code=form.code, at=tx.now, place=form.place,
        event_id=f"by-hand-{ids.encode('scan', tx.mint())}",
    )])  # fmt: skip
    refuse_all([rows.of_one(refusal) for refusal in taken.refused])
    return Done(text=Text("Scan noted", "已登记轨迹"), stays=True)


@act("/tracking/{parcel_id}/receive", permission="return.receive")
async def receive(tx: Tx, parcel_id: int, form: BackForm) -> Done:
    """Receive a parcel that was turned away or called back; its goods go to inspection."""
    found = await cases.take_in_parcel(tx, parcel_id, reason=form.reason or "")
    to = naming.place("return", min(one.id for one in found)) if found and tx.actor.may("return.read") else ""
    return Done(text=Text("Received, to be inspected", "已签收，待验货"), to=to)


@act("/tracking/{parcel_id}/case", permission="case.open")
async def case(tx: Tx, parcel_id: int, form: TroubleForm) -> Done:
    """Open a case about a parcel, where its carrier is asked, claimed on, and the buyer is told."""
    parcel = (await fulfilment.parcels(tx, [parcel_id]))[parcel_id]
    made = await cases.open_by_hand(tx, cases.OpenCase(
        kind=form.kind, order_id=parcel.lines[0].order_id, parcel_id=parcel_id, text=form.text,
    ), source="staff")  # fmt: skip
    to = naming.place("case", made.id) if tx.actor.may("case.read") else ""
    return Done(text=Text("Case opened", "已登记异常"), to=to)


def _acts(tx: Tx, parcel: fulfilment.Parcel, way: tracking.Way, catalogue: Mapping[str, cases.CaseKind]) -> list[Act]:
    here, back = naming.place("parcel", parcel.id), way.interception
    is_open = back is not None and back.answer is None
    asked = Text("The carrier was asked and has not answered yet.", "已通知承运商，尚未答复。")
    late = Text("It is too late, or this carrier cannot be asked.", "已无法拦截，或该承运商不支持。")
    codes = [(code, one.text) for code, one in fulfilment.CODES.items()]
    found = [
        ("parcel.intercept", Act("intercept", Text("Call it back", "拦截退回"), f"{here}/intercept", "I", [
            Field("reason", Text("Why", "原因"), "choice", options=REASONS),
        ], why_not=asked if is_open else None if transit.may_come_back(parcel) else late)),
        ("parcel.scan", Act("scan", Text("Enter a scan", "补录轨迹"), f"{here}/scan", "S", [
            Field("code", Text("What", "状态"), "choice", options=codes), Field("place", Text("Where", "地点"), is_needed=False)])),
    ]  # fmt: skip
    kinds = [(code, words.of_case(kind)) for code, kind in sorted(catalogue.items()) if kind.is_active]
    found.append(("case.open", Act("case", Text("Raise an issue", "登记异常"), f"{here}/case", "X", [
        Field("kind", Text("Kind", "类型"), "choice", options=kinds), Field("text", Text("What happened", "情况说明"), "prose", is_needed=False),
    ])))  # fmt: skip
    if parcel.state in cases.COMING_BACK:
        found.append(("return.receive", Act("receive", Text("It came back", "已退回签收"), f"{here}/receive", "R", [
            Field("reason", Text("Reason of the return policy", "退货原因代码"), is_needed=False,
                  hint=Text("Empty: nobody accepted it at the door.", "留空表示买家拒收。"))])))  # fmt: skip
    return [one for permission, one in found if tx.actor.may(permission)]


def _noticed(tx: Tx, way: tracking.Way) -> Section:
    found = [Reason("bad", NOTICED.get(one, Text(one.replace("_", " "), one))) for one in way.parcel.noticed]
    if way.deaf_since is not None:
        found.append(
            Reason(
                "warn",
                Text(
                    "The carrier does not answer us now; this is the last that is known.",
                    "承运商接口暂无响应，以下为最后已知状态。",
                ),
            )
        )
    if way.receipt is not None and not way.receipt.counts:
        found.append(
            Reason(
                "warn",
                Text("Left at a station without consent: that is no receipt.", "未经同意放入代收点，不视为签收。"),
            )
        )
    if way.estimate.is_late and way.parcel.delivered_at is None:
        found.append(Reason("bad", Text("It is later than promised.", "已超过承诺送达时间。")))
    return Reasons(
        Text("What we noticed", "系统发现"), found or [Reason("good", Text("Nothing is wrong with it.", "一切正常。"))]
    )


def _promise(parcel: fulfilment.Parcel, way: tracking.Way, promised: object) -> Section:
    delivered = parcel.delivered_at
    return Facts(Text("Promise and actual", "承诺与实际"), words.said(
        (Text("Sent", "发出"), parcel.dispatched_at), (Text("First scan", "首次扫描"), way.first_scan_at),
        (Text("Promised by", "承诺送达"), promised), (Text("Expected by", "预计送达"), way.estimate.at if delivered is None else None),
        (Text("By what", "依据"), BASES.get(way.estimate.basis, Text(way.estimate.basis, way.estimate.basis))),
        (Text("Delivered", "实际签收"), delivered),
        (Text("Told to us", "最后更新"), way.last_update_at),
    ))  # fmt: skip


def _parcel(parcel: fulfilment.Parcel, given: fulfilment.Assignment | None) -> Section:
    whose = naming.ref("merchant", parcel.merchant_id)
    is_registered = given is not None and given.carrier_id is not None
    items: list[tuple[Text, object]] = [
        (Text("Carrier", "承运商"), Link(f"/carriers/{parcel.carrier}?merchant={whose}", parcel.carrier) if is_registered else parcel.carrier),
        (Text("Number", "运单号"), Code(parcel.tracking_number)),
    ]  # fmt: skip
    if given is not None:
        items.append((Text("Given to it", "交运依据"), GROUNDS[given.ground]))
        items += [(Text("Licence", "许可证"), Code(given.licence))] if given.licence else []
        items += [(Text("Suggested was", "系统建议"), given.suggested)] if given.suggested else []
    return Facts(Text("Parcel", "包裹"), items)


def _contents(tx: Tx, parcel: fulfilment.Parcel) -> Section:
    may_see = tx.actor.may("order.read")
    return Table(Text("Contents", "内件"), [
        Column("order", Text("Order", "订单")), Column("line", Text("Line", "行号")), Column("units", Text("Units", "件数"), is_number=True),
    ], [Row(f"{line.order_id}-{line.line_no}", None, {
        "order": naming.link("order", line.order_id) if may_see else Code(ids.spoken(line.order_id)), "line": str(line.line_no),
        "units": line.quantity,
    }) for line in parcel.lines])  # fmt: skip


def _back(way: tracking.Way) -> list[Section]:
    back = way.interception
    if back is None:
        return []
    stands = {
        "succeeded": Chip(Text("Comes back", "退回中"), "carrier"),
        "failed": Chip(Text("Could not be stopped", "拦截失败"), "blocked"),
    }
    said = stands.get(back.answer or "", Chip(Text("Waits for the carrier", "待承运商答复"), "carrier"))
    return [Facts(Text("Called back", "拦截"), words.said(
        (Text("Asked", "申请时间"), back.asked_at), (Text("Why", "原因"), dict(REASONS).get(back.reason, back.reason)),
        (Text("Answer", "答复"), said), (Text("Because", "说明"), back.why), (Text("Answered", "答复时间"), back.answered_at),
    ))]  # fmt: skip


ROUTES = [show, intercept, scan, receive, case]
