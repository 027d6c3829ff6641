"""Reminders: buyers who want to be told when a problem is over, or to be called."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import placement
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.baskets import BuyerInput
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Input,
    MerchantRef,
    Page,
    PageQuery,
    Quantity,
    Sku,
    View,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)


class ReminderInput(Input, frozen=True, kw_only=True):
    """Who wants to be told of what. `in_stock` and `price_checked` are about a product."""

    merchant: MerchantRef | None = None
    kind: Annotated[placement.ReminderKind, Meta(description="What is waited for; `call_back` asks for a person.")]
    buyer: BuyerInput
    sku: Sku | None = None
    quantity: Quantity = 1


class ReminderView(View, frozen=True, kw_only=True):
    """A reminder; nothing here tells who waits."""

    id: str
    merchant: str
    kind: placement.ReminderKind
    buyer: str
    product: str | None
    quantity: int
    asked_at: datetime
    told_at: datetime | None


class ReminderQuery(PageQuery, frozen=True, kw_only=True):
    """Whose."""

    merchant: MerchantRef | None = None


@post("/v1/reminders", permission="reminder.ask", status=201)
async def ask(tx: Tx, body: ReminderInput) -> ReminderView:
    """Ask to be told, or to be called. Who asks for the same again while waiting, waits once."""
    buyer = body.buyer
    wanted = placement.AskReminder(
        merchant_id=await scope.merchant_id_meant(tx, body.merchant),
        kind=body.kind,
        buyer=placement.Buyer(buyer.ref, buyer.name, buyer.phone, buyer.email),
        sku=body.sku,
        quantity=body.quantity,
    )
    with rows.one_of_a_set():
        (made,) = await placement.ask_reminders(tx, [wanted])
    return _view(made)


@get("/v1/reminders", permission="reminder.read")
async def listed(tx: Tx, query: ReminderQuery) -> Page[ReminderView]:
    """Who waits to be told or called, oldest first."""
    asked = slice_of(query)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    return page_of(asked, await placement.reminders(tx, merchant_id, asked.with_one_more), _view)


def _view(one: placement.Reminder) -> ReminderView:
    return ReminderView(
        id=ref("reminder", one.id), merchant=ref("merchant", one.merchant_id), kind=one.kind,
        buyer=ref("buyer", one.buyer_id), product=ref_or_none("product", one.product_id), quantity=one.quantity,
        asked_at=one.asked_at, told_at=one.told_at,
    )  # fmt: skip


ROUTES = [ask, listed]
