"""Reconciliation: providers' files compared with our books, what differs kind by kind, and what stands on every account."""

import tempfile
from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import ledger, payments, reconciliation
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.house import hands
from dingdan.surfaces.shared import scope, statement_rows
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, answered, itself, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Cell,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Link,
    Listing,
    Row,
    Sheet,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code as ReasonCode
from dingdan.surfaces.shared.wire import MerchantRef, Word

IN_MEMORY_BYTES, MOST_AT_ONCE = 1 << 20, 500
KINDS: dict[str, Text] = {
    "missing_here": Text("Missing here", "我方缺失"), "missing_there": Text("Missing at the provider", "渠道缺失"),
    "amount_differs": Text("Another amount", "金额不符"), "currency_differs": Text("Another currency", "币种不符"),
    "state_differs": Text("Another state", "状态不符"), "duplicate": Text("Twice in the file", "重复记录"),
}  # fmt: skip
ABOUT: dict[str, Text] = {"charge": Text("Payment", "收款"), "refund": Text("Refund", "退款")}
RESOLUTIONS: tuple[tuple[str, Text], ...] = (
    ("booked", Text("Booked", "已入账")), ("next_statement", Text("It is on the next statement", "跨期，见下期账单")),
    ("providers_error", Text("The provider's error, reported", "渠道错误，已反馈")), ("our_error", Text("Our error, corrected", "我方错误，已更正")),
    ("written_off", Text("Written off", "核销")), ("repeated_line", Text("The line stands there twice", "账单重复行")),
)  # fmt: skip
_SAID = dict(RESOLUTIONS)
# What most often became of a kind: one click for its whole group.
USUAL: dict[str, str] = {
    "missing_here": "providers_error", "missing_there": "next_statement", "amount_differs": "providers_error",
    "currency_differs": "providers_error", "state_differs": "next_statement", "duplicate": "repeated_line",
}  # fmt: skip


class DifferencesQuery(ListQuery, frozen=True, kw_only=True):
    """Which differences; those that are open, unless all are asked for."""

    merchant: MerchantRef | None = None
    kind: reconciliation.DifferenceKind | None = None
    statement: Annotated[str, Meta(max_length=40)] | None = None
    all: bool | None = None


class BooksQuery(ListQuery, frozen=True, kw_only=True):
    """Whose books."""

    merchant: MerchantRef | None = None


class ResolveForm(forms.Form, frozen=True, kw_only=True):
    """What became of it."""

    resolution: ReasonCode


class GroupForm(ResolveForm, frozen=True, kw_only=True):
    """What became of all of one kind, of one statement and about one thing if they are named."""

    kind: reconciliation.DifferenceKind
    about: reconciliation.LineKind | None = None
    statement: Annotated[str, Meta(max_length=40)] | None = None


@screen("/reconciliation", permission="ledger.reconcile")
async def desk(tx: Tx, query: ListQuery) -> Sheet:
    """Statements, what differs by kind, and the way to the books."""
    slice_ = slice_of(query)
    found = await reconciliation.statements(tx, slice_)
    open_now = await reconciliation.differences(tx, Page(limit=MOST_AT_ONCE), is_open=True)
    rows = []
    for one in found:
        counts = await reconciliation.counts(tx, one.id)
        rows.append(_statement_row(one, sum(n for n, _ in counts.values()), sum(left for _, left in counts.values())))
    return Sheet(
        title=Text("Reconciliation", "对账"), kind=Text("Providers' files against our books", "渠道账单与账目核对"),
        acts=[_upload(), *([Act("books", Text("Ledger balances", "科目余额"), "/reconciliation/books", is_link=True)]
                           if tx.actor.may("ledger.read") else [])],
        main=[
            _groups(open_now, None),
            Table(Text("Statements", "渠道账单"), [
                Column("number", Text("Statement", "账单")), Column("provider", Text("Provider", "渠道")),
                Column("covers", Text("Covers", "账期")), Column("lines", Text("Lines", "行数"), is_number=True),
                Column("unread", Text("Unreadable", "无法读取"), is_number=True), Column("stands", Text("Stands", "状态")),
                Column("differs", Text("Differences", "差异"), is_number=True), Column("open", Text("Open", "待处理"), is_number=True),
            ], rows, empty=Text("No file was compared yet. Upload the first.", "还没有核对过账单，请上传第一份。")),
        ],
        live=["statement", "difference"],
    )  # fmt: skip


