"""Facts about goods coming back."""

from dingdan.kernel.event import Event


class ReturnRequested(Event, frozen=True, kw_only=True):
    """The buyer asked to send goods back."""

    wire = "return.requested"
    subject = "return"

    request_id: int
    lines: int
    units: int


class ReturnApproved(Event, frozen=True, kw_only=True):
    """The return is allowed; the buyer knows where to send it. `rule` names the rules, parted by commas."""

    wire = "return.approved"
    subject = "return"

    is_automatic: bool


class ReturnRefused(Event, frozen=True, kw_only=True):
    """The return was refused, with its reason."""

    wire = "return.refused"
    subject = "return"

    reason: str


class ReturnChanged(Event, frozen=True, kw_only=True):
    """The buyer changed what they ask for, before anybody decided."""

    wire = "return.changed"
    subject = "return"

    resolution: str
    units: int


class ReturnAppealed(Event, frozen=True, kw_only=True):
    """The buyer does not accept the refusal; somebody else decides."""

    wire = "return.appealed"
    subject = "return"


class ReturnAgreed(Event, frozen=True, kw_only=True):
    """Buyer and seller agreed on something else than was asked for."""

    wire = "return.agreed"
    subject = "return"

    resolution: str
    amount: int


class ReturnUncalled(Event, frozen=True, kw_only=True):
    """The parcel could not be called back: it arrives, and a person decides."""

    wire = "return.uncalled"
    subject = "return"


class ReturnResolved(Event, frozen=True, kw_only=True):
    """The money is asked for without any goods coming back."""

    wire = "return.resolved"
    subject = "return"

    resolution: str
    refund_id: int | None


class ReturnWithdrawn(Event, frozen=True, kw_only=True):
    """The buyer changed their mind."""

    wire = "return.withdrawn"
    subject = "return"


class ReturnDueSoon(Event, frozen=True, kw_only=True):
    """Much of the time for an answer, or for the money, is over; `promise` is which, `role` who is to look."""

    wire = "return.due_soon"
    subject = "return"

    promise: str
    rung: str
    role: str


class ReturnOverdue(Event, frozen=True, kw_only=True):
    """The time for an answer, or for the money, is over; `promise` is which, `rung` how long ago, `role` who is to look."""

    wire = "return.overdue"
    subject = "return"

    promise: str
    rung: str
    role: str


class ReturnEscalated(Event, frozen=True, kw_only=True):
    """Nobody decided in time; it went up."""

    wire = "return.escalated"
    subject = "return"


class ReturnSent(Event, frozen=True, kw_only=True):
    """The goods are on their way back."""

    wire = "return.sent"
    subject = "return"

    return_parcel_id: int


class ReturnReceived(Event, frozen=True, kw_only=True):
    """The goods are here."""

    wire = "return.received"
    subject = "return"

    units: int


class ReturnLapsed(Event, frozen=True, kw_only=True):
    """The goods were not sent in time; the buyer may apply again inside the window."""

    wire = "return.lapsed"
    subject = "return"


class ReturnInspected(Event, frozen=True, kw_only=True):
    """The goods were looked at."""

    wire = "return.inspected"
    subject = "return"

    accepted: int
    rejected: int
    refund_id: int | None


class ReturnSettled(Event, frozen=True, kw_only=True):
    """The money is back and the case is closed."""

    wire = "return.settled"
    subject = "return"

    refund_id: int | None
