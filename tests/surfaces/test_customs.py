"""Customs over the wire: a broker notes what they did, and sees nobody's name."""

from typing import Any

import httpx
import pytest

from dingdan.areas import identity
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from tests.areas.customs.test_noting import bought, today
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key


@pytest.mark.requirement("W48", "W73")
async def test_a_broker_notes_what_customs_did(http: httpx.AsyncClient, db: Database, stranger: Caller) -> None:
    shop, number = await bought(db)
    broker = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["customs_broker"])))
    path, day = f"/v1/orders/{ids.encode('order', number)}", (await today(db)).isoformat()
    release: dict[str, Any] = {"declaration": "D-1", "released_on": day}

    shown = good(await broker.get(f"{path}/customs"))
    assert (shown["release"], shown["returns"], shown["quota"]["amount"]["amount"]) == (None, [], 300_00)
    for who, status, code in ((stranger, 404, "order.unknown"), (broker, 422, "request.malformed")):
        body = release if who is stranger else release | {"released_on": "the first of June"}
        refused(await who.put(f"{path}/customs-release", body), status, code)
    noted = good(await broker.put(f"{path}/customs-release", release))
    assert (noted["declaration"], noted["released_on"], noted["noted_by"]["kind"]) == ("D-1", day, "key")
    asked = {"lines": [{"line_no": 2, "quantity": 1}], "applied_on": day}
    refused(await broker.post(f"{path}/customs-returns", asked | {"lines": []}), 422, "request.malformed")
    one = good(await broker.post(f"{path}/customs-returns", asked))
    back = f"/v1/customs-returns/{one['id']}"
    refused(await stranger.post(f"{back}/back", {"back_on": day}), 404, "request.nothing_there")
    done = good(await broker.post(f"{back}/back", {"back_on": day}))
    assert (done["state"], done["quota"]) == ("cleared", {"amount": 100_00, "currency": "CNY"})
    refused(await broker.post(f"{back}/withdraw"), 409, "customs.stands")
    page = good(await broker.get(f"{path}/customs"))
    assert page["returns"] == [done]
    assert page["release"]["apply_by"] < page["release"]["back_by"]
    assert "王小明" not in (await broker.get(path)).text
