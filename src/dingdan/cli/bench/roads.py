"""P12: carriers that tell of many parcels at once."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec

from dingdan import worker
from dingdan.areas import fulfilment, payments, placement, transit
from dingdan.cli.bench import works
from dingdan.cli.bench.load import raw_request, write_requests
from dingdan.cli.bench.stage import Stage
from dingdan.cli.looping import run
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# A push holds what happened to so many parcels, each with the steps of its way.
PARCELS, CONNECTIONS = 20, 8
WAY = ("picked_up", "in_transit", "in_transit", "out_for_delivery", "delivered")
SCANS = PARCELS * len(WAY)
PARCELS_PER_SECOND, PARCELS_PER_ORDER, ORDERS_AT_ONCE = 1_000, 100, 50


def track(stage: Stage, seconds: float, rounds: int) -> tuple[list[works.Round], int]:
    """Scans over the push door; gives the rounds and how many scans the database holds afterwards."""
    shop = run(works.on_stage(stage, works.open_shop))
    count = int(PARCELS_PER_SECOND * seconds)
    paths = [stage.folder / f"pushes-{number}" for number in range(rounds)]
    for number, path in enumerate(paths):
        prepare = partial(_prepare, shop=shop, count=count, first=number * count, path=path)
        run(works.on_stage(stage, prepare))
    stage.start()
    done = []
    for path in paths:
        one = works.one_round(stage, path, seconds, connections=CONNECTIONS)
        done.append(msgspec.structs.replace(one, rate=one.rate * SCANS, acknowledged=one.acknowledged * SCANS))
    stored = run(works.on_stage(stage, lambda db: works.counted(db, works.SCANS_STORED)))
    return done, stored


async def _prepare(db: Database, *, shop: works.Shop, count: int, first: int, path: Path) -> None:
    """Parcels on their way, and the pushes that will tell of them."""
    parcels: list[fulfilment.Parcel] = []
    wanted = count // PARCELS_PER_ORDER
    for start in range(0, wanted, ORDERS_AT_ONCE):
        baskets = [
            placement.Basket(merchant_id=shop.merchant_id, channel="web", ship_to=works.ADDRESS,
                             buyer=placement.Buyer(ref=f"waiting-{n}"),
                             items=(placement.Item(f"S{n % works.SKUS}", PARCELS_PER_ORDER),))
            for n in range(start, min(start + ORDERS_AT_ONCE, wanted))
        ]  # fmt: skip
        placed = await do(db, SYSTEM, placement.place, baskets)
        order_ids = [one.order_id for one in placed if isinstance(one, placement.Placed)]
        started = await do(db, SYSTEM, payments.start, order_ids, provider="sandbox", method="instant")
        await payments.call_started(db, [payment.id for payment in started])
        await worker.settle(db, with_deadlines=False)
        async with db.reading(SYSTEM) as tx:
            place = (await fulfilment.works_of(tx, order_ids))[0].warehouse_id
        picked = await do(db, SYSTEM, fulfilment.claim, place, limit=ORDERS_AT_ONCE, claimed_by=None)
        packs = [fulfilment.Pack(work.id, (fulfilment.PackedLine(1, PARCELS_PER_ORDER),)) for work in picked]
        await do(db, SYSTEM, fulfilment.pack_many, packs)
        for work in picked:
            serial = first + len(parcels)
            parcels += await do(db, SYSTEM, fulfilment.ship, [
                fulfilment.Ship(work.id, "sandbox", fulfilment.sandbox_number(serial + n, "U"),
                                (fulfilment.ShipLine(1, 1),))
                for n in range(PARCELS_PER_ORDER)
            ])  # fmt: skip
    write_requests(path, _pushes(db, parcels))


def _pushes(db: Database, parcels: list[fulfilment.Parcel]) -> Iterator[bytes]:
    for start in range(0, len(parcels), PARCELS):
        scans = [
            fulfilment.Scan("sandbox", parcel.tracking_number, f"{n}", code,
                            parcel.dispatched_at + timedelta(minutes=n), "Hangzhou")
            for parcel in parcels[start : start + PARCELS] for n, code in enumerate(WAY)
        ]  # fmt: skip
        headers, body = transit.sandbox.make_push(db.sealer, scans)
        yield raw_request(
            "/v1/callbacks/carriers/sandbox", {**headers, "Content-Type": "application/octet-stream"}, body
        )
