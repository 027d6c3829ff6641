"""What the clocks of the goods must know of a repair: since when, until when, and whether in vain (R4.8)."""

from collections.abc import Iterable

from dingdan.areas import returns
from dingdan.areas.repairs.reading import hold
from dingdan.plumbing.tx import Tx


async def record(tx: Tx, repair_ids: Iterable[int]) -> None:
    """Write down for every line that came where its repair stands now."""
    found = await hold(tx, repair_ids)
    lines = await returns.lines(tx, [held.one for held in found.values()])
    await returns.record_services(tx, [
        returns.Service(order_id=line.order_id, line_no=line.line_no, merchant_id=line.merchant_id, kind="repair",
                        source_id=held.repair.id, since=held.repair.begun_at, until=held.repair.ended_at,
                        is_failed=held.repair.failed_at is not None)
        for held in found.values() if held.repair.begun_at is not None
        for line in lines[held.one.id] if line.received
    ])  # fmt: skip
