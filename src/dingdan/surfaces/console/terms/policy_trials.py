"""Trying a version of a policy: on one case, a return that came or one that is made up, and on the returns of the last months."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dingdan.areas import merchants, policies, policy_desk, returns
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.console.terms import policies_desk, policy_words
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
    Facts,
    Field,
    Listing,
    Own,
    Part,
    Reason,
    Row,
    Section,
    Sheet,
    Table,
)
from dingdan.surfaces.shared.wire import Input, MerchantRef, Short, Word

Days = Annotated[int, Meta(ge=0, le=3650)]


class TryQuery(Input, frozen=True, kw_only=True):
    """A return that came, or goods that somebody makes up."""

    case: Annotated[str, Meta(max_length=40)] | None = None
    reason: Word | None = None
    category: Short = ""
    flags: Annotated[str, Meta(max_length=400)] = ""
    delivered: Days | None = None
    confirmed: bool = False
    unsealed: bool = False
    failed_repairs: Annotated[int, Meta(ge=0, le=100)] = 0


class BacktestForm(Form, frozen=True, kw_only=True):
    """Over how many days, and what a parcel back costs."""

    merchant: MerchantRef | None = None
    days: Annotated[int, Meta(ge=1, le=policy_desk.MOST_DAYS)] = 90
    way_back: Typed = "0"


class Trial(msgspec.Struct, frozen=True):
    """One line under two policies: before, and under the version that is tried."""

    title: Text
    reason: Text
    before: dict[str, Any] | None
    after: dict[str, Any]
    is_same: bool


@screen("/policies/{policy_id}/try", permission="policy.write")
async def try_on(tx: Tx, policy_id: int, query: TryQuery) -> Own:
    """What a version says about a case, beside what is in force."""
    edition = await policies.edition(tx, policy_id)
    document = await policies.document_of(tx, edition)
    trials: list[Trial] = []
    if query.case:
        trials = await _on_return(tx, policy_id, query.case)
    elif query.reason:
        before = await policies_desk.compared_with(tx, edition)
        trials = [_made_up(tx, before, document, query)]
    reasons = [(code, Text(one.en, one.zh)) for code, one in document.reasons.items()]
    here = naming.place("policy", policy_id)
    return Own(title=Text("Try on a case", "试算"), template="policy_try.html", data={
        "here": here, "code": f"{edition.code}@{edition.label}", "trials": trials, "name": Text(document.name.en, document.name.zh),
        "come": [Field("case", Text("A return that came", "已有售后单"), value=query.case, longest=40, hint=Text("Its number, ret_…", "售后单编号 ret_…"))],
        "made_up": [
            Field("reason", Text("Reason", "原因"), "choice", options=reasons, value=query.reason or "NO_REASON"),
            Field("category", Text("Category", "类目"), value=query.category, is_needed=False, longest=100),
            Field("flags", Text("Flags", "商品标记"), value=query.flags, is_needed=False, longest=200),
            Field("delivered", Text("Delivered so many days ago", "签收已过天数"), "number", value=query.delivered if query.delivered is not None else 3, is_needed=False),
            Field("failed_repairs", Text("Failed repairs", "维修失败次数"), "number", value=query.failed_repairs),
            Field("confirmed", Text("The exception was confirmed at checkout", "下单时已单独确认"), "check", value=query.confirmed),
            Field("unsealed", Text("The seal is broken", "已拆封"), "check", value=query.unsealed),
        ],
    })  # fmt: skip


async def _on_return(tx: Tx, policy_id: int, case: str) -> list[Trial]:
    """Every line of a return, as it was asked for, under the version and under what its order is bound to."""
    number = ids.decode("return", case)
    if number is None:
        raise returns.ReturnUnknown("case")
    await scope.demand_reach(tx, "return", number, "case")
    found = await returns.get_one(tx, number)
    trials = []
    for line in (await returns.lines(tx, [found]))[number]:
        document, verdict, bound = await policy_desk.try_on_line(
            tx, policy_id, found.order_id, line.line_no, reason=line.reason, requested_at=found.requested_at
        )
        title = Text(f"Line {line.line_no} of {naming.spoken(number)}", f"{naming.spoken(number)} 第 {line.line_no} 行")
        trials.append(_trial(title, line.reason, bound, (document, verdict)))
    return trials


def _made_up(
    tx: Tx, before: policies.PolicyDocument | None, document: policies.PolicyDocument, query: TryQuery
) -> Trial:
    reason = query.reason or "NO_REASON"
    delivered = None if query.delivered is None else tx.now - timedelta(days=query.delivered)
    facts = policies.LineFacts(
        reason=reason, requested_at=tx.now, quantity=1, returnable=1, category=query.category, flags=typed.words_of(query.flags),
        confirmed=query.confirmed, is_unsealed=query.unsealed, sold_at=delivered, delivered_at=delivered, signed_at=delivered,
        last_delivered_at=delivered, confirmed_at=delivered, unshipped=delivered is None, failed_repairs=query.failed_repairs,
    )  # fmt: skip
    known = before is not None and reason in before.reasons
    bound = (before, policies.judge(before, facts)) if before is not None and known else None
    return _trial(
        Text("The case that was made up", "自拟案例"), reason, bound, (document, policies.judge(document, facts))
    )


Judged = tuple[policies.PolicyDocument, policies.Verdict]


def _trial(title: Text, reason: str, before: Judged | None, after: Judged) -> Trial:
    claimed = after[0].reasons.get(reason)
    was, now = before and _said(*before), _said(*after)
    return Trial(
        title,
        Text(claimed.en, claimed.zh) if claimed else Text(reason, reason),
        was,
        now,
        was is not None and was == {**now, "code": was["code"]},
    )


def _said(document: policies.PolicyDocument, verdict: policies.Verdict) -> dict[str, Any]:
    """A verdict as the page shows it."""
    if not verdict.is_allowed:
        answer = Chip(Text("Refused", "不予退货"), "blocked")
    elif verdict.needs_review:
        answer = Chip(Text("A person looks", "人工审核"), "us")
    else:
        answer = Chip(Text("Approved at once", "自动通过"), "done")
    freight = verdict.freight
    why = [(policies.DECISIONS[code], "bad") for code in verdict.reasons] + [
        (policies.REVIEWS[code], "warn") for code in verdict.review_reasons
    ]
    return {
        "code": f"{document.id}@{document.version}", "answer": answer, "until": verdict.window_end,
        "fault": policy_words.FAULTS[verdict.fault], "back": policy_words.PAYS[freight.way_back] if freight else None,
        "out": policy_words.OUTBOUND[freight.outbound] if freight else None,
        "why": [Reason("bad" if tone == "bad" else "warn", words) for words, tone in why],
        "steps": [Reason(_tone(step.answer), policy_words.CHECKS[step.check], _article(document, step.rule)) for step in verdict.steps],
        "remedies": [policy_words.REMEDIES[one.remedy] for one in verdict.remedies if one.is_open],
    }  # fmt: skip


def _tone(answer: str) -> Any:
    return policy_words.STEP_TONES[answer]


def _article(document: policies.PolicyDocument, rule: str) -> str:
    known = document.rules.get(rule)
    return known.article if known else ""


async def past_fields(tx: Tx, edition: policies.Edition) -> list[Field]:
    """What a back-test is asked with; whose returns, where the version is open to all."""
    shops = await choosing.merchants_to_choose(tx) if edition.merchant_id is None else []
    return [
        *([Field("merchant", Text("Merchant", "商家"), "choice", options=shops)] if shops else []),
        Field("days", Text("Over the last days", "回溯天数"), "number", value=90),
        Field("way_back", Text("Postage of one parcel back", "单件退货运费"), "money", value="8", hint=Text("For what the shop pays of it.", "用于估算商家承担部分。")),
    ]  # fmt: skip


@screen("/policies/{policy_id}/backtests", permission="policy_figure.read")
async def backtests(tx: Tx, policy_id: int, query: ListQuery) -> Listing:
    """Back-tests of a version, oldest first."""
    slice_ = slice_of(query)
    edition = await policies.edition(tx, policy_id)
    found = await policy_desk.backtests(tx, policy_id, tx.actor.merchant_id, Page(slice_.limit + 1, slice_.after))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    here = naming.place("policy", policy_id)
    acts = [Act("policy", Text("The policy", "查看政策"), here, is_link=True)]
    if tx.actor.may("policy.write"):
        fields = await past_fields(tx, edition)
        acts.insert(0, Act("run", Text("Run a back-test", "开始回测"), f"{here}/backtests", "N", fields, tone="first"))
    return listing(
        found, lambda one: Row(naming.ref("backtest", one.id), _place(one), {
            "asked": one.requested_at, "merchant": names.get(one.merchant_id), "since": one.since, "stands": _stands(one),
            "lines": one.sums.total.lines, "changes": one.sums.newly_approved + one.sums.newly_refused,
            "cost": Money(one.sums.total.now.cost - one.sums.total.then.cost, one.currency),
        }),
        title=Text(f"Back-tests of {edition.code}@{edition.label}", f"{edition.code}@{edition.label} 回测"), acts=acts,
        columns=[
            Column("asked", Text("Asked", "发起时间")), Column("merchant", Text("Merchant", "商家")), Column("since", Text("Returns since", "售后单自")),
            Column("stands", Text("Stands", "状态")), Column("lines", Text("Lines", "行数"), is_number=True),
            Column("changes", Text("Answered otherwise", "结论变化"), is_number=True), Column("cost", Text("Cost, difference", "成本变化"), is_number=True),
        ],
        empty=Empty(Text("No back-test yet.", "还没有回测。"), Text("It judges the returns of the last months by this version, a draft too.", "用本版本（含草稿）重新判定近期售后单。")),
    )  # fmt: skip


def _place(one: policy_desk.Backtest) -> str:
    return f"{naming.place('policy', one.policy_id)}/backtests/{naming.ref('backtest', one.id)}"


def _stands(one: policy_desk.Backtest) -> Chip:
    if one.done_at is not None:
        return Chip(Text("Done", "已完成"), "done")
    return Chip(
        Text(f"Running, {one.sums.total.lines} lines so far", f"进行中，已判定 {one.sums.total.lines} 行"), "system"
    )


@act("/policies/{policy_id}/backtests", permission="policy.write")
async def run(tx: Tx, policy_id: int, form: BacktestForm) -> Done:
    """Have the returns of the last days judged by this version; it runs by itself."""
    edition = await policies.edition(tx, policy_id)
    merchant = await _whose(tx, edition, form.merchant)
    way_back = amount_of(form.way_back, merchant.currency, "way_back")
    if way_back > policy_desk.MOST_POSTAGE or way_back < 0:
        raise policy_desk.CaseUnfit("way_back", must=f"0-{policy_desk.MOST_POSTAGE}")
    made = await policy_desk.request(tx, merchant, policy_id, days=form.days, way_back=way_back)
    return Done(text=Text("Back-test begun", "回测已开始"), to=_place(made))


async def _whose(tx: Tx, edition: policies.Edition, named: str | None) -> merchants.Merchant:
    if named is None and edition.merchant_id is not None:
        return (await merchants.by_ids(tx, [edition.merchant_id]))[edition.merchant_id]
    return await scope.merchant_meant(tx, named)


@screen("/policies/{policy_id}/backtests/{backtest_id}", permission="policy_figure.read")
async def show_backtest(tx: Tx, policy_id: int, backtest_id: int) -> Sheet:
    """One back-test, as far as it has come: what was, and what would have been."""
    one = await policy_desk.backtest(tx, backtest_id)
    if one.policy_id != policy_id:
        raise policy_desk.BacktestUnknown
    sums, words = one.sums, {code: Text(reason.en, reason.zh) for code, reason in one.document.reasons.items()}
    progress: list[Section] = []
    if one.done_at is None:
        progress = [
            Part(
                Text("It runs", "回测进行中"), "policy_progress.html", {"here": _place(one), "lines": sums.total.lines}
            )
        ]
    return Sheet(
        title=Text("Back-test", "回测"), kind=Text(f"Back-test of {one.document.id}@{one.document.version}", f"{one.document.id}@{one.document.version} 回测"),
        key=naming.ref("backtest", backtest_id), chips=[_stands(one)], lead=[one.since, one.until],
        acts=[Act("all", Text("All back-tests", "全部回测"), f"{naming.place('policy', policy_id)}/backtests", is_link=True)],
        main=[
            *progress, _total(one), _parts(Text("By reason", "按原因"), sums.by_reason, words, one.currency),
            _parts(Text("By category", "按类目"), sums.by_category, {}, one.currency), _examples(one, words),
        ],
        side=[Facts(Text("In a word", "结论"), [
            (Text("Lines", "行数"), sums.total.lines), (Text("Newly approved", "新增通过"), sums.newly_approved), (Text("Newly refused", "新增拒绝"), sums.newly_refused),
            (Text("Reasons it does not know", "未知原因"), sums.unknown_reasons),
            (Text("Cost, difference", "成本变化"), Money(sums.total.now.cost - sums.total.then.cost, one.currency)),
        ], note=Text("Only returns that were asked for are known: of what a buyer was refused at once there is no record.", "仅统计已提交的售后申请，当场被拒的没有记录。"))],
    )  # fmt: skip


def _total(one: policy_desk.Backtest) -> Section:
    then, now = one.sums.total.then, one.sums.total.now

    def counts(key: str, label: Text) -> Row:
        before, after = getattr(then, key), getattr(now, key)
        return Row(
            key,
            None,
            {"what": label, "then": before, "now": after, "change": f"{after - before:+,}" if after != before else "0"},
        )

    def amounts(key: str, label: Text) -> Row:
        before, after = getattr(then, key), getattr(now, key)
        return Row(
            key,
            None,
            {
                "what": label,
                "then": Money(before, one.currency),
                "now": Money(after, one.currency),
                "change": Money(after - before, one.currency),
            },
        )

    return Table(Text("Then and now", "当时与现在"), [
        Column("what", Text("What", "项目")), Column("then", Text("As it was", "原政策"), is_number=True), Column("now", Text("Under this version", "本版本"), is_number=True),
        Column("change", Text("Difference", "变化"), is_number=True),
    ], [
        counts("approved", Text("Approved", "通过")), counts("at_once", Text("of them at once", "其中自动通过")), counts("refused", Text("Refused", "拒绝")),
        amounts("refund", Text("Refunds", "退款")), amounts("freight", Text("Freight out paid back", "退还发货运费")),
        amounts("postage", Text("Postage back that we pay", "承担退货运费")), amounts("cost", Text("All that goes out", "成本合计")),
    ])  # fmt: skip


def _parts(title: Text, parts: Mapping[str, policy_desk.Pair], words: Mapping[str, Text], currency: str) -> Section:
    rows = [
        Row(code, None, {
            "what": words.get(code, code or Text("none", "未填写")), "lines": pair.lines, "then": pair.then.approved, "now": pair.now.approved,
            "cost": Money(pair.now.cost - pair.then.cost, currency),
        }) for code, pair in sorted(parts.items(), key=lambda each: -each[1].lines)
    ]  # fmt: skip
    return Table(title, [
        Column("what", Text("Of", "分组")), Column("lines", Text("Lines", "行数"), is_number=True), Column("then", Text("Approved then", "原通过"), is_number=True),
        Column("now", Text("Approved now", "现通过"), is_number=True), Column("cost", Text("Cost, difference", "成本变化"), is_number=True),
    ], rows)  # fmt: skip


def _examples(one: policy_desk.Backtest, words: Mapping[str, Text]) -> Section:
    return Table(Text("Examples of what would be otherwise", "结论变化示例"), [
        Column("return", Text("Return", "售后单")), Column("reason", Text("Reason", "原因")), Column("was", Text("Was", "原结论")),
        Column("would", Text("Would be", "新结论")), Column("why", Text("Why", "依据")),
    ], [Row(str(n), None, {
        "return": naming.link("return", each.return_id), "reason": words.get(each.reason, each.reason), "was": _OUTCOMES.get(each.was, each.was),
        "would": _OUTCOMES.get(each.would_be, each.would_be), "why": [policies.DECISIONS.get(code) or policies.REVIEWS.get(code) or Code(code) for code in each.why],
    }) for n, each in enumerate(one.sums.examples)], empty=Text("Nothing would be answered otherwise.", "结论均无变化。"))  # fmt: skip


_OUTCOMES = {"approved": Text("approved", "通过"), "refused": Text("refused", "拒绝")}

ROUTES = [try_on, backtests, run, show_backtest]
