"""What others may ask about policies."""

from collections.abc import Collection, Sequence
from datetime import datetime

from dingdan.areas.policies import store
from dingdan.areas.policies.model import Policy
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


async def in_force(tx: Tx, wanted: Sequence[tuple[int, str]], at: datetime) -> dict[tuple[int, str], Policy]:
    """The policy of each (merchant, code) that applied at a moment; what nobody published is left out.

    The newest version wins, and the merchant's own wins over the pack of that code.
    """
    return await store.in_force(tx, set(wanted), at)


async def by_ids(tx: Tx, ids: Collection[int]) -> dict[int, Policy]:
    """Versions by id: how an order finds the policy it was placed under."""
    return {policy.id: policy for policy in await store.by_ids(tx, set(ids))}


async def versions(tx: Tx, merchant_id: int | None, code: str) -> list[Policy]:
    """The history of one policy, newest first; None asks for a pack."""
    return await store.versions(tx, merchant_id, code)


async def listed(tx: Tx, merchant_id: int | None, page: Page) -> list[Policy]:
    """Versions that a merchant may use, its own and the packs, oldest first."""
    return await store.listed(tx, merchant_id, page.after or 0, page.limit)
