"""What people import is counted by the number of their papers, over all merchants, for every year (财关税〔2018〕49号)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from dingdan.areas import addresses, orders
from dingdan.areas.customs import rules, store
from dingdan.areas.customs.model import Import, NewImport
from dingdan.areas.customs.refusals import YearLimitReached
from dingdan.kernel.times import local_date
from dingdan.plumbing.tx import Tx

ENDED = frozenset({orders.OrderState.CANCELLED, orders.OrderState.EXPIRED})


async def imported(tx: Tx, numbers: Collection[str], *, is_taking: bool) -> dict[str, int]:
    """What whoever has these papers imported in this year, by plain number, in fen.

    Who `is_taking` waits for others who order for the same people. Somebody who reads for one merchant sees that one's.
    """
    people = {_mark(tx, number): addresses.plain_number(number) for number in numbers}
    if not people:
        return {}
    if is_taking:
        await store.lock_people(tx, people)
    found = await store.imported(tx, people, _year(tx))
    return {number: found.get(person, 0) for person, number in people.items()}


async def note_imports(tx: Tx, new: Sequence[NewImport]) -> None:
    """Count orders for whoever takes their goods through customs."""
    await store.add_imports(tx, [
        Import(order_id=one.order_id, merchant_id=one.merchant_id, person=_mark(tx, one.number), year=_year(tx),
               amount=one.amount, given_back=0, noted_at=tx.now)
        for one in new
    ])  # fmt: skip


async def note_elsewhere(tx: Tx, new: Sequence[NewImport]) -> set[int]:
    """Count locked orders that were made elsewhere, once, for whoever takes their goods through customs now.

    Nobody can refuse them any more: says which are above what a person may import in an order or in a year.
    """
    counted = {one.order_id: one for one in await store.imports(tx, [one.order_id for one in new])}
    people = {_mark(tx, one.number): one.number for one in new}
    await store.lock_people(tx, people)
    await note_imports(tx, [one for one in new if one.order_id not in counted])
    for one in new:
        if one.order_id in counted and counted[one.order_id].person != _mark(tx, one.number):
            await store.set_person(tx, one.order_id, _mark(tx, one.number), _year(tx))
    found = await store.imported(tx, people, _year(tx))
    return {
        one.order_id for one in new
        if one.amount > rules.ORDER_MOST or found.get(_mark(tx, one.number), 0) > rules.YEAR_MOST
    }  # fmt: skip


async def drop_imports(tx: Tx, order_ids: Collection[int]) -> None:
    """Orders in whose place others come were never imported."""
    await store.drop_imports(tx, order_ids)


async def recount(tx: Tx, order_ids: Iterable[int]) -> None:
    """Orders ended, or came back, or units of them were cancelled: count what is left of them."""
    counted = await store.imports(tx, order_ids)
    if not counted:
        return
    known = await orders.lock(tx, [one.order_id for one in counted])
    lines = await orders.lines(tx, known)
    await store.set_amounts(tx, {i: 0 if one.state in ENDED else rules.worth(lines[i]) for i, one in known.items()})


async def show_other_papers(tx: Tx, order_id: int, number: str) -> None:
    """An order, which is locked, is somebody else's to take through customs. Raises YearLimitReached."""
    found = await store.imports(tx, [order_id])
    if not found or found[0].person == _mark(tx, number):
        return
    (used,) = (await imported(tx, [number], is_taking=True)).values()
    if used + found[0].amount - found[0].given_back > rules.YEAR_MOST:
        raise year_limit("identity.number")
    await store.set_person(tx, order_id, _mark(tx, number), _year(tx))


async def imports(tx: Tx, order_ids: Collection[int]) -> Mapping[int, Import]:
    """What orders of the actor's merchants count for."""
    return {one.order_id: one for one in await store.imports(tx, order_ids) if tx.actor.reaches(one.merchant_id)}


async def forget(tx: Tx, order_ids: Collection[int]) -> None:
    """Nobody can find out any more who took these through customs."""
    await store.forget(tx, order_ids)


def year_limit(path: str) -> YearLimitReached:
    """The no for whoever would import too much; how much it is already is nobody's business but theirs."""
    return YearLimitReached(path, most=rules.YEAR_MOST // 100)


def _mark(tx: Tx, number: str) -> bytes:
    mark: bytes = tx.sealer.fingerprint("customs person", addresses.plain_number(number))
    return mark


def _year(tx: Tx) -> int:
    return local_date(tx.now, rules.ZONE).year
