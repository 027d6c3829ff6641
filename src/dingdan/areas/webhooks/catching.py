"""The sandbox's own receiver: made by one click, it keeps what it is sent and checks the signature as a receiver should."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from dingdan.areas.webhooks.model import CATCHER, Call, Caught, Endpoint, Made, SaveEndpoint
from dingdan.areas.webhooks.refusals import CatcherOff, CaughtUnknown, NoCatcher
from dingdan.areas.webhooks.rules import signing
from dingdan.areas.webhooks.store import catches, endpoints
from dingdan.areas.webhooks.subscribing import create, locked
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx

# So many messages of a catcher are kept, and so much of each body.
KEPT, BODY_BYTES = 200, 64 * 1024
# A signature that is older than this could be somebody's who listened.
TOLERANCE = timedelta(minutes=5)
# What a catcher can be told to answer: yes, busy, broken, gone.
GONE = 410
ANSWERS = (200, 429, 500, GONE)


async def make_catcher(tx: Tx, wanted: SaveEndpoint) -> Made:
    """Set up an endpoint that is nowhere outside. Raises CatcherOff where things are real, and what `create` raises."""
    if not tx.sandbox:
        raise CatcherOff
    return await create(tx, msgspec.structs.replace(wanted, url=CATCHER))


async def answer_with(tx: Tx, endpoint_id: int, status: int) -> None:
    """Let a catcher answer with another status. Raises EndpointUnknown, or NoCatcher for an address outside."""
    one = await locked(tx, endpoint_id)
    if one.caught_with is None or status not in ANSWERS:
        raise NoCatcher("status", known=", ".join(map(str, ANSWERS)))
    await catches.answer_with(tx, endpoint_id, status)


async def take_in(tx: Tx, one: Endpoint, calls: Sequence[Call], secrets: Sequence[str]) -> int:
    """Take messages in as a receiver would: check who signed, keep the newest, say the status that it answers.

    For one that was taken away meanwhile nothing is kept: its messages are about people.
    """
    held = await endpoints.lock(tx, one.id)
    if held is None:
        return GONE
    status, now = held.caught_with or 500, await endpoints.clock(tx)
    caught = [
        Caught(
            id=tx.mint(), endpoint_id=one.id, message_id=call.delivery.message_id, at=tx.now, headers=call.headers,
            body=call.body[:BODY_BYTES], size=len(call.body), sha256=hashlib.sha256(call.body).digest(),
            is_signed=signing.is_signed(call.headers, call.body, secrets, now=now, tolerance=TOLERANCE), answered=status,
        )
        for call in calls
    ]  # fmt: skip
    await catches.keep(tx, one.merchant_id, caught)
    await catches.forget_all_but(tx, one.id, KEPT)
    return status


async def caught(tx: Tx, endpoint_id: int, page: Page) -> list[Caught]:
    """What a catcher got, the newest first."""
    return await catches.listed(tx, endpoint_id, page.after or (1 << 63) - 1, page.limit)


async def caught_one(tx: Tx, caught_id: int) -> Caught:
    """One message that was caught. Raises CaughtUnknown."""
    one = await catches.by_id(tx, caught_id)
    if one is None:
        raise CaughtUnknown
    return one
