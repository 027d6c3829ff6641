"""Warehouses and channels as they should be."""

from typing import Any
from zoneinfo import available_timezones

import msgspec

from dingdan.areas.inventory import store
from dingdan.areas.inventory.events import ChannelSaved, WarehouseSaved
from dingdan.areas.inventory.model import SaveChannel, Saved, SaveWarehouse
from dingdan.areas.inventory.refusals import FieldUnfit, WarehouseUnknown
from dingdan.kernel.address import missing_parts
from dingdan.kernel.money import is_currency
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx

# An order looks at all of them: more would make each placement slow.
MAX_PLACES = 20
ZONES = available_timezones()


async def save_warehouse(tx: Tx, wanted: SaveWarehouse) -> Saved:
    """Add or change a warehouse by its code; nothing new changes nothing. Raises FieldUnfit, all at once."""
    problems = _code_and_name(wanted.code, wanted.name)
    if wanted.zone not in ZONES:
        problems.append(_unfit("zone", "an IANA zone such as Asia/Shanghai", "须为 IANA 时区，如 Asia/Shanghai"))
    if not 0 <= wanted.priority <= 1000:
        problems.append(_unfit("priority", "0 to 1000", "须在 0 至 1000 之间"))
    problems += [
        _unfit(f"return_address.{part}", "it is missing", "缺少该项") for part in missing_parts(wanted.return_address)
    ]
    refuse_all(problems)
    values = msgspec.structs.asdict(wanted) | {"return_address": msgspec.to_builtins(wanted.return_address)}
    saved = await _save(tx, "warehouses", values)
    if saved.is_changed:
        tx.announce(WarehouseSaved(subject_id=saved.id, merchant_id=wanted.merchant_id, code=wanted.code))
    return saved


async def save_channel(tx: Tx, wanted: SaveChannel) -> Saved:
    """Add or change a channel by its code. Raises FieldUnfit and WarehouseUnknown, all at once."""
    problems = _code_and_name(wanted.code, wanted.name)
    if not is_currency(wanted.currency):
        problems.append(_unfit("currency", "a currency we keep accounts in", "须为系统支持的币种"))
    others = [code for code in dict.fromkeys(wanted.warehouses) if code != wanted.warehouse]
    rows = await store.warehouses_by_code(tx, [(wanted.merchant_id, code) for code in (wanted.warehouse, *others)])
    ids = {row["code"]: row["id"] for row in rows}
    if wanted.warehouse not in ids:
        problems.append(WarehouseUnknown("warehouse", code=wanted.warehouse))
    problems += [
        WarehouseUnknown(f"warehouses[{i}]", code=code)
        for i, code in enumerate(wanted.warehouses) if code not in ids and code != wanted.warehouse
    ]  # fmt: skip
    if len(others) > MAX_PLACES:
        problems.append(_unfit("warehouses", f"at most {MAX_PLACES}", f"最多 {MAX_PLACES} 个"))
    refuse_all(problems)
    values: dict[str, Any] = msgspec.structs.asdict(wanted)
    values.pop("warehouse")
    values.pop("warehouses")
    places = {"warehouse_id": ids[wanted.warehouse], "warehouse_ids": [ids[code] for code in others]}
    saved = await _save(tx, "channels", values | places)
    if saved.is_changed:
        tx.announce(ChannelSaved(subject_id=saved.id, merchant_id=wanted.merchant_id, code=wanted.code))
    return saved


async def _save(tx: Tx, table: str, values: dict[str, Any]) -> Saved:
    if not tx.actor.reaches(values["merchant_id"]):
        raise WarehouseUnknown("code", code=values["code"])
    saved_id, is_new = await store.upsert_place(tx, table, values)
    if saved_id is None:
        by_code = store.warehouses_by_code if table == "warehouses" else store.channels_by_code
        (row,) = await by_code(tx, [(values["merchant_id"], values["code"])])
        saved_id = row["id"]
        return Saved(saved_id, values["code"], is_new=False, is_changed=False)
    return Saved(saved_id, values["code"], is_new=is_new, is_changed=True)


def _code_and_name(code: str, name: dict[str, str]) -> list[Refusal]:
    problems: list[Refusal] = []
    if not (1 <= len(code) <= 64 and code == code.strip() and code.isprintable()):
        problems.append(_unfit("code", "1 to 64 printable characters", "须为 1 至 64 个可打印字符"))
    if not any(name.get(tag, "").strip() for tag in ("zh", "en")):
        problems.append(_unfit("name", "at least zh or en", "至少须有中文或英文名称"))
    if any(len(text) > 200 for text in name.values()):
        problems.append(_unfit("name", "at most 200 characters", "不得超过 200 个字符"))
    return problems


def _unfit(field: str, why: str, why_zh: str) -> Refusal:
    return FieldUnfit(field, field=field, why=why, why_zh=why_zh)
