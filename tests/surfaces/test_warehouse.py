"""The warehouse through the API: queue, waves, boxes, pictures, paper, numbers from a sheet, orders that share a parcel."""

import io
from typing import Any

import httpx
import pypdf
import pytest
from PIL import Image

from dingdan.areas import fulfilment, inventory
from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import files
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

CSV = {"Content-Type": "text/csv"}


def ref(order_id: int) -> str:
    return ids.encode("order", order_id)


def photo(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, form, **more)
    return written.getvalue()


async def upload(caller: Caller, work: str, content: bytes, form: str = "image/jpeg") -> httpx.Response:
    return await caller.request("POST", f"/v1/work/{work}/pictures", content=content, headers={"Content-Type": form})


@pytest.mark.requirement("O2.6")
@pytest.mark.requirement("O2.8")
async def test_every_place_in_the_queue_explains_itself(merchant: Caller, shop: given.Shop, db: Database) -> None:
    paid = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(3)]
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE work_orders SET ship_by = paid_at + interval '5 hours' WHERE order_id = $1", paid[2])

    first = good(await merchant.get("/v1/work/queue?warehouse=HZ&limit=2"))
    rest = good(await merchant.get(f"/v1/work/queue?warehouse=HZ&limit=2&after={first['next']}"))

    places = first["items"] + rest["items"]
    assert [(one["place"], one["order_id"], one["is_aged"]) for one in places] == [
        (1, ref(paid[2]), True), (2, ref(paid[0]), False), (3, ref(paid[1]), False),
    ]  # fmt: skip
    assert places[2]["ahead"] == {"must_leave_soon": 1, "fresh_vip": 0, "fresh": 0, "vip": 0, "ordinary": 1}
    assert "before every lane" in places[0]["why"]["en"]
    assert "先支付先处理" in places[1]["why"]["zh"]
    assert rest["next"] is None
    assert good(await merchant.get(f"/v1/work/{places[1]['work_id']}/place")) == places[1]
    refused(await merchant.get("/v1/work/queue?warehouse=HZ&after=0123456789A"), 422, "request.malformed")


async def test_a_wave_is_claimed_picked_and_packed_with_all_that_proves_it(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    paid = [await given.paid_order(db, shop, {"MUG": n + 1}, buyer=f"b{n}") for n in range(2)]
    wave = good(await merchant.post("/v1/waves", {"warehouse": "HZ", "size": 10}))
    assert wave["size"] == 2
    assert [(one["sku"], one["quantity"]) for one in wave["to_pick"]] == [("MUG", 3)]
    one, two = [work["id"] for work in wave["works"]]
    assert all(work["deadline_at"] and work["wave_id"] == wave["id"] for work in wave["works"])
    assert (await merchant.post("/v1/waves", {"warehouse": "HZ", "size": 10})).json() is None

    short = good(await merchant.post(f"/v1/work/{two}/short", {"lines": [{"line_no": 1, "damaged": 1}]}))
    assert (short["state"], short["lines"][0]["quantity"]) == ("picking", 2)
    packed = good(
        await merchant.post(f"/v1/work/{one}/pack", {"lines": [{"sku": "MUG", "quantity": 1}], "weight_grams": 350})
    )
    assert packed["state"] == "packed"
    assert good(await merchant.get(f"/v1/waves/{wave['id']}"))["works"][0]["state"] == "packed"
    (box,) = good(await merchant.get(f"/v1/orders/{ref(paid[0])}/packing"))["boxes"]
    assert (box["lines"], box["weight_grams"]) == ([{"line_no": 1, "quantity": 1}], 350)
    assert box["scanned"] == [{"sku": "MUG", "line_no": None, "quantity": 1}]


@pytest.mark.requirement("O6.6")
async def test_pictures_lose_all_but_their_pixels_and_are_seen_by_those_who_may(
    merchant: Caller, stranger: Caller, http: httpx.AsyncClient, shop: given.Shop, db: Database
) -> None:
    order_id = await given.paid_order(db, shop)
    (work,) = good(await merchant.post("/v1/work/claim", {"warehouse": "HZ"}))["items"]
    exif = Image.Exif()
    exif[0x010E], exif[0x0110] = "secret place", "a camera"

    made = good(await upload(merchant, work["id"], photo(exif=exif, comment=b"secret words", size=(3000, 1000))))
    again = good(await upload(merchant, work["id"], photo(exif=exif, comment=b"secret words", size=(3000, 1000))))

    assert made == again
    assert (made["width"], made["height"]) == (2048, 683)
    seen = await merchant.get(f"/v1/pictures/{made['id']}")
    assert (seen.headers["content-type"], seen.headers["cache-control"]) == ("image/jpeg", "private, no-store")
    assert b"secret" not in seen.content
    assert not Image.open(io.BytesIO(seen.content)).getexif()
    assert [one["id"] for one in good(await merchant.get(f"/v1/orders/{ref(order_id)}/packing"))["pictures"]] == [
        made["id"]
    ]
    assert [one["id"] for one in good(await merchant.get(f"/v1/work/{work['id']}/pictures"))["items"]] == [made["id"]]
    refused(await stranger.get(f"/v1/pictures/{made['id']}"), 404, "picture.unknown")
    buyer = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=["order.read"]))
    refused(await buyer.get(f"/v1/pictures/{made['id']}"), 403, "auth.not_allowed")


