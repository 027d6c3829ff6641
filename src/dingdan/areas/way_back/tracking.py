"""What carriers tell of parcels on their way back: handed in, on its way, here, lost or broken."""

from collections.abc import Mapping, Sequence
from typing import Any

from dingdan.areas import fulfilment, returns, transit
from dingdan.areas.way_back import store
from dingdan.areas.way_back.events import ReturnParcelLost, ReturnParcelSeen
from dingdan.areas.way_back.labelling import charge
from dingdan.areas.way_back.model import ReturnScan, TakenScans, TakenTold, Trouble
from dingdan.areas.way_back.refusals import ScanUnfit
from dingdan.areas.way_back.rules.risking import of_return
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

TROUBLES: dict[str, Trouble] = {"lost": "lost", "damaged": "damaged"}
Number = tuple[str, str]


async def take_scans(tx: Tx, told: Sequence[fulfilment.Scan]) -> TakenScans:
    """Take in what carriers tell, in any order, any number of times; what is about no parcel of ours is left.

    The first scan of a label says that its parcel was handed in. Raises ScanUnfit, with the place of each.
    """
    refuse_all([
        ScanUnfit(f"[{n}].code", code=one.code[:60], known=", ".join(fulfilment.CODES))
        for n, one in enumerate(told)
        if one.code not in fulfilment.CODES or one.at > tx.now or len(one.place) > 200 or "\0" in one.place
    ])  # fmt: skip
    scans = [transit.named(one) for one in told]
    numbers = [(one.carrier, fulfilment.tidy_number(one.tracking_number)) for one in scans]
    await _hand_in(tx, numbers)
    known = await store.parcels_by_number(tx, set(numbers))
    mine = {i for i, row in known.items() if tx.actor.reaches(row["merchant_id"])}
    # The orders are locked before anything is written about their parcels.
    held = await returns.hold(tx, {i for number in mine for i in known[number]["return_ids"]})
    rows = [
        (n, known[number]["merchant_id"],
         ReturnScan(return_parcel_id=known[number]["id"], event_id=one.event_id, code=one.code, at=one.at, place=one.place))
        for n, (one, number) in enumerate(zip(scans, numbers, strict=True)) if number in mine
    ]  # fmt: skip
    new = await store.add_scans(tx, rows)
    for n in sorted(new):
        row = known[numbers[n]]
        tx.announce(ReturnParcelSeen(subject_id=row["id"], merchant_id=row["merchant_id"],
                                     order_id=held[row["return_ids"][0]].order_id, code=scans[n].code))  # fmt: skip
    for n in sorted(new):
        if scans[n].code in TROUBLES:
            await _bear(tx, known[numbers[n]], TROUBLES[scans[n].code], held)
    unknown = tuple(n for n, number in enumerate(numbers) if number not in mine)
    return TakenScans(len(new), len(rows) - len(new), unknown)


async def take_in_push(db: Database, carrier: str, headers: Mapping[str, str], raw_body: bytes) -> fulfilment.TakenIn:
    """A carrier's signed message: what is about no parcel that left may be about one that comes back.

    Raises what transit raises.
    """
    taken = await transit.take_in_push(db, carrier, headers, raw_body)
    strange = {refusal.params.get("number") for refusal in taken.refused}
    if not strange:
        return taken
    said = transit.read_push(db, carrier, headers, raw_body)
    told = [one for one in said if one.carrier == carrier and one.tracking_number[:60] in strange]
    own = await do(db, Actor(ActorKind.CARRIER, name=carrier), take_told, told)
    rest = tuple(refusal for refusal in taken.refused if refusal.params.get("number") not in own.numbers)
    return fulfilment.TakenIn(taken.stored + own.stored, taken.repeated + own.repeated, rest)


async def take_told(tx: Tx, told: Sequence[fulfilment.Scan]) -> TakenTold:
    """Of what a carrier told, take in what is about parcels on their way back, and say which numbers that were."""
    fit = [one for one in told if one.code in fulfilment.CODES and one.at <= tx.now]
    taken = await take_scans(tx, fit)
    mine = frozenset(one.tracking_number[:60] for n, one in enumerate(fit) if n not in taken.unknown)
    return TakenTold(taken.stored, taken.repeated, mine)


async def _hand_in(tx: Tx, numbers: Sequence[Number]) -> None:
    """Parcels with our labels that the carrier has, and that nobody has told us of, are on their way."""
    for label in await store.labels_by_number(tx, set(numbers)):
        if not tx.actor.reaches(label.merchant_id):
            continue
        found = await returns.get(tx, label.return_ids)
        waiting = tuple(i for i, r in found.items() if "send" in returns.actions(r) and r.journey == "at_buyer")
        if waiting:
            await returns.send(tx, [returns.Send(waiting, label.carrier, label.tracking_number)])
            await charge(tx, waiting)


async def _bear(tx: Tx, parcel: Any, trouble: Trouble, held: Mapping[int, returns.Return]) -> None:
    """Goods are lost or broken: the rule says who bears it, at once, and whose claim on the carrier it is."""
    inside = [held[i] for i in parcel["return_ids"] if i in held]
    lines = await returns.lines(tx, inside)
    number = (parcel["carrier"], parcel["tracking_number"])
    is_ours = bool(await store.labels_by_number(tx, [number]))
    risks = {
        r.id: of_return(trouble, [line.fault for line in lines[r.id]], is_our_label=is_ours) for r in inside
    }  # fmt: skip
    if trouble == "damaged":
        await returns.note_damage(tx, {i: risk.is_ours for i, risk in risks.items()})
    else:
        for i, risk in risks.items():
            # What lay in other parcels too is counted when they arrive; only what is lost as a whole ends here.
            others = [one for one in await returns.parcels_of(tx, [i]) if one.id != parcel["id"]]
            if not others:
                await returns.lose(tx, {i: risk.is_ours}, rule=risk.rule)
    first = inside[0]
    tx.announce(ReturnParcelLost(subject_id=parcel["id"], merchant_id=parcel["merchant_id"], order_id=first.order_id,
                                 rule=risks[first.id].rule, trouble=trouble, is_our_claim=is_ours))  # fmt: skip
