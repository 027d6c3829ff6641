"""Signatures as Standard Webhooks has them: HMAC-SHA256 over id, moment and body, one for each secret that holds."""

import base64
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

PREFIX = "whsec_"


def written(secret: bytes) -> str:
    """A secret as its owner gets it."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secrets: Iterable[str], *, message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`; whoever knows one of the secrets finds a signature that fits."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join("v1," + base64.b64encode(hmac.digest(_key(one), signed, "sha256")).decode() for one in secrets)


def is_signed(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[str], *, now: datetime, tolerance: timedelta
) -> bool:
    """Whether a message is by somebody who knows one of the secrets, and fresh: what every receiver should ask."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit()) or abs(now.timestamp() - int(stamp)) > tolerance.total_seconds():
        return False
    given = headers.get("webhook-signature", "").split()
    mine = signature(secrets, message_id=message_id, timestamp=int(stamp), body=body).split()
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in mine)


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX))
