"""The works that are measured: what is sent, and what must be true afterwards."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from dingdan.areas import catalog, identity, inventory, merchants, payments, placement
from dingdan.cli.bench import filling
from dingdan.cli.bench.load import raw_request, write_requests
from dingdan.cli.bench.stage import Stage
from dingdan.cli.looping import opened, run
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.overviews import invariants
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

SKUS, STOCK, LINES = 10_000, 1_000_000, 3
CONNECTIONS = 128
# P3: so many orders a call, over so few connections; what a result of one that was placed says.
BULK, BULK_CONNECTIONS, BULK_PER_SECOND, PLACED = 500, 4, 30, '"status":201'
# P6: the share of the yardstick at which orders arrive.
ARRIVING = 0.25
DRAIN_SECONDS = 10.0
# What is counted afterwards.
ORDERS_STORED = "SELECT count(*) FROM orders"
SCANS_STORED = "SELECT count(*) FROM scans"
WARM_SECONDS = 3.0
# More requests than any machine we know answers in a round.
REQUESTS_PER_SECOND = 12_000
ADDRESS = Address(
    name="王小明",
    phone="13812345678",
    country="CN",
    province="浙江省",
    city="杭州市",
    district="西湖区",
    detail="文三路 1 号",
)
_ADDRESS = msgspec.to_builtins(ADDRESS)

# P11: deadlines of nothing, so that what is measured is the engine.
SWEPT = deadlines.Kind(name="bench.swept", subject="order", on_timeout="nothing")
STILL_OPEN, DUE_NOW, IDLE_TICKS = 1_000_000, 10_000, 200
OPEN_DEADLINES = """
INSERT INTO deadlines (kind, subject_id, started_at, due_at, next_at)
SELECT $1, n, dingdan_now(), at, at FROM (
    SELECT $3::bigint + n AS n, dingdan_now() + $4::interval + n * interval '1 millisecond' AS at
    FROM generate_series(1, $2::bigint) AS n) AS made
