"""The inspection station: scan a waybill, scan each unit, grade it; the end closes the parcel and the next scan begins the next."""

from collections import Counter
from typing import Annotated, Literal

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import inspection, orders, returns, way_back
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.overviews import finding, inspection_queue
from dingdan.plumbing import files
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.house import bench_state, bench_view
from dingdan.surfaces.console.house.bench_state import BenchQuery
from dingdan.surfaces.shared import rows, scope, shots
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, naming, who
from dingdan.surfaces.shared.pages.doors import act, itself, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done, Own
from dingdan.surfaces.shared.wire import Input, Prose

HERE = "/station/inspect"
ASIDE = {
    "extra": Text("more than announced", "多寄商品"), "different": Text("another thing than was sold", "错寄，非原商品"),
    "another_order": Text("of another order", "其他订单的商品"), "empty": Text("the box was empty", "空包裹"),
}  # fmt: skip


class NothingFits(Refusal):
    """What was scanned leads to no return that waits."""

    code = "station.nothing_fits"
    kind = Kind.NOT_FOUND
    message = Text("No return that waits fits {code}.", "没有与 {code} 匹配的待收退货。")
    remedy = Text(
        "Scan again, or note it as a parcel without an owner under Unmatched parcels.",
        "请重新扫描，或在“无头件”中登记。",
    )


class ReadyQuery(Input, frozen=True, kw_only=True):
    """What was scanned where several returns fit, and what was finished last."""

    code: Annotated[str, Meta(max_length=200)] | None = None
    done: Annotated[str, Meta(max_length=40)] | None = None


class ScanForm(Form, frozen=True, kw_only=True):
    """What the scanner read."""

    scan: Annotated[str, Meta(min_length=1, max_length=200)]


class FinishForm(Form, frozen=True, kw_only=True):
    """All that was found, as the address says it; `lab` leaves the decision to a laboratory."""

    u: Annotated[tuple[str, ...], Meta(max_length=500)] = ()
    lab: bool = False


class AsideForm(Form, frozen=True, kw_only=True):
    """Something in the parcel that is not part of the return: it is set aside until its owner is found."""

    what: Literal["extra", "different", "another_order", "empty"]
    code: Annotated[str, Meta(max_length=64)] = ""
    note: Prose = ""


@screen(HERE, permission="return.inspect")
async def ready(tx: Tx, query: ReadyQuery) -> Own:
    """Ready for a waybill; several returns that fit are shown to choose from."""
    waiting = await inspection_queue.page(tx, inspection_queue.Filter(), Page(8))
    fitting = await _fitting(tx, query.code) if query.code else []
    last = None
    if query.done and (number := ids.decode("return", query.done)) is not None:
        last = (await returns.get(tx, [number])).get(number)
    return Own(title=Text("Inspection station", "验货台"), template="inspect_ready.html", needs_camera=True, live=(), data={
        "waiting": waiting[:8], "more": len(waiting) > 8, "fitting": fitting, "code": query.code or "",
        "done": None if last is None else await _outcome(tx, last), "ref": naming.ref, "spoken": naming.spoken,
        "today": await inspection_queue.done_today(tx, tx.actor.id or 0),
    })  # fmt: skip


@act(f"{HERE}/scan", permission="return.inspect")
async def scan(tx: Tx, form: ScanForm) -> Done:
    """A waybill, a return or an order: its return is on the bench."""
    fitting = await _fitting(tx, form.scan)
    if not fitting:
        raise NothingFits("scan", code=form.scan[:60])
    found = Text("Found", "已找到")
    if len(fitting) > 1:
        return Done(text=found, to=f"{HERE}?code={form.scan}")
    return Done(text=found, to=f"{HERE}/{naming.ref('return', fitting[0].id)}")


@screen(f"{HERE}/{{return_id}}", permission="return.inspect")
async def bench(tx: Tx, return_id: int, query: BenchQuery) -> Own:
    """One return on the bench, as far as it was looked at."""
    desk = (await returns.desks(tx, [return_id])).get(return_id)
    if desk is None:
        raise returns.ReturnUnknown
    state, stop = bench_state.read(query), None
    if query.scan:
        offers = await bench_view.offers_of(tx, desk)
        state, stop = bench_view.scanned(desk, offers, state, query.scan)
    data = await bench_view.drawn(tx, desk, state, stop)
    is_open = desk.held.outcome is returns.Outcome.OPEN and desk.held.decision is returns.Decision.APPROVED
    return Own(title=Text("Inspection station", "验货台"), template="inspect.html", needs_camera=True, data={
        **data, "is_open": is_open, "aside": ASIDE, "outcome_chip": None if is_open else await _outcome(tx, desk.held),
    })  # fmt: skip


@act(f"{HERE}/{{return_id}}/finish", permission="return.inspect")
async def finish(tx: Tx, return_id: int, form: FinishForm) -> Done:
    """The parcel is closed: what lay in it is received, and what was found decides about money and goods."""
    desk = (await returns.desks(tx, [return_id])).get(return_id)
    if desk is None:
        raise returns.ReturnUnknown
    units = bench_state.read(BenchQuery(u=form.u)).units
    lines = bench_state.findings(desk, units, with_rest=False)
    with rows.one_of_a_set():
        if desk.held.journey is not returns.Journey.RECEIVED:
            await returns.receive(tx, [returns.Receive(return_id, _counted(lines))])
        (made,) = await returns.inspect(tx, [returns.Inspect(return_id, lines, form.lab)])
    text = (
        Text("Noted; somebody else looks too", "已记录，等待复核") if made.needs else Text("Parcel closed", "验货完成")
    )
    return Done(text=text, to=f"{HERE}?done={naming.ref('return', return_id)}")


