"""Facts are attested: a chain of signed hashes, so that one that is changed, taken out or slipped in afterwards is found."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec

from dingdan.plumbing.secrets import attested
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx

# So many facts at most in one attestation; so many of these are made, read for the first time and read again in one go. A
# quiet house makes small ones, a loud one many: both are read again faster than they grow, this many facts at most in one go.
MOST_FACTS, MOST, NEW, AGAIN, MOST_READ = 1_000, 50, 50, 300, 50_000
LAST_PLACE = 2**63 - 1
BEGINNING = bytes(32)
PURPOSE = "facts"
# So much of each fact's own hash is kept as tells which of the facts of a broken attestation it was.
MARK = 4

# The one text of a fact, whatever the session's time zone or the program's version; its hash is computed by PostgreSQL.
DIGEST = """sha256(convert_to(jsonb_build_array(
    f.position, f.id, f.wire, f.subject, f.subject_id, f.order_id, f.merchant_id, f.machine, f.was, f.now, f.version,
    f.rule, f.actor_kind, f.actor_id, f.correlation, (extract(epoch FROM f.at) * 1000000)::bigint,
    (extract(epoch FROM f.recorded_at) * 1000000)::bigint, f.data)::text, 'UTF8'))"""


# An attestation covers the facts of a stretch of places and the attestation before it. Whoever can write the database can
# compute its hash anew, and not sign it. Facts hold nothing of people that is ever erased (names are sealed elsewhere, under
# keys that are thrown away), so that no erasing touches the chain.
class Attestation(msgspec.Struct, frozen=True):
    """One piece of the chain: the facts whose places are behind `after`, up to `last`."""

    number: int
    after: int
    last: int
    facts: int
    marks: bytes
    hash: bytes
    signature: bytes


class Watch(msgspec.Struct, frozen=True):
    """How far the chain reaches and was found whole, up to which entry; or which entry is not what was attested."""

    attested_to: int
    head: bytes | None
    verified_to: int
    whole_at: Any
    broken_at: int | None
    broken_since: Any


class Look(msgspec.Struct, frozen=True):
    """How far a look at the chain came: the last attestation that is whole, its end and hash; and the first broken entry."""

    number: int
    entry: int
    hash: bytes
    broken: int | None = None


class Placed(msgspec.Struct, frozen=True):
    """A fact as the chain sees it."""

    position: int
    digest: bytes


_ROW = ", ".join(Attestation.__struct_fields__)


def hash_of(before: bytes, number: int, stretch: tuple[int, int], digests: Sequence[bytes]) -> bytes:
    """The hash of an attestation of facts, given as their own hashes in their order."""
    numbers = (number, *stretch, len(digests))
    return sha256(before + b"".join(n.to_bytes(8, "big") for n in numbers) + b"".join(digests)).digest()


def broken_entry(one: Attestation, before: bytes, found: Sequence[Placed], public_key: bytes) -> int | None:
    """The first entry that is not what was attested, or None where all of them are.

    Where the facts are and the attestation itself is not, it is the first entry of it.
    """
    digests = [fact.digest for fact in found]
    if hash_of(before, one.number, (one.after, one.last), digests) == one.hash:
        return None if attested(public_key, PURPOSE, one.hash, one.signature) else one.after + 1
    marks = [one.marks[n : n + MARK] for n in range(0, len(one.marks), MARK)]
    for n, (fact, mark) in enumerate(zip(found, marks, strict=False)):
        if fact.digest[:MARK] != mark:
            # What comes next is here: the one before it was taken out.
            is_gone = marks[n + 1 : n + 2] == [fact.digest[:MARK]]
            return (found[n - 1].position if n else one.after) + 1 if is_gone else fact.position
    # All that is there was there: it ends too early, or goes on.
    if len(found) > len(marks):
        return found[len(marks)].position
    return one.last if len(found) < len(marks) else one.after + 1


async def attest(tx: Tx, *, most: int = MOST, facts: int = MOST_FACTS) -> int:
    """Attest the facts that have a place and were not yet; says how many attestations that took. One worker at a time does."""
    if not await _is_ours(tx):
        return 0
    end, made = await newest(tx), 0
    while made < most and (found := await _facts(tx, end.entry, limit=facts)):
        digests, stretch = [one.digest for one in found], (end.entry, found[-1].position)
        made += 1
        end = Look(end.number + 1, stretch[1], hash_of(end.hash, end.number + 1, stretch, digests))
        await tx.execute(
            f"INSERT INTO attestations ({_ROW}, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",  # noqa: S608 - our own words
            end.number, *stretch, len(found), b"".join(digest[:MARK] for digest in digests), end.hash,
            tx.sealer.attest(PURPOSE, end.hash), tx.now,
        )  # fmt: skip
        if len(found) < facts:
            break
    return made


async def verify(tx: Tx, *, most: int = NEW, again: int = AGAIN) -> bool:
    """Read new attestations for the first time and a few old ones again, and note how far the chain is whole.

    An entry that is not what was attested is noted and looked at each time from then on, until it is what it was. Says
    whether there may be more that is new.
    """
    if not await _is_ours(tx):
        return False
    row = await tx.fetchrow("SELECT verified, verified_to, hash, again, broken_at FROM attestation_watch WHERE id = 1")
    known = Look(row["verified"], row["verified_to"], row["hash"])
    new = await look(tx, after=known.number, hashed=known.hash, limit=most)
    if new.number <= known.number and new.hash != known.hash:
        # Its end is gone, or another: whatever grows there now, it is broken where it was whole.
        new = msgspec.structs.replace(new, broken=min(new.entry, known.entry) + 1)
    old = await look(tx, after=row["again"], limit=again, upto=known.number)
    broken = min((one.broken for one in (new, old) if one.broken is not None), default=None)
    is_round = old.broken is None and old.number >= known.number > 0
    is_more = new.number == known.number + most
    if new.number > known.number:
        known = new
    await tx.execute(
        """
        UPDATE attestation_watch SET
            verified = $1, verified_to = $2, hash = $3, again = $4, broken_at = $7,
            whole_at = CASE WHEN $5 THEN $6 ELSE whole_at END,
            broken_since = CASE WHEN $7::bigint IS NULL THEN NULL ELSE COALESCE(broken_since, $6) END
        WHERE id = 1
        """,
        known.number, known.entry, known.hash, 0 if is_round else old.number, is_round, tx.now, broken,
    )  # fmt: skip
    if broken is not None and row["broken_at"] is None:
        log.error("the chain of facts is broken", entry=broken)
    return is_more


async def look(tx: Tx, *, after: int, limit: int, hashed: bytes | None = None, upto: int | None = None) -> Look:
    """Compute the chain again behind a number, which has to be there (with this hash), up to another, which has to be, too."""
    rows = await tx.fetch(
        f"SELECT {_ROW} FROM attestations WHERE number > $1 AND number <= $2 ORDER BY number",  # noqa: S608 - our own words
        after, after + limit if upto is None else min(after + limit, upto),
    )  # fmt: skip
    at = await newest(tx, upto=after)
    if at.number != after or (hashed is not None and at.hash != hashed):
        return msgspec.structs.replace(at, broken=at.entry + 1)
    read = 0
    for row in rows:
        one = Attestation(**dict(row))
        if one.number != at.number + 1 or one.after != at.entry:
            return msgspec.structs.replace(at, broken=at.entry + 1)
        facts = await _facts(tx, one.after, upto=one.last)
        broken = broken_entry(one, at.hash, facts, tx.sealer.public_key)
        if broken is not None:
            return msgspec.structs.replace(at, broken=broken)
        at, read = Look(one.number, one.last, one.hash), read + one.facts
        if read >= MOST_READ:
            return at
    if upto is not None and at.number < min(after + limit, upto):
        return msgspec.structs.replace(at, broken=at.entry + 1)
    return at


async def newest(tx: Tx, *, upto: int = LAST_PLACE) -> Look:
    """Where the chain ends, or ended with a number."""
    row = await tx.fetchrow(
        "SELECT number, last, hash FROM attestations WHERE number <= $1 ORDER BY number DESC LIMIT 1", upto
    )
    return Look(row["number"], row["last"], row["hash"]) if row else Look(0, 0, BEGINNING)


async def watch(tx: Tx) -> Watch:
    """What is known of the chain, as the page and the files that are taken away say it."""
    row = await tx.fetchrow(
        """
        SELECT COALESCE(s.last, 0) AS attested_to, s.hash AS head, w.verified_to, w.whole_at, w.broken_at, w.broken_since
        FROM attestation_watch w LEFT JOIN LATERAL (SELECT last, hash FROM attestations ORDER BY number DESC LIMIT 1) s ON true
        WHERE w.id = 1
        """
    )
    return Watch(**dict(row))


async def has(tx: Tx, entry: int, head: bytes) -> bool:
    """Whether the chain has an attestation that ends with this entry and has this hash."""
    return bool(
        await tx.fetchval("SELECT EXISTS (SELECT FROM attestations WHERE last = $1 AND hash = $2)", entry, head)
    )


async def is_behind(tx: Tx, end: Look) -> bool:
    """Whether a chain that ends so has what was found whole before."""
    row = await tx.fetchrow("SELECT verified, verified_to, hash FROM attestation_watch WHERE id = 1")
    return row["verified"] <= end.number and (row["verified"] == 0 or await has(tx, row["verified_to"], row["hash"]))


async def _is_ours(tx: Tx) -> bool:
    """Whether nobody else attests or reads again just now; nobody else will before this transaction ends."""
    return bool(await tx.fetchval("SELECT 1 FROM attestation_watch WHERE id = 1 FOR UPDATE SKIP LOCKED"))


async def _facts(tx: Tx, after: int, *, upto: int = LAST_PLACE, limit: int = MOST_FACTS + 1) -> list[Placed]:
    """Facts behind an entry as the chain sees them; one more than may be together, so that one too many is seen."""
    rows = await tx.fetch(
        f"""
        SELECT f.position, {DIGEST} AS digest FROM facts f
        WHERE f.position > $1 AND f.position <= $2 ORDER BY f.position LIMIT $3
        """,  # noqa: S608 - our own words
        after, upto, limit,
    )  # fmt: skip
    return [Placed(row["position"], row["digest"]) for row in rows]
