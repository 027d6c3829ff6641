"""One answer per Idempotency-Key: the key's row is written in the transaction that does the work."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

import msgspec

from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.secrets import digest
from dingdan.plumbing.tx import Tx

T = TypeVar("T")
MAX_KEY = 255
# Longer than anybody retries, and seven times what the best known APIs promise.
KEEP = timedelta(days=7)


class KeyMissing(Refusal):
    """A request that changes something came without a key."""

    code = "idempotency.key_missing"
    kind = Kind.INVALID
    message = Text("This request needs an Idempotency-Key header.", "该请求必须带 Idempotency-Key 请求头。")
    remedy = Text(
        "Send a fresh random key (1 to 255 characters), and the same key when you repeat the request.",
        "请附上一个新的随机键（1 至 255 个字符）,重发同一请求时使用同一个键。",
    )


class KeyUnusable(Refusal):
    """A key is empty, too long or has characters that do not travel well."""

    code = "idempotency.key_unusable"
    kind = Kind.INVALID
    message = Text(
        "An Idempotency-Key has 1 to 255 visible ASCII characters.",
        "Idempotency-Key 须为 1 至 255 个可见 ASCII 字符。",
    )
    remedy = Text("Use a UUID or another short random word.", "请使用 UUID 或其他简短的随机字符串。")


class KeyReused(Refusal):
    """The key was used before for another request."""

    code = "idempotency.key_reused"
    kind = Kind.CONFLICT
    message = Text(
        "This Idempotency-Key was already used for a different request.",
        "该 Idempotency-Key 已用于另一个不同的请求。",
    )
    remedy = Text("Use a fresh key for a new request.", "新的请求请使用新的键。")


class Key(msgspec.Struct, frozen=True):
    """A caller's key for one request: who sent it, the key, and the fingerprint of what was asked."""

    principal: int
    key: str
    fingerprint: bytes


class Answer(msgspec.Struct, frozen=True):
    """What was answered: a status, a body (None: to be made again from the subject), the thing made."""

    status: int
    body: bytes | None
    subject_id: int | None
    is_replay: bool = False


class Earlier(msgspec.Struct, frozen=True):
    """What a key was used for before."""

    fingerprint: bytes
    status: int
    body: bytes | None
    subject_id: int | None


def key_of(principal: int, key: str | None, *, method: str, path: str, body: bytes) -> Key:
    """Check a key and bind it to the request it came with. Raises KeyMissing or KeyUnusable."""
    if key is None:
        raise KeyMissing("header.Idempotency-Key")
    if not 1 <= len(key) <= MAX_KEY or not all("!" <= c <= "~" for c in key):
        raise KeyUnusable("header.Idempotency-Key")
    return Key(principal, key, digest(f"{method} {path}\n".encode() + body))


async def once(
    db: Database,
    actor: Actor,
    key: Key,
    body: Callable[[Tx], Awaitable[T]],
    answer: Callable[[T], Answer],
    *,
    name: str,
) -> Answer:
    """Run a body once per key. The same key and request gives the first answer again; another request is refused.

    A second caller with the same key waits for the first to commit (unique index), so forty at once make one.
    A refusal rolls the key back with everything else: it is not stored, and the same key may try again.
    """

    async def keyed(tx: Tx) -> Answer:
        if not await claim(tx, [key]):
            return await earlier(tx, key)
        given = answer(await body(tx))
        await tx.execute(
            "UPDATE idempotency_keys SET status = $3, answer = $4, subject_id = $5 WHERE principal = $1 AND key = $2",
            key.principal,
            key.key,
            given.status,
            given.body,
            given.subject_id,
        )
        return given

    return await within(db, actor, keyed, name=name)


async def once_unkept(
    db: Database, actor: Actor, key: Key, body: Callable[[Tx], Awaitable[T]], *, name: str
) -> T | None:  # fmt: skip
    """Run a body once per key and keep nothing of what it gives: the same key again gives None, and so for whoever waited.

    A refusal rolls the key back, as with `once`. Raises KeyReused for another request.
    """

    async def keyed(tx: Tx) -> T | None:
        if await claim(tx, [key], status=200):
            return await body(tx)
        await earlier(tx, key)
        return None

    return await within(db, actor, keyed, name=name)


async def claim(
    tx: Tx, keys: list[Key], *, subjects: Sequence[int] | None = None, status: int | None = None
) -> set[tuple[int, str]]:
    """Write the rows of keys that nobody used yet; says which ones are ours now.

    Who knows beforehand what will come of each (`subjects`, with a `status`) need not write it down later; `forget`
    those of which nothing came.
    """
    rows = await tx.fetch(
        """
        INSERT INTO idempotency_keys (principal, key, fingerprint, subject_id, status, at)
        SELECT p, k, f, s, $5, clock_timestamp()
        FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bigint[]) AS new (p, k, f, s)
        ORDER BY p, k
        ON CONFLICT (principal, key) DO NOTHING
        RETURNING principal, key
        """,
        [k.principal for k in keys],
        [k.key for k in keys],
        [k.fingerprint for k in keys],
        [None] * len(keys) if subjects is None else list(subjects),
        status,
    )
    return {(row["principal"], row["key"]) for row in rows}


async def earlier(tx: Tx, key: Key) -> Answer:
    """The answer that was given to this key before. Raises KeyReused for another request."""
    found = (await earlier_of(tx, [key]))[key.principal, key.key]
    if found.fingerprint != key.fingerprint:
        raise KeyReused("header.Idempotency-Key")
    return Answer(found.status, found.body, found.subject_id, is_replay=True)


async def earlier_of(tx: Tx, keys: list[Key]) -> dict[tuple[int, str], Earlier]:
    """What was answered to keys before, whatever they were sent with."""
    if not keys:
        return {}
    rows = await tx.fetch(
        """
        SELECT principal, key, fingerprint, status, answer AS body, subject_id FROM idempotency_keys
        JOIN unnest($1::bigint[], $2::text[]) AS k (p, k) ON principal = k.p AND key = k.k
        """,
        [key.principal for key in keys],
        [key.key for key in keys],
    )
    names = Earlier.__struct_fields__
    return {(row["principal"], row["key"]): Earlier(**{name: row[name] for name in names}) for row in rows}


async def claim_call(tx: Tx, key: Key, *, status: int) -> bool:
    """Bind the key of a call that is made of many with keys of their own; says whether it is new.

    Its answer is put together from theirs each time. Raises KeyReused for another body.
    """
    if not await claim(tx, [key]):
        await earlier(tx, key)
        return False
    await tx.execute(
        "UPDATE idempotency_keys SET status = $3, answer = '' WHERE principal = $1 AND key = $2",
        key.principal,
        key.key,
        status,
    )
    return True


async def forget(tx: Tx, names: list[tuple[int, str]]) -> None:
    """Take back claims of requests that were refused: a refusal is not stored, the same key may try again."""
    if names:
        await tx.execute(
            """
            DELETE FROM idempotency_keys AS i USING unnest($1::bigint[], $2::text[]) AS gone (p, k)
            WHERE i.principal = gone.p AND i.key = gone.k
            """,
            [principal for principal, _ in names],
            [key for _, key in names],
        )


async def prune(db: Database) -> int:
    """Forget keys that are older than any caller may still repeat; says how many."""
    async with db.connection() as connection:
        tag = await connection.execute("DELETE FROM idempotency_keys WHERE at < clock_timestamp() - $1::interval", KEEP)
        return int(tag.rpartition(" ")[2])
