"""The packing station: scan an order, scan each piece; the box closes when all of it was read, and then it gets its number."""

from collections import Counter
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import carriers, catalog, fulfilment, inventory, packing
from dingdan.kernel import ids
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.overviews import finding, pick_queue
from dingdan.plumbing import files
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.house import pack_along
from dingdan.surfaces.console.house.bench_view import Stop
from dingdan.surfaces.shared import rows, scope, shots
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, naming, vocabulary, who
from dingdan.surfaces.shared.pages.doors import act, itself, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done, Own
from dingdan.surfaces.shared.wire import Code, Id, Input, Word

HERE = "/station/pack"
WHY_UNSCANNED = (
    ("barcode_unreadable", Text("The bars cannot be read", "条码无法识别")), ("scanner_down", Text("The scanner is broken", "扫描枪故障")),
    ("counted_by_two", Text("Two people counted it", "已双人清点")),
)  # fmt: skip
WHY_CARRIER = (
    ("cheaper", Text("It costs less", "费用更低")), ("collected_sooner", Text("It is collected sooner", "揽收更快")),
    ("buyer_asks", Text("The buyer asked for it", "买家指定")), ("suggested_full", Text("The suggested one takes no more", "推荐承运商无运力")),
)  # fmt: skip


class NothingToPack(Refusal):
    """What was scanned leads to no work that can be packed."""

    code = "station.nothing_to_pack"
    kind = Kind.NOT_FOUND
    message = Text("No work that can be packed fits {code}.", "没有与 {code} 匹配的待打包任务。")
    remedy = Text("Scan the order's or the slip's number; a held or cancelled order is not packed.",
                  "请扫描订单号或装箱单号；已挂起或取消的订单不可打包。")  # fmt: skip


class PackQuery(Input, frozen=True, kw_only=True):
    """The pieces that were read (`s`, SKU by SKU), the numbers of numbered ones (`n`), and what was just scanned."""

    s: Annotated[tuple[Annotated[str, Meta(max_length=120)], ...], Meta(max_length=1_000)] = ()
    n: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=1_000)] = ()
    scan: Annotated[str, Meta(max_length=200)] | None = None
    weigh: bool = False


class FindForm(Form, frozen=True, kw_only=True):
    """What the scanner read."""

    scan: Annotated[str, Meta(min_length=1, max_length=200)]


class CloseForm(Form, frozen=True, kw_only=True):
    """All that was read, and what the box weighs."""

    s: Annotated[tuple[str, ...], Meta(max_length=1_000)] = ()
    n: Annotated[tuple[str, ...], Meta(max_length=1_000)] = ()
    grams: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    weighed: bool = False
    unscanned: Code | None = None


class HandForm(Form, frozen=True, kw_only=True):
    """The carrier and the number of the parcel, with why where a rule is set aside."""

    carrier: Word
    tracking_number: Word
    carrier_reason: Code | None = None
    number_reason: Code | None = None
    along: Annotated[tuple[Id, ...], Meta(max_length=20)] = ()


@screen(HERE, permission="work.do")
async def ready(tx: Tx) -> Own:
    """Ready for an order: what somebody picked waits to be packed."""
    mine = await pick_queue.claimed(tx, tx.actor.id or 0)
    return Own(title=Text("Packing station", "打包台"), template="pack_ready.html", needs_camera=True, prints=True, data={
        "mine": mine, "may_print": tx.actor.may("label.print"), "ref": naming.ref, "spoken": naming.spoken, "chip": lambda state: vocabulary.chip("work", state),
        "places": await choosing.warehouse_names(tx, {one.warehouse_id for one in mine}),
    })  # fmt: skip


@act(f"{HERE}/scan", permission="work.do")
async def find(tx: Tx, form: FindForm) -> Done:
    """An order, a work or a tracking number: its work is on the table, begun if nobody has."""
    work = await _work_of(tx, form.scan.strip())
    if work is None:
        raise NothingToPack("scan", code=form.scan[:60])
    return await _on_the_table(tx, work)


