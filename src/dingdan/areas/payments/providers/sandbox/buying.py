"""The buyer's side of the sandbox provider, and its own word on what it keeps."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.payments.model import Share
from dingdan.areas.payments.providers.sandbox import notices, store
from dingdan.areas.payments.rules import parts
from dingdan.kernel import ids
from dingdan.plumbing.database import Database


async def pay(
    db: Database,
    provider_ref: str,
    outcome: str = "captured",
    *,
    amount: int | None = None,
    currency: str | None = None,
    even_if_closed: bool = False,
    failure: str = "declined",
) -> str | None:
    """A buyer pays a waiting charge (`captured`) or does not manage to (`failed`); the provider tells us in its time.

    Gives the state in which the charge now is, None where there is no such charge. A failed charge may be paid after
    all; a voided one only with `even_if_closed`, which is how money comes too late. `amount` and `currency` let
    something else come in than was asked for, `failure` is the reason that is told.
    """
    assert outcome in ("captured", "failed")
    async with store.books(db) as connection:
        charge = await store.charge_by_ref(connection, provider_ref)
        if charge is None:
            return None
        payable = ("pending", "failed", "voided") if even_if_closed else ("pending", "failed")
        if charge["state"] not in payable:
            return str(charge["state"])
        came = charge["amount"] if amount is None else amount
        await _finish(
            connection, [charge], outcome, came=came, currency=currency or charge["currency"], failure=failure
        )
    return outcome


async def pay_all(db: Database, payment_ids: Sequence[int]) -> int:
    """Buyers pay many waiting charges, by our numbers and what was asked for; says how many were paid."""
    async with store.books(db) as connection:
        found = await store.charges(connection, payment_ids, lock=True)
        waiting = [charge for charge in found.values() if charge["state"] == "pending"]
        if waiting:
            await _finish(connection, waiting, "captured")
    return len(waiting)


async def _finish(
    connection: Any,
    charges: Sequence[Any],
    outcome: str,
    *,
    came: int | None = None,
    currency: str | None = None,
    failure: str = "",
) -> None:
    rows, moved, news = [], [], []
    for charge in charges:
        is_paid = outcome == "captured"
        amount = (charge["amount"] if came is None else came) if is_paid else 0
        paid_in = (currency or charge["currency"]) if is_paid else ""
        why = "" if is_paid else failure
        rows.append((charge["number"], outcome, amount, paid_in, why))
        moved += movements(charge, amount, paid_in)
        news.append(notices.News(kind=f"charge.{outcome}", number=charge["number"], ref=charge["ref"], amount=amount,
                                 currency=paid_in, failure=why))  # fmt: skip
    await store.finish_charges(connection, rows)
    await store.log(connection, "charge", moved)
    await notices.queue(connection, news)


def movements(charge: Any, came: int, currency: str) -> list[store.Movement]:
    """What money that came in means for each order that the charge is for."""
    shares = msgspec.convert(charge["shares"], list[Share])
    return [
        (charge["number"], charge["ref"], share.merchant_id, share.order_id, currency, part)
        for share, part in parts(came, shares)
    ]


async def statement(db: Database) -> dict[tuple[int, str], int]:
    """What the provider's own books say it keeps for us, by merchant and currency."""
    async with store.books(db) as connection:
        return await store.statement(connection)


STATEMENT_COLUMNS = ("at", "kind", "ref", "number", "state", "currency", "amount")


async def statement_file(db: Database, *, since: datetime | None = None, until: datetime | None = None) -> str:
    """The provider's own account of a time as CSV, a line for each charge and refund, amounts in minor units."""
    async with store.books(db) as connection:
        rows = await store.statement_lines(connection, since, until)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(STATEMENT_COLUMNS)
    for row in rows:
        kind = "payment" if row["kind"] == "charge" else "send_back"
        writer.writerow((row["at"].isoformat(), row["kind"], row["ref"], ids.encode(kind, row["number"]), row["state"],
                         row["currency"], row["amount"]))  # fmt: skip
    return text.getvalue()
