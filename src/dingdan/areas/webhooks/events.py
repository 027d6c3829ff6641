"""Facts about where events are sent."""

from dingdan.kernel.event import Event


class WebhookCreated(Event, frozen=True, kw_only=True):
    """A merchant wants to be told of these events."""

    wire = "webhook.created"
    subject = "webhook_endpoint"

    events: list[str]
    scopes: list[str]


class WebhookChanged(Event, frozen=True, kw_only=True):
    """An endpoint has another address, other events or other scopes."""

    wire = "webhook.changed"
    subject = "webhook_endpoint"

    events: list[str]
    scopes: list[str]


class WebhookSecretRotated(Event, frozen=True, kw_only=True):
    """A new secret signs; the old one still does for a while."""

    wire = "webhook.secret_rotated"
    subject = "webhook_endpoint"


class WebhookEnabled(Event, frozen=True, kw_only=True):
    """An endpoint is told again."""

    wire = "webhook.enabled"
    subject = "webhook_endpoint"


class WebhookDisabled(Event, frozen=True, kw_only=True):
    """An endpoint is not told any more: by hand, because it said so (gone), or because nothing got through for days."""

    wire = "webhook.disabled"
    subject = "webhook_endpoint"

    reason: str
    waiting: int


class WebhookRemoved(Event, frozen=True, kw_only=True):
    """An endpoint was taken away with its secrets."""

    wire = "webhook.removed"
    subject = "webhook_endpoint"
