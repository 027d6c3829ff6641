"""Who may say yes: the one who claimed it, with every question answered, and two people where one is not enough."""

from collections.abc import Mapping

import msgspec

from dingdan.areas.review.lifecycle import REVIEW, ReviewState
from dingdan.areas.review.model import Answer, Review, Terms
from dingdan.areas.review.refusals import (
    AskedAlready,
    BlockedByRisk,
    ItemUnanswered,
    ItemUnknown,
    NeedsPerson,
    NotYours,
    OutsiderNeeded,
    SameHand,
    StateForbids,
)
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.refusal import Refusal, refuse_all

PEOPLE = frozenset({ActorKind.STAFF, ActorKind.KEY})


class Hand(msgspec.Struct, frozen=True):
    """Whose hand it was; `is_own` says that it is the seller's."""

    kind: str
    id: int
    is_own: bool


class Yes(msgspec.Struct, frozen=True):
    """What a yes comes to: `why_second` is empty where it lets the order go."""

    answers: dict[str, Answer]
    why_second: tuple[str, ...]


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


def decide_ask(review: Review, by: Hand) -> None:
    """A buyer is asked once. Raises StateForbids, NotYours or AskedAlready."""
    demand_claimed(review, "ask", by)
    if review.asked_at is not None:
        raise AskedAlready


def decide_yes(
    review: Review, given: Mapping[str, Answer], *, by: Hand, total: int, currency: str, terms: Terms
) -> Yes:
    """Whether this yes lets the order go or is the first of two.

    Two people look above the limit of the currency, where the first is the seller's own staff, and where a question
    was answered with no. Raises everything that is missing at once.
    """
    demand_claimed(review, "approve", by)
    if review.blocked_at is not None:
        raise BlockedByRisk
    known = {item.code for item in review.checklist}
    answers = {**review.answers, **{code: answer for code, answer in given.items() if code in known}}
    problems: list[Refusal] = [ItemUnknown(f"answers.{code}", item=code) for code in given if code not in known]
    problems += [ItemUnanswered(f"answers.{i.code}", item=i.code) for i in review.checklist if i.code not in answers]
    refuse_all(problems)
    if review.signed_by is None:
        return Yes(answers, _why_second(answers, by=by, total=total, currency=currency, terms=terms))
    if (review.signed_by_kind, review.signed_by) == (by.kind, by.id):
        raise SameHand
    if review.signed_is_own and by.is_own and terms.own_staff_needs_second:
        raise OutsiderNeeded
    return Yes(answers, ())


def _why_second(answers: Mapping[str, Answer], *, by: Hand, total: int, currency: str, terms: Terms) -> tuple[str, ...]:
    reasons = {
        "large_amount": total > terms.second_above.get(currency, -1),
        "own_staff": by.is_own and terms.own_staff_needs_second,
        "failed_check": "no" in answers.values(),
    }
    return tuple(reason for reason, is_so in reasons.items() if is_so)
