"""Signing in, proving oneself again, and signing out."""

from dingdan.areas import identity
from dingdan.areas.access import refusals, rules, store
from dingdan.areas.access.attempting import attempt, attempt_code, device_word, tries_about, within_session
from dingdan.areas.access.events import SecondFactorSet, SignedIn, SignedOut
from dingdan.areas.access.hashing import hash_of, new_secret
from dingdan.areas.access.model import Begun, Secrets, Session, Tried
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx

MOST_LOGIN, MOST_DEVICE = 200, 200


async def sign_in(
    tx: Tx, login: str, password: str, code: str, *, device: str, known: str = "", held: str = ""
) -> Tried:
    """Begin a session for whoever shows the right password, and the code of a second factor where one is in use.

    A no is returned and counted: SecretsWrong, which says not what is wrong, or SignInPaused. Both come for a login that
    nobody has as well. `known` is the word of a browser that this person signed in with: its attempts are counted apart, so
    that strangers lock nobody out. `held` is the secret of the session that the browser had; it ends.
    """
    login = login[:MOST_LOGIN]
    found = await store.secrets_by_login(tx, login)
    no = await attempt(tx, found, tries_about(tx, login, known), password, code)
    if no is not None or found is None:
        return Tried(None, no)
    return Tried(await _begin(tx, found, device, by="password", login=login, held=held))


async def sign_in_by_name(tx: Tx, login: str, *, device: str, held: str = "") -> Begun:
    """Begin a session for whoever is named: for a demonstration, where nothing is real. Raises SecretsWrong."""
    found = await store.secrets_by_login(tx, login[:MOST_LOGIN]) if tx.sandbox else None
    if found is None or not found.active:
        raise refusals.SecretsWrong
    return await _begin(tx, found, device, by="name", login=login, held=held)


async def prove_again(tx: Tx, session: Session, password: str, code: str) -> Tried:
    """Show the password again within a session, which goes on under a new secret; a no is counted, and returned.

    Counted for this session alone: whoever sits at somebody else's desk and guesses does not lock them out.
    """
    found = await store.secrets_of(tx, session.actor.id or 0)
    no = await attempt(tx, found, within_session(session), password, code)
    if no is not None:
        return Tried(None, no)
    secret = new_secret()
    await store.note_proof(tx, session.id, hash_of(secret), await store.clock(tx))
    return Tried(Begun(session.id, secret, session.ends_at))


async def drop_second_factor(tx: Tx, session: Session, code: str) -> Refusal | None:
    """Give the second factor up, by a code of it; a wrong one is counted, and returned. Without one nothing changes."""
    found = await store.secrets_of(tx, session.actor.id or 0)
    assert found is not None
    if not found.totp_is_confirmed:
        return None
    no = await attempt_code(tx, found, within_session(session), code)
    if no is None:
        await store.save_totp(tx, found.staff_id, found.wrapped, None, is_confirmed=False, counter=0)
        tx.announce(SecondFactorSet(subject_id=found.staff_id, merchant_id=found.merchant_id, is_on=False))
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


async def _begin(tx: Tx, found: Secrets, device: str, *, by: str, login: str, held: str) -> Begun:
    secret, now = new_secret(), await store.clock(tx)
    if held:
        await store.end_session(tx, hash_of(held), now)
    begun = Begun(tx.mint(), secret, now + rules.LONGEST, device_word(tx, login))
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
