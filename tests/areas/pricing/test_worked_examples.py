"""The worked examples of the arithmetic that concern prices, to the cent."""

from datetime import timedelta

import pytest
from tests.areas.pricing.shelf import NOW, ask, coupon, discounts, item, nets, order_a, promotion, terms, tiers

from dingdan.areas import pricing
from dingdan.areas.pricing.rules import deposits
from dingdan.kernel.money import split

STORE_COUPON = coupon("STORE40", 4000, min_spend=30000, currency="CNY")


def priced(asked: pricing.Ask, *promotions: pricing.Promotion, **more: object) -> pricing.Quote:
    """A quote without problems."""
    found = pricing.quote(asked, terms(*promotions, **more))
    assert found.problems == ()
    return found


@pytest.mark.requirement("W01", "A1", "A2")
def test_a_coupon_of_forty_over_order_a() -> None:
    found = priced(order_a(coupons=("STORE40",)), STORE_COUPON)

    assert discounts(found) == [1901, 1718, 381]
    assert nets(found) == [17999, 16262, 3609]
    assert (found.goods, found.discount, found.freight, found.total) == (41870, 4000, 1000, 38870)


@pytest.mark.requirement("W01")
def test_a_threshold_of_three_hundred_does_the_same() -> None:
    assert discounts(priced(order_a(), tiers((30000, 4000), currency="CNY"))) == [1901, 1718, 381]


@pytest.mark.requirement("W02", "W04", "A5")
def test_what_comes_back_by_share_is_stored_with_the_order() -> None:
    found = priced(order_a(coupons=("STORE40",)), STORE_COUPON)

    assert (nets(found)[2], nets(found)[0]) == (3609, 17999)


@pytest.mark.requirement("W03", "A6")
def test_what_is_kept_still_earns_the_coupon() -> None:
    kept = ask(item(1, 19900), item(2, 8990, 2), coupons=("STORE40",))

    assert priced(kept, STORE_COUPON).total == 33880
    assert 37870 - 33880 == 3990


@pytest.mark.requirement("W05", "A6")
def test_what_is_kept_no_longer_earns_the_coupon() -> None:
    kept = pricing.quote(ask(item(2, 8990, 2), item(3, 3990), coupons=("STORE40",)), terms(STORE_COUPON))

    assert [problem.code for problem in kept.problems] == ["coupon.below_threshold"]
    assert 37870 - kept.total == 15900


@pytest.mark.requirement("W07")
def test_a_discount_larger_than_the_smaller_line() -> None:
    threshold = tiers((30000, 20000), currency="CNY")
    found = priced(ask(28000, 3000), threshold)

    assert discounts(found) == [18065, 1935]
    assert (nets(found)[1], found.total) == (1065, 11000)
    assert found.total - priced(ask(28000), threshold).total == -17000


@pytest.mark.requirement("W10")
def test_ten_over_three_lines_of_ten() -> None:
    found = priced(ask(1000, 1000, 1000, coupons=("TEN",)), coupon("TEN", 1000, currency="CNY"))

    assert discounts(found) == [334, 333, 333]
    assert nets(found) == [666, 667, 667]
    assert found.total == 2000


@pytest.mark.requirement("W11")
def test_three_units_for_twenty() -> None:
    found = priced(ask(item(1, 1000, 3), coupons=("TEN",)), coupon("TEN", 1000, currency="CNY"))

    assert nets(found) == [2000]


@pytest.mark.requirement("W13", "A8")
def test_fifteen_percent_off_two_lines() -> None:
    found = priced(ask(6000, 5000, coupons=("P15",)), coupon("P15", pricing.Percent(1500)))

    assert found.discount == 1650
    assert discounts(found) == [900, 750]


@pytest.mark.requirement("W14")
def test_a_coupon_pays_an_order_in_full_and_nothing_is_negative() -> None:
    found = priced(ask(3000, 2000, coupons=("ALL50",)), coupon("ALL50", 5000, currency="CNY"))

    assert (nets(found), found.total) == ([0, 0], 0)


@pytest.mark.requirement("W20")
def test_two_lines_reach_free_freight_and_one_does_not() -> None:
    tariff = pricing.FreightTariff(name={"zh": "全国"}, currency="CNY", fee=1200, free_from=9900)

    assert priced(ask(5900, 4900), freight=(tariff,)).freight == 0
    assert priced(ask(5900), freight=(tariff,)).freight == 1200
    # What comes back is 49.00 less the freight that is due now: 37.00.
    assert 4900 - priced(ask(5900), freight=(tariff,)).freight == 3700


