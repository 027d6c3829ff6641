"""Paper: Typst templates filled with data, set in a font for Chinese that is installed with the program; bars and squares."""

import io
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any, Literal

import barcode
import pylopdf_fonts_zh_cn
import segno
import typst

# Blank modules before and after the bars, without which scanners do not find them (ISO/IEC 15417).
QUIET = 10

_one_at_a_time = threading.Lock()


def draw(template: Path, data: dict[str, Any], *, form: Literal["pdf", "png"] = "pdf") -> bytes:
    """A document from a template and its data, which is text and never markup. Some milliseconds: call it in a thread."""
    with _one_at_a_time:
        made = _compiler(template.parent).compile(
            input=str(template), format=form, sys_inputs={"data": json.dumps(data)}, ppi=203
        )
    assert isinstance(made, bytes), "one page was asked for"
    return made


def bars(text: str) -> str:
    """A text in Code 128 (ISO/IEC 15417) as an SVG that may be stretched; ASCII only."""
    (modules,) = barcode.get("code128", text).build()
    width = len(modules) + 2 * QUIET
    drawn = []
    start = 0
    while (start := modules.find("1", start)) >= 0:
        end = modules.find("0", start)
        end = len(modules) if end < 0 else end
        drawn.append(f'<rect x="{start + QUIET}" y="0" width="{end - start}" height="1"/>')
        start = end
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 1" width="{width}" height="30"'
        f' preserveAspectRatio="none" shape-rendering="crispEdges">{"".join(drawn)}</svg>'
    )


def square(text: str) -> str:
    """A text as a QR code (ISO/IEC 18004) in SVG, never as the small form that telephones cannot read."""
    written = io.BytesIO()
    segno.make_qr(text, error="m").save(written, kind="svg", border=4)
    return written.getvalue().decode()


@cache
def _compiler(folder: Path) -> typst.Compiler:
    font = Path(pylopdf_fonts_zh_cn.sans_path())
    # Typst says nothing about a missing font and prints empty boxes.
    assert font.exists(), "the font for Chinese is not installed"
    return typst.Compiler(root=str(folder), font_paths=[str(font.parent)], ignore_system_fonts=True)
