"""The camera as a scanner: who may have pictures read, what is refused, and which pages may see at all."""

import asyncio

import httpx
import pytest
from PIL import Image
from tests.console.conftest import HOST, Desk, Seat
from tests.plumbing.test_barcodes import bars, jpeg

from dingdan.surfaces.console.house import camera

pytestmark = pytest.mark.requirement("issue 6: console")

FRAME = jpeg(bars("0SBQJ-5TEW0-800"))


@pytest.fixture(autouse=True)
def nobody_asked() -> None:
    """As after a pause."""
    camera._asked.clear()


async def send(
    desk: Desk, place: str, content: bytes, *, kind: str = "image/jpeg", origin: str = HOST
) -> httpx.Response:
    """Send a frame as the page does."""
    headers = {"Content-Type": kind, "Origin": origin, **desk._cookie()}
    return await desk.http.post(f"{place}/read", content=content, headers=headers)


@pytest.mark.parametrize("place", camera.PLACES)
async def test_each_station_reads_for_whoever_works_there(seat: Seat, anybody: Desk, place: str) -> None:
    worker = await seat("inspector" if "pick" not in place and "pack" not in place else "warehouse")
    answer = await send(worker, place, FRAME)
    assert (answer.status_code, answer.json()) == (200, {"codes": ["0SBQJ-5TEW0-800"]})
    assert answer.headers["cache-control"] == "no-store"
    assert (await send(await seat("finance"), place, FRAME)).status_code == 403
    assert (await send(anybody, place, FRAME)).status_code == 401
    assert (await send(worker, place, FRAME, origin="https://evil.example")).status_code == 403


async def test_what_is_no_frame_is_refused(seat: Seat) -> None:
    desk = await seat("warehouse")
    wrongs = [(FRAME, "image/png"), (FRAME, "multipart/form-data; boundary=x"), (bytes(500_000), "image/jpeg")]
    wrongs += [(content, "image/jpeg") for content in (b"", b"<svg/>", jpeg(Image.new("L", (2_400, 20))))]
    for content, kind in wrongs:
        camera._asked.clear()
        assert (await send(desk, "/station/pick", content, kind=kind)).status_code == 422
    camera._asked.clear()
    assert (await send(desk, "/station/pick", bytes(5_000_000))).status_code == 413


async def test_whoever_sends_faster_than_is_read_waits(seat: Seat) -> None:
    desk = await seat("warehouse")
    answers = await asyncio.gather(*(send(desk, "/station/pack", FRAME) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 503, 503, 503, 503]
    await asyncio.sleep(camera.PAUSE_SECONDS)
    assert (await send(desk, "/station/pack", FRAME)).status_code == 200


async def test_only_pages_with_a_scanner_may_use_a_camera(seat: Seat) -> None:
    desk = await seat("warehouse", "inspector")
    for place in camera.PLACES:
        page = await desk.open_with({}, place)
        assert page.headers["permissions-policy"].startswith("camera=(self), microphone=()")
        assert place == "/station/pick" or f'data-camera="{place}/read"' in page.text
    for place in ("/today", "/me", "/q/inspection"):
        page = await desk.open_with({}, place)
        assert page.headers["permissions-policy"].startswith("camera=(), ")
        assert "camera.js" not in page.text
