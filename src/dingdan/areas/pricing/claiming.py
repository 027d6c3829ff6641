"""Take limited promotions for orders, and give them back exactly once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas.pricing import refusals, store
from dingdan.areas.pricing.events import PromotionGivenBack
from dingdan.areas.pricing.lifecycle import PromotionState
from dingdan.areas.pricing.model import Grant, Held, Kept, Promotion, Use
from dingdan.areas.pricing.rules import couponing
from dingdan.areas.pricing.store import uses as uses_store
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.tx import Tx

# A coupon that comes back after its time can be used this much longer.
GRACE = timedelta(days=7)
ALONE: Mapping[int, int] = {}


class _Left(msgspec.Struct):
    """What is left of everything limited, read under its locks; handing out lowers it."""

    promotions: dict[int, Promotion]
    of_all: dict[int, int]
    of_buyer: dict[tuple[int, int], int]
    grants: dict[int, Grant]
    spent: set[int]

    def problem(self, use: Use) -> type[Refusal] | None:
        """Why there is nothing for this use, if so."""
        promotion = self.promotions[use.promotion_id]
        if self.of_all.get(promotion.id, 1) < 1:
            return refusals.CouponUsedUp
        who = use.person if promotion.is_of_platform else use.buyer_key
        assert promotion.per_buyer is None or who is not None, "a limit for each buyer wants to know which"
        if self.of_buyer.get(_key(use), 1) < 1 or use.grant_id in self.spent:
            return refusals.CouponUsedAlready
        return None

    def hand_out(self, use: Use) -> None:
        """One less for the next."""
        if use.promotion_id in self.of_all:
            self.of_all[use.promotion_id] -= 1
        if _key(use) in self.of_buyer:
            self.of_buyer[_key(use)] -= 1
        if use.grant_id is not None:
            self.spent.add(use.grant_id)

    def is_over(self, use: Use, now: datetime) -> bool:
        """Whether it was stopped, or ended, since the price was made."""
        held = Held(self.promotions[use.promotion_id], self.grants.get(use.grant_id or 0))
        return couponing.is_over(held, now)


def _key(use: Use | Kept) -> tuple[int, int]:
    """For whom a use counts: a buyer of one merchant, or of what is the platform's a person, whoever sells."""
    buyer = use.buyer_key if isinstance(use, Use) else use.buyer_id
    return use.promotion_id, (buyer if use.person is None else use.person) or 0


async def _led(
    tx: Tx, uses: Mapping[int, Sequence[Use]], checkouts: Mapping[int, int]
) -> tuple[dict[int, list[Use]], dict[tuple[int, int], int]]:
    """What each order uses by itself, and which order leads where it has a part only: {(order, promotion): leader}.

    The first leads, and of a coupon that a merchant's buyer was given the one with that merchant.
    """
    shared = [(order_id, use) for order_id, some in uses.items() for use in some if use.is_shared]
    given = await store.grants_by_ids(tx, {use.grant_id for _, use in shared if use.grant_id is not None})
    first: dict[tuple[int, int], int] = {}
    for order_id, use in shared:
        key, grant = (checkouts[order_id], use.promotion_id), given.get(use.grant_id or 0)
        first.setdefault(key, order_id)
        if grant is not None and grant.merchant_id == use.merchant_id:
            first[key] = order_id
    own: dict[int, list[Use]] = {}
    leaders: dict[tuple[int, int], int] = {}
    for order_id, some in uses.items():
        for use in some:
            leader = first[checkouts[order_id], use.promotion_id] if use.is_shared else order_id
            if leader == order_id:
                own.setdefault(order_id, []).append(use)
            else:
                leaders[order_id, use.promotion_id] = leader
    return own, leaders


async def claim(tx: Tx, uses: Mapping[int, Sequence[Use]], checkouts: Mapping[int, int] = ALONE) -> dict[int, Refusal]:
    """Take what these orders use of limited promotions, in the order they are named; says which orders get nothing.

    An order gets all of its uses or none. What orders of one of the `checkouts` {order: checkout} share is taken once, for
    the first of them; where that one gets nothing, whoever places drops the others. Locks promotions, buyers' counts and
    grants, each by rising id, after the order and before stock.
    """
    wanted, leaders = await _led(tx, uses, checkouts)
    if not wanted:
        return {}
    left = await _lock(tx, [use for some in wanted.values() for use in some])
    refused: dict[int, Refusal] = {}
    taken: list[tuple[int, Use]] = []
    for order_id, some in wanted.items():
        problems = [
            _refusal(left.promotions[use.promotion_id], use, kind)
            for use in some
            if (kind := refusals.CouponOver if left.is_over(use, tx.now) else left.problem(use)) is not None
        ]
        if problems:
            refused[order_id] = problems[0] if len(problems) == 1 else Refusals(problems)
            continue
        for use in some:
            left.hand_out(use)
            taken.append((order_id, use))
    await _take(tx, left, [use for _, use in taken])
    await uses_store.add_uses(tx, [
        (order_id, use.promotion_id, use.merchant_id, use.buyer_key, use.grant_id, use.amount, use.person, None)
        for order_id, use in taken
    ] + [
        (order_id, use.promotion_id, use.merchant_id, use.buyer_key, None, use.amount, None, leader)
        for (order_id, promotion_id), leader in leaders.items() if not refused.keys() & {order_id, leader}
        for use in uses[order_id] if use.promotion_id == promotion_id
    ])  # fmt: skip
    return refused


