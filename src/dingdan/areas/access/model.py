"""Sessions, invitations and guests as others see them."""

from datetime import datetime

import msgspec

from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal


class Session(msgspec.Struct, frozen=True):
    """Somebody who is signed in; `proved_at` is when they last showed a secret, `is_fresh` whether that was just now."""

    id: int
    actor: Actor
    login: str
    roles: tuple[str, ...]
    begun_at: datetime
    proved_at: datetime
    ends_at: datetime
    is_fresh: bool


class Begun(msgspec.Struct, frozen=True):
    """A session just begun, or gone on with under a new secret, which goes to the browser and is stored nowhere.

    `device` is a word by which the browser is known when it comes again.
    """

    session_id: int
    secret: str
    ends_at: datetime
    device: str = ""


class Tried(msgspec.Struct, frozen=True):
    """What came of an attempt to sign in. A no must be kept as well (it counts), so it is returned, not raised."""

    begun: Begun | None
    no: Refusal | None = None


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of somebody's secrets, locked for an attempt; `counter` is the last code's time step."""

    staff_id: int
    merchant_id: int | None
    active: bool
    password_hash: str | None
    wrapped: bytes | None
    totp: bytes | None
    totp_is_confirmed: bool
    counter: int


class Tries(msgspec.Struct, frozen=True):
    """How many wrong attempts came in a row, locked for the next; until when none is looked at."""

    about: bytes
    failed: int
    locked_until: datetime | None


class Invitation(msgspec.Struct, frozen=True):
    """A link to choose a password, shown once."""

    staff_id: int
    secret: str
    expires_at: datetime


class Offered(msgspec.Struct, frozen=True):
    """A second factor to be taken into an app: the key in base 32 and the address that its QR code holds."""

    key: str
    uri: str


class Entered(msgspec.Struct, frozen=True):
    """What came of a code. A no must be kept as well (it counts), so it is returned, not raised."""

    order_id: int | None
    secret: str = ""
    no: Refusal | None = None


class LiveCode(msgspec.Struct, frozen=True):
    """A code that opens an order now: which of its codes, and its digits."""

    number: int
    digits: str


class Guest(msgspec.Struct, frozen=True):
    """Whoever holds the link to one order; the actor does what a buyer may do, to this order and nothing else."""

    order_id: int
    actor: Actor
