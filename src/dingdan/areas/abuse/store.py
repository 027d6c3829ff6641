"""Every statement of abuse. Whoever changes a flag or adds signs waits for whoever else does about the same buyer."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.abuse.lifecycle import ABUSE_FLAG, LIVING
from dingdan.areas.abuse.model import Flag, Handover, NewSignal, Signal, Take, Taken
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_FLAG = ", ".join(Flag.__struct_fields__)
_SIGNAL = Signal.__struct_fields__
_TAKEN = ", ".join(Taken.__struct_fields__)
_HANDOVER = Handover.__struct_fields__
_LIVING = "state IN ('open', 'asked', 'signed', 'confirmed', 'appealed')"
assert all(f"'{state}'" in _LIVING for state in LIVING), "the index of living flags knows other states"


async def wait_for(tx: Tx, buyer_ids: Iterable[int]) -> None:
    """Nobody else weighs, decides or adds anything about these buyers until we are done; lowest id first."""
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended('abuse of buyer ' || id, 16))
        FROM (SELECT DISTINCT id FROM unnest($1::bigint[]) AS id ORDER BY id) AS ordered
        """,
        list(buyer_ids),
    )


async def get(tx: Tx, flag_ids: Iterable[int]) -> list[Flag]:
    """Flags by id."""
    rows = await tx.fetch(f"SELECT {_FLAG} FROM abuse_flags WHERE id = ANY($1::bigint[]) ORDER BY id", list(flag_ids))  # noqa: S608
    return [_flag(row) for row in rows]


async def lock(tx: Tx, flag_ids: Iterable[int]) -> list[Flag]:
    """The same, locked, lowest id first."""
    rows = await tx.fetch(
        f"SELECT {_FLAG} FROM abuse_flags WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
        list(flag_ids),
    )
    return [_flag(row) for row in rows]


async def living(tx: Tx, buyer_ids: Collection[int], *, lock: str = "") -> list[Flag]:
    """The flags of buyers that have not ended, at most one of each; `lock` keeps them so."""
    assert lock in ("", "FOR UPDATE", "FOR SHARE")
    rows = await tx.fetch(
        f"SELECT {_FLAG} FROM abuse_flags WHERE buyer_id = ANY($1::bigint[]) AND {_LIVING} ORDER BY id {lock}",  # noqa: S608
        list(buyer_ids),
    )
    return [_flag(row) for row in rows]


async def add_flag(tx: Tx, new: Flag) -> None:
    """Write a flag down; its buyer is waited for, so that there is no other."""
    await tx.copy("abuse_flags", Flag.__struct_fields__, [tuple(getattr(new, name) for name in Flag.__struct_fields__)])


async def weigh(tx: Tx, flag: Flag) -> None:
    """Write what a flag weighs now."""
    await tx.execute(
        "UPDATE abuse_flags SET score = $2, level = $3, parts = $4 WHERE id = $1",
        flag.id, flag.score, flag.level, flag.parts,
    )  # fmt: skip


