"""Where events are sent, each event for each endpoint once, and every call."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)

from dingdan.areas.webhooks.lifecycle import ENDPOINT
from dingdan.areas.webhooks.model import Result
from dingdan.plumbing.schema import (
    count,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    small,
    state,
    version,
    word,
    words,
)

_WAITING = text("delivered_at IS NULL AND failed_at IS NULL")

webhook_endpoints = Table(
    "webhook_endpoints", metadata,
    key(),
    ref("merchant_id"),
    word("url"),
    words("events"),
    words("scopes"),
    word("description"),
    *state(ENDPOINT),
    version(),
    # The secrets lie sealed under a key of the endpoint's own; gone once it is removed.
    Column("wrapped", LargeBinary),
    Column("sealed", LargeBinary),
    Column("old_sealed", LargeBinary),
    moment("old_until", nullable=True),
    # Facts behind `begun` and up to `position` that the filters let through have a delivery each.
    Column("begun", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    count("failures", default=0),
    moment("failing_since", nullable=True),
    moment("rest_until", nullable=True),
    word("disabled_reason", nullable=True),
    # Who serves it, by the bare clock of the database.
    moment("leased_until"),
    count("lease", default=0),
    moment("created_at"),
    # The status that the sandbox's own catcher answers with; it has no address that could be called.
    count("caught_with", nullable=True),
    CheckConstraint("(caught_with IS NOT NULL) = (url = 'dingdan:catcher')", name="catchers_have_no_address"),
    CheckConstraint("begun <= position", name="begins_before_its_place"),
    CheckConstraint("(state = 'removed') = (sealed IS NULL)", name="secret_until_removed"),
    CheckConstraint("(old_sealed IS NULL) = (old_until IS NULL)", name="old_secret_has_an_end"),
    CheckConstraint("(state = 'disabled') = (disabled_reason IS NOT NULL)", name="disabled_for_a_reason"),
    Index("ix_webhook_endpoints_merchant_id", "merchant_id", "id"),
)  # fmt: skip

webhook_deliveries = Table(
    "webhook_deliveries", metadata,
    key(),
    ref("endpoint_id", ForeignKey("webhook_endpoints.id")),
    ref("merchant_id"),
    # A test is about no fact.
    ref("fact_id", nullable=True),
    Column("position", BigInteger, nullable=False),
    word("wire"),
    # What it is about: deliveries about one thing go out one after the other.
    Column("about", BigInteger, nullable=False),
    Column("body", LargeBinary),
    small("attempts", default=0),
    count("tries", default=0),
    count("replays", default=0),
    moment("next_at"),
    # Set while somebody is out with it: found set, the outcome of that attempt is not known.
    moment("called_at", nullable=True),
    moment("created_at"),
    moment("delivered_at", nullable=True),
    moment("failed_at", nullable=True),
    word("failure", nullable=True),
    CheckConstraint("delivered_at IS NULL OR failed_at IS NULL", name="ends_once"),
    CheckConstraint("(failed_at IS NULL) = (failure IS NULL)", name="failed_for_a_reason"),
    UniqueConstraint("endpoint_id", "fact_id"),
    Index("ix_webhook_deliveries_endpoint_id", "endpoint_id", "id"),
    Index("ix_webhook_deliveries_waiting", "endpoint_id", "next_at", "position", postgresql_where=_WAITING),
    Index("ix_webhook_deliveries_created_at", "created_at"),
)  # fmt: skip

# What was sent and what came back; the body stands with its delivery, for it never changes.
webhook_attempts = Table(
    "webhook_attempts", metadata,
    ref("delivery_id", ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), primary_key=True),
    count("number", primary_key=True),
    ref("merchant_id"),
    count("round"),
    moment("at"),
    count("took_ms"),
    word("result"),
    count("status", nullable=True),
    word("url"),
    document("headers"),
    word("answer", nullable=True),
    one_of("result", [one for one in Result if one is not Result.NOT_TRIED]),
    Index("uq_webhook_attempts_success", "delivery_id", "round", unique=True,
          postgresql_where=text("result = 'succeeded'")),
)  # fmt: skip

# What the sandbox's catcher was sent, as it came: the newest of each catcher, and of a large body its beginning.
caught_webhooks = Table(
    "caught_webhooks", metadata,
    key(),
    ref("endpoint_id", ForeignKey("webhook_endpoints.id")),
    ref("merchant_id"),
    word("message_id"),
    moment("at"),
    document("headers"),
    Column("body", LargeBinary, nullable=False),
    count("size"),
    Column("sha256", LargeBinary, nullable=False),
    Column("is_signed", Boolean, nullable=False),
    count("answered"),
    CheckConstraint("length(body) <= 65536 AND length(body) <= size", name="bounded"),
    Index("ix_caught_webhooks_endpoint_id", "endpoint_id", "id"),
)  # fmt: skip
