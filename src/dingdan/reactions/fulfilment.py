"""What follows from facts about parcels."""

from collections.abc import Sequence

from dingdan.areas import fulfilment, transit
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
