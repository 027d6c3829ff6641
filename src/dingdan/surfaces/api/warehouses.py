"""Warehouses: places that keep goods and take them back."""

from dingdan.areas import inventory
from dingdan.kernel.address import Address
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.wire import (
    AddressInput,
    Input,
    List,
    MerchantRef,
    OfMerchant,
    Translations,
    View,
    Word,
    ref,
)


class WarehouseInput(Input, frozen=True, kw_only=True):
    """A warehouse as it shall be; `zone` is where its days are counted. Lower `priority` comes first."""

    merchant: MerchantRef | None = None
    name: Translations
    zone: Word
    return_address: AddressInput
    priority: int = 100
    active: bool = True


class WarehouseView(View, frozen=True, kw_only=True):
    """A warehouse."""

    id: str
    merchant: str
    code: str
    name: dict[str, str]
    zone: str
    return_address: Address
    priority: int
    active: bool


@put("/v1/warehouses/{code}", permission="warehouse.write")
async def save(tx: Tx, code: Word, body: WarehouseInput) -> WarehouseView:
    """Add a warehouse, or change the merchant's one with this code."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    saved = await inventory.save_warehouse(
        tx,
        inventory.SaveWarehouse(
            merchant_id=merchant_id, code=code, name=body.name, zone=body.zone,
            return_address=body.return_address.as_address(), priority=body.priority, active=body.active,
        ),
    )  # fmt: skip
    return _view((await inventory.warehouses(tx, [saved.id]))[saved.id])


@get("/v1/warehouses", permission="warehouse.read")
async def listed(tx: Tx, query: OfMerchant) -> List[WarehouseView]:
    """A merchant's warehouses, first choice first."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    return List(items=[_view(one) for one in await inventory.warehouses_of(tx, merchant_id)])


@get("/v1/warehouses/{code}", permission="warehouse.read")
async def show(tx: Tx, code: Word, query: OfMerchant) -> WarehouseView:
    """One warehouse of a merchant."""
    return _view(await scope.warehouse_meant(tx, query.merchant, code, "path.code", "query.merchant"))


def _view(one: inventory.Warehouse) -> WarehouseView:
    return WarehouseView(
        id=ref("warehouse", one.id), merchant=ref("merchant", one.merchant_id), code=one.code, name=one.name,
        zone=one.zone, return_address=one.return_address, priority=one.priority, active=one.active,
    )  # fmt: skip


ROUTES = [save, listed, show]
