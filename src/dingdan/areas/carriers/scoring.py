"""Carriers evaluated by what became of their parcels: graded, kept, and with consequences."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from dingdan.areas.carriers import store
from dingdan.areas.carriers.events import (
    CarrierGraded,
    CarrierGradeOverridden,
    CarrierRestored,
    CarrierSuspended,
    CarrierWarned,
)
from dingdan.areas.carriers.licensing import lock_own
from dingdan.areas.carriers.lifecycle import CONTRACT
from dingdan.areas.carriers.model import Carrier, Complaint, Scorecard, SetGrade, Standing
from dingdan.areas.carriers.promises import EVALUATE
from dingdan.areas.carriers.rules.evaluating import WINDOW, month_began, next_evaluation, proposal, verb_for
from dingdan.areas.carriers.rules.grading import SHARES, Counts, Grade, LaneCounts, score, total, without
from dingdan.areas.carriers.rules.saving import problems_of_grade
from dingdan.areas.carriers.store import scores
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing import deadlines, jobs, lifecycles
from dingdan.plumbing.tx import Tx

# Express Regulations art. 28.
PATIENCE = timedelta(days=7)
JOB = "carriers.evaluate"
BY_GRADE = "grade"


async def evaluate_due(tx: Tx, carrier_ids: Sequence[int]) -> None:
    """Have the last 30 days before this month evaluated, once for all carriers, and set the clocks for the next month."""
    until = month_began(tx.now)
    await jobs.enqueue(tx, JOB, {"until": until, "carrier_ids": None}, once=f"{JOB} {until.isoformat()}")
    carriers = await store.carriers_by_id(tx, carrier_ids)
    await deadlines.schedule(tx, EVALUATE, [
        deadlines.Due(one.id, one.merchant_id, next_evaluation(tx.now)) for one in carriers
    ])  # fmt: skip


async def evaluate(tx: Tx, carrier_id: int) -> None:
    """Have one carrier evaluated by the 30 days before now. Raises CarrierUnknown."""
    one = await lock_own(tx, carrier_id)
    await jobs.enqueue(tx, JOB, {"until": tx.now, "carrier_ids": [one.id]}, once=f"{JOB} {one.id} {tx.now.isoformat()}")


async def record_scores(
    tx: Tx, counted: Sequence[LaneCounts], *, until: datetime, only: Collection[int] | None = None
) -> list[Scorecard]:
    """Grade carriers by what was counted of their lanes in the window before `until`, and see to what follows.

    `counted` holds all carriers, by which each is steadied; `only` says which of them are graded. What was graded
    until then already is left alone, with its consequences.
    """
    since = until - WINDOW
    lanes: dict[int, list[LaneCounts]] = defaultdict(list)
    for one in counted:
        lanes[one.carrier_id].append(one)
    told = await scores.complaints(tx, since, until, PATIENCE)
    for i, tally in told.items():
        # Complaints are about a carrier and not about a lane of it.
        lanes[i].append(LaneCounts(i, "", "", {"unanswered": tally}))
    wholes = {i: total(one.counts for one in own) for i, own in lanes.items()}
    graded = sorted(set(wholes) if only is None else set(wholes) & set(only))
    carriers = await store.lock_carriers(tx, graded)
    before = await scores.latest(tx, carriers)
    by_hand = await scores.grades_by_hand(tx, carriers)
    cards = _cards(tx, carriers, lanes, wholes, until)
    new = (
        await scores.add_scorecards(tx, [(carriers[card.carrier_id].merchant_id, card) for card in cards])
        if cards
        else set()
    )
    fresh = [card for card in cards if card.id in new]
    whole = {card.carrier_id: card for card in fresh if not card.origin}
    tx.announce(*(
        CarrierGraded(
            subject_id=i, merchant_id=carriers[i].merchant_id, code=carriers[i].code, grade=card.grade, samples=card.samples,
            was=before[i].grade if i in before else None,
            proposal=proposal(carriers[i], by_hand.get(i, card.grade)),
        )
        for i, card in whole.items()
    ))  # fmt: skip
    await _follow(tx, {i: (carriers[i], by_hand.get(i, card.grade)) for i, card in whole.items()})
    return fresh


def _cards(
    tx: Tx,
    carriers: Mapping[int, Carrier],
    lanes: Mapping[int, Sequence[LaneCounts]],
    wholes: Mapping[int, Counts],
    until: datetime,
) -> list[Scorecard]:
    """A scorecard of each carrier as a whole, among the others, and one of each of its lanes, among its other lanes."""
    platform = total(wholes.values())
    found: list[tuple[LaneCounts, tuple[Counts, ...]]] = []
    for i in carriers:
        others = without(platform, wholes[i])
        found.append((LaneCounts(i, "", "", wholes[i]), (others,)))
        found += [(lane, (others, without(wholes[i], lane.counts))) for lane in lanes.get(i, []) if lane.origin]
    cards = []
    for card_id, (of, around) in zip(tx.mint_many(len(found)), found, strict=True):
        got = score(of.counts, around=around)
        cards.append(Scorecard(
            id=card_id, carrier_id=of.carrier_id, origin=of.origin, destination=of.destination, since=until - WINDOW,
            until=until, grade=got.grade, samples=got.samples, figures=got.figures, made_at=tx.now,
            inputs={"own": _plain(of.counts), "around": [_plain(one) for one in around]},
        ))  # fmt: skip
    return cards


def _plain(counts: Counts) -> dict[str, list[int]]:
    return {name: [one.samples, one.bad] for name, one in sorted(counts.items())}


async def _follow(tx: Tx, graded: Mapping[int, tuple[Carrier, Grade]]) -> None:
    """Warn, suspend or restore carriers by their grades, each kind in one set."""
    for verb, made in (("warn", CarrierWarned), ("suspend", CarrierSuspended), ("restore", CarrierRestored)):
        going = {i: one for i, one in graded.items() if verb_for(*one) == verb}
        moved = await lifecycles.move(tx, "carriers", CONTRACT, verb, going) if going else {}
        for i, step in sorted(moved.items()):
            one, grade = going[i]
            said = {"grade": grade} if made is CarrierWarned else {"reason": BY_GRADE}
            tx.announce(made(subject_id=i, merchant_id=one.merchant_id, code=one.code, move=step, **said))


async def set_grade(tx: Tx, wanted: SetGrade) -> None:
    """Let a carrier count as of a grade until a moment, whatever evaluations say; share and consequences go by it.

    Raises CarrierUnknown or FieldUnfit.
    """
    refuse_all(list(problems_of_grade(wanted, tx.now)))
    one = await lock_own(tx, wanted.carrier_id)
    await scores.add_grade(tx, wanted, one.merchant_id)
    tx.announce(CarrierGradeOverridden(
        subject_id=one.id, merchant_id=one.merchant_id, code=one.code, grade=wanted.grade, reason=wanted.reason,
        ends_at=wanted.ends_at,
    ))  # fmt: skip


async def standings(tx: Tx, carrier_ids: Collection[int], origin: str, destination: str) -> dict[int, Standing]:
    """By which grade each carrier counts between two places: a person's, the lane's or the carrier's, in this order."""
    lane = (origin, destination)
    by_hand = await scores.grades_by_hand(tx, carrier_ids) | await scores.grades_by_hand(tx, carrier_ids, lane)
    cards = await scores.latest(tx, carrier_ids) | await scores.latest(tx, carrier_ids, lane)
    grades: dict[int, Grade] = {i: card.grade for i, card in cards.items()} | by_hand
    return {
        i: Standing(grade, is_by_hand=i in by_hand, share=SHARES[grade]) if (grade := grades.get(i)) else Standing()
        for i in carrier_ids
    }


async def note_complaints(tx: Tx, noted: Sequence[Complaint]) -> int:
    """Take note of complaints to carriers and of their answers, in any order and any number of times; the first answer counts.

    Says how many were taken: who is not registered, such as our own delivery, has no scorecard, and is passed over.
    """
    keys = sorted({(one.merchant_id, one.carrier) for one in noted})
    known = {keys[n]: one.id for n, one in await store.carriers_by_code(tx, list(keys))} if keys else {}
    # One of a set that names a complaint twice would meet itself: what holds an answer goes before what does not.
    told: dict[tuple[int, str], Complaint] = {}
    for one in sorted(noted, key=lambda one: (one.answered_at is None, one.answered_at or one.filed_at)):
        if (one.merchant_id, one.carrier) in known:
            told.setdefault((known[one.merchant_id, one.carrier], one.complaint), one)
    if told:
        await scores.save_complaints(tx, [(carrier_id, one) for (carrier_id, _), one in told.items()])
    return len(told)
