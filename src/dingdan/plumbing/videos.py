"""Videos that strangers send: known by what is in them, and kept without the places and names that cameras write down."""

import struct
from collections.abc import Iterator

from dingdan.kernel.refusal import Kind, Refusal, Text

MAX_VIDEO_BYTES = 50 * 1024 * 1024
# An MP4 is a row of boxes, each with its length and its name; some hold boxes themselves. Anything else is no MP4.
_TOP = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp", b"pdin"})
_HOLDS_BOXES = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
# Where cameras write who, when and where.
_TELLS = frozenset({b"udta", b"meta", b"uuid"})
_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"3gp4",
                     b"3gp5", b"3gp6", b"MSNV", b"dash"})  # fmt: skip
MOST_BOXES, MOST_DEPTH = 20_000, 8


class VideoUnfit(Refusal):
    """The file is no MP4, or too large."""

    code = "video.unfit"
    kind = Kind.INVALID
    message = Text("The video cannot be kept: {why}.", "无法保存该视频：{why_zh}。")
    remedy = Text("Send an MP4 of at most 50 MB, as telephones make them.", "请上传手机拍摄的 MP4，大小不超过 50 MB。")


def make_clean(content: bytes) -> bytes:
    """The same video with everything blank that tells of people and places. Raises VideoUnfit.

    Boxes keep their lengths, so that nothing that points into the file goes astray.
    """
    if len(content) > MAX_VIDEO_BYTES:
        raise VideoUnfit(why="it is larger than 50 MB", why_zh="文件超过 50 MB")
    if content[4:8] != b"ftyp" or content[8:12] not in _BRANDS:
        raise _no_video()
    clean = bytearray(content)
    names = set()
    for count, (name, start, body, end, depth) in enumerate(_boxes(clean, 0, len(clean), 0)):
        if count > MOST_BOXES:
            raise _no_video()
        if depth == 0:
            names.add(bytes(name))
            if name not in _TOP | _TELLS:
                raise _no_video()
        if name in _TELLS:
            clean[start + 4 : start + 8] = b"free"
            clean[body:end] = bytes(end - body)
    if not {b"moov", b"mdat"} <= names:
        raise _no_video()
    return bytes(clean)


def _boxes(content: bytearray, start: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int, int, int]]:
    """Every box as (name, its begin, the begin of what it holds, its end, how deep); they fill their place exactly."""
    while start < end:
        if end - start < 8 or depth > MOST_DEPTH:
            raise _no_video()
        length, name, head = *struct.unpack(">I4s", content[start : start + 8]), 8
        if length == 1 and end - start >= 16:
            (length,), head = struct.unpack(">Q", content[start + 8 : start + 16]), 16
        if not head <= length <= end - start:
            raise _no_video()
        yield name, start, start + head, start + length, depth
        if name in _HOLDS_BOXES:
            yield from _boxes(content, start + head, start + length, depth + 1)
        start += length


def _no_video() -> VideoUnfit:
    return VideoUnfit(why="it is no MP4 that can be read", why_zh="不是可读取的 MP4 视频")
