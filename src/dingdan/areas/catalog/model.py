"""Products, prices, and what is on offer."""

import msgspec

# What kind of thing a product is; laws, policies and reviews go by these.
FLAGS: frozenset[str] = frozenset(
    {"presale", "custom_made", "cross_border", "perishable", "virtual", "intimate", "numbered", "second_hand"}
)


class SaveProduct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product as it shall be; merchant and SKU name it. `title` is a map by language tag.

    A bundle names its `components`, pairs of SKU and units of it in each. Products with one word in `variant_of` are
    variants of one thing. `max_per_buyer` counts over all of a buyer's orders, `max_quantity` over one.
    """

    merchant_id: int
    sku: str
    title: dict[str, str]
    category: str
    flags: tuple[str, ...] = ()
    active: bool = True
    components: tuple[tuple[str, int], ...] = ()
    weight_grams: int = 0
    min_quantity: int = 1
    max_quantity: int | None = None
    max_per_buyer: int | None = None
    variant_of: str | None = None
    gtin: str | None = None


class SavePrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The price of one unit in one currency, in minor units, and below what it is never sold.

    Without a `floor` the one that is there stays; 0 takes it away.
    """

    merchant_id: int
    sku: str
    currency: str
    amount: int
    floor: int | None = None


class Saved(msgspec.Struct, frozen=True):
    """What became of one product; `is_changed` is also true of a new one."""

    id: int
    sku: str
    is_new: bool
    is_changed: bool


class SavedPrice(msgspec.Struct, frozen=True):
    """What became of one price; `before` is None where there was none."""

    product_id: int
    sku: str
    currency: str
    amount: int
    before: int | None
    is_changed: bool


class Usual(msgspec.Struct, frozen=True):
    """What a product used to cost in a currency before its present price: median and median deviation, minor units.

    `is_vouched`: somebody said that the present price is meant, however unusual.
    """

    median: int
    spread: int
    is_vouched: bool = False


class Offer(msgspec.Struct, frozen=True):
    """A product with its prices by currency, in minor units, and the floors that some of them have.

    `components` of a bundle are pairs of product and units of it in each.
    """

    product_id: int
    merchant_id: int
    sku: str
    title: dict[str, str]
    category: str
    flags: tuple[str, ...]
    active: bool
    prices: dict[str, int]
    floors: dict[str, int] = {}
    components: tuple[tuple[int, int], ...] = ()
    weight_grams: int = 0
    min_quantity: int = 1
    max_quantity: int | None = None
    max_per_buyer: int | None = None
    variant_of: str | None = None
    # By currency, where there is a history; `is_paused` stops the sale until somebody vouches for the price.
    usual: dict[str, Usual] = {}
    is_paused: bool = False
    gtin: str | None = None
    # The file that shows it, by the hash of what is in it.
    picture: str | None = None
