"""Facts about goods that came back."""

from dingdan.kernel.event import Event


class GoodsRejected(Event, frozen=True, kw_only=True):
    """Units were not accepted: they stay the buyer's, who says what is to be done about them."""

    wire = "goods.rejected"
    subject = "goods"

    return_id: int
    units: int


class GoodsOffered(Event, frozen=True, kw_only=True):
    """So much is offered for units that were not accepted, if they stay with us."""

    wire = "goods.offered"
    subject = "goods"

    return_id: int
    amount: int
    currency: str


class GoodsChosen(Event, frozen=True, kw_only=True):
    """The buyer said what is to be done about units that were not accepted."""

    wire = "goods.chosen"
    subject = "goods"

    return_id: int
    choice: str


class GoodsDisputed(Event, frozen=True, kw_only=True):
    """The buyer does not agree that units were not accepted."""

    wire = "goods.disputed"
    subject = "goods"

    return_id: int


class GoodsKept(Event, frozen=True, kw_only=True):
    """The buyer took the money that was offered, and the goods are ours."""

    wire = "goods.kept"
    subject = "goods"

    return_id: int
    refund_id: int
    amount: int


class GoodsDisposed(Event, frozen=True, kw_only=True):
    """It was decided and done what becomes of units; `left` still wait."""

    wire = "goods.disposed"
    subject = "goods"

    return_id: int
    disposition_id: int
    kind: str
    units: int
    left: int


class GoodsUndecided(Event, frozen=True, kw_only=True):
    """The time to decide what becomes of units is nearly or quite over; `role` is who is to look."""

    wire = "goods.undecided"
    subject = "goods"

    return_id: int
    rung: str
    role: str


class GoodsUnclaimed(Event, frozen=True, kw_only=True):
    """Units that were not accepted are still here and their buyer has not said a word; `reminder` counts from one."""

    wire = "goods.unclaimed"
    subject = "goods"

    return_id: int
    reminder: int
    role: str

    @property
    def is_told(self) -> bool:
        """Buyers are reminded twice; then it is a person's turn."""
        return self.reminder <= 2
