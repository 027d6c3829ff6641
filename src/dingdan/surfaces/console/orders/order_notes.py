"""Notes on an order: for colleagues or for the buyer, and whom they call; tags."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from dingdan.areas import orders
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import waiting
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Done, Field, Section

WRITTEN = Text("Written to the buyer", "已写给买家")
Words = Annotated[str, Meta(min_length=1, max_length=2000)]


class NoteForm(Form, frozen=True, kw_only=True):
    """What is written, and whether the buyer reads it as well."""

    text: Words
    shown: bool = False


class WriteForm(Form, frozen=True, kw_only=True):
    """What the buyer reads."""

    text: Words


class TagsForm(Form, frozen=True, kw_only=True):
    """Tags as they shall be, one after the other, and as they were shown, one a line."""

    tags: Annotated[str, Meta(max_length=1000)] = ""
    shown: Annotated[str, Meta(max_length=1000)] = ""


@act("/orders/{order_id}/note", permission="note.write")
async def note(tx: Tx, order_id: int, form: NoteForm) -> Done:
    """Write a note; `@name` calls a colleague, who finds it on their Today."""
    await orders.note(tx, order_id, text=form.text, is_shown=form.shown, wait=waiting.WAIT)
    if form.shown:
        return waiting.queued(WRITTEN, f"{naming.place('order', order_id)}/unwrite")
    return Done(text=Text("Noted", "已备注"))


@act("/orders/{order_id}/write", permission="note.write")
async def write(tx: Tx, order_id: int, form: WriteForm) -> Done:
    """Write to the buyer: it stands with their order, and they are told."""
    await orders.note(tx, order_id, text=form.text, is_shown=True, wait=waiting.WAIT)
    return waiting.queued(WRITTEN, f"{naming.place('order', order_id)}/unwrite")


@act("/orders/{order_id}/unwrite", permission="note.write")
async def unwrite(tx: Tx, order_id: int) -> Done:
    """Take back what one wrote to the buyer and what still waits."""
    await orders.unwrite(tx, order_id)
    return Done(text=waiting.TAKEN_BACK)


@act("/orders/{order_id}/seen", permission="note.read")
async def seen(tx: Tx, order_id: int) -> Done:
    """What called me on this order I have seen."""
    await orders.see_notes(tx, order_id)
    return Done(text=Text("Seen", "已读"))


@act("/orders/{order_id}/tags", permission="note.write")
async def tags(tx: Tx, order_id: int, form: TagsForm) -> Done:
    """Set the tags of an order: what was shown and is not named any more is taken off, and what came meanwhile stays."""
    # A browser sends lines that end with two characters.
    wanted, shown = split(form.tags), form.shown.replace("\r", "").split("\n")
    await orders.tag(tx, [order_id], add=wanted, drop=[one for one in shown if one not in wanted])
    return Done(text=Text("Tags set", "标签已更新"))


def split(text: str) -> list[str]:
    """Tags as somebody typed them, with commas of either language between."""
    parts = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


async def said(tx: Tx, order_id: int) -> Mapping[int, str]:
    """The words of the notes on an order, by the note's number; nothing for whoever may not read them."""
    if not tx.actor.may("note.read"):
        return {}
    return {one.note.id: one.text for one in await orders.notes(tx, [order_id])}


async def unsent(tx: Tx, order_id: int) -> list[Section]:
    """What was written to the buyer and still waits, with its clock and the way to take back one's own."""
    found = await orders.unsent(tx, [order_id]) if tx.actor.may("note.read") else []
    here = f"{naming.place('order', order_id)}/unwrite"
    return waiting.words(
        tx, [(one.note.held_until, one.note.said_by_kind, one.note.said_by, one.text) for one in found], here
    )


def acts(order_id: int, now: list[str]) -> list[tuple[str, Act]]:
    """Note, message and tags, each with the permission that it takes."""
    here = naming.place("order", order_id)
    calls = Text("@name calls a colleague. Numbers of cards are taken out.", "用 @姓名 提及同事；银行卡号会自动隐去。")
    return [
        ("note.write", Act("write", Text("Message", "发消息"), f"{here}/write", "M", [
            Field("text", Text("Words for the buyer", "给买家的话"), "prose"),
        ], warns=Text("It stands with the buyer's order, and they are told; for 10 s it can be taken back.", "内容将显示在买家的订单中并通知买家；10 秒内可收回。"))),
        ("note.write", Act("note", Text("Note", "备注"), f"{here}/note", "N", [
            Field("text", Text("Note", "备注"), "prose", hint=calls),
            Field("shown", Text("Customer sees this", "买家可见"), "check",
                  hint=Text("Otherwise only the staff of the house and of the merchant.", "不勾选则仅平台与商家员工可见。")),
        ])),
        ("note.write", Act("tags", Text("Tags", "标签"), f"{here}/tags", "#", [
            Field("tags", Text("Tags, with commas between", "标签，用逗号分隔"), value="，".join(now), is_needed=False),
            Field("shown", Text("", ""), "hidden", value="\n".join(now)),
        ], is_more=True)),
    ]  # fmt: skip


ROUTES = [note, write, unwrite, seen, tags]