def _statement_row(one: reconciliation.Statement, differs: int, left: int) -> Row:
    is_done = one.compared_at is not None
    stands = Chip(Text("Compared", "已核对"), "done") if is_done else Chip(Text("Broken off", "未完成"), "blocked")
    if left:
        stands = Chip(Text("Differs", "有差异"), "us")
    return Row(naming.ref("statement", one.id), f"/reconciliation/{naming.ref('statement', one.id)}", {
        "number": Two(Code(naming.spoken(one.id)), one.taken_at), "provider": one.provider, "covers": [one.covers_from, one.covers_until]
        if one.covers_from and one.covers_until else None, "lines": one.lines, "unread": one.unreadable or None, "stands": stands,
        "differs": differs or None, "open": left or None,
    })  # fmt: skip


def _upload() -> Act:
    return Act("upload", Text("Compare a file", "上传账单核对"), "/reconciliation/statements", "U", tone="first", fields=[
        Field("provider", Text("Provider", "渠道"), value="sandbox", longest=64),
        Field("file", Text("The provider's file", "渠道账单文件"), "files", accept=".csv,text/csv",
              hint=Text("CSV with a header line: " + ", ".join(statement_rows.COLUMNS.names) + ". Amounts in minor units.",
                        "CSV，首行为列名：" + "、".join(statement_rows.COLUMNS.names) + "；金额为最小货币单位。")),
    ])  # fmt: skip


def _groups(found: list[reconciliation.Difference], statement: str | None) -> Table:
    """Open differences of one kind in a row, so that one cause is dealt with once."""
    groups: dict[tuple[str, str], list[reconciliation.Difference]] = {}
    for one in found:
        groups.setdefault((one.kind, one.line_kind), []).append(one)
    more = f"&statement={statement}" if statement else ""
    rows = [
        Row(f"{kind}-{about}", f"/reconciliation/differences?kind={kind}{more}", {
            "kind": KINDS[kind], "about": ABOUT[about], "count": len(some), "by": _apart(some),
            "oldest": min(one.found_at for one in some), "usual": _settle_usually(kind, about, statement),
        }) for (kind, about), some in sorted(groups.items(), key=lambda group: -len(group[1]))
    ]  # fmt: skip
    return Table(Text("Open differences, by kind", "待处理差异（按类型）"), [
        Column("kind", Text("Kind", "类型")), Column("about", Text("About", "对象")), Column("count", Text("Open", "待处理"), is_number=True),
        Column("by", Text("Apart by", "差额"), is_number=True), Column("oldest", Text("Oldest", "最早")),
        Column("usual", Text("Resolve all as", "整组处理为")),
    ], rows, empty=Text("Books and providers say the same.", "账目与渠道一致。"))  # fmt: skip


def _settle_usually(kind: str, about: str, statement: str | None) -> Act:
    return Act(f"usual-{kind}-{about}", _SAID[USUAL[kind]], "/reconciliation/differences/resolve", fields=[
        Field("kind", Text("", ""), "hidden", value=kind), Field("about", Text("", ""), "hidden", value=about),
        Field("resolution", Text("", ""), "hidden", value=USUAL[kind]),
        *([Field("statement", Text("", ""), "hidden", value=statement)] if statement else []),
    ])  # fmt: skip


