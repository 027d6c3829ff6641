"""When goods are back in time, and which goods it matters for (GAC announcement 2020 no. 45)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dingdan.areas import orders
from dingdan.areas.customs.lifecycle import CustomsReturnState
from dingdan.areas.customs.model import CustomsReturn, ReturnLine
from dingdan.areas.customs.refusals import NotCrossBorder, UnitsUnfit
from dingdan.kernel.money import part_of_units
from dingdan.kernel.refusal import Refusal

# Where the days are counted, and for how many: the day of the release is day 0.
ZONE = "Asia/Shanghai"
APPLY_DAYS, BACK_DAYS = 30, 45
# By which rule of an order's policy the tax follows.
RULE = "CN_CROSS_BORDER"
FLAG = "cross_border"
# What a person may import in an order and in a year with the taxes of this retail (财关税〔2018〕49号), in fen.
ORDER_MOST, YEAR_MOST, CURRENCY = 5_000_00, 26_000_00, "CNY"
# What was withdrawn holds no units.
STANDING = frozenset(CustomsReturnState) - {CustomsReturnState.WITHDRAWN}


def last_days(released_on: date) -> tuple[date, date]:
    """The last day to apply, and the last on which the goods must be back."""
    return released_on + timedelta(days=APPLY_DAYS), released_on + timedelta(days=BACK_DAYS)


def end_of(day: date) -> datetime:
    """The moment with which a day of customs is over."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(ZONE))


def is_in_time(released_on: date, applied_on: date, back_on: date) -> bool:
    """Whether the tax is not levied and the quota restored; both days are within."""
    apply_by, back_by = last_days(released_on)
    return applied_on <= apply_by and back_on <= back_by


def is_ours(line: orders.OrderLine, jurisdiction: str) -> bool:
    """Whether the tax on a line is import tax that customs decide about."""
    return FLAG in line.flags and jurisdiction == "CN"


def units(found: Iterable[CustomsReturn], states: Iterable[CustomsReturnState]) -> dict[int, int]:
    """Units by line of those that stand so."""
    wanted, counted = frozenset(states), Counter[int]()
    for one in found:
        if one.state in wanted:
            counted.update(one.by_line)
    return dict(counted)


def problems_of(
    asked: Sequence[ReturnLine], lines: Sequence[orders.OrderLine], taken: Mapping[int, int]
) -> list[Refusal]:
    """Everything that speaks against taking these units back; `taken` are on their way or back already."""
    left = {line.line_no: line.left - taken.get(line.line_no, 0) for line in lines if FLAG in line.flags}
    found: list[Refusal] = [] if asked else [UnitsUnfit("lines", line_no=0, left=sum(left.values()))]
    for place, one in enumerate(asked):
        if one.line_no not in left:
            found.append(NotCrossBorder(f"lines[{place}].line_no"))
        elif not 1 <= one.quantity <= left[one.line_no]:
            found.append(UnitsUnfit(f"lines[{place}].quantity", line_no=one.line_no, left=max(0, left[one.line_no])))
        else:
            left[one.line_no] -= one.quantity
    return found


def worth(lines: Iterable[orders.OrderLine]) -> int:
    """What is left of an order's goods from abroad costs."""
    return sum(
        part_of_units(line.net, line.quantity, before=0, taken=line.left) for line in lines if FLAG in line.flags
    )


def quota(back: Mapping[int, int], lines: Sequence[orders.OrderLine], before: Mapping[int, int]) -> int:
    """What units cost that are back, where so many of each line were before; step by step it sums to the price of all."""
    return sum(
        part_of_units(line.net, line.quantity, before=before.get(line.line_no, 0), taken=back[line.line_no])
        for line in lines if line.line_no in back
    )  # fmt: skip
