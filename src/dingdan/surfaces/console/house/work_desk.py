"""Pick and pack: who is next and why, waves, one work with what it gives, and tracking numbers from a file."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta

from dingdan.areas import fulfilment, identity, inventory, packing
from dingdan.kernel import ids
from dingdan.kernel.page import DEFAULT_LIMIT, Page, encode_cursor
from dingdan.kernel.refusal import Text
from dingdan.overviews import pick_queue, wave_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
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
    Fuse,
    Link,
    Listing,
    Picture,
    Pictures,
    Row,
    Section,
    Sheet,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Id

LANES = {
    0: Chip(Text("Fresh, VIP", "生鲜 VIP"), "blocked"), 1: Chip(Text("Fresh", "生鲜"), "us"),
    2: Chip(Text("VIP", "VIP 会员"), "customer"), 3: Chip(Text("Ordinary", "普通"), "closed"),
}  # fmt: skip
LANE_NAMES = ("fresh_vip", "fresh", "vip", "ordinary")
LANE = Field("lane", Text("Only this lane", "仅限通道"), "choice", is_needed=False,
             options=[(name, LANES[n].text) for n, name in enumerate(LANE_NAMES)])  # fmt: skip


class WorksQuery(ListQuery, frozen=True, kw_only=True):
    """Which warehouse, and what of its work."""

    warehouse: Id | None = None
    show: Literal["waiting", "waves", "picking", "packed"] = "waiting"


class WaveForm(Form, frozen=True, kw_only=True):
    """How much to pick in one pass, of which lane, and by whom."""

    warehouse: Id
    size: Annotated[int, Meta(ge=1, le=fulfilment.MAX_CLAIM)]
    lane: Literal["fresh_vip", "fresh", "vip", "ordinary"] | None = None
    person: Id | None = None


class GiveUpForm(Form, frozen=True, kw_only=True):
    """Why picking is given up."""

    reason: Literal["put_back", "short_of_hands", "wrong_wave", "other"]


WHY_BACK = Field("reason", Text("Why", "原因"), "choice", options=(
    ("put_back", Text("Given up", "放弃拣货")), ("short_of_hands", Text("Not enough hands", "人手不足")),
    ("wrong_wave", Text("Wrong wave", "波次有误")), ("other", Text("Something else", "其他")),
))  # fmt: skip


@screen("/q/fulfil", permission="work.read")
async def queue(tx: Tx, query: WorksQuery) -> Listing:
    """A warehouse's work: who is next and why, waves under way, and what is picked or packed."""
    places = await choosing.warehouses_to_choose(tx)
    chosen = query.warehouse or (places[0][0] if places else None)
    number = ids.decode("warehouse", chosen) if chosen else None
    if chosen is not None:
        await scope.demand_reach(tx, "warehouse", number, "query.warehouse")
    what: dict[str, Any] = {
        "title": Text("Pick and pack", "拣货打包"), "live": ["work"], "acts": await _acts(tx, chosen),
        "filters": [Filter("warehouse", Text("Warehouse", "仓库"), places)],
        "views": [View(text, {"show": show, **({"warehouse": query.warehouse} if query.warehouse else {})} if show != "waiting" or query.warehouse else {}) for show, text in (
            ("waiting", Text("Waiting", "待拣货")), ("waves", Text("Waves", "波次")), ("picking", Text("Picking", "拣货中")),
            ("packed", Text("Packed", "已打包")))],
    }  # fmt: skip
    if number is None:
        return Listing(columns=[], rows=[], empty=Empty(
            Text("There is no warehouse yet.", "还没有仓库。"), Text("Add one through the API or an import.", "请通过 API 或导入添加仓库。")
        ), **what)  # fmt: skip
    if query.show == "waves":
        return await _waves(tx, number, query, what)
    if query.show == "waiting":
        return await _waiting(tx, number, query, what)
    found = await pick_queue.page(tx, number, [query.show], 200)
    return Listing(
        columns=[*_COLUMNS[1:3], Column("state", Text("Stands", "状态")), *_COLUMNS[3:]], is_queue=True,
        rows=[_row(tx, one) for one in found],
        empty=Empty(Text("Nothing is in hand here.", "没有进行中的任务。")), **what,
    )  # fmt: skip