def _apart(some: list[reconciliation.Difference]) -> list[Money]:
    sums: dict[str, int] = {}
    for one in some:
        currency = one.their_currency or one.our_currency
        if currency is not None:
            sums[currency] = sums.get(currency, 0) + (one.theirs or 0) - (one.ours or 0)
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]


@itself("POST", "/reconciliation/statements", permission="ledger.reconcile", takes_files=True)
async def take_in(ask: Ask) -> Response[Any]:
    """Compare a file with our books; the same file again is the same statement."""
    sent = await forms.read(ask.request)
    provider = next(iter(sent.words.get("provider", [])), "")
    if len(sent.files) != 1 or not sent.files[0].content:
        raise Malformed("file", what="one file is needed", what_zh="请选择一个文件")
    if not provider or len(provider) > 64:
        raise Malformed("provider", what="which provider is it from", what_zh="请填写渠道")
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as held:
        held.write(sent.files[0].content)
        statement_id, unread = await statement_rows.take_in(ask.db, ask.actor, provider, held)
    words = Text("File compared", "账单已核对")
    if unread:
        lines = ", ".join(str(one.line) for one in unread[:10])
        words = Text(f"Compared, but lines {lines} could not be read", f"已核对，第 {lines} 行无法读取")
    return answered(ask.request, Done(text=words, to=f"/reconciliation/{naming.ref('statement', statement_id)}"))


@screen("/reconciliation/differences", permission="ledger.reconcile")
async def differences(tx: Tx, query: DifferencesQuery) -> Listing:
    """Where providers and our books say different things."""
    about = None if query.statement is None else _number(query.statement)
    slice_ = slice_of(query)
    found = await reconciliation.differences(
        tx, Page(slice_.limit + 1, slice_.after), merchant_id=await scope.merchant_filter(tx, query.merchant),
        statement_id=about, kind=query.kind, is_open=None if query.all else True,
    )  # fmt: skip
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    group = (
        query.kind is not None
        and not query.all
        and not query.merchant
        and any(one.resolved_at is None for one in found)
    )
    return listing(
        found, lambda one: _row(one, names),
        title=Text("Differences", "对账差异"), live=["difference"], is_queue=True,
        columns=[
            Column("kind", Text("Kind", "类型")), Column("ref", Text("Provider's number", "渠道单号")),
            Column("ours", Text("Ours", "我方"), is_number=True), Column("theirs", Text("Theirs", "渠道"), is_number=True),
            Column("stands", Text("Stands", "状态")),
        ],
        views=[View(Text("Open", "待处理")), *(View(words, {"kind": kind}) for kind, words in KINDS.items()), View(Text("All", "全部"), {"all": "true"})],
        filters=[*await choosing.by_merchant(tx)],
        acts=[_settle_group(query)] if group else [],
        empty=Empty(Text("Books and providers say the same.", "账目与渠道一致。"), link=Link("/reconciliation", Text("Statements", "渠道账单"))),
    )  # fmt: skip


def _settle_group(query: DifferencesQuery) -> Act:
    return Act("group", Text("Resolve this whole group", "整组处理"), "/reconciliation/differences/resolve", "A", fields=[
        Field("kind", Text("", ""), "hidden", value=str(query.kind)), Field("statement", Text("", ""), "hidden", value=query.statement),
        Field("resolution", Text("What became of them", "处理结果"), "choice", options=RESOLUTIONS),
    ], warns=Text("Every open one of this kind is closed for good.", "该类型的全部待处理差异将永久关闭。"))  # fmt: skip


def _row(one: reconciliation.Difference, names: dict[int | None, Text]) -> Row:
    stands = (
        Chip(_SAID.get(one.resolution, Text(one.resolution, one.resolution)), "done")
        if one.resolution
        else Chip(Text("Open", "待处理"), "us")
    )
    return Row(naming.ref("difference", one.id), f"/differences/{naming.ref('difference', one.id)}", {
        "kind": Two(KINDS[one.kind], ABOUT[one.line_kind]), "ref": Two(Code(one.provider_ref), names.get(one.merchant_id)),
        "ours": _side(one.ours, one.our_currency, one.our_state), "theirs": _side(one.theirs, one.their_currency, one.their_state),
        "stands": Two(stands, one.found_at),
    })  # fmt: skip


