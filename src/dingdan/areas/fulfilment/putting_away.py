"""The archive has every scan: of parcels that arrived long ago only the delivery and the last are kept here."""

from collections.abc import Iterable

from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.lifecycle import ParcelState
from dingdan.areas.fulfilment.rules.scans import CODES, meaning
from dingdan.plumbing.tx import Tx


async def drop_old_scans(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the scans of parcels that hold nothing but these orders and were delivered.

    A delivery is final, so its own scans say where a parcel stands, also when a late one comes in; and the last scan says
    when it was last seen, which may be after that.
    """
    final = [code for code in CODES if meaning(code) is ParcelState.DELIVERED]
    await store.drop_scans(tx, order_ids, kept=final)
