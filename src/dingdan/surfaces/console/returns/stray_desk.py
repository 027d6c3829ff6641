"""Parcels without an owner: written down at the door, matched with what they may belong to, asked about, closed."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas import carriers, inventory, returns, way_back
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import stray_list
from dingdan.plumbing.files import Files
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import rows, scope, shots
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form, Upload
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Fuse,
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
from dingdan.surfaces.shared.wire import Id, Input, Prose, Short, Word

# How sure it is by what it was found, in hundredths, and why.
SCORES = {
    "waybill": (95, Text("its waybill was announced for this", "运单号与登记的寄回单号一致")),
    "order": (80, Text("this order's number stands on or in it", "包裹上或内附该订单号")),
    "phone": (60, Text("the sender's phone ordered this", "寄件人手机号下过此单")),
}  # fmt: skip
CLOSED = (
    ("sent_on", Text("Sent on to where it belongs", "已转寄")), ("not_ours", Text("Not ours, given back to the carrier", "非我方包裹，退回承运商")),
    ("empty", Text("Empty and nobody's", "空包裹，无人认领")), ("refused", Text("Refused at the door", "拒收")),
)  # fmt: skip


class StraysQuery(ListQuery, frozen=True, kw_only=True):
    """Which parcels."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: way_back.StrayState | None = None
    number: Annotated[str, Meta(max_length=60)] | None = None


class NearQuery(Input, frozen=True, kw_only=True):
    """An order or return whose parcel it may be."""

    order: Annotated[str, Meta(max_length=60)] | None = None


class FoundForm(Form, frozen=True, kw_only=True):
    """A parcel at the door; the phone helps to find its sender and is not kept."""

    warehouse: Id
    carrier: Word | None = None
    tracking_number: Word | None = None
    order: Short | None = None
    phone: Short | None = None
    weight_grams: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    is_empty: bool = False
    note: Prose = ""


class LinkForm(Form, frozen=True, kw_only=True):
    """The return that it belongs to."""

    to: Annotated[str, Meta(min_length=1, max_length=60)]
    found_by: Literal["waybill", "order", "phone", "person"] = "person"


class AskForm(Form, frozen=True, kw_only=True):
    """The order whose buyer is asked, by its number."""

    order: Annotated[str, Meta(min_length=1, max_length=60)]


class EndForm(Form, frozen=True, kw_only=True):
    """Why nothing more is to be done here."""

    because: Literal["sent_on", "not_ours", "empty", "refused"]


@screen("/parcels/unmatched", permission="return.receive")
async def listed(tx: Tx, query: StraysQuery) -> Listing:
    """Parcels without an owner, those first that must be matched first."""
    wanted = stray_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, number=query.number
    )
    found = await stray_list.page(tx, wanted, slice_of(query))
    places = await choosing.warehouse_names(tx, {one.warehouse_id for one in found})
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("stray", one.id), naming.place("stray", one.id), {
            "number": Two(Code(one.tracking_number or "–"), one.carrier), "came": Two(one.at, places.get(one.warehouse_id)),
            "content": Text("empty box", "空包裹") if one.is_empty else Text(f"{one.grams} g", f"{one.grams} 克") if one.grams else None,
            "merchant": names.get(one.merchant_id),
            "stands": vocabulary.chip("stray", one.state),
            "hint": naming.link("return", one.return_id) or (Code(naming.spoken(one.order_id)) if one.order_id else None),
            "due": Fuse(one.match_by, tx.now, is_paused=one.state in ("matched", "closed")),
        }), is_queue=True, needs_camera=True,
        title=Text("Unmatched parcels", "无头件"), live=["stray"],
        columns=[
            Column("number", Text("Waybill", "运单号")), Column("came", Text("Came", "到仓")), Column("merchant", Text("Merchant", "商家")),
            Column("content", Text("Content", "内容")), Column("hint", Text("Perhaps of", "可能属于")), Column("stands", Text("Stands", "状态")),
            Column("due", Text("Match by", "匹配时限")),
        ],
        views=[View(Text("Without an owner", "待匹配")), *(View(vocabulary.chip("stray", state).text, {"state": state}) for state in ("asked", "matched", "closed"))],
        filters=[*await choosing.by_merchant(tx), Filter("number", Text("Waybill", "运单号"))],
        acts=[Act("register", Text("Write one down", "登记无头件"), "/parcels/unmatched", "N", await _fields(tx), tone="first")],
        empty=Empty(Text("Every parcel has an owner.", "所有包裹都已找到归属。"), Text("What comes without an announcement is written down here.", "未登记的来件请在此登记。")),
    )  # fmt: skip


