"""Settling with merchants: their accounts by period with every line, and closing a period after a look at what is open."""

from collections.abc import Mapping
from typing import Any

from dingdan.areas import reconciliation, settlements
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.overviews import settlement_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.console.money import settlement_words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Link,
    Listing,
    Reason,
    Reasons,
    Row,
    Section,
    Sheet,
    Sums,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import Currency, MerchantRef

# So many lines stand on the sheet; the rest is in the list of lines.
SHOWN = 60
# What the subjects of lines are, where they have pages of their own.
PAGES = frozenset({"order", "refund", "return", "claim", "payout"})


class SettlementsQuery(ListQuery, frozen=True, kw_only=True):
    """Which accounts."""

    merchant: MerchantRef | None = None
    currency: Currency | None = None
    state: settlements.SettlementState | None = None


def to_neighbours(tx: Tx, *, but: str = "") -> list[Act]:
    """The ways between the desks of settling."""
    ways = [
        ("settlements", Text("Accounts", "结算单"), "/settlements", "settlement.read"),
        ("agreements", Text("Agreements", "结算协议"), "/settlements/agreements", "settlement.read"),
        ("deposits", Text("Deposits", "保证金"), "/settlements/deposits", "settlement.read"),
        ("payouts", Text("Payouts", "打款"), "/payouts", "settlement.read"),
    ]  # fmt: skip
    return [
        Act(name, text, href, is_link=True) for name, text, href, needs in ways if name != but and tx.actor.may(needs)
    ]


@screen("/settlements", permission="settlement.read")
async def listed(tx: Tx, query: SettlementsQuery) -> Listing:
    """Merchants' accounts by period, newest first."""
    wanted = settlement_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), currency=query.currency, state=query.state
    )
    found = await settlement_list.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    sums = await settlements.sums(tx, [one.id for one in found])
    openings = {one.id: await settlements.opening_of(tx, one) for one in found}
    return listing(
        found, lambda one: _row(one, names, openings[one.id], sums[one.id]),
        title=Text("Merchant settlements", "商家结算"), live=["settlement"], acts=to_neighbours(tx, but="settlements"),
        columns=[
            Column("number", Text("Account", "结算单")), Column("merchant", Text("Merchant", "商家")), Column("from", Text("From", "起")),
            Column("until", Text("Until", "止")), Column("stands", Text("Stands", "状态")), Column("sales", Text("Sales", "销售"), is_number=True),
            Column("refunds", Text("Refunds", "退款"), is_number=True), Column("fees", Text("Fees", "费用"), is_number=True),
            Column("closing", Text("Balance", "余额"), is_number=True),
        ],
        views=[View(Text("All", "全部")), *(View(vocabulary.chip("settlement", state).text, {"state": state}) for state in ("open", "closed"))],
        filters=[*await choosing.by_merchant(tx)],
        empty=Empty(
            Text("No merchant has an account yet.", "还没有商家结算单。"),
            Text("It begins with the first order that is done under an agreement.", "商家签订结算协议后，首笔订单完成时自动生成。"),
            Link("/settlements/agreements", Text("Agreements", "结算协议")),
        ),
    )  # fmt: skip


def _row(
    one: settlements.Settlement, names: Mapping[int | None, Text], opening: int | None, sums: Mapping[str, int]
) -> Row:
    def money(amount: int) -> Money | None:
        return Money(amount, one.currency) if amount else None

    closing = None if opening is None else Money(opening + sum(sums.values()), one.currency)
    return Row(naming.ref("settlement", one.id), naming.place("settlement", one.id), {
        "number": Code(naming.spoken(one.id)), "merchant": names.get(one.merchant_id), "from": one.starts_at, "until": one.ends_at,
        "stands": vocabulary.chip("settlement", one.state), "sales": money(sums.get("sale", 0)), "refunds": money(sums.get("refund", 0)),
        "fees": money(sums.get("fee", 0) + sums.get("fee_back", 0)),
        "closing": closing or Text("an earlier period is open", "前期未关账"),
    }, closing)  # fmt: skip


