"""Confirmations as evidence, and the messages that carried them."""

from sqlalchemy import CheckConstraint, Column, LargeBinary, Table, UniqueConstraint

from dingdan.areas.notifications.lifecycle import MESSAGE
from dingdan.areas.notifications.model import OUTWARD
from dingdan.areas.notifications.occasions import Occasion
from dingdan.plumbing.schema import key, metadata, moment, one_of, ref, small, state, version, word, words

# Evidence: written once and never changed. `canonical` is text and not a document, since its bytes are what is hashed.
confirmations = Table(
    "confirmations", metadata,
    ref("order_id", primary_key=True),
    small("version", primary_key=True),
    ref("merchant_id"),
    ref("contact_id"),
    word("occasion"),
    word("canonical"),
    Column("hash", LargeBinary, nullable=False),
    words("missing"),
    moment("at"),
    one_of("occasion", Occasion),
)  # fmt: skip

messages = Table(
    "messages", metadata,
    key(),
    ref("order_id"),
    small("confirmation"),
    ref("merchant_id"),
    word("channel"),
    small("round", default=1),
    *state(MESSAGE),
    version(),
    small("attempts", default=0),
    small("lost", default=0),
    word("failure", nullable=True),
    moment("next_at"),
    # Set while somebody is out with it: found set, the outcome of that attempt is not known.
    moment("called_at", nullable=True),
    moment("created_at"),
    moment("sent_at", nullable=True),
    word("language", nullable=True),
    Column("sealed", LargeBinary),
    one_of("channel", OUTWARD),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
    # Never twice the same message for one occasion and version.
    UniqueConstraint("order_id", "confirmation", "channel", "round"),
)  # fmt: skip