def _refusal(promotion: Promotion, use: Use, kind: type[Refusal]) -> Refusal:
    """What to tell somebody whose price has just become another one."""
    if use.code is None:
        return refusals.PromotionUsedUp(use.path, name=promotion.label.en, name_zh=promotion.label.zh)
    place = int(use.path.removeprefix("coupons[").removesuffix("]"))
    return kind(use.path, code=use.code).with_solutions(couponing.drop(place, use.code, None, ""))


async def _lock(tx: Tx, uses: Sequence[Use]) -> _Left:
    promotions = {one.id: one for one in await store.get(tx, {use.promotion_id for use in uses})}
    promotions |= {one.id: one for one in await store.lock(tx, promotions, only_limited=True)}
    limited = [use for use in uses if promotions[use.promotion_id].per_buyer is not None]
    # What counts for a person over all merchants belongs to none of them.
    pairs = {_key(use): None if use.person is not None else use.merchant_id for use in limited}
    counts = await uses_store.lock_counts(tx, pairs)
    grants = await uses_store.lock_grants(tx, {use.grant_id for use in uses if use.grant_id is not None})
    limits = {one.id: (one.draft.limit_total, one.used) for one in promotions.values()}
    return _Left(
        promotions,
        {i: limit - used for i, (limit, used) in limits.items() if limit is not None},
        {key: (promotions[key[0]].per_buyer or 0) - used for key, used in counts.items()},
        grants,
        {one.id for one in grants.values() if one.used_at is not None},
    )


async def _take(tx: Tx, left: _Left, uses: Sequence[Use]) -> None:
    """Count what was handed out, and mark the grants."""
    of_all = Counter(use.promotion_id for use in uses if use.promotion_id in left.of_all)
    of_buyer = Counter(_key(use) for use in uses if _key(use) in left.of_buyer)
    grants = {use.grant_id for use in uses if use.grant_id is not None}
    if of_all:
        await uses_store.count_uses(tx, of_all)
    if of_buyer:
        await uses_store.count_uses_by(tx, of_buyer)
    if grants:
        await uses_store.mark_grants(tx, grants, tx.now)


async def drop_claims(tx: Tx, order_ids: Iterable[int]) -> None:
    """Undo the claims of orders that did not come to be, in the transaction that made them."""
    uses = await uses_store.lock_uses(tx, order_ids)
    if uses:
        await _free(tx, [use for use in uses if use.shared_with is None])
        await uses_store.drop_uses(tx, {use.order_id for use in uses})


async def give_back(tx: Tx, order_ids: Iterable[int]) -> None:
    """Give back what these orders had used, exactly once; a coupon whose time has passed can be used seven days more.

    What orders of one checkout share comes back when the last of them has let go of it.
    """
    mine = set(order_ids)
    uses = await uses_store.lock_uses(tx, mine)
    await _give_back(tx, uses, [use for use in uses if use.order_id in mine and use.given_back_at is None])


async def give_back_expired(tx: Tx, order_ids: Iterable[int]) -> None:
    """The same for orders that expired; those that were revived meanwhile keep theirs."""
    mine = set(order_ids)
    uses = await uses_store.lock_uses(tx, mine)
    ended = [one for one in uses if one.order_id in mine and one.given_back_at is None and one.taken_again_at is None]
    await _give_back(tx, uses, ended)


