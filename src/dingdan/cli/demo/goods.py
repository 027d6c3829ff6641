"""Pictures of the demo's goods and the looks of its shops: drawn, so that nobody's photo is in them."""

import io
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from dingdan.areas import catalog, merchants
from dingdan.cli.demo.stages import Stage
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import files
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.surfaces.shared import looks

Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]
SIDE = 480
# The colour of each shop's pages; the third goes without, as a shop may.
ACCENTS = {"lantern": "#8a3b1e", "yunwu": "#1f6b4a"}


async def show(db: Database, stages: Sequence[Stage], folder: files.Files) -> None:
    """Give goods their pictures and shops their colours, unless they have them."""
    for stage in stages:
        keys = [(stage.merchant_id, product.sku) for product in stage.shop.products if product.sku in DRAWN]
        async with db.transaction(SYSTEM) as tx:
            found = await catalog.offers(tx, keys)
        for offer in found.values():
            if offer.picture is None:
                name = folder.put(files.draw_square(draw(offer.sku), looks.SIDE).content)
                await do(db, SYSTEM, catalog.set_picture, offer.merchant_id, offer.sku, name)
        accent = ACCENTS.get(stage.shop.code)
        if accent is not None:
            await do(db, SYSTEM, merchants.set_accent, stage.merchant_id, accent)


def draw(sku: str) -> bytes:
    """A picture of one of the goods below."""
    paint, ground, colour = DRAWN[sku]
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    paint(ImageDraw.Draw(picture), colour)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _lamp(pen: Pen, colour: Colour) -> None:
    pen.polygon([(170, 80), (310, 80), (360, 230), (120, 230)], fill=(246, 232, 190))
    pen.rectangle((230, 230, 250, 380), fill=colour)
    pen.rounded_rectangle((170, 375, 310, 400), 8, fill=colour)


def _mug(pen: Pen, colour: Colour) -> None:
    pen.ellipse((290, 180, 390, 310), outline=colour, width=26)
    pen.rounded_rectangle((120, 140, 330, 360), 30, fill=colour)
    pen.ellipse((120, 120, 330, 165), fill=(250, 250, 246))


def _four(pen: Pen, colour: Colour) -> None:
    for x, y in ((90, 100), (260, 100), (90, 270), (260, 270)):
        pen.ellipse((x + 90, y + 25, x + 140, y + 95), outline=colour, width=12)
        pen.rounded_rectangle((x, y, x + 110, y + 120), 16, fill=colour)


def _soft(pen: Pen, colour: Colour) -> None:
    pen.rounded_rectangle((90, 120, 390, 370), 70, fill=colour)
    pen.rounded_rectangle((120, 150, 360, 340), 50, outline=(255, 255, 255), width=4)


def _throw(pen: Pen, colour: Colour) -> None:
    pen.rectangle((110, 110, 370, 350), fill=colour)
    for x in range(120, 370, 22):
        pen.line([(x, 350), (x, 390)], fill=colour, width=6)
    for y in (170, 230, 290):
        pen.line([(110, y), (370, y)], fill=(245, 238, 225), width=8)


def _plate(pen: Pen, colour: Colour) -> None:
    pen.rounded_rectangle((70, 170, 410, 310), 16, fill=colour)
    for n, end in enumerate((330, 280)):
        pen.rectangle((130, 215 + 32 * n, end, 228 + 32 * n), fill=(250, 240, 220))


def _candle(pen: Pen, colour: Colour) -> None:
    pen.rectangle((170, 200, 310, 390), fill=colour)
    pen.line([(240, 200), (240, 165)], fill=(60, 50, 40), width=6)
    pen.ellipse((222, 100, 258, 170), fill=(240, 170, 60))


def _tin(pen: Pen, colour: Colour) -> None:
    pen.rectangle((150, 130, 330, 390), fill=colour)
    pen.rounded_rectangle((145, 90, 335, 140), 10, fill=tuple(max(0, part - 30) for part in colour))
    pen.rectangle((185, 210, 295, 310), fill=(248, 242, 224))


def _round(pen: Pen, colour: Colour) -> None:
    for x, y in ((110, 200), (230, 150), (220, 260)):
        pen.ellipse((x, y, x + 130, y + 130), fill=colour, outline=(255, 255, 255), width=4)


def _bowl(pen: Pen, colour: Colour) -> None:
    pen.pieslice((110, 100, 370, 360), 0, 180, fill=colour)
    pen.rectangle((190, 345, 290, 375), fill=colour)
    pen.pieslice((140, 130, 340, 310), 180, 360, fill=tuple(max(0, part - 18) for part in colour))


