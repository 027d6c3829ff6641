"""The desks of whoever owns return policies: linted while one types, told in words, tried, tested on what came, announced."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests import given
from tests.areas.policies.test_life import CN
from tests.console.conftest import Desk, Seat

from dingdan.areas import policies
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import decode, encode
from dingdan.plumbing.database import Database
from dingdan.surfaces.console.terms import policy_form

pytestmark = pytest.mark.requirement("issue 6: console")
BASE = f"cn_statutory@{CN.version}"


def soon(days: int = 20) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


async def begun(desk: Desk, *, version: str = "1", day: str = "") -> str:
    """The page of a draft on top of the Chinese pack."""
    answer = await desk.send(
        "/policies/new", base=BASE, code="house", version=version, name_zh="十五天", name_en="Fifteen days",
        effective_from=day or soon(),
    )  # fmt: skip
    return answer.headers["location"].removesuffix("/edit")


def fields_of(html: str) -> dict[str, Any]:
    """What a browser would send of the editor's form as it stands."""
    form = html.split('<form id="policy"')[1].split("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="(\w+)"', tag)
        if name is None or (kind is not None and kind[1] == "checkbox" and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else ""]
    return found


async def document(db: Database, page: str) -> policies.PolicyDocument:
    async with db.reading(SYSTEM) as tx:
        return await policies.document_of(
            tx, await policies.edition(tx, decode("policy", page.rpartition("/")[2]) or 0)
        )


async def test_a_draft_is_filled_in_linted_shown_and_announced(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = await begun(desk)
    html = await desk.open(f"{page}/edit")
    form = fields_of(html)
    assert form["no_reason.window.days"] == ["7"]
    before = await document(db, page)
    assert policy_form.edited(before, form) == policies.as_json(before)

    looked = await desk.send(f"{page}/edit/look", status=200, **(form | {"no_reason.window.days": "5"}))
    for words in ("1 findings, cannot be published", "CPL 25(1)", "within 5 days", "自收到商品之日起5日内"):
        assert words in looked.text
    assert (await document(db, page)).no_reason.window.days == 7

    shoes = {"new.code": "SHOP_SHOES", "new.zh": "鞋类六十天。", "new.en": "Shoes: sixty days.", "new.categories": "shoes，boots",
             "new.days": "60", "new.order": "1"}  # fmt: skip
    await desk.send(f"{page}/edit", **(form | {"no_reason.window.days": "15"} | shoes))
    after = await document(db, page)
    assert (after.no_reason.window.days, after.conditions[0].code, after.conditions[0].goods.categories) == (
        15, "SHOP_SHOES", ("shoes", "boots"),
    )  # fmt: skip
    assert len(after.conditions) == len(before.conditions) + 1
    assert "page.draft_changed" in (await desk.send(f"{page}/edit", status=409, **form)).text

    shown = await desk.open(page)
    for words in ("within 15 days after the goods came", f"Against {BASE}", "Goods by reason", "within 60 days"):
        assert words in shown
    assert "自收到商品之日起15日内" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/announce")
    announced = await desk.open(page)
    assert "Announced" in announced
    assert "/edit" not in announced
    await desk.open(f"{page}/edit", status=409)
    await desk.send(f"{page}/withdraw")
    assert "Withdrawn" in await desk.open("/policies")


async def test_what_is_below_the_law_is_never_announced(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = await begun(desk)
    form = fields_of(await desk.open(f"{page}/edit"))
    await desk.send(f"{page}/edit", **(form | {"no_reason.window.days": "3", "excepted.CN_OPT_HYGIENE": "no"}))
    shown = await desk.open(page, tongue="zh")
    assert "发布前须解决的问题" in shown
    assert "项问题须先解决" in shown
    assert "policy.below_statute" in (await desk.send(f"{page}/announce", status=422)).text
    for wrong in ({"no_reason.window.days": "-1"}, {"refund.days": "seven"}, {"no_reason.window.days": "9" * 30}):
        await desk.send(f"{page}/edit", status=422, **(fields_of(await desk.open(f"{page}/edit")) | wrong))
    await desk.send(f"{page}/paste", document='{"no_reason": {"window": {"days": 9}}, "name": {"en": "N", "zh": "九"}, '
                    f'"effective_from": "{soon()}"}}')  # fmt: skip
    assert (await document(db, page)).no_reason.window.days == 9
    for wrong_json in ("{", "[]", '{"name": "\\u0000"}', '{"no_reason": {"window": {"days": "nine"}}}', "[" * 5_000):
        await desk.send(f"{page}/paste", status=422, document=wrong_json)
    assert (await document(db, page)).no_reason.window.days == 9


async def test_the_next_version_comes_with_notice(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    first = await begun(desk, day="2026-01-01")
    await desk.send(f"{first}/announce")
    answer = await desk.send(f"{first}/next", version="2", effective_from=soon(2))
    second = answer.headers["location"].removesuffix("/edit")
    form = fields_of(await desk.open(f"{second}/edit"))
    await desk.send(f"{second}/edit", **(form | {"no_reason.window.days": "30"}))
    assert "Against house@1" in await desk.open(second)
    assert "policy.notice_too_short" in (await desk.send(f"{second}/announce", status=422)).text
    content = await desk.open(f"{second}/document.json")
    assert msgspec.json.decode(content)["no_reason"]["window"]["days"] == 30


async def test_a_case_is_tried_and_the_last_months_are_tested(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = await begun(desk)
    form = fields_of(await desk.open(f"{page}/edit"))
    await desk.send(f"{page}/edit", **(form | {"no_reason.window.days": "30"}))
    html = await desk.open(f"{page}/try?reason=NO_REASON&delivered=20&category=home")
    assert html.index("Refused") < html.index("Approved at once")
    assert "自动通过" in await desk.open(f"{page}/try?reason=NO_REASON&delivered=2", tongue="zh")
    await desk.open(f"{page}/try?case={encode('return', 5)}", status=404)
    await desk.open(f"{page}/try?reason=NOBODY_KNOWS", status=422)
    assert "No back-test yet." in await desk.open(f"{page}/backtests")
    answer = await desk.send(f"{page}/backtests", days="90", way_back="8.00")
    place = answer.headers["location"]
    assert "this page follows by itself" in await desk.open(place)
    await given.settle(db)
    done = await desk.open(place)
    for words in ("Then and now", "All that goes out", "Nothing would be answered otherwise."):
        assert words in done
    await desk.send(f"{page}/backtests", status=422, days="9999", way_back="8")
    await desk.send(f"{page}/backtests", status=422, days="90", way_back="100000000")


async def test_drafts_are_their_owners(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = await begun(desk)
    other = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    for path in ("", "/edit", "/try", "/backtests", "/document.json"):
        await other.open(f"{page}{path}", status=404)
    for path in ("/announce", "/withdraw", "/edit", "/edit/look"):
        await other.send(f"{page}{path}", status=404)
    assert ">house<" not in await other.open("/policies")
    reader = await seat("lead", merchant_id=shop.merchant_id)
    assert "/announce" not in await reader.open(page)
    await reader.open(f"{page}/edit", status=403)
    pack = re.search(r'/policies/(pol_\w+)">China', await desk.open("/policies"))
    assert pack is not None
    shown = await desk.open(f"/policies/{pack[1]}")
    assert "/announce" not in shown
    await desk.open(f"/policies/{pack[1]}/edit", status=404)
