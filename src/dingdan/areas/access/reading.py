"""What others may ask about who is signed in."""

from dingdan.areas import identity
from dingdan.areas.access import rules, store
from dingdan.areas.access.hashing import hash_of
from dingdan.areas.access.model import Session
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.plumbing.tx import Reader, Tx

LONGEST_SECRET = 64


async def find_session(reader: Reader, secret: str) -> Session | None:
    """Who stands behind a cookie, with what they may do at this moment; None for anything that opens nothing.

    One statement on a bare connection. A role that was taken away is gone at the next look (S-04).
    """
    if not secret or len(secret) > LONGEST_SECRET or not secret.isascii():
        return None
    row = await store.session_by_hash(reader, hash_of(secret), rules.IDLE)
    if row is None:
        return None
    roles = tuple(row["roles"])
    held = identity.permissions_of(frozenset(roles))
    actor = Actor(ActorKind.STAFF, row["staff_id"], row["name"], row["merchant_id"], held)
    return Session(
        row["id"], actor, row["login"], roles, row["begun_at"], row["proved_at"], row["ends_at"],
        is_fresh=rules.is_fresh(row["proved_at"], row["now"]),
    )  # fmt: skip


async def has_second_factor(tx: Tx, staff_id: int) -> bool:
    """Whether somebody uses a second factor."""
    return await store.has_second_factor(tx, staff_id)


async def has_password(tx: Tx, staff_id: int) -> bool:
    """Whether somebody has chosen a password."""
    return await store.has_password(tx, staff_id)
