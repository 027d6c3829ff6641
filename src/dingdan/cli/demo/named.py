"""A story with a name: the road of its order to the buyer, and what happens then."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from dingdan.areas import (
    addresses,
    cases,
    customs,
    disputes,
    evidence,
    exchanges,
    identity,
    placement,
    refunds,
    returns,
    talks,
)
from dingdan.cli.demo import pictures
from dingdan.cli.demo.stages import Stage
from dingdan.cli.demo.story import Step, Story
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.address import Address
from dingdan.kernel.times import local_date
from dingdan.plumbing import files
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do_at

FINE = dict.fromkeys(("original", "label", "tag", "clean", "undamaged", "wrapped"), True)


class Tale(msgspec.Struct, frozen=True, kw_only=True):
    """Who buys what in which shop, how many hours ago, and at which hours after that something happens.

    `end` is how far the road goes by itself, `refund` what the provider does wrong when the order is cancelled at last.
    """

    name: str
    shop: str
    home: Address
    items: dict[str, int]
    hours: int = 160
    end: str = "delivered"
    acts: tuple[tuple[float, "Callable[[Named], Awaitable[None]]"], ...] = ()
    papers: addresses.Identity | None = None
    refund: str = ""

    @property
    def buyer(self) -> str:
        """By which name the shop knows the buyer: nobody has two of these stories."""
        return f"buyer-{self.name}"


class Named(Story):
    """A story with a name: the road to the buyer, and then what its tale says."""

    def __init__(self, db: Database, stage: Stage, tale: Tale, *, placed_at: datetime, kept: files.Files) -> None:
        basket = placement.Basket(
            merchant_id=stage.merchant_id, reference=f"story-{tale.name}", channel=stage.shop.channels[0][0],
            buyer=placement.Buyer(ref=tale.buyer, name=tale.home.name, email=f"{tale.buyer}@buyers.example"),
            ship_to=tale.home, items=tuple(placement.Item(sku, n) for sku, n in tale.items.items()),
            identity=tale.papers,
        )  # fmt: skip
        super().__init__(db, stage, basket, placed_at=placed_at, end=tale.end)
        self.tale, self._kept, self._dispute_id = tale, kept, 0

    @property
    def order_id(self) -> int:
        """Its order, once it was placed."""
        return self._order_id

    def steps(self) -> list[Step]:
        """The road, and what its tale adds."""
        return [*super().steps(), *(self._after(at, partial(act, self)) for at, act in self.tale.acts)]

    async def _show(self, what: Sequence[str]) -> tuple[int, ...]:
        """Pictures that are kept with the order."""
        found = []
        for shot in what:
            drawn = files.draw_anew(pictures.draw(shot))
            new = evidence.NewEvidence(
                order_id=self._order_id, sort="photo", shot=shot, sha256=self._kept.put(drawn.content),
                size=len(drawn.content), width=drawn.width, height=drawn.height,
                likeness=evidence.comparable(drawn.likeness),
            )  # fmt: skip
            found.append((await self._do(evidence.bring, new)).id)
        return tuple(found)

    async def ask(
        self, *, reason: str, units: int = 1, shows: Sequence[str] = (), wants: str = "", **more: Any
    ) -> None:
        """Ask for a return, or with `wants` for something else instead."""
        line = returns.ApplyLine(order_id=self._order_id, line_no=1, quantity=units, reason=reason)
        if wants:
            more["resolution"] = returns.Resolution.EXCHANGE
        asked = returns.Apply(
            self._stage.merchant_id, self.tale.buyer, (line,), evidence=await self._show(shows), **more
        )
        if wants:
            applied, _ = await self._do(exchanges.ask, exchanges.Ask(asked, {(self._order_id, 1): wants}))
        else:
            applied = await self._do(returns.apply, asked)
        self._return_id = applied.returns[0].id

    async def approve(self) -> None:
        """Somebody says yes."""
        await self._do(returns.approve, self._return_id)

    async def refuse(self, *, reason: str, rule: str, text: str) -> None:
        """Somebody says no, with reasons."""
        await self._do(
            talks.refuse, self._return_id, reason=reason, rule=rule, alternatives=["price_reduction"], text=text
        )

    async def offer(self, amount: int, text: str) -> None:
        """The seller offers a part of the money for keeping it, and waits for the buyer's word."""
        kept = talks.Propose(talks.OfferKind.KEEP, amount, text)
        await self._do(talks.offer, self._return_id, kept, side=talks.Side.SELLER)

    async def send(self, number: str = "") -> None:
        """The goods are on their way back, in a parcel with this number."""
        await self._send(number)

    async def receive(self, *, units: int) -> None:
        """So many are here."""
        await self._do(returns.receive, [returns.Receive(self._return_id, (returns.ReceivedLine(1, units),))])

    async def look(self, *, units: int, checks: Mapping[str, bool] = FINE, note: str = "") -> None:
        """What came back is looked at."""
        found = returns.InspectedLine(
            1, units, is_original=None, intact=None, grade="B", disposition="quarantine", note=note, checks=dict(checks)
        )
        await self._do(returns.inspect, [returns.Inspect(self._return_id, (found,))])

    async def pay_back(self) -> None:
        """Somebody of the shop says yes to the money, which a program may not."""
        async with self._db.reading(SYSTEM) as tx:
            owed = (await refunds.of_orders(tx, [self._order_id]))[self._order_id]
        wanted = identity.SaveStaff(self._stage.merchant_id, "demo-guo", "郭敏", ("manager",))
        hired = await self._do(identity.save_staff, wanted)
        hand = Actor(ActorKind.STAFF, hired.id, hired.name, self._stage.merchant_id, identity.ROLES["manager"])
        for one in owed:
            await do_at(self._db, hand, self._now, refunds.approve, one.id)

    async def complain(self, *, issue: disputes.Issue, text: str, shows: Sequence[str]) -> None:
        """The buyer asks the platform to decide."""
        wanted = disputes.OpenDispute(
            subject="return", subject_id=self._return_id, issue=issue, side=talks.Side.BUYER,
            lines=(disputes.Wish(1, 1, disputes.Outcome.REFUND),), text=text, evidence=await self._show(shows),
        )  # fmt: skip
        self._dispute_id = (await self._do(disputes.open_dispute, wanted)).id

    async def prove(self, *, side: talks.Side, text: str, shows: Sequence[str] = ()) -> None:
        """A side shows something in its turn."""
        await self._do(disputes.show, self._dispute_id, side=side, text=text, files=await self._show(shows))

    async def lose(self) -> None:
        """The carrier has lost the parcel."""
        await self._scan("lost")

    async def propose_refund(self) -> None:
        """Somebody at the desk would give all the money back, which is more than they may."""
        wanted = identity.SaveStaff(None, "demo-lin", "林夏", ("customer_service",))
        hired = await self._do(identity.save_staff, wanted)
        hand = Actor(ActorKind.STAFF, hired.id, hired.name, None, identity.ROLES["customer_service"])
        async with self._db.reading(SYSTEM) as tx:
            (case,) = [one for one in await cases.of_orders(tx, [self._order_id]) if one.kind == "loss"]
        await do_at(self._db, hand, self._now, cases.propose, case.id, cases.Propose(kind=cases.RemedyKind.REFUND))

    async def clear(self) -> None:
        """Customs let the goods in."""
        today = local_date(self._now, "Asia/Shanghai")
        await self._do(customs.note_release, self._order_id, declaration="5180 2026 I 000 417", released_on=today)

    async def apply_to_customs(self) -> None:
        """Customs are asked to take them back; the tax waits for that."""
        today = local_date(self._now, "Asia/Shanghai")
        await self._do(customs.apply, self._order_id, [customs.ReturnLine(1, 1)], applied_on=today)
