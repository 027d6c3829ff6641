"""An arbitrator rules, with reasons and rules; above their limit a second one signs. Who had a hand in it does not."""

from collections.abc import Sequence

from dingdan.areas import cases, identity, orders, policies, refunds, returns
from dingdan.areas.disputes import store
from dingdan.areas.disputes.events import (
    DisputeRuled,
    DisputeSettled,
    DisputeUnruled,
    RulingGiven,
    RulingProposed,
    RulingRefused,
)
from dingdan.areas.disputes.lifecycle import RULING, WAITING, DisputeState, RulingState
from dingdan.areas.disputes.model import (
    APPEAL_WITHIN,
    DO_WITHIN,
    AtFault,
    Dispute,
    Executor,
    Instance,
    Outcome,
    Rule,
    Ruling,
    Weighed,
    Wish,
)
from dingdan.areas.disputes.promises import APPEAL_BY, COMPLY, EXECUTE, RULE_BY
from dingdan.areas.disputes.reading import Held, demand_going, get_one, get_ruling, hold, units
from dingdan.areas.disputes.refusals import (
    DisputeStateForbids,
    DisputeUnknown,
    NeedsArbitrator,
    NotImpartial,
    RulingOpen,
    RulingStateForbids,
)
from dingdan.areas.disputes.rules import deciding
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.ids import encode
from dingdan.kernel.money import MAX_AMOUNT, part_of_units
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.deadlines import Rung
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

Hand = tuple[str, int | None]


async def rule(tx: Tx, dispute_id: int, wanted: Rule) -> Ruling:
    """Rule about a dispute, or about the appeal; within the arbitrator's limit it holds at once.

    Raises DisputeUnknown, NeedsArbitrator, DisputeStateForbids, StandsStill, NotImpartial, RulingOpen, AgainstSilence, or
    everything that is wrong with it at once: ClaimUnfit, LineUnknown, RulingUnfit, and what refunds refuse.
    """
    held = (await hold(tx, [dispute_id])).get(dispute_id)
    if held is None:
        raise DisputeUnknown
    demand_arbitrator(tx)
    if held.dispute.state not in WAITING:
        raise DisputeStateForbids(state=str(held.dispute.state), verb="rule")
    demand_going(held.dispute)
    await demand_impartial(tx, held.dispute)
    if held.dispute.state is DisputeState.DECIDING:
        deciding.demand_silence_loses(held.dispute, wanted.lines)
    return await _rule(tx, held, wanted, alone_up_to=await _alone_up_to(tx, held.order.currency))


async def weigh(tx: Tx, dispute_id: int, lines: Sequence[Wish], fault: AtFault) -> Weighed:
    """What a ruling would be worth, by the rules that `rule` goes by. Writes nothing. Raises what refunds refuse."""
    one = await get_one(tx, dispute_id)
    order = await orders.get_one(tx, one.order_id)
    sold, left = await units(tx, order, one.subject, one.subject_id)
    refuse_all(deciding.problems_of_lines(lines, left, sold))
    worth, limit = await _worth(tx, order, lines), await _alone_up_to(tx, one.currency)
    return Weighed(worth, worth > limit, deciding.executor_of(lines, fault))


async def sign(tx: Tx, ruling_id: int) -> Ruling:
    """Agree with what another arbitrator proposed: it holds.

    Raises RulingUnknown, RulingStateForbids, NeedsArbitrator, StandsStill or NotImpartial.
    """
    held, one = await _hold_proposed(tx, ruling_id, "give")
    await _give(tx, held, one, signed_by_kind=str(tx.actor.kind), signed_by=tx.actor.id, signed_at=tx.now)
    return await get_ruling(tx, ruling_id)


async def refuse(tx: Tx, ruling_id: int) -> Ruling:
    """Do not agree: somebody rules anew. Raises RulingUnknown, RulingStateForbids, NeedsArbitrator or NotImpartial."""
    held, one = await _hold_proposed(tx, ruling_id, "refuse")
    moved = await store.move_rulings(tx, "refuse", [ruling_id], signed_by_kind=str(tx.actor.kind),
                                     signed_by=tx.actor.id, signed_at=tx.now)  # fmt: skip
    tx.announce(RulingRefused(subject_id=ruling_id, merchant_id=one.merchant_id, order_id=one.order_id,
                              move=moved[ruling_id], dispute=encode("dispute", held.dispute.id)))  # fmt: skip
    return await get_ruling(tx, ruling_id)


