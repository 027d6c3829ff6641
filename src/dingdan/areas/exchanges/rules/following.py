"""What is to be done about an exchange, by where its return and the order that goes out stand."""

from collections.abc import Collection
from typing import Literal

from dingdan.areas import orders, returns
from dingdan.areas.exchanges.lifecycle import ExchangeState
from dingdan.areas.exchanges.model import Exchange

Step = Literal["take_up", "replace", "pay", "finish", "owe", "refund", "drop"]

ACCEPTED = frozenset({returns.Outcome.PASSED, returns.Outcome.PARTLY, returns.Outcome.SETTLED})
ENDED = frozenset({orders.OrderState.CANCELLED, orders.OrderState.EXPIRED})
_S = ExchangeState
WAITING = frozenset({_S.ASKED, _S.SHORT, _S.RESERVED})


def next_step(exchange: Exchange, one: returns.Return, sent: orders.Order | None) -> tuple[Step, str] | None:
    """What follows, and why; None where nothing does yet. The same facts in any order, or twice, come out the same."""
    if exchange.state in WAITING:
        return _waiting(exchange, one)
    if sent is None:
        return None
    if exchange.state is _S.DIFFERENCE:
        if sent.state in ENDED:
            return "refund", "difference_unpaid" if sent.state is orders.OrderState.EXPIRED else "cancelled"
        return ("pay", "") if sent.paid_at is not None else None
    if exchange.ahead_at is not None and exchange.state in (_S.REPLACED, _S.REFUNDED) and _is_missing(one):
        return "owe", ""
    if exchange.state is _S.REPLACED and sent.state in ENDED:
        return "refund", "cancelled"
    if exchange.state in (_S.REPLACED, _S.OWED) and one.outcome is returns.Outcome.SETTLED and not _is_missing(one):
        return ("finish", "") if sent.with_buyer_since is not None else None
    return None


def _waiting(exchange: Exchange, one: returns.Return) -> tuple[Step, str] | None:
    # Whoever was refused may appeal, and then wants what was wanted.
    if one.decision is returns.Decision.WITHDRAWN:
        return "drop", "withdrawn"
    if one.resolution is not returns.Resolution.EXCHANGE:
        return ("refund", "turned") if one.decision is returns.Decision.APPROVED else None
    if one.journey is returns.Journey.LAPSED:
        return "drop", "not_sent"
    if one.outcome is returns.Outcome.FAILED:
        return "drop", "lost" if one.journey is returns.Journey.LOST else "not_accepted"
    if one.outcome in ACCEPTED:
        return "replace", ""
    if exchange.state is _S.ASKED and one.decision is returns.Decision.APPROVED:
        return "take_up", ""
    return None


def _is_missing(one: returns.Return) -> bool:
    """Whether goods for which something was sent ahead are not back, or not all of them."""
    is_lost = one.journey is returns.Journey.LOST and one.outcome is returns.Outcome.FAILED
    return is_lost or one.journey is returns.Journey.LAPSED or one.outcome is returns.Outcome.FAILED


def actions(exchange: Exchange, one: returns.Return, may_have_money: Collection[ExchangeState]) -> list[str]:
    """Every verb that would not be refused because of where the exchange stands."""
    found = []
    if exchange.state is _S.SHORT:
        found.append("change")
    if exchange.state in may_have_money or (exchange.overdue_at is not None and exchange.state is _S.RESERVED):
        found.append("take_money")
    if exchange.state is _S.DIFFERENCE:
        found.append("pay")
    if exchange.state is _S.RESERVED and one.outcome is returns.Outcome.OPEN:
        found.append("ship_ahead")
    return found
