"""What an inspection leads to: whose the goods are, what may become of them, and how the return ended."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from dingdan.areas import abuse, disposition, inspection, orders, policies, refunds
from dingdan.areas.inspection import InspectedLine, LookKind
from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Choice, Inspect, Resolution, Return, ReturnLine
from dingdan.areas.returns.refusals import (
    GoodsAreOurs,
    GoodsAreTheBuyers,
    InspectionSums,
    LineUnknown,
    NoteUnfit,
    QuantityUnfit,
    RestockForbidden,
    ReturnUnknown,
    StateForbids,
    TransitUnknown,
)
from dingdan.areas.returns.rules.resolving import may_pass
from dingdan.kernel.money import part_of_units, split
from dingdan.kernel.refusal import Refusal

# What the buyer can do when units were rejected (R3.10); nothing is ever confiscated.
CHOICES = tuple(Choice(str(code), text) for code, text in disposition.CHOICES.items())

NOTE_LENGTH = 2_000


class Verdict(msgspec.Struct, frozen=True):
    """How a return ended: accepted and rejected units by line."""

    outcome: Outcome
    accepted: dict[int, int]
    rejected: dict[int, int]


def is_accepted(line: InspectedLine) -> bool:
    """The money is due for what is ours and intact in the sense of the law (Measures art. 8-9), whatever its grade.

    What broke on the way back at our risk is taken as it was sent; what came because of a fault that it does not have,
    only where it could have come without one (W33); what was used too much, less what it lost by that, where the policy
    lets use count (CRD art. 14(2)).
    """
    return bool(line.is_original and (line.intact or line.is_from_transit or line.lost) and line.is_due)


def find_problems(lines: Sequence[InspectedLine], received: Mapping[int, int]) -> list[Refusal]:
    """Everything that is wrong with an inspection's entries: sums by line, goods that go to the wrong owner."""
    problems: list[Refusal] = []
    counted: Counter[int] = Counter()
    last: dict[int, int] = {}
    for place, line in enumerate(lines):
        path = f"lines[{place}]"
        if line.line_no not in received:
            problems.append(LineUnknown(f"{path}.line_no"))
            continue
        if line.quantity < 1:
            problems.append(QuantityUnfit(f"{path}.quantity", value=line.quantity))
        if len(line.note) > NOTE_LENGTH or "\0" in line.note:
            problems.append(NoteUnfit(f"{path}.note", limit=NOTE_LENGTH))
        counted[line.line_no] += line.quantity
        last[line.line_no] = place
        problems += _owner_problems(line, f"{path}.disposition")
    return problems + [
        InspectionSums(f"lines[{last[line_no]}].quantity" if line_no in last else "lines", line_no=line_no,
                       inspected=counted[line_no], received=units)
        for line_no, units in received.items()
        if counted[line_no] != units
    ]  # fmt: skip


def conclude(lines: Sequence[InspectedLine], announced: Mapping[int, int]) -> Verdict:
    """How the return ended: passed if every announced unit came and was accepted, failed if none was."""
    accepted: Counter[int] = Counter()
    rejected: Counter[int] = Counter()
    for line in lines:
        (accepted if is_accepted(line) else rejected)[line.line_no] += line.quantity
    if accepted.total() == 0:
        outcome = Outcome.FAILED
    elif accepted.total() == sum(announced.values()):
        outcome = Outcome.PASSED
    else:
        outcome = Outcome.PARTLY
    return Verdict(outcome, dict(accepted), dict(rejected))


def _owner_problems(line: InspectedLine, path: str) -> list[Refusal]:
    if not is_accepted(line):
        return [] if line.disposition in ("send_back", "quarantine") else [GoodsAreTheBuyers(path)]
    return [GoodsAreOurs(path)] if line.disposition == "send_back" else []


class WayBack(msgspec.Struct, frozen=True):
    """What of the way back, and of gifts that did not come, is taken off a refund or added to it."""

    deduct: int = 0
    reimburse: int = 0
    gifts: int = 0
    worn: tuple[tuple[int, int], ...] = ()


