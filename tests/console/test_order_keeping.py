"""Who looks after orders, at the desk: taken, given, given up, many at once after a look, and found by whom they are kept."""

import csv
import re
from datetime import timedelta

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import identity, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.kernel.page import Page
from dingdan.overviews import order_list
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


def page(order_id: int) -> str:
    return f"/orders/{encode('order', order_id)}"


async def person(db: Database, login: str) -> int:
    found = await do(db, SYSTEM, identity.find_staff, login)
    assert found is not None
    return found.id


async def kept(db: Database, *order_ids: int) -> dict[int, int]:
    async with db.reading(SYSTEM) as tx:
        return {i: one.staff_id for i, one in (await orders.keepers(tx, order_ids)).items()}


def shown(html: str) -> set[str]:
    return set(re.findall(r'<tr id="row-(\w+)"', html))


async def test_an_order_is_taken_given_and_given_up_on_its_page(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, other = await seat("lead", login="lin"), await seat("reviewer", login="chen")
    order_id = await given.paid_order(db, shop)
    assert 'action="' + page(order_id) + '/take"' in await desk.open(page(order_id))
    await desk.send(f"{page(order_id)}/take")
    html = await desk.open(page(order_id), tongue="zh")
    for words in ("负责人 林晚", "由 林晚 负责", f"{page(order_id)}/let_go"):
        assert words in html
    assert f'{page(order_id)}/take"' not in html
    await desk.send(f"{page(order_id)}/assign", to=encode("staff", await person(db, "chen")))
    assert await kept(db, order_id) == {order_id: await person(db, "chen")}
    await other.send(f"{page(order_id)}/let_go")
    assert "Nobody looks after it any more" in await desk.open(page(order_id))
    for to in ("", "x" * 65, "stf_1", encode("order", order_id), encode("staff", 7)):
        await desk.send(f"{page(order_id)}/assign", status=422, to=to)
    auditor = await seat("auditor")
    assert f'{page(order_id)}/assign"' not in await auditor.open(page(order_id))
    await auditor.send(f"{page(order_id)}/take", status=403)
    assert await kept(db, order_id) == {}


async def test_who_may_not_read_notes_sees_no_tags_and_no_owner_in_the_timeline(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, order_id = await seat("lead", login="lin"), await given.paid_order(db, shop)
    await desk.send(f"{page(order_id)}/take")
    await desk.send(f"{page(order_id)}/tags", tags="加急")
    of_the_staff = ("order.assigned", "order.tagged", "加急")
    html = await desk.open(page(order_id))
    assert all(words in html for words in of_the_staff)
    html = await (await seat("customs_broker")).open(page(order_id))
    assert "order.paid" in html
    assert not any(words in html for words in of_the_staff)


async def test_many_are_assigned_after_a_look_and_those_out_of_reach_are_left(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, other = await seat("lead", login="lin"), await given.shop(db)
    own = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(3)]
    foreign = [await given.placed_order(db, other, buyer=f"b{n}") for n in range(2)]
    keys = [encode("order", one) for one in [*own, *foreign]]
    clerk = await seat("merchant", merchant_id=shop.merchant_id, login="clerk")
    dry = (await desk.send("/orders/together/assign/check", status=200, keys=keys)).text
    assert "5 will be assigned." in dry
    for words in ("Me (林晚)", "(3 of 5)", ">Nobody<"):
        assert words in dry
    assert re.findall(r'<option value="(\w+)"', dry)[0] == "me"
    assert await kept(db, *own, *foreign) == {}
    clerks = await person(db, "clerk")
    await desk.send("/orders/together/assign", keys=keys, to=encode("staff", clerks))
    assert await kept(db, *own, *foreign) == dict.fromkeys(own, clerks)
    refused = await desk.send("/orders/together/assign", status=422, keys=keys[3:], to=encode("staff", clerks))
    assert refused.text.count("order.keeper_out_of_reach") == 2
    # A merchant's people see their own orders and choose among themselves.
    assert "林晚" in (await clerk.send("/orders/together/assign/check", status=200, keys=keys[:3])).text
    assert "lin" not in re.findall(
        r"<option.*", (await clerk.send("/orders/together/assign/check", status=200, keys=keys[:3])).text
    )
    await clerk.send("/orders/together/assign/check", status=422, keys=keys)
    await clerk.send("/orders/together/assign", status=422, keys=keys[:3], to=encode("staff", await person(db, "lin")))
    await clerk.send("/orders/together/assign", status=422, keys=[keys[4]], to="nobody")
    await desk.send("/orders/together/assign", keys=keys, to="me")
    assert set((await kept(db, *own, *foreign)).values()) == {await person(db, "lin")}
    # To the merchant the platform's people are the platform.
    assert "The platform" in await clerk.open("/orders")
    assert shown(await clerk.open("/orders?keeper=nobody")) == set()


async def test_the_list_is_narrowed_by_who_looks_after_orders(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead", login="lin")
    await seat("reviewer", login="chen")
    mine, hers, nobodys = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(3)]
    await desk.send(f"{page(mine)}/take")
    await desk.send(f"{page(hers)}/assign", to=encode("staff", await person(db, "chen")))
    for asked, found in (("me", mine), (encode("staff", await person(db, "chen")), hers), ("nobody", nobodys)):
        assert shown(await desk.open(f"/orders?keeper={asked}")) == {encode("order", found)}
    for hostile in ("x", encode("staff", 7), encode("order", mine), "';--"):
        assert shown(await desk.open(f"/orders?keeper={hostile}")) == set()
    assert "Mine" in await desk.open("/orders")
    # Whoever was let go looks after nothing.
    await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "chen", "林晚", ("reviewer",), active=False))
    assert shown(await desk.open("/orders?keeper=nobody")) == {encode("order", hers), encode("order", nobodys)}
    assert shown(await desk.open(f"/orders?keeper={encode('staff', await person(db, 'chen'))}")) == set()
    broker = await seat("customs_broker")
    assert len(shown(await broker.open("/orders?keeper=me"))) == 3
    assert "Mine" not in await broker.open("/orders")


