"""Many deadlines at once made later, such as over a holiday: ordered by a person, carried out in sets, each once."""

from collections.abc import Mapping

from dingdan.areas.clocks import rules, store
from dingdan.areas.clocks.events import DeadlineExtended, ExtensionFinished, ExtensionOrdered
from dingdan.areas.clocks.model import Candidate, Extend, Extension, Keeper
from dingdan.kernel.refusal import refuse_all
from dingdan.kernel.times import iso
from dingdan.plumbing.deadlines import REGISTRY
from dingdan.plumbing.ladders import Clock, next_at
from dingdan.plumbing.tx import Tx

SET = 500


async def preview(tx: Tx, wanted: Extend) -> dict[str, int]:
    """How many deadlines of each kind would move now. Raises everything that is wrong at once."""
    refuse_all(rules.problems_of_extension(wanted, may_extend=extendable_kinds(), now=tx.now))
    return await store.count(tx, wanted)


async def extend(tx: Tx, wanted: Extend) -> Extension:
    """Order that deadlines shall be later; a worker carries it out. Raises everything that is wrong at once."""
    made = await store.add(tx, wanted, await preview(tx, wanted))
    tx.announce(ExtensionOrdered(subject_id=made.id, merchant_id=made.merchant_id, kinds=list(made.kinds),
                                 expected=sum(made.expected.values()), reason=made.reason))  # fmt: skip
    return made


async def carry_on(tx: Tx, keepers: Mapping[str, Keeper], *, most: int = SET) -> int:
    """Move the next set of the oldest extension that is not finished; says 0 where there is none.

    What a deadline hangs on is locked first, by its keeper, and looked at again: what ended meanwhile is left alone.
    Each deadline is written down as it moves, and what is written down never moves again for the same extension.
    """
    one = await store.take(tx)
    if one is None:
        return 0
    found = await store.candidates(tx, one, most)
    if not found:
        await _next_kind(tx, one)
        return 1
    kind = REGISTRY[one.kinds[one.at_kind]]
    keeper = keepers[kind.name]
    await keeper.hold(tx, [was.subject_id for was in found])
    later = [_later(one, was) for was in found]
    moved = await store.move(tx, one, [
        (was, clock.due_at, next_at(kind, clock)) for was, clock in zip(found, later, strict=True)
    ])  # fmt: skip
    if keeper.put_off is not None:
        await keeper.put_off(tx, {row["subject_id"]: row["now_at"] for row in moved})
    await store.advance(tx, one, at_kind=one.at_kind, reached_at=found[-1].due_at, extended=len(moved))
    tx.announce(*(
        DeadlineExtended(subject_id=row["order_id"], merchant_id=row["merchant_id"], order_id=row["order_id"],
                         kind=kind.name, about_id=row["subject_id"], extension_id=one.id, was_at=iso(row["was_at"]),
                         now_at=iso(row["now_at"]), reason=one.reason)
        for row in moved if row["order_id"] is not None
    ))  # fmt: skip
    return len(found)


async def _next_kind(tx: Tx, one: Extension) -> None:
    await store.advance(tx, one, at_kind=one.at_kind + 1, reached_at=one.due_from, extended=0)
    if one.at_kind + 1 == len(one.kinds):
        tx.announce(ExtensionFinished(subject_id=one.id, merchant_id=one.merchant_id, extended=one.extended))


def _later(one: Extension, was: Candidate) -> Clock:
    due_at = was.due_at + one.by_span if one.by_span is not None else one.to_moment
    assert due_at is not None
    return Clock(was.started_at, due_at, was.step)


def extendable_kinds() -> frozenset[str]:
    """The kinds that staff may move; never one that the law gives the buyer."""
    return frozenset(name for name, kind in REGISTRY.items() if kind.may_extend)
