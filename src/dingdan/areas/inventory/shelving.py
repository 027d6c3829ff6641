"""Where in a warehouse a product lies, for those who pick it; the books count it the same wherever that is."""

from collections.abc import Sequence

from dingdan.areas.inventory import store
from dingdan.areas.inventory.events import BinSet
from dingdan.areas.inventory.model import SetBin
from dingdan.areas.inventory.refusals import FieldUnfit, WarehouseUnknown
from dingdan.areas.inventory.rules.walking import tidy_bin
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def set_bins(tx: Tx, wanted: Sequence[SetBin]) -> None:
    """Say on which shelf products lie, or (None) that nobody knows; what is already so is left alone.

    Raises WarehouseUnknown or FieldUnfit, all at once.
    """
    if any(not tx.actor.reaches(one.merchant_id) for one in wanted):
        raise WarehouseUnknown("warehouse", code="-")
    refuse_all([
        FieldUnfit(f"[{place}].bin", field="bin", why="zone-aisle-shelf, as in A-02-10",
                   why_zh="格式为 区-巷道-货架，如 A-02-10")
        for place, one in enumerate(wanted) if one.bin is not None and not tidy_bin(one.bin)
    ])  # fmt: skip
    await store.add_rows(tx, [(one.warehouse_id, one.product_id, one.merchant_id) for one in wanted])
    target = {(one.warehouse_id, one.product_id): one for one in wanted}
    await store.lock_levels(tx, target)
    places = {key: tidy_bin(one.bin) if one.bin is not None else None for key, one in target.items()}
    changed = await store.set_bins(tx, places)
    tx.announce(*(
        BinSet(subject_id=key[1], merchant_id=target[key].merchant_id, warehouse_id=key[0], bin=places[key])
        for key in sorted(changed)
    ))  # fmt: skip
