"""What went wrong, what is done about it, and what a carrier owes for it: three machines."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    REMEDIED = "remedied"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class RemedyState(StrEnum):
    """Where a remedy stands; an approved one waits for its buyer's word, or for somebody who pays it by hand."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    EXECUTED = "executed"
    DECLINED = "declined"
    REFUSED = "refused"


class ClaimState(StrEnum):
    """Where a claim on a carrier stands."""

    DRAFTED = "drafted"
    FILED = "filed"
    ANSWERED = "answered"
    RECOVERED = "recovered"
    WRITTEN_OFF = "written_off"


_C, _R, _L = CaseState, RemedyState, ClaimState

# Somebody owns these.
UNENDED = frozenset({_C.OPEN, _C.INVESTIGATING, _C.REMEDIED})
# These may still come to something.
PENDING = frozenset({_R.PROPOSED, _R.APPROVED})

CASE = Lifecycle(
    "case",
    initial=_C.OPEN,
    moves={
        "investigate": ({_C.OPEN}, _C.INVESTIGATING),
        "remedy": ({_C.OPEN, _C.INVESTIGATING}, _C.REMEDIED),
        "close": (UNENDED, _C.CLOSED),
        "withdraw": (UNENDED, _C.WITHDRAWN),
    },
)

REMEDY = Lifecycle(
    "remedy",
    initial=_R.PROPOSED,
    moves={
        "approve": ({_R.PROPOSED}, _R.APPROVED),
        "execute": ({_R.APPROVED}, _R.EXECUTED),
        "decline": ({_R.APPROVED}, _R.DECLINED),
        "refuse": (PENDING, _R.REFUSED),
    },
)

CLAIM = Lifecycle(
    "claim",
    initial=_L.DRAFTED,
    moves={
        "file": ({_L.DRAFTED}, _L.FILED),
        "answer": ({_L.FILED}, _L.ANSWERED),
        "recover": ({_L.ANSWERED}, _L.RECOVERED),
        "write_off": ({_L.DRAFTED, _L.FILED, _L.ANSWERED}, _L.WRITTEN_OFF),
    },
)
