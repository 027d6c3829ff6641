"""Merchants: saved by code, the same again changes nothing, and a merchant changes itself only."""

import asyncio

import msgspec
import pytest

from dingdan.areas import merchants
from dingdan.areas.merchants.rules import RANGES
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

replace = msgspec.structs.replace
TEA = merchants.SaveMerchant(
    code="tea-house", name={"zh": "茶馆", "en": "Tea house"}, zone="Asia/Shanghai", currency="CNY"
)


async def wires(db: Database) -> list[tuple[str, bool]]:
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire, data FROM facts ORDER BY id")
        return [(row["wire"], row["data"]["is_new"]) for row in rows]


async def test_the_same_again_changes_and_announces_nothing(db: Database) -> None:
    first = await do(db, SYSTEM, merchants.save, TEA)
    again = await do(db, SYSTEM, merchants.save, replace(TEA, name={"en": " Tea house ", "zh": "茶馆"}))
    assert first == again
    assert (first.policy, first.settings, first.active) == (
        "cn_statutory",
        merchants.MerchantSettings(),
        True,
    )
    changed = await do(db, SYSTEM, merchants.save, replace(TEA, settings=merchants.MerchantSettings(freight=800)))
    assert (changed.id, changed.settings.freight) == (first.id, 800)
    assert await wires(db) == [("merchant.saved", True), ("merchant.saved", False)]


async def test_merchants_are_found_by_code_and_id(db: Database) -> None:
    saved = await do(db, SYSTEM, merchants.save, TEA)
    async with db.reading(SYSTEM) as tx:
        assert await merchants.by_code(tx, "tea-house") == saved
        assert await merchants.by_code(tx, "tea_house") is None
        assert await merchants.by_ids(tx, [saved.id, 1]) == {saved.id: saved}
        assert await merchants.listed(tx, Page(limit=1)) == [saved]
        assert await merchants.listed(tx, Page(after=saved.id)) == []


async def test_everything_that_is_wrong_is_said_at_once(db: Database) -> None:
    wrong = merchants.SaveMerchant(
        code="Tea House", name={"fr": "Thé"}, zone="Asia", currency="XXX", policy="My Policy",
        settings=merchants.MerchantSettings(pay_within_minutes=0, freight=-1, free_freight_from=10**16),
    )  # fmt: skip
    with pytest.raises(Refusals) as refused:
        await do(db, SYSTEM, merchants.save, wrong)
    assert [problem.path for problem in refused.value.problems] == [
        "code", "name", "zone", "currency", "policy", "settings.pay_within_minutes", "settings.free_freight_from",
        "settings.freight",
    ]  # fmt: skip
    assert await wires(db) == []


@pytest.mark.parametrize(
    "name",
    [
        {},
        {"zh": ""},
        {"zh": " "},
        {"en": "a\0b"},
        {"EN": "Tea"},
        {"en": "x" * 201},
        {"en": "Tea", "no way": "x"},
    ],
)
async def test_a_name_is_said_in_chinese_or_english_and_can_be_printed(db: Database, name: dict[str, str]) -> None:
    with pytest.raises(merchants.NameUnusable):
        await do(db, SYSTEM, merchants.save, replace(TEA, name=name))


@pytest.mark.parametrize("zone", ["", "Asia", "../etc/passwd", "asia/shanghai", "UTC+8", "a\0b", "X" * 5000])
async def test_a_zone_that_does_not_exist_is_refused(db: Database, zone: str) -> None:
    with pytest.raises(merchants.ZoneUnknown):
        await do(db, SYSTEM, merchants.save, replace(TEA, zone=zone))


def test_every_number_that_can_be_set_has_a_range() -> None:
    numbers = {f.name for f in msgspec.structs.fields(merchants.MerchantSettings) if f.type in (int, int | None)}
    assert numbers == RANGES.keys()


def test_a_setting_that_nobody_knows_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"freigth": 1}, merchants.MerchantSettings)


@pytest.mark.requirement("S-01")
async def test_a_merchant_changes_itself_and_knows_no_other(db: Database) -> None:
    own = await do(db, SYSTEM, merchants.save, TEA)
    await do(db, SYSTEM, merchants.save, replace(TEA, code="rival"))
    owner = Actor(ActorKind.KEY, 1, "owner", own.id, frozenset({"merchant.write"}))
    changed = await do(db, owner, merchants.save, replace(TEA, name={"zh": "茶舍"}))
    assert changed.name == {"zh": "茶舍"}
    answers = []
    for code in ("rival", "new-one"):
        with pytest.raises(merchants.MerchantUnknown) as refused:
            await do(db, owner, merchants.save, replace(TEA, code=code, active=False))
        answers.append((refused.value.code, refused.value.path, refused.value.params))
    assert answers[0] == answers[1]
    async with db.reading(owner) as tx:
        assert [merchant.code for merchant in await merchants.listed(tx, Page())] == ["tea-house"]


async def test_two_who_add_the_same_merchant_at_once_add_one(db: Database) -> None:
    one, other = await asyncio.gather(do(db, SYSTEM, merchants.save, TEA), do(db, SYSTEM, merchants.save, TEA))
    assert one == other
    assert await wires(db) == [("merchant.saved", True)]


def test_refusals_have_words_with_their_params() -> None:
    refused: Refusal = merchants.SettingOutOfRange("settings.freight", setting="freight", low=0, high=9)
    assert refused.message.filled(refused.params).zh == "freight 的取值范围为 0 至 9。"
    assert merchants.NameUnusable.remedy.filled({}).en == 'Write it as {"zh": "…", "en": "…"}.'
