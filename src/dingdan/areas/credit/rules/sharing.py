"""Who gets what where purses are scarce: all that an order wants or nothing, in the order in which they came."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas.credit.model import Held


def needs_of(holds: Iterable[Held]) -> dict[int, int]:
    """What is wanted of each purse."""
    needs: dict[int, int] = {}
    for hold in holds:
        needs[hold.purse_id] = needs.get(hold.purse_id, 0) + hold.amount
    return needs


def hand_out(holds: Sequence[Held], free: Mapping[int, int]) -> tuple[list[Held], dict[int, Held]]:
    """Which holds can be kept, and for each order left out the first one that could not.

    `free` names what scarce purses have; purses that are not in it have enough for everybody.
    """
    by_order: dict[int, list[Held]] = {}
    for hold in holds:
        by_order.setdefault(hold.order_id, []).append(hold)
    left = dict(free)
    served: list[Held] = []
    short: dict[int, Held] = {}
    for order_id, wanted in by_order.items():
        needs = needs_of(wanted)
        lacking = next((hold for hold in wanted if needs[hold.purse_id] > left.get(hold.purse_id, needs[hold.purse_id])),
                       None)  # fmt: skip
        if lacking is not None:
            short[order_id] = lacking
            continue
        served += wanted
        left |= {purse_id: left[purse_id] - need for purse_id, need in needs.items() if purse_id in left}
    return served, short
