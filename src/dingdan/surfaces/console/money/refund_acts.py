"""Acts on refunds: sign, refuse, ask, try again, pay by hand; and releasing many, after a look at what that would do."""

from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta

from dingdan.areas import orders, refunds
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import waiting
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Code, Column, Done, Field, Row, Sheet, Sums, Table
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code as ReasonCode
from dingdan.surfaces.shared.wire import Input, Line, Prose, Short

Keys = Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=100)]


class WhyNotForm(Form, frozen=True, kw_only=True):
    """Why not."""

    reason: ReasonCode


class ConsentForm(Form, frozen=True, kw_only=True):
    """What the buyer agreed to, and where the money goes."""

    consent: Prose
    holder: Short
    bank: Short
    number: Short


class PaidForm(Form, frozen=True, kw_only=True):
    """The number of the transfer."""

    receipt: Line


class ChosenForm(Form, frozen=True, kw_only=True):
    """The refunds that were ticked."""

    keys: Keys = ()


class ChosenQuery(Input, frozen=True, kw_only=True):
    """The same in an address."""

    keys: Keys = ()


@act("/refunds/{refund_id}/approve", permission="refund.approve", fresh=True)
async def approve(tx: Tx, refund_id: int) -> Done:
    """Sign a refund; the last signature that is needed sends the money on its way."""
    refund = await refunds.approve(tx, refund_id, wait=waiting.WAIT)
    if refund.state is refunds.RefundState.REQUESTED:
        return Done(text=Text("Signed; one more signature is needed", "已签署，还需一人审批"))
    return waiting.queued(Text("Refund released", "退款已放款"), f"{naming.place('refund', refund_id)}/take-back")


@act("/refunds/{refund_id}/take-back", permission="refund.approve")
async def take_back(tx: Tx, refund_id: int) -> Done:
    """Take back what was let go and still waits."""
    await refunds.take_back(tx, refund_id)
    return Done(text=waiting.TAKEN_BACK, stays=True)


@act("/refunds/{refund_id}/refuse", permission="refund.approve", fresh=True)
async def refuse(tx: Tx, refund_id: int, form: WhyNotForm) -> Done:
    """Refuse a refund that is not sent yet."""
    await refunds.refuse(tx, refund_id, reason=form.reason)
    return Done(text=Text("Refund refused", "退款已驳回"))


@act("/refunds/{refund_id}/ask", permission="refund.retry")
async def ask(tx: Tx, refund_id: int) -> Done:
    """Ask the provider how it stands; nothing is sent a second time."""
    await refunds.ask(tx, refund_id)
    return Done(text=Text("Asking the provider", "正在向渠道查询"), stays=True)


@act("/refunds/{refund_id}/retry", permission="refund.retry", fresh=True)
async def retry(tx: Tx, refund_id: int) -> Done:
    """Send a failed refund again under its own number."""
    await refunds.retry(tx, refund_id, wait=waiting.WAIT)
    said = Text("To be sent again under the same number", "将按同一编号重试")
    return waiting.queued(said, f"{naming.place('refund', refund_id)}/take-back")


@act("/refunds/{refund_id}/take-offline", permission="refund.retry", fresh=True)
async def take_offline(tx: Tx, refund_id: int) -> Done:
    """Give up on the provider."""
    await refunds.take_offline(tx, refund_id)
    return Done(text=Text("To be paid by hand", "已转线下退款"))


@act("/refunds/{refund_id}/hand-consent", permission="refund.consent", fresh=True)
async def consent(tx: Tx, refund_id: int, form: ConsentForm) -> Done:
    """Write down that the buyer agrees to another way, and where the money goes."""
    refund = await refunds.get_one(tx, refund_id)
    account = refunds.Account(holder=form.holder, bank=form.bank, number=form.number)
    await refunds.consent(tx, refund.order_id, account=account, words=form.consent)
    return Done(text=Text("Agreement written down", "买家同意已登记"))


