"""Worked examples and laws of what goes back: to the cent, in whatever order, never more than was paid."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from dingdan.areas.refunds import AskedLine, Basis, LineUnknown, OverRefund, QuantityUnfit
from dingdan.areas.refunds.model import Part
from dingdan.areas.refunds.rules.amount import Earlier, Line, Sold, everything_left, money_only, quote
from dingdan.kernel.money import percent, split
from dingdan.kernel.refusal import Refusals

# Order A of docs/money.md: 199.00, 2 x 89.90, 39.90; 40.00 off; freight 10.00; paid 388.70.
NETS = (179_99, 162_62, 36_09)
A = Sold((Line(1, 1, NETS[0]), Line(2, 2, NETS[1]), Line(3, 1, NETS[2])), freight=10_00)
NOTHING = Earlier()


def total(parts: tuple[Part, ...]) -> int:
    return sum(part.amount for part in parts)


def after(earlier: Earlier, parts: tuple[Part, ...], *, is_cancelled: bool = False) -> Earlier:
    """What the books say once these parts went back too."""
    units = dict(earlier.units)
    for part in parts:
        units[part.line_no] = units.get(part.line_no, 0) + part.quantity
    freight = earlier.freight + sum(part.amount for part in parts if part.component == "freight_out")
    tax = earlier.freight_tax + sum(part.amount for part in parts if part.component == "freight_tax")
    return Earlier(units, freight, earlier.is_cancelled_only and is_cancelled, freight_tax=tax)


def paid(sold: Sold) -> int:
    return sum(line.net + line.tax for line in sold.lines) + sold.freight + sold.freight_tax


@pytest.mark.requirement("W01")
def test_a_discount_is_spread_by_largest_remainder() -> None:
    lines = [199_00, 179_80, 39_90]

    shares = split(40_00, lines)

    assert shares == [19_01, 17_18, 3_81]
    assert [line - share for line, share in zip(lines, shares, strict=True)] == list(NETS)


@pytest.mark.requirement("W02")
def test_one_line_back_without_a_reason_brings_its_own_net_and_no_freight() -> None:
    (part,) = quote(A, NOTHING, [AskedLine(3, 1)])

    assert (part.component, part.amount) == ("goods", 36_09)
    assert part.rule


@pytest.mark.requirement("W04")
def test_a_threshold_that_is_no_longer_met_does_not_change_the_price() -> None:
    assert total(quote(A, NOTHING, [AskedLine(1, 1)])) == 179_99


@pytest.mark.requirement("W10")
def test_three_equal_lines_share_a_discount_to_the_last_cent() -> None:
    shares = split(10_00, [10_00] * 3)
    sold = Sold(tuple(Line(n, 1, 10_00 - share) for n, share in enumerate(shares, start=1)))

    assert shares == [3_34, 3_33, 3_33]
    assert [total(quote(sold, NOTHING, [AskedLine(n, 1)])) for n in (1, 2, 3)] == [6_66, 6_67, 6_67]


@pytest.mark.requirement("W11")
def test_units_given_back_one_at_a_time_sum_to_the_line() -> None:
    sold = Sold((Line(1, 3, 20_00),))

    amounts = [total(quote(sold, Earlier({1: before}), [AskedLine(1, 1)])) for before in range(3)]

    assert amounts == [6_67, 6_66, 6_67]


@pytest.mark.requirement("W13")
def test_a_percentage_off_an_order_is_spread_over_its_lines() -> None:
    discount = percent(60_00 + 50_00, 15_00)

    assert discount == 16_50
    assert split(discount, [60_00, 50_00]) == [9_00, 7_50]


@pytest.mark.requirement("W16")
def test_a_whole_order_back_without_a_reason_keeps_the_freight() -> None:
    assert total(quote(A, NOTHING, everything_left(A, NOTHING, Basis.NO_REASON))) == 378_70


@pytest.mark.requirement("W18")
def test_a_faulty_line_brings_its_share_of_the_freight() -> None:
    goods, freight = quote(A, NOTHING, [AskedLine(1, 1, Basis.FAULT)])

    assert split(10_00, list(NETS)) == [4_75, 4_30, 95]
    assert (goods.amount, freight.amount, freight.component) == (179_99, 4_75, "freight_out")
    assert goods.amount + freight.amount == 184_74


def test_a_withdrawal_brings_the_way_out_back_line_by_line_and_all_of_it_with_the_last() -> None:
    goods, freight = quote(A, NOTHING, [AskedLine(1, 1, Basis.WITHDRAWAL)])
    assert (goods.amount, freight.amount, freight.rule) == (179_99, 4_75, "A7.withdrawal")
    assert total(quote(A, NOTHING, everything_left(A, NOTHING, Basis.WITHDRAWAL))) == 388_70


@pytest.mark.requirement("W22")
def test_unshipped_lines_bring_the_freight_back_with_the_last() -> None:
    amounts, earlier = [], NOTHING
    for asked in (AskedLine(1, 1, Basis.CANCELLED), AskedLine(2, 2, Basis.CANCELLED), AskedLine(3, 1, Basis.CANCELLED)):
        parts = quote(A, earlier, [asked])
        amounts.append(total(parts))
        earlier = after(earlier, parts, is_cancelled=True)

    assert amounts == [179_99, 162_62, 46_09]
    assert sum(amounts) == 388_70


def test_the_freight_stays_paid_once_anything_had_left() -> None:
    earlier = Earlier({1: 1}, is_cancelled_only=False)

    assert total(quote(A, earlier, everything_left(A, earlier, Basis.CANCELLED))) == 162_62 + 36_09


@pytest.mark.requirement("W44")
def test_an_order_lost_on_its_way_brings_everything_back() -> None:
    parts = quote(A, NOTHING, everything_left(A, NOTHING, Basis.FAULT))

    assert total(parts) == 388_70
    assert sum(part.amount for part in parts if part.component == "freight_out") == 10_00


def test_units_of_one_line_may_come_back_for_different_reasons() -> None:
    parts = quote(A, NOTHING, [AskedLine(2, 1, Basis.NO_REASON), AskedLine(2, 1, Basis.FAULT)])

    assert [(part.component, part.amount) for part in parts] == [
        ("goods", 81_31), ("goods", 81_31), ("freight_out", 2_15),
    ]  # fmt: skip


def test_tax_goes_back_with_its_goods_and_stands_apart() -> None:
    sold = Sold((Line(1, 3, 20_00, tax=1_00),))

    parts = quote(sold, Earlier({1: 1}), [AskedLine(1, 2)])

    assert [(part.component, part.quantity, part.amount) for part in parts] == [("goods", 2, 13_33), ("tax", 0, 67)]


@pytest.mark.requirement("W55")
def test_nothing_goes_back_twice() -> None:
    everything = Earlier({1: 1, 2: 2, 3: 1})

    with pytest.raises(OverRefund) as caught:
        quote(A, everything, [AskedLine(3, 1)])

    assert caught.value.path == "lines[0].quantity"


def test_all_that_is_wrong_with_an_ask_is_said_at_once() -> None:
    with pytest.raises(Refusals) as caught:
        quote(A, NOTHING, [AskedLine(9, 1), AskedLine(1, 0), AskedLine(2, 1), AskedLine(2, 2)])

    assert [(type(problem), problem.path) for problem in caught.value.problems] == [
        (LineUnknown, "lines[0].line_no"), (QuantityUnfit, "lines[1].quantity"), (OverRefund, "lines[3].quantity"),
    ]  # fmt: skip


@st.composite
def sales(draw: st.DrawFn) -> Sold:
    lines = draw(
        st.lists(st.tuples(st.integers(1, 7), st.integers(0, 10**7), st.integers(0, 10**5)), min_size=1, max_size=5)
    )
    freight = draw(st.integers(0, 10**5))
    return Sold(tuple(Line(n, *line) for n, line in enumerate(lines, start=1)), freight, draw(st.integers(0, freight)))


@st.composite
def steps(draw: st.DrawFn) -> tuple[Sold, list[AskedLine]]:
    """An order and all of its units, given back in some order and in pieces of some size."""
    sold = draw(sales())
    left = {line.line_no: line.quantity for line in sold.lines}
    asked = []
    while left:
        line_no = draw(st.sampled_from(sorted(left)))
        quantity = draw(st.integers(1, left[line_no]))
        asked.append(AskedLine(line_no, quantity))
        left[line_no] -= quantity
        left = {no: units for no, units in left.items() if units}
    return sold, asked


def step_by_step(sold: Sold, asked: list[AskedLine], basis: Basis) -> list[tuple[Part, ...]]:
    taken, earlier = [], NOTHING
    for one in asked:
        parts = quote(sold, earlier, [AskedLine(one.line_no, one.quantity, basis)])
        earlier = after(earlier, parts, is_cancelled=basis is Basis.CANCELLED)
        taken.append(parts)
    return taken


@for_all(steps())
def test_pieces_in_any_order_sum_to_the_whole(case: tuple[Sold, list[AskedLine]]) -> None:
    sold, asked = case
    taken = step_by_step(sold, asked, Basis.NO_REASON)

    assert sum(total(parts) for parts in taken) == paid(sold) - sold.freight - sold.freight_tax
    assert all(part.amount >= 0 and part.rule for parts in taken for part in parts)


@for_all(steps(), st.sampled_from([Basis.FAULT, Basis.CANCELLED]))
def test_what_is_our_fault_or_never_left_brings_back_all_that_was_paid(
    case: tuple[Sold, list[AskedLine]], basis: Basis
) -> None:
    sold, asked = case

    assert sum(total(parts) for parts in step_by_step(sold, asked, basis)) == paid(sold)


@for_all(steps(), st.lists(st.sampled_from(list(Basis)), min_size=40, max_size=40))
def test_no_mix_of_reasons_brings_more_than_was_paid(case: tuple[Sold, list[AskedLine]], bases: list[Basis]) -> None:
    sold, asked = case
    earlier, back = NOTHING, 0
    for one, basis in zip(asked, bases, strict=False):
        parts = quote(sold, earlier, [AskedLine(one.line_no, one.quantity, basis)])
        earlier = after(earlier, parts, is_cancelled=basis is Basis.CANCELLED)
        back += total(parts)

    assert back <= paid(sold)
    assert earlier.freight <= sold.freight
    assert earlier.freight_tax <= sold.freight_tax


def test_the_tax_on_the_freight_goes_where_the_freight_goes() -> None:
    sold = Sold((Line(1, 1, NETS[0]), Line(2, 2, NETS[1]), Line(3, 1, NETS[2])), freight=10_00, freight_tax=89)

    fault = quote(sold, NOTHING, [AskedLine(1, 1, Basis.FAULT)])
    mind = quote(sold, NOTHING, [AskedLine(1, 1, Basis.NO_REASON)])
    all_of_it = quote(sold, NOTHING, everything_left(sold, NOTHING, Basis.CANCELLED))

    assert [(one.component, one.amount) for one in fault[1:]] == [("freight_out", 4_75), ("freight_tax", 42)]
    assert len(mind) == 1
    assert [(one.component, one.amount) for one in all_of_it[3:]] == [("freight_out", 10_00), ("freight_tax", 89)]
    assert total(money_only(sold, NOTHING, paid(sold))) == paid(sold)


@pytest.mark.requirement("W66")
@pytest.mark.parametrize(
    ("basis", "freight"), [(Basis.WITHDRAWAL, 5_00), (Basis.FAULT, 12_00), (Basis.CANCELLED, 12_00)]
)
def test_what_express_cost_more_stays_only_where_the_buyer_withdraws(basis: Basis, freight: int) -> None:
    sold = Sold((Line(1, 1, 80_00),), freight=12_00, beyond=7_00)
    parts = quote(sold, Earlier(), [AskedLine(1, 1, basis)])

    assert [(part.component, part.amount) for part in parts] == [("goods", 80_00), ("freight_out", freight)]


@pytest.mark.requirement("W66")
def test_units_that_are_withdrawn_one_by_one_bring_the_standard_freight_between_them() -> None:
    sold = Sold((Line(1, 3, 80_00),), freight=12_00, beyond=7_00, freight_tax=2_40)
    parts = quote(sold, Earlier(), [AskedLine(1, 1, Basis.WITHDRAWAL)] * 3)

    assert sum(part.amount for part in parts if part.component == "freight_out") == 5_00
    assert sum(part.amount for part in parts if part.component == "freight_tax") == 1_00
