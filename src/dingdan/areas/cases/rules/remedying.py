"""What a remedy takes and what it comes to, before anybody says yes to it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from dingdan.areas import orders
from dingdan.areas.cases.model import KindDocument, Liable, Propose, RemedyKind, RemedyLine
from dingdan.areas.cases.refusals import RemedyNotOfKind, RemedyUnfit, UnitsMadeGood
from dingdan.kernel.money import part_of_units
from dingdan.kernel.refusal import Refusal, refuse_all

# What is sent, given back or waited for changes what the buyer bought: they have a word in it.
ASKS_BUYER = frozenset({RemedyKind.SUBSTITUTE, RemedyKind.WAIT})
SENDS = frozenset({RemedyKind.RESHIP, RemedyKind.SUBSTITUTE})
# Whatever is given beyond what was paid.
BEYOND_PAID = frozenset({RemedyKind.COMPENSATION})


def liable_by(faults: Collection[str]) -> Liable | None:
    """Who bears what it cost, by whose fault the lines of returns are: the merchant, where they are all the seller's.

    What is nobody's fault, the buyer's, not looked at yet, or now this and now that says nothing; a person does.
    """
    return Liable.MERCHANT if set(faults) == {"seller"} else None


class Standing(msgspec.Struct, frozen=True):
    """What became of the units of an order's lines so far: {line: units}."""

    lines: Sequence[orders.OrderLine]
    taken: Mapping[int, int]

    def left(self) -> dict[int, int]:
        """Units of each line that nothing was done about."""
        return {line.line_no: line.left - self.taken.get(line.line_no, 0) for line in self.lines}

    def bought(self) -> dict[int, int]:
        """All units of each line, whatever was done about them."""
        return {line.line_no: line.left for line in self.lines}


def decide_fit(wanted: Propose, document: KindDocument, standing: Standing, *, now: datetime) -> None:
    """Whether a remedy can be proposed at all. Raises everything that is wrong with it at once."""
    if wanted.kind not in document.remedies:
        raise RemedyNotOfKind("kind", remedies=", ".join(document.remedies))
    refuse_all(_problems_of_form(wanted, now) + _problems_of_units(wanted, standing))


def _unfit(path: str, what: str, what_zh: str) -> Refusal:
    return RemedyUnfit(path, what=what, what_zh=what_zh)


def _problems_of_form(wanted: Propose, now: datetime) -> list[Refusal]:
    kind, problems = wanted.kind, list[Refusal]()
    if kind in SENDS and not wanted.lines:
        problems.append(_unfit("lines", "it names no units to send", "未填写需要寄出的商品"))
    for n, line in enumerate(wanted.lines):
        if kind is RemedyKind.SUBSTITUTE and (line.sku is None or len(wanted.lines) > 1):
            problems.append(
                _unfit(f"lines[{n}].sku", "one line is replaced, by something else", "替代须指定一行商品及替代品")
            )
    if kind is RemedyKind.REFUND and wanted.amount is not None and len(wanted.lines) != 1:
        problems.append(_unfit("lines", "an amount is taken off one line", "折价退款须指定一行商品"))
    if wanted.right:
        if kind is not RemedyKind.COMPENSATION or wanted.form != "money":
            problems.append(
                _unfit("right", "what a law gives is a compensation in money", "法定赔偿须以现金补偿方式支付")
            )
        if wanted.amount is not None:
            problems.append(_unfit("amount", "the law says how much it is", "法定赔偿金额由法律规定，不能另行填写"))
    elif kind is RemedyKind.COMPENSATION and (not wanted.amount or wanted.form is None):
        problems.append(_unfit("amount", "a compensation has an amount and a form", "补偿须填写金额和形式"))
    if wanted.form == "voucher" and wanted.promotion_id is None:
        problems.append(_unfit("promotion", "a voucher is a coupon that exists", "优惠券补偿须指定优惠券"))
    if kind is RemedyKind.WAIT and (wanted.until is None or wanted.until <= now):
        problems.append(_unfit("until", "waiting has an end that is still to come", "等待须填写未来的截止时间"))
    if kind is RemedyKind.TAKE_BACK and not wanted.reason:
        problems.append(_unfit("reason", "it names no reason of the order's return policy", "未填写退货原因"))
    if kind is not RemedyKind.COMPENSATION and kind is not RemedyKind.REFUND and wanted.amount is not None:
        problems.append(_unfit("amount", "this remedy has no amount of its own", "该措施不能填写金额"))
    return problems


def _problems_of_units(wanted: Propose, standing: Standing) -> list[Refusal]:
    # What a law gives, or what is only taken off a price, does not ask what was done about the units.
    is_any = wanted.right or (wanted.kind is RemedyKind.REFUND and wanted.amount is not None)
    left, problems = standing.bought() if is_any else standing.left(), list[Refusal]()
    for n, line in enumerate(wanted.lines):
        if line.line_no not in left:
            problems.append(orders.LineUnknown(f"lines[{n}].line_no", line_no=line.line_no))
        elif not 1 <= line.quantity <= left[line.line_no]:
            problems.append(
                UnitsMadeGood(f"lines[{n}].quantity", line_no=line.line_no, left=max(0, left[line.line_no]))
            )
        else:
            left[line.line_no] -= line.quantity
    return problems


def lines_meant(wanted: Propose, standing: Standing) -> tuple[RemedyLine, ...]:
    """The lines that a remedy names, or all units that nothing was done about."""
    if wanted.lines:
        return wanted.lines
    left = standing.bought() if wanted.right else standing.left()
    return tuple(RemedyLine(line_no, units) for line_no, units in left.items() if units > 0)


def takes_units(wanted: Propose) -> bool:
    """Whether a remedy speaks for whole units: what is only taken off a price leaves them the buyer's to return."""
    is_whole = wanted.kind is RemedyKind.REFUND and wanted.amount is None
    return is_whole or wanted.kind in SENDS or wanted.kind is RemedyKind.TAKE_BACK


def units(lines: Sequence[RemedyLine]) -> dict[int, int]:
    """Units by line."""
    counted: Counter[int] = Counter()
    for line in lines:
        counted[line.line_no] += line.quantity
    return dict(counted)


def worth(lines: Sequence[RemedyLine], standing: Standing) -> int:
    """What these units cost the buyer, in minor units."""
    by_no = {line.line_no: line for line in standing.lines}
    return sum(
        part_of_units(by_no[line.line_no].net, by_no[line.line_no].quantity, before=0, taken=line.quantity)
        for line in lines
    )
