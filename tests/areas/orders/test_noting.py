"""Notes on orders: for colleagues or the buyer too, whom they call, card numbers taken out; and tags."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.refunds.test_holding import time_is_up

from dingdan.areas import identity, orders
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.cards import masked
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def hired(db: Database, login: str, name: str, *roles: str, merchant_id: int | None = None) -> Actor:
    staff = await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(merchant_id, login, name, roles))
    return Actor(ActorKind.STAFF, staff.id, name, merchant_id, identity.permissions_of(frozenset(roles)))


async def called(db: Database, by: Actor) -> list[str]:
    async with db.reading(by) as tx:
        return [one.text for one in await orders.mentions(tx)]


async def test_a_note_calls_people_by_login_or_name_until_they_have_seen_it(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    lin, chen = await hired(db, "lin", "林晚", "reviewer"), await hired(db, "chen", "陈思", "lead")
    first = await do(db, lin, orders.note, order_id, text="@陈思 请看；联系 a@chen.cn，@Chen")
    assert await called(db, chen) == [first.text]
    assert await called(db, lin) == []
    await do(db, chen, orders.see_notes, order_id)
    assert await called(db, chen) == []
    async with db.reading(SYSTEM) as tx:
        (told,) = await tx.fetch("SELECT data FROM facts WHERE wire = 'order.noted'")
        assert told["data"]["called"] == 1
        assert [one.text for one in await orders.notes(tx, [order_id])] == [first.text]
        assert await orders.notes(tx, [order_id], shown_only=True) == []


async def test_what_was_not_sent_yet_is_not_seen_yet(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    lin, chen = await hired(db, "lin", "林晚", "reviewer"), await hired(db, "chen", "陈思", "lead")
    await do(db, lin, orders.note, order_id, text="@chen 已告知买家", is_shown=True, wait=timedelta(seconds=10))
    await do(db, lin, orders.note, order_id, text="@chen 请看")
    assert await called(db, chen) == ["@chen 请看"]
    assert await do(db, chen, orders.see_notes, order_id) == 1
    await time_is_up(db)
    assert await called(db, chen) == ["@chen 已告知买家"]


async def test_who_is_called_can_read_it_and_is_known_to_whoever_calls(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    order_id = await given.placed_order(db, shop)
    own = await hired(db, "own", "店员", "merchant", merchant_id=shop.merchant_id)
    boss = await hired(db, "boss", "平台", "lead")
    await hired(db, "foreign", "别家", "merchant", merchant_id=other.merchant_id)
    await hired(db, "packer", "仓管", "warehouse")
    for one in ("twin.a", "twin.b"):
        await hired(db, one, "同名", "lead")
    await do(db, boss, orders.note, order_id, text="@own")
    for by, name in ((boss, "foreign"), (boss, "packer"), (boss, "同名"), (boss, "nobody"), (own, "boss")):
        with pytest.raises(orders.NobodyOfThatName):
            await do(db, by, orders.note, order_id, text=f"@{name} hello")
    assert await called(db, own) == ["@own"]
    stranger = Actor(ActorKind.STAFF, 9, "x", other.merchant_id)
    with pytest.raises(orders.OrderUnknown):
        await do(db, stranger, orders.note, order_id, text="hello")


async def test_words_have_limits_and_hold_no_card_numbers(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    for text in ("", "  ", "x" * 2001, "a\0b", " ".join(f"@p{n}" for n in range(21))):
        with pytest.raises(orders.NoteUnfit):
            await do(db, SYSTEM, orders.note, order_id, text=text)
    assert (await do(db, SYSTEM, orders.note, order_id, text="4111 1111 1111 1111")).text == "••••1111"
    buyer = await do(db, SYSTEM, orders.get_one, order_id)
    await do(db, SYSTEM, identity.forget, buyer.buyer_id)
    with pytest.raises(orders.NoteUnkept):
        await do(db, SYSTEM, orders.note, order_id, text="hello")


@pytest.mark.parametrize(("text", "left"), [
    ("卡号 6222 0212 3456 7890 128。", "卡号 ••••0128。"), ("４１１１-１１１１-１１１１-１１１１", "••••1111"),
    ("13812345678", "13812345678"), ("4111111111111112", "4111111111111112"), ("SF1234567890123", "SF1234567890123"),
    ("ord_4111111111111111", "ord_4111111111111111"), ("7300000000000000", "7300000000000000"),
])  # fmt: skip
def test_what_is_a_card_is_masked_and_nothing_else(text: str, left: str) -> None:
    assert masked(text) == left


async def test_the_buyer_is_told_what_is_shown_to_them_and_nothing_else(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    await do(db, SYSTEM, orders.note, order_id, text="internal")
    await do(db, SYSTEM, orders.note, order_id, text="明天发货", is_shown=True)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        occasions = [row["occasion"] for row in await tx.fetch(
            "SELECT occasion FROM confirmations WHERE order_id = $1 ORDER BY version", order_id)]  # fmt: skip
        assert occasions.count("order_written") == 1
        assert [one.text for one in await orders.notes(tx, [order_id], shown_only=True)] == ["明天发货"]


async def test_tags_are_put_on_and_taken_off_all_or_none(db: Database) -> None:
    shop = await given.shop(db)
    first, second = await given.placed_order(db, shop), await given.placed_order(db, shop, buyer="b2")
    assert await do(db, SYSTEM, orders.tag, [first, second], add=["vip", " vip ", "急"]) == sorted([first, second])
    assert await do(db, SYSTEM, orders.tag, [first], add=["vip"]) == []
    assert await do(db, SYSTEM, orders.tag, [first], drop=["急", "none"]) == [first]
    async with db.reading(SYSTEM) as tx:
        assert await orders.tags(tx, [first, second]) == {first: ["vip"], second: sorted(["vip", "急"])}
    # Whoever types several tags puts commas of either language between.
    for unfit in ("x" * 31, "", "a\nb", "a,b", "甲，乙", "甲、乙"):
        with pytest.raises(orders.TagUnfit):
            await do(db, SYSTEM, orders.tag, [first], add=[unfit])
    with pytest.raises(orders.TooManyTags):
        await do(db, SYSTEM, orders.tag, [first], add=[f"t{n}" for n in range(21)])
    with pytest.raises(orders.OrderUnknown):
        await do(db, SYSTEM, orders.tag, [first, 7], add=["late"])
    async with db.reading(SYSTEM) as tx:
        assert (await orders.tags(tx, [first]))[first] == ["vip"]


async def test_a_tag_that_is_put_on_and_taken_off_at_once_counts(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    await do(db, SYSTEM, orders.tag, [order_id], add=[f"t{n}" for n in range(20)])
    more = [f"m{n}" for n in range(5)]
    with pytest.raises(orders.TooManyTags):
        await do(db, SYSTEM, orders.tag, [order_id], add=more, drop=more)


async def test_people_of_other_houses_hide_nobody_who_has_the_same_name(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    order_id = await given.placed_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute(
            """
            INSERT INTO staff (id, merchant_id, login, name, roles, active, created_at)
            SELECT n, $1, 'w' || n, '王伟', '{merchant}', true, $2 FROM generate_series(1, 200) AS n
            """,
            other.merchant_id,
            tx.now,
        )
    own = await hired(db, "own", "王伟", "merchant", merchant_id=shop.merchant_id)
    await do(db, own, orders.note, order_id, text="@王伟")
    assert await called(db, own) == ["@王伟"]
