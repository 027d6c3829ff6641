"""Coming in: a link opens its own order and nothing else, the secret leaves the address, a code takes its place."""

import re

import httpx
import msgspec
import pytest
from tests import given
from tests.portal.conftest import HOST, Guest, Let

from dingdan.areas import access, placement
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("S-12")
HERS = "wang@buyers.example"


async def test_a_link_leaves_its_secret_in_a_cookie_of_this_order_alone(
    db: Database, http: httpx.AsyncClient, shop: given.Shop
) -> None:
    order_id = await given.placed_order(db, shop)
    secret = await do(db, SYSTEM, access.guest_secret, order_id)
    here = f"/my/{encode('order', order_id)}"
    answer = await http.get(f"{here}/in/{secret}")
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (303, here, "no-store")
    cookie = answer.headers["set-cookie"]
    assert f"dingdan_guest={secret}" in cookie
    assert all(part in cookie for part in (f"Path={here}", "HttpOnly", "SameSite=lax"))
    page = await http.get(here, headers={"Accept-Language": "en"})
    assert spoken(order_id) in page.text
    assert secret not in page.text


async def test_the_link_of_one_order_opens_no_other_and_says_nothing_of_it(
    db: Database, let: Let, http: httpx.AsyncClient, shop: given.Shop
) -> None:
    mine, other = await given.placed_order(db, shop), await given.placed_order(db, shop, buyer="buyer-2")
    guest = await let(mine)
    secret = await do(db, SYSTEM, access.guest_secret, mine)
    for number in (other, 12345):
        there = f"/my/{encode('order', number)}"
        for path in ("", "/tracking", "/return", "/help", "/messages"):
            answer = await http.get(there + path, headers={"Cookie": f"dingdan_guest={secret}"})
            assert (answer.status_code, answer.headers["location"]) == (303, f"/my?order={encode('order', number)}")
        assert (await http.get(f"{there}/in/{secret}")).status_code == 404
    await guest.open()
    await do(db, SYSTEM, access.renew, mine)
    await guest.open(status=303)
    old = await http.get(f"{guest.here}/in/{secret}", headers={"Accept-Language": "en"})
    assert old.status_code == 404
    for said in ("This link opens nothing.", "Send me a code", f'value="{guest.here.removeprefix("/my/")}"'):
        assert said in old.text, said


async def test_what_belongs_to_another_order_is_not_there(db: Database, let: Let, shop: given.Shop) -> None:
    mine = await let(await given.delivered_order(db, shop))
    hers = await let(await given.delivered_order(db, shop, buyer="buyer-2"))
    made = await hers.send("/return?u=1:1&reason=NO_REASON&step=confirm&way=refund")
    theirs = made.headers["location"].rpartition("/")[2]
    await hers.open(f"/returns/{theirs}")
    await mine.open(f"/returns/{theirs}", status=404)
    await mine.send(f"/returns/{theirs}/withdraw", status=404)
    reported = (await hers.send("/help", kind="missing_item", text="one is missing")).headers["location"]
    case = reported.rpartition("/")[2]
    await mine.open(f"/cases/{case}", status=404)
    await mine.send(f"/cases/{case}/rate", status=404, rating="1")
    for place in ("evidence/evd", "invoices/inv", "disputes/dsp", "withdrawals/wdl", "returns/ret"):
        await mine.open(f"/{place}_0000000000001", status=404)


async def test_forms_of_other_sites_do_nothing(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.placed_order(db, shop))
    await guest.send("/cancel", reason="buyer_request", origin="https://evil.test", status=403)
    await guest.send("/cancel", reason="buyer_request", origin=None, status=403)
    assert "Pay now" in await guest.open()


async def coded(db: Database) -> int:
    shop = await given.shop(db, messages=True, message_channels=("email",))
    basket = msgspec.structs.replace(given.basket(shop), buyer=placement.Buyer(ref="buyer-1", email=HERS))
    (placed,) = await do(db, SYSTEM, placement.place, [basket])
    assert isinstance(placed, placement.Placed)
    return placed.order_id


async def test_a_code_opens_the_order_and_a_wrong_one_says_no_more_than_that(
    db: Database, http: httpx.AsyncClient
) -> None:
    order_id = await coded(db)
    guest = Guest(http, order_id, "")
    asked = await guest.send("/my", order=spoken(order_id), email=HERS, status=200)
    unknown = await guest.send("/my", order="0000000000001", email=HERS, status=200)
    another = await guest.send("/my", order=spoken(order_id), email="x@y.example", status=200)
    said = {re.sub(r'value="[^"]*"|order=[^"]*', "", one.text) for one in (asked, unknown, another)}
    assert len(said) == 1
    codes = await do(db, SYSTEM, access.live_codes, [order_id])
    code = codes[order_id].digits
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    refused = await guest.send("/my/code", order=spoken(order_id), code=wrong, status=422)
    nobody = await guest.send("/my/code", order="0000000000001", code=wrong, status=422)
    assert "opens nothing" in refused.text
    assert "opens nothing" in nobody.text
    let_in = await guest.send("/my/code", order=spoken(order_id), code=code)
    assert let_in.headers["location"] == guest.here
    assert f"Path={guest.here}" in let_in.headers["set-cookie"]


@pytest.mark.parametrize("hostile", ["", "'; DROP TABLE orders;--", "ord_" + "Z" * 60, "订" * 64, "\\x00"])
async def test_hostile_words_are_answered_calmly(db: Database, http: httpx.AsyncClient, hostile: str) -> None:
    guest = Guest(http, 1, "")
    answer = await http.post("/my", data={"order": hostile, "email": HERS}, headers={"Origin": HOST})
    assert answer.status_code in (200, 422)
    assert (await http.get("/my", params={"order": hostile})).status_code in (200, 422)
    assert (await http.get(f"/my/{hostile or 'x'}")).status_code in (200, 303, 404)
    await guest.open("/my")
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM guest_codes") == 0


async def test_leaving_forgets_the_link_on_this_device(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.placed_order(db, shop))
    left = await guest.send("/out")
    assert left.headers["location"] == "/my"
    assert f"Path={guest.here}" in left.headers["set-cookie"]
