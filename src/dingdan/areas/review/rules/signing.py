"""Who may say yes: the one who claimed it, with every question answered, and two people where one is not enough."""

from collections.abc import Mapping

import msgspec

from dingdan.areas.review.lifecycle import REVIEW, ReviewState
from dingdan.areas.review.model import Answer, Review, Terms
from dingdan.areas.review.refusals import (
    AskedAlready,
    BlockedByRisk,
    ForceNotYours,
    ForceReasonMissing,
    ItemUnanswered,
    ItemUnknown,
    NeedsPerson,
    NotYours,
    OutsiderNeeded,
    SameHand,
    StateForbids,
    StatutoryCheck,
)
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.refusal import Refusal, refuse_all

FORCE = "order.force"
PEOPLE = frozenset({ActorKind.STAFF, ActorKind.KEY})


class Hand(msgspec.Struct, frozen=True):
    """Whose hand it was; `is_own` says that it is the seller's."""

    kind: str
    id: int
    is_own: bool


class Yes(msgspec.Struct, frozen=True):
    """What a yes comes to: `why_second` is empty where it lets the order go, in spite of what `failed` for a reason."""

    answers: dict[str, Answer]
    why_second: tuple[str, ...]
    failed: tuple[str, ...] = ()
    reason: str | None = None


def hand_of(actor: Actor) -> Hand:
    """The person behind an actor. Raises NeedsPerson for the system, carriers and the like."""
    if actor.kind not in PEOPLE or actor.id is None:
        raise NeedsPerson
    return Hand(str(actor.kind), actor.id, is_own=actor.merchant_id is not None)


def demand(review: Review, verb: str) -> None:
    """The review must stand where the verb starts. Raises StateForbids."""
    if review.state not in REVIEW.moves[verb].sources:
        raise StateForbids(state=str(review.state), verb=verb)


def demand_claimed(review: Review, verb: str, by: Hand) -> None:
    """People work on what they have claimed and on nothing else. Raises StateForbids or NotYours."""
    if review.state is not ReviewState.CLAIMED:
        raise StateForbids(state=str(review.state), verb=verb)
    if (review.claimed_by_kind, review.claimed_by) != (by.kind, by.id):
        raise NotYours


def demand_other_hand(review: Review, by: Hand) -> None:
    """Whoever signed first does not sign second. Raises SameHand."""
    if (review.signed_by_kind, review.signed_by) == (by.kind, by.id):
        raise SameHand


def decide_ask(review: Review, by: Hand) -> None:
    """A buyer is asked once. Raises StateForbids, NotYours or AskedAlready."""
    demand_claimed(review, "ask", by)
    if review.asked_at is not None:
        raise AskedAlready


def decide_yes(
    review: Review,
    given: Mapping[str, Answer],
    *,
    by: Hand,
    total: int,
    currency: str,
    terms: Terms,
    reason: str | None = None,
    may_force: bool = False,
) -> Yes:
    """Whether this yes lets the order go or is the first of two.

    Two people look above the limit of the currency, where the first is the seller's own staff, and where a question
    was answered with no: then the first asks for it with a reason, and the second is somebody who may force it. Raises
    everything that is missing at once.
    """
    demand_claimed(review, "approve", by)
    if review.blocked_at is not None:
        raise BlockedByRisk
    known = {item.code: item for item in review.checklist}
    answers = {**review.answers, **{code: answer for code, answer in given.items() if code in known}}
    failed = tuple(code for code in known if answers.get(code) == "no")
    is_asked = review.signed_by is not None and review.force_reason is not None
    # Who finds more wrong than somebody asked to set aside asks for it themselves, and another one has the word.
    found = tuple(code for code in failed if not (is_asked and review.answers.get(code) == "no"))
    problems: list[Refusal] = [ItemUnknown(f"answers.{code}", item=code) for code in given if code not in known]
    problems += [ItemUnanswered(f"answers.{code}", item=code) for code in known if code not in answers]
    problems += [StatutoryCheck(f"answers.{code}", item=code) for code in failed if known[code].is_statutory]
    if found and not reason:
        problems.append(ForceReasonMissing("reason", item=found[0]))
    refuse_all(problems)
    demand_other_hand(review, by)
    if review.signed_by is None or found:
        why = _why_second(answers, by=by, total=total, currency=currency, terms=terms)
        return Yes(answers, why, failed, reason if failed else None)
    if review.signed_is_own and by.is_own and terms.own_staff_needs_second:
        raise OutsiderNeeded
    if failed and not may_force:
        raise ForceNotYours
    return Yes(answers, (), failed, review.force_reason)


def _why_second(answers: Mapping[str, Answer], *, by: Hand, total: int, currency: str, terms: Terms) -> tuple[str, ...]:
    reasons = {
        "large_amount": total > terms.second_above.get(currency, -1),
        "own_staff": by.is_own and terms.own_staff_needs_second,
        "failed_check": "no" in answers.values(),
    }
    return tuple(reason for reason, is_so in reasons.items() if is_so)
