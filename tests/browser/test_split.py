"""An order is sent from another warehouse by hand, and brought back with others together, by whoever reads no manual."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visitor

pytestmark = [
    pytest.mark.requirement("issue 6: split"), pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180),
]  # fmt: skip

# It waits for its review in Suzhou, and Guangzhou serves its channel as well.
ORDER, HERE, THERE = "demo-review-3", "Suzhou warehouse", "Guangzhou warehouse"
LISTED = "/orders?merchant=greenwood"


def test_an_order_is_moved_by_hand_and_moved_back_together(visitor: Visitor) -> None:
    visit = visitor("review", tongue="en")
    page = visit.go(LISTED)
    row = page.locator("#rows tbody tr", has_text=ORDER)
    page = visit.go(row.get_attribute("data-href") or "")
    sheet = page.url.removeprefix(visit.house.url)
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Split…").click()
    expect(page.locator("h1")).to_have_text("Split order")
    foreseen = page.locator(".o-preview [aria-live]")
    expect(foreseen).to_contain_text("Say how many units shall move.")
    page.locator("input[name=quantities]").fill("1")
    expect(foreseen).to_contain_text(f"{HERE} → {THERE} × 1")
    expect(foreseen).to_contain_text("in one parcel")
    page.locator("input[name=quantities]").fill("0")
    expect(foreseen).to_contain_text("Say how many units shall move.")
    page.locator("input[name=quantities]").fill("1")
    expect(foreseen).to_contain_text("in one parcel")
    assert visit.barriers() == []
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(re.escape(sheet)))
    expect(page.locator("article")).to_contain_text(f"Now sent from {THERE} instead of {HERE}: 1 × 1")

    page = visit.go(LISTED)
    row.locator("input[type=checkbox]").check()
    page.get_by_role("button", name="Split…").click()
    asked = page.locator("#split-together")
    asked.locator("select[name=sku]").select_option("COAT-DOWN-L")
    asked.locator("select[name=warehouse]").select_option("SZ1")
    expect(asked.locator("[aria-live]")).to_contain_text("Orders that send units from there: 1. Units: 1.")
    assert visit.barriers() == []
    asked.get_by_role("button", name="Split (1)").click()
    expect(page.locator(".o-toast")).to_contain_text("Sent from SZ1 now: orders 1, units 1")
    expect(visit.go(sheet).locator("article")).to_contain_text(f"Now sent from {HERE} instead of {THERE}: 1 × 1")
    assert visit.wrong == []


def test_the_page_fits_a_phone_in_chinese(visitor: Visitor) -> None:
    visit = visitor("review", screen={"width": 390, "height": 844})
    page = visit.go(LISTED)
    there = page.locator("#rows tbody tr", has_text=ORDER).get_attribute("data-href")
    page = visit.go(f"{there}/split")
    expect(page.locator("h1")).to_have_text("拆单")
    assert not visit.is_too_wide()
    assert visit.barriers() == []