_COLUMNS = [
    Column("place", Text("Place", "名次"), is_number=True), Column("order", Text("Order", "订单")),
    Column("lane", Text("Lane", "通道")), Column("why", Text("Why here", "排位依据")), Column("due", Text("Ship by", "最晚发货")),
]  # fmt: skip


async def _waiting(tx: Tx, warehouse_id: int, query: WorksQuery, what: dict[str, Any]) -> Listing:
    asked = slice_of(query)
    place = (await inventory.warehouses(tx, [warehouse_id]))[warehouse_id]
    try:
        found = await fulfilment.waiting(tx, warehouse_id, limit=asked.limit + 1, behind=asked.after)
    except fulfilment.WorkUnknown:
        raise Malformed("query.after", what="not a cursor that a list gave out", what_zh="不是列表给出的游标") from None
    kept = found[: asked.limit]
    return Listing(
        columns=_COLUMNS, is_queue=True,
        rows=[Row(naming.ref("work", one.work.id), naming.place("work", one.work.id), {
            "place": one.place, "order": Code(naming.spoken(one.work.order_id)), "lane": LANES[one.work.lane],
            "why": fulfilment.why(one, ZoneInfo(place.zone)), "due": Fuse(one.work.ship_by, tx.now),
        }) for one in kept],
        next=encode_cursor(kept[-1].work.id) if len(found) > DEFAULT_LIMIT else None,
        empty=Empty(Text("All picked.", "已全部拣完。"), Text("Paid orders come here by themselves.", "付款后的订单会自动进入队列。")),
        **what,
    )  # fmt: skip


async def _waves(tx: Tx, warehouse_id: int, query: WorksQuery, what: dict[str, Any]) -> Listing:
    found = await wave_list.page(tx, warehouse_id, slice_of(query))
    people = await identity.staff_by_ids(tx, {one.claimed_by for one in found if one.claimed_by})
    return listing(
        found, lambda one: Row(naming.ref("wave", one.id), naming.place("wave", one.id), {
            "number": Code(naming.spoken(one.id)), "lane": LANES[one.lane] if one.lane is not None else Text("mixed", "混合"),
            "left": Text(f"{one.picking} to pick, {one.packed} packed, {one.gone} gone", f"待拣 {one.picking} · 已包 {one.packed} · 已发 {one.gone}"),
            "size": one.size, "who": people[one.claimed_by].name if one.claimed_by in people else None, "since": one.claimed_at,
            "due": Fuse(one.ship_by, tx.now),
        }), is_queue=True,
        columns=[
            Column("number", Text("Wave", "波次")), Column("lane", Text("Lane", "通道")), Column("size", Text("Orders", "订单数"), is_number=True),
            Column("left", Text("How far", "进度")), Column("who", Text("Who", "拣货员")), Column("since", Text("Since", "开始时间")),
            Column("due", Text("First to leave", "最早发货")),
        ],
        empty=Empty(Text("No wave is under way.", "没有进行中的波次。"), Text("Build one above, or take it at the picking station.", "可在上方创建，或在拣货端领取。")),
        **what,
    )  # fmt: skip


def _row(tx: Tx, one: pick_queue.Row) -> Row:
    return Row(naming.ref("work", one.id), naming.place("work", one.id), {
        "order": Code(naming.spoken(one.order_id)), "lane": LANES[one.lane], "state": vocabulary.chip("work", one.state),
        "why": Two(Text(f"{sum(line.quantity for line in one.lines)} units", f"{sum(line.quantity for line in one.lines)} 件"), one.claimed_at),
        "due": Fuse(one.ship_by, tx.now),
    })  # fmt: skip


