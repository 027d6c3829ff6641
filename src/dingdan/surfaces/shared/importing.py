"""Bulk files taken in: rows in sets, each set in a transaction of its own, a result for every row; bad rows change nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Literal

import asyncpg
import msgspec

from dingdan.areas import carriers, catalog, channel_orders, inventory, merchants
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import EXPONENTS, from_decimal_string
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import bodies, import_rows, lanes, rows, scope, texts
from dingdan.surfaces.shared.import_rows import (
    ChannelOrderRow,
    ChannelRow,
    MerchantRow,
    PriceRow,
    ProductRow,
    StockRow,
    WarehouseRow,
)
from dingdan.surfaces.shared.problems import Malformed, NotStorable

SET = 500

Status = Literal["created", "changed", "unchanged", "refused"]
Outcome = Status | Refusal
Command = Callable[[Tx, "Importer", Sequence[Any]], Awaitable[list[Outcome]]]


class Result(msgspec.Struct, frozen=True):
    """What became of the row that begins on a line."""

    line: int
    status: Status
    refusal: Refusal | None = None


class Kind(msgspec.Struct, frozen=True):
    """A sort of file: what a row is, what names the thing that it is about, what it takes, and how a set is saved."""

    row: type[import_rows.BulkRow]
    permission: str
    save: Command


class Importer:
    """Takes in one file. `merchant` is for rows that name none; a platform key's rows must name theirs otherwise."""

    def __init__(self, db: Database, actor: Actor, kind: str, *, form: rows.Format, merchant: str | None) -> None:
        self._db, self._actor, self._form = db, actor, form
        self._kind, self._name = KINDS[kind], kind
        self._default = merchant
        self._merchants: dict[str | None, int] = {}

    async def run(self, found: AsyncIterator[rows.Row]) -> AsyncIterator[list[Result]]:
        """The results of a file's rows, a set at a time and in their order."""
        waiting: list[tuple[int, Any]] = []
        keys: set[Any] = set()
        async for row in found:
            read = self._read(row)
            key = None if isinstance(read, Refusal) else read.key
            # A thing that is named again is decided upon after the first time was saved.
            if len(waiting) == SET or key in keys:
                yield await self._save(waiting)
                waiting, keys = [], set()
            waiting.append((row.line, read))
            keys |= {key} if key else set()
        if waiting:
            yield await self._save(waiting)

    def _read(self, row: rows.Row) -> Any:
        if row.fields is None:
            return row.problem
        fields = row.fields
        if self._form == "csv":
            fields = texts.as_fields(self._kind.row, import_rows.nested(fields, self._kind.row))
        try:
            return msgspec.convert(fields, self._kind.row)
        except msgspec.ValidationError as error:
            return bodies.malformed(error)

    async def _save(self, waiting: list[tuple[int, Any]]) -> list[Result]:
        """Save a set; what the area says about a row of it is that row's refusal, and the others are saved again."""
        answers: dict[int, Outcome] = {line: read for line, read in waiting if isinstance(read, Refusal)}
        left = [one for one in waiting if one[0] not in answers]
        while left:
            answers |= await self._try(left)
            left = [one for one in left if one[0] not in answers]
        return [
            Result(line, "refused", answer) if isinstance(answer, Refusal) else Result(line, answer)
            for line, answer in ((line, answers[line]) for line, _ in waiting)
        ]

    async def _try(self, left: list[tuple[int, Any]]) -> dict[int, Outcome]:
        lines = [line for line, _ in left]
        try:
            made = await within(
                self._db, self._actor, lambda tx: self._kind.save(tx, self, [row for _, row in left]),
                name=f"imports.{self._name}",
            )  # fmt: skip
        except Refusal as refusal:
            told = rows.by_row(refusal)
            everybody = told.pop(-1, None)
            return dict.fromkeys(lines, everybody) if everybody else {lines[i]: told[i] for i in told}
        except asyncpg.DataError:
            if len(left) == 1:
                return {lines[0]: NotStorable()}
            half = len(left) // 2
            return await self._try(left[:half]) | await self._try(left[half:])
        return dict(zip(lines, made, strict=True))

    async def merchant_id(self, tx: Tx, named: str | None) -> int:
        """The merchant that a row is about, looked up once per file."""
        named = named if named is not None else self._default
        if named not in self._merchants:
            self._merchants[named] = await scope.merchant_id_meant(tx, named)
        return self._merchants[named]

    async def owners(self, tx: Tx, wanted: Sequence[Any]) -> dict[int, int | Refusal]:
        """The merchant of each row, or why there is none."""
        found: dict[int, int | Refusal] = {}
        for i, row in enumerate(wanted):
            try:
                found[i] = await self.merchant_id(tx, row.merchant)
            except Refusal as refusal:
                found[i] = refusal
        return found


