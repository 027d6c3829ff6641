"""What the rows of bulk files are made of: the same fields as the single requests, and how columns become them."""

from collections.abc import Callable
from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import catalog, inventory, merchants
from dingdan.kernel.money import MAX_AMOUNT
from dingdan.surfaces.shared.channel_words import ToldInput
from dingdan.surfaces.shared.wire import (
    AddressInput,
    Currency,
    Input,
    Line,
    MerchantRef,
    Quantity,
    Sku,
    Titles,
    Translations,
    Word,
)

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Minor = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]


class BulkRow(Input, frozen=True, kw_only=True):
    """The base of every row."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What names the thing that the row is about."""
        raise AssertionError("every kind of row names its thing")


class MerchantRow(BulkRow, frozen=True, kw_only=True):
    """A merchant."""

    code: Word
    name: Translations
    zone: Word
    currency: Currency
    policy: Word = "cn_statutory"
    settings: merchants.MerchantSettings = merchants.MerchantSettings()
    active: bool = True

    @property
    def key(self) -> tuple[Any, ...]:
        """The code."""
        return (self.code,)

    def as_wish(self) -> merchants.SaveMerchant:
        """As the area knows it."""
        return merchants.SaveMerchant(**{name: getattr(self, name) for name in self.__struct_fields__})


class OwnedRow(BulkRow, frozen=True, kw_only=True):
    """The base of rows that belong to a merchant; without one the file's is meant."""

    merchant: MerchantRef | None = None


class WarehouseRow(OwnedRow, frozen=True, kw_only=True):
    """A warehouse."""

    code: Word
    name: Translations
    zone: Word
    return_address: AddressInput
    priority: Annotated[int, Meta(ge=0, le=1000)] = 100
    active: bool = True

    @property
    def key(self) -> tuple[Any, ...]:
        """Merchant and code."""
        return self.merchant, self.code

    def as_wish(self, merchant_id: int) -> inventory.SaveWarehouse:
        """As the area knows it."""
        return inventory.SaveWarehouse(
            merchant_id,
            self.code,
            self.name,
            self.zone,
            self.return_address.as_address(),
            self.priority,
            self.active,
        )


class ChannelRow(OwnedRow, frozen=True, kw_only=True):
    """A channel."""

    code: Word
    name: Translations
    currency: Currency
    warehouse: Word
    warehouses: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    active: bool = True

    @property
    def key(self) -> tuple[Any, ...]:
        """Merchant and code."""
        return self.merchant, self.code

    def as_wish(self, merchant_id: int) -> inventory.SaveChannel:
        """As the area knows it."""
        return inventory.SaveChannel(merchant_id, self.code, self.name, self.currency, self.warehouse, self.active,
                                     self.warehouses)  # fmt: skip


class ComponentCell(Input, frozen=True, kw_only=True):
    """A product that lies in a bundle, and how many of it in each."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=1_000)] = 1


class ProductRow(OwnedRow, frozen=True, kw_only=True):
    """A product."""

    sku: Sku
    title: Titles
    category: Line
    flags: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    active: bool = True
    components: Annotated[tuple[ComponentCell, ...], Meta(max_length=50)] = ()
    weight_grams: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    min_quantity: Quantity = 1
    max_quantity: Quantity | None = None
    max_per_buyer: Quantity | None = None
    variant_of: Word | None = None
    gtin: Word | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Merchant and SKU."""
        return self.merchant, self.sku.strip()

    def as_wish(self, merchant_id: int) -> catalog.SaveProduct:
        """As the area knows it."""
        return catalog.SaveProduct(
            merchant_id=merchant_id, sku=self.sku, title=self.title, category=self.category, flags=self.flags,
            active=self.active, components=tuple((one.sku, one.quantity) for one in self.components),
            weight_grams=self.weight_grams, min_quantity=self.min_quantity, max_quantity=self.max_quantity,
            max_per_buyer=self.max_per_buyer, variant_of=self.variant_of, gtin=self.gtin,
        )  # fmt: skip


class PriceRow(OwnedRow, frozen=True, kw_only=True):
    """A price: `amount` in minor units (38870) or `price` as people write it (388.70); `floor` in minor units."""

    sku: Sku
    currency: Currency
    amount: Minor | None = None
    price: Annotated[str, Meta(max_length=24)] | None = None
    floor: Minor | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Merchant, SKU and currency."""
        return self.merchant, self.sku.strip(), self.currency


class StockRow(OwnedRow, frozen=True, kw_only=True):
    """Units that were counted; with `if_on_hand` only where the books still say so."""

    warehouse: Word
    sku: Sku
    on_hand: Count
    if_on_hand: Count | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Merchant, warehouse and SKU."""
        return self.merchant, self.warehouse, self.sku.strip()


class ChannelOrderRow(ToldInput, BulkRow, frozen=True, kw_only=True):
    """An order that was made on a channel; NDJSON only, since a cell holds no lines."""

    merchant: MerchantRef | None = None
    channel: Word

    @property
    def key(self) -> tuple[Any, ...]:
        """Merchant, channel and its number."""
        return self.merchant, self.channel, self.number


# CSV has no objects: these columns together become one field. `title_zh` is the `zh` of `title`.
GROUPS = {"name_": "name", "title_": "title", "return_": "return_address", "setting_": "settings"}


def is_column(name: str, row: type[BulkRow]) -> bool:
    """Whether a CSV column means something for this kind of row."""
    fields = row.__struct_fields__
    if name in fields and name not in GROUPS.values():
        return True
    return any(
        name.startswith(prefix) and len(name) > len(prefix) for prefix, field in GROUPS.items() if field in fields
    )


def columns(row: type[BulkRow]) -> list[str]:
    """The columns of a kind of row, for people."""
    named = [name for name in row.__struct_fields__ if name not in GROUPS.values()]
    examples = {
        "name": "name_zh",
        "title": "title_zh",
        "return_address": "return_city",
        "settings": "setting_freight",
    }
    return named + [f"{examples[name]} ..." for name in row.__struct_fields__ if name in examples]


def nested(fields: dict[str, Any], row: type[BulkRow]) -> dict[str, Any]:
    """The cells of a CSV row as the fields they mean; a cell that is empty is not there."""
    known = row.__struct_fields__
    found: dict[str, Any] = {}
    for name, cell in fields.items():
        group = next((prefix for prefix, field in GROUPS.items() if name.startswith(prefix) and field in known), None)
        if group is not None and name not in known:
            found.setdefault(GROUPS[group], {})[name.removeprefix(group)] = cell
        else:
            found[name] = LISTS[name](cell) if name in LISTS else cell
    return found


def _words(cell: str) -> list[str]:
    return cell.replace(";", " ").replace("|", " ").split()


def _components(cell: str) -> list[dict[str, Any]]:
    """`MUG*2; TEE` is two mugs and a tee."""
    found: list[dict[str, Any]] = []
    for piece in filter(None, (part.strip() for part in cell.split(";"))):
        sku, star, units = piece.rpartition("*")
        is_counted = bool(star) and units.strip().isdecimal()
        found.append({"sku": sku.strip(), "quantity": int(units)} if is_counted else {"sku": piece, "quantity": 1})
    return found


# CSV has no lists: what such a cell holds, parted by semicolons.
LISTS: dict[str, Callable[[str], list[Any]]] = {"flags": _words, "warehouses": _words, "components": _components}
