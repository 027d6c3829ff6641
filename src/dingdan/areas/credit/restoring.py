"""What an order was paid with goes back into its purse, once for each cause."""

from collections.abc import Iterable, Sequence

import msgspec

from dingdan.areas.credit import booking, holding, store
from dingdan.areas.credit.events import CreditRestored
from dingdan.areas.credit.lifecycle import HoldState
from dingdan.areas.credit.model import Held, Purse, PurseKind, Restore
from dingdan.areas.credit.promises import POINTS_EXPIRY
from dingdan.areas.credit.refusals import OverRestored
from dingdan.areas.credit.rules import granting
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


class _Back(msgspec.Struct, frozen=True):
    """One restore and the hold that it answers."""

    wanted: Restore
    held: Held


async def restore(tx: Tx, wanted: Sequence[Restore]) -> None:
    """Put back what was spent on locked orders; a cause that was answered before changes nothing.

    A card that is past its date is good again for a while, and so are points. Raises OverRestored.
    """
    known = await store.caused(tx, "restore", [one.cause_id for one in wanted]) if wanted else set()
    fresh = [one for one in wanted if one.cause_id not in known]
    if not fresh:
        return
    backs = await _match(tx, fresh)
    purses = await store.get(tx, {back.held.purse_id for back in backs}, lock=True)
    await _count(tx, backs)
    await store.change(tx, [(back.held.purse_id, back.wanted.amount, 0) for back in backs])
    await booking.book(tx, [
        booking.Move(back.held.purse_id, back.held.merchant_id, "restore", back.wanted.amount,
                     purses[back.held.purse_id].unit, back.held.order_id, back.wanted.cause_id,
                     owner_id=purses[back.held.purse_id].merchant_id)
        for back in backs
    ])  # fmt: skip
    await _renew_points(tx, [back for back in backs if purses[back.held.purse_id].kind is PurseKind.POINTS])
    await _renew_cards(tx, {i for i, purse in purses.items() if purse.kind is PurseKind.CARD})
    tx.announce(*(_fact(back, purses[back.held.purse_id]) for back in backs))


async def restore_up_to(tx: Tx, wanted: Sequence[Restore]) -> None:
    """Put back points that were taken off the price of locked orders, until so many of them are back in all."""
    found = await store.discounts(tx, [one.order_id for one in wanted if one.amount])
    spent = {one.order_id: one for one in found if one.state is HoldState.CAPTURED}
    rest = await store.unrestored(tx, [one.id for one in spent.values()]) if spent else {}
    back = {i: held.amount - rest[held.id] for i, held in spent.items()}
    await restore(tx, [
        msgspec.structs.replace(one, amount=one.amount - back[one.order_id])
        for one in wanted if one.order_id in back and one.amount > back[one.order_id]
    ])  # fmt: skip


async def give_back(tx: Tx, order_ids: Iterable[int]) -> None:
    """The points taken off the price of orders that ended: let go where they were kept, put back where spent."""
    found = await store.discounts(tx, order_ids)
    await holding.free(tx, [one for one in found if one.state is HoldState.HELD])
    spent = {one.id: one for one in found if one.state is HoldState.CAPTURED}
    rest = await store.unrestored(tx, spent) if spent else {}
    await restore(tx, [
        Restore(order_id=spent[i].order_id, cause_id=i, amount=amount) for i, amount in rest.items() if amount
    ])  # fmt: skip


async def _match(tx: Tx, wanted: Sequence[Restore]) -> list[_Back]:
    tendered = {one.payment_id for one in wanted if one.payment_id is not None}
    found = await store.of_payments(tx, tendered) if tendered else []
    found += await store.discounts(tx, {one.order_id for one in wanted if one.payment_id is None})
    by_tender = {(one.payment_id, one.order_id): one for one in found if one.state is HoldState.CAPTURED}
    missing = [one for one in wanted if (one.payment_id, one.order_id) not in by_tender]
    if missing:
        raise OverRestored(asked=missing[0].amount, left=0)
    return [_Back(one, by_tender[one.payment_id, one.order_id]) for one in wanted]


async def _count(tx: Tx, backs: Sequence[_Back]) -> None:
    amounts: dict[int, int] = {}
    for back in backs:
        amounts[back.held.id] = amounts.get(back.held.id, 0) + back.wanted.amount
    fitting = {row["id"] for row in await store.add_restored(tx, amounts)}
    beyond = sorted(set(amounts) - fitting)
    if beyond:
        rest = await store.unrestored(tx, beyond)
        raise OverRestored(asked=amounts[beyond[0]], left=rest.get(beyond[0], 0))


async def _renew_points(tx: Tx, backs: Sequence[_Back]) -> None:
    if not backs:
        return
    ends = await store.last_ends(tx, {back.held.id for back in backs})
    rows = [
        (lot, back.held.purse_id, back.held.merchant_id, back.wanted.amount,
         granting.end_after_return(ends.get(back.held.id), now=tx.now))
        for lot, back in zip(tx.mint_many(len(backs)), backs, strict=True)
    ]  # fmt: skip
    await store.add_lots(tx, rows)
    await deadlines.schedule(tx, POINTS_EXPIRY, [
        deadlines.Due(lot, merchant_id, end) for lot, _, merchant_id, _, end in rows if end is not None
    ])  # fmt: skip


async def _renew_cards(tx: Tx, purse_ids: Iterable[int]) -> None:
    cards = await store.cards(tx, purse_ids)
    ends = {i: granting.end_after_return(card.expires_at, now=tx.now) for i, card in cards.items()}
    await store.prolong_cards(tx, {i: end for i, end in ends.items() if end is not None})


def _fact(back: _Back, purse: Purse) -> CreditRestored:
    return CreditRestored(subject_id=back.held.purse_id, merchant_id=back.held.merchant_id, order_id=back.held.order_id,
                          amount=back.wanted.amount, unit=purse.unit, cause_id=back.wanted.cause_id)  # fmt: skip