async def _fields(tx: Tx) -> list[Field]:
    places = await choosing.warehouses_to_choose(tx)
    # The waybill comes first: that is what a scanner reads, and its Enter writes the parcel down.
    return [
        Field("tracking_number", Text("Waybill", "运单号"), is_needed=False, longest=60, camera="/parcels/unmatched/read"),
        Field("warehouse", Text("Warehouse", "仓库"), "choice", options=places, value=places[0][0] if len(places) == 1 else None),
        Field("carrier", Text("Carrier", "承运商"), "choice", is_needed=False, options=[(code, one.name) for code, one in carriers.KNOWN.items()],
              hint=Text("Empty: by the number.", "留空则按单号识别。")),
        Field("order", Text("Order or return number on it", "包裹上的订单号或售后单号"), is_needed=False, longest=60),
        Field("phone", Text("Sender's phone", "寄件人手机号"), is_needed=False, longest=40, hint=Text("Only to find the sender; it is not kept.", "仅用于匹配，不会保存。")),
        Field("weight_grams", Text("Weight in grams", "重量（克）"), "number", is_needed=False),
        Field("is_empty", Text("The box is empty", "空包裹"), "check", is_needed=False),
        Field("note", Text("What lies in it", "内容说明"), "prose", is_needed=False),
        Field("files", Text("Photos", "照片"), "files", is_needed=False, accept="image/*"),
    ]  # fmt: skip


@act("/parcels/unmatched", permission="return.receive")
async def register(tx: Tx, form: FoundForm, files: list[Upload], settings: Settings) -> Done:
    """Write down a parcel; the same number twice is one parcel."""
    number = ids.decode("warehouse", form.warehouse)
    await scope.demand_reach(tx, "warehouse", number, "warehouse")
    place = (await inventory.warehouses(tx, [number or 0]))[number or 0]
    made, _ = await way_back.register(tx, way_back.NewStray(
        merchant_id=place.merchant_id, warehouse_id=place.id, carrier=form.carrier or _carrier(form.tracking_number), tracking_number=form.tracking_number,
        order_ref=form.order, phone=form.phone, grams=form.weight_grams, is_empty=form.is_empty, note=form.note,
    ))  # fmt: skip
    await _keep(tx, made.id, files, settings)
    to = naming.place("stray", made.id)
    return Done(
        text=Text("Written down", "已登记"),
        to=f"{to}?order={form.order}" if form.order and form.order.isascii() and "&" not in form.order else to,
    )


def _carrier(number: str | None) -> str | None:
    """Whose a scanned number looks like; what looks like nobody's has to be said."""
    return next((one.carrier for one in carriers.detect(number) if one.sureness != "length"), None) if number else None


