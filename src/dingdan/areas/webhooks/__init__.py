"""webhooks: what other systems are told. Each event reaches each endpoint at least once; the feed stays the truth."""

from dingdan.areas.webhooks.events import (
    WebhookChanged,
    WebhookCreated,
    WebhookDisabled,
    WebhookEnabled,
    WebhookRemoved,
    WebhookSecretRotated,
)
from dingdan.areas.webhooks.fanning_out import fan_out
from dingdan.areas.webhooks.jobs import Couriers, demand_target, measure
from dingdan.areas.webhooks.lifecycle import EndpointState
from dingdan.areas.webhooks.model import (
    Attempt,
    ChangeEndpoint,
    Delivery,
    Endpoint,
    Made,
    Result,
    SaveEndpoint,
    Standing,
)
from dingdan.areas.webhooks.reading import attempts, delivered, delivery, endpoint, endpoints
from dingdan.areas.webhooks.refusals import (
    DeliveryUnknown,
    EndpointDisabled,
    EndpointUnknown,
    EventUnknown,
    PlaceUnknown,
    ScopeNotGiven,
    TargetMalformed,
    TargetPrivate,
    TargetUnresolved,
    TooManyEndpoints,
)
from dingdan.areas.webhooks.replaying import replay, replay_failed, test
from dingdan.areas.webhooks.rules.wording import Message, encoded
from dingdan.areas.webhooks.subscribing import change, create, disable, enable, remove, rotate_secret
from dingdan.areas.webhooks.trimming import trim

__all__ = [
    "Attempt",
    "ChangeEndpoint",
    "Couriers",
    "Delivery",
    "DeliveryUnknown",
    "Endpoint",
    "EndpointDisabled",
    "EndpointState",
    "EndpointUnknown",
    "EventUnknown",
    "Made",
    "Message",
    "PlaceUnknown",
    "Result",
    "SaveEndpoint",
    "ScopeNotGiven",
    "Standing",
    "TargetMalformed",
    "TargetPrivate",
    "TargetUnresolved",
    "TooManyEndpoints",
    "WebhookChanged",
    "WebhookCreated",
    "WebhookDisabled",
    "WebhookEnabled",
    "WebhookRemoved",
    "WebhookSecretRotated",
    "attempts",
    "change",
    "create",
    "delivered",
    "delivery",
    "demand_target",
    "disable",
    "enable",
    "encoded",
    "endpoint",
    "endpoints",
    "fan_out",
    "measure",
    "remove",
    "replay",
    "replay_failed",
    "rotate_secret",
    "test",
    "trim",
]  # fmt: skip