@screen("/settlements/{settlement_id}", permission="settlement.read")
async def show(tx: Tx, settlement_id: int) -> Sheet:
    """One account: what it began with, every line, what it ends with, and what stands before closing it."""
    one = await settlements.get_one(tx, settlement_id)
    seller = (await naming.merchant_names(tx, [one.merchant_id]))[one.merchant_id]
    sums = (await settlements.sums(tx, [one.id]))[one.id]
    opening = await settlements.opening_of(tx, one)
    found = await settlements.lines(tx, settlement_id, Page(SHOWN + 1))
    here = naming.place("settlement", settlement_id)
    is_open = one.state is settlements.SettlementState.OPEN
    return Sheet(
        title=Text("Account", "结算单"), kind=Text(f"Account of {seller.en}, {one.currency}", f"{seller.zh} 结算单 · {one.currency}"),
        number=naming.spoken(settlement_id), key=naming.ref("settlement", settlement_id), full=here,
        chips=[vocabulary.chip("settlement", one.state), [one.starts_at, one.ends_at]],
        stamp=None if is_open else vocabulary.chip("settlement", one.state), acts=_acts(tx, one, opening, here),
        main=[*(await _checklist(tx, one, opening) if is_open and tx.actor.may("settlement.write") else []),
              await _lines(tx, found, f"{here}/lines")],
        side=[_sums(one, opening, sums)],
        live=["settlement"],
    )  # fmt: skip


def _acts(tx: Tx, one: settlements.Settlement, opening: int | None, here: str) -> list[Act]:
    found = [Act("lines", Text("All lines", "全部明细"), f"{here}/lines", is_link=True)]
    if one.state is settlements.SettlementState.OPEN and tx.actor.may("settlement.write"):
        if tx.actor.may("ledger.reconcile"):
            theirs = f"/reconciliation/differences?merchant={naming.ref('merchant', one.merchant_id)}"
            found.append(Act("differences", Text("Differences with providers", "渠道对账差异"), theirs, is_link=True))
        why_not = None
        if tx.now < one.ends_at:
            why_not = Text("The period is not over.", "结算期尚未结束。")
        elif opening is None:
            why_not = settlements.EarlierPeriodOpen.message
        found.insert(0, Act(
            "close", Text("Close the period", "关账"), f"{here}/close", "C", tone="first", why_not=why_not,
            warns=Text("Nothing is booked into it any more, and it is never opened again.", "关账后不再记账，且不能重新打开。"),
        ))  # fmt: skip
    return found


async def _checklist(tx: Tx, one: settlements.Settlement, opening: int | None) -> list[Section]:
    """What somebody looks at before closing: what must be true, and what is good to know."""
    differs = await reconciliation.differences(tx, Page(limit=500), merchant_id=one.merchant_id, is_open=True)
    missing = [
        each
        for each in await settlements.merchant_deposits(tx, one.merchant_id)
        if each.currency == one.currency and each.missing
    ]
    items = [
        Reason("good", Text("The period is over.", "结算期已结束。")) if tx.now >= one.ends_at
        else Reason("bad", Text("The period is not over.", "结算期尚未结束。")),
        Reason("good", Text("Every earlier period is closed.", "此前各期均已关账。")) if opening is not None
        else Reason("bad", settlements.EarlierPeriodOpen.message),
        Reason("warn", Text(f"{len(differs)} differences with providers are open.", f"有 {len(differs)} 条渠道对账差异待处理。")) if differs
        else Reason("good", Text("No difference with a provider is open.", "没有待处理的渠道对账差异。")),
    ]  # fmt: skip
    items += [
        Reason("warn", Text(f"The deposit is short by {short.en}.", f"保证金不足，缺 {short.zh}。"))
        for short in (typed.money_words(each.missing, each.currency) for each in missing)
    ]  # fmt: skip
    items.append(Reason("plain", Text("What is disputed or too young is closed with the rest, but not paid out.",
                                      "有争议或未满账期的款项随本期关账，但暂不打款。")))  # fmt: skip
    return [Reasons(Text("Before closing", "关账前核对"), items)]


