"""Ways to pay: limits, region, channel, currency and maintenance, and for each no the ways that can be used instead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests import given
from tests.areas.payments import till

from dingdan.areas import methods, payments
from dingdan.areas.methods import rules
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Operation, Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O1.7")

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLUGGED = {"credit": ("balance",), "sandbox": ("instant", "qr")}
HOUR = timedelta(hours=1)


def ways(**said: Any) -> list[methods.Way]:
    """What is plugged in, with something said about the sandbox's instant method."""
    return rules.offered(PLUGGED, [methods.Way(provider="sandbox", method="instant", **said)], [])


def asked(**more: Any) -> methods.Wanted:
    return methods.Wanted(**{"currency": "CNY", "amount": 100_00, "country": "CN", "channel": "web"} | more)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"active": False}, "method.not_offered"),
        ({"currencies": ("USD", "EUR")}, "method.not_in_currency"),
        ({"countries": ("US",)}, "method.not_in_region"),
        ({"channels": ("app",)}, "method.not_on_channel"),
        ({"limits": (methods.Bounds("CNY", most=99_99),)}, "method.outside_limits"),
        ({"limits": (methods.Bounds("CNY", least=100_01),)}, "method.outside_limits"),
        ({"closed": (methods.Closed(NOW - HOUR, NOW + HOUR),)}, "method.closed"),
    ],
)
def test_a_way_that_cannot_be_used_names_those_that_can(said: dict[str, Any], code: str) -> None:
    (problem,) = methods.problems(asked(), ("sandbox", "instant"), ways(**said), now=NOW, patch_at="/payment")

    assert problem.code == code
    assert [one.kind for one in problem.solutions] == ["other_payment"] * 2
    assert problem.solutions[1].patch == (Operation("add", "/payment", {"provider": "sandbox", "method": "qr"}),)


@pytest.mark.parametrize(
    "said",
    [
        {"currencies": ("CNY",), "countries": ("CN",), "channels": ("web",)},
        {"limits": (methods.Bounds("CNY", least=100_00, most=100_00), methods.Bounds("USD", most=1))},
        {"closed": (methods.Closed(NOW - HOUR, NOW), methods.Closed(NOW + HOUR, NOW + 2 * HOUR))},
    ],
)
def test_a_way_at_its_very_bounds_can_be_used(said: dict[str, Any]) -> None:
    assert methods.problems(asked(), ("sandbox", "instant"), ways(**said), now=NOW) == []


def test_all_that_stands_against_a_way_is_said_at_once() -> None:
    closed = ways(active=False, currencies=("USD",), countries=("US",))
    found = methods.problems(asked(), ("sandbox", "instant"), closed, now=NOW)

    assert [one.code for one in found] == ["method.not_offered", "method.not_in_currency", "method.not_in_region"]


def test_what_is_not_known_is_not_held_against_a_way() -> None:
    said = ways(countries=("US",), channels=("app",))

    assert methods.problems(asked(country="", channel=""), ("sandbox", "instant"), said, now=NOW) == []


def test_a_merchants_word_goes_before_the_platforms_and_nothing_is_offered_that_is_not_plugged_in() -> None:
    own = [methods.Way(provider="sandbox", method="qr", rank=1)]
    platform = [methods.Way(provider="sandbox", method="qr", active=False), methods.Way(provider="gold", method="bar")]
    found = rules.offered(PLUGGED, own, platform)

    assert [(way.provider, way.method) for way in found] == [
        ("sandbox", "qr"),
        ("credit", "balance"),
        ("sandbox", "instant"),
    ]
    assert found[0].active


@for_all(st.lists(st.integers(0, 50), max_size=3), st.integers(0, 50))
def test_every_way_offered_instead_can_be_used(mosts: list[int], amount: int) -> None:
    keys = [("credit", "balance"), ("sandbox", "instant"), ("sandbox", "qr")]
    own = [methods.Way(provider=p, method=m, limits=(methods.Bounds("CNY", most=most),))
           for (p, m), most in zip(keys, mosts, strict=False)]  # fmt: skip
    offered = rules.offered(PLUGGED, own, [])
    wanted = asked(amount=amount)
    for problem in methods.problems(wanted, keys[0], offered, now=NOW):
        for one in problem.solutions:
            assert not methods.problems(wanted, (one.params["provider"], one.params["method"]), offered, now=NOW)


async def describe(db: Database, merchant_id: int | None, **said: Any) -> methods.Way:
    way = methods.Way(**{"provider": "sandbox", "method": "instant"} | said)
    return await do(db, SYSTEM, payments.save_way, methods.SaveWay(merchant_id=merchant_id, way=way))


@pytest.mark.parametrize(
    ("said", "paths"),
    [
        ({"method": "gold"}, ["path"]),
        ({"currencies": ("CNY", "XXX")}, ["currencies[1]"]),
        ({"limits": (methods.Bounds("CNY", least=5, most=4),)}, ["limits[0]"]),
        ({"limits": (methods.Bounds("CNY"), methods.Bounds("CNY"))}, ["limits"]),
        ({"closed": (methods.Closed(NOW, NOW),), "currencies": ("X",)}, ["currencies[0]", "closed[0]"]),
    ],
)
async def test_a_description_that_cannot_be_right_is_refused(
    db: Database, said: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(Refusal) as caught:
        await describe(db, None, **said)

    assert [problem.path for problem in caught.value.problems] == paths


async def test_saying_the_same_twice_changes_nothing(db: Database) -> None:
    shop = await given.shop(db)
    said = {
        "limits": (methods.Bounds("CNY", most=5),),
        "closed": (methods.Closed(NOW, NOW + HOUR),),
        "name": {"zh": "快付"},
    }
    for _ in range(2):
        await describe(db, shop.merchant_id, **said)
    async with db.reading(SYSTEM) as tx:
        facts = await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'method.saved'")
        found = {(w.provider, w.method): w for w in (await payments.ways(tx, [shop.merchant_id]))[shop.merchant_id]}

    assert facts == 1
    assert found["sandbox", "instant"] == methods.Way(provider="sandbox", method="instant", **said)


@pytest.mark.parametrize(
    ("said", "code"),
    [({"limits": (methods.Bounds("CNY", most=198_99),)}, "method.outside_limits"),
     ({"countries": ("US",)}, "method.not_in_region"), ({"channels": ("app",)}, "method.not_on_channel"),
     ({"active": False}, "method.not_offered")],
)  # fmt: skip
async def test_a_payment_is_not_started_in_a_way_that_cannot_be_used(
    db: Database, said: dict[str, Any], code: str
) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    await describe(db, None, **said)
    with pytest.raises(Refusal) as caught:
        await till.started(db, order_id)

    assert caught.value.code == code
    assert [one.params for one in caught.value.solutions][-1] == {"provider": "sandbox", "method": "qr"}
    assert (await till.started(db, order_id, method="qr")).state == "started"


async def test_maintenance_is_over_when_it_is_over(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    async with db.reading(SYSTEM) as tx:
        window = methods.Closed(tx.now - HOUR, tx.now + timedelta(minutes=9))
    await describe(db, None, closed=(window,))
    with pytest.raises(methods.ClosedNow):
        await till.started(db, order_id)
    await till.pass_time(db, timedelta(minutes=10))

    assert (await till.started(db, order_id)).state == "started"
