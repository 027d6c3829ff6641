"""A price as it will be charged, with every layer that led there; and the rules that make it, as data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas.pricing.lifecycle import PromotionState
from dingdan.areas.pricing.rules import benefits
from dingdan.areas.pricing.rules.benefits import Benefit, FreeFreight, Moment, Name, Scope, Tiers, Word, Words
from dingdan.kernel.refusal import Refusal, Text

Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Short = Annotated[str, Meta(max_length=100)]

# Who pays for a discount; a discount in points is paid by the buyer's points.
Funder = Literal["merchant", "platform", "points"]
# What a layer does: takes off lines, is carriage, is what its way costs on top, takes off carriage, says what carriage was
# not asked for because the goods came to enough, adds tax to goods or to their carriage, or names tax that prices or the
# carriage hold already.
Effect = Literal[
    "off", "freight", "freight_way", "freight_off", "freight_waived", "tax", "tax_included", "freight_tax",
    "freight_tax_included",
]  # fmt: skip


class Stage(StrEnum):
    """Where a promotion stands in the order of layers (A1)."""

    ITEM = "item"
    THRESHOLD = "threshold"
    MERCHANT_COUPON = "merchant_coupon"
    PLATFORM = "platform"


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a merchant decides about a promotion; a coupon is a promotion with a code. Amounts are minor units.

    Without a currency it holds no amounts. Of promotions and coupons that share a `group` a line takes one only;
    an exclusive one stands alone in its order. `needs_grant`: only for buyers who were given it.
    """

    name: Name
    benefit: Benefit
    code: Word | None = None
    scope: Scope = Scope()
    currency: Currency | None = None
    channels: Words = ()
    first_order: bool = False
    min_spend: int = 0
    starts_at: Moment
    ends_at: Moment | None = None
    priority: int = 100
    group: Short = ""
    exclusive: bool = False
    limit_total: int | None = None
    limit_per_buyer: int | None = None
    needs_grant: bool = False
    # Offered by itself to buyers whose own coupon does not fit.
    listed: bool = False


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion or coupon as it is kept; merchant None is the platform's, which pays for it."""

    id: int
    merchant_id: int | None
    state: PromotionState
    version: int
    used: int
    draft: Draft

    @property
    def label(self) -> Text:
        """What it is called, in both languages."""
        name = self.draft.name
        some = next(iter(name.values()))
        return Text(name.get("en", some), name.get("zh", some))

    @property
    def stage(self) -> Stage:
        """Where it stands in the order of layers."""
        if self.draft.code is None and not isinstance(self.draft.benefit, Tiers | FreeFreight):
            return Stage.ITEM
        if self.merchant_id is None:
            return Stage.PLATFORM
        return Stage.THRESHOLD if self.draft.code is None else Stage.MERCHANT_COUPON

    @property
    def group(self) -> str:
        """Of those with one group a line takes one."""
        return self.draft.group or ("freight" if isinstance(self.draft.benefit, FreeFreight) else self.stage.value)

    @property
    def funder(self) -> Funder:
        """Who pays for it."""
        return "platform" if self.merchant_id is None else "merchant"

    @property
    def per_buyer(self) -> int | None:
        """How often one buyer may use it; a first order is one by nature."""
        return 1 if self.draft.first_order else self.draft.limit_per_buyer

    @property
    def is_of_platform(self) -> bool:
        """Whether it is the platform's: limits for each buyer then count over all merchants."""
        return self.merchant_id is None

    @property
    def is_limited(self) -> bool:
        """Whether uses have to be claimed."""
        draft = self.draft
        return draft.limit_total is not None or self.per_buyer is not None or draft.needs_grant


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a coupon that somebody was given: a buyer, or whoever brings its code."""

    id: int
    merchant_id: int | None
    promotion_id: int
    buyer_id: int | None
    code: str | None
    expires_at: datetime | None
    used_at: datetime | None = None


class FreightRule(msgspec.Struct, frozen=True):
    """A flat fee, waived from a value of goods on (None: never): what holds where no tariff says otherwise."""

    fee: int
    free_from: int | None


class FreightTariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Carriage into a region: the first grams (or pieces), each further step, and from which value of goods it is free.

    The longest fitting `region` (the beginning of a GB code) wins, then the country; "" is everywhere.
    """

    name: Name
    currency: Currency
    country: Short = ""
    region: Short = ""
    by: Literal["grams", "pieces"] = "grams"
    first: int = 1000
    fee: int
    step: int = 1000
    step_fee: int = 0
    free_from: int | None = None


class TaxRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate in hundredths of a percent for goods of a category into a country; inclusive ones are in the price already.

    `cross_border` is for goods with that flag, and wins over a rate for all goods. Carriage is taxed as the goods it
    carries (EU Directive 2006/112 art. 78(b), and most of the US), unless `on_freight` says that it is not.
    """

    name: Name
    country: Short = ""
    region: Short = ""
    category: Short = ""
    rate: int
    inclusive: bool = True
    cross_border: bool = False
    on_freight: bool = True


class PointsRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`points` are worth `amount`; used in multiples, for at most a share of the goods (hundredths of a percent)."""

    points: int
    amount: int
    currency: Currency
    most: int = 10_000
    scope: Scope = Scope()


class Book(msgspec.Struct, frozen=True):
    """All the rules of one merchant, or of the platform, that apply by themselves; `edition` counts its changes."""

    edition: int = 0
    promotions: tuple[Promotion, ...] = ()
    freight: tuple[FreightTariff, ...] = ()
    taxes: tuple[TaxRate, ...] = ()
    points: PointsRule | None = None

    @property
    def is_personal(self) -> bool:
        """Whether prices depend on who buys, also without coupons and points."""
        return any(one.per_buyer is not None for one in self.promotions)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can change a price."""
        return not (self.promotions or self.freight or self.taxes or self.points)


class Held(msgspec.Struct, frozen=True):
    """A coupon that somebody can use, and the grant by which, where it takes one."""

    promotion: Promotion
    grant: Grant | None = None


class Item(msgspec.Struct, frozen=True):
    """One line to be priced; `weight_grams` is of one unit."""

    line_no: int
    sku: str
    product_id: int
    category: str
    flags: Sequence[str]
    unit_price: int
    quantity: int
    weight_grams: int = 0


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """All that a price depends on; in a checkout each order's ask names the coupons of them all. `buyer_key` is the id of

    the buyer at this merchant (None: not known yet), `person` their number at every merchant, `points` how many they want
    to use, `region` a GB code, `freight` what holds where the merchant has no tariff, `way` how it travels.
    """

    merchant_id: int
    channel: str
    currency: str
    items: tuple[Item, ...]
    now: datetime
    buyer_key: int | None = None
    person: int | None = None
    is_first_order: bool = False
    coupons: tuple[str, ...] = ()
    points: int = 0
    country: str = ""
    region: str = ""
    freight: FreightRule = FreightRule(0, None)
    way: benefits.Way = benefits.ORDINARY_WAY


class Terms(msgspec.Struct, frozen=True):
    """What was loaded for a batch of asks: the books of its merchants and, where codes were asked for, the coupons."""

    books: Mapping[int | None, Book] = {}
    # By (merchant, code as it is kept); a code that is not here exists for nobody or not for this buyer.
    coupons: Mapping[tuple[int, int | None, str], Held] = {}
    # Coupons that (merchant, buyer) could use instead.
    others: Mapping[tuple[int, int | None], Sequence[Held]] = {}
    # How often limited promotions were used: by all, and by (promotion, buyer), or the person for the platform's.
    used: Mapping[int, int] = {}
    used_by: Mapping[tuple[int, int], int] = {}


class Share(msgspec.Struct, frozen=True):
    """A line's part of one layer; `layer` is its place in the quote's layers."""

    layer: int
    amount: int
    points: int = 0


class Layer(msgspec.Struct, frozen=True):
    """One step from the list price to what is charged: why, by how much, and who pays for it.

    `source_id` is the promotion's id where there is one; `reached` what goods had to come to for carriage that was waived.
    """

    kind: str
    effect: Effect
    source_id: int | None
    code: str | None
    label: Text
    funder: Funder | None
    amount: int
    points: int = 0
    reached: int | None = None


class PricedLine(msgspec.Struct, frozen=True):
    """One line's amounts in minor units; what the buyer pays for it is `goods - discount + tax`."""

    line_no: int
    unit_price: int
    quantity: int
    goods: int
    discount: int
    tax: int
    tax_included: int = 0
    layers: tuple[Share, ...] = ()

    @property
    def net(self) -> int:
        """What the goods of this line cost after every discount."""
        return self.goods - self.discount