@screen("/parcels/unmatched/{stray_id}", permission="return.receive")
async def show(tx: Tx, stray_id: int, query: NearQuery) -> Sheet:
    """One parcel: what is known of it, whose it may be and why, and what can be done."""
    one = await way_back.stray(tx, stray_id)
    place = (await inventory.warehouses(tx, [one.warehouse_id]))[one.warehouse_id]
    found = await _candidates(tx, one, query.order) if "match" in way_back.actions(one) else []
    seller = (await naming.merchant_names(tx, [one.merchant_id]))[one.merchant_id]
    main: list[Section] = [_matches(found)] if "match" in way_back.actions(one) else []
    photos = await way_back.pictures_of(tx, stray_id)
    main.append(Pictures(Text("Photos", "照片"), [
        Picture(f"/evidence/strays/{naming.ref('stray_picture', each.id)}", Text("As it came", "到仓照片"), note=each.at) for each in photos
    ], Text("No photo was taken.", "暂无照片。")))  # fmt: skip
    if one.note:
        main.append(Facts(Text("What lies in it", "内容说明"), [(Text("Note", "备注"), one.note)]))
    return Sheet(
        title=Text("Unmatched parcel", "无头件"), kind=Text(f"Unmatched parcel, {seller.en}", f"无头件 · {seller.zh}"),
        number=one.tracking_number or naming.spoken(one.id), key=naming.ref("stray", stray_id), full=naming.place("stray", stray_id),
        chips=[vocabulary.chip("stray", str(one.state))], lead=one.at, acts=_acts(tx, one, found), main=main, live=["stray"],
        side=[Facts(Text("Parcel", "包裹"), [
            (Text("Carrier", "承运商"), one.carrier), (Text("Warehouse", "仓库"), naming.in_tongues(place.name)),
            (Text("Weight, g", "重量（克）"), one.grams), (Text("Empty box", "空包裹"), one.is_empty),
            (Text("Match by", "匹配时限"), Fuse(one.match_by, tx.now, is_paused=one.ended_at is not None)),
            *([(Text("Order", "订单"), Code(naming.spoken(one.order_id)))] if one.order_id else []),
            *([(Text("Return", "售后单"), naming.link("return", one.return_id))] if one.return_id else []),
            *([(Text("Closed because", "关闭原因"), dict(CLOSED).get(one.closed_because))] if one.closed_because else []),
        ])],
    )  # fmt: skip


async def _candidates(tx: Tx, one: way_back.Stray, said: str | None) -> list[way_back.Candidate]:
    """Whose it may be: by its number, by the order that is noted, and by what somebody reads off it."""
    known = said or (ids.encode("order", one.order_id) if one.order_id else None)
    words = [known] if known else [word for word in one.note.replace(",", " ").split() if ids.decode("order", word)][:1]
    return await way_back.candidates(tx, way_back.NewStray(
        merchant_id=one.merchant_id, warehouse_id=one.warehouse_id, carrier=one.carrier, tracking_number=one.tracking_number,
        order_ref=words[0] if words else None,
    ))  # fmt: skip


def _matches(found: list[way_back.Candidate]) -> Section:
    # One key links the surest: what follows from that is said before it is pressed.
    ranked = sorted(found, key=lambda one: (-SCORES[one.found_by][0], one.return_id is None))
    return Table(Text("Suggested matches; linking receives all that was announced", "建议匹配（关联即按申报数量签收入库）"), [
        Column("score", Text("How sure", "匹配度"), is_number=True), Column("why", Text("Why", "依据")), Column("order", Text("Order", "订单")),
        Column("return", Text("Return", "售后单")),
    ], [Row(f"{one.order_id}-{one.return_id}", None, {
        "score": f"{SCORES[one.found_by][0] - (0 if one.return_id else 20)}%", "why": SCORES[one.found_by][1], "order": Code(naming.spoken(one.order_id)),
        "return": naming.link("return", one.return_id) or Text("none yet: ask the buyer", "暂无，可询问买家"),
    }) for one in ranked], Text("Nothing fits yet. Look for an order number on or in the parcel.", "暂无匹配。请查看包裹上或内附的订单号。"))  # fmt: skip


