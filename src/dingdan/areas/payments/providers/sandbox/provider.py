"""The sandbox provider as our program talks to it: the same protocol as any other, in sets."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dingdan.areas.payments.model import (
    Charge,
    ChargeAnswer,
    ChargeOutcome,
    Limits,
    MoneyBack,
    MoneyBackAnswer,
    MoneyBackOutcome,
    Notice,
    Reply,
)
from dingdan.areas.payments.providers.sandbox import buying, faults, notices, store
from dingdan.areas.payments.providers.sandbox.faults import Drawn, Fault
from dingdan.areas.payments.providers.sandbox.notices import NAME
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from dingdan.plumbing.http import Outage

TIMEOUT_SECONDS = 5.0

# Faults after which the caller does not know what happened.
SILENT = frozenset({Fault.ERROR_BEFORE, Fault.ANSWER_LOST, Fault.GARBAGE})

_STATES = {
    "pending": ChargeOutcome.ACCEPTED,
    "captured": ChargeOutcome.CAPTURED,
    "failed": ChargeOutcome.FAILED,
    "voided": ChargeOutcome.VOIDED,
}


class Sandbox:
    """A provider with two methods: `instant` is captured in the call, `qr` waits for somebody to pay."""

    name = NAME
    ack = Reply(200, b"success")
    again = Reply(425, b"again")

    def __init__(self, db: Database, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._db = db
        self._timeout = timeout_seconds

    async def limits(self) -> Limits:
        """What the channel was told it can do."""
        async with store.books(self._db) as connection:
            return await store.limits(connection)

    async def start(self, charges: Sequence[Charge]) -> list[ChargeAnswer]:
        """Charge what is instant, make the rest ready to be paid; a number that is known is not charged again."""
        numbers = [charge.payment_id for charge in charges]
        async with store.books(self._db) as connection:
            drawn = await faults.draw(connection, "start", numbers)
            heard = [charge for charge in charges if _kind(drawn, charge.payment_id) is not Fault.ERROR_BEFORE]
            await store.make_charges(connection, [_new(charge, _kind(drawn, charge.payment_id)) for charge in heard])
            rows = await store.charges(connection, numbers)
        await self._take_time(drawn.values())
        return [_charge_answer(charge, rows.get(charge.payment_id), drawn) for charge in charges]

    async def query(self, charges: Sequence[Charge]) -> list[ChargeAnswer]:
        """How charges stand in the provider's books."""
        numbers = [charge.payment_id for charge in charges]
        async with store.books(self._db) as connection:
            drawn = await faults.draw(connection, "query", numbers)
            rows = await store.charges(connection, numbers)
        await self._take_time(drawn.values())
        return [_charge_answer(charge, rows.get(charge.payment_id), drawn) for charge in charges]

    async def void(self, charges: Sequence[Charge]) -> list[ChargeAnswer]:
        """Close charges; one that was never asked for is closed in advance, one that was paid says so."""
        numbers = [charge.payment_id for charge in charges]
        async with store.books(self._db) as connection:
            drawn = await faults.draw(connection, "void", numbers)
            heard = [charge for charge in charges if _kind(drawn, charge.payment_id) is not Fault.ERROR_BEFORE]
            closed = [store.NewCharge(charge=charge, ref=_ref("payment", charge.payment_id), state="voided")
                      for charge in heard]  # fmt: skip
            await store.make_charges(connection, closed)
            await store.void_charges(connection, [charge.payment_id for charge in heard])
            rows = await store.charges(connection, numbers)
        await self._take_time(drawn.values())
        return [_charge_answer(charge, rows.get(charge.payment_id), drawn) for charge in charges]

    async def refund(self, wanted: Sequence[MoneyBack]) -> list[MoneyBackAnswer]:
        """Send money back: never more than came in, never beyond the channel's limits, once per number."""
        numbers = [one.send_back_id for one in wanted]
        async with store.books(self._db) as connection:
            drawn = await faults.draw(connection, "refund", numbers)
            heard = [one for one in wanted if _kind(drawn, one.send_back_id) is not Fault.ERROR_BEFORE]
            charges = await store.charges(connection, sorted({one.payment_id for one in heard}), lock=True)
            known = await store.refunds(connection, numbers)
            new = [
                one for one in heard if one.send_back_id not in known or known[one.send_back_id]["state"] != "arrived"
            ]
            await self._refund(connection, new, charges, drawn)
            rows = await store.refunds(connection, numbers)
        await self._take_time(drawn.values())
        return [_refund_answer(one, rows.get(one.send_back_id), charges, drawn) for one in wanted]

    async def query_refund(self, wanted: Sequence[MoneyBack]) -> list[MoneyBackAnswer]:
        """How refunds stand in the provider's books."""
        numbers = [one.send_back_id for one in wanted]
        async with store.books(self._db) as connection:
            drawn = await faults.draw(connection, "query_refund", numbers)
            rows = await store.refunds(connection, numbers)
        await self._take_time(drawn.values())
        return [_refund_answer(one, rows.get(one.send_back_id), {}, drawn) for one in wanted]

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check the signature over timestamp and raw body, then read."""
        return notices.read(self._db.sealer, headers, body)

    async def _refund(
        self, connection: Any, wanted: Sequence[MoneyBack], charges: Mapping[int, Any], drawn: Mapping[int, Drawn]
    ) -> None:
        if not wanted:
            return
        limits, now = await store.limits(connection), await store.clock(connection)
        spent: dict[int, tuple[int, int]] = {}
        rows, moved = [], []
        for one in wanted:
            charge = charges.get(one.payment_id)
            amount, count = spent.get(one.payment_id, (0, 0))
            state, failure = _judge(one, charge, limits, now=now, gone=amount, count=count)
            if _kind(drawn, one.send_back_id) is Fault.DECLINED:
                state, failure = "failed", "declined"
            if state == "arrived":
                spent[one.payment_id] = (amount + one.amount, count + 1)
                moved.append(one)
            ref = _ref("send_back", one.send_back_id)
            rows.append((one.send_back_id, ref, one.payment_id, state, one.amount, one.currency, failure))
        await store.make_refunds(connection, rows)
        if moved:
            await store.log(connection, "refund", [_movement(one) for one in moved])
            await store.spend(connection, spent)
        told = [one for one in moved if charges[one.payment_id]["method"] != "instant"]
        await notices.queue(connection, [
            notices.News(kind="refund.arrived", number=one.send_back_id, ref=_ref("send_back", one.send_back_id),
                         amount=one.amount, currency=one.currency)
            for one in told
        ])  # fmt: skip

    async def _take_time(self, drawn: Iterable[Drawn]) -> None:
        """Be as slow as was ordered; raises Outage where the caller would have hung up."""
        seconds = max((one.seconds for one in drawn if one.kind is Fault.SLOW), default=0.0)
        if seconds:
            await asyncio.sleep(min(seconds, self._timeout))
        if seconds >= self._timeout:
            raise Outage(f"{NAME}: no answer within {self._timeout} s")


def _kind(drawn: Mapping[int, Drawn], number: int) -> Fault | None:
    return drawn[number].kind if number in drawn else None


def _ref(kind: str, number: int) -> str:
    """The provider's own reference for one of our numbers."""
    prefix = "ch" if kind == "payment" else "re"
    return f"{prefix}_{ids.encode(kind, number).partition('_')[2]}"


