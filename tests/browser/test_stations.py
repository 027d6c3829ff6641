"""Stations with a scanner: bursts are scans, keys are keys, a stop waits, and nobody is kept out."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import PHONE, Visitor

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]

# Keys as an input method hides them: only their place is told.
HIDDEN = """said => { for (const sign of said) document.dispatchEvent(new KeyboardEvent('keydown', {
    key: 'Process', keyCode: 229, code: /\\d/.test(sign) ? 'Digit' + sign : sign === '-' ? 'Minus' : 'Key' + sign.toUpperCase(),
    shiftKey: /[A-Z]/.test(sign), bubbles: true})); }"""

# A scan whose letters reach the page in two parts, 70 ms apart; what no key of a person writes is written by hand.
BESIDE = "document.activeElement.blur()"
BROKEN = """async parts => { const box = document.activeElement, press = key => {
    const said = new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true});
    if (box.dispatchEvent(said) && box.value !== undefined && key.length === 1) box.value += key;
    return !said.defaultPrevented; };
  const [first, rest] = parts;
  for (const key of first) press(key);
  await new Promise(done => setTimeout(done, 70));
  for (const key of rest) press(key);
  if (press('Enter') && box.form) box.form.requestSubmit(); }"""


def scan(page: Page, code: str) -> None:
    """What a scanner types: all at once, and Enter."""
    page.keyboard.type(code, delay=0)
    page.keyboard.press("Enter")


def on_the_bench(visitor: Visitor, **look: Any) -> tuple[Page, str, Any]:
    """The inspection station with the last return that waits on it, and the SKU of its first line."""
    visit = visitor("qc", **look)
    page = visit.go("/station/inspect")
    number = page.locator("aside .o-st-pick b").last.inner_text()
    scan(page, number)
    expect(page.locator(".o-st-number")).to_have_text(number)
    return page, page.locator(".o-st-item .o-code").first.inner_text().partition(" ")[0], visit


def test_a_unit_is_scanned_checked_and_graded_without_a_mouse(visitor: Visitor) -> None:
    page, sku, visit = on_the_bench(visitor, tongue="en", theme="dark")
    scan(page, sku)
    expect(page.locator("[aria-current=step]")).to_contain_text("3 Checks")
    assert visit.barriers() == []
    page.keyboard.press("F6")
    expect(page.locator(".o-st-intact")).to_contain_text("Intact: no")
    page.keyboard.press("F1")
    expect(page.locator("[aria-current=step]")).to_contain_text("3 Checks")
    page.keyboard.press("F6")
    expect(page.locator(".o-st-intact")).to_contain_text("Intact: yes")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-check][aria-checked=false]")).to_have_count(1)
    page.keyboard.press("F4")
    expect(page.locator(".o-st-bin b").first).to_have_text("D")
    address = page.url
    page.reload()
    expect(page.locator(".o-st-bin b").first).to_have_text("D")
    assert page.url == address
    page.keyboard.press("Control+z")
    expect(page.locator("[aria-current=step]")).to_contain_text("3 Checks")
    assert visit.wrong == []


def test_a_wrong_scan_stops_the_line_until_ok_is_scanned(visitor: Visitor) -> None:
    page, sku, visit = on_the_bench(visitor, tongue="zh", theme="light")
    scan(page, "WRONG-123456")
    expect(page.locator("[data-stop]")).to_be_visible()
    scan(page, sku)
    page.keyboard.press("F1")
    expect(page.locator("[data-stop]")).to_be_visible()
    assert visit.barriers() == []
    scan(page, "CMD-OK")
    expect(page.locator("[data-stop]")).to_have_count(0)
    scan(page, "CMD-NEXT")
    expect(page).to_have_url(re.compile("/station/inspect$"))
    scan(page, "NOTHING-FITS-1")
    expect(page.locator("#stopped")).to_be_visible()
    page.keyboard.press("F8")
    expect(page.locator("#stopped")).to_be_hidden()


def test_single_letters_do_nothing_and_an_input_method_hides_no_scan(visitor: Visitor) -> None:
    page, sku, _ = on_the_bench(visitor, tongue="zh", theme="dark")
    page.evaluate(BESIDE)
    before = page.url
    for key in "aruf1":
        page.keyboard.press(key)
        page.wait_for_timeout(90)
    assert page.url == before
    page.wait_for_timeout(200)
    page.evaluate(HIDDEN, sku)
    expect(page.locator("[aria-current=step]")).to_contain_text("3 检查")


def test_a_scan_that_a_busy_machine_breaks_in_two_stays_whole(visitor: Visitor) -> None:
    visit = visitor("qc")
    for split, leaves in [(1, ""), (7, ""), (12, ""), (1, BESIDE), (12, BESIDE)]:
        page = visit.go("/station/inspect")
        number = page.locator("aside .o-st-pick b").last.inner_text()
        page.evaluate(leaves)
        page.evaluate(BROKEN, [number[:split], number[split:]])
        expect(page.locator(".o-st-number")).to_have_text(number)


@pytest.mark.parametrize("path", ["/station/pick", "/station/inspect", "/station/pack"])
def test_a_station_fits_a_phone(visitor: Visitor, path: str) -> None:
    visit = visitor("qc" if "inspect" in path else "wh", screen=PHONE, theme="dark")
    visit.go(path)
    assert not visit.is_too_wide()
    assert visit.barriers() == []


def test_a_picker_takes_work_with_a_thumb_and_a_packer_is_stopped(visitor: Visitor) -> None:
    visit = visitor("wh", tongue="en", screen=PHONE)
    page = visit.go("/station/pick")
    page.locator("button.o-thumb").click()
    expect(page.locator(".o-st-shelf")).to_be_visible()
    assert visit.barriers() == []
    page.locator("a.o-thumb").last.click()
    work = page.url.partition("?")[0].rpartition("/")[2]
    page = visit.go(f"/station/pack/{work}")
    scan(page, "WRONG-123456")
    expect(page.locator("[data-stop]")).to_contain_text("Wrong item")
    page.keyboard.press("F8")
    expect(page.locator("[data-stop]")).to_have_count(0)
    assert visit.barriers() == []
