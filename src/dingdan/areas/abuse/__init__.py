"""abuse: signs that somebody does not play fair: weighed, explained, over after a time; and never a right less."""

from dingdan.areas.abuse.asking import appeal, ask_review
from dingdan.areas.abuse.deciding import confirm, lift
from dingdan.areas.abuse.ending import forget, let_expire, lift_unanswered, remind_of_answer
from dingdan.areas.abuse.events import (
    AbuseEvidenceHandedOver,
    AbuseFlagAppealed,
    AbuseFlagAsked,
    AbuseFlagChanged,
    AbuseFlagConfirmed,
    AbuseFlagDueSoon,
    AbuseFlagExpired,
    AbuseFlagLifted,
    AbuseFlagOpened,
    AbuseFlagSigned,
    AbuseMeasureTaken,
    AbuseSignalNoticed,
)
from dingdan.areas.abuse.handing_over import hand_over
from dingdan.areas.abuse.lifecycle import LIVING, FlagState
from dingdan.areas.abuse.measuring import take
from dingdan.areas.abuse.model import (
    BULK_OVER,
    KINDS,
    LASTS,
    MEASURES,
    NOTICE,
    RATE_OVER,
    Flag,
    Habit,
    Handover,
    HandoverReason,
    Measure,
    Picture,
    Seen,
    Signal,
    SignalKind,
    Standing,
    Take,
    Taken,
)
from dingdan.areas.abuse.noticing import look_at
from dingdan.areas.abuse.promises import ANSWER, EXPIRY
from dingdan.areas.abuse.reading import (
    demand_buyer,
    get_handover,
    get_one,
    handovers_of,
    of_buyer,
    signals_in,
    standings,
    taken_by,
    words_of,
)
from dingdan.areas.abuse.refusals import (
    AskedBefore,
    FlagGrew,
    FlagNeedsPerson,
    FlagSameHand,
    FlagStateForbids,
    FlagUnknown,
    HandoverUnfounded,
    HandoverUnknown,
    WordsUnfit,
)
from dingdan.areas.abuse.rules.actions import actions, asks
from dingdan.areas.abuse.rules.packaging import package
from dingdan.areas.abuse.rules.signalling import FEWEST_RETURNED
from dingdan.areas.abuse.rules.weighing import measures

__all__ = [
    "ANSWER", "BULK_OVER", "EXPIRY", "FEWEST_RETURNED", "KINDS", "LASTS", "LIVING", "MEASURES", "NOTICE",
    "RATE_OVER", "AbuseEvidenceHandedOver", "AbuseFlagAppealed", "AbuseFlagAsked", "AbuseFlagChanged",
    "AbuseFlagConfirmed", "AbuseFlagDueSoon", "AbuseFlagExpired", "AbuseFlagLifted", "AbuseFlagOpened",
    "AbuseFlagSigned", "AbuseMeasureTaken", "AbuseSignalNoticed", "AskedBefore", "Flag", "FlagGrew",
    "FlagNeedsPerson", "FlagSameHand", "FlagState", "FlagStateForbids", "FlagUnknown", "Habit", "Handover",
    "HandoverReason", "HandoverUnfounded", "HandoverUnknown", "Measure", "Picture", "Seen", "Signal", "SignalKind",
    "Standing", "Take", "Taken", "WordsUnfit", "actions", "appeal", "ask_review", "asks", "confirm", "demand_buyer",
    "forget", "get_handover", "get_one", "hand_over", "handovers_of", "let_expire", "lift", "lift_unanswered",
    "look_at", "measures", "of_buyer", "package", "remind_of_answer", "signals_in", "standings", "take", "taken_by",
    "words_of",
]  # fmt: skip
