"""Confirmations: what they say is what is stored, byte for byte, numbered and hashed."""

import asyncio
import hashlib
import json
import re
from html import unescape
from typing import Any

import asyncpg
import msgspec
import pytest
from tests import given
from tests.areas.notifications import told

from dingdan.areas import identity, merchants, notifications, orders, placement
from dingdan.areas.notifications import rendering
from dingdan.areas.notifications.model import Promise
from dingdan.areas.notifications.rules import occasions, snapshot
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.money import decimal_string
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

Occasion = notifications.Occasion


async def said(db: Database, order_id: int) -> list[str]:
    return [str(one.occasion) for one in await told.confirmations(db, order_id)]


async def page(db: Database, one: notifications.Confirmation, language: str) -> dict[str, str]:
    """The fields of a confirmation's page, as they stand in its HTML."""
    async with db.reading(SYSTEM) as tx:
        html = (await notifications.rendered(tx, one, language)).html
    return {name: unescape(text) for name, text in re.findall(r'data-field="([^"]+)"[^>]*>([^<]*)<', html)}


@pytest.mark.requirement("O1.10")
async def test_an_order_is_confirmed_when_it_is_placed_and_again_when_it_is_paid(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    await given.settle(db)
    assert await said(db, order_id) == ["received"]
    await given.pay(db, order_id)
    assert await said(db, order_id) == ["received", "confirmed"]


@pytest.mark.requirement("O1.12")
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_field_of_a_message_is_the_snapshots(db: Database, language: str) -> None:
    shop = await given.shop(db, freight=1000)
    order_id = await given.paid_order(db, shop, {"MUG": 1, "TEE": 2}, reference="A-17")
    one = (await told.confirmations(db, order_id))[-1]
    facts: Any = json.loads(one.canonical)
    shown = await page(db, one, language)

    def money(amount: int) -> str:
        return f"{decimal_string(amount, 'CNY')} CNY"

    assert {name: shown[name] for name in ("goods", "freight", "total")} == {
        name: money(facts["amounts"][name]) for name in ("goods", "freight", "total")
    }
    for n, line in enumerate(facts["lines"]):
        named = {key: shown[f"lines[{n}].{key}"] for key in ("title", "sku", "quantity", "unit_price", "goods")}
        assert named == {
            "title": line["title"][language], "sku": line["sku"], "quantity": str(line["quantity"]),
            "unit_price": money(line["unit_price"]), "goods": money(line["goods"]),
        }  # fmt: skip
    assert (shown["number"], shown["seller"]) == (facts["number"], facts["seller"]["name"][language])
    assert (shown["reference"], shown["version"]) == ("A-17", "2")
    assert shown["policy"] == f"{facts['policy']['code']} {facts['policy']['version']}"
    assert shown["hash"] == one.hash.hex()


@pytest.mark.requirement("O1.10")
async def test_a_message_says_where_to_and_how_it_was_paid(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    shown = await page(db, (await told.confirmations(db, order_id))[-1], "zh")
    assert shown["recipient"] == "王小明 13812345678"
    assert shown["address"] == "浙江省杭州市西湖区文三路 1 号"
    assert shown["payment"] == "沙盒即时支付"


@pytest.mark.requirement("O1.10")
async def test_the_first_one_says_until_when_to_pay(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    await given.settle(db)
    (one,) = await told.confirmations(db, order_id)
    shown = await page(db, one, "en")
    assert shown["payment"] == "to be paid"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\+0800\)", shown["pay_by"])


@pytest.mark.requirement("O1.12")
async def test_a_confirmation_is_canonical_and_its_hash_fits(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db), {"MUG": 1, "TEE": 2})
    for one in await told.confirmations(db, order_id):
        again = json.dumps(json.loads(one.canonical), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert one.canonical == again
        assert hashlib.sha256(one.canonical.encode()).digest() == one.hash
        assert json.loads(one.canonical)["version"] == one.version


@pytest.mark.requirement("R10.2")
async def test_a_confirmation_tells_nobody_in_the_clear_and_holds_the_seal(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    await given.settle(db)
    (one,) = await told.confirmations(db, order_id)
    assert not re.search("王|小明|1381234|文三路|西湖", one.canonical)
    async with db.connection() as connection:
        sealed = await connection.fetchval("SELECT sealed FROM contacts WHERE id = $1", one.contact_id)
    assert one.facts.recipient.sealed_sha256 == hashlib.sha256(sealed).hexdigest()


@pytest.mark.requirement("R10.3")
async def test_forgetting_a_person_leaves_the_evidence_whole(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    async with db.transaction(SYSTEM) as tx:
        await identity.forget(tx, (await orders.get_one(tx, order_id)).buyer_id)
    one = (await told.confirmations(db, order_id))[-1]
    assert hashlib.sha256(one.canonical.encode()).digest() == one.hash
    shown = await page(db, one, "zh")
    assert "address" not in shown
    assert shown["total"] == "199.00 CNY"


@pytest.mark.requirement("O1.13")
async def test_a_confirmation_is_never_changed(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    await given.settle(db)
    for change in ("UPDATE confirmations SET canonical = '{}'", "DELETE FROM confirmations"):
        with pytest.raises(asyncpg.PostgresError, match="history"):
            async with db.connection() as connection:
                await connection.execute(f"{change} WHERE order_id = $1", order_id)


@pytest.mark.requirement("O1.12")
async def test_saying_the_same_again_makes_no_new_version(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    assert await do(db, SYSTEM, notifications.confirm, [order_id], Occasion.CONFIRMED) == []
    (new,) = await do(db, SYSTEM, notifications.confirm, [order_id], Occasion.AMENDED)
    assert new.version == 3


@pytest.mark.requirement("O1.12")
async def test_two_who_confirm_one_order_get_one_version_each(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    begun = asyncio.Event()
    second = asyncio.create_task(_confirm_after(db, order_id, begun))
    async with db.transaction(SYSTEM) as first:
        await notifications.confirm(first, [order_id], Occasion.AMENDED)
        begun.set()
        await given.somebody_waits(first)
    await second
    assert [one.version for one in await told.confirmations(db, order_id)] == [1, 2, 3, 4]


async def _confirm_after(db: Database, order_id: int, begun: asyncio.Event) -> None:
    await begun.wait()
    async with db.transaction(SYSTEM) as tx:
        await notifications.confirm(tx, [order_id], Occasion.REVIEW_STARTED)


@pytest.mark.requirement("O6.9")
async def test_what_ends_an_order_is_told(db: Database) -> None:
    shop = await given.shop(db)
    cancelled = await given.paid_order(db, shop)
    await do(db, SYSTEM, orders.cancel, cancelled, reason="buyer_request")
    expired = await given.placed_order(db, shop)
    await told.later(db, minutes=31)
    assert await said(db, cancelled) == ["received", "confirmed", "cancelled", "refunded"]
    assert await said(db, expired) == ["received", "expired"]
    last = (await told.confirmations(db, cancelled))[-1]
    assert last.facts.amounts.refunded == 19900


@pytest.mark.requirement("O6.3")
async def test_a_failed_payment_is_told_with_its_reason_each_time(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    for _ in range(2):
        await told.declined(db, order_id)
    found = [one for one in await told.confirmations(db, order_id) if one.occasion is Occasion.PAYMENT_FAILED]
    assert [one.facts.payments[0].failure for one in found] == ["declined", "declined"]
    assert (await page(db, found[0], "en"))["failure"] == "declined by the bank"


@pytest.mark.requirement("R1.3")
async def test_a_line_that_cannot_come_back_says_so(db: Database) -> None:
    shop = await given.shop(db, flags=("intimate",))
    basket = given.basket(shop, {"MUG": 1})
    item = msgspec.structs.replace(basket.items[0], confirmed="CN_OPT_HYGIENE:1")
    placed = msgspec.structs.replace(basket, items=(item,))
    (result,) = await do(db, SYSTEM, placement.place, [placed])
    assert isinstance(result, placement.Placed)
    await given.settle(db)
    (one,) = await told.confirmations(db, result.order_id)
    assert one.facts.lines[0].not_returnable == "CN_OPT_HYGIENE:1"
    assert "cannot be returned" in (await page(db, one, "en"))["lines[0].not_returnable"]


async def test_a_shop_that_tells_its_buyers_itself_has_no_confirmations(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db, messages=False))
    assert await told.confirmations(db, order_id) == []
    assert await do(db, SYSTEM, notifications.confirm, [order_id], Occasion.AMENDED) == []


async def unpromised(db: Database, shop: given.Shop) -> int:
    """An order as those are that nothing was promised for; told of."""
    order_id = await given.placed_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE order_lines SET ship_by = NULL, arrive_by = NULL")
    await given.settle(db)
    return order_id


@pytest.mark.requirement("O1.10")
async def test_a_missing_field_stops_the_message_and_rings_the_alarm(db: Database) -> None:
    shop = await given.shop(db, message_channels=("sms",), promise_required=True)
    order_id = await unpromised(db, shop)
    (one,) = await told.confirmations(db, order_id)
    assert one.missing == ("promise",)
    assert await told.messages(db, order_id) == []
    assert await told.wires(db) == ["message.field_missing"]
    with pytest.raises(notifications.ConfirmationIncomplete):
        await page(db, one, "zh")


@pytest.mark.requirement("O1.10")
async def test_what_was_missing_can_be_mended_and_sent(db: Database) -> None:
    shop = await given.shop(db, code="mended", message_channels=("sms",), promise_required=True)
    order_id = await unpromised(db, shop)
    with pytest.raises(notifications.ConfirmationIncomplete):
        await do(db, SYSTEM, notifications.resend, order_id, 1)
    settings = merchants.MerchantSettings(message_channels=("sms",), promise_required=False)
    await do(db, SYSTEM, merchants.save, merchants.SaveMerchant(
        code="mended", name={"zh": "小店"}, zone="Asia/Shanghai", currency="CNY", settings=settings))  # fmt: skip
    (message,) = await do(db, SYSTEM, notifications.resend, order_id, 1)
    await given.settle(db)
    assert message.confirmation == 2
    assert await told.messages(db, order_id) == [("sms", "sent", None)]


@pytest.mark.requirement("O1.10")
async def test_each_mandatory_field_is_missed(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    facts = (await told.confirmations(db, order_id))[-1].facts
    replace = msgspec.structs.replace
    faults = {
        "seller.name": replace(facts, seller=replace(facts.seller, name={})),
        "lines": replace(facts, lines=[]),
        "lines[0].title": replace(facts, lines=[replace(facts.lines[0], title={"en": ""})]),
        "policy": replace(facts, policy=None),
        "payments": replace(facts, payments=[]),
    }
    assert occasions.missing(facts, needs_promise=False) == []
    assert {name: occasions.missing(fault, needs_promise=False) for name, fault in faults.items()} == {
        name: [name] for name in faults
    }
    bare = replace(facts, promise=None)
    assert occasions.missing(bare, needs_promise=True) == ["promise"]
    kept = replace(facts, promise=Promise(ship_by="2026-01-01T00:00:00Z", arrive_by="2026-01-03T00:00:00Z"))
    assert occasions.missing(kept, needs_promise=True) == []


async def test_a_title_cannot_run_in_a_page(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db))
    facts = (await told.confirmations(db, order_id))[-1].facts
    evil = msgspec.structs.replace(facts.lines[0], title={"en": "<script>alert(1)</script>"})
    words = rendering.render_facts(msgspec.structs.replace(facts, lines=[evil]), None, "en", mark="")
    assert "<script>" not in words.html
    assert "&lt;script&gt;" in words.html
    assert "<script>" in words.text


@pytest.mark.parametrize("language", sorted(rendering.languages()))
def test_every_language_has_every_word(language: str) -> None:
    words = {name: rendering.words_of(name) for name in (language, "en")}
    assert words[language].keys() == words["en"].keys()
    for table in ("labels", "occasions"):
        assert words[language][table].keys() == words["en"][table].keys()
    assert set(words[language]["occasions"]) == {str(one) for one in Occasion}


def test_facts_are_encoded_in_the_order_of_the_alphabet() -> None:
    for kind in (snapshot.Facts, snapshot.Amounts, snapshot.Line, snapshot.Seller, snapshot.PaidBy, snapshot.Recipient):
        assert list(kind.__struct_fields__) == sorted(kind.__struct_fields__)


async def test_a_shop_without_channels_pays_for_no_messages(db: Database) -> None:
    shop = await given.shop(db, stock=1000)
    await do(db, SYSTEM, placement.place, [given.basket(shop, {"MUG": 1}, buyer=f"b{n}") for n in range(200)])
    await given.settle(db)
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM confirmations") == 200
        assert await connection.fetchval("SELECT count(*) FROM messages") == 0
        assert await connection.fetchval("SELECT count(*) FROM facts WHERE starts_with(wire, 'message.')") == 0
