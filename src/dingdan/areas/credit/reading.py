"""What others may ask about credit."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from dingdan.areas.credit import store
from dingdan.areas.credit.model import Card, Held, Movement, Purse, PurseKind
from dingdan.areas.credit.refusals import PurseUnknown
from dingdan.plumbing.tx import Tx


class Ending(msgspec.Struct, frozen=True):
    """Points of a purse and when they end."""

    amount: int
    ends: datetime | None


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, Purse]:
    """Purses by id, of all merchants."""
    return await store.get(tx, ids)


async def lock(tx: Tx, ids: Iterable[int]) -> None:
    """Let purses stand still, for whoever locks stock before money goes back into them."""
    await store.get(tx, ids, lock=True)


async def get_one(tx: Tx, purse_id: int) -> Purse:
    """One purse. Raises PurseUnknown; somebody else's is as unknown as none."""
    purse = (await store.get(tx, [purse_id])).get(purse_id)
    if purse is None or not _is_visible(tx, purse):
        raise PurseUnknown
    return purse


async def of_buyers(tx: Tx, buyer_ids: Iterable[int]) -> dict[int, list[Purse]]:
    """Every purse of these buyers."""
    found: dict[int, list[Purse]] = {buyer_id: [] for buyer_id in buyer_ids}
    for purse in await store.of_buyers(tx, found):
        if purse.buyer_id is not None:
            found[purse.buyer_id].append(purse)
    return found


async def cards(tx: Tx, purse_ids: Iterable[int]) -> dict[int, Card]:
    """Cards by their purse; purses that are no cards are left out."""
    return await store.cards(tx, list(purse_ids))


async def movements(tx: Tx, purse_id: int, *, limit: int = 50) -> list[Movement]:
    """What changed in a purse, newest first."""
    return await store.movements(tx, purse_id, limit)


async def endings(tx: Tx, purse_ids: Iterable[int]) -> dict[int, list[Ending]]:
    """Unspent points by when they end, the first to end first."""
    found: dict[int, list[Ending]] = {purse_id: [] for purse_id in purse_ids}
    for row in await store.lots(tx, found):
        found[row["purse_id"]].append(Ending(row["unspent"], row["expires_at"]))
    return found


async def held_for(tx: Tx, payment_ids: Iterable[int]) -> list[Held]:
    """What is or was kept for these payments."""
    return await store.of_payments(tx, list(payment_ids))


def _is_visible(tx: Tx, purse: Purse) -> bool:
    return tx.actor.merchant_id is None if purse.merchant_id is None else tx.actor.reaches(purse.merchant_id)


async def points_of(tx: Tx, buyer_ids: Iterable[int]) -> dict[int, int]:
    """The points that these buyers could use now."""
    wanted = set(buyer_ids)
    found = await store.of_buyers(tx, wanted) if wanted else []
    return {one.buyer_id: one.available for one in found if one.kind is PurseKind.POINTS and one.buyer_id is not None}
