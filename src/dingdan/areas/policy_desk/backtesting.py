"""Back-tests: the returns of the last months judged anew by another policy, page by page, as jobs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dingdan.areas import merchants, policies
from dingdan.areas.policy_desk import store
from dingdan.areas.policy_desk.model import Backtest, Came, Sums
from dingdan.areas.policy_desk.refusals import BacktestsWaiting, BacktestUnknown, SpanUnfit
from dingdan.areas.policy_desk.rules import comparing
from dingdan.kernel.page import Page
from dingdan.plumbing import jobs
from dingdan.plumbing.tx import Tx

JOB = "policies.backtest"
MOST_DAYS, MOST_AT_ONCE, MOST_POSTAGE = 366, 5, 10_000_000


async def request(
    tx: Tx, merchant: merchants.Merchant, edition_id: int, *, days: int = 90, way_back: int = 0
) -> Backtest:
    """Have the returns of a merchant's last days judged by a version, a draft too, as it stands now.

    `way_back` is the postage of one parcel back, in minor units, for what the shop pays of it.
    Raises PolicyUnknown, SpanUnfit, BacktestsWaiting.
    """
    if not 1 <= days <= MOST_DAYS:
        raise SpanUnfit("days", most=MOST_DAYS)
    if await store.running(tx, merchant.id) >= MOST_AT_ONCE:
        raise BacktestsWaiting(most=MOST_AT_ONCE)
    edition = await policies.edition(tx, edition_id)
    if edition.merchant_id not in (None, merchant.id):
        raise policies.PolicyUnknown
    document = await policies.document_of(tx, edition)
    backtest = Backtest(
        id=tx.mint(), merchant_id=merchant.id, policy_id=edition_id, hash=policies.hash_of(document), document=document,
        since=since(tx.now, days), until=tx.now, way_back=way_back, currency=merchant.currency, counted_to=0,
        sums=Sums(), requested_at=tx.now, requested_by=tx.actor.id, done_at=None,
    )  # fmt: skip
    await store.add(tx, backtest)
    await hand_on(tx, backtest.id)
    return backtest


def since(now: datetime, days: int) -> datetime:
    """When the last so many days began."""
    return now - timedelta(days=days)


async def hand_on(tx: Tx, backtest_id: int) -> None:
    """Have a worker go on with a back-test."""
    await jobs.enqueue(tx, JOB, {"backtest_id": backtest_id})


def count(backtest: Backtest, lines: Sequence[Came], bound: Mapping[int, policies.Policy]) -> Sums:
    """The sums with some more lines, each judged by the policy it came under and by the one that is tried."""
    judges = {i: comparing.Judge(policy.document) for i, policy in bound.items()}
    comparing.count(backtest.sums, lines, comparing.Judge(backtest.document), judges, way_back=backtest.way_back)
    return backtest.sums


async def record(tx: Tx, backtest: Backtest, sums: Sums, *, counted_to: int, is_last: bool) -> bool:
    """Write down how far a back-test has come; False where another worker was faster, and this one is to stop."""
    done_at = tx.now if is_last else None
    return await store.record(
        tx, backtest.id, sums, counted_from=backtest.counted_to, counted_to=counted_to, done_at=done_at
    )


async def backtest(tx: Tx, backtest_id: int) -> Backtest:
    """One back-test, as far as it has come. Raises BacktestUnknown."""
    found = await store.get(tx, backtest_id)
    if found is None:
        raise BacktestUnknown
    return found


async def backtests(tx: Tx, policy_id: int, merchant_id: int | None, page: Page) -> list[Backtest]:
    """Back-tests of one version, oldest first."""
    return await store.of_policy(tx, policy_id, merchant_id, page.after or 0, page.limit)
