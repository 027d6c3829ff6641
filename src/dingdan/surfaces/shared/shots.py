"""Pictures and videos as buyers send them, made fit to be kept."""

import msgspec

from dingdan.areas import evidence
from dingdan.plumbing import files, videos

PHOTOS, VIDEOS = ("image/jpeg", "image/png", "image/webp"), ("video/mp4", "video/quicktime")


class Clean(msgspec.Struct, frozen=True):
    """A file as it may be kept."""

    sort: evidence.Sort
    content: bytes
    width: int = 0
    height: int = 0
    likeness: int | None = None


def made_clean(content: bytes, given: str) -> Clean:
    """A picture drawn anew, or a video without what tells of people. Raises PictureUnfit or VideoUnfit."""
    if given in VIDEOS:
        return Clean("video", videos.make_clean(content))
    drawn = files.draw_anew(content)
    return Clean("photo", drawn.content, drawn.width, drawn.height, evidence.comparable(drawn.likeness))
