"""What the staff writes on orders: notes for colleagues or for the buyer, tags, and who looks after them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import orders
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.facts import Who, who
from dingdan.surfaces.shared.wire import Id, Input, List, View, number, ref

Tag = Annotated[str, Meta(min_length=1, max_length=30)]


class NoteInput(Input, frozen=True, kw_only=True):
    """What is written; `is_shown` to the buyer as well, who is told. `@login` calls a colleague."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    is_shown: bool = False


class TagsInput(Input, frozen=True, kw_only=True):
    """Which orders, which tags they get (short words without commas), and which are taken off."""

    orders: Annotated[list[Id], Meta(min_length=1, max_length=200)]
    add: Annotated[list[Tag], Meta(max_length=20)] = msgspec.field(default_factory=list)
    drop: Annotated[list[Tag], Meta(max_length=20)] = msgspec.field(default_factory=list)


class KeeperInput(Input, frozen=True, kw_only=True):
    """Who shall look after an order; nobody where it is null."""

    to: Id | None


class AssignInput(KeeperInput, frozen=True, kw_only=True):
    """Which orders, and who shall look after them."""

    orders: Annotated[list[Id], Meta(min_length=1, max_length=200)]


class NoteReceipt(View, frozen=True, kw_only=True):
    """That a note was taken in, without its words: answers are kept for repeats, and words are sealed."""

    id: str
    order: str
    is_shown: bool
    at: datetime


class NoteView(View, frozen=True, kw_only=True):
    """A note; its text is empty where only the archive has it."""

    id: str
    order: str
    text: str
    is_shown: bool
    by: Who
    at: datetime


class OrderTagsView(View, frozen=True, kw_only=True):
    """The tags of an order."""

    order: str
    tags: list[str]


class KeeperView(View, frozen=True, kw_only=True):
    """Who looks after an order; null is nobody, or somebody who works here no more."""

    order: str
    keeper: str | None
    since: datetime | None


@post("/v1/orders/{order_id}/notes", permission="note.write", status=201)
async def write(tx: Tx, order_id: int, body: NoteInput) -> NoteReceipt:
    """Write a note on an order: for the staff of the house and the merchant, or for the buyer too.

    Whoever is called by `@login` finds it on their Today. Numbers of bank cards are taken out.
    """
    made = (await orders.note(tx, order_id, text=body.text, is_shown=body.is_shown)).note
    return NoteReceipt(id=ref("note", made.id), order=ref("order", order_id), is_shown=made.is_shown, at=made.at)


@get("/v1/orders/{order_id}/notes", permission="order.read")
async def written(tx: Tx, order_id: int) -> List[NoteView]:
    """The notes on an order, oldest first; whoever may not read those of the staff sees what the buyer sees."""
    await orders.get_one(tx, order_id)
    return List(items=[
        NoteView(
            id=ref("note", one.note.id), order=ref("order", order_id), text=one.text, is_shown=one.note.is_shown,
            by=who(one.note.said_by_kind, one.note.said_by), at=one.note.at,
        )
        for one in await orders.notes(tx, [order_id], shown_only=not tx.actor.may("note.read"))
    ])  # fmt: skip


@post("/v1/orders/{order_id}/notes/take_back", permission="note.write")
async def take_back(tx: Tx, order_id: int) -> List[NoteView]:
    """Take back what one wrote to the buyer at the console and what still waits: the buyer never sees it."""
    await orders.unwrite(tx, order_id)
    return List(items=[])


@post("/v1/orders/{order_id}/notes/seen", permission="note.read")
async def see(tx: Tx, order_id: int) -> List[NoteView]:
    """Say that one has seen the notes on an order that call oneself; gives those that still do: none."""
    await orders.see_notes(tx, order_id)
    return List(items=[])


@post("/v1/orders/tags", permission="note.write")
async def tag(tx: Tx, body: TagsInput) -> List[OrderTagsView]:
    """Put tags on orders and take others off; all or none of them."""
    wanted = [number("order", text, f"orders[{n}]") for n, text in enumerate(body.orders)]
    await orders.tag(tx, wanted, add=body.add, drop=body.drop)
    now = await orders.tags(tx, wanted)
    return List(items=[OrderTagsView(order=ref("order", i), tags=now[i]) for i in wanted])


@get("/v1/orders/{order_id}/tags", permission="note.read")
async def tagged(tx: Tx, order_id: int) -> OrderTagsView:
    """The tags of an order."""
    await orders.get_one(tx, order_id)
    return OrderTagsView(order=ref("order", order_id), tags=(await orders.tags(tx, [order_id]))[order_id])


@post("/v1/orders/assign", permission="note.write")
async def assign_several(tx: Tx, body: AssignInput) -> List[KeeperView]:
    """Have somebody of the staff look after orders, or nobody; all or none of them. What is so already is no news."""
    wanted = [number("order", text, f"orders[{n}]") for n, text in enumerate(body.orders)]
    await orders.assign(tx, wanted, to=_whom(body))
    return List(items=await _kept(tx, wanted))


@post("/v1/orders/{order_id}/assign", permission="note.write")
async def assign(tx: Tx, order_id: int, body: KeeperInput) -> KeeperView:
    """Have somebody of the staff look after an order, or nobody: people of the platform or of the order's merchant."""
    await orders.get_one(tx, order_id)
    await orders.assign(tx, [order_id], to=_whom(body))
    return (await _kept(tx, [order_id]))[0]


@get("/v1/orders/{order_id}/keeper", permission="note.read")
async def kept(tx: Tx, order_id: int) -> KeeperView:
    """Who looks after an order."""
    await orders.get_one(tx, order_id)
    return (await _kept(tx, [order_id]))[0]


def _whom(body: KeeperInput) -> int | None:
    return number("staff", body.to, "to") if body.to is not None else None


async def _kept(tx: Tx, wanted: Sequence[int]) -> list[KeeperView]:
    found = await orders.keepers(tx, wanted)
    return [
        KeeperView(order=ref("order", i), keeper=ref("staff", found[i].staff_id), since=found[i].at)
        if i in found else KeeperView(order=ref("order", i), keeper=None, since=None)
        for i in wanted
    ]  # fmt: skip


ROUTES = [write, written, take_back, see, tag, tagged, assign_several, assign, kept]
