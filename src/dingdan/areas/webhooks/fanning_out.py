"""Facts become deliveries: each fact once for each endpoint that wants it, in sets, in the order of the feed."""

from collections.abc import Sequence
from typing import Any

from dingdan.areas.webhooks.store import deliveries, endpoints
from dingdan.plumbing.tx import Tx

# In one transaction: so many endpoints, each of so many places in the feed and so many facts at most.
ENDPOINTS, STRETCH, FACTS = 100, 5_000, 200


async def fan_out(tx: Tx) -> int:
    """Make the deliveries that endpoints behind the feed have not been given yet; says how many endpoints moved on.

    An endpoint's place moves in the transaction that makes its deliveries, so nothing is left out and nothing is made
    twice, whoever dies.
    """
    until = await endpoints.newest(tx)
    rows = await deliveries.unheard(tx, until, stretch=STRETCH, endpoints=ENDPOINTS, facts=FACTS)
    if not rows:
        return 0
    by_endpoint: dict[int, list[Any]] = {}
    for row in rows:
        by_endpoint.setdefault(row["endpoint_id"], []).append(row)
    heard = [row for row in rows if row["fact_id"] is not None]
    if heard:
        await deliveries.add(tx, heard)
    await endpoints.advance(tx, {one: _reached(some, until) for one, some in by_endpoint.items()})
    return len(by_endpoint)


def _reached(rows: Sequence[Any], until: int) -> int:
    """How far an endpoint is: behind its last fact where there may be more, else at the end of its stretch."""
    if len(rows) == FACTS:
        return int(rows[-1]["position"])
    return min(int(rows[0]["reached"]) + STRETCH, until)
