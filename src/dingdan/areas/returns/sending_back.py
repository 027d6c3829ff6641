"""The goods come back: on their way, or not sent in time."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from dingdan.areas import fulfilment, policies
from dingdan.areas.returns import deciding, store
from dingdan.areas.returns.applying import apply
from dingdan.areas.returns.events import ReturnExtended, ReturnLapsed, ReturnSent
from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Apply, ApplyLine, Return, ReturnParcel, Send
from dingdan.areas.returns.promises import SEND_BY
from dingdan.areas.returns.reading import get_one, hold, hold_one
from dingdan.areas.returns.refusals import ExtendedAlready, OtherMerchant, QuantityUnfit, ReturnUnknown, StateForbids
from dingdan.kernel.money import MAX_AMOUNT, split
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.kernel.times import iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def send(tx: Tx, parcels: Sequence[Send]) -> list[ReturnParcel]:
    """Take down parcels that buyers have sent; a parcel may hold several returns, a return may fill several parcels.

    Any carrier will do (Measures art. 19). The same parcel told twice is one. Raises ReturnUnknown, StateForbids,
    OtherMerchant, or what is wrong with carrier and number, all at once with the path of each.
    """
    returns = await hold(tx, {return_id for parcel in parcels for return_id in parcel.return_ids})
    refuse_all(
        [problem for place, parcel in enumerate(parcels) for problem in _problems(parcel, returns, f"[{place}]")]
    )
    keys = [
        (returns[p.return_ids[0]].merchant_id, p.carrier, fulfilment.tidy_number(p.tracking_number)) for p in parcels
    ]
    saved = await store.save_parcels(tx, keys)
    items = [(saved[key], i, key[0]) for key, parcel in zip(keys, parcels, strict=True) for i in parcel.return_ids]
    new = await store.put_in_parcels(tx, items)
    await store.add_costs(tx, _postage(parcels, [saved[key] for key in keys], new))
    moved = await store.move(tx, "journey", "send", returns)
    await deadlines.call_off(tx, SEND_BY, returns)
    parcel_of = {return_id: parcel_id for parcel_id, return_id, _ in items}
    tx.announce(*(
        ReturnSent(subject_id=i, merchant_id=returns[i].merchant_id, order_id=returns[i].order_id, move=moved.get(i),
                   return_parcel_id=parcel_of[i])
        for i in sorted(returns)
    ))  # fmt: skip
    made = {parcel.id: parcel for parcel in await store.parcels_of(tx, returns)}
    return [made[saved[key]] for key in keys]


async def extend_sending(tx: Tx, return_id: int) -> Return:
    """Give the buyer more time to send the goods, as much as the policy says, once and on request.

    Raises ReturnUnknown, StateForbids or ExtendedAlready.
    """
    held = await hold_one(tx, return_id)
    if held.decision is not Decision.APPROVED or held.journey is not Journey.AT_BUYER or held.send_by is None:
        raise StateForbids(state=f"{held.decision}, {held.journey}", verb="extend")
    if held.extended_at is not None:
        raise ExtendedAlready(at=iso(held.send_by))
    policy = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id]
    until = held.send_by + timedelta(days=policy.document.sending_back.extension_days)
    await store.extend(tx, return_id, until)
    await deadlines.schedule(tx, SEND_BY, [deadlines.Due(held.id, held.merchant_id, until, held.order_id)])
    tx.announce(ReturnExtended(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                               send_by=iso(until), rule=policy.document.sending_back.rule))  # fmt: skip
    return await get_one(tx, return_id)


async def add_costs(tx: Tx, costs: Mapping[int, tuple[int, int]]) -> None:
    """Add what the way back cost: {return: (our labels, the buyer's postage)}. The caller holds the returns."""
    await store.add_costs(tx, dict(costs))


async def recall(
    tx: Tx,
    *,
    order_id: int,
    merchant_id: int,
    buyer_ref: str,
    units: Mapping[int, int],
    reason: str,
    postage: int = 0,
    parcel: tuple[str, str] | None = None,
) -> Return:
    """Have units {line: how many} of an order brought back, whoever decides having decided; their money follows the

    inspection, less the `postage` that the buyer bears. `parcel` is (carrier, number) of one that is on its way back.
    Raises what `apply` and `send` raise.
    """
    lines = tuple(ApplyLine(quantity, reason, order_id, line_no) for line_no, quantity in sorted(units.items()))
    applied = await apply(tx, Apply(merchant_id, buyer_ref, lines))
    (made,) = applied.returns
    if made.decision is Decision.REQUESTED:
        await deciding.approve(tx, made.id)
    if postage:
        await store.note(tx, made.id, postage=postage)
    if parcel is not None:
        await send(tx, [Send((made.id,), *parcel)])
    return await get_one(tx, made.id)


async def lapse(tx: Tx, return_ids: Sequence[int]) -> None:
    """Close approved returns whose goods were not sent in time; the units are free, inside of the window at least."""
    late = {
        r.id: r
        for r in (await hold(tx, return_ids)).values()
        if r.decision is Decision.APPROVED and r.journey is Journey.AT_BUYER
    }
    moved = await store.move(tx, "journey", "lapse", late) if late else {}
    tx.announce(*(
        ReturnLapsed(subject_id=i, merchant_id=late[i].merchant_id, order_id=late[i].order_id, move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip


def _postage(
    parcels: Sequence[Send], parcel_ids: Sequence[int], new: set[tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """What buyers paid for parcels, shared by the returns in each; what was told before is not told again."""
    costs: dict[int, tuple[int, int]] = {}
    for parcel, parcel_id in zip(parcels, parcel_ids, strict=True):
        inside = [i for i in dict.fromkeys(parcel.return_ids) if (parcel_id, i) in new]
        for i, share in zip(inside, split(parcel.postage, [1] * len(inside)) if inside else [], strict=True):
            costs[i] = (0, costs.get(i, (0, 0))[1] + share)
    return costs


def _problems(parcel: Send, returns: Mapping[int, Return], path: str) -> list[Refusal]:
    problems = fulfilment.number_problems(parcel.carrier, parcel.tracking_number, path=path)
    if not 0 <= parcel.postage <= MAX_AMOUNT:
        problems.append(QuantityUnfit(f"{path}.postage", value=parcel.postage))
    if not parcel.return_ids:
        problems.append(ReturnUnknown(f"{path}.return_ids"))
    places = set()
    for n, return_id in enumerate(parcel.return_ids):
        held = returns.get(return_id)
        if held is None:
            problems.append(ReturnUnknown(f"{path}.return_ids[{n}]"))
            continue
        places.add((held.merchant_id, held.warehouse_id))
        if held.decision is not Decision.APPROVED:
            problems.append(StateForbids(f"{path}.return_ids[{n}]", state=str(held.decision), verb="send"))
        elif held.journey not in (Journey.AT_BUYER, Journey.SENT) or held.outcome is not Outcome.OPEN:
            problems.append(StateForbids(f"{path}.return_ids[{n}]", state=str(held.journey), verb="send"))
    if len(places) > 1:
        problems.append(OtherMerchant(f"{path}.return_ids"))
    return problems
