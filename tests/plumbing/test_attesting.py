"""The chain over facts: whole under two workers and after a kill, and broken wherever somebody changed what happened."""

import asyncio
from typing import Any

import msgspec
import pytest
from tests import given

from dingdan.areas import identity
from dingdan.areas.orders import OrderShipped
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import attesting, outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.secrets import Sealer, attested
from dingdan.plumbing.tx import Tx
from dingdan.reactions.jobs import attest_facts

pytestmark = pytest.mark.requirement("S-23")

# As somebody does it who owns the database.
AS_OWNER = "SET LOCAL session_replication_role = replica"


@pytest.fixture
def may_break() -> frozenset[str]:
    """Facts about nothing, and a chain that a test breaks."""
    return frozenset({
        "X1_places_given_once", "X2_subjects_live", "X2_pointers_live", "T2_rows_end_their_story", "T2_first_step_begins",
        "A4_attestations_verify", "A4_chain_unbroken",
    })  # fmt: skip


async def happened(db: Database, *subjects: int) -> None:
    """Facts with a place."""
    await announced(db, *subjects)
    await outbox.sequence(db)


async def announced(db: Database, *subjects: int) -> None:
    async with db.transaction(SYSTEM) as tx:
        for one in subjects:
            tx.announce(OrderShipped(subject_id=one, merchant_id=1, order_id=one))


async def looked(db: Database, rounds: int = 1) -> attesting.Watch:
    """What is known of the chain after so many rounds of a worker."""
    for _ in range(rounds):
        await attest_facts(db)
    async with db.reading(SYSTEM) as tx:
        return await attesting.watch(tx)


async def tampered(db: Database, *statements: str) -> None:
    async with db.transaction(SYSTEM) as tx:
        for sql in (AS_OWNER, *statements):
            await tx.execute(sql)


async def rows_of(db: Database) -> list[Any]:
    async with db.reading(SYSTEM) as tx:
        return [
            tuple(row) for row in await tx.fetch("SELECT number, after, last, facts FROM attestations ORDER BY number")
        ]


async def test_an_empty_house_has_nothing_to_attest(db: Database) -> None:
    found = await looked(db)
    assert (found.attested_to, found.verified_to, found.head, found.broken_at) == (0, 0, None, None)


async def test_facts_are_attested_in_order_and_verified_to_the_last_entry(db: Database) -> None:
    await happened(db, 1, 2, 3)
    assert (await looked(db)).verified_to == 3
    await happened(db, 4)
    found = await looked(db)
    assert (found.attested_to, found.verified_to, found.broken_at) == (4, 4, None)
    assert await rows_of(db) == [(1, 0, 3, 3), (2, 3, 4, 1)]
    assert (await looked(db)).whole_at is not None
    assert await attest_facts(db) == 0


async def test_a_fact_without_a_place_waits(db: Database) -> None:
    await announced(db, 1)
    assert (await looked(db)).attested_to == 0
    await outbox.sequence(db)
    assert (await looked(db)).attested_to == 1


async def test_many_are_attested_in_pieces(db: Database) -> None:
    await happened(db, *range(1, 9))
    assert await do(db, SYSTEM, attesting.attest, facts=3) == 3
    assert (await looked(db)).verified_to == 8
    assert await rows_of(db) == [(1, 0, 3, 3), (2, 3, 6, 3), (3, 6, 8, 2)]


async def test_a_long_history_is_caught_up_with_in_sets(db: Database) -> None:
    await happened(db, *range(1, 8))
    made = [await do(db, SYSTEM, attesting.attest, most=3, facts=1) for _ in range(4)]
    assert made == [3, 3, 1, 0]
    more = [await do(db, SYSTEM, attesting.verify, most=3, again=1) for _ in range(4)]
    assert more == [True, True, False, False]
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT again FROM attestation_watch") == 3
        found = await attesting.watch(tx)
    assert (found.attested_to, found.verified_to, found.broken_at, found.whole_at) == (7, 7, None, None)
    assert (await looked(db)).whole_at is not None


