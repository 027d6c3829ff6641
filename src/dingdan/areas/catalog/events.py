"""Facts about what could be bought."""

from dingdan.kernel.event import Event


class ProductSaved(Event, frozen=True, kw_only=True):
    """A product was added or changed."""

    wire = "product.saved"
    subject = "product"

    sku: str
    is_new: bool


class ProductPictured(Event, frozen=True, kw_only=True):
    """A product was given a picture, or it was taken away."""

    wire = "product.pictured"
    subject = "product"

    sku: str
    is_shown: bool


class PriceChanged(Event, frozen=True, kw_only=True):
    """A price was set."""

    wire = "price.changed"
    subject = "product"

    sku: str
    currency: str
    amount: int
    before: int | None


class PricePaused(Event, frozen=True, kw_only=True):
    """A product is not sold until somebody vouches for its price."""

    wire = "price.paused"
    subject = "product"

    sku: str


class PriceVouched(Event, frozen=True, kw_only=True):
    """Somebody said that the price is meant; the product is sold."""

    wire = "price.vouched"
    subject = "product"

    sku: str
    was_paused: bool
