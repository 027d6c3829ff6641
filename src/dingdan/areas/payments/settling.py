"""Taking in what providers say, whichever way it comes and however often, and asking after what they did not say."""

from collections.abc import Sequence

from dingdan.areas import orders
from dingdan.areas.payments import booking, providers, rules, sending, store
from dingdan.areas.payments.lifecycle import PaymentState, SendBackState
from dingdan.areas.payments.model import Answer, ChargeAnswer, MoneyBackAnswer, Notice, Received, Reply, Taken
from dingdan.areas.payments.promises import PAYMENT_CHECK, SEND_BACK_CHECK
from dingdan.areas.payments.providers.protocol import Provider
from dingdan.areas.payments.refusals import NoticeTooOld
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.secrets import digest
from dingdan.plumbing.tx import Tx


async def take_in(tx: Tx, answers: Sequence[Answer]) -> list[Taken]:
    """The one way in for providers' answers, from calls, notifications and queries; says what was made of each.

    Every order concerned is locked first, lowest id first; whoever changes a payment or a send-back does so under
    the lock of its orders. Money is booked once per charge and order, however often it is told.
    """
    charges = [answer for answer in answers if isinstance(answer, ChargeAnswer)]
    backs = [answer for answer in answers if isinstance(answer, MoneyBackAnswer)]
    shares = await store.shares(tx, {answer.payment_id for answer in charges}) if charges else {}
    sent = await store.send_backs(tx, ids={answer.send_back_id for answer in backs}) if backs else {}
    concerned = {share.order_id for each in shares.values() for share in each} | {s.order_id for s in sent.values()}
    locked = await orders.lock(tx, concerned) if concerned else {}
    of_charges = iter(await _charges(tx, charges, shares, locked))
    of_backs = iter(await _money_back(tx, backs))
    return [next(of_charges if isinstance(answer, ChargeAnswer) else of_backs) for answer in answers]


async def _charges(
    tx: Tx, answers: Sequence[ChargeAnswer], shares: booking.Shares, locked: dict[int, orders.Order]
) -> list[Taken]:
    taken = [Taken.PARKED] * len(answers)
    marks = [
        frozenset({("payment", a.payment_id), *(("order", s.order_id) for s in shares.get(a.payment_id, ()))})
        for a in answers
    ]
    for turn, indexes in enumerate(rules.rounds(marks)):
        # A second word about the same order must see what the first one changed.
        now = await orders.get(tx, locked) if turn else locked
        made = await booking.take_in_charges(tx, [answers[i] for i in indexes], shares, now)
        for i, verdict in zip(indexes, made, strict=True):
            taken[i] = verdict
    return taken


async def _money_back(tx: Tx, answers: Sequence[MoneyBackAnswer]) -> list[Taken]:
    taken = [Taken.PARKED] * len(answers)
    for indexes in rules.rounds([frozenset({("send_back", a.send_back_id)}) for a in answers]):
        made = await sending.take_in_money_back(tx, [answers[i] for i in indexes])
        for i, verdict in zip(indexes, made, strict=True):
            taken[i] = verdict
    return taken


async def take_in_notification(db: Database, provider: str, *, headers: dict[str, str], body: bytes) -> Reply:
    """Take in one notification and say what to answer. Raises ProviderUnknown, NoticeNotSigned, NoticeTooOld or

    NoticeUnreadable; whatever else goes wrong, the provider sends it again.
    """
    (reply,) = await take_in_notifications(db, provider, [Received(headers, body)])
    if isinstance(reply, Refusal):
        raise reply
    return reply


