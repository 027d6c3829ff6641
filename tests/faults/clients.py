"""Clients who write down what they want before they ask and what they were told after, where no crash reaches."""

import asyncio
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import msgspec

from tests import given
from tests.faults.house import House

# How long somebody goes on asking with the same key before the test calls it a hang.
PATIENCE_SECONDS = 60.0
ADDRESS = msgspec.to_builtins(given.ADDRESS)


class Ledger:
    """What was meant and what was promised: one line each, on the disk before anything else happens."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self.path = path

    def write(self, *words: str) -> None:
        """One line, flushed to the disk."""
        self._file.write((" ".join(words) + "\n").encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def read(self, word: str) -> list[list[str]]:
        """The lines that begin with this word, without it."""
        lines = [line.split() for line in self.path.read_text().splitlines()]
        return [line[1:] for line in lines if line[0] == word]


class Clients:
    """Some clients who place and pay orders one after the other until they are told to stop."""

    def __init__(self, house: House, ledger: Ledger, *, seed: int, count: int = 8) -> None:
        self._house, self._ledger, self._seed, self._count = house, ledger, seed, count
        self._over = asyncio.Event()
        self.answers: Counter[str] = Counter()
        self.longest = 0.0

    def stop(self) -> None:
        """Let everybody finish what they began."""
        self._over.set()

    async def run(self) -> None:
        """Shop until told to stop; every request ends in a final answer."""
        limits = httpx.Limits(max_connections=self._count, max_keepalive_connections=self._count)
        async with httpx.AsyncClient(base_url=self._house.base, timeout=20, limits=limits) as http:
            await asyncio.gather(*(self._shop(http, number) for number in range(self._count)))

    async def _shop(self, http: httpx.AsyncClient, number: int) -> None:
        chance = random.Random(f"{self._seed} {number}")
        step = 0
        while not self._over.is_set():
            step += 1
            key = f"f{self._seed}-{number}-{step}"
            order = await self._insist(http, "order", "/v1/orders", key, self._basket(chance))
            paid = f"/v1/orders/{order['id']}/payments"
            await self._insist(http, "payment", paid, f"{key}-p", {"provider": "sandbox", "method": "instant"})

    def _basket(self, chance: random.Random) -> Any:
        skus = chance.sample(sorted(self._house.shop.products), k=chance.randint(1, 3))
        return {
            "channel": self._house.shop.channel, "buyer": {"ref": f"buyer-{chance.randint(1, 50)}"}, "ship_to": ADDRESS,
            "lines": [{"sku": sku, "quantity": chance.randint(1, 2)} for sku in skus],
        }  # fmt: skip

    async def _insist(self, http: httpx.AsyncClient, what: str, path: str, key: str, body: Any) -> Any:
        """Ask with one key until there is a final answer."""
        self._ledger.write(f"intent-{what}", key)
        headers = {"Authorization": f"Bearer {self._house.key}", "Idempotency-Key": key}
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE_SECONDS:
            answer = await self._ask(http, path, headers, body)
            if answer is not None and answer.is_success:
                made = answer.json()
                self._ledger.write(f"ack-{what}", key, made["id"])
                self.longest = max(self.longest, time.monotonic() - began)
                return made
            if answer is not None:
                assert answer.status_code == 503, self._house.story(answer.headers["x-request-id"])
                assert int(answer.headers["retry-after"]) >= 1
            await asyncio.sleep(0.2)
        raise AssertionError(f"no answer for {key} in {PATIENCE_SECONDS} s: {dict(self.answers)}")

    async def _ask(self, http: httpx.AsyncClient, path: str, headers: dict[str, str], body: Any) -> Any:
        try:
            answer = await http.post(path, json=body, headers=headers)
        except httpx.TransportError as error:
            self.answers[type(error).__name__] += 1
            return None
        code = answer.json().get("code", "") if not answer.is_success else ""
        self.answers[f"{answer.status_code} {code}".strip()] += 1
        return answer
