"""Who is picked first, and that nobody's promise is broken for it."""

import heapq
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.fulfilment import Work, WorkState
from dingdan.areas.fulfilment.rules.priority import AGEING, SHIP_WITHIN, Lane, lane_of, leaves_by, positions, turn, why

DAY = datetime(2026, 3, 3, tzinfo=UTC)
NOW = DAY.replace(hour=10, minute=10)


def clock(text: str) -> datetime:
    hour, minute = text.split(":")
    return DAY.replace(hour=int(hour), minute=int(minute))


@pytest.mark.requirement("O2.6")
@pytest.mark.requirement("W75")
def test_the_queue_of_example_w75() -> None:
    queue = {
        1: (Lane.ORDINARY, clock("10:00")),
        2: (Lane.ORDINARY, clock("10:01")),
        3: (Lane.VIP, clock("10:05")),
        4: (Lane.FRESH, clock("10:07")),
        6: (Lane.FRESH_VIP, clock("10:08")),
    }
    released = queue | {5: (Lane.ORDINARY, clock("9:30"))}

    assert in_turn(queue) == [6, 4, 3, 1, 2]
    assert in_turn(released) == [6, 4, 3, 5, 1, 2]


@pytest.mark.requirement("O2.7")
@pytest.mark.parametrize(
    ("flags", "is_vip", "lane"),
    [
        ((), False, Lane.ORDINARY),
        ((), True, Lane.VIP),
        (("intimate", "perishable"), False, Lane.FRESH),
        (("perishable",), True, Lane.FRESH_VIP),
        (("presale",), False, Lane.ORDINARY),
    ],
)
def test_the_goods_and_the_buyer_decide_the_lane(flags: tuple[str, ...], is_vip: bool, lane: Lane) -> None:
    assert lane_of(flags, is_vip=is_vip) is lane


def test_the_reason_of_a_lane_is_a_rule() -> None:
    assert Lane.FRESH_VIP.rule == "lane.fresh_vip"


@pytest.mark.requirement("O2.8")
def test_an_order_leaves_by_its_first_promise_or_two_days_after_payment() -> None:
    early, late = NOW + timedelta(hours=8), NOW + timedelta(hours=30)

    assert leaves_by([late, None, early], paid_at=NOW) == early
    assert leaves_by([None], paid_at=NOW) == NOW + SHIP_WITHIN


moments = st.integers(-60, 60).map(lambda hours: NOW + timedelta(hours=hours, minutes=1))
orders = st.tuples(st.sampled_from(Lane), moments, moments, st.integers(1, 99))


@pytest.mark.requirement("O2.8")
@settings(deadline=None)
@over(orders, orders)
def test_an_aged_order_is_never_overtaken_and_among_aged_ones_the_most_urgent_is_first(
    one: tuple[Lane, datetime, datetime, int], other: tuple[Lane, datetime, datetime, int]
) -> None:
    first, second = key(*one), key(*other)
    limit = NOW + AGEING

    if one[2] < limit <= other[2]:
        assert first < second
    if one[2] < other[2] < limit:
        assert first < second
    if one[2] >= limit and other[2] >= limit and one[0] == other[0] and one[1] < other[1]:
        assert first < second


@pytest.mark.requirement("O2.8")
@settings(deadline=None, max_examples=60)
@over(st.dictionaries(st.integers(0, 150), st.tuples(st.sampled_from(Lane), st.integers(1, 60)), max_size=60))
def test_no_promise_is_broken_because_of_lanes(due: dict[int, tuple[Lane, int]]) -> None:
    """One order is picked in each hour, and no two are promised for the same one.

    Whoever started each order only in the last hour would keep all of these promises, so capacity is enough. Then lanes
    break none, whatever they are: in the last six hours the queue is by promise alone, and what lanes took out of it
    before then only makes it shorter.
    """
    waiting = {
        order_id: (lane, DAY + timedelta(hours=max(0, hour - ahead)), DAY + timedelta(hours=hour + 1))
        for order_id, (hour, (lane, ahead)) in enumerate(sorted(due.items()))
    }
    for hour in range(152):
        now = DAY + timedelta(hours=hour)
        here = [i for i, (_, paid_at, _) in waiting.items() if paid_at <= now]
        if here:
            lane, _, ship_by = waiting.pop(min(here, key=lambda i: key(*waiting[i], i, now=now)))
            assert now + timedelta(hours=1) <= ship_by, f"{lane.name} is late"
    assert waiting == {}


