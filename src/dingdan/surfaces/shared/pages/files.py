"""The files that pages load: ours, and those that hatch_build.py fetched. Each has its content in its address."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.surfaces.shared.doors import Ask, get

# What a browser may load, by name: where it lies below assets/, and what it is.
SHEETS, SCRIPT, FONT = "text/css", "text/javascript", "font/woff2"
KNOWN = {
    "kit.css": ("vendor/kit/kit.css", SHEETS),
    "console.css": ("pages/console.css", SHEETS),
    "portal.css": ("pages/portal.css", SHEETS),
    "tokens.css": ("pages/tokens.css", SHEETS),
    "print.css": ("pages/print.css", SHEETS),
    "htmx.js": ("vendor/htmx.org/htmx.min.js", SCRIPT),
    "undo.js": ("pages/undo.js", SCRIPT),
    "console.js": ("pages/console.js", SCRIPT),
    "station.js": ("pages/station.js", SCRIPT),
    "camera.js": ("pages/camera.js", SCRIPT),
    "printing.js": ("pages/printing.js", SCRIPT),
    "portal.js": ("pages/portal.js", SCRIPT),
    "plex.woff2": ("vendor/ibm-plex-sans/ibm-plex-sans-latin-wght-normal.woff2", FONT),
    "mono.woff2": ("vendor/atkinson-hyperlegible-mono/atkinson-hyperlegible-mono-latin-wght-normal.woff2", FONT),
    "mark.svg": ("pages/mark.svg", "image/svg+xml"),
}
FOREVER = "public, max-age=31536000, immutable"


class FileMissing(Refusal):
    """There is no such file, or it was not built into this copy of the program."""

    code = "page.file_missing"
    kind = Kind.NOT_FOUND
    message = Text("There is no such file in this copy of the program.", "该程序副本中没有此文件。")
    remedy = Text("In a checkout run `make install`.", "如在源码目录中，请运行 make install。")


@cache
def _content(name: str) -> bytes:
    body = (files("dingdan") / "assets" / KNOWN[name][0]).read_bytes()
    # A sheet names the fonts by their plain names.
    for other in ("plex.woff2", "mono.woff2"):
        if KNOWN[name][1] == SHEETS and other.encode() in body:
            body = body.replace(f"url({other})".encode(), f"url({href(other)})".encode())
    return body


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]


def href(name: str) -> str:
    """Where a file is; the address changes with the content, so it may be kept for ever."""
    return f"/assets/{_version(name)}/{name}"


@get("/assets/{version}/{name}", why_open="files that every page is made of, the same for everybody", gives="text/css")
async def file(_ask: Ask, version: str, name: str) -> Response[bytes]:
    """One file that pages load."""
    if name not in KNOWN:
        raise FileMissing
    try:
        body = _content(name)
    except OSError:
        raise FileMissing from None
    keep = FOREVER if version == _version(name) else "no-cache"
    return Response(body, media_type=KNOWN[name][1], headers={"Cache-Control": keep})


def routes() -> list[HTTPRouteHandler]:
    """The door to the files."""
    return [file]


def first_load(*names: str) -> dict[str, Any]:
    """The sizes of files as they are sent, for the budget that a test keeps."""
    return {name: len(_content(name)) for name in names}
