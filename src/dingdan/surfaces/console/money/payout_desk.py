"""Payouts: prepared by one, approved by another, sent as one file, and answered by the bank one by one."""

from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import settlements
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import typed
from dingdan.surfaces.console.house import hands
from dingdan.surfaces.console.money import settlement_words
from dingdan.surfaces.console.money.settlement_desk import to_neighbours
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, itself, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
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
)
from dingdan.surfaces.shared.wire import Code as ReasonCode
from dingdan.surfaces.shared.wire import Currency, Line


class PrepareForm(Form, frozen=True, kw_only=True):
    """In which currency."""

    currency: Currency = "CNY"


class LeftForm(Form, frozen=True, kw_only=True):
    """The bank's number."""

    bank_ref: Line


class CameBackForm(Form, frozen=True, kw_only=True):
    """Why the bank could not pay."""

    reason: ReasonCode


class PayoutsQuery(ListQuery, frozen=True, kw_only=True):
    """Whose payouts."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


def run_place(number: int) -> str:
    """Where the page of a run of payouts is."""
    return f"/payout-runs/{naming.ref('payout_run', number)}"


@screen("/payouts", permission="settlement.read")
async def listed(tx: Tx, query: PayoutsQuery) -> Listing:
    """Payouts within reach, newest first, with the runs that wait for somebody to agree."""
    slice_ = slice_of(query)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await settlements.listed_payouts(tx, merchant_id, Page(slice_.limit + 1, slice_.after))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    acts = to_neighbours(tx, but="payouts")
    if tx.actor.may("payout.prepare"):
        acts = [Act("prepare", Text("Prepare payouts", "编制打款"), "/payouts/prepare", "N", tone="first", fields=[
            Field("currency", Text("Currency", "币种"), value="CNY", longest=3,
                  hint=Text("What closed periods owe; what is disputed or too young waits. Somebody else approves.",
                            "按已关账结算期的应付款编制；有争议或未满账期的款项等待下次。须由他人审批。")),
        ]), *acts]  # fmt: skip
    return listing(
        found, lambda one: Row(naming.ref("payout", one.id), naming.place("payout", one.id), _cells(one, names), Money(one.amount, one.currency)),
        title=Text("Payouts", "打款"), live=["payout", "payout_run"], acts=acts, columns=[
            Column("number", Text("Payout", "打款单")), Column("run", Text("Run", "打款批次")), *_COLUMNS,
        ],
        empty=Empty(Text("Nobody was paid yet.", "还没有打款。"),
                    Text("Close a period, then prepare payouts.", "请先关账，再编制打款。"), Link("/settlements", Text("Accounts", "结算单"))),
    )  # fmt: skip


_COLUMNS = [
    Column("merchant", Text("Merchant", "商家")), Column("to", Text("Paid to", "收款方")), Column("stands", Text("Stands", "状态")),
    Column("bank", Text("Bank's answer", "银行结果")), Column("held", Text("Waits", "暂缓"), is_number=True), Column("amount", Text("Amount", "金额"), is_number=True),
]  # fmt: skip


def _cells(one: settlements.Payout, names: dict[int | None, Text]) -> dict[str, Any]:
    said = dict(settlement_words.BANK_SAYS).get(one.failure or "", one.failure)
    return {
        "number": Code(naming.spoken(one.id)), "run": Link(run_place(one.payout_run_id), naming.spoken(one.payout_run_id), is_code=True),
        "merchant": names.get(one.merchant_id), "to": Two(one.payee.name, Code(f"{one.payee.bank} ****{one.payee.account.replace(' ', '')[-4:]}")),
        "stands": vocabulary.chip("payout", one.state), "bank": Code(one.bank_ref) if one.bank_ref else said,
        "held": Money(one.held, one.currency) if one.held else None, "amount": Money(one.amount, one.currency),
    }  # fmt: skip


@screen("/payout-runs/{payout_run_id}", permission="payout.prepare")
async def show_run(tx: Tx, payout_run_id: int) -> Sheet:
    """One run: who gets how much, who prepared it, and whether somebody else agreed."""
    run = await settlements.get_run(tx, payout_run_id)
    found = await settlements.payouts_of_run(tx, payout_run_id)
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    people = await hands.named(tx, [(run.prepared_by_kind, run.prepared_by), (run.approved_by_kind, run.approved_by)])
    stands = Chip(Text("To approve", "待审批"), "us")
    if run.dropped_at is not None:
        stands = Chip(Text("Dropped", "已取消"), "closed")
    elif run.approved_at is not None:
        stands = Chip(Text("Approved", "已审批"), "done")
    total = sum(one.amount for one in found)
    return Sheet(
        title=Text("Run of payouts", "打款批次"), kind=Text(f"Run of {len(found)} payouts", f"打款批次 · {len(found)} 笔"),
        number=naming.spoken(payout_run_id), key=naming.ref("payout_run", payout_run_id), full=run_place(payout_run_id),
        chips=[stands, Money(total, run.currency)], lead=run.prepared_at, acts=_run_acts(tx, run, total),
        main=[Table(Text("Payouts", "打款明细"), _COLUMNS, [
            Row(str(one.id), naming.place("payout", one.id), _cells(one, names)) for one in found
        ])],
        side=[
            Facts(Text("Four eyes", "审批"), [
                (Text("Prepared by", "编制人"), [people[run.prepared_by_kind, run.prepared_by], run.prepared_at]),
                (Text("Approved by", "审批人"), [people[run.approved_by_kind or "", run.approved_by], run.approved_at] if run.approved_at else None),
            ], note=Text("Whoever prepared it may not approve it.", "编制人不得审批。")),
            Facts(Text("The file for the bank", "银行文件"), [(Text("Checksum (SHA-256)", "校验和（SHA-256）"), Code(run.checksum))],
                  note=Link(f"{run_place(payout_run_id)}/file.csv", Text("Download the file", "下载文件"))),
        ],
        live=["payout_run", "payout"],
    )  # fmt: skip


def _run_acts(tx: Tx, run: settlements.PayoutRun, total: int) -> list[Act]:
    if run.approved_at is not None or run.dropped_at is not None:
        return []
    here, found = run_place(run.id), []
    same = (str(tx.actor.kind), tx.actor.id) == (run.prepared_by_kind, run.prepared_by)
    if tx.actor.may("payout.approve"):
        amount = typed.money_words(total, run.currency)
        found.append(Act(
            "approve", Text("Approve", "审批通过"), f"{here}/approve", "A", tone="first",
            why_not=Text("Whoever prepared it may not approve it.", "编制人不得审批。") if same else None,
            warns=Text(f"The file may go to the bank: {amount.en}.", f"文件可交银行：{amount.zh}。"),
        ))  # fmt: skip
    found.append(Act("drop", Text("Give it up", "取消批次"), f"{here}/drop", "R", tone="danger",
                     warns=Text("What it would have paid waits for the next run.", "相关款项将等待下一批次。")))  # fmt: skip
    return found


@screen("/payouts/{payout_id}", permission="settlement.read")
async def show(tx: Tx, payout_id: int) -> Sheet:
    """One payout, and what the bank said."""
    one = await settlements.get_payout(tx, payout_id)
    names = await naming.merchant_names(tx, [one.merchant_id])
    here, seller = naming.place("payout", payout_id), names[one.merchant_id]
    cells = _cells(one, names)
    acts: list[Act] = []
    if one.state is settlements.PayoutState.APPROVED and tx.actor.may("payout.prepare"):
        acts = [
            Act("confirm", Text("The money left", "登记已付出"), f"{here}/confirm", "A", tone="first",
                fields=[Field("bank_ref", Text("The bank's number", "银行流水号"), longest=200)]),
            Act("fail", Text("The bank could not pay", "登记打款失败"), f"{here}/fail", "R", tone="danger",
                fields=[Field("reason", Text("What the bank said", "银行说明"), "choice", options=settlement_words.BANK_SAYS)]),
        ]  # fmt: skip
    return Sheet(
        title=Text("Payout", "打款单"), kind=Text(f"Payout to {seller.en}", f"打款单 · {seller.zh}"), number=naming.spoken(payout_id),
        key=naming.ref("payout", payout_id), full=here, chips=[cells["stands"], cells["amount"]], lead=one.prepared_at, acts=acts,
        main=[Facts(Text("Where it goes", "收款信息"), [
            (Text("Account holder", "户名"), one.payee.name), (Text("Bank", "开户行"), one.payee.bank),
            (Text("Account number", "账号"), Code(f"****{one.payee.account.replace(' ', '')[-4:]}")), (Text("Run", "打款批次"), cells["run"]),
        ]), Facts(Text("What the bank said", "银行结果"), [
            (Text("The bank's number", "银行流水号"), Code(one.bank_ref) if one.bank_ref else None), (Text("Failed because", "失败原因"), cells["bank"] if one.failure else None),
            (Text("When", "时间"), one.ended_at),
        ])],
        side=[Facts(Text("What waits", "暂缓款项"), [(Text("Disputed or too young", "有争议或未满账期"), cells["held"])])],
        live=["payout"],
    )  # fmt: skip


@act("/payouts/prepare", permission="payout.prepare", fresh=True)
async def prepare(tx: Tx, form: PrepareForm) -> Done:
    """Prepare payouts of what closed periods owe."""
    run = await settlements.prepare(tx, form.currency)
    return Done(text=Text("Prepared; somebody else approves", "已编制，待他人审批"), to=run_place(run.id))


@act("/payout-runs/{payout_run_id}/approve", permission="payout.approve", fresh=True)
async def approve(tx: Tx, payout_run_id: int) -> Done:
    """Agree to a run that somebody else prepared."""
    await settlements.approve(tx, payout_run_id)
    return Done(text=Text("Run approved; send the file to the bank", "批次已审批，请将文件交银行"))


@act("/payout-runs/{payout_run_id}/drop", permission="payout.prepare", fresh=True)
async def drop(tx: Tx, payout_run_id: int) -> Done:
    """Give a run up that nobody agreed to."""
    await settlements.drop(tx, payout_run_id)
    return Done(text=Text("Run given up", "批次已取消"))


@act("/payouts/{payout_id}/confirm", permission="payout.prepare", fresh=True)
async def confirm(tx: Tx, payout_id: int, form: LeftForm) -> Done:
    """The bank says that the money left."""
    await settlements.confirm(tx, payout_id, bank_ref=form.bank_ref)
    return Done(text=Text("Payout confirmed", "打款已确认"))


@act("/payouts/{payout_id}/fail", permission="payout.prepare", fresh=True)
async def fail(tx: Tx, payout_id: int, form: CameBackForm) -> Done:
    """The bank could not pay: the merchant is owed it again."""
    await settlements.fail(tx, payout_id, reason=form.reason)
    return Done(text=Text("Payout failed; it is owed again", "打款失败，款项恢复应付"))


@itself("GET", "/payout-runs/{payout_run_id}/file.csv", permission="payout.prepare")
async def file(ask: Ask, payout_run_id: int) -> Response[bytes]:
    """The file for the bank: the same bytes each time."""
    async with ask.db.reading(ask.actor) as tx:
        await scope.demand_reach(tx, "payout_run", payout_run_id)
        content = await settlements.run_file(tx, payout_run_id)
    name = naming.ref("payout_run", payout_run_id)
    return Response(content.encode(), media_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store",
    })  # fmt: skip


ROUTES = [listed, show_run, show, prepare, approve, drop, confirm, fail, file]
