"""Carriage, taxes and points on pages: added, changed, taken away, tried, and never overwritten unseen."""

import asyncio
import re
from typing import Any

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import pricing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")
RULE: dict[str, Any] = {
    "name_zh": "浙江", "name_en": "Zhejiang", "currency": "CNY", "country": "CN", "region": "浙江省",
    "by": "grams", "first": "1000", "fee": "8", "step": "500", "step_fee": "2.50", "free_from": "99",
}  # fmt: skip
RATE: dict[str, Any] = {
    "name_zh": "增值税",
    "name_en": "VAT",
    "country": "CN",
    "rate": "13",
    "inclusive": "true",
    "on_freight": "true",
}
POINTS: dict[str, Any] = {"points": "100", "amount": "1", "currency": "CNY", "most": "50"}


async def book(db: Database, merchant_id: int | None) -> pricing.Book:
    async with db.reading(SYSTEM) as tx:
        return await pricing.tariff(tx, merchant_id)


def held(html: str) -> str:
    return re.findall(r'name="held" value="([^"]+)"', html)[0]


def rules(html: str, part: str) -> list[str]:
    """Where the rules of a part are changed."""
    return [one.replace("&amp;", "&") for one in re.findall(rf'href="(/prices/{part}\?[^"]*rule=[^"]+)"', html)]


