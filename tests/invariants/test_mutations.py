"""The mutation gate: break a sound story in one way, and the invariant that guards it must say so."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from dingdan.overviews import invariants
from dingdan.overviews.invariants.checking import sweep
from tests import laws
from tests.invariants import story
from tests.invariants.mutations import MUTATIONS, Mutation, payment, send_back
from tests.invariants.story import QUEUED, RETURNED

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("issue 2: check")]

BY_NAME = {one.name: one for one in invariants.INVARIANTS}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(server: Any, template: str) -> AsyncIterator[Any]:
    """A connection to a database of this module's own that holds the story."""
    name = f"t_{uuid.uuid4().hex[:16]}"
    admin = await asyncpg.connect(server.get_uri("postgres"))
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    connection = await asyncpg.connect(server.get_uri(name))
    try:
        await story.tell(connection)
        yield connection
    finally:
        await connection.close()
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def test_a_sound_story_breaks_no_invariant(told: Any) -> None:
    found = await invariants.check(told, settled=True)

    assert [(one.name, one.samples) for one in found if one.count] == []
    assert len(found) == len(invariants.INVARIANTS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tables(told: Any) -> tuple[set[str], set[str]]:
    """The tables with rows in them, and all; a fault may fill more."""
    tables = await laws.tables_of(told)
    return await laws.filled_of(told, tables), tables


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(told: Any, tables: tuple[set[str], set[str]]) -> laws.Watch:
    """What looks at every test's database when it ends."""
    return await laws.Watch(told).begin(tables[1])


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.invariant}: {one.fault}")
async def test_a_fault_is_caught(
    told: Any, tables: tuple[set[str], set[str]], watch: laws.Watch, mutation: Mutation
) -> None:
    """The fault is undone by rolling back; replicas skip triggers and foreign keys, and so does this session."""
    law = BY_NAME[mutation.invariant]
    undo = told.transaction()
    await undo.start()
    try:
        await told.execute("SET LOCAL session_replication_role = replica")
        await told.execute(mutation.sql)
        (found,) = await sweep(told, [law])
        looked_at, is_found = True, True
        if not law.needs_settled:
            if not laws.needed(law.sql) <= tables[0]:
                filled = await laws.filled_of(told, tables[1])
                looked_at = law in laws.breakable(filled, tables[1] - filled)
            is_found = await watch.fired([law], tables[1]) == [law]
    finally:
        await undo.rollback()

    assert found.count > 0, f"{mutation.invariant} is silent"
    assert found.samples
    # What tests leave out at their end is never what would have found something.
    assert looked_at
    assert is_found


CLOCK = "INSERT INTO deadlines (kind, subject_id, due_at) VALUES ('{}.check', {}, now())"
UNHEARD = {
    "a charge that is asked after":
        f"DELETE FROM captures WHERE payment_id = {payment(QUEUED)}; {CLOCK.format('payment', payment(QUEUED))}",
    "a refund that is asked after":
        f"""UPDATE send_backs SET state = 'failed' WHERE id = {send_back(RETURNED)};
            {CLOCK.format('send_back', send_back(RETURNED))}""",
    "a refund that will be told":
        """UPDATE send_backs SET state = 'failed'; INSERT INTO sandbox_psp.outgoing (event_id, body, due_at)
           SELECT ref, jsonb_build_object('ref', ref), now() FROM sandbox_psp.log WHERE kind = 'refund'""",
}  # fmt: skip


@pytest.mark.parametrize("sql", UNHEARD.values(), ids=UNHEARD)
async def test_a_movement_that_we_shall_hear_of_is_no_fault(told: Any, sql: str) -> None:
    undo = told.transaction()
    await undo.start()
    try:
        await told.execute("SET LOCAL session_replication_role = replica")
        await told.execute(sql)
        (found,) = await sweep(told, [BY_NAME["L5_provider_logged_the_same"]])
    finally:
        await undo.rollback()

    assert found.samples == []


async def test_every_invariant_has_a_fault_that_it_catches() -> None:
    assert set(BY_NAME) - {one.invariant for one in MUTATIONS} == set()
    assert len({one.fault for one in MUTATIONS}) == len(MUTATIONS)
