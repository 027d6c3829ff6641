"""Everything that can be wrong with a basket: a list of checks, each looking at one thing, all of them always asked.

A new kind of problem is a new function in one of the two lists at the end.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from dingdan.areas import (
    addresses,
    carriers,
    catalog,
    credit,
    customs,
    identity,
    inventory,
    orders,
    payments,
    policies,
    pricing,
)
from dingdan.areas.placement import refusals
from dingdan.areas.placement.model import Basket
from dingdan.areas.placement.rules import guarding, wanting
from dingdan.areas.placement.rules.cases import MAX_LINES, MAX_QUANTITY, Case, Part
from dingdan.kernel.address import Address, missing_parts
from dingdan.kernel.money import MAX_AMOUNT, decimal_string, is_currency
from dingdan.kernel.refusal import Operation, Refusal, Solution, Text
from dingdan.kernel.times import iso

MAX_TEXT = 500
NOWHERE = Address(name="", phone="", country="", city="", detail="")

Check = Callable[[Case], Iterable[Refusal]]
AmountCheck = Callable[[Case, Sequence[pricing.Quote]], Iterable[Refusal]]


def _patience(case: Case) -> Iterator[Refusal]:
    """Coupons of somebody who named too many that do not exist are not looked at, whatever they are."""
    until = case.facts.waits.get(wanting.ref_of(case.basket)) if case.basket.coupons else None
    if until is not None:
        seconds = max(1, round((until - case.facts.now).total_seconds()))
        yield pricing.CouponTriesTooMany("coupons", retry_at=iso(until), retry_after_seconds=seconds).with_solutions(
            Solution("drop_coupons", Text("Order without coupons", "不使用优惠券下单"),
                     patch=(Operation("remove", "/coupons"),))
        )  # fmt: skip


def _size(case: Case) -> Iterator[Refusal]:
    items = case.basket.items
    if not items:
        yield refusals.BasketEmpty("lines")
    if len(items) > MAX_LINES:
        yield refusals.TooManyLines("lines", lines=len(items), most=MAX_LINES)


def _sellers(case: Case) -> Iterator[Refusal]:
    """Who sells, through which channel, and under which policy."""
    basket = case.basket
    told = set()
    for place in case.strangers:
        merchant_id = basket.items[place].merchant_id if place >= 0 else None
        if merchant_id not in told:
            told.add(merchant_id)
            yield (
                refusals.MerchantClosed("merchant")
                if merchant_id in (None, basket.merchant_id)
                else refusals.LineOfClosedMerchant(f"lines[{place}].merchant", sku=basket.items[place].sku)
            )
    for part in case.parts:
        is_own = part.merchant.id == basket.merchant_id
        path = f"lines[{part.wishes[0].place}].merchant" if not is_own else ""
        if part.channel is None:
            yield inventory.ChannelUnknown(path or "channel", code=basket.channel)
        elif not part.channel.active:
            yield inventory.ChannelClosed(path or "channel", code=basket.channel)
        if part.policy is None:
            yield refusals.PolicyMissing(path or "merchant", policy=part.merchant.policy)


def _lines(case: Case) -> Iterator[Refusal]:
    for part in case.parts:
        for wish in part.wishes:
            item, offer, path = wish.item, wish.offer, wish.place
            if not 1 <= item.quantity <= MAX_QUANTITY:
                yield refusals.QuantityUnfit(f"lines[{path}].quantity", quantity=item.quantity, most=MAX_QUANTITY)
            if offer is None:
                yield refusals.ProductUnknown(f"lines[{path}].sku", sku=item.sku)
            elif not offer.active:
                yield refusals.ProductOffSale(f"lines[{path}].sku", sku=item.sku)
            elif case.currency not in offer.prices:
                yield refusals.NoPrice(f"lines[{path}].sku", sku=item.sku, currency=case.currency)


def _limits(case: Case) -> Iterator[Refusal]:
    """How many an order takes, and how many a buyer gets over all orders; all lines of a thing count together."""
    for part in case.parts:
        needs: dict[int, int] = {}
        for wish in part.wishes:
            offer = wish.offer
            if offer is None or not _is_limited(offer):
                continue
            needs = needs or _needs(part)
            path, wanted = f"lines[{wish.place}].quantity", needs.get(offer.product_id, 0)
            if 1 <= wanted < offer.min_quantity:
                yield refusals.QuantityBelowLeast(path, sku=offer.sku, least=offer.min_quantity)
            if offer.max_quantity is not None and wanted > offer.max_quantity:
                yield refusals.QuantityAboveMost(path, sku=offer.sku, most=offer.max_quantity)
            left = left_for(case, part, offer)
            if left is not None and wanted > left:
                yield refusals.BuyerLimitReached(path, sku=offer.sku, most=offer.max_per_buyer, left=left)


def _is_limited(offer: catalog.Offer) -> bool:
    return offer.min_quantity > 1 or offer.max_quantity is not None or offer.max_per_buyer is not None


def left_for(case: Case, part: Part, offer: catalog.Offer) -> int | None:
    """How many of a thing this buyer may still have; None where that is not limited."""
    if offer.max_per_buyer is None:
        return None
    ref = case.basket.buyer.ref if case.basket.buyer is not None else ""
    return max(0, offer.max_per_buyer - case.facts.bought.get((part.merchant.id, ref, offer.product_id), 0))


def _needs(part: Part) -> dict[int, int]:
    """How many units of each product a part wants in all; lines that make no sense do not count."""
    needs: dict[int, int] = {}
    for wish in part.wishes:
        if wish.offer is not None and 1 <= wish.item.quantity <= MAX_QUANTITY:
            needs[wish.offer.product_id] = needs.get(wish.offer.product_id, 0) + wish.item.quantity
    return needs


def _prices(case: Case) -> Iterator[Refusal]:
    """The price of each line against the one that was shown, and against what the thing used to cost."""
    for part in case.parts:
        for wish in part.wishes:
            offer, shown = wish.offer, wish.item.unit_price
            price = offer.prices.get(case.currency) if offer is not None else None
            if offer is None or price is None:
                continue
            if shown is not None and shown != price:
                yield refusals.UnitPriceChanged(
                    f"lines[{wish.place}].unit_price",
                    sku=offer.sku,
                    currency=case.currency,
                    price=decimal_string(price, case.currency),
                    expected=decimal_string(shown, case.currency),
                )
            if guarding.suspicion(offer, case.currency, part.merchant.settings) is not None:
                yield refusals.PriceSuspicious(f"lines[{wish.place}].sku", sku=offer.sku)


def _people(case: Case) -> Iterator[Refusal]:
    buyer, ship_to = case.basket.buyer, case.basket.ship_to
    if buyer is None or not buyer.ref.strip():
        yield refusals.BuyerMissing("buyer.ref")
    if ship_to is None or not _looks_at_addresses(case):
        for part in missing_parts(ship_to or NOWHERE):
            yield refusals.AddressIncomplete(f"ship_to.{part}", part=part)
        return
    is_abroad = any("cross_border" in w.offer.flags for p in case.parts for w in p.wishes if w.offer is not None)
    yield from addresses.problems_of(
        ship_to, cross_border=is_abroad, identity=case.basket.identity, identity_prefix="buyer.papers"
    )


def _looks_at_addresses(case: Case) -> bool:
    return all(part.merchant.settings.check_addresses for part in case.parts)


def _deliveries(case: Case) -> Iterator[Refusal]:
    """Whether every part can get there at all."""
    if case.basket.ship_to is not None:
        for no in (wanting.promise_of(case, part) for part in case.parts):
            if isinstance(no, carriers.NotDeliverable):
                yield carriers.undeliverable(no, service_pointer="/service")
                return


def _texts(case: Case) -> Iterator[Refusal]:
    for field in ("remark", "reference"):
        if len(getattr(case.basket, field) or "") > MAX_TEXT:
            yield refusals.FieldTooLong(field, field=field, most=MAX_TEXT)
    for problem in identity.problems_of_people([person(case.basket)]):
        path = problem.path.removeprefix("[0].")
        if path.startswith("address."):
            yield type(problem)(path.replace("address.", "ship_to."), **problem.params)
        elif case.basket.buyer is not None and case.basket.buyer.ref.strip():
            yield type(problem)(f"buyer.{path}", **problem.params)


def _confirmations(case: Case) -> Iterator[Refusal]:
    """Confirmations that are not of the words this policy asks for; none at all is sound, the line is returnable then.

    A confirmation counts only for the text that stood there (Measures art. 20), so its version must fit.
    """
    for part in case.parts:
        if part.policy is None:
            continue
        for wish in part.wishes:
            given = wish.item.confirmed
            if given is not None and wish.offer is not None:
                wanted = text_wanted(part.policy.document, wish.offer.category, wish.offer.flags) or "-"
                if given != wanted:
                    yield refusals.ConfirmationUnfit(f"lines[{wish.place}].confirmed", wanted=wanted, given=given)


def _stock(case: Case) -> Iterator[Refusal]:
    """All lines together against the shelves that may serve them, as reserving would; each short line is told."""
    shelves = case.facts.shelves
    if shelves is None:
        return
    parts = [part for part in case.parts if part.channel is not None]
    wants = [want for n, part in enumerate(parts) for want in wanting.stock_of(case, part, n)]
    over = inventory.over_cap(wants, case.facts.kept)
    for short in over or inventory.shortages(wants, shelves, dict.fromkeys(range(len(parts)), 0)):
        yield not_enough(parts[short.order_id], short)


def not_enough(part: Part, short: inventory.Shortage) -> Refusal:
    """A shortage as the buyer sees it; `free` is what would be had of this line with the others as they are."""
    wish = part.wishes[short.line_no - 1]
    kind = inventory.TooManyKept if short.why == "cap" else refusals.NotEnoughStock
    return kind(f"lines[{wish.place}].quantity", sku=wish.item.sku, wanted=short.wanted, free=short.free)


def _references(case: Case) -> Iterator[Refusal]:
    for part in case.parts:
        owner = case.facts.references.get((part.merchant.id, case.basket.reference or ""))
        if owner is not None:
            yield orders.ReferenceTaken("reference", reference=case.basket.reference, order=owner)


def _too_much_money(_case: Case, quotes: Sequence[pricing.Quote]) -> Iterator[Refusal]:
    if sum(quote.total for quote in quotes) > MAX_AMOUNT:
        yield refusals.AmountTooLarge("lines")


def _imports(case: Case, quotes: Sequence[pricing.Quote]) -> Iterator[Refusal]:
    """Goods from abroad: an order, and all orders of a person in a year, come to no more than customs let through."""
    each = [wanting.import_of(case, part, quote) for part, quote in zip(case.parts, quotes, strict=True)]
    if any(one > customs.ORDER_MOST for one in each):
        yield customs.OrderLimitReached("lines", most=customs.ORDER_MOST // 100)
    if sum(each) and case.facts.imported.get(wanting.importer_of(case), 0) + sum(each) > customs.YEAR_MOST:
        yield customs.year_limit("buyer.papers.number")


def _discounts(case: Case, quotes: Sequence[pricing.Quote]) -> Iterator[Refusal]:
    for part, quote in zip(case.parts, quotes, strict=True):
        most = part.merchant.settings.price_guard_discount_percent
        if part.merchant.settings.price_guard and quote.discount * 100 > quote.goods * most:
            yield refusals.DiscountTooLarge(
                "lines",
                most=most,
                currency=case.currency,
                discount=decimal_string(quote.discount, case.currency),
                goods=decimal_string(quote.goods, case.currency),
            )


def _coupons(case: Case, quotes: Sequence[pricing.Quote]) -> Iterator[Refusal]:
    """What stands against coupons and points, where the request has them."""
    for part, quote in zip(case.parts, quotes, strict=True):
        lines = [wish.place for wish in part.wishes]
        yield from (in_request(one, lines) for one in quote.problems)


def _points(case: Case, quotes: Sequence[pricing.Quote]) -> Iterator[Refusal]:
    """Whether the buyer has the points that are to be used."""
    for part, quote in zip(case.parts, quotes, strict=True):
        if quote.points_used and case.facts.points is not None:
            ref = case.basket.buyer.ref.strip() if case.basket.buyer else ""
            buyer_id = case.facts.buyers.get((part.merchant.id, ref), 0)
            there = case.facts.points.get(buyer_id, 0)
            if there < quote.points_used:
                yield credit.NotEnoughCredit(
                    "points", kind="points", unit="points", asked=quote.points_used, available=there
                )


def _payment(case: Case, quotes: Sequence[pricing.Quote]) -> Iterator[Refusal]:
    """Whether what is owed can be paid in the way that the buyer means to."""
    if case.basket.payment is not None:
        wanted = wanting.payment_of(case, sum(quote.total for quote in quotes))
        ways = wanting.ways_of(case.facts, [part.merchant.id for part in case.parts])
        yield from payments.method_problems(
            wanted, case.basket.payment, ways, now=case.facts.now, path="payment", patch_at="/payment"
        )


def _total(case: Case, quotes: Sequence[pricing.Quote]) -> Iterator[Refusal]:
    shown, total = case.basket.expected_total, sum(quote.total for quote in quotes)
    if shown is not None and shown != total and total <= MAX_AMOUNT:
        yield refusals.PriceChanged(
            "expected_total",
            total=decimal_string(total, case.currency),
            currency=case.currency,
            expected=decimal_string(shown, case.currency),
        )


CHECKS: Sequence[Check] = (
    _patience, _size, _sellers, _lines, _limits, _prices, _people, _texts, _confirmations, _deliveries, _stock, _references,
)  # fmt: skip
# What is asked of an address alone, also when an order is sent elsewhere after it was placed.
ADDRESS_CHECKS: Sequence[Check] = (_people, _texts, _deliveries)
# Asked once there are amounts: every line has a price.
AMOUNT_CHECKS: Sequence[AmountCheck] = (_too_much_money, _imports, _discounts, _coupons, _points, _payment, _total)


def text_wanted(document: policies.PolicyDocument, category: str, flags: Sequence[str]) -> str | None:
    """The version of the text that a buyer of such a thing confirms; None where nothing is to be confirmed."""
    code = policies.confirmation_needed(document, category, flags)
    return policies.text_version(document, code) if code else None


def person(basket: Basket, merchant_id: int | None = None) -> identity.Person:
    """Who the orders are for, as it is kept at one of the merchants."""
    ship_to, buyer = basket.ship_to or NOWHERE, basket.buyer
    return identity.Person(
        merchant_id=merchant_id or basket.merchant_id,
        ref=buyer.ref if buyer else "",
        name=(buyer.name if buyer else "") or ship_to.name,
        phone=(buyer.phone if buyer else "") or ship_to.phone,
        email=buyer.email if buyer else "",
        address=ship_to,
        remark=basket.remark or "",
        device=basket.device,
        language=buyer.language if buyer else "",
        id_name=basket.identity.name if basket.identity else "",
        id_number=basket.identity.number if basket.identity else "",
    )


_OF_PART = re.compile(r"(lines\[|/lines/)(\d+)")


def in_request(problem: Refusal, lines: Sequence[int]) -> Refusal:
    """A problem of one part with its places as the whole request has them, in its path and in its ways out."""

    def whole(text: str) -> str:
        return _OF_PART.sub(lambda m: m[1] + str(lines[int(m[2])]), text)

    return type(problem)(whole(problem.path), **problem.params).with_solutions(*(
        msgspec.structs.replace(one, patch=tuple(msgspec.structs.replace(op, path=whole(op.path)) for op in one.patch))
        if one.patch is not None else one
        for one in problem.solutions
    ))  # fmt: skip


def has_amounts(case: Case) -> bool:
    """Whether every line has a price and a quantity that can be multiplied."""
    return (
        bool(case.parts)
        and not case.strangers
        and is_currency(case.currency)
        and all(
            wish.offer is not None
            and wish.offer.prices.get(case.currency) is not None
            and 1 <= wish.item.quantity <= MAX_QUANTITY
            for part in case.parts
            for wish in part.wishes
        )
        and all(part.wishes for part in case.parts)
    )
