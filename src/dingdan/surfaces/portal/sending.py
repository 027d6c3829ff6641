"""Sending goods back: a label is made, a carrier comes, a slip is printed, and what is needed at a counter is shown."""

from datetime import datetime
from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import access, orders, returns, way_back
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages, return_page, sending_forms, within
from dingdan.surfaces.portal.pages import Card
from dingdan.surfaces.shared import papers, rows
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, vocabulary
from dingdan.surfaces.shared.pages.doors import act, itself, screen, tongue_of
from dingdan.surfaces.shared.pages.forms import Form, Typed
from dingdan.surfaces.shared.pages.screens import Act, Code, Done, Facts, Link, Own, Part
from dingdan.surfaces.shared.papers import making
from dingdan.surfaces.shared.scope import NothingThere
from dingdan.surfaces.shared.wire import Input, ref

HERE = "/my/{order_id}/returns/{return_id}"
Together = Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=100)]


class SentForm(Form, frozen=True, kw_only=True):
    """The parcel, and what else lies in it."""

    carrier: Annotated[str, Meta(min_length=1, max_length=60)]
    tracking_number: Annotated[str, Meta(min_length=1, max_length=60)]
    postage: Typed = ""
    together: Together = ()


class LabelForm(Form, frozen=True, kw_only=True):
    """A carrier and its service with a dot between, and what the buyer wishes besides."""

    option: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,60}\.[a-z0-9_-]{1,60}$")]
    declared_value: Typed = ""
    together: Together = ()


class PickUpForm(LabelForm, frozen=True, kw_only=True):
    """The same, and when the carrier comes for it."""

    pick_up_at: Annotated[datetime, Meta(tz=True)]


class SlipQuery(Input, frozen=True, kw_only=True):
    """Which other returns lie in the same parcel."""

    together: Together = ()


@act(HERE + "/send", permission="return.send", screen=return_page.show)
async def send(tx: Tx, order_id: int, return_id: int, form: SentForm) -> Done:
    """Say in which parcel it comes back, alone or with others."""
    held = await within.own_return(tx, order_id, return_id)
    order = await orders.get_one(tx, order_id)
    postage = forms.amount_of(form.postage, order.currency, "postage") if form.postage else 0
    both = (return_id, *await _others(tx, held, form.together))
    with rows.one_of_a_set():
        await returns.send(tx, [returns.Send(both, form.carrier, form.tracking_number, postage)])
    return Done(text=Text("Thank you. We look out for it.", "谢谢，我们会留意包裹。"), to=_of(held))


@act(HERE + "/extend", permission="return.send", screen=return_page.show)
async def extend(tx: Tx, order_id: int, return_id: int) -> Done:
    """Have more time to send it, once."""
    held = await within.own_return(tx, order_id, return_id)
    await returns.extend_sending(tx, return_id)
    return Done(text=Text("You have more time.", "已延长寄回时间。"), to=_of(held))


@act(HERE + "/label", permission="return.send", screen=return_page.show)
async def hand_in(tx: Tx, order_id: int, return_id: int, form: LabelForm) -> Done:
    """Have a label made, to be handed in with the parcel at a counter."""
    return await _book(tx, order_id, return_id, form, None)


@act(HERE + "/pick-up", permission="return.send", screen=return_page.show)
async def pick_up(tx: Tx, order_id: int, return_id: int, form: PickUpForm) -> Done:
    """Have a label made and the carrier come for the parcel."""
    return await _book(tx, order_id, return_id, form, form.pick_up_at)


@screen(HERE + "/labels/{return_label_id}", permission="return.send")
async def label_page(tx: Tx, order_id: int, return_id: int, return_label_id: int, guest: access.Guest) -> Own:
    """A label: what is shown at the counter, until when, and the paper itself."""
    held = await within.own_return(tx, order_id, return_id)
    made = await _own_label(tx, held, return_label_id)
    card = Card(
        chip=vocabulary.chip("return_journey", held.journey),
        text=Text("The carrier comes for it. Have the parcel ready.", "快递员将上门取件，请备好包裹。") if made.pick_up_at
        else Text("Show this code at the counter; the label is printed there.", "到网点出示此码，现场打印面单，无需填单。"),
        until=made.pick_up_at or held.send_by,
        until_words=Text("They come on", "上门时间") if made.pick_up_at else Text("Hand it in by", "最晚寄出"),
    )  # fmt: skip
    return pages.page(
        Text("Your label", "寄件码"), guest, number=ids.spoken(return_id), card=card, back=Link(_of(held), Text("Return", "售后")),
        more=[Act("print", Text("Label as PDF", "下载面单 PDF"), f"{_of(held)}/labels/{ref('return_label', made.id)}/label.pdf", is_link=True),
              Act("slip", Text("Slip for the parcel", "打印退货单"), _slip(held, made), is_link=True)],
        main=[
            Part(Text("For the counter", "寄件码"), "label_code.html", {"number": made.tracking_number}),
            Facts(Text("The label", "面单信息"), [
                (Text("Carrier", "承运商"), sending_forms.carrier(made.carrier)), (Text("Number", "运单号"), Code(made.tracking_number)),
                (Text("Inside", "包含售后单"), [Code(ids.spoken(one)) for one in made.return_ids]), (Text("Made", "生成时间"), made.at),
            ]),
        ],
    )  # fmt: skip


