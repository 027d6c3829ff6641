"""What somebody can do with a return now, each with its key and its form, and why not where it is only the moment."""

from collections.abc import Sequence

from dingdan.areas import returns, talks
from dingdan.areas.talks import Side
from dingdan.kernel import ids
from dingdan.kernel.money import Money, decimal_string
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.returns import dispute_words, return_desk, way_back_acts
from dingdan.surfaces.console.returns import return_words as words
from dingdan.surfaces.console.returns.return_around import Around, own_side
from dingdan.surfaces.shared.pages import formatting, naming
from dingdan.surfaces.shared.pages.screens import Act, Field

# What no reason is needed for nobody asks proof of; a person who asks once has asked.
NEVER = Text("This needs no reason, so no proof is asked for.", "无理由退货不得要求举证。")
ASKED = Text("The buyer was asked already; there is one round.", "已询问过买家，仅可询问一次。")
OPEN_OFFER = Text("An offer is open: wait for the answer, or take it back.", "已有方案待答复，请等待或先撤回。")
# An offer of money begins with a fifth of what was paid.
PART = 5
DECIDED = Text("It is decided already.", "该申请已处理。")


async def possible(tx: Tx, a: Around) -> list[Act]:
    """What this person can do with a return now, with why not where it is only the moment."""
    found: list[Act] = []
    if tx.actor.may("return.decide"):
        found += _deciding(tx, a)
    return [*found, *_for_buyer(tx, a), *await way_back_acts.acts(tx, a)]


def _deciding(tx: Tx, a: Around) -> list[Act]:
    held, here = a.held, naming.place("return", a.held.id)
    can = set(returns.actions(held))
    is_talked = held.decision in (returns.Decision.REQUESTED, returns.Decision.REFUSED)
    why_not = return_desk.why_not_approved(tx, held)
    found: list[Act] = []
    if "approve" in can:
        found.append(Act("approve", Text("Approve", "通过"), f"{here}/approve", "A", tone="first", why_not=why_not))
    if is_talked:
        found.append(_offer(a, here))
    if "refuse" in can:
        found += [_ask(a, here), _refuse(a, here, why_not)]
    found.append(
        Act(
            "say", Text("Message", "留言"), f"{here}/say", "M",
            [Field("text", Text("To the buyer, in their language", "致买家（按买家语言）"), "prose", canned=words.canned(a.tongue))],
        )
    )  # fmt: skip
    for one in a.offers:
        if one.state is not talks.OfferState.OPEN:
            continue
        place = f"/offers/{naming.ref('offer', one.id)}"
        if one.side is Side.SELLER:
            found.append(Act("take-back", Text("Take the offer back", "撤回方案"), f"{place}/take_back"))
        else:
            amount = Money(one.amount, one.currency)
            what = words.OFFERS[one.kind]
            found += [
                Act("accept", Text("Accept the buyer's offer", "接受买家方案"), f"{place}/accept", tone="first", warns=Text(
                    f"{what.en}, {formatting.money(amount, 'en')}: it is agreed on and paid at once.",
                    f"{what.zh}，{formatting.money(amount, 'zh')}：确认后即达成一致并退款。")),
                Act("decline", Text("Decline it", "婉拒"), f"{place}/decline"),
            ]  # fmt: skip
    return found


def _offer(a: Around, here: str) -> Act:
    paid = Money(sum(one.paid for one in a.goods), a.currency)
    is_open = any(one.state is talks.OfferState.OPEN for one in a.offers)
    hours = a.weighed.document.asking.offer_hours
    return Act("offer", Text("Offer", "提议替代方案"), f"{here}/offer", "O", [
        Field("kind", Text("What", "方案"), "choice", options=tuple(words.OFFERS.items()), value="keep"),
        Field("amount", Text("Amount", "金额"), "money", is_needed=False, currency=a.currency, value=_part(paid), hint=Text(
            f"Only for money back or credit. Paid: {formatting.money(paid, 'en')}.",
            f"仅部分退款和店铺余额需填写。实付 {formatting.money(paid, 'zh')}。")),
        Field("text", Text("Words to the buyer", "致买家"), "prose", is_needed=False, hint=Text(
            f"The buyer has {hours} hours to take it, decline it or answer with their own.",
            f"买家可在 {hours} 小时内接受、拒绝或提出自己的方案。")),
    ], why_not=OPEN_OFFER if is_open else None)  # fmt: skip