async def move(tx: Tx, verb: str, flag_ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move flags along their lifecycle."""
    return await lifecycles.move(tx, "abuse_flags", ABUSE_FLAG, verb, flag_ids, **values)


async def add_signals(tx: Tx, new: Sequence[tuple[int, NewSignal]]) -> None:
    """Write signs down under these ids; their buyers are waited for, so that none is there already."""
    names = [name for name in _SIGNAL if name not in ("id", "flag_id", "noticed_at", "dismissed_at")]
    await tx.copy("abuse_signals", ["id", "noticed_at", *names], [
        (number, tx.now, *(getattr(one, name) for name in names)) for number, one in new
    ])  # fmt: skip


async def signals_of(tx: Tx, buyer_ids: Iterable[int]) -> list[Signal]:
    """Every sign about buyers that is kept, oldest first; those that are over too, since none is noticed twice."""
    rows = await tx.fetch(
        f"SELECT {', '.join(_SIGNAL)} FROM abuse_signals WHERE buyer_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(buyer_ids),
    )
    return [_signal(row) for row in rows]


async def signals_in(tx: Tx, flag_ids: Iterable[int]) -> list[Signal]:
    """The signs that flags were made from, oldest first."""
    rows = await tx.fetch(
        f"SELECT {', '.join(_SIGNAL)} FROM abuse_signals WHERE flag_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(flag_ids),
    )
    return [_signal(row) for row in rows]


async def put_into(tx: Tx, flag_id: int, signal_ids: Iterable[int]) -> None:
    """These signs are parts of a flag."""
    await tx.execute(
        "UPDATE abuse_signals SET flag_id = $1 WHERE id = ANY($2::bigint[]) AND flag_id IS DISTINCT FROM $1",
        flag_id,
        list(signal_ids),
    )


async def dismiss(tx: Tx, flag_ids: Iterable[int]) -> None:
    """What these flags were made from never counts again."""
    await tx.execute(
        "UPDATE abuse_signals SET dismissed_at = $2 WHERE flag_id = ANY($1::bigint[]) AND dismissed_at IS NULL",
        list(flag_ids),
        tx.now,
    )


async def keep_words(tx: Tx, flag_id: int, words: bytes | None, *, is_appeal: bool) -> None:
    """What the buyer says, in their own seal."""
    await tx.execute(
        """
        UPDATE abuse_flags SET asked_sealed = CASE WHEN $3 THEN asked_sealed ELSE $2 END,
            appeal_sealed = CASE WHEN $3 THEN $2 ELSE appeal_sealed END WHERE id = $1
        """,
        flag_id,
        words,
        is_appeal,
    )


async def words_of(tx: Tx, flag_id: int) -> tuple[bytes | None, bytes | None]:
    """What the buyer said when they asked for a review and when they appealed."""
    row = await tx.fetchrow("SELECT asked_sealed, appeal_sealed FROM abuse_flags WHERE id = $1", flag_id)
    return (row["asked_sealed"], row["appeal_sealed"]) if row else (None, None)


async def take(tx: Tx, new: Sequence[tuple[int, Take]]) -> set[int]:
    """Write down that measures acted, each once on one thing; says which of these ids are new."""
    rows = await tx.fetch(
        """
        INSERT INTO abuse_measures (id, merchant_id, flag_id, measure, order_id, subject, subject_id, at)
        SELECT new.*, $8::timestamptz FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[],
                                     $7::bigint[]) AS new
        ON CONFLICT (flag_id, measure, subject_id) DO NOTHING RETURNING id
        """,
        [number for number, _ in new],
        [one.standing.merchant_id for _, one in new],
        [one.standing.flag_id for _, one in new],
        [str(one.measure) for _, one in new],
        [one.order_id for _, one in new],
        [one.subject for _, one in new],
        [one.subject_id for _, one in new],
        tx.now,
    )
    return {row["id"] for row in rows}


async def taken(tx: Tx, flag_id: int, limit: int) -> list[Taken]:
    """What a flag did, newest first."""
    rows = await tx.fetch(
        f"SELECT {_TAKEN} FROM abuse_measures WHERE flag_id = $1 ORDER BY id DESC LIMIT $2",  # noqa: S608
        flag_id,
        limit,
    )
    return [msgspec.convert(dict(row), Taken) for row in rows]


async def add_handover(tx: Tx, new: Handover) -> None:
    """Write down that evidence was handed over."""
    await tx.copy("abuse_handovers", _HANDOVER, [tuple(getattr(new, name) for name in _HANDOVER)])


async def handovers(tx: Tx, *, flag_id: int | None = None, handover_id: int | None = None) -> list[Handover]:
    """What was handed over of a flag, or one handover."""
    rows = await tx.fetch(
        f"""
        SELECT {", ".join(_HANDOVER)} FROM abuse_handovers
        WHERE ($1::bigint IS NULL OR flag_id = $1) AND ($2::bigint IS NULL OR id = $2)
          AND num_nonnulls($1::bigint, $2::bigint) > 0 ORDER BY id LIMIT 100
        """,  # noqa: S608
        flag_id,
        handover_id,
    )
    return [msgspec.convert(dict(row), Handover) for row in rows]


def _flag(row: Any) -> Flag:
    return msgspec.convert(dict(row), Flag)


def _signal(row: Any) -> Signal:
    return msgspec.convert(dict(row), Signal)