def _new(charge: Charge, fault: Fault | None) -> store.NewCharge:
    ref = _ref("payment", charge.payment_id)
    if fault is Fault.DECLINED:
        return store.NewCharge(charge=charge, ref=ref, state="failed", failure="declined")
    if charge.method != "instant":
        return store.NewCharge(charge=charge, ref=ref, state="pending")
    came = charge.amount - (1 if fault is Fault.ANOTHER_AMOUNT else 0)
    about = {"number": charge.payment_id, "ref": ref, "shares": charge.shares}
    return store.NewCharge(charge=charge, ref=ref, state="captured", came=came,
                           movements=buying.movements(about, came, charge.currency))  # fmt: skip


def _charge_answer(charge: Charge, row: Any, drawn: Mapping[int, Drawn]) -> ChargeAnswer:
    number, kind = charge.payment_id, _kind(drawn, charge.payment_id)
    if kind in SILENT:
        return ChargeAnswer(payment_id=number, provider=NAME, outcome=ChargeOutcome.UNKNOWN, failure=str(kind))
    if row is None:
        return ChargeAnswer(payment_id=number, provider=NAME, outcome=ChargeOutcome.NOT_FOUND)
    if (row["amount"], row["currency"]) != (charge.amount, charge.currency):
        return ChargeAnswer(payment_id=number, provider=NAME, outcome=ChargeOutcome.UNKNOWN,
                            failure="another_amount_under_this_number")  # fmt: skip
    return ChargeAnswer(
        payment_id=number, provider=NAME, outcome=_STATES[row["state"]], provider_ref=row["ref"], amount=row["came"],
        currency=row["came_currency"], failure=row["failure"],
        pay_url=f"sandbox:pay/{row['ref']}" if row["state"] == "pending" else None,
    )  # fmt: skip