async def shared(tx: Tx, order_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """The other orders of the checkout that carry a part of the same coupon: {order: {other: its merchant}}."""
    return await uses_store.companions(tx, order_ids)


async def _give_back(tx: Tx, known: Sequence[Kept], ended: Sequence[Kept]) -> None:
    """End these of the known uses; those of which no order is left count back, in the name of the order that led."""
    if not ended:
        return
    held = {use.key for use in known if use.given_back_at is None and use not in ended}
    over = {use.key for use in ended} - held
    leading = [use for use in known if use.shared_with is None and use.key in over]
    amounts = Counter[tuple[int, int]]()
    for use in known:
        amounts[use.key] += use.amount
    promotions = {one.id: one for one in await store.get(tx, {use.promotion_id for use in ended})}
    await _free(tx, leading)
    late = {
        use.key: Grant(
            id=tx.mint(), merchant_id=use.merchant_id, promotion_id=use.promotion_id, buyer_id=use.buyer_id, code=None,
            expires_at=tx.now + GRACE,
        )
        for use in leading if use.grant_id is None and use.buyer_id and _is_late(promotions[use.promotion_id], tx.now)
    }  # fmt: skip
    if late:
        await store.add_grants(tx, list(late.values()))
        await uses_store.name_grants(tx, [(*key, grant.id) for key, grant in late.items()])
    await uses_store.give_back_uses(tx, [(use.order_id, use.promotion_id) for use in ended])
    tx.announce(*(
        PromotionGivenBack(subject_id=use.promotion_id, merchant_id=use.merchant_id, order_id=use.order_id,
                           amount=amounts[use.key], is_coupon=promotions[use.promotion_id].draft.code is not None)
        for use in leading
    ))  # fmt: skip


def _is_late(promotion: Promotion, now: datetime) -> bool:
    """Whether a coupon that comes back could no longer be used; one that was stopped stays stopped."""
    is_coupon = promotion.draft.code is not None and promotion.state is not PromotionState.STOPPED
    return is_coupon and couponing.is_over(Held(promotion), now)


async def _free(tx: Tx, uses: Sequence[Kept]) -> None:
    """Count back what was counted, and free the grants."""
    await uses_store.count_uses(tx, {i: -n for i, n in Counter(use.promotion_id for use in uses).items()})
    await uses_store.count_uses_by(tx, {key: -n for key, n in Counter(_key(use) for use in uses).items()})
    grants = {use.grant_id for use in uses if use.grant_id is not None}
    if grants:
        await uses_store.mark_grants(tx, grants, None, tx.now + GRACE)


async def take_again(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Take again what expired orders had used, since their money came after all; says which orders have theirs.

    An order that used nothing has it; so has one whose uses were not given back yet, or are held still by another order
    of its checkout. Time does not count: the price was agreed. Whoever cannot revive such an order after all calls
    `give_back`.
    """
    wanted = set(order_ids)
    uses = await uses_store.lock_uses(tx, wanted)
    leading = {use.key: use for use in uses if use.shared_with is None}
    held = {use.key for use in uses if use.given_back_at is None}
    gone: dict[int, list[tuple[int, int]]] = {}
    for kept in uses:
        if kept.order_id in wanted and kept.given_back_at is not None:
            gone.setdefault(kept.order_id, []).append(kept.key)
    mine = wanted - gone.keys()
    if gone:
        left = await _lock(tx, [_as_use(leading[key]) for key in {key for some in gone.values() for key in some}])
        taken: list[Use] = []
        for order_id, keys in sorted(gone.items()):
            some = [_as_use(leading[key]) for key in keys if key not in held]
            if all(left.problem(use) is None for use in some):
                mine.add(order_id)
                held.update(keys)
                taken += some
                for use in some:
                    left.hand_out(use)
        await _take(tx, left, taken)
    if uses:
        await uses_store.take_uses_again(tx, {one.order_id for one in uses} & mine)
    return mine


def _as_use(kept: Kept) -> Use:
    return Use(kept.promotion_id, kept.merchant_id, kept.buyer_id, kept.grant_id, kept.amount, None, "",
               person=kept.person)  # fmt: skip


async def forget_buyers(tx: Tx, buyer_ids: Iterable[int]) -> None:
    """Count what buyers used who are forgotten for a number that means nobody. Once more changes nothing that shows."""
    kept = await uses_store.lock_uses_by(tx, buyer_ids)
    if not kept:
        return
    nobody = {buyer_id: tx.mint() for buyer_id in sorted({one.buyer_id or 0 for one in kept})}
    after = {one.key: nobody[one.buyer_id or 0] for one in kept}
    live = await uses_store.live(tx, after)
    moved: Counter[tuple[int, int]] = Counter()
    for one in kept:
        if one.key in live:
            moved[one.promotion_id, one.person or 0] -= 1
            moved[one.promotion_id, after[one.key]] += 1
    known = await uses_store.used_by(tx, {i for i, _ in moved}, {who for _, who in moved})
    limited = {promotion_id for promotion_id, _ in known}
    counted = {key: n for key, n in moved.items() if key[0] in limited}
    await uses_store.lock_counts(tx, dict.fromkeys(counted))
    await uses_store.count_uses_by(tx, counted)
    await uses_store.name_persons(tx, [(*key, person) for key, person in after.items()])
    await uses_store.drop_counts(tx, {(one.promotion_id, one.person or 0) for one in kept})
