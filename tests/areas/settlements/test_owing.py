"""What an order means for its merchant: fees by agreement, given back in proportion, to the cent in every way."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dingdan.areas.settlements.model import FeeKind, LineKind, Payee, Terms
from dingdan.areas.settlements.rules.owing import Back, Book, Sold, Tender, commission_rate, due

pytestmark = pytest.mark.requirement("R4.9")

PAYEE = Payee(name="Shop", bank="Bank", account="1234")
EVERY_FEE = tuple(FeeKind)


def book(nets: list[int], cuts: list[list[int]], *, own: int = 0, given: int = 0) -> Book:
    """An order of these nets whose lines were paid back in these pieces: one refund for each list of amounts by line."""
    paid = tuple(one for one in (Tender(sum(nets) - own), Tender(own, is_credit=True, is_own=True)) if one.amount)
    refunds = [
        Back(n, {line: amount for line, amount in enumerate(cut, start=1) if amount}, (Tender(sum(cut)),))
        for n, cut in enumerate(cuts, start=1) if sum(cut)
    ]  # fmt: skip
    return Book(order_id=9, paid=paid, refunds=tuple(refunds), lines=tuple(
        Sold(n, "home/mugs", net, given) for n, net in enumerate(nets, start=1)))  # fmt: skip


def test_a_category_has_the_rate_of_the_longest_name_that_it_is_in() -> None:
    terms = Terms(commission={"*": 100, "home": 200, "home/mugs": 300}, payee=PAYEE)

    rates = [commission_rate(name, terms) for name in ("home/mugs", "home/mugs/red", "home/cups", "homes", "food")]

    assert rates == [300, 300, 200, 100, 100]
    assert commission_rate("food", Terms(payee=PAYEE)) == 0


def test_fees_are_taken_of_what_was_sold_and_paid() -> None:
    terms = Terms(commission={"*": 5_00}, fixed_fee=50, payment_fee=60, payee=PAYEE)

    lines = due(book([199_00, 179_80, 39_90], []), terms, ())

    assert [(one.kind, one.detail, one.n, one.amount) for one in lines] == [
        ("sale", "", 0, 418_70), ("fee", "commission", 1, -9_95), ("fee", "commission", 2, -8_99),
        ("fee", "commission", 3, -2_00), ("fee", "fixed", 0, -50), ("fee", "payment", 0, -2_51),
    ]  # fmt: skip


def test_what_was_paid_with_the_merchants_own_credit_is_not_owed_to_it() -> None:
    terms = Terms(payment_fee=1_00, payee=PAYEE)

    lines = {one.kind: one.amount for one in due(book([100_00], [], own=40_00), terms, ())}

    assert lines == {LineKind.SALE: 100_00, LineKind.OWN_CREDIT: -40_00, LineKind.FEE: -60}


def test_an_order_that_was_paid_elsewhere_means_nothing() -> None:
    empty = Book(order_id=9, lines=(Sold(1, "home", 100),), paid=(), by_hand={1: 5})

    assert due(empty, Terms(commission={"*": 100}, payee=PAYEE), ()) == []


@st.composite
def partitions(draw: st.DrawFn) -> tuple[list[int], list[list[int]]]:
    """Nets of lines, and how they are all paid back, in as many pieces as somebody likes."""
    nets = draw(st.lists(st.integers(1, 50_000), min_size=1, max_size=4))
    pieces = draw(st.integers(1, 6))
    columns = []
    for net in nets:
        marks = sorted(draw(st.lists(st.integers(0, net), min_size=pieces - 1, max_size=pieces - 1)))
        columns.append([b - a for a, b in pairwise([0, *marks, net])])
    return nets, [[column[n] for column in columns] for n in range(pieces)]


@given(
    partitions(), st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 1_000), st.permutations(range(6)),
    st.sets(st.sampled_from(EVERY_FEE)), st.integers(0, 5_000),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_every_partition_of_refunds_gives_back_every_fee_to_the_cent(
    parted: tuple[list[int], list[list[int]]], commission: int, payment: int, fixed: int, order: list[int],
    given_back: set[FeeKind], subsidy: int,
) -> None:  # fmt: skip
    nets, cuts = parted
    terms = Terms(commission={"*": commission}, payment_fee=payment, fixed_fee=fixed, payee=PAYEE,
                  given_back=tuple(sorted(given_back)))  # fmt: skip
    whole = book(nets, cuts, given=subsidy)
    booked = set()
    lines = []
    seen: list[Back] = []
    # They are booked one by one, in any order, as refunds are approved in any order.
    for n in order:
        seen += [one for one in whole.refunds if one.refund_id == n + 1]
        known = Book(order_id=9, lines=whole.lines, paid=whole.paid, refunds=tuple(seen))
        fresh = due(known, terms, booked)
        booked |= {one.key for one in fresh}
        lines += fresh
        taken = {
            kind: -sum(x.amount for x in lines if x.kind is LineKind.FEE and x.detail == kind) for kind in EVERY_FEE
        }
        back = {
            kind: sum(x.amount for x in lines if x.kind is LineKind.FEE_BACK and x.detail == kind) for kind in EVERY_FEE
        }
        assert all(0 <= back[kind] <= taken[kind] for kind in EVERY_FEE)

    assert back == {kind: taken[kind] if kind in given_back else 0 for kind in EVERY_FEE}
    kept = sum(taken[kind] for kind in EVERY_FEE if kind not in given_back)
    assert sum(one.amount for one in lines) == -kept
    assert sum(one.amount for one in lines if one.kind is LineKind.SUBSIDY) == subsidy * len(nets)
    assert len({one.key for one in lines}) == len(lines)
    assert due(whole, terms, booked) == []
