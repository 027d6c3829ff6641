"""Whether a document may be published: nothing below the law, no exclusion without a ground, no rule left unwritten."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from dingdan.areas.policies import refusals
from dingdan.areas.policies.granting_parts import Condition, Freight, Season, Window
from dingdan.areas.policies.model import FAULTS, Grounds, PolicyDocument
from dingdan.areas.policies.rules.asking import problems_of_asking
from dingdan.areas.policies.rules.carrying import freight_written
from dingdan.areas.policies.rules.floors import FLOORS, NO_LAW, Floor
from dingdan.areas.policies.wording import Part, below, fields_of, is_rule_name, parts_of
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.resting import is_kept

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_BASE = re.compile(_CODE.pattern + "@" + _VERSION.pattern)
_DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SHORT_MONTHS = frozenset({"02-30", "02-31", "04-31", "06-31", "09-31", "11-31"})
_COUNTRY = re.compile(r"[A-Z]{2}")
# What JSON writes for characters that PostgreSQL does not store or nobody can read.
_CONTROL = re.compile(rb"\\u00[01]")
MOST_DAYS, MOST_MONTHS, MOST_HOURS, MOST_BYTES = 3650, 120, 24 * 365, 512_000
# What a seller answers for by law, whatever a policy calls it.
SELLERS = frozenset({"quality", "description", "fulfilment", "transport", "legal"})


def problems_of(document: PolicyDocument, canonical: bytes) -> list[Refusal]:
    """Everything that speaks against publishing a document; `canonical` is its text as it would be stored."""
    found = [
        *_shape(document), *_parts(document), *_references(document), *_freight(document), *_statute(document),
        *problems_of_asking(document),
    ]  # fmt: skip
    if _CONTROL.search(canonical):
        found.append(refusals.FieldUnusable("", must="text without control characters"))
    if len(canonical) > MOST_BYTES:
        found.append(refusals.FieldUnusable("", must=f"at most {MOST_BYTES} bytes"))
    return found


def _shape(document: PolicyDocument) -> Iterator[Refusal]:
    """Values that make no sense anywhere."""
    if not _CODE.fullmatch(document.id):
        yield refusals.FieldUnusable("id", must="1-64 of a-z, 0-9, _")
    if not _VERSION.fullmatch(document.version):
        yield refusals.FieldUnusable("version", must="1-32 of A-Z, a-z, 0-9, . _ -")
    if not is_zone(document.zone):
        yield refusals.ZoneUnknown("zone", zone=document.zone)
    if document.rest_days not in ("weekends", "buyer") and not (
        _COUNTRY.fullmatch(document.rest_days) and is_kept(document.rest_days)
    ):
        yield refusals.FieldUnusable("rest_days", must='"weekends", "buyer", or a country with a known calendar')
    if document.extends is not None and not _BASE.fullmatch(document.extends):
        yield refusals.FieldUnusable("extends", must="code@version")
    for region, code in document.regions.items():
        if not _COUNTRY.fullmatch(region) or not _CODE.fullmatch(code):
            yield refusals.FieldUnusable(f"regions.{region}", must="a country or EU, and the code of a policy")
    yield from _numbers(document)
    discount = document.no_reason.partial_discount
    if discount.default not in discount.methods:
        yield refusals.FieldUnusable("no_reason.partial_discount.default", must="one of methods")
    plain = document.reasons.get("NO_REASON")
    if plain is None or plain.fault != "buyer":
        yield refusals.FieldUnusable("reasons.NO_REASON", must='class no_reason, fault "buyer"')


def _numbers(document: PolicyDocument) -> Iterator[Refusal]:
    numbers = {
        "quality.late_days": document.quality.late_days,
        "refund.days": document.refund.days,
        "review.target_hours": document.review.target_hours,
        "review.limit_hours": document.review.limit_hours,
        "send_back_days": document.send_back_days,
    }
    for path, number in numbers.items():
        if not 1 <= number <= MOST_DAYS:
            yield refusals.FieldUnusable(path, must=f"1-{MOST_DAYS}")
    if document.quality.late_days < document.quality.window.days:
        yield refusals.FieldUnusable("quality.late_days", must=">= quality.window.days")
    if not 0 <= document.rule_change_notice_days <= MOST_DAYS:
        yield refusals.FieldUnusable("rule_change_notice_days", must=f"0-{MOST_DAYS}")
    worth = document.dispositions.recovery
    if not 100 >= worth.a >= worth.b >= worth.c >= worth.d >= 0:
        yield refusals.FieldUnusable("dispositions.recovery", must="0-100, A >= B >= C >= D")
    if not 0 <= document.retention_years <= 100:
        yield refusals.FieldUnusable("retention_years", must="0-100")


def _parts(document: PolicyDocument) -> Iterator[Refusal]:
    """What is asked of parts of a kind, wherever they stand."""
    for path, part in parts_of(document):
        for language in ("en", "zh"):
            if not getattr(part, language, "-").strip():
                yield refusals.WordsMissing(below(path, language), language=language)
        for name, value in fields_of(part):
            if name.endswith("percent") and not 0 <= value <= 100:
                yield refusals.FieldUnusable(below(path, name), must="0-100")
        if isinstance(part, Window):
            yield from _window(path, part)
        if isinstance(part, Season):
            yield from _season(path, part)


def _window(path: str, window: Window) -> Iterator[Refusal]:
    if not (0 <= window.days <= MOST_DAYS and 0 <= window.months <= MOST_MONTHS and 0 <= window.hours <= MOST_HOURS):
        yield refusals.FieldUnusable(f"{path}.days", must=f"days 1-{MOST_DAYS}, months 1-{MOST_MONTHS}")
    elif bool(window.days or window.months) == bool(window.hours):
        yield refusals.FieldUnusable(f"{path}.days", must="days and months, or hours alone, above 0")
    if not 0 <= window.untold_months <= MOST_MONTHS:
        yield refusals.FieldUnusable(f"{path}.untold_months", must=f"0-{MOST_MONTHS}")


def _season(path: str, season: Season) -> Iterator[Refusal]:
    for name in ("bought_from", "bought_until", "returnable_until"):
        day = getattr(season, name)
        if not _DAY_OF_YEAR.fullmatch(day) or day in _SHORT_MONTHS:
            yield refusals.FieldUnusable(f"{path}.{name}", must="a day of the year, such as 11-01")


def _references(document: PolicyDocument) -> Iterator[Refusal]:
    """Rules that are named but not written, and confirmations without words."""
    for path, rule in sorted(_rules_used(document)):
        if rule not in document.rules:
            yield refusals.RuleMissing(path, rule=rule)
    article = _article(document, "confirmation")
    for i, code in enumerate(document.no_reason.excludable_with_confirmation):
        if code not in document.confirmations:
            path = f"no_reason.excludable_with_confirmation[{i}]"
            yield refusals.ConfirmationMissing(path, exclusion=code, article=article)
    known = {*document.no_reason.excluded, *document.no_reason.excludable_with_confirmation}
    for code in sorted(document.applies_to.keys() - known):
        yield refusals.FieldUnusable(f"applies_to.{code}", must="an exclusion of no_reason")
    for i, condition in enumerate(document.conditions):
        for n, reason in enumerate(condition.reasons):
            if reason not in document.reasons:
                yield refusals.FieldUnusable(f"conditions[{i}].reasons[{n}]", must="one of reasons")


def _rules_used(document: PolicyDocument) -> set[tuple[str, str]]:
    """Every place that names a rule, with the rule: new parts are found by the names of their fields."""
    used = {
        (below(path, name), value)
        for path, part in parts_of(document)
        for name, value in fields_of(part)
        if value is not None and _names_a_rule(part, name)
    }
    used |= {(f"no_reason.excluded[{i}]", code) for i, code in enumerate(document.no_reason.excluded)}
    optional = enumerate(document.no_reason.excludable_with_confirmation)
    return used | {(f"no_reason.excludable_with_confirmation[{i}]", code) for i, code in optional}


def _names_a_rule(part: Part, name: str) -> bool:
    return is_rule_name(name) or isinstance(part, Grounds) or (isinstance(part, Condition) and name == "code")


def _freight(document: PolicyDocument) -> Iterator[Refusal]:
    """Every pair of fault and direction says who pays (R1.7)."""
    article = _article(document, "freight")
    for fault in FAULTS:
        rule = freight_written(document, fault)
        missing = ("outbound", "return", "reship") if rule is None else () if rule.reship else ("reship",)
        for direction in missing:
            yield refusals.FreightRuleMissing(
                f"freight.{fault}.{direction}", fault=fault, direction=direction, article=article
            )


def _article(document: PolicyDocument, name: str) -> str:
    floor = FLOORS.get(document.jurisdiction)
    return floor.articles[name] if floor else NO_LAW


def _statute(document: PolicyDocument) -> Iterator[Refusal]:
    """What gives less than the law of the document's jurisdiction, each with its article."""
    floor = FLOORS.get(document.jurisdiction)
    if floor is not None:
        yield from _windows(document, floor)
        yield from _money(document, floor)
        yield from _exclusions(document, floor)
        yield from _faults(document, floor)
        yield from _duties(document, floor)


