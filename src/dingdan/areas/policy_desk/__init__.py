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
from dingdan.areas.policy_desk.rules.rendering import SHOWN, sections
from dingdan.areas.policy_desk.rules.rewording import Reworded, reworded
from dingdan.areas.policy_desk.rules.tabling import table
from dingdan.areas.policy_desk.showing import show
from dingdan.areas.policy_desk.trying import facts_of_line, try_on, try_on_line

__all__ = [
    "JOB", "MOST_DAYS", "MOST_POSTAGE", "SHOWN", "Backtest", "BacktestUnknown", "BacktestsWaiting", "Came",
    "CaseUnfit", "Cell", "Change", "PageMissing", "Pair", "Place", "Reworded", "Row", "Said", "Section", "Sheet",
    "Side", "SpanUnfit", "Sums", "backtest", "backtests", "count", "facts_of_line", "hand_on", "record", "request",
    "reworded", "sections", "show", "since", "table", "try_on", "try_on_line",
]  # fmt: skip
