"""What follows from facts about parcels, and about units that were missing in the warehouse."""

from collections.abc import Sequence

from dingdan.areas import fulfilment, transit
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def watch_parcels(tx: Tx, facts: Sequence[fulfilment.ParcelDispatched]) -> None:
    """From the moment a parcel leaves somebody looks after it."""
    await transit.watch(tx, {fact.subject_id: fact.is_elsewhere for fact in facts})


async def stop_watching_parcels(tx: Tx, facts: Sequence[fulfilment.ParcelDelivered]) -> None:
    """A parcel that has arrived is not looked after any more."""
    await transit.stop_watching(tx, [fact.subject_id for fact in facts])


async def end_interceptions(tx: Tx, facts: Sequence[fulfilment.ParcelDelivered]) -> None:
    """And it is not called back."""
    await transit.end_interceptions(tx, [fact.subject_id for fact in facts])


async def serve_short(tx: Tx, facts: Sequence[Event]) -> None:
    """Goods that came or became free go to the orders that miss them."""
    await fulfilment.serve_short(tx, {fact.merchant_id for fact in facts if fact.merchant_id is not None})