"""


class Round(msgspec.Struct):
    """One round of one work."""

    rate: float
    latencies: list[float]
    acknowledged: int
    errors: int
    rss_mib: float
    load_cpu_share: float
    drain_seconds: float


class Figure(msgspec.Struct):
    """What a work came to; rates are per second, the median of the rounds."""

    rate: float
    ratio: float
    p50_ms: float | None
    p99_ms: float | None
    rss_mib: float
    acknowledged: int
    stored: int
    errors: int
    oversold: int
    violations: int
    load_cpu_share: float
    drain_seconds: float
    rounds: list[float]


class Shop(msgspec.Struct, frozen=True):
    """The shop that everything is ordered from."""

    merchant_id: int
    key: str


async def open_shop(db: Database) -> Shop:
    """A merchant with 10,000 products, all priced and in stock."""
    return await do(db, SYSTEM, _open_shop)


async def _open_shop(tx: Tx) -> Shop:
    merchant = await merchants.save(tx, merchants.SaveMerchant(
        code="bench", name={"en": "Bench"}, zone="Asia/Shanghai", currency="CNY", policy="cn_statutory",
        settings=merchants.MerchantSettings(pay_within_minutes=24 * 60),
    ))  # fmt: skip
    warehouse = await inventory.save_warehouse(
        tx, inventory.SaveWarehouse(merchant.id, "W", {"en": "W"}, "Asia/Shanghai", ADDRESS)
    )
    await inventory.save_channel(tx, inventory.SaveChannel(merchant.id, "web", {"en": "Web"}, "CNY", "W"))
    saved = await catalog.save_products(tx, [
        catalog.SaveProduct(merchant_id=merchant.id, sku=f"S{n}", title={"en": f"Thing {n}"}, category="things")
        for n in range(SKUS)
    ])  # fmt: skip
    await catalog.save_prices(tx, [
        catalog.SavePrice(merchant_id=merchant.id, sku=f"S{n}", currency="CNY", amount=1000 + n) for n in range(SKUS)
    ])  # fmt: skip
    await inventory.count(tx, [inventory.Count(merchant.id, warehouse.id, one.id, STOCK) for one in saved])
    issued = await identity.issue_key(tx, identity.IssueKey(
        merchant_id=merchant.id, staff_id=None, name="bench", scopes=("order.place", "order.read", "payment.start")))  # fmt: skip
    return Shop(merchant.id, issued.secret)


def place_requests(shop: Shop, count: int, first: int, *, hot: bool) -> Iterator[bytes]:
    """Single orders of three lines; `hot`: all of one product."""
    for n in range(first, first + count):
        yield raw_request("/v1/orders", _headers(shop, f"b{n}"), msgspec.json.encode(_order(n, hot=hot)))


def bulk_requests(shop: Shop, count: int, first: int) -> Iterator[bytes]:
    """Calls of 500 orders of three lines."""
    for call in range(first, first + count):
        numbers = range(call * BULK, (call + 1) * BULK)
        body = {"orders": [_order(n, hot=False) | {"key": f"b{n}"} for n in numbers]}
        yield raw_request("/v1/orders/bulk", _headers(shop, f"call{call}"), msgspec.json.encode(body))


def _order(n: int, *, hot: bool) -> dict[str, Any]:
    skus = ["S0"] if hot else [f"S{(n * 7919 + step * 104729) % SKUS}" for step in range(LINES)]
    return {
        "channel": "web", "buyer": {"ref": f"buyer-{n % 5000}"}, "ship_to": _ADDRESS,
        "lines": [{"sku": sku, "quantity": 1} for sku in skus],
    }  # fmt: skip


def _headers(shop: Shop, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {shop.key}", "Content-Type": "application/json", "Idempotency-Key": key}


def place(
    stage: Stage, seconds: float, rounds: int, *, hot: bool, rate: float | None = None
) -> tuple[list[Round], int]:
    """P1, P2, P6 and P10: orders over HTTP; gives the rounds and how many orders the database holds afterwards."""
    shop = run(on_stage(stage, open_shop))
    stage.start()
    before = _warm_up(stage, shop, hot=hot)
    done = _rounds(stage, shop, seconds, range(rounds), hot=hot, rate=rate)
    return done, run(on_stage(stage, lambda db: counted(db, ORDERS_STORED))) - before


def _warm_up(stage: Stage, shop: Shop, *, hot: bool, time: int = 1) -> int:
    """A few seconds that are not measured, then statistics; says how many orders there are. `time`: the first, or again."""
    path = stage.folder / "requests"
    count = int(REQUESTS_PER_SECOND * WARM_SECONDS)
    write_requests(path, place_requests(shop, count, -count * time, hot=hot))
    stage.load(path, connections=CONNECTIONS, seconds=WARM_SECONDS)
    stage.analyze()
    return int(run(on_stage(stage, lambda db: counted(db, ORDERS_STORED))))


def place_among_many(stage: Stage, seconds: float, rounds: int, many: int) -> tuple[list[Round], int, float]:
    """P8: P1 on an empty database and again among so many orders; also gives the rate on the empty one."""
    shop = run(on_stage(stage, open_shop))
    stage.start()
    _warm_up(stage, shop, hot=False)
    empty = _rounds(stage, shop, seconds, range(rounds), hot=False)
    stage.stop()
    run(on_stage(stage, partial(filling.fill, merchant_id=shop.merchant_id, count=many)))
    stage.start()
    before = _warm_up(stage, shop, hot=False, time=2)
    done = _rounds(stage, shop, seconds, range(rounds, 2 * rounds), hot=False)
    stored = run(on_stage(stage, lambda db: counted(db, ORDERS_STORED)))
    return done, stored - before, statistics.median(one.rate for one in empty)


def _rounds(
    stage: Stage, shop: Shop, seconds: float, numbers: range, *, hot: bool, rate: float | None = None
) -> list[Round]:
    done = []
    for number in numbers:
        count = int((rate or REQUESTS_PER_SECOND) * seconds)
        path = stage.folder / "requests"
        write_requests(path, place_requests(shop, count, number * count, hot=hot))
        done.append(one_round(stage, path, seconds, rate=rate))
    return done


def place_many(stage: Stage, seconds: float, rounds: int) -> tuple[list[Round], int]:
    """P3: 500 orders a call; rates are orders, latencies are calls."""
    shop = run(on_stage(stage, open_shop))
    stage.start()
    done = []
    for number in range(rounds):
        count = int(BULK_PER_SECOND * seconds)
        path = stage.folder / "requests"
        write_requests(path, bulk_requests(shop, count, number * count))
        done.append(one_round(stage, path, seconds, connections=BULK_CONNECTIONS, counted=PLACED))
    stored = run(on_stage(stage, lambda db: counted(db, ORDERS_STORED)))
    return done, stored


def pay(stage: Stage, seconds: float, rounds: int) -> tuple[list[Round], int]:
    """P4: signed payment notifications, one per request."""
    shop = run(on_stage(stage, open_shop))
    stage.start()
    done = []
    for number in range(rounds):
        path = stage.folder / "requests"
        run(on_stage(stage, partial(_prepare_payments, shop=shop, count=int(1500 * seconds), number=number, path=path)))
        stage.analyze()
        done.append(one_round(stage, path, seconds))
    stored = run(on_stage(stage, lambda db: counted(db, "SELECT count(*) FROM payments WHERE state = 'captured'")))
    return done, stored


async def _prepare_payments(db: Database, *, shop: Shop, count: int, number: int, path: Path) -> None:
    """Orders that wait for their money, and the notifications that will say it is in."""
    for first in range(0, count, 500):
        baskets = [
            placement.Basket(merchant_id=shop.merchant_id, channel="web", ship_to=ADDRESS,
                             buyer=placement.Buyer(ref=f"payer-{n % 5000}"),
                             items=(placement.Item(f"S{n % SKUS}", 1),))
            for n in range(first, first + 500)
        ]  # fmt: skip
        placed = await do(db, SYSTEM, placement.place, baskets)
        ids = [one.order_id for one in placed if isinstance(one, placement.Placed)]
        started = await do(db, SYSTEM, payments.start, ids, provider="sandbox", method="qr")
        await payments.call_started(db, [payment.id for payment in started])
        await payments.sandbox.pay_all(db, [payment.id for payment in started])
    notices = await payments.sandbox.take_outgoing(db, limit=count)
    write_requests(path, (raw_request("/v1/callbacks/payments/sandbox", dict(n.headers), n.body) for n in notices))


def one_round(
    stage: Stage,
    path: Path,
    seconds: float,
    *,
    connections: int = CONNECTIONS,
    rate: float | None = None,
    counted: str = "",
) -> Round:
    answers = stage.load(path, connections=connections, seconds=seconds, rate=rate, counted=counted)
    took = answers["seconds"]
    drained = run(on_stage(stage, _drained))
    accepted = answers["accepted"]
    return Round(
        rate=answers["acknowledged"] / took, latencies=accepted, acknowledged=answers["acknowledged"],
        errors=sum(answers["refused"].values()), rss_mib=stage.largest_server_mib(),
        load_cpu_share=answers["cpu_seconds"] / took, drain_seconds=drained,
    )  # fmt: skip


async def _drained(db: Database) -> float:
    """How long the worker needs until every fact is placed and answered; at most twice what is allowed."""
    began = time.monotonic()
    while time.monotonic() - began < 2 * DRAIN_SECONDS:
        waiting = await counted(db, """
            SELECT (SELECT count(*) FROM facts WHERE position IS NULL)
                + (SELECT count(*) FROM reaction_cursors
                   WHERE position < COALESCE((SELECT max(position) FROM facts), 0))
        """)  # fmt: skip
        if waiting == 0:
            break
        await asyncio.sleep(0.1)
    return round(time.monotonic() - began, 2)


def replay(stage: Stage, yardstick: float, samples: Path) -> Figure:
    """P7: two years of a real shop, once; the rate is orders per second."""
    folder = samples / "online_retail"
    printed = stage.command(
        "replay", "online-retail", str(folder / "online_retail_II.csv.xz"),
        "--plan", str(folder / "return_plan.csv.xz"), "--json",
    )  # fmt: skip
    told = msgspec.json.decode(printed)
    rate = told["orders"] / told["seconds"]
    only = Round(rate, [], told["orders"], 0, 0.0, 0.0, 0.0)
    stored = run(on_stage(stage, lambda db: counted(db, ORDERS_STORED)))
    return figure([only], stored, yardstick, violations(stage))


def sweep(stage: Stage, yardstick: float, rounds: int) -> Figure:
    """P11: how fast what is due is found and acted on among what is not; rates are deadlines, latencies idle ticks."""
    done, stored = run(on_stage(stage, partial(_sweep, rounds=rounds)))
    return figure(done, stored, yardstick, violations(stage))


async def _sweep(db: Database, *, rounds: int) -> tuple[list[Round], int]:
    async def act(_tx: Tx, _ids: Sequence[int]) -> None:
        """Nothing: what is measured is the engine."""

    done, stored = [], 0
    async with db.connection() as connection:
        await connection.execute(OPEN_DEADLINES, SWEPT.name, STILL_OPEN, 0, timedelta(days=30), timeout=600)
        await connection.execute("VACUUM ANALYZE deadlines")
    for _ in range(rounds):
        async with db.connection() as connection:
            await connection.execute(OPEN_DEADLINES, SWEPT.name, DUE_NOW, STILL_OPEN, -timedelta(hours=1))
        began, acted = time.monotonic(), 0
        while await deadlines.kinds_due(db):
            acted += await deadlines.run_due(db, SWEPT, act)
        took = time.monotonic() - began
        stored += DUE_NOW - await counted(db, "SELECT count(*) FROM deadlines WHERE next_at <= dingdan_now()")
        idle = [await _idle_tick(db, act) for _ in range(IDLE_TICKS)]
        done.append(Round(acted / took, idle, acted, 0, 0.0, 0.0, round(took, 2)))
    async with db.connection() as connection:
        await connection.execute("TRUNCATE deadlines")
    return done, stored


async def _idle_tick(db: Database, act: deadlines.Handler) -> float:
    """Milliseconds of a tick that finds nothing to do, as the worker makes one."""
    began = time.monotonic()
    assert await deadlines.kinds_due(db) == []
    await deadlines.run_due(db, SWEPT, act)
    return (time.monotonic() - began) * 1000


def figure(rounds: list[Round], stored: int, yardstick: float, found: dict[str, int]) -> Figure:
    """Rounds made into one row of the table."""
    latencies = sorted(latency for one in rounds for latency in one.latencies)
    rate = statistics.median(one.rate for one in rounds)
    return Figure(
        rate=round(rate, 1), ratio=round(rate / yardstick, 3),
        p50_ms=_at(latencies, 0.50), p99_ms=_at(latencies, 0.99),
        rss_mib=max(one.rss_mib for one in rounds), acknowledged=sum(one.acknowledged for one in rounds),
        stored=stored, errors=sum(one.errors for one in rounds), oversold=_oversold(found),
        violations=sum(found.values()), load_cpu_share=round(max(one.load_cpu_share for one in rounds), 2),
        drain_seconds=max(one.drain_seconds for one in rounds), rounds=[round(one.rate, 1) for one in rounds],
    )  # fmt: skip


def _oversold(found: dict[str, int]) -> int:
    return sum(count for name, count in found.items() if name.startswith("S1_"))


def violations(stage: Stage) -> dict[str, int]:
    """What `dingdan check` finds now: {invariant: rows}."""

    async def check(db: Database) -> dict[str, int]:
        return {result.name: result.count for result in await invariants.check(db)}

    found: dict[str, int] = run(on_stage(stage, check))
    return found


def _at(ordered: list[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None


async def counted(db: Database, sql: str) -> int:
    """The one number that a query gives."""
    async with db.connection() as connection:
        return int(await connection.fetchval(sql))


async def on_stage(stage: Stage, body: Callable[[Database], Any]) -> Any:
    """Do something with the stage's database."""
    async with opened(stage.settings) as db:
        return await body(db)
