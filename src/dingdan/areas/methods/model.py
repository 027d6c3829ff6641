"""Ways to pay as merchants and the platform describe them, and what somebody wants to pay."""

from datetime import datetime

import msgspec


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least and the most that a way takes in one currency, in minor units; None is no bound."""

    currency: str
    least: int | None = None
    most: int | None = None


class Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time in which a way cannot be used, such as a provider's maintenance."""

    since: datetime
    until: datetime


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to pay: a method of a provider. Empty lists of currencies, countries and channels restrict nothing.

    `rank` orders them for people, lowest first.
    """

    provider: str
    method: str
    name: dict[str, str] = {}
    active: bool = True
    currencies: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    limits: tuple[Bounds, ...] = ()
    closed: tuple[Closed, ...] = ()
    rank: int = 100


class SaveWay(msgspec.Struct, frozen=True, kw_only=True):
    """A way as it shall be; `merchant_id` None says it for every merchant that says nothing itself."""

    merchant_id: int | None
    way: Way


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be paid, and from where. What is not known is not held against a way."""

    currency: str
    amount: int | None = None
    country: str = ""
    channel: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """A way, and the codes of everything that stands against it now; `until` is when the last of it may be over."""

    way: Way
    against: tuple[str, ...]
    until: datetime | None = None

    @property
    def is_usable(self) -> bool:
        """Whether nothing stands against it."""
        return not self.against
