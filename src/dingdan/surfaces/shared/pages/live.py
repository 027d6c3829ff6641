"""Live pages: which things have changed, told as it happens to whoever has a page of theirs open."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime

import msgspec
from litestar.response import Stream

from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.overviews import feed
from dingdan.plumbing.database import AWAY, Database, DatabaseBusy
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.doors import AnyRequest
from dingdan.surfaces.shared.pages import viewers

# A sign of life as often; a stream ends after a while and the browser begins another, so that rights are looked at again.
BEAT_SECONDS, LONGEST_SECONDS, PAUSE_SECONDS = 15.0, 300.0, 1.0
MOST = 200


class Changed(msgspec.Struct, frozen=True):
    """A thing of which something new is known: its kind, its id, and the order it belongs to."""

    kind: str
    id: str
    order: str | None


# Said as a header: the handler's own media type would win otherwise, and a browser listens to nothing else.
HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def stream(request: AnyRequest) -> Stream:
    """Server-sent events for one page; `sheet` is the id of the thing that it shows."""
    db: Database = request.app.state.db
    heard: news.News = request.app.state.news
    return Stream(told(db, heard, request.user, sheet=request.query_params.get("sheet", "")), headers=HEADERS)


def stream_of(request: AnyRequest, order_id: int) -> Stream:
    """Server-sent events for the pages of one order: that there is news, and nothing of what it is."""
    db: Database = request.app.state.db
    heard: news.News = request.app.state.news
    return Stream(told_of(db, heard, order_id), headers=HEADERS)


async def told_of(
    db: Database, heard: news.News, order_id: int, *, beat: float = BEAT_SECONDS, pause: float = PAUSE_SECONDS
) -> AsyncIterator[str]:
    """The events themselves: a sign of life as often as `beat`, at most one of news in a `pause`."""
    loop = asyncio.get_running_loop()
    until, spoke = loop.time() + LONGEST_SECONDS, loop.time()
    async with db.connection() as connection:
        known = await feed.newest_of(connection, order_id)
    yield "retry: 5000\nevent: beat\ndata: {}\n\n"
    while loop.time() < until:
        await heard.wait(beat)
        try:
            async with db.connection() as connection:
                newest = await feed.newest_of(connection, order_id)
        except (DatabaseBusy, *AWAY):
            newest = known
        if newest != known or loop.time() - spoke >= beat:
            yield f"event: {'changed' if newest != known else 'beat'}\ndata: {{}}\n\n"
            known, spoke = newest, loop.time()
        await asyncio.sleep(pause)


async def told(db: Database, heard: news.News, actor: Actor, *, sheet: str = "") -> AsyncIterator[str]:
    """The events themselves: signs of life, facts, and who else has the sheet open."""
    viewer = await viewers.Viewer.of(db, actor, sheet) if sheet else None
    has_ended = False
    try:
        async with contextlib.aclosing(_told(db, heard, actor, viewer)) as events:
            async for said in events:
                yield said
        has_ended = True
    finally:
        # A stream that ended by itself is begun anew at once: until then the person is still here.
        if viewer is not None and not has_ended:
            viewer.leave()


async def _told(
    db: Database, heard: news.News, actor: Actor, viewer: viewers.Viewer | None
) -> AsyncGenerator[str, None]:
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_SECONDS
    async with db.connection() as connection:
        position = await feed.newest(connection)
    yield f"retry: 2000\n{await _beat(db, actor)}"
    spoke = loop.time()
    while loop.time() < until:
        try:
            if viewer is not None and (here := await viewer.turn()) is not None:
                yield viewers.event(here)
            await heard.wait(BEAT_SECONDS)
            async with db.connection() as connection:
                newest = await feed.newest(connection)
            if newest > position:
                async with db.reading(actor) as tx:
                    found = await feed.stretch(tx, position, newest, wires=None, limit=MOST)
                position = found.position
                changed = {
                    Changed(fact.subject, _id(fact.subject, fact.subject_id), _order(fact.order_id))
                    for fact in found.facts
                }
                if changed:
                    yield f"{_says(tx.now)}event: facts\ndata: {msgspec.json.encode(list(changed)).decode()}\n\n"
                    spoke = loop.time()
                    # Many facts come at once; one look a second is live enough, and cheap.
                    await asyncio.sleep(PAUSE_SECONDS)
            if loop.time() - spoke >= BEAT_SECONDS:
                yield await _beat(db, actor)
                spoke = loop.time()
        except (DatabaseBusy, *AWAY):
            await asyncio.sleep(PAUSE_SECONDS)


async def _beat(db: Database, actor: Actor) -> str:
    """A sign of life, with what time it is here: a page only counts on from that."""
    async with db.reading(actor) as tx:
        return _says(tx.now)


def _says(now: datetime) -> str:
    return f'event: beat\ndata: {{"now": "{now.isoformat()}"}}\n\n'


def _id(kind: str, number: int) -> str:
    return ids.encode(kind, number) if kind in ids.PREFIXES else str(number)


def _order(number: int | None) -> str | None:
    return None if number is None else ids.encode("order", number)
