"""An order taken down for a buyer who calls: filled in, looked at, placed as it was shown, and what is tried against it."""

import asyncio
import html as markup
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from tests import given
from tests.console.conftest import HOST, Desk, Seat

from dingdan.areas import catalog, identity, notifications, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import decode, encode, spoken
from dingdan.overviews import timeline
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")
NEW = "/orders/new"
WHO = {
    "buyer.name": "王小明", "buyer.phone": "13812345678", "ship_to.province": "浙江省", "ship_to.city": "杭州市",
    "ship_to.district": "西湖区", "ship_to.detail": "文三路 1 号",
}  # fmt: skip


async def raw(desk: Desk, words: dict[str, Any]) -> str:
    """What a form answers that may be right or wrong."""
    headers = desk._cookie() | {"Origin": HOST, "Accept-Language": "en"}
    answer = await desk.http.post(NEW, data=words, headers=headers)
    assert answer.status_code in (200, 422), (answer.status_code, answer.text[-500:])
    return answer.text


class Form(HTMLParser):
    """What a browser would send of the form of the page, and what its buttons would add."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: dict[str, Any] = {}
        self.steps: list[str] = []
        self._select = self._prose = ""
        self.feed(html.split('id="taking"')[1].split("</form>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_, name = dict(attrs), dict(attrs).get("name") or ""
        value = given_.get("value") or ""
        if tag == "button" and name == "step":
            self.steps.append(value)
        elif tag == "select":
            self._select = name
            self.words.setdefault(name, "")
        elif tag == "option" and "selected" in given_:
            self.words[self._select] = value
        elif tag == "textarea":
            self._prose = name
        elif tag == "input" and (given_.get("type") != "checkbox" or "checked" in given_):
            if name in ("sku", "units", "told"):
                self.words.setdefault(name, []).append(value)
            else:
                self.words[name] = value

    def handle_data(self, data: str) -> None:
        if self._prose:
            self.words[self._prose] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._prose = ""


async def opened(desk: Desk, shop: given.Shop, **more: str) -> dict[str, Any]:
    """The empty form, as it is sent."""
    return Form(await desk.open(f"{NEW}?merchant={encode('merchant', shop.merchant_id)}", **more)).words


async def after(desk: Desk, form: dict[str, Any], step: str, *, status: int = 200, **words: Any) -> str:
    """The page after a step."""
    sent = {name: value for name, value in (form | words).items() if name != "step"}
    return (await desk.send(NEW, status=status, step=step, **sent)).text


async def checked(desk: Desk, shop: given.Shop, lines: dict[str, str], **words: str) -> str:
    """The page after a look at a form with these lines."""
    form = await opened(desk, shop)
    return await after(desk, form, "check", sku=list(lines), units=list(lines.values()), **(WHO | words))


async def placed(desk: Desk, page: str, **words: Any) -> int:
    """The order that the page's first button makes."""
    sent = Form(page).words | words
    assert sent["step"] == "place"
    answer = await desk.send(NEW, **sent)
    return decode("order", answer.headers["location"].rpartition("/")[2]) or 0


async def count(db: Database, table: str = "orders") -> int:
    async with db.connection() as connection:
        return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))


