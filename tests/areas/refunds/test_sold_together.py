"""One bargain is about an order and all that is sent for its goods: by every path, with exchanges, the sums are the same."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.areas.pricing.shelf import ask, item, order_a, tiers
from tests.areas.refunds.test_keeping import STORE_COUPON, Shop, after, baskets

from dingdan.areas import pricing
from dingdan.areas.refunds import AskedLine, Basis
from dingdan.areas.refunds.model import Part
from dingdan.areas.refunds.rules.amount import Earlier, Line, Sold, quote
from dingdan.areas.refunds.rules.keeping import COMPONENTS, Others, freight_there, hold_to, within_share
from dingdan.areas.refunds.rules.route import Lies, draw

pytestmark = pytest.mark.requirement("issue 5: partitions", "R4.6", "A6")


class Kept:
    """One order of several that are sold together: what it was sold as, and what is left of its money."""

    def __init__(self, sold: Sold, money: int) -> None:
        self.sold, self.money, self.earlier, self.kept_back = sold, money, Earlier(), 0

    @property
    def is_over(self) -> bool:
        return all(self.earlier.units.get(line.line_no, 0) >= line.quantity for line in self.sold.lines)

    def take(self, parts: tuple[Part, ...], money: int) -> None:
        """These parts went back, so much of it out of this order's money."""
        self.earlier, self.money = after(self.earlier, parts), self.money - money
        assert self.money >= 0


class Family:
    """An order and what was sent for its goods; what buyers were given and what they paid on top."""

    def __init__(self, shop: Shop) -> None:
        self.bargain, self.orders = shop.bargain, [Kept(shop.sold, shop.paid)]
        self.back, self.paid = 0, shop.paid

    @property
    def left(self) -> int:
        return sum(one.money for one in self.orders)

    def returned(self, where: int, line_no: int, units: int, basis: Basis = Basis.NO_REASON) -> int:
        """Units of one of the orders come back for their money."""
        one, rest = self.orders[where], [o for n, o in enumerate(self.orders) if n != where]
        parts = hold_to(
            quote(one.sold, one.earlier, [AskedLine(line_no, units, basis)]), self.bargain, sold=one.sold,
            earlier=one.earlier, left=self.left,
            others=Others(
                loose=_sums([o.earlier.loose for o in rest]), booked=_sums([o.earlier.booked for o in rest]),
                is_over=all(o.is_over for o in rest), freight=sum(freight_there(o.sold, o.earlier) for o in rest),
            ),
        )  # fmt: skip
        total = sum(part.amount for part in parts)
        hung = [part.amount for part in parts if part.rule in COMPONENTS]
        lies = [Lies(o.money, max(0, min(o.kept_back, o.money)), freight_there(o.sold, o.earlier)) for o in rest]
        mine = Lies(one.money, freight=freight_there(one.sold, one.earlier, parts))
        own, drawn = draw(total, sum(step for step in hung if step > 0), mine, lies)
        one.take(parts, own)
        one.kept_back -= sum(hung) - (total - own)
        for other, share in zip(rest, drawn, strict=True):
            other.money, other.kept_back = other.money - share, other.kept_back - share
            assert other.money >= 0
        self.back += total
        return total

    def exchanged(self, where: int, line_no: int, units: int, price: int | None = None) -> int:
        """Units are exchanged for others at so much, or for the same again; gives the number of the order that goes out."""
        one = self.orders[where]
        parts = within_share(
            quote(one.sold, one.earlier, [AskedLine(line_no, units, Basis.EXCHANGED)]), one.sold, one.earlier, one.money
        )
        worth = sum(part.amount for part in parts)
        price = worth if price is None else price
        one.take(parts, worth)
        self.back += max(0, worth - price)
        self.paid += max(0, price - worth)
        self.orders.append(Kept(Sold((Line(line_no, units, price),)), price))
        return len(self.orders) - 1


def _sums(some: list[Mapping[object, int]]) -> dict:
    found: dict = {}
    for one in some:
        for key, amount in one.items():
            found[key] = found.get(key, 0) + amount
    return found


def w07(*, reprice: bool = True) -> Family:
    return Family(Shop(ask(28000, 3000), tiers((30000, 20000), currency="CNY"), reprice=reprice))


@pytest.mark.requirement("W07")
def test_what_the_rest_hung_on_comes_on_again_when_the_exchanged_unit_comes_back_from_its_replacement() -> None:
    family = w07()
    assert family.returned(0, 2, 1) == 0
    sent = family.exchanged(0, 1, 1)
    assert family.returned(sent, 1, 1) == 110_00


