"""What tests of credit do again and again, as sentences."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dingdan.areas import credit
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MERCHANT, BUYER, ORDER = 1, 2, 7
_causes = itertools.count(9_000)


async def money(db: Database, amount: int, *, buyer: int = BUYER, **more: Any) -> credit.Purse:
    """A balance in yuan."""
    wanted = credit.Grant(merchant_id=MERCHANT, buyer_id=buyer, kind=credit.PurseKind.BALANCE, unit="CNY", amount=amount,
                          reason="topup", **more)  # fmt: skip
    (purse,) = await do(db, SYSTEM, credit.grant, [wanted])
    return purse


async def points(db: Database, amount: int, *, buyer: int = BUYER, days: int | None = None) -> credit.Purse:
    """Points, which end after so many days."""
    async with db.transaction(SYSTEM) as tx:
        ends = None if days is None else tx.now + timedelta(days=days)
        (purse,) = await credit.grant(tx, [
            credit.Grant(merchant_id=MERCHANT, buyer_id=buyer, kind=credit.PurseKind.POINTS, unit=credit.POINTS_UNIT,
                         amount=amount, reason="welcome", expires_at=ends)
        ])  # fmt: skip
    return purse


async def card(db: Database, amount: int, *, merchant_id: int | None = MERCHANT, **more: Any) -> credit.IssuedCard:
    """A card with its code."""
    wanted = credit.NewCard(merchant_id=merchant_id, currency="CNY", amount=amount, **more)
    (issued,) = await do(db, SYSTEM, credit.issue_cards, [wanted])
    return issued


def wish(purse: credit.Purse, amount: int, *, order: int = ORDER, payment: int | None = None) -> credit.Hold:
    """So much of a purse, for an order."""
    return credit.Hold(order_id=order, merchant_id=MERCHANT, amount=amount, purse_id=purse.id, payment_id=payment)


async def hold(db: Database, *wanted: credit.Hold) -> dict[int, Refusal]:
    return await do(db, SYSTEM, credit.hold, list(wanted))


async def restore(db: Database, amount: int, *, order: int = ORDER, payment: int | None = None, cause: int = 0) -> None:
    back = credit.Restore(order_id=order, cause_id=cause or next(_causes), amount=amount, payment_id=payment)
    await do(db, SYSTEM, credit.restore, [back])


async def stands(db: Database, purse: credit.Purse | int) -> tuple[int, int]:
    """What a purse holds, and what of it is kept for orders."""
    async with db.reading(SYSTEM) as tx:
        found = await credit.get_one(tx, purse if isinstance(purse, int) else purse.id)
    return found.balance, found.held


async def endings(db: Database, purse: credit.Purse) -> list[tuple[int, int | None]]:
    """Unspent points with in how many days they end, the first to end first."""
    async with db.reading(SYSTEM) as tx:
        found = (await credit.endings(tx, [purse.id]))[purse.id]
        return [
            (one.amount, None if one.ends is None else round((one.ends - tx.now) / timedelta(days=1))) for one in found
        ]


async def try_codes(db: Database, codes: Sequence[str], *, who: str = "buyer:2") -> list[credit.Presented]:
    return await do(db, SYSTEM, credit.present, list(codes), who=who, merchant_ids={MERCHANT})
