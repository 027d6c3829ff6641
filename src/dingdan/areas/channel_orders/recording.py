"""Taking in what channels say about their orders: always recorded, in any order, however often."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas import identity, inventory
from dingdan.areas.channel_orders import advancing, store
from dingdan.areas.channel_orders.events import ChannelOrderChanged, ChannelOrderRecorded
from dingdan.areas.channel_orders.lifecycle import ProblemState
from dingdan.areas.channel_orders.model import ChannelOrder, PartKind, Recorded, Status, Told
from dingdan.areas.channel_orders.rules import taking
from dingdan.plumbing.tx import Tx


async def take_in(tx: Tx, channel: inventory.Channel, told: Sequence[Told]) -> list[Recorded]:
    """Record orders of a channel, a result for each message in its order; nothing is refused for what it says.

    The newest `updated_at` says what was agreed and who receives it; an older or equal one changes none of that.
    Payments, shipments and refunds are united by their refs, so messages may come twice and in any order.
    """
    results: list[Recorded | None] = [None] * len(told)
    for places in taking.rounds([one.number for one in told]):
        for place, made in zip(places, await _take_in(tx, channel, [told[i] for i in places]), strict=True):
            results[place] = made
    return [one for one in results if one is not None]


async def _take_in(tx: Tx, channel: inventory.Channel, told: Sequence[Told]) -> list[Recorded]:
    people_marks = {one.number: _people_mark(tx, one) for one in told}
    made = await store.claim(tx, [_row(tx, channel, one, people_marks[one.number]) for one in told])
    known = await store.lock_numbers(tx, channel.id, [one.number for one in told])
    fresh = [one for one in told if known[one.number].id in made]
    newer = [one for one in told if known[one.number].id not in made and one.updated_at > known[one.number].updated_at]
    await store.take_word(tx, [_word(known[one.number].id, one, people_marks[one.number]) for one in newer])
    moved = [one for one in newer if people_marks[one.number] != known[one.number].people_hash]
    await _remember(tx, channel, known, [*fresh, *moved])
    touched = await store.add_parts(tx, [row for one in told for row in _parts(tx, known[one.number], one)])
    touched |= await store.set_cancelled(
        tx, {known[one.number].id: one.cancelled.at for one in told if one.cancelled is not None}
    )
    changed = (touched | {known[one.number].id for one in newer}) - made
    _announce(tx, channel, known.values(), made, changed)
    await advancing.advance(tx, made | changed)
    return await _results(tx, known, told, made, changed)


def _row(tx: Tx, channel: inventory.Channel, one: Told, people_mark: bytes) -> tuple[Any, ...]:
    deal = taking.deal_of(one)
    return (tx.mint(), channel.merchant_id, channel.id, one.number, one.currency, one.total, msgspec.to_builtins(deal),
            taking.mark_of(deal), people_mark, one.placed_at, one.updated_at, tx.now)  # fmt: skip


def _word(channel_order_id: int, one: Told, people_mark: bytes) -> tuple[Any, ...]:
    deal = taking.deal_of(one)
    return (channel_order_id, one.currency, one.total, msgspec.to_builtins(deal), taking.mark_of(deal), people_mark,
            one.placed_at, one.updated_at)  # fmt: skip


def _people_mark(tx: Tx, one: Told) -> bytes:
    # Who shows no papers has the mark that they had before anybody could.
    buyer = {n: value for n, value in msgspec.structs.asdict(one.buyer).items() if value or not n.startswith("id_")}
    words = msgspec.json.encode((buyer, one.ship_to)).hex()
    mark: bytes = tx.sealer.fingerprint("people of a channel's order", words)
    return mark


async def _remember(
    tx: Tx, channel: inventory.Channel, known: Mapping[str, ChannelOrder], told: Sequence[Told]
) -> None:
    """Keep who bought, and the channel's own words about people sealed under their key."""
    if not told:
        return
    people = [taking.person_of(one, merchant_id=channel.merchant_id, channel=channel.code) for one in told]
    buyers = await identity.remember_buyers(tx, people)
    words = [
        msgspec.json.encode({"buyer": one.buyer, "ship_to": one.ship_to, "cancelled": one.cancelled}) for one in told
    ]
    sealed = await identity.seal(tx, [(who.buyer_id, plain) for who, plain in zip(buyers, words, strict=True)])
    # An order stays with the buyer it was recorded for, whatever the channel calls them later.
    await store.set_people(tx, [
        (known[one.number].id, who.buyer_id, who.contact_id, closed)
        for one, who, closed in zip(told, buyers, sealed, strict=True)
        if known[one.number].buyer_id in (None, who.buyer_id)
    ])  # fmt: skip


def _parts(tx: Tx, order: ChannelOrder, one: Told) -> Iterable[tuple[Any, ...]]:
    about = (order.id, order.merchant_id)
    for paid in one.payments:
        yield (tx.mint(), *about, str(PartKind.PAYMENT), paid.ref, paid.amount, {}, paid.at)
    for back in one.refunds:
        lines = msgspec.to_builtins(back.lines)
        yield (tx.mint(), *about, str(PartKind.REFUND), back.ref, back.amount, {"lines": lines}, back.at)
    for sent in one.shipments:
        words = {"carrier": sent.carrier, "tracking_number": sent.tracking_number,
                 "lines": msgspec.to_builtins(sent.lines)}  # fmt: skip
        yield (tx.mint(), *about, str(PartKind.SHIPMENT), sent.ref, 0, words, sent.shipped_at)


def _announce(
    tx: Tx, channel: inventory.Channel, known: Iterable[ChannelOrder], made: set[int], changed: set[int]
) -> None:
    for order in known:
        if order.id in made:
            tx.announce(ChannelOrderRecorded(subject_id=order.id, merchant_id=order.merchant_id, channel_id=channel.id,
                                             total=order.total, currency=order.currency))  # fmt: skip
        elif order.id in changed:
            tx.announce(ChannelOrderChanged(subject_id=order.id, merchant_id=order.merchant_id,
                                            order_id=order.order_id, channel_id=channel.id))  # fmt: skip


async def _results(
    tx: Tx, known: Mapping[str, ChannelOrder], told: Sequence[Told], made: set[int], changed: set[int]
) -> list[Recorded]:
    ids = {order.id for order in known.values()}
    now = {order.id: order for order in (await store.lock(tx, ids)).values()}
    problems = await store.problems(tx, ids)
    results = []
    for one in told:
        order = now[known[one.number].id]
        status: Status = "created" if order.id in made else "changed" if order.id in changed else "unchanged"
        still = tuple(str(p.kind) for p in problems[order.id] if p.state is ProblemState.OPEN)
        results.append(Recorded(order.id, order.number, order.order_id, status, still))
    return results