def way_back(
    held: Return, faults: Mapping[int, str], nets: Mapping[int, int], gifts: int, document: policies.PolicyDocument
) -> WayBack:
    """Whose fault it is pays for the way back as the policy says, line by line by what the accepted units had cost (W19, W29).

    Where we paid, the buyer's lines bear their part; where the buyer paid, the seller's lines give theirs back. Gifts
    are an affair of their own where the seller was at fault (Taobao 62).
    """
    lines = sorted(nets)
    sellers = [policies.freight_for(document, faults[no]).way_back == "seller" for no in lines]
    weights = [nets[no] for no in lines]
    ours = split(held.label_cost, weights) if any(weights) else []
    theirs = split(held.postage_paid, weights) if any(weights) else []
    is_sellers = bool(lines) and all(faults[no] == "seller" for no in lines)
    return WayBack(
        deduct=held.postage + sum(part for part, by_seller in zip(ours, sellers, strict=False) if not by_seller),
        reimburse=sum(part for part, by_seller in zip(theirs, sellers, strict=False) if by_seller),
        gifts=0 if is_sellers else gifts,
    )


def fault_of(said: Sequence[InspectedLine], line_no: int, before: str) -> str:
    """Whose fault a line turned out to be; what nobody says stays as it was. One unit of the seller's makes it theirs."""
    told = {line.fault for line in said if line.line_no == line_no and line.fault is not None}
    return next((fault for fault in ("seller", "none", "buyer") if fault in told), before)


def to_recover(paid: Mapping[int, int], units: Mapping[int, int], accepted: Mapping[int, int]) -> int:
    """What went back early (by line) for units that were not accepted after all."""
    return sum(
        amount - part_of_units(amount, units[no], before=0, taken=min(accepted.get(no, 0), units[no]))
        for no, amount in paid.items() if units.get(no)
    )  # fmt: skip


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides about one inspection: the return, its lines, how they were sold, packed and looked at before."""

    held: Return
    lines: tuple[ReturnLine, ...]
    order: orders.Order
    sold: Mapping[int, orders.OrderLine]
    document: policies.PolicyDocument
    packed: Mapping[int, inspection.PackedOut]
    looks: tuple[inspection.Look, ...]
    pictures: int
    # What follows for the buyer from signs of abuse; None too where a second look could make the money late.
    standing: abuse.Standing | None = None

    @property
    def is_watched(self) -> bool:
        """Whether two people look because of who sent it."""
        return self.standing is not None and abuse.Measure.EXTRA_LOOK in self.standing.measures

    @property
    def first(self) -> inspection.Look | None:
        """The first look, if there is one."""
        return next((look for look in self.looks if look.kind is LookKind.FIRST), None)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One inspection that is in order, with all it decides. `needs` says what for it does not decide yet."""

    id: int
    desk: Desk
    lines: tuple[InspectedLine, ...]
    verdict: Verdict
    faults: dict[int, str]
    needs: tuple[str, ...]

    @property
    def held(self) -> Return:
        """The return."""
        return self.desk.held

    @property
    def costs(self) -> WayBack:
        """Who bears what of the way back, and what missing gifts take off."""
        nets = {no: worth(self.desk.sold[no], units) for no, units in self.verdict.accepted.items()}
        costs = way_back(self.held, self.faults, nets, gifts_of(self.lines), self.desk.document)
        lost: Counter[int] = Counter()
        for line in self.lines:
            if line.lost and is_accepted(line) and self.faults[line.line_no] != "seller":
                lost[line.line_no] += line.lost
        return replace(costs, worn=tuple(sorted(lost.items())))

    @property
    def label(self) -> int:
        """What of our label is the buyer's for all that came, accepted or not."""
        nets = {line.line_no: worth(self.desk.sold[line.line_no], line.received) for line in self.desk.lines}
        return way_back(self.held, self.faults, nets, 0, self.desk.document).deduct

    @property
    def asked(self) -> tuple[refunds.AskedLine, ...]:
        """The accepted units, for whoever pays for them."""
        return tuple(
            refunds.AskedLine(line.line_no, units, basis_of(self.desk.document, self.faults[line.line_no]))
            for line in self.desk.lines
            if (units := self.verdict.accepted.get(line.line_no, 0))
        )


