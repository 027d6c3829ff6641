"""Marks that are drawn: numbers as bars and links as squares that scanners read, off the screen as well as off paper."""

from functools import lru_cache
from itertools import groupby

import barcode
import segno
from markupsafe import Markup

HEIGHT = 34


@lru_cache(maxsize=2_000)
def code128(text: str) -> Markup:
    """A Code 128 of a number, black on white in either theme: most scanners do not read it the other way round."""
    bits: str = barcode.get_barcode_class("code128")(text).build()[0]
    bars, place = [], 0
    for bit, run in groupby(bits):
        width = len(list(run))
        if bit == "1":
            bars.append(f'<rect x="{place}" y="0" width="{width}" height="{HEIGHT}"/>')
        place += width
    return Markup(
        '<svg class="o-code128" viewBox="-10 -3 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<rect x="-10" y="-3" width="{}" height="{}" fill="#fff"/><g fill="#000">{}</g></svg>'
    ).format(len(bits) + 20, HEIGHT + 6, text, len(bits) + 20, HEIGHT + 6, Markup("".join(bars)))


@lru_cache(maxsize=2_000)
def square(text: str) -> Markup:
    """A QR code of a text, black on white in either theme, never the small form that telephones cannot read."""
    code = segno.make_qr(text, error="m")
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix_iter(border=4))
        for x, is_dark in enumerate(row)
        if is_dark
    )
    side = code.symbol_size(border=4)[0]
    return Markup(
        '<svg class="o-square" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="{}" height="{}" fill="#fff"/><path d="{}" fill="#000"/></svg>'
    ).format(side, side, text, side, side, dark)
