"""Facts about the way back."""

from dingdan.kernel.event import Event


class ReturnAddressFixed(Event, frozen=True, kw_only=True):
    """Where the goods of a return are sent is fixed; another place holds only if the buyer agrees."""

    wire = "return.address_fixed"
    subject = "return"

    place_version: int


class ReturnAddressProposed(Event, frozen=True, kw_only=True):
    """Another place was proposed to the buyer."""

    wire = "return.address_proposed"
    subject = "return"

    place_version: int


class ReturnAddressAnswered(Event, frozen=True, kw_only=True):
    """The buyer agrees to another place, or does not."""

    wire = "return.address_answered"
    subject = "return"

    place_version: int
    is_agreed: bool


class ReturnLabelMade(Event, frozen=True, kw_only=True):
    """A label was made for goods that go back. We pay the carrier."""

    wire = "return_label.made"
    subject = "return_label"

    carrier: str
    returns: int
    cost: int
    currency: str


class ReturnParcelSeen(Event, frozen=True, kw_only=True):
    """A carrier told something of a parcel on its way back."""

    wire = "return_parcel.seen"
    subject = "return_parcel"

    code: str


class ReturnParcelLost(Event, frozen=True, kw_only=True):
    """A parcel on its way back is lost or broken. `rule` says who bears it; `is_our_claim` who claims on the carrier."""

    wire = "return_parcel.lost"
    subject = "return_parcel"

    trouble: str
    is_our_claim: bool


class StrayFound(Event, frozen=True, kw_only=True):
    """A parcel stood at the door that nobody had announced."""

    wire = "stray.found"
    subject = "stray"

    is_empty: bool


class StrayPictured(Event, frozen=True, kw_only=True):
    """A picture was taken of a parcel that nobody had announced; there are `pictures` of it now."""

    wire = "stray.pictured"
    subject = "stray"

    pictures: int


class StrayAsked(Event, frozen=True, kw_only=True):
    """A buyer is asked what a parcel of theirs is that nobody announced."""

    wire = "stray.asked"
    subject = "stray"


class StrayMatched(Event, frozen=True, kw_only=True):
    """It is known to which return a parcel belongs, and its goods were received there."""

    wire = "stray.matched"
    subject = "stray"

    return_id: int
    found_by: str


class StrayClosed(Event, frozen=True, kw_only=True):
    """A parcel was sent on, given back or found empty."""

    wire = "stray.closed"
    subject = "stray"

    because: str


class StrayUnmatched(Event, frozen=True, kw_only=True):
    """Nobody could say in time whose a parcel is; it went up to a person."""

    wire = "stray.unmatched"
    subject = "stray"
