"""Every statement of disputes; whoever writes holds the order's lock, so a dispute and all that is said stand still."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.disputes.lifecycle import DISPUTE, OPEN, RULING
from dingdan.areas.disputes.model import Dispute, DisputeEntry, Ruling, Standstill
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_DISPUTE = ", ".join(Dispute.__struct_fields__)
_ENTRY = ", ".join(DisputeEntry.__struct_fields__)
_RULING = ", ".join(Ruling.__struct_fields__)
_STANDSTILL = ", ".join(Standstill.__struct_fields__)
_OPEN = [str(one) for one in sorted(OPEN)]


async def add(tx: Tx, new: Dispute) -> bool:
    """Write a dispute; False where one about the same thing stands already."""
    names = Dispute.__struct_fields__
    places = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    touched = await tx.execute(
        f"INSERT INTO disputes ({_DISPUTE}) VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608
        *(_plain(getattr(new, name)) for name in names),
    )
    return touched == 1


async def get(tx: Tx, ids: Collection[int]) -> list[Dispute]:
    """Disputes by id."""
    rows = await tx.fetch(f"SELECT {_DISPUTE} FROM disputes WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), Dispute) for row in rows]


async def lock(tx: Tx, ids: Collection[int]) -> list[Dispute]:
    """Disputes by id, locked; their orders are locked before."""
    rows = await tx.fetch(
        f"SELECT {_DISPUTE} FROM disputes WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
        list(ids),
    )
    return [msgspec.convert(dict(row), Dispute) for row in rows]


async def of_orders(tx: Tx, order_ids: Collection[int]) -> list[Dispute]:
    """The disputes about orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_DISPUTE} FROM disputes WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(order_ids),
    )
    return [msgspec.convert(dict(row), Dispute) for row in rows]


async def open_of_orders(tx: Tx, order_ids: Collection[int]) -> set[int]:
    """Those of these orders about which something is disputed."""
    rows = await tx.fetch(
        "SELECT DISTINCT order_id FROM disputes WHERE order_id = ANY($1::bigint[]) AND state = ANY($2::text[])",
        list(order_ids),
        _OPEN,
    )
    return {row["order_id"] for row in rows}


async def about(tx: Tx, subject_id: int) -> int | None:
    """The dispute about a return, a case or an order that was not taken back, nor ended by the two sides."""
    found = await tx.fetchval(
        "SELECT id FROM disputes WHERE subject_id = $1 AND state NOT IN ('withdrawn', 'agreed')", subject_id
    )
    return None if found is None else int(found)


async def open_about(tx: Tx, subject_ids: Collection[int]) -> list[int]:
    """The open disputes about these things."""
    rows = await tx.fetch(
        "SELECT id FROM disputes WHERE subject_id = ANY($1::bigint[]) AND state = ANY($2::text[]) ORDER BY id",
        list(subject_ids),
        _OPEN,
    )
    return [row["id"] for row in rows]


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move disputes along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "disputes", DISPUTE, verb, ids, **values)


async def next_turn(tx: Tx, dispute_id: int, *, turn: int, turn_by: Any) -> None:
    """It is the next side's turn."""
    await tx.execute("UPDATE disputes SET turn = $2, turn_by = $3 WHERE id = $1", dispute_id, turn, turn_by)


async def note_silent(tx: Tx, dispute_id: int, side: str) -> None:
    """Who had to prove something said nothing."""
    await tx.execute("UPDATE disputes SET silent = $2 WHERE id = $1", dispute_id, side)


async def accept(tx: Tx, dispute_id: int, side: str) -> None:
    """A side accepts the ruling; once more changes nothing."""
    await tx.execute(
        "UPDATE disputes SET accepted = array_append(accepted, $2) WHERE id = $1 AND $2 <> ALL (accepted)",
        dispute_id,
        side,
    )


async def add_entry(tx: Tx, new: DisputeEntry) -> None:
    """Write what was said or shown, or that nothing was."""
    names = DisputeEntry.__struct_fields__
    await tx.copy("dispute_entries", names, [tuple(_plain(getattr(new, name)) for name in names)])


