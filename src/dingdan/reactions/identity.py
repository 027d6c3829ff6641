"""What follows from facts about people."""

from collections.abc import Sequence

from dingdan.areas import abuse, identity, pricing
from dingdan.plumbing.tx import Tx


async def forget_who_used_coupons(tx: Tx, facts: Sequence[identity.BuyerForgotten]) -> None:
    """Coupons of the platform count for persons; of one who is forgotten nothing is left that finds them."""
    await pricing.forget_buyers(tx, [fact.subject_id for fact in facts])


async def lift_flags(tx: Tx, facts: Sequence[identity.BuyerForgotten]) -> None:
    """Of whoever is forgotten nothing is held against anybody."""
    await abuse.forget(tx, [fact.subject_id for fact in facts])
