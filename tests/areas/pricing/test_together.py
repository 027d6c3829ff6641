"""One checkout, several orders: a coupon of the platform is one layer over the lines of them all."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.areas.pricing.shelf import SHOP, ask, codes, coupon, discounts, item, tiers

from dingdan.areas import pricing

OTHER = 8


def terms(*promotions: pricing.Promotion, **more: Any) -> pricing.Terms:
    """Terms of two shops and of the platform."""
    books = {
        owner: pricing.Book(1, tuple(one for one in promotions if one.draft.code is None and one.merchant_id == owner))
        for owner in (SHOP, OTHER, None)
    }
    held = {
        (shop, None, one.draft.code): pricing.Held(one)
        for one in promotions if one.draft.code
        for shop in (SHOP, OTHER) if one.merchant_id in (None, shop)
    }  # fmt: skip
    return pricing.Terms(books, held, **more)


def pair(mine: list[Any], theirs: list[Any], **more: Any) -> list[pricing.Ask]:
    """A checkout of two orders."""
    return [ask(*mine, **more), ask(*theirs, merchant_id=OTHER, **more)]


@pytest.mark.requirement("O1.2")
def test_the_amount_is_spread_over_all_lines_of_all_orders_by_largest_remainder() -> None:
    fifty = coupon("ALL", 4000, owner=None)
    one, other = pricing.quote_together(pair([19900], [17980, 3990], coupons=("ALL",)), terms(fifty))

    # Worked example W01, with its lines at two merchants.
    assert discounts(one) + discounts(other) == [1901, 1718, 381]
    assert [quote.layers[0].funder for quote in (one, other)] == ["platform", "platform"]
    assert [(use.amount, use.is_shared) for quote in (one, other) for use in quote.uses] == [(1901, True), (2099, True)]


def test_what_must_be_spent_is_spent_over_all_orders() -> None:
    asks, many = pair([2000], [1000], coupons=("ALL",)), coupon("ALL", 300, owner=None, min_spend=3000)
    one, other = pricing.quote_together(asks, terms(many))
    assert (one.discount, other.discount) == (200, 100)

    more = pricing.quote_together(asks, terms(coupon("ALL", 300, owner=None, min_spend=3001)))
    assert [codes(quote) for quote in more] == [["coupon.below_threshold"], []]
    assert more[0].problems[0].params["missing"] == "0.01"
    assert "30.00 CNY in all" in more[0].problems[0].solutions[0].label.en


def test_own_promotions_come_off_first_and_are_left_out_where_that_is_cheaper() -> None:
    own = tiers((1000, 100), owner=OTHER)
    shared = coupon("ALL", 500, owner=None, min_spend=2900)
    one, other = pricing.quote_together(pair([2000], [1000], coupons=("ALL",)), terms(own, shared))
    # 2000 + 900 reach it still.
    assert (one.total + other.total, other.layers[0].kind) == (2400, "threshold")
    tight = coupon("ALL", 500, owner=None, min_spend=3000)
    one, other = pricing.quote_together(pair([2000], [1000], coupons=("ALL",)), terms(own, tight))
    assert (one.total + other.total, [layer.kind for layer in other.layers]) == (2500, ["platform"])


def test_it_is_for_the_goods_it_is_for_and_of_one_order_only_it_is_no_shared_use() -> None:
    homes = coupon("HOME", 300, owner=None, scope=pricing.Scope(categories=("home",)), limit_total=5)
    mine, theirs = [item(1, 1000)], [item(1, 1000, category="toys")]
    one, other = pricing.quote_together(pair(mine, theirs, coupons=("HOME",)), terms(homes))
    assert (one.discount, other.discount, [use.is_shared for use in one.uses], other.uses) == (300, 0, [False], ())


def test_each_merchants_own_coupon_is_for_its_order_wherever_it_stands() -> None:
    mine, theirs, all_of_it = coupon("MINE", 100), coupon("THEIRS", 200, owner=OTHER), coupon("ALL", 30, owner=None)
    asks = pair([1000], [1000], coupons=("THEIRS", "ALL", "MINE"))
    one, other = pricing.quote_together(asks, terms(mine, theirs, all_of_it))
    # 900 and 800 are left when the coupon of both comes: 15.88 and 14.12 of 30.
    assert (one.discount, other.discount, codes(one), codes(other)) == (116, 214, [], [])


def test_what_stands_against_a_coupon_is_told_once_with_the_total_of_all_orders() -> None:
    first, second = coupon("A", 300, owner=None), coupon("B", 200, owner=None)
    asks = pair([1000], [1000], coupons=("NOPE", "B", "A", "a"))
    one, other = pricing.quote_together(asks, terms(first, second))
    assert [(problem.code, problem.path) for problem in one.problems] == [
        ("coupon.unknown", "coupons[0]"), ("coupon.do_not_combine", "coupons[1]"), ("coupon.twice", "coupons[3]"),
    ]  # fmt: skip
    assert other.problems == ()
    assert {problem.solutions[0].params["total"] for problem in one.problems} == {1700}


def test_a_better_coupon_of_the_buyer_is_offered_for_the_whole_checkout() -> None:
    worse, better = coupon("OLD", 300, owner=None, state="ended"), coupon("NEW", 400, owner=None)
    loaded = msgspec.structs.replace(terms(worse, better), others={(OTHER, None): [pricing.Held(better)]})
    one, _ = pricing.quote_together(pair([1000], [1000], coupons=("OLD",)), loaded)
    (problem,) = one.problems
    assert [(way.kind, way.params["total"]) for way in problem.solutions] == [
        ("swap_coupon", 1600),
        ("drop_coupon", 2000),
    ]


def test_carriage_comes_off_every_order_up_to_what_is_given_in_all() -> None:
    free = coupon("SHIP", pricing.FreeFreight(most=900), owner=None)
    asks = pair([1000], [3000], coupons=("SHIP",), freight=pricing.FreightRule(600, None))
    one, other = pricing.quote_together(asks, terms(free))
    assert [quote.freight for quote in (one, other)] == [150, 150]
    assert [quote.freight_discount for quote in (one, other)] == [450, 450]


def test_a_gift_is_used_for_the_order_with_whom_it_came_from_however_small_its_part_is() -> None:
    gift = coupon("GIFT", 100, owner=None, needs_grant=True)
    grant = pricing.Grant(id=5, merchant_id=OTHER, promotion_id=gift.id, buyer_id=9, code=None, expires_at=None)
    held = {(SHOP, None, "GIFT"): pricing.Held(gift), (OTHER, None, "GIFT"): pricing.Held(gift, grant)}
    loaded = msgspec.structs.replace(terms(), coupons=held)
    one, other = pricing.quote_together(pair([100_000], [1], coupons=("GIFT",)), loaded)
    assert [(use.amount, use.grant_id) for quote in (one, other) for use in quote.uses] == [(100, 5), (0, 5)]
    toys = [item(1, 1000, category="toys")]
    homes = msgspec.structs.replace(
        gift, draft=msgspec.structs.replace(gift.draft, scope=pricing.Scope(categories=("home",)))
    )
    held = {key: msgspec.structs.replace(one, promotion=homes) for key, one in held.items()}
    apart = pricing.quote_together(pair([1000], toys, coupons=("GIFT",)), msgspec.structs.replace(loaded, coupons=held))
    assert codes(apart[0]) == ["coupon.out_of_scope"]


def test_for_whoever_used_it_at_another_merchant_it_is_used() -> None:
    once = coupon("ONCE", 300, owner=None, limit_per_buyer=1)
    used = terms(once, used_by={(once.id, 77): 1})
    asks = pair([1000], [1000], coupons=("ONCE",), person=77, buyer_key=None)
    assert codes(pricing.quote_together(asks, used)[0]) == ["coupon.used_already"]
    assert codes(pricing.quote(asks[1], used)) == ["coupon.used_already"]
    others = pair([1000], [1000], coupons=("ONCE",), person=78, buyer_key=None)
    assert codes(pricing.quote_together(others, used)[0]) == []


@pytest.mark.requirement("O1.2")
def test_a_threshold_of_the_platform_is_reached_over_all_orders() -> None:
    # 跨店每满 300 减 50: neither order comes to it, both together do so twice.
    each = tiers((30000, 5000), each=True, owner=None)
    one, other = pricing.quote_together(pair([28000], [33000]), terms(each))
    assert (one.discount, other.discount) == (4590, 5410)
    assert [layer.funder for quote in (one, other) for layer in quote.layers] == ["platform", "platform"]
    assert [(use.code, use.path, use.is_shared) for quote in (one, other) for use in quote.uses] == [
        (None, "", True)
    ] * 2


def test_what_all_orders_lack_for_it_is_told_with_each() -> None:
    many = tiers((30000, 5000), owner=None)
    quotes = pricing.quote_together(pair([10000], [15000]), terms(many))
    assert [[(one.why, one.missing) for one in quote.passed_over] for quote in quotes] == [
        [("below_threshold", 5000)]
    ] * 2
    assert [(quote.discount, quote.uses, codes(quote)) for quote in quotes] == [(0, (), [])] * 2


def test_goods_that_it_is_not_for_count_for_nothing() -> None:
    toys = tiers((2000, 300), owner=None, scope=pricing.Scope(categories=("toys",)))
    mine, theirs = [item(1, 1000, category="toys"), item(2, 9000)], [item(1, 1000, category="toys")]
    one, other = pricing.quote_together(pair(mine, theirs), terms(toys))
    assert discounts(one) + discounts(other) == [150, 0, 150]

    # An order alone in it keeps it for itself, and nobody shares its use.
    one, other = pricing.quote_together(pair([item(1, 2000, category="toys")], [9000]), terms(toys))
    assert (one.discount, other.discount, one.uses, other.passed_over) == (300, 0, (), ())


def test_of_a_threshold_and_a_coupon_on_the_same_lines_the_cheaper_one_is_taken() -> None:
    threshold, small = tiers((3000, 400), owner=None), coupon("ALL", 100, owner=None)
    asks = pair([2000], [2000], coupons=("ALL",))
    quotes = pricing.quote_together(asks, terms(threshold, small))
    assert sum(quote.discount for quote in quotes) == 400
    assert [codes(quote) for quote in quotes] == [["coupon.takes_nothing_off"], []]

    beside = coupon("ALL", 100, owner=None, group="gift")
    quotes = pricing.quote_together(asks, terms(threshold, beside))
    assert (sum(quote.discount for quote in quotes), [codes(quote) for quote in quotes]) == (500, [[], []])


def test_many_thresholds_are_tried_in_good_time_and_the_best_of_one_group_wins() -> None:
    some = [tiers((1000 + n, 100 + n), owner=None, exclusive=True) for n in range(20)]
    quotes = pricing.quote_together(pair([2000], [2000], coupons=("ALL",)), terms(*some, coupon("ALL", 50, owner=None)))
    assert sum(quote.discount for quote in quotes) >= 100


amounts = st.lists(st.integers(1, 100_000), min_size=1, max_size=4)


@settings(max_examples=60)
@given(mine=amounts, theirs=amounts, off=st.integers(1, 300_000), own=st.integers(0, 5_000))
def test_nothing_is_lost_and_nothing_is_given_twice(mine: list[int], theirs: list[int], off: int, own: int) -> None:
    promotions = [coupon("ALL", off, owner=None)]
    promotions += [tiers((1000, own), owner=OTHER)] if own else []
    quotes = pricing.quote_together(pair(mine, theirs, coupons=("ALL",)), terms(*promotions))
    shared = sum(layer.amount for quote in quotes for layer in quote.layers if layer.code == "ALL")
    before = sum(mine) + sum(theirs) - sum(layer.amount for quote in quotes for layer in quote.layers if not layer.code)
    assert shared == min(off, before)
    assert sum(quote.total for quote in quotes) == before - shared
    for quote in quotes:
        assert all(0 <= line.net <= line.goods for line in quote.lines)
        assert quote.discount == sum(line.discount for line in quote.lines)


@settings(max_examples=40)
@given(mine=amounts, theirs=amounts, at=st.integers(1, 150_000), off=st.integers(1, 20_000))
def test_a_threshold_over_all_orders_takes_what_it_would_take_of_one(
    mine: list[int], theirs: list[int], at: int, off: int
) -> None:
    threshold = tiers((at, off), each=True, owner=None)
    quotes = pricing.quote_together(pair(mine, theirs), terms(threshold))
    worth = sum(mine) + sum(theirs)
    assert sum(quote.discount for quote in quotes) == min(worth // at * off, worth)
    assert sum(quote.total for quote in quotes) == worth - sum(quote.discount for quote in quotes)
