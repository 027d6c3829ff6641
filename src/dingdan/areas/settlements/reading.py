"""What others may ask about settling with merchants."""

from collections.abc import Collection

from dingdan.areas import ledger
from dingdan.areas.settlements import agreeing, store
from dingdan.areas.settlements.model import (
    Agreement,
    DepositMovement,
    Line,
    MerchantDeposit,
    Payout,
    PayoutRun,
    Settlement,
)
from dingdan.areas.settlements.refusals import PayoutUnknown, SettlementUnknown
from dingdan.areas.settlements.store import deposits, payouts
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


async def get_one(tx: Tx, settlement_id: int) -> Settlement:
    """One period's account. Raises SettlementUnknown; somebody else's is as unknown as none."""
    found = (await store.settlements(tx, [settlement_id])).get(settlement_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise SettlementUnknown
    return found


async def opening_of(tx: Tx, one: Settlement) -> int | None:
    """What an account began with; None while an earlier period is open and nobody can say."""
    if one.opening is not None:
        return one.opening
    earlier = await store.before(tx, one)
    return 0 if earlier is None else earlier.closing


async def lines(tx: Tx, settlement_id: int, page: Page) -> list[Line]:
    """The lines of an account, oldest first."""
    return await store.lines(tx, settlement_id, after=page.after, limit=page.limit)


async def lines_of_order(tx: Tx, order_id: int) -> list[Line]:
    """What an order meant for its merchant's account so far."""
    return await store.lines_of_orders(tx, [order_id])


async def sums(tx: Tx, settlement_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """What the lines of accounts come to, by kind."""
    return await store.sums(tx, settlement_ids)


async def postings_of(tx: Tx, line_ids: Collection[int]) -> dict[int, int]:
    """The posting of the ledger that each line has."""
    return await ledger.postings_of(tx, "settlement", line_ids)


async def agreements(tx: Tx, merchant_id: int | None, page: Page) -> list[Agreement]:
    """What was agreed on with one merchant or with all, newest first."""
    return await store.listed_agreements(tx, merchant_id, after=page.after, limit=page.limit)


async def merchant_deposits(tx: Tx, merchant_id: int | None) -> list[MerchantDeposit]:
    """What merchants left as security, and how much it should be."""
    rows = await deposits.balances(tx, merchant_id)
    agreed = await agreeing.in_force(tx, [(row["merchant_id"], row["currency"]) for row in rows])
    return [
        MerchantDeposit(row["merchant_id"], row["currency"], row["balance"],
                        agreed[row["merchant_id"], row["currency"]].terms.deposit_required)
        for row in rows
    ]  # fmt: skip


async def deposit_movements(tx: Tx, merchant_id: int, page: Page) -> list[DepositMovement]:
    """The changes of a merchant's deposits, newest first."""
    return await deposits.movements(tx, merchant_id, after=page.after, limit=page.limit)


async def get_run(tx: Tx, run_id: int) -> PayoutRun:
    """One run of payouts; a merchant sees those that pay it alone. Raises PayoutUnknown."""
    found = await payouts.run(tx, run_id)
    if found is None or tx.actor.merchant_id not in (None, found.merchant_id):
        raise PayoutUnknown
    return found


async def runs(tx: Tx, page: Page) -> list[PayoutRun]:
    """Runs of payouts, newest first; a merchant sees those that pay it alone."""
    return await payouts.runs(tx, tx.actor.merchant_id, after=page.after, limit=page.limit)


async def run_file(tx: Tx, run_id: int) -> str:
    """The file that the bank gets, always the same. Raises PayoutUnknown."""
    await get_run(tx, run_id)
    return await payouts.content(tx, run_id)


async def payouts_of_run(tx: Tx, run_id: int) -> list[Payout]:
    """The payouts of a run, lowest first."""
    return list((await payouts.get(tx, run_id=run_id)).values())


async def get_payout(tx: Tx, payout_id: int) -> Payout:
    """One payout. Raises PayoutUnknown."""
    found = (await payouts.get(tx, ids=[payout_id])).get(payout_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise PayoutUnknown
    return found


async def listed_payouts(tx: Tx, merchant_id: int | None, page: Page) -> list[Payout]:
    """Payouts of one merchant or of all, newest first."""
    return await payouts.listed(tx, merchant_id, after=page.after, limit=page.limit)