async def test_more_than_one_attestation_holds_are_split_and_whole(db: Database) -> None:
    await happened(db, *range(1, attesting.MOST_FACTS + 2))
    assert (await looked(db)).verified_to == attesting.MOST_FACTS + 1
    assert [row[3] for row in await rows_of(db)] == [attesting.MOST_FACTS, 1]


async def test_two_workers_attest_everything_once(db: Database) -> None:
    for first in range(1, 40, 4):
        await asyncio.gather(
            happened(db, *range(first, first + 4)), *(do(db, SYSTEM, attesting.attest) for _ in range(4)),
            *(do(db, SYSTEM, attesting.verify) for _ in range(2)),
        )  # fmt: skip
    found = await looked(db, rounds=3)
    rows = await rows_of(db)
    assert sum(row[3] for row in rows) == 40
    assert [row[1] for row in rows] == [0, *(row[2] for row in rows[:-1])]
    assert (found.verified_to, found.broken_at) == (40, None)


async def test_whoever_is_killed_leaves_nothing_half_done(db: Database) -> None:
    await happened(db, 1, 2)

    async def killed(tx: Tx) -> None:
        assert await attesting.attest(tx) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await do(db, SYSTEM, killed)
    assert await rows_of(db) == []
    assert (await looked(db)).verified_to == 2


async def test_nobody_waits_for_whoever_attests(db: Database) -> None:
    is_held, may_end = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with db.transaction(SYSTEM) as tx:
            await attesting.attest(tx)
            is_held.set()
            await may_end.wait()

    holding = asyncio.create_task(hold())
    await is_held.wait()
    async with asyncio.timeout(5):
        await happened(db, 1)
        assert await do(db, SYSTEM, attesting.attest) == 0
        assert await do(db, SYSTEM, attesting.verify) is False
    may_end.set()
    await holding


@pytest.mark.parametrize(
    ("sql", "entry"),
    [
        ("UPDATE facts SET actor_id = 9 WHERE position = 5", 5),
        ("UPDATE facts SET data = data || '{\"total\": 2}' WHERE position = 4", 4),
        ("UPDATE facts SET at = at - interval '1 microsecond' WHERE position = 2", 2),
        ("UPDATE facts SET recorded_at = recorded_at + interval '1 day' WHERE position = 6", 6),
        ("DELETE FROM facts WHERE position = 6", 6),
        ("DELETE FROM facts WHERE position = 2", 2),
        (
            "; ".join(
                f"UPDATE facts SET position = {to} WHERE position = {at}" for at, to in ((1, 99), (2, 1), (99, 2))
            ),
            1,
        ),
        ("UPDATE facts SET position = 100 WHERE position = 6", 6),
        ("UPDATE attestations SET facts = 2, hash = sha256('x') WHERE number = 2", 4),
        ("UPDATE attestations SET signature = signature || '\\x00' WHERE number = 2", 4),
        ("DELETE FROM attestations WHERE number = 1", 1),
        ("DELETE FROM attestations", 7),
    ],
)
async def test_what_somebody_changed_is_found_by_its_entry(db: Database, sql: str, entry: int) -> None:
    await happened(db, 1, 2, 3)
    await looked(db)
    await happened(db, 4, 5, 6)
    await looked(db, rounds=2)
    await tampered(db, sql)
    found = await looked(db)
    assert found.broken_at == entry
    assert found.broken_since is not None
    # It stays broken, and what happens afterwards is attested all the same.
    await happened(db, 7)
    again = await looked(db, rounds=3)
    assert (again.broken_at, again.broken_since) == (entry, found.broken_since)
    assert again.attested_to > 6