async def _acts(tx: Tx, chosen: str | None) -> list[Act]:
    found = []
    if chosen and tx.actor.may("work.do"):
        found += [
            Act("wave", Text("Build a wave", "创建波次"), "/waves", "W", [
                Field("warehouse", Text("Warehouse", "仓库"), "hidden", value=chosen),
                Field("size", Text("Orders at most", "最多订单数"), "number", value=10), LANE,
                Field("person", Text("Who picks it", "拣货员"), "choice", is_needed=False, options=await _pickers(tx),
                      hint=Text("Empty: you.", "不选则由您领取。")),
            ], tone="first"),
            Act("pick", Text("Picking station", "拣货端"), "/station/pick", is_link=True),
            Act("pack", Text("Packing station", "打包台"), "/station/pack", is_link=True),
        ]  # fmt: skip
    if tx.actor.may("parcel.upload"):
        found.append(Act("upload", Text("Upload tracking numbers", "批量上传单号"), "/parcels/upload", is_link=True))
    return found


async def _pickers(tx: Tx) -> list[tuple[str, Text | str]]:
    staff = await identity.list_staff(tx, tx.actor.merchant_id, Page(limit=200)) if tx.actor.may("work.do") else []
    return [(naming.ref("staff", one.id), one.name) for one in staff
            if "work.do" in identity.permissions_of(frozenset(one.roles)) and one.id != tx.actor.id]  # fmt: skip


@act("/waves", permission="work.do")
async def build(tx: Tx, form: WaveForm) -> Done:
    """Claim the next works for one pass, for oneself or for somebody else."""
    number = ids.decode("warehouse", form.warehouse)
    await scope.demand_reach(tx, "warehouse", number, "warehouse")
    assert number is not None
    person = tx.actor.id
    if form.person is not None:
        person = ids.decode("staff", form.person)
        if person is None or form.person not in {key for key, _ in await _pickers(tx)}:
            raise identity.StaffUnknown("person")
    lane = fulfilment.Lane(LANE_NAMES.index(form.lane)) if form.lane else None
    made = await fulfilment.claim_wave(tx, number, size=form.size, claimed_by=person, lane=lane)
    if made is None:
        return Done(text=Text("Nothing waits for a wave.", "没有可编入波次的订单。"))
    return Done(text=Text("Wave built", "波次已创建"), to=naming.place("wave", made[0].id))


@screen("/waves/{wave_id}", permission="work.read")
async def wave(tx: Tx, wave_id: int) -> Sheet:
    """One pass through a warehouse: what to take, shelf after shelf, and for which orders."""
    found, works = await fulfilment.wave(tx, wave_id)
    here, numbers = naming.place("wave", wave_id), [work.id for work in works]
    place = (await inventory.warehouses(tx, [found.warehouse_id]))[found.warehouse_id]
    people = await identity.staff_by_ids(tx, {found.claimed_by} if found.claimed_by else set())
    is_open = any(str(work.state) == "picking" for work in works)
    done = Text("Nothing of it is being picked.", "没有正在拣货的任务。")
    acts = [
        Act("go", Text("Pick it", "去拣货"), f"/station/pick/wave/{naming.ref('wave', wave_id)}", tone="first", is_link=True,
            why_not=None if is_open else done),
        Act("release", Text("Give up the wave", "取消波次"), f"{here}/release", "U", [WHY_BACK], tone="danger",
            warns=Text("What is not packed goes back into the queue.", "未打包的任务将退回队列。"), why_not=None if is_open else done),
    ] if tx.actor.may("work.do") else []  # fmt: skip
    picker = people[found.claimed_by].name if found.claimed_by in people else Text("a program", "程序")
    return Sheet(
        title=Text("Wave", "波次"), kind=Text("Wave", "波次"), number=naming.spoken(wave_id), key=naming.ref("wave", wave_id),
        full=here, lead=found.claimed_at, acts=acts, chips=[LANES[found.lane]] if found.lane is not None else [],
        main=[
            _pieces(await pick_queue.to_pick(tx, numbers)),
            Table(Text("Orders", "订单"), [
                Column("order", Text("Order", "订单")), Column("state", Text("Stands", "状态")), Column("units", Text("Units", "件数"), is_number=True),
                Column("due", Text("Ship by", "最晚发货")),
            ], [Row(str(one.id), naming.place("work", one.id), {
                "order": Code(naming.spoken(one.order_id)), "state": vocabulary.chip("work", one.state),
                "units": sum(line.quantity for line in one.lines), "due": Fuse(one.ship_by, tx.now),
            }) for one in await pick_queue.works(tx, numbers)]),
        ],
        side=[Facts(Text("Wave", "波次"), [(Text("Warehouse", "仓库"), naming.in_tongues(place.name)), (Text("Who", "拣货员"), picker),
                                          (Text("Orders", "订单数"), found.size)])],
        live=["work"],
    )  # fmt: skip