async def take_in_notifications(db: Database, provider: str, received: Sequence[Received]) -> list[Reply | Refusal]:
    """Take in many notifications in one transaction; an answer or a refusal for each.

    Signatures are checked over the raw bytes before anything is read; each event counts once. What is about a
    payment that we do not know yet is kept as parked and answered so that the provider sends it again.
    """
    speaker = providers.find(db, provider)
    replies: dict[int, Reply | Refusal] = {}
    read: dict[int, tuple[Notice, bytes]] = {}
    for i, one in enumerate(received):
        try:
            read[i] = (speaker.read_notice(one.headers, one.body), digest(one.body))
        except Refusal as refusal:
            replies[i] = refusal
    if read:
        replies |= await within(db, voice(provider), lambda tx: _take_in_notices(tx, speaker, read),
                                name="payments.take_in_notifications")  # fmt: skip
    return [replies[i] for i in range(len(received))]


def voice(provider: str) -> Actor:
    """The actor that a provider's answers are taken in as."""
    return Actor(ActorKind.PROVIDER, name=provider)


async def _take_in_notices(
    tx: Tx, speaker: Provider, read: dict[int, tuple[Notice, bytes]]
) -> dict[int, Reply | Refusal]:
    timely = {i: one for i, one in read.items() if abs(tx.now - one[0].sent_at) <= rules.NOTICE_WINDOW}
    by_event = {notice.event_id: (notice, body_hash) for notice, body_hash in timely.values()}
    rows = [(event_id, _subject(notice.answer), body_hash) for event_id, (notice, body_hash) in by_event.items()]
    fresh = await store.claim_notices(tx, speaker.name, rows) if rows else set()
    telling = {
        event_id: notice.answer
        for event_id, (notice, _) in by_event.items()
        if event_id in fresh and notice.answer is not None
    }
    outcomes = dict.fromkeys(sorted(fresh), Taken.IGNORED)
    outcomes |= dict(zip(telling, await take_in(tx, list(telling.values())), strict=True))
    if outcomes:
        await store.note_outcomes(tx, speaker.name, {event_id: str(word) for event_id, word in outcomes.items()})
    minutes = rules.NOTICE_WINDOW.seconds // 60
    replies: dict[int, Reply | Refusal] = {i: NoticeTooOld("header", minutes=minutes) for i in read if i not in timely}
    for i, (notice, _) in timely.items():
        is_parked = outcomes.get(notice.event_id) is Taken.PARKED
        replies[i] = speaker.again if is_parked else speaker.ack
    return replies


def _subject(answer: Answer | None) -> int | None:
    if isinstance(answer, ChargeAnswer):
        return answer.payment_id
    return answer.send_back_id if answer else None


async def check_payments(tx: Tx, ids: Sequence[int]) -> None:
    """Have the provider asked about open attempts and failed ones, and told once more about closed ones; come back later."""
    rows = await store.count_ask(tx, "payments", ids)
    voided = sorted(row["id"] for row in rows if row["state"] == PaymentState.VOIDED)
    unclear = sorted(row["id"] for row in rows if row["state"] != PaymentState.VOIDED)
    if unclear:
        await jobs.enqueue(tx, "payments.ask", unclear)
    if voided:
        await jobs.enqueue(tx, "payments.tell_voids", voided)
    await deadlines.schedule(tx, PAYMENT_CHECK, [
        deadlines.Due(row["id"], row["merchant_id"], tx.now + rules.next_check(row["asks"])) for row in rows
    ])  # fmt: skip


async def check_send_backs(tx: Tx, ids: Sequence[int]) -> None:
    """Have the provider asked about money on its way back, and once more about what it refused; come back later.

    What is still queued is sent and not asked after: the provider would tell of an earlier try under the same number.
    """
    rows = await store.count_ask(tx, "send_backs", ids)
    queued = sorted(row["id"] for row in rows if row["state"] == SendBackState.QUEUED)
    unclear = sorted(row["id"] for row in rows if row["state"] != SendBackState.QUEUED)
    if queued:
        await jobs.enqueue(tx, "payments.send_back", queued)
    if unclear:
        await jobs.enqueue(tx, "payments.ask_send_backs", unclear)
    await deadlines.schedule(tx, SEND_BACK_CHECK, [
        deadlines.Due(row["id"], row["merchant_id"], tx.now + rules.next_check(row["asks"])) for row in rows
    ])  # fmt: skip