@act(f"{HERE}/{{return_id}}/take-in", permission="return.receive")
async def take_in(tx: Tx, return_id: int, form: FinishForm) -> Done:
    """Receive what is here and wait for the rest, or take in goods that are only to be mended."""
    held = await returns.get_one(tx, return_id)
    lines = None
    if held.resolution is not returns.Resolution.REPAIR:
        desk = (await returns.desks(tx, [return_id]))[return_id]
        units = bench_state.read(BenchQuery(u=form.u)).units
        lines = _counted(bench_state.findings(desk, units, with_rest=False))
    with rows.one_of_a_set():
        await returns.receive(tx, [returns.Receive(return_id, lines)])
    return Done(text=Text("Taken in", "已签收入库"), to=HERE)


@act(f"{HERE}/{{return_id}}/confirm", permission="return.inspect")
async def confirm(tx: Tx, return_id: int) -> Done:
    """A second person found what the first one did."""
    with rows.one_of_a_set():
        await returns.confirm(tx, return_id)
    return Done(text=Text("Parcel closed", "验货完成"), to=f"{HERE}?done={naming.ref('return', return_id)}")


@act(f"{HERE}/{{return_id}}/aside", permission="return.receive")
async def aside(tx: Tx, return_id: int, form: AsideForm) -> Done:
    """Write down what lay in the parcel and is not part of the return."""
    held = await returns.get_one(tx, return_id)
    said = ASIDE[form.what]
    note = f"{said.zh} / {said.en}. {form.code} {form.note}".strip()
    await way_back.register(tx, way_back.NewStray(
        merchant_id=held.merchant_id, warehouse_id=held.warehouse_id, order_ref=ids.encode("order", held.order_id),
        is_empty=form.what == "empty", note=note,
    ))  # fmt: skip
    return Done(text=Text("Set aside under Unmatched parcels", "已登记到无头件"))


@itself("POST", f"{HERE}/{{return_id}}/pictures", permission="return.inspect", takes_files=True)
async def take(ask: Ask, return_id: int) -> Response[None]:
    """Keep pictures of unpacking or of what is not as it should be."""
    sent = await forms.read(ask.request)
    shows = (sent.words.get("shows") or ["unpacking"])[0]
    line_no = (sent.words.get("line_no") or ["0"])[0]
    for one in sent.files:
        kept = await shots.keep_picture(files.Files(ask.settings.data_dir), one.content)
        file = inspection.Drawn(**msgspec.structs.asdict(kept))

        async def keep(tx: Tx, file: inspection.Drawn = file) -> inspection.InspectionPicture:
            await scope.demand_reach(tx, "return", return_id)
            return await returns.take_picture(
                tx, return_id, line_no=int(line_no) if line_no.isdecimal() and len(line_no) < 5 else 0,
                shows=shows if shows in bench_view.SHOWS else "unpacking", drawn=file,
            )  # fmt: skip

        await within(ask.db, ask.actor, keep, name="inspect_station.take")
    headers = {"Location": who.page_of(ask.request), "Cache-Control": "no-store"}
    return Response(None, status_code=303, headers=headers)


def _counted(lines: tuple[inspection.InspectedLine, ...]) -> tuple[returns.ReceivedLine, ...]:
    counts: Counter[int] = Counter()
    for line in lines:
        counts[line.line_no] += line.quantity
    return tuple(returns.ReceivedLine(line_no, units) for line_no, units in sorted(counts.items()))


async def _fitting(tx: Tx, said: str) -> list[returns.Return]:
    """The returns that wait and that a waybill, a return's or an order's number leads to."""
    code = said.strip()
    found: dict[int, returns.Return] = {}
    if (number := ids.decode("return", code)) is not None:
        found |= await returns.get(tx, [number])
    if not found:
        found = {one.id: one for one in await returns.in_parcel(tx, code)}
    if not found:
        number = ids.decode("order", code)
        known = await finding.by_number(tx, [number]) if number is not None else []
        known += await finding.by_reference(tx, code) + await finding.by_tracking(tx, code)
        found = {one.id: one for one in await returns.of_orders(tx, {one.order_id for one in known})}
    open_ = [one for one in found.values()
             if one.decision is returns.Decision.APPROVED and one.outcome is returns.Outcome.OPEN]  # fmt: skip
    return sorted(open_, key=lambda one: one.id)


async def _outcome(tx: Tx, held: returns.Return) -> dict[str, object]:
    """How the last parcel ended."""
    currency = (await orders.get_one(tx, held.order_id)).currency
    found = await returns.findings(tx, held.id)
    amount = await bench_view.refunded(tx, held)
    return {
        "number": naming.spoken(held.id), "href": naming.place("return", held.id), "outcome": str(held.outcome),
        "lines": [(one.line_no, one.quantity, one.grade, bench_view.BINS[one.disposition], one.is_accepted) for one in found],
        "amount": None if amount is None else Money(amount, currency),
    }  # fmt: skip


ROUTES = [ready, scan, bench, finish, take_in, confirm, aside, take]
