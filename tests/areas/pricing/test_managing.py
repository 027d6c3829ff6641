"""Promotions from draft to end, tariffs, and what loading them costs."""

from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.pricing import till
from tests.areas.pricing.shelf import NOW

from dingdan.areas import pricing
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import asking
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

pytestmark = pytest.mark.requirement("issue 3: pricing")

MUG = {"MUG": 1}


async def clock(db: Database) -> Any:
    """The database's now."""
    async with db.reading(SYSTEM) as tx:
        return tx.now


async def state(db: Database, promotion_id: int) -> str:
    """Where a promotion stands."""
    async with db.reading(SYSTEM) as tx:
        return (await pricing.get_one(tx, promotion_id)).state


async def test_a_promotion_begins_and_ends_by_itself(db: Database) -> None:
    shop = await given.shop(db)
    now = await clock(db)
    begin, end = now + timedelta(hours=1), now + timedelta(hours=2)
    sale = await till.running(db, shop, pricing.Amount(500), starts_at=begin, ends_at=end)
    async with db.transaction(SYSTEM) as tx:
        ask = await till.asked(tx, shop, MUG, None)
        terms = await pricing.terms_for(tx, [ask])
    moments = (now, begin, end - timedelta(seconds=1), end)
    assert sale.state == "scheduled"
    assert [pricing.quote(till.with_now(ask, now=at), terms).discount for at in moments] == [0, 500, 500, 0]
    for at, verb in ((begin, pricing.activate), (end, pricing.end)):
        async with db.transaction(SYSTEM, at=at) as tx:
            await verb(tx, [sale.id])
            await verb(tx, [sale.id])
    assert await state(db, sale.id) == "ended"


async def test_deadlines_move_it(db: Database) -> None:
    shop = await given.shop(db)
    soon = await clock(db) + timedelta(hours=1)
    sale = await till.running(db, shop, pricing.Amount(500), starts_at=soon, ends_at=soon + timedelta(hours=1))
    for hours in (1, 1):
        async with db.connection() as connection:
            await connection.execute(
                """INSERT INTO sandbox_clock (id, ahead) VALUES (1, $1)
                   ON CONFLICT (id) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead""",
                timedelta(hours=hours, seconds=1),
            )
        await given.settle(db, with_deadlines=True)
    assert await state(db, sale.id) == "ended"