async def entries(tx: Tx, dispute_ids: Collection[int]) -> dict[int, list[DisputeEntry]]:
    """What was said and shown in disputes, oldest first."""
    found: dict[int, list[DisputeEntry]] = {i: [] for i in dispute_ids}
    rows = await tx.fetch(
        f"SELECT {_ENTRY} FROM dispute_entries WHERE dispute_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["dispute_id"]].append(msgspec.convert(dict(row), DisputeEntry))
    return found


async def add_ruling(tx: Tx, new: Ruling) -> bool:
    """Write a ruling; False where one of its instance stands already."""
    names = Ruling.__struct_fields__
    places = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    touched = await tx.execute(
        f"INSERT INTO dispute_rulings ({_RULING}) VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608
        *(_plain(getattr(new, name)) for name in names),
    )
    return touched == 1


async def rulings(tx: Tx, dispute_ids: Collection[int]) -> dict[int, list[Ruling]]:
    """The rulings of disputes, oldest first."""
    found: dict[int, list[Ruling]] = {i: [] for i in dispute_ids}
    rows = await tx.fetch(
        f"SELECT {_RULING} FROM dispute_rulings WHERE dispute_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["dispute_id"]].append(msgspec.convert(dict(row), Ruling))
    return found


async def get_ruling(tx: Tx, ruling_id: int) -> Ruling | None:
    """One ruling."""
    row = await tx.fetchrow(f"SELECT {_RULING} FROM dispute_rulings WHERE id = $1", ruling_id)  # noqa: S608
    return msgspec.convert(dict(row), Ruling) if row else None


async def move_rulings(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move rulings along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "dispute_rulings", RULING, verb, ids, **values)


async def add_standstill(tx: Tx, new: Standstill) -> None:
    """A dispute stands still from now on."""
    names = Standstill.__struct_fields__
    await tx.copy("dispute_standstills", names, [tuple(_plain(getattr(new, name)) for name in names)])


async def standstills(tx: Tx, dispute_ids: Collection[int]) -> dict[int, list[Standstill]]:
    """When and why disputes stood still, the first one first."""
    found: dict[int, list[Standstill]] = {i: [] for i in dispute_ids}
    rows = await tx.fetch(
        f"SELECT {_STANDSTILL} FROM dispute_standstills WHERE dispute_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["dispute_id"]].append(msgspec.convert(dict(row), Standstill))
    return found


async def stand_still(tx: Tx, dispute_id: int, until: datetime | None) -> None:
    """A dispute stands still until then; None: it goes on."""
    await tx.execute("UPDATE disputes SET still_until = $2 WHERE id = $1", dispute_id, until)


async def show_elsewhere(tx: Tx, standstill_id: int, *, side: str, evidence: Sequence[int], until: datetime) -> None:
    """It was shown that the police or a court took it."""
    await tx.execute(
        """
        UPDATE dispute_standstills SET shown_side = $2, shown_at = $3, evidence = evidence || $4::bigint[], until = $5
        WHERE id = $1 AND ended_at IS NULL
        """,
        standstill_id,
        side,
        tx.now,
        list(evidence),
        until,
    )


async def end_standstill(tx: Tx, dispute_id: int, outcome: str) -> None:
    """What stood still goes on, or is over."""
    await tx.execute(
        """
        UPDATE dispute_standstills SET outcome = $2, ended_by_kind = $3, ended_by = $4, ended_at = $5
        WHERE dispute_id = $1 AND ended_at IS NULL
        """,
        dispute_id,
        outcome,
        str(tx.actor.kind),
        tx.actor.id,
        tx.now,
    )


async def move_times(tx: Tx, dispute_id: int, times: Mapping[str, datetime]) -> None:
    """What was promised for a moment is promised for another; what is not named stays."""
    await tx.execute(
        """
        UPDATE disputes SET turn_by = COALESCE($2, turn_by), rule_by = COALESCE($3, rule_by),
            appeal_by = COALESCE($4, appeal_by), do_by = COALESCE($5, do_by)
        WHERE id = $1
        """,
        dispute_id,
        *(times.get(name) for name in ("turn_by", "rule_by", "appeal_by", "do_by")),
    )


async def advanced(tx: Tx, order_ids: Collection[int]) -> list[int]:
    """The cases by which the platform carried out what a seller should have, of orders."""
    rows = await tx.fetch(
        """
        SELECT d.case_id FROM disputes d
        JOIN dispute_rulings r ON r.dispute_id = d.id AND r.state = 'given'
             AND r.instance = CASE WHEN d.appealed_side IS NULL THEN 'first' ELSE 'appeal' END
        WHERE d.order_id = ANY($1::bigint[]) AND d.case_id IS NOT NULL
          AND d.done_by = 'platform' AND r.executor = 'seller'
        ORDER BY d.id
        """,
        list(order_ids),
    )
    return [row["case_id"] for row in rows]


async def drop_words(tx: Tx, order_ids: Collection[int]) -> None:
    """Let go of the words of disputes about orders; that they were said stays."""
    for table in ("dispute_entries", "dispute_rulings"):
        await tx.execute(
            f"UPDATE {table} SET sealed = NULL WHERE order_id = ANY($1::bigint[]) AND sealed IS NOT NULL",  # noqa: S608
            list(order_ids),
        )


def _plain(value: Any) -> Any:
    """As PostgreSQL takes it: words without their class, documents as they are."""
    if isinstance(value, list) and value and isinstance(value[0], msgspec.Struct):
        return msgspec.to_builtins(value)
    return str(value) if isinstance(value, str) else value
