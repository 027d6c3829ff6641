"""repairs: goods that come to be mended and go back to their buyer, or become an exchange or a refund by a clock."""

from dingdan.areas.repairs.choosing import choose, let_choose, turn_silent
from dingdan.areas.repairs.events import (
    RepairAsked,
    RepairBegan,
    RepairDropped,
    RepairDueSoon,
    RepairFailed,
    RepairFinished,
    RepairOverdue,
    RepairPaused,
    RepairRelapsed,
    RepairResumed,
    RepairSentBack,
    RepairTurned,
)
from dingdan.areas.repairs.following import follow_returns, note_overdue, remind
from dingdan.areas.repairs.lifecycle import RepairState
from dingdan.areas.repairs.mending import arrive, fail, pause, relapse, resume, send_back
from dingdan.areas.repairs.model import Held, Instead, Repair, SendBack, Vain
from dingdan.areas.repairs.promises import ARRIVE_BY, CHOOSE_BY, FINISH_BY
from dingdan.areas.repairs.reading import get, get_one, of_returns, options_of
from dingdan.areas.repairs.refusals import (
    ClockStands,
    FindingMissing,
    InsteadUnfit,
    RepairStateForbids,
    RepairUnknown,
    WaybillUnfit,
)
from dingdan.areas.repairs.rules.following import actions

__all__ = [
    "ARRIVE_BY", "CHOOSE_BY", "FINISH_BY", "ClockStands", "FindingMissing", "Held", "Instead", "InsteadUnfit", "Repair",
    "RepairAsked", "RepairBegan", "RepairDropped", "RepairDueSoon", "RepairFailed", "RepairFinished", "RepairOverdue",
    "RepairPaused", "RepairRelapsed", "RepairResumed", "RepairSentBack", "RepairState", "RepairStateForbids",
    "RepairTurned", "RepairUnknown", "SendBack", "Vain", "WaybillUnfit", "actions", "arrive", "choose", "fail",
    "follow_returns", "get", "get_one", "let_choose", "note_overdue", "of_returns", "options_of", "pause", "relapse",
    "remind", "resume", "send_back", "turn_silent",
]  # fmt: skip
