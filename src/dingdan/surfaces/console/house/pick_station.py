"""The picking station, for a phone: one shelf at a time, what is picked stands in the address, short picks put the books right."""

from collections import Counter
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Meta

from dingdan.areas import catalog, fulfilment
from dingdan.kernel import ids
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.overviews import pick_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.house.bench_view import Stop
from dingdan.surfaces.console.house.pack_station import codes_of
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done, Own
from dingdan.surfaces.shared.wire import Id, Input

HERE = "/station/pick"


class NothingWaits(Refusal):
    """Nobody's order waits to be picked here."""

    code = "station.nothing_waits"
    kind = Kind.CONFLICT
    message = Text("Nothing waits to be picked in this warehouse.", "该仓暂无待拣任务。")
    remedy = Text("Look again later, or choose another warehouse.", "请稍后再试，或选择其他仓库。")


class PickQuery(Input, frozen=True, kw_only=True):
    """Which warehouse."""

    warehouse: Id | None = None


class RoundQuery(Input, frozen=True, kw_only=True):
    """What was picked (`s`, SKU by SKU), what is skipped for now (`skip`), and what was just scanned."""

    s: Annotated[tuple[Annotated[str, Meta(max_length=120)], ...], Meta(max_length=2_000)] = ()
    skip: Annotated[tuple[Annotated[str, Meta(max_length=120)], ...], Meta(max_length=200)] = ()
    scan: Annotated[str, Meta(max_length=200)] | None = None
    all: Annotated[str, Meta(max_length=120)] | None = None


class TakeForm(Form, frozen=True, kw_only=True):
    """How much to take from which warehouse's queue: the next work, or a wave."""

    warehouse: Id
    size: Annotated[int, Meta(ge=1, le=50)] = 1


class ShortForm(Form, frozen=True, kw_only=True):
    """Pieces that are not there, or not fit."""

    sku: Annotated[str, Meta(min_length=1, max_length=120)]
    pieces: Annotated[int, Meta(ge=1, le=1_000_000)]
    how: Literal["missing", "damaged"]


@screen(HERE, permission="work.do")
async def ready(tx: Tx, query: PickQuery) -> Own:
    """Take the next work or a wave; what is in hand goes on with one tap."""
    places = await choosing.warehouses_to_choose(tx)
    waiting = {}
    for code, _ in places:
        number = ids.decode("warehouse", code) or 0
        waiting[code] = len(await fulfilment.waiting(tx, number, limit=100))
    busiest = max((code for code, _ in places), key=lambda code: waiting[code], default="")
    chosen = query.warehouse if query.warehouse in waiting else busiest
    mine = [one for one in await pick_queue.claimed(tx, tx.actor.id or 0) if one.state == "picking"]
    waves = sorted({one.wave_id for one in mine if one.wave_id is not None})
    return Own(title=Text("Picking", "拣货"), template="pick_ready.html", needs_camera=True, data={
        "places": places, "waiting": waiting, "chosen": chosen, "mine": [one for one in mine if one.wave_id is None], "waves": [
            (naming.ref("wave", number), sum(one.wave_id == number for one in mine)) for number in waves],
        "ref": naming.ref, "spoken": naming.spoken,
    })  # fmt: skip


@act(f"{HERE}/take", permission="work.do")
async def take(tx: Tx, form: TakeForm) -> Done:
    """Take the next work, or the next works for one pass; two people never get the same one."""
    number = ids.decode("warehouse", form.warehouse)
    await scope.demand_reach(tx, "warehouse", number, "warehouse")
    assert number is not None
    if form.size > 1:
        made = await fulfilment.claim_wave(tx, number, size=form.size, claimed_by=tx.actor.id)
        if made is None:
            raise NothingWaits("warehouse")
        return Done(text=Text("Wave taken", "已领取波次"), to=f"{HERE}/wave/{naming.ref('wave', made[0].id)}")
    works = await fulfilment.claim(tx, number, limit=1, claimed_by=tx.actor.id)
    if not works:
        raise NothingWaits("warehouse")
    return Done(text=Text("Work taken", "已领取任务"), to=f"{HERE}/work/{naming.ref('work', works[0].id)}")


@screen(f"{HERE}/work/{{work_id}}", permission="work.do")
async def single(tx: Tx, work_id: int, query: RoundQuery) -> Own:
    """One order's pieces, shelf after shelf."""
    work = (await fulfilment.works(tx, [work_id])).get(work_id)
    if work is None:
        raise fulfilment.WorkUnknown
    return await _round(tx, [work_id], query, f"{HERE}/work/{naming.ref('work', work_id)}")


@screen(f"{HERE}/wave/{{wave_id}}", permission="work.do")
async def wave(tx: Tx, wave_id: int, query: RoundQuery) -> Own:
    """The pieces of all orders of a wave in one pass."""
    _, works = await fulfilment.wave(tx, wave_id)
    return await _round(tx, [work.id for work in works], query, f"{HERE}/wave/{naming.ref('wave', wave_id)}")