def _judge(one: MoneyBack, charge: Any, limits: Limits, *, now: Any, gone: int, count: int) -> tuple[str, str]:
    """What the provider makes of a refund, given what the same set took from the charge already."""
    if charge is None or charge["state"] != "captured" or charge["came_currency"] != one.currency:
        return "failed", "no_such_charge"
    if charge["refunded"] + gone + one.amount > charge["came"]:
        return "failed", "above_charge"
    broken = limits.broken_by(made_before=charge["refunds"] + count, captured_at=charge["captured_at"], now=now)
    if broken:
        return "impossible", broken
    apart = timedelta(seconds=limits.seconds_apart or 0)
    is_soon = apart and (count or (charge["refunded_at"] is not None and now - charge["refunded_at"] < apart))
    return ("failed", "too_soon") if is_soon else ("arrived", "")


def _refund_answer(one: MoneyBack, row: Any, charges: Mapping[int, Any], drawn: Mapping[int, Drawn]) -> MoneyBackAnswer:
    number, kind = one.send_back_id, _kind(drawn, one.send_back_id)
    outcome, failure = MoneyBackOutcome.UNKNOWN, str(kind or "")
    if kind in SILENT:
        return MoneyBackAnswer(send_back_id=number, provider=NAME, outcome=outcome, failure=failure)
    if row is None:
        return MoneyBackAnswer(send_back_id=number, provider=NAME, outcome=MoneyBackOutcome.NOT_FOUND)
    if (row["amount"], row["currency"]) != (one.amount, one.currency):
        return MoneyBackAnswer(send_back_id=number, provider=NAME, outcome=outcome,
                               failure="another_amount_under_this_number")  # fmt: skip
    outcome = MoneyBackOutcome(row["state"])
    charge = charges.get(one.payment_id)
    # Where the buyer paid by himself the call only takes the order; that the money is back is told later.
    if outcome is MoneyBackOutcome.ARRIVED and charge is not None and charge["method"] != "instant":
        outcome = MoneyBackOutcome.ACCEPTED
    return MoneyBackAnswer(
        send_back_id=number, provider=NAME, outcome=outcome, provider_ref=row["ref"], amount=row["amount"],
        currency=row["currency"], failure=row["failure"],
    )  # fmt: skip


def _movement(one: MoneyBack) -> store.Movement:
    ref = _ref("send_back", one.send_back_id)
    return (one.send_back_id, ref, one.merchant_id, one.order_id, one.currency, -one.amount)
