"""An order as it is confirmed: from stored rows to canonical bytes and their hash."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas import cases, disputes, merchants, orders, payments, policies, pricing, returns, talks
from dingdan.areas.notifications.model import (
    Amounts,
    Confirmation,
    Disputed,
    Facts,
    GoodsBack,
    Layer,
    Line,
    PaidBy,
    PolicyBound,
    Presale,
    Promise,
    Recipient,
    Seller,
    Trouble,
    Withdrawn,
)
from dingdan.areas.notifications.occasions import Occasion
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.kernel.times import iso

SCHEMA = 1
# Before the money is in there is nothing to say about it.
_UNPAID = frozenset({
    Occasion.RECEIVED, Occasion.EXPIRED, Occasion.PAYMENT_FAILED, Occasion.DEPOSIT_PAID, Occasion.BALANCE_OPENED,
})  # fmt: skip
_RECEIPT = frozenset({Occasion.RECEIPT_ANNOUNCED, Occasion.RECEIPT_DUE_SOON})
_MONEY_WENT_BACK = frozenset({Occasion.CANCELLED, Occasion.REFUNDED})

# How long a buyer who waits for something goes without hearing what we found out (O4.5: a plan within a day).
NEXT_UPDATE = timedelta(hours=24)

# What a message may be about besides its order.
About = Trouble | GoodsBack | Withdrawn | Disputed

_encoder = msgspec.json.Encoder(order="deterministic")


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored about one order: all that a confirmation is made from. Seller and policy are shared by many."""

    order: orders.Order
    # Where it is paid in two parts.
    deposit: payments.Deposit | None = None
    lines: Sequence[orders.OrderLine]
    merchant: merchants.Merchant
    seller: Seller
    policy: PolicyBound | None
    payments: Sequence[payments.Payment]
    promise: Promise | None
    layers: Sequence[pricing.Charged]
    sealed_sha256: str | None
    # Until when a second look at it ends at the latest; None where nobody looks.
    verdict_by: datetime | None = None
    # When it counts as received by itself; None where that clock does not run.
    receive_by: datetime | None = None


def snapshot(
    rows: Rows, occasion: Occasion, *, version: int, at: datetime, about: About | None = None, which: str = ""
) -> Facts:
    """What a confirmation says about an order on an occasion. Later events do not colour an earlier occasion."""
    order = rows.order
    return Facts(
        amounts=Amounts(
            currency=order.currency, discount=order.discount, freight=order.freight, goods=order.goods,
            refunded=order.refunded if occasion in _MONEY_WENT_BACK else 0, tax=order.tax, total=order.total,
        ),
        at=iso(at),
        back=about if isinstance(about, GoodsBack) else msgspec.UNSET,
        cancel_reason=order.cancel_reason if occasion is Occasion.CANCELLED else None,
        disputed=about if isinstance(about, Disputed) else msgspec.UNSET,
        layers=[
            Layer(amount=one.layer.amount, code=one.layer.code, effect=one.layer.effect, en=one.layer.label.en,
                  funder=one.layer.funder, zh=one.layer.label.zh)
            for one in rows.layers
        ],
        lines=[
            Line(cancelled=line.cancelled, discount=line.discount, goods=line.goods, line_no=line.line_no,
                 not_returnable=line.confirmed_text, quantity=line.quantity, sku=line.sku,
                 tax=line.tax, title=line.title, unit_price=line.unit_price)
            for line in rows.lines
        ],
        next_update_by=iso(at + NEXT_UPDATE) if occasion is Occasion.DELAYED else None,
        number=ids.spoken(order.id),
        occasion=occasion,
        order=ids.encode("order", order.id),
        paid_at=iso(order.paid_at) if order.paid_at and occasion not in _UNPAID else None,
        pay_by=iso(order.pay_by),
        payments=_payments(rows.payments, occasion),
        placed_at=iso(order.placed_at),
        policy=rows.policy,
        presale=_presale(rows.deposit) if rows.deposit else None,
        promise=rows.promise,
        receive_by=iso(rows.receive_by) if rows.receive_by and occasion in _RECEIPT else None,
        recipient=Recipient(contact=ids.encode("contact", order.contact_id), sealed_sha256=rows.sealed_sha256),
        reference=order.reference,
        schema=SCHEMA,
        seller=rows.seller,
        trouble=about if isinstance(about, Trouble) else msgspec.UNSET,
        verdict_by=iso(rows.verdict_by) if rows.verdict_by and occasion is Occasion.REVIEW_STARTED else None,
        version=version,
        which=which or msgspec.UNSET,
        withdrawn=about if isinstance(about, Withdrawn) else msgspec.UNSET,
    )  # fmt: skip


def _presale(deposit: payments.Deposit) -> Presale:
    return Presale(
        balance=deposit.balance, balance_from=iso(deposit.balance_from), balance_until=iso(deposit.balance_until),
        deposit=deposit.amount, earnest=deposit.is_earnest, kept=deposit.kept,
        paid_at=iso(deposit.paid_at) if deposit.paid_at else None, penalty=deposit.penalty,
    )  # fmt: skip


