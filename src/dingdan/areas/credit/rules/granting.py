"""What may be put into a purse, and how long it is good for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dingdan.areas.credit.model import POINTS_UNIT, Grant, NewCard, PurseKind
from dingdan.areas.credit.refusals import AmountUnfit, ExpiryUnfit, UnitUnfit
from dingdan.kernel.money import MAX_AMOUNT, is_currency
from dingdan.kernel.refusal import Refusal

# Measures on single-purpose commercial prepaid cards (单用途商业预付卡管理办法) art. 19: a card that names nobody is good
# for three years at least, and what is on it is not lost when they are over.
CARD_YEARS = 3
CARD_DAYS = CARD_YEARS * 365

# What comes back after its end is good for a while longer, as a coupon is (W14).
GRACE = timedelta(days=7)


def problems_of_grants(grants: Sequence[Grant], *, now: datetime) -> list[Refusal]:
    """Everything that is wrong with grants, with paths `[i].part`."""
    problems: list[Refusal] = []
    for index, grant in enumerate(grants):
        problems += [problem.at(f"[{index}]") for problem in _problems(grant, now)]
    return problems


def problems_of_cards(cards: Sequence[NewCard], *, now: datetime) -> list[Refusal]:
    """Everything that is wrong with cards to be issued, with paths `[i].part`."""
    problems: list[Refusal] = []
    for index, card in enumerate(cards):
        found: list[Refusal] = amount_problems(card.amount)
        if not is_currency(card.currency):
            found.append(UnitUnfit("currency", kind=str(PurseKind.CARD), unit=card.currency))
        found += card_end_problems(card.expires_at, now=now)
        problems += [problem.at(f"[{index}]") for problem in found]
    return problems


def amount_problems(amount: int) -> list[Refusal]:
    """Whether an amount can be moved at all."""
    return [] if 0 < amount <= MAX_AMOUNT else [AmountUnfit("amount", amount=amount, most=MAX_AMOUNT)]


def card_end_problems(ends: datetime | None, *, now: datetime) -> list[Refusal]:
    """Whether a card may end then."""
    if ends is None or ends >= now + timedelta(days=CARD_DAYS):
        return []
    return [_expiry(PurseKind.CARD, ends)]


def end_after_return(ends: datetime | None, *, now: datetime) -> datetime | None:
    """When something that came back ends: when it would have, and not before the grace is over."""
    return None if ends is None else max(ends, now + GRACE)


def _problems(grant: Grant, now: datetime) -> list[Refusal]:
    problems = amount_problems(grant.amount)
    is_points = grant.kind is PurseKind.POINTS
    if grant.kind is PurseKind.CARD or not (grant.unit == POINTS_UNIT if is_points else is_currency(grant.unit)):
        problems.append(UnitUnfit("unit", kind=str(grant.kind), unit=grant.unit))
    if grant.expires_at is not None and (not is_points or grant.expires_at <= now):
        problems.append(_expiry(grant.kind, grant.expires_at))
    return problems


def _expiry(kind: PurseKind, ends: datetime) -> Refusal:
    return ExpiryUnfit("expires_at", kind=str(kind), date=ends.date().isoformat(), years=CARD_YEARS)
