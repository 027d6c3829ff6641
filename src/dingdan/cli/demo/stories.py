"""Tells the demo's stories: orders in every state, acted out by the real commands at believable times."""

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from dingdan import worker
from dingdan.areas import (
    cases,
    clocks,
    feedback,
    fulfilment,
    identity,
    orders,
    payments,
    placement,
    returns,
    review,
)
from dingdan.cli.demo import accounts, kept, people
from dingdan.cli.demo.lanes import CARRIER, evaluate_carriers
from dingdan.cli.demo.shops import BUYERS, SHOPS
from dingdan.cli.demo.stages import Stage, set_up
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

# Returns are answered within so many hours of service; what the law counts goes on at night.
SERVICE = CalendarTerms(zone="Asia/Shanghai", opens="09:00", closes="21:00", holidays="CN", kinds=("return.review",))

# How many orders reach which end, and how many hours before now each was placed.
ENDS: tuple[tuple[str, int, tuple[int, int]], ...] = (
    ("awaiting_payment", 3, (0, 0)), ("expired", 3, (2, 60)), ("cancelled", 2, (3, 70)), ("refunded", 3, (20, 90)),
    ("held", 2, (3, 20)), ("queued", 12, (1, 30)), ("picking", 3, (2, 3)), ("packed", 3, (5, 30)),
    ("dispatched", 4, (10, 40)), ("moving", 5, (30, 70)), ("out_for_delivery", 3, (60, 90)),
    ("turned_away", 1, (80, 100)), ("silent", 2, (80, 110)), ("delivered", 10, (90, 160)), ("completed", 8, (260, 420)),
    ("return_approved", 3, (120, 160)), ("return_in_review", 2, (120, 150)), ("return_refused", 1, (120, 160)),
    ("return_withdrawn", 1, (120, 160)), ("return_sent", 3, (160, 200)), ("return_received", 2, (200, 230)),
    ("return_failed", 2, (210, 250)), ("return_refunded", 6, (220, 300)), ("return_swapped", 1, (196, 198)),
    ("moved", 2, (1, 20)),
    # Nobody picked it by its promise; and something of it was missing.
    ("late", 1, (75, 90)), ("in_trouble", 1, (80, 100)), ("return_exchanged", 1, (220, 300)),
)  # fmt: skip

# Returns that end with somebody's look; what was swapped is looked at last.
LOOKED_AT = ("return_failed", "return_refunded", "return_exchanged", "return_swapped")
ROAD = ("dispatched", "moving", "out_for_delivery", "delivered")
# What happens in several stories within so long is answered together.
TOGETHER = timedelta(minutes=90)
CODES = {"moving": "in_transit", **{code: code for code in ("out_for_delivery", "delivered", "turned_away")}}


class Step(msgspec.Struct, frozen=True):
    """Something that happens in a story at a time."""

    at: datetime
    story: str
    act: Callable[[], Awaitable[None]]


async def tell(db: Database, key_file: Path) -> tuple[str, bool]:
    """Tell what was not told yet (a first start may have been cut short); gives the API key and whether all is new."""
    await do(db, SYSTEM, clocks.save_calendar, None, SERVICE)
    stages = [await set_up(db, shop) for shop in SHOPS]
    await accounts.open_account(db, stages[0].merchant_id)
    await people.hire(db, stages[0].merchant_id)
    stories = await _stories(db, stages)
    untold = [story for story in stories if not await story.is_told()]
    await _act(db, [step for story in untold for step in story.steps()])
    # Rules of review come last: the orders above go their ways, those below wait for a second look.
    await do(db, SYSTEM, review.load_shipped)
    looks = [story for story in await _looked_at(db, stages) if not await story.is_told()]
    await _act(db, [step for story in looks for step in story.steps()])
    await accounts.invoice_one(db, stages[0].merchant_id)
    if untold:
        for stage in stages:
            await do(db, SYSTEM, evaluate_carriers, stage.merchant_id)
    return await _key(db, key_file), len(untold) == len(stories)


