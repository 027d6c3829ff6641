"""Settings: each with its words and where it comes from, changed by group, and no secret of the house among them."""

import asyncio

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import merchants
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console.platform.setting_words import GROUPS, HOUSE

pytestmark = pytest.mark.requirement("issue 6: console")


async def stored(db: Database, shop: given.Shop) -> merchants.Merchant:
    async with db.reading(SYSTEM) as tx:
        return (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id]


def test_every_setting_that_there_is_has_its_words() -> None:
    spoken = [one.name for group in GROUPS for one in group.settings]
    assert sorted([*spoken, "receipt_periods"]) == sorted(merchants.MerchantSettings.__struct_fields__)
    assert set(Settings.__struct_fields__) == set(HOUSE)


async def test_a_merchant_sees_and_changes_its_own(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    code = (await stored(db, shop)).code
    html = await desk.open("/settings")
    for words in ("Pay within, minutes", "pay_within_minutes", "built in", "Return policy"):
        assert words in html, words
    assert "支付时限" in await desk.open("/settings", tongue="zh")
    assert "DINGDAN_" not in html
    typed = {"pay_within_minutes": "45", "freight": "12.50", "free_freight_from": "", "unpaid_units_per_buyer": "3",
             "unpaid_units_per_device": ""}  # fmt: skip
    await desk.send(f"/settings/{code}/paying", **typed)
    await desk.send(f"/settings/{code}/paying", **typed)
    now = (await stored(db, shop)).settings
    assert (now.pay_within_minutes, now.freight, now.free_freight_from, now.unpaid_units_per_buyer) == (
        45,
        1250,
        None,
        3,
    )
    async with db.reading(SYSTEM) as tx:
        facts = await tx.fetch(
            "SELECT data FROM facts WHERE wire = 'merchant.saved' AND data ->> 'is_new' = 'false' ORDER BY id"
        )
    assert set(facts[-1]["data"]["changed"]) >= {"pay_within_minutes", "freight", "unpaid_units_per_buyer"}
    again = [one for one in facts if "unpaid_units_per_buyer" in one["data"]["changed"]]
    assert len(again) == 1, "the second time nothing was different"
    await desk.send(f"/settings/{code}/messages", notices_email="a@b.example", language="en", messages="true",
                    message_channels=["sms", "email"])  # fmt: skip
    now = (await stored(db, shop)).settings
    assert (now.message_channels, now.messages, now.messages_for_channels) == (("email", "sms"), True, False)
    await desk.send(
        f"/settings/{code}/shop", name_zh="新店", name_en="New shop", zone="Asia/Tokyo", policy="cn_statutory"
    )
    assert (await stored(db, shop)).name["zh"] == "新店"
    await desk.send(
        f"/settings/{code}/periods", virtual_dispatch="1", virtual_delivery="2", perishable_dispatch="0",
        perishable_delivery="3", cross_border_dispatch="30", cross_border_delivery="9",
    )  # fmt: skip
    assert (await stored(db, shop)).settings.receipt_periods["cross_border"].after_delivery == 9


@pytest.mark.parametrize(
    ("group", "wrong"),
    [
        ("paying", {"pay_within_minutes": "0", "freight": "1"}),
        ("paying", {"pay_within_minutes": "45", "freight": "=1+1"}),
        ("paying", {"pay_within_minutes": "9" * 40, "freight": "1"}),
        ("paying", {"pay_within_minutes": "--5", "freight": "1"}),
        ("paying", {"pay_within_minutes": ["1", "2"], "freight": "1"}),
        ("messages", {"language": "klingon language", "notices_email": "nobody"}),
        ("shop", {"name_zh": "x" * 500, "zone": "Mars/Olympus", "policy": "DROP TABLE"}),
        ("periods", {"virtual_dispatch": "-1"}),
    ],
)
async def test_what_does_not_fit_changes_nothing(
    db: Database, seat: Seat, shop: given.Shop, group: str, wrong: dict[str, str | list[str]]
) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    before = await stored(db, shop)
    await desk.send(f"/settings/{before.code}/{group}", status=422, **wrong)
    assert await stored(db, shop) == before


async def test_others_settings_are_nobodys_and_readers_change_nothing(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    other = await given.shop(db)
    code = (await stored(db, other)).code
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert "Settings of a merchant" not in await desk.open(f"/settings/{code}", status=404)
    await desk.send(f"/settings/{code}/shop", status=404, name_zh="x", zone="Asia/Shanghai", policy="cn_statutory")
    await desk.send(f"/settings/{(await stored(db, shop)).code}/nothing", status=404)
    reader = await seat("finance", merchant_id=shop.merchant_id)
    await reader.send(f"/settings/{(await stored(db, shop)).code}/shop", status=403, name_zh="x")


async def test_the_house_shows_where_it_is_set_and_no_secret(db: Database, seat: Seat, shop: given.Shop) -> None:
    html = await (await seat("admin")).open("/settings")
    assert "/settings/" in html
    if "DINGDAN_MASTER_KEY" in html:
        assert db.url not in html
        assert "not set" in html


async def test_two_people_who_change_different_things_both_count(db: Database, shop: given.Shop) -> None:
    changes = ({"send_back_days": 9}, {"review_limit_hours": 12}, {"pay_within_minutes": 33})
    await asyncio.gather(*(
        do(db, SYSTEM, merchants.change, shop.merchant_id, merchants.ChangeMerchant(settings=one)) for one in changes
    ))  # fmt: skip
    now = (await stored(db, shop)).settings
    assert (now.send_back_days, now.review_limit_hours, now.pay_within_minutes) == (9, 12, 33)
