"""The demo's carriers and lanes: near by next day, everywhere in a few, the far west dearer, and one place not at all."""

import msgspec

from dingdan.areas import addresses, carriers
from dingdan.kernel.address import Address
from dingdan.plumbing.tx import Tx

CARRIERS = (
    ("sf", {"zh": "顺丰速运", "en": "SF Express"}, ("standard", "express"), ("CN", "HK", "MO")),
    ("yto", {"zh": "圆通速递", "en": "YTO Express"}, ("standard",), ("CN",)),
)
# What is far: Tibet and Xinjiang.
FAR = ("54", "65")
SURCHARGE = 1500


async def open_lanes(tx: Tx, merchant_id: int, warehouse_id: int, address: Address, *, prefix: str = "") -> None:
    """Register both carriers for a merchant and draw their lanes from one warehouse; `prefix` keeps two of them apart."""
    saved = await carriers.save_carriers(tx, [
        carriers.SaveCarrier(merchant_id=merchant_id, code=code, name=name, services=services, regions=regions)
        for code, name, services, regions in CARRIERS
    ])  # fmt: skip
    sf, yto = (one.id for one in saved)
    home = addresses.region_of(address).code[:2]
    said: list[dict[str, object]] = [
        {"code": "home", "carrier_id": yto, "region": home, "days_max": 1, "cut_off": 18 * 60},
        {"code": "all", "carrier_id": yto, "days_min": 2, "days_max": 4},
        {"code": "express", "carrier_id": sf, "service": "express", "days_max": 2, "surcharge": 1000, "currency": "CNY",
         "priority": 200},
        *({"code": f"far-{region}", "carrier_id": yto, "region": region, "days_min": 5, "days_max": 9,
           "surcharge": SURCHARGE, "currency": "CNY"} for region in FAR),
        {"code": "sansha", "carrier_id": yto, "region": "4603", "deliverable": False},
        {"code": "hong-kong", "carrier_id": sf, "country": "HK", "days": "working_days", "days_min": 2, "days_max": 4,
         "surcharge": 2500, "currency": "CNY"},
    ]  # fmt: skip
    fixed: dict[str, object] = {"merchant_id": merchant_id, "warehouse_id": warehouse_id, "country": "CN"}
    await carriers.save_lanes(tx, [
        msgspec.convert(fixed | lane | {"code": f"{prefix}{lane['code']}"}, carriers.SaveLane) for lane in said
    ])  # fmt: skip
