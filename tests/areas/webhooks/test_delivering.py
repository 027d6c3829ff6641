"""What other systems are told: once each, signed, as they may see it, and no receiver waits for another."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests import given
from tests.areas.webhooks.receiver import (
    Answer,
    Receiver,
    deliver,
    endpoint,
    fan_out,
    is_signed,
    listening,
    log,
)

from dingdan.areas import orders, webhooks
from dingdan.areas.webhooks import delivering
from dingdan.areas.webhooks.model import Outcome
from dingdan.kernel import ids, page
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.targets import Targets
from dingdan.surfaces.api.snapshots import bodies

pytestmark = pytest.mark.requirement("issue 4: webhooks")


async def test_an_order_is_told_of_whole_with_what_was_before(
    db: Database, shop: given.Shop, receiver: Receiver
) -> None:
    made = await endpoint(db, shop, receiver.url(), "order.*")
    order_id = await given.placed_order(db, shop)
    await deliver(db)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")
    await deliver(db)
    placed, cancelled = receiver.got
    assert (placed.json["type"], cancelled.json["type"]) == ("order.placed", "order.cancelled")
    for got in receiver.got:
        assert is_signed(got, made.secret)
        assert got.headers["webhook-id"] == got.json["id"] == got.json["event"]["id"]
        assert abs(int(got.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert placed.json["previous"] == {}
    assert cancelled.json["previous"] == {"state": "awaiting_payment"}
    assert cancelled.json["event"]["data"]["reason"] == "changed_mind"
    assert cancelled.json["object"] == "order"
    data = cancelled.json["data"]
    assert data["order"]["id"] == ids.encode("order", order_id)
    assert data["order"]["state"] == "cancelled"
    assert data["recipient"]["is_masked"]
    assert given.ADDRESS.name not in cancelled.body.decode()
    assert [(one["results"], one["tries"]) for one in await log(db, made.endpoint_id)] == [(["succeeded"], 1)] * 2


async def test_an_endpoint_sees_what_its_scopes_show(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    await endpoint(db, shop, receiver.url("/blind"), scopes=())
    await endpoint(db, shop, receiver.url("/all"))
    await given.placed_order(db, shop)
    await deliver(db)
    (blind,), (everything,) = receiver.at("/blind"), receiver.at("/all")
    assert (blind.json["data"], blind.json["object"]) == (None, None)
    assert blind.json["event"] == everything.json["event"]
    assert everything.json["data"]["order"]["lines"]
    with pytest.raises(webhooks.ScopeNotGiven):
        await endpoint(db, shop, receiver.url(), scopes=("order.read_contact",))


async def test_nobody_is_told_of_another_shop(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    await endpoint(db, shop, receiver.url(), "*")
    other = await given.shop(db)
    await given.placed_order(db, other)
    await deliver(db)
    assert receiver.got != [], "what happened to the endpoint itself"
    assert {got.json["event"]["merchant"] for got in receiver.got} == {ids.encode("merchant", shop.merchant_id)}


async def test_every_fact_once_whoever_hands_it_out(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    """Several workers at once, a second run, and a rewind to the beginning."""
    made = await endpoint(db, shop, receiver.url())
    count = 12
    order_ids = [await given.placed_order(db, shop) for _ in range(count)]
    await asyncio.gather(*(fan_out(db) for _ in range(4)))
    await asyncio.gather(*(deliver(db) for _ in range(4)))
    await do(db, SYSTEM, webhooks.enable, made.endpoint_id, after=0)
    await deliver(db)
    told = [got.json["data"]["order"]["id"] for got in receiver.got]
    assert sorted(told) == sorted(ids.encode("order", one) for one in order_ids)
    assert len(await log(db, made.endpoint_id)) == count


async def test_a_new_endpoint_begins_now_or_where_it_is_told(
    db: Database, shop: given.Shop, receiver: Receiver
) -> None:
    await given.placed_order(db, shop)
    await fan_out(db)
    await endpoint(db, shop, receiver.url("/now"))
    await endpoint(db, shop, receiver.url("/before"), after=0)
    await given.placed_order(db, shop)
    await deliver(db)
    assert (len(receiver.at("/now")), len(receiver.at("/before"))) == (1, 2)


async def test_what_is_about_one_order_comes_in_order(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    receiver.answers["/"] = Answer(hangs=0.02)
    await endpoint(db, shop, receiver.url(), "*")
    order_ids = [await given.paid_order(db, shop) for _ in range(3)]
    await deliver(db)
    for order_id in order_ids:
        about = ids.encode("order", order_id)
        story = [
            page.decode_cursor(got.json["cursor"]) or 0
            for got in receiver.got
            if got.json["event"]["order_id"] == about
        ]
        assert len(story) > 3
        assert story == sorted(story)
    assert 1 < receiver.most <= 4


@pytest.mark.requirement("F-15")
async def test_a_receiver_that_hangs_delays_nobody(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    slow = [f"/hangs-{n}" for n in range(10)]
    receiver.answers = {path: Answer(hangs=60) for path in slow} | {"/trickles": Answer(trickles=True, body=b"x" * 99)}
    for path in (*slow, "/trickles", "/quick"):
        await endpoint(db, shop, receiver.url(path))
    await given.placed_order(db, shop)
    await fan_out(db)
    couriers = webhooks.Couriers(db, bodies, seconds=4.0)
    assert await couriers.start() == 12
    async with asyncio.timeout(3.5):
        await receiver.until(1, "/quick")
        await receiver.until(1, slow[-1])
        # While they hang, what happens next goes out, too.
        await given.placed_order(db, shop)
        await fan_out(db)
        while len(receiver.at("/quick")) < 2:
            await couriers.start()
            await asyncio.sleep(0.05)
    await couriers.finish()
    # Each of them was called once and is left alone; the second message waits untried.
    assert {len(receiver.at(path)) for path in (*slow, "/trickles")} == {1}


@pytest.mark.requirement("F-15")
async def test_what_fails_is_tried_again_and_says_the_same(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    made = await endpoint(db, shop, receiver.url())
    await given.placed_order(db, shop)
    for answer in (
        Answer(500, b"no"),
        Answer(302, headers=(("location", receiver.url("/elsewhere")),)),
        Answer(cuts=True),
    ):
        receiver.answers["/"] = answer
        await deliver(db)
        await do(db, SYSTEM, clock.advance, timedelta(hours=1))
    receiver.answers["/"] = Answer(204, b"")
    await deliver(db)
    (told,) = await log(db, made.endpoint_id)
    assert told["results"] == ["refused", "refused", "unreachable", "succeeded"]
    assert receiver.at("/elsewhere") == []
    assert len({(got.body, got.headers["webhook-id"]) for got in receiver.got}) == 1
    assert all(is_signed(got, made.secret) for got in receiver.got)
    await deliver(db)
    assert len(receiver.got) == 4


async def test_an_answer_is_kept_as_far_as_it_is_of_use(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    made = await endpoint(db, shop, receiver.url())
    receiver.answers["/"] = Answer(400, b"\0\xff" + b"x" * 10_000)
    await given.placed_order(db, shop)
    await deliver(db)
    (told,) = await log(db, made.endpoint_id)
    assert told["answer"] == "\ufffd\ufffd" + "x" * 4094


@pytest.mark.requirement("F-15")
async def test_days_of_failures_end_in_a_word_to_the_merchant(
    db: Database, shop: given.Shop, receiver: Receiver
) -> None:
    dead = await endpoint(db, shop, receiver.url("/dead"))
    gone = await endpoint(db, shop, receiver.url("/gone"))
    await endpoint(db, shop, receiver.url("/well"), "webhook.disabled")
    receiver.answers |= {"/dead": Answer(500), "/gone": Answer(410)}
    await given.placed_order(db, shop)
    for _ in range(12):
        await deliver(db)
        await do(db, SYSTEM, clock.advance, timedelta(hours=27))
    assert (len(receiver.at("/gone")), len(receiver.at("/dead"))) == (1, 5)
    told = {got.json["event"]["subject_id"]: got.json["event"]["data"] for got in receiver.at("/well")}
    assert told == {
        ids.encode("webhook_endpoint", dead.endpoint_id): {"reason": "failing", "waiting": 1},
        ids.encode("webhook_endpoint", gone.endpoint_id): {"reason": "gone", "waiting": 1},
    }
    assert {(await log(db, one.endpoint_id))[0]["failure"] for one in (dead, gone)} == {"endpoint_disabled"}
    await given.placed_order(db, shop)
    await deliver(db)
    assert len(receiver.at("/dead")) == 5


async def test_a_ladder_has_an_end(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    """Messages that their receiver never takes, beside others that it does: they end, and the endpoint does not."""
    made = await endpoint(db, shop, receiver.url(), "order.placed", "order.cancelled")
    receiver.refuses = {"order.placed"}
    count = 11
    for order_id in [await given.placed_order(db, shop) for _ in range(count)]:
        await do(db, SYSTEM, orders.cancel, order_id, reason="x")
        await deliver(db)
        await do(db, SYSTEM, clock.advance, timedelta(hours=27))
    told = await log(db, made.endpoint_id)
    ended = {(one["wire"], one["failure"], one["tries"]) for one in told}
    assert ended == {("order.placed", "exhausted", 10), ("order.cancelled", None, 1)}
    async with db.reading(SYSTEM) as tx:
        assert (await webhooks.endpoint(tx, made.endpoint_id)).state is webhooks.EndpointState.ENABLED


async def test_replay_of_one_and_of_all_that_failed(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    made = await endpoint(db, shop, receiver.url())
    for _ in range(3):
        await given.placed_order(db, shop)
    await deliver(db)
    first = (await log(db, made.endpoint_id))[0]
    await do(db, SYSTEM, webhooks.replay, first["id"])
    await deliver(db)
    assert [got.json["id"] for got in receiver.got].count(receiver.got[-1].json["id"]) == 2
    receiver.answers["/"] = Answer(500)
    for _ in range(3):
        await given.placed_order(db, shop)
    await deliver(db)
    await do(db, SYSTEM, webhooks.disable, made.endpoint_id)
    since = datetime.now(UTC) - timedelta(hours=1)
    with pytest.raises(webhooks.EndpointDisabled):
        await do(db, SYSTEM, webhooks.replay_failed, made.endpoint_id, since=since)
    await do(db, SYSTEM, webhooks.enable, made.endpoint_id)
    receiver.answers["/"] = Answer()
    assert await do(db, SYSTEM, webhooks.replay_failed, made.endpoint_id, since=since) == (3, False)
    assert await do(db, SYSTEM, webhooks.replay_failed, made.endpoint_id, since=since) == (0, False)
    await deliver(db)
    told = await log(db, made.endpoint_id)
    assert [one["results"] for one in told] == [
        ["succeeded"] * 2,
        *[["succeeded"]] * 2,
        *[["refused", "succeeded"]] * 3,
    ]
    assert all(one["delivered_at"] for one in told)


async def test_both_secrets_sign_while_both_hold(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    old = await endpoint(db, shop, receiver.url())
    new = await do(db, SYSTEM, webhooks.rotate_secret, old.endpoint_id)
    await given.placed_order(db, shop)
    await deliver(db)
    await do(db, SYSTEM, clock.advance, timedelta(hours=24, seconds=1))
    await given.placed_order(db, shop)
    await deliver(db)
    during, after = receiver.got
    assert is_signed(during, old.secret)
    assert is_signed(during, new.secret)
    assert is_signed(after, new.secret)
    assert not is_signed(after, old.secret)
    async with db.connection() as connection:
        kept = await connection.fetchval("SELECT string_agg(e::text, '') FROM webhook_endpoints e")
    assert not [secret for secret in (old.secret, new.secret) if secret in kept or secret.encode().hex() in kept]


async def test_a_test_is_sent_once_also_while_nothing_else_is(
    db: Database, shop: given.Shop, receiver: Receiver
) -> None:
    made = await endpoint(db, shop, receiver.url(), "*")
    await deliver(db)
    await do(db, SYSTEM, webhooks.disable, made.endpoint_id)
    receiver.got.clear()
    receiver.answers["/"] = Answer(500)
    delivery_id = await do(db, SYSTEM, webhooks.test, made.endpoint_id)
    await deliver(db)
    await do(db, SYSTEM, clock.advance, timedelta(days=1))
    await deliver(db)
    (got,) = receiver.got
    assert got.json["type"] == "webhook.test"
    assert got.headers["webhook-id"] == ids.encode("webhook_delivery", delivery_id)
    assert is_signed(got, made.secret)
    async with db.reading(SYSTEM) as tx:
        told, seen = await webhooks.delivery(tx, delivery_id), await webhooks.endpoint(tx, made.endpoint_id)
    assert (told.standing, seen.failures) == (webhooks.Standing.FAILED, 0)


@pytest.mark.requirement("F-02")
async def test_who_dies_on_the_way_is_followed_by_another(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    """The first worker never says what became of its call; later it does, when nobody needs it any more."""
    made = await endpoint(db, shop, receiver.url())
    await given.placed_order(db, shop)
    await fan_out(db)
    (turn,) = await do(db, SYSTEM, delivering.lease, well=1, failing=1)
    taken = await do(db, SYSTEM, delivering.take_in_hand, turn)
    assert taken is not None
    await deliver(db)
    assert receiver.got == [], "the turn is another's until its lease is over"
    await leases_end(db)
    await deliver(db)
    (told,) = await log(db, made.endpoint_id)
    assert (told["results"], len(receiver.got)) == (["lost", "succeeded"], 1)
    (one,) = taken.deliveries
    late = Outcome(delivery_id=one.id, number=one.tries, result=webhooks.Result.SUCCEEDED, status=200)
    assert await do(db, SYSTEM, delivering.take_in_hand, turn) is None
    await do(db, SYSTEM, delivering.note, turn, [late], taken.before)
    assert await log(db, made.endpoint_id) == [told]


async def test_what_arrived_counts_although_the_endpoint_was_disabled_meanwhile(
    db: Database, shop: given.Shop, receiver: Receiver
) -> None:
    made = await endpoint(db, shop, receiver.url())
    await given.placed_order(db, shop)
    await fan_out(db)
    (turn,) = await do(db, SYSTEM, delivering.lease, well=1, failing=1)
    taken = await do(db, SYSTEM, delivering.take_in_hand, turn)
    assert taken is not None
    await do(db, SYSTEM, webhooks.disable, made.endpoint_id)
    (one,) = taken.deliveries
    arrived = Outcome(delivery_id=one.id, number=one.tries, result=webhooks.Result.SUCCEEDED, status=200)
    await do(db, SYSTEM, delivering.note, turn, [arrived], taken.before)
    (told,) = await log(db, made.endpoint_id)
    assert (told["results"], told["failure"]) == (["succeeded"], None)


@pytest.mark.requirement("S-14")
async def test_an_address_is_looked_at_again_before_every_delivery(
    db: Database, shop: given.Shop, receiver: Receiver
) -> None:
    """A name that was public when it was saved leads into the house later: nothing is sent there."""
    made = await endpoint(db, shop, "https://hooks.example:8443/")
    db.targets = Targets(lookup=lambda _host, _port: ["8.8.8.8", "127.0.0.1"])
    for _ in range(2):
        await given.placed_order(db, shop)
    await deliver(db)
    first, second = await log(db, made.endpoint_id)
    assert (first["results"], second["results"], second["tries"]) == (["not_allowed"], [], 0)
    assert receiver.got == []


@pytest.mark.requirement("S-14")
async def test_the_call_goes_to_the_address_that_was_checked_and_means_the_name(
    db: Database, shop: given.Shop, tmp_path: Path
) -> None:
    """The name is asked for once; the certificate must be the name's, not the address's."""
    asked: list[str] = []

    def lookup(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    served, trusted = certificate("localhost", tmp_path), ssl.create_default_context(cafile=tmp_path / "cert.pem")
    async with listening(served) as receiver:
        db.targets = Targets(loopback=True, lookup=lookup)
        made = await endpoint(db, shop, receiver.url("/named", host="localhost"))
        other = await endpoint(db, shop, receiver.url("/bare", host="127.0.0.1"))
        await given.placed_order(db, shop)
        await deliver(db, tls=trusted)
        (got,) = receiver.got
    assert got.headers["host"] == f"localhost:{receiver_port(got.headers)}"
    assert sorted(asked) == ["127.0.0.1", "localhost"]
    assert [(await log(db, one.endpoint_id))[0]["results"] for one in (made, other)] == [["succeeded"], ["unreachable"]]


async def test_the_log_ends_after_thirty_days(db: Database, shop: given.Shop, receiver: Receiver) -> None:
    made = await endpoint(db, shop, receiver.url())
    await given.placed_order(db, shop)
    await deliver(db)
    await do(db, SYSTEM, clock.advance, timedelta(days=20))
    await given.placed_order(db, shop)
    await deliver(db)
    await do(db, SYSTEM, clock.advance, timedelta(days=11))
    assert await do(db, SYSTEM, webhooks.trim) == 1
    assert len(await log(db, made.endpoint_id)) == 1
    await deliver(db)
    assert len(receiver.got) == 2


async def test_everything_wrong_with_an_endpoint_is_said_at_once(db: Database, shop: given.Shop) -> None:
    wanted = webhooks.SaveEndpoint(
        merchant_id=shop.merchant_id, url="https://a.example/", events=("order.eaten", "order.*", "x"),
        scopes=("order.cancel", "order.read", "no.such"), after=10**15,
    )  # fmt: skip
    with pytest.raises(Refusals) as found:
        await do(db, SYSTEM, webhooks.create, wanted)
    assert {(one.code, one.path) for one in found.value.problems} == {
        ("webhook.event_unknown", "events[0]"), ("webhook.event_unknown", "events[2]"),
        ("webhook.scope_not_given", "scopes[0]"), ("webhook.scope_not_given", "scopes[2]"),
        ("webhook.place_unknown", "after"),
    }  # fmt: skip


async def test_a_shop_has_twenty_endpoints_at_most_whoever_asks_at_once(db: Database, shop: given.Shop) -> None:
    answers = await asyncio.gather(
        *(endpoint(db, shop, "https://a.example/") for _ in range(24)), return_exceptions=True
    )
    refused = [one for one in answers if isinstance(one, webhooks.TooManyEndpoints)]
    assert (len(refused), len(answers) - len(refused)) == (4, 20)


async def leases_end(db: Database) -> None:
    """A minute passes on the bare clock of the database, and the ladder's first wait."""
    async with db.connection() as connection:
        await connection.execute("UPDATE webhook_endpoints SET leased_until = now() - interval '1 second'")
    await do(db, SYSTEM, clock.advance, timedelta(minutes=10))


def receiver_port(headers: dict[str, str]) -> str:
    """The port that a request was meant for."""
    return headers["host"].rpartition(":")[2]


def certificate(name: str, folder: Path) -> ssl.SSLContext:
    """A certificate for a name alone, signed by itself; whoever trusts `cert.pem` trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    written: list[tuple[str, Any]] = [
        ("cert.pem", made.public_bytes(serialization.Encoding.PEM)),
        ("key.pem", key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)),
    ]
    for file, text in written:
        (folder / file).write_bytes(text)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return served