async def rule_by_silence(tx: Tx, held: Held) -> Ruling | None:
    """Who had to prove it said nothing: the system rules against them, up to what one arbitrator rules alone.

    Above it, or where what is claimed cannot be given as it stands, a person rules; they are bound by the silence too.
    """
    wanted = deciding.by_silence(held.dispute)
    if wanted is None:
        return None
    sold, left = await units(tx, held.order, held.dispute.subject, held.dispute.subject_id)
    if deciding.problems_of_lines(wanted.lines, left, sold):
        return None
    limit = await _alone_up_to(tx, held.order.currency)
    try:
        worth = await _worth(tx, held.order, wanted.lines)
    except Refusal:
        # What is claimed cannot be paid as it stands.
        return None
    if worth > limit:
        return None
    return await _rule(tx, held, wanted, alone_up_to=limit)


async def note_unruled(tx: Tx, dispute_ids: Sequence[int]) -> None:
    """The time to rule is over; somebody is to look."""
    await _note_unruled(tx, "overdue", "arbitrator", dispute_ids)


async def remind_to_rule(tx: Tx, rung: Rung, dispute_ids: Sequence[int]) -> None:
    """Half of the time is gone, or it is over since a day."""
    await _note_unruled(tx, rung.name, rung.role, dispute_ids)


async def settle(tx: Tx, dispute: Dispute, ruling: Ruling) -> None:
    """A ruling is final: who has to carries it out within their time, else the platform does."""
    is_sellers = ruling.executor is Executor.SELLER
    until = tx.now + DO_WITHIN if is_sellers else tx.now
    moved = await store.move(tx, "settle", [dispute.id], final_at=tx.now, do_by=until, rule_by=None)
    for clock in (APPEAL_BY, RULE_BY):
        await deadlines.call_off(tx, clock, [dispute.id])
    await deadlines.schedule(tx, COMPLY if is_sellers else EXECUTE,
                             [deadlines.Due(dispute.id, dispute.merchant_id, until, dispute.order_id)])  # fmt: skip
    tx.announce(DisputeSettled(subject_id=dispute.id, merchant_id=dispute.merchant_id, order_id=dispute.order_id,
                               move=moved[dispute.id], ruling=encode("ruling", ruling.id),
                               fault=str(ruling.fault), executor=str(ruling.executor), until=until))  # fmt: skip


async def _rule(tx: Tx, held: Held, wanted: Rule, *, alone_up_to: int) -> Ruling:
    one, order = held.dispute, held.order
    policy = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id]
    sold, left = await units(tx, order, one.subject, one.subject_id)
    refuse_all([
        *deciding.problems_of_lines(wanted.lines, left, sold),
        *deciding.problems_of_ruling(wanted, policy.document.rules),
    ])  # fmt: skip
    (sealed,) = await identity.seal(tx, [(one.buyer_id, wanted.text.strip().encode())])
    new = Ruling(
        id=tx.mint(), dispute_id=one.id, order_id=one.order_id, merchant_id=one.merchant_id, buyer_id=one.buyer_id,
        instance=Instance.APPEAL if one.state is DisputeState.APPEALED else Instance.FIRST, state=RulingState.PROPOSED,
        version=1, lines=list(wanted.lines), fault=wanted.fault, freight=wanted.freight,
        executor=deciding.executor_of(wanted.lines, wanted.fault),
        rules=list(dict.fromkeys(wanted.rules)), sealed=sealed, worth=await _worth(tx, order, wanted.lines),
        alone_up_to=alone_up_to, ruled_by_kind=str(tx.actor.kind), ruled_by=tx.actor.id, ruled_at=tx.now,
        signed_by_kind=None, signed_by=None, signed_at=None,
    )  # fmt: skip
    if not await store.add_ruling(tx, new):
        raise RulingOpen
    tx.announce(RulingProposed(subject_id=new.id, merchant_id=one.merchant_id, order_id=one.order_id,
                               move=born(RULING, new.id), dispute=encode("dispute", one.id), instance=str(new.instance),
                               worth=new.worth, currency=one.currency))  # fmt: skip
    if new.worth <= alone_up_to:
        await _give(tx, held, new)
    return await get_ruling(tx, new.id)


