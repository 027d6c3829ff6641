"""Signs of abuse on pages: every part explained, two people for the highest level, and how often flags were wrong."""

import pytest
from tests import given
from tests.areas.abuse import suspects
from tests.console.conftest import Seat

from dingdan.areas import abuse
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def flagged(db: Database, shop: given.Shop, level: int, buyer: str = "buyer-1") -> abuse.Flag:
    order_id = await suspects.delivered(db, shop, buyer)
    return await suspects.flagged(db, order_id, *suspects.LEVELS[level])


async def stands(db: Database, number: int) -> str:
    async with db.reading(SYSTEM) as tx:
        return str((await abuse.get_one(tx, number)).state)


async def test_a_flag_is_explained_and_two_people_confirm_the_highest(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    risk, second = await seat("risk"), await seat("risk", login="second")
    assert "No flags." in await risk.open("/abuse")
    flag = await flagged(db, shop, 3)
    page = f"/abuse/{encode('abuse_flag', flag.id)}"
    assert spoken(flag.id) in await risk.open("/abuse?level=3")
    shown = await risk.open(page)
    for words in (
        "What it is made from",
        "Something else came back than was sold.",
        "The account in numbers",
        "Level 3",
    ):
        assert words in shown, words
    assert "信号明细" in await risk.open(page, tongue="zh")
    await risk.send(f"{page}/confirm", status=409, parts="1")
    await risk.send(f"{page}/confirm", parts=str(flag.parts))
    assert await stands(db, flag.id) == "signed"
    assert "Sign second" in await second.open(page)
    await risk.send(f"{page}/confirm", status=403, parts=str(flag.parts))
    await second.send(f"{page}/confirm", parts=str(flag.parts))
    assert await stands(db, flag.id) == "confirmed"


async def test_lifting_counts_as_wrong_and_strangers_see_nothing(db: Database, seat: Seat, shop: given.Shop) -> None:
    risk = await seat("risk")
    flag = await flagged(db, shop, 1)
    page = f"/abuse/{encode('abuse_flag', flag.id)}"
    auditor = await seat("auditor")
    assert f"{page}/lift" not in await auditor.open(page)
    await auditor.send(f"{page}/lift", status=403, parts="1", reason="other")
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(page, status=404)
    assert spoken(flag.id) not in await stranger.open("/abuse")
    for hostile in ({"parts": "-1"}, {"parts": "x"}, {"reason": ""}):
        await risk.send(f"{page}/lift", status=422, **({"parts": str(flag.parts), "reason": "explained"} | hostile))
    await risk.send(f"{page}/lift", parts=str(flag.parts), reason="explained")
    assert await stands(db, flag.id) == "lifted"
    figures = await risk.open("/abuse/figures")
    assert "100.0%" in figures
    assert "Of 1 flags decided in 180 days 100.0% were wrong" in await risk.open("/abuse")
    await (await seat("reviewer")).open("/abuse", status=403)
