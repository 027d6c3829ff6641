"""Reviews and their rules as others see them."""

from datetime import datetime

from dingdan.areas import orders, review
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.overviews import review_queue
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.facts import Who, who
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, ref, ref_or_none, soonest

# What each action of a review takes.
ACTIONS = {
    "claim": "review.decide", "put_back": "review.decide", "approve": "review.decide", "reject": "review.decide",
    "ask": "review.decide", "escalate": "review.decide", "answer": "review.answer", "block": "review.block",
    "unblock": "review.block",
}  # fmt: skip


class ReviewRow(View, frozen=True, kw_only=True):
    """A review as the queue shows it."""

    id: str
    order_id: str
    number: str
    merchant: str
    state: review.ReviewState
    owner: review.Owner
    rules: list[str]
    total: Money
    opened_at: datetime
    due_at: datetime
    decide_by: datetime
    claimed_by: Who | None
    is_escalated: bool
    is_blocked: bool
    is_signed: bool


class ReasonView(View, frozen=True, kw_only=True):
    """Why the order was stopped: the rule, its version, and the numbers that made it speak."""

    rule: str
    number: int
    kind: str
    title: review.Words
    numbers: dict[str, int]


class ItemView(View, frozen=True, kw_only=True):
    """One question of the checklist; `answer` is null until somebody has given one.

    `is_statutory`: the law asks it, so an order that fails it is let go by nobody.
    """

    code: str
    en: str
    zh: str
    is_statutory: bool
    answer: review.Answer | None


class ConversationView(View, frozen=True, kw_only=True):
    """What the buyer was asked; the words are empty for whoever may not see people in full."""

    questions: list[str]
    question: str
    answer: str
    asked_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None


class ReviewView(View, frozen=True, kw_only=True):
    """A review with all that a decision takes. `decide_by` is when the rule decides by itself, as `on_timeout` says."""

    id: str
    order_id: str
    number: str
    merchant: str
    state: review.ReviewState
    owner: review.Owner
    on_timeout: str
    total: Money
    reasons: list[ReasonView]
    checklist: list[ItemView]
    conversation: ConversationView | None
    opened_at: datetime
    due_at: datetime
    decide_by: datetime
    claimed_by: Who | None
    claimed_at: datetime | None
    escalated_at: datetime | None
    blocked_at: datetime | None
    signed_by: Who | None
    second_reasons: list[str]
    force_reason: str | None
    decided_by: Who | None
    decided_at: datetime | None
    reject_reason: str | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class OrderReview(View, frozen=True, kw_only=True):
    """What a buyer is told of the look at their order: where it stands and until when it ends, or what is asked.

    `until` is null once it is decided.
    """

    id: str
    state: review.ReviewState
    until: datetime | None
    questions: list[str]
    question: str


class RuleView(View, frozen=True, kw_only=True):
    """The newest version of a rule; `merchant` is null for the platform's.

    `is_switched` says what the merchant asked about has switched, null where it has not.
    """

    id: str
    merchant: str | None
    code: str
    number: int
    is_active: bool
    is_switched: bool | None
    effective_from: datetime
    document: review.RuleDocument


class BackTestView(View, frozen=True, kw_only=True):
    """What a draft would have stopped of the orders of the last days.

    `only` of these no rule in force stops; `overlap` counts the others by rule; `is_cut` says that there were more
    orders than are looked at in one go.
    """

    looked_at: int
    stopped: int
    only: int
    stopped_already: int
    overlap: dict[str, int]
    samples: list[str]
    since: datetime
    is_cut: bool


def row(found: review_queue.Row) -> ReviewRow:
    """A review of the queue."""
    return ReviewRow(
        id=ref("review", found.id), order_id=ref("order", found.order_id), number=ids.spoken(found.order_id),
        merchant=ref("merchant", found.merchant_id), state=review.ReviewState(found.state), owner=found.owner,
        rules=found.rules, total=Money(found.total, found.currency), opened_at=found.opened_at, due_at=found.due_at,
        decide_by=found.decide_by, claimed_by=_who(found.claimed_by_kind, found.claimed_by),
        is_escalated=found.is_escalated, is_blocked=found.is_blocked, is_signed=found.is_signed,
    )  # fmt: skip


