"""Money goes back the way it came, split by what is left of each payment."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from dingdan.areas.refunds import OverRefund, Tender
from dingdan.areas.refunds.rules.route import Remaining, route

BALANCE, CARD = 1, 2


def left_after(remaining: list[Remaining], tenders: tuple[Tender, ...]) -> list[Remaining]:
    gone = {tender.payment_id: tender.amount for tender in tenders}
    return [Remaining(one.payment_id, one.amount - gone.get(one.payment_id, 0)) for one in remaining]


def two_tenders() -> list[Remaining]:
    """Base order A paid with 50.00 from a balance and 338.70 by card."""
    return [Remaining(BALANCE, 50_00), Remaining(CARD, 338_70)]


@pytest.mark.requirement("W51")
def test_a_refund_is_split_over_the_tenders() -> None:
    assert route(179_99, two_tenders(), currency="CNY") == (Tender(BALANCE, 23_15), Tender(CARD, 156_84))


@pytest.mark.requirement("W52")
def test_the_next_refund_goes_by_what_is_left() -> None:
    remaining = left_after(two_tenders(), route(179_99, two_tenders(), currency="CNY"))

    assert route(36_09, remaining, currency="CNY") == (Tender(BALANCE, 4_64), Tender(CARD, 31_45))


@pytest.mark.requirement("W53")
def test_the_rest_empties_every_tender_exactly() -> None:
    remaining, back = two_tenders(), {BALANCE: 0, CARD: 0}
    for amount in (179_99, 36_09, 172_62):
        tenders = route(amount, remaining, currency="CNY")
        for tender in tenders:
            back[tender.payment_id] += tender.amount
        remaining = left_after(remaining, tenders)

    assert tenders == (Tender(BALANCE, 22_21), Tender(CARD, 150_41))
    assert back == {BALANCE: 50_00, CARD: 338_70}


@pytest.mark.requirement("W55")
def test_one_cent_too_much_is_refused() -> None:
    with pytest.raises(OverRefund) as caught:
        route(1, [Remaining(BALANCE, 0), Remaining(CARD, 0)], currency="CNY")

    assert caught.value.params == {"asked": "0.01 CNY", "left": "0.00 CNY"}


def test_nothing_goes_nowhere() -> None:
    assert route(0, two_tenders(), currency="CNY") == ()


@pytest.mark.requirement("A4")
def test_the_case_in_which_cumulative_splitting_overdraws() -> None:
    remaining = [Remaining(1, 1), Remaining(2, 3), Remaining(3, 3)]
    for amount in (3, 1, 3):
        remaining = left_after(remaining, route(amount, remaining, currency="CNY"))
        assert all(one.amount >= 0 for one in remaining)


@for_all(st.data(), st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_no_tender_is_ever_overdrawn(data: st.DataObject, paid: list[int]) -> None:
    remaining = [Remaining(n, amount) for n, amount in enumerate(paid)]
    while left := sum(one.amount for one in remaining):
        amount = data.draw(st.one_of(st.just(left), st.integers(1, left)))
        tenders = route(amount, remaining, currency="CNY")
        assert sum(tender.amount for tender in tenders) == amount
        remaining = left_after(remaining, tenders)
        assert all(one.amount >= 0 for one in remaining)
