"""Bundles: packed, chained, checked and read again."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.archive.model import Bundle, BundleKind, Facts, People
from dingdan.kernel import ids
from dingdan.kernel.canonical import canonical
from dingdan.kernel.times import iso

SCHEMA = 1
# What the first bundle of a merchant names as the hash before it.
BEGINNING = bytes(32)


def packed(plain: bytes) -> bytes:
    """Canonical JSON as it is stored: packed, without a clock in it."""
    return gzip.compress(plain, compresslevel=6, mtime=0)


def unpacked(stored: bytes) -> bytes:
    """The canonical JSON again. Raises ValueError for what is none of ours any more."""
    try:
        return gzip.decompress(stored)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("the facts do not unpack") from error


def bundle(
    *, bundle_id: int, order_id: int, merchant_id: int, kind: BundleKind, facts: Facts, people: bytes | None,
    previous: tuple[int, bytes], at: datetime,
) -> Bundle:  # fmt: skip
    """The next bundle of a merchant; `previous` is the number and the hash of the one before."""
    number, before = previous[0] + 1, previous[1]
    plain = canonical(facts)
    stored = packed(plain)
    envelope = canonical(
        _envelope(order_id, merchant_id, kind, number)
        | {
            "at": iso(at),
            "facts_sha256": _hex(plain),
            "people_sha256": _hex(people) if people is not None else None,
            "previous": before.hex(),
            "schema": SCHEMA,
            "stored_sha256": _hex(stored),
        }
    )
    return Bundle(
        id=bundle_id, order_id=order_id, merchant_id=merchant_id, kind=kind, number=number, envelope=envelope.decode(),
        hash=hashlib.sha256(envelope).digest(), facts=stored, people=people, at=at,
    )  # fmt: skip


def faults(one: Bundle, previous: bytes | None) -> list[str]:
    """What is wrong with a bundle as it lies there; `previous` is the hash of the one before, where it is known."""
    found = []
    envelope: dict[str, Any] = msgspec.json.decode(one.envelope)
    if hashlib.sha256(one.envelope.encode()).digest() != one.hash:
        found.append("hash")
    if canonical(envelope).decode() != one.envelope:
        found.append("envelope")
    if envelope | _envelope(one.order_id, one.merchant_id, one.kind, one.number) != envelope:
        found.append("row")
    if _hex(one.facts) != envelope.get("stored_sha256"):
        found.append("stored")
    try:
        if _hex(unpacked(one.facts)) != envelope.get("facts_sha256"):
            found.append("facts")
    except ValueError:
        found.append("facts")
    if (_hex(one.people) if one.people is not None else None) != envelope.get("people_sha256"):
        found.append("people")
    if previous is not None and envelope.get("previous") != previous.hex():
        found.append("chain")
    return [f"{one.kind} {one.number} of {ids.spoken(one.order_id)}: {fault}" for fault in found]


def facts_of(bundles: Iterable[Bundle]) -> Facts:
    """The parts of an order as they were last added to."""
    merged: Facts = {}
    for one in bundles:
        merged |= msgspec.json.decode(unpacked(one.facts), type=Facts)
    return merged


def merged_people(plains: Iterable[bytes]) -> People:
    """What is said about people, row by row, as it was last said."""
    merged: People = {}
    for plain in plains:
        for part, rows in msgspec.json.decode(plain, type=People).items():
            merged.setdefault(part, {}).update(rows)
    return merged


def changed_facts(before: Facts, now: Facts, *, gone: Sequence[str] = ()) -> Facts:
    """The parts that read differently by now; those that are `gone` from the live tables stay as they were."""
    return {part: rows for part, rows in now.items() if part not in gone and rows != before.get(part, [])}


def changed_people(before: People, now: People) -> People:
    """The rows that say something else by now, or that are new."""
    found: People = {}
    for part, rows in now.items():
        fresh = {name: said for name, said in rows.items() if said != before.get(part, {}).get(name)}
        if fresh:
            found[part] = fresh
    return found


def _envelope(order_id: int, merchant_id: int, kind: BundleKind, number: int) -> dict[str, Any]:
    return {
        "kind": str(kind), "merchant": ids.encode("merchant", merchant_id), "number": number,
        "order": ids.encode("order", order_id),
    }  # fmt: skip


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
