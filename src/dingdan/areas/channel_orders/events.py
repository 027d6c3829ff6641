"""Facts about orders made elsewhere."""

from dingdan.kernel.event import Event


class ChannelOrderRecorded(Event, frozen=True, kw_only=True):
    """An order that was made on a channel is known here."""

    wire = "channel_order.recorded"
    subject = "channel_order"

    channel_id: int
    total: int
    currency: str


class ChannelOrderProblem(Event, frozen=True, kw_only=True):
    """Something about an order made elsewhere does not fit; `actions` say what can be done."""

    wire = "channel_order.problem"
    subject = "channel_problem"

    channel_order_id: int
    problem: str
    actions: list[str]
    holds: bool


class ChannelProblemClosed(Event, frozen=True, kw_only=True):
    """A problem is gone, or somebody decided to live with it."""

    wire = "channel_order.problem_closed"
    subject = "channel_problem"

    channel_order_id: int
    problem: str
    reason: str


class ChannelOrderChanged(Event, frozen=True, kw_only=True):
    """The channel told something newer about an order."""

    wire = "channel_order.changed"
    subject = "channel_order"

    channel_id: int
