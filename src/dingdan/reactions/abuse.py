"""What signs of abuse follow from facts, whichever area the fact comes from."""

from collections.abc import Sequence

from dingdan.areas import abuse
from dingdan.kernel.event import Event
from dingdan.overviews import abuse_picture
from dingdan.plumbing.tx import Tx

# What signs came to is looked up where it matters, and nothing follows by itself.
LOOKED_UP: tuple[type[Event], ...] = (
    abuse.AbuseEvidenceHandedOver, abuse.AbuseFlagAppealed, abuse.AbuseFlagAsked, abuse.AbuseFlagChanged,
    abuse.AbuseFlagConfirmed, abuse.AbuseFlagDueSoon, abuse.AbuseFlagExpired, abuse.AbuseFlagLifted,
    abuse.AbuseFlagOpened, abuse.AbuseFlagSigned, abuse.AbuseMeasureTaken, abuse.AbuseSignalNoticed,
)  # fmt: skip


async def look(tx: Tx, facts: Sequence[Event]) -> None:
    """Something that may be a sign is looked at, with all else that is known of its buyer."""
    orders = [fact.order_id for fact in facts if fact.order_id is not None]
    await abuse.look_at(tx, orders, collect=abuse_picture.collect)
