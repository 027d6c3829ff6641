"""A small world that does random things to a real database, in an order that a seed decides."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from dingdan import worker
from dingdan.areas import credit, fulfilment, orders, payments, placement, refunds, returns, review
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import invariants
from dingdan.plumbing import clock, jobs, outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.reactions import runner
from dingdan.reactions.jobs import HANDLERS
from tests import given
from tests.simulation import coming_back

FAULTS = {
    "start": ("declined", "error_before", "answer_lost_after_charging", "garbage", "another_amount"),
    "query": ("error_before", "garbage"),
    "void": ("error_before", "answer_lost_after_charging"),
    "refund": ("declined", "error_before", "answer_lost_after_charging", "garbage"),
    "query_refund": ("error_before",),
    "notify": ("duplicate", "repeat", "jump", "drop", "wrong_signature", "wrong_amount"),
}
CODES = ("picked_up", "in_transit", "out_for_delivery", "delivered", "turned_away", "returning", "lost", "damaged")


class World:
    """Buyers, staff, a provider and a carrier, all with a will of their own."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db = db
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.shops: list[given.Shop] = []
        self.orders: list[int] = []
        self.tracking: list[str] = []
        self.cards: list[int] = []
        self.posted: list[httpx.Request] = []

    async def open(self) -> None:
        """Two shops with little stock, so that there is something to fight over."""
        await given.review_rule(self.db, review.LargeQuantity(more_than=30), on_timeout="cancel")
        await given.review_rule(self.db, review.Velocity(orders=20, within_minutes=30), code="fast")
        self.shops = [await given.shop(self.db, stock=300), await given.shop(self.db, stock=60, flags=("intimate",))]

    async def act(self) -> None:
        """One random thing; a refusal is a fair answer, anything else is a bug."""
        name, act = self.chance.choice(self._acts())
        try:
            await act()
            self.done[name] += 1
        except Refusal as refusal:
            self.done[f"{name}: {refusal.problems[0].code}"] += 1

    def _acts(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        weights = {
            self.place: 10, self.grant: 4, self.keep_points: 3, self.pay_with_credit: 6, self.pay: 8,
            self.pay_at_the_door: 6, self.buyer_pays: 6, self.notify: 6, self.cancel: 3,
            self.hold_or_release: 2, self.pick: 6, self.pack_and_ship: 8, self.scan: 12, self.receive: 2,
            self.apply: 8, self.decide: 3, self.send: 6, self.take_back: 5, self.inspect: 5, self.mend_refund: 2,
            self.dispose: 4, self.travel_back: 2, self.find: 1,
            self.look_again: 6, self.answer: 3, self.break_something: 4, self.time_passes: 2, self.nerves: 14,
        }  # fmt: skip
        return [(act.__name__, act) for act, weight in weights.items() for _ in range(weight)]

    async def place(self) -> None:
        shop = self.chance.choice(self.shops)
        skus = self.chance.sample(sorted(shop.products), k=self.chance.randint(1, 3))
        lines = {sku: self.chance.choice((1, 1, 2, 3, 40)) for sku in skus}
        buyer = f"b{self.chance.randint(1, 4)}"
        (result,) = await do(self.db, SYSTEM, placement.place, [given.basket(shop, lines, buyer=buyer)])
        if isinstance(result, Refusal):
            raise result
        self.orders.append(result.order_id)

    async def pay(self) -> None:
        await self._start("instant")

    async def pay_at_the_door(self) -> None:
        await self._start("qr")

    async def grant(self) -> None:
        """A buyer gets money or points, or somebody buys a card of the platform."""
        amount = self.chance.randint(1, 30_000)
        if self.chance.random() < 0.2:
            new = credit.NewCard(merchant_id=None, currency="CNY", amount=amount)
            self.cards += [card.purse_id for card in await do(self.db, SYSTEM, credit.issue_cards, [new])]
            return
        async with self.db.transaction(SYSTEM) as tx:
            order = await orders.get_one(tx, self._order())
            kind = self.chance.choice((credit.PurseKind.BALANCE, credit.PurseKind.POINTS))
            is_points = kind is credit.PurseKind.POINTS
            ends = tx.now + timedelta(days=self.chance.randint(1, 20)) if is_points else None
            await credit.grant(tx, [
                credit.Grant(merchant_id=order.merchant_id, buyer_id=order.buyer_id, kind=kind, amount=amount,
                             unit=credit.POINTS_UNIT if is_points else "CNY", reason="gift", expires_at=ends)
            ])  # fmt: skip

    async def keep_points(self) -> None:
        """Points are taken off the price of an order, as they are when it is placed."""
        order_id = await self._order_where("state = 'awaiting_payment'")
        async with self.db.transaction(SYSTEM) as tx:
            order = await orders.lock_one(tx, order_id)
            kept = await tx.fetchval("SELECT count(*) FROM credit_holds WHERE order_id = $1", order_id)
            if order.state is orders.OrderState.AWAITING_PAYMENT and not kept:
                await credit.hold(tx, [
                    credit.Hold(order_id=order_id, merchant_id=order.merchant_id, buyer_id=order.buyer_id,
                                amount=self.chance.randint(1, 9_000))
                ])  # fmt: skip

    async def pay_with_credit(self) -> None:
        order_id = await self._order_where("state = 'awaiting_payment'")
        tenders = [payments.CreditTender(amount=self.chance.choice((None, None, 100, 5_000)))]
        if self.cards and self.chance.random() < 0.5:
            tenders.append(payments.CreditTender(purse_id=self.chance.choice(self.cards)))
        provider = self.chance.choice(("sandbox", "sandbox", None))
        started = await do(self.db, SYSTEM, payments.start, [order_id], provider=provider, tenders=tenders,
                           method=self.chance.choice(("qr", "instant")) if provider else "")  # fmt: skip
        if self.chance.random() < 0.9:
            await payments.call_started(self.db, [payment.id for payment in started])

    async def _start(self, method: str) -> None:
        order_id = await self._order_where("state = 'awaiting_payment'")
        started = await do(self.db, SYSTEM, payments.start, [order_id], provider="sandbox", method=method)
        if self.chance.random() < 0.9:  # Else the process died between the intention and the call.
            await payments.call_started(self.db, [payment.id for payment in started])

    async def buyer_pays(self) -> None:
        async with self.db.transaction(SYSTEM) as tx:
            rows = await tx.fetch(
                "SELECT provider_ref, state FROM payments WHERE provider_ref IS NOT NULL ORDER BY id DESC LIMIT 20"
            )
        if not rows:
            return
        row = self.chance.choice(rows)
        outcome = self.chance.choice(("captured", "captured", "failed"))
        is_late = row["state"] in ("failed", "voided")
        if is_late:
            # Nobody asks about an attempt that ended on both sides: money that comes all the same is known by its
            # notification alone, and one that is lost for good is for the provider's statement to tell.
            await payments.sandbox.mend(self.db)
        await payments.sandbox.pay(self.db, row["provider_ref"], outcome, even_if_closed=is_late)

    async def notify(self) -> None:
        """The provider posts what waits, again what was not answered well; an echo of the past is posted, too."""
        async with httpx.AsyncClient(transport=httpx.MockTransport(self._door)) as client:
            await payments.sandbox.deliver_notifications(self.db, client, "http://us/callback", limit=20)
        for request in self.chance.sample(self.posted, k=min(len(self.posted), 2)):
            await self._take_in(request)

    async def _door(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(request)
        return await self._take_in(request)

    async def _take_in(self, request: httpx.Request) -> httpx.Response:
        received = payments.Received(dict(request.headers), request.content)
        (reply,) = await payments.take_in_notifications(self.db, "sandbox", [received])
        return httpx.Response(reply.kind.value if isinstance(reply, Refusal) else reply.status)

    async def cancel(self) -> None:
        order_id = await self._order_where("state IN ('awaiting_payment', 'confirmed', 'held')")
        await do(self.db, SYSTEM, orders.cancel, order_id, reason="changed my mind")

    async def hold_or_release(self) -> None:
        if self.chance.random() < 0.5:
            await do(self.db, SYSTEM, orders.hold, await self._order_where("state = 'confirmed'"), reason="look again")
        else:
            await do(self.db, SYSTEM, orders.release, await self._order_where("state = 'held'"))

    async def look_again(self) -> None:
        """Somebody at the review desk does something with one that they have, or takes one."""
        by = Actor(ActorKind.STAFF, self.chance.randint(901, 903))
        async with self.db.transaction(SYSTEM) as tx:
            mine = await tx.fetchval("SELECT id FROM reviews WHERE claimed_by = $1 AND state = 'claimed'", by.id)
        if mine is None:
            await do(self.db, by, review.claim, limit=1)
            return
        answer: review.Answer = self.chance.choice(("yes", "no"))
        verb = self.chance.choice(("approve", "approve", "reject", "ask", "escalate", "put_back", "block"))
        if verb == "approve":
            await do(self.db, by, review.approve, mine, answers={"looked": answer})
        elif verb == "ask":
            await do(self.db, by, review.ask, mine, questions=["why"], text="为什么？")
        elif verb == "put_back":
            await do(self.db, by, review.put_back, mine)
        else:
            act = {"reject": review.reject, "escalate": review.escalate, "block": review.block}[verb]
            await do(self.db, by, act, mine, reason="odd")

    async def answer(self) -> None:
        async with self.db.transaction(SYSTEM) as tx:
            asked = await tx.fetchval("SELECT id FROM reviews WHERE state = 'asked' ORDER BY id LIMIT 1")
        if asked is not None:
            await do(self.db, SYSTEM, review.answer, asked, text="因为")

    async def pick(self) -> None:
        shop = self.chance.choice(self.shops)
        await do(self.db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=3, claimed_by=None)

    async def pack_and_ship(self) -> None:
        async with self.db.transaction(SYSTEM) as tx:
            rows = await tx.fetch("SELECT id, order_id, state FROM work_orders WHERE state IN ('picking', 'packed')")
            if not rows:
                return
            work = self.chance.choice(rows)
            lines = (await orders.lines(tx, [work["order_id"]]))[work["order_id"]]
        if work["state"] == "picking" and (luck := self.chance.random()) < 0.15:
            line_no = self.chance.choice(lines).line_no
            short = fulfilment.ShortLine(line_no, missing=int(luck < 0.04), damaged=int(luck >= 0.04))
            await do(self.db, SYSTEM, fulfilment.report_short, work["id"], [short])
        elif work["state"] == "picking":
            packed = [fulfilment.PackedLine(line.line_no, line.quantity) for line in lines]
            await do(self.db, SYSTEM, fulfilment.pack, work["id"], packed)
        elif self.chance.random() < 0.2:
            await do(self.db, SYSTEM, fulfilment.put_back, [work["id"]], reason="box too small")
        else:
            number = f"SIM{work['order_id'] % 10**15:015d}"
            await do(self.db, SYSTEM, fulfilment.ship, [fulfilment.Ship(work["id"], "manual", number)])
            self.tracking.append(number)

    async def scan(self) -> None:
        if not self.tracking:
            return
        number = self.chance.choice(self.tracking[-12:])
        code = self.chance.choice((*CODES, "delivered", "delivered", "in_transit"))
        async with self.db.transaction(SYSTEM) as tx:
            at = tx.now - timedelta(minutes=self.chance.randint(0, 600))
        one = fulfilment.Scan("manual", number, f"{code}-{self.chance.randint(1, 3)}", code, at)
        await do(self.db, SYSTEM, fulfilment.scan, [one] * self.chance.choice((1, 1, 2)))

    async def receive(self) -> None:
        await do(self.db, SYSTEM, orders.receive, self._order())

    async def apply(self) -> None:
        async with self.db.transaction(SYSTEM) as tx:
            row = await tx.fetchrow(
                """
                SELECT o.id, o.merchant_id, l.line_no, l.sku, l.quantity, l.unit_price FROM orders o
                JOIN order_lines l ON l.order_id = o.id WHERE o.shipped_at IS NOT NULL
                ORDER BY (o.id % 7919) * $1::bigint % 7919, l.line_no LIMIT 1
                """,
                self.chance.randint(1, 10**6),
            )
        if row is None:
            return
        claimed = self.chance.choice((None, row["unit_price"], 1))
        line = returns.ApplyLine(
            quantity=self.chance.randint(1, row["quantity"] + 1), order_id=row["id"], line_no=row["line_no"],
            reason=self.chance.choice(("NO_REASON", "QUALITY_DEFECT")), claimed_unit_price=claimed,
        )  # fmt: skip
        async with self.db.transaction(SYSTEM) as tx:
            ref = await self._buyer_ref(tx, row["id"])
        await do(self.db, SYSTEM, returns.apply, returns.Apply(row["merchant_id"], ref, (line,)))

    async def _buyer_ref(self, tx: Any, order_id: int) -> str:
        from dingdan.areas import identity

        order = await orders.get_one(tx, order_id)
        contact = await identity.contact(tx, order.contact_id)
        assert contact is not None
        assert contact.ref is not None
        return contact.ref

    async def decide(self) -> None:
        return_id = await self._return("decision = 'requested' OR journey = 'at_buyer'")
        if return_id is None:
            return
        verdict = self.chance.choice(("approve", "refuse", "withdraw"))
        if verdict == "approve":
            await do(self.db, SYSTEM, returns.approve, return_id)
        elif verdict == "refuse":
            await do(self.db, SYSTEM, returns.refuse, return_id, reason="worn", rule="NOT_INTACT",
                     alternatives=["price_reduction"])  # fmt: skip
        else:
            await do(self.db, SYSTEM, returns.withdraw, return_id)

    async def send(self) -> None:
        return_id = await self._return("journey = 'at_buyer' AND decision = 'approved'")
        if return_id is not None:
            number = f"BACK{return_id % 10**14:014d}"
            await do(self.db, SYSTEM, returns.send, [returns.Send((return_id,), "manual", number)])

    async def take_back(self) -> None:
        return_id = await self._return("journey IN ('sent', 'at_buyer')")
        if return_id is not None:
            await do(self.db, SYSTEM, returns.receive, [returns.Receive(return_id)])

    async def inspect(self) -> None:
        return_id = await self._return("journey = 'received' AND outcome = 'open'")
        if return_id is None:
            return
        async with self.db.transaction(SYSTEM) as tx:
            rows = await tx.fetch("SELECT line_no, received FROM return_lines WHERE return_id = $1", return_id)
        found = []
        for row in rows:
            good = self.chance.randint(0, row["received"])
            for units, is_good in ((good, True), (row["received"] - good, False)):
                if units:
                    found.append(returns.InspectedLine(
                        row["line_no"], units, is_original=is_good, intact=is_good, grade="A" if is_good else "D",
                        disposition="restock" if is_good else self.chance.choice(("scrap", "quarantine", "send_back")),
                    ))  # fmt: skip
        await do(self.db, SYSTEM, returns.inspect, [returns.Inspect(return_id, tuple(found))])

    async def dispose(self) -> None:
        await coming_back.dispose(self.db, self.chance)

    async def travel_back(self) -> None:
        await coming_back.travel(self.db, self.chance)

    async def find(self) -> None:
        await coming_back.find(self.db, self.chance, self.chance.choice(self.shops))

    async def mend_refund(self) -> None:
        async with self.db.transaction(SYSTEM) as tx:
            row = await tx.fetchrow("SELECT id FROM refunds WHERE state = 'failed' ORDER BY id LIMIT 1")
        if row is not None:
            await do(self.db, SYSTEM, refunds.retry, row["id"])

    async def break_something(self) -> None:
        operation = self.chance.choice(sorted(FAULTS))
        await payments.sandbox.order_fault(self.db, operation, self.chance.choice(FAULTS[operation]))

    async def time_passes(self) -> None:
        is_long = self.chance.random() < 0.1
        minutes = self.chance.choice((60 * 24 * 2, 60 * 24 * 8) if is_long else (1, 5, 10, 31, 120))
        await do(self.db, SYSTEM, clock.advance, timedelta(minutes=minutes))
        await worker.run_deadlines(self.db)

    async def nerves(self) -> None:
        """A worker that does some of its work, in an order of its own."""
        some = [
            lambda: outbox.sequence(self.db, self.chance.randint(1, 20)),
            lambda: runner.run(self.db, worker.LISTENERS),
            lambda: worker.run_deadlines(self.db),
            jobs.Runner(self.db, HANDLERS).run_some,
        ]
        self.chance.shuffle(some)
        for work in some:
            await work()

    def _order(self) -> int:
        return self.chance.choice(self.orders[-25:]) if self.orders else 0

    async def _order_where(self, where: str) -> int:
        async with self.db.transaction(SYSTEM) as tx:
            rows = await tx.fetch(f"SELECT id FROM orders WHERE {where} ORDER BY id DESC LIMIT 10")
        return self.chance.choice(rows)["id"] if rows else self._order()

    async def _return(self, where: str) -> int | None:
        async with self.db.transaction(SYSTEM) as tx:
            rows = await tx.fetch(f"SELECT id FROM returns WHERE {where} ORDER BY id DESC LIMIT 10")
        return self.chance.choice(rows)["id"] if rows else None

    async def come_to_rest(self) -> None:
        """The world is mended, time goes on, and everything that was begun comes to its end."""
        await payments.sandbox.mend(self.db)
        for hours in (0, 1, 7, 30, 24 * 3, 24 * 8, 24 * 15):
            await do(self.db, SYSTEM, clock.advance, timedelta(hours=hours))
            for _ in range(4):
                await self.notify()
            async with self.db.connection() as connection:  # What the queue put off comes to its turn, too.
                await connection.execute("UPDATE pgqueuer SET execute_after = now() WHERE status = 'queued'")
            await worker.settle(self.db)
            await runner.retry_parked(self.db, worker.LISTENERS, now=True)
            await worker.settle(self.db)

    async def violations(self, *, settled: bool = False) -> list[str]:
        """What `dingdan check` finds."""
        found = await invariants.check(self.db, settled=settled)
        return [f"{one.name}: {one.count} {one.samples[:2]}" for one in found if one.count]
