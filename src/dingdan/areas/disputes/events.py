"""Facts about disputes."""

from datetime import datetime

from dingdan.kernel.event import Event


class DisputeOpened(Event, frozen=True, kw_only=True):
    """One side asks the platform; `about` is the return or the case, `side` who asks."""

    wire = "dispute.opened"
    subject = "dispute"

    about: str
    issue: str
    side: str


class DisputeTurnBegan(Event, frozen=True, kw_only=True):
    """It is a side's turn to show something."""

    wire = "dispute.turn_began"
    subject = "dispute"

    side: str
    turn: int
    until: datetime


class DisputeTurnEnding(Event, frozen=True, kw_only=True):
    """A side's time to show something is over soon."""

    wire = "dispute.turn_ending"
    subject = "dispute"

    side: str
    turn: int
    until: datetime


class DisputeShown(Event, frozen=True, kw_only=True):
    """A side showed something; the words are sealed, the other side reads them."""

    wire = "dispute.shown"
    subject = "dispute"

    side: str
    turn: int
    files: int


class DisputeSilent(Event, frozen=True, kw_only=True):
    """A side let its turn pass; `bears`: it had to prove something, and loses by that."""

    wire = "dispute.silent"
    subject = "dispute"

    side: str
    turn: int
    bears: bool


class DisputeHeard(Event, frozen=True, kw_only=True):
    """Everybody had their turn; an arbitrator has the word until then."""

    wire = "dispute.heard"
    subject = "dispute"

    until: datetime


class DisputeUnruled(Event, frozen=True, kw_only=True):
    """Nobody has ruled yet; `rung` says how late it is, `role` who is to look."""

    wire = "dispute.unruled"
    subject = "dispute"

    rung: str
    role: str


class DisputeRuled(Event, frozen=True, kw_only=True):
    """There is a ruling, which may be appealed until then; by which rules, and who has to carry it out."""

    wire = "dispute.ruled"
    subject = "dispute"

    ruling: str
    fault: str
    rules: list[str]
    executor: str
    until: datetime


class DisputeAccepted(Event, frozen=True, kw_only=True):
    """A side accepts the ruling."""

    wire = "dispute.accepted"
    subject = "dispute"

    side: str


class DisputeAppealed(Event, frozen=True, kw_only=True):
    """A side does not accept the ruling: the other may answer until then, and another arbitrator decides."""

    wire = "dispute.appealed"
    subject = "dispute"

    side: str
    until: datetime


class DisputeSettled(Event, frozen=True, kw_only=True):
    """The ruling is final: `executor` carries it out until then, else the platform does."""

    wire = "dispute.settled"
    subject = "dispute"

    ruling: str
    fault: str
    executor: str
    until: datetime


class DisputeUndone(Event, frozen=True, kw_only=True):
    """The time of whoever has to carry it out is over soon."""

    wire = "dispute.undone"
    subject = "dispute"

    until: datetime


class DisputeExecuted(Event, frozen=True, kw_only=True):
    """What was ruled was done, by whom; `case` names what was done, None where nothing was owed.

    `is_instead`: by the platform, since the seller did not. `made_good` units had been made good already, and `paid_lines`
    are those that were paid since there was nothing to send.
    """

    wire = "dispute.executed"
    subject = "dispute"

    case: str | None
    by: str
    is_instead: bool
    made_good: int
    paid_lines: list[int]


class DisputeStopped(Event, frozen=True, kw_only=True):
    """It stands still until then at the latest: the police, a court or the two sides themselves look at it."""

    wire = "dispute.stopped"
    subject = "dispute"

    reason: str
    until: datetime


class DisputeTakenElsewhere(Event, frozen=True, kw_only=True):
    """A side showed that the police or a court took it; it stands still for longer."""

    wire = "dispute.taken_elsewhere"
    subject = "dispute"

    side: str
    until: datetime


class DisputeWentOn(Event, frozen=True, kw_only=True):
    """It goes on, with what was left of every time; `outcome` says what it stood still for came to."""

    wire = "dispute.went_on"
    subject = "dispute"

    outcome: str


class DisputeWithdrawn(Event, frozen=True, kw_only=True):
    """Who opened it took it back."""

    wire = "dispute.withdrawn"
    subject = "dispute"


class DisputeAgreed(Event, frozen=True, kw_only=True):
    """The seller gave what was asked for, or the two sides agreed on something else: nothing is left to rule about."""

    wire = "dispute.agreed"
    subject = "dispute"


class RulingProposed(Event, frozen=True, kw_only=True):
    """An arbitrator proposes a ruling."""

    wire = "ruling.proposed"
    subject = "ruling"

    dispute: str
    instance: str
    worth: int
    currency: str


class RulingGiven(Event, frozen=True, kw_only=True):
    """It holds: by its arbitrator alone, or with a second signature."""

    wire = "ruling.given"
    subject = "ruling"

    dispute: str


class RulingRefused(Event, frozen=True, kw_only=True):
    """The second pair of eyes does not agree."""

    wire = "ruling.refused"
    subject = "ruling"

    dispute: str
