"""Who else has a sheet open: colleagues and the platform, while they do, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from tests import given
from tests.areas.payments import till

from dingdan.areas import access, desks, identity
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import live, viewers

pytestmark = pytest.mark.requirement("issue 6: console")


async def person(db: Database, name: str, *roles: str, merchant_id: int | None = None) -> Actor:
    """Somebody of the staff as they act when they are signed in."""
    await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(merchant_id, name, name.title(), roles))
    begun = await do(db, SYSTEM, access.sign_in_by_name, name, device="test")
    async with db.connection() as bare:
        session = await access.find_session(bare, begun.secret)
    assert session is not None
    return session.actor


async def here(viewer: viewers.Viewer | None) -> list[str] | None:
    """Whom a page would be told of now; None for nothing new."""
    assert viewer is not None
    viewer._looked = float("-inf")
    found = await viewer.turn()
    return None if found is None else found.names


async def test_people_of_one_sheet_see_each_other_until_they_leave(db: Database, shop: given.Shop) -> None:
    sheet = ids.encode("order", await given.placed_order(db, shop))
    ann, bob = await person(db, "ann", "lead"), await person(db, "bob", "customer_service")
    one, two = await viewers.Viewer.of(db, ann, sheet), await viewers.Viewer.of(db, bob, sheet)
    again = await viewers.Viewer.of(db, bob, sheet)
    assert await here(one) == []
    assert await here(two) == ["Ann"]
    assert await here(again) == ["Ann"]
    assert await here(one) == ["Bob"]
    assert await here(one) is None
    assert two is not None
    two.leave()
    await asyncio.gather(*viewers._leaving)
    assert await here(one) is None
    assert again is not None
    again.leave()
    await asyncio.gather(*viewers._leaving)
    assert await here(one) == []


async def test_whoever_is_not_heard_of_is_gone_within_a_minute_and_forgotten_later(
    db: Database, shop: given.Shop
) -> None:
    sheet = ids.encode("order", await given.placed_order(db, shop))
    ann, bob = await person(db, "ann", "lead"), await person(db, "bob", "customer_service")
    one = await viewers.Viewer.of(db, ann, sheet)
    assert await here(await viewers.Viewer.of(db, bob, sheet)) == []
    assert await here(one) == ["Bob"]
    await till.pass_time(db, timedelta(seconds=55))
    assert await here(one) == []
    await till.pass_time(db, timedelta(minutes=10))
    await here(await viewers.Viewer.of(db, ann, sheet))
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM open_sheets") == 1


async def test_a_shop_sees_its_own_people_and_the_platform_everybody(db: Database, shop: given.Shop) -> None:
    sheet = ids.encode("order", await given.placed_order(db, shop))
    ann = await person(db, "ann", "lead")
    mine, colleague = [await person(db, name, "merchant", merchant_id=shop.merchant_id) for name in ("mia", "max")]
    pages = [await viewers.Viewer.of(db, who, sheet) for who in (ann, mine, colleague)]
    for one in pages:
        await here(one)
    assert await here(pages[0]) == ["Max", "Mia"]
    assert await here(pages[1]) == ["Max"]


async def test_what_is_no_sheet_of_theirs_is_looked_at_by_nobody(db: Database, shop: given.Shop) -> None:
    sheet = ids.encode("order", await given.placed_order(db, shop))
    ann = await person(db, "ann", "lead")
    packer = await person(db, "pia", "warehouse")
    other = await given.shop(db, code="other")
    stranger = await person(db, "eve", "merchant", merchant_id=other.merchant_id)
    assert await viewers.Viewer.of(db, stranger, sheet) is None
    assert packer.may("dispute.read") is False
    assert await viewers.Viewer.of(db, packer, ids.encode("dispute", 1)) is None
    for nonsense in (
        "",
        "ord_",
        "ord_0000000000000",
        sheet + "x",
        ids.encode("parcel", 5),
        "'; DROP TABLE open_sheets",
    ):
        assert await viewers.Viewer.of(db, ann, nonsense) is None


async def test_the_stream_of_a_page_says_it_and_takes_it_back_when_it_ends(db: Database, shop: given.Shop) -> None:
    sheet = ids.encode("order", await given.placed_order(db, shop))
    ann, bob = await person(db, "ann", "lead"), await person(db, "bob", "customer_service")
    heard = news.News(db.url)
    one, two = live.told(db, heard, ann, sheet=sheet), live.told(db, heard, bob, sheet=sheet)

    async def names(stream: AsyncIterator[str]) -> list[str]:
        while True:
            said = await asyncio.wait_for(anext(stream), 15)
            if said.startswith("event: here"):
                return msgspec.json.decode(said.partition("data: ")[2], type=viewers.Here).names

    try:
        assert await names(one) == []
        assert await names(two) == ["Ann"]
        assert await names(one) == ["Bob"]
        await two.aclose()  # type: ignore[attr-defined]
        assert await names(one) == []
    finally:
        await one.aclose()  # type: ignore[attr-defined]
        await asyncio.gather(*viewers._leaving)
        await heard.close()


async def test_a_look_that_is_said_again_is_one(db: Database) -> None:
    ann = await person(db, "ann", "lead")
    look = desks.OpenSheet(db.ids.mint(), "order", 7)
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    for seconds in (0, 20, 40):
        await do_at(db, ann, now + timedelta(seconds=seconds), desks.say_open, look)
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM open_sheets") == 1
