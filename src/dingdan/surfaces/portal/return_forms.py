"""What a buyer can do with a return, as forms: answer an offer or a question, send it, add, change, withdraw, appeal."""

from datetime import datetime

from dingdan.areas import disposition, disputes, exchanges, repairs, returns, talks, way_back
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import exchange_parts, pages, sending_forms
from dingdan.surfaces.portal.return_around import Around
from dingdan.surfaces.shared.pages import formatting
from dingdan.surfaces.shared.pages.screens import Act, Field
from dingdan.surfaces.shared.wire import ref

SAY = Field("text", Text("In your words", "说明"), "prose")
MAYBE = Field("text", Text("In your words", "说明"), "prose", is_needed=False)
FILES = Field("files", Text("Photos or a film", "照片或视频"), "files", is_needed=False)
OFFERS = {
    talks.OfferKind.KEEP: Text("Keep it, and get a part of the money back", "保留商品，部分退款"),
    talks.OfferKind.REFUND_ONLY: Text("All the money back, without sending it back", "全额退款，无需寄回"),
    talks.OfferKind.STORE_CREDIT: Text("Credit of the shop instead of money", "以店铺余额代替退款"),
    talks.OfferKind.REPAIR: Text("Have it mended", "维修"),
}  # fmt: skip
ISSUES = (
    ("visible_fault", Text("A fault one can see", "可见的质量问题")), ("hidden_fault", Text("A fault one cannot see", "隐蔽的质量问题")),
    ("inspection", Text("What the inspection found", "验货结果有争议")), ("counterfeit", Text("It is a counterfeit", "假冒商品")),
    ("not_received", Text("I have not received it", "未收到商品")), ("gift", Text("About a gift", "赠品问题")),
    ("custom_made", Text("It was made to order", "定制商品问题")), ("other", Text("Something else", "其他")),
)  # fmt: skip
WISHES = (
    ("return_refund", Text("Send it back and get my money", "退货退款")), ("refund", Text("My money, and keep it", "仅退款")),
    ("replace", Text("The same again", "补发或换货")), ("reduce", Text("A part of the money", "部分退款")),
)  # fmt: skip


# What is asked of the platform by whoever refuses an offer: what they asked the seller for.
WISH_OF = {
    returns.Resolution.REFUND_ONLY: disputes.Outcome.REFUND, returns.Resolution.EXCHANGE: disputes.Outcome.REPLACE,
    returns.Resolution.REPAIR: disputes.Outcome.REPLACE,
}  # fmt: skip
REFUSED = "不接受商家提出的方案。I do not accept what the seller offers."


def too_early(held: returns.Return, now: datetime) -> Text | None:
    """Why the platform cannot be asked yet: the two sides have a day to find a way out by themselves."""
    from_ = held.requested_at + disputes.NEGOTIATION
    if held.decision != "requested" or now >= from_:
        return None
    return Text(f"You can ask the platform from {formatting.long(from_, 'en')} on, or after a refusal.",
                f"{formatting.long(from_, 'zh')} 起，或被拒绝后，可申请平台介入。")  # fmt: skip


async def first(tx: Tx, around: Around, going: sending_forms.Going | None) -> list[Act]:
    """What is the buyer's turn now."""
    held, found = around.held, list[Act]()
    here = pages.of(held.order_id, "return", "returns", held.id)
    offer = around.offer
    if offer is not None:
        found += _offer(offer, here, too_early(held, tx.now))
    if around.question is not None and around.question.state == "asked":
        found.append(
            Act("answer", Text("Answer", "补充凭证或说明"), f"{here}/answer", fields=[MAYBE, FILES], tone="first")
        )
    can = returns.actions(held)
    found += sending_forms.first(around, going, tx.now)
    if "appeal" in can:
        found.append(Act("appeal", Text("Appeal", "申诉"), f"{here}/appeal", tone="first", warns=Text(
            "Once. Somebody else decides, with a clock of its own.", "仅可申诉一次，由其他人员在承诺时限内复核。")))  # fmt: skip
    for goods in around.goods:
        if not goods.is_ours and goods.open == goods.quantity and goods.choice is None:
            found.append(_choose(goods, here))
    return [*found, *await _turns(tx, around, here)]


async def more(tx: Tx, around: Around) -> list[Act]:
    """What else can be done."""
    held, found = around.held, list[Act]()
    here, can = pages.of(held.order_id, "return", "returns", held.id), returns.actions(held)
    is_open = held.outcome == "open" and held.decision in ("requested", "approved", "refused")
    if is_open:
        found.append(
            Act("say", Text("Write to the seller, add photos", "留言或补充凭证"), f"{here}/say", fields=[SAY, FILES])
        )
    if is_open and around.offer is None and around.proposal is None and held.decision != "approved":
        found.append(
            Act("offer", Text("Propose something yourself", "我来提方案"), f"{here}/offer", fields=_proposal(around))
        )
    if "extend" in can:
        found.append(Act("extend", Text("I need more time to send it", "延长寄回时间"), f"{here}/extend"))
    proposed = (await way_back.plan(tx, held.id)).proposed if held.decision == "approved" else None
    if proposed is not None:
        at = proposed.address
        found += [
            Act("place-yes", Text(f"Send it to the other address: {at.city} {at.detail}", f"同意寄往新地址：{at.city}{at.detail}"), f"{here}/place/yes"),
            Act("place-no", Text("Keep the first address", "仍寄往原地址"), f"{here}/place/no"),
        ]  # fmt: skip
    if not around.disputed and held.decision != "withdrawn" and held.settled_at is None:
        asks = platform(here, around.order.currency)
        early = too_early(held, tx.now)
        found.append(asks if early is None else Act(asks.name, asks.text, "", why_not=early))
    if "withdraw" in can:
        found.append(Act("withdraw", Text("Withdraw it", "撤销申请"), f"{here}/withdraw", tone="danger", warns=Text(
            "You keep the goods. You can apply again while the time lasts.", "您将保留商品，期限内可重新申请。")))  # fmt: skip
    return found


