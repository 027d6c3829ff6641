"""A label is made for goods that go back: we pay the carrier, and who bears it in the end follows the fault."""

from collections.abc import Iterable, Sequence

from dingdan.areas import carriers, orders, policies, returns
from dingdan.areas.way_back import store
from dingdan.areas.way_back.events import ReturnLabelMade
from dingdan.areas.way_back.model import Book, Label, Option
from dingdan.areas.way_back.reading import most_declared, options_of
from dingdan.areas.way_back.refusals import NoLabel, PickUpUnfit, ValueUnfit
from dingdan.areas.way_back.rules.offering import insurance_cost
from dingdan.kernel.money import split
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx


async def book(tx: Tx, wanted: Book) -> Label:
    """Have a label made for one or several returns of one merchant and warehouse. Nobody has to take it (R3.2).

    The goods count as sent when the parcel is handed in: by the buyer's word, or by the carrier's first scan. Raises
    returns.ReturnUnknown, StateForbids or OtherMerchant, NoLabel, PickUpUnfit and ValueUnfit, all at once.
    """
    found = await returns.hold(tx, wanted.return_ids)
    refuse_all([
        returns.ReturnUnknown(f"return_ids[{n}]") for n, i in enumerate(wanted.return_ids) if i not in found
    ])  # fmt: skip
    held = [found[i] for i in dict.fromkeys(wanted.return_ids)]
    lines = await returns.lines(tx, held)
    sold = await orders.lines(tx, {r.order_id for r in held})
    option = await _option(tx, wanted, held[0], lines[held[0].id])
    most = sum(most_declared(lines[r.id], {n.line_no: n for n in sold[r.order_id]}) for r in held)
    refuse_all(_problems(tx, wanted, held, option, most))
    assert option is not None
    terms = (await policies.by_ids(tx, [held[0].policy_id]))[held[0].policy_id].document.sending_back
    label_id = tx.mint()
    label = Label(
        id=label_id, merchant_id=held[0].merchant_id, warehouse_id=held[0].warehouse_id,
        return_ids=[r.id for r in held], carrier=option.carrier, service=option.service,
        tracking_number=carriers.sandbox_number(label_id), cost=option.cost or 0,
        insurance_cost=insurance_cost(wanted.declared_value, terms.insured_per_thousand),
        currency=(await orders.get_one(tx, held[0].order_id)).currency, pick_up_at=wanted.pick_up_at,
        declared_value=wanted.declared_value, at=tx.now, noted_by_kind=str(tx.actor.kind), noted_by=tx.actor.id,
    )  # fmt: skip
    await store.add_label(tx, label)
    tx.announce(ReturnLabelMade(
        subject_id=label_id, merchant_id=label.merchant_id, order_id=held[0].order_id, carrier=label.carrier,
        returns=len(held), cost=label.cost, currency=label.currency,
    ))  # fmt: skip
    return label


async def charge(tx: Tx, return_ids: Iterable[int]) -> None:
    """Labels whose parcels are on their way cost us what they cost; those that nobody used cost nothing. Once each.

    What a buyer insures beyond the way itself is their own wish; only the way follows the fault.
    """
    found = await returns.hold(tx, return_ids)
    numbers = {
        (parcel.carrier, parcel.tracking_number): parcel.return_ids for parcel in await returns.parcels_of(tx, found)
    }  # fmt: skip
    used = [one for one in await store.labels_by_number(tx, numbers) if tx.actor.reaches(one.merchant_id)]
    fresh = await store.charge_labels(tx, [one.id for one in used])
    for one in used:
        if one.id in fresh:
            inside = numbers[one.carrier, one.tracking_number]
            shares = split(one.cost, [1] * len(inside))
            await returns.add_costs(tx, {i: (share, 0) for i, share in zip(inside, shares, strict=True)})


async def _option(tx: Tx, wanted: Book, held: returns.Return, lines: Sequence[returns.ReturnLine]) -> Option | None:
    return next(
        (
            one for one in await options_of(tx, held, lines)
            if (one.carrier, one.service) == (wanted.carrier, wanted.service) and one.has_label
        ),
        None,
    )  # fmt: skip


def _problems(tx: Tx, wanted: Book, held: Sequence[returns.Return], option: Option | None, most: int) -> list[Refusal]:
    problems: list[Refusal] = [
        returns.StateForbids(f"return_ids[{n}]", state=f"{r.decision}, {r.journey}", verb="label")
        for n, r in enumerate(held) if r.decision != "approved" or r.journey != "at_buyer"
    ]  # fmt: skip
    if len({(r.merchant_id, r.warehouse_id) for r in held}) > 1:
        problems.append(returns.OtherMerchant("return_ids"))
    if option is None:
        problems.append(NoLabel("carrier", carrier=wanted.carrier, service=wanted.service))
    last = min((r.send_by for r in held if r.send_by is not None), default=None)
    if wanted.pick_up_at is not None and (
        option is None or not option.picks_up or wanted.pick_up_at < tx.now or (last and wanted.pick_up_at > last)
    ):
        problems.append(PickUpUnfit("pick_up_at"))
    if wanted.declared_value is not None and not 0 < wanted.declared_value <= most:
        problems.append(ValueUnfit("declared_value", most=most))
    return problems
