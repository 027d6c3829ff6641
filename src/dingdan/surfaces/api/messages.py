"""Confirmations and messages: the voucher of a purchase in every version, and what the buyer was told."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import identity, notifications, talks
from dingdan.kernel import ids
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import (
    DeadlineView,
    Input,
    Language,
    List,
    View,
    deadline_views,
    json_response,
    ref,
    soonest,
)

# What is no number is no version either, and as unknown.
Version = Annotated[str, Meta(min_length=1, max_length=64, examples=["1"])]
Form = Literal["json", "html", "text"]
TYPES: dict[str, Form] = {"application/json": "json", "text/html": "html", "text/plain": "text"}


class ConfirmationRow(View, frozen=True, kw_only=True):
    """A version of a confirmation, for the buyer or for the seller; `hash` is the SHA-256 of its canonical facts, in hex.

    `missing` names mandatory fields that it lacks: then it was kept, and nobody was sent it.
    """

    version: int
    occasion: notifications.Occasion
    audience: talks.Side
    at: datetime
    hash: str
    missing: list[str]


class ConfirmedFor(View, frozen=True, kw_only=True):
    """Whom it is for; masked for whoever may not see people in full, empty once the person was erased."""

    name: str
    phone: str
    email: str | None
    country: str
    province: str
    city: str
    district: str
    detail: str
    postcode: str
    is_masked: bool
    is_erased: bool


class AnswerView(View, frozen=True, kw_only=True):
    """What the buyer can answer with: an action of the order, and the reason to give with it."""

    action: str
    reason: str | None


class ConfirmationView(View, frozen=True, kw_only=True):
    """A confirmation: `facts` is canonical JSON (RFC 8785), whose bytes were hashed; people stand beside it."""

    order: str
    version: int
    occasion: notifications.Occasion
    at: datetime
    hash: str
    missing: list[str]
    facts: dict[str, Any]
    answers: list[AnswerView]
    recipient: ConfirmedFor | None


class MessageView(View, frozen=True, kw_only=True):
    """A message on one channel. `in_app` is the order's own page: it has no id, and it is there at once.

    `failure` says why it was given up, held back or tried again, as a code.
    """

    id: str | None
    order: str
    confirmation: int
    occasion: notifications.Occasion
    audience: talks.Side
    channel: notifications.Channel
    round: int
    state: notifications.MessageState
    attempts: int
    failure: str | None
    language: str | None
    created_at: datetime
    sent_at: datetime | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]


class CopyView(View, frozen=True, kw_only=True):
    """A message as it was sent."""

    to: str
    subject: str
    text: str
    html: str


class MessagePage(View, frozen=True, kw_only=True):
    """A message with its copy; null where nothing was sent, for whoever may not see people, and once they were erased."""

    message: MessageView
    copy: CopyView | None


class DocumentQuery(Input, frozen=True, kw_only=True):
    """In which form and language; without them the headers Accept and Accept-Language count, then the buyer's own."""

    format: Form | None = None
    language: Language | None = None


class ResendInput(Input, frozen=True, kw_only=True):
    """Over which channel; without one it is the merchant's first."""

    channel: Literal["email", "sms", "push"] | None = None


@get("/v1/orders/{order_id}/confirmations", permission="message.read")
async def confirmed(tx: Tx, order_id: int) -> List[ConfirmationRow]:
    """Every version of the order's confirmation, oldest first."""
    return List(items=[
        ConfirmationRow(version=one.version, occasion=one.occasion, audience=notifications.audience(one.occasion),
                        at=one.at, hash=one.hash.hex(), missing=list(one.missing))
        for one in await notifications.confirmations(tx, order_id)
    ])  # fmt: skip


@get(
    "/v1/orders/{order_id}/confirmations/{version}",
    permission="message.read",
    gives="application/json, text/html, text/plain",
    answers=ConfirmationView,
)
async def show(ask: Ask, order_id: int, version: Version, query: DocumentQuery) -> Response[bytes]:
    """One version: as JSON, or to be kept as a page or as plain text, by `format` or by the Accept header."""
    form = query.format or _form(ask.request.headers.get("accept", ""))
    asked = [query.language] if query.language else language.tags(ask.request.headers.get("accept-language", ""))
    known = next((one for one in map(notifications.known_language, asked) if one), None)
    async with ask.db.reading(ask.actor) as tx:
        one = await notifications.confirmation(tx, order_id, _number(version))
        if form == "json":
            return json_response(msgspec.json.encode(await _view(tx, one)))
        words = await notifications.rendered(tx, one, known)
    body, kind, ending = (words.html, "text/html", "html") if form == "html" else (words.text, "text/plain", "txt")
    name = f"{ids.spoken(order_id)}-{one.version}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-language": words.language,
               "vary": "accept, accept-language"}  # fmt: skip
    return Response(body.encode(), media_type=f"{kind}; charset=utf-8", headers=headers)


