"""Pictures of goods and names of shops: kept as files of fixed sizes, drawn anew, and given out at addresses of our own."""

import asyncio

from dingdan.areas import catalog, merchants
from dingdan.plumbing import files
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.shared.wire import ref

# A picture of goods is a square, for any row and for sharp screens; a name fits into the head of a page.
SIDE, LOGO = 320, (480, 120)
FORMS = ("image/jpeg", "image/png", "image/webp")
_MARK = 12


async def keep_picture(settings: Settings, content: bytes) -> str:
    """Keep a picture of goods; gives the name of its file. Raises PictureUnfit or NoRoomForFiles."""
    return await _keep(settings, await asyncio.to_thread(files.draw_square, content, SIDE))


async def keep_logo(settings: Settings, content: bytes) -> str:
    """Keep a picture of a shop's name; gives the name of its file. Raises PictureUnfit or NoRoomForFiles."""
    return await _keep(settings, await asyncio.to_thread(files.draw_within, content, *LOGO))


async def _keep(settings: Settings, drawn: files.Drawn) -> str:
    # The file first: a row never names one that is not there, and a file that no row names harms nobody.
    return await asyncio.to_thread(files.Files(settings.data_dir).put, drawn.content)


def picture_href(product_id: int, picture: str | None) -> str | None:
    """Where the picture of a product is; the address changes with it, so it may be kept for ever."""
    return None if picture is None else f"/brand/goods/{ref('product', product_id)}/{picture[:_MARK]}"


def logo_href(shop: merchants.Merchant) -> str | None:
    """Where the picture of a shop's name is."""
    return None if shop.logo is None else f"/brand/{ref('merchant', shop.id)}/{shop.logo[:_MARK]}"


def sheet_href(accent: str | None) -> str | None:
    """Where the style of a colour is."""
    return None if accent is None else f"/brand/{accent.removeprefix('#')}.css"


def sheet(accent: str) -> str:
    """The style of a colour: what portal.css draws with, for both grounds."""
    made = merchants.theme_of(accent)
    light = f"--p-accent:{made.light};--p-on-accent:{made.on_light}"
    dark = f"--p-accent:{made.dark};--p-on-accent:{made.on_dark}"
    return (
        f":root,[data-bs-theme=light]{{{light}}}[data-bs-theme=dark]{{{dark}}}"
        f"@media (prefers-color-scheme:dark){{[data-bs-theme=auto]{{{dark}}}}}\n"
    )


def shows(offer: catalog.Offer) -> str | None:
    """Where the picture of what is on offer is."""
    return picture_href(offer.product_id, offer.picture)
