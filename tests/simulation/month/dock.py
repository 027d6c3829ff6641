"""The warehouse's other door: what comes back is received, looked at, and put to its next use."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from dingdan.areas import cases, disposition, fulfilment, returns, way_back
from dingdan.kernel.actor import SYSTEM
from tests.simulation.month.chance import GOES_BACK, WAY_BACK
from tests.simulation.month.house import People
from tests.simulation.month.somebody import Somebody

if TYPE_CHECKING:
    from tests.simulation.month.life import Month

BACK = """
SELECT p.id, p.merchant_id, l.order_id, b.id IS NOT NULL AS is_asked_back FROM parcels p
JOIN LATERAL (SELECT min(order_id) AS order_id FROM parcel_lines WHERE parcel_id = p.id) l ON true
LEFT JOIN return_parcels b ON b.carrier = p.carrier AND b.tracking_number = p.tracking_number
WHERE p.state = 'returning' AND EXISTS (SELECT FROM scans s WHERE s.parcel_id = p.id AND s.code = 'returned')
  AND NOT EXISTS (SELECT FROM return_parcel_items i JOIN returns v ON v.id = i.return_id
                  WHERE i.return_parcel_id = b.id AND v.journey = 'received')
ORDER BY p.tracking_number
"""

# Parcels that buyers sent, when they have been on their way for long enough; what our own carriers bring back is not.
ON_THE_WAY = """
SELECT v.id, v.order_id, v.merchant_id, b.carrier, b.tracking_number,
       ARRAY(SELECT line_no FROM return_lines WHERE return_id = v.id ORDER BY line_no) AS line_nos
FROM returns v JOIN return_parcel_items i ON i.return_id = v.id JOIN return_parcels b ON b.id = i.return_parcel_id
WHERE v.journey = 'sent' AND v.outcome = 'open' AND b.sent_at < dingdan_now() - interval '2 days'
  AND NOT EXISTS (SELECT FROM parcels p WHERE p.carrier = b.carrier AND p.tracking_number = b.tracking_number)
ORDER BY b.tracking_number
"""

RECEIVED = """
SELECT v.id, v.merchant_id, v.order_id, v.transit_risk, array_agg(l.line_no ORDER BY l.line_no) AS line_nos,
       array_agg(l.received ORDER BY l.line_no) AS units
FROM returns v JOIN return_lines l ON l.return_id = v.id WHERE v.journey = 'received' AND v.outcome = 'open'
  AND NOT EXISTS (SELECT FROM looks k WHERE k.return_id = v.id)
GROUP BY v.id ORDER BY v.id
"""

# Somebody looked, and somebody else is to.
SECOND = """
SELECT v.id, v.merchant_id FROM returns v JOIN looks k ON k.return_id = v.id AND k.kind = 'first'
WHERE v.journey = 'received' AND v.outcome = 'open' ORDER BY v.id
"""

OURS = "SELECT id, merchant_id FROM returned_goods WHERE open > 0 AND is_ours ORDER BY id"

# Goods of buyers that go out again: those that they want, those that were fought over in vain, and those that they did
# not answer about, however often they were reminded.
THEIRS = """
SELECT g.id, g.merchant_id, g.open FROM returned_goods g
WHERE g.open > 0 AND NOT g.is_ours AND (g.choice = 'goods_sent_back' OR g.reminded > 2 OR g.choice = 'dispute' AND EXISTS (
    SELECT FROM cases c WHERE c.order_id = g.order_id AND c.kind = 'inspection_disputed' AND c.state = 'closed'))
