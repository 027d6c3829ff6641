"""Confirm orders: keep what was agreed as evidence, and have the buyer told, and the seller of what they have to do."""

from collections.abc import Iterable, Sequence

from dingdan.areas import (
    cases,
    channel_orders,
    disputes,
    identity,
    merchants,
    orders,
    payments,
    policies,
    pricing,
    returns,
    review,
    talks,
)
from dingdan.areas.notifications import store
from dingdan.areas.notifications.events import MessageFieldMissing
from dingdan.areas.notifications.lifecycle import MessageState
from dingdan.areas.notifications.model import Channel, Confirmation, Message, Promise
from dingdan.areas.notifications.occasions import TO_SELLER, Occasion
from dingdan.areas.notifications.queueing import queue, queue_on
from dingdan.areas.notifications.reading import confirmation
from dingdan.areas.notifications.refusals import ChannelOff, ConfirmationIncomplete, SentTooOften, StillOnItsWay
from dingdan.areas.notifications.rules import occasions, snapshot, ways
from dingdan.areas.notifications.rules.occasions import Wanted
from dingdan.areas.notifications.rules.snapshot import About, Rows
from dingdan.areas.talks import Side
from dingdan.kernel.event import Event
from dingdan.kernel.times import iso
from dingdan.plumbing.tx import Tx

Told = dict[int, tuple[int, frozenset[str]]]


async def follow(tx: Tx, facts: Sequence[Event]) -> None:
    """Confirm what these facts are an occasion for; facts of merchants that tell nobody cost one look at them.

    Sellers are told whatever they tell their buyers.
    """
    talking = await _talking(tx, {fact.merchant_id for fact in facts})
    # A payment for orders of several merchants is nobody's in particular; its orders are asked for theirs.
    heard = [fact for fact in facts if fact.merchant_id is None or fact.merchant_id in talking]
    heard = await _without_told_by_cases(tx, heard)
    of_many = [fact.subject_id for fact in heard if fact.order_id is None]
    orders_of = await payments.orders_of(tx, of_many) if of_many else {}
    await _confirm(tx, occasions.occasions(heard, orders_of))
    await _confirm(tx, occasions.for_sellers(facts), to=Side.SELLER)


async def _without_told_by_cases(tx: Tx, facts: list[Event]) -> list[Event]:
    """Of a delay that opens a case the buyer hears from the case, with its number and plan: once is enough."""
    late = [fact for fact in facts if occasions.OCCASIONS.get(type(fact)) is Occasion.DELAYED]
    if not late:
        return facts
    known = await cases.catalogues(tx, {fact.merchant_id for fact in late if fact.merchant_id is not None})
    opening = {
        merchant_id: {wire for kind in kinds.values() if kind.is_active and kind.document.tells_buyer
                      for wire in kind.document.opens_on}
        for merchant_id, kinds in known.items()
    }  # fmt: skip
    told = [fact for fact in late if fact.wire in opening.get(fact.merchant_id or 0, ())]
    return [fact for fact in facts if fact not in told]


async def confirm(tx: Tx, order_ids: Iterable[int], occasion: Occasion) -> list[Confirmation]:
    """Write the next version of each order's confirmation and queue its message; gives the new ones.

    Saying the same again on the same occasion makes no new version and no message. What lacks a mandatory field is
    kept, not sent, and leaves `message.field_missing`. Orders of merchants that tell nobody are left alone.
    """
    return await _confirm(tx, [(order_id, occasion, None, "") for order_id in order_ids])


async def _confirm(tx: Tx, wanted: Sequence[Wanted], *, to: Side = Side.BUYER) -> list[Confirmation]:
    if not wanted:
        return []
    found = await _rows(tx, sorted({order_id for order_id, _, _, _ in wanted}), to)
    wanted = [one for one in wanted if one[0] in found]
    if not wanted:
        return []
    await store.hold_numbering(tx)
    told = await store.told(tx, found)
    repeated = [(i, str(occasion)) for i, occasion, _, _ in wanted if i in told and str(occasion) in told[i][1]]
    before = await store.last_of(tx, repeated) if repeated else {}
    abouts = await _abouts(tx, {number for _, _, number, _ in wanted if number is not None}, to)
    new = _number(tx, wanted, found, told, before=before, abouts=abouts)
    await store.add_confirmations(tx, new)
    tx.announce(*(
        MessageFieldMissing(subject_id=one.order_id, merchant_id=one.merchant_id, order_id=one.order_id,
                            confirmation=one.version, occasion=str(one.occasion), fields=list(one.missing))
        for one in new if one.missing
    ))  # fmt: skip
    await queue(
        tx, [one for one in new if not one.missing], {one.order.merchant_id: one.merchant for one in found.values()}
    )
    return new


