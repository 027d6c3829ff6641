"""Yes, no, and silence."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.returns import road
from tests.areas.returns.road import applied

from dingdan.areas import returns
from dingdan.areas.returns import ApplyLine, Decision
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def waiting(
    db: Database, shop: given.Shop, *, reason: str = "QUALITY_DEFECT", claimed: int | None = None
) -> returns.Return:
    order_id = await given.delivered_order(db, shop)
    return await applied(db, shop, ApplyLine(1, reason, order_id, 1, claimed_unit_price=claimed))


async def time_out(db: Database, held: returns.Return) -> returns.Return:
    """Nobody looks for 48 hours and a minute."""
    late = held.requested_at + timedelta(hours=48, minutes=1)
    assert await deadlines.run_due(db, returns.REVIEW, returns.time_out_review, at=late) == 1
    return await road.now_is(db, held)


@pytest.mark.requirement("R2.2")
async def test_a_person_says_yes_and_the_clock_to_send_begins(db: Database) -> None:
    held = await waiting(db, await given.shop(db))
    approved = await do(db, SYSTEM, returns.approve, held.id)

    assert approved == await road.now_is(db, held)
    assert approved.decision is Decision.APPROVED
    async with db.transaction(SYSTEM) as tx:
        (due,) = await deadlines.of_subjects(tx, [held.id])
    assert (due.kind, due.at) == ("return.send_by", approved.send_by)


@pytest.mark.requirement("R2.5")
async def test_a_person_says_no_with_rule_and_alternatives(db: Database) -> None:
    held = await waiting(db, await given.shop(db))
    no = await do(db, SYSTEM, returns.refuse, held.id, reason="EVIDENCE_INSUFFICIENT", rule="CN_QUALITY",
                  alternatives=["repair", "price_reduction"])  # fmt: skip

    assert no == await road.now_is(db, held)
    assert (no.decision, no.refusal_reason, no.alternatives) == (
        Decision.REFUSED, "EVIDENCE_INSUFFICIENT", ["repair", "price_reduction"],
    )  # fmt: skip
    assert no.rules[-1] == "CN_QUALITY"
    async with db.transaction(SYSTEM) as tx:
        assert await deadlines.of_subjects(tx, [held.id]) == []


@pytest.mark.requirement("R2.3")
@pytest.mark.requirement("R2.5")
@pytest.mark.parametrize(
    ("reason", "rule", "alternatives", "path"),
    [
        ("BECAUSE", "CN_QUALITY", ["repair"], "reason"),
        ("NOT_INTACT", "OUR_MOOD", ["repair"], "rule"),
        ("NOT_INTACT", "CN_QUALITY", [], "alternatives"),
        ("NOT_INTACT", "CN_QUALITY", ["go_away"], "alternatives"),
    ],
)
async def test_a_no_without_a_ground_or_without_anything_instead_is_none(
    db: Database, reason: str, rule: str, alternatives: list[str], path: str
) -> None:
    held = await waiting(db, await given.shop(db))
    with pytest.raises(returns.RefusalUnfounded) as caught:
        await do(db, SYSTEM, returns.refuse, held.id, reason=reason, rule=rule, alternatives=alternatives)

    assert caught.value.path == path
    assert await road.now_is(db, held) == held


async def test_what_was_decided_is_not_decided_again(db: Database) -> None:
    held = await waiting(db, await given.shop(db))
    await do(db, SYSTEM, returns.approve, held.id)

    with pytest.raises(returns.StateForbids):
        await do(db, SYSTEM, returns.approve, held.id)
    with pytest.raises(returns.StateForbids):
        await do(db, SYSTEM, returns.refuse, held.id, reason="NOT_INTACT", rule="CN_QUALITY", alternatives=["repair"])


async def test_a_yes_and_a_no_at_once_are_one_decision(db: Database) -> None:
    shop = await given.shop(db)
    for _ in range(5):
        held = await waiting(db, shop)
        ended = await asyncio.gather(
            do(db, SYSTEM, returns.approve, held.id),
            do(db, SYSTEM, returns.refuse, held.id, reason="NOT_INTACT", rule="CN_QUALITY", alternatives=["repair"]),
            do(db, SYSTEM, returns.withdraw, held.id),
            return_exceptions=True,
        )
        refused = [end for end in ended if isinstance(end, Refusal)]
        # An approved return may still be withdrawn; nothing else follows anything else.
        assert len(refused) in (1, 2)
        wires = await road.wires(db, held)
        assert wires[1:] in (["approved"], ["refused"], ["withdrawn"], ["approved", "withdrawn"])


@pytest.mark.requirement("R2.8")
async def test_a_buyer_may_withdraw_and_apply_again(db: Database) -> None:
    shop = await given.shop(db)
    held = await waiting(db, shop, reason="NO_REASON")
    assert (await do(db, SYSTEM, returns.withdraw, held.id)).decision is Decision.WITHDRAWN

    assert (await applied(db, shop, ApplyLine(1, order_id=held.order_id, line_no=1))).id != held.id
    with pytest.raises(returns.StateForbids):
        await do(db, SYSTEM, returns.withdraw, held.id)


async def test_goods_on_their_way_are_not_withdrawn(db: Database) -> None:
    held = await waiting(db, await given.shop(db), reason="NO_REASON")
    await road.sent(db, held)

    with pytest.raises(returns.StateForbids):
        await do(db, SYSTEM, returns.withdraw, held.id)


class TestSilence:
    @pytest.mark.requirement("R2.2")
    async def test_is_a_yes_to_what_could_have_come_back_without_a_reason(self, db: Database) -> None:
        held = await time_out(db, await waiting(db, await given.shop(db)))

        assert (held.decision, held.escalated) == (Decision.APPROVED, False)
        async with db.transaction(SYSTEM) as tx:
            rule = await tx.fetchval(
                "SELECT rule FROM facts WHERE wire = 'return.approved' AND subject_id = $1", held.id
            )
        assert rule == "review.silence"

    @pytest.mark.requirement("R2.2")
    async def test_is_no_answer_to_a_price_that_was_never_paid(self, db: Database) -> None:
        held = await time_out(db, await waiting(db, await given.shop(db), reason="NO_REASON", claimed=1))

        assert (held.decision, held.escalated) == (Decision.REQUESTED, True)
        assert await road.wires(db, held) == ["requested", "escalated"]

    async def test_is_no_answer_where_the_merchant_wants_none(self, db: Database) -> None:
        held = await time_out(db, await waiting(db, await given.shop(db, silence_approves=False)))

        assert (held.decision, held.escalated) == (Decision.REQUESTED, True)

    async def test_is_no_answer_to_what_only_a_fault_could_bring_back(self, db: Database) -> None:
        held = await time_out(db, await waiting(db, await given.shop(db, flags=("perishable",)), reason="SPOILED"))

        assert (held.decision, held.escalated) == (Decision.REQUESTED, True)

    async def test_comes_too_late_for_what_was_decided(self, db: Database) -> None:
        held = await waiting(db, await given.shop(db), claimed=1)
        await do(db, SYSTEM, returns.approve, held.id)
        before = await road.now_is(db, held)
        await do(db, SYSTEM, returns.time_out_review, [held.id])

        assert await road.now_is(db, held) == before

    async def test_goes_up_once(self, db: Database) -> None:
        held = await waiting(db, await given.shop(db), claimed=1)
        for _ in range(2):
            await do(db, SYSTEM, returns.time_out_review, [held.id])

        assert await road.wires(db, held) == ["requested", "escalated"]