class Use(msgspec.Struct, frozen=True):
    """One use of something limited, to be claimed in the transaction that makes the order; `is_shared`: together with

    other orders of the checkout, once for all of them. `person` is whoever uses what is the platform's.
    """

    promotion_id: int
    merchant_id: int
    buyer_key: int | None
    grant_id: int | None
    amount: int
    code: str | None
    path: str
    is_of_platform: bool = False
    person: int | None = None
    is_shared: bool = False


class Kept(msgspec.Struct, frozen=True):
    """One use as it is kept with its order; `shared_with` is the order of the same checkout that leads it.

    Who uses it (person, grant) stands with the order that leads. It is given back when the last order let go of its part.
    """

    order_id: int
    promotion_id: int
    merchant_id: int
    buyer_id: int | None
    grant_id: int | None
    amount: int
    given_back_at: datetime | None
    taken_again_at: datetime | None
    person: int | None = None
    shared_with: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        """What tells one use from another: the order that leads, and what is used."""
        return self.shared_with or self.order_id, self.promotion_id


class Charged(msgspec.Struct, frozen=True):
    """A layer of an order's price as it was frozen, with (line, amount, points) of each line that it touched."""

    layer: Layer
    shares: tuple[tuple[int, int, int], ...]


class Deposit(msgspec.Struct, frozen=True):
    """A presale: so much now, so much between two moments; and how much of it may ever be kept as earnest."""

    amount: int
    counts_as: int
    balance: int
    balance_from: datetime
    balance_until: datetime
    is_earnest: bool
    # A fifth of the price: what is above it is no earnest money and always goes back.
    keep_at_most: int


class PassedOver(msgspec.Struct, frozen=True):
    """A promotion in force that did not apply, and why; `missing` is what the basket lacks (minor units or pieces)."""

    source_id: int
    label: Text
    why: Literal["another_is_better", "below_threshold", "not_with_coupon", "takes_nothing_off"]
    missing: int = 0


class Quote(msgspec.Struct, frozen=True):
    """All amounts of an order; `total` is goods - discount + freight + tax, and `freight_tax` is a part of that tax.

    With `problems` the amounts are those of the basket without what is refused.
    """

    merchant_id: int
    lines: tuple[PricedLine, ...]
    goods: int
    discount: int
    freight: int
    tax: int
    total: int
    layers: tuple[Layer, ...] = ()
    freight_discount: int = 0
    tax_included: int = 0
    freight_tax: int = 0
    points_used: int = 0
    deposit: Deposit | None = None
    uses: tuple[Use, ...] = ()
    problems: tuple[Refusal, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()

    def uses_by(self, buyer_id: int, person: int) -> tuple[Use, ...]:
        """The uses in the name of a buyer who was not known yet when the price was asked."""
        names = {True: {"buyer_key": buyer_id, "person": person}, False: {"buyer_key": buyer_id}}
        return tuple(msgspec.structs.replace(use, **names[use.is_of_platform]) for use in self.uses)