def _kettle(pen: Pen, colour: Colour) -> None:
    pen.arc((150, 80, 330, 280), 180, 360, fill=colour, width=16)
    pen.ellipse((110, 170, 370, 390), fill=colour)
    pen.polygon([(350, 240), (430, 190), (440, 215), (360, 290)], fill=colour)


def _bottle(pen: Pen, colour: Colour) -> None:
    pen.rectangle((210, 70, 270, 160), fill=(120, 90, 20))
    pen.rounded_rectangle((160, 150, 320, 400), 26, fill=colour)
    pen.rectangle((160, 230, 320, 320), fill=(248, 244, 226))


def _shirt(pen: Pen, colour: Colour) -> None:
    left = [(240, 120), (205, 90), (160, 90), (50, 170), (95, 230), (140, 200), (140, 400)]
    right = [(480 - x, y) for x, y in reversed(left[1:])]
    pen.polygon([*left, *right], fill=colour, outline=(150, 150, 150))


def _dress(pen: Pen, colour: Colour) -> None:
    pen.polygon([(190, 70), (290, 70), (300, 190), (380, 410), (100, 410), (180, 190)], fill=colour)
    pen.line([(184, 195), (296, 195)], fill=(235, 235, 240), width=8)


def _socks(pen: Pen, colour: Colour) -> None:
    for n in range(3):
        x = 80 + 110 * n
        pen.rounded_rectangle((x, 90, x + 70, 330), 14, fill=colour)
        pen.rounded_rectangle((x, 290, x + 120, 360), 30, fill=colour)
        pen.rectangle((x, 110, x + 70, 124), fill=(245, 245, 245))


def _briefs(pen: Pen, colour: Colour) -> None:
    pen.polygon([(90, 150), (390, 150), (390, 220), (290, 340), (190, 340), (90, 220)], fill=colour)
    pen.rectangle((90, 150, 390, 175), fill=(245, 245, 245))


_SAND, _MIST, _LEAF, _CLAY, _CHALK = (240, 234, 222), (228, 234, 238), (228, 238, 228), (238, 226, 216), (244, 244, 242)
DRAWN: dict[str, tuple[Callable[[Pen, Colour], None], Colour, Colour]] = {
    "LAMP-OAK": (_lamp, _SAND, (150, 105, 60)), "LAMP-PAPER": (_lamp, _MIST, (70, 70, 74)),
    "MUG-CELADON": (_mug, _CHALK, (140, 178, 160)), "MUG-SET4": (_four, _CHALK, (140, 178, 160)),
    "CUSHION-LINEN": (_soft, _MIST, (196, 178, 150)), "THROW-WOOL": (_throw, _CLAY, (150, 84, 70)),
    "NAMEPLATE": (_plate, _LEAF, (92, 66, 44)), "CANDLE-SANDAL": (_candle, _SAND, (214, 190, 150)),
    "PILLOW-LATEX": (_soft, _MIST, (250, 248, 240)), "MUG-ENGRAVED": (_mug, _CLAY, (80, 92, 108)),
    "TEA-LONGJING-100": (_tin, _LEAF, (70, 120, 80)), "TEA-DAHONGPAO-50": (_tin, _CLAY, (150, 60, 44)),
    "TEA-JASMINE-200": (_tin, _CHALK, (210, 180, 90)), "CAKE-OSMANTHUS": (_plate, _SAND, (226, 186, 90)),
    "LYCHEE-2KG": (_round, _LEAF, (190, 60, 70)), "GAIWAN-WHITE": (_bowl, _MIST, (252, 252, 252)),
    "TEA-PUER-1998": (_round, _SAND, (90, 60, 44)), "KETTLE-IRON": (_kettle, _CHALK, (56, 58, 62)),
    "OIL-CAMELLIA": (_bottle, _LEAF, (196, 160, 40)), "FORMULA-NL": (_tin, _MIST, (60, 110, 170)),
    "TEE-WHITE-M": (_shirt, _MIST, (254, 254, 254)), "TEE-WHITE-L": (_shirt, _MIST, (254, 254, 254)),
    "SHIRT-LINEN-M": (_shirt, _CLAY, (222, 212, 186)), "DRESS-INDIGO-S": (_dress, _CHALK, (52, 73, 130)),
    "DRESS-INDIGO-M": (_dress, _CHALK, (52, 73, 130)), "SOCK-3": (_socks, _SAND, (90, 110, 120)),
    "BRIEFS-3": (_briefs, _CHALK, (110, 120, 150)),
}  # fmt: skip
