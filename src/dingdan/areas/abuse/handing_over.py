"""Evidence for the police where fraud or extortion was confirmed: by a person, on record, and of what it is about only."""

from dingdan.areas.abuse import store
from dingdan.areas.abuse.deciding import person
from dingdan.areas.abuse.events import AbuseEvidenceHandedOver
from dingdan.areas.abuse.lifecycle import FlagState
from dingdan.areas.abuse.model import Handover, HandoverReason
from dingdan.areas.abuse.reading import hold_one
from dingdan.areas.abuse.refusals import HandoverUnfounded, WordsUnfit
from dingdan.plumbing.tx import Tx

LONGEST = 200


async def hand_over(tx: Tx, flag_id: int, *, reason: HandoverReason, authority: str) -> Handover:
    """Write down that the evidence behind a confirmed flag goes to an authority (Impl. Reg. art. 49).

    It is about the orders of its signs and no others. Raises FlagUnknown, FlagNeedsPerson, HandoverUnfounded, WordsUnfit.
    """
    by = person(tx.actor)
    if not 0 < len(authority.strip()) <= LONGEST or "\0" in authority:
        raise WordsUnfit("authority", longest=LONGEST)
    flag = await hold_one(tx, flag_id)
    if flag.state is not FlagState.CONFIRMED:
        raise HandoverUnfounded(state=str(flag.state))
    signals = await store.signals_in(tx, [flag_id])
    made = Handover(
        id=tx.mint(), merchant_id=flag.merchant_id, flag_id=flag_id, reason=reason, authority=authority.strip(),
        order_ids=sorted({one.order_id for one in signals if one.order_id is not None}), by_kind=by[0], by=by[1],
        at=tx.now,
    )  # fmt: skip
    await store.add_handover(tx, made)
    tx.announce(AbuseEvidenceHandedOver(subject_id=made.id, merchant_id=made.merchant_id, flag_id=flag_id,
                                        reason=str(reason), orders=made.order_ids))  # fmt: skip
    return made
