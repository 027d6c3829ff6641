"""The demo's carriers and lanes: near by next day, everywhere in a few, the far west dearer, and one place not at all."""

from datetime import timedelta

import msgspec

from dingdan.areas import addresses, carriers
from dingdan.kernel.address import Address
from dingdan.kernel.times import local_date
from dingdan.plumbing.tx import Tx

CARRIERS = (
    ("sf", {"zh": "顺丰速运", "en": "SF Express"}, ("standard", "express"), ("CN", "HK", "MO")),
    ("yto", {"zh": "圆通速递", "en": "YTO Express"}, ("standard",), ("CN",)),
    # Who gives labels for the way back; for the way there the others come first.
    ("sandbox", {"zh": "沙箱快递", "en": "Sandbox carrier"}, ("standard",), ("CN",)),
)
# Who carries the parcels of the demo's stories.
CARRIER = "yto"
# What is far: Tibet and Xinjiang.
FAR = ("54", "65")
SURCHARGE, BACK = 1500, 900


async def open_lanes(tx: Tx, merchant_id: int, warehouse_id: int, address: Address, *, prefix: str = "") -> None:
    """Register both carriers for a merchant and draw their lanes from one warehouse; `prefix` keeps two of them apart."""
    today = local_date(tx.now, "Asia/Shanghai")
    licence = carriers.Licence(
        number=f"国邮 {today.year - 1}0001", issuer="国家邮政局", valid_from=today - timedelta(days=365),
        valid_until=today + timedelta(days=4 * 365),
    )  # fmt: skip
    saved = await carriers.save_carriers(tx, [
        carriers.SaveCarrier(merchant_id=merchant_id, code=code, name=name, services=services, regions=regions,
                             licences=(licence,))
        for code, name, services, regions in CARRIERS
    ])  # fmt: skip
    sf, yto, sandbox = (one.id for one in saved)
    home = addresses.region_of(address).code[:2]
    said: list[dict[str, object]] = [
        {"code": "home", "carrier_id": yto, "region": home, "days_max": 1, "cut_off": 18 * 60},
        {"code": "all", "carrier_id": yto, "days_min": 2, "days_max": 4},
        {"code": "express", "carrier_id": sf, "service": "express", "days_max": 2, "surcharge": 1000, "currency": "CNY",
         "priority": 200},
        *({"code": f"far-{region}", "carrier_id": yto, "region": region, "days_min": 5, "days_max": 9,
           "surcharge": SURCHARGE, "currency": "CNY"} for region in FAR),
        {"code": "back", "carrier_id": sandbox, "days_min": 2, "days_max": 4, "priority": 900, "cost": BACK},
        {"code": "sansha", "carrier_id": yto, "region": "4603", "deliverable": False},
        {"code": "hong-kong", "carrier_id": sf, "country": "HK", "days": "working_days", "days_min": 2, "days_max": 4,
         "surcharge": 2500, "currency": "CNY"},
    ]  # fmt: skip
    fixed: dict[str, object] = {"merchant_id": merchant_id, "warehouse_id": warehouse_id, "country": "CN"}
    await carriers.save_lanes(tx, [
        msgspec.convert(fixed | lane | {"code": f"{prefix}{lane['code']}"}, carriers.SaveLane) for lane in said
    ])  # fmt: skip


async def evaluate_carriers(tx: Tx, merchant_id: int) -> None:
    """Have the merchant's carriers evaluated by what became of the parcels of the stories."""
    for one in await carriers.carriers_of(tx, merchant_id):
        await carriers.evaluate(tx, one.id)
