"""The feed of events: everything that happened, in one order, by a cursor that never skips and never repeats."""

import time
from typing import Annotated

from msgspec import Meta

from dingdan.kernel import event, page
from dingdan.overviews import feed
from dingdan.surfaces.shared import facts, news
from dingdan.surfaces.shared.doors import Ask, get
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Cursor, Input, Limit, View, Word


class EventQuery(Input, frozen=True, kw_only=True):
    """What to read: behind `after`, of these `kinds` only. With `wait` the answer may wait so long for something."""

    after: Cursor | None = None
    limit: Limit = page.DEFAULT_LIMIT
    kinds: Annotated[tuple[Word, ...], Meta(max_length=100)] = ()
    wait: Annotated[int, Meta(ge=0, le=30)] = 0


class Feed(View, frozen=True, kw_only=True):
    """A stretch of the feed. Send `next` as `after` to go on, also when nothing came."""

    items: list[facts.EventView]
    next: str
    has_more: bool


@get("/v1/events", permission="event.read")
async def read(ask: Ask, query: EventQuery) -> Feed:
    """What happened, oldest first. Keep `next`: it is all one needs to never miss anything and see nothing twice."""
    position = 0 if query.after is None else page.decode_cursor(query.after)
    if position is None:
        raise Malformed("query.after", what="not a cursor that the feed gave out", what_zh="不是事件流给出的游标")
    for place, kind in enumerate(query.kinds):
        if kind not in event.REGISTRY:
            raise Malformed(f"query.kinds[{place}]", what=f"there is no event {kind}", what_zh=f"没有事件 {kind}")
    heard: news.News = ask.request.app.state.news
    until = time.monotonic() + query.wait
    while True:
        async with ask.db.connection() as connection:
            newest = await feed.newest(connection)
        async with ask.db.reading(ask.actor) as tx:
            found = await feed.stretch(tx, position, newest, wires=list(query.kinds) or None, limit=query.limit)
        position = found.position
        left = until - time.monotonic()
        if found.facts or left <= 0:
            break
        if position >= newest:
            await heard.wait(left)
    return Feed(
        items=[facts.of_feed(fact) for fact in found.facts],
        next=page.encode_cursor(position),
        has_more=position < newest,
    )


ROUTES = [read]
