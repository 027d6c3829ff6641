"""Signing in, proving oneself again, and signing out."""

from dingdan.areas import identity
from dingdan.areas.access import refusals, rules, store
from dingdan.areas.access.events import SignedIn, SignedOut, SignInLocked
from dingdan.areas.access.hashing import fits, hash_of, new_secret
from dingdan.areas.access.model import Begun, Secrets, Session, Tried
from dingdan.areas.access.proving import step_of
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx

MOST_LOGIN, MOST_DEVICE = 200, 200


async def sign_in(tx: Tx, login: str, password: str, code: str, *, device: str) -> Tried:
    """Begin a session for whoever shows the right password, and the code of a second factor where one is in use.

    A no is returned and counted: SecretsWrong, which says not what is wrong, or SignInPaused.
    """
    found = await store.secrets_by_login(tx, login[:MOST_LOGIN])
    if found is None:
        await fits(password, None)
        return Tried(None, refusals.SecretsWrong())
    no = await _attempt(tx, found, password, code)
    return Tried(None, no) if no else Tried(await _begin(tx, found, device, by="password"))


async def sign_in_by_name(tx: Tx, login: str, *, device: str) -> Begun:
    """Begin a session for whoever is named: for a demonstration, where nothing is real. Raises SecretsWrong."""
    found = await store.secrets_by_login(tx, login[:MOST_LOGIN]) if tx.sandbox else None
    if found is None or not found.active:
        raise refusals.SecretsWrong
    return await _begin(tx, found, device, by="name")


async def prove_again(tx: Tx, session: Session, password: str, code: str) -> Refusal | None:
    """Show the password again within a session; a no is counted like one at the door, and returned."""
    found = await store.secrets_of(tx, session.actor.id or 0)
    assert found is not None
    no = await _attempt(tx, found, password, code)
    if no is None:
        await store.note_proof(tx, session.id, await store.clock(tx))
    return no


async def sign_out(tx: Tx, session: Session) -> None:
    """End one session; once more changes nothing."""
    await _end(tx, session, only=session.id)


async def end_all(tx: Tx, session: Session) -> None:
    """End all sessions of a person but the one that asks."""
    await _end(tx, session, but=session.id)


async def end_all_of(tx: Tx, staff_id: int) -> int:
    """End all sessions of somebody of the staff, and say how many. Raises StaffUnknown, also for another merchant's

    person, and PermissionMissing.
    """
    staff = (await identity.staff_by_ids(tx, [staff_id])).get(staff_id)
    if staff is None or not (tx.actor.merchant_id is None or tx.actor.merchant_id == staff.merchant_id):
        raise identity.StaffUnknown
    if not tx.actor.may("staff.manage"):
        raise identity.PermissionMissing(permission="staff.manage")
    ended = await store.end_sessions(tx, staff_id, await store.clock(tx))
    if ended:
        tx.announce(SignedOut(subject_id=staff_id, merchant_id=staff.merchant_id, sessions=ended))
    return ended


async def _attempt(tx: Tx, found: Secrets, password: str, code: str) -> Refusal | None:
    now = await store.clock(tx)
    if found.locked_until is not None and found.locked_until > now:
        return refusals.SignInPaused(seconds=int((found.locked_until - now).total_seconds()) + 1)
    is_right = await fits(password, found.password_hash) and found.active
    step = step_of(tx, found, code, now) if found.totp_is_confirmed else None
    if is_right and (step is not None or not found.totp_is_confirmed):
        await store.note_attempt(tx, found.staff_id, failed=0, locked_until=None, counter=step or 0)
        return None
    failed = found.failed + 1
    pause = rules.pause_after(failed)
    await store.note_attempt(
        tx, found.staff_id, failed=failed, locked_until=None if pause is None else now + pause, counter=0
    )
    if pause is not None:
        tx.announce(SignInLocked(subject_id=found.staff_id, merchant_id=found.merchant_id, failed=failed))
    return refusals.SecretsWrong()


async def _begin(tx: Tx, found: Secrets, device: str, *, by: str) -> Begun:
    secret, now = new_secret(), await store.clock(tx)
    begun = Begun(tx.mint(), secret, now + rules.LONGEST)
    await store.add_session(
        tx, begun.session_id, hash_of(secret), staff_id=found.staff_id, device=device[:MOST_DEVICE], begun_at=now,
        ends_at=begun.ends_at,
    )  # fmt: skip
    tx.announce(SignedIn(subject_id=found.staff_id, merchant_id=found.merchant_id, by=by))
    return begun


async def _end(tx: Tx, session: Session, *, only: int | None = None, but: int | None = None) -> None:
    staff_id = session.actor.id or 0
    ended = await store.end_sessions(tx, staff_id, await store.clock(tx), only=only, but=but)
    if ended:
        tx.announce(SignedOut(subject_id=staff_id, merchant_id=session.actor.merchant_id, sessions=ended))
