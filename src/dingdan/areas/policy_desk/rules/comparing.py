"""The same return under two policies: what each says about it, and what it comes to."""

from collections.abc import Iterable, Mapping

from dingdan.areas import policies
from dingdan.areas.policies import PolicyDocument, Verdict
from dingdan.areas.policy_desk.model import Came, Change, Pair, Side, Sums
from dingdan.kernel.money import part_of_units, split

MOST_EXAMPLES, MOST_CATEGORIES = 50, 200
OTHER = "…"


class Judge:
    """One policy, ready to judge many lines: its clocks are made once for each country."""

    def __init__(self, document: PolicyDocument) -> None:
        self.document = document
        self._clocks: dict[str, policies.Clock] = {}

    def knows(self, reason: str) -> bool:
        """Whether the policy has this reason."""
        return reason in self.document.reasons

    def says(self, came: Came) -> Verdict:
        """What the policy says about a line as it was when it was asked for."""
        clock = self._clocks.get(came.country)
        if clock is None:
            clock = self._clocks[came.country] = policies.clock_of(self.document, came.country)
        return policies.judge(self.document, facts_of(came), clock)


def facts_of(came: Came) -> policies.LineFacts:
    """What a policy must know about a line that came back."""
    return policies.LineFacts(
        reason=came.reason, quantity=1, returnable=1, requested_at=came.requested_at,
        delivered_at=came.delivered_at or came.received_at, confirmed_at=came.received_at, sold_at=came.placed_at,
        category=came.category, flags=came.flags, confirmed=came.is_confirmed, country=came.country,
        is_untold=came.is_untold, told_at=came.told_at,
    )  # fmt: skip


def count(sums: Sums, lines: Iterable[Came], tried: Judge, bound: Mapping[int, Judge], *, way_back: int) -> None:
    """Add lines to the sums. `way_back` is the postage of one parcel; a return that we pay it for has it counted once."""
    posted_then: set[int] = set()
    posted_now: set[int] = set()
    for came in lines:
        then = bound[came.policy_id].says(came) if bound[came.policy_id].knows(came.reason) else None
        if not tried.knows(came.reason):
            sums.unknown_reasons += 1
        now = tried.says(came) if tried.knows(came.reason) else then
        was = _was(came)
        would_be = _would_be(came, now) if now is not None else was
        pairs = (sums.total, sums.by_reason.setdefault(came.reason, Pair()), _of_category(sums, came))
        fresh_then, fresh_now = came.return_id not in posted_then, came.return_id not in posted_now
        then_side = _side(came, then, was, bound[came.policy_id], way_back if fresh_then else 0)
        now_side = _side(came, now, would_be, tried, way_back if fresh_now else 0)
        posted_then |= {came.return_id} if then_side.postage else set()
        posted_now |= {came.return_id} if now_side.postage else set()
        for pair in pairs:
            pair.lines += 1
            pair.units += came.quantity
            _add(pair.then, then_side)
            _add(pair.now, now_side)
        if was != would_be:
            _note(sums, came, was, would_be, now)


def _was(came: Came) -> str:
    return "refused" if came.decision == "refused" else "approved"


def _would_be(came: Came, verdict: Verdict) -> str:
    """What would have come of it: what a person must look at, the same person decides as they did."""
    if not verdict.is_allowed:
        return "refused"
    return _was(came) if verdict.needs_review else "approved"


def _side(came: Came, verdict: Verdict | None, answer: str, judge: Judge, way_back: int) -> Side:
    """One line on one side of the books."""
    if answer == "refused":
        return Side(refused=1)
    side = Side(approved=1, at_once=int(verdict is not None and not verdict.needs_review))
    side.refund = part_of_units(came.net, came.units, before=0, taken=came.quantity)
    freight = verdict.freight if verdict is not None else judge.document.no_reason.freight
    if freight is not None and freight.outbound != "not_refunded" and came.order_net:
        share = split(came.freight, [came.net, came.order_net - came.net])[0]
        side.freight = part_of_units(share, came.units, before=0, taken=came.quantity)
    if freight is not None:
        side.postage = way_back - policies.postage_of_buyer(freight, way_back)
    return side


def _add(to: Side, one: Side) -> None:
    to.approved += one.approved
    to.at_once += one.at_once
    to.refused += one.refused
    to.refund += one.refund
    to.freight += one.freight
    to.postage += one.postage


def _of_category(sums: Sums, came: Came) -> Pair:
    """By the first word of the category; a shop with very many has the rest together."""
    word = came.category.partition("/")[0] or OTHER
    if word not in sums.by_category and len(sums.by_category) >= MOST_CATEGORIES:
        word = OTHER
    return sums.by_category.setdefault(word, Pair())


def _note(sums: Sums, came: Came, was: str, would_be: str, verdict: Verdict | None) -> None:
    if would_be == "approved":
        sums.newly_approved += 1
    else:
        sums.newly_refused += 1
    if len(sums.examples) < MOST_EXAMPLES:
        why = verdict.reasons or verdict.rules if verdict is not None else ()
        sums.examples.append(Change(came.return_id, came.reason, was, would_be, why))
