"""What others may ask about keys, staff and people."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from dingdan.areas.identity import permissions, store
from dingdan.areas.identity.issuing_keys import PREFIX
from dingdan.areas.identity.model import ApiKey, Contact, Holder, Known, Particulars, Staff, Standing
from dingdan.areas.identity.remembering import name_hash, phone_hash, ref_hash, tail_hash
from dingdan.areas.identity.rules import phone_digits
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.page import DEFAULT_LIMIT, Page
from dingdan.plumbing.secrets import digest
from dingdan.plumbing.tx import Reader, Tx

LONGEST_SECRET = 100


async def find_key(tx: Tx, secret: str) -> Actor | None:
    """Who stands behind a secret; None for anything that opens nothing."""
    holder = (await find_keys(tx, [secret])).get(secret)
    return None if holder is None or holder.expired_at is not None else holder.actor


async def find_keys(reader: Reader, secrets: Collection[str]) -> dict[str, Holder]:
    """Who stands behind secrets, with what they may do at this moment; what opens nothing is left out.

    Keys whose time is over are among them, so that their callers hear why. One statement, and nothing else is asked.
    A key of a member of staff acts as that person: their roles of now, narrowed to the key's scopes.
    """
    hashes = {
        secret: digest(secret.encode())
        for secret in secrets
        if secret.startswith(PREFIX) and len(secret) <= LONGEST_SECRET and secret.isascii()
    }
    rows = await store.keys_with_staff(reader, hashes.values()) if hashes else {}
    actors = {secret: _actor(rows[hashed]) for secret, hashed in hashes.items() if hashed in rows}
    return {
        secret: Holder(actor, rows[hashes[secret]]["id"], rows[hashes[secret]]["expired_at"])
        for secret, actor in actors.items()
        if actor is not None
    }


def _actor(row: Any) -> Actor | None:
    scopes = frozenset(row["scopes"]).intersection(permissions.PERMISSIONS)
    if row["staff_id"] is None:
        return Actor(ActorKind.KEY, row["id"], row["name"], row["merchant_id"], scopes)
    if not row["active"]:
        return None
    held = permissions.permissions_of(frozenset(row["roles"]))
    return Actor(ActorKind.STAFF, row["staff_id"], row["staff_name"], row["merchant_id"], scopes & held)


async def staff_by_ids(tx: Tx, ids: Collection[int]) -> dict[int, Staff]:
    """Members of staff by id; those that do not exist are left out."""
    return await store.staff_by_ids(tx, ids)


async def find_staff(tx: Tx, login: str) -> Staff | None:
    """Whoever has this login."""
    return await store.staff_by_login(tx, login)


async def staff_named(tx: Tx, words: Collection[str], houses: Collection[int | None]) -> list[Staff]:
    """Active people of these merchants (None: of the platform) whom these words name, by login or by name."""
    return await store.staff_named(tx, words, houses)


async def staff_with_role(tx: Tx, merchant_id: int, role: str) -> list[Staff]:
    """Active people who have a role: of one merchant, and of the platform."""
    return await store.staff_with_role(tx, merchant_id, role)


async def staff_of(tx: Tx, houses: Collection[int | None], roles: Collection[str], *, limit: int = 200) -> list[Staff]:
    """Active people of these merchants (None: of the platform) who have one of these roles, by name."""
    return await store.staff_of(tx, houses, roles, limit)


async def list_staff(tx: Tx, merchant_id: int | None, page: Page) -> list[Staff]:
    """Staff of one merchant, or of everybody, oldest first."""
    return await store.list_staff(tx, merchant_id, page.after or 0, page.limit)


async def list_keys(tx: Tx, merchant_id: int | None, page: Page) -> list[ApiKey]:
    """Keys of one merchant, or of everybody, oldest first; revoked ones, too."""
    return await store.list_keys(tx, merchant_id, page.after or 0, page.limit)


async def contact(tx: Tx, contact_id: int) -> Contact | None:
    """One snapshot, unsealed."""
    return (await contacts(tx, [contact_id])).get(contact_id)


async def countries(tx: Tx, contact_ids: Collection[int]) -> dict[int, str]:
    """Where the people of snapshots are, without opening anything that is sealed."""
    return await store.countries(tx, contact_ids)


async def contacts(tx: Tx, ids: Collection[int]) -> dict[int, Contact]:
    """Snapshots, unsealed; of erased people only the region. `mask` them for whoever lacks order.read_contact."""
    return {row["id"]: _unsealed(tx, row) for row in await store.sealed_contacts(tx, ids)}


def _unsealed(tx: Tx, row: Any) -> Contact:
    place = {name: row[name] for name in ("id", "merchant_id", "buyer_id", "country", "province", "city")}
    # Nothing is sealed here any more of whoever was erased, nor once the archive keeps it.
    if row["wrapped"] is None or not row["sealed"]:
        return Contact(**place, is_erased=True)
    known = msgspec.json.decode(tx.sealer.unseal(row["wrapped"], row["sealed"]), type=Particulars)
    return Contact(
        **place,
        ref=tx.sealer.unseal(row["wrapped"], row["ref"]).decode(),
        name=known.name,
        phone=known.phone,
        email=known.email,
        address=known.address,
        remark=known.remark,
        language=known.language,
    )


async def papers(tx: Tx, contact_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The name and number of the papers that were shown for customs with each snapshot; empty where none were."""
    found = dict.fromkeys(contact_ids, ("", ""))
    for row in await store.sealed_contacts(tx, found):
        if row["wrapped"] is not None:
            known = msgspec.json.decode(tx.sealer.unseal(row["wrapped"], row["sealed"]), type=Particulars)
            found[row["id"]] = (known.id_name, known.id_number)
    return found


