"""Something happened that may be a sign: what is new is noticed, weighed with the rest, and something may follow."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence

from msgspec.structs import asdict

from dingdan.areas import orders
from dingdan.areas.abuse import store
from dingdan.areas.abuse.ending import start_clock, weigh_anew
from dingdan.areas.abuse.events import AbuseFlagOpened, AbuseSignalNoticed
from dingdan.areas.abuse.lifecycle import ABUSE_FLAG, FlagState
from dingdan.areas.abuse.model import LASTS, Flag, Picture, Signal
from dingdan.areas.abuse.rules import weighing
from dingdan.areas.abuse.rules.signalling import fresh
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

Collect = Callable[[Tx, Collection[int]], Awaitable[Picture]]


async def look_at(tx: Tx, order_ids: Iterable[int], *, collect: Collect) -> None:
    """Look at the buyers of these orders as they stand now; late or twice, it comes out the same.

    `collect` reads what is known of buyers from wherever it stands.
    """
    buyers = {order.buyer_id for order in (await orders.get(tx, set(order_ids))).values()}
    picture = await collect(tx, buyers) if buyers else Picture((), ())
    # Of nearly everybody there is nothing, and nobody waits for them.
    hinted = {one.buyer_id for one in picture.seen} | {one.buyer_id for one in picture.habits}
    if not hinted:
        return
    await store.wait_for(tx, hinted)
    flags = {flag.buyer_id: flag for flag in await store.living(tx, hinted, lock="FOR UPDATE")}
    known = await store.signals_of(tx, hinted)
    new = fresh(picture, known, tx.now)
    if not new:
        return
    noticed = [
        Signal(**asdict(one), id=number, flag_id=None, noticed_at=tx.now, dismissed_at=None)
        for number, one in zip(tx.mint_many(len(new)), new, strict=True)
    ]
    await store.add_signals(tx, [(one.id, one) for one in noticed])
    tx.announce(*(
        AbuseSignalNoticed(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, kind=str(one.kind),
                           points=one.points)
        for one in noticed
    ))  # fmt: skip
    touched = {one.buyer_id for one in noticed}
    await _weigh(tx, touched, [*known, *noticed], flags)


async def _weigh(tx: Tx, buyer_ids: Iterable[int], signals: Sequence[Signal], flags: Mapping[int, Flag]) -> None:
    for buyer_id in sorted(buyer_ids):
        counting = weighing.counting([one for one in signals if one.buyer_id == buyer_id], tx.now)
        flag = flags.get(buyer_id)
        if flag is not None:
            await store.put_into(tx, flag.id, [one.id for one in counting])
        if flag is not None and await weigh_anew(tx, flag, counting):
            continue
        if weighing.level(weighing.score(counting)):
            await _open(tx, counting)


async def _open(tx: Tx, counting: Sequence[Signal]) -> None:
    points = weighing.score(counting)
    flag = Flag(
        id=tx.mint(), merchant_id=counting[0].merchant_id, buyer_id=counting[0].buyer_id, state=FlagState.OPEN,
        version=1, score=points, level=weighing.level(points), parts=len(counting), confirmed_level=0, opened_at=tx.now,
        expires_at=tx.now + LASTS, asked_at=None, appealed_at=None, signed_by_kind=None, signed_by=None,
        decided_by_kind=None, decided_by=None, decided_at=None, lift_reason=None, ended_at=None,
    )  # fmt: skip
    await store.add_flag(tx, flag)
    await store.put_into(tx, flag.id, [one.id for one in counting])
    tx.announce(AbuseFlagOpened(subject_id=flag.id, merchant_id=flag.merchant_id, move=born(ABUSE_FLAG, flag.id),
                                score=flag.score, level=flag.level))  # fmt: skip
    await start_clock(tx, flag, counting)