@pytest.mark.requirement("O2.8")
@settings(deadline=None, max_examples=30)
@over(st.lists(st.tuples(st.sampled_from(Lane), st.integers(0, 40)), min_size=1, max_size=80))
def test_with_equal_promises_nobody_starves_while_no_more_is_paid_than_is_picked(paid: list[tuple[Lane, int]]) -> None:
    """Every hour at most three orders are paid and three picked, and all have two days: none waits longer."""
    queue: list[tuple[datetime, Lane]] = []
    arriving = [lane for lane, _ in paid]
    for hour in range(len(arriving) // 3 + 60):
        now = DAY + timedelta(hours=hour)
        for lane in arriving[hour * 3 : hour * 3 + 3]:
            heapq.heappush(queue, (now, lane))
        for _ in range(3):
            if queue:
                chosen = min(queue, key=lambda one: key(one[1], one[0], one[0] + SHIP_WITHIN, now=now))
                queue.remove(chosen)
                assert now <= chosen[0] + SHIP_WITHIN
    assert queue == []


@pytest.mark.requirement("O2.6")
def test_every_position_counts_what_is_ahead_and_explains_itself_in_both_languages() -> None:
    aged = work(1, Lane.ORDINARY, paid_at=NOW - timedelta(hours=43), ship_by=NOW + timedelta(hours=5))
    fresh = work(2, Lane.FRESH, paid_at=NOW)
    plain = work(3, Lane.ORDINARY, paid_at=NOW)

    found = positions([aged, fresh, plain], {}, now=NOW)
    later = positions([plain], {-1: 1, Lane.FRESH: 1}, now=NOW)

    assert [(one.place, one.is_aged, one.ahead_aged, one.ahead_by_lane) for one in found] == [
        (1, True, 0, {}),
        (2, False, 1, {}),
        (3, False, 1, {Lane.FRESH: 1}),
    ]
    assert later == found[2:]
    said = [why(one, UTC) for one in found]
    assert (said[0].en, said[0].zh) == (
        "It must leave by 2026-03-03 15:10, so it goes before every lane, the most urgent first.",
        "须在 2026-03-03 15:10 前发出，优先于所有通道，最紧急的在前。",
    )
    assert "Fresh" in said[1].en
    assert "生鲜" in said[1].zh
    assert "first" in said[2].en
    assert "先支付" in said[2].zh


def work(order_id: int, lane: Lane, *, paid_at: datetime, ship_by: datetime | None = None) -> Work:
    return Work(
        id=order_id, order_id=order_id, merchant_id=1, warehouse_id=1, state=WorkState.QUEUED, version=1, lane=lane,
        paid_at=paid_at, ship_by=ship_by or paid_at + SHIP_WITHIN, claimed_by=None, claimed_at=None, packed=None,
    )  # fmt: skip


def key(lane: Lane, paid_at: datetime, ship_by: datetime, order_id: int = 1, *, now: datetime = NOW) -> Any:
    return turn(lane=lane, paid_at=paid_at, ship_by=ship_by, order_id=order_id, now=now)


def in_turn(queue: dict[int, tuple[Lane, datetime]]) -> list[int]:
    return sorted(queue, key=lambda i: key(queue[i][0], queue[i][1], queue[i][1] + SHIP_WITHIN, i))