async def test_an_order_is_taken_down_line_by_line_looked_at_and_placed(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("customer_service")
    listed = await desk.open("/orders")
    assert 'href="/orders/new" data-key="C"' in listed
    form = await opened(desk, shop)
    page = await after(desk, form, "check", q="mug x 2")
    assert (Form(page).words["sku"], Form(page).words["units"]) == (["MUG"], ["2"])
    assert Form(await after(desk, form, "check", q="MUG x 2")).words["sku"] == ["MUG"]
    page = await after(desk, Form(page).words, "find", q="product")
    assert [one for one in Form(page).steps if one.startswith("take:")] == ["take:1:MUG", "take:1:TEE", "take:1:SOCK"]
    page = await after(desk, Form(page).words, "take:1:TEE")
    assert (Form(page).words["sku"], Form(page).words["units"]) == (["MUG", "TEE"], ["2", "1"])
    page = await after(desk, Form(page).words, "drop:1")
    assert Form(page).words["sku"] == ["MUG"]
    page = await after(desk, Form(page).words | WHO, "check", remark="轻拿轻放")
    for words in ("CN¥398.00", "Place for", "To be paid within", "Little shop"):
        assert words in page
    assert await count(db) == 0
    order_id = await placed(desk, page)
    async with db.reading(SYSTEM) as tx:
        order, facts = await orders.get_one(tx, order_id), await timeline.of_order(tx, order_id)
        lines = (await orders.lines(tx, [order_id]))[order_id]
        contact = await identity.contact(tx, order.contact_id)
    assert (order.state, order.paid_at, [(one.sku, one.quantity) for one in lines]) == (
        "awaiting_payment", None, [("MUG", 2)])  # fmt: skip
    assert contact is not None
    assert (contact.name, contact.address and contact.address.detail, contact.remark) == (
        "王小明", "文三路 1 号", "轻拿轻放")  # fmt: skip
    taken = next(one for one in facts if one.wire == "order.placed_on_behalf")
    assert (taken.actor_kind, taken.data) == ("staff", {"told": 0, "confirmed": {}})
    shown = await desk.open(f"/orders/{encode('order', order_id)}")
    for words in ("Taken down by", "林晚", "Taken down on behalf of the buyer", "Order again"):
        assert words in shown
    plain = await given.placed_order(db, shop)
    assert "Taken down" not in await desk.open(f"/orders/{encode('order', plain)}")


async def test_the_link_to_pay_goes_to_the_buyer_by_itself(db: Database, seat: Seat) -> None:
    shop, desk = await given.shop(db, message_channels=("sms",)), await seat("customer_service")
    page = await checked(desk, shop, {"MUG": "1"})
    assert "The buyer is sent the link" in page
    order_id = await placed(desk, page)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        assert [str(one.channel) for one in await notifications.messages(tx, order_id)] == ["sms"]
    quiet = await given.shop(db)
    assert "No message reaches this buyer" in await checked(desk, quiet, {"MUG": "1"})


async def test_everything_wrong_is_told_at_once_at_its_field_with_ways_out(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("customer_service")
    form = await opened(desk, shop)
    page = await after(
        desk, form, "check", status=422, sku=["MUG", "NOTHING", "TEE"], units=["0", "1", "500"],
        **(WHO | {"ship_to.detail": "", "buyer.name": ""}),
    )  # fmt: skip
    for place in ("#line-0", "#line-1", "#line-2", "#f-ship_to.detail", "#f-buyer.name"):
        assert f'href="{place}"' in page, place
        assert f'id="{place[1:]}"' in page, place
    assert "Place for" not in page
    assert await count(db) == 0
    mends = [one for one in Form(page).steps if one.startswith("mend:")]
    assert len(mends) >= 3
    for _ in range(6):
        left = [one for one in Form(page).steps if one.startswith("mend:")]
        if not left:
            break
        sent = {name: value for name, value in Form(page).words.items() if name != "step"}
        page = await raw(desk, sent | WHO | {"step": left[0]})
    assert "Place for" in page
    assert "NOTHING" not in Form(page).words["sku"]


async def test_what_the_buyer_agreed_to_is_stored_with_who_says_so(db: Database, seat: Seat) -> None:
    shop, desk = await given.shop(db, flags=("intimate",)), await seat("customer_service")
    page = await checked(desk, shop, {"MUG": "1"})
    assert "The buyer was told and agrees" in page
    told = re.findall(r'name="told" value="([^"]+)"', page)
    order_id = await placed(desk, page, told=[markup.unescape(told[0])])
    async with db.reading(SYSTEM) as tx:
        (line,) = (await orders.lines(tx, [order_id]))[order_id]
        facts = await timeline.of_order(tx, order_id)
    version = markup.unescape(told[0]).partition("\t")[2]
    assert line.confirmed_text == version
    taken = next(one for one in facts if one.wire == "order.placed_on_behalf")
    assert (taken.actor_kind, taken.data) == ("staff", {"told": 1, "confirmed": {"1": version}})
    assert "agreed that 1 line cannot be returned" in await desk.open(f"/orders/{encode('order', order_id)}")
    # Words that stand there no more were not agreed to.
    old = await checked_raw(desk, shop, {"sku": ["TEE"], "told": "TEE\tother:1"})
    assert ('href="#line-0"' in old, "Place for" in old) == (True, False)


async def test_placing_twice_from_two_tabs_at_once_or_by_reloading_is_one_order(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("customer_service")
    page = await checked(desk, shop, {"MUG": "1"})
    made = await asyncio.gather(*(placed(desk, page) for _ in range(4)))
    assert len({*made, await placed(desk, page)}) == 1
    assert await count(db) == 1
    other = await checked(desk, shop, {"MUG": "1"})
    assert spoken(made[0]) in other, "the very same was ordered a moment ago"
    assert await placed(desk, other) != made[0]


async def test_what_is_placed_is_what_was_shown_or_it_is_said_what_changed(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("customer_service")
    page = await checked(desk, shop, {"MUG": "2"})
    await do(
        db,
        SYSTEM,
        catalog.save_prices,
        [catalog.SavePrice(merchant_id=shop.merchant_id, sku="MUG", currency="CNY", amount=20900)],
    )
    sent = Form(page).words
    changed = (await desk.send(NEW, status=422, **sent)).text
    for words in ("Something changed meanwhile", "199.00", "CN¥418.00", "Place for"):
        assert words in changed
    assert await count(db) == 0
    # A form that is not the one that was looked at is looked at first, whatever its button says.
    for words in ({"units": ["3"]}, {"ship_to.detail": "文三路 2 号"}, {"shown": ""}, {"shown": "x 1 2"}):
        again = (await desk.send(NEW, status=200, **(Form(changed).words | words))).text
        assert "not the one that was checked" in again
    assert await count(db) == 0
    # Prices and totals of the form are compared and never believed.
    mark = Form(changed).words["shown"].split()[0]
    tampered = (await desk.send(NEW, status=422, **(Form(changed).words | {"shown": f"{mark} 1 1"}))).text
    assert "Place for" in tampered
    assert await count(db) == 0
    order_id = await placed(desk, changed)
    async with db.reading(SYSTEM) as tx:
        assert (await orders.get_one(tx, order_id)).goods == 41800


async def test_stock_that_went_meanwhile_is_said_at_its_line(db: Database, seat: Seat) -> None:
    shop, desk = await given.shop(db, stock=3), await seat("customer_service")
    page = await checked(desk, shop, {"MUG": "3"})
    await given.placed_order(db, shop, {"MUG": 2})
    late = (await desk.send(NEW, status=422, **Form(page).words)).text
    assert 'href="#line-0"' in late
    assert await count(db) == 1
    way = next(one for one in Form(late).steps if one.startswith("mend:"))
    fewer = await after(desk, Form(late).words, way)
    assert Form(fewer).words["units"] == ["1"]
    await placed(desk, fewer)


async def test_order_again_fills_in_what_who_looks_may_see_and_that_is_a_fact(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("customer_service")
    order_id = await given.paid_order(db, shop, {"MUG": 2, "TEE": 1}, buyer="member-7")
    ref = encode("order", order_id)
    assert f"{NEW}?like={ref}" in await desk.open(f"/orders/{ref}")
    form = Form(await desk.open(f"{NEW}?like={ref}")).words
    assert (form["buyer.ref"], form["buyer.name"], form["ship_to.detail"]) == ("member-7", "王小明", "文三路 1 号")
    assert sorted(zip(form["sku"], form["units"], strict=True)) == [("MUG", "2"), ("TEE", "1")]
    async with db.reading(SYSTEM) as tx:
        assert [one.wire for one in await timeline.of_order(tx, order_id)].count("order.contact_shown") == 1
    again = await placed(desk, await after(desk, form, "check"))
    assert (await _of(db, order_id)).buyer_id == (await _of(db, again)).buyer_id
    await do(db, SYSTEM, identity.forget, (await _of(db, order_id)).buyer_id)
    form = Form(await desk.open(f"{NEW}?like={ref}")).words
    assert (form.get("buyer.name"), form["sku"]) == ("", ["MUG", "TEE"])


async def _of(db: Database, order_id: int) -> orders.Order:
    async with db.reading(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def test_one_phone_is_one_buyer_and_nobody_elses_account(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("customer_service")
    account = await given.placed_order(db, shop, {"SOCK": 1}, buyer="13812345678")
    one = await placed(desk, await checked(desk, shop, {"MUG": "1"}))
    two = await placed(
        desk,
        await checked(desk, shop, {"TEE": "1"}, **{"buyer.phone": "+86 138-1234-5678", "ship_to.phone": "13812345678"}),
    )
    other = await placed(desk, await checked(desk, shop, {"TEE": "1"}, **{"buyer.phone": "13912345678"}))
    buyers = [(await _of(db, each)).buyer_id for each in (account, one, two, other)]
    assert buyers[1] == buyers[2]
    assert len(set(buyers)) == 3


async def test_what_an_attacker_or_a_busy_day_tries_places_nothing(db: Database, seat: Seat, shop: given.Shop) -> None:
    own = await seat("merchant", merchant_id=shop.merchant_id)
    desk = await seat("customer_service")
    other = await given.shop(db, prices={"THEIRS": 100})
    theirs = encode("order", await given.placed_order(db, other))
    before = await count(db)
    form = Form(await own.open(NEW)).words
    # Another merchant's shop, channel, product, order.
    code = encode("merchant", other.merchant_id)
    await own.open(f"{NEW}?merchant={code}", status=404)
    await own.open(f"{NEW}?like={theirs}", status=404)
    await own.open(f"{NEW}?like=ord_0000000000000", status=404)
    found = await own.send(NEW, status=200, **(form | {"step": "find", "q": "THEIRS"}))
    assert ("Nothing that is sold" in found.text, "take:THEIRS" in found.text) == (True, False)
    await own.send(
        NEW, status=404, **(form | WHO | {"merchant": code, "step": "check", "sku": ["THEIRS"], "units": ["1"]})
    )
    for words in (
        {"sku": ["THEIRS"], "units": ["1"]}, {"channel": "nowhere"}, {"units": ["0"]}, {"units": ["1000000000"]},
        {"units": ["9" * 300]}, {"units": ["-1"]}, {"units": ["1.5"]}, {"units": [""]}, {"units": ["NaN"]}, {"points": "many"},
        {"points": "-3"}, {"sku": ["MUG"] * 120, "units": ["1"] * 120}, {"sku": [], "units": []}, {"remark": "长" * 1900},
        {"ship_to.country": "<b>"}, {"coupons": "A " * 150}, {"buyer.ref": "\x01"}, {"currency": "USD"},
    ):  # fmt: skip
        full = form | WHO | {"sku": ["MUG"], "units": ["1"], "step": "check"} | words
        refused = await raw(own, full)
        assert ("before it can be placed" in refused, "Place for" in refused) == (True, False), words
        mark = {**full, "step": "place", "shown": Form(refused).words["shown"]}
        await raw(own, mark)
    await own.send(NEW, status=422, **(form | {"step": "check", "sku": ["MUG"] * 201, "units": ["1"] * 201}))
    for step in ("mend:x", "mend:[]x", "mend:{}"):
        await own.send(NEW, status=422, **(form | {"step": step}))
    for step in (
        "drop:99",
        "drop:x",
        "take:",
        "take:x:",
        "take:99999999999:MUG",
        "nonsense",
        'mend:[["add","/lines/7/quantity",1]]',
    ):
        await raw(own, form | {"step": step})
    # Products that ended, a shop that closed, words that would be markup.
    await do(
        db,
        SYSTEM,
        catalog.save_products,
        [
            catalog.SaveProduct(
                merchant_id=shop.merchant_id,
                sku="MUG",
                title={"en": "<i>Mug</i>", "zh": "杯"},
                category="home",
                active=False,
            )
        ],
    )
    ended = await own.send(
        NEW,
        status=422,
        **(form | WHO | {"sku": ["MUG"], "units": ["1"], "step": "check", "buyer.name": "<script>x</script>"}),
    )
    assert "&lt;i&gt;Mug" in ended.text
    assert "<script>x" not in ended.text
    assert await count(db) == before
    # Whoever may not, whoever is not signed in, and pages of other sites.
    for role in ("reviewer", "warehouse", "finance", "auditor", "admin"):
        no = await seat(role)
        await no.open(NEW, status=403)
        await no.send(NEW, status=403, **form)
    assert NEW not in await (await seat("reviewer")).open("/orders")
    gone = Desk(own.http, None)
    answer = await gone.send(NEW, status=401, **form)
    assert "/sign-in?next=" in answer.text
    await own.send(NEW, status=403, origin="http://evil.test", **form)
    assert await count(db) == before
    assert "For which shop?" in await desk.open(NEW)


async def test_guessed_coupons_are_counted_and_a_form_without_its_word_places_nothing(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("customer_service")
    wrong = await checked_raw(desk, shop, {"coupons": "GUESS-1"})
    assert 'href="#f-coupons"' in wrong
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT sum(wrong) FROM wrong_tries") >= 1
    unnamed = await checked_raw(desk, shop, {"once": "x"})
    assert "Place for" in unnamed
    await desk.send(NEW, status=422, **(Form(unnamed).words | {"once": ""}))
    assert await count(db) == 0


async def checked_raw(desk: Desk, shop: given.Shop, words: dict[str, Any]) -> str:
    """The page after a look that may find something."""
    form = await opened(desk, shop)
    sent = form | WHO | {"sku": ["MUG"], "units": ["1"], "step": "check"} | words
    return await raw(desk, sent)


async def test_words_with_units_behind_them_bring_so_many(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("customer_service")
    form = await opened(desk, shop)
    several = Form(await after(desk, form, "find", q="product x 3"))
    assert "take:3:MUG" in several.steps
    taken = Form(await after(desk, several.words, "take:3:MUG")).words
    assert (taken["sku"], taken["units"]) == (["MUG"], ["3"])
    one = Form(await after(desk, form, "find", q="sock 2")).words
    assert (one["sku"], one["units"]) == (["SOCK"], ["2"])


async def test_nothing_that_was_typed_or_agreed_to_is_lost_on_the_way(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("customer_service")
    form = await opened(desk, shop)
    added = await after(desk, form, "find", status=422, q="MUG", points="many")
    assert "not a number" in added
    assert Form(added).words["points"] == "many"
    assert Form(await after(desk, form, "find", q="MUG", points="1,000")).words["points"] == "1,000"


async def test_what_the_buyer_agreed_to_is_kept_while_lines_come_and_go(db: Database, seat: Seat) -> None:
    shop, desk = await given.shop(db, flags=("intimate",)), await seat("customer_service")
    page = await checked(desk, shop, {"MUG": "1"})
    (told,) = [markup.unescape(one) for one in re.findall(r'name="told" value="([^"]+)"', page)]
    # While no tick box stands there it goes along unseen; then it is ticked as it was, and can be taken away.
    more = Form(await after(desk, Form(page).words, "find", q="TEE", told=[told]))
    assert more.words["told"] == [told]
    again = Form(await after(desk, more.words, "check"))
    assert again.words["told"] == [told]
    assert "told" not in Form(await after(desk, again.words, "check", told=[])).words
