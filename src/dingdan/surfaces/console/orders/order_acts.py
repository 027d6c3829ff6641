"""What can be done with an order before it leaves, and about what its buyer says of it."""

from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import access, cases, feedback, fulfilment, identity, notifications, orders, placement, talks
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import address_form, combining
from dingdan.surfaces.console.orders.address_form import AddressForm
from dingdan.surfaces.console.orders.combining import PartForm, SharedForm
from dingdan.surfaces.shared import papers, scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act, itself, tongue_of
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done
from dingdan.surfaces.shared.papers import making
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code as ReasonCode
from dingdan.surfaces.shared.wire import LineNo, Prose, Quantity


class ReasonForm(Form, frozen=True, kw_only=True):
    """Why."""

    reason: ReasonCode


class FewerForm(Form, frozen=True, kw_only=True):
    """How many units of a line are cancelled, and why."""

    line: LineNo
    units: Quantity
    reason: ReasonCode


class OtherForm(Form, frozen=True, kw_only=True):
    """How many units of a line are wanted after all; none leaves it out."""

    line: LineNo
    units: Annotated[int, Meta(ge=0, le=1_000_000)]


class ElsewhereForm(AddressForm, frozen=True, kw_only=True):
    """Where the order goes after all, and whether the buyer is let off what the way there costs more."""

    waive: bool = False


class OutcomeForm(Form, frozen=True, kw_only=True):
    """How an objection was settled."""

    outcome: ReasonCode


class TroubleForm(Form, frozen=True, kw_only=True):
    """What went wrong, and what is to be known about it."""

    kind: ReasonCode
    text: Prose = ""


@act("/orders/{order_id}/cancel", permission="order.cancel")
async def cancel(tx: Tx, order_id: int, form: ReasonForm) -> Done:
    """Cancel an order that has not left; what was paid goes back by itself."""
    await orders.cancel(tx, order_id, reason=form.reason)
    return Done(text=Text("Order cancelled", "订单已取消"))


@act("/orders/{order_id}/cancel_units", permission="order.cancel")
async def cancel_units(tx: Tx, order_id: int, form: FewerForm) -> Done:
    """Cancel some units of a paid order; what was paid for them goes back by itself."""
    await orders.cancel_lines(tx, order_id, {form.line: form.units}, reason=form.reason)
    return Done(text=Text("Units cancelled", "部分商品已取消"))


@act("/orders/{order_id}/hold", permission="order.hold")
async def hold(tx: Tx, order_id: int, form: ReasonForm) -> Done:
    """Stop an order before it is picked."""
    await orders.hold(tx, order_id, reason=form.reason)
    return Done(text=Text("Order held", "订单已挂起"))


@act("/orders/{order_id}/release", permission="order.hold")
async def release(tx: Tx, order_id: int) -> Done:
    """Let a held order go on."""
    await orders.release(tx, order_id)
    return Done(text=Text("Order goes on", "订单已放行"))


@act("/orders/{order_id}/reveal", permission="order.read_contact", is_secret=True)
async def reveal(tx: Tx, order_id: int) -> Done:
    """Show who bought, once; that somebody looked is a fact."""
    order = await orders.get_one(tx, order_id)
    contact = await identity.contact(tx, order.contact_id)
    access.note_contact_shown(tx, order_id, order.merchant_id)
    erased = Text("erased", "已删除")
    if contact is None or contact.is_erased:
        return Done(text=erased, to=naming.place("order", order_id), shown=[(Text("Name", "姓名"), erased)])
    where = contact.address
    lines = [contact.province, contact.city, *((where.district, where.detail) if where else ())]
    return Done(
        text=Text("The buyer of this order", "该订单的买家"), to=naming.place("order", order_id),
        shown=[
            (Text("Name", "姓名"), contact.name), (Text("Phone", "电话"), contact.phone),
            (Text("Address", "地址"), " ".join(line for line in lines if line)),
        ],
    )  # fmt: skip


@act("/orders/{order_id}/address", permission="order.change")
async def address(tx: Tx, order_id: int, form: ElsewhereForm) -> Done:
    """Send an order that nobody picks yet elsewhere; the buyer gets a new confirmation."""
    await address_form.send_elsewhere(tx, order_id, form, reason="buyer_request", waive=form.waive)
    return Done(text=Text("Address changed", "地址已更正"))


