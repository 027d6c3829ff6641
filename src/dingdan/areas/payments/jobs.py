"""The talking with providers: calls, questions and their answers taken in. Runs outside every transaction."""

from collections.abc import Awaitable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from dingdan.areas import orders
from dingdan.areas.payments import providers, rules, store
from dingdan.areas.payments.lifecycle import PaymentState, SendBackState
from dingdan.areas.payments.model import (
    Answer,
    Charge,
    ChargeAnswer,
    ChargeOutcome,
    Limits,
    MoneyBack,
    MoneyBackAnswer,
    MoneyBackOutcome,
)
from dingdan.areas.payments.providers import sandbox as sandbox
from dingdan.areas.payments.providers.protocol import Provider
from dingdan.areas.payments.sending import take_turns
from dingdan.areas.payments.settling import take_in, voice
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.http import Outage
from dingdan.plumbing.jobs import Again
from dingdan.plumbing.telemetry import log

Asked = TypeVar("Asked", Charge, MoneyBack)


async def call_started(db: Database, payment_ids: Sequence[int], *, at: datetime | None = None) -> None:
    """Call the provider for attempts that were opened, and take in what it says.

    Calling twice charges once: the provider knows our numbers. Without an answer the outcome is unknown, and the
    ladder of `payment.check` asks until there is one; nothing has to be done about it here.
    """
    async with db.reading(SYSTEM) as tx:
        charges = await store.charges(tx, payment_ids, [PaymentState.STARTED])
    for provider, group in _by_provider(db, charges):
        await _start(db, provider, group, at)


async def ask(db: Database, payment_ids: Sequence[int], *, at: datetime | None = None) -> None:
    """Ask providers how open attempts stand; a call that never reached them is made now, if it is still wanted."""
    async with db.reading(SYSTEM) as tx:
        charges = await store.charges(tx, payment_ids, rules.OPEN)
        # Money may come in on an attempt that had ended: that is asked after, and never begun anew.
        ended = await store.charges(tx, payment_ids, [PaymentState.FAILED, PaymentState.VOIDED])
        found = await orders.get(tx, {share.order_id for charge in charges for share in charge.shares})
    opened = {charge.payment_id for charge in charges}
    wanted = {charge.payment_id for charge in charges if _is_wanted(charge, found)}
    for provider, group in _by_provider(db, [*charges, *ended]):
        answers = await _or_nothing(provider, provider.query(group))
        lost = {a.payment_id for a in answers if a.outcome is ChargeOutcome.NOT_FOUND}
        await _record(db, provider, [a for a in answers if a.payment_id not in lost & opened], at)
        await _start(db, provider, [c for c in group if c.payment_id in lost & wanted], at)


async def tell_voids(db: Database, payment_ids: Sequence[int], *, at: datetime | None = None) -> None:
    """Tell providers that attempts are closed; money that came in first is taken in. Raises Again without an answer."""
    async with db.reading(SYSTEM) as tx:
        charges = await store.charges(tx, payment_ids, [PaymentState.VOIDED])
    for provider, group in _by_provider(db, charges):
        try:
            answers = await provider.void(group)
        except Outage as outage:
            raise Again(str(outage)) from outage
        await _record(db, provider, answers, at)


async def send_back(db: Database, send_back_ids: Sequence[int], *, at: datetime | None = None) -> None:
    """Have providers send money back. What a channel cannot do by its own limits is not even asked of it."""
    async with db.reading(SYSTEM) as tx:
        wanted = await store.money_back(tx, send_back_ids, [SendBackState.QUEUED])
        now = at or tx.now
    for provider, group in _by_provider(db, wanted):
        limits = await provider.limits()
        broken = {
            one.send_back_id: limits.broken_by(made_before=one.made_before, captured_at=one.captured_at, now=now)
            for one in group
        }
        await _record(db, provider, [_impossible(one, why) for one in group if (why := broken[one.send_back_id])], at)
        await _in_turn(db, provider, [one for one in group if not broken[one.send_back_id]], limits, at)


