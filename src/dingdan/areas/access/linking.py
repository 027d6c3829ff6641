"""Links by which a guest comes to one order: signed, not stored, and void once they are renewed."""

import re
import secrets
from collections.abc import Collection

from dingdan.areas import identity, orders
from dingdan.areas.access import refusals, store
from dingdan.areas.access.events import GuestLinkRenewed
from dingdan.areas.access.model import Guest
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.plumbing.tx import Tx

SECRET_LENGTH = 40
_FORM = re.compile(rf"[0-9a-f]{{{SECRET_LENGTH}}}")
_BUYER = identity.permissions_of(frozenset({"customer"}))


async def guest_secret(tx: Tx, order_id: int) -> str:
    """The secret part of an order's link: 160 bits that only this house can make."""
    return (await guest_secrets(tx, [order_id]))[order_id]


async def guest_secrets(tx: Tx, order_ids: Collection[int]) -> dict[int, str]:
    """The same for many orders."""
    renewed = await store.renewals(tx, order_ids)
    return {i: _signed(tx, i, renewed.get(i, 0)) for i in order_ids}


async def admit(tx: Tx, order_id: int | None, secret: str) -> Guest:
    """Whoever shows the link of an order. Raises LinkUnusable, the same for an order that does not exist."""
    if order_id is None or not _FORM.fullmatch(secret):
        raise refusals.LinkUnusable
    renewed = (await store.renewals(tx, [order_id])).get(order_id, 0)
    if not secrets.compare_digest(secret, _signed(tx, order_id, renewed)):
        raise refusals.LinkUnusable
    order = (await orders.get(tx, [order_id])).get(order_id)
    if order is None:
        raise refusals.LinkUnusable
    return Guest(order_id, Actor(ActorKind.BUYER, order.buyer_id, "guest", order.merchant_id, _BUYER))


async def renew(tx: Tx, order_id: int) -> str:
    """Make every link to an order void, and a code that was sent for it, and give a new one. Raises OrderUnknown."""
    order = (await orders.get(tx, [order_id])).get(order_id)
    if order is None:
        raise orders.OrderUnknown
    await store.renew(tx, order_id)
    await store.end_code(tx, order_id, await store.clock(tx))
    tx.announce(GuestLinkRenewed(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id))
    return await guest_secret(tx, order_id)


def _signed(tx: Tx, order_id: int, renewed: int) -> str:
    whole: str = tx.sealer.sign("guest", f"{order_id}.{renewed}".encode())
    return whole[:SECRET_LENGTH]
