"""What the platform ruled is carried out: by a case that opens, makes good and closes in one step."""

from collections.abc import Sequence

from dingdan.areas import orders
from dingdan.areas.cases import opening, proposing
from dingdan.areas.cases.closing import close
from dingdan.areas.cases.model import Case, Liable, Propose
from dingdan.plumbing.tx import Tx

CARRIED_OUT = "carried_out"


async def carry_out(tx: Tx, order: orders.Order, wanted: Sequence[Propose], *, liable: Liable | None) -> Case:
    """Do what was ruled about a locked order, all of it or nothing. Raises what remedies refuse."""
    case = await opening.open_ruled(tx, order)
    for one in wanted:
        await proposing.grant_ruled(tx, case.id, one)
    return await close(tx, case.id, closure=CARRIED_OUT, liable=liable)
