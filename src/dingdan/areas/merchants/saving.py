"""Add and change those who sell."""

import msgspec

from dingdan.areas.merchants import refusals, rules, store
from dingdan.areas.merchants.events import MerchantSaved
from dingdan.areas.merchants.model import ChangeMerchant, Merchant, MerchantSettings, SaveMerchant
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def save(tx: Tx, wanted: SaveMerchant) -> Merchant:
    """Add a merchant, or change the one with this code; what is already so is left alone and not announced.

    A merchant's own hand changes itself only: any other code is unknown to it, whether it exists or not.
    Raises everything that is wrong at once.
    """
    refuse_all(rules.problems_of(wanted))
    wanted = msgspec.structs.replace(wanted, name={tag: text.strip() for tag, text in wanted.name.items()})
    before = await store.by_code(tx, wanted.code)
    if tx.actor.merchant_id is not None and (before is None or not tx.actor.reaches(before.id)):
        raise refusals.MerchantUnknown("code")
    if before is not None and _is_same(before, wanted):
        return before
    saved = await store.save(tx, wanted)
    if saved is None:
        # Somebody else saved the very same a moment ago.
        same = await store.by_code(tx, wanted.code)
        assert same is not None
        return same
    merchant, is_new = saved
    changed = [] if before is None else _differences(before, merchant)
    tx.announce(MerchantSaved(subject_id=merchant.id, merchant_id=merchant.id, is_new=is_new, changed=changed))
    return merchant


async def change(tx: Tx, merchant_id: int, wanted: ChangeMerchant) -> Merchant:
    """Make parts of a merchant different and leave the others, also those that somebody else changes meanwhile.

    Raises MerchantUnknown, and everything that is wrong with what it would be, at once.
    """
    before = await store.lock(tx, merchant_id)
    if before is None or not tx.actor.reaches(before.id):
        raise refusals.MerchantUnknown
    return await save(tx, SaveMerchant(
        code=before.code, name=before.name if wanted.name is None else wanted.name,
        zone=wanted.zone or before.zone, currency=before.currency, policy=wanted.policy or before.policy,
        settings=msgspec.structs.replace(before.settings, **wanted.settings), active=before.active,
    ))  # fmt: skip


def _differences(before: Merchant, after: Merchant) -> list[str]:
    parts = [
        name
        for name in ("name", "zone", "currency", "policy", "active")
        if getattr(before, name) != getattr(after, name)
    ]
    names = MerchantSettings.__struct_fields__
    return parts + [name for name in names if getattr(before.settings, name) != getattr(after.settings, name)]


def _is_same(before: Merchant, wanted: SaveMerchant) -> bool:
    return all(getattr(before, name) == getattr(wanted, name) for name in wanted.__struct_fields__)
