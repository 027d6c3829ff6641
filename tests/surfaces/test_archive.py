"""Done and kept over the wire: objections, feedback, the archive, the case file, holds; and who may do which."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import httpx
import pytest

from dingdan import worker
from dingdan.areas import identity, orders
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

MONTHS = timedelta(days=91)


async def turn(db: Database, by: timedelta) -> None:
    """Let everything happen that is due by then."""
    async with db.reading(SYSTEM) as tx:
        at = tx.now + by
    await worker.settle(db, at=at)


@pytest.fixture
async def delivered(db: Database, shop: given.Shop) -> str:
    """An order in the buyer's hands."""
    return ids.encode("order", await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1}, reference="S-1"))


@pytest.fixture
async def kept(db: Database, delivered: str) -> str:
    """The same in the archive."""
    await do(db, SYSTEM, orders.receive, ids.decode("order", delivered) or 0)
    await given.settle(db)
    await turn(db, timedelta(hours=1))
    return delivered


@pytest.fixture
async def auditor(http: httpx.AsyncClient, db: Database, shop: given.Shop) -> Caller:
    """Somebody who audits this shop."""
    return Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["auditor"])))


@pytest.mark.requirement("O5.1")
@pytest.mark.requirement("O5.3")
async def test_a_buyer_objects_takes_it_back_and_is_heard_by_the_shop_alone(
    merchant: Caller, stranger: Caller, auditor: Caller, delivered: str
) -> None:
    path = f"/v1/orders/{delivered}"
    assert "object" in good(await merchant.get(path))["order"]["available_actions"]
    said = {"reason": "not_received", "text": "nobody rang"}
    for hostile in (
        {},
        {"reason": "x y"},
        {"reason": "damaged", "text": "x" * 2001},
        {"reason": 3},
        [],
        said | {"more": 1},
    ):
        assert (await merchant.post(f"{path}/object", hostile)).status_code == 422, hostile
    refused(await merchant.post(f"{path}/object", {"reason": "bored"}), 422, "order.objection_reason_unknown")
    refused(await stranger.post(f"{path}/object", said), 404, "order.unknown")
    assert (await auditor.post(f"{path}/object", said)).status_code == 403
    shown = good(await merchant.post(f"{path}/object", said))
    (clock,) = [one for one in shown["deadlines"] if one["kind"] == "order.auto_receive"]
    assert clock["deadline_at"] is None
    (objection,) = good(await merchant.get(path))["objections"]
    assert (objection["about"], objection["text"], objection["settled_at"]) == (delivered, "nobody rang", None)
    refused(await merchant.post(f"{path}/receive"), 409, "order.objection_open")
    good(await merchant.post(f"{path}/withdraw-objection"))
    refused(await merchant.post(f"{path}/settle-objection", {"outcome": "replaced"}), 409, "order.no_objection")
    good(await merchant.post(f"{path}/object", {"reason": "damaged"}))
    good(await merchant.post(f"{path}/settle-objection", {"outcome": "replaced"}))
    assert [one["outcome"] for one in good(await merchant.get(path))["objections"]] == ["withdrawn", "replaced"]
    good(await merchant.post(f"{path}/receive"))


@pytest.mark.requirement("O5.4")
async def test_feedback_belongs_to_the_order(merchant: Caller, stranger: Caller, http: httpx.AsyncClient, db: Database,
                                             shop: given.Shop, delivered: str) -> None:  # fmt: skip
    path = f"/v1/orders/{delivered}/feedback"
    body = {
        "rating": 4,
        "text": "王小明：很好",
        "photos": ["p/1"],
        "lines": [{"line_no": 1, "rating": 5, "text": "nice"}],
    }
    for hostile in ({"rating": 0}, {"rating": 10**30}, {"rating": "5"}, {"rating": 5, "photos": [""]}, {"rating": 5.5}):
        assert (await merchant.post(path, hostile)).status_code == 422, hostile
    refused(await stranger.post(path, body), 404, "order.unknown")
    assert good(await merchant.post(path, body)) == {"order": delivered, "version": 1, "rating": 4, "is_hidden": False}
    assert good(await merchant.get(path))["items"][0]["lines"][0]["text"] == "nice"
    good(await merchant.post(f"{path}/hide", {"reason": "names_somebody"}))
    storefront = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["storefront"])))
    (seen,), (known,) = [good(await who.get(path))["items"] for who in (storefront, merchant)]
    assert (seen["text"], seen["is_hidden"], known["text"]) == ("", True, "王小明：很好")
    good(await merchant.post(f"{path}/show"))
    assert good(await storefront.get(path))["items"][0]["text"] == "王小明：很好"


