"""API keys: made, shown once, and taken away."""

import base64
import secrets

from dingdan.areas.identity import refusals, rules, store
from dingdan.areas.identity.events import KeyIssued, KeyRevoked
from dingdan.areas.identity.model import ApiKey, Issued, IssueKey
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.secrets import digest
from dingdan.plumbing.tx import Tx

# Scanners that look for lost secrets know ours by this.
PREFIX = "ddk_"


async def issue_key(tx: Tx, wanted: IssueKey) -> Issued:
    """Make a key whose scopes the issuer has, too, for the issuer's own merchant; only the secret's hash is kept.

    Raises everything that is wrong with the wish.
    """
    staff = (await store.staff_by_ids(tx, [wanted.staff_id])).get(wanted.staff_id) if wanted.staff_id else None
    refuse_all(rules.problems_of_key(wanted, staff, tx.actor))
    secret = PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    key = ApiKey(
        id=tx.mint(),
        merchant_id=wanted.merchant_id,
        staff_id=wanted.staff_id,
        name=wanted.name.strip(),
        scopes=tuple(sorted(set(wanted.scopes))),
        created_at=tx.now,
        revoked_at=None,
    )
    await store.add_key(tx, key, digest(secret.encode()))
    tx.announce(KeyIssued(subject_id=key.id, merchant_id=key.merchant_id, scopes=list(key.scopes)))
    return Issued(key.id, secret)


async def revoke_key(tx: Tx, key_id: int) -> None:
    """Take a key away; once more changes nothing. Raises KeyUnknown, also for another merchant's key."""
    key = await store.key_by_id(tx, key_id)
    if key is None or not (tx.actor.merchant_id is None or tx.actor.merchant_id == key.merchant_id):
        raise refusals.KeyUnknown
    if not tx.actor.may("key.manage"):
        raise refusals.PermissionMissing(permission="key.manage")
    if key.revoked_at is None:
        await store.revoke_key(tx, key_id)
        tx.announce(KeyRevoked(subject_id=key.id, merchant_id=key.merchant_id))