@act("/waves/{wave_id}/release", permission="work.do")
async def release(tx: Tx, wave_id: int, form: GiveUpForm) -> Done:
    """Put back what of a wave is not packed."""
    _, works = await fulfilment.wave(tx, wave_id)
    with rows.one_of_a_set():
        await fulfilment.put_back(tx, [work.id for work in works if str(work.state) == "picking"], reason=form.reason)
    return Done(text=Text("Put back into the queue", "已退回队列"))


@screen("/works/{work_id}", permission="work.read")
async def show(tx: Tx, work_id: int) -> Sheet:
    """One work: its place and why, what it gives, how it was packed."""
    work = (await fulfilment.works(tx, [work_id]))[work_id]
    (row,) = await pick_queue.works(tx, [work_id])
    place = (await inventory.warehouses(tx, [work.warehouse_id]))[work.warehouse_id]
    facts: list[tuple[Text, object]] = [
        (Text("Warehouse", "仓库"), naming.in_tongues(place.name)), (Text("Lane", "通道"), LANES[work.lane]), (Text("Paid", "付款时间"), work.paid_at),
        (Text("Ship by", "最晚发货"), Fuse(work.ship_by, tx.now)),
    ]  # fmt: skip
    if str(work.state) == "queued":
        at = await fulfilment.place_of(tx, work_id)
        facts += [
            (Text("Place", "名次"), at.place),
            (Text("Why here", "排位依据"), fulfilment.why(at, ZoneInfo(place.zone))),
        ]
    if work.wave_id is not None:
        facts.append((Text("Wave", "波次"), naming.link("wave", work.wave_id)))
    main: list[Section] = [_pieces([
        piece for line in row.lines
        for piece in line.pieces or [pick_queue.Piece(sku=line.sku, title=line.title, quantity=line.quantity, bin=line.bin)]
    ])]  # fmt: skip
    main += await _packed(tx, work)
    return Sheet(
        title=Text("Work", "拣货任务"), kind=Text("Work", "拣货任务"), number=naming.spoken(work.order_id), key=naming.ref("work", work_id),
        full=naming.place("work", work_id), chips=[vocabulary.chip("work", str(work.state))], lead=work.paid_at,
        acts=_work_acts(tx, work), main=main, live=["work"],
        side=[Facts(Text("Place in the queue", "队列位置"), facts), Facts(Text("Order", "订单"), [
            (Text("Number", "编号"), naming.link("order", work.order_id) if tx.actor.may("order.read") else Code(naming.spoken(work.order_id))),
        ])],
    )  # fmt: skip


def _work_acts(tx: Tx, work: fulfilment.Work) -> list[Act]:
    here, code, state = naming.place("work", work.id), naming.ref("work", work.id), str(work.state)
    found = []
    if tx.actor.may("work.do"):
        if state == "queued":
            found.append(Act("take", Text("Take it", "领取"), f"{here}/take", "T", tone="first"))
        if state == "picking":
            found.append(Act("go", Text("Pick it", "去拣货"), f"/station/pick/work/{code}", is_link=True, tone="first"))
        if state in ("picking", "packed"):
            found += [
                Act("pack", Text("Pack it", "去打包"), f"/station/pack/{code}", is_link=True),
                Act("back", Text("Put back", "退回队列"), f"{here}/put-back", "U", [WHY_BACK]),
            ]
    if tx.actor.may("label.print"):
        found.append(Act("slip", Text("Packing slip", "装箱单"), f"/papers/slip/{code}", is_link=True))
    return found


