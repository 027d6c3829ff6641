"""Splitting an order by hand: where its units are kept, what is free elsewhere, and what moving them comes to."""

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import inventory, sourcing
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, rendering
from dingdan.surfaces.shared.pages.doors import act, frame_of, itself, page_response, screen
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.screens import Done, Own
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Word

# So many lines an order can have.
MOST = 2_000
# Numbers as they stand in the fields of a row.
Digits = Annotated[str, Meta(max_length=9, pattern=r"^[0-9]+$")]
Numbers = Annotated[tuple[Digits, ...], Meta(max_length=MOST)]


class SplitForm(Form, frozen=True, kw_only=True):
    """How many units of each line another warehouse shall send, and which one by its code."""

    line_nos: Numbers
    quantities: Numbers
    warehouse: Word


class SplitSoFar(Form, frozen=True, kw_only=True):
    """What stands in the form so far."""

    line_nos: Numbers = ()
    quantities: Numbers = ()
    warehouse: Annotated[str, Meta(max_length=64)] = ""


@screen("/orders/{order_id}/split", permission="order.split")
async def begin(tx: Tx, order_id: int) -> Own:
    """Which warehouses keep the units of an order, and what each of the others has free."""
    standing, offers = await sourcing.offers(tx, order_id)
    names = {one.warehouse.id: naming.in_tongues(one.warehouse.name) for one in offers}
    fit = [one for one in offers if not one.why_not]
    here = naming.place("order", order_id)
    return Own(title=Text("Split order", "拆单"), template="split_order.html", data={
        "here": f"{here}/split", "order_link": naming.link("order", order_id),
        "lines": [
            {
                "line_no": line.line_no, "title": naming.in_tongues(line.title), "sku": line.sku, "most": line.left,
                "kept": [(names[one.warehouse_id], one.units, one.is_in_hand) for one in kept],
                "free": [one.free.get(line.line_no, 0) for one in fit],
            }
            for line in standing.lines if (kept := sourcing.held(standing, line.line_no))
        ],
        "fit": [names[one.warehouse.id] for one in fit],
        "choices": [(one.warehouse.code, with_code(names[one.warehouse.id], one.warehouse.code)) for one in fit],
        "chosen": _first_choice(standing, fit),
        "unfit": [(names[one.warehouse.id], one.why_not[0].message.filled(one.why_not[0].params)) for one in offers if one.why_not],
    }, live=["order"])  # fmt: skip


@itself("POST", "/orders/{order_id}/split/preview", permission="order.split")
async def foresee(ask: Ask, order_id: int) -> Response[str]:
    """What moving these units would come to, by the rules that it goes by. An address has no room for a long order."""
    sent = await read(ask.request)
    problems: tuple[Refusal, ...] = ()
    made: sourcing.Split | None = None
    async with ask.db.reading(ask.actor) as tx:
        try:
            form: SplitSoFar = as_form(SplitSoFar, sent.words)
            if (units := _units(form)) and form.warehouse:
                found = (await sourcing.foresee(tx, {order_id: units}, form.warehouse))[order_id]
                made, problems = (None, found.problems) if isinstance(found, Refusal) else (found, ())
        except Refusal as refusal:
            problems = refusal.problems
        places = {place for one in (made.taken.values() if made else ()) for place in one}
        names = {
            i: naming.in_tongues(one.name)
            for i, one in (await inventory.warehouses(tx, {*places, *([made.warehouse_id] if made else [])})).items()
        }
        frame = frame_of(ask.request, tx.now)
    return page_response(rendering.draw(
        "split_preview.html", frame, problems=problems, made=_told(made, names) if made is not None else None
    ))  # fmt: skip


@act("/orders/{order_id}/split", permission="order.split", screen=begin)
async def split(tx: Tx, order_id: int, form: SplitForm) -> Done:
    """Have units sent from another warehouse; all of them in one warehouse is one parcel again."""
    units = _units(form)
    if not units:
        raise Malformed("quantities", what="name the units that shall move", what_zh="请填写要移动的件数")
    made = await sourcing.split(tx, order_id, units, form.warehouse)
    said = Text("Joined: the order leaves in one parcel", "已并单，整单由一个仓库发货") if made.parcels == 1 else Text(
        f"Split: the order leaves in {made.parcels} parcels", f"已拆单，分 {made.parcels} 个仓库发货")  # fmt: skip
    return Done(text=said, to=naming.place("order", order_id))


def with_code(name: Text, code: str) -> Text:
    """What something is called, and the word that refusals and programs know it by."""
    return Text(f"{name.en} ({code})", f"{name.zh}（{code}）")


def told_late(late: sourcing.Outlook) -> dict[str, Any]:
    """The moments of a promise that is in danger."""
    return {
        "ship_by": late.ship_by, "arrive_by": late.arrive_by, "promised_ship_by": late.promised_ship_by,
        "promised_arrive_by": late.promised_arrive_by,
    }  # fmt: skip


def _told(made: sourcing.Split, names: Mapping[int, Text]) -> dict[str, Any]:
    moves: dict[int, int] = {}
    for places in made.taken.values():
        for place, units in places.items():
            moves[place] = moves.get(place, 0) + units
    return {
        "to": names[made.warehouse_id], "moves": [(names[place], units) for place, units in moves.items()],
        "parcels": made.parcels, "late": told_late(made.is_late) if made.is_late is not None else None,
    }  # fmt: skip


def _first_choice(standing: sourcing.Standing, fit: list[sourcing.Offer]) -> str:
    """The warehouse that most is free in of those that keep nothing yet, or else of all."""
    kept = {part.warehouse_id for own in standing.parts.values() for part in own}
    best = max(fit, key=lambda one: (one.warehouse.id not in kept, sum(one.free.values())), default=None)
    return best.warehouse.code if best is not None else ""


def _units(form: SplitForm | SplitSoFar) -> dict[int, int]:
    """The lines of which anything shall move. Raises Malformed."""
    if len(form.line_nos) != len(form.quantities):
        raise Malformed("quantities", what="every line needs a quantity", what_zh="每行须填写件数")
    return {int(line): int(units) for line, units in zip(form.line_nos, form.quantities, strict=True) if int(units)}


ROUTES = [begin, foresee, split]
