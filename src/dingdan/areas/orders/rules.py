"""Pure decisions about an agreement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from dingdan.areas import merchants
from dingdan.areas.orders.lifecycle import ORDER, OrderState
from dingdan.areas.orders.model import OBJECTION_REASONS, Cancellation, Order, OrderLine
from dingdan.areas.orders.refusals import (
    AfterSaleOpen,
    AlreadyDispatched,
    LineUnknown,
    NothingPaidYet,
    NotShippedYet,
    ObjectionOpen,
    ObjectionReasonUnknown,
    PaidAlready,
    Snagged,
    StateForbids,
    StillShort,
    UnderReview,
    UnitsUnfit,
)
from dingdan.kernel import ids
from dingdan.kernel.refusal import Action, Refusal, Solution, Text, refuse_all

_GOING_ON = (OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED, OrderState.HELD)

NOTHING: Mapping[int, int] = {}


def decide_cancel(order: Order, reason: str) -> Cancellation:
    """An order may be cancelled until picking begins. Raises AlreadyDispatched or StateForbids."""
    _demand(order, "cancel")
    if order.dispatch_locked_at is not None:
        raise AlreadyDispatched
    return Cancellation(order.id, was_paid=order.paid_at is not None, reason=reason)


def decide_cancel_lines(
    order: Order, lines: Sequence[OrderLine], units: Mapping[int, int], missing: Mapping[int, int] = NOTHING
) -> bool:
    """Some units of a paid order may be cancelled until picking begins; says whether any others are left.

    Units that are `missing` {line number: how many} may be cancelled later too: nobody can pick or send them.
    Raises AlreadyDispatched, StateForbids or NothingPaidYet, or LineUnknown and UnitsUnfit, all of them at once.
    """
    is_late = order.dispatch_locked_at is not None and any(n > missing.get(i, 0) for i, n in units.items())
    decide_cancel(order if is_late else replace(order, dispatch_locked_at=None), "")
    left = {line.line_no: line.left for line in lines}
    if order.state is OrderState.AWAITING_PAYMENT:
        raise NothingPaidYet().with_solutions(
            _fewer(order, {n: max(0, left[n] - units[n]) for n in units if n in left})
        )
    problems: list[Refusal] = []
    for place, (line_no, wanted) in enumerate(units.items()):
        if line_no not in left:
            problems.append(LineUnknown(f"lines[{place}].line_no", line_no=line_no))
        elif not 1 <= wanted <= left[line_no]:
            problems.append(UnitsUnfit(f"lines[{place}].quantity", line_no=line_no, asked=wanted, left=left[line_no]))
    refuse_all(problems)
    return sum(left.values()) > sum(units.values())


def _fewer(order: Order, quantities: Mapping[int, int]) -> Solution:
    """What nobody paid for is not cancelled but ordered in other quantities."""
    href = f"/v1/orders/{ids.encode('order', order.id)}/change-quantities"
    lines = [{"line_no": line_no, "quantity": quantity} for line_no, quantity in quantities.items()]
    label = Text("Order fewer units instead", "改为减少购买数量")
    return Solution("change_quantities", label, action=Action("POST", href, {"lines": lines}))


def decide_change(order: Order) -> None:
    """Where an order goes may be changed until picking begins. Raises StateForbids or AlreadyDispatched."""
    if order.state not in _GOING_ON:
        raise StateForbids(state=str(order.state), verb="change")
    if order.dispatch_locked_at is not None:
        raise AlreadyDispatched


def decide_replace(order: Order) -> None:
    """Only an order that nobody paid is replaced by another one. Raises StateForbids, AlreadyDispatched or PaidAlready."""
    decide_change(order)
    if order.state is not OrderState.AWAITING_PAYMENT:
        raise PaidAlready


def decide_hold(order: Order) -> None:
    """An order may be stopped until picking begins. Raises AlreadyDispatched or StateForbids."""
    _demand(order, "hold")
    if order.dispatch_locked_at is not None:
        raise AlreadyDispatched


def decide_release(order: Order) -> None:
    """Only a held order can be let go, and one that is looked at only by the look's end.

    Raises StateForbids, UnderReview, Snagged or StillShort.
    """
    _demand(order, "release")
    if order.snagged_since is not None:
        raise Snagged
    if order.short_since is not None:
        raise StillShort
    if order.under_review_since is not None:
        raise UnderReview


def may_be_reviewed(order: Order) -> bool:
    """Whether a paid order can be stopped for a second look: it goes on, and nobody picks it."""
    return order.state is OrderState.CONFIRMED and order.dispatch_locked_at is None


def may_be_snagged(order: Order) -> bool:
    """Whether an order can still be stopped because of how it came: it has not ended, and nobody picks it."""
    return order.state in _GOING_ON and order.dispatch_locked_at is None


def decide_receive(order: Order, against: Collection[str]) -> None:
    """Receipt can be confirmed once everything has left and nothing is said `against` it (causes of open objections).

    Raises StateForbids, NotShippedYet, AfterSaleOpen or ObjectionOpen.
    """
    _demand(order, "complete")
    if order.shipped_at is None:
        raise NotShippedYet
    if "return" in against:
        raise AfterSaleOpen
    if against:
        raise ObjectionOpen


def decide_object(order: Order, reason: str) -> None:
    """A buyer can object from dispatch until the order is completed; after that they ask for a return.

    Raises StateForbids, NotShippedYet or ObjectionReasonUnknown.
    """
    if reason not in OBJECTION_REASONS:
        raise ObjectionReasonUnknown("reason", reason=reason, known=", ".join(OBJECTION_REASONS))
    if is_over(order):
        raise StateForbids(state=str(order.state), verb="object")
    if order.shipped_at is None:
        raise NotShippedYet


def is_over(order: Order) -> bool:
    """Whether the agreement has ended, one way or the other."""
    return order.state in (OrderState.COMPLETED, OrderState.CANCELLED, OrderState.EXPIRED)


def receive_at(
    lines: Sequence[OrderLine], settings: merchants.MerchantSettings, *, shipped_at: datetime, signed_at: datetime
) -> datetime:
    """When an order counts as received by itself: the longest of the periods of its lines, by what sort of goods they are.

    A period counts from dispatch, and never less than its days after the signature.
    """
    ordinary = merchants.ReceiptPeriod(settings.auto_confirm_days, settings.auto_confirm_days_after_delivery)
    periods = [
        period
        for line in lines
        if line.left
        for period in [settings.receipt_periods[f] for f in line.flags if f in settings.receipt_periods] or [ordinary]
    ]
    return max(
        max(shipped_at + timedelta(days=one.after_dispatch), signed_at + timedelta(days=one.after_delivery))
        for one in periods or [ordinary]
    )


def actions(order: Order) -> list[str]:
    """What may be done with the order as it stands, by the words of the API."""
    verbs = set(ORDER.verbs(order.state))
    found = []
    if order.state is OrderState.AWAITING_PAYMENT:
        found.append("pay")
    if "cancel" in verbs and order.dispatch_locked_at is None:
        found.append("cancel")
    if "hold" in verbs and order.dispatch_locked_at is None:
        found.append("hold")
    waits_for = (order.under_review_since, order.snagged_since, order.short_since)
    if "release" in verbs and not any(waits_for):
        found.append("release")
    if order.state in _GOING_ON and order.dispatch_locked_at is None:
        found.append("change_address")
    if order.state is OrderState.AWAITING_PAYMENT:
        found.append("change_quantities")
    if "complete" in verbs and order.shipped_at is not None:
        found += ["receive", "object"]
    if order.shipped_at is not None:
        found.append("return")
    return found


def _demand(order: Order, verb: str) -> None:
    if order.state not in ORDER.moves[verb].sources:
        raise StateForbids(state=str(order.state), verb=verb)
