"""The first shop's own return policy: more days than the law, on top of the Chinese pack, other packs for other countries."""

from typing import Any

from dingdan.areas import policies
from dingdan.plumbing.tx import Tx

CODE = "house"
GIVEN: dict[str, Any] = {
    "name": {"en": "Fifteen days to think it over", "zh": "十五天无忧退货"},
    "effective_from": "2025-01-01",
    "no_reason": {"window": {"days": 15, "rule": "HOUSE_DAYS"}},
    "rules": {
        "HOUSE_DAYS": {
            "article": "Measures 5; Impl. 12",
            "en": "This shop takes goods back within 15 days without a reason.",
            "zh": "本店商品自收到之日起十五日内可无理由退货。",
        }
    },
    # What is said to be broken is to be seen.
    "asking": {
        "shots": {
            "DAMAGED_ON_ARRIVAL": [
                {"code": "damage", "en": "What is broken, from near", "zh": "破损处近照"},
                {"code": "parcel", "en": "The parcel from outside", "zh": "外包装照片"},
            ]
        }
    },
    "regions": {"EU": "eu_crd", "GB": "uk_ccr", "US": "us_practice"},
    "process": {
        "contact": {
            "name": {"en": "Returns desk", "zh": "售后组"},
            "email": "returns@shop.example",
            "hours": {"en": "every day 9:00-21:00", "zh": "每日 9:00-21:00"},
        }
    },
}


async def write_policy(tx: Tx, merchant_id: int) -> None:
    """Draft it and put it in force."""
    (pack,) = [one for one in policies.packs() if one.id == "cn_statutory"]
    edition, _, _ = await policies.save_draft(
        tx, merchant_id, CODE, "1", extends=f"{pack.id}@{pack.version}", given=GIVEN
    )
    await policies.announce(tx, edition.id)
