"""Balances, points and cards at the desk: granted, taken back, blocked and made good for longer, by whoever may."""

import re

import pytest
from tests import given
from tests.console.conftest import Seat, once_words

from dingdan.areas import credit
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def purses(db: Database) -> list[tuple[str, int]]:
    async with db.reading(SYSTEM) as tx:
        return [(row["kind"], row["balance"]) for row in await tx.fetch("SELECT kind, balance FROM purses ORDER BY id")]


async def test_a_buyer_is_granted_money_once_and_it_is_taken_back(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert "Nobody has anything with us yet." in await desk.open("/credit")
    once = once_words(await desk.open("/credit"))[0]
    for _ in range(2):
        made = await desk.send(
            "/credit/grant", buyer="b-1", kind="balance", amount="12.50", currency="CNY", reason="goodwill", once=once
        )
    page = made.headers["location"]
    assert await purses(db) == [("balance", 1250)]
    shown = await desk.open(page)
    assert "CN¥12.50" in shown
    assert "余额" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/take_back", amount="2.50", reason="mistake")
    await desk.send(f"{page}/take_back", status=409, amount="99", reason="mistake")
    assert await purses(db) == [("balance", 1000)]
    await desk.send(
        "/credit/grant", buyer="b-1", kind="points", amount="300", reason="goodwill", expires_at="2099-01-01"
    )
    assert "300 points" in await desk.open("/credit?buyer=b-1")
    for amount in ("1.5", "-3", "x" * 41, ""):
        await desk.send("/credit/grant", status=422, buyer="b-1", kind="points", amount=amount, reason="goodwill")
    reader = await seat("auditor")
    assert "/take_back" not in await reader.open(page)
    await reader.send("/credit/grant", status=403, buyer="b-1", kind="balance", amount="1", reason="goodwill")
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(page, status=404)


async def test_a_card_shows_its_code_once_and_is_blocked_and_freed(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    answer = (await desk.send("/credit/issue", status=200, amount="100", currency="CNY")).text
    assert "Code" in answer
    async with db.reading(SYSTEM) as tx:
        (row,) = await tx.fetch("SELECT purse_id, tail FROM cards")
        card = (await credit.cards(tx, [row["purse_id"]]))[row["purse_id"]]
    assert card.tail in answer
    (page,) = set(re.findall(r'data-href="(/purses/prs_\w+)"', await desk.open(f"/credit?tail={card.tail}")))
    await desk.send(f"{page}/block", reason="lost")
    assert "blocked" in await desk.open(page)
    await desk.send(f"{page}/unblock")
    await desk.send(f"{page}/extend", expires_at="2099-01-01")
    await desk.send(f"{page}/extend", status=422, expires_at="never")
    assert "2099" in await desk.open(page)
