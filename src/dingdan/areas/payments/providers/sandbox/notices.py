"""The sandbox provider's notifications: signed over timestamp and body, sent until they are answered."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
import msgspec

from dingdan.areas.payments.model import (
    Answer,
    ChargeAnswer,
    ChargeOutcome,
    MoneyBackAnswer,
    MoneyBackOutcome,
    Notice,
)
from dingdan.areas.payments.providers.sandbox import faults, store
from dingdan.areas.payments.providers.sandbox.faults import Fault
from dingdan.areas.payments.refusals import NoticeNotSigned, NoticeUnreadable
from dingdan.kernel import ids
from dingdan.kernel.money import is_currency
from dingdan.plumbing.database import Database
from dingdan.plumbing.http import Outage, outside
from dingdan.plumbing.secrets import Sealer
from dingdan.plumbing.telemetry import log

NAME = "sandbox"
HEADER = "Sandbox-Signature"
PURPOSE = "sandbox_psp"
LEASE_SECONDS = 30
# When a notification that was not answered well is sent again; then never.
LADDER = (240, 600, 600, 3600, 7200, 21_600, 54_000)

_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


class Outgoing(msgspec.Struct, frozen=True):
    """A notification ready to be sent."""

    id: int
    headers: dict[str, str]
    body: bytes


class Message(msgspec.Struct, frozen=True):
    """What a notification says; types that we do not know are taken in and ignored."""

    event_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    type: str
    number: str
    ref: str = ""
    amount: Annotated[int, msgspec.Meta(ge=0)] = 0
    currency: str = ""
    failure: str = ""


class News(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell about one of our numbers; `kind` is `charge.captured`, `charge.failed` or `refund.arrived`."""

    kind: str
    number: int
    ref: str
    amount: int
    currency: str
    failure: str = ""


async def queue(connection: Any, news: Sequence[News]) -> None:
    """Put news on their way, with the faults that were ordered for them."""
    drawn = await faults.draw(connection, "notify", [one.number for one in news])
    rows = []
    for one in news:
        struck = drawn.get(one.number)
        fault = struck.kind if struck else None
        late = struck.seconds if struck and fault is Fault.DELAY else 0.0
        spoil = str(fault) if fault is Fault.WRONG_SIGNATURE else ""
        for n in range(_COPIES.get(fault, 1) if fault else 1):
            body = _body(one, f"-{n + 1}" if fault is Fault.REPEAT else "", more=fault is Fault.WRONG_AMOUNT)
            rows.append((str(body["event_id"]), body, spoil, late, fault is Fault.JUMP))
    if rows:
        await store.queue_notices(connection, rows)


_COPIES = {Fault.DUPLICATE: 2, Fault.REPEAT: 3, Fault.DROP: 0}


def _body(news: News, mark: str, *, more: bool) -> dict[str, Any]:
    subject = "send_back" if news.kind.startswith("refund") else "payment"
    return {
        "event_id": f"{news.kind}-{news.ref}{mark}", "type": news.kind, "number": ids.encode(subject, news.number),
        "ref": news.ref, "amount": news.amount + more, "currency": news.currency, "failure": news.failure,
    }  # fmt: skip


async def outgoing(db: Database, *, limit: int = 500) -> list[Outgoing]:
    """What waits to be sent now, signed now, in its order; nothing is marked as sent."""
    async with store.books(db) as connection:
        return _signed(db.sealer, await store.due_notices(connection, limit))


async def take_outgoing(db: Database, *, limit: int = 500) -> list[Outgoing]:
    """The same, handed over for somebody else to send: the provider sends them no more."""
    async with store.books(db) as connection:
        rows = await store.claim_notices(connection, limit, LEASE_SECONDS)
        await store.note_handed_over(connection, [row["id"] for row in rows])
        return _signed(db.sealer, rows)


async def deliver_notifications(db: Database, client: httpx.AsyncClient, url: str, *, limit: int = 100) -> int:
    """Post what waits to our callback address; says how many were sent. Each is sent until it is answered with 2xx."""
    async with store.books(db) as connection:
        rows = await store.claim_notices(connection, limit, LEASE_SECONDS)
    for row, message in zip(rows, _signed(db.sealer, rows), strict=True):
        status = 0
        try:
            async with outside("sandbox_callback"):
                status = (await client.post(url, content=message.body, headers=message.headers)).status_code
        except Outage as outage:
            log.info("the callback was not answered", error=str(outage))
        await _note(db, row["id"], status, row["attempts"])
    return len(rows)


async def _note(db: Database, notice_id: int, status: int, attempts: int) -> None:
    is_done = 200 <= status < 300 or attempts > len(LADDER)
    async with store.books(db) as connection:
        await store.note_sent(connection, notice_id, status, None if is_done else LADDER[attempts - 1])


def _signed(sealer: Sealer, rows: Sequence[Any]) -> list[Outgoing]:
    found = []
    for row in rows:
        body = msgspec.json.encode(row["body"])
        headers = sign(sealer, body, row["now"])
        if row["spoil"]:
            headers[HEADER] = headers[HEADER][:-1] + ("0" if headers[HEADER][-1] != "0" else "1")
        found.append(Outgoing(row["id"], headers, body))
    return found


def sign(sealer: Sealer, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a notification that is sent at this moment."""
    stamp = str(int(at.timestamp()))
    signature = sealer.sign(PURPOSE, f"{stamp}.".encode() + body)
    return {HEADER: f"t={stamp},v1={signature}", "Content-Type": "application/json"}


def read(sealer: Sealer, headers: Mapping[str, str], body: bytes) -> Notice:
    """Check a signature in constant time, then read. Raises NoticeNotSigned or NoticeUnreadable."""
    given = next((value for name, value in headers.items() if name.lower() == HEADER.lower()), "")
    form = _SIGNATURE.fullmatch(given)
    if form is None or not sealer.verify(PURPOSE, f"{form[1]}.".encode() + body, form[2]):
        raise NoticeNotSigned(f"header.{HEADER}")
    try:
        message = msgspec.json.decode(body, type=Message)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NoticeUnreadable("body") from error
    return Notice(message.event_id, datetime.fromtimestamp(int(form[1]), UTC), _answer(message))


def _answer(message: Message) -> Answer | None:
    """What a message means to us; None where it is about nothing we follow. Raises NoticeUnreadable."""
    if message.type in ("charge.captured", "charge.failed"):
        payment_id = ids.decode("payment", message.number)
        is_captured = message.type == "charge.captured"
        if payment_id is None or (is_captured and not _is_money(message)):
            raise NoticeUnreadable("body")
        return ChargeAnswer(
            payment_id=payment_id, provider=NAME, provider_ref=message.ref, amount=message.amount,
            currency=message.currency, failure=message.failure, is_notice=True,
            outcome=ChargeOutcome.CAPTURED if is_captured else ChargeOutcome.FAILED,
        )  # fmt: skip
    if message.type == "refund.arrived":
        send_back_id = ids.decode("send_back", message.number)
        if send_back_id is None or not _is_money(message):
            raise NoticeUnreadable("body")
        return MoneyBackAnswer(
            send_back_id=send_back_id, provider=NAME, outcome=MoneyBackOutcome.ARRIVED, provider_ref=message.ref,
            amount=message.amount, currency=message.currency, is_notice=True,
        )  # fmt: skip
    return None


def _is_money(message: Message) -> bool:
    return bool(message.ref) and message.amount > 0 and is_currency(message.currency)