@act(f"{HERE}/{{work_id}}/scan", permission="parcel.ship")
async def read_off(tx: Tx, work_id: int, form: FindForm) -> Done:
    """At a closed box: another order's number brings that one, any other is the waybill that was put on the box."""
    code = form.scan.strip()
    if (work := await _work_of(tx, code)) is not None:
        return await _on_the_table(tx, work)
    (row,) = await pick_queue.works(tx, [work_id])
    carrier = next((known for known, *_, is_chosen in await _options(tx, row) if is_chosen), "")
    offers = await _offers(tx, row.merchant_id, needed_of(row))
    if not carrier or any(code in codes_of(sku, offer) for sku, offer in offers.items()):
        raise NothingToPack("scan", code=code[:60])
    return await _hand_over(tx, work_id, HandForm(carrier=carrier, tracking_number=code))


async def _work_of(tx: Tx, code: str) -> fulfilment.Work | None:
    """The work that can be packed and that a number leads to."""
    work = None
    if (number := ids.decode("work", code)) is not None:
        work = (await fulfilment.works(tx, [number])).get(number)
    if work is None:
        number = ids.decode("order", code)
        known = await finding.by_number(tx, [number]) if number is not None else []
        known += await finding.by_reference(tx, code)
        found = [one for one in await fulfilment.works_of(tx, {one.order_id for one in known})
                 if one.state in ("queued", "picking", "packed")]  # fmt: skip
        work = min(found, key=lambda one: ("picking", "packed", "queued").index(str(one.state)), default=None)
    return work if work is not None and str(work.state) in ("queued", "picking", "packed") else None


async def _on_the_table(tx: Tx, work: fulfilment.Work) -> Done:
    if str(work.state) == "queued":
        await fulfilment.claim(tx, work.warehouse_id, limit=1, claimed_by=tx.actor.id, order_ids=[work.order_id])
    return Done(text=Text("Found", "已找到"), to=f"{HERE}/{naming.ref('work', work.id)}")


@screen(f"{HERE}/{{work_id}}", permission="work.do")
async def table(tx: Tx, work_id: int, query: PackQuery) -> Own:
    """One work on the table, as far as it was scanned; packed, it waits for its number."""
    work = (await fulfilment.works(tx, [work_id])).get(work_id)
    if work is None:
        raise fulfilment.WorkUnknown
    (row,) = await pick_queue.works(tx, [work_id])
    needed = needed_of(row)
    offers = await _offers(tx, row.merchant_id, needed)
    state, stop = (query, None) if not query.scan else _scanned(query, needed, offers)
    place = (await inventory.warehouses(tx, [row.warehouse_id]))[row.warehouse_id]
    seen, here = Counter(state.s), f"{HERE}/{naming.ref('work', work_id)}"
    is_all = seen == Counter(needed) and not _wants_number(state, offers)
    # Of an order that leaves in several boxes the one that left here last.
    gone = await fulfilment.parcels_of(tx, [row.order_id]) if row.state == "handed_over" else []
    parcels = [one for one in gone if one.warehouse_id == row.warehouse_id][-1:]
    taken = [one for one in await packing.pictures_of(tx, [row.order_id]) if one.work_id == work_id]
    return Own(title=Text("Packing station", "打包台"), template="pack.html", needs_camera=True, prints=True, data={
        "row": row, "here": here, "state": state, "stop": stop, "needed": needed, "seen": seen, "is_all": is_all,
        "place": naming.in_tongues(place.name), "order": naming.spoken(row.order_id), "chip": vocabulary.chip("work", row.state),
        "titles": {line.sku: naming.in_tongues(line.title) for line in row.lines} | {
            one.sku: naming.in_tongues(one.title) for line in row.lines for one in line.pieces},
        "now": _address(here, state), "undo": _address(here, _undone(state)), "wants_number": _wants_number(state, offers),
        "expected": packing.expected_grams(needed, {sku: one.weight_grams for sku, one in offers.items()}),
        "options": await _options(tx, row) if row.state == "packed" else [],
        "along": await pack_along.along(tx, work) if row.state != "handed_over" else [], "parcels": parcels, "pictures": taken,
        "ref": naming.ref, "why_unscanned": WHY_UNSCANNED, "why_carrier": WHY_CARRIER, "links": {
            sku: _address(here, msgspec.structs.replace(state, scan=sku)) for sku in needed},
        "may_trust": tx.actor.may("parcel.override"), "may_print": tx.actor.may("label.print"), "may_ship": tx.actor.may("parcel.ship"),
    })  # fmt: skip