async def _packed(tx: Tx, work: fulfilment.Work) -> list[Section]:
    if not tx.actor.may("evidence.read"):
        return []
    boxes = [one for one in await packing.boxes_of(tx, [work.order_id]) if one.work_id == work.id]
    shots = [one for one in await packing.pictures_of(tx, [work.order_id]) if one.work_id == work.id]
    found: list[Section] = []
    if boxes:
        found.append(Table(Text("Boxes", "封箱记录"), [
            Column("at", Text("Closed", "封箱时间")), Column("grams", Text("Weight, g", "重量（克）"), is_number=True),
            Column("expected", Text("Expected, g", "预计（克）"), is_number=True), Column("serials", Text("Serial numbers", "序列号")),
        ], [Row(str(one.id), None, {
            "at": one.packed_at, "grams": one.grams, "expected": one.expected_grams,
            "serials": [Code(serial.serial) for serial in one.serials] or None,
        }) for one in boxes]))  # fmt: skip
    parcels = [one for one in await fulfilment.parcels_of(tx, [work.order_id]) if one.warehouse_id == work.warehouse_id]
    if parcels:
        found.append(Table(Text("Parcels", "包裹"), [
            Column("number", Text("Tracking number", "运单号")), Column("carrier", Text("Carrier", "承运商")),
            Column("state", Text("Stands", "状态")), Column("label", Text("Label", "面单")),
        ], [Row(str(one.id), None, {
            "number": Link(naming.place("parcel", one.id), one.tracking_number, is_code=True), "carrier": one.carrier,
            "state": vocabulary.chip("parcel", str(one.state)),
            "label": Link(f"/papers/label/{naming.ref('parcel', one.id)}", "PDF") if tx.actor.may("label.print") else None,
        }) for one in parcels]))  # fmt: skip
    if shots:
        found.append(Pictures(Text("Photos of the box", "封箱照片"), [
            Picture(f"/station/box-pictures/{naming.ref('picture', one.id)}", Text("Open box", "开箱照片")) for one in shots
        ]))  # fmt: skip
    return found


@act("/works/{work_id}/take", permission="work.do")
async def take(tx: Tx, work_id: int) -> Done:
    """Take this very work; from here the order cannot be cancelled."""
    work = (await fulfilment.works(tx, [work_id]))[work_id]
    await fulfilment.claim(tx, work.warehouse_id, limit=1, claimed_by=tx.actor.id, order_ids=[work.order_id])
    return Done(text=Text("Taken", "已领取"))


@act("/works/{work_id}/put-back", permission="work.do")
async def put_back(tx: Tx, work_id: int, form: GiveUpForm) -> Done:
    """Give it up: the order goes back to its place in the queue."""
    with rows.one_of_a_set():
        await fulfilment.put_back(tx, [work_id], reason=form.reason)
    return Done(text=Text("Put back into the queue", "已退回队列"))


def _pieces(pieces: list[pick_queue.Piece]) -> Section:
    return Table(Text("To take", "拣货清单"), [
        Column("bin", Text("Shelf", "货位")), Column("item", Text("Item", "商品")), Column("units", Text("Units", "件数"), is_number=True),
    ], [Row(one.sku, None, {
        "bin": Code(one.bin) if one.bin else None, "item": Two(naming.in_tongues(one.title), Code(one.sku)), "units": one.quantity,
    }) for one in pieces], Text("Nothing is left to take.", "已无待拣商品。"))  # fmt: skip


ROUTES = [queue, build, wave, release, show, take, put_back]
