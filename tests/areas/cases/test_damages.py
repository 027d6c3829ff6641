"""What a law gives beyond the price: as much as it says, whoever grants it, out of nobody's budget, and once."""

import asyncio

import pytest
from tests import given
from tests.areas.cases import desk
from tests.areas.cases.desk import ANNA, LEA, MARA

from dingdan.areas import cases, ledger, policies
from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


def damages(right: str = "CN_FRAUD", **more: object) -> cases.Propose:
    wanted = {"kind": cases.RemedyKind.COMPENSATION, "form": "money", "right": right} | more
    return cases.Propose(**wanted)  # type: ignore[arg-type]


async def cheated(db: Database, price: int, units: int = 1) -> cases.Case:
    """A buyer who was told something else about what they have in hand."""
    shop = await given.shop(db, prices={"RING": price})
    return await desk.trouble(db, await given.delivered_order(db, shop, {"RING": units}), "fraud")


async def propose(db: Database, case: cases.Case, wanted: cases.Propose, by: Actor = MARA) -> cases.Remedy:
    return await do(db, by, cases.propose, case.id, wanted)


@pytest.mark.requirement("W82")
@pytest.mark.parametrize(
    ("right", "price", "owed"),
    [("CN_FRAUD", 89_90, 500_00), ("CN_FRAUD", 600_00, 1_800_00), ("CN_FRAUD", 166_67, 500_01),
     ("CN_UNSAFE_FOOD", 99_99, 1_000_00), ("CN_UNSAFE_FOOD", 100_01, 1_000_10)],
)  # fmt: skip
def test_the_law_says_how_much(right: str, price: int, owed: int) -> None:
    found = policies.damages(policies.packs()[0], right)
    assert found is not None
    assert found.owed(price, "CNY") == owed


def test_only_a_rule_of_the_policy_that_gives_damages_gives_them() -> None:
    chinese, european, *_ = policies.packs()

    assert policies.damages(chinese, "CN_QUALITY") is None
    assert policies.rights(european) == []
    assert policies.DAMAGES["CN_FRAUD"].owed(10_00, "EUR") == 30_00


@pytest.mark.requirement("W82")
@pytest.mark.parametrize(("price", "owed"), [(89_90, 500_00), (600_00, 1_800_00)])
async def test_they_come_on_top_of_the_price_and_out_of_no_budget(db: Database, price: int, owed: int) -> None:
    case = await cheated(db, price)
    back = await propose(db, case, desk.refund())
    wanted = await propose(db, case, damages(), ANNA)
    assert (wanted.state, wanted.amount, wanted.budgeted) == ("proposed", owed, 0)
    assert (await do(db, MARA, cases.approve, wanted.id)).state == "approved"
    paid = await do(db, LEA, cases.pay, wanted.id, receipt="T-1")
    await given.settle(db)

    assert (back.amount, paid.state, paid.terms["right"]) == (price, "executed", "CN_FRAUD")
    async with db.reading(SYSTEM) as tx:
        books = {one.account: one.amount for one in await ledger.balances(tx, case.merchant_id)}
        assert await cases.budget(tx, case.order_id or 0) is None
    assert (books["compensations"], books["paid_by_hand"]) == (owed, -owed)


@pytest.mark.requirement("W82")
async def test_they_are_for_the_units_that_are_named_and_given_once(db: Database) -> None:
    case = await cheated(db, 300_00, 3)
    one = await propose(db, case, damages(lines=(cases.RemedyLine(1, 2),)))
    assert one.amount == 1_800_00
    with pytest.raises(cases.DamagesGranted):
        await propose(db, case, damages(lines=(cases.RemedyLine(1, 1),)))
    await do(db, MARA, cases.refuse, one.id, reason="other_units")
    got = await asyncio.gather(
        propose(db, case, damages()), propose(db, case, damages()), return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(each).__name__ for each in got) == ["DamagesGranted", "Remedy"]
    assert [each.amount for each in got if isinstance(each, cases.Remedy)] == [2_700_00]


async def test_what_is_no_right_of_the_order_is_refused_with_all_that_is_wrong(db: Database) -> None:
    case = await cheated(db, 300_00)
    with pytest.raises(cases.RemedyUnfit) as refused:
        await propose(db, case, damages("EU_EVERYTHING"))
    assert "CN_FRAUD, CN_UNSAFE_FOOD" in refused.value.message.en.format(**refused.value.params)
    with pytest.raises(Refusal) as wrong:
        await propose(
            db, case, damages(form="balance", amount=1, lines=(cases.RemedyLine(9, 1), cases.RemedyLine(1, 2)))
        )
    assert [(one.code, one.path) for one in wrong.value.problems] == [
        ("remedy.unfit", "right"), ("remedy.unfit", "amount"), ("order.line_unknown", "lines[0].line_no"),
        ("remedy.units_made_good", "lines[1].quantity"),
    ]  # fmt: skip
