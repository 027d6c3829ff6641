"""Facts about customs."""

from dingdan.kernel.event import Event


class CustomsReleased(Event, frozen=True, kw_only=True):
    """It is noted on which day customs released an order's declaration, or on which other day than was noted before."""

    wire = "customs.released"
    subject = "order"

    released_on: str


class CustomsDue(Event, frozen=True, kw_only=True):
    """`until` a day that is near customs are to be asked to take goods back (`apply`), or the goods are to be `back`."""

    wire = "customs.due"
    subject = "order"

    what: str
    rung: str
    role: str
    until: str


class CustomsMissed(Event, frozen=True, kw_only=True):
    """The day is over on which customs were to be asked (`apply`), or the goods were to be `back`."""

    wire = "customs.missed"
    subject = "order"

    what: str


class CustomsReturnApplied(Event, frozen=True, kw_only=True):
    """Customs were asked to take units of an order back."""

    wire = "customs_return.applied"
    subject = "customs_return"

    units: int
    is_in_time: bool


class CustomsReturnCleared(Event, frozen=True, kw_only=True):
    """The goods are back in time: no tax is levied, and so much of the buyer's yearly quota is theirs again."""

    wire = "customs_return.cleared"
    subject = "customs_return"

    units: int
    quota: int
    currency: str


class CustomsReturnLate(Event, frozen=True, kw_only=True):
    """The goods are back, but too late: the tax stays due."""

    wire = "customs_return.late"
    subject = "customs_return"

    units: int


class CustomsReturnWithdrawn(Event, frozen=True, kw_only=True):
    """The application was taken back before the goods were there, or customs did not take it."""

    wire = "customs_return.withdrawn"
    subject = "customs_return"