@act("/refunds/{refund_id}/hand-pay", permission="refund.approve", fresh=True)
async def pay(tx: Tx, refund_id: int, form: PaidForm) -> Done:
    """Note that it was paid."""
    await refunds.pay(tx, await _payout(tx, refund_id), receipt=form.receipt)
    return Done(text=Text("Noted as paid; somebody else confirms", "已登记付款，待他人确认"))


@act("/refunds/{refund_id}/hand-confirm", permission="refund.approve", fresh=True)
async def confirm(tx: Tx, refund_id: int) -> Done:
    """Find the money gone: the refunds are settled."""
    await refunds.confirm(tx, await _payout(tx, refund_id))
    return Done(text=Text("Payment confirmed", "付款已确认"))


@act("/refunds/{refund_id}/hand-missing", permission="refund.approve", fresh=True)
async def missing(tx: Tx, refund_id: int, form: WhyNotForm) -> Done:
    """Do not find the money gone: it is to be paid again."""
    await refunds.find_missing(tx, await _payout(tx, refund_id), reason=form.reason)
    return Done(text=Text("To be paid again", "需重新付款"))


@act("/refunds/{refund_id}/hand-drop", permission="refund.retry", fresh=True)
async def drop(tx: Tx, refund_id: int) -> Done:
    """Do not pay it by hand like that after all."""
    await refunds.drop(tx, await _payout(tx, refund_id))
    return Done(text=Text("Payment by hand dropped", "已取消线下退款"))


@act("/refunds/{refund_id}/hand-account", permission="refund.approve", fresh=True, is_secret=True)
async def account(tx: Tx, refund_id: int) -> Done:
    """Where the money goes, for whoever pays."""
    found = await refunds.account_of(tx, await refunds.hand_payout(tx, await _payout(tx, refund_id)))
    if found is None:
        raise refunds.HandPayoutUnknown
    return Done(text=Text("The buyer's account", "买家收款账户"), to=naming.place("refund", refund_id), shown=[
        (Text("Account holder", "户名"), found.holder), (Text("Bank or wallet", "开户行或钱包"), found.bank),
        (Text("Account number", "账号"), found.number),
    ])  # fmt: skip


@act("/q/refunds/look", permission="refund.approve")
async def look(tx: Tx, form: ChosenForm) -> Done:
    """Look at what releasing the ticked refunds would do."""
    if not form.keys:
        raise Malformed("keys", what="nothing is ticked", what_zh="未选择任何退款")
    return Done(
        text=Text("Nothing is sent yet", "尚未放款"),
        to=f"/q/refunds/release?{urlencode({'keys': form.keys}, doseq=True)}",
    )


@screen("/q/refunds/release", permission="refund.approve")
async def before_release(tx: Tx, query: ChosenQuery) -> Sheet:
    """What releasing these refunds would do: how many, how much, the largest, and which are left out and why."""
    chosen = _numbers(query.keys)
    found, prospects = await refunds.get(tx, chosen), await refunds.prospects(tx, chosen)
    going = [found[number] for number in chosen if number in found and not isinstance(prospects[number], Refusal)]
    left = [(number, prospects.get(number)) for number in chosen if number not in {one.id for one in going}]
    currencies = sorted({one.currency for one in going})
    sums = []
    for currency in currencies:
        amounts = [one.amount for one in going if one.currency == currency]
        sums += [
            (Text(f"Largest of {len(amounts)}", f"{len(amounts)} 笔中最大"), Money(max(amounts), currency), False),
            (Text(f"{len(amounts)} refunds in all", f"共 {len(amounts)} 笔"), Money(sum(amounts), currency), True),
        ]
    release = Act("release", Text(f"Release {len(going)}", f"放款 {len(going)} 笔"), "/q/refunds/release", "A", tone="first",
                  fields=[Field("keys", Text("", ""), "hidden", value=" ".join(naming.ref("refund", one.id) for one in going))],
                  warns=Text("The money goes out in 10 s; until then it can be taken back.", "款项将在 10 秒后发出，此前可收回。"),
                  why_not=None if going else Text("None of them can be released by you.", "没有您可放款的退款。"))  # fmt: skip
    return Sheet(
        title=Text("Release refunds", "批量放款"), kind=Text("Before anything is sent", "放款前核对"),
        lead=Text("Nothing is sent yet.", "尚未放款。"), acts=[release],
        main=[_going(going, prospects), _left(left)], side=[Sums(Text("What goes out", "放款金额"), sums)],
    )  # fmt: skip


