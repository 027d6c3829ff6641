"""Attempts with a password: what is looked at, what is counted, and for whom, so that nobody guesses and nobody is locked out."""

import secrets

from dingdan.areas.access import refusals, rules, store
from dingdan.areas.access.events import SignInLocked
from dingdan.areas.access.hashing import fits, hash_of
from dingdan.areas.access.model import Secrets, Session, Tries
from dingdan.areas.access.proving import step_of
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx

LONGEST_WORD = 100


async def attempt(tx: Tx, found: Secrets | None, about: bytes, password: str, code: str) -> Refusal | None:
    """Look at one attempt. A login that nobody has takes as long, and is paused like any other (S-10)."""
    now = await store.clock(tx)
    tries = await store.tries(tx, about, now, rules.TRIES_KEPT)
    if tries.locked_until is not None and tries.locked_until > now:
        return refusals.SignInPaused(seconds=int((tries.locked_until - now).total_seconds()) + 1)
    is_right = await fits(password, found.password_hash if found else None)
    if found is not None and is_right and found.active:
        step = step_of(tx, found, code, now) if found.totp_is_confirmed else 0
        if step is not None:
            await store.note_tries(tx, about, failed=0, locked_until=None)
            await store.note_counter(tx, found.staff_id, step)
            return None
    await _count_wrong(tx, found, tries)
    return refusals.SecretsWrong()


async def attempt_code(tx: Tx, found: Secrets, about: bytes, code: str) -> Refusal | None:
    """Look at one code of a second factor. A wrong one is counted like a wrong password."""
    now = await store.clock(tx)
    tries = await store.tries(tx, about, now, rules.TRIES_KEPT)
    if tries.locked_until is not None and tries.locked_until > now:
        return refusals.SignInPaused(seconds=int((tries.locked_until - now).total_seconds()) + 1)
    step = step_of(tx, found, code, now)
    if step is None:
        await _count_wrong(tx, found, tries)
        return refusals.CodeWrong("code")
    await store.note_tries(tx, about, failed=0, locked_until=None)
    await store.note_counter(tx, found.staff_id, step)
    return None


def tries_about(tx: Tx, login: str, known: str) -> bytes:
    """What attempts for a login are counted under: the browser's own where it is known, all strangers' together else."""
    word, _, signed = known[:LONGEST_WORD].partition(".")
    if word and tx.sealer.verify("device", f"{login}.{word}".encode(), signed):
        return hash_of(f"device {word}")
    return hash_of(f"login {login}")


def within_session(session: Session) -> bytes:
    """What attempts are counted under that come within a session."""
    return hash_of(f"session {session.id}")


def device_word(tx: Tx, login: str) -> str:
    """A word by which a browser is known that somebody signed in with; it opens nothing."""
    word = secrets.token_hex(16)
    return f"{word}.{tx.sealer.sign('device', f'{login}.{word}'.encode())}"


async def _count_wrong(tx: Tx, found: Secrets | None, tries: Tries) -> None:
    failed = tries.failed + 1
    pause = rules.pause_after(failed)
    locked_until = None if pause is None else await store.clock(tx) + pause
    await store.note_tries(tx, tries.about, failed=failed, locked_until=locked_until)
    if pause is not None and found is not None:
        tx.announce(SignInLocked(subject_id=found.staff_id, merchant_id=found.merchant_id, failed=failed))