def _side(amount: int | None, currency: str | None, state: str | None) -> Cell:
    shown = None if amount is None or currency is None else Money(amount, currency)
    return Two(shown, Code(state)) if state else shown


@screen("/differences/{difference_id}", permission="ledger.reconcile")
async def show_difference(tx: Tx, difference_id: int) -> Sheet:
    """One difference: what each side says, and what became of it."""
    one = await reconciliation.get_one(tx, difference_id)
    here = f"/differences/{naming.ref('difference', difference_id)}"
    names = await hands.named(tx, [(one.resolved_by_kind, one.resolved_by)])
    became = [] if one.resolution is None else [Facts(Text("What became of it", "处理结果"), [
        (Text("Result", "结果"), _SAID.get(one.resolution, Code(one.resolution))), (Text("When", "时间"), one.resolved_at),
        (Text("By", "处理人"), names.get((one.resolved_by_kind or "", one.resolved_by))),
    ])]  # fmt: skip
    ours = (
        naming.ref("payment", one.payment_id)
        if one.payment_id
        else naming.ref("send_back", one.send_back_id)
        if one.send_back_id
        else None
    )
    paid_for = (await payments.orders_of(tx, [one.payment_id])).get(one.payment_id, []) if one.payment_id else []
    return Sheet(
        title=KINDS[one.kind], kind=Text(f"Difference, {ABOUT[one.line_kind].en}", f"对账差异 · {ABOUT[one.line_kind].zh}"),
        number=naming.spoken(difference_id), key=naming.ref("difference", difference_id), full=here,
        chips=[Chip(KINDS[one.kind], "done" if one.resolution else "us")], lead=one.found_at,
        acts=[] if one.resolution else [Act("resolve", Text("Resolve", "处理"), f"{here}/resolve", "A", tone="first", fields=[
            Field("resolution", Text("What became of it", "处理结果"), "choice", options=RESOLUTIONS)])],
        main=[
            Table(Text("Both sides", "双方记录"), [
                Column("who", Text("Who says", "来源")), Column("amount", Text("Amount", "金额"), is_number=True), Column("state", Text("State", "状态")),
            ], [
                Row("ours", None, {"who": Text("Our books", "我方账目"), **_said(one.ours, one.our_currency, one.our_state)}),
                Row("theirs", None, {"who": Text("The provider", "渠道"), **_said(one.theirs, one.their_currency, one.their_state)}),
            ]),
            Facts(Text("Where to look", "查找线索"), [
                (Text("Provider's number", "渠道单号"), Code(one.provider_ref)), (Text("Our number", "我方编号"), Code(ours) if ours else None),
                (Text("Order", "订单"), [naming.link("order", order_id) for order_id in paid_for] or None),
                (Text("Line of the file", "账单行号"), one.line),
                (Text("Statement", "账单"), Link(f"/reconciliation/{naming.ref('statement', one.statement_id)}", naming.spoken(one.statement_id), is_code=True)),
            ]), *became,
        ],
        live=["difference"],
    )  # fmt: skip


def _said(amount: int | None, currency: str | None, state: str | None) -> dict[str, Any]:
    shown = None if amount is None or currency is None else Money(amount, currency)
    return {"amount": shown, "state": Code(state) if state else Text("knows nothing of it", "无记录")}


@act("/differences/{difference_id}/resolve", permission="ledger.reconcile", fresh=True)
async def resolve(tx: Tx, difference_id: int, form: ResolveForm) -> Done:
    """Say what became of a difference; it is then closed for good."""
    await reconciliation.resolve(tx, difference_id, resolution=form.resolution)
    return Done(text=Text("Difference resolved", "差异已处理"))


