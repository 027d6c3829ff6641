"""What is done about a case: who may grant it, that it is done once, and that nobody gets more than may be given."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.cases import desk
from tests.areas.cases.desk import ANNA, BELA, LEA, LUC, MARA, MILO

from dingdan.areas import cases, credit, identity, orders, pricing, refunds, returns
from dingdan.areas.cases.rules import authority
from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def propose(db: Database, case: cases.Case, wanted: cases.Propose, by: Actor = ANNA) -> cases.Remedy:
    return await do(db, by, cases.propose, case.id, wanted)


async def delivered(db: Database, prices: dict[str, int], lines: dict[str, int], **more: Any) -> cases.Case:
    shop = await given.shop(db, prices=prices, **more)
    return await desk.trouble(db, await given.delivered_order(db, shop, lines))


async def order_of(db: Database, case: cases.Case) -> orders.Order:
    async with db.reading(SYSTEM) as tx:
        return await orders.get_one(tx, case.order_id or 0)


@pytest.mark.requirement("O6.7")
async def test_everybody_grants_up_to_their_limit(db: Database) -> None:
    limits = {ANNA: 50_00, LEA: 500_00, MARA: 5_000_00}
    prices = {f"R{limit + more}": limit + more for limit in limits.values() for more in (0, 1)}
    case = await delivered(db, prices, dict.fromkeys(prices, 1))
    async with db.reading(SYSTEM) as tx:
        line_of = {
            line.sku: line.line_no for line in (await orders.lines(tx, [case.order_id or 0]))[case.order_id or 0]
        }
    got = {}
    for by, limit in limits.items():
        for amount in (limit, limit + 1):
            made = await propose(db, case, desk.refund(line_of[f"R{amount}"]), by)
            got[by.name, made.amount - limit] = str(made.state)
    assert got == {
        (name, more): "proposed" if more else "executed" for name in ("Anna", "Lea", "Mara") for more in (0, 1)
    }


@pytest.mark.requirement("O6.7")
async def test_above_it_somebody_else_of_a_level_that_reaches_says_yes(db: Database) -> None:
    case = await delivered(db, {"RING": 500_01}, {"RING": 2})
    wanted = await propose(db, case, desk.refund(), LEA)
    with pytest.raises(cases.SameHand):
        await do(db, LEA, cases.approve, wanted.id)
    for too_low in (ANNA, LUC):
        with pytest.raises(cases.BeyondAuthority):
            await do(db, too_low, cases.approve, wanted.id)
    assert (await do(db, MARA, cases.approve, wanted.id)).state == "executed"
    with pytest.raises(cases.RemedyStateForbids):
        await do(db, MILO, cases.approve, wanted.id)


@pytest.mark.requirement("O6.7")
def test_a_currency_that_nobody_named_gives_nobody_anything_alone() -> None:
    terms = cases.CaseTerms(agent={"CNY": 1}, lead={"CNY": 2}, manager={"CNY": 3}, budget_at_most={"CNY": 4})
    assert authority.alone_up_to(MARA, "XYZ", terms) == 0
    assert authority.budget_of(100, "XYZ", terms) == 0


@pytest.mark.requirement("O6.8")
async def test_no_unit_is_made_good_twice(db: Database) -> None:
    case = await delivered(db, {"SOCK": 10_00}, {"SOCK": 3})
    await propose(db, case, desk.refund(units=1))
    await propose(db, case, desk.reship(units=1))
    for wanted in (desk.refund(units=2), desk.reship(units=2)):
        with pytest.raises(cases.UnitsMadeGood):
            await propose(db, case, wanted)
    await propose(db, case, desk.refund(units=1))
    with pytest.raises(cases.RemedyUnfit):
        await propose(db, case, cases.Propose(kind=cases.RemedyKind.REFUND))


@pytest.mark.requirement("O6.8")
async def test_money_back_is_exactly_what_was_paid_and_not_a_cent_more(db: Database) -> None:
    case = await delivered(db, {"SOCK": 39_90}, {"SOCK": 1}, freight=8_00)
    done = await propose(db, case, desk.refund())
    await given.settle(db)
    order = await order_of(db, case)
    async with db.reading(SYSTEM) as tx:
        refund = await refunds.get_one(tx, done.refund_id or 0)
    assert (refund.amount, refund.cause, refund.approved_by_kind) == (order.total, "case", "system")
    assert order.total == 47_90


@pytest.mark.requirement("W37")
@pytest.mark.requirement("O6.8")
async def test_goods_that_are_kept_for_less_bring_the_rest_when_they_come_back(db: Database) -> None:
    """W37: 20 % off a line of 36.09, then the whole of it."""
    case = await delivered(db, {"SOCK": 36_09}, {"SOCK": 1})
    await propose(db, case, desk.refund(amount=7_22))
    async with db.reading(SYSTEM) as tx:
        rest = await refunds.quote(tx, case.order_id or 0, [refunds.AskedLine(1, 1)])
    assert rest.amount == 28_87
    with pytest.raises(refunds.OverRefund):
        await propose(db, case, desk.refund(amount=28_88))


@pytest.mark.requirement("O6.8")
async def test_beyond_what_was_paid_there_is_a_budget(db: Database) -> None:
    case = await delivered(db, {"SOCK": 40_00}, {"SOCK": 1})
    given_ = await propose(db, case, desk.compensation(15_00))
    with pytest.raises(cases.BudgetSpent):
        await propose(db, case, desk.compensation(5_01))
    await propose(db, case, desk.compensation(5_00))
    async with db.reading(SYSTEM) as tx:
        budget = await cases.budget(tx, case.order_id or 0)
        (purse,) = (await credit.get(tx, [given_.purse_id or 0])).values()
    assert budget is not None
    assert (budget.budget, budget.granted, purse.balance) == (20_00, 20_00, 20_00)


@pytest.mark.requirement("O6.8")
async def test_what_is_refused_or_declined_is_there_again(db: Database) -> None:
    case = await delivered(db, {"SOCK": 40_00}, {"SOCK": 1})
    offered = await propose(db, case, desk.compensation(20_00, needs_consent=True))
    assert offered.state == "approved"
    with pytest.raises(cases.BudgetSpent):
        await propose(db, case, desk.compensation(1))
    assert (await do(db, SYSTEM, cases.decline, offered.id)).state == "declined"
    again = await propose(db, case, desk.compensation(20_00, needs_consent=True))
    assert (await do(db, ANNA, cases.refuse, again.id, reason="too_much")).state == "refused"
    third = await propose(db, case, desk.compensation(20_00, "money"))
    assert (await do(db, LEA, cases.pay, third.id, receipt="T-1")).state == "executed"


@pytest.mark.requirement("O6.8")
async def test_two_who_grant_at_once_give_once(db: Database) -> None:
    case = await delivered(db, {"SOCK": 40_00}, {"SOCK": 1})
    other = await desk.trouble(db, case.order_id or 0, "wrong_item")
    got = await asyncio.gather(
        propose(db, case, desk.compensation(15_00)), propose(db, other, desk.compensation(15_00), BELA),
        propose(db, case, desk.refund()), propose(db, other, desk.refund(), BELA), return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in got) == ["BudgetSpent", "Remedy", "Remedy", "UnitsMadeGood"]


@pytest.mark.requirement("O6.8")
async def test_two_who_approve_at_once_carry_it_out_once(db: Database) -> None:
    case = await delivered(db, {"RING": 400_00}, {"RING": 1})
    wanted = await propose(db, case, desk.refund())
    got = await asyncio.gather(
        do(db, LEA, cases.approve, wanted.id), do(db, LUC, cases.approve, wanted.id), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in got) == ["Remedy", "RemedyStateForbids"]


@pytest.mark.requirement("O4.7")
async def test_what_is_sent_again_is_taken_from_the_shelf_or_not_sent(db: Database) -> None:
    shop = await given.shop(db, prices={"SOCK": 10_00}, stock=3)
    case = await desk.trouble(db, await given.delivered_order(db, shop, {"SOCK": 2}))
    with pytest.raises(cases.NothingToSend):
        await propose(db, case, desk.reship(units=2))
    sent = await propose(db, case, desk.reship())
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        order = await orders.get_one(tx, sent.replaced_by or 0)
        reserved = await tx.fetchval("SELECT sum(reserved) FROM stock")
        to = await identity.contact(tx, order.contact_id)
    assert (order.state, order.total, to and to.address, reserved) == ("confirmed", 0, given.ADDRESS, 1)


@pytest.mark.requirement("O4.7")
async def test_what_has_not_left_is_not_sent_again(db: Database) -> None:
    case = await desk.trouble(db, await given.paid_order(db, await given.shop(db)))
    with pytest.raises(cases.NotLeftYet):
        await propose(db, case, desk.reship())


@pytest.mark.requirement("O6.8")
async def test_a_voucher_is_a_coupon_of_that_amount(db: Database) -> None:
    case = await delivered(db, {"SOCK": 40_00}, {"SOCK": 1})
    async with db.transaction(SYSTEM) as tx:
        draft = pricing.Draft(name={"en": "Sorry"}, benefit=pricing.Amount(10_00), code="SORRY", currency="CNY",
                              starts_at=tx.now, needs_grant=True)  # fmt: skip
        coupon = await pricing.create(tx, case.merchant_id, draft)
    for amount in (9_99, 10_01):
        with pytest.raises(cases.RemedyUnfit):
            await propose(db, case, desk.compensation(amount, "voucher", promotion_id=coupon.id))
    done = await propose(db, case, desk.compensation(10_00, "voucher", promotion_id=coupon.id))
    assert (done.state, done.grant_id is not None) == ("executed", True)


async def test_everything_that_is_wrong_is_said_at_once(db: Database) -> None:
    case = await delivered(db, {"SOCK": 40_00}, {"SOCK": 1})
    wanted = cases.Propose(kind=cases.RemedyKind.SUBSTITUTE, amount=1, lines=(
        cases.RemedyLine(9, 1), cases.RemedyLine(1, 5)))  # fmt: skip
    with pytest.raises(Refusal) as refused:
        await propose(db, case, wanted)
    assert [one.path for one in refused.value.problems] == [
        "lines[0].sku", "lines[1].sku", "amount", "lines[0].line_no", "lines[1].quantity",
    ]  # fmt: skip
    with pytest.raises(cases.RemedyNotOfKind):
        await propose(db, case, cases.Propose(kind=cases.RemedyKind.TAKE_BACK, reason="NO_REASON"))


async def test_a_case_with_something_open_is_neither_closed_nor_withdrawn(db: Database) -> None:
    case = await delivered(db, {"RING": 400_00}, {"RING": 1})
    wanted = await propose(db, case, desk.refund())
    for act, more in ((cases.close, {"closure": "paid_back"}), (cases.withdraw, {"reason": "mistake"})):
        with pytest.raises(cases.RemedyOpen):
            await do(db, ANNA, act, case.id, **more)
    await do(db, LEA, cases.refuse, wanted.id, reason="no")
    with pytest.raises(cases.ClosureUnknown):
        await do(db, ANNA, cases.close, case.id, closure="nonsense")
    assert (await do(db, ANNA, cases.withdraw, case.id, reason="mistake")).state == "withdrawn"


async def test_another_merchants_case_does_not_exist(db: Database) -> None:
    case = await delivered(db, {"SOCK": 40_00}, {"SOCK": 1})
    stranger = Actor(desk.ActorKind.STAFF, 9, "X", (await given.shop(db)).merchant_id, desk.BOSS_MAY)
    made = await propose(db, case, desk.compensation(1, "money"))
    for act, more in ((cases.take, {}), (cases.withdraw, {"reason": "x"}), (cases.note, {"text": "x"})):
        with pytest.raises(cases.CaseUnknown):
            await do(db, stranger, act, case.id, **more)
    with pytest.raises(cases.RemedyUnknown):
        await do(db, stranger, cases.pay, made.id, receipt="x")


@pytest.mark.requirement("O6.5")
@pytest.mark.parametrize(
    ("freight", "paid"),
    [pytest.param(0, 129_00, marks=pytest.mark.requirement("W27")),
     pytest.param(10_00, 139_00, marks=pytest.mark.requirement("W27b"))],
)  # fmt: skip
async def test_what_was_turned_away_without_a_reason_brings_the_price_less_the_way_back(
    db: Database, freight: int, paid: int
) -> None:
    shop = await given.shop(db, prices={"POT": 129_00}, freight=freight)
    order_id = await given.shipped_order(db, shop)
    await desk.scan(db, order_id, "turned_away")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
        total = (await orders.get_one(tx, order_id)).total
    done = await propose(db, case, cases.Propose(kind=cases.RemedyKind.TAKE_BACK, reason="REFUSED_NO_REASON",
                                                 postage=8_00))  # fmt: skip
    async with db.transaction(SYSTEM) as tx:
        await returns.receive(tx, [returns.Receive(done.return_id or 0)])
        found = returns.InspectedLine(
            line_no=1, quantity=1, is_original=True, intact=True, grade="A", disposition="restock"
        )
        (looked,) = await returns.inspect(tx, [returns.Inspect(done.return_id or 0, (found,))])
    assert (total, looked.refund) == (paid, 121_00)


@pytest.mark.requirement("W44")
@pytest.mark.requirement("O4.7")
async def test_what_was_lost_before_anybody_signed_is_paid_back_whole_with_the_freight(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 179_99, "B": 162_62, "C": 36_09}, freight=10_00)
    order_id = await given.shipped_order(db, shop, {"A": 1, "B": 1, "C": 1})
    await desk.scan(db, order_id, "lost")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
    done = await propose(db, case, cases.Propose(kind=cases.RemedyKind.REFUND), LEA)
    assert (done.state, done.amount) == ("executed", 388_70)
    assert case.resolve_by is not None
    assert case.resolve_by - case.opened_at == timedelta(hours=24)
