"""Pictures and videos as people send them, made fit to be kept."""

import asyncio

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


class Kept(msgspec.Struct, frozen=True):
    """A picture that is kept, by the name of its file."""

    sha256: str
    size: int
    width: int
    height: int


async def keep_picture(folder: files.Files, content: bytes) -> Kept:
    """Draw a picture anew, without place, camera or comments, and keep that. Raises PictureUnfit."""
    drawn = await asyncio.to_thread(files.draw_anew, content)
    # The file first: a row never names one that is not there, and a file that no row names harms nobody.
    name = await asyncio.to_thread(folder.put, drawn.content)
    return Kept(name, len(drawn.content), drawn.width, drawn.height)


def made_clean(content: bytes, given: str) -> Clean:
    """A picture drawn anew, or a video without what tells of people. Raises PictureUnfit or VideoUnfit."""
    if given in VIDEOS:
        return Clean("video", videos.make_clean(content))
    drawn = files.draw_anew(content)
    return Clean("photo", drawn.content, drawn.width, drawn.height, evidence.comparable(drawn.likeness))