async def test_what_is_no_picture_is_refused(merchant: Caller, shop: given.Shop, db: Database) -> None:
    await given.paid_order(db, shop)
    (work,) = good(await merchant.post("/v1/work/claim", {"warehouse": "HZ"}))["items"]

    for content in (b"", b"GIF89a" + b"0" * 50, photo()[:200], photo("GIF"), b"<svg onload=alert(1)>", b"\x00" * 99):
        refused(await upload(merchant, work["id"], content), 422, "picture.unfit")
    refused(await upload(merchant, work["id"], photo(), "image/svg+xml"), 415, "request.unsupported_media_type")
    good(await upload(merchant, work["id"], photo("PNG"), "image/png"))
    good(await upload(merchant, work["id"], photo("WEBP"), "image/webp"))


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(files.PictureUnfit):
        files.draw_anew(photo("PNG", size=(8000, 6000)))


def test_a_file_that_was_tampered_with_is_no_file(tmp_path: Any) -> None:
    kept = files.Files(tmp_path)
    name = kept.put(b"one")
    assert kept.put(b"one") == name
    assert kept.get(name) == b"one"
    next((tmp_path / "files").rglob(name)).write_bytes(b"two")

    with pytest.raises(FileNotFoundError):
        kept.get(name)


@pytest.mark.requirement("O4.3")
async def test_slip_and_label_come_as_pdf_in_the_language_asked_for(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    await given.paid_order(db, shop, {"MUG": 2})
    (work,) = good(await merchant.post("/v1/work/claim", {"warehouse": "HZ"}))["items"]
    good(await merchant.post(f"/v1/work/{work['id']}/pack", {"lines": [{"sku": "MUG", "quantity": 2}]}))
    parcels = {"parcels": [{"carrier": "sandbox", "tracking_number": sandbox_number(7)}]}
    (parcel,) = good(await merchant.post(f"/v1/work/{work['id']}/ship", parcels))["items"]

    slip = await merchant.get(f"/v1/work/{work['id']}/packing-slip.pdf?language=zh")
    label = await merchant.get(f"/v1/parcels/{parcel['id']}/label.pdf", headers={"Accept-Language": "en"})

    assert slip.headers["content-type"] == label.headers["content-type"] == "application/pdf"
    assert label.headers["content-language"] == "en"
    said, told = [pypdf.PdfReader(io.BytesIO(one.content)).pages[0].extract_text() for one in (slip, label)]
    assert "商品 MUG" in said
    assert "王小明" in said
    assert "199" not in said
    assert sandbox_number(7) in told
    assert "Sandbox carrier" in told


@pytest.mark.requirement("O4.3")
async def test_numbers_come_from_a_sheet_row_by_row_and_a_second_time_changes_nothing(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    first, second, third = [
        await given.paid_order(db, shop, {"MUG": 2}, buyer=f"b{n}", reference=f"R-{n}") for n in range(3)
    ]
    sheet = (
        "订单号,快递公司,运单号,明细\r\n"
        f"R-0,沙箱快递,{sandbox_number(1)},1*1\r\nR-0,sandbox,{sandbox_number(2)},1*1\r\n"
        f"{ref(second)},Sandbox carrier,{sandbox_number(3)},\r\nR-2,sandbox,7.7E+11,\r\nR-9,sandbox,{sandbox_number(4)},\r\n"
        f"R-2,sandbox,{sandbox_number(3)},\r\n"
    ).encode("gbk")

    tried = good(await merchant.request("POST", "/v1/parcels/import?dry_run=true", content=sheet, headers=CSV))
    assert tried["is_dry_run"]
    assert not await shipped(db, first)
    done = good(await merchant.request("POST", "/v1/parcels/import", content=sheet, headers=CSV))
    assert done["rows"] == tried["rows"]
    assert (done["created"], done["unchanged"], done["refused"]) == (2, 0, 4)
    assert [(row["line"], row["status"], row["code"], row["column"]) for row in done["rows"][2:]] == [
        (4, "refused", "parcel.consent_missing", "tracking_number"),
        (5, "refused", "sheet.number_rounded", "tracking_number"), (6, "refused", "order.unknown", "order"),
        (7, "refused", "parcel.consent_missing", "tracking_number"),
    ]  # fmt: skip
    assert await shipped(db, first)
    assert not await shipped(db, second)
    assert not await shipped(db, third)

    again = good(await merchant.request("POST", "/v1/parcels/import", content=sheet, headers=CSV))
    assert (again["created"], again["unchanged"], again["refused"]) == (0, 2, 4)


async def shipped(db: Database, order_id: int) -> bool:
    async with db.transaction(SYSTEM) as tx:
        return await tx.fetchval("SELECT shipped_at IS NOT NULL FROM orders WHERE id = $1", order_id)


@pytest.mark.requirement("O4.3")
async def test_a_sheet_of_others_ships_nothing_and_a_broken_one_is_refused(
    stranger: Caller, merchant: Caller, shop: given.Shop, db: Database
) -> None:
    order_id = await given.paid_order(db, shop)
    sheet = f"order,carrier,tracking_number\n{ref(order_id)},sandbox,{sandbox_number(1)}\n".encode()

    told = good(await stranger.request("POST", "/v1/parcels/import", content=sheet, headers=CSV))
    assert [row["code"] for row in told["rows"]] == ["order.unknown"]
    refused(await merchant.request("POST", "/v1/parcels/import", content=b"", headers=CSV), 422, "sheet.unreadable")
    refused(await merchant.request("POST", "/v1/parcels/import", content=sheet), 415, "request.unsupported_media_type")


@pytest.mark.prove
@pytest.mark.requirement("O4.3")
async def test_ten_thousand_numbers_from_one_sheet(merchant: Caller, shop: given.Shop, db: Database) -> None:
    await do(db, SYSTEM, inventory.count, [
        inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products["MUG"], 20_000)
    ])  # fmt: skip
    order_ids = await given.paid_orders(db, shop, 10_000)
    rows = "".join(f"{ref(order_id)},manual,VAN-{n:06d}\n" for n, order_id in enumerate(order_ids))

    done = good(await merchant.request(
        "POST", "/v1/parcels/import", content=f"order,carrier,tracking_number\n{rows}".encode(), headers=CSV, timeout=600
    ))  # fmt: skip

    assert (done["created"], done["refused"]) == (10_000, 0)


@pytest.mark.requirement("O6.6")
async def test_orders_of_one_recipient_share_a_parcel_once_somebody_agreed(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    paid = [await given.paid_order(db, shop, buyer=buyer) for buyer in ("lin", "her mother")]
    works = good(await merchant.post("/v1/work/claim", {"warehouse": "HZ", "limit": 2}))["items"]
    for work in works:
        good(await merchant.post(f"/v1/work/{work['id']}/pack", {"lines": [{"sku": "MUG", "quantity": 1}]}))
    (group,) = good(await merchant.get("/v1/work/combinable?warehouse=HZ"))["items"]
    assert (group["orders"], group["is_agreed"]) == ([ref(one) for one in paid], False)

    (text,) = good(await merchant.get("/v1/consents/texts"))["items"]
    wanted = {"orders": group["orders"], "given_by": "recipient", "text_version": text["version"]}
    made = good(await merchant.post("/v1/consents", wanted))
    assert made["text"] == text["text"]
    assert good(await merchant.get("/v1/work/combinable?warehouse=HZ"))["items"][0]["is_agreed"]
    assert good(await merchant.get(f"/v1/orders/{group['orders'][0]}/consents"))["items"] == [made]
    await do(db, SYSTEM, fulfilment.ship, [
        fulfilment.Ship(ids.decode("work", work["id"]) or 0, "manual", "VAN-1") for work in works
    ])  # fmt: skip
    withdrawn = good(await merchant.post(f"/v1/consents/{made['id']}/withdraw"))
    assert withdrawn["withdrawn_at"] is not None


async def test_pick_lists_go_from_shelf_to_shelf(merchant: Caller, shop: given.Shop, db: Database) -> None:
    for sku, place in (("MUG", "a-10-1"), ("TEE", "A-2-7")):
        level = good(await merchant.put(f"/v1/bins/HZ/{sku}", {"bin": place}))["level"]
        assert level["bin"] == place.upper()
    told = refused(await merchant.put("/v1/bins/HZ/SOCK", {"bin": "behind the door!"}), 422, "inventory.field_unfit")
    assert told["problems"][0]["path"] == "bin"
    order_ids = [await given.paid_order(db, shop, {"MUG": 1, "SOCK": 2, "TEE": 1}) for _ in range(2)]

    wave = good(await merchant.post("/v1/waves", {"warehouse": "HZ", "size": 2}))
    assert [(one["sku"], one["bin"], one["quantity"]) for one in wave["to_pick"]] == [
        ("TEE", "A-2-7", 2), ("MUG", "A-10-1", 2), ("SOCK", None, 4),
    ]  # fmt: skip
    assert {work["order_id"] for work in wave["works"]} == {ref(one) for one in order_ids}
    assert [(line["line_no"], line["bin"]) for line in wave["works"][0]["lines"]] == [
        (3, "A-2-7"),
        (1, "A-10-1"),
        (2, None),
    ]
    assert good(await merchant.put("/v1/bins/HZ/TEE", {"bin": None}))["level"]["bin"] is None
    await given.settle(db)
    facts = [
        one["data"]["bin"] for one in good(await merchant.get("/v1/events"))["items"] if one["kind"] == "stock.bin_set"
    ]
    assert facts == ["A-10-1", "A-2-7", None]
