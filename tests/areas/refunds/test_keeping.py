"""What the price of the rest hung on: the worked examples of `reprice` and of lost free carriage, and their laws."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.areas.pricing.shelf import ask, coupon, item, order_a, promotion, terms, tiers

from dingdan.areas import pricing
from dingdan.areas.refunds import AskedLine, Basis
from dingdan.areas.refunds.model import LOOSE, Part
from dingdan.areas.refunds.rules.amount import Earlier, Line, Sold, quote
from dingdan.areas.refunds.rules.keeping import LOST_FREIGHT, REPRICED, Bargain, hold_to

STORE_COUPON = coupon("STORE40", 4000, min_spend=30000, currency="CNY")


class Shop:
    """An order as it was priced, whose units come back step by step."""

    def __init__(
        self, asked: pricing.Ask, *promotions: pricing.Promotion, reprice: bool = False, takes_freight: bool = False,
        **more: Any,
    ) -> None:  # fmt: skip
        found = pricing.quote(asked, terms(*promotions, **more))
        assert found.problems == ()
        self.lines = {line.line_no: line for line in found.lines}
        self.sold = Sold(tuple(Line(n.line_no, n.quantity, n.net, n.tax) for n in found.lines), found.freight)
        charged = [
            pricing.Charged(layer, tuple(
                (line.line_no, share.amount, share.points)
                for line in found.lines for share in line.layers if share.layer == n
            ))
            for n, layer in enumerate(found.layers)
        ]  # fmt: skip
        agreed = pricing.agree(asked, charged, {one.id: one for one in promotions})
        self.bargain = Bargain(agreed, is_repriced=reprice, takes_freight=takes_freight)
        self.earlier, self.back = Earlier(), 0
        self.paid = found.total

    def give_back(self, *lines: tuple[int, int], basis: Basis = Basis.NO_REASON) -> list[tuple[str, int]]:
        """Give units back together; says what each component came to."""
        asked = [AskedLine(no, units, basis) for no, units in lines]
        parts = hold_to(quote(self.sold, self.earlier, asked), self.bargain, sold=self.sold, earlier=self.earlier,
                        left=self.paid - self.back)  # fmt: skip
        self.earlier = after(self.earlier, parts)
        self.back += sum(part.amount for part in parts)
        return [(part.rule, part.amount) for part in parts]

    def worth(self, *lines: tuple[int, int], basis: Basis = Basis.NO_REASON) -> int:
        """What they bring together."""
        before = self.back
        self.give_back(*lines, basis=basis)
        return self.back - before


def after(earlier: Earlier, parts: Sequence[Part]) -> Earlier:
    """The books once these parts went back too."""

    def add(known: Mapping[int, int], found: Sequence[tuple[int, int]]) -> dict[int, int]:
        sums = dict(known)
        for key, amount in found:
            sums[key] = sums.get(key, 0) + amount
        return sums

    goods = [part for part in parts if part.component == "goods"]
    return replace(
        earlier,
        units=add(earlier.units, [(part.line_no, part.quantity) for part in goods]),
        goods=add(earlier.goods, [(part.line_no, part.amount) for part in goods]),
        loose=add(earlier.loose, [(part.line_no, part.quantity) for part in goods if part.basis in LOOSE]),
        freight=earlier.freight + sum(part.amount for part in parts if part.component == "freight_out"),
        booked={
            rule: earlier.booked.get(rule, 0) + sum(part.amount for part in parts if part.rule == rule)
            for rule in (REPRICED, LOST_FREIGHT)
        },
        is_cancelled_only=False,
    )


def order(*, reprice: bool) -> Shop:
    """Order A of docs/money.md."""
    return Shop(order_a(coupons=("STORE40",)), STORE_COUPON, reprice=reprice)


@pytest.mark.requirement("W02", "W03", "W04", "W05", "A6")
@pytest.mark.parametrize(("line_no", "prorate", "reprice"), [(3, 36_09, 39_90), (1, 179_99, 159_00)])
def test_the_two_lawful_prices_of_a_part(line_no: int, prorate: int, reprice: int) -> None:
    assert order(reprice=False).worth((line_no, 1)) == prorate
    assert order(reprice=True).worth((line_no, 1)) == reprice


@pytest.mark.requirement("W05", "A6")
def test_both_figures_are_shown() -> None:
    assert order(reprice=True).give_back((1, 1)) == [("A5.prorate", 179_99), (REPRICED, -20_99)]
    assert order(reprice=True).give_back((3, 1)) == [("A5.prorate", 36_09), (REPRICED, 3_81)]


@pytest.mark.requirement("W07", "A6")
def test_what_cannot_be_taken_off_now_is_carried() -> None:
    threshold = tiers((30000, 20000), currency="CNY")
    first = Shop(ask(28000, 3000), threshold)
    second = Shop(ask(28000, 3000), threshold, reprice=True)

    assert [first.worth((2, 1)), first.worth((1, 1))] == [10_65, 99_35]
    assert [second.worth((2, 1)), second.worth((1, 1))] == [0, 110_00]


@pytest.mark.requirement("W20")
@pytest.mark.parametrize("is_tariff", [True, False])
def test_free_carriage_that_what_is_kept_does_not_earn_is_taken_off(is_tariff: bool) -> None:
    tariff = pricing.FreightTariff(name={"zh": "全国"}, currency="CNY", fee=1200, free_from=9900)
    more: dict[str, Any] = {"freight": (tariff,)} if is_tariff else {}
    asked = ask(5900, 4900) if is_tariff else ask(5900, 4900, freight=pricing.FreightRule(1200, 9900))

    shop = Shop(asked, takes_freight=True, **more)

    assert shop.give_back((2, 1)) == [("A5.prorate", 49_00), (LOST_FREIGHT, -12_00)]
    # Nothing is kept: the carriage of a whole order is not the buyer's (Taobao 53).
    assert shop.give_back((1, 1)) == [("A5.prorate", 59_00), (LOST_FREIGHT, 12_00)]
    assert Shop(asked, takes_freight=False, **more).worth((2, 1)) == 49_00
    assert Shop(asked, takes_freight=True, **more).worth((1, 1), (2, 1)) == 108_00


@pytest.mark.requirement("W20")
def test_a_promotion_that_carried_free_from_an_amount_is_lost_in_the_same_way() -> None:
    free = promotion(pricing.FreeFreight(), min_spend=9900, currency="CNY")
    shop = Shop(ask(5900, 4900, freight=pricing.FreightRule(1200, None)), free, takes_freight=True)

    assert shop.worth((2, 1)) == 37_00


def test_what_comes_back_by_our_fault_costs_no_carriage_and_no_discount() -> None:
    shop = Shop(order_a(coupons=("STORE40",)), STORE_COUPON, reprice=True, takes_freight=True)

    assert shop.worth((1, 1), basis=Basis.FAULT) == 184_74
    # The faulty line counts as kept: the coupon still stands for what comes back without a reason.
    assert shop.worth((3, 1)) == 39_90


def test_free_carriage_that_is_taken_off_stays_within_what_comes_back() -> None:
    shop = Shop(ask(item(1, 9000), item(2, 500), item(3, 800), freight=pricing.FreightRule(1200, 10000)),
                takes_freight=True)  # fmt: skip

    assert shop.give_back((2, 1)) == [("A5.prorate", 5_00), (LOST_FREIGHT, -5_00)]
    assert shop.give_back((3, 1)) == [("A5.prorate", 8_00), (LOST_FREIGHT, -7_00)]


@pytest.mark.requirement("W25")
def test_points_stay_as_they_were_shared_out() -> None:
    rule = pricing.PointsRule(points=1, amount=1, currency="CNY")
    shop = Shop(ask(3000, 7000, points=500), reprice=True, points=rule)

    assert shop.worth((1, 1)) == 28_50


@st.composite
def baskets(draw: st.DrawFn) -> tuple[Shop, list[tuple[int, int]]]:
    """An order whose price hangs on several things, and all of its units, coming back in some order and pieces."""
    lines = draw(st.lists(st.tuples(st.integers(1, 50_000), st.integers(1, 4)), min_size=1, max_size=4))
    items = [item(n, price, units) for n, (price, units) in enumerate(lines, start=1)]
    goods = sum(price * units for price, units in lines)
    at, off = draw(st.integers(0, goods)), draw(st.integers(1, max(1, goods)))
    percent = promotion(pricing.Percent(draw(st.integers(1, 9_000))), scope=pricing.Scope(skus=("S1",)))
    shop = Shop(
        ask(*items, freight=pricing.FreightRule(draw(st.integers(0, 2_000)), draw(st.integers(0, goods)))),
        *([tiers((at, off), currency="CNY")] if draw(st.booleans()) else []),
        *([percent] if draw(st.booleans()) else []),
        reprice=draw(st.booleans()), takes_freight=draw(st.booleans()),
    )  # fmt: skip
    left, pieces = {one.line_no: one.quantity for one in items}, []
    while left:
        line_no = draw(st.sampled_from(sorted(left)))
        units = draw(st.integers(1, left[line_no]))
        pieces.append((line_no, units))
        left[line_no] -= units
        left = {no: rest for no, rest in left.items() if rest}
    return shop, pieces


@pytest.mark.requirement("issue 5: partitions")
@for_all(baskets())
def test_every_partition_by_every_path_sums_to_what_the_goods_cost(case: tuple[Shop, list[tuple[int, int]]]) -> None:
    shop, pieces = case
    steps = [shop.worth(piece) for piece in pieces]

    assert all(step >= 0 for step in steps)
    assert sum(steps) == sum(line.net for line in shop.sold.lines)


@pytest.mark.requirement("issue 5: partitions")
@for_all(
    baskets(), st.lists(st.sampled_from([Basis.NO_REASON, Basis.FAULT, Basis.WITHDRAWAL]), min_size=20, max_size=20)
)
def test_no_mix_of_faults_and_bargains_brings_more_than_was_paid_or_less_than_nothing(
    case: tuple[Shop, list[tuple[int, int]]], bases: list[Basis]
) -> None:
    shop, pieces = case
    for piece, basis in zip(pieces, bases, strict=False):
        assert shop.worth(piece, basis=basis) >= 0

    assert shop.back <= shop.paid
    assert shop.back >= sum(line.net for line in shop.sold.lines)


@pytest.mark.requirement("issue 5: any order")
@for_all(baskets())
def test_the_order_of_returns_does_not_matter_by_share(case: tuple[Shop, list[tuple[int, int]]]) -> None:
    shop, pieces = case
    by_line: dict[int, int] = {}
    earlier = Earlier()
    for line_no, units in pieces:
        parts = quote(shop.sold, earlier, [AskedLine(line_no, units)])
        earlier = after(earlier, parts)
        by_line[line_no] = by_line.get(line_no, 0) + sum(part.amount for part in parts)

    assert by_line == {line.line_no: line.net for line in shop.sold.lines}
