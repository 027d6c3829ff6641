"""P5: the whole life of returns over HTTP, from the application to the money that is back."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from dingdan import worker
from dingdan.areas import fulfilment, identity, payments, placement
from dingdan.cli.bench import store, works
from dingdan.cli.bench.load import raw_request, write_requests
from dingdan.cli.bench.stage import Stage
from dingdan.cli.looping import run
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# So many returns for each second of a round; they are sent through, however long that takes.
PER_SECOND, CONNECTIONS, ORDERS_AT_ONCE = 50, 32, 100
LONGEST_SECONDS = 600.0
MAY = ("return.apply", "return.receive", "return.inspect")
FOUND = {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}


class Bought(msgspec.Struct, frozen=True):
    """An order in the buyer's hands, and by which name the shop knows the buyer."""

    order_id: int
    buyer: str


def live(stage: Stage, seconds: float, rounds: int) -> tuple[list[works.Round], int]:
    """Returns applied for, approved by the system, received, inspected and paid back; rates are whole lives."""
    shop = run(works.on_stage(stage, works.open_shop))
    key = run(works.on_stage(stage, partial(_key, shop=shop)))
    count = max(ORDERS_AT_ONCE, int(PER_SECOND * seconds))
    bought = [run(works.on_stage(stage, partial(_deliver, shop=shop, count=count, number=n))) for n in range(rounds)]
    stage.start()
    stage.analyze()
    done = [_round(stage, key, some, number) for number, some in enumerate(bought)]
    return done, run(works.on_stage(stage, store.paid_back))


def _round(stage: Stage, key: str, bought: Sequence[Bought], number: int) -> works.Round:
    before = run(works.on_stage(stage, store.paid_back))
    path = stage.folder / "lives"
    bodies = [{"buyer": one.buyer, "lines": [{"order_id": ids.encode("order", one.order_id), "line_no": 1, "quantity": 1}]}
              for one in bought]  # fmt: skip
    steps = [_step(stage, path, key, f"apply{number}", [("/v1/returns", body) for body in bodies])]
    known = run(works.on_stage(stage, partial(store.returns_of, order_ids=[one.order_id for one in bought])))
    for verb, body in (("receive", {}), ("inspect", {"lines": [FOUND]})):
        asked = [(f"/v1/returns/{ids.encode('return', one)}/{verb}", body) for one in known]
        steps.append(_step(stage, path, key, f"{verb}{number}", asked))
    waited = run(works.on_stage(stage, partial(_until_paid, wanted=before + steps[-1]["acknowledged"])))
    took = sum(step["seconds"] for step in steps) + waited
    latencies = sorted(latency for step in steps for latency in step["accepted"])
    return works.Round(
        rate=steps[-1]["acknowledged"] / took, latencies=latencies, acknowledged=steps[-1]["acknowledged"],
        errors=sum(sum(step["refused"].values()) for step in steps), rss_mib=stage.largest_server_mib(),
        load_cpu_share=sum(step["cpu_seconds"] for step in steps) / took, drain_seconds=round(waited, 2),
    )  # fmt: skip


def _step(stage: Stage, path: Path, key: str, name: str, asked: Sequence[tuple[str, Any]]) -> Any:
    write_requests(path, _requests(key, name, asked))
    return stage.load(path, connections=CONNECTIONS, seconds=LONGEST_SECONDS, patient=True)


def _requests(key: str, name: str, asked: Sequence[tuple[str, Any]]) -> Iterator[bytes]:
    for n, (to, body) in enumerate(asked):
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"{name}-{n}",
        }
        yield raw_request(to, headers, msgspec.json.encode(body))


async def _until_paid(db: Database, *, wanted: int) -> float:
    """How long it takes until the money of all returns is back, after the last inspection was answered."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_SECONDS:
        if await store.paid_back(db) >= wanted:
            break
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def _key(db: Database, *, shop: works.Shop) -> str:
    issued = await do(db, SYSTEM, identity.issue_key, identity.IssueKey(
        merchant_id=shop.merchant_id, staff_id=None, name="bench-returns", scopes=MAY))  # fmt: skip
    return issued.secret


async def _deliver(db: Database, *, shop: works.Shop, count: int, number: int) -> list[Bought]:
    """Orders of one piece each, paid, sent and delivered."""
    bought: list[Bought] = []
    for first in range(number * count, (number + 1) * count, ORDERS_AT_ONCE):
        refs = [f"returner-{n}" for n in range(first, first + ORDERS_AT_ONCE)]
        placed = await do(db, SYSTEM, placement.place, [
            placement.Basket(merchant_id=shop.merchant_id, channel="web", ship_to=works.ADDRESS,
                             buyer=placement.Buyer(ref=ref), items=(placement.Item(f"S{n % works.SKUS}", 1),))
            for n, ref in enumerate(refs, start=first)
        ])  # fmt: skip
        order_ids = [one.order_id for one in placed if isinstance(one, placement.Placed)]
        started = await do(db, SYSTEM, payments.start, order_ids, provider="sandbox", method="instant")
        await payments.call_started(db, [payment.id for payment in started])
        await worker.settle(db, with_deadlines=False)
        await _ship(db, order_ids, first)
        bought += [Bought(order_id, ref) for order_id, ref in zip(order_ids, refs, strict=True)]
    await worker.settle(db, with_deadlines=False)
    return bought


async def _ship(db: Database, order_ids: Sequence[int], first: int) -> None:
    async with db.reading(SYSTEM) as tx:
        place = (await fulfilment.works_of(tx, order_ids))[0].warehouse_id
    picked = await do(db, SYSTEM, fulfilment.claim, place, limit=len(order_ids), claimed_by=None)
    await do(
        db, SYSTEM, fulfilment.pack_many, [fulfilment.Pack(one.id, (fulfilment.PackedLine(1, 1),)) for one in picked]
    )
    parcels = await do(db, SYSTEM, fulfilment.ship, [
        fulfilment.Ship(one.id, "sandbox", fulfilment.sandbox_number(first + n, "U"), (fulfilment.ShipLine(1, 1),))
        for n, one in enumerate(picked)
    ])  # fmt: skip
    await do(db, SYSTEM, fulfilment.scan, [
        fulfilment.Scan("sandbox", parcel.tracking_number, "d1", "delivered",
                        parcel.dispatched_at + timedelta(milliseconds=1), "Hangzhou")
        for parcel in parcels
    ])  # fmt: skip
