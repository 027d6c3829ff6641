"""Ten thousand at once: the same races, long."""

import pytest

from dingdan.plumbing.database import Database
from tests.races.test_limited import share_a_budget, told_in_a_crowd

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600), pytest.mark.requirement("issue 2: races")]


@pytest.mark.requirement("O1.6")
async def test_ten_thousand_people_and_one_budget(db: Database) -> None:
    await share_a_budget(db, people=10_000, orders_each=1, most=3_000, each=1, size=50)


@pytest.mark.requirement("O1.6")
async def test_ten_thousand_baskets_of_people_who_come_four_times(db: Database) -> None:
    await share_a_budget(db, people=2_500, orders_each=4, most=4_000, each=2, size=50)


@pytest.mark.requirement("O3.10")
async def test_ten_thousand_channel_orders_at_once_many_of_them_twice(db: Database) -> None:
    await told_in_a_crowd(db, orders=7_000, messages=10_000, stock=5_000, size=50)
