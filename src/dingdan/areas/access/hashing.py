"""Hashing passwords off the loop, a few at a time: each takes tens of milliseconds and 19 MiB by design."""

import asyncio
import base64
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dingdan.plumbing.secrets import digest

# OWASP's floor for argon2id; at most this many at once, so that attempts in a flood wait in line.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = 2


@cache
def _line() -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))


async def hash_password(password: str) -> str:
    """What is kept of a password."""
    async with _line():
        return await asyncio.to_thread(_HASHER.hash, password)


async def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; without one it takes as long, so that nobody learns who exists."""
    async with _line():
        is_right = await asyncio.to_thread(_verify, kept or _nobody(), password)
    return is_right and kept is not None


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """A secret of 256 bits for a cookie or a link."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def hash_of(secret: str) -> bytes:
    """What is kept of such a secret."""
    return digest(secret.encode())