def _below(floor: Floor, path: str, article: str, least: str) -> Refusal:
    return refusals.BelowStatute(path, least=least, article=floor.articles[article])


def _windows(document: PolicyDocument, floor: Floor) -> Iterator[Refusal]:
    windows = (
        ("no_reason", document.no_reason.window, floor.no_reason_days),
        ("quality", document.quality.window, floor.quality_days),
    )
    for name, window, least in windows:
        # Months are never shorter than 28 days; hours, however many, do not last to the end of a day.
        if window.days + 28 * window.months < least:
            yield _below(floor, f"{name}.window.days", name, f">= {least}")
        # A window that is longer by more than any run of rest days needs no rolling.
        if floor.needs_rest_days and not window.roll_rest_day and window.days + 28 * window.months < 2 * least:
            yield _below(floor, f"{name}.window.roll_rest_day", "rest_days", "true (or twice the days)")
    if document.no_reason.window.start in ("signed_at", "sold_at") and floor.untold_months:
        yield _below(floor, "no_reason.window.start", "no_reason", "last_delivered_at")
    if document.no_reason.window.start == "sold_at" and not floor.untold_months:
        yield _below(floor, "no_reason.window.start", "no_reason", "delivered_at")
    if document.no_reason.window.untold_months < floor.untold_months:
        yield _below(floor, "no_reason.window.untold_months", "untold", f">= {floor.untold_months}")
    if document.quality.late_days < floor.late_days:
        yield _below(floor, "quality.late_days", "late", f">= {floor.late_days}")
    if document.send_back_days < floor.send_back_days:
        yield _below(floor, "send_back_days", "send_back", f">= {floor.send_back_days}")


