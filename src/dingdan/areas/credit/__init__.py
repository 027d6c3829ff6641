"""credit: what buyers have with us: balances, points and cards. Nothing is spent twice, and money of it is in the books."""

from dingdan.areas.credit.events import (
    CardBlocked,
    CardExtended,
    CardIssued,
    CardsGuessed,
    CardUnblocked,
    CreditGranted,
    CreditHeld,
    CreditHeldAgain,
    CreditReleased,
    CreditRestored,
    CreditSpent,
    CreditTakenBack,
    PointsExpired,
)
from dingdan.areas.credit.expiring import expire_points
from dingdan.areas.credit.granting import grant, take_back
from dingdan.areas.credit.holding import (
    capture,
    capture_tenders,
    hold,
    hold_again,
    hold_tenders_again,
    release,
    release_tenders,
)
from dingdan.areas.credit.issuing import block_card, extend_card, issue_cards, present, unblock_card
from dingdan.areas.credit.lifecycle import HoldState
from dingdan.areas.credit.model import (
    POINTS_UNIT,
    Card,
    Funding,
    Grant,
    Held,
    Hold,
    IssuedCard,
    Movement,
    NewCard,
    Presented,
    Purse,
    PurseKind,
    Restore,
)
from dingdan.areas.credit.promises import POINTS_EXPIRY
from dingdan.areas.credit.reading import Ending, cards, endings, get, get_one, held_for, movements, of_buyers
from dingdan.areas.credit.refusals import (
    AmountUnfit,
    CardUnusable,
    ExpiryUnfit,
    NotEnoughCredit,
    OverRestored,
    PurseUnknown,
    TooManyTries,
    UnitUnfit,
)
from dingdan.areas.credit.restoring import give_back, restore

__all__ = [
    "POINTS_EXPIRY", "POINTS_UNIT", "AmountUnfit", "Card", "CardBlocked", "CardExtended", "CardIssued",
    "CardUnblocked", "CardUnusable", "CardsGuessed", "CreditGranted", "CreditHeld", "CreditHeldAgain",
    "CreditReleased", "CreditRestored", "CreditSpent", "CreditTakenBack", "Ending", "ExpiryUnfit", "Funding",
    "Grant", "Held", "Hold", "HoldState", "IssuedCard", "Movement", "NewCard", "NotEnoughCredit", "OverRestored",
    "PointsExpired", "Presented", "Purse", "PurseKind", "PurseUnknown", "Restore", "TooManyTries", "UnitUnfit",
    "block_card", "capture", "capture_tenders", "cards", "endings", "expire_points", "extend_card", "get", "get_one",
    "give_back", "grant", "held_for", "hold", "hold_again", "hold_tenders_again", "issue_cards", "movements",
    "of_buyers", "present", "release", "release_tenders", "restore", "take_back", "unblock_card",
]  # fmt: skip
