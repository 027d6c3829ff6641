"""What others may ask about policies."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from dingdan.areas.policies import store
from dingdan.areas.policies.model import Edition, Policy
from dingdan.areas.policies.refusals import PolicyUnknown
from dingdan.kernel.page import Page
from dingdan.kernel.regions import regions_of
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx


async def in_force(tx: Tx, wanted: Sequence[tuple[int, str]], at: datetime) -> dict[tuple[int, str], Policy]:
    """The policy of each (merchant, code) that applied at a moment; what nobody published is left out.

    The newest version wins, and the merchant's own wins over the pack of that code.
    """
    return await store.in_force(tx, set(wanted), at)


Rows = Sequence[Any]


def asking_in_force(merchant_ids: Collection[int], at: datetime) -> Ask[Rows]:
    """Every policy that these merchants may name at a moment, in whatever country their buyers are; see `whole`."""
    return store.asking_in_force(merchant_ids, at)


async def whole(tx: Tx, rows: Rows) -> dict[tuple[int, str], Policy]:
    """The policies that were asked for together with other things, by (merchant, code)."""
    return await store.whole(tx, rows)


async def for_buyers(tx: Tx, wanted: Sequence[tuple[int, str]], at: datetime) -> dict[tuple[int, str], Policy]:
    """The same with the policies that these name for buyers in other countries, so that `for_country` can choose."""
    found = await in_force(tx, wanted, at)
    named = {(owner, code) for (owner, _), policy in found.items() for code in policy.document.regions.values()}
    return found | (await in_force(tx, sorted(named - found.keys()), at) if named - found.keys() else {})


def for_country(found: Mapping[tuple[int, str], Policy], merchant_id: int, code: str, country: str) -> Policy | None:
    """The policy that holds for a buyer in that country; where none is named, or the one that is named is not there,

    the merchant's own.
    """
    policy = found.get((merchant_id, code))
    regions = policy.document.regions if policy is not None else {}
    named = ((merchant_id, regions[region]) for region in regions_of(country) if region in regions)
    return next((found[key] for key in named if key in found), policy)


async def upcoming(tx: Tx, policy: Policy) -> Policy | None:
    """The version that was announced to follow this one, if there is one."""
    return await store.upcoming(tx, policy.merchant_id, policy.code, tx.now)


async def edition(tx: Tx, edition_id: int) -> Edition:
    """The life of one version. A draft of the platform's is nobody else's to see. Raises PolicyUnknown."""
    found = await store.editions(tx, [edition_id])
    is_theirs = bool(found) and found[0].merchant_id is None and tx.actor.merchant_id is not None
    if not found or (is_theirs and found[0].announced_at is None):
        raise PolicyUnknown
    return found[0]


async def history(tx: Tx, merchant_id: int | None, code: str | None, page: Page) -> list[Edition]:
    """Every version of a code with its life, drafts too, oldest first."""
    return await store.history(tx, merchant_id, code, page.after or 0, page.limit)


async def notices(tx: Tx, order_ids: Collection[int]) -> dict[int, datetime | None]:
    """Orders whose buyers were not told of their right to return when they bought: {order: since when they know}."""
    return await store.notices(tx, order_ids)


async def note_late_notice(tx: Tx, order_id: int, merchant_id: int, told_at: datetime | None) -> None:
    """Note that a buyer was not told of the right to return, and when it was made good (CRD 10, reg. 31)."""
    await store.note_notice(tx, order_id, merchant_id, told_at)


async def by_ids(tx: Tx, ids: Collection[int]) -> dict[int, Policy]:
    """Versions by id: how an order finds the policy it was placed under."""
    return {policy.id: policy for policy in await store.by_ids(tx, set(ids))}


async def versions(tx: Tx, merchant_id: int | None, code: str) -> list[Policy]:
    """The history of one policy, newest first; None asks for a pack."""
    return await store.versions(tx, merchant_id, code)


async def listed(tx: Tx, merchant_id: int | None, page: Page) -> list[Policy]:
    """Versions that a merchant may use, its own and the packs, oldest first."""
    return await store.listed(tx, merchant_id, page.after or 0, page.limit)