async def _each(wanted: Sequence[Any], save: Callable[[Any], Awaitable[Outcome]]) -> list[Outcome]:
    """Save rows one by one in one transaction; what is refused has written nothing."""
    outcomes: list[Outcome] = []
    for row in wanted:
        try:
            outcomes.append(await save(row))
        except Refusal as refusal:
            outcomes.append(refusal)
    return outcomes


def _status(*, is_new: bool, is_changed: bool) -> Status:
    return "created" if is_new else "changed" if is_changed else "unchanged"


async def _merchants(tx: Tx, _importer: Importer, wanted: Sequence[MerchantRow]) -> list[Outcome]:
    async def save(row: MerchantRow) -> Outcome:
        before = await merchants.by_code(tx, row.code)
        after = await merchants.save(tx, row.as_wish())
        return _status(is_new=before is None, is_changed=before != after)

    return await _each(wanted, save)


async def _warehouses(tx: Tx, importer: Importer, wanted: Sequence[WarehouseRow]) -> list[Outcome]:
    async def save(row: WarehouseRow) -> Outcome:
        saved = await inventory.save_warehouse(tx, row.as_wish(await importer.merchant_id(tx, row.merchant)))
        return _status(is_new=saved.is_new, is_changed=saved.is_changed)

    return await _each(wanted, save)


async def _channels(tx: Tx, importer: Importer, wanted: Sequence[ChannelRow]) -> list[Outcome]:
    async def save(row: ChannelRow) -> Outcome:
        saved = await inventory.save_channel(tx, row.as_wish(await importer.merchant_id(tx, row.merchant)))
        return _status(is_new=saved.is_new, is_changed=saved.is_changed)

    return await _each(wanted, save)


async def _products(tx: Tx, importer: Importer, wanted: Sequence[ProductRow]) -> list[Outcome]:
    owners = await importer.owners(tx, wanted)
    good = [(i, wanted[i].as_wish(owner)) for i, owner in owners.items() if not isinstance(owner, Refusal)]
    saved = await _of_set(catalog.save_products(tx, [wish for _, wish in good]), [i for i, _ in good])
    made = {i: _status(is_new=one.is_new, is_changed=one.is_changed) for (i, _), one in zip(good, saved, strict=True)}
    return _together(owners, made)


async def _prices(tx: Tx, importer: Importer, wanted: Sequence[PriceRow]) -> list[Outcome]:
    owners = await importer.owners(tx, wanted)
    amounts: dict[int, Any] = dict(owners)
    for i, row in enumerate(wanted):
        if not isinstance(amounts[i], Refusal):
            amounts[i] = _amount(row)
    good = [
        (
            i,
            catalog.SavePrice(
                merchant_id=owner,
                sku=wanted[i].sku,
                currency=wanted[i].currency,
                amount=amounts[i],
                floor=wanted[i].floor,
            ),
        )
        for i, owner in owners.items()
        if not isinstance(owner, Refusal) and not isinstance(amounts[i], Refusal)
    ]
    saved = await _of_set(catalog.save_prices(tx, [wish for _, wish in good]), [i for i, _ in good])
    made = {
        i: _status(is_new=one.before is None, is_changed=one.is_changed)
        for (i, _), one in zip(good, saved, strict=True)
    }
    return _together(amounts, made)


