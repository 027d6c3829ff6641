"""What follows from facts about returns."""

from collections.abc import Sequence

from dingdan.areas import customs, disputes, exchanges, repairs, returns, talks, way_back
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def mind_receipt(tx: Tx, facts: Sequence[Event]) -> None:
    """Whoever has an open return is not taken to have accepted the goods."""
    await returns.mind_receipt(tx, [fact.order_id for fact in facts if fact.order_id is not None])


async def fix_address(tx: Tx, facts: Sequence[returns.ReturnApproved | returns.ReturnAgreed]) -> None:
    """Whoever may send goods back is told where to, and that place stays."""
    await way_back.fix(tx, [fact.subject_id for fact in facts])


async def pay_early(tx: Tx, facts: Sequence[returns.ReturnSent]) -> None:
    """Trusted buyers have their money once the goods are on their way."""
    await returns.pay_early(tx, [fact.subject_id for fact in facts])


async def charge_labels(tx: Tx, facts: Sequence[returns.ReturnSent]) -> None:
    """A label costs once its parcel is on its way."""
    await way_back.charge(tx, [fact.subject_id for fact in facts])


async def swap(tx: Tx, facts: Sequence[Event]) -> None:
    """Something else is kept, sent, or not, by what becomes of the goods."""
    await exchanges.follow_returns(tx, list(dict.fromkeys(fact.subject_id for fact in facts)))


async def mend(tx: Tx, facts: Sequence[Event]) -> None:
    """Goods are mended, or not, by what becomes of them."""
    await repairs.follow_returns(tx, list(dict.fromkeys(fact.subject_id for fact in facts)))


async def close_talks(tx: Tx, facts: Sequence[Event]) -> None:
    """What is decided is not negotiated any more."""
    await talks.close(tx, [fact.subject_id for fact in facts])


async def agree(tx: Tx, facts: Sequence[returns.ReturnApproved | returns.ReturnAgreed]) -> None:
    """What was granted or agreed on needs no ruling."""
    await disputes.end_agreed(tx, [fact.subject_id for fact in facts])


async def expect_back(tx: Tx, facts: Sequence[returns.ReturnApproved | returns.ReturnReceived]) -> None:
    """Of goods from abroad that are asked back customs are to be asked, too."""
    await customs.expect_back(tx, {fact.order_id for fact in facts if fact.order_id is not None})
