"""The way out: one signed POST to the address that was looked up, which may hang, lie or be gone."""

import asyncio
import ssl
from functools import cache

import httpx

from dingdan.areas.webhooks.model import Call, Outcome, Result
from dingdan.areas.webhooks.rules import signing
from dingdan.plumbing.http import Outage, outside
from dingdan.plumbing.targets import Target

CONNECT_SECONDS, CALL_SECONDS = 5.0, 15.0
# So much of an answer is read and kept.
ANSWER_BYTES = 4096
TIMEOUT = httpx.Timeout(CALL_SECONDS, connect=CONNECT_SECONDS)


def client(tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """A client for the calls to one endpoint: no redirects, nothing from the environment.

    Connections are kept by address, and one address may stand behind many names: never share a client.
    """
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=tls or _tls())


def headers(*, message_id: str, timestamp: int, body: bytes, secrets: list[str]) -> dict[str, str]:
    """What Standard Webhooks puts above a body."""
    signature = signing.signature(secrets, message_id=message_id, timestamp=timestamp, body=body)
    return {
        "content-type": "application/json", "user-agent": "Dingdan-Webhooks/1", "webhook-id": message_id,
        "webhook-timestamp": str(timestamp), "webhook-signature": signature,
    }  # fmt: skip


async def send(http: httpx.AsyncClient, target: Target, address: str, call: Call, *, seconds: float) -> Outcome:
    """Call once, at the address that was checked, with the name that was meant; raises nothing for what can go wrong."""
    loop = asyncio.get_running_loop()
    began, result, status, answer, retry_after = loop.time(), Result.UNREACHABLE, None, None, None
    try:
        async with (
            asyncio.timeout(seconds),
            outside("webhook"),
            http.stream(
                "POST", target.at(address), content=call.body, headers=call.headers | {"host": target.authority},
                extensions={"sni_hostname": target.host},
            ) as response,
        ):  # fmt: skip
            status = response.status_code
            result = Result.SUCCEEDED if response.is_success else Result.REFUSED
            retry_after = _seconds(response.headers.get("retry-after", ""))
            answer = await _beginning(response)
    except TimeoutError:
        # What was read of an answer before it dried up counts for nothing.
        result, status = Result.TIMED_OUT, None
    except Outage as error:
        is_late = isinstance(error.__cause__, httpx.TimeoutException)
        result, status = (Result.TIMED_OUT if is_late else Result.UNREACHABLE), None
    return Outcome(
        delivery_id=call.delivery.id, number=call.delivery.tries, result=result, status=status, url=call.url,
        headers=call.headers, answer=answer, retry_after=retry_after, took_ms=int((loop.time() - began) * 1000),
    )  # fmt: skip


async def _beginning(response: httpx.Response) -> str:
    """The beginning of an answer as text that can be kept; the rest is not read."""
    read = b""
    async for piece in response.aiter_raw():
        read += piece
        if len(read) >= ANSWER_BYTES:
            break
    return read[:ANSWER_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


@cache
def _tls() -> ssl.SSLContext:
    """One for all clients: reading the list of authorities takes longer than a call."""
    return httpx.create_ssl_context(trust_env=False)
