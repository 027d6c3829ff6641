"""The table of goods and reasons: for every kind of goods that a policy names, what holds for each reason."""

from collections.abc import Iterator
from typing import Literal

from dingdan.areas import policies
from dingdan.areas.policies import AppliesTo, PolicyDocument
from dingdan.areas.policy_desk.model import Cell, Row

Answer = Literal["yes", "person", "unless_confirmed", "unless_unsealed", "no"]
ALL = "all"


def table(document: PolicyDocument) -> tuple[Row, ...]:
    """One row for all goods, then one for each exclusion and condition that some goods fall under."""
    return tuple(_row(document, code, to) for code, to in _kinds(document))


def _kinds(document: PolicyDocument) -> Iterator[tuple[str, AppliesTo]]:
    yield ALL, AppliesTo()
    no_reason = document.no_reason
    for code in (*no_reason.excluded, *no_reason.excludable_with_confirmation):
        if code in document.applies_to:
            yield code, document.applies_to[code]
    for one in document.conditions:
        if one.goods != AppliesTo():
            yield one.code, one.goods


def _row(document: PolicyDocument, code: str, to: AppliesTo) -> Row:
    goods = policies.Wares(to.flags or to.once_unsealed, "/".join(to.categories or to.once_unsealed))
    cells = tuple(_cell(document, code, to, goods, reason) for reason in document.reasons)
    return Row(code, to.flags, (*to.categories, *to.once_unsealed), cells)


def _cell(document: PolicyDocument, code: str, to: AppliesTo, goods: policies.Wares, reason: str) -> Cell:
    claimed = document.reasons[reason]
    applied = policies.conditions_of(document, goods, reason)
    base = document.quality.window if claimed.fault == "seller" else document.no_reason.window
    window = max((base, *(one.window for one in applied if one.window)), key=_length)
    freight = policies.freight_for(document, claimed.fault, applied)
    rules = (claimed.rule, *((code,) if code in document.rules else ()), window.rule, freight.rule)
    return Cell(
        reason=reason, answer=_answer(document, code, to, claimed.fault), days=window.days, months=window.months,
        hours=window.hours, outbound=freight.outbound, way_back=freight.way_back,
        reship=policies.reship_by(freight), rules=tuple(dict.fromkeys(rules)),
    )  # fmt: skip


def _answer(document: PolicyDocument, code: str, to: AppliesTo, fault: str) -> Answer:
    if fault != "buyer":
        return "person"
    if code in document.no_reason.excludable_with_confirmation:
        return "unless_confirmed"
    if code in document.no_reason.excluded:
        return "unless_unsealed" if not (to.flags or to.categories) else "no"
    return "yes"


def _length(window: policies.Window) -> int:
    return window.days * 24 + window.months * 30 * 24 + window.hours
