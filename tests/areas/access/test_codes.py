"""Codes of guests: sent to the order's own address, six digits, soon over, never stored, and guessing is hopeless."""

import asyncio
import email
import re
from pathlib import Path

import msgspec
import pytest
from tests import given

from dingdan.areas import access, notifications, placement
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("S-12")
HERS = "wang@buyers.example"


async def order_of(db: Database, address: str = HERS, **settings: object) -> int:
    shop = await given.shop(db, messages=True, message_channels=("email",), **settings)
    buyer = placement.Buyer(ref="buyer-1", email=address, language="en")
    basket = msgspec.structs.replace(given.basket(shop), buyer=buyer)
    (placed,) = await do(db, SYSTEM, placement.place, [basket])
    assert isinstance(placed, placement.Placed)
    return placed.order_id


async def code_of(db: Database, order_id: int) -> str:
    codes = await do(db, SYSTEM, access.live_codes, [order_id])
    return codes[order_id].digits if order_id in codes else ""


def read(folder: Path) -> list[email.message.Message]:
    return [email.message_from_bytes(path.read_bytes()) for path in folder.glob("*.eml")]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_code_is_sent_to_the_address_of_the_order_and_opens_it_once(db: Database, tmp_path: Path) -> None:
    db.post = msgspec.structs.replace(db.post, folder=tmp_path, url="https://shop.example")
    order_id = await order_of(db)
    await do(db, SYSTEM, access.ask_code, order_id, " Wang@Buyers.example ")
    code = await code_of(db, order_id)
    assert re.fullmatch(r"\d{6}", code)
    await given.settle(db)
    letters = read(tmp_path)
    bodies = [str(part.get_payload(decode=True), "utf-8") for one in letters for part in one.walk()
              if part.get_content_type() == "text/plain" and one["To"] == HERS]  # fmt: skip
    (brought,) = [body for body in bodies if code in body]
    assert "10 minutes" in brought
    assert "199.00" not in brought
    secret = await do(db, SYSTEM, access.guest_secret, order_id)
    assert any("https://shop.example/my/" in body and secret in body for body in bodies)
    entered = await do(db, SYSTEM, access.enter_code, order_id, f"{code[:3]} {code[3:]}")
    assert (entered.order_id, entered.secret, entered.no) == (order_id, secret, None)
    again = await do(db, SYSTEM, access.enter_code, order_id, code)
    assert isinstance(again.no, access.GuestCodeWrong)


async def test_neither_code_nor_link_is_kept_anywhere(db: Database, tmp_path: Path) -> None:
    db.post = msgspec.structs.replace(db.post, folder=tmp_path)
    order_id = await order_of(db)
    await do(db, SYSTEM, access.ask_code, order_id, HERS)
    code, secret = await code_of(db, order_id), await do(db, SYSTEM, access.guest_secret, order_id)
    await given.settle(db)
    async with db.transaction(SYSTEM) as tx:
        sent = await notifications.messages(tx, order_id)
        copies = [await notifications.copy(tx, one) for one in sent]
        kept = "".join(f"{one.text}{one.html}{one.subject}" for one in copies if one is not None)
        facts = await tx.fetchval("SELECT string_agg(data::text, '') FROM facts WHERE order_id = $1", order_id)
        said = await tx.fetchval("SELECT string_agg(canonical, '') FROM confirmations WHERE order_id = $1", order_id)
    assert "······" in kept
    for place in (kept, facts, said):
        assert code not in place
        assert secret not in place


@pytest.mark.parametrize("address", ["other@buyers.example", "", HERS + "x"])
async def test_who_names_another_address_is_answered_alike_and_nothing_happens(db: Database, address: str) -> None:
    order_id = await order_of(db)
    assert await do(db, SYSTEM, access.ask_code, order_id, address) is None
    assert await do(db, SYSTEM, access.ask_code, 12345, HERS) is None
    assert await do(db, SYSTEM, access.ask_code, None, HERS) is None
    assert await code_of(db, order_id) == ""
    nos = [await do(db, SYSTEM, access.enter_code, number, "123456") for number in (order_id, 12345, None)]
    assert {type(one.no) for one in nos} == {access.GuestCodeWrong}


async def test_five_wrong_tries_end_a_code_and_the_right_one_comes_too_late(db: Database) -> None:
    order_id = await order_of(db)
    await do(db, SYSTEM, access.ask_code, order_id, HERS)
    code = await code_of(db, order_id)
    for _ in range(5):
        assert (await do(db, SYSTEM, access.enter_code, order_id, wrong(code))).secret == ""
    assert (await do(db, SYSTEM, access.enter_code, order_id, code)).secret == ""
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'order.code_spent'") == 1


async def test_three_codes_an_hour_and_the_newest_alone_counts(db: Database) -> None:
    order_id = await order_of(db)
    codes = []
    for _ in range(3):
        await do(db, SYSTEM, access.ask_code, order_id, HERS)
        codes.append(await code_of(db, order_id))
    assert len(set(codes)) == 3
    for old in codes[:2]:
        assert (await do(db, SYSTEM, access.enter_code, order_id, old)).secret == ""
    await asyncio.gather(*(do(db, SYSTEM, access.ask_code, order_id, HERS) for _ in range(4)))
    assert await code_of(db, order_id) == codes[2]
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE guest_codes SET counted_since = counted_since - interval '1 hour'")
    await do(db, SYSTEM, access.ask_code, order_id, HERS)
    assert await code_of(db, order_id) not in codes


async def test_a_code_is_over_after_ten_minutes_and_with_a_renewed_link(db: Database) -> None:
    order_id = await order_of(db)
    await do(db, SYSTEM, access.ask_code, order_id, HERS)
    code = await code_of(db, order_id)
    await do(db, SYSTEM, access.renew, order_id)
    assert (await do(db, SYSTEM, access.enter_code, order_id, code)).secret == ""
    await do(db, SYSTEM, access.ask_code, order_id, HERS)
    code = await code_of(db, order_id)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE guest_codes SET asked_at = asked_at - interval '10 minutes'")
    assert (await do(db, SYSTEM, access.enter_code, order_id, code)).secret == ""


async def test_two_who_enter_the_same_code_at_once_are_one(db: Database) -> None:
    order_id = await order_of(db)
    await do(db, SYSTEM, access.ask_code, order_id, HERS)
    code = await code_of(db, order_id)
    came = await asyncio.gather(*(do(db, SYSTEM, access.enter_code, order_id, code) for _ in range(4)))
    assert sum(1 for one in came if one.secret) == 1
