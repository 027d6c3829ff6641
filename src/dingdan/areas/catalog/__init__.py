"""catalog: what could be bought, and for how much. Saving is by set, and what is already so is left alone."""

from dingdan.areas.catalog.events import PriceChanged, PricePaused, PriceVouched, ProductPictured, ProductSaved
from dingdan.areas.catalog.model import FLAGS, Offer, Saved, SavedPrice, SavePrice, SaveProduct, Usual
from dingdan.areas.catalog.picturing import set_picture
from dingdan.areas.catalog.reading import (
    asking_offers,
    bundles_of,
    by_ids,
    found,
    listed,
    offers,
    saved_since,
    variants,
)
from dingdan.areas.catalog.refusals import (
    BundleUnusable,
    CategoryUnusable,
    CurrencyUnknown,
    FlagUnknown,
    FloorUnusable,
    LimitUnusable,
    OutOfReach,
    PriceUnusable,
    ProductUnknown,
    SkuTwice,
    SkuUnusable,
    TitleUnusable,
)
from dingdan.areas.catalog.rules import problems_of_price, problems_of_product
from dingdan.areas.catalog.saving import save_prices, save_products
from dingdan.areas.catalog.vouching import pause_prices, vouch_for_prices

__all__ = [
    "FLAGS",
    "BundleUnusable",
    "CategoryUnusable",
    "CurrencyUnknown",
    "FlagUnknown",
    "FloorUnusable",
    "LimitUnusable",
    "Offer",
    "OutOfReach",
    "PriceChanged",
    "PricePaused",
    "PriceUnusable",
    "PriceVouched",
    "ProductPictured",
    "ProductSaved",
    "ProductUnknown",
    "SavePrice",
    "SaveProduct",
    "Saved",
    "SavedPrice",
    "SkuTwice",
    "SkuUnusable",
    "TitleUnusable",
    "Usual",
    "asking_offers",
    "bundles_of",
    "by_ids",
    "found",
    "listed",
    "offers",
    "pause_prices",
    "problems_of_price",
    "problems_of_product",
    "save_prices",
    "save_products",
    "saved_since",
    "set_picture",
    "variants",
    "vouch_for_prices",
]  # fmt: skip
