"""What others may ask about cases, and how commands of this area take hold of one."""

from collections.abc import Collection, Iterable

import msgspec

from dingdan.areas import identity, orders
from dingdan.areas.cases import store
from dingdan.areas.cases.model import Budget, Case, CaseOwner, Claim, Entry, Remedy
from dingdan.areas.cases.refusals import CaseUnknown, ClaimUnknown, RemedyUnknown
from dingdan.plumbing.database import DatabaseBusy
from dingdan.plumbing.tx import Tx

MOST_ENTRIES = 500


class Held(msgspec.Struct, frozen=True):
    """A case and its order, both locked."""

    case: Case
    order: orders.Order | None


class Said(msgspec.Struct, frozen=True):
    """One line of a case's log with its words, where the reader may see them and the buyer is not forgotten."""

    entry: Entry
    text: str


async def get(tx: Tx, case_ids: Collection[int]) -> dict[int, Case]:
    """Cases of the actor's merchants."""
    return {case.id: case for case in await store.get(tx, case_ids) if tx.actor.reaches(case.merchant_id)}


async def get_one(tx: Tx, case_id: int) -> Case:
    """One case. Raises CaseUnknown."""
    found = await get(tx, [case_id])
    if case_id not in found:
        raise CaseUnknown
    return found[case_id]


async def of_orders(tx: Tx, order_ids: Collection[int]) -> list[Case]:
    """Every case of these orders, newest first."""
    return [case for case in await store.of_orders(tx, order_ids) if tx.actor.reaches(case.merchant_id)]


async def owners(tx: Tx, case_ids: Collection[int]) -> dict[int, list[CaseOwner]]:
    """Everybody who owned these cases, first to last; the last one does now, unless it ended."""
    return await store.owners(tx, case_ids)


async def log(tx: Tx, case: Case, *, with_words: bool) -> list[Said]:
    """What happened with a case, oldest first."""
    found = await store.entries(tx, case.id, MOST_ENTRIES)
    sealed = [(case.buyer_id or 0, one.sealed) for one in found]
    words = await identity.unseal(tx, sealed) if with_words else [None] * len(found)
    return [Said(one, text.decode() if text is not None else "") for one, text in zip(found, words, strict=True)]


async def remedies_of(tx: Tx, case_ids: Collection[int]) -> dict[int, list[Remedy]]:
    """The remedies of cases, oldest first."""
    return await store.remedies_of(tx, case_ids)


async def claims_of(tx: Tx, case_ids: Collection[int]) -> dict[int, list[Claim]]:
    """The claims of cases, oldest first."""
    return await store.claims_of(tx, case_ids)


async def get_remedy(tx: Tx, remedy_id: int) -> Remedy:
    """One remedy. Raises RemedyUnknown."""
    found = [one for one in await store.remedies(tx, [remedy_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise RemedyUnknown
    return found[0]


async def get_claim(tx: Tx, claim_id: int) -> Claim:
    """One claim. Raises ClaimUnknown."""
    found = [one for one in await store.claims(tx, [claim_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise ClaimUnknown
    return found[0]


async def budget(tx: Tx, order_id: int) -> Budget | None:
    """What may be given for an order beyond what was paid, and what was; None before anybody thought of it."""
    return await store.budget(tx, order_id)


async def hold(tx: Tx, case_ids: Iterable[int]) -> dict[int, Held]:
    """Lock cases of the actor's merchants for a decision, their orders first.

    Raises DatabaseBusy where one was attached to an order just now: that order would have to be locked before it.
    """
    found = await get(tx, list(case_ids))
    locked = await orders.lock(tx, {case.order_id for case in found.values() if case.order_id is not None})
    held = await store.lock(tx, list(found))
    if any(case.order_id is not None and case.order_id not in locked for case in held):
        raise DatabaseBusy
    return {case.id: Held(case, locked[case.order_id] if case.order_id is not None else None) for case in held}


async def hold_one(tx: Tx, case_id: int) -> Held:
    """Lock one case and its order. Raises CaseUnknown."""
    found = await hold(tx, [case_id])
    if case_id not in found:
        raise CaseUnknown
    return found[case_id]


async def hands(tx: Tx, case_ids: Collection[int]) -> set[tuple[str, int | None]]:
    """Everybody who had a hand in these cases, by kind and id: owned, logged, proposed or granted something."""
    return await store.hands(tx, case_ids)
