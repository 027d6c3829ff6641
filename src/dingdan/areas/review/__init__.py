"""review: a second look before we commit. A paid order goes on at once, or a person decides within a promised time."""

from dingdan.areas.review.asking import answer, ask, go_on_without_answer
from dingdan.areas.review.claiming import claim, put_back
from dingdan.areas.review.deciding import approve, reject, withdraw
from dingdan.areas.review.escalating import block, escalate, escalate_overdue, unblock, warn
from dingdan.areas.review.events import (
    OrderCleared,
    ReviewAnswered,
    ReviewApproved,
    ReviewAsked,
    ReviewBlocked,
    ReviewClaimed,
    ReviewDueSoon,
    ReviewEscalated,
    ReviewOpened,
    ReviewPutBack,
    ReviewRejected,
    ReviewRuleSaved,
    ReviewRuleSwitched,
    ReviewSigned,
    ReviewUnanswered,
    ReviewUnblocked,
    ReviewWithdrawn,
)
from dingdan.areas.review.lifecycle import ReviewState
from dingdan.areas.review.model import (
    AddressCluster,
    Answer,
    BackTest,
    BuyerRemark,
    Conversation,
    CrossBorder,
    CustomMade,
    Item,
    LargeAmount,
    LargeQuantity,
    LinePicture,
    NewAccount,
    Owner,
    Picture,
    Plan,
    Presale,
    PriceAnomaly,
    Reason,
    Review,
    Rule,
    RuleDocument,
    SaveRule,
    Terms,
    Trigger,
    Velocity,
    Words,
)
from dingdan.areas.review.previewing import preview
from dingdan.areas.review.promises import ANSWER, DECIDE, ESCALATE, WARN
from dingdan.areas.review.reading import (
    conversation,
    drop_words,
    get,
    get_one,
    get_rule,
    list_rules,
    of_orders,
    switched,
    terms,
)
from dingdan.areas.review.refusals import (
    AskedAlready,
    BlockedByRisk,
    EffectiveInThePast,
    ItemUnanswered,
    ItemUnknown,
    NeedsPerson,
    NotYours,
    OrderOver,
    OutsiderNeeded,
    ReviewUnknown,
    RuleNotYours,
    RuleUnfit,
    RuleUnknown,
    SameHand,
    StateForbids,
    SwitchForbidden,
)
from dingdan.areas.review.rules.actions import actions
from dingdan.areas.review.ruling import load_shipped, save_rule, save_terms, shipped, switch_rule
from dingdan.areas.review.screening import screen
from dingdan.areas.review.timing_out import decide_overdue

__all__ = [
    "ANSWER", "DECIDE", "ESCALATE", "WARN", "AddressCluster", "Answer", "AskedAlready", "BackTest",
    "BlockedByRisk", "BuyerRemark", "Conversation", "CrossBorder", "CustomMade", "EffectiveInThePast", "Item",
    "ItemUnanswered", "ItemUnknown", "LargeAmount", "LargeQuantity", "LinePicture", "NeedsPerson", "NewAccount",
    "NotYours", "OrderCleared", "OrderOver", "OutsiderNeeded", "Owner", "Picture", "Plan", "Presale",
    "PriceAnomaly", "Reason", "Review", "ReviewAnswered", "ReviewApproved", "ReviewAsked", "ReviewBlocked",
    "ReviewClaimed", "ReviewDueSoon", "ReviewEscalated", "ReviewOpened", "ReviewPutBack", "ReviewRejected",
    "ReviewRuleSaved", "ReviewRuleSwitched", "ReviewSigned", "ReviewState", "ReviewUnanswered", "ReviewUnblocked",
    "ReviewUnknown", "ReviewWithdrawn", "Rule", "RuleDocument", "RuleNotYours", "RuleUnfit", "RuleUnknown",
    "SameHand", "SaveRule", "StateForbids", "SwitchForbidden", "Terms", "Trigger", "Velocity", "Words", "actions",
    "answer", "approve", "ask", "block", "claim", "conversation", "decide_overdue", "drop_words", "escalate",
    "escalate_overdue", "get", "get_one", "get_rule", "go_on_without_answer", "list_rules", "load_shipped",
    "of_orders", "preview", "put_back", "reject", "save_rule", "save_terms", "screen", "shipped", "switch_rule",
    "switched", "terms", "unblock", "warn", "withdraw",
]  # fmt: skip
