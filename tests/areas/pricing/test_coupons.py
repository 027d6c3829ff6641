"""A coupon that does not fit is never dropped in silence: the reason, the total without it, and the next best one."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.areas.pricing.shelf import NOW, SHOP, ask, codes, coupon, item, promotion, terms, tiers

from dingdan.areas import pricing

pytestmark = pytest.mark.requirement("O1.6")

YES = coupon("YES", 100, currency="CNY")


def patched(asked: pricing.Ask, problem: Any) -> Iterator[pricing.Ask]:
    """The ask as each way out of a problem would have it."""
    for way in problem.solutions:
        body: dict[str, Any] = {"coupons": list(asked.coupons), "points": asked.points}
        for one in way.patch:
            field, _, place = one.path.strip("/").partition("/")
            if one.op == "remove":
                del body[field][int(place)]
            elif place:
                body[field][int(place)] = one.value
            else:
                body[field] = one.value
        yield msgspec.structs.replace(asked, coupons=tuple(body["coupons"]), points=body["points"])


REASONS: list[tuple[dict[str, Any], str]] = [
    ({"starts_at": NOW + timedelta(days=1)}, "coupon.not_yet"),
    ({"ends_at": NOW}, "coupon.over"),
    ({"state": "stopped"}, "coupon.over"),
    ({"state": "ended"}, "coupon.over"),
    ({"state": "draft"}, "coupon.unknown"),
    ({"needs_grant": True}, "coupon.unknown"),
    ({"min_spend": 2001}, "coupon.below_threshold"),
    ({"scope": pricing.Scope(skus=("X",))}, "coupon.out_of_scope"),
    ({"channels": ("tmall",)}, "coupon.other_channel"),
    ({"currency": "USD"}, "coupon.other_currency"),
    ({"first_order": True}, "coupon.first_order_only"),
    ({"limit_total": 5, "used": 5}, "coupon.used_up"),
]


@pytest.mark.parametrize(("how", "code"), REASONS, ids=[f"{code} {next(iter(how))}" for how, code in REASONS])
def test_a_coupon_says_why_it_does_not_fit_and_what_the_order_costs_without(how: dict[str, Any], code: str) -> None:
    loaded = terms(coupon("NO", 500, **({"currency": "CNY"} | how)), YES)
    asked = ask(2000, coupons=("YES", "no "))
    found = pricing.quote(asked, loaded)

    assert [(one.code, one.path) for one in found.problems] == [(code, "coupons[1]")]
    assert (found.total, found.problems[0].solutions[-1].params["total"]) == (1900, 1900)
    assert [(pricing.quote(one, loaded).problems, pricing.quote(one, loaded).total) for one in
            patched(asked, found.problems[0])] == [((), 1900)]  # fmt: skip


def test_all_problems_are_told_at_once() -> None:
    loaded = terms(coupon("A", 1, ends_at=NOW), coupon("B", 1, channels=("x",)))

    assert codes(pricing.quote(ask(100, coupons=("A", "nowhere", "B"), points=5), loaded)) == [
        "coupon.over", "coupon.unknown", "coupon.other_channel", "pricing.points_not_taken",
    ]  # fmt: skip


def test_what_is_missing_is_said_in_money() -> None:
    (problem,) = pricing.quote(
        ask(28000, coupons=("C",)), terms(coupon("C", 1, min_spend=30000, currency="CNY"))
    ).problems

    assert problem.params | {"code": ""} == {"code": "", "min_spend": "300.00", "missing": "20.00", "currency": "CNY"}


def test_a_coupon_is_not_spent_for_nothing() -> None:
    loaded = terms(tiers((0, 99999), currency="CNY"), YES)

    assert codes(pricing.quote(ask(2000, coupons=("YES",)), loaded)) == ["coupon.takes_nothing_off"]


def test_of_two_that_exclude_each_other_the_better_one_stays() -> None:
    loaded = terms(coupon("SMALL", 100, currency="CNY"), coupon("LARGE", 300, currency="CNY"))
    for both in (("SMALL", "LARGE"), ("LARGE", "SMALL")):
        found = pricing.quote(ask(2000, coupons=both), loaded)
        assert found.total == 1700
        assert [one.params for one in found.problems] == [{"code": "SMALL", "other": "LARGE"}]


def test_coupons_of_other_groups_or_for_other_lines_combine() -> None:
    loaded = terms(YES, coupon("CARD", 200, currency="CNY", group="card"))
    apart = terms(*(coupon(f"C{n}", 100, currency="CNY", scope=pricing.Scope(skus=(f"S{n}",))) for n in (1, 2)))

    assert pricing.quote(ask(2000, coupons=("YES", "CARD")), loaded).total == 1700
    assert pricing.quote(ask(2000, 2000, coupons=("C1", "C2")), apart).total == 3800


def test_an_exclusive_coupon_silences_promotions_and_says_so() -> None:
    sale = promotion(pricing.Percent(1000))
    found = pricing.quote(
        ask(2000, coupons=("ALONE",)), terms(sale, coupon("ALONE", 500, currency="CNY", exclusive=True))
    )

    assert (found.total, found.problems) == (1500, ())
    assert [(one.source_id, one.why) for one in found.passed_over] == [(sale.id, "not_with_coupon")]


def test_a_smaller_promotion_gives_way_where_the_coupon_would_not_fit_beside_it() -> None:
    sale, mine = promotion(pricing.Percent(1000)), coupon("C", 300, min_spend=2000, currency="CNY")
    found = pricing.quote(ask(2000, coupons=("C",)), terms(sale, mine))

    assert (found.problems, found.total) == ((), 1700)


def test_a_coupon_that_would_make_it_dearer_is_left_out_and_told_about() -> None:
    sale, mine = promotion(pricing.Percent(1000)), coupon("C", 100, min_spend=2000, currency="CNY")
    lone = coupon("ALONE", 100, currency="CNY", exclusive=True)

    for code, why in (("C", "coupon.below_threshold"), ("ALONE", "coupon.takes_nothing_off")):
        found = pricing.quote(ask(2000, coupons=(code,)), terms(sale, mine, lone))
        assert (codes(found), found.total) == ([why], 1800)


def test_another_coupon_of_the_buyer_is_offered_with_its_total() -> None:
    others = [pricing.Held(coupon(f"O{off}", off, currency="CNY")) for off in (100, 300, 200)]
    held = {(SHOP, None, one.promotion.draft.code): one for one in others}
    loaded = terms(coupon("OLD", 500, ends_at=NOW), others={(SHOP, None): others})
    (problem,) = pricing.quote(ask(2000, coupons=("OLD",)), loaded).problems
    swap, drop = problem.solutions

    assert (swap.kind, swap.params["code"], swap.params["total"]) == ("swap_coupon", "O300", 1700)
    assert (drop.kind, drop.params["total"]) == ("drop_coupon", 2000)
    after = next(patched(ask(2000, coupons=("OLD",)), problem))
    assert pricing.quote(after, msgspec.structs.replace(loaded, coupons=held)).total == 1700


def test_the_same_coupon_twice_and_too_many_are_refused() -> None:
    loaded = terms(YES)

    assert codes(pricing.quote(ask(2000, coupons=("YES", "yes")), loaded)) == ["coupon.twice"]
    assert (
        codes(pricing.quote(ask(2000, coupons=("YES",) + ("X",) * 6), loaded))
        == ["coupon.unknown"] * 4 + ["coupon.too_many"] * 2
    )


def test_free_freight_by_coupon_stacks_with_an_amount() -> None:
    ship = coupon("SHIP", pricing.FreeFreight(), min_spend=1500, currency="CNY")
    found = pricing.quote(ask(2000, coupons=("SHIP", "YES"), freight=pricing.FreightRule(800, None)), terms(ship, YES))

    assert (found.total, found.freight_discount) == (1900, 800)


@pytest.mark.parametrize(("points", "taken", "code"), [(1000, 1000, []), (1050, 1000, ["pricing.points_unfit"]),
                                                       (9000, 1000, ["pricing.points_unfit"]),
                                                       (50, 0, ["pricing.points_not_taken"])])  # fmt: skip
def test_points_are_used_in_multiples_and_for_a_share_of_the_goods(points: int, taken: int, code: list[str]) -> None:
    rule = pricing.PointsRule(points=100, amount=100, currency="CNY", most=5000)
    found = pricing.quote(ask(2000, points=points), terms(points=rule))

    assert (found.points_used, codes(found)) == (taken, code)
    for problem in found.problems:
        (after,) = patched(ask(2000, points=points), problem)
        assert pricing.quote(after, terms(points=rule)).problems == ()


def test_points_are_not_taken_for_goods_that_are_excluded() -> None:
    rule = pricing.PointsRule(points=1, amount=1, currency="CNY", scope=pricing.Scope(not_categories=("gold",)))
    found = pricing.quote(ask(item(1, 100), item(2, 900, category="gold"), points=500), terms(points=rule))

    assert (found.points_used, found.problems[0].params["most"]) == (100, 100)
