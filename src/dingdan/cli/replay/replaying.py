"""The whole replay: all orders in the order of time, then all returns, then what it came to."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from dingdan import worker
from dingdan.areas import returns
from dingdan.cli.replay import lines, plan, selling, shop, store, taking_back, timing
from dingdan.cli.replay.pacing import Abreast, Statistics
from dingdan.cli.replay.progress import Progress
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.money import decimal_string
from dingdan.kernel.times import local_date
from dingdan.plumbing.database import Database

# How many orders or claims go by before reactions, deadlines and jobs follow.
SETTLE_EVERY = 500
# How many days of orders and how many sittings of returns are in flight.
DAYS_ABREAST = 2
SITTINGS_ABREAST = 2
# Automatic receipt and every other promise of the last orders are kept by then.
AFTERWARDS = timedelta(days=30)

T = TypeVar("T")


class Result(msgspec.Struct, frozen=True):
    """What a replay came to: money as decimal strings, read from the database; refusals as the system gave them."""

    orders: int
    lines: int
    gross: str
    accepted_return_lines: int
    refunds: str
    net: str
    review_price_mismatch: int
    refused_over_return: int
    refused_before_purchase: int
    refused_no_order: int
    seconds: float


class Outcome(msgspec.Struct, frozen=True):
    """A result, and what was left out or refused on the way, by reason."""

    result: Result
    left_out: Counter[str]
    not_returned: Counter[str]
    refused: Counter[str]


class Source(msgspec.Struct, frozen=True):
    """What to replay: the files, up to which month, and who hears of lines that are left out."""

    lines_file: Path
    plan_file: Path | None = None
    until: date | None = None
    months: int | None = None
    note: lines.Note | None = None


async def replay(db: Database, source: Source) -> Outcome:
    """Replay a source into a migrated database. Killed anywhere and started again it goes on; a second time changes nothing."""
    began = time.monotonic()
    with _uncollected():
        history = lines.read(source.lines_file, note=source.note)
        claimed = plan.read(source.plan_file, note=source.note) if source.plan_file else plan.Plan([], Counter())
    if not history.invoices:
        raise lines.FileUnfit(f"{source.lines_file.name} has no line of an order")
    every_day = timing.days(history.invoices, history.cancelled)
    until = _last_month(every_day, source)
    # Opened for the whole file, so that a later run with more months finds stock for them.
    opened = await shop.open_shop(db, every_day[0].batches[0].at, history.sold(), history.titles)
    wanted = [day for day in every_day if day.day.replace(day=1) <= until]
    await taking_back.finish(db, opened)
    refused = await _sell(db, opened, wanted)
    claims = [claim for claim in claimed.claims if local_date(claim.at, shop.ZONE).replace(day=1) <= until]
    refused += await _take_back(db, opened, wanted, claims)
    await _reach_today(db)
    result = await _result(db, opened, refused, time.monotonic() - began)
    return Outcome(result, history.left_out, claimed.left_out, refused)


async def _reach_today(db: Database) -> None:
    """What the last days of the file left to be done later, such as the archive of their orders, is done by now."""
    while await worker.run_deadlines(db):
        await worker.settle(db, with_deadlines=False)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A million lines that stay: looking through them for garbage takes as long as reading them."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _last_month(days: Sequence[timing.Day], source: Source) -> date:
    """The last month that is wanted: until one that was named, or so many from the first; else every month."""
    last = source.until or date.max
    months = sorted({day.day.replace(day=1) for day in days})
    return min(last, months[min(source.months, len(months)) - 1]) if source.months else last


async def _sell(db: Database, opened: shop.Shop, days: Sequence[timing.Day]) -> Counter[str]:
    async with db.reading(SYSTEM) as tx:
        known = await store.known_orders(tx, opened.merchant_id)
    progress = Progress("orders", sum(len(day.invoices) for day in days))
    refused: Counter[str] = Counter()

    async def step(day: timing.Day) -> None:
        refused.update(await selling.sell(db, opened, day, known))
        progress.add(len(day.invoices), day.day)

    statistics = Statistics(db, SETTLE_EVERY)
    for fresh, stretch in stretches(days, lambda day: sum(one.number not in known for one in day.invoices)):
        async with Abreast(DAYS_ABREAST) as steps:
            for day in stretch:
                await steps.add(step(day))
        await worker.settle(db, at=stretch[-1].ends_at)
        await statistics.add(fresh)
    if days:
        await worker.settle(db, at=days[-1].ends_at + AFTERWARDS)
    progress.end()
    return refused


async def _take_back(
    db: Database, opened: shop.Shop, days: Sequence[timing.Day], claims: Sequence[plan.Claim]
) -> Counter[str]:
    places = await _places(db, opened, days, claims)
    sound = [claim for claim in claims if all(ref in places for ref, _ in claim.allocations)]
    bought = timing.purchases(days, sound)
    done = await taking_back.filed(db, opened)
    progress = Progress("claims", len(claims))
    refused: Counter[str] = Counter({"plan_names_no_line": len(claims) - len(sound)})
    statistics = Statistics(db, SETTLE_EVERY)
    sittings = timing.sittings(sound, bought)
    for judged, stretch in stretches(sittings, lambda sitting: len(sitting.claims)):
        async with Abreast(SITTINGS_ABREAST) as steps:
            for sitting in stretch:
                # One after the other: what one claim takes is not there for the next.
                request_ids, told = await taking_back.apply(
                    db, opened, sitting, places=places, bought=bought, done=done
                )
                await steps.add(taking_back.see_through(db, sitting.at, request_ids))
                refused += told
                progress.add(len(sitting.claims), local_date(sitting.at, shop.ZONE))
        await worker.settle(db, at=stretch[-1].at)
        await statistics.add(judged)
    if sittings:
        await worker.settle(db, at=sittings[-1].at + AFTERWARDS)
    progress.end()
    return refused


def stretches(steps: Sequence[T], weight: Callable[[T], int]) -> Iterator[tuple[int, list[T]]]:
    """Steps until they weigh enough that reactions, deadlines and jobs should follow, with what they weigh."""
    held: list[T] = []
    weighs = 0
    for step in steps:
        held.append(step)
        weighs += weight(step)
        if weighs >= SETTLE_EVERY:
            yield weighs, held
            held, weighs = [], 0
    if held:
        yield weighs, held


async def _places(
    db: Database, opened: shop.Shop, days: Sequence[timing.Day], claims: Sequence[plan.Claim]
) -> dict[str, tuple[int, int]]:
    """The order lines that the plan names by sheet and row."""
    async with db.reading(SYSTEM) as tx:
        known = await store.known_orders(tx, opened.merchant_id)
    wanted = {ref for claim in claims for ref, _ in claim.allocations}
    found: dict[str, tuple[int, int]] = {}
    for invoice in (invoice for day in days for invoice in day.invoices):
        for line_no, line in enumerate(invoice.lines, start=1):
            ref = f"{invoice.sheet}:{line.source_row}"
            if ref in wanted and invoice.number in known:
                found[ref] = (known[invoice.number].order_id, line_no)
    return found


async def _result(db: Database, opened: shop.Shop, refused: Counter[str], seconds: float) -> Result:
    async with db.reading(SYSTEM) as tx:
        totals = await store.totals(tx, opened.merchant_id, returns.PRICE_MISMATCH)
    return Result(
        orders=totals.orders,
        lines=totals.lines,
        gross=_pounds(totals.gross),
        accepted_return_lines=totals.accepted,
        refunds=_pounds(totals.refunds),
        net=_pounds(totals.gross - totals.refunds),
        review_price_mismatch=totals.at_another_price,
        refused_over_return=refused[returns.QuantityExceeded.code],
        refused_before_purchase=refused[returns.BeforePurchase.code],
        refused_no_order=refused[returns.NoSuchPurchase.code],
        seconds=round(seconds, 1),
    )


def _pounds(amount: int) -> str:
    return decimal_string(amount, shop.CURRENCY)
