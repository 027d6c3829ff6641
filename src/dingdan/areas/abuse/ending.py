"""Flags end: their parts are over one by one, nobody looked in time, the buyer is forgotten, or a person lifts them."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from dingdan.areas.abuse import store
from dingdan.areas.abuse.events import AbuseFlagChanged, AbuseFlagDueSoon, AbuseFlagExpired, AbuseFlagLifted
from dingdan.areas.abuse.lifecycle import LIVING, FlagState
from dingdan.areas.abuse.model import Flag, Signal
from dingdan.areas.abuse.promises import ANSWER, EXPIRY
from dingdan.areas.abuse.rules import weighing
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

UNANSWERED, FORGOTTEN = "unanswered", "forgotten"
ASKED = frozenset({FlagState.ASKED, FlagState.SIGNED, FlagState.APPEALED})


async def let_expire(tx: Tx, flag_ids: Sequence[int]) -> None:
    """The time of flags, or of a part of them, is over: they are weighed anew, and end where nothing is left."""
    for flag in await _hold(tx, flag_ids):
        counting = weighing.counting(await store.signals_in(tx, [flag.id]), tx.now)
        await weigh_anew(tx, flag, counting)


async def lift_unanswered(tx: Tx, flag_ids: Sequence[int]) -> None:
    """The buyer asked for a person and none came in time: nothing is held against them any more."""
    await lift_all(tx, [flag for flag in await _hold(tx, flag_ids) if flag.state in ASKED], UNANSWERED)


async def remind_of_answer(tx: Tx, rung: deadlines.Rung, flag_ids: Sequence[int]) -> None:
    """Half of the time is over in which somebody has to look."""
    tx.announce(*(
        AbuseFlagDueSoon(subject_id=flag.id, merchant_id=flag.merchant_id, rung=rung.name, role=rung.role)
        for flag in await _hold(tx, flag_ids) if flag.state in ASKED
    ))  # fmt: skip


async def forget(tx: Tx, buyer_ids: Iterable[int]) -> None:
    """Of a buyer who is forgotten nothing is held against anybody."""
    wanted = list(buyer_ids)
    await store.wait_for(tx, wanted)
    await lift_all(tx, await store.living(tx, wanted, lock="FOR UPDATE"), FORGOTTEN)


async def weigh_anew(tx: Tx, flag: Flag, counting: Sequence[Signal]) -> bool:
    """Write what a held flag weighs by the signs that count, or end it; says whether it goes on. Its end never moves."""
    points = weighing.score(counting)
    if flag.expires_at <= tx.now or not weighing.level(points):
        moved = await store.move(tx, "expire", [flag.id], ended_at=tx.now)
        await stop_clocks(tx, [flag.id])
        tx.announce(AbuseFlagExpired(subject_id=flag.id, merchant_id=flag.merchant_id, move=moved[flag.id]))
        return False
    parts = len(await store.signals_in(tx, [flag.id]))
    now = replace(flag, score=points, level=weighing.level(points), parts=parts)
    await store.weigh(tx, now)
    step = None
    if flag.state is FlagState.CONFIRMED and now.level > weighing.ALONE >= flag.confirmed_level:
        # People confirmed less than this: they look again, and until then no more follows than before.
        step = (await store.move(tx, "reopen", [flag.id], confirmed_level=0, signed_by_kind=None, signed_by=None,
                                 decided_by_kind=None, decided_by=None, decided_at=None))[flag.id]  # fmt: skip
    tx.announce(AbuseFlagChanged(subject_id=flag.id, merchant_id=flag.merchant_id, move=step, score=now.score,
                                 level=now.level))  # fmt: skip
    await start_clock(tx, now, counting)
    return True


async def lift_all(tx: Tx, held: Sequence[Flag], reason: str, *, by: tuple[str, int] | None = None) -> None:
    """Take held flags away; what they were made from never counts again."""
    values = {"decided_by_kind": by[0], "decided_by": by[1], "decided_at": tx.now} if by is not None else {}
    moved = await store.move(tx, "lift", [flag.id for flag in held], lift_reason=reason, ended_at=tx.now, **values)
    await store.dismiss(tx, moved)
    await stop_clocks(tx, moved)
    tx.announce(*(
        AbuseFlagLifted(subject_id=flag.id, merchant_id=flag.merchant_id, move=moved[flag.id], reason=reason)
        for flag in held if flag.id in moved
    ))  # fmt: skip


async def start_clock(tx: Tx, flag: Flag, counting: Sequence[Signal]) -> None:
    """Have a flag weighed again when the first part of it, or all of it, is over."""
    at = weighing.next_change(flag.expires_at, counting, tx.now)
    await deadlines.schedule(tx, EXPIRY, [deadlines.Due(flag.id, flag.merchant_id, at)])


async def stop_clocks(tx: Tx, flag_ids: Iterable[int]) -> None:
    """Nothing happens to these by itself any more."""
    ids = list(flag_ids)
    await deadlines.call_off(tx, EXPIRY, ids)
    await deadlines.call_off(tx, ANSWER, ids)


async def _hold(tx: Tx, flag_ids: Sequence[int]) -> list[Flag]:
    """Those of these flags that have not ended; they stand still."""
    await store.wait_for(tx, [flag.buyer_id for flag in await store.get(tx, flag_ids)])
    return [flag for flag in await store.lock(tx, flag_ids) if flag.state in LIVING]
