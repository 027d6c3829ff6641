"""Webhooks through the API: set up, looked at, tested, replayed, and every no."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.targets import Targets
from tests import given
from tests.areas.webhooks.receiver import Answer, deliver, is_signed, listening
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

pytestmark = pytest.mark.requirement("issue 4: webhooks")

HERE = "/v1/webhook-endpoints"


def near(db: Database) -> None:
    """Let this house call itself."""
    db.targets = Targets(loopback=True)


async def make(caller: Caller, url: str = "http://127.0.0.1:9/", **more: Any) -> dict[str, Any]:
    """An endpoint and its secret."""
    made: dict[str, Any] = good(await caller.post(HERE, {"url": url} | more))
    return made


async def test_from_the_first_test_to_the_last_replay(merchant: Caller, shop: given.Shop, db: Database) -> None:
    near(db)
    async with listening() as receiver:
        made = await make(merchant, receiver.url(), events=["order.placed"], description="till")
        endpoint, secret = made["endpoint"], made["secret"]
        path = f"{HERE}/{endpoint['id']}"
        assert endpoint["scopes"] == [
            "order.read", "parcel.read", "payment.read", "refund.read", "return.read", "review.read"
        ]  # fmt: skip
        test = good(await merchant.post(f"{path}/test"))
        assert (test["state"], test["type"]) == ("pending", "webhook.test")
        await deliver(db)
        shown = good(await merchant.get(f"/v1/webhook-deliveries/{test['id']}"))
        assert shown["delivery"]["state"] == "delivered"
        (call,) = shown["attempts"]
        assert (call["status"], call["answer"], call["url"]) == (200, "thanks", receiver.url())
        assert call["headers"]["webhook-id"] == test["message_id"]
        assert shown["body"].encode() == receiver.got[0].body
        assert is_signed(receiver.got[0], secret)

        receiver.answers["/"] = Answer(500, b"broken")
        for _ in range(3):
            await given.placed_order(db, shop)
        await deliver(db)
        failing = good(await merchant.get(path))
        assert (failing["failures"], failing["failing_since"] is None) == (3, False)
        good(await merchant.post(f"{path}/disable"))
        off = good(await merchant.get(path))
        assert (off["state"], off["disabled_reason"], "enable" in off["available_actions"]) == (
            "disabled",
            "by_hand",
            True,
        )
        refused(
            await merchant.post(f"{path}/replay", {"since": "2020-01-01T00:00:00Z"}), 409, "webhook.endpoint_disabled"
        )
        await given.placed_order(db, shop)
        await deliver(db)
        receiver.answers.clear()
        good(await merchant.post(f"{path}/enable", {"after": off["cursor"]}))
        assert good(await merchant.post(f"{path}/replay", {"since": "2020-01-01T00:00:00Z"})) == {
            "replayed": 3, "has_more": False
        }  # fmt: skip
        await deliver(db)
        rows = good(await merchant.get(f"{path}/deliveries", params={"type": "order.placed", "state": "delivered"}))
        assert [row["replays"] for row in rows["items"]] == [0, 1, 1, 1]
        again = good(await merchant.post(f"/v1/webhook-deliveries/{rows['items'][0]['id']}/replay"))
        assert again["state"] == "pending"
        await deliver(db)
    assert len(receiver.got) == 1 + 3 + 4 + 1
    removed = good(await merchant.request("DELETE", path))
    assert (removed["state"], removed["available_actions"]) == ("removed", [])
    assert good(await merchant.request("DELETE", path)) == removed
    refused(await merchant.get(path), 404, "webhook.endpoint_unknown")
    refused(await merchant.post(f"{path}/test"), 404, "webhook.endpoint_unknown")
    refused(await merchant.post(f"/v1/webhook-deliveries/{again['id']}/replay"), 404, "webhook.endpoint_unknown")
    assert good(await merchant.get(HERE))["items"] == []
    good(await merchant.get(f"/v1/webhook-deliveries/{again['id']}"))


async def test_the_secret_is_shown_once(merchant: Caller, db: Database) -> None:
    near(db)
    wanted = {"url": "http://127.0.0.1:9/"}
    first = good(await merchant.post(HERE, wanted, key="k"))
    again = good(await merchant.post(HERE, wanted, key="k"))
    assert again == first | {"secret": None}
    path = f"{HERE}/{first['endpoint']['id']}"
    new = good(await merchant.post(f"{path}/rotate_secret"))
    assert new["secret"].startswith("whsec_")
    assert new["secret"] != first["secret"]
    once = good(await merchant.post(f"{path}/rotate_secret", key="r"))
    assert good(await merchant.post(f"{path}/rotate_secret", key="r")) == once | {"secret": None}
    assert new["endpoint"]["old_secret_until"]
    assert "whsec" not in (await merchant.get(path)).text
    await do(db, SYSTEM, clock.advance, timedelta(hours=25))
    assert good(await merchant.get(path))["old_secret_until"] is None


async def test_lists_go_on_where_they_end(merchant: Caller, shop: given.Shop, db: Database) -> None:
    near(db)
    made = [await make(merchant, events=["order.placed"]) for _ in range(3)]
    wanted = [one["endpoint"]["id"] for one in made]
    assert [one["id"] for one in await whole(merchant, HERE)] == wanted
    for _ in range(5):
        await given.placed_order(db, shop)
    await deliver(db)
    listed = await whole(merchant, f"{HERE}/{wanted[0]}/deliveries")
    assert [one["id"] for one in listed] == sorted((one["id"] for one in listed), reverse=True)
    assert len({one["event_id"] for one in listed}) == 5
    since = {"since": "2099-01-01T00:00:00Z"}
    assert good(await merchant.get(f"{HERE}/{wanted[0]}/deliveries", params=since))["items"] == []


async def test_a_change_leaves_the_rest(merchant: Caller, db: Database) -> None:
    near(db)
    made = (await make(merchant, description="old"))["endpoint"]
    path = f"{HERE}/{made['id']}"
    changed = good(await merchant.request("PATCH", path, json={"events": ["order.*", "order.*"], "description": "new"}))
    assert changed == made | {"events": ["order.*"], "description": "new", "cursor": changed["cursor"]}
    assert good(await merchant.request("PATCH", path, json={})) == changed
    assert good(await merchant.request("PATCH", path, json={"description": ""}))["description"] == ""


@pytest.mark.requirement("S-14")
async def test_addresses_are_looked_at_when_they_are_saved(merchant: Caller, db: Database) -> None:
    db.targets = Targets(
        lookup=lambda host, _port: {"in.example": ["10.0.0.1"], "ok.example": ["8.8.8.8"]}.get(host, [])
    )
    made = (await make(merchant, "https://ok.example/hooks"))["endpoint"]
    wrong = {
        "http://ok.example/": "webhook.target_malformed",
        "https://me@ok.example/": "webhook.target_malformed",
        "https://ok.example:22/": "webhook.target_malformed",
        "https://in.example/": "webhook.target_private",
        "https://nowhere.example/": "webhook.target_unresolved",
    }
    for url, code in wrong.items():
        assert refused(await merchant.post(HERE, {"url": url}), 422, code)["path"] == "url"
        refused(await merchant.request("PATCH", f"{HERE}/{made['id']}", json={"url": url}), 422, code)
    assert good(await merchant.get(f"{HERE}/{made['id']}"))["url"] == "https://ok.example/hooks"


async def test_nobody_gives_more_than_they_have(
    http: httpx.AsyncClient, merchant: Caller, shop: given.Shop, db: Database
) -> None:
    near(db)
    poor = Caller(
        http, await key(db, merchant_id=shop.merchant_id, scopes=("webhook.write", "event.read", "order.read"))
    )
    made = await make(poor)
    assert made["endpoint"]["scopes"] == ["order.read"]
    path = f"{HERE}/{made['endpoint']['id']}"
    for scope in ("order.read_contact", "order.cancel", "no.such"):
        answer = await poor.post(HERE, {"url": "http://127.0.0.1:9/", "scopes": ["order.read", scope]})
        assert refused(answer, 403, "webhook.scope_not_given")["path"] == "scopes[1]"
        refused(await poor.request("PATCH", path, json={"scopes": [scope]}), 403, "webhook.scope_not_given")
    good(await merchant.request("PATCH", path, json={"scopes": ["payment.read"]}))
    # What somebody else gave stays when one changes another thing.
    good(await poor.request("PATCH", path, json={"description": "x"}))
    deaf = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=("webhook.write",)))
    refused(await deaf.post(HERE, {"url": "http://127.0.0.1:9/"}), 403, "webhook.scope_not_given")


async def test_what_makes_no_sense_is_refused(merchant: Caller, stranger: Caller, db: Database) -> None:
    near(db)
    made = (await make(merchant))["endpoint"]
    path = f"{HERE}/{made['id']}"
    for wrong in (
        {}, {"url": 1}, {"url": ""}, {"url": "http://127.0.0.1:9/", "events": []}, {"url": "x" * 501},
        {"url": "http://127.0.0.1:9/", "events": ["a\0b"]}, {"url": "http://127.0.0.1:9/", "events": ["*"] * 101},
        {"url": "http://127.0.0.1:9/", "after": "x"}, {"url": "http://127.0.0.1:9/", "after": "_" * 11},
        {"url": "http://127.0.0.1:9/", "state": "enabled"},
    ):  # fmt: skip
        assert (await merchant.post(HERE, wrong)).status_code == 422, wrong
    refused(
        await merchant.post(HERE, {"url": "http://127.0.0.1:9/", "events": ["order.eaten"]}),
        422,
        "webhook.event_unknown",
    )
    refused(
        await merchant.post(HERE, {"url": "http://127.0.0.1:9/", "after": "f" * 10 + "A"}), 422, "webhook.place_unknown"
    )
    refused(await merchant.post(f"{path}/enable", {"after": "f" * 10 + "A"}), 422, "webhook.place_unknown")
    for query in ("state=lost", "since=yesterday", "limit=0", "after=x", "type=", "type=a%00b"):
        assert (await merchant.get(f"{path}/deliveries?{query}")).status_code == 422, query
    nobody = ids.encode("webhook_delivery", 77)
    refused(await merchant.get(f"/v1/webhook-deliveries/{nobody}"), 404, "webhook.delivery_unknown")
    for answer in (
        await stranger.get(path), await stranger.request("PATCH", path, json={"description": "x"}),
        await stranger.request("DELETE", path), await stranger.post(f"{path}/rotate_secret"),
    ):  # fmt: skip
        refused(answer, 404, "webhook.endpoint_unknown")
    assert good(await merchant.get(HERE))["items"] == [made]


async def whole(caller: Caller, path: str) -> list[dict[str, Any]]:
    """A whole list, two at a time."""
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = good(await caller.get(path, params={"limit": 2} | after))
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}
