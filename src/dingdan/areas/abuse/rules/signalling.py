"""What of all that happened is a sign, and what it weighs: few returns, and the seller's own faults, never are."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from dingdan.areas.abuse.model import LASTS, Habit, NewSignal, Picture, Seen, Signal, SignalKind
from dingdan.areas.abuse.rules.weighing import HABITS
from dingdan.kernel.rates import wilson

K = SignalKind
# What one sign of a kind weighs, and how many there must be before any of them does.
POINTS = {K.RETURN_RATE: 20, K.WARDROBING: 15, K.SWAPPED_ITEM: 35, K.WEIGHT_DIFFERS: 15, K.EMPTY_PARCEL: 25,
          K.NOT_RECEIVED: 10, K.EVIDENCE_REUSED: 20, K.LINKED_ACCOUNT: 15, K.BULK_RETURNS: 30}  # fmt: skip
AT_LEAST = {K.WARDROBING: 2, K.NOT_RECEIVED: 3}

# A rate says something from so many orders that came back on, where even its lower bound (99 percent) is above so many
# times the upper one of everybody else's, of whom there must be enough to compare with.
FEWEST_RETURNED, FEWEST_OTHERS, TIMES, STRICT = 8, 50, 2, 2.576
# So many units of one product within a month, of which so many percent came back.
BULK_UNITS, BULK_PERCENT = 20, 90
# Goods may weigh so many percent more or less than they did; at most so many percent of it is an empty box.
WEIGHT_PERCENT, EMPTY_PERCENT = 25, 20


def fresh(picture: Picture, known: Sequence[Signal], now: datetime) -> list[NewSignal]:
    """The signs that nobody has noticed yet; `known` are those of the same buyers, dismissed ones too.

    Of a habit there is one sign at a time, also where people said that it means nothing.
    """
    seen = [one for one in map(_named, picture.seen) if one.at > now - LASTS and _is_sign(one)]
    many = Counter((one.buyer_id, one.kind) for one in seen)
    made = [_signal(one) for one in seen if many[one.buyer_id, one.kind] >= AT_LEAST.get(one.kind, 1)]
    made += [_rate(one) for one in picture.habits if one.at > now - LASTS and is_unusual(one)]
    told = {(one.buyer_id, one.kind, one.subject_id) for one in known}
    running = {(one.buyer_id, one.kind) for one in known if one.kind in HABITS and one.expires_at > now}
    found: list[NewSignal] = []
    for one in made:
        key = (one.buyer_id, one.kind, one.subject_id)
        if key in told or (one.buyer_id, one.kind) in running:
            continue
        told.add(key)
        running |= {(one.buyer_id, one.kind)} if one.kind in HABITS else set()
        found.append(one)
    return found


def is_unusual(habit: Habit) -> bool:
    """Whether so many orders of a category came back that chance and a few returns do not explain it."""
    if habit.returned < FEWEST_RETURNED or habit.others < FEWEST_OTHERS:
        return False
    low, _ = wilson(habit.returned, habit.orders, z=STRICT)
    _, usual = wilson(habit.others_returned, habit.others)
    return low > TIMES * usual


def _named(one: Seen) -> Seen:
    """What weighs next to nothing is an empty parcel, whoever looked and whatever they called it."""
    if one.kind is not K.WEIGHT_DIFFERS or one.found["grams"] * 100 > one.found["expected"] * EMPTY_PERCENT:
        return one
    return Seen(buyer_id=one.buyer_id, merchant_id=one.merchant_id, kind=K.EMPTY_PARCEL, subject=one.subject,
                subject_id=one.subject_id, order_id=one.order_id, at=one.at, found=one.found)  # fmt: skip


def _is_sign(one: Seen) -> bool:
    found = one.found
    if one.kind is K.WEIGHT_DIFFERS:
        return abs(found["grams"] - found["expected"]) * 100 > found["expected"] * WEIGHT_PERCENT
    if one.kind is K.LINKED_ACCOUNT:
        # A family lives at one address; the same phone or device is more than that.
        return bool(found["phone"] or found["device"])
    if one.kind is K.BULK_RETURNS:
        return found["bought"] >= BULK_UNITS and found["back"] * 100 >= found["bought"] * BULK_PERCENT
    return True


def _signal(one: Seen) -> NewSignal:
    return NewSignal(
        buyer_id=one.buyer_id, merchant_id=one.merchant_id, kind=one.kind, points=POINTS[one.kind], subject=one.subject,
        subject_id=one.subject_id, order_id=one.order_id, found=dict(one.found), happened_at=one.at,
        expires_at=one.at + LASTS,
    )  # fmt: skip


def _rate(habit: Habit) -> NewSignal:
    low, _ = wilson(habit.returned, habit.orders, z=STRICT)
    _, usual = wilson(habit.others_returned, habit.others)
    return NewSignal(
        buyer_id=habit.buyer_id, merchant_id=habit.merchant_id, kind=K.RETURN_RATE, points=POINTS[K.RETURN_RATE],
        subject="return", subject_id=habit.latest, order_id=habit.order_id, happened_at=habit.at,
        expires_at=habit.at + LASTS,
        found={
            "category": habit.category, "orders": habit.orders, "returned": habit.returned, "others": habit.others,
            "others_returned": habit.others_returned, "at_least_per_mille": round(low * 1000),
            "usual_at_most_per_mille": round(usual * 1000),
        },
    )  # fmt: skip
