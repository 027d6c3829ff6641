"""notifications: what we tell people. A confirmation is kept as evidence, told over some channel, and never told twice."""

from dingdan.areas.notifications.confirming import confirm, follow, resend
from dingdan.areas.notifications.delivering import try_again
from dingdan.areas.notifications.events import (
    MessageFailed,
    MessageFieldMissing,
    MessageQueued,
    MessageSent,
    MessageSuppressed,
    MessageUndeliverable,
)
from dingdan.areas.notifications.jobs import deliver, sandbox
from dingdan.areas.notifications.lifecycle import MessageState
from dingdan.areas.notifications.model import Channel, Confirmation, Copy, Facts, Message, Rendered
from dingdan.areas.notifications.occasions import ANSWERS, Occasion, audience
from dingdan.areas.notifications.promises import MESSAGE_RETRY
from dingdan.areas.notifications.reading import (
    confirmation,
    confirmations,
    contact_of,
    copy,
    drop_copies,
    message,
    messages,
    rendered,
)
from dingdan.areas.notifications.refusals import (
    ChannelOff,
    ConfirmationIncomplete,
    ConfirmationUnknown,
    MessageUnknown,
    SentTooOften,
    StillOnItsWay,
)
from dingdan.areas.notifications.rendering import known_language, language_of

__all__ = [
    "ANSWERS", "MESSAGE_RETRY", "Channel", "ChannelOff", "Confirmation", "ConfirmationIncomplete", "ConfirmationUnknown",
    "Copy", "Facts", "Message", "MessageFailed", "MessageFieldMissing", "MessageQueued", "MessageSent",
    "MessageState", "MessageSuppressed", "MessageUndeliverable", "MessageUnknown", "Occasion", "Rendered",
    "SentTooOften", "StillOnItsWay", "audience", "confirm", "confirmation", "confirmations", "contact_of", "copy", "deliver",
    "drop_copies", "follow", "known_language", "language_of", "message", "messages", "rendered", "resend", "sandbox", "try_again",
]  # fmt: skip
