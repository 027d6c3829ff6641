"""disposition: what becomes of goods that came back. The only way their stock moves; what is not paid for is not ours."""

from dingdan.areas.disposition.choosing import choose, offer
from dingdan.areas.disposition.deciding import decide
from dingdan.areas.disposition.events import (
    GoodsChosen,
    GoodsDisposed,
    GoodsDisputed,
    GoodsKept,
    GoodsOffered,
    GoodsRejected,
    GoodsUnclaimed,
    GoodsUndecided,
)
from dingdan.areas.disposition.model import (
    CHOICES,
    Choice,
    Decide,
    Disposition,
    Kind,
    NewGoods,
    ReturnedGoods,
    Ware,
)
from dingdan.areas.disposition.promises import DECIDE_BY, STORAGE
from dingdan.areas.disposition.reading import dispositions, get, get_one, hold, kept_units, of_returns, wares
from dingdan.areas.disposition.refusals import (
    DetailUnfit,
    GoodsUnknown,
    NoOffer,
    NotForThese,
    NothingToChoose,
    NotOurs,
    NotTheBuyers,
    NotWiped,
    NotWitnessed,
    OfferUnfit,
    RecoveredUnfit,
    UnitsUnfit,
    Unmarked,
)
from dingdan.areas.disposition.reminding import note_undecided, remind_again, remind_of_decision, remind_of_storage
from dingdan.areas.disposition.rules.banning import AT_ONCE, allowed, why_not
from dingdan.areas.disposition.rules.sorting import usual
from dingdan.areas.disposition.taking import take

__all__ = [
    "AT_ONCE", "CHOICES", "DECIDE_BY", "STORAGE", "Choice", "Decide", "DetailUnfit", "Disposition", "GoodsChosen",
    "GoodsDisposed", "GoodsDisputed", "GoodsKept", "GoodsOffered", "GoodsRejected", "GoodsUnclaimed", "GoodsUndecided",
    "GoodsUnknown", "Kind", "NewGoods", "NoOffer", "NotForThese", "NotOurs", "NotTheBuyers", "NotWiped",
    "NotWitnessed", "NothingToChoose", "OfferUnfit", "RecoveredUnfit", "ReturnedGoods", "UnitsUnfit", "Unmarked",
    "Ware", "allowed", "choose", "decide", "dispositions", "get", "get_one", "hold", "kept_units", "note_undecided",
    "of_returns", "offer", "remind_again", "remind_of_decision", "remind_of_storage", "take", "usual", "wares", "why_not",
]  # fmt: skip