async def _abouts(tx: Tx, ids: set[int], to: Side) -> dict[int, About]:
    """What is said of cases, returns, withdrawals and disputes, by what they are; an id is of one of them only."""
    if not ids:
        return {}
    found = await cases.get(tx, ids)
    known = await cases.documents(tx, list(found.values()))
    said: dict[int, About] = {i: snapshot.trouble(case, known[i]) for i, case in found.items()}
    said |= await _goods_back(tx, ids - set(said))
    said |= {one.id: snapshot.withdrawn(one) for one in await talks.withdrawals(tx, ids - set(said))}
    return said | await _disputed(tx, ids - set(said), to)


async def _disputed(tx: Tx, ids: set[int], to: Side) -> dict[int, About]:
    return {
        i: snapshot.disputed(
            one, await disputes.rule_words(tx, one), to=to, ruling=await disputes.ruling_in_force(tx, one),
            still_for=next((str(s.reason) for s in await disputes.standstills(tx, one) if s.ended_at is None), None),
        )
        for i, one in (await disputes.get(tx, ids) if ids else {}).items()
    }  # fmt: skip


async def _goods_back(tx: Tx, ids: set[int]) -> dict[int, About]:
    back = await returns.get(tx, ids) if ids else {}
    if not back:
        return {}
    terms = await policies.by_ids(tx, {one.policy_id for one in back.values()})
    asked = await talks.questions_of(tx, back)
    offers = {one.return_id: one for one in await talks.offers_of(tx, back) if one.state == "open"}
    counts = await talks.remark_counts(tx, back)
    return {
        i: snapshot.goods_back(one, terms[one.policy_id], question=asked.get(i), offer=offers.get(i),
                               remarks=counts.get(i, 0))
        for i, one in back.items()
    }  # fmt: skip


def _number(
    tx: Tx,
    wanted: Sequence[Wanted],
    found: dict[int, Rows],
    told: Told,
    *,
    before: dict[tuple[int, str], Confirmation],
    abouts: dict[int, About],
) -> list[Confirmation]:
    """Those that say something new, each with the next version of its order."""
    new: list[Confirmation] = []
    last = {order_id: version for order_id, (version, _) in told.items()}
    said = {key: one.facts for key, one in before.items()}
    for order_id, occasion, number, which in wanted:
        rows, version = found[order_id], last.get(order_id, 0) + 1
        about = abouts.get(number) if number is not None else None
        facts = snapshot.snapshot(rows, occasion, version=version, at=tx.now, about=about, which=which)
        earlier = said.get((order_id, str(occasion)))
        if earlier is not None and snapshot.is_same(earlier, facts):
            continue
        last[order_id], said[order_id, str(occasion)] = version, facts
        missing = occasions.missing(facts, needs_promise=rows.merchant.settings.promise_required)
        new.append(snapshot.confirmation(rows, facts, missing=missing, at=tx.now))
    return new


async def _talking(tx: Tx, merchant_ids: set[int | None]) -> dict[int, merchants.Merchant]:
    found = await merchants.by_ids(tx, {i for i in merchant_ids if i is not None})
    return {i: merchant for i, merchant in found.items() if merchant.settings.messages}


