"""The way back at the desk: another address that the buyer is asked about, and a label that is made for them."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import returns, way_back
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.returns.return_around import Around
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Done, Field
from dingdan.surfaces.shared.wire import Short, Word

PARTS = (
    ("name", Text("Recipient", "收货人")), ("phone", Text("Phone", "电话")), ("province", Text("Province", "省份")),
    ("city", Text("City", "城市")), ("district", Text("District", "区县")), ("detail", Text("Street and number", "详细地址")),
)  # fmt: skip


class PlaceForm(Form, frozen=True, kw_only=True):
    """Where the goods shall go instead."""

    name: Short
    phone: Short
    province: Short
    city: Short
    district: Short = ""
    detail: Annotated[str, Meta(min_length=1, max_length=500)]


class LabelForm(Form, frozen=True, kw_only=True):
    """With whom, as `carrier/service`."""

    way: Word


@act("/returns/{return_id}/other_place", permission="return.decide")
async def propose(tx: Tx, return_id: int, form: PlaceForm) -> Done:
    """Ask the buyer to send the goods elsewhere; nothing changes before they agree."""
    plan = await way_back.plan(tx, return_id)
    await way_back.propose_address(tx, return_id, Address(
        name=form.name, phone=form.phone, country=plan.address.country, province=form.province, city=form.city,
        district=form.district, detail=form.detail,
    ))  # fmt: skip
    return Done(text=Text("The buyer is asked about the other address", "已征询买家新的退货地址"), stays=True)


@act("/returns/{return_id}/label", permission="return.send")
async def book(tx: Tx, return_id: int, form: LabelForm) -> Done:
    """Have a label made; the buyer finds it with their return. Nobody has to take it."""
    carrier, _, service = form.way.partition("/")
    made = await way_back.book(tx, way_back.Book(
        return_ids=(return_id,), carrier=carrier, service=service or "standard", pick_up_at=None, declared_value=None,
    ))  # fmt: skip
    return Done(text=Text(f"Label {made.tracking_number} made", f"已生成面单 {made.tracking_number}"), stays=True)


async def acts(tx: Tx, a: Around) -> list[Act]:
    """What can be done about the way back of an approved return that the buyer has not sent yet."""
    held, here = a.held, naming.place("return", a.held.id)
    if held.decision is not returns.Decision.APPROVED or str(held.journey) != "at_buyer":
        return []
    plan = await way_back.plan(tx, held.id)
    waits = (
        Text("The buyer was asked about another address.", "正在等待买家确认新地址。")
        if plan.proposed is not None
        else None
    )
    ways = [
        (f"{one.carrier}/{one.service}", Text(f"{one.carrier} {one.service}, {one.days_min}–{one.days_max} days",
                                              f"{one.carrier} {one.service}，{one.days_min}–{one.days_max} 天"))
        for one in plan.options if one.has_label
    ]  # fmt: skip
    none = None if ways else Text("No carrier of ours goes there.", "暂无可生成面单的承运商。")
    found = [
        ("return.decide", Act("other_place", Text("Another address", "更换退货地址"), f"{here}/other_place", fields=[
            Field(part, text, is_needed=part != "district") for part, text in PARTS
        ], why_not=waits, is_more=True)),
        ("return.send", Act("label", Text("Make a label", "生成退货面单"), f"{here}/label", fields=[
            Field("way", Text("With", "承运商"), "choice", options=ways),
        ], why_not=none, is_more=True)),
    ]  # fmt: skip
    return [one for permission, one in found if tx.actor.may(permission)]


ROUTES = [propose, book]