def _money(document: PolicyDocument, floor: Floor) -> Iterator[Refusal]:
    refund, deductions = document.refund, document.deductions
    if refund.days > floor.refund_days:
        yield _below(floor, "refund.days", "refund", f"<= {floor.refund_days}")
    if floor.offence_after_days is not None and (refund.offence_after_days or MOST_DAYS) > floor.offence_after_days:
        yield _below(floor, "refund.offence_after_days", "offence", f"<= {floor.offence_after_days}")
    if refund.balance == "always":
        yield refusals.ConsentMissing("refund.balance", article=floor.articles["balance"])
    if floor.outbound_refunded and document.no_reason.freight.outbound == "not_refunded":
        yield _below(floor, "no_reason.freight.outbound", "outbound", "refunded_standard")
    for path, rule in _fault_freights(document):
        if rule is not None and rule.way_back != "seller":
            yield _below(floor, f"{path}.return", "freight_fault", "seller")
    if deductions and deductions.handling != "none" and not floor.handling_deducted:
        yield _below(floor, "deductions.handling", "handling", "none")
    if document.in_kind and document.in_kind.points != "in_kind":
        yield _below(floor, "in_kind.points", "points", "in_kind")
    if document.deposits and document.deposits.most_percent > 20 and document.jurisdiction == "CN":
        yield _below(floor, "deposits.most_percent", "deposit", "<= 20")


def _fault_freights(document: PolicyDocument) -> Iterator[tuple[str, Freight | None]]:
    yield "quality.freight", document.quality.freight
    yield "freight.seller", document.freight.get("seller")


def _exclusions(document: PolicyDocument, floor: Floor) -> Iterator[Refusal]:
    no_reason = document.no_reason
    if no_reason.evidence_required:
        yield refusals.EvidenceNotAllowed("no_reason.evidence_required", article=floor.articles["evidence"])
    lists = (
        ("no_reason.excluded", no_reason.excluded, floor.by_law),
        ("no_reason.excludable_with_confirmation", no_reason.excludable_with_confirmation, floor.by_confirmation),
    )
    for path, codes, grounds in lists:
        for i, code in enumerate(codes):
            if code not in grounds:
                article = floor.articles["exclusions"]
                yield refusals.ExclusionWithoutGround(f"{path}[{i}]", exclusion=code, article=article)


def _faults(document: PolicyDocument, floor: Floor) -> Iterator[Refusal]:
    for code, reason in document.reasons.items():
        if reason.kind in SELLERS and reason.fault not in ("seller", "review"):
            yield refusals.FaultShifted(f"reasons.{code}.fault", article=floor.articles["fault"])
    kinds = {reason.kind for reason in document.reasons.values() if reason.fault in ("seller", "review")}
    for kind in ("quality", "description"):
        if kind not in kinds:
            yield refusals.ReasonMissing("reasons", kind=kind, article=floor.articles["reasons"])


def _duties(document: PolicyDocument, floor: Floor) -> Iterator[Refusal]:
    if document.jurisdiction == "CN":
        if document.rule_change_notice_days < 7:
            yield _below(floor, "rule_change_notice_days", "notice", ">= 7")
        if document.retention_years < 3:
            yield _below(floor, "retention_years", "retention", ">= 3")
    if document.review.limit_hours > 15 * 24:
        yield _below(floor, "review.limit_hours", "review", "<= 360")


def is_zone(zone: str) -> bool:
    """Whether days can be counted in this zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # An unknown name, a path, a folder of names.
        return False
    return True
