"""Leaving the building: outside calls with a time-out, never from inside a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import httpx

from dingdan.plumbing.database import is_open
from dingdan.plumbing.telemetry import OUTSIDE

TIMEOUT = httpx.Timeout(5.0, connect=2.0)


class Outage(Exception):
    """The world failed us: no answer, or one that is no answer. The outcome of the call is unknown."""


@asynccontextmanager
async def outside(service: str) -> AsyncIterator[None]:
    """Mark a stretch of work that leaves the building; refuses to begin inside a transaction."""
    assert not is_open(), f"{service} was called inside a transaction"
    began, ended = perf_counter(), "failed"
    try:
        yield
        ended = "answered"
    except httpx.HTTPError as error:
        raise Outage(f"{service}: {type(error).__name__}") from error
    finally:
        OUTSIDE.labels(service, ended).observe(perf_counter() - began)


def client() -> httpx.AsyncClient:
    """A client that gives up in seconds and follows no redirect."""
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)
