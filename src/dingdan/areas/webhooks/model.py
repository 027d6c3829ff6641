"""Where events are sent, what is sent, and what was answered."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas.webhooks.lifecycle import EndpointState
from dingdan.kernel import ids

TEST = "webhook.test"
# Where the catcher's messages go: no address that the reader of addresses takes, so nobody can be sent there or from there.
CATCHER = "dingdan:catcher"


class Standing(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Result(StrEnum):
    """How one call ended."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    """An answer that is not 2xx."""
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    NOT_ALLOWED = "not_allowed"
    """The address leads where we do not call; nothing was sent."""
    LOST = "lost"
    """We died on the way: whether it arrived is not known."""
    NOT_TRIED = "not_tried"
    """Nothing was sent, for the receiver answers nobody just now; counts as no attempt."""


class SaveEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint to be made. It begins behind `after` in the feed, or with what happens from now on."""

    merchant_id: int
    url: str
    events: tuple[str, ...]
    scopes: tuple[str, ...]
    description: str = ""
    after: int | None = None


class ChangeEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be different about an endpoint; None leaves a thing as it is."""

    url: str | None = None
    events: tuple[str, ...] | None = None
    scopes: tuple[str, ...] | None = None
    description: str | None = None


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint; `position` is the place in the feed up to which deliveries were made for it."""

    id: int
    merchant_id: int
    url: str
    events: tuple[str, ...]
    scopes: tuple[str, ...]
    description: str
    state: EndpointState
    position: int
    failures: int
    failing_since: datetime | None
    disabled_reason: str | None
    old_until: datetime | None
    created_at: datetime
    # The status that a catcher answers with; None for an address outside.
    caught_with: int | None = None


class Caught(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the catcher got it: `body` is its beginning where it is large, `sha256` that of the whole."""

    id: int
    endpoint_id: int
    message_id: str
    at: datetime
    headers: dict[str, str]
    body: bytes
    size: int
    sha256: bytes
    is_signed: bool
    answered: int


class Made(msgspec.Struct, frozen=True):
    """An endpoint with the secret that was made for it, shown this once."""

    endpoint_id: int
    secret: str


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A fact for an endpoint, or a test (without a fact). `attempts` counts since it was made or replayed, `tries` all."""

    id: int
    endpoint_id: int
    merchant_id: int
    fact_id: int | None
    position: int
    wire: str
    about: int
    attempts: int
    tries: int
    replays: int
    next_at: datetime
    called_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    failed_at: datetime | None
    failure: str | None
    body: bytes | None = None

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        if self.delivered_at is not None:
            return Standing.DELIVERED
        return Standing.PENDING if self.failed_at is None else Standing.FAILED

    @property
    def message_id(self) -> str:
        """What it is called outside, the same at every attempt: the event's own id, as the feed shows it."""
        return ids.encode("webhook_delivery", self.id) if self.fact_id is None else ids.encode("fact", self.fact_id)


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One call, as the log shows it; `answer` is the beginning of what came back."""

    number: int
    round: int
    at: datetime
    took_ms: int
    result: Result
    status: int | None
    url: str
    headers: dict[str, str]
    answer: str | None


class Call(msgspec.Struct, frozen=True):
    """What is sent."""

    delivery: Delivery
    url: str
    headers: dict[str, str]
    body: bytes


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a call ended; `retry_after` is how many seconds the receiver wants to be left alone."""

    delivery_id: int
    number: int
    result: Result
    took_ms: int = 0
    status: int | None = None
    url: str = ""
    headers: dict[str, str] = {}
    answer: str | None = None
    retry_after: int | None = None


class Taken(msgspec.Struct, frozen=True):
    """A turn in hand: what is due (and `before`, since when), the secrets that sign, and the signatures' moment."""

    endpoint: Endpoint
    deliveries: list[Delivery]
    before: dict[int, datetime]
    secrets: list[str]
    signed_at: datetime


class Turn(msgspec.Struct, frozen=True):
    """The right to serve one endpoint, until somebody else has it."""

    endpoint_id: int
    lease: int
    is_failing: bool = False