@act(f"{HERE}/{{work_id}}/close", permission="work.do")
async def close(tx: Tx, work_id: int, form: CloseForm) -> Done:
    """Close the box: what was read is exactly what the order gets, or it stays open."""
    await fulfilment.pack_one(tx, fulfilment.Pack(
        work_id, tuple(fulfilment.PackedLine(None, units, sku) for sku, units in sorted(Counter(form.s).items())),
        grams=form.grams, is_weight_confirmed=form.weighed, unscanned=form.unscanned,
        serials=tuple(packing.Serial(*_number(text)) for text in form.n),
    ))  # fmt: skip
    return Done(text=Text("Box closed", "已封箱"), to=f"{HERE}/{naming.ref('work', work_id)}")


@act(f"{HERE}/{{work_id}}/hand-over", permission="parcel.ship")
async def hand_over(tx: Tx, work_id: int, form: HandForm) -> Done:
    """Give the packed box to a carrier, with those that travel along: they have its number, and are on their way."""
    return await _hand_over(tx, work_id, form)


async def _hand_over(tx: Tx, work_id: int, form: HandForm) -> Done:
    """The same for whoever typed it and whoever scanned it."""
    work = (await fulfilment.works(tx, [work_id])).get(work_id)
    if work is None:
        raise fulfilment.WorkUnknown
    with rows.one_of_a_set():
        await fulfilment.ship(tx, [
            fulfilment.Ship(
                one, form.carrier, form.tracking_number, number_reason=form.number_reason, carrier_reason=form.carrier_reason,
            ) for one in (work_id, *await pack_along.chosen(tx, work, form.along))
        ])  # fmt: skip
    return Done(text=Text("Handed over", "已交运"), to=f"{HERE}/{naming.ref('work', work_id)}")


@act(f"{HERE}/{{work_id}}/put-back", permission="work.do")
async def put_back(tx: Tx, work_id: int) -> Done:
    """Give it up: the order goes back to its place in the queue."""
    with rows.one_of_a_set():
        await fulfilment.put_back(tx, [work_id], reason="put_back")
    return Done(text=Text("Put back into the queue", "已退回队列"), to=HERE)


@itself("POST", f"{HERE}/{{work_id}}/pictures", permission="work.do", takes_files=True)
async def take(ask: Ask, work_id: int) -> Response[None]:
    """Keep pictures of the open box."""
    for one in (await forms.read(ask.request)).files:
        file = await shots.keep_picture(files.Files(ask.settings.data_dir), one.content)

        async def keep(tx: Tx, file: shots.Kept = file) -> packing.Picture:
            await scope.demand_reach(tx, "work", work_id)
            return await fulfilment.take_picture(tx, work_id, **msgspec.structs.asdict(file))

        await within(ask.db, ask.actor, keep, name="pack_station.take")
    headers = {"Location": who.page_of(ask.request), "Cache-Control": "no-store"}
    return Response(None, status_code=303, headers=headers)


def needed_of(row: pick_queue.Row) -> dict[str, int]:
    """The pieces that a work gives, by SKU; of a bundle what lies in it."""
    needed: Counter[str] = Counter()
    for line in row.lines:
        for sku, units in [(one.sku, one.quantity) for one in line.pieces] or [(line.sku, line.quantity)]:
            needed[sku] += units
    return dict(needed)