def _part(paid: Money) -> str:
    """What an offer begins with, to be changed: a part of what was paid."""
    return decimal_string(paid.amount // PART, paid.currency)


def _ask(a: Around, here: str) -> Act:
    document = a.weighed.document
    reasons = [line.line.reason for line in a.weighed.lines]
    is_by_right = a.held.resolution is returns.Resolution.REFUND
    never = is_by_right and all(document.reasons[code].kind == "no_reason" for code in reasons)
    shots = {shot.code: Text(shot.en, shot.zh) for code in reasons for shot in document.asking.shots.get(code, ())}
    missing = a.weighed.shots_missing
    hours = document.asking.answer_hours
    fields = [
        Field("text", Text("What is asked, in the buyer's language", "询问内容（按买家语言）"), "prose",
              value=words.ask_text(a.tongue, missing), hint=Text(
            f"The buyer has {hours} hours; our clock stands still until then and goes on by itself.",
            f"买家有 {hours} 小时补充，其间审核时限暂停，之后自动恢复。")),
    ]  # fmt: skip
    if shots:
        fields.insert(0, Field("shots", Text("What is to be shown", "需补充的凭证"), "choices", options=tuple(shots.items()),
                               value=[one.code for one in missing], is_needed=False))  # fmt: skip
    why_not = NEVER if never else ASKED if a.question is not None else None
    return Act("ask", Text("Ask for proof", "补充凭证"), f"{here}/ask", "E", fields, why_not=why_not)


def _refuse(a: Around, here: str, why_not: Text | None) -> Act:
    document = a.weighed.document
    lines = [line.line for line in a.weighed.lines]
    grounds = returns.grounds_for(a.held, lines, document)
    applied = [code for line in a.weighed.lines for code in line.rules]
    ordered = dict.fromkeys([*(code for code in applied if code in document.rules), *document.rules])
    against = [check.code for line in a.weighed.lines for check in line.checks if check.code in grounds]
    return Act("refuse", Text("Refuse", "拒绝"), f"{here}/refuse", "R", [
        Field("reason", Text("Why not", "拒绝原因"), "choice", value=against[0] if against else None,
              options=[(code, words.full_reason(code)) for code in sorted(grounds)]),
        Field("rule", Text("By which rule of the policy", "依据的政策条款"), "choice", value=next(iter(applied), None),
              options=[(code, _rule(document.rules[code])) for code in ordered]),
        Field("alternatives", Text("What the buyer can have instead, at least one", "可选替代方案（至少一项）"), "choices",
              options=tuple(words.INSTEAD.items()), value=["quality_claim"]),
        Field("text", Text("In plain words, in the buyer's language", "通俗说明（按买家语言）"), "prose", value=words.NO_TEMPLATE[a.tongue]),
        Field("preview", Text("What the buyer will read", "买家将看到"), "preview", value=f"{here}/refuse"),
    ], tone="danger", why_not=why_not)  # fmt: skip


def _rule(rule: object) -> Text:
    """A rule as a choice: where it stands and how it begins."""
    article, en, zh = (str(getattr(rule, name)) for name in ("article", "en", "zh"))
    return Text(f"{article}: {_short(en, 70)}", f"{article}：{_short(zh, 36)}")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _for_buyer(tx: Tx, a: Around) -> list[Act]:
    """What is done in the buyer's name, by whoever may."""
    held, here = a.held, naming.place("return", a.held.id)
    can, may = set(returns.actions(held)), tx.actor.may
    found: list[Act] = []
    if may("return.apply"):
        if a.question is not None and a.question.state is talks.QuestionState.ASKED:
            found.append(Act("answer", Text("Note the buyer's answer", "代记买家答复"), f"{here}/answer",
                             fields=[Field("text", Text("What the buyer says", "买家答复"), "prose")]))  # fmt: skip
        found += _taking(a.offers)
        if "appeal" in can:
            found.append(Act("appeal", Text("Appeal for the buyer", "代买家申诉"), f"{here}/appeal", warns=Text(
                "Somebody else than who refused will decide.", "将由拒绝人以外的人员复核。")))  # fmt: skip
        if "withdraw" in can:
            found.append(Act("withdraw", Text("Withdraw for the buyer", "代买家撤销"), f"{here}/withdraw", tone="danger", warns=Text(
                "The buyer keeps the goods and may apply again.", "买家保留商品，可重新申请。")))  # fmt: skip
    if may("return.send"):
        if "send" in can:
            found.append(Act("send", Text("Note a parcel", "登记退货包裹"), f"{here}/send", fields=[
                Field("carrier", Text("Carrier", "承运商")), Field("tracking_number", Text("Tracking number", "运单号")),
                Field("postage", Text("What the buyer paid for it", "买家支付的运费"), "money", is_needed=False, currency=a.currency),
            ]))  # fmt: skip
        if "extend" in can:
            found.append(Act("extend", Text("Give more time to send", "延长寄回时限"), f"{here}/extend"))
    if may("dispute.argue") and held.decision in (returns.Decision.REFUSED, returns.Decision.REQUESTED):
        found.append(_platform(tx, a, here))
    return found


def _taking(offers: Sequence[talks.Offer]) -> list[Act]:
    found = []
    for one in offers:
        if one.state is not talks.OfferState.OPEN or one.side is not Side.SELLER:
            continue
        consent = talks.CREDIT_TEXTS[next(reversed(talks.CREDIT_TEXTS))]
        fields = [
            Field(
                "consents",
                Text("The buyer agrees to these words", "买家同意以下内容"),
                "check",
                hint=consent,
                is_needed=False,
            )
        ]
        found.append(Act("take", Text("The buyer takes the offer", "代买家接受方案"), f"/offers/{ids.encode('offer', one.id)}/take",
                         fields=fields if one.kind is talks.OfferKind.STORE_CREDIT else (),
                         warns=Text("It is agreed on and paid at once.", "确认后即达成一致并退款。")))  # fmt: skip
    return found


def _platform(tx: Tx, a: Around, here: str) -> Act:
    is_there = any(one.kind == "dispute" and one.state not in ("withdrawn", "agreed") for one in a.linked)
    side = own_side(tx)
    wanted = "reject" if side is Side.SELLER else "refund"
    return Act("platform", Text("Ask the platform to decide", "申请平台介入"), f"{here}/platform", fields=[
        Field("issue", Text("What it is about", "争议类型"), "choice", options=tuple(dispute_words.ISSUES.items())),
        Field("outcome", Text("What is claimed", "诉求"), "choice", value=wanted,
              options=[(key, text) for key, text in dispute_words.OUTCOMES.items() if key != "reduce"]),
        Field("text", Text("In a few sentences", "简要说明"), "prose"),
    ], why_not=Text("The platform was asked already.", "已申请平台介入。") if is_there else None)  # fmt: skip