ORDER BY g.id
"""

# What goods that came back are used for, the best first.
USES = ("restock", "repack", "scrap")


class Dock(Somebody):
    """Whoever receives and looks at parcels, at every seller's warehouse."""

    def __init__(self, month: "Month", people: People) -> None:
        super().__init__(month.db, month.done)
        self._month, self._people = month, people

    async def work(self) -> None:
        """Take in what stands at the door, look at what was taken in, clear the shelves of what was looked at."""
        await self._bring()
        await self._receive()
        await self._inspect()
        await self._put_away()
        await self._send_out()

    async def _bring(self) -> None:
        """Parcels of buyers arrive, some broken, some empty; some are lost."""
        told, arrived = [], []
        async with self.db.reading(SYSTEM) as tx:
            now = tx.now
        for row in await self.rows(ON_THE_WAY):
            fate = self._month.fate(row["order_id"])
            way = fate.of("way back", WAY_BACK)
            told += [
                fulfilment.Scan(row["carrier"], row["tracking_number"], code, code, now)
                for code in ((way,) if way == "lost" else (way, "delivered") if way else ("delivered",))
            ]
            if way != "lost":
                nothing = tuple(returns.ReceivedLine(line_no, 0) for line_no in row["line_nos"])
                is_empty = fate.of("goes back", GOES_BACK) == "sends_nothing"
                arrived.append(returns.Receive(row["id"], nothing if is_empty else None))
        for start in range(0, len(told), 200):
            await self.attempt("sets of scans of the way back", SYSTEM, way_back.take_scans, told[start : start + 200])
        for start in range(0, len(arrived), 200):
            if await self.attempt("sets received", SYSTEM, returns.receive, arrived[start : start + 200]):
                self.done["came back"] += len(arrived[start : start + 200])

    async def _receive(self) -> None:
        """What carriers brought back by themselves."""
        for parcel in await self.rows(BACK):
            if parcel["is_asked_back"] or not self._month.fate(parcel["order_id"]).number(2, "asked back"):
                await self.attempt("received", self._people[parcel["merchant_id"]]["warehouse"], cases.take_in_parcel,
                                   parcel["id"], reason=self._month.reason(parcel))  # fmt: skip

    async def _inspect(self) -> None:
        """All of a seller's at once; where one of them cannot be decided, each by itself. Who sent too much is seen twice."""
        for row in await self.rows(SECOND):
            by = self._people[row["merchant_id"]]["logistics"]
            await self.attempt("looked at twice", by, returns.confirm, row["id"])
        looks: dict[int, list[returns.Inspect]] = defaultdict(list)
        for row in await self.rows(RECEIVED):
            looks[row["merchant_id"]].append(returns.Inspect(row["id"], self._seen(row)))
        for merchant_id, all_ in looks.items():
            by = self._people[merchant_id]["warehouse"]
            for some in [all_[start : start + 100] for start in range(0, len(all_), 100)]:
                if await self.attempt("sets inspected", by, returns.inspect, some):
                    self.done["inspected"] += len(some)
                elif len(some) > 1:
                    for one in some:
                        await self.attempt("inspected", by, returns.inspect, [one])

    def _seen(self, row: Any) -> tuple[returns.InspectedLine, ...]:
        """As it was sent out, mostly; what the carrier broke is ours or the buyer's, by who bears the way."""
        fate = self._month.fate(row["order_id"])
        way, kind = fate.of("way back", WAY_BACK), fate.of("goes back", GOES_BACK)
        is_broken = way == "damaged" and row["transit_risk"] is not None
        is_fine = kind not in ("swaps", "wore_it") and not is_broken
        return tuple(
            returns.InspectedLine(
                line_no, units, is_original=kind != "swaps", intact=is_fine, grade="A" if is_fine else "D",
                disposition="quarantine", is_from_transit=is_broken and row["transit_risk"] == "ours",
            )
            for line_no, units in zip(row["line_nos"], row["units"], strict=True)
            if units
        )  # fmt: skip

    async def _put_away(self) -> None:
        """Each to the best use that it may be put to, as the screen offers them."""
        found = await self.rows(OURS)
        async with self.db.reading(SYSTEM) as tx:
            goods = await disposition.get(tx, [row["id"] for row in found])
            known = await disposition.wares(tx, goods.values())
        wanted: dict[int, list[disposition.Decide]] = defaultdict(list)
        for one in goods.values():
            wanted[one.merchant_id].append(self._best(one, known[one.id]))
        await self._decide(wanted)

    async def _send_out(self) -> None:
        wanted: dict[int, list[disposition.Decide]] = defaultdict(list)
        for row in await self.rows(THEIRS):
            one = disposition.Decide(goods_id=row["id"], kind="send_back", quantity=row["open"])
            wanted[row["merchant_id"]].append(one)
        await self._decide(wanted)

    async def _decide(self, wanted: dict[int, list[disposition.Decide]]) -> None:
        for merchant_id, decisions in wanted.items():
            by = self._people[merchant_id]["warehouse"]
            if await self.attempt("sets of goods put away", by, disposition.decide, decisions):
                for one in decisions:
                    self.done[f"goods: {one.kind}"] += 1

    def _best(self, goods: disposition.ReturnedGoods, ware: disposition.Ware) -> disposition.Decide:
        """Sold again where that may be; else destroyed before somebody's eyes."""
        may = disposition.allowed(goods, ware)
        kind: Any = next(use for use in USES if use in may)
        witness = self._people[goods.merchant_id]["logistics"].id if kind == "scrap" else None
        return disposition.Decide(goods_id=goods.id, kind=kind, quantity=goods.open, witnessed_by=witness,
                                  certificate=f"C{goods.id}" if witness else None)  # fmt: skip