async def test_fifty_are_assigned_by_one_form(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead", login="lin")
    many = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(51)]
    keys = [encode("order", one) for one in many]
    await desk.send("/orders/together/assign", status=422, keys=keys, to="me")
    await desk.send("/orders/together/assign", keys=keys[:50], to="me")
    assert set(await kept(db, *many)) == set(many[:50])
    first = await desk.open("/orders?keeper=me")
    assert len(shown(first)) == 50
    assert "data-more" not in first


async def test_each_view_shows_what_it_says(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    unpaid, paid, held = [await given.placed_order(db, shop, buyer="b0"), *[
        await given.paid_order(db, shop, buyer=f"b{n}") for n in (1, 2)]]  # fmt: skip
    await do(db, SYSTEM, orders.hold, held, reason="other")
    late = await given.paid_order(db, shop, buyer="b5")
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE work_orders SET ship_by = $2 WHERE order_id = $1", late, tx.now)
    sent = await given.shipped_order(db, shop, buyer="b3")
    there = await given.delivered_order(db, shop, buyer="b4")
    for view, found in (
        ("only=needs_us", {paid, held, late}), ("state=awaiting_payment", {unpaid}), ("only=to_review", set()),
        ("only=in_transit", {sent}), ("only=problem", set()), ("only=has_return", set()),
        ("", {unpaid, paid, held, late, sent, there}),
    ):  # fmt: skip
        assert shown(await desk.open(f"/orders?{view}")) == {encode("order", one) for one in found}, view
    today = shown(await desk.open("/orders?only=ship_today"))
    assert encode("order", late) in today
    assert encode("order", held) not in today
    await desk.open("/orders?only=everything", status=422)


async def test_a_view_of_several_walks_shows_each_order_once_and_goes_on_where_a_page_ended(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    lead = await seat("lead")
    some = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(3)]
    # An order that has not left and is in trouble comes by on two walks.
    for key in (encode("order", some[0]), encode("order", some[1])):
        await lead.send("/cases/open", kind="address_unclear", order=key, text="x")
    seen: list[int] = []
    async with db.reading(SYSTEM) as tx:
        while True:
            found = await order_list.page(
                tx,
                order_list.Filter(only="needs_us", merchant_id=shop.merchant_id),
                Page(1, seen[-1] if seen else None),
            )
            seen += [one.id for one in found[:1]]
            if len(found) < 2:
                break
    assert seen == some[::-1]
    assert shown(await lead.open("/orders?only=problem")) == {encode("order", one) for one in some[:2]}
    assert shown(await lead.open("/orders?only=problem&keeper=nobody&tag=x")) == set()
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    for view in ("needs_us", "problem", "ship_today", "has_return"):
        assert shown(await stranger.open(f"/orders?only={view}")) == set()


async def test_the_cells_say_who_what_how_far_and_until_when_and_a_file_has_each_by_itself(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("lead", login="lin")
    order_id = await given.paid_order(db, shop, reference="R-1")
    await desk.send(f"{page(order_id)}/take")
    await desk.send(f"{page(order_id)}/tags", tags="加急")
    html = await desk.open("/orders", tongue="zh")
    for words in (spoken(order_id), "R-1", "已付款", "待拣货", "#加急", "林晚", "发货", "o-goodspic"):
        assert words in html
    assert "13812345678" not in html
    (head, row) = csv.reader((await desk.open("/orders?file=csv")).removeprefix("\ufeff").splitlines())
    said = dict(zip(head, row, strict=True))
    assert said["Order"] == spoken(order_id)
    assert said["Shop's number"] == "R-1"
    assert (said["Payment"], said["Fulfilment"], said["Tags"], said["Owner"]) == ("Paid", "To pick", "加急", "林晚")
    assert "*" in said["Customer"]
    assert (await desk.http.get("/orders?file=xlsx&only=needs_us", headers=desk._cookie())).content.startswith(b"PK")


async def test_cells_speak_of_the_lines_that_are_left(db: Database, seat: Seat) -> None:
    shop = await given.shop(db, stock=10)
    order_id = await given.paid_order(db, shop, {"MUG": 1, "TEE": 3})
    async with db.transaction(SYSTEM) as tx:
        first, second = (await orders.lines(tx, [order_id]))[order_id]
        # The first line was to leave before the second one and to arrive after it.
        await tx.execute(
            """
            UPDATE order_lines SET ship_by = ship_by - interval '1 hour', arrive_by = arrive_by + interval '1 hour',
                                   flags = '{perishable}'
            WHERE order_id = $1 AND line_no = 1
            """,
            order_id,
        )

    async def said() -> tuple[object, ...]:
        async with db.reading(SYSTEM) as tx:
            (one,) = await order_list.shown(tx, order_list.Filter(), Page(10))
            (plain,) = await order_list.page(tx, order_list.Filter(), Page(10))
        assert (plain.lines, plain.units) == (one.lines, one.units)
        return one.lines, one.units, one.product_id, one.title, one.ship_by, one.arrive_by, one.flags

    hour = timedelta(hours=1)
    assert second.ship_by is not None
    assert second.arrive_by is not None
    assert await said() == (
        2, 4, first.product_id, first.title, second.ship_by - hour, second.arrive_by + hour, ["perishable"],
    )  # fmt: skip
    await do(db, SYSTEM, orders.cancel_lines, order_id, {1: 1, 2: 1}, reason="buyer_request")
    left = (1, 2, second.product_id, second.title, second.ship_by, second.arrive_by, [])
    assert await said() == left
    # What ended whole is shown as it was then.
    await do(db, SYSTEM, orders.cancel, order_id, reason="buyer_request")
    assert await said() == left
