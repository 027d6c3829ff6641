"""Calling a parcel back on its way: asked (here), called (a job), answered (here), each once."""

from collections.abc import Mapping, Sequence

from dingdan.areas import fulfilment, merchants
from dingdan.areas.transit import store
from dingdan.areas.transit.events import InterceptAsked, InterceptFailed, ParcelIntercepted
from dingdan.areas.transit.model import Interception
from dingdan.areas.transit.promises import ANSWER_WITHIN, INTERCEPT_ANSWER, SANDBOX_PUSH
from dingdan.areas.transit.reading import TO_THE_BUYER
from dingdan.areas.transit.refusals import (
    CarrierNotConnected,
    InterceptionNotOffered,
    InterceptionOpen,
    TooLateToIntercept,
)
from dingdan.areas.transit.rules.asking import LIMITS
from dingdan.kernel.event import Event
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.tx import Tx

BRING_BACK = "transit.bring_back"


async def intercept(tx: Tx, parcel_ids: Sequence[int], *, reason: str) -> list[Interception]:
    """Have carriers bring parcels back. What becomes of it is told by a fact within a day.

    Raises CarrierNotConnected, TooLateToIntercept or InterceptionOpen, all problems at once with the place of each.
    """
    found = await fulfilment.lock_parcels(tx, parcel_ids)
    open_ = {one.parcel_id for one in await store.interceptions(tx, found) if one.answer is None}
    refuse_all([
        problem for n, i in enumerate(parcel_ids) for problem in _problems(f"[{n}]", found.get(i), open_)
    ])  # fmt: skip
    new = [
        Interception(
            id=new_id, parcel_id=parcel.id, merchant_id=parcel.merchant_id, order_id=parcel.lines[0].order_id,
            reason=reason, asked_at=tx.now, asked_by=tx.actor.id, answer=None, why=None, answered_at=None,
        )
        for new_id, parcel in zip(tx.mint_many(len(found)), found.values(), strict=True)
    ]  # fmt: skip
    await store.add_interceptions(tx, new)
    await deadlines.schedule(tx, INTERCEPT_ANSWER, [
        deadlines.Due(one.parcel_id, one.merchant_id, tx.now + ANSWER_WITHIN) for one in new
    ])  # fmt: skip
    for carrier in sorted({parcel.carrier for parcel in found.values()}):
        ids = sorted(i for i, parcel in found.items() if parcel.carrier == carrier)
        await jobs.enqueue(tx, BRING_BACK, {"carrier": carrier, "parcel_ids": ids})
    tx.announce(*(
        InterceptAsked(subject_id=one.parcel_id, merchant_id=one.merchant_id, order_id=one.order_id, reason=reason)
        for one in new
    ))  # fmt: skip
    return new


async def may_call_back(tx: Tx, order_id: int) -> list[int]:
    """The parcels of an order that its buyer can have brought back now, where the merchant offers that.

    Parcels that hold goods of other orders too go on.
    """
    parcels = await fulfilment.parcels_of(tx, [order_id])
    owners = await merchants.by_ids(tx, {parcel.merchant_id for parcel in parcels})
    return [
        parcel.id for parcel in parcels
        if owners[parcel.merchant_id].settings.intercept_on_request and parcel.carrier in LIMITS
        and parcel.state in TO_THE_BUYER and {line.order_id for line in parcel.lines} == {order_id}
    ]  # fmt: skip


async def intercept_order(tx: Tx, order_id: int, *, reason: str) -> list[Interception]:
    """Have all that is still coming of an order brought back, as its buyer wishes where the merchant offers that.

    Raises InterceptionNotOffered or InterceptionOpen.
    """
    fit = await may_call_back(tx, order_id)
    if not fit:
        raise InterceptionNotOffered
    return await intercept(tx, fit, reason=reason)


async def take_in_answers(tx: Tx, whys: Mapping[int, str]) -> None:
    """What carriers said: {parcel: why they do not bring it back, empty where they do}. Later answers change nothing."""
    answered = await store.answer_interceptions(tx, whys)
    await deadlines.call_off(tx, INTERCEPT_ANSWER, [one.parcel_id for one in answered])
    tx.announce(*(_outcome(one) for one in answered))
    if tx.sandbox:
        await deadlines.schedule(tx, SANDBOX_PUSH, [
            deadlines.Due(one.parcel_id, one.merchant_id, tx.now) for one in answered if one.why is None
        ])  # fmt: skip


async def give_up_interception(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """The carrier did not answer in time: the parcel goes on its way."""
    await take_in_answers(tx, dict.fromkeys(parcel_ids, "no_answer"))


async def end_interceptions(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """The parcels have arrived: whoever asked for them back was too late."""
    await take_in_answers(tx, dict.fromkeys(parcel_ids, "delivered"))


def _outcome(one: Interception) -> Event:
    if one.why is None:
        return ParcelIntercepted(subject_id=one.parcel_id, merchant_id=one.merchant_id, order_id=one.order_id)
    return InterceptFailed(
        subject_id=one.parcel_id, merchant_id=one.merchant_id, order_id=one.order_id, why=one.why
    )  # fmt: skip


def may_come_back(parcel: fulfilment.Parcel) -> bool:
    """Whether it makes sense to call a parcel back as things stand."""
    return not _problems("", parcel, set())


def _problems(path: str, parcel: fulfilment.Parcel | None, open_: set[int]) -> list[Refusal]:
    if parcel is None:
        return [TooLateToIntercept(path, state="unknown")]
    if parcel.carrier not in LIMITS:
        return [CarrierNotConnected(path, carrier=parcel.carrier)]
    if parcel.id in open_:
        return [InterceptionOpen(path)]
    return [] if parcel.state in TO_THE_BUYER else [TooLateToIntercept(path, state=str(parcel.state))]
