"""Pure checks of a basket: everything that is wrong with it, all at once."""

from collections.abc import Iterator

from dingdan.areas import policies
from dingdan.areas.catalog import Offer
from dingdan.areas.placement.model import Basket
from dingdan.areas.placement.refusals import (
    AddressIncomplete,
    BasketEmpty,
    BuyerMissing,
    ConfirmationUnfit,
    FieldTooLong,
    NoPrice,
    ProductOffSale,
    ProductUnknown,
    QuantityUnfit,
    TooManyLines,
)
from dingdan.kernel.address import missing_parts
from dingdan.kernel.refusal import Refusal

MAX_LINES = 2_000
MAX_QUANTITY = 1_000_000
MAX_TEXT = 500


def problems_of(basket: Basket, offers: dict[tuple[int, str], Offer], currency: str) -> list[Refusal]:
    """Everything that can be seen without touching stock."""
    return [*_size(basket), *_lines(basket, offers, currency), *_people(basket)]


def _size(basket: Basket) -> Iterator[Refusal]:
    if not basket.items:
        yield BasketEmpty("lines")
    if len(basket.items) > MAX_LINES:
        yield TooManyLines("lines", lines=len(basket.items), most=MAX_LINES)


def _lines(basket: Basket, offers: dict[tuple[int, str], Offer], currency: str) -> Iterator[Refusal]:
    for place, item in enumerate(basket.items):
        path = f"lines[{place}]"
        if not 1 <= item.quantity <= MAX_QUANTITY:
            yield QuantityUnfit(f"{path}.quantity", quantity=item.quantity, most=MAX_QUANTITY)
        offer = offers.get((basket.merchant_id, item.sku))
        if offer is None:
            yield ProductUnknown(f"{path}.sku", sku=item.sku)
        elif not offer.active:
            yield ProductOffSale(f"{path}.sku", sku=item.sku)
        elif currency not in offer.prices:
            yield NoPrice(f"{path}.sku", sku=item.sku, currency=currency)


def unfit_confirmations(
    basket: Basket, offers: dict[tuple[int, str], Offer], document: policies.PolicyDocument
) -> list[Refusal]:
    """Confirmations that are not of the words this policy asks for; none at all is sound, the line is returnable then.

    A confirmation counts only for the text that stood there (Measures art. 20), so its version must fit.
    """
    problems: list[Refusal] = []
    for place, item in enumerate(basket.items):
        offer = offers.get((basket.merchant_id, item.sku))
        if item.confirmed is None or offer is None:
            continue
        code = policies.confirmation_needed(document, offer.category, offer.flags)
        wanted = policies.text_version(document, code) if code else "-"
        if item.confirmed != wanted:
            problems.append(ConfirmationUnfit(f"lines[{place}].confirmed", wanted=wanted, given=item.confirmed))
    return problems


def _people(basket: Basket) -> Iterator[Refusal]:
    if not basket.buyer.ref.strip():
        yield BuyerMissing("buyer.ref")
    for part in missing_parts(basket.ship_to):
        yield AddressIncomplete(f"ship_to.{part}", part=part)
    texts = {"remark": basket.remark or "", "reference": basket.reference or ""}
    for field, text in texts.items():
        if len(text) > MAX_TEXT:
            yield FieldTooLong(field, field=field, most=MAX_TEXT)
