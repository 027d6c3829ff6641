"""A packing table that prints its labels by itself, once each, where somebody said so on that machine."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]

# What a browser would send to its printer is written down in the page that asked for it.
WRITTEN_DOWN = "window.print = () => { (window.top.printed ||= []).push(location.href); }"
PRINTED = "(window.printed || []).length"


def packed(page: Page, order: str) -> None:
    """Read all pieces of an order and close its box."""
    scan(page, order)
    expect(page.locator("[aria-current=step]")).to_contain_text("1 Scan")
    for one in page.locator(".o-st-item").all():
        sku, wanted = one.locator(".o-code").inner_text(), one.locator(".o-st-count").inner_text().partition("/")[2]
        for n in range(int(wanted)):
            scan(page, sku)
            expect(page.locator(".o-st-item", has_text=sku).locator(".o-st-count")).to_contain_text(f"{n + 1} /")
    scan(page, "CMD-OK")
    expect(page.locator("[aria-current=step]")).to_contain_text("3 Carrier")


def scan(page: Page, code: str) -> None:
    """What a scanner types: all at once, and Enter."""
    page.locator("#scan").fill(code)
    page.keyboard.press("Enter")


def test_labels_print_by_themselves_where_that_was_chosen(visitor: Visitor) -> None:
    visit = visitor("wh", tongue="en")
    visit.context.add_init_script(WRITTEN_DOWN)
    rows = visit.go("/q/fulfil").locator("#rows tbody tr")
    first, second = (rows.nth(n).locator(".o-code").first.inner_text() for n in (0, 1))
    page = visit.go("/station/pack")
    packed(page, first)
    scan(page, "YT8800000000101")
    expect(page.locator("[aria-current=step]")).to_contain_text("4 Label")
    assert page.evaluate(PRINTED) == 0

    switch = page.get_by_role("button", name="Print labels by themselves")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert visit.barriers() == []
    packed(page, second)
    scan(page, "YT8800000000102")
    expect(page.locator("[aria-current=step]")).to_contain_text("4 Label")
    for _ in range(100):
        if page.evaluate(PRINTED):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(PRINTED) == 1
    assert page.evaluate("window.printed[0]").startswith("blob:")
    # The next scan is heard at once, and what is loaded anew is not printed again.
    expect(page.locator("#scan")).to_be_focused()
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(PRINTED) == 0
    assert visit.wrong == []
