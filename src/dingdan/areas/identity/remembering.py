"""People as orders name them: found again by keyed hashes, sealed under a key of their own."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dingdan.areas.identity import rules, store
from dingdan.areas.identity.model import Known, Particulars, Person
from dingdan.areas.identity.refusals import BuyerUnknown
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

# A buyer can only be missing twice in a row if they were made and forgotten between two of our statements.
ROUNDS = 3

# Buyers with their wrapped keys, by merchant and hash.
Recognised = dict[store.Ref, tuple[int, bytes]]


async def recognise(tx: Tx, people: Sequence[Person]) -> Recognised:
    """Those of these people who are buyers already; nobody forgets them until we are done. Nothing is written."""
    refs = {(person.merchant_id, ref_hash(tx, person.ref)) for person in people}
    return await store.buyers_with_keys(tx, refs) if refs else {}


async def remember_buyers(tx: Tx, people: Sequence[Person], recognised: Recognised | None = None) -> list[Known]:
    """Find or make the buyers, and keep a sealed snapshot of how to reach each; one answer per person, in order.

    Three statements for any number, two of them where everybody was looked for (`recognised`). Two transactions that
    meet the same new buyer get the same one: the second waits for the first. Raises what cannot be stored, with paths
    `[i].part`.
    """
    refuse_all(rules.problems_of_people(people))
    if not people:
        return []
    refs = [(person.merchant_id, ref_hash(tx, person.ref)) for person in people]
    known = dict(recognised) if recognised is not None else await recognise(tx, people)
    for _ in range(ROUNDS):
        missing = {ref: person.ref for ref, person in zip(refs, people, strict=True) if ref not in known}
        if not missing:
            break
        known |= await _add(tx, missing)
        if others := missing.keys() - known.keys():
            known |= await store.buyers_with_keys(tx, others)
    contact_ids = tx.mint_many(len(people))
    await store.add_contacts(tx, [
        _row(tx, contact_id, person, *known[ref])
        for contact_id, ref, person in zip(contact_ids, refs, people, strict=True)
    ])  # fmt: skip
    return [Known(known[ref][0], contact_id) for ref, contact_id in zip(refs, contact_ids, strict=True)]


async def readdress(tx: Tx, contact_id: int, to: Address, *, papers: tuple[str, str] | None = None) -> int:
    """Keep a new snapshot of a buyer who is known: the same person, and goods that go elsewhere; gives its id.

    Whoever was named as the recipient only is the new one now. Papers for customs stay, unless there are new ones.
    Raises BuyerUnknown where the person was forgotten, or what cannot be stored.
    """
    row = await store.lock_contact(tx, contact_id)
    if row is None:
        raise BuyerUnknown
    was = msgspec.json.decode(tx.sealer.unseal(row["wrapped"], row["sealed"]), type=Particulars)
    id_name, id_number = papers or (was.id_name, was.id_number)
    person = Person(
        merchant_id=row["merchant_id"], ref=tx.sealer.unseal(row["wrapped"], row["ref"]).decode(),
        name=to.name if was.name == was.address.name else was.name,
        phone=to.phone if was.phone == was.address.phone else was.phone,
        email=was.email, address=to, remark=was.remark, language=was.language, id_name=id_name, id_number=id_number,
    )  # fmt: skip
    refuse_all(rules.problems_of_people([person]))
    new_id = tx.mint()
    new = dict(zip(store.CONTACT_COLUMNS, _row(tx, new_id, person, row["buyer_id"], row["wrapped"]), strict=True))
    # Of the device only the hash was kept; the order was still placed on it.
    new["device_hash"] = row["device_hash"]
    await store.add_contacts(tx, [tuple(new.values())])
    return new_id


async def copy(tx: Tx, contact_id: int) -> int:
    """Keep a snapshot of its own for something that goes to the same person at the same place; gives its id."""
    new_id = tx.mint()
    await store.copy_contact(tx, contact_id, new_id)
    return new_id


async def refill(tx: Tx, contact_id: int, said: Any) -> int | None:
    """Keep a whole snapshot beside one that was empty when it was copied; gives its id, None of whoever was forgotten."""
    row = await store.lock_contact(tx, contact_id)
    if row is None:
        return None
    whole = msgspec.json.encode(msgspec.convert(said, Particulars))
    new_id = tx.mint()
    await store.copy_contact(tx, contact_id, new_id, sealed=tx.sealer.seal(row["wrapped"], whole))
    return new_id


async def know_buyers(tx: Tx, refs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Find or make buyers by (merchant, the shop's own id of them); of new ones nothing else is known yet."""
    by_hash = {(merchant_id, ref_hash(tx, ref)): (merchant_id, ref) for merchant_id, ref in refs}
    known: dict[store.Ref, tuple[int, bytes]] = {}
    for _ in range(ROUNDS):
        missing = {key: ref for key, (_, ref) in by_hash.items() if key not in known}
        if not missing:
            break
        known |= await store.buyers_with_keys(tx, missing)
        known |= await _add(tx, {key: ref for key, ref in missing.items() if key not in known})
    return {by_hash[key]: buyer_id for key, (buyer_id, _) in known.items()}


