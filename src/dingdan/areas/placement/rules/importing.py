"""Goods from abroad: an order, and all orders of a person in a year, come to no more than customs let through as theirs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dingdan.areas import addresses, customs, pricing
from dingdan.areas.placement.rules.cases import Case, Part
from dingdan.kernel.refusal import Refusal

Quotes = Sequence[pricing.Quote]


def worth(case: Case, part: Part, quote: pricing.Quote) -> int:
    """What a part counts for; nothing where it is not imported into China or not paid in its money."""
    to = case.basket.ship_to
    if to is None or to.country != "CN" or case.currency != customs.CURRENCY:
        return 0
    return sum(
        priced.net for wish, priced in zip(part.wishes, quote.lines, strict=True)
        if wish.offer is not None and customs.FLAG in wish.offer.flags
    )  # fmt: skip


def limits(case: Case, quotes: Quotes) -> Iterator[Refusal]:
    """Both limits for one basket."""
    each = _each(case, quotes)
    if any(one > customs.ORDER_MOST for one in each):
        yield customs.OrderLimitReached("lines", most=customs.ORDER_MOST // 100)
    before = case.facts.imported.get(_number(case), 0)
    if sum(each) and before + sum(each) > customs.YEAR_MOST:
        yield customs.year_limit("buyer.papers.number")


def ration(sound: Mapping[int, tuple[Case, Quotes]]) -> dict[int, list[Refusal]]:
    """Sound baskets, by their place, of people for whom others of the batch came first."""
    taken, refused = Counter[str](), dict[int, list[Refusal]]()
    for n, (case, quotes) in sound.items():
        wanted, number = sum(_each(case, quotes)), _number(case)
        if wanted and case.facts.imported.get(number, 0) + taken[number] + wanted > customs.YEAR_MOST:
            refused[n] = [customs.year_limit("buyer.papers.number")]
        else:
            taken[number] += wanted
    return refused


def _each(case: Case, quotes: Quotes) -> list[int]:
    return [worth(case, part, quote) for part, quote in zip(case.parts, quotes, strict=True)]


def _number(case: Case) -> str:
    return addresses.plain_number(case.basket.identity.number) if case.basket.identity is not None else ""