@act("/reconciliation/differences/resolve", permission="ledger.reconcile", fresh=True)
async def resolve_group(tx: Tx, form: GroupForm) -> Done:
    """Say what became of every open difference of a kind."""
    about = None if form.statement is None else _number(form.statement)
    found = await reconciliation.differences(
        tx, Page(limit=MOST_AT_ONCE), kind=form.kind, statement_id=about, is_open=True
    )
    meant = [one for one in found if form.about is None or one.line_kind is form.about]
    for one in sorted(meant, key=lambda each: each.id):
        await reconciliation.resolve(tx, one.id, resolution=form.resolution)
    return Done(text=Text(f"{len(meant)} resolved", f"已处理 {len(meant)} 条"), to="/reconciliation")


@screen("/reconciliation/books", permission="ledger.read")
async def books(tx: Tx, query: BooksQuery) -> Listing:
    """What stands on every account; the sum over all accounts of a currency is zero."""
    sums: dict[tuple[str, str], int] = {}
    for one in await ledger.balances(tx, await scope.merchant_filter(tx, query.merchant)):
        sums[one.account, one.currency] = sums.get((one.account, one.currency), 0) + one.amount
    rows = [
        Row(f"{account}-{currency}", None, {
            "account": Two(Code(account), ledger.CHART[account].meaning),
            "side": Text("what we have", "资产") if ledger.CHART[account].side is ledger.CHART["psp_clearing"].side else Text("what we owe", "负债"),
            "balance": Money(amount, currency),
        }) for (account, currency), amount in sorted(sums.items())
    ]  # fmt: skip
    return Listing(
        title=Text("Ledger balances", "科目余额"), rows=rows, live=["posting"],
        columns=[Column("account", Text("Account", "科目")), Column("side", Text("Side", "方向")), Column("balance", Text("Balance", "余额"), is_number=True)],
        lead=Text("Debits are positive; all accounts of a currency add up to nothing.", "借方为正；同币种全部科目合计为零。"),
        filters=[*await choosing.by_merchant(tx)],
        empty=Empty(Text("Nothing was booked yet.", "还没有记账。")),
    )  # fmt: skip


@screen("/reconciliation/{statement}", permission="ledger.reconcile")
async def show_statement(tx: Tx, statement: Word) -> Sheet:
    """One statement, and how far it differs."""
    one = await reconciliation.statement(tx, _number(statement))
    counts = await reconciliation.counts(tx, one.id)
    found = await reconciliation.differences(tx, Page(limit=MOST_AT_ONCE), statement_id=one.id, is_open=True)
    return Sheet(
        title=Text("Statement", "渠道账单"), kind=Text(f"Statement of {one.provider}", f"{one.provider} 渠道账单"),
        number=naming.spoken(one.id), key=naming.ref("statement", one.id), lead=one.taken_at,
        chips=[_statement_row(one, 0, len(found)).cells["stands"]],
        main=[_groups(found, statement)],
        side=[Facts(Text("The file", "文件"), [
            (Text("Lines", "行数"), one.lines), (Text("Unreadable lines", "无法读取的行"), one.unreadable),
            (Text("From", "起"), one.covers_from), (Text("Until", "止"), one.covers_until), (Text("Compared", "核对完成"), one.compared_at),
        ]), Facts(Text("Differences", "差异"), [
            (KINDS[kind], Text(f"{all_} found, {left} open", f"共 {all_} 条，待处理 {left} 条")) for kind, (all_, left) in sorted(counts.items())
        ])],
    )  # fmt: skip


def _number(text: str) -> int:
    found = ids.decode("statement", text)
    if found is None:
        raise reconciliation.StatementUnknown
    return found


ROUTES = [
    desk, take_in, differences, resolve_group, show_difference, resolve, books, show_statement,
]  # fmt: skip
