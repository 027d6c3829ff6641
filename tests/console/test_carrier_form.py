"""Carriers registered, changed and licensed on pages, by the API's own command."""

import re
from typing import Any

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import carriers
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")
SF: dict[str, Any] = {
    "code": "sf", "name_zh": "顺丰", "name_en": "SF", "services": "standard, express", "regions": "CN\nHK",
    "contact_name": "老王", "contact_phone": "95338",
    "active": "true", "licence_number": "ZJ-0001", "licence_issuer": "国家邮政局",
    "licence_from": "2025-01-01", "licence_until": "2030-12-31",
}  # fmt: skip


async def known(
    db: Database, merchant_id: int | None, code: str = "sf"
) -> tuple[carriers.Carrier, list[carriers.Licence]]:
    async with db.reading(SYSTEM) as tx:
        one = (await carriers.carriers_by_code(tx, [(merchant_id, code)]))[merchant_id, code]
        return one, list((await carriers.licences_of(tx, [one.id]))[one.id])


async def facts(db: Database) -> int:
    async with db.reading(SYSTEM) as tx:
        return int(await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'carrier.saved'"))


def typed_in(html: str, action: str) -> dict[str, str]:
    """What a form would send as it stands."""
    form = html.split(f'action="{action}')[1].split("</form>")[0]
    boxes = re.findall(r'<input type="checkbox"[^>]*name="([^"]+)"[^>]* checked', form)
    plain = re.findall(r'<input (?!type="checkbox")[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    prose = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form)
    return {name: value for name, value in [*plain, *prose] if name != "once"} | dict.fromkeys(boxes, "true")


async def test_a_carrier_is_registered_with_its_licence(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    empty = await desk.open("/carriers")
    assert 'href="/register/carrier"' in empty
    assert "API reference" not in empty
    assert "经营许可" in await desk.open("/register/carrier", tongue="zh")
    answer = await desk.send("/register/carrier", **SF)
    one, licences = await known(db, shop.merchant_id)
    assert (one.name, one.services, one.regions) == ({"zh": "顺丰", "en": "SF"}, ("standard", "express"), ("CN", "HK"))
    assert one.contact == carriers.Contact("老王", "95338", "")
    assert (one.active, one.auto_suspend) == (True, False)
    assert [licence.number for licence in licences] == ["ZJ-0001"]
    assert await facts(db) == 1
    sheet = await desk.open(answer.headers["location"])
    assert "ZJ-0001" in sheet
    assert "Add a licence" in sheet
    assert "carriers.carrier_there" in (await desk.send("/register/carrier", status=409, **SF)).text


async def test_everything_wrong_is_said_at_its_field(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    bad = SF | {
        "name_zh": "",
        "name_en": "",
        "services": "Fast!",
        "regions": "Zhejiang",
        "licence_until": "soon",
        "contact_phone": "<1>",
    }
    told = (await desk.send("/register/carrier", status=422, **bad)).text
    for field in ("name_zh", "services", "regions", "licence_until"):
        assert f'id="f-{field}-wrong"' in told, field
    assert 'value="&lt;1&gt;"' in told
    assert "承运商" in told or "carriers.field_unfit" in told
    swapped = SF | {"licence_until": "2020-01-01", "licence_issuer": "", "code": ""}
    told = (await desk.send("/register/carrier", status=422, **swapped)).text
    for field in ("licence_until", "licence_issuer", "code"):
        assert f'id="f-{field}-wrong"' in told, field
    # A box that was emptied stays empty.
    told = (await desk.send("/register/carrier", status=422, **(bad | {"active": ""}))).text
    assert " checked" not in told.split('name="active"')[1].partition(">")[0]
    assert await facts(db) == 0


async def test_a_carrier_is_changed_and_licensed_anew(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = (await desk.send("/register/carrier", **SF)).headers["location"]
    edit = page.replace("/carriers/sf", "/carriers/sf/edit")
    before = await known(db, shop.merchant_id)
    form = typed_in(await desk.open(edit), "/carriers/sf/edit")
    await desk.send(edit, **form)
    assert await known(db, shop.merchant_id) == before
    assert await facts(db) == 1
    # Two people open it; the second to save is told.
    other = typed_in(await desk.open(edit), "/carriers/sf/edit")
    await desk.send(edit, **(form | {"services": "standard"}))
    assert "carriers.carrier_moved" in (await desk.send(edit, status=409, **(other | {"name_en": "Mine"}))).text
    one, licences = await known(db, shop.merchant_id)
    assert (one.services, one.name["en"], licences) == (("standard",), "SF", before[1])
    enter = page.replace("/carriers/sf", "/carriers/sf/licence")
    renewed = {name: SF[name] for name in SF if name.startswith("licence_")} | {"licence_until": "2035-12-31"}
    await desk.send(enter, **renewed)
    await desk.send(
        enter, **(renewed | {"licence_number": "ZJ-0002", "licence_from": "2036-01-01", "licence_until": "2040-12-31"})
    )
    assert 'value="2035-12-31"' in await desk.open(f"{enter}&number=ZJ-0001")
    _, licences = await known(db, shop.merchant_id)
    assert {each.number: each.valid_until.year for each in licences} == {"ZJ-0001": 2035, "ZJ-0002": 2040}
    assert (
        'id="f-licence_number-wrong"' in (await desk.send(enter, status=422, **(renewed | {"licence_number": ""}))).text
    )


@pytest.mark.requirement("S-02")
async def test_whom_to_call_at_the_platforms_carriers_no_merchant_is_told(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    platform = await seat("admin")
    await platform.send("/register/carrier", **SF)
    form = typed_in(await platform.open("/carriers/sf/edit"), "/carriers/sf/edit")
    assert form["contact_name"] == "老王"
    merchant = await seat("merchant", merchant_id=shop.merchant_id)
    for path in ("/carriers/sf/edit", "/carriers/sf/licence", "/carriers/sf/licence?number=ZJ-0001"):
        refused = [await merchant.open(path, status=404), (await merchant.send(path, status=404, **form)).text]
        for told in refused:
            assert "carriers.carrier_unknown" in told
            assert "老王" not in told
            assert "95338" not in told
    # Its page opens, and says nothing of them either.
    assert "95338" not in await merchant.open("/carriers/sf")
    before = await known(db, None)
    await platform.send("/carriers/sf/edit", **form)
    assert await known(db, None) == before


async def test_whose_carriers_somebody_registers_and_who_may(db: Database, seat: Seat, shop: given.Shop) -> None:
    platform = await seat("admin")
    await platform.send("/register/carrier", **SF)
    choices = (await platform.open("/register/carrier")).split('name="merchant"')[1].split("</select>")[0]
    code = re.findall(r'<option value="([^"]+)"', choices)[0]
    await platform.send("/register/carrier", merchant=code, **(SF | {"name_en": "Theirs"}))
    assert ((await known(db, None))[0].name["en"], (await known(db, shop.merchant_id))[0].name["en"]) == (
        "SF",
        "Theirs",
    )
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    assert "/carriers/sf/edit" not in await stranger.open("/carriers/sf")
    change = {"name_en": "Mine", "services": "standard"}
    assert "carriers.carrier_unknown" in (await stranger.send("/carriers/sf/edit", status=404, **change)).text
    whose = f"?merchant={code}"
    await stranger.open(f"/carriers/sf/edit{whose}", status=404)
    await stranger.send(f"/carriers/sf/edit{whose}", status=404, **change)
    await stranger.send("/register/carrier", status=404, merchant=code, **SF)
    assert (await known(db, shop.merchant_id))[0].name["en"] == "Theirs"
    reader = await seat("auditor")
    assert "/register/carrier" not in await reader.open("/carriers")
    for path in ("/register/carrier", f"/carriers/sf/edit{whose}", f"/carriers/sf/licence{whose}"):
        await reader.open(path, status=403)
        await reader.send(path, status=403, **SF)
