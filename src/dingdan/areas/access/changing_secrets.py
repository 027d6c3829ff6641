"""Choosing a password, by invitation or in place of the one before."""

from dingdan.areas import identity
from dingdan.areas.access import refusals, rules, store
from dingdan.areas.access.attempting import tries_about
from dingdan.areas.access.events import InvitationMade, PasswordSet
from dingdan.areas.access.hashing import hash_of, hash_password, new_secret
from dingdan.areas.access.model import Invitation, Session
from dingdan.plumbing.tx import Tx


async def invite(tx: Tx, staff_id: int) -> Invitation:
    """A link with which somebody chooses a password; the one before it is void. Raises StaffUnknown, also for

    another merchant's person, and PermissionMissing.
    """
    staff = (await identity.staff_by_ids(tx, [staff_id])).get(staff_id)
    if staff is None or not (tx.actor.merchant_id is None or tx.actor.merchant_id == staff.merchant_id):
        raise identity.StaffUnknown
    if not tx.actor.may("staff.manage"):
        raise identity.PermissionMissing(permission="staff.manage")
    secret, expires_at = new_secret(), await store.clock(tx) + rules.INVITED
    await store.save_invitation(tx, staff_id, hash_of(secret), expires_at)
    tx.announce(InvitationMade(subject_id=staff_id, merchant_id=staff.merchant_id))
    return Invitation(staff_id, secret, expires_at)


async def accept_invitation(tx: Tx, secret: str, password: str) -> str:
    """Choose a password by an invitation; gives the login. Raises InvitationUnusable and PasswordTooWeak.

    A password that is refused leaves the invitation as it was.
    """
    staff_id = await store.use_invitation(tx, hash_of(secret))
    if staff_id is None:
        raise refusals.InvitationUnusable
    return await _set(tx, staff_id, password)


async def change_password(tx: Tx, session: Session, password: str) -> None:
    """Choose another password; all other sessions end. Raises PasswordTooWeak, and ProofTooOld where the old one was

    not shown a short while ago.
    """
    if not session.is_fresh:
        raise refusals.ProofTooOld
    await _set(tx, session.actor.id or 0, password, but=session.id)


async def _set(tx: Tx, staff_id: int, password: str, *, but: int | None = None) -> str:
    staff = (await identity.staff_by_ids(tx, [staff_id]))[staff_id]
    if not rules.is_password(password, staff.login):
        raise refusals.PasswordTooWeak("password")
    await store.save_password(tx, staff_id, await hash_password(password))
    await store.note_tries(tx, tries_about(tx, staff.login, ""), failed=0, locked_until=None)
    await store.end_sessions(tx, staff_id, await store.clock(tx), but=but)
    tx.announce(PasswordSet(subject_id=staff_id, merchant_id=staff.merchant_id))
    return staff.login
