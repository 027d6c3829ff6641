"""What an inspection leads to: whose the goods are, what may become of them, and how the return ended."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set

import msgspec

from dingdan.areas.returns.lifecycle import Outcome
from dingdan.areas.returns.model import Choice, InspectedLine
from dingdan.areas.returns.refusals import (
    GoodsAreOurs,
    GoodsAreTheBuyers,
    InspectionSums,
    LineUnknown,
    NoteUnfit,
    QuantityUnfit,
    RestockForbidden,
)
from dingdan.kernel.refusal import Refusal, Text

# What the buyer can do when units were rejected (R3.10); nothing is ever confiscated.
CHOICES = (
    Choice("goods_sent_back", Text("Have the goods sent back to you.", "将商品寄回给您。")),
    Choice(
        "price_reduction",
        Text("Agree on a reduced refund and leave the goods with us.", "协商部分退款，商品由我们处理。"),
    ),
    Choice(
        "dispute", Text("Disagree: ask the platform to decide on the evidence.", "有异议：申请平台介入，凭证据裁定。")
    ),
)

NOTE_LENGTH = 2_000

# As new only if fully restored to the state in which it was first sold (Measures art. 25): B was repacked.
SALEABLE_GRADES = frozenset({"A", "B"})


class Verdict(msgspec.Struct, frozen=True):
    """How a return ended: accepted and rejected units by line."""

    outcome: Outcome
    accepted: dict[int, int]
    rejected: dict[int, int]


def is_accepted(line: InspectedLine) -> bool:
    """The money is due for what is ours and intact in the sense of the law (Measures art. 8-9), whatever its grade."""
    return line.is_original and line.intact


def restock_ban(line: InspectedLine, flags: Set[str]) -> Text | None:
    """Why units may not be sold as new again (R5.2, R5.3); None if they may."""
    if "perishable" in flags:
        return Text("food that left the cold chain is never sold again", "生鲜易腐商品一经售出不得再次销售")
    if "intimate" in flags and line.grade != "A":
        return Text("goods worn next to the skin that were opened are never sold again", "已拆封的贴身商品不得再次销售")
    if line.grade not in SALEABLE_GRADES:
        return Text(f"grade {line.grade} is not as new", f"{line.grade} 级商品不符合新品状态")
    return None


def find_problems(
    lines: Sequence[InspectedLine], received: Mapping[int, int], flags: Mapping[int, Set[str]]
) -> list[Refusal]:
    """Everything that is wrong with an inspection's entries: sums by line, dispositions that may not be."""
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
        problems += _disposition_problems(line, flags[line.line_no], f"{path}.disposition")
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


def _disposition_problems(line: InspectedLine, flags: Set[str], path: str) -> list[Refusal]:
    if not is_accepted(line):
        return [] if line.disposition in ("send_back", "quarantine") else [GoodsAreTheBuyers(path)]
    if line.disposition == "send_back":
        return [GoodsAreOurs(path)]
    ban = restock_ban(line, flags) if line.disposition == "restock" else None
    return [RestockForbidden(path, why=ban.en, why_zh=ban.zh)] if ban else []