class ReleaseForm(Form, frozen=True, kw_only=True):
    """The refunds to be released, with blanks between."""

    keys: Annotated[str, Meta(min_length=1, max_length=4_000)]


@act("/q/refunds/release", permission="refund.approve", fresh=True)
async def release(tx: Tx, form: ReleaseForm) -> Done:
    """Sign all of them, or none where one has changed since the look."""
    found = await refunds.get(tx, _numbers(tuple(form.keys.split())))
    if not found:
        raise refunds.RefundUnknown("keys")
    await orders.lock(tx, sorted({one.order_id for one in found.values()}))
    signed = [await refunds.approve(tx, number, wait=waiting.WAIT) for number in sorted(found)]
    held = [naming.ref("refund", one.id) for one in signed if one.state is refunds.RefundState.HELD]
    said = Text(f"{len(found)} signed", f"已签署 {len(found)} 笔")
    if not held:
        return Done(text=said, to="/q/refunds")
    return waiting.queued(said, "/q/refunds/take-back", keys=held, to="/q/refunds")


@act("/q/refunds/take-back", permission="refund.approve")
async def take_many_back(tx: Tx, form: ChosenForm) -> Done:
    """Take back those of the ticked refunds that still wait; those that went out are left. Where none waits it is refused."""
    found = await refunds.get(tx, _numbers(form.keys))
    if not found:
        raise refunds.RefundUnknown("keys")
    await orders.lock(tx, sorted({one.order_id for one in found.values()}))
    waits = [i for i, one in (await refunds.get(tx, found)).items() if one.state is refunds.RefundState.HELD]
    if not waits:
        raise refunds.GoneAlready("keys", state=str(next(iter(found.values())).state))
    for number in waits:
        await refunds.take_back(tx, number)
    return Done(
        text=Text(f"{len(waits)} of {len(found)} taken back", f"已收回 {len(waits)}/{len(found)} 笔"), to="/q/refunds"
    )


def _going(going: list[refunds.Refund], prospects: dict[int, int | Refusal]) -> Table:
    return Table(Text("Will be signed", "将签署"), [
        Column("number", Text("Refund", "退款单")), Column("then", Text("Then", "结果")), Column("amount", Text("Amount", "金额"), is_number=True),
    ], [Row(naming.ref("refund", one.id), None, {
        "number": naming.link("refund", one.id), "amount": Money(one.amount, one.currency),
        "then": Text("one more signature is needed", "仍需一人审批") if prospects[one.id] else Text("sent", "发出"),
    }) for one in going])  # fmt: skip


def _left(left: list[tuple[int, int | Refusal | None]]) -> Table:
    return Table(Text("Left out", "跳过"), [
        Column("number", Text("Refund", "退款单")), Column("why", Text("Why", "原因")),
    ], [Row(str(number), None, {
        "number": Code(naming.spoken(number)),
        "why": why.message.filled(why.params) if isinstance(why, Refusal) else refunds.RefundUnknown.message,
    }) for number, why in left], empty=Text("Nothing is left out.", "没有跳过的退款。"))  # fmt: skip


def _numbers(keys: tuple[str, ...]) -> list[int]:
    found = [ids.decode("refund", key) for key in dict.fromkeys(keys)]
    if any(number is None for number in found):
        raise Malformed("keys", what="not the id of a refund", what_zh="不是退款单的编号")
    return [number for number in found if number is not None]


async def _payout(tx: Tx, refund_id: int) -> int:
    refund = await refunds.get_one(tx, refund_id)
    if refund.hand_payout_id is None:
        raise refunds.HandPayoutUnknown
    return refund.hand_payout_id


ROUTES = [
    approve, take_back, take_many_back, refuse, ask, retry, take_offline, consent, pay, confirm, missing, drop, account, look, before_release, release,
]  # fmt: skip
