"""reconciliation: what providers say they moved against what our books say, and what became of every difference."""

from dingdan.areas.reconciliation.comparing import compare, finish, look_for_missing, open_statement
from dingdan.areas.reconciliation.events import DifferenceFound, DifferenceResolved, StatementCompared
from dingdan.areas.reconciliation.model import Difference, DifferenceKind, Line, LineKind, Statement
from dingdan.areas.reconciliation.reading import counts, differences, get_one, statement, statements
from dingdan.areas.reconciliation.refusals import DifferenceUnknown, NotThePlatform, ResolvedAlready, StatementUnknown
from dingdan.areas.reconciliation.resolving import resolve
from dingdan.areas.reconciliation.rules import STATES

__all__ = [
    "STATES", "Difference", "DifferenceFound", "DifferenceKind", "DifferenceResolved", "DifferenceUnknown", "Line",
    "LineKind", "NotThePlatform", "ResolvedAlready", "Statement", "StatementCompared", "StatementUnknown", "compare",
    "counts", "differences", "finish", "get_one", "look_for_missing", "open_statement", "resolve", "statement",
    "statements",
]  # fmt: skip
