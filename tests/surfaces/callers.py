"""Somebody who calls the API: a client with a key, and a fresh Idempotency-Key for each new request."""

import uuid
from typing import Any

import httpx


class Caller:
    """Calls with one API key (None: with none)."""

    def __init__(self, http: httpx.AsyncClient, secret: str | None) -> None:
        self.http, self.secret = http, secret

    async def get(self, path: str, **how: Any) -> httpx.Response:
        """Read."""
        return await self.request("GET", path, **how)

    async def post(self, path: str, json: Any = None, *, key: str | None = "", **how: Any) -> httpx.Response:
        """Do; with a fresh key unless one is given, with none where it is None."""
        headers = dict(how.pop("headers", {}))
        if key is not None:
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        if json is not None:
            how["json"] = json
        return await self.request("POST", path, headers=headers, **how)

    async def put(self, path: str, json: Any, **how: Any) -> httpx.Response:
        """Make something so."""
        return await self.request("PUT", path, json=json, **how)

    async def request(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Any request at all."""
        headers = dict(how.pop("headers", {}))
        if self.secret is not None:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        return await self.http.request(method, path, headers=headers, **how)


def good(answer: httpx.Response) -> Any:
    """The body of an answer that must be a yes."""
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return answer.json()


def refused(answer: httpx.Response, status: int, code: str) -> Any:
    """The problem of an answer that must be this no."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code or code in [problem["code"] for problem in body["problems"]], body
    return body
