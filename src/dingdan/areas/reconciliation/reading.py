"""What others may ask about statements and differences."""

from dingdan.areas.reconciliation import store
from dingdan.areas.reconciliation.model import Difference, DifferenceKind, Statement
from dingdan.areas.reconciliation.refusals import DifferenceUnknown, StatementUnknown
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


async def get_one(tx: Tx, difference_id: int, *, lock: bool = False) -> Difference:
    """One difference. Raises DifferenceUnknown; one of nobody in particular is the platform's."""
    found = await store.difference(tx, difference_id, lock=lock)
    if found is None or not _reaches(tx, found.merchant_id):
        raise DifferenceUnknown
    return found


async def differences(
    tx: Tx,
    page: Page,
    *,
    merchant_id: int | None = None,
    statement_id: int | None = None,
    kind: DifferenceKind | None = None,
    is_open: bool | None = None,
) -> list[Difference]:
    """Differences within reach, newest first."""
    return await store.differences(tx, merchant_id=merchant_id if merchant_id is not None else tx.actor.merchant_id,
                                   statement_id=statement_id, kind=kind, is_open=is_open, after=page.after,
                                   limit=page.limit)  # fmt: skip


async def statement(tx: Tx, statement_id: int) -> Statement:
    """One statement. Raises StatementUnknown, also for whoever does not speak for the platform."""
    found = await store.statement(tx, statement_id)
    if found is None or tx.actor.merchant_id is not None:
        raise StatementUnknown
    return found


async def statements(tx: Tx, page: Page) -> list[Statement]:
    """Statements, newest first; none for whoever does not speak for the platform."""
    if tx.actor.merchant_id is not None:
        return []
    return await store.statements(tx, after=page.after, limit=page.limit)


async def counts(tx: Tx, statement_id: int) -> dict[str, tuple[int, int]]:
    """How many differences a statement has of each kind, and how many of them are open."""
    return await store.counts(tx, statement_id)


def _reaches(tx: Tx, merchant_id: int | None) -> bool:
    return tx.actor.merchant_id is None if merchant_id is None else tx.actor.reaches(merchant_id)
