"""What a buyer does with an order."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from litestar import Response
from msgspec import Meta

from dingdan.areas import channel_orders, feedback, invoices, orders, payments, placement, transit
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import order_page, pages, tracking_page, within
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages.doors import act, itself, shown
from dingdan.surfaces.shared.pages.forms import Form, Upload, as_form, read
from dingdan.surfaces.shared.pages.screens import Done
from dingdan.surfaces.shared.wire import Code, Prose, Short, ref


class WhyForm(Form, frozen=True, kw_only=True):
    """Why, as a code."""

    reason: Code = "buyer_request"


class ObjectForm(Form, frozen=True, kw_only=True):
    """What is wrong."""

    reason: Code
    text: Prose = ""


class PayForm(Form, frozen=True, kw_only=True):
    """A provider and one of its methods, with a dot between."""

    way: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}\.[a-z0-9_]{1,40}$")]


class RatingForm(Form, frozen=True, kw_only=True):
    """Stars and words."""

    rating: Literal["1", "2", "3", "4", "5"]
    text: Prose = ""


class InvoiceForm(Form, frozen=True, kw_only=True):
    """To whom the invoice is made out."""

    kind: invoices.TitleKind
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    tax_number: Annotated[str, Meta(max_length=40)] = ""
    email: Annotated[str, Meta(max_length=200)] = ""


class AddressForm(Form, frozen=True, kw_only=True):
    """Where it shall go instead."""

    name: Short = ""
    phone: Short = ""
    country: Short = ""
    province: Short = ""
    city: Short = ""
    district: Short = ""
    detail: Annotated[str, Meta(max_length=500)] = ""
    postcode: Short = ""


@act("/my/{order_id}/cancel", permission="order.cancel", screen=order_page.show)
async def cancel(tx: Tx, order_id: int, form: WhyForm) -> Done:
    """Cancel an order that nobody picks yet; what was paid goes back by itself."""
    await orders.cancel(tx, order_id, reason=form.reason)
    return Done(text=Text("Your order is cancelled.", "订单已取消。"), to=pages.here(order_id))


@act("/my/{order_id}/receive", permission="order.receive", screen=order_page.show)
async def receive(tx: Tx, order_id: int) -> Done:
    """Say that the goods are here."""
    await orders.receive(tx, order_id)
    return Done(text=Text("Thank you.", "谢谢您的确认。"), to=pages.here(order_id))


@act("/my/{order_id}/object", permission="order.receive", screen=order_page.show)
async def objects(tx: Tx, order_id: int, form: ObjectForm) -> Done:
    """Say that something is wrong; it does not count as received meanwhile."""
    await orders.object_as_buyer(tx, order_id, reason=form.reason, text=form.text)
    return Done(text=Text("We know. The time stands still.", "已收到，自动确认收货已暂停。"), to=pages.here(order_id))


@act("/my/{order_id}/settled", permission="order.receive", screen=order_page.show)
async def settled(tx: Tx, order_id: int) -> Done:
    """Take an objection back; the rest of the time runs, a day at least."""
    await orders.settle_as_buyers(tx, order_id, outcome="withdrawn")
    return Done(text=Text("Good to hear.", "问题已解决。"), to=pages.here(order_id))


@act("/my/{order_id}/rate", permission="feedback.give", screen=order_page.show)
async def rate(tx: Tx, order_id: int, form: RatingForm, files: list[Upload], settings: Settings) -> Done:
    """Rate an order, with words and photos, and change that once."""
    shown = await within.take_in(tx, settings, order_id, files, shot="rating")
    given = feedback.Give(rating=int(form.rating), text=form.text, photos=tuple(ref("evidence", one) for one in shown))
    await feedback.give(tx, order_id, given)
    return Done(text=Text("Thank you for your rating.", "感谢您的评价。"), to=pages.here(order_id))


@act("/my/{order_id}/invoice", permission="invoice.request", screen=order_page.show)
async def invoice(tx: Tx, order_id: int, form: InvoiceForm) -> Done:
    """Ask for an invoice."""
    await invoices.ask(tx, order_id, invoices.Title(
        kind=form.kind, name=form.name, tax_number=form.tax_number, email=form.email,
    ))  # fmt: skip
    return Done(text=Text("Your invoice is asked for.", "发票申请已提交。"), to=pages.here(order_id))


@act("/my/{order_id}/address", permission="order.change", screen=order_page.show)
async def address(tx: Tx, order_id: int, form: AddressForm) -> Done:
    """Send an order that nobody picks yet elsewhere; the promise is made anew."""
    await channel_orders.demand_made_here(tx, order_id)
    to = Address(
        name=form.name, phone=form.phone, country=form.country, province=form.province, city=form.city,
        district=form.district, detail=form.detail, postcode=form.postcode,
    )  # fmt: skip
    await placement.change_address(tx, order_id, placement.ChangeAddress(ship_to=to))
    return Done(text=Text("It goes to the new address.", "收货地址已修改。"), to=pages.here(order_id))


@act("/my/{order_id}/call-back", permission="order.cancel", screen=tracking_page.show)
async def call_back(tx: Tx, order_id: int) -> Done:
    """Have what is still on its way brought back."""
    await transit.intercept_order(tx, order_id, reason="buyer_request")
    return Done(
        text=Text("We have asked the carrier to bring it back.", "已请求承运商拦截退回。"),
        to=pages.here(order_id, "tracking"),
    )


@itself("POST", "/my/{order_id}/pay", permission="payment.start")
async def pay(ask: Ask, order_id: int) -> Response[Any]:
    """Start a payment and lead to where it is paid; back to the order where that is done at once, or where it is refused."""
    words = (await read(ask.request)).words
    try:
        form: PayForm = as_form(PayForm, words)
        provider, _, method = form.way.partition(".")
        (started,) = await do(ask.db, ask.actor, payments.start, [order_id], provider=provider, method=method)
    except Refusal as refusal:
        return await _again(ask, order_id, refusal, words)
    try:
        await payments.call_started(ask.db, [started.id])
    except Refusal as refusal:
        log.warning("the provider is told later", code=refusal.code)
    async with ask.db.reading(ask.actor) as tx:
        now = await payments.get_one(tx, started.id)
    to = now.pay_url if now.pay_url and now.state == "pending" else pages.here(order_id)
    return Response(None, status_code=303, headers={"Location": to, "Cache-Control": "no-store"})


async def _again(ask: Ask, order_id: int, refusal: Refusal, typed: Mapping[str, list[str]]) -> Response[str]:
    """The order once more, with what is wrong above the form and what was chosen still in it."""
    async with ask.db.reading(ask.actor) as tx:
        made = await order_page.show.opt["handler"](tx, order_id=order_id, guest=ask.request.scope["state"]["guest"])
        now = tx.now
    return shown(ask.request, made, now, status=refusal.kind.value, problems=refusal.problems, typed=typed)


ROUTES = [cancel, receive, objects, settled, rate, invoice, address, call_back, pay]
