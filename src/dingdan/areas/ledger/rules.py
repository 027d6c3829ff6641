"""A posting balances, or it is not a posting."""

from dingdan.areas.ledger.chart import CHART
from dingdan.areas.ledger.model import Posting


def fault(posting: Posting) -> str:
    """What is wrong with a posting; "" where nothing is. A faulty posting is a bug of its caller, not a refusal."""
    if len(posting.legs) < 2:
        return "a posting has at least two legs"
    strangers = [code for code, _ in posting.legs if code not in CHART]
    if strangers:
        return f"no account is called {strangers[0]}"
    if any(amount == 0 for _, amount in posting.legs):
        return "a leg moves something"
    total = sum(amount for _, amount in posting.legs)
    return f"the legs sum to {total}" if total else ""
