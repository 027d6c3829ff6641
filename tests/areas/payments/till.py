"""What tests of money ask and do again and again, as sentences."""

from datetime import timedelta
from typing import Any

import msgspec

from dingdan.areas import ledger, orders, payments
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx


async def started(db: Database, *order_ids: int, method: str = "instant") -> payments.Payment:
    """An attempt that was written down; nobody has called out yet."""
    (payment,) = await do(db, SYSTEM, payments.start, list(order_ids), provider="sandbox", method=method)
    return payment


async def shown(db: Database, order_id: int) -> payments.Payment:
    """A QR code that waits for somebody to pay."""
    payment = await started(db, order_id, method="qr")
    await payments.call_started(db, [payment.id])
    return await payment_of(db, payment.id)


async def payment_of(db: Database, payment_id: int) -> payments.Payment:
    async with db.reading(SYSTEM) as tx:
        return await payments.get_one(tx, payment_id)


async def order_of(db: Database, order_id: int) -> orders.Order:
    async with db.reading(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def deliver(db: Database, *, times: int = 1) -> list[payments.Reply]:
    """Hand everything that the provider has to say to us."""
    replies = []
    for message in await sandbox.take_outgoing(db):
        for _ in range(times):
            replies.append(
                await payments.take_in_notification(db, "sandbox", headers=message.headers, body=message.body)
            )
    return replies


async def send(db: Database, **message: Any) -> payments.Reply:
    """A notification of our own making, signed now as the provider would."""
    body = msgspec.json.encode(message)
    async with db.connection() as connection:
        now = await connection.fetchval("SELECT dingdan_now()")
    return await payments.take_in_notification(db, "sandbox", headers=sandbox.sign(db.sealer, body, now), body=body)


def captured_notice(payment: payments.Payment, event_id: str, **more: Any) -> dict[str, Any]:
    said = {"event_id": event_id, "type": "charge.captured", "number": ids.encode("payment", payment.id),
            "ref": payment.provider_ref or "ch_x", "amount": payment.amount, "currency": payment.currency}  # fmt: skip
    return said | more


def answer(payment: payments.Payment, outcome: str, **more: Any) -> payments.ChargeAnswer:
    """The provider's word about a payment."""
    said: dict[str, Any] = {"provider_ref": "ch_1", "amount": payment.amount, "currency": payment.currency, **more}
    return payments.ChargeAnswer(
        payment_id=payment.id, provider="sandbox", outcome=payments.ChargeOutcome(outcome), **said
    )


async def captures(db: Database, order_id: int) -> list[tuple[str, int]]:
    """What came in for an order: (kind, amount)."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT kind, amount FROM captures WHERE order_id = $1 ORDER BY id", order_id)
    return [(row["kind"], row["amount"]) for row in rows]


async def balances(db: Database) -> dict[str, int]:
    """What stands on the accounts, all merchants and currencies together; empty accounts left out."""
    found: dict[str, int] = {}
    async with db.reading(SYSTEM) as tx:
        for balance in await ledger.balances(tx, None):
            found[balance.account] = found.get(balance.account, 0) + balance.amount
    return {account: amount for account, amount in found.items() if amount}


async def keeps(db: Database) -> int:
    """What the provider's own books say it keeps."""
    return sum((await sandbox.statement(db)).values())


async def clocks(db: Database, subject_id: int) -> list[str]:
    """Which deadlines hang on something."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT kind FROM deadlines WHERE subject_id = $1 ORDER BY kind", subject_id)
    return [row["kind"] for row in rows]


async def wires(db: Database, subject_id: int) -> list[str]:
    """The story of one thing."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire FROM facts WHERE subject_id = $1 ORDER BY id", subject_id)
    return [row["wire"] for row in rows]


async def pass_time(db: Database, span: timedelta) -> None:
    """Turn the sandbox's clock."""
    async with db.connection() as connection:
        await connection.execute(
            """
            INSERT INTO sandbox_clock (id, ahead) VALUES (1, $1)
            ON CONFLICT (id) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead
            """,
            span,
        )


async def bring_together(tx: Tx, first: int, second: int) -> None:
    """Make one checkout of two orders, as a basket with goods of two merchants does."""
    await tx.execute("UPDATE orders SET checkout_id = (SELECT checkout_id FROM orders WHERE id = $1) WHERE id = $2",
                     first, second)  # fmt: skip
    await tx.execute("DELETE FROM checkouts c WHERE NOT EXISTS (SELECT FROM orders WHERE checkout_id = c.id)")
    await tx.execute("UPDATE checkouts SET total = (SELECT sum(total) FROM orders WHERE checkout_id = checkouts.id)")


async def give_away(tx: Tx, order_id: int, *, line_no: int) -> None:
    """Take the whole price off one line of an order, as a promotion does."""
    await tx.execute("UPDATE order_lines SET discount = goods WHERE order_id = $1 AND line_no = $2", order_id, line_no)
    await tx.execute(
        """
        UPDATE orders SET discount = l.discount, total = goods - l.discount + freight + tax
        FROM (SELECT sum(discount) AS discount FROM order_lines WHERE order_id = $1) AS l WHERE id = $1
        """,
        order_id,
    )
    await tx.execute("UPDATE checkouts SET total = (SELECT sum(total) FROM orders WHERE checkout_id = checkouts.id)")
