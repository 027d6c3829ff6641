"""Rules as data: versions for ever, the platform's and a merchant's, tried on the past before they hold."""

from datetime import timedelta

import msgspec
import pytest
from tests import given
from tests.areas.review import desk

from dingdan.areas import review
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("O2.1")

ANY = review.LargeAmount(at_least={"CNY": 1})


def document(trigger: review.Trigger, **more: object) -> review.RuleDocument:
    return review.RuleDocument(title=review.Words("Rule", "规则"), trigger=trigger,
                               checklist=(review.Item("a", "A?", "甲？"),), **more)  # type: ignore[arg-type]  # fmt: skip


async def test_what_ships_is_loaded_once_and_is_sound(db: Database) -> None:
    loaded = await do(db, SYSTEM, review.load_shipped)
    assert await do(db, SYSTEM, review.load_shipped) == loaded
    assert {one.code for one in loaded if one.is_active} == {"presale", "custom_made", "cross_border", "large_amount"}
    assert len({type(one.document.trigger) for one in loaded}) == len(loaded) == 10
    assert [one.code for one in loaded if one.document.on_timeout == "cancel"] == ["custom_made"]


async def test_the_same_again_is_no_new_version(db: Database) -> None:
    first = await given.review_rule(db, ANY)
    assert await given.review_rule(db, ANY) == first
    assert (await given.review_rule(db, ANY, is_active=False)).number == 2


async def test_a_rule_holds_from_its_moment_on(db: Database) -> None:
    shop = await given.shop(db)
    async with db.reading(SYSTEM) as tx:
        tomorrow = tx.now + timedelta(days=1)
    wanted = review.SaveRule(merchant_id=None, code="later", document=document(ANY), effective_from=tomorrow)
    await do(db, SYSTEM, review.save_rule, wanted)
    order_id = await given.paid_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        assert await review.of_orders(tx, [order_id]) == {}
    with pytest.raises(review.EffectiveInThePast):
        await do_at(db, SYSTEM, tomorrow + timedelta(days=1), review.save_rule,
                    msgspec.structs.replace(wanted, document=document(review.BuyerRemark())))  # fmt: skip


async def test_everything_that_is_wrong_is_said_at_once(db: Database) -> None:
    twice = (review.Item("a", "A?", "甲？"),) * 2
    wrong = msgspec.structs.replace(document(review.LargeAmount(at_least={"XXQ": 1})), checklist=twice)
    with pytest.raises(Refusal) as refused:
        await do(db, SYSTEM, review.save_rule, review.SaveRule(merchant_id=None, code="wrong", document=wrong))
    assert [one.path for one in refused.value.problems] == [
        "trigger.at_least.XXQ", "checklist[0].code", "checklist[1].code"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "trigger", [review.LargeAmount(), review.LargeQuantity(), review.PriceAnomaly(), review.NewAccount()]
)
async def test_a_rule_that_could_never_speak_is_refused(db: Database, trigger: review.Trigger) -> None:
    with pytest.raises(review.RuleUnfit):
        await given.review_rule(db, trigger)


async def test_a_merchant_writes_its_own_rules_and_no_others(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    for whose in (None, other.merchant_id):
        with pytest.raises(review.RuleNotYours):
            await do(db, desk.of_shop(shop), review.save_rule,
                     review.SaveRule(merchant_id=whose, code="r", document=document(ANY)))  # fmt: skip
    own = review.SaveRule(merchant_id=shop.merchant_id, code="r", document=document(ANY))
    assert (await do(db, desk.of_shop(shop), review.save_rule, own)).merchant_id == shop.merchant_id


async def test_a_switch_works_for_one_merchant_where_the_platform_allows_it(db: Database) -> None:
    shop, other = await given.shop(db, flags=("presale",)), await given.shop(db, flags=("presale",))
    await do(db, SYSTEM, review.load_shipped)
    await do(db, desk.of_shop(shop), review.switch_rule, shop.merchant_id, "presale", is_active=False)
    with pytest.raises(review.SwitchForbidden):
        await do(db, desk.of_shop(shop), review.switch_rule, shop.merchant_id, "cross_border", is_active=False)
    with pytest.raises(review.RuleUnknown):
        await do(db, desk.of_shop(shop), review.switch_rule, shop.merchant_id, "nothing", is_active=False)
    ids = [await given.paid_order(db, one) for one in (shop, other)]
    async with db.transaction(SYSTEM) as tx:
        assert list(await review.of_orders(tx, ids)) == [ids[1]]


async def preview(db: Database, shop: given.Shop | None, trigger: review.Trigger, **how: int | str) -> review.BackTest:
    async with db.reading(SYSTEM) as tx:
        whose = shop.merchant_id if shop else None
        days = int(how.get("days", 30))
        return await review.preview(
            tx, whose, document(trigger), days=days, replaces=str(how["replaces"]) if "replaces" in how else None
        )


@pytest.mark.requirement("issue 3: back-test")
async def test_a_draft_is_tried_on_past_orders(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    await given.review_rule(db, review.LargeQuantity(more_than=3), code="many")
    ids = [await given.paid_order(db, shop, {"SOCK": quantity}) for quantity in (1, 2, 4, 5)]
    await given.placed_order(db, shop, {"SOCK": 9})
    await given.paid_order(db, other, {"SOCK": 9})
    found = await preview(db, shop, review.LargeAmount(at_least={"CNY": 2 * 3990}))
    assert (found.looked_at, found.stopped, found.only, found.stopped_already) == (4, 3, 1, 2)
    assert (found.overlap, set(found.samples), found.is_cut) == ({"many": 2}, set(ids[1:]), False)
    everywhere = await preview(db, None, review.LargeQuantity(more_than=4), replaces="many")
    assert (everywhere.looked_at, everywhere.stopped, everywhere.only) == (5, 2, 2)


@pytest.mark.requirement("issue 3: back-test")
async def test_a_back_test_says_what_the_rule_would_have_done(db: Database) -> None:
    """The draft over the past finds exactly those orders that the rule, had it been there, would have stopped."""
    shop = await given.shop(db, prices={"TEA": 100, "GOLD": 5000})
    trigger = review.LargeAmount(times_usual=10, earlier_orders=2)
    ids = [await given.paid_order(db, shop, {sku: 1}) for sku in ("GOLD", "TEA", "TEA", "TEA", "GOLD")]
    found = await preview(db, shop, trigger)
    assert found.samples == (ids[-1],)
    await given.review_rule(db, trigger)
    again = await given.paid_order(db, shop, {"GOLD": 1})
    async with db.transaction(SYSTEM) as tx:
        assert again in await review.of_orders(tx, [again])


@pytest.mark.requirement("issue 3: back-test")
async def test_orders_of_before_the_time_are_not_looked_at(db: Database) -> None:
    shop = await given.shop(db)
    await given.paid_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE orders SET paid_at = paid_at - interval '8 days'")
    assert (await preview(db, shop, ANY, days=7)).looked_at == 0
    assert (await preview(db, shop, ANY, days=9)).stopped == 1
