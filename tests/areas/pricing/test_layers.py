"""What each kind of promotion takes off, which of them apply together, and what is added."""

from datetime import timedelta

import msgspec
import pytest
from tests.areas.pricing.shelf import NOW, ask, coupon, discounts, item, kinds, promotion, terms, tiers

from dingdan.areas import pricing

pytestmark = pytest.mark.requirement("A1", "issue 3: pricing")

HOME = pricing.Scope(categories=("home",))


def priced(asked: pricing.Ask, *promotions: pricing.Promotion, **more: object) -> pricing.Quote:
    """A quote."""
    return pricing.quote(asked, terms(*promotions, **more))


@pytest.mark.requirement("A8")
def test_a_share_off_an_item_is_rounded_for_one_unit_so_that_the_marked_price_holds() -> None:
    found = priced(ask(item(1, 8990, 2)), promotion(pricing.Percent(1500)))

    assert found.total == 2 * (8990 - 1349)
    assert (found.layers[0].kind, found.layers[0].funder) == ("item", "merchant")


def test_an_amount_off_each_unit_never_takes_more_than_the_price() -> None:
    found = priced(ask(item(1, 300, 2), item(2, 1000)), promotion(pricing.Amount(500), currency="CNY"))

    assert discounts(found) == [600, 500]


def test_buy_two_get_one_gives_the_cheapest_units() -> None:
    sale = promotion(pricing.BuyGet(2, 1))

    assert discounts(priced(ask(item(1, 1000, 2), item(2, 300)), sale)) == [0, 300]
    assert discounts(priced(ask(item(1, 1000, 5), item(2, 300)), sale)) == [1000, 300]
    assert discounts(priced(ask(item(1, 1000, 2)), sale)) == [0]


def test_buy_one_get_another_at_half_price() -> None:
    sale = promotion(pricing.BuyGet(1, 1, 5000, pricing.Scope(skus=("S2",))), scope=pricing.Scope(skus=("S1",)))

    assert discounts(priced(ask(item(1, 5000), item(2, 999, 3)), sale)) == [0, 500]


def test_a_bundle_has_a_price_of_its_own_for_each_whole_set() -> None:
    sale = promotion(pricing.Bundle((pricing.Part("S1"), pricing.Part("S2", 2)), 2000), currency="CNY")

    assert priced(ask(item(1, 1500, 2), item(2, 500, 4)), sale).total == 4000
    assert priced(ask(item(1, 1500, 2), item(2, 500, 3)), sale).total == 2000 + 1500 + 500
    assert priced(ask(item(1, 1500)), sale).discount == 0


def test_the_highest_tier_that_is_reached_counts() -> None:
    sale = tiers((10000, 1000), (30000, 4000), currency="CNY")

    assert [priced(ask(price), sale).discount for price in (9999, 10000, 29999, 30000)] == [0, 1000, 1000, 4000]


def test_every_full_three_hundred_takes_off_again() -> None:
    sale = tiers((30000, 5000), each=True, most_times=3, currency="CNY")

    assert [priced(ask(price), sale).discount for price in (30000, 89999, 999900)] == [5000, 10000, 15000]


def test_two_pieces_at_a_tenth_off() -> None:
    sale = promotion(pricing.Tiers((pricing.Tier(2, percent=1000),), by="units"))

    assert [priced(ask(item(1, 1000, n)), sale).discount for n in (1, 2)] == [0, 200]


def test_the_layers_come_off_in_one_order_and_each_weighs_what_the_last_one_left() -> None:
    platform = coupon("P", 1000, owner=None, currency="CNY", id=9)
    found = priced(
        ask(10000, 10000, coupons=("P", "M"), points=100),
        promotion(pricing.Percent(5000), scope=pricing.Scope(skus=("S1",))), tiers((10000, 3000), currency="CNY"),
        coupon("M", 1200, currency="CNY"), platform, points=pricing.PointsRule(points=1, amount=1, currency="CNY"),
    )  # fmt: skip

    assert kinds(found) == ["item", "threshold", "merchant_coupon", "platform", "points"]
    assert [layer.funder for layer in found.layers] == ["merchant", "merchant", "merchant", "platform", "points"]
    assert [share.amount for share in found.lines[0].layers] == [5000, 1000, 400, 333, 33]
    assert [share.amount for share in found.lines[1].layers] == [2000, 800, 667, 67]


def test_of_one_group_each_line_takes_what_is_best_for_it() -> None:
    every, socks = promotion(pricing.Percent(1000)), promotion(pricing.Percent(3000), scope=pricing.Scope(skus=("S2",)))
    found = priced(ask(1000, 1000), every, socks)

    assert discounts(found) == [100, 300]


