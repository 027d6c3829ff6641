"""The buyer is told of a delay before asking, once, with when we speak again; and is never sent to the carrier."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from tests import given
from tests.areas.transit import sent

import dingdan.areas.notifications
from dingdan.areas import cases, notifications
from dingdan.areas.carriers import KNOWN
from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

TEMPLATES = Path(dingdan.areas.notifications.__file__).parent / "templates"


async def told_of_silence(db: Database, shop: given.Shop) -> list[notifications.Confirmation]:
    """What a buyer is told about a parcel that nothing is heard of any more."""
    parcel = await sent.parcel(db, shop, sandbox_number(1, "S"))
    await sent.turn(db, timedelta(hours=12))
    await sent.turn(db, timedelta(hours=39))
    async with db.transaction(SYSTEM) as tx:
        told = await notifications.confirmations(tx, parcel.lines[0].order_id)
    return [one for one in told if one.occasion in ("delayed", "case_opened")]


@pytest.mark.requirement("O4.5")
async def test_a_buyer_is_told_of_a_delay_once_with_the_case_and_when_they_hear_again(db: Database) -> None:
    (told,) = await told_of_silence(db, await given.shop(db, transit_days_max=60))
    trouble = told.facts.trouble
    assert (told.occasion, bool(trouble)) == ("case_opened", True)
    assert trouble
    assert trouble.next_update_at is not None
    assert trouble.next_update_at > told.facts.at


@pytest.mark.requirement("O4.5")
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_where_no_case_opens_a_buyer_is_told_of_the_delay_itself(db: Database, language: str) -> None:
    document = cases.shipped()["delay"].document
    off = cases.SaveKind(merchant_id=None, code="delay", document=document, is_active=False)
    await do(db, SYSTEM, cases.save_kind, off)
    told = await told_of_silence(db, await given.shop(db, language=language, transit_days_max=60))
    assert [one.occasion for one in told] == ["delayed"]
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
    # As words of their own: OnTrac stands in no contract.
    found = [(name, word) for name, text in texts.items() for word in forbidden
             if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text)]  # fmt: skip
    assert found == []
