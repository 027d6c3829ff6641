"""Signs of abuse through the doors: explained to staff, decided by people, neutral to the buyer, and nobody else's."""

import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from dingdan.areas import abuse, archive, identity, orders
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import bundles
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.abuse import suspects
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key


async def person(http: httpx.AsyncClient, db: Database, shop: given.Shop, login: str, role: str = "risk") -> Caller:
    """A member of the shop's staff with a key of their own."""
    somebody = await do(db, SYSTEM, identity.save_staff,
                        identity.SaveStaff(shop.merchant_id, f"{login}-{shop.merchant_id}", login, (role,)))  # fmt: skip
    scopes = tuple(sorted(identity.permissions_of(frozenset({role}))))
    issued = await do(db, SYSTEM, identity.issue_key,
                      identity.IssueKey(shop.merchant_id, somebody.id, login, scopes))  # fmt: skip
    return Caller(http, issued.secret)


async def flagged(db: Database, shop: given.Shop, buyer: str = "buyer-1", level: int = 1) -> str:
    """The id of a flag of this buyer, as it is written."""
    order_id = await suspects.delivered(db, shop, buyer)
    flag = await suspects.flagged(db, order_id, *suspects.LEVELS[level])
    return ids.encode("abuse_flag", flag.id)


@pytest.mark.requirement("R7.1")
async def test_staff_see_each_part_and_where_it_is_from(
    db: Database, shop: given.Shop, merchant: Caller, stranger: Caller
) -> None:
    flag = await flagged(db, shop, level=2)
    shown = good(await merchant.get(f"/v1/abuse/flags/{flag}"))
    assert (shown["state"], shown["score"], shown["level"], shown["parts"]) == ("open", 60, 2, 2)
    first = shown["explained"][0]
    assert (first["kind"], first["points"], first["is_counting"]) == ("swapped_item", 35, True)
    assert set(first["says"]) == {"en", "zh"}
    assert first["subject_id"].startswith("buy_")
    assert {one["code"]: one["is_on"] for one in shown["measures"]} == {
        "extra_look": True, "hold_early": True, "person": True, "no_extras": False,
    }  # fmt: skip
    refused(await stranger.get(f"/v1/abuse/flags/{flag}"), 404, "abuse.unknown")
    assert good(await stranger.get("/v1/abuse/flags"))["items"] == []


@pytest.mark.requirement("R7.1")
async def test_the_list_goes_on_where_it_ended(db: Database, shop: given.Shop, merchant: Caller) -> None:
    made = [await flagged(db, shop, f"buyer-{n}") for n in range(3)]
    seen: list[str] = []
    after: str | None = None
    for _ in range(3):
        page = good(await merchant.get("/v1/abuse/flags", params={"limit": 1} | ({"after": after} if after else {})))
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert (seen, after) == (made[::-1], None)
    assert good(await merchant.get("/v1/abuse/flags", params={"level": 3}))["items"] == []
    assert good(await merchant.get("/v1/abuse/flags", params={"state": "lifted"}))["items"] == []


@pytest.mark.requirement("R7.4")
async def test_people_decide_and_programs_do_not(
    http: httpx.AsyncClient, db: Database, shop: given.Shop, merchant: Caller
) -> None:
    flag = await flagged(db, shop)
    path = f"/v1/abuse/flags/{flag}"
    refused(await merchant.post(f"{path}/confirm", {"parts": 1}), 403, "abuse.needs_person")
    anna = await person(http, db, shop, "anna")
    assert good(await anna.get(path))["available_actions"] == ["confirm", "lift"]
    refused(await anna.post(f"{path}/confirm", {"parts": 2}), 409, "abuse.grew")
    sure = good(await anna.post(f"{path}/confirm", {"parts": 1}))
    assert (sure["state"], sure["decided_by"]["kind"]) == ("confirmed", "staff")
    over = good(await anna.post(f"{path}/lift", {"parts": 1, "reason": "mixed_up"}))
    assert (over["state"], over["available_actions"], over["deadlines"]) == ("lifted", [], [])
    figures = good(await anna.get("/v1/abuse/figures"))
    assert (figures["reviewed"], figures["overturned"], figures["rate_per_mille"]) == (1, 1, 1000)
    assert (figures["target_per_mille"], figures["verdict"]) == (30, "missed")
    clerk = await person(http, db, shop, "clerk", "customer_service")
    refused(await clerk.get(path), 403, "auth.not_allowed")


