"""placement: turning a basket into an order, fast. Nothing is found out after ordering."""

from dingdan.areas.placement.intake import Intake, Taken, take_in
from dingdan.areas.placement.model import Basket, Buyer, Item, Placed
from dingdan.areas.placement.placing import place
from dingdan.areas.placement.refusals import (
    AddressIncomplete,
    AmountTooLarge,
    BasketEmpty,
    BuyerMissing,
    ConfirmationUnfit,
    FieldTooLong,
    MerchantClosed,
    NoPrice,
    NotEnoughStock,
    PolicyMissing,
    PriceChanged,
    ProductOffSale,
    ProductUnknown,
    QuantityUnfit,
    TooManyLines,
)

__all__ = [
    "AddressIncomplete", "AmountTooLarge", "Basket", "BasketEmpty", "Buyer", "BuyerMissing", "ConfirmationUnfit",
    "FieldTooLong", "Intake", "Item", "MerchantClosed", "NoPrice", "NotEnoughStock", "Placed", "PolicyMissing",
    "PriceChanged", "ProductOffSale", "ProductUnknown", "QuantityUnfit", "Taken", "TooManyLines", "place", "take_in",
]  # fmt: skip