async def one(tx: Tx, review_id: int) -> ReviewView:
    """A review as it stands now."""
    held = await review.get_one(tx, review_id)
    order = await orders.get_one(tx, held.order_id)
    clocks = deadline_views(await deadlines.of_subjects(tx, [review_id])).get(review_id, [])
    return ReviewView(
        id=ref("review", held.id), order_id=ref("order", held.order_id), number=ids.spoken(held.order_id),
        merchant=ref("merchant", held.merchant_id), state=held.state, owner=held.owner, on_timeout=held.on_timeout,
        total=Money(order.total, order.currency),
        reasons=[ReasonView(rule=r.rule, number=r.number, kind=r.kind, title=r.title, numbers=r.numbers)
                 for r in held.reasons],
        checklist=[
            ItemView(code=i.code, en=i.en, zh=i.zh, is_statutory=i.is_statutory, answer=held.answers.get(i.code))
            for i in held.checklist
        ],
        conversation=await _conversation(tx, held), opened_at=held.opened_at, due_at=held.due_at,
        decide_by=held.decide_by, claimed_by=_who(held.claimed_by_kind, held.claimed_by), claimed_at=held.claimed_at,
        escalated_at=held.escalated_at, blocked_at=held.blocked_at,
        signed_by=_who(held.signed_by_kind, held.signed_by), second_reasons=list(held.second_reasons),
        force_reason=held.force_reason,
        decided_by=_who(held.decided_by_kind, held.decided_by), decided_at=held.decided_at,
        reject_reason=held.reject_reason, deadline_at=soonest(clocks), deadlines=clocks,
        available_actions=allowed(tx.actor, review.actions(held, tx.actor), ACTIONS),
    )  # fmt: skip


async def of_order(tx: Tx, order_id: int) -> OrderReview | None:
    """What is told of the look at an order; None where there was none."""
    held = (await review.of_orders(tx, [order_id])).get(order_id)
    if held is None:
        return None
    is_asked = held.state is review.ReviewState.ASKED
    words = await review.conversation(tx, held) if is_asked and tx.actor.may("order.read_contact") else None
    return OrderReview(
        id=ref("review", held.id), state=held.state, until=held.until, questions=list(held.questions),
        question=words.question if words else "",
    )  # fmt: skip


def rule(found: review.Rule, switched: dict[str, bool]) -> RuleView:
    """A rule as one merchant finds it."""
    is_platforms = found.merchant_id is None and found.document.merchants_may_switch
    return RuleView(
        id=ref("review_rule", found.id), merchant=ref_or_none("merchant", found.merchant_id), code=found.code,
        number=found.number, is_active=found.is_active, effective_from=found.effective_from, document=found.document,
        is_switched=switched.get(found.code) if is_platforms else None,
    )  # fmt: skip


def back_test(found: review.BackTest) -> BackTestView:
    """What a draft would have stopped."""
    return BackTestView(
        looked_at=found.looked_at, stopped=found.stopped, only=found.only, stopped_already=found.stopped_already,
        overlap=found.overlap, samples=[ref("order", order_id) for order_id in found.samples], since=found.since,
        is_cut=found.is_cut,
    )  # fmt: skip


async def _conversation(tx: Tx, held: review.Review) -> ConversationView | None:
    if held.asked_at is None:
        return None
    may_see = tx.actor.may("order.read_contact")
    words = await review.conversation(tx, held) if may_see else review.Conversation("", "")
    return ConversationView(
        questions=list(held.questions), question=words.question, answer=words.answer, asked_at=held.asked_at,
        answer_by=held.answer_by, answered_at=held.answered_at,
    )  # fmt: skip


def _who(kind: str | None, number: int | None) -> Who | None:
    return who(kind, number) if kind is not None else None
