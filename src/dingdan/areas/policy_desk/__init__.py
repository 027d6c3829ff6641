"""policy_desk: what the owner of a return policy needs: plain words, trials, back-tests. What is shown is what binds."""

from dingdan.areas.policy_desk.backtesting import (
    JOB,
    MOST_DAYS,
    MOST_POSTAGE,
    backtest,
    backtests,
    count,
    hand_on,
    record,
    request,
    since,
)
from dingdan.areas.policy_desk.model import (
    Backtest,
    Came,
    Cell,
    Change,
    Pair,
    Place,
    Row,
    Said,
    Section,
    Sheet,
    Side,
    Sums,
)
from dingdan.areas.policy_desk.refusals import BacktestsWaiting, BacktestUnknown, CaseUnfit, PageMissing, SpanUnfit
from dingdan.areas.policy_desk.rules.tabling import table
from dingdan.areas.policy_desk.showing import show
from dingdan.areas.policy_desk.trying import try_on, try_on_line

__all__ = [
    "JOB", "MOST_DAYS", "MOST_POSTAGE", "Backtest", "BacktestUnknown", "BacktestsWaiting", "Came", "CaseUnfit",
    "Cell", "Change", "PageMissing", "Pair", "Place", "Row", "Said", "Section", "Sheet", "Side", "SpanUnfit", "Sums",
    "backtest", "backtests", "count", "hand_on", "record", "request", "show", "since", "table", "try_on",
    "try_on_line",
]  # fmt: skip
