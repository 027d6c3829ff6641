"""Facts about looking at goods that came back."""

from dingdan.kernel.event import Event


class LookTaken(Event, frozen=True, kw_only=True):
    """Somebody looked, and it is not the end of it: a second person or a laboratory looks too. `reasons` by commas."""

    wire = "look.taken"
    subject = "look"

    return_id: int
    kind: str
    reasons: str


class LookFollowed(Event, frozen=True, kw_only=True):
    """A second person looked, and agrees with the first or does not; theirs is what counts."""

    wire = "look.followed"
    subject = "look"

    return_id: int
    first_id: int
    agrees: bool


class DeviationPictured(Event, frozen=True, kw_only=True):
    """A picture was taken of goods that came back."""

    wire = "inspection_picture.taken"
    subject = "inspection_picture"

    return_id: int
    shows: str
