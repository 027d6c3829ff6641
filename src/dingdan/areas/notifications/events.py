"""Facts about what people are told."""

from dingdan.kernel.event import Event


class MessageQueued(Event, frozen=True, kw_only=True):
    """A confirmation is to go out over a channel."""

    wire = "message.queued"
    subject = "message"

    confirmation: int
    occasion: str
    channel: str


class MessageSent(Event, frozen=True, kw_only=True):
    """It went out; a copy is kept."""

    wire = "message.sent"
    subject = "message"

    confirmation: int
    occasion: str
    channel: str


class MessageFailed(Event, frozen=True, kw_only=True):
    """This channel was given up; the next one is tried, if there is one."""

    wire = "message.failed"
    subject = "message"

    confirmation: int
    occasion: str
    channel: str
    failure: str


class MessageSuppressed(Event, frozen=True, kw_only=True):
    """It was not sent over this channel on purpose."""

    wire = "message.suppressed"
    subject = "message"

    confirmation: int
    occasion: str
    channel: str
    reason: str


class MessageUndeliverable(Event, frozen=True, kw_only=True):
    """No channel reached the buyer; somebody has to."""

    wire = "message.undeliverable"
    subject = "message"

    confirmation: int
    occasion: str
    channels: list[str]


class MessageFieldMissing(Event, frozen=True, kw_only=True):
    """A confirmation lacks what it must say, and was not sent: an alert."""

    wire = "message.field_missing"
    subject = "order"

    confirmation: int
    occasion: str
    fields: list[str]
