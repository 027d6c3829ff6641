"""Keeping credit for orders, letting it go, and spending it: under the lock of their orders, purses by rising id."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from dingdan.areas.credit import booking, store
from dingdan.areas.credit.events import CreditHeld, CreditHeldAgain, CreditReleased, CreditSpent
from dingdan.areas.credit.lifecycle import HOLD, HoldState
from dingdan.areas.credit.model import Held, Hold, Purse, PurseKind
from dingdan.areas.credit.promises import POINTS_EXPIRY
from dingdan.areas.credit.refusals import CardUnusable, NotEnoughCredit
from dingdan.areas.credit.rules import sharing
from dingdan.kernel.event import Moved
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# Names the tender that pays with a hold: (payment, order).
Tendered = tuple[int, int]


async def hold(tx: Tx, wanted: Sequence[Hold]) -> dict[int, Refusal]:
    """Keep credit for many orders at once, all of an order or nothing: {order: why not}.

    One statement takes the whole need of every purse; only scarce ones are given out by hand, in the order the
    wishes came. Refused with NotEnoughCredit or CardUnusable; nothing is raised.
    """
    if not wanted:
        return {}
    named = [_as_held(tx, one, purse_id) for one, purse_id in zip(wanted, await _purses_of(tx, wanted), strict=True)]
    served, refused = await _keep(tx, named)
    await store.add_holds(tx, served)
    purses = await store.get(tx, {one.purse_id for one in served}) if served else {}
    await _take_points(tx, served, purses)
    tx.announce(*(
        CreditHeld(**_about(one), unit=purses[one.purse_id].unit, move=born(HOLD, one.id)) for one in served
    ))  # fmt: skip
    return refused


async def hold_again(tx: Tx, order_ids: Iterable[int]) -> dict[int, Refusal]:
    """Take the points again that were kept for these orders and let go: {order: why not}. Money came late."""
    return await _hold_again(tx, await store.discounts(tx, order_ids))


async def hold_tenders_again(tx: Tx, tenders: Collection[Tendered]) -> dict[int, Refusal]:
    """Take again what tenders (payment, order) had kept and let go: {order: why not}."""
    found = await store.of_payments(tx, {payment_id for payment_id, _ in tenders})
    wanted = [one for one in found if (one.payment_id, one.order_id) in tenders]
    # Those that still keep theirs are locked, too: stock is taken after this, and purses come before stock.
    await store.get(tx, {one.purse_id for one in wanted}, lock=True)
    return await _hold_again(tx, wanted)


async def capture(tx: Tx, order_ids: Iterable[int]) -> None:
    """Spend the points that are kept for these orders; what was spent or let go before is left alone."""
    await _capture(tx, [one for one in await store.discounts(tx, order_ids) if one.state is HoldState.HELD])


async def capture_tenders(tx: Tx, tenders: Collection[Tendered]) -> None:
    """Spend what is kept for these tenders (payment, order)."""
    found = await store.of_payments(tx, {payment_id for payment_id, _ in tenders})
    await _capture(tx, [one for one in found if (one.payment_id, one.order_id) in tenders])


async def release(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the points that are still kept for these orders; a second time lets go of nothing more."""
    await free(tx, [one for one in await store.discounts(tx, order_ids) if one.state is HoldState.HELD])


async def release_tenders(tx: Tx, payment_ids: Collection[int], *, order_ids: Collection[int] | None = None) -> None:
    """Let go of whatever is still kept for these payments, or for some orders of them."""
    found = await store.of_payments(tx, payment_ids) if payment_ids else []
    kept = [one for one in found if one.state is HoldState.HELD and (order_ids is None or one.order_id in order_ids)]
    await free(tx, kept)


async def drop_holds(tx: Tx, order_ids: Collection[int]) -> None:
    """Undo the holds of orders that did not come to be, in the transaction that made them; nothing was announced then."""
    gone = [one for one in await store.discounts(tx, order_ids) if one.state is HoldState.HELD] if order_ids else []
    if gone:
        await store.give_back_lots(tx, [one.id for one in gone])
        await store.drop_holds(tx, [one.id for one in gone])
        await store.change(tx, [(one.purse_id, 0, -one.amount) for one in gone])
        tx.facts = [fact for fact in tx.facts if not (isinstance(fact, CreditHeld) and fact.order_id in order_ids)]


async def free(tx: Tx, held: Sequence[Held]) -> None:
    """Let holds go, of this area's own knowledge."""
    gone, moved, purses = await _move(tx, "release", held)
    if not gone:
        return
    await store.change(tx, [(one.purse_id, 0, -one.amount) for one in gone])
    points = [one.id for one in gone if purses[one.purse_id].kind is PurseKind.POINTS]
    lots = await store.give_back_lots(tx, points) if points else []
    # Points whose time ran out while they were kept end now.
    await deadlines.schedule(tx, POINTS_EXPIRY, [
        deadlines.Due(row["id"], row["merchant_id"], row["expires_at"]) for row in lots if row["expires_at"] is not None
    ])  # fmt: skip
    tx.announce(*(
        CreditReleased(**_about(one), unit=purses[one.purse_id].unit, move=moved[one.id]) for one in gone
    ))  # fmt: skip


