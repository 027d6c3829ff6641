"""What buyers say of an order: after it arrived, changed once, sealed, hidden but not deleted."""

from datetime import timedelta

import pytest
from tests import given

from dingdan.areas import feedback, identity, orders
from dingdan.areas.feedback import rules
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("O5.4")

GOOD = feedback.Give(rating=5, text="王小明很满意", photos=("photo/1",),
                     lines=(feedback.LineRating(1, 4, "a bit small", ("photo/2",)),))  # fmt: skip


@pytest.fixture
async def order(db: Database) -> int:
    """An order in the buyer's hands."""
    return await given.delivered_order(db, await given.shop(db), {"MUG": 1, "TEE": 1})


async def said(db: Database, order_id: int) -> list[tuple[feedback.Feedback, feedback.Words]]:
    async with db.reading(SYSTEM) as tx:
        found = await feedback.of_orders(tx, [order_id])
        return list(zip(found, await feedback.words(tx, found), strict=True))


async def test_it_is_kept_sealed_and_can_be_changed_once(db: Database, order: int) -> None:
    first = await do(db, SYSTEM, feedback.give, order, GOOD)
    assert (await do(db, SYSTEM, feedback.give, order, GOOD)).version == first.version == 1
    changed = await do(db, SYSTEM, feedback.give, order, feedback.Give(rating=2))
    assert changed.version == 2
    with pytest.raises(feedback.ChangedAlready):
        await do(db, SYSTEM, feedback.give, order, GOOD)
    (one, words), (two, _) = await said(db, order)
    assert (one.rating, two.rating, one.lines) == (5, 2, (feedback.Rated(1, 4, ("photo/2",)),))
    assert words == feedback.Words("王小明很满意", {"1": "a bit small"})
    assert "王小明".encode() not in (one.sealed or b"")


async def test_it_can_be_changed_for_some_days_only(db: Database, order: int) -> None:
    first = await do(db, SYSTEM, feedback.give, order, GOOD)
    with pytest.raises(feedback.ChangedAlready):
        await do_at(db, SYSTEM, first.given_at + timedelta(days=31), feedback.give, order, feedback.Give(rating=1))


async def test_nobody_rates_what_they_do_not_have(db: Database) -> None:
    order_id = await given.shipped_order(db, await given.shop(db))
    with pytest.raises(feedback.NotDeliveredYet):
        await do(db, SYSTEM, feedback.give, order_id, GOOD)
    with pytest.raises(orders.OrderUnknown):
        await do(db, SYSTEM, feedback.give, 12345, GOOD)


async def test_all_that_is_wrong_with_it_is_said_at_once(db: Database, order: int) -> None:
    bad = feedback.Give(rating=6, text="x" * 2001, lines=(feedback.LineRating(9, 0), feedback.LineRating(1, 1, "\0"),
                                                          feedback.LineRating(1, 1)))  # fmt: skip
    with pytest.raises(Refusal) as refused:
        await do(db, SYSTEM, feedback.give, order, bad)
    assert [problem.path for problem in refused.value.problems] == [
        "rating", "text", "lines[0].line_no", "lines[0].rating", "lines[1].text", "lines[2].line_no",
    ]  # fmt: skip
    assert await said(db, order) == []


@pytest.mark.parametrize("rating", range(1, 6))
def test_five_steps_are_fine(rating: int) -> None:
    assert rules.problems({1}, feedback.Give(rating=rating)) == []


async def test_hidden_is_not_deleted(db: Database, order: int) -> None:
    with pytest.raises(feedback.NoFeedback):
        await do(db, SYSTEM, feedback.hide, order, reason="insult")
    await do(db, SYSTEM, feedback.give, order, GOOD)
    for _ in range(2):
        await do(db, SYSTEM, feedback.hide, order, reason="insult")
    await do(db, SYSTEM, feedback.give, order, feedback.Give(rating=1, text="again"))
    assert [(one.hidden_reason, bool(words.text)) for one, words in await said(db, order)] == [("insult", True)] * 2
    for _ in range(2):
        await do(db, SYSTEM, feedback.show, order)
    assert [one.hidden_at for one, _ in await said(db, order)] == [None, None]
    async with db.reading(SYSTEM) as tx:
        told = await tx.fetch("SELECT wire FROM facts WHERE wire LIKE 'feedback.%' ORDER BY id")
    assert [row["wire"] for row in told] == ["feedback.given", "feedback.hidden", "feedback.given", "feedback.shown"]


async def test_words_go_with_the_person(db: Database, order: int) -> None:
    await do(db, SYSTEM, feedback.give, order, GOOD)
    async with db.transaction(SYSTEM) as tx:
        await identity.forget(tx, (await orders.get_one(tx, order)).buyer_id)
    assert [(one.rating, words) for one, words in await said(db, order)] == [(5, feedback.Words())]
