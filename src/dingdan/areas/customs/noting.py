"""What customs did is noted by staff, or by the broker that speaks with customs for the merchant."""

from collections.abc import Sequence
from datetime import date

from dingdan.areas import orders
from dingdan.areas.customs import rules, store
from dingdan.areas.customs.events import (
    CustomsReleased,
    CustomsReturnApplied,
    CustomsReturnCleared,
    CustomsReturnLate,
    CustomsReturnWithdrawn,
)
from dingdan.areas.customs.lifecycle import CUSTOMS_RETURN, CustomsReturnState
from dingdan.areas.customs.model import DECLARATION_LENGTH, CustomsReturn, Release, ReturnLine
from dingdan.areas.customs.promises import APPLY_BY, BACK_BY
from dingdan.areas.customs.reading import get_one
from dingdan.areas.customs.refusals import CustomsStands, DateUnfit, DeclarationUnfit, NotCrossBorder, ReleaseMissing
from dingdan.areas.customs.reminding import expect_back
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.kernel.times import local_date
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def note_release(tx: Tx, order_id: int, *, declaration: str, released_on: date) -> Release:
    """Note when customs released an order; the same again changes nothing, another day only while nothing goes back.

    Raises OrderUnknown, NotCrossBorder, DeclarationUnfit, DateUnfit or CustomsStands.
    """
    order = await orders.lock_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    problems: list[Refusal] = [] if any(rules.FLAG in line.flags for line in lines) else [NotCrossBorder()]
    if not 1 <= len(declaration.strip()) <= DECLARATION_LENGTH or "\0" in declaration:
        problems.append(DeclarationUnfit("declaration", longest=DECLARATION_LENGTH))
    problems += _problems_of_day(tx, "released_on", released_on, local_date(order.placed_at, rules.ZONE))
    refuse_all(problems)
    before = next(iter(await store.releases(tx, [order_id])), None)
    if before is not None and (before.declaration, before.released_on) == (declaration.strip(), released_on):
        return before
    if before is not None and before.released_on != released_on:
        standing = [one for one in await store.of_orders(tx, [order_id]) if one.state in rules.STANDING]
        if standing:
            raise CustomsStands(state=str(standing[0].state))
    new = Release(
        order_id=order_id, merchant_id=order.merchant_id, declaration=declaration.strip(), released_on=released_on,
        noted_at=tx.now, noted_by_kind=str(tx.actor.kind), noted_by=tx.actor.id,
    )  # fmt: skip
    await store.note_release(tx, new)
    tx.announce(CustomsReleased(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id,
                                released_on=released_on.isoformat()))  # fmt: skip
    return new


async def apply(tx: Tx, order_id: int, asked: Sequence[ReturnLine], *, applied_on: date) -> CustomsReturn:
    """Note that customs were asked to take units back. Raises OrderUnknown, ReleaseMissing, or all that is wrong at once:

    NotCrossBorder, UnitsUnfit, DateUnfit.
    """
    order = await orders.lock_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    release = next(iter(await store.releases(tx, [order_id])), None)
    if release is None:
        raise ReleaseMissing
    taken = rules.units(await store.of_orders(tx, [order_id]), rules.STANDING)
    refuse_all([
        *rules.problems_of(asked, lines, taken), *_problems_of_day(tx, "applied_on", applied_on, release.released_on)
    ])  # fmt: skip
    counted: dict[str, int] = {}
    for one in asked:
        counted[str(one.line_no)] = counted.get(str(one.line_no), 0) + one.quantity
    new = CustomsReturn(
        id=tx.mint(), merchant_id=order.merchant_id, order_id=order_id, state=CustomsReturnState.APPLIED, version=1,
        units=counted, currency=order.currency, quota=0, applied_on=applied_on, back_on=None, noted_at=tx.now,
        noted_by_kind=str(tx.actor.kind), noted_by=tx.actor.id,
    )  # fmt: skip
    await store.add(tx, new)
    await deadlines.call_off(tx, APPLY_BY, [order_id])
    back_by = rules.end_of(rules.last_days(release.released_on)[1])
    await deadlines.schedule(tx, BACK_BY, [deadlines.Due(new.id, new.merchant_id, back_by, order_id)])
    tx.announce(CustomsReturnApplied(
        subject_id=new.id, merchant_id=new.merchant_id, order_id=order_id, move=born(CUSTOMS_RETURN, new.id),
        units=sum(counted.values()), is_in_time=applied_on <= rules.last_days(release.released_on)[0],
    ))  # fmt: skip
    return new


async def note_return(tx: Tx, customs_return_id: int, *, back_on: date) -> CustomsReturn:
    """Note when the goods were back where they were released, which decides about tax and quota; the same day again

    changes nothing. Raises CustomsReturnUnknown, DateUnfit or CustomsStands.
    """
    one = await _hold(tx, customs_return_id)
    if one.back_on == back_on:
        return one
    (release,) = await store.releases(tx, [one.order_id])
    refuse_all(_problems_of_day(tx, "back_on", back_on, one.applied_on))
    await deadlines.call_off(tx, BACK_BY, [one.id])
    units = sum(one.by_line.values())
    if not rules.is_in_time(release.released_on, one.applied_on, back_on):
        moved = await store.move(tx, "miss", one.id, back_on=back_on)
        if moved is None:
            raise CustomsStands(state=str(one.state))
        tx.announce(CustomsReturnLate(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved,
                                      units=units))  # fmt: skip
        return await get_one(tx, one.id)
    lines = (await orders.lines(tx, [one.order_id]))[one.order_id]
    before = rules.units(await store.of_orders(tx, [one.order_id]), {CustomsReturnState.CLEARED})
    quota = rules.quota(one.by_line, lines, before) if one.state is CustomsReturnState.APPLIED else 0
    moved = await store.move(tx, "clear", one.id, back_on=back_on, quota=quota)
    if moved is None:
        raise CustomsStands(state=str(one.state))
    await store.give_back(tx, one.order_id, quota)
    tx.announce(CustomsReturnCleared(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved,
                                     units=units, quota=quota, currency=one.currency))  # fmt: skip
    return await get_one(tx, one.id)


async def withdraw(tx: Tx, customs_return_id: int) -> CustomsReturn:
    """The application was taken back, or customs did not take it. Raises CustomsReturnUnknown or CustomsStands."""
    one = await _hold(tx, customs_return_id)
    moved = await store.move(tx, "withdraw", one.id)
    if moved is None:
        raise CustomsStands(state=str(one.state))
    await deadlines.call_off(tx, BACK_BY, [one.id])
    await expect_back(tx, [one.order_id])
    tx.announce(
        CustomsReturnWithdrawn(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved)
    )
    return await get_one(tx, one.id)


async def _hold(tx: Tx, customs_return_id: int) -> CustomsReturn:
    """One that stands still, because its order is locked."""
    await orders.lock_one(tx, (await get_one(tx, customs_return_id)).order_id)
    return await get_one(tx, customs_return_id)


def _problems_of_day(tx: Tx, path: str, day: date, first: date) -> list[Refusal]:
    today = local_date(tx.now, rules.ZONE)
    if first <= day <= today:
        return []
    return [DateUnfit(path, first=first.isoformat(), last=today.isoformat())]
