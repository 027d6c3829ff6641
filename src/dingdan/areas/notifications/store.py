"""Every statement of notifications."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.notifications.lifecycle import MESSAGE
from dingdan.areas.notifications.model import Channel, Confirmation, Message
from dingdan.areas.notifications.occasions import Occasion
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

CONFIRMATION_COLUMNS = Confirmation.__struct_fields__
_CONFIRMATION = ", ".join(CONFIRMATION_COLUMNS)
MESSAGE_COLUMNS = Message.__struct_fields__
_MESSAGE = ", ".join(MESSAGE_COLUMNS)

# An order and the version of its confirmation.
Key = tuple[int, int]

# Held while versions are numbered: two who confirm the same order get one number each.
NUMBERING_LOCK = 0x6D736773_0001


async def hold_numbering(tx: Tx) -> None:
    """Wait for whoever else numbers confirmations at this moment."""
    await tx.execute("SELECT pg_advisory_xact_lock($1)", NUMBERING_LOCK)


async def told(tx: Tx, order_ids: Collection[int]) -> dict[int, tuple[int, frozenset[str]]]:
    """The last version of each order's confirmation, and the occasions that it has had."""
    rows = await tx.fetch(
        """
        SELECT order_id, max(version) AS last, array_agg(DISTINCT occasion) AS occasions
        FROM confirmations WHERE order_id = ANY($1::bigint[]) GROUP BY order_id
        """,
        list(order_ids),
    )
    return {row["order_id"]: (row["last"], frozenset(row["occasions"])) for row in rows}


async def last_of(tx: Tx, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Confirmation]:
    """The last confirmation that an order had on an occasion."""
    rows = await tx.fetch(
        f"""
        SELECT DISTINCT ON (order_id, occasion) {_CONFIRMATION}
        FROM confirmations JOIN unnest($1::bigint[], $2::text[]) AS w (o, c) ON order_id = w.o AND occasion = w.c
        ORDER BY order_id, occasion, version DESC
        """,  # noqa: S608
        [order_id for order_id, _ in wanted],
        [occasion for _, occasion in wanted],
    )
    return {(row["order_id"], row["occasion"]): _confirmation(row) for row in rows}


async def add_confirmations(tx: Tx, new: Sequence[Confirmation]) -> None:
    """Write confirmations down."""
    await tx.copy("confirmations", CONFIRMATION_COLUMNS, [
        (one.order_id, one.version, one.merchant_id, one.contact_id, str(one.occasion), one.canonical, one.hash,
         list(one.missing), one.at)
        for one in new
    ])  # fmt: skip


