"""Facts about staff, keys and the data of people."""

from datetime import datetime

from dingdan.kernel.event import Event


class StaffSaved(Event, frozen=True, kw_only=True):
    """Somebody joined the staff, or their roles changed."""

    wire = "staff.saved"
    subject = "staff"

    roles: list[str]
    active: bool


class KeyIssued(Event, frozen=True, kw_only=True):
    """An API key was made; its secret was shown once."""

    wire = "key.issued"
    subject = "key"

    scopes: list[str]
    expires_at: datetime | None = None


class KeyReplaced(Event, frozen=True, kw_only=True):
    """An API key was replaced by another one that may do the same; it works beside it for a while."""

    wire = "key.replaced"
    subject = "key"

    key_id: int
    works_until: datetime


class KeyRevoked(Event, frozen=True, kw_only=True):
    """An API key no longer opens anything."""

    wire = "key.revoked"
    subject = "key"


class BuyerForgotten(Event, frozen=True, kw_only=True):
    """A person's key was destroyed; what was sealed under it is unreadable, backups included."""

    wire = "buyer.forgotten"
    subject = "buyer"