async def _rows(tx: Tx, order_ids: Sequence[int], to: Side) -> dict[int, Rows]:
    """All that is stored about these orders, in a constant number of queries."""
    found = await orders.get(tx, order_ids)
    if to is Side.SELLER:
        talking = await merchants.by_ids(tx, {order.merchant_id for order in found.values()})
    else:
        talking = await _talking(tx, {order.merchant_id for order in found.values()})
        found = {i: order for i, order in found.items() if order.merchant_id in talking}
        found = await _without_told_elsewhere(tx, found, talking) if found else {}
    if not found:
        return {}
    lines = await orders.lines(tx, found)
    sellers = {i: snapshot.seller(merchant) for i, merchant in talking.items()}
    terms = await policies.by_ids(tx, {order.policy_id for order in found.values()})
    bound = {i: snapshot.bound(policy) for i, policy in terms.items()}
    paid = await payments.of_orders(tx, found)
    marks = await identity.seal_marks(tx, [order.contact_id for order in found.values()])
    looked_at = await review.of_orders(tx, [i for i, order in found.items() if order.state is orders.OrderState.HELD])
    received = [i for i, one in found.items() if one.delivered_at and one.state is orders.OrderState.CONFIRMED]
    due = await orders.receipt_due(tx, received) if received else {}
    layers = await pricing.layers(tx, [i for i, order in found.items() if order.discount or order.tax or order.freight])
    deposits = await payments.deposits(tx, found)
    return {
        i: Rows(order=order, lines=lines[i], merchant=talking[order.merchant_id], seller=sellers[order.merchant_id],
                policy=bound.get(order.policy_id), payments=paid[i], promise=_promise(lines[i]),
                layers=layers.get(i, ()), deposit=deposits.get(i),
                sealed_sha256=marks.get(order.contact_id),
                verdict_by=looked_at[i].until if i in looked_at else None, receive_by=due.get(i))
        for i, order in found.items()
    }  # fmt: skip


def _promise(lines: Sequence[orders.OrderLine]) -> Promise | None:
    """By when all of an order leaves and arrives; None where a line has no promise."""
    moments = [(line.ship_by, line.arrive_by) for line in lines]
    ship = [one for one, _ in moments if one is not None]
    arrive = [one for _, one in moments if one is not None]
    whole = len(ship) == len(arrive) == len(lines) > 0
    return Promise(arrive_by=iso(max(arrive)), ship_by=iso(max(ship))) if whole else None


async def _without_told_elsewhere(
    tx: Tx, found: dict[int, orders.Order], talking: dict[int, merchants.Merchant]
) -> dict[int, orders.Order]:
    """Who bought on a channel was told there, unless the merchant wants it said here too."""
    quiet = [i for i, order in found.items() if not talking[order.merchant_id].settings.messages_for_channels]
    elsewhere = await channel_orders.of_orders(tx, quiet) if quiet else {}
    return {i: order for i, order in found.items() if i not in elsewhere}


async def resend(tx: Tx, order_id: int, version: int, *, channel: Channel | None = None) -> list[Message]:
    """Queue a confirmation once more, on this channel or on the merchant's first; gives its messages.

    One that lacked something is made anew, as the next version, and that one goes out. Raises OrderUnknown,
    ConfirmationUnknown, ConfirmationIncomplete, ChannelOff, StillOnItsWay or SentTooOften.
    """
    order = await orders.lock_one(tx, order_id)
    merchant = (await merchants.by_ids(tx, [order.merchant_id]))[order.merchant_id]
    wanted = await confirmation(tx, order_id, version)
    known = ways.channels(wanted.occasion, merchant.settings)
    channels = [name for name in known if channel is None or name == channel]
    if not channels or (not merchant.settings.messages and wanted.occasion not in TO_SELLER):
        raise ChannelOff("channel", known=", ".join(known) or "-")
    if wanted.missing:
        return await _mend(tx, wanted)
    earlier = [one for one in await store.messages_of(tx, order_id) if one.confirmation == version]
    if any(one.state is MessageState.QUEUED for one in earlier):
        raise StillOnItsWay
    last = max((one.round for one in earlier), default=0)
    if last >= ways.MAX_ROUNDS:
        raise SentTooOften(times=last)
    return await queue_on(tx, [(wanted, Channel(channels[0]), last + 1)])


async def _mend(tx: Tx, wanted: Confirmation) -> list[Message]:
    made = [one for one in await confirm(tx, [wanted.order_id], wanted.occasion) if not one.missing]
    if not made:
        raise ConfirmationIncomplete(fields=", ".join(wanted.missing))
    (new,) = made
    return [one for one in await store.messages_of(tx, wanted.order_id) if one.confirmation == new.version]
