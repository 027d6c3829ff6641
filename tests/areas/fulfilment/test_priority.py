"""Who is picked first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.fulfilment.rules.priority import AGEING, Lane, lane_of, turn

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


@pytest.mark.requirement("O2.8")
@settings(deadline=None)
@over(st.sampled_from(Lane), st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_whoever_waited_too_long_comes_before_every_lane(lane: Lane, over_time: timedelta) -> None:
    late = turn(lane=lane, paid_at=NOW - AGEING - over_time, order_id=9, now=NOW)

    assert late < turn(lane=Lane.FRESH_VIP, paid_at=NOW - AGEING, order_id=1, now=NOW)


def test_the_reason_of_a_lane_is_a_rule() -> None:
    assert Lane.FRESH_VIP.rule == "lane.fresh_vip"


def in_turn(queue: dict[int, tuple[Lane, datetime]]) -> list[int]:
    return sorted(queue, key=lambda i: turn(lane=queue[i][0], paid_at=queue[i][1], order_id=i, now=NOW))
