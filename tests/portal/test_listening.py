"""Pages that are open hear of news: of their order, of nothing else, and only whoever holds its link."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests import given
from tests.portal.conftest import Let

from dingdan.areas import orders
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import live

pytestmark = pytest.mark.requirement("issue 6: portal")


async def next_of(stream: AsyncIterator[str]) -> str:
    return (await asyncio.wait_for(anext(stream), 15)).strip().splitlines()[-2]


async def test_news_of_an_order_are_heard_and_no_others(db: Database, shop: given.Shop) -> None:
    mine, other = await given.placed_order(db, shop), await given.placed_order(db, shop, buyer="buyer-2")
    heard = news.News(db.url)
    stream = live.told_of(db, heard, mine, beat=1.0, pause=0.0)
    try:
        assert await next_of(stream) == "event: beat"
        await do(db, SYSTEM, orders.cancel, other, reason="buyer_request")
        assert await next_of(stream) == "event: beat"
        await do(db, SYSTEM, orders.cancel, mine, reason="buyer_request")
        assert await next_of(stream) == "event: changed"
    finally:
        await stream.aclose()  # type: ignore[attr-defined]
        await heard.close()


async def test_a_stream_is_of_ones_own_order(db: Database, let: Let, shop: given.Shop) -> None:
    mine = await let(await given.placed_order(db, shop))
    other = await let(await given.placed_order(db, shop, buyer="buyer-2"))
    page = await mine.open()
    assert f'data-live="{mine.here}/live"' in page
    assert (await mine.get(f"{other.here}/live")).status_code == 303
