"""The sandbox's own receiver: it gets what others get, checks who signed it, keeps little, and is no way into the house."""

import json
from time import time

import msgspec
import pytest
from tests import given
from tests.areas.webhooks.receiver import LOOKING, deliver, log

from dingdan.areas import webhooks
from dingdan.areas.webhooks import catching
from dingdan.areas.webhooks.rules import signing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.plumbing import outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def catcher(db: Database, shop: given.Shop) -> webhooks.Made:
    await outbox.sequence(db)
    return await do(db, SYSTEM, webhooks.make_catcher, webhooks.SaveEndpoint(
        merchant_id=shop.merchant_id, url="", events=("order.placed",), scopes=LOOKING
    ))  # fmt: skip


async def caught(db: Database, made: webhooks.Made) -> list[webhooks.Caught]:
    async with db.reading(SYSTEM) as tx:
        return await webhooks.caught(tx, made.endpoint_id, Page(500))


async def test_what_is_sent_is_kept_with_headers_body_and_a_good_signature(db: Database, shop: given.Shop) -> None:
    made = await catcher(db, shop)
    await given.placed_order(db, shop)
    await deliver(db)
    (one,) = await caught(db, made)
    assert one.is_signed
    assert one.headers["webhook-id"] == one.message_id == json.loads(one.body)["id"]
    assert json.loads(one.body)["type"] == "order.placed"
    assert given.ADDRESS.name not in one.body.decode()
    (sent,) = await log(db, made.endpoint_id)
    assert (sent["results"], sent["answer"]) == (["succeeded"], "caught")
    assert sent["body"] == one.body


async def test_it_answers_what_it_is_told_and_then_the_message_is_tried_again(db: Database, shop: given.Shop) -> None:
    made = await catcher(db, shop)
    await do(db, SYSTEM, webhooks.answer_with, made.endpoint_id, 500)
    await given.placed_order(db, shop)
    await deliver(db)
    (sent,) = await log(db, made.endpoint_id)
    assert (sent["results"], sent["delivered_at"], sent["failed_at"]) == (["refused"], None, None)
    await do(db, SYSTEM, webhooks.answer_with, made.endpoint_id, 200)
    await do(db, SYSTEM, webhooks.replay, sent["id"])
    await deliver(db)
    assert [one.answered for one in await caught(db, made)] == [200, 500]
    assert (await log(db, made.endpoint_id))[0]["results"] == ["refused", "succeeded"]
    with pytest.raises(webhooks.NoCatcher):
        await do(db, SYSTEM, webhooks.answer_with, made.endpoint_id, 302)


async def test_only_the_newest_are_kept_and_of_a_large_body_the_beginning(db: Database, shop: given.Shop) -> None:
    made = await catcher(db, shop)
    test = await do(db, SYSTEM, webhooks.test, made.endpoint_id)
    async with db.transaction(SYSTEM) as tx:
        one = await webhooks.endpoint(tx, made.endpoint_id)
        call = signed(await webhooks.delivery(tx, test), made.secret, b"x" * 100_000)
        await catching.take_in(tx, one, [call] * (catching.KEPT + 5), [made.secret])
    found = await caught(db, made)
    assert len(found) == catching.KEPT
    assert {(len(each.body), each.size) for each in found} == {(catching.BODY_BYTES, 100_000)}
    await do(db, SYSTEM, webhooks.remove, made.endpoint_id)
    assert await caught(db, made) == []
    # What was on its way while somebody took the catcher away is kept nowhere.
    assert await do(db, SYSTEM, catching.take_in, one, [call], [made.secret]) == 410
    assert await caught(db, made) == []


async def test_a_message_of_somebody_else_is_seen_to_be_one(db: Database, shop: given.Shop) -> None:
    made = await catcher(db, shop)
    test = await do(db, SYSTEM, webhooks.test, made.endpoint_id)
    async with db.transaction(SYSTEM) as tx:
        one = await webhooks.endpoint(tx, made.endpoint_id)
        good = signed(await webhooks.delivery(tx, test), made.secret, b"{}")
        forged = msgspec.structs.replace(good, body=b'{"amount": 1}')
        old = signed(good.delivery, made.secret, b"{}", stamp=1_000_000_000)
        unsigned = msgspec.structs.replace(good, headers={"webhook-id": "x", "webhook-timestamp": "soon"})
        await catching.take_in(tx, one, [good, forged, old, unsigned], [made.secret])
    assert [each.is_signed for each in await caught(db, made)] == [False, False, False, True]


async def test_it_is_no_hole_in_the_wall(db: Database, shop: given.Shop) -> None:
    """Nobody names it as an address, it gets no address of its own, and where things are real there is none."""
    made = await catcher(db, shop)
    for url in (webhooks.CATCHER, "dingdan:catcher/../x", "dingdan://catcher"):
        with pytest.raises(webhooks.TargetMalformed):
            await webhooks.demand_target(db, url)
    with pytest.raises(webhooks.CatcherFixed):
        await do(
            db, SYSTEM, webhooks.change, made.endpoint_id, webhooks.ChangeEndpoint(url="https://example.com/hooks")
        )
    await given.placed_order(db, shop)
    db.sandbox = False
    with pytest.raises(webhooks.CatcherOff):
        await catcher(db, shop)
    await deliver(db)
    db.sandbox = True
    assert (await log(db, made.endpoint_id))[0]["results"] == ["not_allowed"]
    assert await caught(db, made) == []


def signed(delivery: webhooks.Delivery, secret: str, body: bytes, *, stamp: int | None = None) -> catching.Call:
    """A signed message."""
    at = int(time()) if stamp is None else stamp
    above = {
        "webhook-id": delivery.message_id, "webhook-timestamp": str(at),
        "webhook-signature": signing.signature([secret], message_id=delivery.message_id, timestamp=at, body=body),
    }  # fmt: skip
    return catching.Call(delivery, webhooks.CATCHER, above, body)
