"""What customs do with an order from abroad: its release, and goods of it that go back to the bonded zone."""

from collections.abc import Sequence
from datetime import date

import msgspec

from dingdan.areas import customs, orders
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Code, Done, Field, Part, Section
from dingdan.surfaces.shared.wire import Id, LineNo, Quantity, Word, number


class ReleaseForm(Form, frozen=True, kw_only=True):
    """The number of the declaration, and the day of its release in China."""

    declaration: Word
    released_on: date


class ApplyForm(Form, frozen=True, kw_only=True):
    """What customs were asked to take back, and when."""

    line: LineNo
    units: Quantity
    applied_on: date


class BackForm(Form, frozen=True, kw_only=True):
    """Which application, and when the goods were back."""

    application: Id
    back_on: date


class WithdrawForm(Form, frozen=True, kw_only=True):
    """Which application."""

    application: Id


class Shown(msgspec.Struct, frozen=True):
    """A row with what can be done with it."""

    cells: list[object]
    below: object
    acts: list[Act]


@act("/orders/{order_id}/customs_release", permission="customs.note")
async def released(tx: Tx, order_id: int, form: ReleaseForm) -> Done:
    """Note when customs released the declaration."""
    await customs.note_release(tx, order_id, declaration=form.declaration, released_on=form.released_on)
    return Done(text=Text("Release noted", "已登记放行"))


@act("/orders/{order_id}/customs_apply", permission="customs.note")
async def applied(tx: Tx, order_id: int, form: ApplyForm) -> Done:
    """Note that customs were asked to take goods back."""
    await customs.apply(tx, order_id, [customs.ReturnLine(form.line, form.units)], applied_on=form.applied_on)
    return Done(text=Text("Application noted", "已登记退运申请"))


@act("/orders/{order_id}/customs_back", permission="customs.note")
async def back(tx: Tx, order_id: int, form: BackForm) -> Done:
    """Note when the goods were back; in time their tax is refunded."""
    await customs.note_return(tx, await _of(tx, order_id, form.application), back_on=form.back_on)
    return Done(text=Text("Return noted", "已登记退运入区"))


@act("/orders/{order_id}/customs_withdraw", permission="customs.note")
async def withdrawn(tx: Tx, order_id: int, form: WithdrawForm) -> Done:
    """The application was taken back, or customs did not take it."""
    await customs.withdraw(tx, await _of(tx, order_id, form.application))
    return Done(text=Text("Application withdrawn", "退运申请已撤回"))


async def section(tx: Tx, order_id: int, lines: Sequence[orders.OrderLine]) -> list[Section]:
    """What customs did with an order from abroad, with what can be noted."""
    abroad = [line for line in lines if customs.FLAG in line.flags]
    if not abroad:
        return []
    here, may_note = naming.place("order", order_id), tx.actor.may("customs.note")
    release = (await customs.releases(tx, [order_id])).get(order_id)
    items = [(str(line.line_no), naming.in_tongues(line.title)) for line in abroad if line.left > 0]
    noting = [
        Act("customs_release", Text("Note the release", "登记放行"), f"{here}/customs_release", fields=[
            Field("declaration", Text("Declaration", "申报清单号"), value=release.declaration if release else None),
            Field("released_on", Text("Released on (day in China)", "放行日期（北京时间）"), "date",
                  value=release.released_on if release else None),
        ]),
        Act("customs_apply", Text("Note an application to take back", "登记退运申请"), f"{here}/customs_apply", fields=[
            Field("line", Text("Which item", "商品"), "choice", options=items), Field("units", Text("Units", "件数"), "number"),
            Field("applied_on", Text("Applied on", "申请日期"), "date"),
        ], why_not=None if release else Text("It was not released yet.", "尚未放行。")),
    ]  # fmt: skip
    rows = [] if release is None else [_release(release)]
    rows += [_return(one, here, may_note=may_note) for one in await customs.returns_of(tx, order_id)]
    return [Part(Text("Customs", "海关"), "act_rows.html", {
        "rows": rows, "acts": noting if may_note else [], "empty": Text("Nothing is noted yet.", "暂无记录。"),
    })]  # fmt: skip


def _release(one: customs.Release) -> Shown:
    apply_by, back_by = customs.last_days(one.released_on)
    return Shown(
        [Text("Released", "已放行"), one.released_on.isoformat(), Code(one.declaration)],
        Text(f"apply to take back by {apply_by}, goods back by {back_by}", f"退运申请截止 {apply_by}，入区截止 {back_by}"), [],
    )  # fmt: skip


def _return(one: customs.CustomsReturn, here: str, *, may_note: bool) -> Shown:
    which = Field("application", Text("Application", "申请"), "hidden", value=naming.ref("customs_return", one.id))
    goes = may_note and one.back_on is None and str(one.state) == "applied"
    units = ", ".join(f"{line_no} × {units}" for line_no, units in sorted(one.by_line.items()))
    return Shown(
        [vocabulary.chip("customs_return", one.state), Text(f"lines {units}", f"行 {units}")],
        Text(f"applied on {one.applied_on}", f"申请日期 {one.applied_on}"), [
            Act(f"customs_back_{one.id}", Text("They are back", "登记入区"), f"{here}/customs_back", fields=[
                which, Field("back_on", Text("Back on", "入区日期"), "date")]),
            Act(f"customs_withdraw_{one.id}", Text("Withdraw", "撤回"), f"{here}/customs_withdraw", fields=[which],
                warns=Text("The application no longer counts.", "该申请将失效。")),
        ] if goes else [],
    )  # fmt: skip


async def _of(tx: Tx, order_id: int, application: str) -> int:
    """An application that belongs to this order. Raises CustomsReturnUnknown."""
    found = number("customs_return", application, "application")
    if found not in {one.id for one in await customs.returns_of(tx, order_id)}:
        raise customs.CustomsReturnUnknown
    return found


ROUTES = [released, applied, back, withdrawn]
