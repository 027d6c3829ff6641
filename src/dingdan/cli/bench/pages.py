"""P9: pages of the console among many orders, asked for one after the other as one person does."""

import time
from functools import partial

import httpx

from dingdan.areas import access, identity
from dingdan.cli.bench import filling, works
from dingdan.cli.bench.stage import Stage
from dingdan.cli.looping import run
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.overviews import order_list
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

LOGIN, ROLES = "bench", ("lead",)
# The list of orders, a queue, and pages of single orders; each asked for so often.
LISTS, ASKED, WARM = ("/orders", "/q/returns", "/q/exceptions"), 100, 10


def look(stage: Stage, many: int) -> tuple[list[works.Round], int]:
    """Pages of orders and queues among so many orders; the rate is pages per second, latencies are of whole answers."""
    shop = run(works.on_stage(stage, works.open_shop))
    run(works.on_stage(stage, partial(filling.fill, merchant_id=shop.merchant_id, count=many)))
    stage.analyze()
    secret, numbers = run(works.on_stage(stage, _come_in))
    paths = [path for path in LISTS for _ in range(ASKED)]
    paths += [f"/orders/{ids.encode('order', number)}" for number in (numbers * ASKED)[:ASKED]]
    stage.start()
    latencies, errors = [], 0
    with httpx.Client(
        base_url=f"http://127.0.0.1:{stage.settings.port}", cookies={"dingdan_session": secret}
    ) as client:
        for path in (*LISTS, *paths[-WARM:]) * 2:
            client.get(path)
        began = time.perf_counter()
        for path in paths:
            asked = time.perf_counter()
            answer = client.get(path)
            latencies.append((time.perf_counter() - asked) * 1000)
            errors += answer.status_code != 200
        took = time.perf_counter() - began
    done = works.Round(len(paths) / took, latencies, len(paths) - errors, errors, stage.largest_server_mib(), 0.0, 0.0)
    return [done], len(paths)


async def _come_in(db: Database) -> tuple[str, list[int]]:
    """A session of somebody who sees all orders, and the newest of them."""
    await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, LOGIN, "Bench", ROLES))
    begun = await do(db, SYSTEM, access.sign_in_by_name, LOGIN, device="bench")
    async with db.reading(SYSTEM) as tx:
        found = await order_list.page(tx, order_list.Filter(), Page(ASKED))
    return begun.secret, [one.id for one in found]
