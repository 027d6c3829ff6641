"""Facts about buyers' credit: amounts in minor units or points, never a code and never a name."""

from dingdan.kernel.event import Event


class CreditGranted(Event, frozen=True, kw_only=True):
    """Money or points were put into a purse."""

    wire = "credit.granted"
    subject = "purse"

    amount: int
    unit: str
    reason: str


class CreditTakenBack(Event, frozen=True, kw_only=True):
    """What was granted by mistake was taken out again."""

    wire = "credit.taken_back"
    subject = "purse"

    amount: int
    unit: str
    reason: str


class CreditHeld(Event, frozen=True, kw_only=True):
    """Credit is kept for an order."""

    wire = "credit.held"
    subject = "hold"

    purse_id: int
    amount: int
    unit: str


class CreditSpent(Event, frozen=True, kw_only=True):
    """Credit that was kept for an order has paid for it."""

    wire = "credit.spent"
    subject = "hold"

    purse_id: int
    amount: int
    unit: str


class CreditReleased(Event, frozen=True, kw_only=True):
    """Credit that was kept for an order is free again."""

    wire = "credit.released"
    subject = "hold"

    purse_id: int
    amount: int
    unit: str


class CreditHeldAgain(Event, frozen=True, kw_only=True):
    """Credit was kept once more for an order whose money came late."""

    wire = "credit.held_again"
    subject = "hold"

    purse_id: int
    amount: int
    unit: str


class CreditRestored(Event, frozen=True, kw_only=True):
    """What an order was paid with went back into its purse."""

    wire = "credit.restored"
    subject = "purse"

    amount: int
    unit: str
    cause_id: int


class PointsExpired(Event, frozen=True, kw_only=True):
    """Points that nobody spent in time are gone."""

    wire = "credit.points_expired"
    subject = "purse"

    amount: int


class CardIssued(Event, frozen=True, kw_only=True):
    """A card was issued."""

    wire = "card.issued"
    subject = "purse"

    amount: int
    currency: str


class CardBlocked(Event, frozen=True, kw_only=True):
    """A card pays no more; what is on it stays on it."""

    wire = "card.blocked"
    subject = "purse"

    reason: str


class CardUnblocked(Event, frozen=True, kw_only=True):
    """A card pays again."""

    wire = "card.unblocked"
    subject = "purse"


class CardExtended(Event, frozen=True, kw_only=True):
    """A card can be used for longer."""

    wire = "card.extended"
    subject = "purse"

    until: str


class CardsGuessed(Event, frozen=True, kw_only=True):
    """Somebody tried so many wrong codes that they have to wait: a buyer, or a key or member of staff."""

    wire = "card.guessed"
    subject = "merchant"

    tried_by: str
    tried_by_id: int
    wrong: int
