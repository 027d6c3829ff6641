"""way_back: how goods come back to us: where to, with whom, what parcels tell, who bears a loss, and what nobody announced."""

from dingdan.areas.way_back.events import (
    ReturnAddressAnswered,
    ReturnAddressFixed,
    ReturnAddressProposed,
    ReturnLabelMade,
    ReturnParcelLost,
    ReturnParcelSeen,
    StrayAsked,
    StrayClosed,
    StrayFound,
    StrayMatched,
    StrayPictured,
    StrayUnmatched,
)
from dingdan.areas.way_back.fixing import answer_address, fix, propose_address
from dingdan.areas.way_back.labelling import book, charge
from dingdan.areas.way_back.lifecycle import StrayState
from dingdan.areas.way_back.matching import ask, close, match, note_still_unmatched, note_unmatched, register
from dingdan.areas.way_back.model import (
    CLOSED_BECAUSE,
    Book,
    Candidate,
    Claimable,
    Label,
    NewStray,
    NewStrayPicture,
    Option,
    PlaceVersion,
    Plan,
    ReturnScan,
    Stray,
    StrayPicture,
    TakenScans,
)
from dingdan.areas.way_back.picturing import picture, pictures_of, take_picture
from dingdan.areas.way_back.promises import MATCH_BY
from dingdan.areas.way_back.reading import (
    address_of,
    candidates,
    claimable,
    label,
    labels_of,
    places_of,
    plan,
    scans_of,
    stray,
)
from dingdan.areas.way_back.refusals import (
    NoLabel,
    NothingProposed,
    OtherWarehouse,
    PickUpUnfit,
    PlaceStands,
    PlaceUnfit,
    ScanUnfit,
    StrayPictureUnknown,
    StrayStateForbids,
    StrayUnfit,
    StrayUnknown,
    TooManyStrayPictures,
    ValueUnfit,
)
from dingdan.areas.way_back.rules.actions import actions
from dingdan.areas.way_back.rules.risking import bears
from dingdan.areas.way_back.tracking import take_in_push, take_scans

__all__ = [
    "CLOSED_BECAUSE", "MATCH_BY", "Book", "Candidate", "Claimable", "Label", "NewStray", "NewStrayPicture", "NoLabel",
    "NothingProposed", "Option", "OtherWarehouse", "PickUpUnfit", "PlaceStands", "PlaceUnfit", "PlaceVersion", "Plan",
    "ReturnAddressAnswered", "ReturnAddressFixed", "ReturnAddressProposed", "ReturnLabelMade", "ReturnParcelLost",
    "ReturnParcelSeen", "ReturnScan", "ScanUnfit", "Stray", "StrayAsked", "StrayClosed", "StrayFound", "StrayMatched",
    "StrayPicture", "StrayPictureUnknown", "StrayPictured", "StrayState", "StrayStateForbids", "StrayUnfit", "StrayUnknown",
    "StrayUnmatched", "TakenScans", "TooManyStrayPictures", "ValueUnfit", "actions", "address_of", "answer_address", "ask",
    "bears", "book", "candidates", "charge", "claimable", "close", "fix", "label", "labels_of", "match",
    "note_still_unmatched", "note_unmatched", "picture", "pictures_of", "places_of", "plan", "propose_address", "register",
    "scans_of", "stray", "take_in_push", "take_picture", "take_scans",
]  # fmt: skip
