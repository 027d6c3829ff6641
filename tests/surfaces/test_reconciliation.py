"""A provider's statement against our books: every kind of difference is found, missed money is taken in, once."""

import asyncio
import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from dingdan.areas import orders, payments
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.payments import purse, till
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

pytestmark = pytest.mark.requirement("issue 3: reconciliation")

CSV = {"Content-Type": "text/csv"}
DOOR = "/v1/providers/sandbox/statements"
Row = dict[str, Any]


@pytest.fixture
def may_break(request: pytest.FixtureRequest) -> frozenset[str]:
    """Statements here say what the provider never did, and one test tears rows out."""
    torn = {"X2_subjects_live"} if "broken_off" in request.node.name else set()
    return frozenset({"L5_provider_logged_the_same"} | torn)


async def statement_of(platform: Caller) -> list[Row]:
    """What the sandbox says."""
    answer = await platform.get("/v1/sandbox/statement")
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def as_file(said: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, ("at", "kind", "ref", "number", "state", "currency", "amount"))
    writer.writeheader()
    writer.writerows(said)
    return text.getvalue().encode()


async def send(platform: Caller, said: list[Row], **params: str) -> Any:
    return good(await platform.post(DOOR, content=as_file(said), headers=CSV, params=params, key=None))


async def differences(platform: Caller, **params: str) -> list[tuple[str, int | None, int | None, str | None]]:
    """(kind, ours, theirs, resolution), oldest first."""
    items = good(await platform.get("/v1/differences", params=params))["items"]
    return [(d["kind"], d["ours"]["amount"], d["theirs"]["amount"], d["resolution"]) for d in reversed(items)]


async def test_a_statement_that_agrees_has_no_difference(platform: Caller, db: Database, shop: given.Shop) -> None:
    order_id = await given.paid_order(db, shop)
    await given.paid_order(db, shop)
    await do(db, SYSTEM, orders.cancel, order_id, reason="buyer")
    await given.settle(db)
    said = await statement_of(platform)
    taken = await send(platform, said)

    assert [(row["kind"], row["state"]) for row in said] == [("charge", "captured")] * 2 + [("refund", "arrived")]
    assert (taken["lines"], taken["unreadable"], taken["differences"]) == (3, 0, [])
    assert taken["compared_at"]


@pytest.mark.parametrize(
    ("change", "kind", "theirs"),
    [
        ({"amount": 198_99}, "amount_differs", 198_99),
        ({"currency": "USD"}, "currency_differs", 199_00),
        ({"state": "failed"}, "state_differs", 199_00),
    ],
)
async def test_each_way_to_differ_has_its_kind(
    platform: Caller, db: Database, shop: given.Shop, change: Row, kind: str, theirs: int
) -> None:
    await given.paid_order(db, shop)
    (line,) = await statement_of(platform)
    taken = await send(platform, [line | change])

    assert taken["differences"] == [{"kind": kind, "found": 1, "open": 1}]
    assert await differences(platform) == [(kind, 199_00, theirs, None)]


