"""The month itself: orders come, are paid, leave and arrive a tick of the clock at a time, and staff sees to the rest."""

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from dingdan import worker
from dingdan.areas import fulfilment, orders, payments, placement, review, transit
from dingdan.areas.transit.carriers.plan import Dice
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests.simulation.month import house
from tests.simulation.month.chance import ARRIVED, FAULTS, ON_THE_WAY, PAYS, SECOND_THOUGHTS, Fate, mixed, told
from tests.simulation.month.counting_house import CountingHouse
from tests.simulation.month.desk import Desk
from tests.simulation.month.dock import Dock
from tests.simulation.month.house import ADDRESSES, House
from tests.simulation.month.plan import Plan
from tests.simulation.month.shoppers import Shoppers
from tests.simulation.month.somebody import Somebody

PAUSE = timedelta(days=2)
REVIEWER = Actor(ActorKind.STAFF, 901, "reviewer")


# Whoever does not know what became of a payment does not begin another.
DECLINED = """
SELECT id FROM orders o WHERE id = ANY($1::bigint[]) AND NOT EXISTS (
    SELECT FROM payment_allotments a JOIN payments p ON p.id = a.payment_id WHERE a.order_id = o.id AND p.state <> 'failed')
ORDER BY reference
"""


class Month(Somebody):
    """What happens, by a plan."""

    def __init__(self, db: Database, plan: Plan) -> None:
        super().__init__(db, Counter())
        self.plan, self.seed, self.size = plan, plan.seed, plan.size
        # What went out instead of something else has no number of its own: it is numbered after all others.
        self.numbers: dict[int, int] = {}
        self._later = itertools.count(plan.size)
        self._scans: list[tuple[datetime, int, fulfilment.Scan]] = []
        self._places = itertools.count()

    async def live(self) -> None:
        """From the first order to where nothing moves any more."""
        await self._open()
        ticks = timedelta(days=self.plan.days) // self.plan.tick
        for n in range(ticks):
            await self._turn(self.plan.tick)
            numbers = range(self.size * n // ticks, self.size * (n + 1) // ticks)
            await self._break(numbers)
            await self._place(numbers)
            await self._live_on()
        await payments.sandbox.mend(self.db)
        pause = max(PAUSE, self.plan.tick)
        for _ in range(self.plan.afterwards // pause):
            await self._turn(pause)
            await self._break(range(0))
            await self._live_on()

    async def _open(self) -> None:
        await house.begin(self.db)
        self.houses: list[House] = await house.houses(self.db)
        people = {one.shop.merchant_id: one.people for one in self.houses}
        self.desk = Desk(self, people)
        self.dock = Dock(self, people)
        self.counting_house = CountingHouse(self, people)
        self.shoppers = Shoppers(self, people)
        if self.plan.do_settle:
            await self.counting_house.agree()

    def fate(self, order_id: int) -> Fate:
        """What this order meets; one that was sent instead of another meets its own."""
        if order_id not in self.numbers:
            self.numbers[order_id] = next(self._later)
        return Fate(self.seed, self.numbers[order_id])

    async def _turn(self, by: timedelta) -> None:
        await do(self.db, SYSTEM, clock.advance, by)
        await self._carriers_tell()

    async def _live_on(self) -> None:
        """The worker, and then everybody else, does what there is to do at this hour."""
        await self._provider_tells()
        await worker.settle(self.db)
        await self._think_again()
        await self._review()
        await self._ship()
        await self._on_the_way()
        await self._arrived()
        if self.plan.do_return:
            await self.shoppers.work()
        await self.desk.work()
        await self.dock.work()
        await self.counting_house.work()
        if self.plan.do_settle:
            await self.counting_house.pay_sellers()
        await worker.settle(self.db)

    async def _break(self, numbers: range) -> None:
        """The payment provider will do some things wrong; what waits for it in the queue has its turn by now."""
        dice = Dice(f"{self.seed}/faults")
        for n in range(*(self.plan.faults * number // 1000 for number in (numbers.start, numbers.stop))):
            operation, kind = FAULTS[dice.up_to(len(FAULTS), n, "what")]
            await payments.sandbox.order_fault(self.db, operation, kind)
            self.done["faults"] += 1
        async with self.db.connection() as connection:
            await connection.execute("UPDATE pgqueuer SET execute_after = now() WHERE status = 'queued'")

    # ---- buyers

    def buyer(self, order_id: int) -> str:
        """Who ordered, as the shop calls them."""
        return f"m{self.fate(order_id).number(1 + self.size // 3, 'buyer')}"

    async def _place(self, numbers: Sequence[int]) -> None:
        baskets = [self._basket(number) for number in numbers]
        placed: dict[str, list[int]] = defaultdict(list)
        results = await do(self.db, SYSTEM, placement.place, baskets) if baskets else []
        for number, result in zip(numbers, results, strict=True):
            assert not isinstance(result, Refusal), result
            self.numbers[result.order_id] = number
            placed[Fate(self.seed, number).of("pays", PAYS)].append(result.order_id)
        self.done["placed"] += len(results)
        await self._pay(placed)

    def _basket(self, number: int) -> placement.Basket:
        fate = Fate(self.seed, number)
        seller = self.houses[fate.number(len(self.houses), "seller")]
        skus = sorted(seller.shop.products)
        first = fate.number(len(skus), "first")
        many = 40 if fate.number(200, "many") == 0 else 0
        lines = {
            skus[(first + n) % len(skus)]: many or 1 + fate.number(2, "units", n)
            for n in range(1 + fate.number(2, "lines"))
        }
        return placement.Basket(
            merchant_id=seller.shop.merchant_id, reference=f"M{number:05d}",
            channel=seller.channels[fate.number(len(seller.channels), "channel")],
            buyer=placement.Buyer(ref=f"m{fate.number(1 + self.size // 3, 'buyer')}"),
            items=tuple(placement.Item(sku, quantity) for sku, quantity in lines.items()),
            ship_to=ADDRESSES[fate.number(len(ADDRESSES), "address")],
        )  # fmt: skip

    async def _pay(self, placed: dict[str, list[int]]) -> None:
        """Most at once, some by a code that they see in time, some too late, some at the second try, some never."""
        for order_id in placed["declined_first"]:
            await payments.sandbox.order_fault(self.db, "start", "declined")
            await self._start([order_id], "instant")
        again = [row["id"] for row in await self.rows(DECLINED, placed["declined_first"])]
        await self._start([*placed[""], *again], "instant")
        codes = await self._start(placed["by_code"], "qr")
        await payments.sandbox.pay_all(self.db, codes)
        await self._start([*placed["too_late"], *placed["never"]], "qr")
        await self._provider_tells()

    async def _start(self, order_ids: Sequence[int], method: str) -> list[int]:
        if not order_ids:
            return []
        started = await do(self.db, SYSTEM, payments.start, list(order_ids), provider="sandbox", method=method)
        await payments.call_started(self.db, [one.id for one in started])
        return [one.id for one in started]

    async def _provider_tells(self) -> None:
        while waiting := await payments.sandbox.take_outgoing(self.db):
            said = [payments.Received({k.lower(): v for k, v in one.headers.items()}, one.body) for one in waiting]
            await payments.take_in_notifications(self.db, "sandbox", said)

    async def _think_again(self) -> None:
        """Money that comes too late, cancellations and other addresses, before anything is picked."""
        thought_before = sum(self.done.values())
        for row in await self.rows("""
            SELECT p.provider_ref, o.id FROM orders o JOIN payment_allotments a ON a.order_id = o.id
            JOIN payments p ON p.id = a.payment_id
            WHERE o.state = 'expired' AND p.state = 'voided' AND p.captured_at IS NULL ORDER BY o.reference
        """):  # fmt: skip
            if self.fate(row["id"]).of("pays", PAYS) == "too_late":
                # Nobody asks about an attempt that ended on both sides: money that comes all the same is known by its
                # notification alone, and one that is lost for good is for the provider's statement to tell.
                await payments.sandbox.mend(self.db, "notify")
                await payments.sandbox.pay(self.db, row["provider_ref"], even_if_closed=True)
                self.done["paid too late"] += 1
        await self._provider_tells()
        for row in await self.rows("""
            SELECT id FROM orders WHERE state IN ('confirmed', 'held') AND dispatch_locked_at IS NULL AND reference <> ''
            ORDER BY reference
        """):  # fmt: skip
            fate = self.fate(row["id"])
            thought = fate.of("thinks", SECOND_THOUGHTS)
            if thought == "cancels":
                await self.attempt("cancelled", SYSTEM, orders.cancel, row["id"], reason="changed_my_mind")
            elif thought == "moves":
                there = ADDRESSES[fate.number(len(ADDRESSES), "moves to")]
                await self.attempt("moved", SYSTEM, placement.change_address, row["id"],
                                placement.ChangeAddress(ship_to=there, waive=True))  # fmt: skip
        if sum(self.done.values()) > thought_before:
            await worker.settle(self.db, with_deadlines=False)

    async def _review(self) -> None:
        """Somebody looks at what was held; the rest is decided by time."""
        for one in await do(self.db, REVIEWER, review.claim, limit=20):
            if self.fate(one.order_id).number(3, "looked at"):
                await self.attempt("approved", REVIEWER, review.approve, one.id, answers={"looked": "yes"})
            else:
                await self.attempt("rejected", REVIEWER, review.reject, one.id, reason="odd")

    # ---- the warehouse and the road

    async def _ship(self) -> None:
        """Pick, pack and hand over everything that waits, in bulk."""
        for place in [place for one in self.houses for place in one.warehouses]:
            while works := await do(self.db, SYSTEM, fulfilment.claim, place, limit=200, claimed_by=None):
                inside = {row["work_id"]: row["lines"] for row in await self._contents(works)}
                await do(self.db, SYSTEM, fulfilment.pack_many, [
                    fulfilment.Pack(work.id, tuple(fulfilment.PackedLine(n, units) for n, units in inside[work.id]))
                    for work in works
                ])  # fmt: skip
                parcels = await do(self.db, SYSTEM, fulfilment.ship, [self._parcel(work) for work in works])
                self.done["parcels"] += len(parcels)
                self._watch(parcels)

    async def _contents(self, works: Sequence[fulfilment.Work]) -> list[dict[str, Any]]:
        rows = await self.rows(
            """
            SELECT w.id AS work_id, r.line_no, sum(r.quantity / r.each)::int AS units FROM work_orders w
            JOIN reservations r ON r.order_id = w.order_id AND r.warehouse_id = w.warehouse_id AND r.state = 'held'
            WHERE w.id = ANY($1::bigint[]) GROUP BY w.id, r.line_no ORDER BY w.id, r.line_no
            """,
            [work.id for work in works],
        )
        held: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in rows:
            held[row["work_id"]].append((row["line_no"], row["units"]))
        return [{"work_id": i, "lines": lines} for i, lines in held.items()]

    def _parcel(self, work: fulfilment.Work) -> fulfilment.Ship:
        fate = self.fate(work.order_id)
        carrier, number = fate.parcel()
        if work.warehouse_id == self.houses[0].warehouses[-1]:
            # An order that comes from two warehouses has a parcel from each.
            carrier, number = "yto", f"YT9{fate.serial:012d}"
        # Fate chooses, not the house: where another carrier is suggested, that is the reason.
        return fulfilment.Ship(work.id, carrier, number, carrier_reason="drawn_by_lot")

    def _watch(self, parcels: Iterable[fulfilment.Parcel]) -> None:
        """What carriers without a connection will say, each in its time and some of it twice."""
        for parcel in parcels:
            if parcel.carrier == "sandbox":
                continue
            for one in told(self.seed, parcel.carrier, parcel.tracking_number, parcel.dispatched_at):
                for _ in range(one.times):
                    heapq.heappush(self._scans, (one.at, next(self._places), one.scan))

    async def _carriers_tell(self) -> None:
        """Their files hold what they saw until now, in any order."""
        async with self.db.reading(SYSTEM) as tx:
            now = tx.now
        due = []
        while self._scans and self._scans[0][0] <= now:
            due.append(heapq.heappop(self._scans)[2])
        for start in range(0, len(due), 500):
            taken = await do(self.db, SYSTEM, fulfilment.scan, mixed(due[start : start + 500], self.seed))
            assert not taken.refused, taken.refused[0]
            self.done["scans"] += taken.stored
            self.done["scans told again"] += taken.repeated

    async def _on_the_way(self) -> None:
        """Some parcels are called back."""
        for row in await self.rows("""
            SELECT p.id, min(l.order_id) AS order_id FROM parcels p JOIN parcel_lines l ON l.parcel_id = p.id
            WHERE p.carrier = 'sandbox' AND p.state IN ('moving', 'out_for_delivery')
              AND NOT EXISTS (SELECT FROM interceptions i WHERE i.parcel_id = p.id)
            GROUP BY p.id, p.tracking_number ORDER BY p.tracking_number
        """):  # fmt: skip
            if self.fate(row["order_id"]).of("on the way", ON_THE_WAY) == "called_back":
                await self.attempt("called back", SYSTEM, transit.intercept, [row["id"]], reason="buyer_request")

    async def _arrived(self) -> None:
        """Some buyers confirm, some object and take it back two days later, most never say a word."""
        for row in await self.rows("""
            SELECT o.id, b.opened_at < dingdan_now() - interval '2 days' AS is_old, b.order_id IS NOT NULL AS objected,
                   EXISTS (SELECT FROM cases c WHERE c.order_id = o.id AND c.source = 'buyer') AS has_case
            FROM orders o LEFT JOIN objections b ON b.order_id = o.id AND b.cause = 'buyer'
            WHERE o.state = 'confirmed' AND o.delivered_at IS NOT NULL AND (b.order_id IS NULL OR b.settled_at IS NULL)
            ORDER BY o.reference
        """):  # fmt: skip
            wish = self.fate(row["id"]).of("arrived", ARRIVED)
            if row["objected"] and row["is_old"]:
                await self.attempt("objection settled", SYSTEM, orders.settle_as_buyers, row["id"], outcome="withdrawn")
            elif wish == "confirms":
                await self.attempt("confirmed receipt", SYSTEM, orders.receive, row["id"])
            elif wish == "objects" and not row["objected"]:
                await self.attempt("objected", SYSTEM, orders.object_as_buyer, row["id"], reason="not_as_described")
            elif wish in ("misses_something", "doubts_receipt") and not row["has_case"]:
                kind = "missing_item" if wish == "misses_something" else "disputed_receipt"
                await self.desk.report(row["id"], kind)

    def reason(self, row: Any) -> str:
        """Why a parcel of this seller's came back: what goes off on its way was not turned away for no reason."""
        is_fresh = row["merchant_id"] == self.houses[1].shop.merchant_id
        return "REFUSED_DAMAGED" if is_fresh else "REFUSED_NO_REASON"
