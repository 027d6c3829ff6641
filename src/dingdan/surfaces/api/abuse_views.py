"""Flags as staff see them, with every part explained, and as the buyer does whom one is about."""

from datetime import datetime
from typing import Any

from dingdan.areas import abuse
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import abuse_figures
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.facts import Who
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, ref, ref_or_none

ACTIONS = {"confirm": "abuse.decide", "lift": "abuse.decide", "hand_over": "abuse.report"}


class AbuseFlagRow(View, frozen=True, kw_only=True):
    """One flag of a list."""

    id: str
    merchant: str
    buyer: str
    state: abuse.FlagState
    score: int
    level: int
    parts: int
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class AbusePartView(View, frozen=True, kw_only=True):
    """One part of a score: what it says, what it weighs, what it was reckoned from, and until when it counts."""

    id: str
    kind: abuse.SignalKind
    says: Text
    points: int
    subject: str
    subject_id: str
    order_id: str | None
    found: dict[str, Any]
    happened_at: datetime
    expires_at: datetime
    is_counting: bool


class AbuseMeasureView(View, frozen=True, kw_only=True):
    """What can follow; `is_on` says whether it does now."""

    code: abuse.Measure
    says: Text
    is_on: bool


class AbuseTakenView(View, frozen=True, kw_only=True):
    """One time that a measure acted, and on what."""

    measure: abuse.Measure
    order_id: str
    subject: str
    subject_id: str
    at: datetime


class AbuseHandoverView(View, frozen=True, kw_only=True):
    """Evidence that was handed to an authority, and of which orders."""

    id: str
    flag_id: str
    reason: abuse.HandoverReason
    authority: str
    orders: list[str]
    by: Who
    at: datetime


class AbuseFlagView(AbuseFlagRow, frozen=True, kw_only=True):
    """One flag whole. Whoever decides sends `parts` back, so that nothing is decided that they did not see."""

    explained: list[AbusePartView]
    measures: list[AbuseMeasureView]
    taken: list[AbuseTakenView]
    handovers: list[AbuseHandoverView]
    asked_at: datetime | None
    asked: str
    appealed_at: datetime | None
    appealed: str
    signed_by: Who | None
    decided_by: Who | None
    decided_at: datetime | None
    lift_reason: str | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class NoticeView(View, frozen=True, kw_only=True):
    """Whether something needs more time, in neutral words, and what the buyer can ask for."""

    needs_more_time: bool
    says: Text | None
    flag_id: str | None
    until: datetime | None
    available_actions: list[str]


class NoticeReason(View, frozen=True, kw_only=True):
    """One reason, in words, with the order it is about and when it is forgotten."""

    says: Text
    order_id: str | None
    happened_at: datetime
    forgotten_at: datetime


class NoticeReasonView(View, frozen=True, kw_only=True):
    """Why something needs more time, what follows meanwhile, and what a person said about it."""

    flag_id: str
    reasons: list[NoticeReason]
    measures: list[Text]
    is_confirmed: bool
    until: datetime
    available_actions: list[str]


class AbuseFiguresView(View, frozen=True, kw_only=True):
    """How often flags were wrong, per mille with 95 percent bounds: `met` and `missed` are said when no bound says else."""

    since: datetime
    until: datetime
    opened: int
    living: int
    reviewed: int
    overturned: int
    unanswered: int
    expired: int
    measures_taken: int
    rate_per_mille: int | None
    at_least_per_mille: int
    at_most_per_mille: int
    target_per_mille: int
    verdict: abuse_figures.Verdict


def row(flag: abuse.Flag) -> AbuseFlagRow:
    """One flag of a list."""
    return AbuseFlagRow(**_head(flag))


