"""Each side shows in its turn, within its time; the other side sees it. Who is silent where they had to prove, loses."""

from collections.abc import Sequence

from dingdan.areas import evidence, identity, orders
from dingdan.areas.disputes import store
from dingdan.areas.disputes.events import DisputeHeard, DisputeShown, DisputeSilent, DisputeTurnBegan, DisputeTurnEnding
from dingdan.areas.disputes.lifecycle import DisputeState
from dingdan.areas.disputes.model import LONGEST, MOST_FILES, RULE_WITHIN, TURN, Dispute, DisputeEntry
from dingdan.areas.disputes.promises import BUYER_TURN, RULE_BY, SELLER_TURN
from dingdan.areas.disputes.reading import Held, get_one, hold, hold_for
from dingdan.areas.disputes.refusals import EntryUnfit, NotYourTurn, ProofMissing
from dingdan.areas.disputes.rules import burden
from dingdan.areas.disputes.ruling import rule_by_silence
from dingdan.areas.talks import Side
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.deadlines import Rung
from dingdan.plumbing.tx import Tx

_CLOCK = {Side.BUYER: BUYER_TURN, Side.SELLER: SELLER_TURN}
_ZH = {Side.BUYER: "用户", Side.SELLER: "商家"}


async def show(tx: Tx, dispute_id: int, *, side: Side, text: str, files: Sequence[int] = ()) -> Dispute:
    """Show something in one's turn; with it the turn is over.

    Raises DisputeUnknown, DisputeStateForbids, NotYourTurn, EntryUnfit, EvidenceUnknown or ProofMissing.
    """
    held = await hold_for(tx, dispute_id, "hear", "answer")
    one = held.dispute
    turn = burden.turns_of(one)[one.turn]
    if turn.side is not side:
        raise NotYourTurn(side=str(turn.side), side_zh=_ZH[turn.side])
    await demand_fit(tx, held.order, text, files)
    if turn.needs_file and not files:
        raise ProofMissing("evidence", what=turn.what.en, what_zh=turn.what.zh)
    await write(tx, one, side=side, code="shown", turn=one.turn, text=text, evidence=files)
    tx.announce(DisputeShown(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, side=str(side),
                             turn=one.turn, files=len(files)))  # fmt: skip
    await _go_on(tx, one)
    return await get_one(tx, dispute_id)


async def lapse_turns(tx: Tx, dispute_ids: Sequence[int]) -> None:
    """Nothing was shown in time: who had to prove something has lost, else the other side goes on."""
    for held in (await hold(tx, dispute_ids)).values():
        one = held.dispute
        if one.still_until is not None or one.turn_by is None or one.turn_by > tx.now:
            continue
        turn = burden.turns_of(one)[one.turn]
        await write(tx, one, side=turn.side, code="silent", turn=one.turn, text="", evidence=())
        tx.announce(DisputeSilent(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                  side=str(turn.side), turn=one.turn, bears=turn.bears))  # fmt: skip
        if not turn.bears:
            await _go_on(tx, one)
            continue
        await store.note_silent(tx, one.id, str(turn.side))
        await _hear(tx, one)
        await rule_by_silence(tx, Held(await get_one(tx, one.id), held.order))


async def warn_of_turn(tx: Tx, rung: Rung, dispute_ids: Sequence[int]) -> None:
    """A side's time is over soon; whoever tells them is told."""
    assert rung.before is not None, "it is a warning"
    tx.announce(*(
        DisputeTurnEnding(subject_id=i, merchant_id=one.merchant_id, order_id=one.order_id, turn=one.turn,
                          side=str(burden.turns_of(one)[one.turn].side), until=one.turn_by)
        for i, held in sorted((await hold(tx, dispute_ids)).items())
        if (one := held.dispute).turn_by is not None and one.still_until is None
    ))  # fmt: skip


async def begin_turn(tx: Tx, one: Dispute) -> None:
    """A side's clock begins, where there is a turn left; else an arbitrator has the word."""
    turn = burden.turn_of(one, one.turn)
    if turn is None:
        await _hear(tx, one)
        return
    until = tx.now + TURN
    await store.next_turn(tx, one.id, turn=one.turn, turn_by=until)
    await deadlines.schedule(tx, _CLOCK[turn.side], [deadlines.Due(one.id, one.merchant_id, until, one.order_id)])
    tx.announce(DisputeTurnBegan(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                 side=str(turn.side), turn=one.turn, until=until))  # fmt: skip


async def demand_fit(tx: Tx, order: orders.Order, text: str, files: Sequence[int]) -> None:
    """Words that say something, and files of this order. Raises EntryUnfit or EvidenceUnknown, all at once."""
    problems = list[Refusal]()
    if not text.strip() or len(text) > LONGEST or "\0" in text or len(files) > MOST_FILES:
        problems.append(EntryUnfit("text", longest=LONGEST, files=MOST_FILES))
    refuse_all([*problems, *await _problems_of_files(tx, order, files[:MOST_FILES])])


async def demand_files(tx: Tx, order: orders.Order, files: Sequence[int]) -> None:
    """Files of this order. Raises EvidenceUnknown, all at once."""
    refuse_all(await _problems_of_files(tx, order, files))


async def _problems_of_files(tx: Tx, order: orders.Order, files: Sequence[int]) -> list[Refusal]:
    known = await evidence.get(tx, files)
    return [
        evidence.EvidenceUnknown(f"evidence[{n}]")
        for n, i in enumerate(files) if i not in known or known[i].order_id != order.id
    ]  # fmt: skip


async def write(
    tx: Tx, one: Dispute, *, side: Side, code: str, turn: int | None, text: str, evidence: Sequence[int]
) -> None:
    """Write down what a side says and shows, in the buyer's seal."""
    (sealed,) = await identity.seal(tx, [(one.buyer_id, text.strip().encode())]) if text.strip() else (None,)
    await store.add_entry(tx, DisputeEntry(
        id=tx.mint(), dispute_id=one.id, order_id=one.order_id, merchant_id=one.merchant_id, buyer_id=one.buyer_id,
        side=side, code=code, turn=turn, sealed=sealed, evidence=list(dict.fromkeys(evidence)),
        said_by_kind=str(tx.actor.kind), said_by=tx.actor.id, at=tx.now,
    ))  # fmt: skip


async def _go_on(tx: Tx, one: Dispute) -> None:
    for clock in _CLOCK.values():
        await deadlines.call_off(tx, clock, [one.id])
    turn = one.turn + 1
    if burden.turn_of(one, turn) is not None:
        await store.next_turn(tx, one.id, turn=turn, turn_by=tx.now + TURN)
        await begin_turn(tx, await get_one(tx, one.id))
    else:
        await _hear(tx, one)


async def _hear(tx: Tx, one: Dispute) -> None:
    for clock in _CLOCK.values():
        await deadlines.call_off(tx, clock, [one.id])
    until = tx.now + RULE_WITHIN
    verb = "answer" if one.state is DisputeState.ANSWERING else "hear"
    moved = await store.move(tx, verb, [one.id], turn_by=None, rule_by=until)
    await deadlines.schedule(tx, RULE_BY, [deadlines.Due(one.id, one.merchant_id, until, one.order_id)])
    tx.announce(DisputeHeard(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved[one.id],
                             until=until))  # fmt: skip
