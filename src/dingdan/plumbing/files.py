"""Files beside the database: each lies in the data folder under the SHA-256 of what is in it, and pictures are made anew."""

import hashlib
import io
import os
import re
import shutil
import tempfile
from pathlib import Path

import msgspec
from PIL import Image, ImageOps

from dingdan.kernel.refusal import Kind, Refusal, Text

MAX_PICTURE_BYTES = 12 * 1024 * 1024
# Some files of a few kilobytes unpack to gigabytes; what is larger than a good camera takes is not unpacked at all.
MAX_PIXELS = 40_000_000
LONGEST_SIDE, QUALITY = 2048, 85
FORMS = ("JPEG", "PNG", "WEBP")
# What uploads leave to the database, which may lie on the same disk.
SPARED = 256 * 1024 * 1024


class PictureUnfit(Refusal):
    """The file is no picture, too large, or of a form that nobody asked for."""

    code = "picture.unfit"
    kind = Kind.INVALID
    message = Text("The picture cannot be kept: {why}.", "无法保存该照片：{why_zh}。")
    remedy = Text("Send a JPEG, PNG or WebP of at most 12 MB and 40 million pixels.",
                  "请上传 JPEG、PNG 或 WebP 格式，大小不超过 12 MB、像素不超过 4000 万。")  # fmt: skip


class NoRoomForFiles(Refusal):
    """The disk is nearly full; what is left is the database's."""

    code = "file.no_room"
    kind = Kind.BUSY
    message = Text("There is no room for files just now.", "存储空间不足，暂时无法保存文件。")
    remedy = Text("Try again later; nothing else is affected.", "请稍后重试；其他功能不受影响。")


class Drawn(msgspec.Struct, frozen=True):
    """A picture as it is kept: a JPEG without anything but its pixels."""

    content: bytes
    width: int
    height: int
    # 64 marks of where it grows lighter to the right: copies of one picture differ in few of them.
    likeness: int = 0


class Files:
    """The files of one data folder. The same content is one file, however often it is put; `spared` bytes stay free."""

    def __init__(self, folder: Path, *, spared: int = SPARED) -> None:
        self._folder, self._spared = folder / "files", spared

    def put(self, content: bytes) -> str:
        """Keep a file; gives its name, the SHA-256 in hex. A crash leaves the whole file or none. Raises NoRoomForFiles."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(path.parent).free < self._spared + len(content):
            raise NoRoomForFiles
        handle, half = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # os.replace is atomic: whoever reads the name reads all of it.
        os.replace(half, path)
        return name

    def get(self, name: str) -> bytes:
        """A file by its name. Raises FileNotFoundError, also where what lies there is not what the name says."""
        content = self._path(name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise FileNotFoundError(name)
        return content

    def _path(self, name: str) -> Path:
        assert re.fullmatch(r"[0-9a-f]{64}", name), "not the name of a file"
        return self._folder / name[:2] / name


def draw_anew(content: bytes) -> Drawn:
    """A picture turned upright, made small enough and written anew, so that no place, camera or comment comes along.

    Raises PictureUnfit. Takes some tenths of a second: call it in a thread.
    """
    seen = _seen(content, "RGB")
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _written(seen)


def draw_square(content: bytes, side: int) -> Drawn:
    """A picture as a square of so many pixels a side, whole, on white. Raises PictureUnfit; call it in a thread."""
    return _on_white(content, (side, side), whole=True)


def draw_within(content: bytes, width: int, height: int) -> Drawn:
    """A picture that fits into so many pixels, on white where nothing is drawn. Raises PictureUnfit; call it in a thread."""
    return _on_white(content, (width, height), whole=False)


def _on_white(content: bytes, size: tuple[int, int], *, whole: bool) -> Drawn:
    seen = _seen(content, "RGBA")
    seen.thumbnail(size, Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", size if whole else seen.size, "white")
    ground.alpha_composite(seen, ((ground.width - seen.width) // 2, (ground.height - seen.height) // 2))
    return _written(ground.convert("RGB"))


def _seen(content: bytes, mode: str) -> Image.Image:
    if len(content) > MAX_PICTURE_BYTES:
        raise PictureUnfit(why="it is larger than 12 MB", why_zh="文件超过 12 MB")
    try:
        with Image.open(io.BytesIO(content), formats=FORMS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureUnfit(why="it has more than 40 million pixels", why_zh="像素超过 4000 万")
            return ImageOps.exif_transpose(opened).convert(mode)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureUnfit(
            why="it is no JPEG, PNG or WebP that can be read", why_zh="不是可读取的 JPEG、PNG 或 WebP 图片"
        ) from None


def _written(seen: Image.Image) -> Drawn:
    # Pixels only: a re-saved picture would keep its comments and colour profile.
    plain = Image.new("RGB", seen.size)
    plain.paste(seen)
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=QUALITY)
    return Drawn(written.getvalue(), plain.width, plain.height, _likeness(plain))


def _likeness(picture: Image.Image) -> int:
    small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    steps = [small[9 * y + x] < small[9 * y + x + 1] for y in range(8) for x in range(8)]
    return sum(1 << n for n, is_lighter in enumerate(steps) if is_lighter)
