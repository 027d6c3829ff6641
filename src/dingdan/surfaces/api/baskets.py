"""Baskets as they come in: one form for quotes, orders and many orders at once."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from msgspec import Meta

from dingdan.areas import addresses, merchants, placement
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import language, scope
from dingdan.surfaces.shared.doors import AnyRequest
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    AddressInput,
    Currency,
    Input,
    Language,
    Line,
    MerchantRef,
    MoneyInput,
    Prose,
    Short,
    Sku,
    Word,
)

# No merchant has this id: what names it is told that it takes no orders.
NO_MERCHANT = -1


class LineInput(Input, frozen=True, kw_only=True):
    """One wish. `confirmed` is the text version with which the buyer confirmed that it cannot be returned.

    `unit_price` is what the buyer was shown, and only compared; `merchant` sells this line, if not the basket's own.
    """

    sku: Sku
    quantity: int
    confirmed: Line | None = None
    merchant: MerchantRef | None = None
    unit_price: MoneyInput | None = None


class PapersInput(Input, frozen=True, kw_only=True):
    """Who takes goods through customs."""

    name: Short
    number: Short


class WayInput(Input, frozen=True, kw_only=True):
    """How the buyer means to pay; checked now, paid later."""

    provider: Word
    method: Word


class BuyerInput(Input, frozen=True, kw_only=True):
    """Who buys, by the id that the shop knows them by; name and phone default to the recipient's.

    `language` is the one they are told in; without it the request's Accept-Language counts, then the merchant's.
    `papers` are for customs, where goods cross a border: the real name and the number of an identity card.
    """

    ref: Line = ""
    name: Short = ""
    phone: Short = ""
    email: Short = ""
    language: Language | None = None
    papers: PapersInput | None = None


class BasketInput(Input, frozen=True, kw_only=True):
    """What a buyer wants. The server computes every amount; `expected_total` is only compared."""

    merchant: MerchantRef | None = None
    channel: Word
    lines: Annotated[list[LineInput], Meta(max_length=5_000)]
    currency: Currency | None = None
    expected_total: MoneyInput | None = None
    remark: Prose | None = None
    reference: Prose | None = None
    coupons: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    points: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    payment: WayInput | None = None
    service: Word | None = None
    device: Short = ""


class QuoteInput(BasketInput, frozen=True, kw_only=True):
    """A basket to be told about; who buys and where it goes may not be known yet."""

    buyer: BuyerInput | None = None
    ship_to: AddressInput | None = None


class OrderInput(BasketInput, frozen=True, kw_only=True):
    """What a buyer submits. Lines of several merchants become an order for each, all or none."""

    buyer: BuyerInput
    ship_to: AddressInput


Wanted = QuoteInput | OrderInput


async def named(tx: Tx, bodies: Iterable[Wanted]) -> dict[str, int]:
    """The merchants that baskets name, by the words they name them with; those out of reach are not among them."""
    words = {body.merchant for body in bodies} | {line.merchant for body in bodies for line in body.lines}
    return await scope.merchants_named(tx, {word for word in words if word is not None})


def names_merchants(body: Wanted, own: int | None) -> bool:
    """Whether merchants must be looked up before a basket is understood."""
    return own is None or body.merchant is not None or any(line.merchant is not None for line in body.lines)


def spoken(request: AnyRequest) -> str:
    """The language that whoever asks reads best, as far as the request says."""
    return next(iter(language.tags(request.headers.get("accept-language", ""))), "")


def basket_of(body: Wanted, own: int | None, known: Mapping[str, int], tongue: str = "") -> placement.Basket:
    """A basket as placement knows it; `own` is the key's merchant, `tongue` the language of buyers who name none.

    Raises what makes no sense as a request.
    """
    merchant_id = _merchant(body, own, known)
    currency = _currency(body)
    buyer = body.buyer
    return placement.Basket(
        merchant_id=merchant_id,
        channel=body.channel,
        buyer=placement.Buyer(buyer.ref, buyer.name, buyer.phone, buyer.email, buyer.language or tongue)
        if buyer
        else None,
        ship_to=body.ship_to.as_address() if body.ship_to else None,
        items=tuple(_item(line, merchant_id, known) for line in body.lines),
        currency=currency,
        expected_total=body.expected_total.amount if body.expected_total else None,
        remark=body.remark,
        reference=body.reference,
        coupons=body.coupons,
        points=body.points,
        payment=(body.payment.provider, body.payment.method) if body.payment else None,
        service=body.service,
        device=body.device,
        identity=addresses.Identity(buyer.papers.name, buyer.papers.number) if buyer and buyer.papers else None,
    )


def _merchant(body: Wanted, own: int | None, known: Mapping[str, int]) -> int:
    if body.merchant is not None:
        if body.merchant not in known:
            raise merchants.MerchantUnknown("merchant")
        return known[body.merchant]
    if own is None:
        raise scope.MerchantMissing("merchant")
    return own


def _item(line: LineInput, basket_merchant: int, known: Mapping[str, int]) -> placement.Item:
    merchant_id = None if line.merchant is None else known.get(line.merchant, NO_MERCHANT)
    price = line.unit_price.amount if line.unit_price is not None else None
    whose = None if merchant_id == basket_merchant else merchant_id
    return placement.Item(line.sku, line.quantity, line.confirmed, whose, price)


def _currency(body: Wanted) -> str | None:
    """The one currency that everything in a basket is in. Raises Malformed where something is in another."""
    shown = [("expected_total", body.expected_total)] if body.expected_total is not None else []
    shown += [(f"lines[{n}].unit_price", line.unit_price) for n, line in enumerate(body.lines) if line.unit_price]
    currency = body.currency or (shown[0][1].currency if shown else None)
    for path, money in shown:
        if money.currency != currency:
            what = f"the order is in {currency}"
            raise Malformed(f"{path}.currency", what=what, what_zh=f"订单币种为 {currency}")
    return currency
