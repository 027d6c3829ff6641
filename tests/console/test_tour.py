"""The tour: tasks of one's own desk, ticked by what one has done, and every task's facts exist."""

import pytest
from tests import given
from tests.areas.returns import road
from tests.console.conftest import Seat

from dingdan.areas import identity
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.event import REGISTRY
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database
from dingdan.surfaces.console.tour_tasks import TASKS

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
    senders = [role for role, tasks in TASKS.items() for task in tasks if "webhook.enabled" in task.wires]
    assert senders
    assert [role for role in senders if "webhook.write" not in identity.ROLES[role]] == []


def test_a_task_is_ticked_by_facts_or_by_being_led_there() -> None:
    tasks = [task for tasks in TASKS.values() for task in tasks]
    assert [task.href for task in tasks if bool(task.wires) == bool(task.code)] == []


async def test_what_is_only_looked_at_is_ticked_by_going_there(seat: Seat) -> None:
    desk = await seat("auditor")
    led = await desk.open_with({}, "/tour/audit", status=303)
    assert led.headers["location"] == "/audit"
    assert "1 of 4 done" in (await desk.open_with({"dingdan_looked": "audit.no-such-task"}, "/tour")).text
    assert "dingdan_looked=audit;" in led.headers["set-cookie"]
    await desk.open_with({}, "/tour/unknown", status=404)


async def test_a_task_opens_the_case_that_waits_for_it(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    assert "open=" not in await desk.open("/tour")
    order_id = await given.delivered_order(db, shop, reference="story-3-engraved-mug")
    asked = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
    assert f"/q/returns?open={encode('return', asked.id)}" in await desk.open("/tour")


async def test_a_task_is_ticked_when_it_is_done(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("auditor")
    assert "0 of 4 done" in await desk.open("/tour")
    await given.placed_order(db, shop)
    await desk.open("/orders?file=csv")
    assert "1 of 4 done" in await desk.open("/tour")
    assert encode("order", 1) not in await desk.open("/tour", tongue="zh")
    assert "暂无导览任务" in await (await seat("customs_broker")).open("/tour", tongue="zh")
