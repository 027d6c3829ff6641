"""When goods leave and arrive: the lane that is taken, and the days counted along it."""

from datetime import datetime

from dingdan.areas.carriers.model import Ask, Lanes, NotDeliverable, Promise


def promise(found: Lanes, ask: Ask, now: datetime) -> Promise | NotDeliverable:
    """What can be promised to somebody who pays now. A later now never gives an earlier promise."""
    return NotDeliverable("no_lane", found.key.country, found.key.region)
