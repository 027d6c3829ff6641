"""Many orders in one call: each has a key and an answer of its own, and none hurts another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import orders, placement
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import idempotency
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import baskets
from dingdan.surfaces.api.baskets import OrderInput
from dingdan.surfaces.shared import bodies, idempotent, intake
from dingdan.surfaces.shared.doors import Ask, post
from dingdan.surfaces.shared.problems import ProblemItem, as_refusal, problem_item, status_of
from dingdan.surfaces.shared.wire import Input, View, json_response, ref

MOST = 500
PATH = "/v1/orders/bulk"


class BulkOrderInput(OrderInput, frozen=True, kw_only=True):
    """An order with the key that makes it safe to send again; keys are the caller's own words."""

    key: Annotated[str, Meta(min_length=1, max_length=255, pattern="^[!-~]+$")]


# Whatever stands in the list is answered, so that anything may; this is what is understood.
_SCHEMA = msgspec.json.schema_components([BulkOrderInput], ref_template="#/components/schemas/{name}")[1]
_ANYTHING = {"anyOf": [_SCHEMA["BulkOrderInput"], {"description": "Anything else is refused, by itself."}]}


class BulkInput(Input, frozen=True, kw_only=True):
    """Orders, each read by itself: one that has not the right form is answered by itself too."""

    orders: Annotated[
        list[Annotated[msgspec.Raw, Meta(extra_json_schema=_ANYTHING)]],
        Meta(min_length=1, max_length=MOST),
    ]


class BulkOrder(View, frozen=True, kw_only=True):
    """An order that exists, the first of its checkout; read it to see all of it."""

    id: str
    number: str
    checkout: str
    total: Money
    pay_by: datetime


class BulkResult(View, frozen=True, kw_only=True):
    """What became of one order: the status that a request of its own would have been answered with."""

    key: str | None
    status: int
    order: BulkOrder | None
    problems: list[ProblemItem]


class BulkView(View, frozen=True, kw_only=True):
    """A result for each order, in the order of the request."""

    results: list[BulkResult]


_decoder = msgspec.json.Decoder(BulkOrderInput)
_encoder = msgspec.json.Encoder(enc_hook=str)


class _Read(msgspec.Struct):
    """One order of the call on its way."""

    form: BulkOrderInput | None = None
    intake: placement.Intake | None = None
    refusal: Refusal | None = None


@post(PATH, permission="order.place", answers=BulkView)
async def place(ask: Ask, body: BulkInput) -> Response[bytes]:
    """Place up to 500 orders. Each is placed or refused by itself, with its own key, status and problems.

    Sent again with the same keys, what was placed is answered again and what was refused is tried again.
    """
    call = await idempotent.key_of(ask.request)
    is_new = await do(ask.db, ask.actor, idempotency.claim_call, call, status=200)
    read = await _read(ask, body.orders)
    door: intake.OrderIntake = ask.request.app.state.intake
    wanted = [(n, one.intake) for n, one in enumerate(read) if one.intake is not None]
    taken = await door.place_many(ask.actor, [one for _, one in wanted], ANSWERING)
    made = dict(zip((n for n, _ in wanted), taken, strict=True))
    pieces = [_result(ask, one, made.get(n)) for n, one in enumerate(read)]
    headers = {} if is_new else {idempotent.REPLAYED: "true"}
    return json_response(b'{"results":[' + b",".join(pieces) + b"]}", headers=headers)


async def rendered(tx: Tx, order_ids: Sequence[int]) -> dict[int, bytes]:
    """Orders in short, the same at every repetition."""
    return {i: _in_short(order) for i, order in (await orders.get(tx, order_ids)).items()}


def _in_short(order: orders.Order) -> bytes:
    return _encoder.encode(BulkOrder(
        id=ref("order", order.id), number=ids.spoken(order.id), checkout=ref("checkout", order.checkout_id),
        total=Money(order.total, order.currency), pay_by=order.pay_by,
    ))  # fmt: skip


ANSWERING = intake.Answering(lambda _actor, placed: _in_short(placed.written.order), rendered)


async def _read(ask: Ask, raw: Sequence[msgspec.Raw]) -> list[_Read]:
    """Each order by itself, as placement knows it, or why it has not the right form."""
    found = [_decoded(piece) for piece in raw]
    own = ask.actor.merchant_id
    forms = [one.form for one in found if one.form is not None]
    known: dict[str, int] = {}
    if any(baskets.names_merchants(form, own) for form in forms):
        async with ask.db.reading(ask.actor) as tx:
            known = await baskets.named(tx, forms)
    for one, piece in zip(found, raw, strict=True):
        if one.form is None:
            continue
        try:
            basket = baskets.basket_of(one.form, own, known)
        except Refusal as refusal:
            one.refusal = refusal
        else:
            key = idempotency.key_of(ask.actor.id or 0, one.form.key, method="POST", path=PATH, body=bytes(piece))
            one.intake = placement.Intake(basket, key)
    return found


def _decoded(piece: msgspec.Raw) -> _Read:
    try:
        return _Read(bodies.decode(bytes(piece), _decoder))
    except Refusal as refusal:
        return _Read(refusal=refusal)


def _result(ask: Ask, one: _Read, taken: intake.Taken | BaseException | None) -> bytes:
    key = one.form.key if one.form is not None else None
    if isinstance(taken, intake.Taken):
        return b'{"key":' + _encoder.encode(key) + b',"status":201,"order":' + taken.body + b',"problems":[]}'
    refusal = one.refusal or as_refusal(ask.request, taken if isinstance(taken, Exception) else RuntimeError())
    problems = [problem_item(problem) for problem in refusal.problems]
    return _encoder.encode(BulkResult(key=key, status=status_of(refusal), order=None, problems=problems))


ROUTES = [place]
