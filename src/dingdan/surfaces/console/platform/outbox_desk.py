"""The outbox of the sandbox: what buyers were told, as a telephone and a mail program show it, in both languages."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import notifications
from dingdan.kernel.refusal import Text
from dingdan.overviews import outbox_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, itself, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import Code, Column, Empty, Facts, Filter, Listing, Part, Row, Sheet
from dingdan.surfaces.shared.scope import NothingThere
from dingdan.surfaces.shared.wire import Input

Version = Annotated[str, Meta(pattern="^[0-9]{1,4}$")]
# So many messages of an order are drawn, the newest.
SHOWN = 12
# A letter has its looks inside itself and nothing else: no script, no picture from outside, no form.
LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
CHANNELS = {
    "email": Text("E-mail", "邮件"), "sms": Text("Text message", "短信"), "push": Text("Push", "推送"), "in_app": Text("Order page", "订单页"),
}  # fmt: skip


class OutboxQuery(ListQuery, frozen=True, kw_only=True):
    """Which orders: of whom, and told of what."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    occasion: Annotated[str, Meta(max_length=40, pattern="^[a-z_]+$")] | None = None


class LetterQuery(Input, frozen=True, kw_only=True):
    """In which language."""

    language: Literal["zh", "en"] = "zh"


class Preview(msgspec.Struct, frozen=True):
    """One message as it is read, in both languages; None where it lacks something and nobody was sent it."""

    version: int
    zh: notifications.Rendered | None
    en: notifications.Rendered | None
    missing: tuple[str, ...]
    sent: list[tuple[Text, Any]]


@screen("/outbox", permission="message.read")
async def listed(tx: Tx, query: OutboxQuery) -> Listing:
    """Orders that somebody was told about, the newest first."""
    _demand_sandbox(tx)
    wanted = outbox_list.Filter(merchant_id=await scope.merchant_filter(tx, query.merchant), occasion=query.occasion)
    found = await outbox_list.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("order", one.id), f"/outbox/{naming.ref('order', one.id)}", {
            "order": Code(naming.spoken(one.id)), "what": Code(one.occasion), "at": one.at, "said": one.said,
            "over": [CHANNELS["in_app"], *(CHANNELS[name] for name in one.channels)], "merchant": names.get(one.merchant_id),
        }),
        title=Text("Outbox", "发件箱"), lead=Text("Nothing leaves the sandbox.", "沙盒中的消息不会真正发出。"),
        columns=[
            Column("order", Text("Order", "订单")), Column("what", Text("Told last", "最近消息")), Column("at", Text("When", "时间")),
            Column("said", Text("Messages", "消息数"), is_number=True), Column("over", Text("Over", "渠道")), Column("merchant", Text("Merchant", "商家")),
        ],
        filters=[Filter("occasion", Text("Told of", "消息类型"), [(str(one), Text(str(one), str(one))) for one in notifications.Occasion]),
                 *await choosing.by_merchant(tx)],
        empty=Empty(Text("Nobody was told anything yet.", "还没有消息。"), Text("Place an order: its buyer is told.", "下单后买家会收到消息。")),
    )  # fmt: skip


@screen("/outbox/{order_id}", permission="message.read")
async def show(tx: Tx, order_id: int) -> Sheet:
    """Everything that was said about one order, as it is read."""
    _demand_sandbox(tx)
    told = (await notifications.confirmations(tx, order_id))[::-1][:SHOWN]
    outward = await notifications.messages(tx, order_id)
    parts = []
    for one in told:
        sent = [(CHANNELS[one_sent.channel], vocabulary.chip("message", one_sent.state))
                for one_sent in outward if one_sent.confirmation == one.version]  # fmt: skip
        zh, en = (
            (None, None) if one.missing else [await notifications.rendered(tx, one, tongue) for tongue in ("zh", "en")]
        )
        preview = Preview(one.version, zh, en, tuple(one.missing), sent)
        title = Text(en.subject, zh.subject) if en and zh else Text(str(one.occasion), str(one.occasion))
        parts.append(
            Part(title, "message_preview.html", {"one": preview, "at": one.at, "order": naming.ref("order", order_id)})
        )
    return Sheet(
        title=Text("Messages", "消息"), kind=Text("What was said about an order", "订单消息"), number=naming.spoken(order_id),
        key=naming.ref("order", order_id), full=f"/outbox/{naming.ref('order', order_id)}",
        main=parts, side=[Facts(Text("Order", "订单"), [
            (Text("Order", "订单"), naming.link("order", order_id)), (Text("Messages", "消息数"), len(told)),
        ])],
    )  # fmt: skip


@itself("GET", "/outbox/{order_id}/{version}/letter", permission="message.read")
async def letter(ask: Ask, order_id: int, version: Version, query: LetterQuery) -> Response[str]:
    """The letter as a mail program shows it, on a page that may do nothing."""
    async with ask.db.reading(ask.actor) as tx:
        _demand_sandbox(tx)
        await scope.demand_reach(tx, "order", order_id)
        one = await notifications.confirmation(tx, order_id, int(version))
        words = await notifications.rendered(tx, one, query.language)
    return Response(words.html, media_type="text/html", headers={
        "Content-Security-Policy": LETTER_POLICY, "Cache-Control": "no-store", "Content-Language": words.language,
    })  # fmt: skip


def _demand_sandbox(tx: Tx) -> None:
    if not tx.sandbox:
        raise NothingThere


ROUTES: list[Any] = [listed, show, letter]
