"""Staff, keys and people as other areas see them."""

from datetime import datetime

import msgspec

from dingdan.kernel.actor import Actor
from dingdan.kernel.address import Address


class SaveStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of the staff as they shall be; the login names them. `merchant_id` None is platform staff."""

    merchant_id: int | None
    login: str
    name: str
    roles: tuple[str, ...]
    active: bool = True


class Staff(msgspec.Struct, frozen=True):
    """Somebody who works here."""

    id: int
    merchant_id: int | None
    login: str
    name: str
    roles: tuple[str, ...]
    active: bool


class ChangeStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shall be otherwise of somebody; None leaves it as it is by then."""

    staff_id: int
    name: str | None = None
    roles: tuple[str, ...] | None = None
    active: bool | None = None
    # As whoever changes them saw them; nothing happens when that is no longer so.
    instead_of: Staff | None = None


class IssueKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key to be made. With a `staff_id` it acts as that person, narrowed to its scopes."""

    merchant_id: int | None
    staff_id: int | None
    name: str
    scopes: tuple[str, ...]
    # None: until it is revoked.
    expires_at: datetime | None = None


class Issued(msgspec.Struct, frozen=True):
    """A key just made; the secret is shown this once and stored nowhere."""

    id: int
    secret: str


class ApiKey(msgspec.Struct, frozen=True):
    """A key as lists show it; `last_used_at` is true to a minute, `successor_id` the key that took its place."""

    id: int
    merchant_id: int | None
    staff_id: int | None
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    successor_id: int | None = None

    def works(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class Holder(msgspec.Struct, frozen=True):
    """Who stands behind a secret; with `expired_at` the key opens nothing any more."""

    actor: Actor
    key_id: int
    expired_at: datetime | None


class Person(msgspec.Struct, frozen=True):
    """A buyer as an order names them: `ref` is the shop's own name for them, the address says who receives."""

    merchant_id: int
    ref: str
    name: str
    phone: str
    email: str | None
    address: Address
    remark: str = ""
    # The shop's word for the device that was bought on; only its hash is kept.
    device: str = ""
    # The BCP 47 tag of the language that they want to be told in; empty where nobody said.
    language: str = ""
    # For customs: the name and the number of somebody's papers. Sealed like everything else about people.
    id_name: str = ""
    id_number: str = ""


class Standing(msgspec.Struct, frozen=True):
    """What is known of whoever bought: since when, and when each other buyer was last seen where they are."""

    buyer_since: datetime
    at_address: tuple[datetime, ...]
    at_device: tuple[datetime, ...]


class Known(msgspec.Struct, frozen=True):
    """Where a person is kept: who they are, and this one snapshot of how to reach them."""

    buyer_id: int
    contact_id: int


class Particulars(msgspec.Struct, frozen=True):
    """What is sealed about a person in one snapshot."""

    name: str
    phone: str
    email: str | None
    address: Address
    # What the buyer wrote to the shop: their own words, so they may name anybody.
    remark: str = ""
    language: str = ""
    id_name: str = ""
    id_number: str = ""


class Contact(msgspec.Struct, frozen=True):
    """A snapshot, unsealed. Of an erased person only the region is left: no name, no phone, no address."""

    id: int
    merchant_id: int
    buyer_id: int
    country: str
    province: str
    city: str
    ref: str = ""
    name: str = ""
    phone: str = ""
    email: str | None = None
    address: Address | None = None
    remark: str = ""
    language: str = ""
    is_erased: bool = False