async def test_a_chain_that_was_computed_anew_is_not_signed(db: Database) -> None:
    """Whoever owns the database knows how hashes are made; only the key of the house is elsewhere."""
    await happened(db, 1, 2, 3)
    await looked(db)
    await tampered(db, "UPDATE facts SET actor_id = 9 WHERE position = 2")
    forger = Sealer(b"f" * 32)
    async with db.transaction(SYSTEM) as tx:
        found = await attesting._facts(tx, 0)
        forged = attesting.hash_of(attesting.BEGINNING, 1, (0, 3), [one.digest for one in found])
        await tx.execute(AS_OWNER)
        await tx.execute(
            "UPDATE attestations SET hash = $1, signature = $2, marks = $3", forged, forger.attest(attesting.PURPOSE, forged),
            b"".join(one.digest[: attesting.MARK] for one in found),
        )  # fmt: skip
        await tx.execute("UPDATE attestation_watch SET hash = $1", forged)
    assert (await looked(db)).broken_at == 1


async def test_an_end_that_was_cut_off_grows_again_as_it_was_or_is_missed(db: Database) -> None:
    await happened(db, 1)
    await looked(db)
    await happened(db, 2)
    before = await looked(db)
    await tampered(db, "DELETE FROM attestations WHERE number = 2")
    assert msgspec.structs.replace(await looked(db), whole_at=before.whole_at) == before
    await tampered(db, "DELETE FROM attestations WHERE number = 2", "DELETE FROM facts WHERE position = 2")
    assert (await looked(db)).broken_at == 2


async def test_what_is_put_back_is_whole_again(db: Database) -> None:
    await happened(db, 1, 2)
    await looked(db)
    await tampered(db, "UPDATE facts SET version = 8 WHERE position = 2 AND version IS NULL")
    assert (await looked(db)).broken_at == 2
    await tampered(db, "UPDATE facts SET version = NULL WHERE position = 2")
    found = await looked(db)
    assert (found.broken_at, found.broken_since, found.verified_to) == (None, None, 2)


async def test_history_of_the_chain_is_never_changed(db: Database) -> None:
    await happened(db, 1)
    await looked(db)
    for sql in ("UPDATE attestations SET facts = 2", "DELETE FROM attestations"):
        with pytest.raises(Exception, match="never changed"):
            async with db.transaction(SYSTEM) as tx:
                await tx.execute(sql)


async def test_the_sessions_time_zone_changes_no_hash(db: Database) -> None:
    await happened(db, 1, 2)
    async with db.transaction(SYSTEM) as tx:
        before = await attesting._facts(tx, 0)
        await tx.execute(
            "SET LOCAL TimeZone = 'Asia/Shanghai'; SET LOCAL DateStyle = 'German'; SET LOCAL extra_float_digits = 0"
        )
        assert await attesting._facts(tx, 0) == before


async def test_forgetting_a_buyer_breaks_nothing(db: Database) -> None:
    shop = await given.shop(db)
    await given.paid_order(db, shop)
    before = await looked(db, rounds=2)
    async with db.reading(SYSTEM) as tx:
        buyer_id = await tx.fetchval("SELECT buyer_id FROM orders")
    await do(db, SYSTEM, identity.forget, buyer_id)
    await outbox.sequence(db)
    after = await looked(db, rounds=2)
    assert after.broken_at is None
    assert after.verified_to > before.verified_to


def test_a_signature_is_for_its_purpose_and_its_house() -> None:
    ours, theirs = Sealer(b"a" * 32), Sealer(b"b" * 32)
    signed = ours.attest("lines", b"body")
    assert attested(ours.public_key, "lines", b"body", signed)
    assert not attested(ours.public_key, "facts", b"body", signed)
    assert not attested(ours.public_key, "lines", b"body!", signed)
    assert not attested(theirs.public_key, "lines", b"body", signed)
    assert not attested(b"short", "lines", b"body", signed)
    assert not attested(ours.public_key, "lines", b"body", b"")
