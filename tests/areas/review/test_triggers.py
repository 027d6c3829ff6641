"""When a rule speaks, one kind after the other, at its edges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from dingdan.areas.review import model as m
from dingdan.areas.review.rules.planning import effective, reasons_of
from dingdan.areas.review.rules.triggers import look, needs

pytestmark = pytest.mark.requirement("O2.1")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def seen(**more: Any) -> m.Picture:
    """An order of one mug for 199 yuan by somebody known for a year."""
    line = m.LinePicture(sku="MUG", flags=frozenset(more.pop("flags", ())), quantity=more.pop("quantity", 1),
                         unit_price=more.pop("unit_price", 19900), on_hand=more.pop("on_hand", None),
                         usual_price=more.pop("usual_price", None))  # fmt: skip
    known = {"total": 19900, "goods": 19900, "discount": 0, "buyer_since": NOON - timedelta(days=365)} | more
    return m.Picture(order_id=1, currency="CNY", placed_at=NOON, lines=(line,), **known)


def ago(*hours: float) -> tuple[datetime, ...]:
    return tuple(NOON - timedelta(hours=h) for h in hours)


AMOUNT = m.LargeAmount(at_least={"CNY": 5_000_00}, times_usual=10, earlier_orders=3)
QUANTITY = m.LargeQuantity(more_than=20, percent_of_stock=30)
PRICE = m.PriceAnomaly(percent_of_usual=50, discount_percent=70)
FRESH = m.NewAccount(younger_than_hours=24, at_least={"CNY": 1_000_00})
CLUSTER = m.AddressCluster(buyers=5, within_hours=24)
FAST = m.Velocity(orders=5, within_minutes=60)


@pytest.mark.parametrize(
    ("trigger", "order", "speaks"),
    [
        (m.Presale(), seen(flags=["presale"]), True),
        (m.Presale(), seen(flags=["perishable"]), False),
        (m.CustomMade(), seen(flags=["custom_made"]), True),
        (m.CrossBorder(), seen(flags=["cross_border", "perishable"]), True),
        (AMOUNT, seen(total=5_000_00), True),
        (AMOUNT, seen(total=4_999_99), False),
        (AMOUNT, seen(total=1001, usual_total=100, earlier_orders=3), True),
        (AMOUNT, seen(total=1000, usual_total=100, earlier_orders=3), False),
        (AMOUNT, seen(total=1001, usual_total=100, earlier_orders=2), False),
        (QUANTITY, seen(quantity=21), True),
        (QUANTITY, seen(quantity=20), False),
        (QUANTITY, seen(quantity=4, on_hand=13), True),
        (QUANTITY, seen(quantity=3, on_hand=10), False),
        (PRICE, seen(unit_price=9949, usual_price=19900), True),
        (PRICE, seen(unit_price=9950, usual_price=19900), False),
        (PRICE, seen(goods=1000, discount=701), True),
        (PRICE, seen(goods=1000, discount=700), False),
        (FRESH, seen(total=1_000_00, buyer_since=NOON - timedelta(hours=23)), True),
        (FRESH, seen(total=1_000_00, buyer_since=NOON - timedelta(hours=24)), False),
        (FRESH, seen(total=999_99, buyer_since=NOON), False),
        (CLUSTER, seen(at_address=ago(1, 2, 3, 24)), True),
        (CLUSTER, seen(at_address=ago(1, 2, 3, 24.1)), False),
        (CLUSTER, seen(at_device=ago(0, 0, 0, 0)), True),
        (FAST, seen(recent_orders=ago(0, 0.5, 0.9, 1)), True),
        (FAST, seen(recent_orders=ago(0, 0.5, 0.9, 1.1)), False),
        (m.BuyerRemark(), seen(has_remark=True), True),
        (m.BuyerRemark(), seen(), False),
    ],
)  # fmt: skip
def test_a_trigger_speaks_exactly_at_its_edge(trigger: m.Trigger, order: m.Picture, speaks: bool) -> None:
    assert (look(trigger, order) is not None) == speaks


def test_units_of_one_sku_are_counted_over_its_lines() -> None:
    line = m.LinePicture(sku="MUG", flags=frozenset(), quantity=11, unit_price=1)
    assert look(QUANTITY, m.Picture(order_id=1, currency="CNY", total=22, goods=22, discount=0, placed_at=NOON,
                                    lines=(line, line))) == {"units": 22, "limit": 20}  # fmt: skip


def test_an_amount_speaks_in_its_own_currency_only() -> None:
    assert look(m.LargeAmount(at_least={"USD": 1}), seen()) is None


def test_only_what_is_needed_is_loaded() -> None:
    assert needs([m.Presale(), m.LargeAmount(at_least={"CNY": 1}), m.LargeQuantity(more_than=2)]) == set()
    assert needs([AMOUNT, QUANTITY, PRICE, CLUSTER, m.BuyerRemark()]) == {
        "habits", "stock", "prices", "people", "remarks"
    }  # fmt: skip


def rule(code: str, trigger: m.Trigger, **more: Any) -> m.Rule:
    whose, is_active = more.pop("merchant_id", None), more.pop("is_active", True)
    document = m.RuleDocument(
        title=m.Words("Rule", "规则"), trigger=trigger, checklist=(m.Item("a", "A?", "甲？"),), **more
    )
    return m.Rule(id=1, merchant_id=whose, code=code, number=1, is_active=is_active, effective_from=NOON,
                  document=document, created_at=NOON)  # fmt: skip


def test_every_reason_is_given_and_not_the_first() -> None:
    rules = [rule("presale", m.Presale()), rule("quiet", m.BuyerRemark()), rule("amount", AMOUNT)]
    found = reasons_of(rules, seen(flags=["presale"], total=6_000_00))
    assert [(one.rule, one.kind, one.numbers) for _, one in found] == [
        ("presale", "presale", {"lines": 1}), ("amount", "large_amount", {"total": 6_000_00, "limit": 5_000_00}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("may_switch", "is_active", "switched", "holds"),
    [(True, True, None, True), (True, True, False, False), (True, False, True, True), (False, True, False, True),
     (False, False, True, False)],
)  # fmt: skip
def test_a_merchant_switches_what_the_platform_lets_it(
    may_switch: bool, is_active: bool, switched: bool | None, holds: bool
) -> None:
    one = rule("presale", m.Presale(), is_active=is_active, merchants_may_switch=may_switch)
    assert bool(effective([one], {} if switched is None else {"presale": switched})) == holds


@for_all(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_larger_amount_never_speaks_less(limit: int, total: int) -> None:
    trigger = m.LargeAmount(at_least={"CNY": limit})
    if look(trigger, seen(total=total)) is not None:
        assert look(trigger, seen(total=total + 1)) is not None