def judge(
    one: Inspect, desk: Desk | None, *, by: tuple[str, int] | None, case_id: int
) -> tuple[Case | None, list[Refusal]]:
    """An inspection by somebody with all it decides, or everything that is wrong with it; by nobody a first look stands."""
    if desk is None:
        return None, [ReturnUnknown("return_id")]
    held = desk.held
    if held.decision is not Decision.APPROVED or held.journey is not Journey.RECEIVED:
        return None, [StateForbids(state=f"{held.decision}, {held.journey}", verb="inspect")]
    if held.outcome is not Outcome.OPEN:
        return None, [StateForbids(state=str(held.outcome), verb="inspect")]
    if held.resolution is Resolution.REPAIR:
        return None, [StateForbids(state=str(held.resolution), verb="inspect")]
    terms = desk.document.inspection
    lines, deviations, problems = _assess(one.lines, desk, terms)
    faults = {line.line_no: fault_of(lines, line.line_no, line.fault) for line in desk.lines}
    lines = tuple(replace(line, is_due=_is_due(line.line_no, faults, desk)) for line in lines)
    problems += find_problems(lines, {line.line_no: line.received for line in desk.lines})
    problems += _bans(lines, desk)
    problems += _losses(lines, desk)
    if held.transit_risk != "ours":
        problems += [
            TransitUnknown(f"lines[{n}].is_from_transit") for n, line in enumerate(lines) if line.is_from_transit
        ]
    if deviations and terms.pictures > desk.pictures:
        problems.append(inspection.PicturesMissing("lines", wanted=terms.pictures, there=desk.pictures))
    if desk.first is not None and by == (desk.first.taken_by_kind, desk.first.taken_by):
        problems.append(inspection.SamePerson())
    if problems:
        return None, problems
    value = sum(worth(desk.sold[line.line_no], line.received) for line in desk.lines)
    needs: tuple[str, ...] = ("lab",) if one.needs_lab else ()
    if not needs and desk.first is None:
        needs = inspection.why_second(terms, held.id, value, deviations)
        needs += (inspection.WATCHED,) if desk.is_watched else ()
    verdict = conclude(lines, {line.line_no: line.quantity for line in desk.lines})
    return Case(id=case_id, desk=desk, lines=lines, verdict=verdict, faults=faults, needs=needs), []


def as_unmended(desk: Desk, *, case_id: int) -> Case:
    """The case of goods that were here to be mended and are ours now: the fault was known, so all that came is taken."""
    lines = tuple(
        InspectedLine(line.line_no, line.received, is_original=True, intact=True, grade="D", disposition="quarantine")
        for line in desk.lines if line.received
    )  # fmt: skip
    verdict = conclude(lines, {line.line_no: line.quantity for line in desk.lines})
    faults = {line.line_no: line.fault for line in desk.lines}
    return Case(id=case_id, desk=desk, lines=lines, verdict=verdict, faults=faults, needs=())


def _assess(
    said: Sequence[InspectedLine], desk: Desk, terms: policies.Inspection
) -> tuple[tuple[InspectedLine, ...], list[str], list[Refusal]]:
    found: list[InspectedLine] = []
    deviations: list[str] = []
    problems: list[Refusal] = []
    ours = {line.line_no for line in desk.lines}
    for place, line in enumerate(said):
        if line.line_no not in ours:
            # The sums say what is wrong with it.
            found.append(line)
            continue
        goods = desk.sold[line.line_no]
        recipe = terms.recipe(goods.category, goods.flags)
        assessed, wrong = inspection.assess(line, recipe, desk.packed[line.line_no], is_strict=terms.is_strict)
        found.append(replace(assessed.line, tags=_with_reason(assessed.line, desk)))
        deviations += assessed.deviations
        problems += [problem.at(f"lines[{place}]") for problem in wrong]
    return tuple(found), deviations, problems


def _with_reason(line: InspectedLine, desk: Desk) -> tuple[str, ...]:
    """What was recalled or is past its date is so whatever an inspector sees."""
    reason = next(one.reason for one in desk.lines if one.line_no == line.line_no)
    of_reason = {"RECALL": "recalled", "EXPIRED_OR_NEAR": "expired", "SPOILED": "expired"}.get(reason)
    return tuple(sorted({*line.tags, *((of_reason,) if of_reason else ())}))


def _is_due(line_no: int, faults: Mapping[int, str], desk: Desk) -> bool:
    """Whether there is a right without the fault: what was said to be the seller's and is not must be in the window."""
    before = next((line.fault for line in desk.lines if line.line_no == line_no), "")
    if before != "seller" or faults[line_no] == "seller":
        return True
    return may_pass((), [desk.sold[line_no]], desk.document, delivered_at=desk.order.with_buyer_since,
                    requested_at=desk.held.requested_at)  # fmt: skip


def _bans(lines: Sequence[InspectedLine], desk: Desk) -> list[Refusal]:
    problems: list[Refusal] = []
    for place, line in enumerate(lines):
        if line.line_no not in desk.sold or not is_accepted(line):
            continue
        ban = disposition.why_not(line.disposition, grade=line.grade, tags=line.tags, ware=_ware(line.line_no, desk))
        if ban is not None:
            problems.append(RestockForbidden(f"lines[{place}].disposition", why=ban.en, why_zh=ban.zh))
    return problems


