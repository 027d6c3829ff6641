"""Facts about signs of abuse, flags, and what followed from them."""

from dingdan.kernel.event import Event


class AbuseSignalNoticed(Event, frozen=True, kw_only=True):
    """Something that happened is a sign; alone it may mean nothing."""

    wire = "abuse_signal.noticed"
    subject = "abuse_signal"

    kind: str
    points: int


class AbuseFlagOpened(Event, frozen=True, kw_only=True):
    """The signs about a buyer of one merchant together weigh enough for something to follow, for a time."""

    wire = "abuse_flag.opened"
    subject = "abuse_flag"

    score: int
    level: int


class AbuseFlagChanged(Event, frozen=True, kw_only=True):
    """A sign came to a flag, or went out of it."""

    wire = "abuse_flag.changed"
    subject = "abuse_flag"

    score: int
    level: int


class AbuseFlagAsked(Event, frozen=True, kw_only=True):
    """The buyer wants a person to look at it."""

    wire = "abuse_flag.asked"
    subject = "abuse_flag"


class AbuseFlagDueSoon(Event, frozen=True, kw_only=True):
    """The buyer waits for a person's look, and half of the time is over."""

    wire = "abuse_flag.due_soon"
    subject = "abuse_flag"

    rung: str
    role: str


class AbuseFlagSigned(Event, frozen=True, kw_only=True):
    """The first of two people confirmed a flag from which more follows than the system may decide alone."""

    wire = "abuse_flag.signed"
    subject = "abuse_flag"


class AbuseFlagConfirmed(Event, frozen=True, kw_only=True):
    """A person looked and confirmed a flag; where two are needed, the second."""

    wire = "abuse_flag.confirmed"
    subject = "abuse_flag"

    level: int


class AbuseFlagAppealed(Event, frozen=True, kw_only=True):
    """The buyer does not accept it; somebody else decides."""

    wire = "abuse_flag.appealed"
    subject = "abuse_flag"


class AbuseFlagLifted(Event, frozen=True, kw_only=True):
    """A flag was taken away: by a person, because nobody looked in time, or because the buyer is forgotten."""

    wire = "abuse_flag.lifted"
    subject = "abuse_flag"

    reason: str


class AbuseFlagExpired(Event, frozen=True, kw_only=True):
    """The time of a flag, or of what it was made from, is over."""

    wire = "abuse_flag.expired"
    subject = "abuse_flag"


class AbuseMeasureTaken(Event, frozen=True, kw_only=True):
    """A measure acted on something of the buyer's."""

    wire = "abuse_measure.taken"
    subject = "abuse_measure"

    flag_id: int
    measure: str


class AbuseEvidenceHandedOver(Event, frozen=True, kw_only=True):
    """A person handed the evidence to an authority."""

    wire = "abuse_handover.made"
    subject = "abuse_handover"

    flag_id: int
    reason: str
    orders: list[int]
