"""Everything at once: orders placed one by one and in bulk, paid, cancelled, left to expire, their buyers told."""

import asyncio
import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.faults import aftermath
from tests.faults.clients import ADDRESS
from tests.faults.house import SKUS, STOCK, House

BUYERS, BULK = 16, 20
# While the test runs a second, a minute passes for the business: what nobody pays expires under the buyers' hands.
PAY_WITHIN, A_SECOND = 5, timedelta(minutes=1)


@pytest.mark.requirement("D1")
async def test_a_mixed_load_leaves_everything_in_order(house: House) -> None:
    await load(house, seconds=5.0)


@pytest.mark.prove
@pytest.mark.timeout(600)
@pytest.mark.requirement("D1")
async def test_a_minute_of_mixed_load_leaves_everything_in_order(house: House) -> None:
    await load(house, seconds=60.0)


async def load(house: House, *, seconds: float) -> None:
    """Let everybody shop for so long, come to rest, and count."""
    async with house.database() as db:
        prices = {f"S{n}": 1000 + n for n in range(SKUS)}
        shop = await given.shop(
            db, stock=STOCK, prices=prices, pay_within_minutes=PAY_WITHIN, message_channels=("email",)
        )
        key = await do(db, SYSTEM, identity.issue_key, identity.IssueKey(
            merchant_id=shop.merchant_id, staff_id=None, name="mixed", scopes=tuple(sorted(identity.PERMISSIONS))))  # fmt: skip
        house.start("serve", "work", workers=2)
        answers: Counter[str] = Counter()
        limits = httpx.Limits(max_connections=BUYERS)
        headers = {"Authorization": f"Bearer {key.secret}"}
        async with httpx.AsyncClient(base_url=house.base, timeout=30, limits=limits, headers=headers) as http:
            until = time.monotonic() + seconds
            hours = asyncio.create_task(let_minutes_pass(db))
            await asyncio.gather(*(Buyer(http, shop, answers, number).shop_until(until) for number in range(BUYERS)))
            hours.cancel()
        await aftermath.let_time_pass(db, timedelta(minutes=2 * PAY_WITHIN))
        drained = await aftermath.drained(db)
        await aftermath.lawful(db)
        counts = await counted(db, shop.merchant_id)
    print(counts, dict(answers), f"drained in {drained:.1f} s")  # noqa: T201
    assert not [answer for answer in answers if answer.startswith("5")], answers
    assert counts["orders"] == answers["placed"]
    assert {"confirmed", "cancelled", "expired"} == counts.keys() - {"orders", "amended", "refunded", "told"}
    assert all(counts.values()), counts


async def let_minutes_pass(db: Database) -> None:
    """Turn the clock again and again."""
    while True:
        await asyncio.sleep(1)
        await aftermath.let_time_pass(db, A_SECOND)


async def counted(db: Database, merchant_id: int) -> dict[str, int]:
    """What there is of everything that was to happen."""
    async with db.connection() as connection:
        states = await connection.fetch(
            "SELECT state, count(*) FROM orders WHERE merchant_id = $1 GROUP BY state", merchant_id
        )
        rest = await connection.fetchrow(
            """
            SELECT (SELECT count(*) FROM orders WHERE merchant_id = $1) AS orders,
                (SELECT count(*) FROM amendments WHERE merchant_id = $1) AS amended,
                (SELECT count(*) FROM refunds WHERE merchant_id = $1 AND state = 'settled') AS refunded,
                (SELECT count(*) FROM messages WHERE merchant_id = $1 AND state = 'sent') AS told
            """,
            merchant_id,
        )
    return {row["state"]: row["count"] for row in states} | dict(rest)


class Buyer:
    """Somebody who does one thing after the other, drawn by lot."""

    def __init__(self, http: httpx.AsyncClient, shop: given.Shop, answers: Counter[str], number: int) -> None:
        self._http, self._shop, self._answers = http, shop, answers
        self._chance = random.Random(number)
        self._name = f"mixed-{shop.merchant_id}-{number}"
        self._step = 0

    async def shop_until(self, until: float) -> None:
        """Go on until the time is up."""
        ways = [self.pay_at_once, self.pay_by_code, self.regret, self.regret_a_part, self.walk_away, self.fill_a_van]
        while time.monotonic() < until:
            await self._chance.choices(ways, weights=[4, 3, 2, 2, 2, 1])[0]()

    async def pay_at_once(self) -> str:
        """Place and pay; gives the order."""
        order = await self.walk_away()
        await self._post(f"/v1/orders/{order}/payments", {"provider": "sandbox", "method": "instant"})
        return order

    async def pay_by_code(self) -> None:
        """Pay later, by a notification that the provider signs."""
        order = await self.walk_away()
        payment = await self._post(f"/v1/orders/{order}/payments", {"provider": "sandbox", "method": "qr"})
        await asyncio.sleep(self._chance.random() * 2)
        if payment is not None:
            await self._post(f"/v1/sandbox/payments/{payment['id']}/pay", {"even_if_closed": True})

    async def regret(self) -> None:
        """Cancel at once, or when it is paid."""
        order = await self._chance.choice([self.walk_away, self.pay_at_once])()
        await self._post(f"/v1/orders/{order}/cancel", {"reason": "no_longer_wanted"})

    async def regret_a_part(self) -> None:
        """Cancel a unit of what was paid; whoever asks before the money is in is told so."""
        order = await self.pay_at_once()
        await asyncio.sleep(0.3)
        lines = [{"line_no": 1, "quantity": 1}]
        await self._post(f"/v1/orders/{order}/cancel", {"reason": "no_longer_wanted", "lines": lines})

    async def walk_away(self) -> str:
        """Place and leave; gives the order. Nothing stands in the way of that."""
        placed = await self._post("/v1/orders", self._basket())
        assert placed is not None, self._answers
        self._answers["placed"] += 1
        return str(placed["id"])

    async def fill_a_van(self) -> None:
        """Many orders in one call, for which nobody pays."""
        orders = [self._basket() | {"key": f"{self._key()}-{n}"} for n in range(BULK)]
        answered = await self._post("/v1/orders/bulk", {"orders": orders})
        self._answers["placed"] += sum(one["status"] == 201 for one in answered["results"]) if answered else 0

    def _basket(self) -> dict[str, Any]:
        skus = self._chance.sample(sorted(self._shop.products), k=self._chance.randint(1, 3))
        return {
            "channel": self._shop.channel, "ship_to": ADDRESS,
            "buyer": {"ref": self._name, "email": f"{self._name}@mail.example"},
            "lines": [{"sku": sku, "quantity": 2} for sku in skus],
        }  # fmt: skip

    def _key(self) -> str:
        self._step += 1
        return f"{self._name}-{self._step}"

    async def _post(self, path: str, body: Any) -> Any:
        answer = await self._http.post(path, json=body, headers={"Idempotency-Key": self._key()})
        code = "" if answer.is_success else answer.json()["code"]
        self._answers[f"{answer.status_code} {code}".strip()] += 1
        return answer.json() if answer.is_success else None
