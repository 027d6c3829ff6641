"""Signatures as Standard Webhooks has them: HMAC-SHA256 over id, moment and body, one for each secret that holds."""

import base64
import hmac
from collections.abc import Iterable

PREFIX = "whsec_"


def written(secret: bytes) -> str:
    """A secret as its owner gets it."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secrets: Iterable[str], *, message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`; whoever knows one of the secrets finds a signature that fits."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join("v1," + base64.b64encode(hmac.digest(_key(one), signed, "sha256")).decode() for one in secrets)


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX))
