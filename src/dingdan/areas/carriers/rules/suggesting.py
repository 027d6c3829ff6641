"""Which carrier a parcel is best given to, with a reason for each that is in and each that is out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zlib import crc32

import msgspec

from dingdan.areas.carriers.model import Ask, Assigned, Lane, Lanes, Standing
from dingdan.areas.carriers.rules.choosing import decided
from dingdan.areas.carriers.rules.promising import by_lane
from dingdan.kernel.refusal import Refusal, Text

_NO_WAY = Text("Lane {lane} says that it does not go there.", "线路 {lane} 标明不配送该地。")
_OTHER_SERVICE = Text("It is {service}; promised was {wanted}.", "服务为 {service}，承诺的是 {wanted}。")
_TOO_HEAVY = Text("It takes up to {most} g; the parcel weighs {grams} g.", "限重 {most} 克，包裹重 {grams} 克。")
_NOT_ITS_TURN = Text(
    "Graded {grade}, it gets {share}% of the parcels on this lane, and this one is not among them.",
    "评级为 {grade}，在该线路只获得 {share}% 的包裹，本包裹不在其中。",
)
_FITS = Text("It goes there with the service that was promised.", "可配送该地，且符合承诺的服务。")
_IN_TIME = Text("It arrives by {arrive_by}, as promised.", "预计 {arrive_by} 前送达，符合承诺。")
_LATE = Text(
    "It arrives by {arrive_by}, after the promise of {promised}.", "预计 {arrive_by} 送达，晚于承诺的 {promised}。"
)
_GRADED = Text("It is graded {grade}.", "评级为 {grade}。")
_UNGRADED = Text("It was not graded yet.", "尚无评级。")
_COST = Text("It charges {cost}.", "收费 {cost}。")
_ONLY_ONE_LEFT = Text("No other is left, so its share does not count.", "别无其他承运商，份额限制不适用。")
_BEST = Text("It is the first by time, priority, grade, cost and days.", "按时效、优先级、评级、费用和天数排序居首。")


class Parcelled(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be carried: `key` decides by its hash to whose share it belongs; costs may say more than lanes do."""

    key: int
    ask: Ask
    arrive_by: datetime | None = None
    grams: int | None = None
    costs: Mapping[str, int] = {}


class Trait(msgspec.Struct, frozen=True):
    """What is known of a carrier beside its lanes: whether it may be given parcels, and its standing on this way."""

    right: Assigned | Refusal
    standing: Standing = Standing()


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One carrier's service: whether it can be taken, whether it is the one to take, and why."""

    carrier: str
    service: str
    lane: str
    is_out: bool
    is_chosen: bool
    arrive_by: datetime
    cost: int | None
    grade: str | None
    share: int
    reasons: tuple[Text, ...]


def choose(found: Lanes, traits: Mapping[int, Trait], want: Parcelled, now: datetime) -> list[Option]:
    """Every carrier's service that touches the way, the one to take first, then those that could be, then those that cannot.

    In time comes first, then the merchant's priority, the grade, the cost, the days and the name. A carrier with a smaller
    share gives up parcels by the hash of their number, so that the same parcel always gets the same answer.
    """
    judged = [_judge(lane, found, traits[lane.carrier_id], want, now) for lane in decided(found, want.ask.warehouse_id)]
    judged.sort(key=lambda one: (one.why_out is not None, one.rank))
    left = [one for one in judged if one.why_out is None]
    if not left and (spared := [one for one in judged if one.is_spared]):
        best = min(spared, key=lambda one: one.rank)
        left = [_Judged(best.lane, best.option, None, best.rank, (*best.reasons, _ONLY_ONE_LEFT))]
        judged = left + [one for one in judged if one.lane.id != best.lane.id]
    return [_told(one, is_chosen=bool(left) and one is left[0]) for one in judged]


class _Judged(msgspec.Struct, frozen=True):
    lane: Lane
    option: Option
    why_out: Text | None
    rank: tuple[object, ...]
    reasons: tuple[Text, ...]
    is_spared: bool = False


def _judge(lane: Lane, found: Lanes, trait: Trait, want: Parcelled, now: datetime) -> _Judged:
    arrive_by = by_lane(lane, found, want.ask, now).arrive_by
    cost = want.costs.get(lane.code, lane.cost)
    grade, share = trait.standing.grade, trait.standing.share
    why_out = _why_out(lane, trait, want)
    is_late = want.arrive_by is not None and arrive_by > want.arrive_by
    # Among carriers of one parcel each has a hash of its own, or all would give up the same ones.
    is_spared = why_out is None and crc32(f"{want.key}/{lane.carrier_id}".encode()) % 100 >= share
    if is_spared:
        why_out = _NOT_ITS_TURN.filled({"grade": grade, "share": share})
    said = {
        "arrive_by": arrive_by.isoformat(), "promised": want.arrive_by.isoformat() if want.arrive_by else "",
        "grade": grade, "cost": cost,
    }  # fmt: skip
    reasons = (
        _FITS, *((_LATE if is_late else _IN_TIME,) if want.arrive_by else ()), _GRADED if grade else _UNGRADED,
        *((_COST,) if cost is not None else ()),
    )  # fmt: skip
    option = Option(
        carrier=lane.carrier, service=lane.service, lane=lane.code, is_out=why_out is not None, is_chosen=False,
        arrive_by=arrive_by, cost=cost, grade=grade, share=share, reasons=(),
    )  # fmt: skip
    rank = (
        is_late, lane.priority, grade or "B", cost is None, cost or 0, lane.days_max, lane.days_min, lane.carrier,
        lane.service, lane.id,
    )  # fmt: skip
    return _Judged(lane, option, why_out, rank, tuple(text.filled(said) for text in reasons), is_spared)


def _why_out(lane: Lane, trait: Trait, want: Parcelled) -> Text | None:
    if not lane.deliverable:
        return _NO_WAY.filled({"lane": lane.code})
    if want.ask.service not in (None, lane.service):
        return _OTHER_SERVICE.filled({"service": lane.service, "wanted": want.ask.service})
    if isinstance(trait.right, Refusal):
        return trait.right.message.filled(trait.right.params)
    if lane.max_grams is not None and want.grams is not None and want.grams > lane.max_grams:
        return _TOO_HEAVY.filled({"most": lane.max_grams, "grams": want.grams})
    return None


def _told(one: _Judged, *, is_chosen: bool) -> Option:
    reasons: Sequence[Text] = (one.why_out,) if one.why_out else (*one.reasons, *((_BEST,) if is_chosen else ()))
    return msgspec.structs.replace(
        one.option, is_out=one.why_out is not None, is_chosen=is_chosen, reasons=tuple(reasons)
    )
