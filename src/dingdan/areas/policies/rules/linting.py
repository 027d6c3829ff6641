"""Whether a document may be published: nothing below the law, no exclusion without a ground, no rule left unwritten."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from dingdan.areas.policies import refusals
from dingdan.areas.policies.model import PolicyDocument
from dingdan.areas.policies.rules.asking import problems_of_asking
from dingdan.kernel.refusal import Refusal

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
# What JSON writes for characters that PostgreSQL does not store or nobody can read.
_CONTROL = re.compile(rb"\\u00[01]")
MOST_DAYS = 3650


class Floor(msgspec.Struct, frozen=True):
    """The least that a law gives. Empty sets of codes: the law's list is not one that we can check against."""

    no_reason_days: int
    refund_days: int
    offence_after_days: int | None = None
    needs_rest_days: bool = False
    by_law: frozenset[str] = frozenset()
    by_confirmation: frozenset[str] = frozenset()


# CPL 25 and Measures 6, 7, 13; CRD 9, 13; SI 2013/3134 reg. 30, 34.
FLOORS: dict[str, Floor] = {
    "CN": Floor(
        no_reason_days=7,
        refund_days=7,
        offence_after_days=15,
        needs_rest_days=True,
        by_law=frozenset({"CN_EX_CUSTOM", "CN_EX_PERISHABLE", "CN_EX_DIGITAL", "CN_EX_PRESS"}),
        by_confirmation=frozenset({"CN_OPT_HYGIENE", "CN_OPT_ACTIVATED", "CN_OPT_NEAR_EXPIRY_DEFECT"}),
    ),
    "EU": Floor(no_reason_days=14, refund_days=14, needs_rest_days=True),
    "GB": Floor(no_reason_days=14, refund_days=14),
}


def problems_of(document: PolicyDocument, canonical: bytes) -> list[Refusal]:
    """Everything that speaks against publishing a document; `canonical` is its text as it would be stored."""
    found = [*_shape(document), *_references(document), *_statute(document), *problems_of_asking(document)]
    if _CONTROL.search(canonical):
        found.append(refusals.FieldUnusable("", must="text without control characters"))
    return found


def _shape(document: PolicyDocument) -> Iterator[Refusal]:
    """Values that make no sense anywhere."""
    if not _CODE.fullmatch(document.id):
        yield refusals.FieldUnusable("id", must="1-64 of a-z, 0-9, _")
    if not _VERSION.fullmatch(document.version):
        yield refusals.FieldUnusable("version", must="1-32 of A-Z, a-z, 0-9, . _ -")
    if not is_zone(document.zone):
        yield refusals.ZoneUnknown("zone", zone=document.zone)
    numbers = {
        "no_reason.window.days": document.no_reason.window.days,
        "quality.window.days": document.quality.window.days,
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
    discount = document.no_reason.partial_discount
    if discount.default not in discount.methods:
        yield refusals.FieldUnusable("no_reason.partial_discount.default", must="one of methods")
    plain = document.reasons.get("NO_REASON")
    if plain is None or plain.fault != "buyer":
        yield refusals.FieldUnusable("reasons.NO_REASON", must='class no_reason, fault "buyer"')


def _references(document: PolicyDocument) -> Iterator[Refusal]:
    """Rules that are named but not written, and confirmations without words."""
    for path, rule in sorted(_rules_used(document)):
        if rule is not None and rule not in document.rules:
            yield refusals.RuleMissing(path, rule=rule)
    for i, code in enumerate(document.no_reason.excludable_with_confirmation):
        if code not in document.confirmations:
            yield refusals.ConfirmationMissing(f"no_reason.excludable_with_confirmation[{i}]", exclusion=code)
    known = {*document.no_reason.excluded, *document.no_reason.excludable_with_confirmation}
    for code in sorted(document.applies_to.keys() - known):
        yield refusals.FieldUnusable(f"applies_to.{code}", must="an exclusion of no_reason")


def _rules_used(document: PolicyDocument) -> set[tuple[str, str | None]]:
    """Every place that names a rule, with the rule."""
    no_reason, quality, refund = document.no_reason, document.quality, document.refund
    used: set[tuple[str, str | None]] = {
        ("no_reason.window.rule", no_reason.window.rule),
        ("no_reason.window.roll_rule", no_reason.window.roll_rule),
        ("no_reason.freight.rule", no_reason.freight.rule),
        ("no_reason.partial_discount.rule", no_reason.partial_discount.rule),
        ("quality.window.rule", quality.window.rule),
        ("quality.window.roll_rule", quality.window.roll_rule),
        ("quality.late_rule", quality.late_rule),
        ("quality.freight.rule", quality.freight.rule),
        ("refund.rule", refund.rule),
        ("refund.offence_rule", refund.offence_rule),
        ("review.rule", document.review.rule),
    }
    used |= {(f"grounds.{name}", getattr(document.grounds, name)) for name in document.grounds.__struct_fields__}
    used |= {(f"reasons.{code}.rule", reason.rule) for code, reason in document.reasons.items()}
    used |= {(f"no_reason.excluded[{i}]", code) for i, code in enumerate(no_reason.excluded)}
    optional = enumerate(no_reason.excludable_with_confirmation)
    return used | {(f"no_reason.excludable_with_confirmation[{i}]", code) for i, code in optional}


def _statute(document: PolicyDocument) -> Iterator[Refusal]:
    """What gives less than the law of the document's jurisdiction."""
    floor = FLOORS.get(document.jurisdiction)
    if floor is None:
        return
    no_reason, refund = document.no_reason, document.refund
    for path, window in (("no_reason.window", no_reason.window), ("quality.window", document.quality.window)):
        if window.days < floor.no_reason_days:
            yield refusals.BelowStatute(f"{path}.days", least=f">= {floor.no_reason_days}")
        # A window that is longer by more than any run of rest days needs no rolling.
        if floor.needs_rest_days and not window.roll_rest_day and window.days < 2 * floor.no_reason_days:
            yield refusals.BelowStatute(f"{path}.roll_rest_day", least="true (or twice the days)")
    if refund.days > floor.refund_days:
        yield refusals.BelowStatute("refund.days", least=f"<= {floor.refund_days}")
    if floor.offence_after_days is not None and (refund.offence_after_days or MOST_DAYS) > floor.offence_after_days:
        yield refusals.BelowStatute("refund.offence_after_days", least=f"<= {floor.offence_after_days}")
    if document.quality.freight.way_back != "seller":
        yield refusals.BelowStatute("quality.freight.return", least="seller")
    if no_reason.evidence_required:
        yield refusals.EvidenceNotAllowed("no_reason.evidence_required")
    if floor.by_law:
        yield from _without_ground("no_reason.excluded", no_reason.excluded, floor.by_law)
        optional = no_reason.excludable_with_confirmation
        yield from _without_ground("no_reason.excludable_with_confirmation", optional, floor.by_confirmation)


def _without_ground(path: str, codes: tuple[str, ...], grounds: frozenset[str]) -> Iterator[Refusal]:
    for i, code in enumerate(codes):
        if code not in grounds:
            yield refusals.ExclusionWithoutGround(f"{path}[{i}]", exclusion=code)


def is_zone(zone: str) -> bool:
    """Whether days can be counted in this zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # An unknown name, a path, a folder of names.
        return False
    return True
