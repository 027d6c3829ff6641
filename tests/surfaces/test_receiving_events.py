"""The code of docs/how-to/receiving-events.md runs as it stands: a receiver of webhooks and a follower of the feed."""

import asyncio
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dingdan.plumbing import outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.targets import Targets
from tests import given
from tests.architecture.source import ROOT
from tests.areas.webhooks.receiver import deliver
from tests.surfaces.callers import Caller, good
from tests.surfaces.conftest import key
from tests.surfaces.serving import Server

pytestmark = pytest.mark.requirement("issue 4: webhooks")


def code(name: str) -> SimpleNamespace:
    """What a block of the page defines."""
    page = (ROOT / "docs" / "how-to" / "receiving-events.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"<!-- {name} -->\n```python\n(.*?)```", page, re.S)
    defined: dict[str, Any] = {"__name__": name}
    exec(compile(block, f"{name}.py", "exec"), defined)
    return SimpleNamespace(**defined)


@contextmanager
def running(server: Any) -> Iterator[str]:
    """The page's server in a thread, and its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hooks"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_the_receiver_takes_each_message_once(
    merchant: Caller, db: Database, shop: given.Shop, tmp_path: Path
) -> None:
    page, db.targets = code("receiver"), Targets(loopback=True)
    inbox = page.Inbox(str(tmp_path / "inbox"))
    server = page.receiver(("127.0.0.1", 0), "", inbox)
    with running(server) as url:
        made = good(await merchant.post("/v1/webhook-endpoints", {"url": url, "events": ["order.placed"]}))
        await given.placed_order(db, shop)
        await deliver(db)
        assert inbox.all() == [], "signed with another secret"
        known = page.receiver(("127.0.0.1", 0), made["secret"], inbox)
        with running(known) as other:
            good(
                await merchant.request("PATCH", f"/v1/webhook-endpoints/{made['endpoint']['id']}", json={"url": other})
            )
            (row,) = await sent(merchant, made["endpoint"]["id"])
            for _ in range(2):
                good(await merchant.post(f"/v1/webhook-deliveries/{row['id']}/replay"))
                await deliver(db)
    (message,) = inbox.all()
    assert (message["type"], message["id"]) == ("order.placed", row["event_id"])
    (row,) = await sent(merchant, made["endpoint"]["id"])
    assert (row["state"], row["calls"]) == ("delivered", 3)


async def test_the_follower_misses_nothing_and_does_nothing_twice(
    own_server: Server, db: Database, shop: given.Shop, tmp_path: Path
) -> None:
    place, done = str(tmp_path / "place"), "CREATE TABLE IF NOT EXISTS done (id TEXT PRIMARY KEY, kind TEXT)"
    dies = [False]

    def work(connection: sqlite3.Connection, event: dict[str, Any]) -> None:
        connection.execute(done)
        connection.execute("INSERT INTO done VALUES (?, ?)", (event["id"], event["kind"]))
        if dies[0] and event["kind"] == "order.placed":
            raise ConnectionError

    follower = code("follower").Follower(own_server.url, await key(db, merchant_id=shop.merchant_id), place, work)
    for _ in range(3):
        await given.placed_order(db, shop)
    await outbox.sequence(db)
    dies[0] = True
    with pytest.raises(ConnectionError):
        await asyncio.to_thread(_until_interrupted, follower)
    dies[0] = False
    while await asyncio.to_thread(follower.step):
        pass
    await given.placed_order(db, shop)
    await outbox.sequence(db)
    while await asyncio.to_thread(follower.step, 1):
        pass
    with closing(sqlite3.connect(place)) as connection:
        kinds = [kind for (kind,) in connection.execute("SELECT kind FROM done")]
    async with db.connection() as connection:
        told = await connection.fetchval("SELECT count(*) FROM facts WHERE merchant_id = $1", shop.merchant_id)
    assert (kinds.count("order.placed"), len(kinds)) == (4, told)


def _until_interrupted(follower: Any) -> None:
    while follower.step():
        pass


async def sent(merchant: Caller, endpoint_id: str) -> list[dict[str, Any]]:
    """What was sent to an endpoint."""
    found: list[dict[str, Any]] = good(await merchant.get(f"/v1/webhook-endpoints/{endpoint_id}/deliveries"))["items"]
    return found


def test_the_page_says_what_the_code_does() -> None:
    """Waits, limits and fields of the page are those of the program."""
    from dingdan.areas.webhooks.rules import ladder, wording

    page = (ROOT / "docs" / "how-to" / "receiving-events.md").read_text(encoding="utf-8")
    hours = ", ".join(str(int(wait.total_seconds() // 3600)) for wait in ladder.WAITS[3:-1])
    assert f"after 5 seconds, 5 and 30 minutes, {hours} and 24 hours" in page
    assert [wait.total_seconds() for wait in ladder.WAITS[:3]] == [5, 300, 1800]
    assert [name for name in wording.Message.__struct_fields__ if f"`{name}`" not in page] == []
