"""The tour of who works with a scanner: picker, packer and inspector. Scans and function keys, and no mouse."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from tests.browser.conftest import PHONE
from tests.browser.walking import Walker

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]
# In the demo's parcel that was announced.
WAYBILL = "SF1388000042041"
# How often something stands in the address by now: what was scanned stands there, piece by piece.
READ = "([name, n]) => new URL(location.href).searchParams.getAll(name).length >= n"


def scanned(page: Page, name: str, pieces: int) -> None:
    """Wait until so many pieces were taken in."""
    page.wait_for_function(READ, arg=[name, pieces])


def picture() -> FilePayload:
    """What a camera gives."""
    written = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 130, 140)).save(written, "JPEG")
    return {"name": "shot.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def test_a_picker_takes_work_with_a_tap_and_walks_by_scans(walk: Walker) -> None:
    me = walk("picker and packer", screen=PHONE)
    me.begin("Take the next work")
    with me.hands.at_most(1):
        me.hands.tap(me.page.locator("button.o-thumb").first)
        expect(me.page.locator(".o-st-shelf")).to_be_visible()
    taken = 0
    while me.page.locator(".o-st-shelf").count():
        shelf = me.page.locator(".o-st-shelf").inner_text()
        assert re.fullmatch(r"[A-C]-\d\d-\d\d", shelf), "the demo's shelves have numbers"
        sku = me.page.locator(".o-st-card .o-code").inner_text().partition("\n")[0]
        left = int(me.page.locator(".o-st-ring").inner_text().partition("/")[2])
        with me.hands.at_most(1 + left):
            me.hands.scan(shelf)
            me.page.wait_for_timeout(150)
            for _ in range(left):
                me.hands.scan(sku)
                taken += 1
                scanned(me.page, "s", taken)
    expect(me.page.locator("#station")).to_contain_text("All picked")
    me.ticked("Take the next work")
    assert me.visit.wrong == []


def test_a_packer_only_scans_and_gets_no_label_before_all_is_read(walk: Walker) -> None:
    me = walk("picker and packer")
    me.visit.go("/q/fulfil")
    order = me.page.locator("#rows tbody tr").last.locator(".o-code").first.inner_text()
    me.begin("Pack an order by scans")
    me.hands.scan(order)
    expect(me.page.locator(".o-st-number").first).to_be_visible()
    rows = me.page.locator(".o-st-item")
    wanted = [
        (one.locator(".o-code").inner_text(), int(one.locator(".o-st-count").inner_text().partition("/")[2]))
        for one in rows.all()
    ]
    # Neither a box that is closed nor a label, as long as one piece was not read.
    expect(me.page.locator("button[data-fkey=F8]")).to_have_count(0)
    assert me.page.locator("a[href^='/papers/label']").count() == 0
    me.hands.scan("WRONG-000001")
    expect(me.page.locator("[data-stop]")).to_be_visible()
    me.hands.scan("CMD-OK")
    expect(me.page.locator("[data-stop]")).to_have_count(0)
    read = 0
    with me.hands.at_most(sum(units for _, units in wanted) + 2):
        for sku, units in wanted:
            for _ in range(units):
                me.hands.scan(sku)
                read += 1
                scanned(me.page, "s", read)
        me.hands.scan("CMD-OK")
        expect(me.page.locator("[aria-current=step]")).to_contain_text("3 Carrier")
        me.hands.scan("YT8800000000017")
        expect(me.page.locator("[aria-current=step]")).to_contain_text("4 Label")
    assert all(touch.startswith("scan ") for touch in me.hands.done)
    expect(me.page.locator("a[href^='/papers/label']")).to_have_count(1)
    me.ticked("Pack an order by scans")
    me.ticked("Hand a parcel over")
    assert me.visit.wrong == []


def test_something_is_not_on_its_shelf(walk: Walker) -> None:
    me = walk("picker and packer", screen=PHONE)
    me.begin("Say that something is not on its shelf")
    me.hands.press("F8")
    expect(me.page.locator(".o-st-shelf")).to_be_visible()
    with me.hands.at_most(2):
        me.hands.press("F9")
        me.hands.tap(me.page.get_by_role("button", name="Not on the shelf"))
        me.page.wait_for_timeout(300)
    me.ticked("Say that something is not on its shelf")


def test_a_parcel_with_no_paper_is_linked_with_enter(walk: Walker) -> None:
    me = walk("picker and packer")
    me.begin("Find who a nameless parcel is from")
    before = me.opened()
    me.page.keyboard.press("j")
    me.next_opened(before)
    expect(me.page.locator("#pane")).to_contain_text("this order's number stands on or in it")
    # A photo, and the key that links it with what is suggested.
    me.hands.press("p")
    me.page.locator("dialog[open] input[type=file]").set_input_files(picture())
    me.hands.press("Control+Enter")
    expect(me.page.locator("#pane img").first).to_be_visible()
    with me.hands.at_most(1):
        me.hands.press("Enter")
        me.said("Linked")
    me.ticked("Find who a nameless parcel is from")
    # One that nobody announced is written down by a key and a scan.
    me.visit.go("/parcels/unmatched")
    with me.hands.at_most(2):
        me.hands.press("n")
        expect(me.page.locator("dialog[open] input[name=tracking_number]")).to_be_focused()
        me.hands.scan("SF1388000099001")
        expect(me.page.locator(".o-way h1")).to_have_text("SF1388000099001")
    assert me.visit.wrong == []


def test_an_inspector_needs_four_touches_for_a_clean_unit(walk: Walker) -> None:
    me = walk("returns inspector", theme="dark")
    me.begin("Receive a parcel")
    with me.hands.at_most(1):
        me.hands.scan(WAYBILL)
        expect(me.page.locator(".o-st-item")).to_be_visible()
    sku = me.page.locator(".o-st-item .o-code").first.inner_text().partition(" ")[0]
    # Something else lies in the parcel: two touches, and the line goes on.
    with me.hands.at_most(2):
        me.hands.press("F9")
        me.hands.tap(me.page.get_by_role("button", name="more than announced"))
        expect(me.page.locator(".o-st-mismatch[open]")).to_have_count(0)
    with me.hands.at_most(4):
        me.hands.scan(sku)
        expect(me.page.locator("[aria-current=step]")).to_contain_text("3 Checks")
        with me.page.expect_file_chooser() as chooser:
            me.hands.press("Space")
        chooser.value.set_files(picture())
        expect(me.page.locator(".o-st-photos img")).to_have_count(1)
        me.hands.press("F1")
        expect(me.page.locator(".o-st-bin b").first).to_have_text("A")
        me.hands.press("F8")
        expect(me.page.locator(".o-st-done")).to_contain_text("All of it is accepted")
    for task in ("Receive a parcel", "Inspect it", "Set aside what is not in the return"):
        me.ticked(task)
    assert me.visit.wrong == []
