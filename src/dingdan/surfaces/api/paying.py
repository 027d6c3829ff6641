"""Paying: an order, or everything in one basket, by a provider, by credit, or by both together."""

from collections.abc import Sequence
from typing import Annotated, Literal

from litestar import Response
from msgspec import Meta

from dingdan.areas import credit, orders, payments
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.doing import do
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.payments import StartedView, started_view
from dingdan.surfaces.shared import rows
from dingdan.surfaces.shared.doors import Ask, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input, MoneyInput, Word

CardCode = Annotated[
    str, Meta(min_length=1, max_length=40, description="As it stands on the card; blanks do not matter.")
]


class TenderInput(Input, frozen=True, kw_only=True):
    """One part of a payment: `balance`, `card` with its code, or `provider` with a method for whatever is left.

    Without an amount a balance or a card pays as much as is needed and there. A provider names no amount.
    """

    kind: Literal["balance", "card", "provider"] = "provider"
    amount: MoneyInput | None = None
    code: CardCode | None = None
    provider: Word | None = None
    method: Word | None = None


class PaymentInput(Input, frozen=True, kw_only=True):
    """How to pay: through one provider, or by several tenders together. Without anything the sandbox pays at once."""

    provider: Word | None = None
    method: Word | None = None
    tenders: Annotated[list[TenderInput], Meta(min_length=1, max_length=8)] | None = None


@post("/v1/orders/{order_id}/payments", permission="payment.start", status=201, answers=StartedView)
async def order(ask: Ask, order_id: int, body: PaymentInput | None = None) -> Response[bytes]:
    """Start a payment of the order. Credit alone pays it at once.

    The answer, repeated too, shows it as it was started; read the payment to see where it stands and where to pay.
    """
    async with ask.db.reading(ask.actor) as tx:
        found = [await orders.get_one(tx, order_id)]
    return await _start(ask, found, body or PaymentInput())


@post("/v1/checkouts/{checkout_id}/payments", permission="payment.start", status=201, answers=StartedView)
async def checkout(ask: Ask, checkout_id: int, body: PaymentInput | None = None) -> Response[bytes]:
    """Start one payment for all orders of a checkout that still wait for their money, of one merchant or of several."""
    # Readers see their own rows only, and a basket that others sold in is not theirs to pay a part of.
    found = await do(ask.db, ask.actor, orders.of_checkout, checkout_id)
    waiting = [one for one in found if one.state is orders.OrderState.AWAITING_PAYMENT]
    return await _start(ask, waiting or found, body or PaymentInput())


async def _start(ask: Ask, found: Sequence[orders.Order], body: PaymentInput) -> Response[bytes]:
    provider, method, patch_at = _provider(body)
    tenders = await _tenders(ask, found, body)
    fresh: list[int] = []

    async def start(tx: Tx) -> int:
        try:
            (payment,) = await payments.start(
                tx, [one.id for one in found], provider=provider, method=method, tenders=tenders, patch_at=patch_at
            )
        except Refusal as refusal:
            raise rows.without_path(refusal, "order_ids[0]") from None
        fresh[:] = [payment.id]
        return payment.id

    async def render(payment_id: int) -> StartedView:
        async with ask.db.reading(ask.actor) as tx:
            return await started_view(tx, payment_id)

    answer = await ask.once(start, render=render)
    await _call(ask, fresh)
    return answer


def _provider(body: PaymentInput) -> tuple[str | None, str, str]:
    """Who is asked for what credit does not pay, how, and where in the request that stands. Raises Malformed."""
    if body.tenders is None:
        return body.provider or "sandbox", body.method or "instant", ""
    if body.provider is not None or body.method is not None:
        raise Malformed("tenders", what="name the provider among the tenders, or no tenders",
                        what_zh="支付渠道应写在 tenders 中，或不使用 tenders")  # fmt: skip
    problems: list[Refusal] = []
    named = [n for n, tender in enumerate(body.tenders) if tender.kind == "provider"]
    for n, tender in enumerate(body.tenders):
        is_provider = tender.kind == "provider"
        if is_provider and (tender.amount or tender.code or not tender.provider or not tender.method):
            problems.append(Malformed(f"tenders[{n}]", what="a provider has a method and takes whatever is left",
                                      what_zh="渠道支付须指明 provider 和 method，并承担全部余款"))  # fmt: skip
        if not is_provider and (
            tender.provider or tender.method or (tender.kind == "card") != (tender.code is not None)
        ):
            problems.append(Malformed(f"tenders[{n}]", what="a card has a code, a balance has none, and neither a provider",
                                      what_zh="礼品卡须填写 code，余额不填，且均不填 provider"))  # fmt: skip
    if len(named) > 1:
        problems.append(Malformed(f"tenders[{named[1]}]", what="one provider takes whatever is left",
                                  what_zh="只能指定一个支付渠道"))  # fmt: skip
    refuse_all(problems)
    if not named:
        return None, "", ""
    tender = body.tenders[named[0]]
    return tender.provider, tender.method or "", f"/tenders/{named[0]}"


async def _tenders(ask: Ask, found: Sequence[orders.Order], body: PaymentInput) -> list[payments.CreditTender]:
    """Credit to pay with, its cards looked up. Raises Malformed, credit.CardUnusable and credit.TooManyTries."""
    given = [(n, tender) for n, tender in enumerate(body.tenders or ()) if tender.kind != "provider"]
    currency = found[0].currency
    refuse_all([
        Malformed(f"tenders[{n}].amount.currency", what=f"the order is in {currency}", what_zh=f"订单币种为 {currency}")
        for n, tender in given if tender.amount is not None and tender.amount.currency != currency
    ])  # fmt: skip
    opened = await present(
        ask, {n: tender.code for n, tender in given if tender.code is not None},
        who=f"buyer:{found[0].buyer_id}", merchant_ids={one.merchant_id for one in found},
    )  # fmt: skip
    return [
        payments.CreditTender(purse_id=opened.get(n), amount=tender.amount.amount if tender.amount else None)
        for n, tender in given
    ]


async def present(ask: Ask, codes: dict[int, str], *, who: str, merchant_ids: set[int]) -> dict[int, int]:
    """Look card codes up in a transaction of its own, so that wrong ones are counted whatever follows.

    Raises credit.TooManyTries or credit.CardUnusable, with paths `tenders[n].code`.
    """
    if not codes:
        return {}
    found = await do(ask.db, ask.actor, credit.present, list(codes.values()), who=who, merchant_ids=merchant_ids)
    opened = dict(zip(codes, found, strict=True))
    problems: list[Refusal] = []
    for n, card in opened.items():
        if card.retry_at is not None:
            problems.append(credit.TooManyTries(f"tenders[{n}].code", retry_at=card.retry_at.isoformat()))
        elif card.purse_id is None:
            problems.append(credit.CardUnusable(f"tenders[{n}].code"))
    refuse_all(problems)
    return {n: card.purse_id for n, card in opened.items() if card.purse_id is not None}


async def _call(ask: Ask, payment_ids: list[int]) -> None:
    """Tell the provider now that the intention is committed; if that fails, the ladder of `payment.check` does it."""
    try:
        await payments.call_started(ask.db, payment_ids)
    except Refusal as refusal:
        log.warning("the provider is told later", code=refusal.code)


ROUTES = [order, checkout]
