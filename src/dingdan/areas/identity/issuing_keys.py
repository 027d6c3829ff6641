"""API keys: made, shown once, replaced in time, and taken away."""

import base64
import secrets
from collections.abc import Collection
from datetime import timedelta

from dingdan.areas.identity import refusals, rules, store
from dingdan.areas.identity.events import KeyIssued, KeyReplaced, KeyRevoked
from dingdan.areas.identity.model import ApiKey, Issued, IssueKey
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.secrets import digest
from dingdan.plumbing.tx import Reader, Tx

# Scanners that look for lost secrets know ours by this.
PREFIX = "ddk_"


async def issue_key(tx: Tx, wanted: IssueKey) -> Issued:
    """Make a key whose scopes the issuer has, too, for the issuer's own merchant; only the secret's hash is kept.

    Raises everything that is wrong with the wish.
    """
    staff = (await store.staff_by_ids(tx, [wanted.staff_id])).get(wanted.staff_id) if wanted.staff_id else None
    refuse_all(rules.problems_of_key(wanted, staff, tx.actor, now=tx.now))
    secret = PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    key = ApiKey(
        id=tx.mint(),
        merchant_id=wanted.merchant_id,
        staff_id=wanted.staff_id,
        name=wanted.name.strip(),
        scopes=tuple(sorted(set(wanted.scopes))),
        created_at=tx.now,
        revoked_at=None,
        expires_at=wanted.expires_at,
    )
    await store.add_key(tx, key, digest(secret.encode()))
    tx.announce(KeyIssued(subject_id=key.id, merchant_id=key.merchant_id, scopes=list(key.scopes),
                          expires_at=key.expires_at))  # fmt: skip
    return Issued(key.id, secret)


async def replace_key(tx: Tx, key_id: int, *, overlap: timedelta) -> Issued:
    """Make a key that may do the same and lasts as long; the old one works for the overlap, and never longer than before.

    Raises KeyUnknown, KeyNotInForce for one that was revoked or replaced, OverlapUnusable, and what `issue_key` raises.
    """
    key = await _own_key(tx, key_id)
    if key.revoked_at is not None or key.successor_id is not None:
        raise refusals.KeyNotInForce
    if not timedelta() <= overlap <= rules.LONGEST_OVERLAP:
        raise refusals.OverlapUnusable("overlap_hours", days=rules.LONGEST_OVERLAP.days)
    lasts = None if key.expires_at is None else tx.now + (key.expires_at - key.created_at)
    issued = await issue_key(tx, IssueKey(key.merchant_id, key.staff_id, key.name, key.scopes, lasts))
    await store.replace_key(tx, key_id, issued.id, tx.now + overlap)
    until = tx.now + overlap if key.expires_at is None else min(tx.now + overlap, key.expires_at)
    tx.announce(KeyReplaced(subject_id=key.id, merchant_id=key.merchant_id, key_id=issued.id, works_until=until))
    return issued


async def note_use(reader: Reader, key_ids: Collection[int]) -> None:
    """Write down that keys were used just now; of each at most once a minute. It is no fact: nothing came of it."""
    if key_ids:
        await store.note_use(reader, key_ids)


async def revoke_key(tx: Tx, key_id: int) -> None:
    """Take a key away; once more changes nothing. Raises KeyUnknown, also for another merchant's key."""
    key = await _own_key(tx, key_id)
    if not tx.actor.may("key.manage"):
        raise refusals.PermissionMissing(permission="key.manage")
    if key.revoked_at is None:
        await store.revoke_key(tx, key_id)
        tx.announce(KeyRevoked(subject_id=key.id, merchant_id=key.merchant_id))


async def _own_key(tx: Tx, key_id: int) -> ApiKey:
    key = await store.key_by_id(tx, key_id)
    if key is None or not (tx.actor.merchant_id is None or tx.actor.merchant_id == key.merchant_id):
        raise refusals.KeyUnknown
    return key
