"""The kinds of promotion there are, as data: what is meant, what comes off, and what a way costs. Amounts are minor units."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True)]
Word = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[tuple[Word, ...], Meta(max_length=1_000)]
Name = Annotated[
    dict[Annotated[str, Meta(max_length=35)], Annotated[str, Meta(max_length=200)]],
    Meta(min_length=1, max_length=40, description="Text by BCP 47 language tag."),
]


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which lines are meant: all, or those of these SKUs or categories ("home" holds "home/lighting"), less the excluded."""

    skus: Words = ()
    categories: Words = ()
    not_skus: Words = ()
    not_categories: Words = ()


class Percent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="percent", tag_field="kind"):
    """A share off, in hundredths of a percent: of each unit's price for items, of the sum for coupons; at most `most`."""

    off: int
    most: int | None = None


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="amount", tag_field="kind"):
    """A fixed amount off: each unit for items, the sum for coupons."""

    off: int


class BuyGet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="buy_get", tag_field="kind"):
    """Whoever buys `buy` units gets `get` more at a share off (10000: free); the cheapest units are those.

    `gets` names other goods to get; without it the units come from the goods that are bought.
    """

    buy: int
    get: int
    off: int = 10_000
    gets: Scope | None = None
    most_times: int | None = None


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many units of one SKU in a bundle."""

    sku: Word
    quantity: int = 1


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="bundle", tag_field="kind"):
    """Goods that cost `price` together."""

    parts: Annotated[tuple[Part, ...], Meta(max_length=20)]
    price: int


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From this sum (or number of units) on: an amount off, or a share in hundredths of a percent."""

    at: int
    off: int | None = None
    percent: int | None = None


class Tiers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="tiers", tag_field="kind"):
    """满减: the highest tier that is reached. `each`: again for every full `at` of a single tier, at most `most_times`."""

    tiers: Annotated[tuple[Tier, ...], Meta(max_length=20)]
    by: Literal["sum", "units"] = "sum"
    each: bool = False
    most_times: int | None = None


class FreeFreight(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="free_freight", tag_field="kind"):
    """Carriage is free, up to `most`."""

    most: int | None = None


class Presale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="presale", tag_field="kind"):
    """A deposit for each unit now, which counts as more, and the balance between two moments.

    An earnest 定金 binds both sides up to a fifth of the price (Civil Code art. 586-587); an advance 订金 does not.
    """

    deposit: int
    counts_as: int
    balance_from: Moment
    balance_until: Moment
    is_earnest: bool = True


Benefit = Percent | Amount | BuyGet | Bundle | Tiers | FreeFreight | Presale


class Way(msgspec.Struct, frozen=True):
    """What the way that was chosen costs on top of carriage: as much as the least dear one there, and how much `more`."""

    least: int = 0
    more: int = 0

    @property
    def fee(self) -> int:
        """All of it; no promotion on carriage and no threshold takes it off."""
        return self.least + self.more


ORDINARY_WAY = Way()
