"""Cards: the code opens them and is kept nowhere, guessing is useless and limited, and what is on them is not lost."""

import asyncio
from datetime import timedelta

import pytest
from tests.areas.credit import wallet
from tests.areas.payments import till

from dingdan.areas import credit
from dingdan.areas.credit.rules import guessing
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 3: credit")

WRONG = "0000-0000-0000-0000"


async def test_the_code_opens_the_card_however_it_is_typed(db: Database) -> None:
    issued = await wallet.card(db, 100_00)
    typed = [issued.code, issued.code.lower(), issued.code.replace("-", " "), issued.code.replace("0", "O")]

    assert {one.purse_id for one in await wallet.try_codes(db, typed)} == {issued.purse_id}
    assert await till.balances(db) == {"stored_value": -100_00, "topups_received": 100_00}


async def test_no_table_knows_the_code(db: Database) -> None:
    issued = await wallet.card(db, 100_00)
    plain = issued.code.replace("-", "")
    async with db.reading(SYSTEM) as tx:
        card = (await credit.cards(tx, [issued.purse_id]))[issued.purse_id]
        stored = await tx.fetchval("SELECT string_agg(c::text, '') FROM cards c")
        facts = await tx.fetchval("SELECT string_agg(data::text, '') FROM facts")

    assert card.tail == plain[-4:]
    assert not any(word in stored + facts for word in (plain, issued.code))


@pytest.mark.requirement("S-22")
async def test_after_five_wrong_codes_even_the_right_one_opens_nothing(db: Database) -> None:
    issued = await wallet.card(db, 100_00)
    await wallet.try_codes(db, [WRONG] * 4 + ["nonsense"])
    (locked,) = await wallet.try_codes(db, [issued.code])
    (other,) = await wallet.try_codes(db, [issued.code], who="buyer:3")
    await till.pass_time(db, timedelta(hours=1))
    (later,) = await wallet.try_codes(db, [issued.code])

    assert locked.purse_id is None
    assert locked.retry_at is not None
    assert (other.purse_id, later.purse_id) == (issued.purse_id, issued.purse_id)


@pytest.mark.requirement("S-22")
async def test_a_thousand_guesses_are_throttled_and_leave_a_fact(unchecked_db: Database) -> None:
    issued = await wallet.card(unchecked_db, 100_00)
    tried = await wallet.try_codes(unchecked_db, [WRONG] * 1000)
    (after,) = await wallet.try_codes(unchecked_db, [issued.code])

    assert {one.purse_id for one in (*tried, after)} == {None}
    assert await till.wires(unchecked_db, wallet.MERCHANT) == ["card.guessed"]


@pytest.mark.requirement("issue 2: races")
async def test_forty_guesses_at_once_are_all_counted(unchecked_db: Database) -> None:
    issued = await wallet.card(unchecked_db, 100_00)
    await asyncio.gather(*(wallet.try_codes(unchecked_db, [WRONG]) for _ in range(40)))

    assert (await wallet.try_codes(unchecked_db, [issued.code]))[0].retry_at is not None


async def test_unknown_blocked_past_and_foreign_cards_answer_alike(db: Database) -> None:
    blocked, past = await wallet.card(db, 5_00), await wallet.card(db, 5_00)
    foreign = await wallet.card(db, 5_00, merchant_id=99)
    await do(db, SYSTEM, credit.block_card, blocked.purse_id, reason="stolen")
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE cards SET expires_at = $2 WHERE purse_id = $1", past.purse_id, tx.now)
    tried = await wallet.try_codes(db, [WRONG, blocked.code, past.code, foreign.code])

    assert tried == [credit.Presented(None)] * 4


async def test_a_card_of_the_platform_is_good_everywhere_and_in_its_own_books(db: Database) -> None:
    issued = await wallet.card(db, 100_00, merchant_id=None)
    (opened,) = await wallet.try_codes(db, [issued.code])

    assert opened.purse_id == issued.purse_id


async def test_a_blocked_card_pays_nothing_until_it_is_unblocked(db: Database) -> None:
    issued = await wallet.card(db, 100_00)
    async with db.reading(SYSTEM) as tx:
        purse = await credit.get_one(tx, issued.purse_id)
    await do(db, SYSTEM, credit.block_card, issued.purse_id, reason="stolen")
    refused = await wallet.hold(db, wallet.wish(purse, 5_00, payment=4))
    await do(db, SYSTEM, credit.unblock_card, issued.purse_id)

    assert [no.code for no in refused.values()] == ["card.unusable"]
    assert await wallet.hold(db, wallet.wish(purse, 5_00, payment=4)) == {}
    await do(db, SYSTEM, credit.release_tenders, [4])


async def test_a_card_is_good_for_three_years_and_can_be_made_to_last_longer(db: Database) -> None:
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    with pytest.raises(credit.ExpiryUnfit):
        await wallet.card(db, 5_00, expires_at=now + timedelta(days=3 * 365 - 2))
    issued = await wallet.card(db, 5_00, expires_at=now + timedelta(days=3 * 365 + 2))
    with pytest.raises(credit.ExpiryUnfit):
        await do(db, SYSTEM, credit.extend_card, issued.purse_id, now + timedelta(days=9))
    card = await do(db, SYSTEM, credit.extend_card, issued.purse_id, now + timedelta(days=4 * 365))

    assert card.is_usable(now + timedelta(days=3 * 365 + 9))


def test_a_code_has_eighty_bits_and_letters_like_digits_are_digits() -> None:
    assert guessing.CODE_LENGTH * 5 == 80
    assert guessing.folded("oil0-0000 0000-000L") == "0110000000000001"
    assert guessing.folded("U" * 16) is None
    assert guessing.spoken("0110000000000001") == "0110-0000-0000-0001"
