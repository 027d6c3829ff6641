"""What placing a basket now would do: the same check as placing, and all that a buyer reviews before."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from dingdan.areas import carriers, identity, orders, payments, policies, pricing
from dingdan.areas.placement.checking import check, suspicions, wrong_codes
from dingdan.areas.placement.loading import load, look_closer
from dingdan.areas.placement.model import (
    Asked,
    Basket,
    Found,
    OrderedAlready,
    Quoted,
    QuotedLine,
    QuotedOrder,
    QuotedPolicy,
)
from dingdan.areas.placement.refusals import AddressIncomplete, BuyerMissing
from dingdan.areas.placement.rules import wanting
from dingdan.areas.placement.rules.cases import Part, Wish
from dingdan.areas.placement.rules.judging import Verdict, judge
from dingdan.areas.placement.rules.solving import solved
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx

# The same order within this time is more likely a second click than a second wish.
LATELY = timedelta(minutes=10)


async def quote(tx: Tx, baskets: Sequence[Basket]) -> list[Quoted]:
    """A quote for each basket. Nothing is taken, so that it may be asked for as often as a cart changes."""
    facts = await look_closer(tx, await load(tx, baskets), baskets)
    verdicts = check(baskets, facts)
    already = await _ordered_already(tx, verdicts)
    return [
        msgspec.structs.replace(_quoted(verdict), already=found, wrong_codes=wrong_codes(tx, [verdict]))
        for verdict, found in zip(verdicts, already, strict=True)
    ]


async def _ordered_already(tx: Tx, verdicts: Sequence[Verdict]) -> list[tuple[OrderedAlready, ...]]:
    """Orders of the last minutes that are the same as a merchant's part of each basket."""
    wanted = [[(part, _key(part, verdict)) for part in verdict.case.parts] for verdict in verdicts]
    buyers = await identity.find_buyers(tx, {key for some in wanted for _, key in some if key is not None})
    lately = await orders.baskets_since(tx, set(buyers.values()), tx.now - LATELY) if buyers else []
    return [
        tuple(
            OrderedAlready(one.id, one.placed_at)
            for part, key in some
            for one in lately
            if key is not None and one.buyer_id == buyers.get(key) and one.units == _units(part)
        )
        for some in wanted
    ]


def _key(part: Part, verdict: Verdict) -> tuple[int, str] | None:
    buyer = verdict.case.basket.buyer
    return (part.merchant.id, buyer.ref.strip()) if buyer is not None and buyer.ref.strip() else None


def _units(part: Part) -> dict[str, int]:
    units: dict[str, int] = {}
    for wish in part.wishes:
        units[wish.item.sku] = units.get(wish.item.sku, 0) + wish.item.quantity
    return units


def _quoted(verdict: Verdict) -> Quoted:
    case, quotes = verdict.case, verdict.quotes
    basket = case.basket
    found = tuple(
        Found(problem, blocks=not _is_open(basket, problem)) for problem in solved(verdict, verdict.problems, judge)
    )
    return Quoted(
        currency=case.currency,
        orders=tuple(
            _order(part, quotes[n] if quotes is not None else None, promise, case.currency)
            for n, (part, promise) in enumerate(zip(case.parts, verdict.promises, strict=True))
        ),
        total=verdict.total,
        found=found,
        is_complete=basket.buyer is not None and basket.ship_to is not None,
        suspicions=tuple(suspicions(case)),
        ways=tuple(
            payments.usable_ways(
                wanting.payment_of(case, verdict.total),
                wanting.ways_of(case.facts, [part.merchant.id for part in case.parts]),
                now=case.facts.now,
            )
        ),
    )


def _is_open(basket: Basket, problem: Refusal) -> bool:
    """Whether a problem is only that a part of the basket was not given yet."""
    return (isinstance(problem, BuyerMissing) and basket.buyer is None) or (
        isinstance(problem, AddressIncomplete) and basket.ship_to is None
    )


def _order(part: Part, quote: pricing.Quote | None, promise: carriers.Promise | None, currency: str) -> QuotedOrder:
    document = part.policy.document if part.policy else None
    return QuotedOrder(
        merchant_id=part.merchant.id,
        seller=part.merchant.name,
        lines=tuple(
            _line(wish, quote.lines[n] if quote else None, currency, document)
            for n, wish in enumerate(part.wishes)
            if wish.offer is not None
        ),
        policy=QuotedPolicy(part.policy.id, part.policy.code, part.policy.version, part.policy.hash, document.name.en,
                            document.name.zh) if part.policy and document else None,
        pay_within_minutes=part.merchant.settings.pay_within_minutes,
        goods=quote.goods if quote else None,
        discount=quote.discount if quote else None,
        freight=quote.freight if quote else None,
        tax=quote.tax if quote else None,
        total=quote.total if quote else None,
        price=quote,
        promise=promise,
    )  # fmt: skip


def _line(
    wish: Wish, priced: pricing.PricedLine | None, currency: str, document: policies.PolicyDocument | None
) -> QuotedLine:
    offer = wish.offer
    assert offer is not None
    price = offer.prices.get(currency, 0)
    asks = _asked(wish, document)
    by_law = policies.excluded_by_law(document, offer.category, offer.flags) if document else None
    return QuotedLine(
        place=wish.place,
        sku=offer.sku,
        title=offer.title,
        quantity=wish.item.quantity,
        unit_price=price,
        goods=priced.goods if priced else price * max(0, wish.item.quantity),
        discount=priced.discount if priced else 0,
        tax=priced.tax if priced else 0,
        excluded=by_law or (asks.version.partition(":")[0] if asks and asks.is_given else None),
        asks=asks,
    )


def _asked(wish: Wish, document: policies.PolicyDocument | None) -> Asked | None:
    """What the buyer may confirm about a line, in the words of the policy."""
    offer = wish.offer
    if offer is None or document is None:
        return None
    code = policies.confirmation_needed(document, offer.category, offer.flags)
    if code is None:
        return None
    version, words = policies.text_version(document, code), policies.confirmation(document, code)
    return Asked(version, words.en, words.zh, is_given=wish.item.confirmed == version)
