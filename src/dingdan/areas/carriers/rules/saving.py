"""What a carrier and a lane may be: everything that is wrong with them, all at once."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from dingdan.areas.carriers.lifecycle import Contract
from dingdan.areas.carriers.model import Carrier, Lane, SaveCarrier, SaveLane, SetGrade
from dingdan.areas.carriers.refusals import (
    CarrierHeld,
    CarrierMoved,
    CarrierThere,
    CarrierUnknown,
    FieldUnfit,
    LaneTwice,
    StillUsed,
)
from dingdan.areas.carriers.rules.grading import GRADES
from dingdan.areas.carriers.rules.licensing import problems_of_licences
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import MAX_AMOUNT, is_currency
from dingdan.kernel.refusal import Refusal

_SERVICE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_REGION = re.compile(r"[A-Z0-9]{0,6}")
_SERVED = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,6})?")
LONGEST_GRADE = timedelta(days=366)
MOST_SERVICES, MOST_REGIONS, MOST_DAYS, MOST_GRAMS = 20, 500, 120, 100_000_000


def problems_of_carrier(wanted: SaveCarrier, actor: Actor) -> Iterator[Refusal]:
    """What is wrong with a carrier by itself."""
    if not reaches(actor, wanted.merchant_id):
        yield CarrierUnknown("code", code=wanted.code)
    yield from _code(wanted.code)
    if not any(wanted.name.get(tag, "").strip() for tag in ("zh", "en")):
        yield _unfit("name", "at least zh or en", "至少须有中文或英文名称")
    if any(len(text) > 200 for text in wanted.name.values()):
        yield _unfit("name", "at most 200 characters", "不得超过 200 个字符")
    if not 1 <= len(wanted.services) <= MOST_SERVICES or not all(map(_SERVICE.fullmatch, wanted.services)):
        yield _unfit("services", "1 to 20 codes of small letters", "须为 1 至 20 个小写字母代码")
    if len(wanted.regions) > MOST_REGIONS or not all(map(_SERVED.fullmatch, wanted.regions)):
        yield _unfit("regions", "up to 500 such as CN or CN-3301", "最多 500 项，形如 CN 或 CN-3301")
    for part in ("name", "phone", "email") if wanted.contact else ():
        text = getattr(wanted.contact, part)
        if len(text) > 200 or not text.isprintable():
            yield _unfit(f"contact.{part}", "up to 200 printable characters", "最多 200 个可打印字符")
    yield from problems_of_licences(wanted.licences)


def problems_of_lane(wanted: SaveLane, actor: Actor) -> Iterator[Refusal]:
    """What is wrong with a lane by itself."""
    if not reaches(actor, wanted.merchant_id):
        yield CarrierUnknown("carrier", code="")
    yield from _code(wanted.code)
    if wanted.merchant_id is None and wanted.warehouse_id is not None:
        yield _unfit("warehouse", "lanes of the platform leave from any", "平台线路不能指定仓库")
    if not _COUNTRY.fullmatch(wanted.country):
        yield _unfit("country", "a country's two letters", "须为两位国家代码")
    if not _REGION.fullmatch(wanted.region):
        yield _unfit("region", "the beginning of a region's code", "须为地区代码或其前几位")
    if wanted.days not in ("every_day", "working_days"):
        yield _unfit("days", "every_day or working_days", "须为 every_day 或 working_days")
    yield from _numbers(wanted)


def _numbers(wanted: SaveLane) -> Iterator[Refusal]:
    if not 0 <= wanted.cut_off <= 24 * 60:
        yield _unfit("cut_off", "00:00 to 24:00", "须在 00:00 至 24:00 之间")
    for name in ("handling_days", "days_min", "days_max"):
        if not 0 <= getattr(wanted, name) <= MOST_DAYS:
            yield _unfit(name, f"0 to {MOST_DAYS}", f"须在 0 至 {MOST_DAYS} 之间")
    if wanted.days_min > wanted.days_max:
        yield _unfit("days_max", "not less than days_min", "不得小于 days_min")
    if not 0 <= wanted.surcharge <= MAX_AMOUNT:
        yield _unfit("surcharge", "an amount that is not below zero", "须为不小于零的金额")
    if (wanted.surcharge > 0 or wanted.currency is not None) and not is_currency(wanted.currency or ""):
        yield _unfit("surcharge", "a currency we keep accounts in", "须为系统支持的币种")
    if not 0 <= wanted.priority <= 1000:
        yield _unfit("priority", "0 to 1000", "须在 0 至 1000 之间")
    if wanted.cost is not None and not 0 <= wanted.cost <= MAX_AMOUNT:
        yield _unfit("cost", "an amount that is not below zero", "须为不小于零的金额")
    if wanted.max_grams is not None and not 1 <= wanted.max_grams <= MOST_GRAMS:
        yield _unfit("max_grams", f"1 to {MOST_GRAMS}", f"须在 1 至 {MOST_GRAMS} 之间")


def problems_with_carrier(wanted: SaveLane, carrier: Carrier | None) -> Iterator[Refusal]:
    """What a lane says that its carrier does not do. A merchant's lane may use the platform's carriers."""
    if carrier is None or carrier.merchant_id not in (None, wanted.merchant_id):
        yield CarrierUnknown("carrier", code="")
        return
    if wanted.service not in carrier.services:
        yield _unfit("service", f"one of {', '.join(carrier.services)}", f"须为 {'、'.join(carrier.services)} 之一")
    if not is_served(carrier.regions, wanted.country, wanted.region):
        yield _unfit("region", "one that the carrier serves", "须在承运商的服务区域内")


def problems_of_new_lanes(wanted: SaveLane, carrier: Carrier | None, *, is_new: bool) -> Iterator[Refusal]:
    """A suspended carrier keeps the lanes it has, and gets no new ones."""
    if is_new and carrier is not None and carrier.state is Contract.SUSPENDED:
        yield CarrierHeld("carrier", code=carrier.code)


def problems_of_repeats(wanted: Sequence[SaveLane], others: Sequence[Lane]) -> Iterator[Refusal]:
    """Lanes that would say different things about the same way, among themselves and with those that there are."""
    renewed = {(row.merchant_id, row.code) for row in wanted}
    taken = {way_of(lane): lane.code for lane in others if (lane.merchant_id, lane.code) not in renewed}
    codes: set[tuple[int | None, str]] = set()
    for i, row in enumerate(wanted):
        if (row.merchant_id, row.code) in codes:
            yield _unfit(f"[{i}].code", "named once", "不得重复")
        codes.add((row.merchant_id, row.code))
        if row.active and (other := taken.setdefault(way_of(row), row.code)) != row.code:
            yield LaneTwice(f"[{i}]", other=other)


def problems_with_what_stands(wanted: SaveCarrier, known: Carrier | None) -> Iterator[Refusal]:
    """What whoever saves it has not seen: a carrier of this code, or that it was changed since."""
    if wanted.is_first and known is not None:
        yield CarrierThere("code", code=wanted.code)
    if wanted.instead_of is not None and known != wanted.instead_of:
        yield CarrierMoved(code=wanted.code)


def problems_of_taking_away(wanted: SaveCarrier, lanes: Sequence[Lane]) -> Iterator[Refusal]:
    """What a carrier shall no longer do though lanes still count on it."""
    for lane in lanes:
        if lane.service not in wanted.services:
            yield StillUsed("services", lane=lane.code)
            return
        if not is_served(wanted.regions, lane.country, lane.region):
            yield StillUsed("regions", lane=lane.code)
            return


def problems_of_grade(wanted: SetGrade, now: datetime) -> Iterator[Refusal]:
    """A grade by hand is for a lane or the whole, for a time that is not over and not for ever."""
    if wanted.grade not in GRADES:
        yield _unfit("grade", "A to E", "须为 A 至 E")
    for name in ("origin", "destination"):
        if getattr(wanted, name) and not _SERVED.fullmatch(getattr(wanted, name)):
            yield _unfit(name, "a place such as CN-33 or HK", "须为地区，如 CN-33 或 HK")
    if bool(wanted.origin) != bool(wanted.destination):
        yield _unfit("destination", "both ends of a lane, or none", "须同时给出起讫地，或都不给出")
    if not now < wanted.ends_at <= now + LONGEST_GRADE:
        yield _unfit("ends_at", "within the next year", "须在未来一年之内")


def way_of(lane: SaveLane | Lane) -> tuple[object, ...]:
    """What two lanes may not have in common."""
    return lane.merchant_id, lane.carrier_id, lane.service, lane.warehouse_id, lane.country, lane.region


def is_served(regions: Sequence[str], country: str, region: str) -> bool:
    """Whether a destination lies in what a carrier serves; one that names nothing serves everywhere."""
    parted = [served.partition("-") for served in regions]
    return not regions or any(c == country and region.startswith(r) for c, _, r in parted)


def reaches(actor: Actor, merchant_id: int | None) -> bool:
    """Whether this is the actor's to change: the platform's own is for those who reach every merchant."""
    return actor.merchant_id is None if merchant_id is None else actor.reaches(merchant_id)


def _code(code: str) -> Iterator[Refusal]:
    if not (1 <= len(code) <= 64 and code == code.strip() and code.isprintable()):
        yield _unfit("code", "1 to 64 printable characters", "须为 1 至 64 个可打印字符")


def _unfit(field: str, why: str, why_zh: str) -> Refusal:
    return FieldUnfit(field, field=field.rpartition(".")[2], why=why, why_zh=why_zh)
