"""Callbacks: what providers and carriers tell by themselves, signed over the raw body."""

from collections.abc import Sequence

import msgspec
from litestar import Response

from dingdan.areas import payments, way_back
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.batching import Batcher
from dingdan.plumbing.database import Database
from dingdan.surfaces.shared.doors import Ask, post
from dingdan.surfaces.shared.wire import View, Word

SIGNED = "the signature over the raw body says who speaks"
ONCE = "every event has the speaker's own number and counts once"


class CallbackTaken(View, frozen=True, kw_only=True):
    """What became of a carrier's message: new events, known ones, and the codes of those that cannot be stored."""

    stored: int
    repeated: int
    refused: list[str]


class _Told(msgspec.Struct, frozen=True):
    provider: str
    received: payments.Received


class NoticeIntake:
    """Takes in providers' notifications, those that arrive together in one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._batcher: Batcher[_Told, payments.Reply] = Batcher(self._run)

    async def take_in(self, provider: str, received: payments.Received) -> payments.Reply:
        """Take in one notification and say what to answer; raises the refusals of payments."""
        return await self._batcher.submit(_Told(provider, received), lane=provider, size=len(received.body))

    async def drain(self, seconds: float | None = None) -> None:
        """Finish what was taken in, and take nothing more."""
        await self._batcher.drain(seconds)

    async def _run(self, batch: Sequence[_Told]) -> Sequence[payments.Reply | Refusal]:
        return await payments.take_in_notifications(self._db, batch[0].provider, [told.received for told in batch])


@post(
    "/v1/callbacks/payments/{provider}",
    why_open=SIGNED,
    why_unkeyed=ONCE,
    takes="application/octet-stream",
    gives="application/json",
)
async def payment(ask: Ask, provider: Word) -> Response[bytes]:
    """A payment provider's notification. Answered in the provider's own words, so that it stops or tells again."""
    received = payments.Received(dict(ask.request.headers), await ask.request.body())
    intake: NoticeIntake = ask.request.app.state.notices
    reply = await intake.take_in(provider, received)
    return Response(reply.body, status_code=reply.status, media_type="application/json")


@post("/v1/callbacks/carriers/{carrier}", why_open=SIGNED, why_unkeyed=ONCE, takes="application/octet-stream")
async def carrier(ask: Ask, carrier: Word) -> CallbackTaken:
    """A carrier's message with tracking events, in any order, any number of times."""
    taken = await way_back.take_in_push(ask.db, carrier, dict(ask.request.headers), await ask.request.body())
    return CallbackTaken(
        stored=taken.stored, repeated=taken.repeated, refused=[refusal.code for refusal in taken.refused]
    )


ROUTES = [payment, carrier]
