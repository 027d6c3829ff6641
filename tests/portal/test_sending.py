"""The way back: a label or a pick-up by one form, the code for the counter, the slip for the parcel, and more time once."""

from datetime import timedelta
from io import BytesIO

import pytest
import segno
import zxingcpp
from PIL import Image
from tests import given
from tests.areas.way_back.test_sending import lanes
from tests.portal.conftest import Guest, Let

from dingdan.areas import returns, way_back
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.kernel.times import iso
from dingdan.plumbing.database import Database
from dingdan.surfaces.shared.pages import marks

pytestmark = pytest.mark.requirement("issue 6: portal", "R3.2")
SEND = "/return?u={line}:1&reason=NO_REASON&step=confirm&way=refund"


async def waiting(guest: Guest, line: int = 1) -> str:
    """A return whose goods are to be sent; where its page is."""
    return str((await guest.send(SEND.format(line=line))).headers["location"])


async def labels(db: Database, order_id: int) -> list[way_back.Label]:
    async with db.reading(SYSTEM) as tx:
        return await way_back.labels_of(tx, [one.id for one in await returns.of_orders(tx, [order_id])])


async def test_a_label_is_one_form_and_its_code_is_shown_at_the_counter(
    db: Database, let: Let, shop: given.Shop
) -> None:
    await lanes(db, shop)
    guest = await let(await given.delivered_order(db, shop))
    at = await waiting(guest)
    page = await guest.open(at)
    for said in ("Hand it in at a counter, about CN¥12.00 off your refund", "Have it picked up", "I have sent it",
                 "Ways to send it", "about CN¥18.00", "recommended", "I need more time"):  # fmt: skip
        assert said in page, said
    assert "凭码免填单" in await guest.open(at, tongue="zh-CN")
    shown = (await guest.send(f"{at}/label", option="sandbox.standard")).headers["location"]
    (made,) = await labels(db, guest.order_id)
    code = await guest.open(shown)
    for said in ("Show this code at the counter", made.tracking_number, "o-square", "o-code128", "Hand it in by"):
        assert said in code, said
    paper = await guest.get(f"{shown}/label.pdf")
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert paper.headers["cache-control"] == "private, no-store"
    again = await guest.open(at)
    assert "Show the label and its code" in again
    assert "Hand it in at a counter" not in again


async def test_a_pick_up_comes_in_a_slot_and_never_too_late(db: Database, let: Let, shop: given.Shop) -> None:
    await lanes(db, shop)
    guest = await let(await given.delivered_order(db, shop))
    at = await waiting(guest)
    async with db.reading(SYSTEM) as tx:
        held, now = (await returns.of_orders(tx, [guest.order_id]))[0], tx.now
    assert held.send_by is not None
    late = iso(held.send_by + timedelta(hours=1))
    refused = await guest.send(
        f"{at}/pick-up", option="sandbox.standard", pick_up_at=late, declared_value="1,00", status=422
    )
    assert "Nobody can come at that time." in refused.text
    await guest.send(f"{at}/pick-up", option="sf.standard", pick_up_at=iso(now + timedelta(hours=3)), status=422)
    await guest.send(f"{at}/pick-up", option="sandbox.standard", pick_up_at="soon", status=422)
    assert await labels(db, guest.order_id) == []
    await guest.send(
        f"{at}/pick-up", option="sandbox.standard", pick_up_at=iso(now + timedelta(hours=3)), declared_value="50"
    )
    (made,) = await labels(db, guest.order_id)
    assert (made.declared_value, made.pick_up_at is not None) == (50_00, True)


async def test_two_returns_share_a_parcel_on_slip_and_label_and_when_sent(
    db: Database, let: Let, shop: given.Shop
) -> None:
    await lanes(db, shop)
    guest = await let(await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1}))
    at, other = await waiting(guest, 1), await waiting(guest, 2)
    name = other.rpartition("/")[2]
    alone = await guest.open(f"{at}/slip")
    assert "Product TEE" not in alone.partition("p-slip")[2]
    both = await guest.open(f"{at}/slip?together={name}")
    for said in ("Product MUG", "Product TEE", "o-square", "Send it to", f'value="{name}" checked'):
        assert said in both, said
    shown = (await guest.send(f"{at}/label", option="sandbox.standard", together=[name])).headers["location"]
    (made, *_) = await labels(db, guest.order_id)
    assert len(made.return_ids) == 2
    assert f"together={name}" in await guest.open(shown)
    await guest.send(f"{at}/send", carrier="sandbox", tracking_number=made.tracking_number, together=[name])
    async with db.reading(SYSTEM) as tx:
        assert {one.journey for one in await returns.of_orders(tx, [guest.order_id])} == {"sent"}


async def test_what_is_another_orders_is_in_no_parcel_of_mine(db: Database, let: Let, shop: given.Shop) -> None:
    await lanes(db, shop)
    mine = await let(await given.delivered_order(db, shop))
    stranger = await let(await given.delivered_order(db, shop, buyer="buyer-2"))
    at, theirs = await waiting(mine), await waiting(stranger)
    name = theirs.rpartition("/")[2]
    await mine.send(f"{at}/label", option="sandbox.standard", together=[name], status=404)
    await mine.send(f"{at}/send", carrier="sf", tracking_number="SF1234567890123", together=[name], status=404)
    assert name not in await mine.open(f"{at}/slip?together={name}")
    label = (await stranger.send(f"{theirs}/label", option="sandbox.standard")).headers["location"].rpartition("/")[2]
    await mine.open(f"{at}/labels/{label}", status=404)
    assert (await mine.get(f"{at}/labels/{label}/label.pdf")).status_code == 404
    await mine.open(f"{at}/labels/rlb_0000000000001", status=404)


async def test_more_time_is_had_once(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.delivered_order(db, shop))
    at = await waiting(guest)
    await guest.send(f"{at}/extend")
    assert "I need more time" not in await guest.open(at)
    await guest.send(f"{at}/extend", status=409)


def test_squares_are_read_as_what_they_say() -> None:
    text = f"https://house.test/my/{encode('order', 7)}/returns/{encode('return', 8)}"
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=4, border=4)
    assert [one.text for one in zxingcpp.read_barcodes(Image.open(drawn))] == [text]
    # What we draw has as many dark places as the code itself.
    dark = sum(map(sum, segno.make_qr(text, error="m").matrix))
    assert str(marks.square(text)).count("h1v1h-1z") == dark
