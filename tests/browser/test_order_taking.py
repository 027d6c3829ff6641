"""An order taken down on the phone by keys alone, each of them counted; and a problem that is mended where it stands."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.walking import Hands

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]
WHOM = "王小明 13812345678 浙江省杭州市西湖区文三路 478 号"


def test_a_call_becomes_an_order_by_keys(visitor: Visitor) -> None:
    page = (visit := visitor("lantern", tongue="en")).go("/orders")
    hands = Hands(visit)
    with hands.at_most(25):
        hands.press("c")
        expect(page).to_have_url(re.compile("/orders/new$"))
        expect(page.locator("#f-q")).to_be_focused()
        hands.type("LAMP-OAK 2")
        hands.press("Enter")
        expect(page.locator("#line-0 input[name=units]")).to_have_value("2")
        page.locator("#f-pasted").focus()
        page.keyboard.insert_text(WHOM)
        hands.press("Tab", "Enter")
        expect(page.locator("[name='ship_to.city']")).to_have_value("杭州市")
        hands.press("Control+Enter")
        first = page.locator(".o-side .o-first")
        expect(first).to_contain_text("Place for")
        expect(first).to_be_focused()
        assert visit.barriers() == []
        hands.press("Enter")
        expect(page).to_have_url(re.compile(r"/orders/ord_\w+$"))
    expect(page.locator(".o-side")).to_contain_text("Taken down by")
    expect(page.locator(".o-way")).to_contain_text("Awaiting payment")
    assert visit.wrong == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_problem_stands_at_its_field_and_is_mended_there(visitor: Visitor, size: dict[str, int]) -> None:
    page = (visit := visitor("lantern", tongue="en", screen=size)).go("/orders/new")
    hands = Hands(visit)
    hands.type("LAMP-OAK 99999")
    hands.press("Enter")
    page.locator("#f-pasted").focus()
    page.keyboard.insert_text(WHOM)
    hands.press("Tab", "Enter")
    expect(page.locator("[name='buyer.phone']")).to_have_value("13812345678")
    page.locator("[name='ship_to.detail']").fill("")
    hands.press("Control+Enter")
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems li")).to_have_count(2)
    assert visit.barriers() == []
    assert not visit.is_too_wide()
    page.locator("#problems a[href='#line-0']").click()
    expect(page.locator("#line-0 .o-field-wrong")).to_be_visible()
    with hands.at_most(1):
        hands.tap(page.locator("#line-0 .o-mends button").first)
        expect(page.locator("#problems li")).to_have_count(1)
    page.locator("[name='ship_to.detail']").fill("文三路 478 号")
    hands.press("Enter")
    expect(page.locator(".o-side .o-first")).to_contain_text("Place for")


def test_it_is_taken_down_without_a_script(visitor: Visitor) -> None:
    page = visitor("lantern", tongue="en", scripts=False).go("/orders/new")
    page.locator("#f-q").fill("LAMP-OAK")
    page.keyboard.press("Enter")
    expect(page.locator("#line-0")).to_be_visible()
    page.locator("#f-pasted").fill(WHOM)
    page.get_by_role("button", name="Fill in").click()
    page.locator("#line-0").get_by_role("button", name="Take away").click()
    expect(page.locator("#line-0")).to_have_count(0)
    page.locator("#f-q").fill("LAMP-OAK")
    page.get_by_role("button", name="Add").click()
    page.locator(".o-side").get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Place for").click()
    expect(page).to_have_url(re.compile(r"/orders/ord_\w+$"))
