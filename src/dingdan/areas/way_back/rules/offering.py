"""The ways to send goods back that can be recommended, the cheapest for whoever pays first."""

from collections.abc import Collection, Sequence

from dingdan.areas import carriers
from dingdan.areas.way_back.model import Option

# Carriers that give us labels; with any other the buyer tells the number.
LABELS: frozenset[str] = frozenset({"sandbox"})


def options(
    lanes: Sequence[carriers.Lane], *, grams: int | None, is_sellers: bool, may_carry: Collection[str]
) -> tuple[Option, ...]:
    """What lanes there are for this way, taken the other way round, that are open and can bear the weight.

    Whose fault it is bears the cost: `is_sellers` is by what is known now.
    """
    fit = [
        lane for lane in lanes
        if lane.deliverable and lane.active and lane.carrier in may_carry
        and (grams is None or lane.max_grams is None or grams <= lane.max_grams)
    ]  # fmt: skip
    fit.sort(key=lambda lane: (lane.cost is None, lane.cost or 0, lane.days_max, lane.carrier, lane.service))
    return tuple(
        Option(
            carrier=lane.carrier, service=lane.service, days_min=lane.days_min, days_max=lane.days_max, cost=lane.cost,
            buyer_bears=0 if is_sellers else lane.cost, has_label=lane.carrier in LABELS,
            picks_up=lane.carrier in LABELS, is_recommended=n == 0,
        )
        for n, lane in enumerate(fit)
    )  # fmt: skip


def insurance_cost(declared: int | None, per_thousand: int) -> int:
    """What a carrier asks for a declared value, in whole minor units and at least one."""
    return 0 if declared is None else max(1, declared * per_thousand // 1000)
