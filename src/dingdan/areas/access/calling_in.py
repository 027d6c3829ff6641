"""Codes by which a guest without a link comes to one order: sent to the order's own address, never stored, soon over."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from dingdan.areas import identity, orders
from dingdan.areas.access import refusals, rules, store
from dingdan.areas.access.events import GuestCodeAsked, GuestCodeSpent, GuestCodeUsed
from dingdan.areas.access.linking import guest_secret
from dingdan.areas.access.model import Entered, LiveCode
from dingdan.plumbing.tx import Tx


async def ask_code(tx: Tx, order_id: int | None, email: str) -> None:
    """Have a code sent where the order's own address is the one named. Says nothing either way, so that nobody learns

    which orders exist, whose they are, or that too many were asked for.
    """
    order = (await orders.get(tx, [order_id])).get(order_id) if order_id is not None else None
    if order is None:
        return
    contact = await identity.contact(tx, order.contact_id)
    if contact is None or contact.is_erased or not rules.is_same_address(email, contact.email):
        return
    number = await store.new_code(
        tx, order.id, await store.clock(tx), window=timedelta(hours=1), most=rules.CODES_AN_HOUR
    )
    if number is not None:
        tx.announce(
            GuestCodeAsked(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id, number=number)
        )


async def enter_code(tx: Tx, order_id: int | None, digits: str) -> Entered:
    """The secret of an order's link for whoever enters its code; a no is counted and returned: GuestCodeWrong."""
    now = await store.clock(tx)
    order = (await orders.get(tx, [order_id])).get(order_id) if order_id is not None else None
    wrong_no = Entered(None, no=refusals.GuestCodeWrong("code"))
    if order is None:
        return wrong_no
    await store.lock_code(tx, order.id)
    found = (await store.living_codes(tx, [order.id], now - rules.CODE_HOLDS)).get(order.id)
    if found is None:
        return wrong_no
    number, wrong = found
    if secrets.compare_digest(_digits(tx, order.id, number).encode(), "".join(digits.split()).encode()):
        await store.note_code(tx, order.id, wrong=wrong, ended_at=now)
        tx.announce(GuestCodeUsed(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id, number=number))
        return Entered(order.id, await guest_secret(tx, order.id))
    is_spent = wrong + 1 >= rules.CODE_TRIES
    await store.note_code(tx, order.id, wrong=wrong + 1, ended_at=now if is_spent else None)
    if is_spent:
        tx.announce(
            GuestCodeSpent(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id, number=number)
        )
    return wrong_no


async def live_codes(tx: Tx, order_ids: Collection[int]) -> dict[int, LiveCode]:
    """The codes that open orders now, for the letters that bring them."""
    found = await store.living_codes(tx, order_ids, await store.clock(tx) - rules.CODE_HOLDS)
    return {i: LiveCode(number, _digits(tx, i, number)) for i, (number, _) in found.items()}


def _digits(tx: Tx, order_id: int, number: int) -> str:
    return rules.code_of(tx.sealer.sign("guest-code", f"{order_id}.{number}".encode()))
