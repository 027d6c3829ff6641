"""The camera as a scanner: what it sees goes where a scanner's letters go, and its light is out afterwards."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from tests.browser.conftest import CHROMIUM, FLAGS, PHONE, House, Visitor, visits
from tests.plumbing.test_barcodes import bars, jpeg

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(300)]

# Whether the light of the camera is on: what the page was given is kept where the test can ask.
LIGHT = "window.given && window.given.getTracks().some(track => track.readyState === 'live')"
KEEP = """const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => window.given = await ask(wanted);"""


@contextmanager
def before(browser: Browser, house: House, film: Path | None) -> Iterator[Visitor]:
    """A browser of its own with a camera that sees a film; without one the camera is refused."""
    said = [] if film is None else ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    seeing = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*FLAGS, "--use-fake-device-for-media-stream", *said]
    )
    coming = visits(seeing, house)
    try:
        yield next(coming)
    finally:
        seeing.close()


def filmed(folder: Path, code: str) -> Path:
    """A camera that is held on a code."""
    scene = Image.new("RGB", (1280, 720), "white")
    scene.paste(bars(code).resize((900, 300)), (190, 200))
    film = folder / "film.mjpeg"
    film.write_bytes(jpeg(scene) * 30)
    return film


def test_an_order_is_scanned_with_the_camera_at_the_packing_table(
    browser: Browser, house: House, visitor: Visitor, tmp_path: Path
) -> None:
    row = visitor("cs", tongue="en").go("/orders?state=confirmed").locator("#rows tbody tr", has_text="To pick").first
    number = (row.locator(".o-code").first.text_content() or "").strip()
    assert re.fullmatch(r"\w{5}-\w{5}-\w{3}", number)
    with before(browser, house, filmed(tmp_path, number)) as come:
        visit = come("wh", tongue="en", screen=PHONE)
        visit.page.add_init_script(KEEP)
        page = visit.go("/station/pack")
        button = page.get_by_role("button", name="Scan with camera")
        expect(button).to_be_visible()
        button.click()
        expect(page.locator("[data-stop], .o-st-number, .o-st-card").first).to_be_visible()
        expect(page).to_have_url(re.compile(r"/station/pack/wrk_"))
        expect(page.locator(".o-camera p")).to_contain_text(number)
        assert page.evaluate(LIGHT)
        assert visit.barriers() == []
        assert not visit.is_too_wide()
        page.get_by_role("button", name="Close the camera").click()
        expect(page.locator(".o-camera")).to_have_count(0)
        assert not page.evaluate(LIGHT)
        assert visit.wrong == []


def test_a_parcel_that_nobody_announced_is_written_down_by_the_camera(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    with before(browser, house, filmed(tmp_path, "SF7700112233445")) as come:
        visit = come("qc", tongue="zh")
        page = visit.go("/parcels/unmatched")
        page.keyboard.press("n")
        page.get_by_role("button", name="摄像头扫码").click()
        expect(page.locator("dialog[open] [name=tracking_number]")).to_have_value("SF7700112233445")
        expect(page.locator(".o-camera")).to_have_count(0)
        assert visit.wrong == []


def test_a_camera_that_is_refused_says_so_in_words(browser: Browser, house: House) -> None:
    with before(browser, house, None) as come:
        visit = come("qc", tongue="en")
        page = visit.go("/station/inspect")
        page.get_by_role("button", name="Scan with camera").click()
        expect(page.locator(".o-camera p")).to_contain_text("does not let this page use the camera")
        page.keyboard.press("Escape")
        expect(page.locator(".o-camera")).to_have_count(0)
        assert visit.wrong == []
