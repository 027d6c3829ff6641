"""Statements about kinds, cases, who owns them and what happened with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.cases.lifecycle import CASE
from dingdan.areas.cases.model import SHIPPED_TERMS, Case, CaseKind, CaseOwner, CaseTerms, Entry
from dingdan.areas.cases.rules.assigning import Candidate
from dingdan.areas.cases.tables import UNENDED
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(Case.__struct_fields__)
_KIND = ", ".join(CaseKind.__struct_fields__)
_ENTRY = ", ".join(Entry.__struct_fields__)
NEW_CASE = (
    "id", "merchant_id", "order_id", "buyer_id", "case_kind_id", "kind", "subject", "subject_id", "source",
    "opened_at", "contact_by", "plan_by", "resolve_by", "next_update_at", "due_at",
)  # fmt: skip
# What may be written on a case beside its state.
TOUCHED = frozenset({
    "level", "whose_turn", "contacted_at", "contact_by", "planned_at", "plan", "plan_by", "resolve_by",
    "next_update_at", "answer_by", "due_at", "repeats",
})  # fmt: skip


def _cases(rows: Iterable[Any]) -> list[Case]:
    return [msgspec.convert(dict(row), Case) for row in rows]


async def kinds(tx: Tx, merchant_ids: Collection[int]) -> list[CaseKind]:
    """The newest version of each kind of the platform and of these merchants; not more than two thousand."""
    rows = await tx.fetch(
        f"""
        SELECT DISTINCT ON (merchant_id, code) {_KIND} FROM case_kinds
        WHERE merchant_id IS NULL OR merchant_id = ANY($1::bigint[])
        ORDER BY merchant_id, code, number DESC LIMIT 2000
        """,  # noqa: S608 - our own columns
        list(merchant_ids),
    )
    return [msgspec.convert(dict(row), CaseKind) for row in rows]


async def versions(tx: Tx, ids: Collection[int]) -> list[CaseKind]:
    """These versions of kinds."""
    rows = await tx.fetch(f"SELECT {_KIND} FROM case_kinds WHERE id = ANY($1::bigint[])", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), CaseKind) for row in rows]


async def lock_code(tx: Tx, merchant_id: int | None, code: str) -> None:
    """Whoever writes a version of this kind, or of the terms, waits for whoever else does."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 15))", f"case kind {merchant_id or 0} {code}")


async def add_kind(tx: Tx, kind: CaseKind) -> None:
    """Write a version down."""
    await tx.execute(
        f"INSERT INTO case_kinds ({_KIND}, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",  # noqa: S608
        *(getattr(kind, name) for name in CaseKind.__struct_fields__),
        tx.now,
    )


async def terms(tx: Tx) -> tuple[int, CaseTerms]:
    """The newest terms with their number; number 0 is what ships with the program."""
    row = await tx.fetchrow("SELECT number, document FROM case_terms ORDER BY number DESC LIMIT 1")
    return (row["number"], msgspec.convert(row["document"], CaseTerms)) if row else (0, SHIPPED_TERMS)


async def add_terms(tx: Tx, number: int, wanted: CaseTerms) -> None:
    """Write the next terms down."""
    await tx.execute("INSERT INTO case_terms (number, document, at) VALUES ($1, $2, $3)", number, wanted, tx.now)


async def skills(tx: Tx, staff_ids: Collection[int]) -> dict[int, list[str]]:
    """The kinds of those who have kinds of their own."""
    rows = await tx.fetch(
        "SELECT staff_id, kinds FROM case_skills WHERE staff_id = ANY($1::bigint[]) AND kinds <> '{}'",
        list(staff_ids),
    )
    return {row["staff_id"]: list(row["kinds"]) for row in rows}


async def set_skills(tx: Tx, staff_id: int, merchant_id: int | None, wanted: Sequence[str]) -> bool:
    """Write which kinds somebody takes, none is all of their role; says whether they took others until now."""
    return bool(await tx.execute(
        """
        INSERT INTO case_skills AS known (staff_id, merchant_id, kinds, at)
        SELECT $1, $2, $3, $4 WHERE $3::text[] <> '{}' OR EXISTS (SELECT FROM case_skills WHERE staff_id = $1)
        ON CONFLICT (staff_id) DO UPDATE SET kinds = excluded.kinds, at = excluded.at WHERE known.kinds <> excluded.kinds
        """,
        staff_id,
        merchant_id,
        list(wanted),
        tx.now,
    ))  # fmt: skip


