"""placement: turning a basket into orders, fast. Nothing is found out after ordering: the quote runs the same check."""

from dingdan.areas.placement.alarming import note_suspicious, release_prices
from dingdan.areas.placement.changing import change_address, change_quantities
from dingdan.areas.placement.events import OrderPlacedOnBehalf, PriceSuspected, ReminderAsked, ReminderDue
from dingdan.areas.placement.intake import Intake, Taken, take_in
from dingdan.areas.placement.model import (
    Asked,
    AskReminder,
    Basket,
    Buyer,
    ChangeAddress,
    Found,
    Item,
    OrderedAlready,
    Placed,
    PlacedOrder,
    Quoted,
    QuotedLine,
    QuotedOrder,
    QuotedPolicy,
    Reminder,
    ReminderKind,
    Suspicion,
    Written,
)
from dingdan.areas.placement.placing import place
from dingdan.areas.placement.quoting import quote
from dingdan.areas.placement.refusals import (
    AddressIncomplete,
    AmountTooLarge,
    BasketEmpty,
    BuyerLimitReached,
    BuyerMissing,
    ConfirmationUnfit,
    DepositIsPaid,
    DiscountTooLarge,
    FieldTooLong,
    LineOfClosedMerchant,
    MerchantClosed,
    NoPrice,
    NotEnoughStock,
    PolicyMissing,
    PriceChanged,
    PriceSuspicious,
    ProductOffSale,
    ProductUnknown,
    QuantityAboveMost,
    QuantityBelowLeast,
    QuantityUnfit,
    ReminderWithoutProduct,
    TooManyLines,
    UnitPriceChanged,
    WayCostsMore,
)
from dingdan.areas.placement.reminding import (
    ask_reminders,
    awaited,
    reminders,
    tell_of_opening,
    tell_of_prices,
    tell_of_stock,
)

__all__ = [
    "AddressIncomplete", "AmountTooLarge", "AskReminder", "Asked", "Basket", "BasketEmpty", "Buyer",
    "BuyerLimitReached", "BuyerMissing", "ChangeAddress", "ConfirmationUnfit", "DepositIsPaid", "DiscountTooLarge",
    "FieldTooLong", "Found", "Intake", "Item", "LineOfClosedMerchant", "MerchantClosed", "NoPrice",
    "NotEnoughStock", "OrderPlacedOnBehalf", "OrderedAlready", "Placed", "PlacedOrder", "PolicyMissing", "PriceChanged",
    "PriceSuspected", "PriceSuspicious", "ProductOffSale", "ProductUnknown", "QuantityAboveMost",
    "QuantityBelowLeast", "QuantityUnfit", "Quoted", "QuotedLine", "QuotedOrder", "QuotedPolicy", "Reminder",
    "ReminderAsked", "ReminderDue", "ReminderKind", "ReminderWithoutProduct", "Suspicion", "Taken",
    "TooManyLines", "UnitPriceChanged", "WayCostsMore", "Written", "ask_reminders", "awaited", "change_address",
    "change_quantities", "note_suspicious", "place", "quote", "release_prices", "reminders", "take_in",
    "tell_of_opening", "tell_of_prices", "tell_of_stock",
]  # fmt: skip
