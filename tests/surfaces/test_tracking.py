"""Tracking over HTTP: the buyer's timeline, carriers' files, calling parcels back."""

from datetime import timedelta

import httpx
import pytest

from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.transit import sent
from tests.surfaces.callers import Caller, good, refused

HOUR = timedelta(hours=1)


async def way(caller: Caller, order_id: int, *, number: int = 0) -> dict[str, object]:
    told = good(await caller.get(f"/v1/orders/{ids.encode('order', order_id)}/tracking"))
    return told["items"][number]  # type: ignore[no-any-return]


@pytest.mark.requirement("O4.4", "O4.8", "O4.9")
async def test_the_buyer_reads_each_parcels_way_with_its_lines(
    db: Database, shop: given.Shop, merchant: Caller, stranger: Caller
) -> None:
    first, _ = await sent.parcels(db, shop, [sandbox_number(1), sandbox_number(2, "K")])
    order_id = first.lines[0].order_id
    for _ in range(3):
        await sent.turn(db, 12 * HOUR)

    one, two = await way(merchant, order_id), await way(merchant, order_id, number=1)
    assert [step["code"] for step in one["steps"]] == [  # type: ignore[attr-defined]
        "delivered", "out_for_delivery", "in_transit", "picked_up", "dispatched"
    ]  # fmt: skip
    assert one["status"] == {"en": "The recipient has signed for the parcel.", "zh": "收件人已签收。"}
    assert one["receipt"] == {"evidence": "recipient", "at": one["steps"][0]["at"], "counts": True}  # type: ignore[index]
    assert (one["estimate"]["at"], one["estimate"]["basis"]) == (None, "arrived")  # type: ignore[index]
    assert one["first_scan_at"] is not None
    assert one["lines"] == two["lines"] == [{"line_no": 1, "quantity": 1}]
    assert (two["state"], two["receipt"]["counts"]) == ("out_for_delivery", False)  # type: ignore[index]
    assert (await sent.order(db, first)).delivered_at is None
    refused(await stranger.get(f"/v1/orders/{ids.encode('order', order_id)}/tracking"), 404, "order.unknown")


@pytest.mark.requirement("O4.4")
async def test_while_a_carrier_is_down_the_last_known_status_is_told(
    db: Database, shop: given.Shop, merchant: Caller
) -> None:
    parcel = await sent.parcel(db, shop, sandbox_number(1, "X"))
    order_id = parcel.lines[0].order_id
    await sent.tell(db, parcel, "picked_up", after=HOUR)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("DELETE FROM deadlines WHERE kind = 'parcel.sandbox_push'")
    await sent.turn(db, 10 * HOUR)

    told = await way(merchant, order_id)
    assert told["feed_down_since"] is not None
    assert told["status"]["en"].startswith("Last known status, at ")  # type: ignore[index]
    assert told["status"]["zh"].endswith("快递已揽收。")  # type: ignore[index]
    assert told["last_update_at"] is not None
    (line,) = good(await merchant.get("/v1/feeds"))["items"]
    assert (line["carrier"], line["failures"] > 0) == ("sandbox", True)


async def imported(caller: Caller, text: str, *, carrier: str = "manual", kind: str = "text/csv") -> httpx.Response:
    return await caller.request(
        "POST", f"/v1/carriers/{carrier}/scans/import", content=text.encode(), headers={"Content-Type": kind}
    )


def results(answer: httpx.Response) -> list[tuple[int, str, str | None]]:
    assert answer.is_success, answer.text
    rows = [httpx.Response(200, content=line).json() for line in answer.text.splitlines()]
    return [(row["line"], row["status"], row["code"]) for row in rows]