async def one(tx: Tx, flag_id: int) -> AbuseFlagView:
    """One flag whole."""
    flag = await abuse.get_one(tx, flag_id)
    parts = await abuse.signals_in(tx, flag)
    now_on = abuse.measures(flag, tx.now)
    asked, appealed = await abuse.words_of(tx, flag)
    clocks = deadline_views(await deadlines.of_subjects(tx, [flag_id]))
    return AbuseFlagView(
        **_head(flag), explained=[_part(part, tx.now) for part in parts],
        measures=[
            AbuseMeasureView(code=code, says=says, is_on=code in now_on) for code, says in abuse.MEASURES.items()
        ],
        taken=[
            AbuseTakenView(measure=done.measure, order_id=ref("order", done.order_id), subject=done.subject,
                           subject_id=ref(done.subject, done.subject_id), at=done.at)
            for done in await abuse.taken_by(tx, flag)
        ],
        handovers=[handover(made) for made in await abuse.handovers_of(tx, flag)],
        asked_at=flag.asked_at, asked=asked, appealed_at=flag.appealed_at, appealed=appealed,
        signed_by=_who(flag.signed_by_kind, flag.signed_by), decided_by=_who(flag.decided_by_kind, flag.decided_by),
        decided_at=flag.decided_at, lift_reason=flag.lift_reason, deadlines=clocks.get(flag_id, []),
        available_actions=allowed(tx.actor, abuse.actions(flag, tx.now), ACTIONS),
    )  # fmt: skip


def handover(made: abuse.Handover) -> AbuseHandoverView:
    """Evidence that was handed over."""
    return AbuseHandoverView(
        id=ref("abuse_handover", made.id), flag_id=ref("abuse_flag", made.flag_id), reason=made.reason,
        authority=made.authority, orders=[ref("order", number) for number in made.order_ids],
        by=Who(kind=made.by_kind, id=ids.encode("staff", made.by)), at=made.at,
    )  # fmt: skip


def notice(flag: abuse.Flag | None, now: datetime) -> NoticeView:
    """What the buyer is told without asking why: nothing where there is nothing, and nothing more than needed."""
    if flag is None or not abuse.measures(flag, now):
        return NoticeView(needs_more_time=False, says=None, flag_id=None, until=None, available_actions=[])
    return NoticeView(needs_more_time=True, says=abuse.NOTICE, flag_id=ref("abuse_flag", flag.id),
                      until=flag.expires_at, available_actions=["ask_reason", *abuse.asks(flag, now)])  # fmt: skip


async def reason(tx: Tx, flag: abuse.Flag) -> NoticeReasonView:
    """What the buyer is told who asks why: everything that counts, but nothing about anybody else."""
    counting = [part for part in await abuse.signals_in(tx, flag) if part.expires_at > tx.now and not part.dismissed_at]
    return NoticeReasonView(
        flag_id=ref("abuse_flag", flag.id), until=flag.expires_at,
        reasons=[
            NoticeReason(says=abuse.KINDS[part.kind], order_id=ref_or_none("order", part.order_id),
                         happened_at=part.happened_at, forgotten_at=part.expires_at)
            for part in counting
        ],
        measures=[says for code, says in abuse.MEASURES.items() if code in abuse.measures(flag, tx.now)],
        is_confirmed=flag.state is abuse.FlagState.CONFIRMED, available_actions=abuse.asks(flag, tx.now),
    )  # fmt: skip


def figures(found: abuse_figures.Figures, since: datetime, until: datetime) -> AbuseFiguresView:
    """The figures of a time."""
    return AbuseFiguresView(
        since=since, until=until, opened=found.opened, living=found.living, reviewed=found.reviewed,
        overturned=found.overturned, unanswered=found.unanswered, expired=found.expired, measures_taken=found.measures,
        rate_per_mille=found.rate, at_least_per_mille=found.low, at_most_per_mille=found.high,
        target_per_mille=found.target, verdict=found.verdict,
    )  # fmt: skip


def _head(flag: abuse.Flag) -> dict[str, Any]:
    return {
        "id": ref("abuse_flag", flag.id), "merchant": ref("merchant", flag.merchant_id),
        "buyer": ref("buyer", flag.buyer_id), "state": flag.state, "score": flag.score, "level": flag.level,
        "parts": flag.parts, "opened_at": flag.opened_at, "expires_at": flag.expires_at, "ended_at": flag.ended_at,
    }  # fmt: skip


def _part(part: abuse.Signal, now: datetime) -> AbusePartView:
    return AbusePartView(
        id=ref("abuse_signal", part.id), kind=part.kind, says=abuse.KINDS[part.kind], points=part.points,
        subject=part.subject, subject_id=ref(part.subject, part.subject_id), order_id=ref_or_none("order", part.order_id),
        found=part.found, happened_at=part.happened_at, expires_at=part.expires_at,
        is_counting=part.dismissed_at is None and part.expires_at > now,
    )  # fmt: skip


def _who(kind: str | None, number: int | None) -> Who | None:
    return None if kind is None else Who(kind=kind, id=ref_or_none("staff", number))