async def candidates(tx: Tx, staff: Mapping[int, bool]) -> list[Candidate]:
    """How much those people {id: whether they are the seller's own} own already."""
    rows = await tx.fetch(
        """
        SELECT staff_id, count(*) AS load, max(since) AS last FROM case_owners
        WHERE staff_id = ANY($1::bigint[]) AND until IS NULL GROUP BY staff_id
        """,
        list(staff),
    )
    busy = {row["staff_id"]: (row["load"], row["last"]) for row in rows}
    return [Candidate(i, is_own, *busy.get(i, (0, None))) for i, is_own in sorted(staff.items())]


async def add_cases(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> set[int]:
    """Write new cases (columns NEW_CASE); says which were written: about the others somebody opened one just now."""
    if not rows:
        return set()
    columns = [list(column) for column in zip(*rows, strict=True)]
    written = await tx.fetch(
        f"""
        INSERT INTO cases ({", ".join(NEW_CASE)}) SELECT * FROM unnest(
            $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::bigint[],
            $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
            $14::timestamptz[], $15::timestamptz[]) AS new ORDER BY 8, 6
        ON CONFLICT (subject_id, kind) WHERE {UNENDED} DO NOTHING RETURNING id
        """,  # noqa: S608 - our own columns
        *columns,
    )
    return {row["id"] for row in written}


async def open_about(tx: Tx, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Open cases by (what they are about, kind)."""
    rows = await tx.fetch(
        f"""
        SELECT c.id, c.subject_id, c.kind FROM unnest($1::bigint[], $2::text[]) AS w (s, k)
        JOIN cases c ON c.subject_id = w.s AND c.kind = w.k AND c.{UNENDED}
        """,  # noqa: S608
        [subject_id for subject_id, _ in wanted],
        [kind for _, kind in wanted],
    )
    return {(row["subject_id"], row["kind"]): row["id"] for row in rows}


async def open_of_orders(tx: Tx, order_ids: Collection[int]) -> list[Case]:
    """Open cases of orders."""
    return _cases(
        await tx.fetch(
            f"SELECT {_ALL} FROM cases WHERE order_id = ANY($1::bigint[]) AND {UNENDED} ORDER BY id",  # noqa: S608
            list(order_ids),
        )
    )


async def about(tx: Tx, order_ids: Collection[int]) -> list[Case]:
    """All cases of the orders of one set, open or not."""
    return _cases(
        await tx.fetch(
            f"SELECT {_ALL} FROM cases WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(order_ids),
        )
    )


async def of_orders(tx: Tx, order_ids: Collection[int]) -> list[Case]:
    """Every case of orders, newest first; not more than two hundred."""
    return _cases(
        await tx.fetch(
            f"SELECT {_ALL} FROM cases WHERE order_id = ANY($1::bigint[]) ORDER BY id DESC LIMIT 200",  # noqa: S608
            list(order_ids),
        )
    )


async def get(tx: Tx, case_ids: Collection[int]) -> list[Case]:
    """Cases by id."""
    return _cases(
        await tx.fetch(f"SELECT {_ALL} FROM cases WHERE id = ANY($1::bigint[]) ORDER BY id", list(case_ids))  # noqa: S608
    )


async def lock(tx: Tx, case_ids: Collection[int]) -> list[Case]:
    """Lock cases, lowest id first; their orders are locked before."""
    return _cases(
        await tx.fetch(
            f"SELECT {_ALL} FROM cases WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
            sorted(case_ids),
        )
    )


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move cases along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "cases", CASE, verb, ids, **values)


async def touch(tx: Tx, case_id: int, **values: Any) -> None:
    """Write moments and words on a locked case; its state is moved in no other way than by its lifecycle."""
    assert values.keys() <= TOUCHED
    sets = ", ".join(f"{name} = ${n}" for n, name in enumerate(values, start=2))
    await tx.execute(f"UPDATE cases SET {sets} WHERE id = $1", case_id, *values.values())  # noqa: S608 - our columns


async def attach(tx: Tx, case_id: int, *, order_id: int, buyer_id: int) -> None:
    """A locked case without an order is about this one, and about nothing else."""
    await tx.execute(
        """
        UPDATE cases SET order_id = $2, buyer_id = $3, subject = 'order', subject_id = $2 WHERE id = $1 AND order_id IS NULL
        """,
        case_id,
        order_id,
        buyer_id,
    )


async def rate(tx: Tx, case_id: int, rating: int, feedback: bytes | None) -> None:
    """Write what the buyer thought of it."""
    await tx.execute("UPDATE cases SET rating = $2, feedback_sealed = $3 WHERE id = $1", case_id, rating, feedback)


async def own(
    tx: Tx, owners_: Sequence[CaseOwner], merchants: Mapping[int, int], *, ended: Collection[int] = ()
) -> None:
    """Whoever owned these cases no longer does, and these do from now on; of ended ones nobody does."""
    await tx.execute(
        "UPDATE case_owners SET until = $2 WHERE case_id = ANY($1::bigint[]) AND until IS NULL",
        [*ended, *(one.case_id for one in owners_)],
        tx.now,
    )
    await tx.copy("case_owners", ("case_id", "n", "merchant_id", "role", "staff_id", "since", "reason"), [
        (one.case_id, one.n, merchants[one.case_id], one.role, one.staff_id, one.since, one.reason) for one in owners_
    ])  # fmt: skip


async def owners(tx: Tx, case_ids: Collection[int]) -> dict[int, list[CaseOwner]]:
    """Everybody who owned these cases, first to last."""
    found: dict[int, list[CaseOwner]] = {case_id: [] for case_id in case_ids}
    rows = await tx.fetch(
        """
        SELECT case_id, n, role, staff_id, since, until, reason FROM case_owners
        WHERE case_id = ANY($1::bigint[]) ORDER BY case_id, n
        """,
        list(found),
    )
    for row in rows:
        found[row["case_id"]].append(CaseOwner(**dict(row)))
    return found


async def add_entries(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write what happened: (case, merchant, kind, data, sealed words, photos)."""
    await tx.copy("case_entries", (
        "id", "case_id", "merchant_id", "kind", "actor_kind", "actor_id", "data", "sealed", "photos", "at",
    ), [
        (i, case_id, merchant_id, kind, str(tx.actor.kind), tx.actor.id, data, sealed, list(photos), tx.now)
        for i, (case_id, merchant_id, kind, data, sealed, photos) in zip(tx.mint_many(len(rows)), rows, strict=True)
    ])  # fmt: skip


async def entries(tx: Tx, case_id: int, limit: int) -> list[Entry]:
    """What happened with a case, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_ENTRY} FROM case_entries WHERE case_id = $1 ORDER BY id LIMIT $2",  # noqa: S608
        case_id,
        limit,
    )
    return [Entry(**dict(row)) for row in rows]


async def hands(tx: Tx, case_ids: Collection[int]) -> set[tuple[str, int | None]]:
    """Who had a hand in cases: {(kind, id)}."""
    rows = await tx.fetch(
        """
        SELECT actor_kind AS kind, actor_id AS id FROM case_entries WHERE case_id = ANY($1::bigint[])
        UNION SELECT 'staff', staff_id FROM case_owners WHERE case_id = ANY($1::bigint[]) AND staff_id IS NOT NULL
        UNION SELECT proposed_by_kind, proposed_by FROM remedies WHERE case_id = ANY($1::bigint[])
        UNION SELECT approved_by_kind, approved_by FROM remedies WHERE case_id = ANY($1::bigint[]) AND approved_at IS NOT NULL
        """,
        list(case_ids),
    )
    return {(row["kind"], row["id"]) for row in rows}


def due_of(*moments: datetime | None) -> datetime:
    """The first of these that there are."""
    return min(moment for moment in moments if moment is not None)
