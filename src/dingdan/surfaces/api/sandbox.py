"""The sandbox: turn the clock, pay as a buyer, order faults. In live mode these addresses do not exist."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from litestar import Response
from msgspec import Meta

from dingdan.areas import invoices, payments, transit
from dingdan.plumbing import clock
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code, Currency, Id, Input, Moment, View, number

Seconds = Annotated[int, Meta(ge=0, le=10 * 366 * 86_400)]
Step = Annotated[int, Meta(ge=0, le=10_000)]


class AdvanceInput(Input, frozen=True, kw_only=True):
    """How far to turn the clock: the sum of all that is given."""

    days: Step = 0
    hours: Step = 0
    minutes: Step = 0
    seconds: Seconds = 0


class ClockView(View, frozen=True, kw_only=True):
    """What the clock says, and how far it is ahead of the world's."""

    now: datetime
    ahead_seconds: int


class PayInput(Input, frozen=True, kw_only=True):
    """What the buyer does; `even_if_closed` is how money comes too late."""

    outcome: Literal["captured", "failed"] = "captured"
    failure: Code = "declined"
    amount: Annotated[int, Meta(ge=1, le=10**12)] | None = None
    currency: Currency | None = None
    even_if_closed: bool = False


class ChargeView(View, frozen=True, kw_only=True):
    """Where the provider's charge is now; our payment follows when the notification arrives."""

    payment_id: str
    state: str | None


class FaultInput(Input, frozen=True, kw_only=True):
    """What goes wrong next at the provider, how often, and for one payment or any."""

    operation: Literal["start", "query", "void", "refund", "query_refund", "notify"]
    kind: payments.sandbox.Fault
    payment: Id | None = None
    times: Annotated[int, Meta(ge=1, le=1000)] = 1
    seconds: Annotated[float, Meta(ge=0, le=600)] = 0.0


class InvoiceFaultInput(Input, frozen=True, kw_only=True):
    """What the tax office does wrong with the next papers, how often, and with one paper or any."""

    kind: invoices.InvoiceFault
    invoice: Id | None = None
    times: Annotated[int, Meta(ge=1, le=1000)] = 1


class PlanInput(Input, frozen=True, kw_only=True):
    """What the sandbox carrier does with a parcel: the letter of a script, Z for a fate by the seed."""

    script: Annotated[str, Meta(min_length=1, max_length=1, pattern="^[A-Z]$")]
    seed: Annotated[int, Meta(ge=0, le=2**31)] = 0


class SpanQuery(Input, frozen=True, kw_only=True):
    """Of which time."""

    since: Moment | None = None
    until: Moment | None = None


class Ordered(View, frozen=True, kw_only=True):
    """It will be so."""

    ok: bool = True


@get("/v1/sandbox/clock", permission="sandbox.use")
async def told(tx: Tx) -> ClockView:
    """What the clock says."""
    return await _clock(tx)


@post("/v1/sandbox/clock/advance", permission="sandbox.use")
async def advance(tx: Tx, body: AdvanceInput) -> ClockView:
    """Turn the clock forward; deadlines that pass are acted upon by the worker as if the time had gone by."""
    by = timedelta(days=body.days, hours=body.hours, minutes=body.minutes, seconds=body.seconds)
    if not by:
        raise Malformed(what="say by how much", what_zh="须填写要前进的时间")
    before = await clock.ahead(tx)
    if before + by > timedelta(days=36_600):
        raise Malformed(what="that is more than a hundred years", what_zh="不能超过一百年")
    await clock.advance(tx, by)
    return ClockView(now=tx.now + by, ahead_seconds=int((before + by).total_seconds()))


@post(
    "/v1/sandbox/payments/{payment_id}/pay",
    permission="sandbox.use",
    why_unkeyed="a charge is paid once, however often the buyer tries",
)
async def pay(ask: Ask, payment_id: int, body: PayInput | None = None) -> ChargeView:
    """Pay a waiting payment as its buyer would, or fail to; the provider tells us by its notification."""
    wanted = body or PayInput()
    async with ask.db.reading(ask.actor) as tx:
        payment = await payments.get_one(tx, payment_id)
    state = None
    if payment.provider_ref is not None:
        state = await payments.sandbox.pay(
            ask.db, payment.provider_ref, wanted.outcome, amount=wanted.amount, currency=wanted.currency,
            even_if_closed=wanted.even_if_closed, failure=wanted.failure,
        )  # fmt: skip
    return ChargeView(payment_id=ask.request.path_params["payment_id"], state=state)


@post(
    "/v1/sandbox/faults",
    permission="sandbox.use",
    why_unkeyed="faults stand in the sandbox's own books, not in ours",
)
async def order_fault(ask: Ask, body: FaultInput) -> Ordered:
    """Let the provider do something wrong next."""
    about = None if body.payment is None else number("payment", body.payment, "payment")
    await payments.sandbox.order_fault(
        ask.db, body.operation, body.kind, number=about, times=body.times, seconds=body.seconds
    )
    return Ordered()


@post(
    "/v1/sandbox/faults/mend",
    permission="sandbox.use",
    why_unkeyed="nothing goes wrong any more, however often said",
)
async def mend(ask: Ask) -> Ordered:
    """Forget every fault that was ordered."""
    await payments.sandbox.mend(ask.db)
    return Ordered()


@post(
    "/v1/sandbox/invoice-faults",
    permission="sandbox.use",
    why_unkeyed="faults stand in the sandbox's own books, not in ours",
)
async def order_invoice_fault(ask: Ask, body: InvoiceFaultInput) -> Ordered:
    """Let the tax office's system do something wrong next."""
    about = None if body.invoice is None else number("invoice", body.invoice, "invoice")
    await invoices.order_invoice_fault(ask.db, body.kind, number=about, times=body.times)
    return Ordered()


@post("/v1/sandbox/parcels/{parcel_id}/plan", permission="sandbox.use")
async def order_plan(tx: Tx, parcel_id: int, body: PlanInput) -> Ordered:
    """Let the carrier deliver, lose, damage, delay, repeat, reorder or forget a parcel, from the time it left."""
    await transit.order_plan(tx, parcel_id, transit.Plan(body.script, body.seed))
    return Ordered()


@get("/v1/sandbox/statement", permission="sandbox.use", gives="text/csv")
async def statement(ask: Ask, query: SpanQuery) -> Response[str]:
    """The provider's own account of all charges and refunds, as the file that its statement is."""
    text = await payments.sandbox.statement_file(ask.db, since=query.since, until=query.until)
    return Response(text, media_type="text/csv; charset=utf-8")


async def _clock(tx: Tx) -> ClockView:
    return ClockView(now=tx.now, ahead_seconds=int((await clock.ahead(tx)).total_seconds()))


ROUTES = [told, advance, pay, order_fault, mend, order_invoice_fault, order_plan, statement]
