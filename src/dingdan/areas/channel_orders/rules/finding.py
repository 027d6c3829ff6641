"""What does not fit, what can be done about it, and whether the order is held for it."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas.channel_orders.lifecycle import ProblemState
from dingdan.areas.channel_orders.model import ChannelOrder, Finding, Part, PartKind, Problem, ProblemKind
from dingdan.areas.channel_orders.rules.agreeing import agreed

_K = ProblemKind

# What can be done, by the words of the API.
ACTIONS: Mapping[ProblemKind, tuple[str, ...]] = {
    _K.UNKNOWN_SKU: ("map_sku", "retry"),
    _K.NO_POLICY: ("publish_policy", "retry"),
    _K.NO_STOCK: ("receive_stock", "retry", "cancel_order"),
    _K.SUMS_DIFFER: ("resolve", "cancel_order"),
    _K.OVERPAID: ("resolve",),
    _K.REFUND_EXCEEDS: ("resolve",),
    _K.ADDRESS_UNUSABLE: ("correct_on_channel", "resolve", "cancel_order"),
    _K.CHANGED: ("resolve", "cancel_order"),
    _K.CANCELLED_TOO_LATE: ("intercept_parcel", "resolve"),
    _K.ENDED_HERE: ("cancel_on_channel", "resolve"),
    _K.UNKNOWN_CARRIER: ("resolve",),
    _K.PART_SHIPPED: ("tell_the_rest", "resolve"),
    _K.IMPORT_LIMIT: ("correct_on_channel", "resolve", "cancel_order"),
}  # fmt: skip
HOLDING = frozenset({
    _K.NO_STOCK, _K.SUMS_DIFFER, _K.OVERPAID, _K.REFUND_EXCEEDS, _K.ADDRESS_UNUSABLE, _K.CHANGED, _K.PART_SHIPPED,
    _K.IMPORT_LIMIT,
})  # fmt: skip
# Nobody can decide to live with these: there would be nothing to ship.
NEEDS_CURE = frozenset({_K.UNKNOWN_SKU, _K.NO_POLICY, _K.NO_STOCK})


def of_word(order: ChannelOrder, parts: Iterable[Part]) -> list[Finding]:
    """What does not fit in a channel's own word."""
    found = []
    money = agreed(order.deal)
    if money.computed != money.total:
        found.append(Finding(_K.SUMS_DIFFER, {"total": money.total, "computed": money.computed,
                                              "difference": money.total - money.computed}))  # fmt: skip
    paid = total_of(parts, PartKind.PAYMENT)
    if paid > order.total:
        found.append(Finding(_K.OVERPAID, {"total": order.total, "paid": paid, "difference": paid - order.total}))
    if order.written_hash is not None and order.written_hash != order.deal_hash:
        found.append(Finding(_K.CHANGED, {"what": "amounts", "total": order.total}))
    return found


def total_of(parts: Iterable[Part], kind: PartKind) -> int:
    """The money of all parts of a kind."""
    return sum(part.amount for part in parts if part.kind is kind)


def news(found: Sequence[Finding], known: Iterable[Problem]) -> tuple[list[Finding], list[Problem]]:
    """What is to be opened and what to be closed as solved.

    What somebody waived stays waived while it is the same; what changed in an open one is said anew.
    """
    still = {finding.kind: finding for finding in found}
    latest = {problem.kind: problem for problem in known}
    opened = [
        finding for kind, finding in still.items()
        if kind not in latest
        or latest[kind].state is ProblemState.SOLVED
        or latest[kind].details != finding.details
    ]  # fmt: skip
    replaced = {finding.kind for finding in opened}
    closed = [
        problem for problem in latest.values()
        if problem.state is ProblemState.OPEN and (problem.kind not in still or problem.kind in replaced)
    ]  # fmt: skip
    return opened, closed


def holds(problems: Iterable[Problem]) -> bool:
    """Whether an order is held for any of these."""
    return any(problem.state is ProblemState.OPEN and problem.kind in HOLDING for problem in problems)