async def confirmations_of(tx: Tx, order_id: int) -> list[Confirmation]:
    """All versions of one order's confirmation, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_CONFIRMATION} FROM confirmations WHERE order_id = $1 ORDER BY version",  # noqa: S608
        order_id,
    )
    return [_confirmation(row) for row in rows]


async def confirmations(tx: Tx, keys: Iterable[Key]) -> dict[Key, Confirmation]:
    """Versions of confirmations."""
    order_ids, versions = _columns(keys)
    rows = await tx.fetch(
        f"""
        SELECT {_CONFIRMATION} FROM confirmations
        JOIN unnest($1::bigint[], $2::smallint[]) AS w (o, v) ON order_id = w.o AND version = w.v
        """,  # noqa: S608
        order_ids,
        versions,
    )
    return {(row["order_id"], row["version"]): _confirmation(row) for row in rows}


async def add_messages(tx: Tx, new: Sequence[Message]) -> None:
    """Queue messages."""
    await tx.copy("messages", MESSAGE_COLUMNS, [
        tuple(str(value) if isinstance(value, str) else value for value in msgspec.structs.astuple(one)) for one in new
    ])  # fmt: skip


async def lock_messages(tx: Tx, ids: Iterable[int]) -> list[Message]:
    """Lock messages that wait, lowest id first; those that somebody else has in hand are left out."""
    rows = await tx.fetch(
        f"""
        SELECT {_MESSAGE} FROM messages WHERE id = ANY($1::bigint[]) AND state = 'queued'
        ORDER BY id FOR UPDATE SKIP LOCKED
        """,  # noqa: S608
        sorted(ids),
    )
    return [_message(row) for row in rows]


async def lock_for_outcome(tx: Tx, ids: Iterable[int]) -> list[Message]:
    """Lock messages whose outcome is known now, lowest id first; whoever has them in hand is waited for."""
    rows = await tx.fetch(
        f"SELECT {_MESSAGE} FROM messages WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
        sorted(ids),
    )
    return [_message(row) for row in rows]


async def messages_of(tx: Tx, order_id: int) -> list[Message]:
    """All messages of one order, oldest first."""
    rows = await tx.fetch(f"SELECT {_MESSAGE} FROM messages WHERE order_id = $1 ORDER BY id", order_id)  # noqa: S608
    return [_message(row) for row in rows]


async def messages(tx: Tx, ids: Iterable[int]) -> list[Message]:
    """Messages by id."""
    rows = await tx.fetch(f"SELECT {_MESSAGE} FROM messages WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [_message(row) for row in rows]


async def begin_attempts(tx: Tx, begun: Mapping[int, datetime], lost: Collection[int]) -> None:
    """Note that somebody goes out with these messages, and when they are looked at again ({message: when}).

    Of those `lost` the attempt before never came back.
    """
    await tx.execute(
        """
        UPDATE messages SET attempts = attempts + 1, called_at = $3, next_at = new.at,
            lost = lost + CASE WHEN id = ANY($4::bigint[]) THEN 1 ELSE 0 END
        FROM unnest($1::bigint[], $2::timestamptz[]) AS new (message_id, at) WHERE id = new.message_id
        """,
        list(begun),
        list(begun.values()),
        tx.now,
        list(lost),
    )


async def end_attempts(tx: Tx, failures: Mapping[int, str], lost: Collection[int] = ()) -> None:
    """Note that these attempts brought nothing, and why ({message: code}); of those `lost` nobody knows."""
    await tx.execute(
        """
        UPDATE messages SET called_at = NULL, failure = new.failure,
            lost = lost + CASE WHEN id = ANY($3::bigint[]) THEN 1 ELSE 0 END
        FROM unnest($1::bigint[], $2::text[]) AS new (message_id, failure) WHERE id = new.message_id
        """,
        list(failures),
        list(failures.values()),
        list(lost),
    )


async def take_back_attempts(tx: Tx, ids: Collection[int]) -> None:
    """These were not tried after all: they do not count, and may be taken at once."""
    await tx.execute(
        """
        UPDATE messages SET called_at = NULL, attempts = attempts - 1, next_at = $2 WHERE id = ANY($1::bigint[])
        """,
        list(ids),
        tx.now,
    )


async def keep_copies(tx: Tx, copies: Mapping[int, tuple[str, bytes | None]]) -> None:
    """Keep what was sent: {message: (language, sealed copy)}."""
    await tx.execute(
        """
        UPDATE messages SET language = new.language, sealed = new.sealed
        FROM unnest($1::bigint[], $2::text[], $3::bytea[]) AS new (message_id, language, sealed)
        WHERE id = new.message_id
        """,
        list(copies),
        [language for language, _ in copies.values()],
        [sealed for _, sealed in copies.values()],
    )


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move messages along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "messages", MESSAGE, verb, ids, **values)


async def tried(tx: Tx, keys: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int, int], frozenset[Channel]]:
    """The channels that a confirmation (order, version, round) was or is sent over."""
    rows = await tx.fetch(
        """
        SELECT order_id, confirmation, round, array_agg(channel) AS channels
        FROM messages JOIN unnest($1::bigint[], $2::smallint[], $3::smallint[]) AS w (o, c, r)
            ON order_id = w.o AND confirmation = w.c AND round = w.r
        GROUP BY order_id, confirmation, round
        """,
        *[list(column) for column in zip(*keys, strict=True)],
    )
    return {
        (row["order_id"], row["confirmation"], row["round"]): frozenset(map(Channel, row["channels"])) for row in rows
    }


def _confirmation(row: Any) -> Confirmation:
    values = dict(row)
    return Confirmation(**(values | {"occasion": Occasion(values["occasion"]), "missing": tuple(values["missing"])}))


def _message(row: Any) -> Message:
    # Not by msgspec: it would take the sealed bytes for base64.
    values = dict(row)
    return Message(**(values | {"channel": Channel(values["channel"]), "state": MESSAGE_STATES[values["state"]]}))


MESSAGE_STATES = {str(state): state for state in MESSAGE.states}


def _columns(keys: Iterable[Key]) -> tuple[list[int], list[int]]:
    pairs = list(dict.fromkeys(keys))
    return [order_id for order_id, _ in pairs], [version for _, version in pairs]


async def drop_copies(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the copies of what was sent about orders; that it was sent stays."""
    await tx.execute(
        "UPDATE messages SET sealed = NULL WHERE order_id = ANY($1::bigint[]) AND sealed IS NOT NULL", list(order_ids)
    )
