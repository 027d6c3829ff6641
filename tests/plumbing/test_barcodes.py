"""What bars and squares on a picture say; what is no frame of a camera is refused before it is unpacked."""

import io
import zlib

import pytest
import segno
from barcode import Code128
from barcode.writer import ImageWriter
from PIL import Image

from dingdan.plumbing import barcodes
from dingdan.plumbing.files import PictureUnfit

pytestmark = pytest.mark.requirement("issue 6: console")


def bars(text: str) -> Image.Image:
    """A Code 128 as it is printed."""
    return Code128(text, writer=ImageWriter()).render({"write_text": False}).convert("RGB")


def jpeg(picture: Image.Image) -> bytes:
    """A frame as a page sends it."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


def test_bars_and_squares_are_read_also_askew() -> None:
    scene = Image.new("RGB", (1280, 720), "white")
    scene.paste(bars("0SBQJ-5TEW0-800").rotate(8, expand=True, fillcolor="white"), (40, 40))
    square = io.BytesIO()
    segno.make("SF1234567890").save(square, kind="png", scale=8)
    scene.paste(Image.open(square).convert("RGB"), (900, 400))
    assert set(barcodes.read(jpeg(scene))) == {"0SBQJ-5TEW0-800", "SF1234567890"}


def test_a_picture_without_a_code_says_nothing() -> None:
    assert barcodes.read(jpeg(Image.new("RGB", (640, 480), "grey"))) == []


def test_what_is_no_frame_is_refused() -> None:
    png = io.BytesIO()
    bars("A1").save(png, "PNG")
    huge = jpeg(Image.new("L", (2_400, 20)))
    good = jpeg(bars("A1"))
    # A head that promises 60,000 by 60,000 pixels.
    at = good.index(b"\xff\xc0")
    bomb = good[: at + 5] + (60_000).to_bytes(2, "big") * 2 + good[at + 9 :]
    wrongs = (b"", b"GIF89a", png.getvalue(), huge, bomb, good[:200], zlib.compress(bytes(10_000_000)))
    for wrong in (*wrongs, bytes(barcodes.MOST_BYTES + 1)):
        with pytest.raises(PictureUnfit):
            barcodes.read(wrong)


def test_words_that_no_field_takes_are_left_out() -> None:
    square = io.BytesIO()
    segno.make("A" * 300, error="l").save(square, kind="png", scale=4)
    assert barcodes.read(jpeg(Image.open(square).convert("RGB"))) == []
