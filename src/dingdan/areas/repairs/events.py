"""Facts about goods that come to be mended."""

from dingdan.kernel.event import Event


class RepairAsked(Event, frozen=True, kw_only=True):
    """Goods may come to be mended."""

    wire = "repair.asked"
    subject = "repair"

    return_id: int


class RepairBegan(Event, frozen=True, kw_only=True):
    """The goods are here; by `finish_by` they are mended, or the buyer chooses something else."""

    wire = "repair.began"
    subject = "repair"

    return_id: int
    finish_by: str


class RepairPaused(Event, frozen=True, kw_only=True):
    """Nothing can be done without the buyer: so long the days do not count."""

    wire = "repair.paused"
    subject = "repair"

    return_id: int


class RepairResumed(Event, frozen=True, kw_only=True):
    """The days count again."""

    wire = "repair.resumed"
    subject = "repair"

    return_id: int


class RepairSentBack(Event, frozen=True, kw_only=True):
    """The goods are on their way to the buyer, mended or, where there was no fault of ours, as they came."""

    wire = "repair.sent_back"
    subject = "repair"

    return_id: int
    carrier: str
    tracking_number: str
    is_mended: bool


class RepairFinished(Event, frozen=True, kw_only=True):
    """The buyer has the goods again, and every right that they had."""

    wire = "repair.finished"
    subject = "repair"

    return_id: int
    is_mended: bool


class RepairFailed(Event, frozen=True, kw_only=True):
    """It was in vain, took too long, or the goods were lost: the buyer chooses what they want instead by `choose_by`."""

    wire = "repair.failed"
    subject = "repair"

    return_id: int
    why: str
    choose_by: str


class RepairRelapsed(Event, frozen=True, kw_only=True):
    """The fault came back with the goods; with `is_enough` the policy gives something else now, and no more repairs."""

    wire = "repair.relapsed"
    subject = "repair"

    return_id: int
    failures: int
    is_enough: bool


class RepairTurned(Event, frozen=True, kw_only=True):
    """The buyer gets something else, or the money: because they chose it, or because they said nothing."""

    wire = "repair.turned"
    subject = "repair"

    return_id: int
    instead: str
    is_silent: bool


class RepairDropped(Event, frozen=True, kw_only=True):
    """Nothing is mended, because nothing came."""

    wire = "repair.dropped"
    subject = "repair"

    return_id: int
    why: str


class RepairDueSoon(Event, frozen=True, kw_only=True):
    """Much of the time for mending or for choosing is over; `role` is who is to act, `rung` how much it is."""

    wire = "repair.due_soon"
    subject = "repair"

    return_id: int
    rung: str
    role: str


class RepairOverdue(Event, frozen=True, kw_only=True):
    """Nobody knows whether goods that went back have come: somebody asks, and says that they have or are lost."""

    wire = "repair.overdue"
    subject = "repair"

    return_id: int