@pytest.mark.requirement("O5.5")
async def test_an_archived_order_is_found_at_once(
    merchant: Caller, auditor: Caller, stranger: Caller, platform: Caller, kept: str
) -> None:
    number = ids.spoken(ids.decode("order", kept) or 0)
    shown = good(await auditor.get(f"/v1/archive/{number}"))
    assert (shown["order"], shown["number"], shown["faults"]) == (kept, number, [])
    assert shown["facts"]["lines"][0]["sku"] == "MUG"
    for one in shown["bundles"]:
        assert hashlib.sha256(one["envelope"].encode()).hexdigest() == one["hash"]
    canonical = json.dumps(shown["facts"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == json.loads(shown["bundles"][0]["envelope"])["facts_sha256"]
    refused(await stranger.get(f"/v1/archive/{number}"), 404, "order.unknown")
    assert good(await stranger.get("/v1/archive"))["items"] == []
    for query in ({}, {"reference": "S-1"}, {"limit": 1}):
        assert [row["order"] for row in good(await merchant.get("/v1/archive", params=query))["items"]] == [kept]
    assert good(await merchant.get("/v1/archive", params={"reference": "S-2"}))["items"] == []
    assert good(await platform.get("/v1/archive/failures"))["items"] == []


@pytest.mark.requirement("O5.5")
async def test_an_order_that_is_not_over_is_not_in_the_archive(merchant: Caller, delivered: str) -> None:
    refused(await merchant.get(f"/v1/archive/{delivered}"), 404, "archive.not_kept")
    refused(await merchant.get(f"/v1/archive/{delivered}/case-file"), 404, "archive.not_kept")
    assert good(await merchant.get(f"/v1/orders/{delivered}"))["archive"] is None


@pytest.mark.requirement("O5.5")
async def test_a_case_file_is_exported_in_one_action_and_proves_itself(
    merchant: Caller, http: httpx.AsyncClient, db: Database, shop: given.Shop, kept: str
) -> None:
    path = f"/v1/archive/{kept}/case-file"
    first, second = await merchant.get(path), await merchant.get(path)
    assert first.headers["content-type"] == "application/zip"
    assert first.content == second.content
    packet = zipfile.ZipFile(io.BytesIO(first.content))
    files = {name: packet.read(name) for name in packet.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == manifest["files"]
    assert manifest["faults"] == []
    for language, words in (("en", "Case file of order"), ("zh", "案卷")):
        for ending in ("html", "txt"):
            page = files[f"case-file.{language}.{ending}"].decode()
            assert words in page
            assert "文三路 1 号" in page
            assert "order.completed" in page
    unseeing = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=("archive.read",)))
    without = zipfile.ZipFile(io.BytesIO((await unseeing.get(path)).content))
    assert "people.json" not in without.namelist()
    assert "文三路".encode() not in b"".join(map(without.read, without.namelist()))
    assert good(await unseeing.get(f"/v1/archive/{kept}"))["people"] is None


@pytest.mark.requirement("O5.5")
async def test_after_months_the_order_reads_as_before(merchant: Caller, db: Database, kept: str) -> None:
    before = good(await merchant.get(f"/v1/orders/{kept}"))
    await turn(db, MONTHS)
    after = good(await merchant.get(f"/v1/orders/{kept}"))
    assert after["archive"]["put_away_at"] is not None
    assert after["recipient"] == before["recipient"]
    assert after["order"]["lines"] == before["order"]["lines"]
    assert [row["id"] for row in good(await merchant.get("/v1/orders", params={"reference": "S-1"}))["items"]] == [kept]


@pytest.mark.requirement("O5.5")
async def test_only_some_may_set_and_lift_a_hold(
    merchant: Caller, auditor: Caller, stranger: Caller, kept: str
) -> None:
    path = f"/v1/archive/{kept}"
    assert (await auditor.post(f"{path}/hold", {"reason": "court"})).status_code == 403
    refused(await stranger.post(f"{path}/hold", {"reason": "court"}), 404, "order.unknown")
    good(await merchant.post(f"{path}/hold", {"reason": "court"}))
    refused(await merchant.post(f"{path}/hold", {"reason": "court"}), 409, "archive.hold_open")
    assert [one["lifted_at"] for one in good(await auditor.get(path))["holds"]] == [None]
    assert good(await merchant.post(f"{path}/lift-hold", {"reason": "closed"}))["lift_reason"] == "closed"
    refused(await merchant.post(f"{path}/lift-hold", {"reason": "closed"}), 409, "archive.no_hold")
