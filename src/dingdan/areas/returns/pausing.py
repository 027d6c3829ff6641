"""An open return stops the clock of automatic receipt; its end lets it run on."""

from collections.abc import Iterable
from datetime import timedelta

from dingdan.areas import orders
from dingdan.areas.returns import store
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# However little was left, nobody is surprised by a receipt the moment their return ends.
AT_LEAST = timedelta(hours=24)


async def mind_receipt(tx: Tx, order_ids: Iterable[int]) -> None:
    """Set the clocks of these orders by how their returns stand now; late or twice, it comes out the same."""
    wanted = set(order_ids)
    held_up = await store.with_open_return(tx, wanted)
    await deadlines.pause(tx, orders.AUTO_RECEIVE, held_up, waiting_for="return")
    await deadlines.resume(tx, orders.AUTO_RECEIVE, wanted - held_up, at_least=AT_LEAST)
