"""Who acts: a person, a key or the system itself, and how far their hand reaches."""

from enum import StrEnum

import msgspec


class ActorKind(StrEnum):
    """The kinds of hands that can change something."""

    SYSTEM = "system"
    STAFF = "staff"
    KEY = "key"
    BUYER = "buyer"
    CARRIER = "carrier"
    PROVIDER = "provider"


class Actor(msgspec.Struct, frozen=True):
    """Somebody who acts. `merchant_id` None reaches every merchant (platform and system)."""

    kind: ActorKind
    id: int | None = None
    name: str = ""
    merchant_id: int | None = None
    permissions: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        """Whether this actor holds a permission; the system holds all of them."""
        return self.kind is ActorKind.SYSTEM or permission in self.permissions

    def reaches(self, merchant_id: int) -> bool:
        """Whether this merchant's rows exist for this actor."""
        return self.merchant_id is None or self.merchant_id == merchant_id


SYSTEM = Actor(ActorKind.SYSTEM, name="system")