async def test_carriage_is_added_changed_tried_and_taken_away(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert "No rule: the flat fee" in await desk.open("/prices")
    await desk.send("/prices/freight", held=held(await desk.open("/prices/freight")), **RULE)
    (one,) = (await book(db, shop.merchant_id)).freight
    wanted = pricing.FreightTariff(
        name={"zh": "浙江", "en": "Zhejiang"}, currency="CNY", country="CN", region="33", first=1000, fee=800, step=500,
        step_fee=250, free_from=9900,
    )  # fmt: skip
    assert one == wanted
    page = await desk.open("/prices")
    for words in ("浙江省", "CN¥8.00", "500 g", "CN¥99.00"):
        assert words in page, words
    assert "续重／续件" in await desk.open("/prices", tongue="zh")
    tried = await desk.open("/prices?country=CN&region=浙江省&worth=50&grams=2100")
    for words in ("CN¥15.50", "CN¥65.50", "Zhejiang"):
        assert words in tried, words
    assert "carriage is free" in await desk.open("/prices?country=CN&region=33&worth=99")
    assert "Atlantis" in await desk.open("/prices?country=CN&region=Atlantis&worth=much")
    (change,) = rules(page, "freight")
    form = await desk.open(change)
    assert 'value="2.50"' in form
    await desk.send(change, held=held(form), **(RULE | {"fee": "9", "free_from": ""}))
    (one,) = (await book(db, shop.merchant_id)).freight
    assert (one.fee, one.free_from) == (900, None)
    # Whoever opened the rule before is told, and so is whoever follows an old link.
    for status, path in ((409, change), (409, "/prices/freight")):
        assert "pricing.tariff_moved" in (await desk.send(path, status=status, held=held(form), **RULE)).text
    await desk.open(change, status=409)
    (change,) = rules(await desk.open("/prices"), "freight")
    form = await desk.open(change)
    assert "Take away" in form
    gone = {"held": held(form), "rule": change.rpartition("=")[2]}
    await desk.send("/prices/freight/drop", **gone)
    assert (await book(db, shop.merchant_id)).freight == ()
    await desk.send("/prices/freight/drop", status=409, **gone)
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'tariff.saved'") == 3


async def test_taxes_and_points_are_set_and_taken_away(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await desk.send("/prices/taxes", **RATE)
    await desk.send("/prices/taxes", **(RATE | {"category": "books", "rate": "9"}))
    await desk.send("/prices/points", held=held(await desk.open("/prices/points")), **POINTS)
    found = await book(db, shop.merchant_id)
    assert [(one.category, one.rate) for one in found.taxes] == [("", 1300), ("books", 900)]
    assert found.points == pricing.PointsRule(points=100, amount=100, currency="CNY", most=5000)
    tried = await desk.open("/prices?worth=113&points=100&category=home")
    for words in ("−CN¥1.00", "CN¥112.00", "Tax in it: CN¥12.88."):
        assert words in tried, words
    change = rules(await desk.open("/prices"), "taxes")[1]
    form = await desk.open(change)
    await desk.send("/prices/taxes/drop", held=held(form), rule=change.rpartition("=")[2])
    await desk.send("/prices/points/drop", held=held(await desk.open("/prices/points")))
    found = await book(db, shop.merchant_id)
    assert ([one.rate for one in found.taxes], found.points) == ([1300], None)


async def test_what_was_typed_stays_where_somebody_changed_the_rule(db: Database, seat: Seat, shop: given.Shop) -> None:
    hers = await seat("merchant", merchant_id=shop.merchant_id)
    his = await seat("merchant", merchant_id=shop.merchant_id, login="another")
    for part, rule, theirs in (("freight", RULE, {"fee": "9"}), ("taxes", RATE, {"rate": "9"})):
        await hers.send(f"/prices/{part}", **rule)
        (change,) = rules(await hers.open("/prices"), part)
        mark = held(await hers.open(change))
        await his.send(change, held=mark, **(rule | theirs))
        before = await book(db, shop.merchant_id)
        # Once more is refused as well: whoever types has to look at it first.
        for _ in range(2):
            told = (await hers.send(change, status=409, held=mark, **(rule | {"name_en": "Mine, typed long"}))).text
            assert "pricing.tariff_moved" in told
            assert 'value="Mine, typed long"' in told
            assert "Change a rule" in told
            assert "Take away" not in told
            assert 'href="/prices">Cancel' in told
        assert await book(db, shop.merchant_id) == before
        # The address of a rule that is gone leads to those that hold, also for whoever comes from that very address.
        for referer in ({}, {"Referer": f"http://house.test{change}"}):
            told = await hers.open(change, status=409, **referer)
            assert "pricing.tariff_moved" in told
            assert 'href="/prices">Back' in told
        (now,) = rules(await hers.open("/prices"), part)
        await hers.send(now, held=held(await hers.open(now)), **(rule | {"name_en": "Mine"}))


async def test_everything_wrong_is_said_at_its_field(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await desk.send("/prices/freight", **RULE)
    for path, bad, fields in (
        ("/prices/freight", RULE | {"fee": "eight", "step": "0.5", "name_zh": "", "name_en": "", "currency": "ZZZ"},
         "fee step name_zh currency"),
        ("/prices/freight", RULE, "region"),
        ("/prices/freight", RULE | {"region": "Atlantis", "step_fee": "-"}, "region step_fee"),
        ("/prices/taxes", RATE | {"rate": "130", "country": "", "region": "33"}, "rate country"),
        ("/prices/points", POINTS | {"amount": "", "currency": "ZZZ"}, "amount currency"),
        ("/prices/points", POINTS | {"points": "0", "most": "0"}, "points most"),
    ):  # fmt: skip
        told = (await desk.send(path, status=422, **bad)).text
        for field in fields.split():
            assert f'id="f-{field}-wrong"' in told, (path, field)
    found = await book(db, shop.merchant_id)
    assert (len(found.freight), found.taxes, found.points) == (1, (), None)


async def test_each_touches_their_own_rules_and_only_who_may(db: Database, seat: Seat, shop: given.Shop) -> None:
    platform = await seat("admin")
    await platform.send("/prices/freight", **(RULE | {"name_en": "Everywhere", "country": "", "region": ""}))
    assert len((await book(db, None)).freight) == 1
    code = re.findall(r'href="/prices\?merchant=([^"]+)"', await platform.open("/prices"))[0]
    await platform.send(f"/prices/freight?merchant={code}", **RULE)
    assert (await book(db, shop.merchant_id)).freight[0].region == "33"
    own = await (await seat("merchant", merchant_id=shop.merchant_id)).open("/prices")
    assert "Carriage, the platform&#39;s" in own
    assert "Everywhere" in own
    assert len(rules(own, "freight")) == 1
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    assert "Zhejiang" not in await stranger.open("/prices")
    for path in (f"/prices?merchant={code}", f"/prices/freight?merchant={code}"):
        await stranger.open(path, status=404)
    await stranger.send(f"/prices/freight?merchant={code}", status=404, **RULE)
    await stranger.send(f"/prices/points/drop?merchant={code}", status=404, held="x")
    reader = await seat("customer_service", merchant_id=shop.merchant_id)
    assert "/prices/freight" not in await reader.open("/prices")
    for path in ("/prices/freight", "/prices/taxes", "/prices/points"):
        await reader.open(path, status=403)
        await reader.send(path, status=403, **RULE)


async def test_of_two_who_save_at_once_one_is_told(db: Database, shop: given.Shop) -> None:
    def rule(name: str) -> tuple[pricing.FreightTariff, ...]:
        return (pricing.FreightTariff(name={"en": name}, currency="CNY", fee=800),)

    told = await asyncio.gather(
        *(do(db, SYSTEM, pricing.save_freight, shop.merchant_id, rule(name), instead_of=()) for name in ("one", "two")),
        return_exceptions=True,
    )
    assert [one.code for one in told if isinstance(one, Refusal)] == ["pricing.tariff_moved"]