async def _give(tx: Tx, held: Held, one: Ruling, **signed: object) -> None:
    dispute = held.dispute
    moved = await store.move_rulings(tx, "give", [one.id], **signed)
    tx.announce(RulingGiven(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved[one.id],
                            dispute=encode("dispute", dispute.id)))  # fmt: skip
    await deadlines.call_off(tx, RULE_BY, [dispute.id])
    if one.instance is Instance.APPEAL:
        await settle(tx, dispute, one)
        return
    until = tx.now + APPEAL_WITHIN
    stepped = await store.move(tx, "rule", [dispute.id], appeal_by=until, rule_by=None)
    await deadlines.schedule(tx, APPEAL_BY, [deadlines.Due(dispute.id, dispute.merchant_id, until, dispute.order_id)])
    tx.announce(DisputeRuled(subject_id=dispute.id, merchant_id=dispute.merchant_id, order_id=dispute.order_id,
                             move=stepped[dispute.id], ruling=encode("ruling", one.id), fault=str(one.fault),
                             rules=one.rules, executor=str(one.executor),
                             until=until))  # fmt: skip


async def _hold_proposed(tx: Tx, ruling_id: int, verb: str) -> tuple[Held, Ruling]:
    """A ruling that waits for a second signature, by somebody who may give it."""
    held = (await hold(tx, [(await get_ruling(tx, ruling_id)).dispute_id])).popitem()[1]
    one = await get_ruling(tx, ruling_id)
    demand_arbitrator(tx)
    if verb == "give":
        demand_going(held.dispute)
    if one.state not in RULING.moves[verb].sources:
        raise RulingStateForbids(state=str(one.state), verb=verb)
    await demand_impartial(tx, held.dispute)
    return held, one


def demand_arbitrator(tx: Tx) -> None:
    """A person of the platform, or whoever acts for one. Raises NeedsArbitrator."""
    if tx.actor.merchant_id is not None or tx.actor.kind not in (ActorKind.STAFF, ActorKind.KEY):
        raise NeedsArbitrator


async def demand_impartial(tx: Tx, dispute: Dispute) -> None:
    """Whoever decided, inspected, helped, argued or ruled before does not rule (R6.4). Raises NotImpartial."""
    me = (str(tx.actor.kind), tx.actor.id)
    if me in {(one.ruled_by_kind, one.ruled_by) for one in (await store.rulings(tx, [dispute.id]))[dispute.id]}:
        raise NotImpartial(why="you ruled about it before", why_zh="您已作出过裁决")
    said = {(one.said_by_kind, one.said_by) for one in (await store.entries(tx, [dispute.id]))[dispute.id]}
    if me in said or me in await _hands(tx, dispute):
        raise NotImpartial(why="you decided, inspected or argued in it", why_zh="您曾参与审核、检验、处理或举证")


async def _hands(tx: Tx, dispute: Dispute) -> set[Hand]:
    """Everybody who had a hand in the returns and cases of the order."""
    hands: set[Hand] = set()
    for one in await returns.of_orders(tx, [dispute.order_id]):
        hands.add((one.decided_by_kind or "", one.decided_by))
        hands |= {(found.inspector_kind, found.inspector_id) for found in await returns.findings(tx, one.id)}
    troubles = await cases.of_orders(tx, [dispute.order_id])
    hands |= await cases.hands(tx, [case.id for case in troubles])
    return hands


async def _alone_up_to(tx: Tx, currency: str) -> int:
    """How much one arbitrator rules alone: what a manager grants alone."""
    return (await cases.terms(tx)).manager.get(currency, 0)


async def _worth(tx: Tx, order: orders.Order, lines: Sequence[Wish]) -> int:
    """What a ruling is worth, in minor units. Raises what refunds refuse."""
    back = [one for one in lines if one.outcome in (Outcome.REFUND, Outcome.RETURN_REFUND)]
    off = [(one.line_no, one.amount) for one in lines if one.outcome is Outcome.REDUCE]
    asked = [refunds.AskedLine(one.line_no, one.quantity, refunds.Basis.FAULT) for one in back]
    paid = (await refunds.quote(tx, order.id, asked, off=off)).amount if asked or off else 0
    sold = {line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]}
    again = sum(
        part_of_units(sold[one.line_no].net, sold[one.line_no].quantity, before=0, taken=one.quantity)
        for one in lines if one.outcome is Outcome.REPLACE
    )  # fmt: skip
    return min(MAX_AMOUNT, paid + again)


async def _note_unruled(tx: Tx, rung: str, role: str, dispute_ids: Sequence[int]) -> None:
    tx.announce(*(
        DisputeUnruled(subject_id=i, merchant_id=held.dispute.merchant_id, order_id=held.dispute.order_id, rung=rung,
                       role=role)
        for i, held in sorted((await hold(tx, dispute_ids)).items())
        if held.dispute.state in WAITING and held.dispute.still_until is None
    ))  # fmt: skip
