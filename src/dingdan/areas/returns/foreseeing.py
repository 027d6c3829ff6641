"""What an inspection would come to, said before anybody presses a key."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from dingdan.areas import inspection, refunds
from dingdan.areas.returns.inspecting import desks, request_of
from dingdan.areas.returns.lifecycle import Journey
from dingdan.areas.returns.model import Inspect
from dingdan.areas.returns.rules.inspection import Case, Desk, judge, with_bins
from dingdan.areas.returns.rules.resolving import FOR_GOODS
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What findings would bring as things stand. `amount` is None where no money follows: goods for goods, or paid before.

    `needs` says why somebody else must look first, `problems` what speaks against it.
    """

    accepted: int = 0
    rejected: int = 0
    amount: int | None = None
    needs: tuple[str, ...] = ()
    problems: tuple[Refusal, ...] = ()


async def foresee(tx: Tx, return_id: int, findings: Sequence[tuple[inspection.InspectedLine, ...]]) -> list[Foreseen]:
    """What each of these inspections of a return would come to; nothing is changed, and units count as received as found.

    By the rules that `inspect` goes by.
    """
    desk = (await desks(tx, [return_id])).get(return_id)
    found = []
    for lines in findings:
        as_here = None if desk is None else _as_here(desk, lines)
        by = (str(tx.actor.kind), tx.actor.id or 0)
        case, wrong = judge(Inspect(return_id, lines), as_here, by=by, case_id=0)
        found.append(Foreseen(problems=tuple(wrong)) if case is None else await _foreseen(tx, case))
    return found


def sorted_out(desk: Desk, lines: Sequence[inspection.InspectedLine]) -> tuple[inspection.InspectedLine, ...]:
    """Findings with what becomes of such goods, where whoever looks does not say."""
    return with_bins(lines, desk)


def _as_here(desk: Desk, lines: Sequence[inspection.InspectedLine]) -> Desk:
    """The desk as it will be when what lies here is received."""
    if desk.held.journey is Journey.RECEIVED:
        return desk
    counted: Counter[int] = Counter()
    for line in lines:
        counted[line.line_no] += line.quantity
    here = tuple(replace(line, received=counted[line.line_no]) for line in desk.lines)
    return replace(desk, held=replace(desk.held, journey=Journey.RECEIVED), lines=here)


async def _foreseen(tx: Tx, case: Case) -> Foreseen:
    amount: int | None = None
    problems: tuple[Refusal, ...] = ()
    if case.held.resolution not in FOR_GOODS and case.held.refund_id is None:
        try:
            amount = (await refunds.foretell(tx, request_of(case))).amount if case.asked else 0
        except Refusal as refusal:
            problems = tuple(refusal.problems)
    return Foreseen(accepted=sum(case.verdict.accepted.values()), rejected=sum(case.verdict.rejected.values()),
                    amount=amount, needs=case.needs, problems=problems)  # fmt: skip