async def _key(db: Database, key_file: Path) -> str:
    """The demo's key: made once, kept beside the data for the next start."""
    if (secret := kept.read_key(key_file)) is not None:
        async with db.transaction(SYSTEM) as tx:
            if await identity.find_key(tx, secret) is not None:
                return secret
    issued = await do(db, SYSTEM, identity.issue_key, identity.IssueKey(
        merchant_id=None, staff_id=None, name="demo", scopes=tuple(sorted(identity.PERMISSIONS))))  # fmt: skip
    kept.write_key(key_file, issued.secret)
    return issued.secret


async def _act(db: Database, steps: Sequence[Step]) -> None:
    """Let everything happen in the order of time, and what follows from it follow before its story goes on."""
    since, acted = None, set[str]()
    for step in sorted(steps, key=lambda step: step.at):
        if since is None or step.story in acted or step.at - since > TOGETHER:
            await worker.settle(db, at=step.at)
            since, acted = step.at, set()
        await step.act()
        acted.add(step.story)
    await worker.settle(db)


async def _stories(db: Database, stages: Sequence[Stage]) -> "list[Story]":
    chance = random.Random(7)
    async with db.transaction(SYSTEM) as tx:
        now = tx.now
    stories: list[Story] = []
    for end, count, (newest, oldest) in ENDS:
        for _ in range(count):
            placed_at = now - timedelta(minutes=chance.randint(newest * 60 + 2, max(oldest * 60, newest * 60 + 15)))
            stories.append(
                Story(
                    db,
                    chance.choice(stages),
                    chance,
                    placed_at=placed_at,
                    end=end,
                    reference=f"demo-{len(stories) + 1:03d}",
                )
            )
    return stories


async def _looked_at(db: Database, stages: Sequence[Stage]) -> "list[Story]":
    """Orders of this moment, since when the rules of review hold: made to order, presale, a large amount."""
    chance = random.Random(11)
    async with db.transaction(SYSTEM) as tx:
        now = tx.now
    wanted = (("lantern", "NAMEPLATE", 1), ("greenwood", "COAT-DOWN-L", 1), ("lantern", "LAMP-PAPER", 12))
    by_code = {stage.shop.code: stage for stage in stages}
    return [
        Story(db, by_code[shop], chance, placed_at=now, end="in_review",
              reference=f"demo-review-{n + 1}", items=(placement.Item(sku, quantity),))
        for n, (shop, sku, quantity) in enumerate(wanted)
    ]  # fmt: skip


class Story:
    """One order from its placing to its end."""

    def __init__(
        self,
        db: Database,
        stage: Stage,
        chance: random.Random,
        *,
        placed_at: datetime,
        end: str,
        reference: str,
        items: tuple[placement.Item, ...] = (),
    ) -> None:
        self._db, self._stage, self._end = db, stage, end
        self._placed_at = placed_at
        basket = _basket(stage, chance, end)
        self._basket = msgspec.structs.replace(basket, reference=reference, items=items or basket.items)
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
        if self._end == "silent":
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
        # Nobody hears again of what the sandbox carrier takes here: that is noticed by itself.
        carrier, number = ("sandbox", fulfilment.sandbox_number(self._order_id, "S")) if self._end == "silent" else (
            CARRIER, self._tracking)  # fmt: skip
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

    async def _send(self) -> None:
        number = f"BACK{self._return_id % 10**12:012d}"
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


def _basket(stage: Stage, chance: random.Random, end: str) -> placement.Basket:
    ref, address = chance.choice(BUYERS)
    # What may come back without a reason, where a return is to be told.
    plain = [p for p in stage.shop.products if p.is_plain]
    choice = [p for p in plain if not p.flags] if end.startswith("return_") else plain
    picked = chance.sample(choice, k=min(len(choice), chance.choice((1, 1, 2, 2, 3))))
    return placement.Basket(
        merchant_id=stage.merchant_id, channel=chance.choice(stage.shop.channels)[0],
        buyer=placement.Buyer(ref=ref, email=f"{ref}@buyers.example"), ship_to=address,
        items=tuple(placement.Item(product.sku, chance.choice((1, 1, 1, 2))) for product in picked),
    )  # fmt: skip
