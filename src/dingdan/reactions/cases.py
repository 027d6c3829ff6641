"""What trouble follows from facts, and what follows from trouble."""

from collections.abc import Sequence

from dingdan.areas import archive, cases
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def follow(tx: Tx, facts: Sequence[Event]) -> None:
    """Signs of trouble open cases, and their end ends them. One reaction for both, so that cases follow the facts."""
    await cases.follow(tx, [
        cases.Noticed(wire=fact.wire, subject=fact.subject, subject_id=fact.subject_id, order_id=fact.order_id,
                      cause_id=getattr(fact, "cause_id", None))
        for fact in facts
    ])  # fmt: skip


async def tell_register(tx: Tx, facts: Sequence[cases.ClaimFiled | cases.ClaimAnswered]) -> None:
    """Claims are complaints, and how soon they are answered counts for the carrier."""
    await cases.tell_register(tx, [fact.subject_id for fact in facts])


async def draft_claims(tx: Tx, facts: Sequence[cases.CaseOpened]) -> None:
    """What a carrier broke or lost is claimed from it."""
    await cases.draft_for_cases(tx, [fact.subject_id for fact in facts])


async def refill(tx: Tx, facts: Sequence[cases.RemedyExecuted]) -> None:
    """What is sent again for an order that was put away needs to know where it goes."""
    await archive.refill_remedied(tx, [fact.subject_id for fact in facts])