@itself("GET", HERE + "/labels/{return_label_id}/label.pdf", permission="return.send")
async def label_paper(ask: Ask, order_id: int, return_id: int | None, return_label_id: int | None) -> Response[bytes]:
    """What is stuck on the parcel."""
    async with ask.db.reading(ask.actor) as tx:
        held = await within.own_return(tx, order_id, return_id)
        made = await _own_label(tx, held, return_label_id)
        said = await making.return_label(tx, made.id, ask.settings)
    return await making.as_pdf(lambda tongue: papers.label(said, tongue), tongue_of(ask.request))


@screen(HERE + "/slip", permission="return.read")
async def slip(
    tx: Tx, order_id: int, return_id: int, *, query: SlipQuery, guest: access.Guest, settings: Settings
) -> Own:
    """A slip to be laid into the parcel: which returns, what of them, where to, as bars and a square."""
    held = await within.own_return(tx, order_id, return_id)
    others = await sending_forms.others(tx, held)
    chosen = [one for one in others if ref("return", one.id) in query.together]
    inside = [held, *chosen]
    lines = await returns.lines(tx, inside)
    named = await pages.titles(tx, order_id)
    return pages.page(
        Text("Return slip", "退货单"), guest, number=ids.spoken(return_id), back=Link(_of(held), Text("Return", "售后")), template="slip.html",
        lead=Text("Print it and lay it into the parcel.", "打印后放入包裹内。"), action=f"{_of(held)}/slip",
        at=await way_back.address_of(tx, held), link=making.return_link(settings, held), send_by=pages.until(held.send_by) if held.send_by else None,
        order_number=ids.spoken(order_id), others=[(ref("return", one.id), ids.spoken(one.id), one in chosen) for one in others],
        inside=[{"bars": ref("return", one.id), "number": ids.spoken(one.id), "lines": sending_forms.in_words(lines.get(one.id, []), named)}
                for one in inside],
    )  # fmt: skip


async def _book(tx: Tx, order_id: int, return_id: int, form: LabelForm, pick_up_at: datetime | None) -> Done:
    held = await within.own_return(tx, order_id, return_id)
    order = await orders.get_one(tx, order_id)
    carrier, _, service = form.option.partition(".")
    made = await way_back.book(tx, way_back.Book(
        return_ids=(return_id, *await _others(tx, held, form.together)), carrier=carrier, service=service, pick_up_at=pick_up_at,
        declared_value=forms.amount_of(form.declared_value, order.currency, "declared_value") if form.declared_value else None,
    ))  # fmt: skip
    return Done(
        text=Text("Your label is ready.", "寄件码已生成。"), to=f"{_of(held)}/labels/{ref('return_label', made.id)}"
    )


async def _others(tx: Tx, held: returns.Return, named: tuple[str, ...]) -> list[int]:
    """Other returns of the order that were named. Raises ReturnUnknown for what is none of them."""
    numbers = [ids.decode("return", text) for text in dict.fromkeys(named)]
    return [(await within.own_return(tx, held.order_id, number)).id for number in numbers if number != held.id]


async def _own_label(tx: Tx, held: returns.Return, label_id: int | None) -> way_back.Label:
    found = next((one for one in await way_back.labels_of(tx, [held.id]) if one.id == label_id), None)
    if found is None:
        raise NothingThere
    return found


def _of(held: returns.Return) -> str:
    return pages.of(held.order_id, "return", "returns", held.id)


def _slip(held: returns.Return, made: way_back.Label) -> str:
    more = "&".join(f"together={ref('return', one)}" for one in made.return_ids if one != held.id)
    return f"{_of(held)}/slip" + (f"?{more}" if more else "")


ROUTES = [send, extend, hand_in, pick_up, label_page, label_paper, slip]
