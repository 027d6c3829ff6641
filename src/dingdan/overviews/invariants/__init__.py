"""The laws of the data and whether they hold: `dingdan check`, and the end of every test that writes.

Each is one SELECT of the rows that break it, over what is stored and nothing else.
"""

from typing import Any

from dingdan.overviews.invariants.attested import ATTESTED
from dingdan.overviews.invariants.belonging import BELONGING
from dingdan.overviews.invariants.books import BOOKS
from dingdan.overviews.invariants.boxes import BOXES
from dingdan.overviews.invariants.came_back import CAME_BACK
from dingdan.overviews.invariants.changes import CHANGES
from dingdan.overviews.invariants.checking import filled_tables, sweep
from dingdan.overviews.invariants.credit import CREDIT
from dingdan.overviews.invariants.disputed import DISPUTED
from dingdan.overviews.invariants.done_and_kept import DONE_AND_KEPT
from dingdan.overviews.invariants.effects import EFFECTS
from dingdan.overviews.invariants.exchanged import EXCHANGED
from dingdan.overviews.invariants.fair_play import FAIR_PLAY
from dingdan.overviews.invariants.goods_back import GOODS_BACK
from dingdan.overviews.invariants.imported import IMPORTED
from dingdan.overviews.invariants.invariant import Invariant, Result
from dingdan.overviews.invariants.invoiced import INVOICED
from dingdan.overviews.invariants.lanes import LANES
from dingdan.overviews.invariants.made_elsewhere import MADE_ELSEWHERE
from dingdan.overviews.invariants.mended import MENDED
from dingdan.overviews.invariants.messages import MESSAGES
from dingdan.overviews.invariants.money import MONEY
from dingdan.overviews.invariants.on_the_way import ON_THE_WAY
from dingdan.overviews.invariants.prices import PRICES
from dingdan.overviews.invariants.second_looks import SECOND_LOOKS
from dingdan.overviews.invariants.settling import SETTLING
from dingdan.overviews.invariants.standstill import STANDSTILL
from dingdan.overviews.invariants.steps import STEPS
from dingdan.overviews.invariants.stock import STOCK
from dingdan.overviews.invariants.terms import TERMS
from dingdan.overviews.invariants.told_elsewhere import TOLD_ELSEWHERE
from dingdan.overviews.invariants.troubles import TROUBLES
from dingdan.overviews.invariants.waiting import WAITING

INVARIANTS: tuple[Invariant, ...] = (
    *STOCK,
    *GOODS_BACK,
    *CAME_BACK,
    *EXCHANGED,
    *MENDED,
    *MONEY,
    *BOOKS,
    *STEPS,
    *EFFECTS,
    *BOXES,
    *BELONGING,
    *LANES,
    *STANDSTILL,
    *WAITING,
    *SECOND_LOOKS,
    *MESSAGES,
    *PRICES,
    *CREDIT,
    *MADE_ELSEWHERE,
    *ON_THE_WAY,
    *TROUBLES,
    *DISPUTED,
    *DONE_AND_KEPT,
    *ATTESTED,
    *CHANGES,
    *TOLD_ELSEWHERE,
    *TERMS,
    *SETTLING,
    *INVOICED,
    *FAIR_PLAY,
    *IMPORTED,
)  # fmt: skip


async def check(db: Any, *, settled: bool = False) -> list[Result]:
    """What every invariant finds, on a Database or a connection; `settled` adds those of a house at rest."""
    return await sweep(db, [one for one in INVARIANTS if settled or not one.needs_settled])


__all__ = ["INVARIANTS", "Invariant", "Result", "check", "filled_tables", "sweep"]