@pytest.mark.requirement("O4.4")
async def test_a_carriers_file_counts_once_by_event_and_by_content(
    db: Database, shop: given.Shop, merchant: Caller, stranger: Caller
) -> None:
    parcel = await sent.parcel(db, shop, "VAN-1", carrier="manual")
    at = parcel.dispatched_at.isoformat()
    later = (parcel.dispatched_at + timedelta(minutes=1)).isoformat()
    text = "\n".join([
        "tracking_number,code,at,place,event_id",
        f"VAN-1,picked_up,{at},杭州,",
        f"VAN-1,picked_up,{at},杭州,",
        f"VAN-1,in_transit,{at},,e1",
        f"VAN-1,delivered,{at},,e1",
        f"VAN-9,in_transit,{at},,",
        "VAN-1,in_transit,yesterday,,",
        f"VAN-1,in_transit,{at}",
    ])  # fmt: skip

    assert results(await imported(merchant, text)) == [
        (2, "created", None), (3, "unchanged", None), (4, "created", None), (5, "unchanged", None),
        (6, "refused", "parcel.number_unknown"), (7, "refused", "request.malformed"),
        (8, "refused", "import.row_unreadable"),
    ]  # fmt: skip
    again = results(await imported(merchant, text))
    assert [status for _, status, _ in again] == ["unchanged"] * 4 + ["refused"] * 3
    line = f'{{"tracking_number": "VAN-1", "code": "out_for_delivery", "at": "{later}"}}'
    assert results(await imported(merchant, line, kind="application/x-ndjson")) == [(1, "created", None)]
    assert [status for _, status, _ in results(await imported(stranger, text))] == ["refused"] * 7
    assert [status for _, status, _ in results(await imported(merchant, text, carrier="pigeon"))] == ["refused"] * 7
    assert (await sent.now(db, parcel)).state == "out_for_delivery"


@pytest.mark.requirement("O4.7")
async def test_a_parcel_is_called_back_and_what_became_of_it_stands_in_its_way(
    db: Database, shop: given.Shop, merchant: Caller, stranger: Caller
) -> None:
    parcel = await sent.parcel(db, shop, sandbox_number(1))
    address = f"/v1/parcels/{ids.encode('parcel', parcel.id)}"
    assert "intercept" in good(await merchant.get(address))["available_actions"]
    refused(await stranger.post(f"{address}/intercept"), 404, "request.nothing_there")
    assert good(await merchant.post(f"{address}/intercept", {"reason": "fraud"}))["answer"] is None
    refused(await merchant.post(f"{address}/intercept"), 409, "intercept.open")

    await given.settle(db)
    shown = good(await merchant.get(address))
    assert (shown["interception"]["answer"], shown["interception"]["reason"]) == ("succeeded", "fraud")
    told = await way(merchant, parcel.lines[0].order_id)
    assert [step["code"] for step in told["steps"]][:2] == ["intercepted", "intercept_asked"]  # type: ignore[attr-defined]


async def test_a_buyer_changes_their_mind_after_dispatch(db: Database, shop: given.Shop, merchant: Caller) -> None:
    parcel = await sent.parcel(db, shop, sandbox_number(1))
    address = f"/v1/orders/{ids.encode('order', parcel.lines[0].order_id)}"
    refused(await merchant.post(f"{address}/cancel"), 409, "order.already_dispatched")

    (asked,) = good(await merchant.post(f"{address}/intercept"))["items"]
    assert (asked["reason"], asked["answer"]) == ("buyer_request", None)


@pytest.mark.requirement("O6.5")
async def test_the_warehouse_receives_a_parcel_that_nobody_took(
    db: Database, shop: given.Shop, platform: Caller, stranger: Caller
) -> None:
    path = f"/v1/parcels/{ids.encode('parcel', (await sent.parcel(db, shop, sandbox_number(1))).id)}"
    assert "receive" not in good(await platform.get(path))["available_actions"]
    refused(await platform.post(f"{path}/receive", {}), 409, "case.parcel_not_back")
    good(await platform.post(f"{path}/scans", {"code": "returning"}))
    assert "receive" in good(await platform.get(path))["available_actions"]
    refused(await stranger.post(f"{path}/receive", {}), 404, "request.nothing_there")
    refused(await platform.post(f"{path}/receive", {"reason": "BORED"}), 422, "policy.reason_unknown")
    (made,) = good(await platform.post(f"{path}/receive", {}))["return_ids"]
    assert good(await platform.post(f"{path}/receive", {}))["return_ids"] == [made]
    assert good(await platform.get(f"/v1/returns/{made}"))["journey"] == "received"


async def test_the_sandbox_carrier_does_what_is_ordered(db: Database, shop: given.Shop, platform: Caller) -> None:
    parcel = await sent.parcel(db, shop, sandbox_number(1))
    address = f"/v1/sandbox/parcels/{ids.encode('parcel', parcel.id)}/plan"
    good(await platform.post(address, {"script": "L"}))
    refused(await platform.post(address, {"script": "Q"}), 422, "sandbox.plan_unfit")
    for _ in range(9):
        await sent.turn(db, 12 * HOUR)

    assert (await sent.now(db, parcel)).state == "lost"
