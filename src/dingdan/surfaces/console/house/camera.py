"""The camera as a scanner: a browser that reads no codes itself sends what it sees, and hears what they say."""

import asyncio
import time

import msgspec
from litestar import Response

from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing import barcodes
from dingdan.plumbing.files import PictureUnfit
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages.doors import itself

# Each station reads for whoever works there.
PLACES = {
    "/station/pick": "work.do",
    "/station/pack": "work.do",
    "/station/inspect": "return.inspect",
    "/parcels/unmatched": "return.receive",
}
# A page asks about three times a second; whoever asks more often, or before the answer came, is told to wait.
PAUSE_SECONDS, AT_ONCE, MOST_PEOPLE = 0.2, 2, 10_000
_reading: set[int] = set()
_asked: dict[int, float] = {}


class TooManyFrames(Refusal):
    """Pictures come faster than they are read."""

    code = "camera.too_many_frames"
    kind = Kind.BUSY
    message = Text("Pictures come faster than they are read.", "画面发送过快，暂时无法识别。")
    remedy = Text("Wait a moment, or use a scanner.", "请稍候，或使用扫码枪。")


async def read_picture(ask: Ask) -> Response[bytes]:
    """The codes on one picture of a camera; it is kept nowhere."""
    content = await ask.request.body()
    if ask.request.content_type[0] != "image/jpeg":
        raise PictureUnfit(why="it is no JPEG", why_zh="不是 JPEG 图片")
    person, now = ask.actor.id or 0, time.monotonic()
    if person in _reading or len(_reading) >= AT_ONCE or now - _asked.get(person, 0) < PAUSE_SECONDS:
        raise TooManyFrames
    if len(_asked) >= MOST_PEOPLE:
        _asked.clear()
    _asked[person] = now
    _reading.add(person)
    try:
        codes = await asyncio.to_thread(barcodes.read, content)
    finally:
        _reading.discard(person)
    return Response(
        msgspec.json.encode({"codes": codes}), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


ROUTES = [itself("POST", f"{place}/read", permission=permission)(read_picture) for place, permission in PLACES.items()]
