"""What the rules that speak ask for together: every reason, all questions, the strictest clock."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dingdan.areas.review.model import Item, Owner, Picture, Plan, Reason, Rule, Terms
from dingdan.areas.review.rules.triggers import look
from dingdan.kernel.times import local_date

# Whatever a rule says, the buyer has an answer within a day (O2.3).
HARD_CAP = timedelta(hours=24)
# Who owns a review for which several were named: risk before a lead before a reviewer.
RANKS: tuple[Owner, ...] = ("risk", "lead", "reviewer")


def reasons_of(rules: Sequence[Rule], seen: Picture) -> tuple[tuple[Rule, Reason], ...]:
    """Every rule that speaks about an order, with why; all of them, not the first."""
    found = []
    for rule in rules:
        numbers = look(rule.document.trigger, seen)
        if numbers is not None:
            found.append((rule, Reason(
                rule_id=rule.id, rule=rule.code, number=rule.number, kind=kind_of(rule), title=rule.document.title,
                numbers=numbers,
            )))  # fmt: skip
    return tuple(found)


def plan(spoken: Sequence[tuple[Rule, Reason]], terms: Terms, *, zone: str, now: datetime) -> Plan:
    """One look for all that was asked: the union of the questions, the least time, cancelling before approving.

    When the limit is over a lead gets as long again; the day's cap ends both.
    """
    documents = [rule.document for rule, _ in spoken]
    limit = min(document.limit_minutes for document in documents)
    cap = now + HARD_CAP
    due_at = min(cap, in_service(now, limit, terms, zone))
    return Plan(
        reasons=tuple(reason for _, reason in spoken),
        checklist=_union(document.checklist for document in documents),
        owner=min((document.owner for document in documents), key=RANKS.index),
        on_timeout="cancel" if any(document.on_timeout == "cancel" for document in documents) else "approve",
        limit_minutes=limit,
        warn_at=now + (due_at - now) * terms.warn_at_percent // 100,
        due_at=due_at,
        decide_by=min(cap, in_service(due_at, limit, terms, zone)),
    )


def in_service(start: datetime, minutes: int, terms: Terms, zone: str) -> datetime:
    """The moment at which so many minutes of service hours have passed, day by day in this zone.

    Two days ahead is far enough to see: everything ends within one.
    """
    left = timedelta(minutes=minutes)
    place = ZoneInfo(zone)
    for days in range(3):
        day = local_date(start, zone) + timedelta(days=days)
        opens = datetime.combine(day, time(), place) + timedelta(hours=terms.service_from_hour)
        closes = datetime.combine(day, time(), place) + timedelta(hours=terms.service_to_hour)
        begins, ends = max(start, opens.astimezone(UTC)), closes.astimezone(UTC)
        if begins + left <= ends:
            return begins + left
        left -= max(timedelta(), ends - begins)
    return start + timedelta(days=3)


def kind_of(rule: Rule) -> str:
    """The word for a rule's trigger."""
    return str(rule.document.trigger.__struct_config__.tag)


def effective(rules: Collection[Rule], switches: dict[str, bool]) -> list[Rule]:
    """The rules that hold for one merchant: its own that are on, and the platform's as they are on or switched."""
    return sorted(
        (rule for rule in rules if _is_on(rule, switches)),
        key=lambda rule: (rule.merchant_id is not None, rule.code),
    )


def _is_on(rule: Rule, switches: dict[str, bool]) -> bool:
    if rule.merchant_id is None and rule.document.merchants_may_switch:
        return switches.get(rule.code, rule.is_active)
    return rule.is_active


def _union(checklists: Iterable[Sequence[Item]]) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    for items in checklists:
        for item in items:
            # What the law asks by one rule is asked by law, whatever another rule calls it.
            if item.code not in found or item.is_statutory:
                found[item.code] = item
    return tuple(found.values())