def test_other_groups_stack() -> None:
    found = priced(ask(1000), promotion(pricing.Percent(1000)), promotion(pricing.Percent(1000), group="members"))

    assert found.total == 810


def test_a_smaller_discount_is_left_out_where_that_reaches_a_threshold() -> None:
    small, large = promotion(pricing.Percent(1000)), tiers((30000, 9000), currency="CNY")
    found = priced(ask(31000), small, large)

    assert found.total == 22000
    assert [(one.source_id, one.why) for one in found.passed_over] == [(small.id, "another_is_better")]


def test_an_exclusive_promotion_stands_alone_if_that_is_better() -> None:
    percent = promotion(pricing.Percent(1000))

    assert priced(ask(1000), percent, promotion(pricing.Percent(3000), exclusive=True)).total == 700
    assert priced(ask(1000), percent, promotion(pricing.Percent(500), exclusive=True)).total == 900


def test_what_lacks_for_a_threshold_is_said() -> None:
    found = priced(ask(28000), tiers((30000, 4000), currency="CNY"))

    assert [(one.why, one.missing) for one in found.passed_over] == [("below_threshold", 2000)]


def test_scope_excludes_and_includes_by_category() -> None:
    sale = promotion(
        pricing.Percent(1000), scope=pricing.Scope(categories=("home",), not_categories=("home/art",), not_skus=("S3",))
    )
    lines = [
        item(n, 1000, category=word)
        for n, word in enumerate(("home", "home/art", "home/mugs", "homely", "home/art/x"), 1)
    ]

    assert discounts(priced(ask(*lines), sale)) == [100, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "unfit",
    [
        {"starts_at": NOW + timedelta(seconds=1)}, {"ends_at": NOW}, {"channels": ("tmall",)}, {"currency": "USD"},
        {"first_order": True}, {"min_spend": 1001, "currency": "CNY"}, {"state": "draft"}, {"state": "stopped"},
        {"limit_total": 3, "used": 3}, {"scope": pricing.Scope(skus=("X",))},
    ],
)  # fmt: skip
def test_what_is_not_for_this_order_does_not_apply(unfit: dict[str, object]) -> None:
    assert priced(ask(1000), promotion(pricing.Percent(1000), **unfit)).total == 1000  # type: ignore[arg-type]


def test_a_free_freight_promotion_takes_off_carriage_and_not_the_goods() -> None:
    found = priced(
        ask(5000, freight=pricing.FreightRule(1000, None)), promotion(pricing.FreeFreight(800), currency="CNY")
    )

    assert (found.discount, found.freight, found.freight_discount, found.total) == (0, 200, 800, 5200)


def zones(**more: object) -> tuple[pricing.FreightTariff, ...]:
    """Everywhere 20.00, China 8.00 for a kilogram and 2.00 for each more, Xinjiang 15.00 and 10.00."""
    china = {"name": {"zh": "中国"}, "currency": "CNY", "country": "CN"}
    return (
        pricing.FreightTariff(name={"zh": "全球"}, currency="CNY", fee=2000),
        pricing.FreightTariff(**china, fee=800, step_fee=200, **more),  # type: ignore[arg-type]
        pricing.FreightTariff(**china, region="65", fee=1500, step_fee=1000),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("country", "region", "grams", "fee"),
    [("CN", "330106", 0, 800), ("CN", "330106", 1000, 800), ("CN", "330106", 1001, 1000), ("CN", "650102", 2500, 3500),
     ("DE", "", 9000, 2000), ("CN", "", 500, 800)],
)  # fmt: skip
def test_carriage_goes_by_region_and_weight(country: str, region: str, grams: int, fee: int) -> None:
    found = priced(ask(item(1, 1000, weight_grams=grams), country=country, region=region), freight=zones())

    assert (found.freight, found.layers[0].kind) == (fee, "freight")


def test_freight_is_free_from_a_value_after_coupons_and_before_points() -> None:
    rule, free = pricing.PointsRule(points=1, amount=1, currency="CNY"), zones(free_from=9900)

    assert priced(ask(9900, points=500), freight=free, points=rule).freight == 0
    assert priced(ask(10000, coupons=("C",)), coupon("C", 1000, currency="CNY"), freight=free).freight == 800
    assert priced(ask(9900, coupons=("C",)), coupon("C", 1, currency="CNY"), freight=free).total == 9900


