"""A person looks at a flag and says whether it holds; two people where more follows than the system may decide alone."""

from dingdan.areas.abuse import store
from dingdan.areas.abuse.ending import lift_all
from dingdan.areas.abuse.events import AbuseFlagConfirmed, AbuseFlagSigned
from dingdan.areas.abuse.lifecycle import ABUSE_FLAG, FlagState
from dingdan.areas.abuse.model import Flag
from dingdan.areas.abuse.promises import ANSWER
from dingdan.areas.abuse.reading import get_one, hold_one
from dingdan.areas.abuse.refusals import FlagGrew, FlagNeedsPerson, FlagSameHand, FlagStateForbids
from dingdan.areas.abuse.rules.weighing import ALONE
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def confirm(tx: Tx, flag_id: int, *, parts: int) -> Flag:
    """Say that a flag holds, having seen so many parts of it.

    On the highest level the first yes only signs, and the second is somebody else's. An appeal is decided by whoever
    did not decide before. Raises FlagUnknown, FlagStateForbids, FlagGrew, FlagNeedsPerson or FlagSameHand.
    """
    by = person(tx.actor)
    held = await _demand(tx, flag_id, "confirm", parts)
    before = {(held.signed_by_kind, held.signed_by), (held.decided_by_kind, held.decided_by)}
    if by in before:
        raise FlagSameHand
    if held.level > ALONE and held.signed_by is None:
        moved = await store.move(tx, "sign", [flag_id], signed_by_kind=by[0], signed_by=by[1]) if _is_new(held) else {}
        if moved:
            tx.announce(AbuseFlagSigned(subject_id=flag_id, merchant_id=held.merchant_id, move=moved[flag_id]))
            return await get_one(tx, flag_id)
    level = held.level if held.level <= ALONE or held.signed_by is not None else ALONE
    moved = await store.move(tx, "confirm", [flag_id], decided_by_kind=by[0], decided_by=by[1], decided_at=tx.now,
                             confirmed_level=level)  # fmt: skip
    await deadlines.call_off(tx, ANSWER, [flag_id])
    tx.announce(AbuseFlagConfirmed(subject_id=flag_id, merchant_id=held.merchant_id, move=moved[flag_id], level=level))
    return await get_one(tx, flag_id)


async def lift(tx: Tx, flag_id: int, *, parts: int, reason: str) -> Flag:
    """Say that a flag does not hold, having seen so many parts of it: none of them ever counts again.

    Raises FlagUnknown, FlagStateForbids, FlagGrew or FlagNeedsPerson.
    """
    by = person(tx.actor)
    held = await _demand(tx, flag_id, "lift", parts)
    await lift_all(tx, [held], reason, by=by)
    return await get_one(tx, flag_id)


def person(actor: Actor) -> tuple[str, int]:
    """The member of staff who acts. Raises FlagNeedsPerson for programs and the system itself."""
    if actor.kind is not ActorKind.STAFF or actor.id is None:
        raise FlagNeedsPerson
    return str(actor.kind), actor.id


def _is_new(held: Flag) -> bool:
    """Whether nobody has decided yet; after an appeal one other person is enough."""
    return held.state in (FlagState.OPEN, FlagState.ASKED)


async def _demand(tx: Tx, flag_id: int, verb: str, parts: int) -> Flag:
    """A flag that stands still, where it may be decided, as it was seen."""
    held = await hold_one(tx, flag_id)
    if held.state not in ABUSE_FLAG.moves[verb].sources or held.expires_at <= tx.now:
        raise FlagStateForbids(state=str(held.state) if held.expires_at > tx.now else "expired", verb=verb)
    if held.parts != parts:
        raise FlagGrew("parts", parts=held.parts, seen=parts)
    return held