@pytest.mark.requirement("W25")
def test_five_hundred_points_over_two_lines() -> None:
    rule = pricing.PointsRule(points=1, amount=1, currency="CNY")
    found = priced(ask(3000, 7000, points=500), points=rule)

    assert [share.points for line in found.lines for share in line.layers] == [150, 350]
    assert (nets(found), found.points_used, found.total) == ([2850, 6650], 500, 9500)
    assert [(layer.kind, layer.funder) for layer in found.layers] == [("points", "points")]


def presale(deposit: int, counts_as: int, *, is_earnest: bool = True) -> pricing.Promotion:
    """A presale whose balance is due in a week."""
    due = (NOW + timedelta(days=7), NOW + timedelta(days=9))
    return promotion(pricing.Presale(deposit, counts_as, *due, is_earnest=is_earnest), currency="CNY")


def sold(price: int, deposit: int, counts_as: int, *, is_earnest: bool = True) -> pricing.Deposit:
    """The deposit of a presale of one unit."""
    found = priced(ask(price), presale(deposit, counts_as, is_earnest=is_earnest)).deposit
    assert found is not None
    return found


@pytest.mark.requirement("W47a")
def test_a_deposit_of_fifty_counts_as_a_hundred_and_is_kept_if_the_rest_never_comes() -> None:
    deposit = sold(59900, 5000, 10000)

    assert (deposit.amount, deposit.counts_as, deposit.balance, deposit.keep_at_most) == (5000, 10000, 49900, 11980)
    assert deposits.divide(deposit, "buyer_defaults", paid=5000) == deposits.Division(kept=5000, back=0)


@pytest.mark.requirement("W47b")
def test_a_deposit_comes_back_double_when_the_seller_cannot_deliver() -> None:
    assert deposits.divide(sold(59900, 5000, 10000), "seller_defaults", paid=5000).back == 10000


@pytest.mark.requirement("W47c")
def test_a_delivered_presale_comes_back_like_any_sale() -> None:
    assert deposits.divide(sold(59900, 5000, 10000), "returned", paid=54900).back == 54900


@pytest.mark.requirement("W47d")
def test_a_presale_that_is_cancelled_before_shipping_goes_by_what_the_page_said() -> None:
    deposit = sold(59900, 5000, 10000)

    assert deposits.divide(deposit, "cancelled", paid=54900).back == 54900
    assert deposits.divide(deposit, "cancelled", paid=54900, keeps_when_cancelled=True).back == 49900


@pytest.mark.requirement("W47e")
def test_of_a_deposit_above_a_fifth_of_the_price_the_rest_goes_back() -> None:
    deposit = sold(10000, 3000, 3000)

    assert deposits.divide(deposit, "buyer_defaults", paid=3000) == deposits.Division(kept=2000, back=1000)


@pytest.mark.requirement("W47f")
def test_an_advance_goes_back_in_full() -> None:
    deposit = sold(10000, 3000, 3000, is_earnest=False)

    assert deposits.divide(deposit, "buyer_defaults", paid=3000) == deposits.Division(kept=0, back=3000)
    assert deposits.divide(deposit, "seller_defaults", paid=3000).back == 3000


@pytest.mark.requirement("W48", "W49")
def test_cross_border_goods_carry_their_tax_line_by_line() -> None:
    rates = (
        pricing.TaxRate(name={"zh": "增值税"}, country="CN", rate=1300),
        pricing.TaxRate(name={"zh": "跨境综合税"}, country="CN", rate=910, inclusive=False, cross_border=True),
    )
    abroad = {"flags": ("cross_border",)}
    found = priced(ask(item(1, 20000, **abroad), item(2, 10000, **abroad)), taxes=rates)

    assert (found.tax, found.total) == (2730, 32730)
    assert [line.tax for line in found.lines] == [1820, 910]


@pytest.mark.requirement("W18", "W19", "A7")
def test_freight_is_weighed_by_what_the_lines_cost() -> None:
    assert split(1000, nets(priced(order_a(coupons=("STORE40",)), STORE_COUPON))) == [475, 430, 95]


@pytest.mark.requirement("W23")
def test_a_gift_is_a_line_for_nothing_with_its_marked_price() -> None:
    scope = pricing.Scope(skus=("S2",))
    gift = promotion(pricing.BuyGet(1, 1, gets=scope, most_times=1), scope=pricing.Scope(skus=("S1",)))
    found = priced(ask(29900, 2990), gift)

    assert nets(found) == [29900, 0]
    assert found.lines[1].goods == 2990
    assert found.total - found.lines[1].goods == 26910