async def ask_send_backs(db: Database, send_back_ids: Sequence[int], *, at: datetime | None = None) -> None:
    """Ask providers how money on its way back stands; what never reached them is sent under the same number.

    What they refused is only asked after: whether to try that again is for people to say.
    """
    async with db.reading(SYSTEM) as tx:
        wanted = await store.money_back(tx, send_back_ids, rules.ASKABLE)
        refused = {one.send_back_id for one in await store.money_back(tx, send_back_ids, [SendBackState.FAILED])}
    for provider, group in _by_provider(db, wanted):
        answers = await _or_nothing(provider, provider.query_refund(group))
        lost = {a.send_back_id for a in answers if a.outcome is MoneyBackOutcome.NOT_FOUND} - refused
        await _record(db, provider, [a for a in answers if a.send_back_id not in lost], at)
        await _in_turn(db, provider, [one for one in group if one.send_back_id in lost], await provider.limits(), at)


async def _start(db: Database, provider: Provider, charges: Sequence[Charge], at: datetime | None) -> None:
    if not charges:
        return
    answers: Sequence[ChargeAnswer]
    try:
        answers = await provider.start(charges)
    except Outage as outage:
        answers = [
            ChargeAnswer(payment_id=charge.payment_id, provider=charge.provider, outcome=ChargeOutcome.UNKNOWN,
                         failure=str(outage))
            for charge in charges
        ]  # fmt: skip
    await _record(db, provider, answers, at)


async def _in_turn(
    db: Database, provider: Provider, wanted: Sequence[MoneyBack], limits: Limits, at: datetime | None
) -> None:
    """Send back what has its turn, where the channel wants refunds of one payment apart; the rest comes back later."""
    apart = limits.seconds_apart
    if apart and wanted:
        turns = await within(db, voice(provider.name), lambda tx: take_turns(tx, wanted, seconds_apart=apart),
                             name="payments.take_turns", at=at)  # fmt: skip
        wanted = [one for one in wanted if one.send_back_id in turns]
    await _refund(db, provider, wanted, at)


async def _refund(db: Database, provider: Provider, wanted: Sequence[MoneyBack], at: datetime | None) -> None:
    if not wanted:
        return
    answers: Sequence[MoneyBackAnswer]
    try:
        answers = await provider.refund(wanted)
    except Outage as outage:
        answers = [
            MoneyBackAnswer(send_back_id=one.send_back_id, provider=one.provider, outcome=MoneyBackOutcome.UNKNOWN,
                            failure=str(outage))
            for one in wanted
        ]  # fmt: skip
    await _record(db, provider, answers, at)


def _is_wanted(charge: Charge, found: dict[int, orders.Order]) -> bool:
    return all(found[share.order_id].state is orders.OrderState.AWAITING_PAYMENT for share in charge.shares)


def _impossible(one: MoneyBack, why: str) -> MoneyBackAnswer:
    return MoneyBackAnswer(
        send_back_id=one.send_back_id, provider=one.provider, outcome=MoneyBackOutcome.IMPOSSIBLE, failure=why
    )


Given = TypeVar("Given")


async def _or_nothing(provider: Provider, question: Awaitable[Sequence[Given]]) -> Sequence[Given]:
    """The answers to a question; none where the provider is not to be reached, the ladder asks again."""
    try:
        return await question
    except Outage as outage:
        log.warning("the provider does not answer", provider=provider.name, error=str(outage))
        return []


async def _record(db: Database, provider: Provider, answers: Sequence[Answer], at: datetime | None) -> None:
    if answers:
        await within(db, voice(provider.name), lambda tx: take_in(tx, answers), name="payments.take_in", at=at)


def _by_provider(db: Database, asked: Iterable[Asked]) -> list[tuple[Provider, list[Asked]]]:
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        if one.provider != rules.CREDIT:
            groups.setdefault(one.provider, []).append(one)
    return [(providers.find(db, name), group) for name, group in sorted(groups.items())]
