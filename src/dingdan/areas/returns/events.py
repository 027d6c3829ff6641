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
    """Much of the time for an answer, for sending, for a look or for the money is over; `role` is who is to act."""

    wire = "return.due_soon"
    subject = "return"

    promise: str
    rung: str
    role: str
    # The last moment, where the buyer is to act by it.
    send_by: str = ""

    @property
    def is_told(self) -> bool:
        """Only what the buyer is to do concerns the buyer."""
        return self.role == "buyer"


class ReturnOverdue(Event, frozen=True, kw_only=True):
    """The time for an answer, a look or the money is over; `promise` is which, `rung` how long ago, `role` who is to look."""

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


class ReturnHandedBack(Event, frozen=True, kw_only=True):
    """The goods were here to be mended, and are with the buyer again: nothing was paid for them, and nothing taken."""

    wire = "return.handed_back"
    subject = "return"

    units: int


class ReturnExtended(Event, frozen=True, kw_only=True):
    """There is more time to send the goods back, once."""

    wire = "return.extended"
    subject = "return"

    send_by: str


class ReturnLost(Event, frozen=True, kw_only=True):
    """The goods were lost on their way back. `rule` says whose risk that was."""

    wire = "return.lost"
    subject = "return"

    is_our_risk: bool


class ReturnLossDecided(Event, frozen=True, kw_only=True):
    """Who bears the loss was decided by fault and rule; with a refund where it is not the buyer."""

    wire = "return.loss_decided"
    subject = "return"

    refund_id: int | None


class ReturnFaultChanged(Event, frozen=True, kw_only=True):
    """It turned out to be somebody else's fault than it was said; the freight follows."""

    wire = "return.fault_changed"
    subject = "return"

    line_no: int
    was: str
    now: str


class ReturnPaidEarly(Event, frozen=True, kw_only=True):
    """The money goes back before anybody has looked: this buyer is trusted."""

    wire = "return.paid_early"
    subject = "return"

    refund_id: int
    amount: int
    currency: str


class ReturnRecoveryDue(Event, frozen=True, kw_only=True):
    """Money went back early for units that were not accepted after all."""

    wire = "return.recovery_due"
    subject = "return"

    amount: int
    currency: str


class ReturnPostageOwed(Event, frozen=True, kw_only=True):
    """The buyer's postage is ours to bear, and there was not so much left of the order to send it back that way."""

    wire = "return.postage_owed"
    subject = "return"

    amount: int
    currency: str