def _sums(one: settlements.Settlement, opening: int | None, sums: Mapping[str, int]) -> Section:
    rows: list[Any] = []
    if opening is not None:
        rows.append((Text("Opening balance", "期初余额"), Money(opening, one.currency), False))
    rows += [
        (words, Money(sums[kind], one.currency), False)
        for kind, words in settlement_words.LINES.items()
        if sums.get(kind)
    ]
    if opening is not None:
        words = (
            Text("Closing balance", "期末余额") if one.closing is not None else Text("Would close with", "预计期末余额")
        )
        rows.append((words, Money(opening + sum(sums.values()), one.currency), True))
    return Sums(Text("What it comes to", "汇总"), rows, note=Text("Plus is for the merchant.", "正数为应付商家。"))


async def _lines(tx: Tx, found: list[settlements.Line], all_of_them: str) -> Section:
    postings = await settlements.postings_of(tx, [one.id for one in found[:SHOWN]])
    rows = [Row(str(one.id), None, _cells(one, postings.get(one.id))) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        rows.append(Row("more", all_of_them, {"kind": Link(all_of_them, Text("All lines", "全部明细"))}))
    return Table(Text("Lines", "明细"), _COLUMNS, rows, empty=Text("Nothing was booked yet.", "还没有明细。"))


_COLUMNS = [
    Column("at", Text("When", "时间")), Column("kind", Text("What", "类型")), Column("about", Text("About", "来源")),
    Column("order", Text("Order", "订单")), Column("posting", Text("Posting", "记账凭证")), Column("amount", Text("Amount", "金额"), is_number=True),
]  # fmt: skip


def _cells(one: settlements.Line, posting: int | None) -> dict[str, Any]:
    fee = settlement_words.FEES.get(one.detail)
    about = (
        naming.link(one.subject, one.subject_id)
        if one.subject in PAGES
        else Code(naming.ref(one.subject, one.subject_id))
    )
    return {
        "at": one.at, "kind": Two(settlement_words.LINES[one.kind], fee) if fee else settlement_words.LINES[one.kind],
        "about": None if one.subject == "order" else about, "order": naming.link("order", one.order_id),
        "posting": None if posting is None else Code(naming.ref("posting", posting)), "amount": Money(one.amount, one.currency),
    }  # fmt: skip


@screen("/settlements/{settlement_id}/lines", permission="settlement.read")
async def lines(tx: Tx, settlement_id: int, query: ListQuery) -> Listing:
    """Every line of an account, oldest first."""
    slice_ = slice_of(query)
    one = await settlements.get_one(tx, settlement_id)
    found = await settlements.lines(tx, settlement_id, Page(slice_.limit + 1, slice_.after))
    postings = await settlements.postings_of(tx, [line.id for line in found])
    seller = (await naming.merchant_names(tx, [one.merchant_id]))[one.merchant_id]
    return listing(
        found, lambda line: Row(naming.ref("settlement_line", line.id), None, _cells(line, postings.get(line.id))),
        title=Text(f"Lines of {seller.en}'s account", f"{seller.zh}结算明细"), columns=_COLUMNS, live=["settlement"],
        acts=[Act("account", Text("The account", "返回结算单"), naming.place("settlement", settlement_id), is_link=True)],
        empty=Empty(Text("Nothing was booked yet.", "还没有明细。")),
    )  # fmt: skip


@act("/settlements/{settlement_id}/close", permission="settlement.write", fresh=True)
async def close(tx: Tx, settlement_id: int) -> Done:
    """Close a period whose time is over, for good."""
    await settlements.close(tx, settlement_id)
    return Done(text=Text("Period closed", "已关账"))


@screen("/orders/{order_id}/settlement", permission="settlement.read")
async def of_order(tx: Tx, order_id: int) -> Sheet:
    """What an order meant for its merchant's account so far."""
    found = await settlements.lines_of_order(tx, order_id)
    return Sheet(
        title=Text("Settlement of an order", "订单结算"), kind=Text("What the order meant for its merchant's account", "订单在商家账户中的结算明细"),
        number=naming.spoken(order_id), key=naming.ref("order", order_id),
        acts=[Act("order", Text("The order", "查看订单"), naming.place("order", order_id), is_link=True)],
        main=[await _lines(tx, found, "")],
        side=[Facts(Text("In all", "合计"), [
            (Text(currency, currency), Money(sum(one.amount for one in found if one.currency == currency), currency))
            for currency in sorted({one.currency for one in found})
        ])],
    )  # fmt: skip


ROUTES = [listed, show, lines, close, of_order]
