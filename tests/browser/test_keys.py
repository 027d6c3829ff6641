"""Keys: what they do, that they stay out of the way of typing, and that they can be turned off."""

import contextlib
import re

import pytest
from playwright.sync_api import Error, Page, expect
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]


def gone(page: Page, letter: str, path: str) -> None:
    """Press G and a letter, once more where a busy machine let longer pass between them than a hand does."""
    for _ in range(3):
        page.keyboard.type(f"g{letter}")
        with contextlib.suppress(Error):
            page.wait_for_url(re.compile(f"{path}$"), timeout=5_000)
            return
    raise AssertionError(f"G {letter} leads nowhere")


def test_the_command_bar_finds_an_order_and_leads_there(visitor: Visitor) -> None:
    page = (visit := visitor("cs", tongue="en")).go("/orders")
    number = page.locator("#rows tbody tr").first.get_attribute("data-key") or ""
    page.keyboard.press("Control+k")
    page.keyboard.type(number)
    expect(page.locator("#found a").first).to_contain_text(number)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/orders/{number}$"))
    assert visit.wrong == []


def test_rows_are_walked_and_opened_by_keys(visitor: Visitor) -> None:
    page = visitor("cs").go("/orders")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    second = page.locator("#rows tbody tr").nth(1)
    expect(second).to_have_class(re.compile("o-at"))
    key = second.get_attribute("data-key")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/orders/{key}$"))


def test_keys_lead_to_desks_and_views(visitor: Visitor) -> None:
    page = visitor("cs").go("/me")
    gone(page, "o", "/orders")
    page.keyboard.press("4")
    expect(page).to_have_url(re.compile("state=awaiting_payment"))


def test_typing_and_composing_trigger_nothing(visitor: Visitor) -> None:
    page = visitor("cs").go("/orders")
    page.keyboard.press("Control+k")
    page.keyboard.type("gojk")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Process', keyCode: 229, bubbles: true}))")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))")
    expect(page.locator("#rows tr.o-at")).to_have_count(0)


def test_single_keys_can_be_turned_off(visitor: Visitor) -> None:
    page = visitor("cs").go("/orders")
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#rows tr.o-at")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_orders_are_taken_together_by_keys_and_stand_in_the_view_of_ones_own(visitor: Visitor) -> None:
    page = (visit := visitor("cs", tongue="en")).go("/orders?only=needs_us")
    for key in "jxjxt":
        page.keyboard.press(key)
    expect(page.locator(".o-dry")).to_contain_text("2 will be assigned.")
    expect(page.locator(".o-dry")).to_be_focused()
    chosen = [one.get_attribute("value") for one in page.locator("#rows input[name=keys]:checked").all()]
    page.keyboard.press("Control+Enter")
    expect(page.locator(".o-toast")).to_contain_text("2 assigned")
    # The view stays, and nothing is selected any more.
    expect(page).to_have_url(re.compile("only=needs_us"))
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile("keeper=me"))
    for key in chosen:
        expect(page.locator(f"#row-{key}")).to_be_visible()
    page.goto(page.url.split("/orders")[0] + f"/orders/{chosen[0]}")
    expect(page.locator(".o-way, .o-head, main").first).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".o-toast")).to_contain_text("Nobody looks after it")
    assert visit.wrong == []


def test_an_order_is_held_by_keys_and_its_page_says_so(visitor: Visitor) -> None:
    page = visitor("cs", tongue="en").go("/orders?state=confirmed")
    row = page.locator("#rows tbody tr", has_text="To pick").first
    page.goto(page.url.split("/orders")[0] + (row.get_attribute("data-href") or ""))
    page.keyboard.press("h")
    dialog = page.locator("dialog[open]")
    dialog.locator("select").select_option("other")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".o-toast")).to_contain_text("Order held")
    expect(page.locator(".o-way")).to_contain_text("On hold")
    page.keyboard.press("l")
    expect(page.locator(".o-way")).to_contain_text("To pick")