async def test_everything_that_is_wrong_with_a_draft_is_told_at_once(db: Database) -> None:
    shop = await given.shop(db)
    wrong = till.draft(
        pricing.Tiers((pricing.Tier(100, 5, 5), pricing.Tier(100, 0)), each=True), name={"fr": "Soldes"}, code="a b",
        currency=None, limit_total=0, ends_at=NOW, min_spend=-1,
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        await do(db, SYSTEM, pricing.create, shop.merchant_id, wrong)
    assert sorted({one.path for one in refused.value.problems}) == [
        "benefit.each", "benefit.tiers", "benefit.tiers[0]", "benefit.tiers[1]", "code", "currency", "ends_at",
        "limit_total", "min_spend", "name",
    ]  # fmt: skip


async def test_a_code_is_one_coupon_of_a_merchant_however_it_is_written(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    await till.running(db, one, pricing.Amount(500), code="spring")
    await till.running(db, other, pricing.Amount(500), code="SPRING")
    with pytest.raises(Refusal, match=r"promotion\.code_taken"):
        await till.running(db, one, pricing.Amount(100), code=" Spring ")


async def test_of_what_runs_only_the_name_the_end_and_a_higher_limit_change(db: Database) -> None:
    shop = await given.shop(db)
    sale = await till.running(db, shop, pricing.Amount(500), limit_total=5)
    later = await clock(db) + timedelta(days=1)
    changed = await do(
        db, SYSTEM, pricing.change, sale.id, till.draft(pricing.Amount(500), limit_total=9, ends_at=later)
    )
    assert changed.draft.limit_total == 9
    for unfit in ({"limit_total": 4}, {"min_spend": 5, "limit_total": 9}, {"limit_total": None}):
        with pytest.raises(Refusal, match=r"promotion\.state_forbids"):
            await do(db, SYSTEM, pricing.change, sale.id, till.draft(pricing.Amount(500), **unfit))
    await do(db, SYSTEM, pricing.stop, sale.id, reason="mistake")
    for verb in (pricing.schedule, pricing.stop):
        with pytest.raises(Refusal, match=r"promotion\.state_forbids"):
            await do(db, SYSTEM, verb, sale.id, **({"reason": "again"} if verb is pricing.stop else {}))


async def test_a_promotion_whose_end_has_passed_is_not_scheduled(db: Database) -> None:
    shop = await given.shop(db)
    with pytest.raises(Refusal, match=r"promotion\.over"):
        await till.running(db, shop, pricing.Amount(500), ends_at=NOW + timedelta(seconds=1), starts_at=NOW)


async def test_a_merchant_touches_its_own_prices_only(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    sale = await till.running(db, shop, pricing.Amount(500), code="XX")
    stranger = Actor(ActorKind.KEY, 1, "key", other.merchant_id, frozenset())
    for command, *args in (
        (pricing.create, shop.merchant_id, till.draft(pricing.Amount(1))), (pricing.create, None, till.draft(pricing.Amount(1))),
        (pricing.change, sale.id, till.draft(pricing.Amount(1))), (pricing.schedule, sale.id), (pricing.issue_codes, sale.id, 1),
        (pricing.save_freight, shop.merchant_id, ()), (pricing.save_points, None, None),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=r"promotion\.out_of_reach"):
            await do(db, stranger, command, *args)


async def test_the_platforms_coupon_works_everywhere_and_the_platform_pays(db: Database) -> None:
    shop = await given.shop(db)
    await till.running(db, None, pricing.Amount(700), code="ALL")
    found = await till.quoted(db, shop, MUG, coupons=("ALL",))

    assert [(one.kind, one.funder, one.amount) for one in found.layers] == [("platform", "platform", 700)]


FREIGHT = (pricing.FreightTariff(name={"zh": "全国"}, currency="CNY", fee=800),)


async def test_tariffs_hold_from_the_next_price_on(db: Database) -> None:
    shop = await given.shop(db)
    assert (await till.quoted(db, shop, MUG)).freight == 0
    await do(db, SYSTEM, pricing.save_freight, shop.merchant_id, FREIGHT)
    await do(
        db,
        SYSTEM,
        pricing.save_taxes,
        shop.merchant_id,
        (pricing.TaxRate(name={"zh": "税"}, rate=1300, inclusive=False),),
    )
    await do(db, SYSTEM, pricing.save_points, shop.merchant_id, pricing.PointsRule(points=1, amount=1, currency="CNY"))
    found = await till.quoted(db, shop, MUG, points=100)
    assert (found.freight, found.tax, found.points_used) == (800, 2574 + 104, 100)
    await do(db, SYSTEM, pricing.save_freight, shop.merchant_id, ())
    assert (await till.quoted(db, shop, MUG)).freight == 0


async def test_a_tariff_that_is_already_so_is_left_alone(db: Database) -> None:
    shop = await given.shop(db)
    for _ in range(2):
        await do(db, SYSTEM, pricing.save_freight, shop.merchant_id, FREIGHT)
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'tariff.saved'") == 1


@pytest.mark.parametrize(
    ("save", "rules", "paths"),
    [
        (pricing.save_freight, (FREIGHT[0], FREIGHT[0]), ["rules[1].region"]),
        (pricing.save_freight, (pricing.FreightTariff(name={}, currency="XXX", region="33", fee=-1),),
         ["rules[0].country", "rules[0].currency", "rules[0].fee", "rules[0].name"]),
        (pricing.save_taxes, (pricing.TaxRate(name={"en": "T"}, rate=10001),), ["rules[0].rate"]),
        (pricing.save_points, pricing.PointsRule(points=0, amount=1, currency="CNY", most=0), ["most", "points"]),
    ],
)  # fmt: skip
async def test_everything_that_is_wrong_with_a_tariff_is_told_at_once(
    db: Database, save: Any, rules: Any, paths: Any
) -> None:
    shop = await given.shop(db)
    with pytest.raises(Refusal) as refused:
        await do(db, SYSTEM, save, shop.merchant_id, rules)
    assert sorted(one.path for one in refused.value.problems) == paths


class Counted:
    """A transaction that counts its statements."""

    def __init__(self, tx: Tx) -> None:
        self._tx, self.statements, self.now = tx, 0, tx.now

    async def fetch(self, sql: str, *args: Any) -> Any:
        """All rows, counted."""
        self.statements += 1
        return await self._tx.fetch(sql, *args)

    async def ask(self, one: asking.Ask[Any]) -> Any:
        """What one question is answered with, counted."""
        self.statements += 1
        return await self._tx.ask(one)


@pytest.mark.parametrize("shops", [1, 4])
async def test_loading_takes_the_same_number_of_queries_for_any_batch(db: Database, shops: int) -> None:
    opened = [await given.shop(db) for _ in range(shops)]
    asks = []
    for shop in opened:
        await till.running(db, shop, pricing.Amount(500), code="CC", limit_per_buyer=1)
        await till.running(db, shop, pricing.Amount(100), limit_total=9)
        mine = await till.buyer_id(db, shop)
        async with db.transaction(SYSTEM) as tx:
            asks += [await till.asked(tx, shop, MUG, mine, coupons=("CC", "DD"))] * 3
    async with db.transaction(SYSTEM) as tx:
        counted: Any = Counted(tx)
        terms = await pricing.terms_for(counted, asks)

    assert counted.statements <= 8
    assert {pricing.quote(ask, terms).discount for ask in asks} == {600}


async def test_a_merchant_without_rules_costs_one_query(db: Database) -> None:
    shop = await given.shop(db)
    async with db.transaction(SYSTEM) as tx:
        ask = await till.asked(tx, shop, MUG, None)
        counted: Any = Counted(tx)
        terms = await pricing.terms_for(counted, [ask])

    assert (counted.statements, terms.books, pricing.quote(ask, terms).layers) == (1, {}, ())


async def test_what_was_rolled_back_is_in_nobodys_price(db: Database) -> None:
    """Books are kept by edition, and an edition that never was is never seen again."""
    shop = await given.shop(db)

    async def break_off(tx: Tx) -> None:
        await pricing.save_freight(tx, shop.merchant_id, FREIGHT)
        ask = await till.asked(tx, shop, MUG, None)
        assert pricing.quote(ask, await pricing.terms_for(tx, [ask])).freight == 800
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await do(db, SYSTEM, break_off)
    assert (await till.quoted(db, shop, MUG)).freight == 0


async def test_the_layers_of_an_order_are_read_as_they_were_written(db: Database) -> None:
    shop = await given.shop(db)
    await till.running(db, shop, pricing.Tiers((pricing.Tier(30000, 4000),)))
    order_id = await till.sell(db, shop, {"MUG": 1, "TEE": 2, "SOCK": 1})
    plain = await till.sell(db, shop, MUG)
    async with db.reading(SYSTEM) as tx:
        found = await pricing.layers(tx, [order_id, plain])

    assert found[plain] == []
    assert [(one.layer.kind, one.layer.funder, one.layer.amount, one.layer.label.zh) for one in found[order_id]] == [
        ("threshold", "merchant", 4000, "活动")
    ]
    assert found[order_id][0].shares == ((1, 1901, 0), (2, 1718, 0), (3, 381, 0))
