"""A merchant and what it may set for itself."""

from typing import Any

import msgspec


class ReceiptPeriod(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many days an order counts as received: so many after dispatch, never fewer than so many after delivery."""

    after_dispatch: int
    after_delivery: int


def _receipt_periods() -> dict[str, ReceiptPeriod]:
    """What is usual for goods that are not ordinary, by the flags of products (domain norms; a merchant may differ)."""
    return {
        "virtual": ReceiptPeriod(0, 2),
        "perishable": ReceiptPeriod(0, 3),
        "cross_border": ReceiptPeriod(30, 7),
    }


class MerchantSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one merchant trades. Amounts are minor units of the merchant's currency."""

    pay_within_minutes: int = 30
    free_freight_from: int | None = None
    freight: int = 0
    auto_confirm_days: int = 10
    auto_confirm_days_after_delivery: int = 7
    # The same for goods of a sort, by product flag; of several lines the longest counts.
    receipt_periods: dict[str, ReceiptPeriod] = msgspec.field(default_factory=_receipt_periods)
    # How long after giving it a buyer may change their feedback, once.
    feedback_edit_days: int = 30
    review_limit_hours: int = 48
    send_back_days: int = 7
    # What is promised where no lanes are kept: how soon goods leave after payment, and how long they travel.
    ship_within_hours: int = 48
    transit_days_min: int = 1
    transit_days_max: int = 7
    # Refunds that the policy decided are paid without a second person up to this amount.
    refund_approval_limit: int = 500_000_00
    # Whether an application that nobody answered in time counts as approved.
    silence_approves: bool = True
    # Whether a claimed price that differs from the paid one waits for a person.
    review_price_claims: bool = True
    # Whether buyers are told of their orders and confirmations are kept; off for a shop that tells them itself.
    messages: bool = True
    # Whether orders made on other channels are confirmed too: as a rule their channel did that.
    messages_for_channels: bool = False
    # Where messages go besides the order's own page, the first that works: email, sms, push.
    message_channels: tuple[str, ...] = ()
    # Where the merchant itself is told by mail what it has to do, such as in disputes; empty for nowhere.
    notices_email: str = ""
    # For buyers who named no language, by BCP 47 tag.
    language: str = "zh"
    # Whether a confirmation may not go out without saying when the goods leave and arrive.
    promise_required: bool = True
    # Whether an address must make sense before anybody orders to it; off where addresses are not known to us.
    check_addresses: bool = True
    # Whether an order may come from several warehouses where none has all of it.
    split_orders: bool = False
    # Whether buyers may have a parcel called back that is on its way to them.
    intercept_on_request: bool = True
    # Whether the rest of an order may leave while some units of it are nowhere and the buyer has not spoken yet.
    ship_the_rest: bool = False
    # How many units of a product one buyer or one device may keep from others without having paid; None is no limit.
    unpaid_units_per_buyer: int | None = None
    unpaid_units_per_device: int | None = None
    # Up to how many differing units a stocktake needs no second person.
    stocktake_alone_up_to: int = 20
    # Whether a price is compared with what the thing used to cost before anybody can order at it: at least and at most
    # so many percent of the usual, with no more discount on an order than so many percent of its goods.
    price_guard: bool = True
    price_guard_least_percent: int = 50
    price_guard_most_percent: int = 200
    price_guard_discount_percent: int = 70
    # So many orders stopped within so many minutes stop the sale of the product until somebody vouches for the price.
    price_guard_hits: int = 5
    price_guard_minutes: int = 10


class SaveMerchant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merchant as it shall be; the code names it. `policy` is the code of its return policy."""

    code: str
    name: dict[str, str]
    zone: str
    currency: str
    policy: str = "cn_statutory"
    settings: MerchantSettings = MerchantSettings()
    active: bool = True


class ChangeMerchant(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be different about a merchant; None leaves a thing as it is, and so do settings that are not named."""

    name: dict[str, str] | None = None
    zone: str | None = None
    policy: str | None = None
    settings: dict[str, Any] = {}


class Merchant(msgspec.Struct, frozen=True):
    """Somebody who sells. `name` is a map by language tag; `zone` is where its days begin and end.

    Its buyers' pages have its `accent`, a colour such as `#1b6b3a`, and its `logo`, a file by the hash of what is in it.
    """

    id: int
    code: str
    name: dict[str, str]
    zone: str
    currency: str
    policy: str
    settings: MerchantSettings
    active: bool
    accent: str | None = None
    logo: str | None = None


class Theme(msgspec.Struct, frozen=True):
    """The colour of buyers' pages for a light and a dark ground, each with what is written on it."""

    light: str
    on_light: str
    dark: str
    on_dark: str