def _acts(tx: Tx, one: way_back.Stray, found: list[way_back.Candidate]) -> list[Act]:
    here, can = naming.place("stray", one.id), set(way_back.actions(one))
    sure = next((c for c in sorted(found, key=lambda c: -SCORES[c.found_by][0]) if c.return_id is not None), None)
    possible: list[tuple[str, str, Act]] = []
    if sure is not None and sure.return_id is not None:
        number = naming.spoken(sure.return_id)
        possible.append(("return.receive", "match", Act("match", Text(f"Link with {number}", f"关联 {number}"), f"{here}/match", "Enter", [
            Field("to", Text("Return", "售后单"), "hidden", value=naming.ref("return", sure.return_id)),
            Field("found_by", Text("By", "依据"), "hidden", value=sure.found_by),
        ], tone="first")))  # fmt: skip
    possible += [
        ("return.receive", "match", Act("link", Text("Link with another return", "关联其他售后单"), f"{here}/match", "O", [
            Field("to", Text("Return number", "售后单号"), longest=60)])),
        ("return.receive", "match", Act("search", Text("Look for an order", "按订单号查找"), f"{here}/search", "F", [
            Field("order", Text("Order or return number", "订单号或售后单号"), longest=60)])),
        ("return.decide", "ask", Act("ask", Text("Ask the buyer", "询问买家"), f"{here}/ask", "E", [
            Field("order", Text("Order number", "订单号"), longest=60, value=naming.spoken(one.order_id or found[0].order_id) if one.order_id or found else None)])),
        ("return.receive", "match", Act("picture", Text("Add photos", "添加照片"), f"{here}/pictures", "P", [
            Field("files", Text("Photos", "照片"), "files", accept="image/*")])),
        ("return.receive", "close", Act("close", Text("Close", "关闭"), f"{here}/close", "C", [
            Field("because", Text("Why", "原因"), "choice", options=CLOSED)], tone="danger",
            warns=Text("Nobody looks for its owner any more.", "关闭后不再查找归属。"))),
    ]  # fmt: skip
    return [made for permission, verb, made in possible if tx.actor.may(permission) and verb in can]


@act("/parcels/unmatched/{stray_id}/match", permission="return.receive")
async def match(tx: Tx, stray_id: int, form: LinkForm) -> Done:
    """Say to which return it belongs; what lay in it is received there."""
    number = ids.decode("return", form.to.strip())
    if number is None:
        raise returns.ReturnUnknown("to")
    await scope.demand_reach(tx, "return", number, "to")
    with rows.one_of_a_set():
        await way_back.match(tx, stray_id, number, found_by=form.found_by)
    return Done(text=Text("Linked; the goods wait for inspection", "已关联，商品待验货"))


@act("/parcels/unmatched/{stray_id}/search", permission="return.receive")
async def search(tx: Tx, stray_id: int, form: AskForm) -> Done:
    """Look whose it may be by a number that stands on or in it."""
    number = ids.decode("order", form.order.strip()) or ids.decode("return", form.order.strip())
    said = (
        naming.ref("order", number)
        if number is not None
        else "".join(ch for ch in form.order if ch.isalnum() or ch in "-_")
    )
    return Done(text=Text("Looked", "已查找"), to=f"{naming.place('stray', stray_id)}?order={said}")


@act("/parcels/unmatched/{stray_id}/ask", permission="return.decide")
async def ask(tx: Tx, stray_id: int, form: AskForm) -> Done:
    """Ask the buyer of an order what the parcel is."""
    number = ids.decode("order", form.order.strip())
    await scope.demand_reach(tx, "order", number, "order")
    assert number is not None
    await way_back.ask(tx, stray_id, number)
    return Done(text=Text("The buyer was asked", "已询问买家"))


@act("/parcels/unmatched/{stray_id}/pictures", permission="return.receive")
async def add(tx: Tx, stray_id: int, files: list[Upload], settings: Settings) -> Done:
    """Keep photos of it; the same one twice is one."""
    await _keep(tx, stray_id, files, settings)
    return Done(text=Text("Photos kept", "照片已保存"), stays=True)


async def _keep(tx: Tx, stray_id: int, files: Sequence[Upload], settings: Settings) -> None:
    folder = Files(settings.data_dir)
    for one in files:
        file = await shots.keep_picture(folder, one.content)
        await way_back.take_picture(tx, stray_id, way_back.NewStrayPicture(**msgspec.structs.asdict(file)))


@act("/parcels/unmatched/{stray_id}/close", permission="return.receive")
async def close(tx: Tx, stray_id: int, form: EndForm) -> Done:
    """Say that it went on, went back or was empty."""
    await way_back.close(tx, stray_id, because=form.because)
    return Done(text=Text("Closed", "已关闭"))


ROUTES = [listed, register, show, match, search, ask, add, close]
