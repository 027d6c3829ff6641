"""Disputes, what is to be proved in them, and rulings as others see them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from dingdan.areas import disputes, talks
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import dispute_queue
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, ref, ref_or_none

PERMISSIONS = {
    "show": "dispute.argue", "withdraw": "dispute.argue", "accept": "dispute.argue", "appeal": "dispute.argue",
    "comply": "dispute.argue", "show_elsewhere": "dispute.argue", "suspend": "dispute.rule", "resume": "dispute.rule",
    "rule": "dispute.rule", "execute": "dispute.rule", "sign": "dispute.rule", "refuse": "dispute.rule",
}  # fmt: skip


HOURS_TO_DO = disputes.DO_WITHIN // timedelta(hours=1)


class DisputeRow(View, frozen=True, kw_only=True):
    """One dispute in a list; `is_proposed`: a ruling waits for a second signature."""

    id: str
    order_id: str
    merchant_id: str
    about: str
    issue: str
    side: str
    state: str
    silent: str | None
    opened_at: datetime
    due_at: datetime
    stands_still: bool
    is_proposed: bool


class RuledLineView(View, frozen=True, kw_only=True):
    """Units of an order line and what becomes of them; `amount` is what is taken off where the goods are kept."""

    line_no: int
    quantity: int
    outcome: disputes.Outcome
    amount: Money


class ProofView(View, frozen=True, kw_only=True):
    """One thing that a side has to show, or may: `bears`: who is silent about it loses. `standing` is what became of it."""

    turn: int
    side: talks.Side
    what: Text
    bears: bool
    needs_file: bool
    source: str
    standing: str


class DisputeEntryView(View, frozen=True, kw_only=True):
    """What one side said and showed, or that it was silent."""

    at: datetime
    side: talks.Side
    code: str
    turn: int | None
    text: str
    evidence: list[str]


class RuleView(View, frozen=True, kw_only=True):
    """A rule that a ruling rests on, in words."""

    id: str
    text: Text | None


class StandstillView(View, frozen=True, kw_only=True):
    """A time in which the dispute stands still, or stood: why, under which number there, and how it ended."""

    reason: disputes.StillFor
    number: str | None
    until: datetime
    evidence: list[str]
    shown_side: talks.Side | None
    shown_at: datetime | None
    began_at: datetime
    outcome: str | None
    ended_at: datetime | None


class RulingView(View, frozen=True, kw_only=True):
    """What was ruled, by which rules, and why; above a limit it holds once a second arbitrator has signed.

    `executor` has to carry it out, within `do_within_hours` after it is final.
    """

    id: str
    instance: disputes.Instance
    state: disputes.RulingState
    lines: list[RuledLineView]
    fault: disputes.AtFault
    freight: talks.Side
    executor: disputes.Executor
    do_within_hours: int
    rules: list[RuleView]
    reason: str
    worth: Money
    ruled_at: datetime
    signed_at: datetime | None
    available_actions: list[str]


class DisputeView(View, frozen=True, kw_only=True):
    """Two sides who disagree, everything that both showed, what is still to be proved, and what was ruled."""

    id: str
    order_id: str
    merchant_id: str
    about: str
    issue: disputes.Issue
    side: talks.Side
    state: disputes.DisputeState
    # Who has to show something, or may, and until when; None where nobody does.
    turn: talks.Side | None
    turn_by: datetime | None
    claim: list[RuledLineView]
    proofs: list[ProofView]
    entries: list[DisputeEntryView]
    rulings: list[RulingView]
    silent: talks.Side | None
    accepted: list[str]
    opened_at: datetime
    appeal_by: datetime | None
    appealed_side: talks.Side | None
    final_at: datetime | None
    do_by: datetime | None
    done_by: disputes.Executor | None
    still_until: datetime | None
    standstills: list[StandstillView]
    ended_at: datetime | None
    case_id: str | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


async def one(tx: Tx, dispute_id: int) -> DisputeView:
    """One dispute with everything of it."""
    found = await disputes.get_one(tx, dispute_id)
    words = await disputes.rule_words(tx, found)
    now = disputes.turn_now(found)
    clocks = deadline_views(await deadlines.of_subjects(tx, [dispute_id]))
    return DisputeView(
        id=ref("dispute", found.id), order_id=ref("order", found.order_id), merchant_id=ref("merchant", found.merchant_id),
        about=ref(found.subject, found.subject_id), issue=found.issue, side=found.side, state=found.state,
        turn=now.side if now is not None else None, turn_by=found.turn_by,
        claim=_lines(found.claim, found.currency), silent=found.silent, accepted=found.accepted,
        proofs=[
            ProofView(turn=p.n, side=p.turn.side, what=p.turn.what, bears=p.turn.bears, needs_file=p.turn.needs_file,
                      source=p.turn.source, standing=p.standing)
            for p in await disputes.proofs(tx, found)
        ],
        entries=[
            DisputeEntryView(at=e.at, side=e.side, code=e.code, turn=e.turn, text=told.text,
                             evidence=[ref("evidence", i) for i in e.evidence])
            for told in await disputes.entries(tx, found) if isinstance(e := told.thing, disputes.DisputeEntry)
        ],
        rulings=[
            ruling(tx.actor, told, found.currency, words) for told in await disputes.rulings(tx, found)
            if isinstance(told.thing, disputes.Ruling)
        ],
        opened_at=found.opened_at, appeal_by=found.appeal_by, appealed_side=found.appealed_side, final_at=found.final_at,
        do_by=found.do_by, done_by=found.done_by, still_until=found.still_until,
        standstills=[
            StandstillView(reason=s.reason, number=s.number, until=s.until, evidence=[ref("evidence", i) for i in s.evidence],
                           shown_side=s.shown_side, shown_at=s.shown_at, began_at=s.began_at, outcome=s.outcome,
                           ended_at=s.ended_at)
            for s in await disputes.standstills(tx, found)
        ],
        ended_at=found.ended_at, case_id=ref_or_none("case", found.case_id), deadlines=clocks.get(dispute_id, []),
        available_actions=allowed(tx.actor, disputes.actions(found), PERMISSIONS),
    )  # fmt: skip


def ruling(actor: Actor, told: disputes.Told, currency: str, words: Mapping[str, Text]) -> RulingView:
    """One ruling with its reason."""
    one = told.thing
    assert isinstance(one, disputes.Ruling)
    return RulingView(
        id=ref("ruling", one.id), instance=one.instance, state=one.state, lines=_lines(one.lines, currency),
        fault=one.fault, freight=one.freight, executor=one.executor, do_within_hours=HOURS_TO_DO,
        rules=[RuleView(id=i, text=words.get(i)) for i in one.rules], reason=told.text, worth=Money(one.worth, currency),
        ruled_at=one.ruled_at, signed_at=one.signed_at,
        available_actions=allowed(actor, disputes.ruling_actions(one), PERMISSIONS),
    )  # fmt: skip


def row(one: dispute_queue.Row) -> DisputeRow:
    """One line of the queue."""
    return DisputeRow(
        id=ref("dispute", one.id), order_id=ref("order", one.order_id), merchant_id=ref("merchant", one.merchant_id),
        about=ref(one.subject, one.subject_id), issue=one.issue, side=one.side, state=one.state, silent=one.silent,
        opened_at=one.opened_at, due_at=one.due_at, stands_still=one.stands_still, is_proposed=one.is_proposed,
    )  # fmt: skip


def _lines(lines: list[disputes.Wish], currency: str) -> list[RuledLineView]:
    return [
        RuledLineView(
            line_no=one.line_no, quantity=one.quantity, outcome=one.outcome, amount=Money(one.amount, currency)
        )
        for one in lines
    ]
