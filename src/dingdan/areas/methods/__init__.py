"""methods: the ways to pay that can be used here and now, and why others cannot."""

from dingdan.areas.methods.events import MethodSaved
from dingdan.areas.methods.model import Bounds, Closed, SaveWay, Verdict, Wanted, Way
from dingdan.areas.methods.reading import offered
from dingdan.areas.methods.refusals import (
    ClosedNow,
    NotInCurrency,
    NotInRegion,
    NotOffered,
    NotOnChannel,
    OutsideLimits,
    WayUnfit,
)
from dingdan.areas.methods.rules import problems, usable, verdicts
from dingdan.areas.methods.saving import save

__all__ = [
    "Bounds", "Closed", "ClosedNow", "MethodSaved", "NotInCurrency", "NotInRegion", "NotOffered", "NotOnChannel",
    "OutsideLimits", "SaveWay", "Verdict", "Wanted", "Way", "WayUnfit", "offered", "problems", "save", "usable",
    "verdicts",
]  # fmt: skip
