"""Keeping views of lists, and letting them go."""

from dingdan.areas.desks import refusals, store
from dingdan.areas.desks.model import KeepView
from dingdan.plumbing.tx import Tx

MOST, LONGEST_NAME, LONGEST_QUERY = 20, 40, 1_000


async def keep_view(tx: Tx, wanted: KeepView) -> None:
    """Keep a view of a list for whoever acts; one of the same name is replaced. Raises ViewUnusable and TooManyViews."""
    name, size = wanted.name.strip(), sum(len(word) for pair in wanted.query.items() for word in pair)
    if not 1 <= len(name) <= LONGEST_NAME or size > LONGEST_QUERY or not wanted.path.startswith("/"):
        raise refusals.ViewUnusable("name")
    staff_id = tx.actor.id or 0
    if await store.count_views(tx, staff_id, wanted.path) >= MOST:
        raise refusals.TooManyViews(most=MOST)
    await store.keep_view(
        tx, tx.mint(), staff_id=staff_id, merchant_id=tx.actor.merchant_id, path=wanted.path, name=name,
        query=wanted.query, is_shared=wanted.is_shared,
    )  # fmt: skip


async def drop_view(tx: Tx, view_id: int) -> None:
    """Let go of one's own view. Raises ViewUnknown."""
    if not await store.drop_view(tx, tx.actor.id or 0, view_id):
        raise refusals.ViewUnknown