def _losses(lines: Sequence[InspectedLine], desk: Desk) -> list[Refusal]:
    terms = desk.document.deductions
    is_counted = terms is not None and terms.handling == "diminished_value"
    return [
        inspection.UseNotCounted(f"lines[{place}].lost_value")
        for place, line in enumerate(lines)
        if line.lost and line.line_no in desk.sold
        and not (is_counted and 0 < line.lost <= worth(desk.sold[line.line_no], line.quantity))
    ]  # fmt: skip


def _ware(line_no: int, desk: Desk) -> disposition.Ware:
    sold = desk.sold[line_no]
    return disposition.Ware(sold.product_id, sold.category, tuple(sold.flags), desk.document.dispositions)


def worth(line: orders.OrderLine, units: int) -> int:
    """What the buyer paid for some units of a line."""
    return part_of_units(line.net, line.quantity, before=0, taken=min(units, line.quantity))


def recoverable(lines: Sequence[ReturnLine], parts: Sequence[refunds.Part], accepted: Mapping[int, int]) -> int:
    """What an early refund gave for units that were not accepted."""
    given: Counter[int] = Counter()
    for part in parts:
        if part.line_no:
            given[part.line_no] += part.amount
    return to_recover(given, {line.line_no: line.quantity for line in lines}, accepted)


def gifts_of(lines: Sequence[InspectedLine]) -> int:
    """The marked price of gifts that did not come back."""
    return sum(part.value for line in lines for part in line.missing if part.what == "gift")


def found_in(rows: Iterable[Any], faults: Mapping[int, str]) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The marked price of gifts that did not come, and what accepted units lost by use, as an inspection was kept."""
    lost: Counter[int] = Counter()
    gifts = 0
    for row in rows:
        gifts += sum(part["value"] for part in row["missing"] or () if part["what"] == "gift")
        if row["lost"] and row["is_accepted"] and faults.get(row["line_no"]) != "seller":
            lost[row["line_no"]] += row["lost"]
    return gifts, tuple(sorted(lost.items()))


def basis_of(document: policies.PolicyDocument, fault: str) -> refunds.Basis:
    """Whether a line comes back by the seller's fault, or the policy pays the way out all the same (A7)."""
    if fault == "seller":
        return refunds.Basis.FAULT
    is_paid = policies.freight_for(document, fault).outbound != "not_refunded"
    return refunds.Basis.WITHDRAWAL if is_paid else refunds.Basis.NO_REASON


def goods_of(case: Case) -> list[disposition.NewGoods]:
    """The units that an inspection found, for whoever decides what becomes of them."""
    desk = case.desk
    before: Counter[int] = Counter()
    found = []
    for line in case.lines:
        sold = desk.sold[line.line_no]
        value = part_of_units(sold.net, sold.quantity, before=before[line.line_no], taken=line.quantity)
        before[line.line_no] += line.quantity
        found.append(disposition.NewGoods(
            merchant_id=desk.held.merchant_id, warehouse_id=desk.held.warehouse_id, order_id=desk.held.order_id,
            line_no=line.line_no, return_id=desk.held.id, inspection_id=case.id, ware=_ware(line.line_no, desk),
            quantity=line.quantity, is_ours=is_accepted(line), grade=line.grade, tags=line.tags, value=value,
            currency=desk.order.currency, wanted=line.disposition, storage_days=desk.document.inspection.storage_days,
        ))  # fmt: skip
    return found


def sorted_out(said: Sequence[InspectedLine], desk: Desk) -> tuple[InspectedLine, ...]:
    """Findings with what usually becomes of such goods by their grade; what is the buyer's waits for the buyer's word."""
    lines, _, _ = _assess(said, desk, desk.document.inspection)
    faults = {line.line_no: fault_of(lines, line.line_no, line.fault) for line in desk.lines}
    found = []
    for raw, line in zip(said, lines, strict=True):
        if line.line_no not in faults:
            found.append(raw)
            continue
        is_ours = is_accepted(replace(line, is_due=_is_due(line.line_no, faults, desk)))
        use = disposition.usual(is_ours=is_ours, grade=line.grade, tags=line.tags, ware=_ware(line.line_no, desk))
        found.append(replace(raw, disposition=use or "quarantine"))
    return tuple(found)
