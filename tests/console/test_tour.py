"""The tour: tasks of one's own desk, ticked by what one has done, and every task's facts exist."""

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import identity
from dingdan.kernel.event import REGISTRY
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database
from dingdan.surfaces.console.tour import TASKS

pytestmark = pytest.mark.requirement("issue 6: console")


def test_tasks_are_of_roles_and_facts_that_exist() -> None:
    assert TASKS.keys() <= identity.STAFF_ROLES
    assert {wire for tasks in TASKS.values() for task in tasks for wire in task.wires} - REGISTRY.keys() == set()


async def test_every_task_leads_where_its_role_may_go(seat: Seat) -> None:
    for role, tasks in TASKS.items():
        desk = await seat(role)
        for href in {task.href for task in tasks}:
            await desk.open(href)


def test_who_is_to_send_events_somewhere_may_do_so() -> None:
    senders = [role for role, tasks in TASKS.items() for task in tasks if "webhook.created" in task.wires]
    assert senders
    assert [role for role in senders if "webhook.write" not in identity.ROLES[role]] == []


async def test_a_task_is_ticked_when_it_is_done(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("auditor")
    assert "0 of 2 done" in await desk.open("/tour")
    await given.placed_order(db, shop)
    await desk.open("/orders?file=csv")
    assert "1 of 2 done" in await desk.open("/tour")
    assert encode("order", 1) not in await desk.open("/tour", tongue="zh")
    assert "暂无导览任务" in await (await seat("customs_broker")).open("/tour", tongue="zh")
