"""The buyer is told of a delay before asking, once, with when we speak again; and is never sent to the carrier."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from tests import given
from tests.areas.transit import sent

import dingdan.areas.notifications
from dingdan.areas import notifications
from dingdan.areas.carriers import KNOWN
from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database

TEMPLATES = Path(dingdan.areas.notifications.__file__).parent / "templates"


@pytest.mark.requirement("O4.5")
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_buyer_is_told_of_a_delay_and_when_they_hear_again(db: Database, language: str) -> None:
    shop = await given.shop(db, language=language, transit_days_max=60)
    parcel = await sent.parcel(db, shop, sandbox_number(1, "S"))
    await sent.turn(db, timedelta(hours=12))
    await sent.turn(db, timedelta(hours=39))

    order_id = parcel.lines[0].order_id
    async with db.transaction(SYSTEM) as tx:
        told = [one for one in await notifications.confirmations(tx, order_id) if one.occasion == "delayed"]
    assert len(told) == 1
    facts = told[0].facts
    assert facts.next_update_by is not None
    assert facts.next_update_by > facts.at
    words = tomllib.loads((TEMPLATES / "words" / f"{language}.toml").read_text(encoding="utf-8"))
    assert words["labels"]["next_update_by"]


@pytest.mark.requirement("O4.6")
def test_no_message_sends_the_buyer_to_the_carrier() -> None:
    """Neither a carrier's name, nor its page or number, nor the advice to turn to it stands in anything we send."""
    names = {name for carrier in KNOWN.values() if carrier.code != "manual" for name in
             (carrier.name.en.lower(), carrier.name.zh)}  # fmt: skip
    forbidden = {*names, "http://", "https://", "call the carrier", "contact the carrier", "联系快递", "联系承运", "拨打",
                 "tel:"}  # fmt: skip
    texts = {path.name: path.read_text(encoding="utf-8").lower() for path in TEMPLATES.rglob("*.*")}

    assert {"en.toml", "zh.toml", "short.txt", "message.html"} <= set(texts)
    assert [(name, word) for name, text in texts.items() for word in forbidden if word in text] == []