@pytest.mark.requirement("R7.4")
async def test_the_buyer_is_told_neutrally_and_why_on_request(
    http: httpx.AsyncClient, db: Database, shop: given.Shop, merchant: Caller
) -> None:
    flag = await flagged(db, shop)
    store = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=["abuse.ask"]))
    told = good(await store.get("/v1/notices", params={"buyer": "buyer-1"}))
    assert (told["needs_more_time"], told["flag_id"]) == (True, flag)
    assert "需要更多时间" in told["says"]["zh"]
    assert not {"score", "level", "kind"} & set(told)
    assert good(await store.get("/v1/notices", params={"buyer": "nobody"}))["needs_more_time"] is False

    why = good(await store.get(f"/v1/notices/{flag}/reason", params={"buyer": "buyer-1"}))
    assert [one["says"]["zh"] for one in why["reasons"]] == ["退回的不是原商品。"]
    assert why["available_actions"] == ["ask_review"]
    refused(await store.get(f"/v1/notices/{flag}/reason", params={"buyer": "buyer-2"}), 404, "abuse.unknown")
    refused(await store.get(f"/v1/abuse/flags/{flag}"), 403, "auth.not_allowed")

    mine = {"buyer": "buyer-1", "text": "我寄回的就是原商品。"}
    refused(await store.post(f"/v1/notices/{flag}/appeal", mine), 409, "abuse.state_forbids")
    asked = good(await store.post(f"/v1/notices/{flag}/ask_review", mine))
    assert asked["available_actions"] == ["ask_reason"]
    refused(await store.post(f"/v1/notices/{flag}/ask_review", mine), 409, "abuse.asked_before")
    anna, bela = [await person(http, db, shop, name) for name in ("anna", "bela")]
    shown = good(await anna.get(f"/v1/abuse/flags/{flag}"))
    assert (shown["state"], shown["asked"]) == ("asked", mine["text"])
    assert "abuse_flag.answer" in {one["kind"] for one in shown["deadlines"]}
    good(await anna.post(f"/v1/abuse/flags/{flag}/confirm", {"parts": 1}))
    good(await store.post(f"/v1/notices/{flag}/appeal", mine))
    refused(await anna.post(f"/v1/abuse/flags/{flag}/confirm", {"parts": 1}), 403, "abuse.same_hand")
    good(await bela.post(f"/v1/abuse/flags/{flag}/lift", {"parts": 1, "reason": "honest"}))
    assert good(await store.get("/v1/notices", params={"buyer": "buyer-1"}))["needs_more_time"] is False


@pytest.mark.requirement("R7.3")
async def test_evidence_goes_out_as_one_packet_with_its_hashes(
    http: httpx.AsyncClient, db: Database, shop: given.Shop, merchant: Caller, stranger: Caller
) -> None:
    flag = await flagged(db, shop)
    anna, clerk = await person(http, db, shop, "anna"), await person(http, db, shop, "clerk", "manager")
    how: Any = {"reason": "fraud", "authority": "杭州市公安局西湖区分局"}
    refused(await anna.post(f"/v1/abuse/flags/{flag}/hand_over", how), 409, "abuse.handover_unfounded")
    good(await anna.post(f"/v1/abuse/flags/{flag}/confirm", {"parts": 1}))
    refused(await merchant.post(f"/v1/abuse/flags/{flag}/hand_over", how), 403, "abuse.needs_person")
    refused(await clerk.post(f"/v1/abuse/flags/{flag}/hand_over", how), 403, "auth.not_allowed")
    made = good(await anna.post(f"/v1/abuse/flags/{flag}/hand_over", how))
    packet = await anna.get(f"/v1/abuse/handovers/{made['id']}/package")
    again = await anna.get(f"/v1/abuse/handovers/{made['id']}/package")
    assert packet.content == again.content
    with zipfile.ZipFile(io.BytesIO(packet.content)) as files:
        manifest, told = (json.loads(files.read(f"{name}.json")) for name in ("manifest", "flag"))
    assert manifest["orders"] == manifest["not_archived"] == made["orders"]
    assert [sign["kind"] for sign in told["signs"]] == ["swapped_item"]
    # What is going on is in it as it stands now, what is over as the archive has it.
    (order,) = made["orders"]
    order_id = ids.decode("order", order)
    spoken = ids.spoken(order_id)
    assert f"order-{spoken}.json" in manifest["files"]
    with zipfile.ZipFile(io.BytesIO(packet.content)) as files:
        going = json.loads(files.read(f"order-{spoken}.json"))
    assert (going["facts"]["order"][0]["id"], len(going["facts"]["lines"])) == (order, 1)
    assert bool(going["people"]) == ("order.read_contact" in identity.permissions_of(frozenset({"risk"})))
    await do(db, SYSTEM, orders.receive, order_id)
    await do(db, SYSTEM, archive.keep, [order_id], collect=bundles.collect, leaving=bundles.LEAVING)
    kept = await anna.get(f"/v1/abuse/handovers/{made['id']}/package")
    with zipfile.ZipFile(io.BytesIO(kept.content)) as files:
        manifest = json.loads(files.read("manifest.json"))
        whole = zipfile.ZipFile(io.BytesIO(files.read(f"case-file-{spoken}.zip"))).namelist()
    assert (manifest["not_archived"], sorted(manifest["files"])) == ([], [f"case-file-{spoken}.zip", "flag.json"])
    assert "case-file.zh.html" in whole
    refused(await stranger.get(f"/v1/abuse/handovers/{made['id']}/package"), 404, "abuse.handover_unknown")
    assert [one["id"] for one in good(await anna.get(f"/v1/abuse/flags/{flag}"))["handovers"]] == [made["id"]]


async def test_hostile_input_is_refused_and_changes_nothing(
    http: httpx.AsyncClient, db: Database, shop: given.Shop, merchant: Caller
) -> None:
    flag = await flagged(db, shop)
    anna = await person(http, db, shop, "anna")
    for body in ({}, {"parts": -1}, {"parts": 10**30}, {"parts": "1"}, {"parts": None}, [], {"parts": 1, "more": 1}):
        assert (await anna.post(f"/v1/abuse/flags/{flag}/confirm", body)).status_code in (400, 422)
    refused(await anna.post(f"/v1/abuse/flags/{ids.encode('abuse_flag', 1)}/lift", {"parts": 1, "reason": "x"}), 404,
            "abuse.unknown")  # fmt: skip
    for text in ("a\0b", "x" * 3000):
        answer = await merchant.post(f"/v1/notices/{flag}/ask_review", {"buyer": "buyer-1", "text": text})
        assert answer.status_code in (400, 422)
    assert good(await anna.get(f"/v1/abuse/flags/{flag}"))["state"] == "open"
    assert abuse.LASTS.days == 180
