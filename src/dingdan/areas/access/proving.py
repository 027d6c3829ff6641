"""The second factor: codes of an app (RFC 6238), each taken once."""

import base64
import secrets
from datetime import datetime

import pyotp

from dingdan.areas.access import refusals, store
from dingdan.areas.access.events import SecondFactorSet
from dingdan.areas.access.model import Offered, Secrets, Session
from dingdan.plumbing.tx import Tx

STEP_SECONDS, ISSUER = 30, "Dingdan"


def step_of(tx: Tx, found: Secrets, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to: this one or a neighbour, and later than the last one taken."""
    if found.wrapped is None or found.totp is None:
        return None
    app = pyotp.TOTP(tx.sealer.unseal(found.wrapped, found.totp).decode())
    current = int(now.timestamp()) // STEP_SECONDS
    digits = "".join(code.split())
    for step in (current, current - 1, current + 1):
        if step > found.counter and secrets.compare_digest(app.at(step * STEP_SECONDS).encode(), digits.encode()):
            return step
    return None


async def offer_second_factor(tx: Tx, session: Session) -> Offered:
    """A new key for an app; it counts from when a code of it was shown. One in use stays until then.

    Raises CodeWrong where one is in use: it is given up first.
    """
    found = await store.secrets_of(tx, session.actor.id or 0)
    assert found is not None
    if found.totp_is_confirmed:
        raise refusals.CodeWrong
    key = base64.b32encode(secrets.token_bytes(20)).decode()
    wrapped = found.wrapped or tx.sealer.new_key()
    sealed = tx.sealer.seal(wrapped, key.encode())
    await store.save_totp(tx, found.staff_id, wrapped, sealed, is_confirmed=False, counter=0)
    return Offered(key, pyotp.TOTP(key).provisioning_uri(name=session.login, issuer_name=ISSUER))


async def confirm_second_factor(tx: Tx, session: Session, code: str) -> None:
    """Take the offered key into use. Raises CodeWrong."""
    found = await store.secrets_of(tx, session.actor.id or 0)
    assert found is not None
    step = step_of(tx, found, code, await store.clock(tx))
    if step is None:
        raise refusals.CodeWrong("code")
    await store.save_totp(tx, found.staff_id, found.wrapped, found.totp, is_confirmed=True, counter=step)
    tx.announce(SecondFactorSet(subject_id=found.staff_id, merchant_id=found.merchant_id, is_on=True))
