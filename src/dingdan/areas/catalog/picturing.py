"""Give a product a picture, which pages show beside its name."""

from dingdan.areas.catalog import store
from dingdan.areas.catalog.events import ProductPictured
from dingdan.areas.catalog.model import Offer
from dingdan.areas.catalog.refusals import ProductUnknown
from dingdan.plumbing.tx import Tx


async def set_picture(tx: Tx, merchant_id: int, sku: str, picture: str | None) -> Offer:
    """Show a product by a file that is kept (its SHA-256), or by none; the same again changes nothing.

    Raises ProductUnknown.
    """
    key = (merchant_id, sku.strip())
    found = (await store.offers(tx, [key])).get(key)
    if found is None or not tx.actor.reaches(merchant_id):
        raise ProductUnknown("sku", sku=sku)
    if await store.set_picture(tx, found.product_id, picture):
        tx.announce(ProductPictured(
            subject_id=found.product_id, merchant_id=merchant_id, sku=found.sku, is_shown=picture is not None,
        ))  # fmt: skip
    return (await store.offers(tx, [key]))[key]
