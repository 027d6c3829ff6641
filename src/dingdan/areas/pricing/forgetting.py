"""Let go of who used the platform's coupons; that they were used, and how often, stays true."""

from collections import Counter
from collections.abc import Iterable

from dingdan.areas.pricing.store import uses
from dingdan.plumbing.tx import Tx


async def forget_buyers(tx: Tx, buyer_ids: Iterable[int]) -> None:
    """Count what buyers used who are forgotten for a number that means nobody. Once more changes nothing that shows."""
    kept = await uses.lock_uses_by(tx, buyer_ids)
    if not kept:
        return
    nobody = {buyer_id: tx.mint() for buyer_id in sorted({one.buyer_id or 0 for one in kept})}
    after = {one.key: nobody[one.buyer_id or 0] for one in kept}
    live = await uses.live(tx, after)
    moved: Counter[tuple[int, int]] = Counter()
    for one in kept:
        if one.key in live:
            moved[one.promotion_id, one.person or 0] -= 1
            moved[one.promotion_id, after[one.key]] += 1
    known = await uses.used_by(tx, {i for i, _ in moved}, {who for _, who in moved})
    limited = {promotion_id for promotion_id, _ in known}
    counted = {key: n for key, n in moved.items() if key[0] in limited}
    await uses.lock_counts(tx, dict.fromkeys(counted))
    await uses.count_uses_by(tx, counted)
    await uses.name_persons(tx, [(*key, person) for key, person in after.items()])
    await uses.drop_counts(tx, {(one.promotion_id, one.person or 0) for one in kept})