def confirmation(rows: Rows, facts: Facts, *, missing: Sequence[str], at: datetime) -> Confirmation:
    """The facts as evidence: their canonical bytes and the SHA-256 of these. People are in it by the digest of

    their ciphertext, so it stays true when a person is forgotten.
    """
    canonical = canonical_bytes(facts)
    return Confirmation(
        order_id=rows.order.id, version=facts.version, merchant_id=rows.order.merchant_id,
        contact_id=rows.order.contact_id, occasion=facts.occasion, canonical=canonical.decode(),
        hash=hashlib.sha256(canonical).digest(), missing=tuple(missing), at=at,
    )  # fmt: skip


def canonical_bytes(facts: Facts) -> bytes:
    """Canonical JSON (RFC 8785): keys in order, no spaces, UTF-8."""
    return _encoder.encode(facts)


def is_same(one: Facts, other: Facts) -> bool:
    """Whether two confirmations say the same, whenever they were made."""
    return _undated(one) == _undated(other)


def _undated(facts: Facts) -> Facts:
    return msgspec.structs.replace(facts, at="", version=0)


def _payments(found: Sequence[payments.Payment], occasion: Occasion) -> list[PaidBy]:
    """Those whose money came in; after a failed one that one, with its reason."""
    if occasion is Occasion.PAYMENT_FAILED:
        chosen = [one for one in found if one.state == "failed"][-1:]
    elif occasion in _UNPAID:
        chosen = []
    else:
        chosen = [one for one in found if one.state == "captured"]
    return [
        PaidBy(failure=one.failure, id=ids.encode("payment", one.id), method=one.method, provider=one.provider)
        for one in chosen
    ]


def trouble(case: cases.Case, document: cases.KindDocument) -> Trouble:
    """What is said of a case: never whose fault it is, and nothing that the buyer would have to do but answer us."""
    is_open = case.ended_at is None
    return Trouble(
        answer_by=iso(case.answer_by) if case.answer_by is not None else None, closure=case.closure,
        en=document.title.en, next_update_at=iso(case.next_update_at) if is_open else None,
        number=ids.spoken(case.id), plan=case.plan, zh=document.title.zh,
    )  # fmt: skip


def goods_back(
    one: returns.Return,
    policy: policies.Policy,
    *,
    question: talks.Question | None,
    offer: talks.Offer | None,
    remarks: int,
) -> GoodsBack:
    """What is said of a return: the decision with its rule, what is offered instead, what is asked, and how to appeal."""
    is_refused = one.decision is returns.Decision.REFUSED
    rule = one.rules[-1] if is_refused and one.rules else None
    words = policy.document.rules.get(rule) if rule else None
    return GoodsBack(
        alternatives=list(one.alternatives) if is_refused else [],
        amount=offer.amount if offer is not None else None,
        answer_by=iso(question.answer_by) if question is not None and question.state == "asked" else None,
        appeal_days=policy.document.asking.appeal_days if is_refused else None,
        decision=str(one.decision), number=ids.spoken(one.id),
        offer_by=iso(offer.expires_at) if offer is not None else None,
        offered=str(offer.kind) if offer is not None else None,
        reason=one.refusal_reason if is_refused else None, remarks=remarks, resolution=str(one.resolution), rule=rule,
        rule_en=words.en if words else None, rule_zh=words.zh if words else None,
        send_by=iso(one.send_by) if one.send_by is not None else None,
    )  # fmt: skip


def withdrawn(one: talks.Withdrawal) -> Withdrawn:
    """A withdrawal from the contract as it is acknowledged; no lines are all of the order."""
    return Withdrawn(
        confirmed_at=iso(one.confirmed_at or one.stated_at), number=ids.spoken(one.id), stated_at=iso(one.stated_at),
        lines={str(line.line_no): line.quantity for line in sorted(one.lines, key=lambda line: line.line_no)},
    )  # fmt: skip


def disputed(
    one: disputes.Dispute,
    words: Mapping[str, Text],
    *,
    to: talks.Side,
    ruling: disputes.Ruling | None,
    still_for: str | None,
) -> Disputed:
    """What is said of a dispute to a side: its turn, what was ruled and why by rule, and who does what until when."""
    turn = disputes.turn_now(one)
    mine = turn if turn is not None and turn.side is to else None
    done = ruling.lines if ruling is not None else ()
    is_open = one.ended_at is None
    return Disputed(
        appeal_by=_moment(one.appeal_by) if one.state is disputes.DisputeState.RULED else None,
        do_by=_moment(one.do_by) if is_open else None, done_by=str(one.done_by) if one.done_by else None,
        executor=str(ruling.executor) if ruling is not None else None,
        fault=str(ruling.fault) if ruling is not None else None, issue=str(one.issue),
        lines=[[line.line_no, line.quantity, str(line.outcome), line.amount] for line in done],
        number=ids.spoken(one.id), rule_by=_moment(one.rule_by) if is_open else None,
        rules={
            i: {"en": words[i].en, "zh": words[i].zh} if i in words else {}
            for i in (ruling.rules if ruling is not None else ())
        },
        show={"en": mine.what.en, "zh": mine.what.zh} if mine else {}, show_by=_moment(one.turn_by) if mine else None,
        side=str(one.side), still_for=still_for, still_until=_moment(one.still_until),
    )  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return iso(at) if at is not None else None


def seller(found: merchants.Merchant) -> Seller:
    """Who sells."""
    return Seller(code=found.code, id=ids.encode("merchant", found.id), name=found.name, zone=found.zone)


def bound(found: policies.Policy) -> PolicyBound:
    """The return policy that an order is bound to."""
    return PolicyBound(code=found.code, hash=found.hash, id=ids.encode("policy", found.id), version=found.version)
