"""Wrong coupon codes are counted, by the person and by whoever asks for them; too many, and codes are not looked up."""

from collections.abc import Collection, Mapping
from datetime import datetime

from dingdan.areas.pricing.rules import guessing
from dingdan.areas.pricing.store import tries
from dingdan.kernel.actor import Actor
from dingdan.plumbing.tx import Tx


def person_word(person: int) -> str:
    """Under which a person's tries are counted, at every merchant."""
    return f"person:{person}"


def actor_word(actor: Actor) -> str:
    """Under which the tries of whoever asks are counted."""
    return f"{actor.kind}:{actor.id or 0}"


async def waiting(tx: Tx, whos: Collection[str]) -> dict[str, datetime]:
    """Those of them that tried too many wrong codes, and until when theirs are not looked up."""
    found = {row["who"]: (row["wrong"], row["since"]) for row in await tries.of(tx, whos)} if whos else {}
    until = {who: guessing.waits_until(who, wrong, since, now=tx.now) for who, (wrong, since) in found.items()}
    return {who: moment for who, moment in until.items() if moment is not None}


async def note_wrong(tx: Tx, wrong: Mapping[str, int]) -> None:
    """Count so many more wrong codes; a window that is over begins anew. Locked after everything else, by name."""
    counted = {who: n for who, n in wrong.items() if n and guessing.limit_of(who) is not None}
    if counted:
        await tries.add(tx, counted, begun_before=tx.now - guessing.WINDOW)


async def forget_tries(tx: Tx) -> int:
    """Let go of counts whose window is over."""
    return await tries.sweep(tx, begun_before=tx.now - guessing.WINDOW)
