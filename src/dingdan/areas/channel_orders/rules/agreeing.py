"""What an order comes to by its channel's word, so that it adds up in our books whatever the channel wrote."""

from collections.abc import Sequence

import msgspec

from dingdan.areas.channel_orders.model import Deal
from dingdan.kernel.money import split


class AgreedLine(msgspec.Struct, frozen=True):
    """One line's money: goods before and discount, and tax."""

    goods: int
    discount: int
    tax: int


class Agreed(msgspec.Struct, frozen=True):
    """An order's money with the channel's total; `computed` is what the parts it told come to."""

    lines: tuple[AgreedLine, ...]
    freight: int
    total: int
    computed: int

    @property
    def goods(self) -> int:
        """Of all lines."""
        return sum(line.goods for line in self.lines)

    @property
    def discount(self) -> int:
        """Of all lines, the order's own spread over them."""
        return sum(line.discount for line in self.lines)

    @property
    def tax(self) -> int:
        """Of all lines."""
        return sum(line.tax for line in self.lines)


def agreed(deal: Deal) -> Agreed:
    """The channel's amounts with its total kept; the order's discount is spread over the lines (A2).

    Where the parts do not come to the total, what is too much becomes a discount and what is too little freight; the
    difference is a problem that a person looks at.
    """
    goods = [line.quantity * line.unit_price for line in deal.lines]
    taxes = [line.tax for line in deal.lines]
    told = sum(goods) - sum(line.discount for line in deal.lines) - deal.discount + deal.freight + sum(taxes)
    rest = [max(0, worth - line.discount) for worth, line in zip(goods, deal.lines, strict=True)]
    rest = _less(rest, min(deal.discount, sum(rest)))
    freight = deal.freight
    missing = deal.total - sum(rest) - freight - sum(taxes)
    if missing > 0:
        freight += missing
    else:
        cut = min(-missing, sum(rest))
        rest = _less(rest, cut)
        from_freight = min(-missing - cut, freight)
        freight -= from_freight
        taxes = _less(taxes, -missing - cut - from_freight)
    lines = tuple(AgreedLine(worth, worth - left, tax) for worth, left, tax in zip(goods, rest, taxes, strict=True))
    return Agreed(lines, freight, deal.total, told)


def _less(amounts: Sequence[int], cut: int) -> list[int]:
    """Amounts less a cut that is spread over them by their size; none falls below zero."""
    return [whole - part for whole, part in zip(amounts, split(cut, amounts), strict=True)] if cut else list(amounts)
