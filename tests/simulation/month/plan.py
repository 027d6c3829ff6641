"""How long it goes on, with how many orders, and what else happens beside them."""

from datetime import timedelta

import msgspec


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """So many orders over so many days, from a seed; `tick` is how far the clock is turned at once.

    `do_return`: buyers send back what arrived, some of them not what they got. `faults` is how many things the payment
    provider does wrong for a thousand orders. `do_settle`: the platform settles with its merchants when a month is over.
    `afterwards` is how long everything is followed to its end.
    """

    seed: int
    size: int
    tick: timedelta
    days: int = 30
    afterwards: timedelta = timedelta(days=50)
    do_return: bool = False
    faults: int = 0
    do_settle: bool = False


def quarter(seed: int, size: int, tick: timedelta) -> Plan:
    """Three months with everything: returns, a provider that cannot be relied on, merchants that are paid."""
    return Plan(seed=seed, size=size, tick=tick, days=90, afterwards=timedelta(days=76), do_return=True, faults=60,
                do_settle=True)  # fmt: skip
