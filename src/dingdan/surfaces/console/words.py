"""Words that several desks say in the same way."""

from collections.abc import Sequence

from dingdan.areas import cases, identity
from dingdan.kernel.refusal import Text
from dingdan.overviews.timeline import Entry as Fact
from dingdan.plumbing.tx import Tx


def of_case(kind: cases.CaseKind) -> Text:
    """What a kind of trouble is called."""
    return Text(kind.document.title.en, kind.document.title.zh)


async def people_of(tx: Tx, facts: Sequence[Fact]) -> dict[int, str]:
    """The names of those of us who acted."""
    numbers = {fact.actor_id for fact in facts if fact.actor_kind == "staff" and fact.actor_id}
    return {number: one.name for number, one in (await identity.staff_by_ids(tx, numbers)).items()}
