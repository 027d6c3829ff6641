"""Buyers who think again once they have the goods: most are honest, some send something else, nothing, or ask twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dingdan.areas import disposition, returns
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.doing import do
from tests.simulation.month.chance import GOES_BACK
from tests.simulation.month.house import People
from tests.simulation.month.somebody import Somebody

if TYPE_CHECKING:
    from tests.simulation.month.life import Month

# How long somebody looks at the goods before they ask; no carrier tells of an arrival as late as that.
THINKS = timedelta(days=3)

JUST_ARRIVED = """
SELECT o.id, o.merchant_id, l.line_nos, l.units FROM orders o JOIN LATERAL (
    SELECT array_agg(line_no ORDER BY line_no) AS line_nos, array_agg(quantity - cancelled ORDER BY line_no) AS units
    FROM order_lines WHERE order_id = o.id) l ON true
WHERE o.delivered_at > $1 AND o.delivered_at <= $2 AND o.reference <> '' ORDER BY o.reference
"""

UNDECIDED = """
SELECT id, merchant_id, order_id, escalated FROM returns WHERE decision = 'requested' ORDER BY order_id, id
"""

TO_SEND = """
SELECT id, order_id FROM returns
WHERE decision = 'approved' AND journey = 'at_buyer' AND requested_at < dingdan_now() - interval '1 day' ORDER BY id
"""

THEIRS = """
SELECT g.id, g.order_id, g.value, g.merchant_id, g.offered FROM returned_goods g
WHERE g.open > 0 AND NOT g.is_ours AND g.choice IS NULL ORDER BY g.id
"""


class Shoppers(Somebody):
    """Buyers who want to give goods back, and whoever answers them."""

    def __init__(self, month: "Month", people: People) -> None:
        super().__init__(month.db, month.done)
        self._month, self._people = month, people
        self._looked_until = datetime.fromisoformat("2000-01-01T00:00:00Z")

    async def work(self) -> None:
        """Ask, answer who asked, send what may be sent, and say what shall become of goods that were not accepted."""
        await self._ask()
        await self._answer()
        await self._send()
        await self._choose()

    async def _ask(self) -> None:
        async with self.db.reading(SYSTEM) as tx:
            until = tx.now - THINKS
        wishes = [
            self._wish(row, kind)
            for row in await self.rows(JUST_ARRIVED, self._looked_until, until)
            if (kind := self._month.fate(row["id"]).of("goes back", GOES_BACK))
        ]
        self._looked_until = until
        twice = [one for one in wishes if self._kind(one.lines[0].order_id) == "asks_twice"]
        for asked, word in ((wishes, "asked to return"), (twice, "asked again")):
            for start in range(0, len(asked), 100):
                answers = await do(self.db, SYSTEM, returns.apply_many, asked[start : start + 100])
                self._count(word, answers)

    def _count(self, word: str, answers: Iterable[returns.Applied | Refusal]) -> None:
        for answer in answers:
            self.done[f"{word}: {answer.problems[0].code}" if isinstance(answer, Refusal) else word] += 1

    def _wish(self, row: Any, kind: str) -> returns.Apply:
        """All of it or one unit; whoever says that something is wrong with it need not give more of a reason."""
        number = self._month.fate(row["id"])
        reason = "QUALITY_DEFECT" if kind == "finds_fault" else "NO_REASON"
        lines = [
            returns.ApplyLine(1 if number.number(2, "one unit") else units, reason, row["id"], line_no)
            for line_no, units in zip(row["line_nos"], row["units"], strict=True)
            if units
        ]
        lines = lines[:1] if number.number(2, "one line") else lines
        return returns.Apply(row["merchant_id"], self._month.buyer(row["id"]), tuple(lines))

    async def _answer(self) -> None:
        """Most get a yes, some a no with its reason; some wait until time says yes, or calls the lead."""
        for row in await self.rows(UNDECIDED):
            luck = self._month.fate(row["order_id"]).number(8, "answered")
            people = self._people[row["merchant_id"]]
            if row["escalated"]:
                await self.attempt("return granted by a lead", people["lead"], returns.approve, row["id"])
            elif luck == 0:
                await self.attempt("return refused", people["customer_service"], returns.refuse, row["id"],
                                   reason="EVIDENCE_INSUFFICIENT", rule="CN_QUALITY", alternatives=["repair"])  # fmt: skip
            elif luck > 1:
                await self.attempt("return granted", people["customer_service"], returns.approve, row["id"])

    async def _send(self) -> None:
        found = [row for row in await self.rows(TO_SEND) if self._kind(row["order_id"]) != "never_sends"]
        for start in range(0, len(found), 200):
            parcels = [
                returns.Send((row["id"],), "yto", f"YT8{self._month.fate(row['order_id']).serial:012d}",
                             postage=self._month.fate(row["order_id"]).number(2_000, "postage"))
                for row in found[start : start + 200]
            ]  # fmt: skip
            if await self.attempt("sets of parcels sent back", SYSTEM, returns.send, parcels):
                self.done["sent back"] += len(parcels)

    async def _choose(self) -> None:
        """What was not accepted: fetched, left with us for an offer, fought over, or not a word is said."""
        for row in await self.rows(THEIRS):
            luck = self._month.fate(row["order_id"]).number(4, "chooses")
            if luck == 0:
                await self.attempt("disputed", SYSTEM, disposition.choose, row["id"], disposition.Choice.DISPUTE)
            elif luck == 1:
                await self.attempt("wants it back", SYSTEM, disposition.choose, row["id"], disposition.Choice.SEND_BACK)
            elif luck == 2 and row["value"] > 1:
                by = self._people[row["merchant_id"]]["customer_service"]
                await self.attempt("offered", by, disposition.offer, row["id"], amount=row["value"] // 2)
                await self.attempt("left it to us", SYSTEM, disposition.choose, row["id"], disposition.Choice.REDUCTION)

    def _kind(self, order_id: int | None) -> str:
        assert order_id is not None
        return self._month.fate(order_id).of("goes back", GOES_BACK)