def test_what_is_virtual_travels_for_nothing() -> None:
    assert priced(ask(item(1, 1000, flags=("virtual",)), freight=pricing.FreightRule(1000, None))).freight == 0


def test_tax_in_the_price_is_named_and_tax_on_top_is_added() -> None:
    rates = (
        pricing.TaxRate(name={"en": "VAT"}, country="DE", rate=1900),
        pricing.TaxRate(name={"en": "VAT, books"}, country="DE", category="books", rate=700),
        pricing.TaxRate(name={"en": "Sales tax"}, country="US", region="NY", rate=888, inclusive=False),
    )
    lines = (item(1, 11900), item(2, 10700, category="books/art"))
    german, american = (priced(ask(*lines, country=c, region=r), taxes=rates) for c, r in (("DE", ""), ("US", "NY")))

    assert (german.total, german.tax, [line.tax_included for line in german.lines]) == (22600, 0, [1900, 700])
    assert (american.tax, american.total) == (2007, 24607)
    assert priced(ask(*lines, country="US", region="TX"), taxes=rates).tax == 0


def test_carriage_is_taxed_as_the_goods_it_carries_unless_a_rate_leaves_it_out() -> None:
    lines = (item(1, 30000), item(2, 10000, category="books"), item(3, 50000, flags=("virtual",)))
    freight = pricing.FreightRule(1000, None)
    german = (
        pricing.TaxRate(name={"en": "VAT"}, rate=1900),
        pricing.TaxRate(name={"en": "VAT, books"}, category="books", rate=700),
    )
    found = priced(ask(*lines, freight=freight), taxes=german)
    named = [(one.effect, one.label.en, one.amount) for one in found.layers if "freight_tax" in one.effect]
    assert named == [("freight_tax_included", "VAT", 120), ("freight_tax_included", "VAT, books", 16)]
    assert (found.total, found.tax, found.freight_tax) == (91000, 0, 0)
    assert found.tax_included == sum(line.tax_included for line in found.lines) + 136

    york = pricing.TaxRate(name={"en": "Sales tax"}, rate=888, inclusive=False)
    taxed, spared = (
        priced(ask(30000, freight=freight), taxes=(msgspec.structs.replace(york, on_freight=on),))
        for on in (True, False)
    )
    assert (taxed.tax, taxed.freight_tax, taxed.total) == (2664 + 89, 89, 31000 + 2664 + 89)
    assert (spared.tax, spared.freight_tax) == (2664, 0)
    free = priced(ask(30000, freight=freight), promotion(pricing.FreeFreight()), taxes=(york,))
    assert (free.freight, free.freight_tax) == (0, 0)


@pytest.mark.parametrize(
    ("currency", "parts"), [("JPY", [334, 333, 333]), ("CNY", [334, 333, 333]), ("KWD", [334, 333, 333])]
)
def test_whatever_a_unit_is_none_is_lost(currency: str, parts: list[int]) -> None:
    found = priced(ask(1000, 1000, 1000, currency=currency, coupons=("C",)), coupon("C", 1000, currency=currency))

    assert discounts(found) == parts


def test_a_presale_is_sold_with_its_deposit_whatever_else_takes_off() -> None:
    due = (NOW + timedelta(days=1), NOW + timedelta(days=2))
    found = priced(
        ask(10000), promotion(pricing.Presale(1000, 2000, *due), currency="CNY"), promotion(pricing.Percent(5000))
    )

    assert found.deposit is not None
    assert (found.deposit.amount, found.deposit.balance, found.total) == (1000, 8000, 9000)


def test_a_presale_beside_other_goods_is_a_problem_with_two_ways_out() -> None:
    due = (NOW + timedelta(days=1), NOW + timedelta(days=2))
    sale = promotion(pricing.Presale(1000, 2000, *due), currency="CNY", scope=pricing.Scope(skus=("S2",)))
    (problem,) = priced(ask(500, 10000, 700), sale).problems

    assert (problem.code, problem.path) == ("pricing.presale_apart", "lines[1].sku")
    assert [[one.path for one in way.patch or ()] for way in problem.solutions] == [
        ["/lines/2", "/lines/0"],
        ["/lines/1"],
    ]
    assert [way.params["total"] for way in problem.solutions] == [9000, 1200]


def test_where_nothing_applies_the_price_is_the_list_price_and_the_flat_fee() -> None:
    found = pricing.quote(ask(5900, freight=pricing.FreightRule(1200, 9900)))

    assert (found.goods, found.discount, found.freight, found.total, found.layers) == (5900, 0, 1200, 7100, ())
