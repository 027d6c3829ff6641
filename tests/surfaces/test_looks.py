"""Pictures of products and the looks of buyers' pages, over the API."""

import io

import httpx
import pytest
from PIL import Image

from dingdan.areas import merchants
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused

pytestmark = pytest.mark.requirement("issue 6: portal")


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (300, 100), (200, 30, 30, 128)).save(out, "PNG")
    return out.getvalue()


async def sent(caller: Caller, path: str, content: bytes, media_type: str = "image/png") -> httpx.Response:
    headers = {"Authorization": f"Bearer {caller.secret}", "Content-Type": media_type}
    return await caller.http.post(path, content=content, headers=headers)


async def test_a_product_has_a_picture_of_our_own(
    db: Database, shop: given.Shop, merchant: Caller, stranger: Caller
) -> None:
    async with db.reading(SYSTEM) as tx:
        code = (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id].code
    shown = await sent(merchant, "/v1/products/MUG/picture", png())
    at = good(shown)["picture"]
    assert at.startswith("/brand/goods/prd_")
    assert good(await sent(merchant, "/v1/products/MUG/picture", png()))["picture"] == at
    assert good(await merchant.get("/v1/products/MUG"))["picture"] == at
    refused(await sent(merchant, "/v1/products/MUG/picture", b"<svg/>"), 422, "picture.unfit")
    refused(
        await sent(merchant, "/v1/products/MUG/picture", b"{}", "application/json"),
        415,
        "request.unsupported_media_type",
    )
    refused(await sent(merchant, "/v1/products/NOTHING/picture", png()), 404, "product.unknown")
    # Whoever has a mug of their own shows that one.
    theirs = good(await sent(stranger, "/v1/products/MUG/picture", png()))
    assert theirs["product_id"] not in at
    refused(await sent(stranger, f"/v1/products/MUG/picture?merchant={code}", png()), 404, "merchant.unknown")
    assert good(await merchant.post("/v1/products/MUG/drop-picture"))["picture"] is None


async def test_a_shop_has_a_colour_that_can_be_read_and_a_name(
    db: Database, shop: given.Shop, merchant: Caller, stranger: Caller
) -> None:
    async with db.reading(SYSTEM) as tx:
        code = (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id].code
    theme = good(await merchant.put(f"/v1/merchants/{code}/theme", {"accent": "#1B6B3A"}))
    assert (theme["accent"], theme["logo"]) == ("#1b6b3a", None)
    refused(await merchant.put(f"/v1/merchants/{code}/theme", {"accent": "#ffd400"}), 422, "merchant.accent_unusable")
    assert good(await sent(merchant, f"/v1/merchants/{code}/logo", png()))["logo"].startswith("/brand/mer_")
    refused(await stranger.put(f"/v1/merchants/{code}/theme", {"accent": "#1b6b3a"}), 404, "merchant.unknown")
    refused(await sent(stranger, f"/v1/merchants/{code}/logo", png()), 404, "merchant.unknown")
    bare = good(await merchant.put(f"/v1/merchants/{code}/theme", {"accent": None, "has_logo": False}))
    assert (bare["accent"], bare["accent_on_dark"], bare["logo"]) == (None, None, None)