@post("/v1/orders/{order_id}/confirmations/{version}/resend", permission="message.resend", status=202)
async def resend(tx: Tx, order_id: int, version: Version, body: ResendInput | None = None) -> List[MessageView]:
    """Send a version once more; at most five times. One that lacked something is made anew, as the next version."""
    wanted = body.channel if body else None
    sent = await notifications.resend(
        tx, order_id, _number(version), channel=notifications.Channel(wanted) if wanted else None
    )
    return List(items=await _messages(tx, order_id, sent))


@get("/v1/orders/{order_id}/messages", permission="message.read")
async def told(tx: Tx, order_id: int) -> List[MessageView]:
    """Everything that the buyer was told about the order, oldest first: on its own page, by mail, text and push.

    Whoever decides about returns also sees what the seller was told.
    """
    sent = await notifications.messages(tx, order_id)
    own = [
        MessageView(
            id=None, order=ref("order", order_id), confirmation=one.version, occasion=one.occasion,
            audience=notifications.audience(one.occasion), channel=notifications.Channel.IN_APP, round=1,
            state=notifications.MessageState.SUPPRESSED if one.missing else notifications.MessageState.SENT, attempts=0,
            failure="field_missing" if one.missing else None, language=None, created_at=one.at,
            sent_at=None if one.missing else one.at, deadline_at=None, deadlines=[],
        )
        for one in await notifications.confirmations(tx, order_id)
    ]  # fmt: skip
    found = [*own, *await _messages(tx, order_id, sent)]
    return List(items=sorted(found, key=lambda one: (one.confirmation, one.round, one.created_at, one.id or "")))


@get("/v1/messages/{message_id}", permission="message.read")
async def show_message(tx: Tx, message_id: int) -> MessagePage:
    """One message with its copy as it was sent."""
    one = await notifications.message(tx, message_id)
    copy = await notifications.copy(tx, one)
    (view,) = await _messages(tx, one.order_id, [one])
    shown = CopyView(to=copy.to, subject=copy.subject, text=copy.text, html=copy.html) if copy else None
    return MessagePage(message=view, copy=shown)


def _number(version: str) -> int:
    return int(version) if version.isascii() and version.isdigit() else 0


def _form(accept: str) -> Form:
    """The first of our forms that an Accept header names; JSON where it names none."""
    wanted = (part.partition(";")[0].strip().lower() for part in accept[:400].split(","))
    return next((TYPES[kind] for kind in wanted if kind in TYPES), "json")


async def _view(tx: Tx, one: notifications.Confirmation) -> ConfirmationView:
    contact = await notifications.contact_of(tx, one)
    return ConfirmationView(
        order=ref("order", one.order_id), version=one.version, occasion=one.occasion, at=one.at, hash=one.hash.hex(),
        missing=list(one.missing), facts=msgspec.json.decode(one.canonical), answers=[
            AnswerView(action=action, reason=reason)
            for action, reason in notifications.ANSWERS.get(one.occasion, ())
        ],
        recipient=_recipient(contact, is_masked=not tx.actor.may("order.read_contact")) if contact else None,
    )  # fmt: skip


def _recipient(contact: identity.Contact, *, is_masked: bool) -> ConfirmedFor:
    at = contact.address
    return ConfirmedFor(
        name=at.name if at else "", phone=at.phone if at else "", email=contact.email, country=contact.country,
        province=contact.province, city=contact.city, district=at.district if at else "",
        detail=at.detail if at else "", postcode=at.postcode if at else "", is_masked=is_masked,
        is_erased=contact.is_erased,
    )  # fmt: skip


async def _messages(tx: Tx, order_id: int, found: list[notifications.Message]) -> list[MessageView]:
    said = {one.version: one.occasion for one in await notifications.confirmations(tx, order_id)}
    clocks = deadline_views(await deadlines.of_subjects(tx, [one.id for one in found]))
    return [
        MessageView(
            id=ref("message", one.id), order=ref("order", order_id), confirmation=one.confirmation,
            occasion=said[one.confirmation], audience=notifications.audience(said[one.confirmation]),
            channel=one.channel, round=one.round, state=one.state,
            attempts=one.attempts, failure=one.failure, language=one.language, created_at=one.created_at,
            sent_at=one.sent_at, deadline_at=soonest(clocks.get(one.id, [])), deadlines=clocks.get(one.id, []),
        )
        for one in found
    ]  # fmt: skip


ROUTES = [confirmed, show, resend, told, show_message]
