"""The parts of a policy that say what buyers get: windows, remedies, conditions of some goods, freight, money, process."""

from typing import Literal

from dingdan.areas.policies.wording import Part, ReasonKind, Words

DiscountMethod = Literal["prorate", "reprice"]
Begins = Literal["delivered_at", "signed_at", "last_delivered_at", "confirmed_at", "sold_at"]
RemedyKind = Literal["refund", "exchange", "repair", "reduction"]


class Window(Part, frozen=True, kw_only=True):
    """A right that lasts some time. The day it starts on is day 0, and the last day ends at 24:00 where days are counted.

    `days` and `months` add up; `hours` are counted from the minute and stand alone. It starts when the goods came
    (`delivered_at`), were signed for, when the last of the order came, when the buyer confirmed that they came, or
    when they were sold.
    """

    rule: str
    days: int = 0
    months: int = 0
    hours: int = 0
    start: Begins = "delivered_at"
    roll_rest_day: bool = False
    # The rule by which a last day that is a rest day rolls on.
    roll_rule: str | None = None
    # A buyer who was not told of the right has so many months more, and when told in them the whole window from then.
    untold_months: int = 0
    untold_rule: str | None = None
    # The time that goods spend in repair does not count, and goods that were exchanged begin anew.
    repair_stops_it: bool = False
    exchange_restarts_it: bool = False


class Freight(Part, frozen=True, rename={"way_back": "return"}):
    """Who pays for which way: `return` in JSON is the way back. `refunded_standard` is the least dear way out only.

    `reship` is the way of what is sent instead or comes back mended.
    """

    outbound: Literal["refunded", "refunded_standard", "not_refunded"]
    way_back: Literal["buyer", "seller"]
    rule: str
    lost_free_shipping: Literal["deduct", "keep"] = "keep"
    reship: Literal["buyer", "seller"] | None = None


class PartialDiscount(Part, frozen=True):
    """How a discounted order that is partly returned is priced (A5 and A6 in docs/money.md)."""

    methods: tuple[DiscountMethod, ...]
    default: DiscountMethod
    rule: str


class AppliesTo(Part, frozen=True):
    """Which products something is about: by flag, or by a word of their category path (`food` covers `food/fruit`).

    What matches only `once_unsealed`, by flag or word, is meant only when the seal is known to be broken.
    """

    flags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    once_unsealed: tuple[str, ...] = ()


class RemedyTerm(Part, frozen=True, kw_only=True):
    """Something that a buyer of faulty goods may ask for, and until when; some only after repairs have failed."""

    remedy: RemedyKind
    window: Window
    after_failed_repairs: int = 0


class Condition(Part, frozen=True, kw_only=True):
    """A row of the table of goods and reasons: what some goods have for some reasons, besides what all have.

    It only gives: the longest window that applies wins. `code` is the rule it rests on. No goods are all goods, and
    neither reasons nor kinds are every reason. A fault that is told later than `report` is looked at by a person.
    """

    code: str
    goods: AppliesTo = AppliesTo()
    reasons: tuple[str, ...] = ()
    kinds: tuple[ReasonKind, ...] = ()
    window: Window | None = None
    report: Window | None = None
    remedies: tuple[RemedyTerm, ...] = ()
    seller_proves: Window | None = None
    freight: Freight | None = None


class Season(Part, frozen=True, kw_only=True):
    """What is bought in a season of the year may come back until a day after it; days are written `11-01`."""

    name: Words
    bought_from: str
    bought_until: str
    returnable_until: str
    rule: str


class Arrival(Part, frozen=True):
    """How long money takes from our order to the buyer's pocket, by one way of paying."""

    way: Words
    least_days: int
    most_days: int


class RefundTerms(Part, frozen=True):
    """When the money must be back, in days, and from when on a delay is an offence.

    Where the days count from when the buyer asked, the money may be held back until the goods are here or, with
    `until_received_or_proof`, the buyer has shown that they were sent. It goes back the way it came; as balance
    never, or only where the buyer consents.
    """

    days: int
    rule: str
    start: Literal["goods_received_at", "asked_at"] = "goods_received_at"
    offence_after_days: int | None = None
    offence_rule: str | None = None
    withhold: Literal["no", "until_received", "until_received_or_proof"] = "until_received"
    withhold_rule: str | None = None
    route_rule: str | None = None
    balance: Literal["never", "with_consent", "always"] = "never"
    arrival: tuple[Arrival, ...] = ()


class GiftTerms(Part, frozen=True):
    """What becomes of a gift that does not come back with the goods: its marked value is kept, or it is waived."""

    missing: Literal["deduct_declared", "waived"]
    undeclared: Literal["market_value", "manual", "waived"]
    rule: str


class InKindTerms(Part, frozen=True):
    """What was used instead of money goes back as what it was; a coupon that is over lives some days more."""

    points: Literal["in_kind", "not_returned"]
    coupons: Literal["in_kind", "not_returned"]
    rule: str
    expired_coupon_days: int = 7


class DepositTerms(Part, frozen=True):
    """What becomes of a deposit when the buyer gives up an order that is paid and not shipped; the most that is kept."""

    cancelled_unshipped: Literal["refund_paid", "keep_deposit"]
    most_percent: int
    rule: str


class ExchangeTerms(Part, frozen=True):
    """Something else instead: sent within so many hours of the goods' arrival, refunded where there is none."""

    reship_hours: int
    out_of_stock: Literal["refund", "wait"]
    price_difference: Literal["settled", "same_price_only"]
    rule: str


class RepairTerms(Part, frozen=True):
    """How long a repair may take, and after how many that failed the buyer may have something else."""

    most_days: int
    most_failures: int
    then: tuple[RemedyKind, ...]
    rule: str


class ReductionTerms(Part, frozen=True):
    """Money off for goods that the buyer keeps, at most so much of their price."""

    most_percent: int
    rule: str


class DeductionTerms(Part, frozen=True):
    """Whether anything may be kept of the price for handling beyond a look; else goods are intact or they are not."""

    handling: Literal["none", "diminished_value"]
    rule: str


class Contact(Part, frozen=True, kw_only=True):
    """Whom a buyer reaches about a return."""

    name: Words
    phone: str = ""
    email: str = ""
    url: str = ""
    hours: Words | None = None


class Process(Part, frozen=True, kw_only=True):
    """How a return goes, step by step, whom to ask, and where the goods go; without an address it comes with the yes."""

    steps: tuple[Words, ...]
    contact: Contact | None = None
    address: Words | None = None
