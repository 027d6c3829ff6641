"""Laws of prices, with any basket and any promotions."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.areas.pricing.shelf import SHOP, ask, item, promotion, terms

from dingdan.areas import pricing
from dingdan.kernel.money import percent, split

pytestmark = pytest.mark.requirement("A1", "A2")

CATEGORIES = ("home", "home/art", "food")
SCOPES = st.builds(
    pricing.Scope,
    skus=st.sampled_from([(), ("S1",), ("S1", "S3")]),
    categories=st.sampled_from([(), ("home",), ("food",)]),
    not_skus=st.sampled_from([(), ("S2",)]),
)
SUMS = st.integers(1, 5000)
STEPS = st.lists(st.tuples(st.integers(0, 20000), SUMS), min_size=1, max_size=3, unique_by=lambda one: one[0])
TIERS = STEPS.map(lambda steps: pricing.Tiers(tuple(pricing.Tier(at, off) for at, off in steps)))
FOR_COUPONS = st.one_of(
    st.builds(pricing.Percent, off=st.integers(1, 10000), most=st.none() | SUMS),
    st.builds(pricing.Amount, off=SUMS),
    st.builds(pricing.FreeFreight, most=st.none() | SUMS),
    TIERS,
)
FOR_ALL = FOR_COUPONS | st.one_of(
    st.builds(pricing.BuyGet, buy=st.integers(1, 3), get=st.integers(1, 2), off=st.sampled_from([5000, 10000])),
    st.builds(pricing.BuyGet, buy=st.integers(1, 3), get=st.integers(1, 2), gets=SCOPES),
    st.just(pricing.Bundle((pricing.Part("S1"), pricing.Part("S2", 2)), 700)),
)
ITEMS = st.lists(
    st.tuples(
        st.integers(0, 10000), st.integers(1, 7), st.sampled_from(CATEGORIES), st.sampled_from([(), ("cross_border",)])
    ),
    min_size=1,
    max_size=5,
)
RATES = (
    pricing.TaxRate(name={"en": "VAT"}, rate=1900),
    pricing.TaxRate(name={"en": "Food"}, category="food", rate=700, inclusive=False),
    pricing.TaxRate(name={"en": "Border"}, rate=910, inclusive=False, cross_border=True),
)
ON_TOP = (
    pricing.TaxRate(name={"en": "All"}, rate=888, inclusive=False),
    pricing.TaxRate(name={"en": "Home"}, category="home", rate=500, inclusive=False),
    pricing.TaxRate(name={"en": "Food"}, category="food", rate=0),
)


@st.composite
def promotions(draw: Any, *, most: int = 5) -> list[pricing.Promotion]:
    """Promotions and coupons that may exclude each other."""
    found = []
    for n in range(draw(st.integers(0, most))):
        is_coupon = draw(st.booleans())
        found.append(promotion(
            draw(FOR_COUPONS if is_coupon else FOR_ALL), id=n + 1, code=f"C{n}" if is_coupon else None,
            owner=draw(st.sampled_from([SHOP, None])), scope=draw(SCOPES), min_spend=draw(st.sampled_from([0, 0, 5000])),
            group=draw(st.sampled_from(["", "", "x"])), exclusive=draw(st.sampled_from([False, False, False, True])),
            limit_total=draw(st.sampled_from([None, 3])),
        ))  # fmt: skip
    return found


@st.composite
def cases(draw: Any, *, most: int = 5) -> tuple[pricing.Ask, list[pricing.Promotion], dict[str, Any]]:
    """An ask, what could apply to it, and the rules of freight, tax and points."""
    items = [item(n, price, units, category=category, flags=flags)
             for n, (price, units, category, flags) in enumerate(draw(ITEMS), start=1)]  # fmt: skip
    some = draw(promotions(most=most))
    asked = ask(
        *items, coupons=tuple(one.draft.code for one in some if one.draft.code), points=draw(st.sampled_from([0, 0, 30, 9999])),
        currency=draw(st.sampled_from(["JPY", "CNY", "KWD"])), freight=draw(st.sampled_from([
            pricing.FreightRule(0, None), pricing.FreightRule(800, None), pricing.FreightRule(800, 9900)])),
    )  # fmt: skip
    rules = {
        "taxes": draw(st.sampled_from([(), RATES])),
        "points": draw(
            st.sampled_from([None, pricing.PointsRule(points=10, amount=7, currency=asked.currency, most=5000)])
        ),
    }
    return asked, some, rules


@given(cases())
@settings(max_examples=300, deadline=None)
def test_everything_adds_up_and_nothing_is_negative(
    case: tuple[pricing.Ask, list[pricing.Promotion], dict[str, Any]],
) -> None:
    asked, some, rules = case
    found = pricing.quote(asked, terms(*some, **rules))

    assert found.total == found.goods - found.discount + found.freight + found.tax
    assert found.goods == sum(line.goods for line in found.lines)
    assert found.discount == sum(line.discount for line in found.lines)
    assert found.tax == sum(line.tax for line in found.lines) + found.freight_tax
    assert found.freight_tax == sum(one.amount for one in found.layers if one.effect == "freight_tax")
    assert 0 <= found.freight_tax <= found.freight
    assert min(found.total, found.freight, found.freight_discount, found.tax, found.tax_included) >= 0
    assert all(0 <= line.discount <= line.goods and line.tax >= 0 for line in found.lines)


@given(ITEMS, st.integers(0, 100_000))
@settings(deadline=None)
def test_the_tax_on_carriage_is_that_of_its_shares_to_the_cent(lines: Any, fee: int) -> None:
    items = [item(n, price, units, category=category) for n, (price, units, category, _) in enumerate(lines, start=1)]
    found = pricing.quote(ask(*items, freight=pricing.FreightRule(fee, None)), terms(taxes=ON_TOP))
    shares = split(fee, [one.unit_price * one.quantity for one in items])
    by_rate = {rate: sum(s for s, one in zip(shares, items, strict=True) if one.category.partition("/")[0] in which)
               for rate, which in ((500, ("home",)), (0, ("food",)))}  # fmt: skip
    assert found.freight_tax == percent(by_rate[500], 500)
    assert sum(by_rate.values()) == fee


@given(cases())
@settings(max_examples=300, deadline=None)
def test_every_layer_is_the_sum_of_its_shares(
    case: tuple[pricing.Ask, list[pricing.Promotion], dict[str, Any]],
) -> None:
    asked, some, rules = case
    found = pricing.quote(asked, terms(*some, **rules))
    shares = [(share.layer, line, share) for line in found.lines for share in line.layers]

    for n, layer in enumerate(found.layers):
        if layer.effect in ("off", "tax", "tax_included"):
            assert layer.amount == sum(share.amount for place, _, share in shares if place == n)
            assert layer.points == sum(share.points for place, _, share in shares if place == n)
    effects = [layer.effect for layer in found.layers]
    for line in found.lines:
        assert line.discount == sum(share.amount for share in line.layers if effects[share.layer] == "off")
    assert found.freight_discount == sum(layer.amount for layer in found.layers if layer.effect == "freight_off")


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_lines_coupons_and_rules_makes_no_difference(
    case: tuple[pricing.Ask, list[pricing.Promotion], dict[str, Any]], chance: Any
) -> None:
    asked, some, rules = case
    items, coupons, mixed = list(asked.items), list(asked.coupons), list(some)
    for one in (items, coupons, mixed):
        chance.shuffle(one)
    first = pricing.quote(asked, terms(*some, **rules))
    again = pricing.quote(
        msgspec.structs.replace(asked, items=tuple(items), coupons=tuple(coupons)), terms(*mixed, **rules)
    )

    assert again.layers == first.layers
    assert sorted(again.lines, key=lambda line: line.line_no) == list(first.lines)
    assert [line.line_no for line in again.lines] == [one.line_no for one in items]
    assert sorted(one.code for one in again.problems) == sorted(one.code for one in first.problems)


@given(cases(), FOR_ALL, SCOPES)
@settings(max_examples=400, deadline=None)
def test_one_promotion_or_coupon_more_never_makes_it_dearer(
    case: tuple[pricing.Ask, list[pricing.Promotion], dict[str, Any]], benefit: pricing.Benefit, scope: pricing.Scope
) -> None:
    asked, some, rules = case
    more = promotion(benefit, id=99, scope=scope)
    found = pricing.quote(asked, terms(*some, **rules)).total
    fewer = [msgspec.structs.replace(asked, coupons=asked.coupons[:n] + asked.coupons[n + 1 :])
             for n in range(len(asked.coupons))]  # fmt: skip

    assert pricing.quote(asked, terms(*some, more, **rules)).total <= found
    assert all(found <= pricing.quote(one, terms(*some, **rules)).total for one in fewer)


@given(ITEMS, SUMS, SUMS)
@settings(deadline=None)
def test_a_larger_coupon_or_more_points_never_cost_more(lines: Any, off: int, more: int) -> None:
    items = [item(n, price, units) for n, (price, units, _, _) in enumerate(lines, start=1)]
    rule = pricing.PointsRule(points=1, amount=1, currency="CNY")

    def total(taken: int, points: int) -> int:
        loaded = terms(promotion(pricing.Amount(taken), code="C", id=1), points=rule)
        return pricing.quote(ask(*items, coupons=("C",), points=points), loaded).total

    assert total(off + more, 0) <= total(off, 0)
    assert total(off, off + more) <= total(off, off)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_leaving_out_what_is_refused_gives_the_total_that_was_told(
    case: tuple[pricing.Ask, list[pricing.Promotion], dict[str, Any]],
) -> None:
    asked, some, rules = case
    loaded = terms(*some, **rules)
    found = pricing.quote(asked, loaded)
    refused = {int(one.path[8:-1]) for one in found.problems if one.path.startswith("coupons[")}
    kept = tuple(code for n, code in enumerate(asked.coupons) if n not in refused)
    again = pricing.quote(msgspec.structs.replace(asked, coupons=kept, points=found.points_used), loaded)

    assert again.problems == ()
    assert again.total == found.total


@given(cases(most=14))
@settings(max_examples=30, deadline=None)
def test_many_promotions_are_no_worse_than_none(
    case: tuple[pricing.Ask, list[pricing.Promotion], dict[str, Any]],
) -> None:
    asked, some, rules = case
    asked, some = msgspec.structs.replace(asked, coupons=()), [one for one in some if one.draft.code is None]

    assert pricing.quote(asked, terms(*some, **rules)).total <= pricing.quote(asked, terms(**rules)).total
