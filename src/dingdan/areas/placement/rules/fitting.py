"""What placing says about a changed order, in the words of the request that changes it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from dingdan.areas import orders
from dingdan.areas.placement.refusals import DepositIsPaid
from dingdan.kernel import ids
from dingdan.kernel.refusal import Action, Operation, Refusal, Solution, Text

_LINE = re.compile(r"lines\[(\d+)\]")
_STEP = re.compile(r"/lines/(\d+)(/quantity)?")


def in_change(
    problem: Refusal, sold: Sequence[int], asked: Sequence[int], last: Solution, *, tells: bool
) -> list[Refusal]:
    """Problems of the basket whose lines are `sold`, as problems of a request that names the lines `asked`.

    Ways out that the request cannot express are left out, and with `tells` false those that say who bought; the last
    one is always there.
    """
    return [_one(one, sold, asked, last, tells=tells) for one in problem.problems]


def _one(problem: Refusal, sold: Sequence[int], asked: Sequence[int], last: Solution, *, tells: bool) -> Refusal:
    found = _LINE.match(problem.path)
    path = problem.path
    if found is not None:
        line_no = sold[int(found[1])]
        path = f"lines[{asked.index(line_no)}].quantity" if line_no in asked else "lines"
    ways = [way for one in problem.solutions if (way := _way(one, sold, asked, tells=tells)) is not None]
    return type(problem)(path, **problem.params).with_solutions(*ways, last)


def _way(way: Solution, sold: Sequence[int], asked: Sequence[int], *, tells: bool) -> Solution | None:
    if way.patch is None:
        return way if tells else None
    steps = [_step(step, sold, asked) for step in way.patch]
    known = tuple(step for step in steps if step is not None)
    if len(known) < len(steps):
        return None
    return Solution(way.kind, way.label, known, params=way.params)


def _step(step: Operation, sold: Sequence[int], asked: Sequence[int]) -> Operation | None:
    """The same step; another quantity of a line that the request does not name is added to it."""
    if step.path == "/expected_total":
        return step
    found = _STEP.fullmatch(step.path)
    is_drop = step.op == "remove" and found is not None and found[2] is None
    if found is None or not (is_drop or found[2]):
        return None
    line_no, units = sold[int(found[1])], 0 if is_drop else step.value
    if line_no in asked:
        return Operation("replace", f"/lines/{asked.index(line_no)}/quantity", units)
    return Operation("add", "/lines/-", {"line_no": line_no, "quantity": units})


def paid_already(
    order: orders.Order, lines: Sequence[orders.OrderLine], wanted: Mapping[int, int], channel: str
) -> Refusal:
    """The refusal to change what is paid, with what is done instead: cancel units, and ask for more in another order."""
    return orders.PaidAlready().with_solutions(*_instead(order, lines, wanted, channel))


def deposit_paid(
    order: orders.Order, lines: Sequence[orders.OrderLine], wanted: Mapping[int, int], channel: str, last: Solution
) -> Refusal:
    """The refusal to change what a deposit was paid for; more is ordered apart, and fewer units are not to be had."""
    ways = [way for way in _instead(order, lines, wanted, channel) if way.kind == "order_more"]
    return DepositIsPaid().with_solutions(*ways or [last])


def _instead(
    order: orders.Order, lines: Sequence[orders.OrderLine], wanted: Mapping[int, int], channel: str
) -> Iterator[Solution]:
    change = [(line, wanted[line.line_no] - line.left) for line in lines if line.line_no in wanted]
    fewer = [{"line_no": line.line_no, "quantity": -n} for line, n in change if n < 0]
    more = [{"sku": line.sku, "quantity": n} for line, n in change if n > 0]
    if fewer:
        label = Text("Cancel the units that are too many", "取消多余的件数")
        href = f"/v1/orders/{ids.encode('order', order.id)}/cancel"
        yield Solution("cancel_units", label, action=Action("POST", href, {"lines": fewer}))
    if more:
        label = Text("Order what is missing in another order", "将增加的商品另行下单")
        body = {"merchant": ids.encode("merchant", order.merchant_id), "channel": channel, "lines": more}
        yield Solution("order_more", label, action=Action("POST", "/v1/quotes", body))