def _offer(offer: talks.Offer, here: str, why_not: Text | None) -> list[Act]:
    words, place = OFFERS[offer.kind], f"{here}/offers/{ref('offer', offer.id)}"
    is_credit = offer.kind is talks.OfferKind.STORE_CREDIT
    consent = list(talks.CREDIT_TEXTS)[-1]
    fields = (
        [Field("consent_text", talks.CREDIT_TEXTS[consent], "choice", options=[(consent, Text("I agree", "我同意"))])]
        if is_credit
        else []
    )
    return [
        Act("take", Text(f"Accept: {words.en}", f"接受：{words.zh}"), f"{place}/take", tone="first", fields=fields),
        Act("decline", Text("Refuse the offer", "拒绝方案"), f"{place}/decline"),
        _escalate(place, why_not),
        Act("counter", Text("Say what you want instead", "提出其他方案"), f"{place}/counter", fields=[
            Field("amount", Text("Money back, and I keep it", "保留商品，希望退款"), "money", currency=offer.currency), MAYBE,
        ]),
    ]  # fmt: skip


def _escalate(place: str, why_not: Text | None) -> Act:
    words = Text("Refuse it, and ask the platform to decide", "拒绝并申请平台介入")
    if why_not is not None:
        return Act("escalate", words, "", why_not=why_not)
    return Act("escalate", words, f"{place}/escalate", fields=[MAYBE], warns=Text(
        "The platform decides about what you asked for. You can add photos there.", "平台将就您的原申请作出裁决，之后可补充凭证。"))  # fmt: skip


def _proposal(around: Around) -> list[Field]:
    return [
        Field(
            "amount", Text("Money back, and I keep it", "保留商品，希望退款"), "money", currency=around.order.currency
        ),
        MAYBE,
    ]


def _choose(goods: disposition.ReturnedGoods, here: str) -> Act:
    options = [
        (str(code), words) for code, words in disposition.CHOICES.items()
        if code is not disposition.Choice.REDUCTION or goods.offered is not None
    ]  # fmt: skip
    return Act(f"choose-{ref('goods', goods.id)}", Text("Choose what becomes of what was not accepted", "选择未通过商品的处理方式"),
               f"{here}/goods/{ref('goods', goods.id)}", fields=[Field("choice", Text("What shall be done?", "处理方式"), "choice", options=options)])  # fmt: skip


async def _turns(tx: Tx, around: Around, here: str) -> list[Act]:
    found: list[Act] = []
    exchange, repair = around.exchange, around.repair
    if exchange is not None and exchange.state in (
        exchanges.ExchangeState.DIFFERENCE,
        exchanges.ExchangeState.REPLACED,
    ):
        found.append(Act("replacement", Text("See what is sent instead", "查看换发订单"), f"{here}/replacement",
                         tone="first" if exchange.state is exchanges.ExchangeState.DIFFERENCE else "plain"))  # fmt: skip
    found += await exchange_parts.other(tx, around, here)
    if exchange is not None and exchange.state is exchanges.ExchangeState.SHORT:
        found.append(Act("money", Text("Give me my money instead", "改为退款"), f"{here}/money"))
    if repair is not None and repair.state is repairs.RepairState.CHOOSING:
        words = {"refund": Text("My money", "退款"), "exchange": Text("Another one", "换货")}
        options = [
            (str(one), words.get(str(one), Text(str(one), str(one))))
            for one in await repairs.options_of(tx, around.held)
        ]
        found.append(Act("instead", Text("It could not be mended: choose", "维修未成，请选择"), f"{here}/instead", tone="first", fields=[
            Field("instead", Text("What do you want?", "您希望"), "choice", options=options),
        ]))  # fmt: skip
    return found


def platform(here: str, currency: str) -> Act:
    """Asking the platform to decide."""
    hours = int(disputes.NEGOTIATION.total_seconds() // 3600)
    hint = Text(
        f"After a refusal, or {hours} hours without a way out. Both sides show what speaks for them, and somebody who had no"
        " hand in it decides.", f"被拒绝或协商 {hours} 小时未果后可申请。双方举证，由未参与处理的人员裁决。",
    )  # fmt: skip
    return Act("platform", Text("Ask the platform to step in", "申请平台介入"), f"{here}/dispute", fields=[
        Field("issue", Text("What is it about?", "争议类型"), "choice", options=ISSUES, hint=hint),
        Field("outcome", Text("What do you want?", "您的诉求"), "choice", options=WISHES),
        Field("amount", Text("How much of the money?", "部分退款金额"), "money", is_needed=False, currency=currency,
              hint=Text("only where you want a part", "仅部分退款时填写")),
        SAY, FILES,
    ])  # fmt: skip