async def _capture(tx: Tx, held: Sequence[Held]) -> None:
    gone, moved, purses = await _move(tx, "capture", held)
    if not gone:
        return
    await store.change(tx, [(one.purse_id, -one.amount, -one.amount) for one in gone])
    await booking.book(tx, [
        booking.Move(one.purse_id, one.merchant_id, "spend", -one.amount, purses[one.purse_id].unit, one.order_id, one.id,
                     owner_id=purses[one.purse_id].merchant_id)
        for one in gone
    ])  # fmt: skip
    tx.announce(*(
        CreditSpent(**_about(one), unit=purses[one.purse_id].unit, move=moved[one.id]) for one in gone
    ))  # fmt: skip


async def _move(tx: Tx, verb: str, held: Sequence[Held]) -> tuple[list[Held], dict[int, Moved], dict[int, Purse]]:
    """Move holds, and read the purses they are in; the purses are locked first, by the order of locks."""
    if not held:
        return [], {}, {}
    purses = await store.get(tx, {one.purse_id for one in held}, lock=True)
    moved = await store.move_holds(tx, verb, [one.id for one in held])
    return [one for one in held if one.id in moved], moved, purses


async def _hold_again(tx: Tx, found: Sequence[Held]) -> dict[int, Refusal]:
    served, refused = await _keep(tx, [one for one in found if one.state is HoldState.RELEASED])
    if served:
        purses = await store.get(tx, {one.purse_id for one in served})
        moved = await store.move_holds(tx, "hold_again", [one.id for one in served])
        await _take_points(tx, served, purses)
        tx.announce(*(
            CreditHeldAgain(**_about(one), unit=purses[one.purse_id].unit, move=moved[one.id]) for one in served
        ))  # fmt: skip
    return refused


async def _keep(tx: Tx, wanted: Sequence[Held]) -> tuple[list[Held], dict[int, Refusal]]:
    """Set aside what is wanted; says which holds that worked for, and why not for the orders of the others."""
    if not wanted:
        return [], {}
    refused: dict[int, Refusal] = dict.fromkeys(await _orders_with_dead_cards(tx, wanted), CardUnusable())
    live = [one for one in wanted if one.order_id not in refused]
    needs = sharing.needs_of(live)
    given = await store.take_all(tx, needs) if needs else set()
    scarce = set(needs) - given
    if not scarce:
        return live, refused
    purses = await store.get(tx, scarce)
    free_of = {i: purses[i].available if i in purses else 0 for i in scarce}
    served, short = sharing.hand_out(live, free_of)
    kept = sharing.needs_of(served)
    await store.change(tx, [(i, 0, kept.get(i, 0) - (needs[i] if i in given else 0)) for i in needs])
    return served, refused | {i: _too_little(one, purses.get(one.purse_id)) for i, one in short.items()}


async def _orders_with_dead_cards(tx: Tx, wanted: Sequence[Held]) -> set[int]:
    cards = await store.cards(tx, {one.purse_id for one in wanted})
    dead = {i for i, card in cards.items() if not card.is_usable(tx.now)}
    return {one.order_id for one in wanted if one.purse_id in dead}


async def _purses_of(tx: Tx, wanted: Sequence[Hold]) -> list[int]:
    """The purse of each wish; 0, which no purse is, where the buyer has none of that kind."""
    keys = {_key(one) for one in wanted if one.purse_id is None}
    found = await store.find_purses(tx, keys) if keys else {}
    return [found.get(_key(one), 0) if one.purse_id is None else one.purse_id for one in wanted]


def _key(one: Hold) -> tuple[int, str, str]:
    return (one.buyer_id or 0, str(one.kind), one.unit)


async def _take_points(tx: Tx, served: Sequence[Held], purses: dict[int, Purse]) -> None:
    points = [one for one in served if purses[one.purse_id].kind is PurseKind.POINTS]
    if points:
        await store.take_lots(tx, [(one.id, one.purse_id, one.amount) for one in points])


def _as_held(tx: Tx, one: Hold, purse_id: int) -> Held:
    return Held(id=tx.mint(), order_id=one.order_id, merchant_id=one.merchant_id, purse_id=purse_id,
                payment_id=one.payment_id, amount=one.amount, state=HOLD.initial, version=1)  # fmt: skip


def _too_little(one: Held, purse: Purse | None) -> Refusal:
    if purse is None:
        return NotEnoughCredit(kind="", unit="", asked=one.amount, available=0)
    return NotEnoughCredit(kind=str(purse.kind), unit=purse.unit, asked=one.amount, available=purse.available)


def _about(one: Held) -> dict[str, Any]:
    return {"subject_id": one.id, "merchant_id": one.merchant_id, "order_id": one.order_id, "purse_id": one.purse_id,
            "amount": one.amount}  # fmt: skip
