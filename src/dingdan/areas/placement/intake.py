"""Many orders with their idempotency keys in one transaction: a batch of one is the single request."""

from collections.abc import Sequence

import msgspec

from dingdan.areas.placement.model import Basket, Placed
from dingdan.areas.placement.placing import place
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import idempotency
from dingdan.plumbing.tx import Tx

CREATED = 201

Name = tuple[int, str]


class Intake(msgspec.Struct, frozen=True):
    """A basket as it came through a door, with the key that makes it safe to send again."""

    basket: Basket
    key: idempotency.Key


class Taken(msgspec.Struct, frozen=True):
    """The order that answers an intake, the first of its checkout: a new one, or the one its key made before.

    `made` are all orders that came to be just now; `placed` is what the key made, where that was in this transaction.
    """

    order_id: int
    is_replay: bool
    made: tuple[int, ...] = ()
    placed: Placed | None = None


async def take_in(tx: Tx, intakes: Sequence[Intake]) -> list[Taken | Refusal]:
    """Place what is new, answer what was placed before, refuse the rest; a result for each, in their order.

    The same key twice in a batch is one order and two answers. A refusal leaves no trace, its key neither: it may
    be tried again. A created order's key keeps its id and status only; a later answer is rendered from the order.
    """
    keys = _distinct([intake.key for intake in intakes])
    # The ids that orders will have are known before; so a key is written once, with its answer.
    ids = {(key.principal, key.key): order_id for key, order_id in zip(keys, tx.mint_many(len(keys)), strict=True)}
    mine = await idempotency.claim(tx, keys, subjects=list(ids.values()), status=CREATED)
    # Where each new key stands first; the same key further on gets that one's answer.
    first: dict[Name, int] = {}
    for place_in_batch, intake in enumerate(intakes):
        if _name(intake) in mine:
            first.setdefault(_name(intake), place_in_batch)
    placed = await place(tx, [intakes[i].basket for i in first.values()], ids=[ids[name] for name in first])
    made = dict(zip(first, placed, strict=True))
    await idempotency.forget(tx, [name for name, result in made.items() if isinstance(result, Refusal)])
    earlier = await idempotency.earlier_of(tx, [one.key for one in intakes if _name(one) not in made])
    return [
        _answer(intake, made[_name(intake)], intakes[first[_name(intake)]], is_first=first[_name(intake)] == i)
        if _name(intake) in made
        else _earlier(intake, earlier[_name(intake)])
        for i, intake in enumerate(intakes)
    ]


def _answer(intake: Intake, made: Placed | Refusal, first: Intake, *, is_first: bool) -> Taken | Refusal:
    if first.key.fingerprint != intake.key.fingerprint:
        return idempotency.KeyReused("header.Idempotency-Key")
    if isinstance(made, Refusal):
        return made
    return Taken(made.order_id, not is_first, tuple(one.order_id for one in made.orders) if is_first else (), made)


def _earlier(intake: Intake, earlier: idempotency.Earlier) -> Taken | Refusal:
    if earlier.fingerprint != intake.key.fingerprint:
        return idempotency.KeyReused("header.Idempotency-Key")
    assert earlier.subject_id is not None, "a key of this door always made an order"
    return Taken(earlier.subject_id, is_replay=True)


def _name(intake: Intake) -> Name:
    return intake.key.principal, intake.key.key


def _distinct(keys: Sequence[idempotency.Key]) -> list[idempotency.Key]:
    return list({(key.principal, key.key): key for key in reversed(keys)}.values())
