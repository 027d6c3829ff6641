"""Both sides, arbitrators, and a matter that they disagree about."""

from datetime import datetime, timedelta
from typing import Any

from tests import given
from tests.areas.returns import road

from dingdan.areas import cases, disputes, refunds, returns, talks
from dingdan.areas.disputes import AtFault, Dispute, Issue, OpenDispute, Outcome, Rule, Ruling, Wish
from dingdan.areas.identity.permissions import ROLES
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

NO = {"reason": "EVIDENCE_INSUFFICIENT", "rule": "CN_QUALITY", "alternatives": ["price_reduction"]}
WHY = "照片清楚显示杯身开裂，商家未能证明出库完好。"
REFUND = (Wish(1, 1, Outcome.REFUND),)
NOTHING = (Wish(1, 1, Outcome.REJECT),)
SHORTLY, DAY = timedelta(seconds=1), timedelta(hours=24)


def arbitrator(number: int) -> Actor:
    return Actor(ActorKind.STAFF, number, f"arbitrator-{number}", None, ROLES["arbitrator"])


ANNA, BO, CHEN = arbitrator(71), arbitrator(72), arbitrator(73)


def ruling(lines: tuple[Wish, ...] = REFUND, **more: Any) -> Rule:
    wanted: dict[str, Any] = {
        "fault": AtFault.SELLER,
        "freight": Side.SELLER,
        "rules": ("PLATFORM_PROVED",),
        "text": WHY,
    }
    return Rule(lines=lines, **(wanted | more))


async def refused(db: Database, *, hand: Actor = SYSTEM, shop: given.Shop | None = None, **more: Any) -> returns.Return:
    """A return that the seller refused."""
    shop = shop or await given.shop(db, **more)
    order_id = await given.delivered_order(db, shop)
    held = await road.applied(db, shop, returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
    await do(db, hand, talks.refuse, held.id, text="看不出问题。", **NO)
    return await road.now_is(db, held)


async def picture(db: Database, order_id: int, mark: str = "a") -> int:
    return await road.shown(db, order_id, mark=mark)


async def opened(db: Database, held: returns.Return, *, issue: Issue = Issue.VISIBLE_FAULT, **more: Any) -> Dispute:
    """A dispute about a refused return, by its buyer, who shows a picture."""
    wanted: dict[str, Any] = {
        "subject": "return", "subject_id": held.id, "issue": issue, "side": Side.BUYER, "lines": REFUND, "text": "杯子裂了。",
    }  # fmt: skip
    if "evidence" not in more:
        more["evidence"] = (await picture(db, held.order_id),)
    return await do(db, SYSTEM, disputes.open_dispute, OpenDispute(**(wanted | more)))


async def heard(db: Database, held: returns.Return) -> Dispute:
    """A dispute in which everybody had their turn."""
    one = await opened(db, held)
    await do(db, SYSTEM, disputes.show, one.id, side=Side.SELLER, text="出库时完好。")
    return await do(db, SYSTEM, disputes.show, one.id, side=Side.BUYER, text="收到时就裂了。")


async def ruled(db: Database, held: returns.Return, **more: Any) -> tuple[Dispute, Ruling]:
    """A dispute that Anna has ruled about, for the buyer unless said otherwise."""
    one = await heard(db, held)
    given_ = await do(db, ANNA, disputes.rule, one.id, ruling(**more))
    return await now(db, one), given_


async def now(db: Database, one: Dispute) -> Dispute:
    async with db.reading(SYSTEM) as tx:
        return await disputes.get_one(tx, one.id)


async def proofs(db: Database, one: Dispute) -> list[tuple[str, str]]:
    """Who has to show, and what became of it."""
    async with db.reading(SYSTEM) as tx:
        found = await disputes.proofs(tx, await disputes.get_one(tx, one.id))
    return [(str(proof.turn.side), proof.standing) for proof in found]


async def clocks(db: Database, one: Dispute) -> dict[str, datetime | None]:
    async with db.reading(SYSTEM) as tx:
        return {clock.kind: clock.at for clock in await deadlines.of_subjects(tx, [one.id])}


async def turn_over(db: Database, one: Dispute) -> Dispute:
    """The time of whose turn it is passes, and they say nothing."""
    due = (await now(db, one)).turn_by
    assert due is not None, "it is somebody's turn"
    for kind in (disputes.BUYER_TURN, disputes.SELLER_TURN):
        for _ in range(2):
            await deadlines.run_due(db, kind, disputes.lapse_turns, at=due + SHORTLY, on_rung=disputes.warn_of_turn)
    return await now(db, one)


async def appeal_days_over(db: Database, one: Dispute) -> Dispute:
    """Nobody appeals, whoever has to does nothing, and the platform carries it out."""
    await final(db, one)
    return await carried_out(db, one)


async def final(db: Database, one: Dispute) -> Dispute:
    """Nobody appeals."""
    due = (await now(db, one)).appeal_by
    assert due is not None, "it was ruled about"
    await deadlines.run_due(db, disputes.APPEAL_BY, disputes.settle_unappealed, at=due + SHORTLY)
    return await now(db, one)


async def carried_out(db: Database, one: Dispute) -> Dispute:
    """The time of whoever has to carry it out passes."""
    due = (await now(db, one)).do_by
    assert due is not None, "it is final"
    for kind in (disputes.COMPLY, disputes.EXECUTE):
        for _ in range(2):
            await deadlines.run_due(db, kind, disputes.execute_due, at=due + SHORTLY, on_rung=disputes.warn_of_doing)
    await given.settle(db)
    return await now(db, one)


async def paid_back(db: Database, order_id: int) -> list[int]:
    async with db.reading(SYSTEM) as tx:
        return [one.amount for one in (await refunds.of_orders(tx, [order_id]))[order_id]]


async def remedies(db: Database, one: Dispute) -> list[tuple[str, str]]:
    """How a ruling was carried out."""
    async with db.reading(SYSTEM) as tx:
        found = (await cases.remedies_of(tx, [one.case_id]))[one.case_id] if one.case_id else []
    return [(str(remedy.kind), str(remedy.state)) for remedy in found]


async def later(db: Database, moment: datetime, command: Any, *args: Any, actor: Actor = SYSTEM, **more: Any) -> Any:
    return await do_at(db, actor, moment, command, *args, **more)
