"""What can be done with a refund where it stands, and why not where it cannot."""

from dingdan.areas import refunds
from dingdan.areas.refunds import HandPayoutState, RefundState
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import typed, waiting
from dingdan.surfaces.console.money import refund_words
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.screens import Act, Field

# From so many minor units on a release has to be confirmed.
LARGE = 100_000
CONSENT = Text(
    "I agree that this refund is paid to the account I named, because it cannot go back the way I paid.",
    "本人同意：因无法原路退回，该退款支付至本人提供的账户。",
)


async def possible(tx: Tx, refund: refunds.Refund, by_hand: refunds.HandPayout | None) -> list[Act]:
    """The acts of a refund for whoever looks, the likely one first."""
    here = naming.place("refund", refund.id)
    found: list[Act] = []
    if refund.state is RefundState.REQUESTED and tx.actor.may("refund.approve"):
        found += await _to_sign(tx, refund, here)
    if refund.state is RefundState.HELD and tx.actor.may("refund.approve"):
        found.append(waiting.act(f"{here}/take-back"))
    if refund.state in refunds.ASKABLE and tx.actor.may("refund.retry"):
        found.append(Act("ask", Text("Ask the provider", "向渠道查询"), f"{here}/ask", "Q",
                         tone="plain" if refund.state is RefundState.FAILED else "first"))  # fmt: skip
    if refund.state is RefundState.FAILED and tx.actor.may("refund.retry"):
        found += [
            Act("retry", Text("Try again, same number", "同号重试"), f"{here}/retry", "R", tone="first"),
            Act("offline", Text("Pay by hand instead", "改为线下退款"), f"{here}/take-offline", tone="danger",
                warns=Text("The provider is given up for this refund. The buyer has to say where the money goes.",
                           "该退款将不再通过渠道退回，须由买家提供收款账户。")),
        ]  # fmt: skip
    if refund.state is RefundState.OFFLINE:
        found += _by_hand(tx, refund, by_hand, here)
    return found


async def _to_sign(tx: Tx, refund: refunds.Refund, here: str) -> list[Act]:
    prospect = (await refunds.prospects(tx, [refund.id]))[refund.id]
    why_not = prospect.message.filled(prospect.params) if isinstance(prospect, Refusal) else None
    amount = typed.money_words(refund.amount, refund.currency)
    text = Text("Release", "放款") if not prospect or why_not else Text("Sign, one more needed", "签署（仍需一人）")
    return [
        Act("approve", text, f"{here}/approve", "A", tone="first", why_not=why_not,
            warns= Text(f"{amount.en} leave the house.", f"将退出 {amount.zh}。") if refund.amount >= LARGE else None),
        Act("refuse", Text("Refuse", "驳回"), f"{here}/refuse", "R", tone="danger",
            fields=[Field("reason", Text("Why not", "驳回原因"), "choice", options=refund_words.WHY_NOT)]),
    ]  # fmt: skip


def _by_hand(tx: Tx, refund: refunds.Refund, one: refunds.HandPayout | None, here: str) -> list[Act]:
    me = (str(tx.actor.kind), tx.actor.id)
    if one is None or one.state in (HandPayoutState.DROPPED, HandPayoutState.CONFIRMED):
        return [_consent(here)] if tx.actor.may("refund.consent") else []
    may_pay, found = tx.actor.may("refund.approve"), []
    if one.state is HandPayoutState.CONSENTED:
        same = me == (one.consented_by_kind, one.consented_by)
        if may_pay:
            found += [
                Act("pay", Text("Note that it was paid", "登记已付款"), f"{here}/hand-pay", "P", tone="first",
                    fields=[Field("receipt", Text("Number of the transfer", "转账凭证号"), longest=100,
                                  hint=Text("No names, no account numbers.", "请勿填写姓名或账号。"))],
                    why_not=Text("Whoever wrote the account down does not pay.", "登记收款账户的人不得付款。") if same else None),
                Act("account", Text("Show the account", "查看收款账户"), f"{here}/hand-account"),
            ]  # fmt: skip
        if tx.actor.may("refund.retry"):
            found.append(Act("drop", Text("Do not pay it like this", "取消线下退款"), f"{here}/hand-drop", tone="danger",
                             warns=Text("The buyer has to agree anew.", "须由买家重新同意。")))  # fmt: skip
    elif may_pay:
        same = me == (one.paid_by_kind, one.paid_by)
        why_not = Text("Whoever paid does not confirm.", "付款人不得确认。") if same else None
        found += [
            Act("confirm", Text("The money is gone: confirm", "确认款项已付出"), f"{here}/hand-confirm", "A", tone="first", why_not=why_not),
            Act("missing", Text("The money is not gone", "未找到该笔付款"), f"{here}/hand-missing", "R", tone="danger", why_not=why_not,
                fields=[Field("reason", Text("What is wrong", "原因"), "choice", options=refund_words.NOT_FOUND)]),
        ]  # fmt: skip
    return found


def _consent(here: str) -> Act:
    return Act("consent", Text("The buyer agrees to another way", "登记买家同意"), f"{here}/hand-consent", "C", tone="first", fields=[
        Field("consent", Text("The sentence that the buyer agreed to", "买家同意的内容"), "prose", value=CONSENT.zh, longest=1000,
              hint=Text("Word for word, as they saw it.", "请按买家看到的原文填写。")),
        Field("holder", Text("Account holder", "户名"), longest=100), Field("bank", Text("Bank or wallet", "开户行或钱包"), longest=100),
        Field("number", Text("Account number", "账号"), longest=100,
              hint=Text("Kept sealed; shown only to whoever pays.", "加密保存，仅付款人可见。")),
    ])  # fmt: skip
