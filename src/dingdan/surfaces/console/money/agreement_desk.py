"""Agreements with merchants, and the deposits that they leave as security."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import refunds, settlements
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.console.money import settlement_words
from dingdan.surfaces.console.money.settlement_desk import to_neighbours
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form, Typed, amount_of
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Field,
    Listing,
    Row,
    Two,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Currency, Line, MerchantRef, Short

Percent = Annotated[str, Meta(max_length=10)]
Rates = Annotated[str, Meta(max_length=10_000)]


class AgreementsQuery(ListQuery, frozen=True, kw_only=True):
    """Whose."""

    merchant: MerchantRef | None = None


class AgreementForm(Form, frozen=True, kw_only=True):
    """Terms with one merchant."""

    merchant: MerchantRef
    currency: Currency = "CNY"
    valid_from: Annotated[str, Meta(max_length=40)] = ""
    commission: Percent = "0"
    by_category: Rates = ""
    payment_fee: Percent = "0"
    fixed_fee: Typed = "0"
    given_back: tuple[settlements.FeeKind, ...] = ()
    period: Annotated[str, Meta(pattern="^(week|month)$")] = "month"
    hold_days: Annotated[int, Meta(ge=0, le=365)] = 0
    check_days: Annotated[int, Meta(ge=0, le=31)] = 0
    deposit_required: Typed = "0"
    payee: Short
    bank: Short
    account: Annotated[str, Meta(min_length=4, max_length=40)]


class TopUpForm(Form, frozen=True, kw_only=True):
    """A transfer that came."""

    merchant: MerchantRef
    currency: Currency = "CNY"
    amount: Typed
    receipt: Line


class DrawForm(Form, frozen=True, kw_only=True):
    """How much of a refund."""

    refund: Annotated[str, Meta(max_length=40)]
    amount: Typed


@screen("/settlements/agreements", permission="settlement.read")
async def agreements(tx: Tx, query: AgreementsQuery) -> Listing:
    """What was agreed on with merchants, every version, newest first."""
    slice_ = slice_of(query)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await settlements.agreements(tx, merchant_id, Page(slice_.limit + 1, slice_.after))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    shops = await choosing.merchants_to_choose(tx)
    acts = to_neighbours(tx, but="agreements")
    if tx.actor.may("settlement.write") and shops:
        acts.insert(
            0, Act("agree", Text("New terms", "录入协议"), "/settlements/agreements", "N", _fields(shops), tone="first")
        )
    return listing(
        found, lambda one: _row(one, names),
        title=Text("Agreements", "结算协议"), acts=acts, live=["agreement"],
        lead=Text("Orders keep the terms that held when they were placed.", "订单适用下单时的协议版本。"),
        columns=[
            Column("merchant", Text("Merchant", "商家")), Column("version", Text("Version", "版本"), is_number=True),
            Column("from", Text("Holds from", "生效时间")), Column("commission", Text("Commission", "佣金")),
            Column("fees", Text("Other fees", "其他费用")), Column("period", Text("Period", "结算周期")),
            Column("deposit", Text("Deposit", "保证金"), is_number=True), Column("payee", Text("Paid to", "收款方")),
        ],
        filters=[*await choosing.by_merchant(tx)],
        empty=Empty(Text("No terms yet.", "还没有结算协议。"), Text("Without terms a merchant's orders are not settled.", "未签协议的商家订单不参与结算。")),
    )  # fmt: skip


def _row(one: settlements.Agreement, names: dict[int | None, Text]) -> Row:
    terms = one.terms
    rates = [
        Text(f"{category} {share / 100:g}%", f"{_category_zh(category)} {share / 100:g}%")
        for category, share in terms.commission.items()
    ]
    week = terms.period == "week"
    return Row(naming.ref("agreement", one.id), None, {
        "merchant": Two(names.get(one.merchant_id), Code(one.currency)), "version": one.number, "from": one.valid_from, "commission": rates,
        "fees": [Text(f"payment {terms.payment_fee / 100:g}%", f"支付 {terms.payment_fee / 100:g}%"), Money(terms.fixed_fee, one.currency)],
        "period": Two(Text("week", "按周") if week else Text("month", "按月"),
                      [Text(f"paid after {terms.hold_days} days", f"账期 {terms.hold_days} 天"),
                       Text(f"{terms.check_days} days to check", f"核对 {terms.check_days} 天")]),
        "deposit": Money(terms.deposit_required, one.currency),
        "payee": Two(terms.payee.name, Code(f"{terms.payee.bank} ****{terms.payee.account.replace(' ', '')[-4:]}")),
    })  # fmt: skip


def _category_zh(category: str) -> str:
    return "其他类目" if category == "*" else category


def _fields(shops: list[tuple[str, Text]]) -> list[Field]:
    return [
        Field("merchant", Text("Merchant", "商家"), "choice", options=shops), Field("currency", Text("Currency", "币种"), value="CNY", longest=3),
        Field("valid_from", Text("Holds from", "生效时间"), "moment", is_needed=False,
              hint=Text("Now or later; empty means now.", "只能为现在或将来，留空即立即生效。")),
        Field("commission", Text("Commission, percent", "佣金比例（%）"), value="5", longest=10),
        Field("by_category", Text("Other rates, one category a line", "按类目费率（每行一个）"), "prose", is_needed=False,
              hint=Text("home 6.5", "例：home 6.5")),
        Field("payment_fee", Text("Payment fee, percent", "支付手续费（%）"), value="0.6", longest=10),
        Field("fixed_fee", Text("Fee per order", "单笔固定费"), "money", value="0"),
        Field("given_back", Text("Given back with a refund", "退款时返还"), "choices", options=list(settlement_words.FEES.items()), value=("commission",)),
        Field("period", Text("Period", "结算周期"), "choice", value="month", options=[("month", Text("Month", "月")), ("week", Text("Week", "周"))]),
        Field("check_days", Text("Days to look at a period before it closes by itself", "关账前核对（天）"), "number", value=3,
              hint=Text("Until then somebody closes it; 0 closes it at its end.", "期间由财务核对关账；0 表示到期即自动关账。")),
        Field("hold_days", Text("Days until it can be paid out", "账期（天）"), "number", value=7),
        Field("deposit_required", Text("Deposit", "保证金"), "money", value="0"), Field("payee", Text("Paid to (a firm)", "收款方（企业）"), longest=100),
        Field("bank", Text("Bank", "开户行"), longest=100), Field("account", Text("Account number", "账号"), longest=40),
    ]  # fmt: skip


@act("/settlements/agreements", permission="settlement.write", fresh=True)
async def agree(tx: Tx, form: AgreementForm) -> Done:
    """Save the next version of an agreement."""
    merchant = await scope.merchant_meant(tx, form.merchant)
    terms = settlements.Terms(
        commission={"*": typed.share_of(form.commission, "commission")} | _rates(form.by_category),
        fixed_fee=amount_of(form.fixed_fee, form.currency, "fixed_fee"), payment_fee=typed.share_of(form.payment_fee, "payment_fee"),
        given_back=form.given_back, period="week" if form.period == "week" else "month", hold_days=form.hold_days, check_days=form.check_days,
        deposit_required=amount_of(form.deposit_required, form.currency, "deposit_required"),
        payee=settlements.Payee(name=form.payee, bank=form.bank, account=form.account),
    )  # fmt: skip
    await settlements.agree(tx, settlements.SaveAgreement(
        merchant_id=merchant.id, currency=form.currency, terms=typed.checked(terms), valid_from=typed.moment_of(form.valid_from, "valid_from")
    ))  # fmt: skip
    return Done(text=Text("Terms saved", "协议已保存"))


def _rates(text: str) -> dict[str, int]:
    """`home 6.5` line by line."""
    rates: dict[str, int] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        category, _, share = line.rpartition(" ")
        if not category:
            raise Malformed(
                "by_category",
                what=f"not a category and a rate: {line[:40]}",
                what_zh=f"不是“类目 费率”的格式：{line[:40]}",
            )
        rates[category.strip()] = typed.share_of(share, "by_category")
    return rates


@screen("/settlements/deposits", permission="settlement.read")
async def deposits(tx: Tx, query: AgreementsQuery) -> Listing:
    """What merchants left as security, and what is missing."""
    found = await settlements.merchant_deposits(tx, await scope.merchant_filter(tx, query.merchant))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    shops = await choosing.merchants_to_choose(tx)
    acts = to_neighbours(tx, but="deposits")
    if tx.actor.may("merchant_deposit.write"):
        acts = [
            Act("top-up", Text("Book a transfer", "登记充值"), "/settlements/deposits/top-up", "N", tone="first", fields=[
                Field("merchant", Text("Merchant", "商家"), "choice", options=shops), Field("currency", Text("Currency", "币种"), value="CNY", longest=3),
                Field("amount", Text("Amount", "金额"), "money"), Field("receipt", Text("Number of the transfer", "转账凭证号"),
                hint=Text("A number counts once.", "同一凭证号只入账一次。")),
            ]),
            Act("draw", Text("Draw for a refund", "划扣退款"), "/settlements/deposits/draw", "D", fields=[
                Field("refund", Text("Refund", "退款单号"), longest=40), Field("amount", Text("Amount", "金额"), "money"),
            ], warns=Text("Once for each refund: what the buyer was paid in advance comes out of the deposit.", "每笔退款限一次：先行赔付的款项从保证金中划扣。")),
            *acts,
        ]  # fmt: skip
    return Listing(
        title=Text("Merchants' deposits", "商家保证金"), acts=acts, live=["deposit_movement"],
        columns=[
            Column("merchant", Text("Merchant", "商家")), Column("balance", Text("Balance", "余额"), is_number=True),
            Column("required", Text("Agreed", "应缴"), is_number=True), Column("missing", Text("Missing", "缺额"), is_number=True), Column("stands", Text("Stands", "状态")),
        ],
        rows=[Row(f"{one.merchant_id}-{one.currency}", f"/settlements/deposits/movements?merchant={naming.ref('merchant', one.merchant_id)}", {
            "merchant": names.get(one.merchant_id), "balance": Money(one.balance, one.currency), "required": Money(one.required, one.currency),
            "missing": Money(one.missing, one.currency) if one.missing else None,
            "stands": Chip(Text("Too low", "不足"), "blocked") if one.missing else Chip(Text("Enough", "充足"), "done"),
        }) for one in found],
        filters=[*await choosing.by_merchant(tx)],
        empty=Empty(Text("No merchant left a deposit yet.", "还没有商家保证金。")),
    )  # fmt: skip


@screen("/settlements/deposits/movements", permission="settlement.read")
async def movements(tx: Tx, query: AgreementsQuery) -> Listing:
    """The changes of one merchant's deposit, newest first."""
    slice_ = slice_of(query)
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    found = await settlements.deposit_movements(tx, merchant_id, Page(slice_.limit + 1, slice_.after))
    name = (await naming.merchant_names(tx, [merchant_id]))[merchant_id]
    return listing(
        found, lambda one: Row(naming.ref("deposit_movement", one.id), None, {
            "at": one.at, "what": settlement_words.MOVES.get(one.kind, one.kind), "refund": naming.link("refund", one.refund_id),
            "receipt": Code(one.receipt) if one.receipt else None, "amount": Money(one.amount, one.currency),
        }),
        title=Text(f"Deposit of {name.en}", f"{name.zh}保证金流水"),
        columns=[
            Column("at", Text("When", "时间")), Column("what", Text("What", "类型")), Column("refund", Text("Refund", "退款单")),
            Column("receipt", Text("Transfer", "凭证号")), Column("amount", Text("Amount", "金额"), is_number=True),
        ],
        acts=[Act("deposits", Text("All deposits", "全部保证金"), "/settlements/deposits", is_link=True)],
        empty=Empty(Text("Nothing moved yet.", "还没有流水。")),
    )  # fmt: skip


@act("/settlements/deposits/top-up", permission="merchant_deposit.write", fresh=True)
async def top_up(tx: Tx, form: TopUpForm) -> Done:
    """Book a transfer that came for a merchant's deposit."""
    merchant = await scope.merchant_meant(tx, form.merchant)
    amount = amount_of(form.amount, form.currency, "amount")
    await settlements.top_up(tx, merchant.id, form.currency, amount, receipt=form.receipt)
    return Done(text=Text("Transfer booked", "充值已入账"))


@act("/settlements/deposits/draw", permission="merchant_deposit.write", fresh=True)
async def draw(tx: Tx, form: DrawForm) -> Done:
    """Take what a buyer was paid in advance out of the merchant's deposit."""
    number = ids.decode("refund", form.refund)
    if number is None:
        raise refunds.RefundUnknown("refund")
    refund = await refunds.get_one(tx, number)
    await settlements.draw(tx, number, amount_of(form.amount, refund.currency, "amount"))
    return Done(text=Text("Drawn from the deposit", "已从保证金划扣"))


ROUTES = [agreements, agree, deposits, movements, top_up, draw]
