"""disputes: two sides who cannot agree show in turns; an arbitrator rules with reasons, one appeal, carried out once."""

from dingdan.areas.disputes.appealing import (
    accept,
    appeal,
    comply,
    execute,
    execute_due,
    settle_unappealed,
    warn_of_doing,
)
from dingdan.areas.disputes.events import (
    DisputeAccepted,
    DisputeAgreed,
    DisputeAppealed,
    DisputeExecuted,
    DisputeHeard,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    DisputeShown,
    DisputeSilent,
    DisputeStopped,
    DisputeTakenElsewhere,
    DisputeTurnBegan,
    DisputeTurnEnding,
    DisputeUndone,
    DisputeUnruled,
    DisputeWentOn,
    DisputeWithdrawn,
    RulingGiven,
    RulingProposed,
    RulingRefused,
)
from dingdan.areas.disputes.lifecycle import DisputeState, RulingState
from dingdan.areas.disputes.model import (
    APPEAL_WITHIN,
    DO_WITHIN,
    ELSEWHERE,
    LONGEST,
    MOST_FILES,
    MOST_LINES,
    MOST_RULES,
    NEGOTIATION,
    OPEN_WITHIN,
    RULE_WITHIN,
    RULES,
    TURN,
    AtFault,
    Dispute,
    DisputeEntry,
    Executor,
    Instance,
    Issue,
    OpenDispute,
    Outcome,
    Rule,
    Ruling,
    Standstill,
    StillFor,
    Subject,
    Told,
    Wish,
)
from dingdan.areas.disputes.opening import end_agreed, open_dispute, withdraw
from dingdan.areas.disputes.promises import APPEAL_BY, BUYER_TURN, COMPLY, EXECUTE, RULE_BY, SELLER_TURN, STILL
from dingdan.areas.disputes.reading import (
    advanced,
    drop_words,
    entries,
    get,
    get_one,
    get_ruling,
    of_orders,
    open_of_orders,
    proofs,
    rule_words,
    ruling_in_force,
    rulings,
    standstills,
)
from dingdan.areas.disputes.refusals import (
    AcceptedAlready,
    AgainstSilence,
    AppealTimeOver,
    ClaimUnfit,
    DisputeOpenAlready,
    DisputeStateForbids,
    DisputeTooLate,
    DisputeUnknown,
    EntryUnfit,
    NeedsArbitrator,
    NothingShown,
    NothingToDispute,
    NotImpartial,
    NotYourDispute,
    NotYoursToDo,
    NotYourTurn,
    ProofMissing,
    RulingOpen,
    RulingStateForbids,
    RulingUnfit,
    RulingUnknown,
    SellersTime,
    StandsStill,
    StandsStillNot,
    StillNegotiating,
)
from dingdan.areas.disputes.rules.actions import actions, ruling_actions
from dingdan.areas.disputes.rules.burden import TABLE, Proof
from dingdan.areas.disputes.ruling import note_unruled, refuse, remind_to_rule, rule, sign
from dingdan.areas.disputes.saying import lapse_turns, show, warn_of_turn
from dingdan.areas.disputes.suspending import go_on_due, resume, show_elsewhere, suspend

# Every fact of this area.
FACTS = (
    DisputeAccepted, DisputeAgreed, DisputeAppealed, DisputeExecuted, DisputeHeard, DisputeOpened, DisputeRuled,
    DisputeSettled, DisputeShown, DisputeSilent, DisputeStopped, DisputeTakenElsewhere, DisputeTurnBegan,
    DisputeTurnEnding, DisputeUndone, DisputeUnruled, DisputeWentOn, DisputeWithdrawn, RulingGiven, RulingProposed,
    RulingRefused,
)  # fmt: skip

# Those that a buyer is told of.
TOLD = (
    DisputeAgreed, DisputeAppealed, DisputeExecuted, DisputeOpened, DisputeRuled, DisputeSettled, DisputeStopped,
    DisputeTakenElsewhere, DisputeTurnBegan, DisputeTurnEnding, DisputeWentOn, DisputeWithdrawn,
)  # fmt: skip
# Those after which it stands differently in the archive.
ENDED = (DisputeAgreed, DisputeExecuted, DisputeRuled, DisputeWithdrawn)

__all__ = [
    "APPEAL_BY", "APPEAL_WITHIN", "BUYER_TURN", "COMPLY", "DO_WITHIN", "ELSEWHERE", "ENDED", "EXECUTE", "FACTS",
    "LONGEST", "MOST_FILES", "MOST_LINES", "MOST_RULES", "NEGOTIATION", "OPEN_WITHIN", "RULES", "RULE_BY",
    "RULE_WITHIN", "SELLER_TURN", "STILL", "TABLE", "TOLD", "TURN", "AcceptedAlready", "AgainstSilence",
    "AppealTimeOver", "AtFault", "ClaimUnfit", "Dispute", "DisputeAccepted", "DisputeAgreed", "DisputeAppealed",
    "DisputeEntry", "DisputeExecuted", "DisputeHeard", "DisputeOpenAlready", "DisputeOpened", "DisputeRuled",
    "DisputeSettled", "DisputeShown", "DisputeSilent", "DisputeState", "DisputeStateForbids", "DisputeStopped",
    "DisputeTakenElsewhere", "DisputeTooLate", "DisputeTurnBegan", "DisputeTurnEnding", "DisputeUndone",
    "DisputeUnknown", "DisputeUnruled", "DisputeWentOn", "DisputeWithdrawn", "EntryUnfit", "Executor", "Instance",
    "Issue", "NeedsArbitrator", "NotImpartial", "NotYourDispute", "NotYourTurn", "NotYoursToDo", "NothingShown",
    "NothingToDispute", "OpenDispute", "Outcome", "Proof", "ProofMissing", "Rule", "Ruling", "RulingGiven",
    "RulingOpen", "RulingProposed", "RulingRefused", "RulingState", "RulingStateForbids", "RulingUnfit",
    "RulingUnknown", "SellersTime", "StandsStill", "StandsStillNot", "Standstill", "StillFor", "StillNegotiating",
    "Subject", "Told", "Wish", "accept", "actions", "advanced", "appeal", "comply", "drop_words", "end_agreed",
    "entries", "execute", "execute_due", "get", "get_one", "get_ruling", "go_on_due", "lapse_turns", "note_unruled",
    "of_orders", "open_dispute", "open_of_orders", "proofs", "refuse", "remind_to_rule", "resume", "rule",
    "rule_words", "ruling_actions", "ruling_in_force", "rulings", "settle_unappealed", "show", "show_elsewhere",
    "sign", "standstills", "suspend", "warn_of_doing", "warn_of_turn", "withdraw",
]  # fmt: skip
