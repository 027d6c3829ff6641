"""ledger: where every fen went, double entry. Whoever moves money posts here in the same transaction."""

from dingdan.areas.ledger.chart import CHART, Account
from dingdan.areas.ledger.model import Balance, Entry, Posting
from dingdan.areas.ledger.posting import post
from dingdan.areas.ledger.reading import balances, entries, postings_of

__all__ = ["CHART", "Account", "Balance", "Entry", "Posting", "balances", "entries", "post", "postings_of"]