async def _offers(tx: Tx, merchant_id: int, needed: dict[str, int]) -> dict[str, catalog.Offer]:
    found = await catalog.offers(tx, [(merchant_id, sku) for sku in needed])
    return {sku: offer for (_, sku), offer in found.items()}


def codes_of(sku: str, offer: catalog.Offer | None) -> set[str]:
    """What a scanner may read off a piece."""
    gtin = offer.gtin if offer else None
    return {sku, *([gtin, gtin.lstrip("0"), gtin.zfill(13), gtin.zfill(14)] if gtin else [])}


def _scanned(
    query: PackQuery, needed: dict[str, int], offers: dict[str, catalog.Offer]
) -> tuple[PackQuery, Stop | None]:
    """What a scan does: one more piece, the number of the last one, or everything stops."""
    code = (query.scan or "").strip()
    state = msgspec.structs.replace(query, scan=None)
    waiting = _wants_number(state, offers)
    if waiting:
        if any(text.partition("~")[2] == code for text in state.n):
            return state, Stop(
                Text("This serial number was read already.", "该序列号已扫过。"),
                Text("Read the other piece.", "请扫描另一件。"),
                code,
            )
        return msgspec.structs.replace(state, n=(*state.n, f"{waiting}~{code}")), None
    sku = next((sku for sku in needed if code in codes_of(sku, offers.get(sku))), None)
    if sku is None:
        return state, Stop(Text("Wrong item. It is not part of this order.", "错误商品，不属于此订单。"),
                           Text("Take it out of the box.", "请将其取出。"), code)  # fmt: skip
    if Counter(state.s)[sku] >= needed[sku]:
        return state, Stop(
            Text("One too many.", "数量超出。"),
            Text("Take it out: all of this item are in the box.", "该商品已装满，请取出多余件。"),
            code,
        )
    return msgspec.structs.replace(state, s=(*state.s, sku)), None


def _wants_number(state: PackQuery, offers: dict[str, catalog.Offer]) -> str:
    """The SKU whose last piece has a number that was not read yet."""
    read = Counter(text.partition("~")[0] for text in state.n)
    return next((sku for sku, units in Counter(state.s).items()
                 if sku in offers and packing.NUMBERED in offers[sku].flags and read[sku] < units), "")  # fmt: skip


def _undone(state: PackQuery) -> PackQuery:
    if not state.s:
        return state
    read = Counter(text.partition("~")[0] for text in state.n)
    if read[state.s[-1]] == Counter(state.s)[state.s[-1]] and state.n and state.n[-1].startswith(f"{state.s[-1]}~"):
        return msgspec.structs.replace(state, n=state.n[:-1])
    return msgspec.structs.replace(state, s=state.s[:-1])


def _address(here: str, state: PackQuery) -> str:
    said = (
        [("s", sku) for sku in state.s]
        + [("n", text) for text in state.n]
        + ([("scan", state.scan)] if state.scan else [])
    )
    return f"{here}?{urlencode(said)}" if said else here


def _number(text: str) -> tuple[str, str]:
    sku, _, number = text.partition("~")
    return sku, number


async def _options(tx: Tx, row: pick_queue.Row) -> list[tuple[str, Text, Text, bool]]:
    """The carriers that the box may go with: code, name, why, and whether it is the suggested one."""
    held = {
        one.code: naming.in_tongues(one.name) for one in await carriers.carriers_of(tx, row.merchant_id) if one.active
    }
    found, seen = [], set()
    for one in await fulfilment.suggest_one(tx, row.id):
        if one.is_out or one.carrier in seen:
            continue
        seen.add(one.carrier)
        why = Text("; ".join(text.en for text in one.reasons), "；".join(text.zh for text in one.reasons))
        found.append((one.carrier, held.get(one.carrier, Text(one.carrier, one.carrier)), why, one.is_chosen))
    return found + [(code, name, Text("", ""), False) for code, name in held.items() if code not in seen]


ROUTES = [ready, find, read_off, table, close, hand_over, put_back, take]
