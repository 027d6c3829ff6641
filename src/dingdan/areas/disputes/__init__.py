"""disputes: two sides who cannot agree show in turns; an arbitrator rules with reasons, one appeal, carried out once."""

from dingdan.areas.disputes.appealing import accept, appeal, execute, execute_due, settle_unappealed
from dingdan.areas.disputes.events import (
    DisputeAccepted,
    DisputeAppealed,
    DisputeExecuted,
    DisputeHeard,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    DisputeShown,
    DisputeSilent,
    DisputeTurnBegan,
    DisputeTurnEnding,
    DisputeUnruled,
    DisputeWithdrawn,
    RulingGiven,
    RulingProposed,
    RulingRefused,
)
from dingdan.areas.disputes.lifecycle import DisputeState, RulingState
from dingdan.areas.disputes.model import (
    APPEAL_WITHIN,
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
    Instance,
    Issue,
    OpenDispute,
    Outcome,
    Rule,
    Ruling,
    Subject,
    Told,
    Wish,
)
from dingdan.areas.disputes.opening import open_dispute, withdraw
from dingdan.areas.disputes.promises import APPEAL_BY, BUYER_TURN, EXECUTE, RULE_BY, SELLER_TURN
from dingdan.areas.disputes.reading import (
    drop_words,
    entries,
    get,
    get_one,
    get_ruling,
    of_orders,
    open_of_orders,
    proofs,
    rulings,
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
    NothingToDispute,
    NotImpartial,
    NotYourDispute,
    NotYourTurn,
    ProofMissing,
    RulingOpen,
    RulingStateForbids,
    RulingUnfit,
    RulingUnknown,
    StillNegotiating,
)
from dingdan.areas.disputes.rules.actions import actions, ruling_actions
from dingdan.areas.disputes.rules.burden import TABLE, Proof
from dingdan.areas.disputes.ruling import note_unruled, refuse, remind_to_rule, rule, sign
from dingdan.areas.disputes.saying import lapse_turns, show, warn_of_turn

# Every fact of this area.
FACTS = (
    DisputeAccepted, DisputeAppealed, DisputeExecuted, DisputeHeard, DisputeOpened, DisputeRuled, DisputeSettled,
    DisputeShown, DisputeSilent, DisputeTurnBegan, DisputeTurnEnding, DisputeUnruled, DisputeWithdrawn, RulingGiven,
    RulingProposed, RulingRefused,
)  # fmt: skip

__all__ = [
    "APPEAL_BY", "APPEAL_WITHIN", "BUYER_TURN", "EXECUTE", "FACTS", "LONGEST", "MOST_FILES", "MOST_LINES", "MOST_RULES",
    "NEGOTIATION", "OPEN_WITHIN", "RULES", "RULE_BY", "RULE_WITHIN", "SELLER_TURN", "TABLE", "TURN", "AcceptedAlready",
    "AgainstSilence", "AppealTimeOver", "AtFault", "ClaimUnfit", "Dispute", "DisputeAccepted", "DisputeAppealed",
    "DisputeEntry", "DisputeExecuted", "DisputeHeard", "DisputeOpenAlready", "DisputeOpened", "DisputeRuled",
    "DisputeSettled", "DisputeShown", "DisputeSilent", "DisputeState", "DisputeStateForbids", "DisputeTooLate",
    "DisputeTurnBegan", "DisputeTurnEnding", "DisputeUnknown", "DisputeUnruled", "DisputeWithdrawn", "EntryUnfit",
    "Instance", "Issue", "NeedsArbitrator", "NotImpartial", "NotYourDispute", "NotYourTurn", "NothingToDispute",
    "OpenDispute", "Outcome", "Proof", "ProofMissing", "Rule", "Ruling", "RulingGiven", "RulingOpen", "RulingProposed",
    "RulingRefused", "RulingState", "RulingStateForbids", "RulingUnfit", "RulingUnknown", "StillNegotiating", "Subject", "Told",
    "Wish", "accept", "actions", "appeal", "drop_words", "entries", "execute", "execute_due", "get", "get_one",
    "get_ruling", "lapse_turns", "note_unruled", "of_orders", "open_dispute", "open_of_orders", "proofs", "refuse",
    "remind_to_rule", "rule", "ruling_actions", "rulings", "settle_unappealed", "show", "sign", "warn_of_turn", "withdraw",
]  # fmt: skip
