"""What somebody of the staff has done: which kinds of facts bear their name."""

from collections.abc import Collection

from dingdan.plumbing.tx import Tx


async def wires(tx: Tx, staff_id: int, asked: Collection[str]) -> set[str]:
    """Of these kinds of facts, those that this person made. Reads all facts of the kinds: for a demonstration's few."""
    rows = await tx.fetch(
        "SELECT DISTINCT wire FROM facts WHERE wire = ANY($2::text[]) AND actor_kind = 'staff' AND actor_id = $1",
        staff_id,
        list(asked),
    )
    return {row["wire"] for row in rows}