async def _stock(tx: Tx, importer: Importer, wanted: Sequence[StockRow]) -> list[Outcome]:
    owners = await importer.owners(tx, wanted)
    known = {i: owner for i, owner in owners.items() if not isinstance(owner, Refusal)}
    places = await inventory.warehouses_by_code(tx, sorted({(m, wanted[i].warehouse) for i, m in known.items()}))
    offers = await catalog.offers(tx, sorted({(m, wanted[i].sku) for i, m in known.items()}))
    told: dict[int, Any] = dict(owners)
    good: list[tuple[int, inventory.Count]] = []
    for i, merchant_id in known.items():
        row = wanted[i]
        place, offer = places.get((merchant_id, row.warehouse)), offers.get((merchant_id, row.sku))
        if place is None:
            told[i] = inventory.WarehouseUnknown("warehouse", code=row.warehouse)
        elif offer is None:
            told[i] = catalog.ProductUnknown("sku", sku=row.sku)
        else:
            good.append((i, inventory.Count(merchant_id, place.id, offer.product_id, row.on_hand, row.if_on_hand)))
    counted = await _of_set(inventory.count(tx, [count for _, count in good]), [i for i, _ in good])
    made = {i: _status(is_new=False, is_changed=one.difference != 0) for (i, _), one in zip(good, counted, strict=True)}
    return _together(told, made)


async def _channel_orders(tx: Tx, importer: Importer, wanted: Sequence[ChannelOrderRow]) -> list[Outcome]:
    told: dict[int, Any] = dict(await importer.owners(tx, wanted))
    keys = {i: (owner, wanted[i].channel) for i, owner in told.items() if not isinstance(owner, Refusal)}
    found = await inventory.channels(tx, sorted(set(keys.values())))
    told |= {i: inventory.ChannelUnknown("channel", code=key[1]) for i, key in keys.items() if key not in found}
    made: dict[int, Status] = {}
    for key, channel in found.items():
        rows_of = [i for i in keys if keys[i] == key]
        done = await channel_orders.take_in(tx, channel, [wanted[i].as_told() for i in rows_of])
        made |= {i: one.status for i, one in zip(rows_of, done, strict=True)}
    return _together(told, made)


async def _lanes(tx: Tx, importer: Importer, wanted: Sequence[lanes.LaneRow]) -> list[Outcome]:
    owners = await importer.owners(tx, wanted)
    known = [(i, owner) for i, owner in owners.items() if not isinstance(owner, Refusal)]
    said: list[lanes.Said] = [(o, wanted[i].code, wanted[i], wanted[i].surcharge, wanted[i].currency) for i, o in known]
    told: dict[int, Any] = dict(owners)
    told |= {i: wish for (i, _), wish in zip(known, await lanes.wishes(tx, said), strict=True)}
    good = [(i, wish) for i, wish in told.items() if not isinstance(wish, Refusal)]
    saved = await _of_set(carriers.save_lanes(tx, [wish for _, wish in good]), [i for i, _ in good])
    made = {i: _status(is_new=one.is_new, is_changed=one.is_changed) for (i, _), one in zip(good, saved, strict=True)}
    return _together(told, made)


def _amount(row: PriceRow) -> int | Refusal:
    """Minor units, from `amount` or from the decimal `price`."""
    if (row.amount is None) == (row.price is None):
        return Malformed("amount", what="give either amount or price", what_zh="amount 与 price 须且只须填写一项")
    if row.amount is not None:
        return row.amount
    if row.currency not in EXPONENTS:
        return catalog.CurrencyUnknown("currency", currency=row.currency)
    try:
        return from_decimal_string(row.price or "", row.currency)
    except ValueError:
        return Malformed("price", what=f"not an amount in {row.currency}", what_zh=f"不是有效的 {row.currency} 金额")


async def _of_set(saving: Awaitable[list[Any]], places: Sequence[int]) -> list[Any]:
    """Save the good rows of a set; what is said about them is told by their places in the whole set."""
    try:
        return await saving
    except Refusal as refusal:
        told = rows.by_row(refusal)
        raise rows.of_rows({i if i < 0 else places[i]: problem for i, problem in told.items()}) from None


def _together(told: dict[int, Any], made: dict[int, Status]) -> list[Outcome]:
    return [made[i] if i in made else told[i] for i in range(len(told))]


KINDS: dict[str, Kind] = {
    "merchants": Kind(MerchantRow, "merchant.write", _merchants),
    "warehouses": Kind(WarehouseRow, "warehouse.write", _warehouses),
    "channels": Kind(ChannelRow, "channel.write", _channels),
    "products": Kind(ProductRow, "product.write", _products),
    "prices": Kind(PriceRow, "price.write", _prices),
    "stock": Kind(StockRow, "stock.write", _stock),
    "channel_orders": Kind(ChannelOrderRow, "channel_order.write", _channel_orders),
    "lanes": Kind(lanes.LaneRow, "carrier.write", _lanes),
}
