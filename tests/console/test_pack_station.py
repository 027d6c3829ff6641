"""Picking and packing at the station: what is read counts, what is wrong stops, no label before all of it was read."""

import re

import httpx
import pytest
from tests import given
from tests.areas.sourcing import houses
from tests.console.conftest import HOST, Seat

from dingdan.areas import fulfilment, inventory, packing, sourcing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def work_of(db: Database, order_id: int) -> fulfilment.Work:
    async with db.reading(SYSTEM) as tx:
        (work,) = await fulfilment.works_of(tx, [order_id])
    return work


async def test_an_order_is_scanned_packed_and_handed_over(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.carrier(db, shop)
    order_id = await given.paid_order(db, shop, {"MUG": 2})
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    found = await desk.send("/station/pack/scan", scan=spoken(order_id))
    here = found.headers["location"]
    page = await desk.open(here)
    assert "2 pieces are still to be scanned." in page
    assert "/papers/label" not in page
    one = await desk.open(f"{here}?scan=MUG")
    assert "1 / 2" in one
    await desk.send(f"{here}/close", status=422, s="MUG")
    assert "Close the box" in await desk.open(f"{here}?s=MUG&scan=MUG")
    await desk.send(f"{here}/close", s=["MUG", "MUG"], grams="", weighed="true")
    assert "Tracking number" in await desk.open(here)
    work = await work_of(db, order_id)
    await desk.open(f"/papers/label/{encode('parcel', work.id)}", status=404)
    await desk.send(
        f"{here}/hand-over", carrier="sf", tracking_number="SF1234567890123", carrier_reason="", number_reason=""
    )
    shipped = await desk.open(here)
    (label,) = set(re.findall(r'href="(/papers/label/\w+)"', shipped))
    assert "SF1234567890123" in shipped
    assert "下一单" in await desk.open(here, tongue="zh")
    assert (await work_of(db, order_id)).state == "handed_over"
    for paper in (label, f"/papers/slip/{encode('work', work.id)}"):
        answer = await desk.http.get(paper, headers=desk._cookie())
        assert answer.content.startswith(b"%PDF")


async def test_a_wrong_item_or_one_too_many_stops_the_line(db: Database, seat: Seat, shop: given.Shop) -> None:
    order_id = await given.paid_order(db, shop, {"MUG": 1})
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    here = (await desk.send("/station/pack/scan", scan=encode("order", order_id))).headers["location"]
    wrong = await desk.open(f"{here}?scan=PEN")
    assert "Wrong item." in wrong
    assert 'data-fkey="F8"' in wrong
    assert "错误商品" in await desk.open(f"{here}?scan=PEN", tongue="zh")
    assert "One too many." in await desk.open(f"{here}?s=MUG&scan=MUG")
    refused = await desk.send(f"{here}/close", status=422, s=["MUG", "PEN"])
    assert "pack.not_in_order" in refused.text


async def test_closing_without_scanning_takes_a_reason_and_the_right_to(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    order_id = await given.paid_order(db, shop, {"MUG": 1})
    packer = await seat("warehouse", merchant_id=shop.merchant_id)
    here = (await packer.send("/station/pack/scan", scan=encode("order", order_id))).headers["location"]
    assert "Close without scanning" not in await packer.open(here)
    refused = await packer.send(f"{here}/close", status=403, unscanned="scanner_down")
    assert "work.unscanned_not_yours" in refused.text
    lead = await seat("warehouse", "logistics", merchant_id=shop.merchant_id)
    assert "Close without scanning" in await lead.open(here)
    await lead.send(f"{here}/close", unscanned="scanner_down")
    assert (await work_of(db, order_id)).state == "packed"
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT data->>'unscanned' FROM facts WHERE wire = 'work.packed'") == "scanner_down"


async def test_a_picker_takes_the_next_walks_the_shelves_and_reports_what_is_short(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    await do(db, SYSTEM, inventory.set_bins, shop.merchant_id, {(shop.warehouse_id, shop.products["MUG"]): "A-02-10"})
    order_id = await given.paid_order(db, shop, {"MUG": 2, "SOCK": 1})
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    place = encode("warehouse", shop.warehouse_id)
    assert "Take the next order" in await desk.open("/station/pick")
    here = (await desk.send("/station/pick/take", warehouse=place)).headers["location"]
    page = await desk.open(here)
    assert "A-02-10" in page
    assert "0 / 2" in page
    assert "Wrong item." in await desk.open(f"{here}?scan=LAMP")
    assert "全部拣齐" in await desk.open(f"{here}?s=MUG&s=MUG&scan=SOCK", tongue="zh")
    await desk.send(f"{here}/short", status=422, sku="MUG", pieces="9", how="missing")
    await desk.send(f"{here}/short", sku="SOCK", pieces="1", how="damaged")
    async with db.reading(SYSTEM) as tx:
        assert (
            await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'work.short' AND order_id = $1", order_id) == 1
        )
    assert (await desk.send("/station/pick/take", status=409, warehouse=place)).text.count("station.nothing_waits") == 1
    await desk.send("/station/pick/take", status=404, warehouse=encode("warehouse", 1))


async def test_a_wave_is_built_for_somebody_picked_and_given_up(db: Database, seat: Seat, shop: given.Shop) -> None:
    for n in range(3):
        await given.paid_order(db, shop, {"MUG": 1}, buyer=f"b{n}")
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    queue = await desk.open("/q/fulfil")
    assert queue.count('<tr id="row-') == 3
    assert "先支付先处理" in await desk.open("/q/fulfil", tongue="zh")
    place = encode("warehouse", shop.warehouse_id)
    page = (await desk.send("/waves", warehouse=place, size="2")).headers["location"]
    wave = page.rpartition("/")[2]
    assert "To take" in await desk.open(page)
    assert "0 / 2" in await desk.open(f"/station/pick/wave/{wave}")
    assert "2 to pick" in await desk.open("/q/fulfil?show=waves")
    await desk.send(f"/station/pick/wave/{wave}/short", sku="MUG", pieces="1", how="missing")
    await desk.send(f"{page}/release", reason="short_of_hands")
    assert "No wave is under way." in await desk.open("/q/fulfil?show=waves")


async def test_tracking_numbers_from_a_file_have_an_answer_each(
    db: Database, seat: Seat, shop: given.Shop, http: httpx.AsyncClient
) -> None:
    await given.carrier(db, shop)
    order_id = await given.paid_order(db, shop, {"MUG": 1})
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    assert "Check only" in await desk.open("/parcels/upload")
    head, own = "order,carrier,tracking_number", f"{encode('order', order_id)},sf,SF1234567890123"
    rows = f"{head}\n{own}\nord_NOTHING,sf,SF1234567890124\n".encode()

    async def give(**words: str) -> str:
        answer = await http.post("/parcels/upload", files={"files": ("n.csv", rows, "text/csv")}, data=words,
                                 headers={"Origin": HOST, "Accept-Language": "en", **desk._cookie()})  # fmt: skip
        assert answer.status_code == 200, answer.text
        return answer.text

    assert "would be shipped" in await give()
    assert (await work_of(db, order_id)).state == "queued"
    done = await give(do="true")
    assert "1 fine, 1 refused" in done
    assert (await work_of(db, order_id)).state == "handed_over"
    assert "there already" in await give(do="true")


async def test_who_may_not_and_whose_it_is_not(db: Database, seat: Seat, shop: given.Shop) -> None:
    order_id = await given.paid_order(db, shop, {"MUG": 1})
    work = encode("work", (await work_of(db, order_id)).id)
    inspector = await seat("inspector", merchant_id=shop.merchant_id)
    for path in (
        "/q/fulfil",
        "/station/pick",
        "/station/pack",
        f"/works/{work}",
        f"/papers/slip/{work}",
        "/parcels/upload",
    ):
        await inspector.open(path, status=403)
    stranger = await seat("warehouse", merchant_id=(await given.shop(db, code="other")).merchant_id)
    for path in (f"/works/{work}", f"/station/pack/{work}", f"/papers/slip/{work}", f"/station/pick/work/{work}"):
        await stranger.open(path, status=404)
    refused = await stranger.send("/station/pack/scan", status=404, scan=encode("order", order_id))
    assert "station.nothing_to_pack" in refused.text
    mine = await seat("warehouse", merchant_id=shop.merchant_id)
    sheet = await mine.open(f"/works/{work}")
    assert "Why here" in sheet
    await mine.send(f"/works/{work}/take")
    await mine.send(f"/works/{work}/put-back", reason="other")
    await mine.open(f"/station/pack/{work}?s=%00", status=422)


async def test_boxes_that_the_buyer_wants_together_leave_under_one_number(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    await given.carrier(db, shop)
    ids = [await given.paid_order(db, shop, {sku: 1}) for sku in ("MUG", "TEE")]
    service, desk = await seat("lead"), await seat("warehouse", merchant_id=shop.merchant_id)
    order = f"/orders/{encode('order', ids[0])}"
    await service.send(f"{order}/combine", status=409)
    shown = await service.open(order)
    assert "Can travel together: 1" in shown
    # The buyer agreed to what stood there; what they buy a moment later goes by itself.
    later = await given.paid_order(db, shop, {"SOCK": 1})
    await service.send(f"{order}/combine", others=re.findall(r'name="others" value="([^"]+)"', shown)[0])
    async with db.reading(SYSTEM) as tx:
        (consent,) = await packing.consents_of(tx, ids)
    assert set(consent.order_ids) == set(ids)
    assert later not in consent.order_ids
    stranger = await given.paid_order(db, shop, {"SOCK": 1}, buyer="somebody-else")
    await service.send(f"{order}/combine", status=409, others=encode("order", stranger))
    pages = []
    for order_id, sku in zip(ids, ("MUG", "TEE"), strict=True):
        pages.append((await desk.send("/station/pack/scan", scan=spoken(order_id))).headers["location"])
        await desk.send(f"{pages[-1]}/close", s=[sku], weighed="true")
    first = await desk.open(pages[0])
    assert "The buyer agreed to one parcel with" in first
    (other,) = re.findall(r'name="along" value="(wrk_\w+)" checked', first)
    sent = {"carrier": "sf", "tracking_number": "SF1234567890123"}
    foreign = encode("work", (await work_of(db, stranger)).id)
    assert "work.unknown" in (await desk.send(f"{pages[0]}/hand-over", status=404, along=foreign, **sent)).text
    await desk.send(f"{pages[0]}/hand-over", along=other, **sent)
    assert [(await work_of(db, order_id)).state for order_id in ids] == ["handed_over", "handed_over"]
    async with db.reading(SYSTEM) as tx:
        (parcel,) = await fulfilment.parcels_of(tx, ids)
    assert {line.order_id for line in parcel.lines} == set(ids)


async def test_a_table_prints_the_label_of_its_own_box_only(db: Database, seat: Seat) -> None:
    three = await houses.three(db)
    await given.carrier(db, three.shop)
    order_id = await given.paid_order(db, three.shop, {"MUG": 2})
    await do(db, SYSTEM, sourcing.split, order_id, {1: 1}, "SH")
    desk, labels = await seat("warehouse", merchant_id=three.shop.merchant_id), set[str]()
    for number, place in (("SF1234567890123", three.hz), ("SF1234567890124", three.sh)):
        async with db.reading(SYSTEM) as tx:
            works = await fulfilment.works_of(tx, [order_id])
        (work,) = [one for one in works if one.warehouse_id == place]
        here = f"/station/pack/{encode('work', work.id)}"
        await desk.send("/station/pack/scan", scan=encode("work", work.id))
        await desk.send(f"{here}/close", s="MUG", grams="", weighed="true")
        await desk.send(f"{here}/hand-over", carrier="sf", tracking_number=number, carrier_reason="", number_reason="")
        page = await desk.open(here)
        (label,) = re.findall(r'href="(/papers/label/\w+)"[^>]* data-fkey="F4" data-prints', page)
        labels.add(label)
        assert number in page
    assert len(labels) == 2


async def test_only_a_page_that_prints_may_show_what_lies_in_its_own_memory(seat: Seat) -> None:
    desk = await seat("warehouse")
    for path, prints in (("/station/pack", True), ("/station/pick", False), ("/q/fulfil", False)):
        page = await desk.open_with({}, path)
        assert ("frame-src blob:" in page.headers["content-security-policy"]) is prints
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert ("data-prints-switch" in page.text) is prints
