"""What others may ask about flags: what follows for a buyer, what stands behind it, and how one is held."""

from collections.abc import Collection

from dingdan.areas import identity
from dingdan.areas.abuse import store
from dingdan.areas.abuse.model import Flag, Handover, Signal, Standing, Taken
from dingdan.areas.abuse.refusals import FlagUnknown, HandoverUnknown
from dingdan.areas.abuse.rules.weighing import measures
from dingdan.plumbing.tx import Tx

MOST_TAKEN = 200


async def standings(tx: Tx, buyer_ids: Collection[int], *, lock: bool) -> dict[int, Standing]:
    """What follows for these buyers now, those for whom anything does; with `lock` it stays so until the end."""
    if not buyer_ids:
        return {}
    found = {
        flag.buyer_id: Standing(flag.id, flag.merchant_id, measures(flag, tx.now))
        for flag in await store.living(tx, buyer_ids, lock="FOR SHARE" if lock else "")
    }
    return {buyer_id: one for buyer_id, one in found.items() if one.measures}


async def get_one(tx: Tx, flag_id: int) -> Flag:
    """One flag of the actor's merchants. Raises FlagUnknown."""
    found = [flag for flag in await store.get(tx, [flag_id]) if tx.actor.reaches(flag.merchant_id)]
    if not found:
        raise FlagUnknown
    return found[0]


async def hold_one(tx: Tx, flag_id: int) -> Flag:
    """One flag that stands still, and no sign comes to it. Raises FlagUnknown."""
    flag = await get_one(tx, flag_id)
    await store.wait_for(tx, [flag.buyer_id])
    return (await store.lock(tx, [flag_id]))[0]


async def signals_in(tx: Tx, flag: Flag) -> list[Signal]:
    """The signs that a flag was made from, oldest first."""
    return await store.signals_in(tx, [flag.id])


async def taken_by(tx: Tx, flag: Flag) -> list[Taken]:
    """What a flag did, newest first."""
    return await store.taken(tx, flag.id, MOST_TAKEN)


async def words_of(tx: Tx, flag: Flag) -> tuple[str, str]:
    """What the buyer said when they asked for a review and when they appealed; empty where they said nothing."""
    sealed = [(flag.buyer_id, one) for one in await store.words_of(tx, flag.id)]
    asked, appealed = [one.decode() if one is not None else "" for one in await identity.unseal(tx, sealed)]
    return asked, appealed


async def of_buyer(tx: Tx, merchant_id: int, buyer_ref: str) -> Flag | None:
    """The living flag of a buyer, by the shop's own name of them."""
    if not tx.actor.reaches(merchant_id):
        return None
    buyer_id = await identity.find_buyer(tx, merchant_id, buyer_ref)
    found = await store.living(tx, [buyer_id]) if buyer_id is not None else []
    return found[0] if found and found[0].expires_at > tx.now else None


async def demand_buyer(tx: Tx, flag_id: int, buyer_ref: str) -> Flag:
    """A flag in the name of the buyer whom it is about. Raises FlagUnknown, also where it is somebody else's."""
    flag = await get_one(tx, flag_id)
    if await identity.find_buyer(tx, flag.merchant_id, buyer_ref) != flag.buyer_id:
        raise FlagUnknown
    return flag


async def handovers_of(tx: Tx, flag: Flag) -> list[Handover]:
    """What was handed over of a flag."""
    return await store.handovers(tx, flag_id=flag.id)


async def get_handover(tx: Tx, handover_id: int) -> Handover:
    """One handover of the actor's merchants. Raises HandoverUnknown."""
    found = [one for one in await store.handovers(tx, handover_id=handover_id) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise HandoverUnknown
    return found[0]