@act(f"{HERE}/work/{{work_id}}/short", permission="work.do")
async def short(tx: Tx, work_id: int, form: ShortForm) -> Done:
    """Say what is not there; other warehouses give it, or the order waits."""
    await _report(tx, [work_id], form)
    return Done(text=Text("Noted, the books are right again", "已登记，库存已更正"))


@act(f"{HERE}/wave/{{wave_id}}/short", permission="work.do")
async def short_in_wave(tx: Tx, wave_id: int, form: ShortForm) -> Done:
    """Say what is not there: the last orders of the wave that want it go without."""
    _, works = await fulfilment.wave(tx, wave_id)
    await _report(tx, [work.id for work in works if str(work.state) == "picking"], form)
    return Done(text=Text("Noted, the books are right again", "已登记，库存已更正"))


@act(f"{HERE}/work/{{work_id}}/put-back", permission="work.do")
async def put_back(tx: Tx, work_id: int) -> Done:
    """Give it up: the order goes back to its place in the queue."""
    with rows.one_of_a_set():
        await fulfilment.put_back(tx, [work_id], reason="put_back")
    return Done(text=Text("Put back into the queue", "已退回队列"), to=HERE)


async def _round(tx: Tx, work_ids: list[int], query: RoundQuery, here: str) -> Own:
    """One stop of a round: the next shelf with something to take."""
    works = [one for one in await pick_queue.works(tx, work_ids) if one.state == "picking"]
    pieces = await pick_queue.to_pick(tx, work_ids)
    merchant_id = works[0].merchant_id if works else 0
    offers = {
        sku: offer for (_, sku), offer in (await catalog.offers(tx, [(merchant_id, one.sku) for one in pieces])).items()
    }
    state, stop = _scanned(query, pieces, offers)
    seen = Counter(state.s)
    left = [one for one in pieces if seen[one.sku] < one.quantity]
    at = next((one for one in left if one.sku not in state.skip), left[0] if left else None)
    return Own(title=Text("Picking", "拣货"), template="pick.html", needs_camera=True, data={
        "here": here, "now": _address(here, state), "state": state, "stop": stop, "pieces": pieces, "seen": seen, "at": at,
        "works": works, "offer": offers.get(at.sku) if at else None, "title": naming.in_tongues(at.title) if at else None,
        "undo": _address(here, msgspec.structs.replace(state, s=state.s[:-1])), "is_wave": "/wave/" in here,
        "all": _address(here, msgspec.structs.replace(state, s=(*state.s, *[at.sku] * (at.quantity - seen[at.sku])))) if at else "",
        "later": _address(here, msgspec.structs.replace(state, skip=(*state.skip, at.sku))) if at and len(left) > 1 else "",
        "one": _address(here, msgspec.structs.replace(state, s=(*state.s, at.sku))) if at else "",
        "ref": naming.ref, "spoken": naming.spoken, "chip": lambda word: vocabulary.chip("work", word),
        "titles": {one.sku: naming.in_tongues(one.title) for one in pieces},
    })  # fmt: skip


def _scanned(
    query: RoundQuery, pieces: list[pick_queue.Piece], offers: dict[str, catalog.Offer]
) -> tuple[RoundQuery, Stop | None]:
    state = msgspec.structs.replace(query, scan=None)
    code = (query.scan or "").strip()
    seen = Counter(state.s)
    if not code:
        return state, None
    at = next((one for one in pieces if seen[one.sku] < one.quantity and one.sku not in state.skip), None)
    if at is not None and code == at.bin:
        return state, None
    found = next((one for one in pieces if code in codes_of(one.sku, offers.get(one.sku))), None)
    if found is None:
        return state, Stop(
            Text("Wrong item.", "拿错了。"),
            Text("Nothing of this round. Put it back.", "不在本次拣货清单中，请放回。"),
            code,
        )
    if seen[found.sku] >= found.quantity:
        return state, Stop(Text("Enough of it.", "数量已够。"), Text("Put it back.", "请放回多余件。"), code)
    return msgspec.structs.replace(state, s=(*state.s, found.sku)), None


async def _report(tx: Tx, work_ids: list[int], form: ShortForm) -> None:
    """Spread what is short over the works that want it, the last one first. Raises as `report_short`."""
    left, line_no = form.pieces, 0
    for row in reversed(await pick_queue.works(tx, work_ids)):
        reported = []
        for line in row.lines:
            inside = {one.sku: one.quantity for one in line.pieces} or {line.sku: line.quantity}
            if units := min(left, inside.get(form.sku, 0)):
                line_no, left = line.line_no, left - units
                counts: dict[str, Any] = {form.how: units}
                own = form.sku if line.pieces else None
                reported.append(fulfilment.ShortLine(line.line_no, sku=own, **counts))
        if reported:
            await fulfilment.report_short(tx, row.id, reported)
    if left:
        raise fulfilment.ShortUnfit("pieces", line_no=line_no, reported=form.pieces, wanted=form.pieces - left)


def _address(here: str, state: RoundQuery) -> str:
    said = [("s", sku) for sku in state.s] + [("skip", sku) for sku in state.skip]
    return f"{here}?{urlencode(said)}" if said else here


ROUTES = [ready, take, single, wave, short, short_in_wave, put_back]
