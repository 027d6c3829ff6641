"""What a shop's pages look like: its colour and its name, pictures of its goods, and nothing loaded from elsewhere."""

import io

import httpx
import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st
from PIL import Image
from tests import given
from tests.portal.conftest import Let, photo

from dingdan.areas import catalog, merchants
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.ids import encode
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import files
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.portal import looking
from dingdan.surfaces.shared import looks

pytestmark = pytest.mark.requirement("issue 6: portal")
GREEN = "#1b6b3a"


@any_of(st.integers(0, 0xFFFFFF))
def test_whatever_colour_is_taken_can_be_read_in_both_themes(number: int) -> None:
    accent = f"#{number:06x}"
    problem = merchants.problem_of_accent(accent)
    assert (problem is None) == (merchants.contrast(accent, "#ffffff") >= 450)
    if problem is not None:
        # What is proposed instead would be taken.
        assert merchants.problem_of_accent(str(problem.params["fit"])) is None
        return
    made = merchants.theme_of(accent)
    assert merchants.contrast(made.light, made.on_light) >= 450
    assert merchants.contrast(made.dark, made.on_dark) >= 450


@pytest.mark.parametrize(("accent", "code"), [
    ("#ffd400", "merchant.accent_unusable"), ("red", "merchant.accent_unreadable"), ("#12345", "merchant.accent_unreadable"),
    ("#1b6b3a;}", "merchant.accent_unreadable"), ("", "merchant.accent_unreadable"),
])  # fmt: skip
async def test_a_colour_that_cannot_be_read_is_refused(db: Database, shop: given.Shop, accent: str, code: str) -> None:
    with pytest.raises(Refusal) as no:
        await do(db, SYSTEM, merchants.set_accent, shop.merchant_id, accent)
    assert no.value.code == code
    async with db.reading(SYSTEM) as tx:
        assert (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id].accent is None


async def test_colour_and_name_are_on_every_page_of_the_shops_orders(
    db: Database, let: Let, shop: given.Shop, http: httpx.AsyncClient
) -> None:
    guest = await let(await given.paid_order(db, shop))
    plain = await guest.open()
    assert "/brand/" not in plain
    assert "Little shop" in plain
    settings: Settings = http._transport.app.state.settings  # type: ignore[attr-defined]
    for _ in range(2):
        await do(db, SYSTEM, merchants.set_accent, shop.merchant_id, GREEN.upper())
        await do(db, SYSTEM, merchants.set_logo, shop.merchant_id, await looks.keep_logo(settings, photo()))
    async with db.reading(SYSTEM) as tx:
        wires = [row["wire"] for row in await tx.fetch("SELECT wire FROM facts WHERE wire = 'merchant.theme_saved'")]
    assert len(wires) == 2, "what is already so is no fact"
    for path in ("", "/return", "/help", "/tracking", "/messages"):
        page = await guest.open(path)
        assert '<link rel="stylesheet" href="/brand/1b6b3a.css">' in page, path
        assert 'style="' not in page
    sheet = await http.get("/brand/1b6b3a.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "--p-accent:#1b6b3a" in sheet.text
    home = await guest.open()
    src = home.partition('class="p-logo" src="')[2].partition('"')[0]
    logo = await http.get(src)
    assert logo.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(logo.content)).size == (80, 60)
    await do(db, SYSTEM, merchants.set_accent, shop.merchant_id, None)
    assert "/brand/1b6b3a.css" not in await guest.open()


async def test_a_shop_changes_itself_only(db: Database, shop: given.Shop) -> None:
    other = await given.shop(db)
    hand = Actor(
        ActorKind.STAFF, 7, merchant_id=other.merchant_id, permissions=frozenset({"merchant.write", "product.write"})
    )
    for command, args in (
        (merchants.set_accent, (shop.merchant_id, GREEN)), (merchants.set_logo, (shop.merchant_id, "a" * 64)),
        (catalog.set_picture, (shop.merchant_id, "MUG", "a" * 64)),
    ):  # fmt: skip
        with pytest.raises(Refusal) as no:
            await do(db, hand, command, *args)
        assert no.value.kind.value == 404


async def test_goods_have_a_picture_of_one_size_or_a_quiet_place(
    db: Database, let: Let, shop: given.Shop, http: httpx.AsyncClient
) -> None:
    guest = await let(await given.delivered_order(db, shop, {"MUG": 1, "TEE": 2}))
    assert (await guest.open()).count('<span class="p-pic"') == 2
    settings: Settings = http._transport.app.state.settings  # type: ignore[attr-defined]
    name = await looks.keep_picture(settings, photo("blue"))
    await do(db, SYSTEM, catalog.set_picture, shop.merchant_id, "MUG", name)
    at = f"/brand/goods/{encode('product', shop.products['MUG'])}/{name[:12]}"
    for path in ("", "/return"):
        page = await guest.open(path)
        assert f'<img class="p-pic" src="{at}"' in page
        assert page.count('<span class="p-pic"') == 1
    answer = await http.get(at)
    assert Image.open(io.BytesIO(answer.content)).size == (320, 320)
    assert "immutable" in answer.headers["cache-control"]
    for wrong in (
        at[:-1], f"{at}0", at.replace(name[:12], "0" * 12), f"/brand/goods/prd_0000000000001/{name[:12]}",
        f"/brand/goods/x/{name[:12]}",
        "/brand/ffd400.css", "/brand/zzz.css", "/brand/1b6b3a", f"/brand/{encode('merchant', shop.merchant_id)}/{name[:12]}",
    ):  # fmt: skip
        assert (await http.get(wrong)).status_code == 404, wrong
    await do(db, SYSTEM, catalog.set_picture, shop.merchant_id, "MUG", None)
    assert (await http.get(at)).status_code == 404


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"GIF89a" + bytes(20), photo()[:60]])
def test_what_is_no_picture_is_not_kept(content: bytes) -> None:
    with pytest.raises(files.PictureUnfit):
        files.draw_square(content, 320)
    with pytest.raises(files.PictureUnfit):
        files.draw_within(content, 480, 120)


def test_the_doors_are_open_and_say_why() -> None:
    assert all(route.opt["open"] for route in looking.ROUTES)
