"""What others may ask about feedback."""

from collections.abc import Iterable, Sequence

import msgspec

from dingdan.areas import identity
from dingdan.areas.feedback import store
from dingdan.areas.feedback.model import Feedback, Words
from dingdan.plumbing.tx import Tx


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> list[Feedback]:
    """Every version of the feedback of orders of the actor's merchants, oldest first."""
    return [one for one in await store.of_orders(tx, order_ids) if tx.actor.reaches(one.merchant_id)]


async def words(tx: Tx, said: Sequence[Feedback]) -> list[Words]:
    """What was said in words; none of whoever was forgotten."""
    plain = await identity.unseal(tx, [(one.buyer_id, one.sealed) for one in said])
    return [msgspec.json.decode(one, type=Words) if one else Words() for one in plain]


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of what was said in words; the archive has it. Ratings stay."""
    await store.drop_words(tx, order_ids)
