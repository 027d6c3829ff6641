"""The thread of a return: what both sides wrote, between what the system says of each step, in both languages."""

from datetime import datetime

import msgspec

from dingdan.areas import talks
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx

MOST_LINES = 500


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line: a remark of a side with its words and evidence, or a line of the system with its text."""

    at: datetime
    side: str
    code: str
    text: str = ""
    line: Text | None = None
    evidence: tuple[int, ...] = ()


async def of_return(tx: Tx, return_id: int) -> list[Entry]:
    """Everything about a return in the order in which it happened. Raises ReturnUnknown."""
    said = [
        Entry(at=one.remark.at, side=str(one.remark.side), code=one.remark.code, text=one.text,
              evidence=tuple(one.remark.evidence))
        for one in await talks.thread(tx, return_id)
    ]  # fmt: skip
    subjects = [one.id for one in await talks.offers_of(tx, [return_id])]
    subjects += [one.id for one in (await talks.questions_of(tx, [return_id])).values()]
    rows = await tx.fetch(
        """
        SELECT wire, at FROM facts
        WHERE wire = ANY($3::text[]) AND (subject = 'return' AND subject_id = $1
            OR subject IN ('offer', 'question') AND subject_id = ANY($2::bigint[]))
        ORDER BY id LIMIT $4
        """,
        return_id,
        subjects,
        list(talks.LINES),
        MOST_LINES,
    )
    happened = [Entry(at=r["at"], side="system", code=r["wire"], line=talks.LINES[r["wire"]]) for r in rows]
    return sorted([*said, *happened], key=lambda entry: entry.at)
