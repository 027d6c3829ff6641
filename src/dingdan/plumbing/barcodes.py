"""Reading the codes off one picture of a camera. Nothing of it is kept."""

import io

import zxingcpp
from PIL import Image

from dingdan.plumbing.files import PictureUnfit

# A frame as a page sends it: small, grey enough in a JPEG, and far from what unpacks to gigabytes.
MOST_BYTES, LONGEST_SIDE = 400_000, 2_000
MOST_CODES, LONGEST_CODE = 8, 200


def read(content: bytes) -> list[str]:
    """What the bars and squares on a JPEG say, each once. Raises PictureUnfit. Call it in a thread."""
    if len(content) > MOST_BYTES:
        raise PictureUnfit(why="it is larger than a frame of a camera", why_zh="画面超过大小限制")
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
            # Its head says how large it is, before anything is unpacked.
            if max(opened.size) > LONGEST_SIDE:
                raise PictureUnfit(why="it is larger than a frame of a camera", why_zh="画面超过大小限制")
            grey = opened.convert("L")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureUnfit(why="it is no JPEG that can be read", why_zh="不是可读取的 JPEG 图片") from None
    found = [code.text.strip() for code in zxingcpp.read_barcodes(grey)]
    return list(dict.fromkeys(text for text in found if text and len(text) <= LONGEST_CODE and text.isprintable()))[
        :MOST_CODES
    ]