async def standing(tx: Tx, contact_ids: Collection[int], *, within: timedelta) -> dict[int, Standing]:
    """Who else was at the addresses and devices of these snapshots, up to the moment of each; one query."""
    return {
        row["id"]: Standing(row["buyer_since"], tuple(row["at_address"]), tuple(row["at_device"]))
        for row in await store.standing(tx, contact_ids, within)
    }


async def recipients(tx: Tx, contact_ids: Collection[int]) -> dict[int, bytes]:
    """A mark of name, phone and address of each snapshot: equal where a parcel would go to the same hands.

    None for erased people, and for those of before addresses were marked.
    """
    return await store.recipients(tx, contact_ids)


async def seal_marks(tx: Tx, contact_ids: Collection[int]) -> dict[int, str | None]:
    """The SHA-256 of each snapshot as it lies sealed: evidence of what it said, telling nothing. None once erased."""
    return await store.seal_marks(tx, contact_ids)


async def seal(tx: Tx, words: Sequence[tuple[int, bytes]]) -> list[bytes | None]:
    """Words about buyers (buyer, words), sealed under each one's key; None for whoever was forgotten."""
    keys = await store.subject_keys(tx, {buyer_id for buyer_id, _ in words})
    return [tx.sealer.seal(keys[buyer_id], plain) if buyer_id in keys else None for buyer_id, plain in words]


async def unseal(tx: Tx, sealed: Sequence[tuple[int, bytes | None]]) -> list[bytes | None]:
    """The same words again; None where there were none, and for whoever was forgotten."""
    keys = await store.subject_keys(tx, {buyer_id for buyer_id, _ in sealed})
    return [
        tx.sealer.unseal(keys[buyer_id], one) if one is not None and buyer_id in keys else None
        for buyer_id, one in sealed
    ]


async def find_buyer(tx: Tx, merchant_id: int, ref: str) -> int | None:
    """The buyer whom a shop calls by this reference, unless they were forgotten."""
    return (await find_buyers(tx, [(merchant_id, ref)])).get((merchant_id, ref))


async def find_buyers(tx: Tx, refs: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Buyers by (merchant, reference), those that are known."""
    hashes = {(merchant_id, ref): (merchant_id, ref_hash(tx, ref)) for merchant_id, ref in refs}
    found = await store.buyers_by_ref(tx, hashes.values())
    return {wanted: found[hashed] for wanted, hashed in hashes.items() if hashed in found}


async def contacts_by_phone(tx: Tx, merchant_id: int, phone: str, *, limit: int = DEFAULT_LIMIT) -> list[int]:
    """Ids of one merchant's snapshots with this phone number, newest first; spaces and +86 do not matter."""
    return await store.contacts_by_phone(tx, merchant_id, phone_hash(tx, phone_digits(phone)), limit)


async def find_people(tx: Tx, merchant_ids: Collection[int], said: str, *, limit: int = 100) -> list[Known]:
    """Snapshots of these merchants' buyers by a phone number, its last four digits, or a whole name; newest first."""
    digits = phone_digits(said)
    if digits and len(digits) == 4 and said.strip().isdigit():
        column, hashes = "phone_tail_hash", [(number, tail_hash(tx, number, digits)) for number in merchant_ids]
    elif len(digits) >= 7 and not any(c.isalpha() for c in said):
        column, hashes = "phone_hash", [(number, phone_hash(tx, digits)) for number in merchant_ids]
    else:
        column, hashes = "name_hash", [(number, name_hash(tx, said)) for number in merchant_ids]
    return [Known(row["buyer_id"], row["id"]) for row in await store.people(tx, column, hashes, limit)]


def refilled(emptied: Contact, said: Any, ref: str) -> Contact:
    """A snapshot that was emptied, with what the archive has of it."""
    known = msgspec.convert(said, Particulars)
    return msgspec.structs.replace(
        emptied, ref=ref, name=known.name, phone=known.phone, email=known.email, address=known.address,
        remark=known.remark, language=known.language, is_erased=False,
    )  # fmt: skip
