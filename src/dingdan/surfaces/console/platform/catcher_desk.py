"""The sandbox's own receiver of webhooks: made by one click, with what it got, who signed it and how that is checked."""

from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import webhooks
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Facts,
    Field,
    Link,
    Part,
    Row,
    Section,
    Sheet,
    Table,
)

SHOWN = 50
SIGNED, NOT_SIGNED = (
    Chip(Text("Signature good", "签名有效"), "done"),
    Chip(Text("Signature wrong", "签名无效"), "blocked"),
)
ANSWERS = {
    200: Text("200: taken", "200：已接收"), 429: Text("429: later, please", "429：请稍后"), 500: Text("500: broken", "500：故障"),
    410: Text("410: gone for good", "410：永久停用"),
}  # fmt: skip


class CatchForm(Form, frozen=True, kw_only=True):
    """Whose events are caught."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class AnswerForm(Form, frozen=True, kw_only=True):
    """What the catcher answers from now on."""

    code: int


@act("/webhooks/catch", permission="webhook.write")
async def catch(tx: Tx, form: CatchForm) -> Done:
    """Set up a receiver within the program, told of everything from now on."""
    made = await webhooks.make_catcher(tx, webhooks.SaveEndpoint(
        merchant_id=await scope.merchant_id_meant(tx, form.merchant), url=webhooks.CATCHER, events=("*",),
        scopes=webhooks.usual_scopes(tx.actor),
    ))  # fmt: skip
    return Done(text=Text("The catcher listens", "接收器已就绪"), to=naming.place("webhook_endpoint", made.endpoint_id))


@act("/webhooks/{webhook_endpoint_id}/answer", permission="webhook.write")
async def answer(tx: Tx, webhook_endpoint_id: int, form: AnswerForm) -> Done:
    """Let the catcher answer with another status, to see what is tried again and when it is given up."""
    await webhooks.answer_with(tx, webhook_endpoint_id, form.code)
    return Done(text=Text(f"It answers {form.code} from now on", f"今后应答 {form.code}"))


@screen("/caught/{caught_webhook_id}", permission="webhook.read")
async def show(tx: Tx, caught_webhook_id: int) -> Sheet:
    """One message as the catcher got it: headers, body, and what a receiver has to check."""
    one = await webhooks.caught_one(tx, caught_webhook_id)
    return Sheet(
        title=Text("Caught", "已接收"), kind=Text("Message as the receiver got it", "接收方收到的消息"), number=naming.spoken(one.id),
        key=naming.ref("caught_webhook", one.id), full=naming.place("caught_webhook", one.id), lead=one.at,
        chips=[SIGNED if one.is_signed else NOT_SIGNED],
        main=[
            Part(Text("Headers", "请求头"), "code.html", {"code": "\n".join(f"{name}: {value}" for name, value in one.headers.items())}),
            Part(Text("Body", "正文"), "code.html", {"code": one.body.decode(errors="replace")}),
            Part(Text("How a receiver checks it", "接收方如何校验"), "code.html", {"code": CHECK}),
        ],
        side=[Facts(Text("Message", "消息"), [
            (Text("Endpoint", "端点"), naming.link("webhook_endpoint", one.endpoint_id)), (Text("Message id", "消息编号"), Code(one.message_id)),
            (Text("Bytes", "字节数"), one.size), (Text("SHA-256 of the body", "正文 SHA-256"), Code(one.sha256.hex())),
            (Text("Answered", "应答"), str(one.answered)),
        ], note=None if one.size == len(one.body) else Text("The first 64 KiB are kept.", "仅保留前 64 KiB。"))],
    )  # fmt: skip


async def section(tx: Tx, endpoint_id: int) -> Section:
    """What a catcher got last, on the page of its endpoint."""
    found = await webhooks.caught(tx, endpoint_id, Page(SHOWN))
    return Table(
        Text("Caught here", "已接收"),
        [
            Column("at", Text("When", "时间")), Column("what", Text("Message", "消息")), Column("signed", Text("Signature", "签名")),
            Column("size", Text("Bytes", "字节数"), is_number=True), Column("answered", Text("Answered", "应答"), is_number=True),
        ],
        [Row(naming.ref("caught_webhook", one.id), naming.place("caught_webhook", one.id), {
            "at": one.at, "what": Link(naming.place("caught_webhook", one.id), one.message_id, is_code=True),
            "signed": SIGNED if one.is_signed else NOT_SIGNED, "size": one.size, "answered": str(one.answered),
        }) for one in found],
        Text("Nothing came yet. Send a test, or let something happen.", "尚未收到消息。可发送测试或触发事件。"),
    )  # fmt: skip


def making(tx: Tx, choice: list[tuple[str, Text]]) -> list[Act]:
    """The click that makes a catcher, where nothing is real."""
    if not tx.sandbox or not tx.actor.may("webhook.write"):
        return []
    fields = (
        [Field("merchant", Text("Whose events", "商家"), "choice", options=choice, value=choice[0][0])]
        if choice
        else []
    )
    return [Act("catch", Text("Catch them here", "使用内置接收器"), "/webhooks/catch", "C", fields)]


def answering(one: webhooks.Endpoint, here: str) -> Act:
    """The act that tells a catcher what to answer."""
    options = [(str(status), words) for status, words in ANSWERS.items()]
    return Act("answer", Text("Answer with", "指定应答"), f"{here}/answer", "A", [
        Field("code", Text("From now on", "今后应答"), "choice", options=options, value=str(one.caught_with)),
    ])  # fmt: skip


CHECK = """import base64, hmac, time

def is_ours(headers, body, secret):                      # secret: whsec_...
    stamp = headers["webhook-timestamp"]
    if abs(time.time() - int(stamp)) > 300:
        return False
    signed = f"{headers['webhook-id']}.{stamp}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mine = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return any(hmac.compare_digest(mine, one) for one in headers["webhook-signature"].split())
"""

ROUTES: list[Any] = [catch, answer, show]
