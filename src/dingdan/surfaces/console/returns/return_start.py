"""Starting a return for a buyer from their order: lines, reasons, the way out, and what it leads to before it is sent."""

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import channel_orders, identity, orders, policies, returns
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Text
from dingdan.overviews import order_page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.returns import return_words as words
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form, Typed, amount_of
from dingdan.surfaces.shared.pages.screens import Done, Own
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input, Word

MOST = 200
# Numbers as they stand in the fields of a row.
Digits = Annotated[str, Meta(max_length=9, pattern=r"^[0-9]+$")]
Numbers = Annotated[tuple[Digits, ...], Meta(max_length=MOST)]
Reasons = Annotated[tuple[Word, ...], Meta(max_length=MOST)]


class StartForm(Form, frozen=True, kw_only=True):
    """Units of each line with a reason, and what the buyer wants for them; `ask_person` where the rules say no."""

    line_nos: Numbers
    quantities: Numbers
    reasons: Reasons
    resolution: returns.Resolution = returns.Resolution.REFUND
    wanted: Typed = ""
    ask_person: bool = False


class StartQuery(Input, frozen=True, kw_only=True):
    """What stands in the form so far."""

    line_nos: Numbers = ()
    quantities: Numbers = ()
    reasons: Reasons = ()
    resolution: returns.Resolution = returns.Resolution.REFUND
    wanted: Typed = ""
    ask_person: bool = False
    once: Annotated[str, Meta(max_length=64)] = ""


@screen("/orders/{order_id}/return", permission="return.apply")
async def begin(tx: Tx, order_id: int) -> Own:
    """The lines of an order that can come back, with the reasons of its policy."""
    order = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    taken = await returns.taken_units(tx, order_id)
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    names = (await order_page.names(tx, [order_id]))[order_id]
    return Own(title=Text("Start a return", "发起售后"), template="start_return.html", data={
        "here": f"{naming.place('order', order_id)}/return", "order_link": naming.link("order", order_id),
        "policy": f"{names.policy} {names.policy_version}", "currency": order.currency,
        "lines": [
            {"line_no": line.line_no, "title": naming.in_tongues(line.title), "sku": line.sku,
             "left": max(0, line.quantity - line.cancelled - taken.get(line.line_no, 0)), "paid": Money(line.net, order.currency)}
            for line in lines
        ],
        "reasons": [
            (code, Text(one.en, one.zh))
            for code, one in sorted(document.reasons.items(), key=lambda pair: (pair[1].kind != "no_reason", pair[1].kind == "other"))
        ],
        "resolutions": words.ASKABLE,
    }, live=["order"])  # fmt: skip


@screen("/orders/{order_id}/return/preview", permission="return.apply")
async def foresee(tx: Tx, order_id: int, query: StartQuery) -> Own:
    """What the application would lead to, by the rules that it goes by."""
    problems: Sequence[Refusal] = ()
    made: returns.Preview | None = None
    try:
        made = await returns.preview(tx, await _application(tx, order_id, query))
    except Refusal as refusal:
        problems = refusal.problems
    return Own(title=Text("What it leads to", "申请预览"), template="start_preview.html", data={
        "problems": problems, "foreseen": [_part(one) for one in made.returns] if made is not None else [],
    })  # fmt: skip


@act("/orders/{order_id}/return", permission="return.apply", screen=begin)
async def apply(tx: Tx, order_id: int, form: StartForm) -> Done:
    """Apply for the buyer; it is approved at once where the policy alone decides."""
    if form.resolution in (returns.Resolution.REFUND_ONLY, *returns.FOR_GOODS):
        await channel_orders.demand_made_here(tx, order_id)
    made = await returns.apply(tx, await _application(tx, order_id, form))
    if not made.returns:
        return Done(
            text=Text("Cancelled before it left; the money goes back", "未发货商品已取消，款项将退回"),
            to=naming.place("order", order_id),
        )
    one = made.returns[0]
    said = Text("Return approved", "售后已通过") if one.decision is returns.Decision.APPROVED else Text(
        "Return asked for", "售后已提交")  # fmt: skip
    return Done(text=said, to=naming.place("return", one.id))


async def _application(tx: Tx, order_id: int, form: StartForm | StartQuery) -> returns.Apply:
    """What stands in a form as an application of the order's buyer. Raises Malformed."""
    if len({len(form.line_nos), len(form.quantities), len(form.reasons)}) != 1:
        raise Malformed("quantities", what="every line needs a quantity and a reason", what_zh="每行须填写数量和原因")
    order = await orders.get_one(tx, order_id)
    contact = await identity.contact(tx, order.contact_id)
    return returns.Apply(
        order.merchant_id, contact.ref if contact is not None else "",
        tuple(
            returns.ApplyLine(quantity=count, reason=reason, order_id=order_id, line_no=int(line_no))
            for line_no, units, reason in zip(form.line_nos, form.quantities, form.reasons, strict=True) if (count := int(units))
        ),
        resolution=form.resolution, ask_person=form.ask_person,
        wanted=amount_of(form.wanted, order.currency, "wanted") if form.wanted else None,
    )  # fmt: skip


def _part(one: returns.PreviewReturn) -> dict[str, Any]:
    checks = [check for line in one.lines for check in line.checks]
    return {
        "approved": one.is_approved, "cancelled": one.is_cancelled, "refund": Money(one.refund, one.currency),
        "components": [(words.part(part.component, part.rule), Money(part.amount, one.currency)) for part in one.parts],
        "checks": [(check.is_passed, check.text) for check in checks], "way_back": words.WAY_BACK[one.way_back],
        "why": [words.full_reason(code) for code in one.review_reasons], "answer_by": one.answer_by, "send_by": one.send_by,
        "missing": [Text(shot.en, shot.zh) for shot in one.shots_missing],
    }  # fmt: skip


ROUTES = [begin, foresee, apply]
