"""Which of the lanes that touch a destination is taken, and what could be had instead where none is."""

from dingdan.areas.carriers.model import Alternative, Ask, Lane, Lanes, NotDeliverable

MOST_ALTERNATIVES = 5


def choose(found: Lanes, ask: Ask) -> Lane | NotDeliverable | None:
    """The lane to take; None where nobody keeps lanes, so that the merchant's general promise holds.

    Of each carrier's service the lane that says most decides: the merchant's before the platform's, one from this
    warehouse before one from any, the smaller region before the larger. Among those that deliver: priority, surcharge,
    days, and at last the name. Time plays no part, so that waiting never makes a promise better.
    """
    ways = decided(found, ask.warehouse_id)
    open_ways = [lane for lane in ways if lane.deliverable]
    wanted = [lane for lane in open_ways if ask.service in (None, lane.service)]
    if wanted:
        return min(wanted, key=_rank)
    if not ways and not found.are_kept:
        return None
    said_no = [lane for lane in ways if not lane.deliverable and ask.service in (None, lane.service)]
    why: NotDeliverable = NotDeliverable(
        "excluded" if said_no else "service" if open_ways else "no_lane",
        found.key.country, found.key.region, _alternatives(found, open_ways, ask),
    )  # fmt: skip
    return why


def surcharge(found: Lanes, ask: Ask, currency: str) -> tuple[int, int]:
    """What a buyer pays on top of carriage: the surcharge of the least dear way there, and what the one taken costs more."""
    if not any(lane.surcharge for lane in found.lanes):
        return 0, 0
    lane = choose(found, ask)
    if not isinstance(lane, Lane):
        return 0, 0
    ways = [one for one in decided(found, ask.warehouse_id) if one.deliverable]
    least = min(_in(currency, one) for one in ways)
    return least, _in(currency, lane) - least


def _in(currency: str, lane: Lane) -> int:
    """A surcharge in another currency is not asked for."""
    return lane.surcharge if lane.currency == currency else 0


def decided(found: Lanes, warehouse_id: int) -> list[Lane]:
    """Of each carrier's service the lane that says most about the way from a warehouse."""
    most: dict[tuple[int, str], Lane] = {}
    for lane in found.lanes:
        if lane.warehouse_id in (None, warehouse_id):
            key = (lane.carrier_id, lane.service)
            if key not in most or _weight(lane) > _weight(most[key]):
                most[key] = lane
    return list(most.values())


def _weight(lane: Lane) -> tuple[bool, bool, int, int]:
    return lane.merchant_id is not None, lane.warehouse_id is not None, len(lane.region), -lane.id


def _rank(lane: Lane) -> tuple[int, int, int, int, str, str, int]:
    return lane.priority, lane.surcharge, lane.days_max, lane.days_min, lane.carrier, lane.service, lane.id


def _alternatives(found: Lanes, open_ways: list[Lane], ask: Ask) -> tuple[Alternative, ...]:
    """Other services from here, then other warehouses, those with the service that was asked for first."""
    ways = [Alternative("service", lane.service, lane.carrier, None) for lane in sorted(open_ways, key=_rank)]
    for other in sorted({lane.warehouse_id for lane in found.lanes if lane.warehouse_id} - {ask.warehouse_id}):
        there = [lane for lane in decided(found, other) if lane.deliverable]
        there.sort(key=lambda lane: (lane.service != ask.service, _rank(lane)))
        ways += [Alternative("warehouse", lane.service, lane.carrier, other) for lane in there[:1]]
    return tuple(ways[:MOST_ALTERNATIVES])