@act("/orders/{order_id}/quantities", permission="order.change")
async def quantities(tx: Tx, order_id: int, form: OtherForm) -> Done:
    """Other quantities of an unpaid order: it ends, and another takes its place at its terms."""
    now = await placement.change_quantities(
        tx, order_id, {form.line: form.units}, reason="buyer_request", expected_total=None
    )
    return Done(text=Text("Quantities changed", "数量已修改"), to=naming.place("order", now))


@act("/orders/{order_id}/combine", permission="consent.write")
async def combine(tx: Tx, order_id: int, form: SharedForm) -> Done:
    """Write down that the buyer wants this order and those that go to the same door in one parcel."""
    return await combining.combine(tx, order_id, form)


@act("/orders/{order_id}/part", permission="consent.write")
async def part(tx: Tx, order_id: int, form: PartForm) -> Done:
    """The buyer thought again: the orders travel apart."""
    await orders.get_one(tx, order_id)
    return await combining.part(tx, form)


@act("/orders/{order_id}/settle_objection", permission="objection.settle")
async def settle_objection(tx: Tx, order_id: int, form: OutcomeForm) -> Done:
    """Say that what the buyer objected to is settled; the rest of the time for receipt runs."""
    await orders.settle_as_buyers(tx, order_id, outcome=form.outcome)
    return Done(text=Text("Objection settled", "异议已处理"))


@act("/orders/{order_id}/trouble", permission="case.open")
async def trouble(tx: Tx, order_id: int, form: TroubleForm) -> Done:
    """Open a case about the order, where things are sent again, paid or mended."""
    made = await cases.open_by_hand(
        tx, cases.OpenCase(kind=form.kind, order_id=order_id, text=form.text), source="staff"
    )
    if not tx.actor.may("case.read"):
        return Done(text=Text("Case opened", "已登记异常"))
    return Done(
        text=Text("Case opened: choose what is done", "已登记异常，请选择补救措施"), to=naming.place("case", made.id)
    )


@act("/orders/{order_id}/resend", permission="message.resend")
async def resend(tx: Tx, order_id: int) -> Done:
    """Send the newest confirmation once more."""
    said = [one for one in await notifications.confirmations(tx, order_id)
            if notifications.audience(one.occasion) is talks.Side.BUYER]  # fmt: skip
    if not said:
        raise Malformed(what="the order has no confirmation yet", what_zh="该订单尚无确认单")
    await notifications.resend(tx, order_id, said[-1].version)
    return Done(text=Text("Confirmation goes out again", "确认单将重新发送"))


@act("/orders/{order_id}/hide_feedback", permission="feedback.hide")
async def hide_feedback(tx: Tx, order_id: int, form: ReasonForm) -> Done:
    """Hide what the buyer said of the order; it is kept."""
    await feedback.hide(tx, order_id, reason=form.reason)
    return Done(text=Text("Feedback hidden", "评价已隐藏"))


@act("/orders/{order_id}/show_feedback", permission="feedback.hide")
async def show_feedback(tx: Tx, order_id: int) -> Done:
    """Show hidden feedback again."""
    await feedback.show(tx, order_id)
    return Done(text=Text("Feedback shown", "评价已恢复"))


@act("/orders/{order_id}/forget", permission="buyer.forget", fresh=True)
async def forget(tx: Tx, order_id: int) -> Done:
    """Erase all that is known about the buyer for good; orders and books stay true."""
    order = await orders.get_one(tx, order_id)
    await identity.forget(tx, order.buyer_id)
    return Done(text=Text("The buyer's data is gone for good", "买家信息已永久删除"))


@itself("GET", "/papers/slips/{order_id}", permission="label.print")
async def slips(ask: Ask, order_id: int) -> Response[bytes]:
    """The packing slips of every box of an order, a page each."""
    async with ask.db.reading(ask.actor) as tx:
        await scope.demand_reach(tx, "order", order_id)
        works = [one.id for one in await fulfilment.works_of(tx, [order_id]) if str(one.state) != "withdrawn"]
        said = [await making.slip(tx, work_id, ask.settings) for work_id in works]
    if not said:
        raise Malformed(what="nothing of this order waits for the warehouse", what_zh="该订单尚无仓库任务")
    return await making.as_pdf(lambda tongue: papers.slips(said, tongue), tongue_of(ask.request))


ROUTES = [
    cancel, cancel_units, hold, release, reveal, address, quantities, combine, part, settle_objection, trouble, resend,
    hide_feedback, show_feedback, forget, slips,
]  # fmt: skip
