"""sourcing: from which warehouse the units of an order are sent, where a person says otherwise than it was placed."""

from dingdan.areas.sourcing.model import Held, Offer, Outlook, Split, Standing, Units
from dingdan.areas.sourcing.reading import foresee, foresee_product, offers, why_not
from dingdan.areas.sourcing.refusals import (
    GoesThroughCustoms,
    NoneElsewhere,
    NothingKept,
    NoWayFromThere,
    OneWarehouse,
    PlaceInHand,
    TooFewThere,
    TravelsTogether,
    UnitsInHand,
    UnitsUnfit,
    WarehouseClosed,
    WarehouseServesNot,
)
from dingdan.areas.sourcing.rules import held, movable
from dingdan.areas.sourcing.splitting import split, split_product

__all__ = [
    "GoesThroughCustoms", "Held", "NoWayFromThere", "NoneElsewhere", "NothingKept", "Offer", "OneWarehouse", "Outlook",
    "PlaceInHand", "Split", "Standing", "TooFewThere", "TravelsTogether", "Units", "UnitsInHand", "UnitsUnfit",
    "WarehouseClosed", "WarehouseServesNot", "foresee", "foresee_product", "held", "movable", "offers", "split",
    "split_product", "why_not",
]  # fmt: skip