def test_what_is_refused_is_said_above_the_form_with_all_that_was_typed(visitor: Visitor) -> None:
    visit = visitor("cs", tongue="en")
    page = visit.go("/orders?state=confirmed")
    row = page.locator("#rows tbody tr", has_text="To pick").first
    here = page.url.split("/orders")[0] + (row.get_attribute("data-href") or "")
    page.goto(here)
    other = visitor("cs", tongue="en")
    other.page.goto(here)
    page.keyboard.press("h")
    page.locator("dialog[open] select").select_option("other")
    other.page.keyboard.press("h")
    other.page.locator("dialog[open] select").select_option("address_unclear")
    other.page.keyboard.press("Control+Enter")
    expect(other.page.locator(".o-way")).to_contain_text("On hold")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open] .o-problems")).to_contain_text("order.state_forbids")
    expect(page.locator("dialog[open] select")).to_have_value("other")
    other.page.keyboard.press("l")
    expect(other.page.locator(".o-way")).to_contain_text("To pick")


def test_a_row_changes_where_it_stands_when_somebody_else_acts(visitor: Visitor) -> None:
    watching = visitor("cs", tongue="en").go("/orders?state=confirmed")
    row = watching.locator("#rows tbody tr", has_text="To pick").first
    key = row.get_attribute("data-key")
    acting = visitor("cs", tongue="en")
    acting.page.goto(watching.url.split("/orders")[0] + (row.get_attribute("data-href") or ""))
    watching.wait_for_timeout(500)  # Until it listens.
    acting.page.keyboard.press("h")
    acting.page.locator("dialog[open] select").select_option("other")
    acting.page.keyboard.press("Control+Enter")
    expect(acting.page.locator(".o-way")).to_contain_text("On hold")
    expect(watching.locator("#pill")).to_be_visible(timeout=15_000)
    expect(watching.locator(f"#row-{key}")).to_be_visible()
    watching.locator("#pill").click()
    expect(watching.locator(f"#row-{key}")).to_have_count(0)
    acting.page.keyboard.press("l")
    expect(acting.page.locator(".o-way")).to_contain_text("To pick")


def test_keys_of_ones_own_do_what_everybodys_did(visitor: Visitor) -> None:
    visit = visitor("ops", tongue="en")
    page = visit.go("/orders")
    page.keyboard.press("?")
    page.get_by_role("link", name="Choose keys of your own").click()
    page.locator("[name=j]").fill("z")
    page.locator("[name=k]").fill("j")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=j]")).to_have_value("Z")
    page.goto(page.url.split("/me")[0] + "/orders")
    for key in ("z", "z", "z", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("#rows tbody tr").nth(1)).to_have_class(re.compile("o-at"))
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Z J Down, up")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    gone(page, "t", "/today")
    page.goto(page.url.split("/today")[0] + "/me/keys")
    page.get_by_role("button", name="As they were").click()
    expect(page.locator("[name=j]")).to_have_value("")
    assert visit.wrong == []


def test_whoever_has_the_same_sheet_open_is_named_in_its_head_until_they_leave(visitor: Visitor) -> None:
    one, two = visitor("cs", tongue="en"), visitor("ops", tongue="zh")
    page = one.go("/orders")
    href = page.locator("#rows tbody tr").first.get_attribute("data-href") or ""
    page.goto(page.url.split("/orders")[0] + href)
    line = page.locator("[data-here]")
    top = page.locator(".o-bar").first.bounding_box()
    two.page.goto(page.url)
    expect(line).to_contain_text("is viewing")
    expect(page.locator("#here-said")).to_contain_text("is viewing")
    expect(two.page.locator("[data-here]")).to_contain_text("正在查看")
    assert page.locator(".o-bar").first.bounding_box() == top
    assert one.barriers() == []
    two.page.goto(page.url.split("/orders")[0] + "/today")
    expect(line).to_have_text("")
    assert one.wrong == two.wrong == []
