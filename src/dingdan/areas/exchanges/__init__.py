"""exchanges: something else for goods that come back. One unit back, one unit out or its money, never both."""

from dingdan.areas.exchanges.asking import ask, change, preview
from dingdan.areas.exchanges.choosing import choices
from dingdan.areas.exchanges.events import (
    ExchangeAsked,
    ExchangeChanged,
    ExchangeDifferenceAsked,
    ExchangeDropped,
    ExchangeFinished,
    ExchangeOverdue,
    ExchangeOwed,
    ExchangeRanShort,
    ExchangeRefunded,
    ExchangeReplaced,
    ExchangeReserved,
)
from dingdan.areas.exchanges.following import (
    MAY_HAVE_MONEY,
    follow_orders,
    follow_returns,
    note_overdue,
    remind_of_shipping,
    take_money,
    withhold,
)
from dingdan.areas.exchanges.lifecycle import ExchangeState
from dingdan.areas.exchanges.model import DIFFERENCE_HOURS, Ask, Choice, Exchange, ExchangeLine, Held, Terms, TermsLine
from dingdan.areas.exchanges.promises import SHIP_BY
from dingdan.areas.exchanges.reading import get, get_one, hold, lines_of, of_returns, sent_instead
from dingdan.areas.exchanges.refusals import (
    ExchangeStateForbids,
    ExchangeUnknown,
    MoneyNotDue,
    NoneLeft,
    NotAhead,
    VariantUnfit,
    WishUnknown,
)
from dingdan.areas.exchanges.replacing import ship_ahead
from dingdan.areas.exchanges.rules.following import actions
from dingdan.areas.exchanges.serving import serve_short

__all__ = [
    "DIFFERENCE_HOURS",
    "MAY_HAVE_MONEY",
    "SHIP_BY",
    "Ask",
    "Choice",
    "Exchange",
    "ExchangeAsked",
    "ExchangeChanged",
    "ExchangeDifferenceAsked",
    "ExchangeDropped",
    "ExchangeFinished",
    "ExchangeLine",
    "ExchangeOverdue",
    "ExchangeOwed",
    "ExchangeRanShort",
    "ExchangeRefunded",
    "ExchangeReplaced",
    "ExchangeReserved",
    "ExchangeState",
    "ExchangeStateForbids",
    "ExchangeUnknown",
    "Held",
    "MoneyNotDue",
    "NoneLeft",
    "NotAhead",
    "Terms",
    "TermsLine",
    "VariantUnfit",
    "WishUnknown",
    "actions",
    "ask",
    "change",
    "choices",
    "follow_orders",
    "follow_returns",
    "get",
    "get_one",
    "hold",
    "lines_of",
    "note_overdue",
    "of_returns",
    "preview",
    "remind_of_shipping",
    "sent_instead",
    "serve_short",
    "ship_ahead",
    "take_money",
    "withhold",
]  # fmt: skip