async def test_what_stands_twice_or_nowhere_is_found(platform: Caller, db: Database, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    await given.paid_order(db, shop)
    first, second = await statement_of(platform)
    later = datetime.fromisoformat(second["at"]) + timedelta(minutes=1)
    await send(platform, [first, first | {"amount": 1}], until=later.isoformat())

    assert await differences(platform) == [("duplicate", None, 1, None), ("missing_there", 199_00, None, None)]


async def test_what_an_earlier_statement_named_is_not_missing(platform: Caller, db: Database, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    await given.paid_order(db, shop)
    first, second = await statement_of(platform)
    await send(platform, [first])
    await send(platform, [second], since=first["at"])

    assert await differences(platform) == []


@pytest.mark.requirement("O3.5")
async def test_money_whose_news_was_lost_is_taken_in_and_pays(platform: Caller, db: Database, shop: given.Shop) -> None:
    order_id = await given.placed_order(db, shop)
    payment = await till.shown(db, order_id)
    await sandbox.order_fault(db, "notify", sandbox.Fault.DROP)
    await sandbox.pay(db, payment.provider_ref or "")
    await send(platform, await statement_of(platform))

    assert await differences(platform) == [("missing_here", None, 199_00, "booked")]
    assert (await till.order_of(db, order_id)).state == "confirmed"


async def test_money_on_an_ended_attempt_is_excess_and_goes_back(platform: Caller, db: Database) -> None:
    shop = await given.shop(db, stock=1)
    order_id = await given.placed_order(db, shop)
    payment = await till.shown(db, order_id)
    await purse.expire(db, order_id)
    await given.settle(db)
    await given.placed_order(db, shop)
    await sandbox.order_fault(db, "notify", sandbox.Fault.DROP)
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await send(platform, await statement_of(platform))
    await given.settle(db)
    await till.deliver(db)

    assert await till.captures(db, order_id) == [("excess", 199_00)]
    assert await till.keeps(db) == 0
    assert (await till.balances(db)) == {}


async def test_money_back_that_we_lost_track_of_is_found(platform: Caller, db: Database, shop: given.Shop) -> None:
    order_id = await given.paid_order(db, shop)
    await sandbox.order_fault(db, "refund", sandbox.Fault.ANSWER_LOST)
    await do(db, SYSTEM, orders.cancel, order_id, reason="buyer")
    await given.settle(db)
    assert (await till.order_of(db, order_id)).refunded == 0
    await send(platform, await statement_of(platform))
    await given.settle(db)

    assert await differences(platform) == [("missing_here", 199_00, 199_00, "booked")]
    assert (await till.order_of(db, order_id)).refunded == 199_00


async def test_a_charge_of_nobodys_stays_open_until_somebody_says_what_it_was(
    platform: Caller, db: Database, shop: given.Shop
) -> None:
    await given.paid_order(db, shop)
    (line,) = await statement_of(platform)
    await send(platform, [line, line | {"ref": "ch_unknown", "number": "", "amount": 5}])
    (open_one,) = good(await platform.get("/v1/differences", params={"open": "true"}))["items"]
    path = f"/v1/differences/{open_one['id']}/resolve"
    done = good(await platform.post(path, {"resolution": "other_shop"}))

    assert (open_one["kind"], open_one["merchant"], open_one["payment_id"]) == ("missing_here", None, None)
    assert (done["resolution"], done["available_actions"]) == ("other_shop", [])
    refused(await platform.post(path, {"resolution": "again"}), 409, "difference.resolved")


async def test_the_same_file_is_the_same_statement(platform: Caller, db: Database, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    (line,) = await statement_of(platform)
    said = [line | {"amount": 5}]
    first, again = await send(platform, said), await send(platform, said)

    assert first["id"] == again["id"]
    assert len(await differences(platform)) == 1
    assert len(good(await platform.get("/v1/statements"))["items"]) == 1


@pytest.mark.requirement("issue 2: races")
async def test_the_same_file_five_times_at_once_books_once(platform: Caller, db: Database, shop: given.Shop) -> None:
    order_id = await given.placed_order(db, shop)
    payment = await till.shown(db, order_id)
    await sandbox.order_fault(db, "notify", sandbox.Fault.DROP)
    await sandbox.pay(db, payment.provider_ref or "")
    said = await statement_of(platform)
    taken = await asyncio.gather(*(send(platform, said) for _ in range(5)))

    assert len({one["id"] for one in taken}) == 1
    assert await till.captures(db, order_id) == [("normal", 199_00)]
    assert await differences(platform) == [("missing_here", None, 199_00, "booked")]


async def test_a_file_that_was_broken_off_goes_on_where_it_stopped(
    platform: Caller, db: Database, shop: given.Shop
) -> None:
    await given.paid_order(db, shop)
    (line,) = await statement_of(platform)
    said = [line, *({**line, "ref": f"ch_{n}", "number": "", "amount": n} for n in range(1, 800))]
    first = await send(platform, said)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE statements SET compared_at = NULL, lines = 0")
        await tx.execute("DELETE FROM differences WHERE line > 700")
        await tx.execute("DELETE FROM statement_lines WHERE line > 700")
    again = await send(platform, said)

    assert (first["id"], first["lines"], first["differences"]) == (again["id"], 800, again["differences"])


async def test_lines_that_cannot_be_read_are_told_and_the_others_compared(
    platform: Caller, db: Database, shop: given.Shop
) -> None:
    await given.paid_order(db, shop)
    (line,) = await statement_of(platform)
    taken = await send(platform, [line, line | {"amount": "x"}, line | {"state": "odd"}, line | {"at": "yesterday"}])

    assert (taken["lines"], taken["unreadable"]) == (1, 3)
    assert [(one["line"], one["path"]) for one in taken["unread"]] == [(3, "amount"), (4, "state"), (5, "at")]


@pytest.mark.parametrize(
    ("content", "headers", "code"),
    [
        (b"", CSV, "import.header_unfit"),
        (b"at,what\n", CSV, "import.header_unfit"),
        (b"{}", {"Content-Type": "application/json"}, "request.unsupported_media_type"),
    ],
)
async def test_a_file_that_is_none_is_refused(platform: Caller, content: bytes, headers: Row, code: str) -> None:
    answer = await platform.post(DOOR, content=content, headers=headers, key=None)

    assert answer.json()["code"] == code


async def test_statements_are_the_platforms_and_differences_everybodys_own(
    platform: Caller, merchant: Caller, stranger: Caller, db: Database, shop: given.Shop
) -> None:
    await given.paid_order(db, shop)
    (line,) = await statement_of(platform)
    taken = await send(platform, [line | {"amount": 5}])
    refused(
        await merchant.post(DOOR, content=as_file([line]), headers=CSV, key=None), 403, "statement.not_the_platform"
    )
    refused(await platform.post("/v1/providers/gold/statements", content=as_file([line]), headers=CSV, key=None), 404,
            "payment.provider_unknown")  # fmt: skip

    assert (await merchant.get(f"/v1/statements/{taken['id']}")).status_code == 404
    assert len(await differences(merchant)) == 1
    assert await differences(stranger) == []


@pytest.mark.prove
async def test_a_hundred_thousand_lines_are_compared_in_bounded_memory(
    http: Any, db: Database, shop: given.Shop
) -> None:
    platform = Caller(http, await key(db))
    line = {
        "at": "2026-03-01T00:00:00Z",
        "kind": "charge",
        "number": "",
        "state": "failed",
        "currency": "CNY",
        "amount": 5,
    }
    taken = await send(platform, [line | {"ref": f"ch_{n}"} for n in range(100_000)])

    assert (taken["lines"], taken["differences"]) == (100_000, [])


async def test_money_and_its_notification_and_its_statement_at_once_book_once(
    platform: Caller, db: Database, shop: given.Shop
) -> None:
    waiting = [await till.shown(db, await given.placed_order(db, shop)) for _ in range(6)]
    await sandbox.pay_all(db, [payment.id for payment in waiting])
    messages = [payments.Received(m.headers, m.body) for m in await sandbox.take_outgoing(db)]
    await asyncio.gather(
        send(platform, await statement_of(platform)),
        *(payments.take_in_notifications(db, "sandbox", [message]) for message in messages),
        payments.ask(db, [payment.id for payment in waiting]),
    )
    await till.pass_time(db, timedelta(hours=1))
    await given.settle(db, with_deadlines=True)

    assert await till.keeps(db) == (await till.balances(db))["psp_clearing"] == 6 * 199_00