async def _add(tx: Tx, missing: dict[store.Ref, str]) -> dict[store.Ref, tuple[int, bytes]]:
    """Make buyers with a key each; those that another transaction made first are not among the answers."""
    if not missing:
        return {}
    rows = []
    for buyer_id, ((merchant_id, hashed), ref) in zip(tx.mint_many(len(missing)), missing.items(), strict=True):
        wrapped = tx.sealer.new_key()
        sealed = tx.sealer.seal(wrapped, ref.strip().encode())
        rows.append((buyer_id, merchant_id, hashed, sealed, wrapped))
    mine = await store.add_buyers(tx, rows)
    return {(m, hashed): (buyer_id, wrapped) for buyer_id, m, hashed, _, wrapped in rows if buyer_id in mine}


def _row(tx: Tx, contact_id: int, person: Person, buyer_id: int, wrapped: bytes) -> tuple[Any, ...]:
    at = person.address
    particulars = Particulars(person.name, person.phone, person.email, at, person.remark, person.language,
                              person.id_name, person.id_number)  # fmt: skip
    phone = rules.phone_digits(person.phone or at.phone)
    return (
        contact_id,
        person.merchant_id,
        buyer_id,
        at.country,
        at.province,
        at.city,
        tx.sealer.seal(wrapped, msgspec.json.encode(particulars)),
        phone_hash(tx, phone),
        tail_hash(tx, person.merchant_id, phone[-4:]),
        name_hash(tx, person.name or at.name),
        _place_hash(tx, "address", person.merchant_id, rules.folded_place(at)),
        _place_hash(tx, "device", person.merchant_id, person.device.strip()),
        tx.now,
    )


def ref_hash(tx: Tx, ref: str) -> bytes:
    """The keyed hash of a shop's own id of a buyer. Fingerprints fold case and such ids must not be folded: as hex."""
    hashed: bytes = tx.sealer.fingerprint("ref", ref.strip().encode().hex())
    return hashed


def person_number(tx: Tx, ref: str) -> int:
    """The number under which whoever a shop calls so is the same person at every merchant; it tells nothing else."""
    return int.from_bytes(ref_hash(tx, ref)[:8], signed=True)


def phone_hash(tx: Tx, digits: str) -> bytes:
    """The keyed hash of a phone number, given as digits."""
    hashed: bytes = tx.sealer.fingerprint("phone", digits)
    return hashed


def tail_hash(tx: Tx, merchant_id: int, digits: str) -> bytes:
    """The keyed hash, within one merchant, of a phone's last four digits."""
    hashed: bytes = tx.sealer.fingerprint(f"phone tail of {merchant_id}", digits)
    return hashed


def name_hash(tx: Tx, name: str) -> bytes:
    """The keyed hash of somebody's name, however it is spaced and written."""
    hashed: bytes = tx.sealer.fingerprint("name", rules.folded_name(name))
    return hashed


def _place_hash(tx: Tx, kind: str, merchant_id: int, text: str) -> bytes:
    """The keyed hash, within one merchant, of where somebody buys from; empty where nobody knows."""
    return tx.sealer.fingerprint(f"{kind} of {merchant_id}", text) if text else b""


async def drop_contacts(tx: Tx, contact_ids: Sequence[int]) -> None:
    """Take back snapshots of people whose orders did not come to be, in the transaction that made them."""
    await store.drop_contacts(tx, contact_ids)
