"""Pictures that buyers and sellers of the demo show: drawn, so that nobody's photo is in them, and each unlike the others."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

SIZE = (480, 360)
Pen = ImageDraw.ImageDraw


def draw(what: str) -> bytes:
    """A picture of one of the things below, as a telephone would have taken it."""
    ground, paint = THINGS[what]
    picture = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(picture)
    # Light falls from one side, a table ends somewhere.
    pen.rectangle((0, 270, 480, 360), fill=tuple(max(0, part - 40) for part in ground))
    paint(pen)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()


def _torn_dress(pen: Pen) -> None:
    pen.polygon([(200, 40), (280, 40), (370, 320), (110, 320)], fill=(52, 73, 130))
    pen.line([(250, 180), (268, 205), (255, 228), (280, 262)], fill=(245, 240, 230), width=9)


def _dress_label(pen: Pen) -> None:
    pen.rectangle((60, 90, 300, 300), fill=(52, 73, 130))
    pen.rectangle((180, 130, 430, 230), fill=(250, 250, 246))
    for y in (155, 180, 205):
        pen.line([(200, y), (405, y)], fill=(90, 90, 90), width=5)


def _thin_pillow(pen: Pen) -> None:
    pen.rounded_rectangle((40, 190, 360, 270), 36, fill=(250, 248, 240))
    # A ruler beside it, read at nine.
    pen.rectangle((390, 40, 430, 300), fill=(245, 205, 90))
    for n in range(13):
        pen.line([(390, 300 - 20 * n), (408 if n != 9 else 430, 300 - 20 * n)], fill=(60, 40, 10), width=4)


def _pillow_page(pen: Pen) -> None:
    pen.rectangle((110, 20, 370, 340), fill=(252, 252, 252))
    pen.rounded_rectangle((140, 60, 340, 150), 30, fill=(205, 222, 232))
    for y, end in ((185, 330), (215, 250), (245, 310)):
        pen.rectangle((140, y, end, y + 12), fill=(120, 120, 120))


def _cracked_oil(pen: Pen) -> None:
    pen.rectangle((300, 60, 380, 300), fill=(196, 160, 40))
    pen.rectangle((325, 20, 355, 60), fill=(120, 90, 20))
    pen.line([(300, 150), (340, 170), (322, 205), (380, 240)], fill=(255, 255, 255), width=7)
    pen.ellipse((40, 290, 320, 345), fill=(170, 135, 30))


def _wrong_item(pen: Pen) -> None:
    pen.ellipse((70, 90, 270, 280), fill=(40, 40, 44))
    pen.rectangle((255, 130, 420, 160), fill=(40, 40, 44))
    pen.rectangle((20, 20, 130, 70), fill=(250, 250, 246))


def _cracked_lamp(pen: Pen) -> None:
    pen.polygon([(60, 60), (190, 60), (230, 160), (20, 160)], fill=(235, 215, 160))
    pen.rectangle((115, 160, 135, 320), fill=(150, 105, 60))
    pen.line([(60, 70), (120, 110), (100, 130), (170, 155)], fill=(70, 40, 20), width=8)


def _packed_lamp(pen: Pen) -> None:
    pen.rectangle((210, 130, 460, 330), fill=(186, 140, 90))
    pen.rectangle((320, 130, 345, 330), fill=(225, 205, 160))
    pen.rectangle((230, 60, 330, 120), fill=(248, 248, 248))


def _spotted_cushion(pen: Pen) -> None:
    pen.rounded_rectangle((90, 50, 390, 320), 44, fill=(238, 232, 214))
    for x, y in ((170, 130), (290, 220), (215, 240)):
        pen.ellipse((x, y, x + 34, y + 28), fill=(110, 70, 50))


def _old_tea(pen: Pen) -> None:
    pen.rectangle((150, 40, 330, 330), fill=(40, 92, 60))
    pen.rectangle((170, 220, 310, 290), fill=(245, 240, 220))
    pen.line([(185, 255), (295, 255)], fill=(160, 30, 30), width=12)


THINGS: dict[str, tuple[tuple[int, int, int], Callable[[Pen], None]]] = {
    "torn_dress": ((226, 220, 210), _torn_dress), "dress_label": ((150, 140, 130), _dress_label),
    "thin_pillow": ((120, 132, 140), _thin_pillow), "pillow_page": ((70, 78, 90), _pillow_page),
    "cracked_oil": ((214, 224, 214), _cracked_oil), "wrong_item": ((200, 190, 170), _wrong_item),
    "cracked_lamp": ((90, 96, 104), _cracked_lamp), "packed_lamp": ((232, 232, 226), _packed_lamp),
    "spotted_cushion": ((140, 156, 168), _spotted_cushion), "old_tea": ((196, 178, 150), _old_tea),
}  # fmt: skip
