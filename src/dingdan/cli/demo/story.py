"""One order of the demo from its placing to its end, acted out by the real commands at believable times."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from dingdan.areas import cases, feedback, fulfilment, orders, payments, placement, returns
from dingdan.cli.demo.lanes import CARRIER
from dingdan.cli.demo.stages import Stage
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do_at

# Returns that end with somebody's look; what was swapped is looked at last.
LOOKED_AT = ("return_failed", "return_refunded", "return_exchanged", "return_swapped")
# Of one parcel nobody hears again, which is noticed by itself; another one moves as the clock does.
SCRIPTS = {"silent": "S", "rolling": "N"}
ROAD = ("dispatched", "moving", "out_for_delivery", "delivered")
CODES = {"moving": "in_transit", **{code: code for code in ("out_for_delivery", "delivered", "turned_away", "lost")}}


class Step(msgspec.Struct, frozen=True):
    """Something that happens in a story at a time."""

    at: datetime
    story: str
    act: Callable[[], Awaitable[None]]


class Story:
    """One order from its placing to its end."""

    def __init__(
        self,
        db: Database,
        stage: Stage,
        basket: placement.Basket,
        *,
        placed_at: datetime,
        end: str,
    ) -> None:
        self._db, self._stage, self._basket, self._end = db, stage, basket, end
        self._placed_at = self._now = placed_at
        self._order_id = 0
        self._return_id = 0

    async def is_told(self) -> bool:
        """Whether an earlier start told it."""
        async with self._db.transaction(SYSTEM) as tx:
            reference = self._basket.reference or ""
            return bool(await orders.by_reference(tx, self._stage.merchant_id, [reference]))

    def steps(self) -> list[Step]:
        """What happens, and when."""
        after = self._after
        steps = [after(0, self._place)]
        if self._end in ("awaiting_payment", "expired"):
            return steps
        if self._end == "cancelled":
            return [*steps, after(0.2, self._cancel)]
        steps.append(after(0 if self._end == "in_review" else 0.1, self._pay))
        if self._end == "in_review":
            return steps
        if self._end == "refunded":
            return [*steps, after(1.5, self._cancel)]
        if self._end == "held":
            return [*steps, after(0.5, self._hold)]
        if self._end == "moved":
            return [*steps, after(0.5, self._go_elsewhere)]
        return [*steps, *self._warehouse()]

    def _warehouse(self) -> list[Step]:
        after = self._after
        if self._end in ("queued", "late"):
            return []
        steps = [after(2, self._claim)]
        if self._end == "picking":
            return steps
        steps.append(after(2.5, self._pack))
        if self._end == "packed":
            return steps
        steps.append(after(4, self._ship))
        if self._end in SCRIPTS:
            return steps
        road = ("moving", "turned_away") if self._end == "turned_away" else ROAD[1:]
        reached = self._end if self._end in (*ROAD, "turned_away") else "delivered"
        for hours, state in zip((20, 50, 60), road, strict=False):
            if reached == "dispatched":
                break
            steps.append(after(hours, partial(self._scan, state)))
            if state == reached:
                break
        if self._end == "completed":
            steps += [after(130, self._receive), after(131, self._rate)]
        if self._end == "in_trouble":
            steps.append(after(66, self._complain))
        if self._end.startswith("return_"):
            steps += self._return()
        return steps

    def _return(self) -> list[Step]:
        after = self._after
        steps = [after(84, self._apply)]
        if self._end == "return_withdrawn":
            steps.append(after(90, self._withdraw))
        if self._end == "return_refused":
            steps.append(after(100, self._refuse))
        if self._end in ("return_sent", "return_received", *LOOKED_AT):
            steps.append(after(110, self._send))
        if self._end in ("return_received", *LOOKED_AT):
            steps.append(after(170, self._take_back))
        if self._end in LOOKED_AT:
            steps.append(after(190, self._inspect))
        return steps

    def _after(self, hours: float, act: Callable[[datetime], Awaitable[None]] | Callable[[], Any]) -> Step:
        at = self._placed_at + timedelta(hours=hours)

        async def go() -> None:
            self._now = at
            await act()  # type: ignore[call-arg]

        return Step(at, self._basket.reference or "", go)

    async def _do(self, command: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        return await do_at(self._db, SYSTEM, self._now, command, *args, **kwargs)

    async def _place(self) -> None:
        (placed,) = await self._do(placement.place, [self._basket])
        if isinstance(placed, Refusal):
            raise placed
        self._order_id = placed.order_id

    async def _pay(self) -> None:
        started = await self._do(payments.start, [self._order_id], provider="sandbox", method="instant")
        await payments.call_started(self._db, [payment.id for payment in started], at=self._now)

    async def _cancel(self) -> None:
        await self._do(orders.cancel, self._order_id, reason="changed_mind")

    async def _go_elsewhere(self) -> None:
        at = self._basket.ship_to
        assert at is not None
        to = msgspec.structs.replace(at, detail=f"{at.detail} 302 室")
        await self._do(placement.change_address, self._order_id, placement.ChangeAddress(ship_to=to))

    async def _hold(self) -> None:
        await self._do(orders.hold, self._order_id, reason="invoice_title_missing")

    async def _work(self) -> fulfilment.Work:
        async with self._db.transaction(SYSTEM) as tx:
            (work,) = await fulfilment.works_of(tx, [self._order_id])
        return work

    async def _claim(self) -> None:
        work = await self._work()
        await self._do(fulfilment.claim, work.warehouse_id, limit=1, claimed_by=None, order_ids=[self._order_id])

    async def _pack(self) -> None:
        lines = [fulfilment.PackedLine(n, item.quantity) for n, item in enumerate(self._basket.items, start=1)]
        await self._do(fulfilment.pack, (await self._work()).id, lines)

    async def _ship(self) -> None:
        # What the sandbox carrier takes goes on by itself, as its script says.
        script = SCRIPTS.get(self._end)
        carrier, number = (CARRIER, self._tracking) if script is None else (
            "sandbox", fulfilment.sandbox_number(self._order_id, script))  # fmt: skip
        # Whatever is suggested by then, the stories are told with these.
        ship = fulfilment.Ship((await self._work()).id, carrier, number, carrier_reason="regular_pickup")
        await self._do(fulfilment.ship, [ship])

    @property
    def _tracking(self) -> str:
        return f"YT{self._order_id % 10**13:013d}"

    async def _scan(self, state: str) -> None:
        to = self._basket.ship_to
        place = to.city if to is not None and state != "moving" else self._stage.shop.warehouse_en
        await self._do(fulfilment.scan, [fulfilment.Scan(
            carrier=CARRIER, tracking_number=self._tracking, event_id=state, code=CODES[state], at=self._now,
            place=place)])  # fmt: skip

    async def _receive(self) -> None:
        await self._do(orders.receive, self._order_id)

    async def _rate(self) -> None:
        given = feedback.Give(rating=5, text="东西很好，物流也快。 Just as described.")
        await self._do(feedback.give, self._order_id, given)

    async def _complain(self) -> None:
        told = cases.OpenCase(kind="missing_item", order_id=self._order_id, text="少了一件。 One piece is missing.")
        await self._do(cases.open_by_hand, told, source="buyer")

    async def _apply(self) -> None:
        # A claimed price that was never paid, and a fault that somebody must look at, both wait for a person.
        claimed = 1 if self._end == "return_in_review" else None
        reason = "QUALITY_DEFECT" if self._end == "return_refused" else "NO_REASON"
        line = returns.ApplyLine(
            order_id=self._order_id, line_no=1, quantity=1, reason=reason, claimed_unit_price=claimed)  # fmt: skip
        buyer = self._basket.buyer.ref if self._basket.buyer is not None else ""
        wanted = returns.Resolution.EXCHANGE if self._end == "return_exchanged" else returns.Resolution.REFUND
        asked = returns.Apply(self._stage.merchant_id, buyer, (line,), resolution=wanted)
        applied = await self._do(returns.apply, asked)
        self._return_id = applied.returns[0].id

    async def _withdraw(self) -> None:
        await self._do(returns.withdraw, self._return_id)

    async def _refuse(self) -> None:
        await self._do(returns.refuse, self._return_id, reason="EVIDENCE_INSUFFICIENT", rule="CN_QUALITY",
                       alternatives=("price_reduction", "repair"))  # fmt: skip

    async def _send(self, number: str = "") -> None:
        number = number or f"BACK{self._return_id % 10**12:012d}"
        await self._do(returns.send, [returns.Send((self._return_id,), "manual", number)])

    async def _take_back(self) -> None:
        await self._do(returns.receive, [returns.Receive(self._return_id)])

    async def _inspect(self) -> None:
        is_bad, is_other = self._end in ("return_failed", "return_swapped"), self._end == "return_swapped"
        # Something else came back than was sold: its buyer is looked at from here on.
        note = "退回的不是原商品" if is_other else "吊牌被剪,有洗涤痕迹"
        # The recipe of what is worn or lies at home: that the tag was cut and it was washed decides by itself.
        checks = dict.fromkeys(("original", "label", "tag", "clean", "undamaged", "wrapped"), True)
        found = returns.InspectedLine(
            1, 1, is_original=None, intact=None, grade="C" if is_bad else "A",
            disposition="quarantine" if is_bad else "restock", note=note if is_bad else "",
            checks=checks | ({"original": False} if is_other else {"tag": False, "clean": False} if is_bad else {}),
        )  # fmt: skip
        await self._do(returns.inspect, [returns.Inspect(self._return_id, (found,))])
