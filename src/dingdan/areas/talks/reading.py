"""What others may ask about talks, and how a return is held while something is said about it."""

from collections.abc import Collection, Sequence

import msgspec

from dingdan.areas import identity, orders, returns
from dingdan.areas.talks import store
from dingdan.areas.talks.model import Offer, Question, Remark, Spoken, Who, Withdrawal
from dingdan.areas.talks.refusals import OfferUnknown, WithdrawalUnknown
from dingdan.plumbing.tx import Tx

# While a return stands here there is something to talk about.
TALKED_ABOUT = frozenset({returns.Decision.REQUESTED, returns.Decision.REFUSED})


class Held(msgspec.Struct, frozen=True):
    """A return and its order, which stand still."""

    one: returns.Return
    order: orders.Order


async def hold(tx: Tx, return_id: int) -> Held:
    """A return that stands still, because its order is locked. Raises ReturnUnknown."""
    one = await returns.hold_one(tx, return_id)
    return Held(one, await orders.get_one(tx, one.order_id))


async def get_offer(tx: Tx, offer_id: int) -> Offer:
    """One offer of the actor's merchants. Raises OfferUnknown."""
    found = [one for one in await store.offers(tx, [offer_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise OfferUnknown
    return found[0]


async def offers_of(tx: Tx, return_ids: Collection[int]) -> list[Offer]:
    """The offers about returns, oldest first."""
    return [one for one in await store.offers_of(tx, return_ids) if tx.actor.reaches(one.merchant_id)]


async def questions_of(tx: Tx, return_ids: Collection[int]) -> dict[int, Question]:
    """What was asked about returns, by return."""
    found = await store.questions(tx, return_ids)
    return {i: one for i, one in found.items() if tx.actor.reaches(one.merchant_id)}


async def thread(tx: Tx, return_id: int) -> list[Spoken]:
    """What was said about a return, oldest first; what still waits to be sent is not said yet. Raises ReturnUnknown."""
    await returns.get_one(tx, return_id)
    return await _opened(tx, [one for one in await store.remarks(tx, return_id) if one.held_until is None])


async def unsent(tx: Tx, return_id: int) -> list[Spoken]:
    """What was written about a return and still waits to be sent, for the staff. Raises ReturnUnknown."""
    await returns.get_one(tx, return_id)
    return await _opened(tx, [one for one in await store.remarks(tx, return_id) if one.held_until is not None])


async def _opened(tx: Tx, said: Sequence[Remark]) -> list[Spoken]:
    plain = await identity.unseal(tx, [(one.buyer_id, one.sealed) for one in said])
    return [Spoken(one, words.decode() if words else "") for one, words in zip(said, plain, strict=True)]


async def remark_counts(tx: Tx, return_ids: Collection[int]) -> dict[int, int]:
    """How much was said about returns; those of which nothing was said are left out."""
    return await store.remark_counts(tx, return_ids)


async def withdrawals_of(tx: Tx, order_id: int) -> list[Withdrawal]:
    """The withdrawals from an order, oldest first."""
    return [one for one in await store.withdrawals_of(tx, order_id) if tx.actor.reaches(one.merchant_id)]


async def withdrawals(tx: Tx, withdrawal_ids: Collection[int]) -> list[Withdrawal]:
    """Statements of withdrawal of the actor's merchants."""
    return [one for one in await store.withdrawals(tx, withdrawal_ids) if tx.actor.reaches(one.merchant_id)]


async def drop_words(tx: Tx, order_ids: Collection[int]) -> None:
    """Let go of the words about returns of orders, and of who withdrew; the archive has them."""
    await store.drop_words(tx, order_ids)


async def get_withdrawal(tx: Tx, withdrawal_id: int) -> Withdrawal:
    """One statement of withdrawal. Raises WithdrawalUnknown."""
    found = [one for one in await store.withdrawals(tx, [withdrawal_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise WithdrawalUnknown
    return found[0]


async def who(tx: Tx, statement: Withdrawal) -> Who | None:
    """Who withdraws and where they are answered; None of whoever was forgotten."""
    (plain,) = await identity.unseal(tx, [(statement.buyer_id, statement.sealed)])
    return msgspec.json.decode(plain, type=Who) if plain else None