@pytest.mark.requirement("W07")
def test_the_rest_that_comes_back_after_an_exchange_still_hangs_on_what_was_sent_for_it() -> None:
    family = w07()
    sent = family.exchanged(0, 1, 1)
    assert [family.returned(0, 2, 1), family.returned(sent, 1, 1)] == [0, 110_00]


@pytest.mark.requirement("W05", "W35", "W36")
@pytest.mark.parametrize("price", [None, 229_00, 149_00])
def test_what_was_sent_for_a_unit_hangs_on_the_rest_as_the_unit_did(price: int | None) -> None:
    family = Family(Shop(order_a(coupons=("STORE40",)), STORE_COUPON, reprice=True))
    sent = family.exchanged(0, 1, 1, price)
    family.returned(sent, 1, 1)
    # As if the first line had come back itself, which brings 159.00.
    assert family.back - (family.paid - 388_70) == 159_00


def test_goods_that_cost_less_than_their_share_since_the_rest_brought_more_are_exchanged_for_what_is_left() -> None:
    """W03, then all else is exchanged: where there is no other money in the order, no more is carried over than there is."""
    asked = replace(order_a(coupons=("STORE40",)), freight=pricing.FreightRule(0, None))
    family = Family(Shop(asked, STORE_COUPON, reprice=True))
    assert family.returned(0, 3, 1) == 39_90
    first, second = family.exchanged(0, 1, 1), family.exchanged(0, 2, 2)
    assert family.orders[second].money == 162_62 - 3_81
    assert family.returned(first, 1, 1) + family.returned(second, 2, 2) == 378_70 - 39_90


@pytest.mark.parametrize("is_exchanged_first", [False, True])
def test_the_freight_out_stays_where_the_rest_brought_more_than_its_share(is_exchanged_first: bool) -> None:
    """Two fen off whatever is bought: the first unit of three brings a fen more than its share, the last a fen less."""
    asked = ask(1, item(2, 10799, 3), freight=pricing.FreightRule(1, 32397))
    family = Family(Shop(asked, tiers((0, 2), currency="CNY"), reprice=True))
    if is_exchanged_first:
        sent = family.exchanged(0, 1, 1, 0)
        rest = [family.returned(0, 2, 1) for _ in range(3)]
        assert 1 + sum(rest) + family.returned(sent, 1, 1) == 32396
    else:
        assert [family.returned(0, 1, 1), family.returned(0, 2, 1), family.returned(0, 2, 1)] == [1, 10799, 10799]
        sent = family.exchanged(0, 2, 1)
        assert family.orders[sent].money == 10797


@st.composite
def paths(draw: st.DrawFn, bases: Sequence[Basis] = (Basis.NO_REASON,)) -> Family:
    """An order of which every unit comes back in the end, some of them after they were exchanged up, down or even."""
    shop, _ = draw(baskets())
    family = Family(shop)
    while left := [
        (n, line.line_no, rest) for n, one in enumerate(family.orders) for line in one.sold.lines
        if (rest := line.quantity - one.earlier.units.get(line.line_no, 0))
    ]:  # fmt: skip
        where, line_no, rest = draw(st.sampled_from(left))
        units = draw(st.integers(1, rest))
        if len(family.orders) < 6 and draw(st.booleans()):
            family.exchanged(where, line_no, units, draw(st.none() | st.integers(0, 60_000)))
        else:
            assert family.returned(where, line_no, units, draw(st.sampled_from(bases))) >= 0
    return family


@for_all(paths())
def test_every_partition_by_every_path_with_exchanges_up_down_and_even_sums_to_what_the_goods_cost(
    family: Family,
) -> None:
    # The freight of a whole order is not given back without a reason; all else is, with what was paid on top.
    assert family.back == family.paid - family.orders[0].sold.freight
    assert family.left == family.orders[0].sold.freight
    for rule in COMPONENTS:
        assert sum(one.earlier.booked.get(rule, 0) for one in family.orders) == 0


@for_all(paths([Basis.NO_REASON, Basis.FAULT, Basis.WITHDRAWAL]))
def test_whoever_was_at_fault_no_path_brings_more_than_was_paid_nor_less_than_the_goods_cost(family: Family) -> None:
    assert family.paid - family.orders[0].sold.freight <= family.back <= family.paid
    assert family.left == family.paid - family.back
