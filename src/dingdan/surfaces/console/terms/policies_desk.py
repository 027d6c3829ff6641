"""Return policies: the list of versions, one version in plain words, and its life from draft to being followed."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import policies, policy_desk
from dingdan.areas.policies import EditionState
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.kernel.times import local_date
from dingdan.overviews import policy_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.terms import policy_words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import formatting, naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, itself, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Link,
    Listing,
    Part,
    Row,
    Section,
    Sheet,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import MerchantRef, Word

VersionName = Annotated[str, Meta(min_length=1, max_length=32)]
DAY = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
MOST_VERSIONS = 200


class PoliciesQuery(ListQuery, frozen=True, kw_only=True):
    """Whose policies, and where they stand."""

    merchant: MerchantRef | None = None
    state: EditionState | None = None
    code: Word | None = None


class BeginForm(Form, frozen=True, kw_only=True):
    """What the next version is called, and from which day it applies."""

    version: VersionName
    effective_from: DAY


class NewForm(BeginForm, frozen=True, kw_only=True):
    """A policy of one's own on top of a published one."""

    merchant: MerchantRef | None = None
    base: Annotated[str, Meta(max_length=100)]
    code: Word
    name_zh: Annotated[str, Meta(min_length=1, max_length=200)]
    name_en: Annotated[str, Meta(min_length=1, max_length=200)]


@screen("/policies", permission="policy.read")
async def listed(tx: Tx, query: PoliciesQuery) -> Listing:
    """Versions of policies, newest first, drafts too."""
    wanted = policy_list.Filter(merchant_id=await scope.merchant_filter(tx, query.merchant) if query.merchant else None,
                                state=query.state, code=query.code)  # fmt: skip
    found = await policy_list.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    shops = await choosing.merchants_to_choose(tx)
    return listing(
        found, lambda one: _row(one, names),
        title=Text("Return policies", "退货政策"), live=["policy"],
        lead=Text("What is in force is never edited: a change is a new version.", "生效中的政策不可修改，变更须发布新版本。"),
        columns=[
            Column("name", Text("Policy", "政策")), Column("version", Text("Version", "版本")), Column("merchant", Text("Merchant", "商家")),
            Column("stands", Text("Stands", "状态")), Column("from", Text("Applies from", "施行时间")), Column("extends", Text("On top of", "基于")),
            Column("drafted", Text("Drafted", "起草时间")),
        ],
        views=[View(Text("All", "全部")), *(View(words, {"state": state}) for state, words in vocabulary.options("policy"))],
        filters=[*await choosing.by_merchant(tx), Filter("code", Text("Code", "编码"))],
        acts=[await _new(tx, shops)] if tx.actor.may("policy.write") else [],
        empty=Empty(Text("No policy here yet.", "还没有政策。"), Text("Start from a template: the law of a country, and what you give beyond it.", "从法定政策模板开始，再加上店铺承诺。")),
    )  # fmt: skip


def _row(one: policy_list.Row, names: dict[int | None, Text]) -> Row:
    here = naming.place("policy", one.id)
    return Row(naming.ref("policy", one.id), here, {
        "name": Two(Link(here, naming.in_tongues(one.name or {"en": one.code})), Code(one.code)), "version": Code(one.label),
        "merchant": names.get(one.merchant_id) or Text("open to all", "通用"), "stands": vocabulary.chip("policy", one.state),
        "from": one.effective_from, "extends": Code(one.extends) if one.extends else None, "drafted": one.drafted_at,
    })  # fmt: skip


async def _new(tx: Tx, shops: list[tuple[str, Text]]) -> Act:
    bases = await policies.listed(tx, tx.actor.merchant_id, Page(limit=MOST_VERSIONS))
    options = [
        (f"{one.code}@{one.version}", naming.in_tongues({"en": one.document.name.en, "zh": one.document.name.zh}))
        for one in bases
    ]
    fields = [
        *([Field("merchant", Text("Merchant", "商家"), "choice", options=shops)] if shops else []),
        Field("base", Text("On top of", "基于"), "choice", options=options), Field("code", Text("Code", "编码"), longest=64, hint=Text("a-z, 0-9 and _", "a-z、0-9 和 _")),
        Field("name_zh", Text("Name in Chinese", "中文名称"), longest=200), Field("name_en", Text("Name in English", "英文名称"), longest=200), *_next_fields(tx, "1"),
    ]  # fmt: skip
    return Act("new", Text("New policy", "新建政策"), "/policies/new", "N", fields, tone="first")


def _next_fields(tx: Tx, label: str) -> list[Field]:
    earliest = formatting.local(tx.now).date() + timedelta(days=8)
    return [
        Field("version", Text("Version", "版本号"), value=label, longest=32),
        Field("effective_from", Text("Applies from", "施行日期"), "date", value=earliest.isoformat(),
              hint=Text("At least 7 days' notice before a change applies.", "变更须至少提前 7 日公示。")),
    ]  # fmt: skip


@act("/policies/new", permission="policy.write")
async def create(tx: Tx, form: NewForm) -> Done:
    """Draft a policy on top of a published one."""
    merchant_id = await scope.merchant_id_meant(tx, form.merchant)
    given = {"name": {"en": form.name_en, "zh": form.name_zh}, "effective_from": form.effective_from}
    edition, _, _ = await policies.save_draft(tx, merchant_id, form.code, form.version, extends=form.base, given=given)
    return Done(text=Text("Draft begun", "草稿已创建"), to=f"{naming.place('policy', edition.id)}/edit")


@screen("/policies/{policy_id}", permission="policy.read")
async def show(tx: Tx, policy_id: int) -> Sheet:
    """One version in plain words: what holds for which goods and reasons, who pays, and how the money comes back."""
    edition = await policies.edition(tx, policy_id)
    document = await policies.document_of(tx, edition)
    problems = (
        policies.problems_of(document, policies.canonical(document)) if edition.state is EditionState.DRAFT else []
    )
    owner = (await naming.merchant_names(tx, [edition.merchant_id])).get(
        edition.merchant_id, Text("open to all", "通用")
    )
    before = await compared_with(tx, edition)
    return Sheet(
        title=Text(document.name.en, document.name.zh), kind=Text(f"Return policy, {owner.en}", f"退货政策 · {owner.zh}"),
        key=naming.ref("policy", policy_id), full=naming.place("policy", policy_id),
        chips=[vocabulary.chip("policy", edition.state), Code(f"{edition.code}@{edition.label}")], lead=edition.effective_from,
        acts=_acts(tx, edition, document, len(problems)),
        main=[
            *([_against(problems)] if problems else []),
            Part(Text("What buyers read", "买家看到的政策"), "policy_words.html", {"sections": policy_desk.sections(document, "help"), "rules": True}),
            _matrix(document),
            *([_changes(before, document)] if before is not None else []),
        ],
        side=[_numbers(document), _money(document), _life(edition), await _history(tx, edition)],
        live=["policy"],
    )  # fmt: skip


def _acts(tx: Tx, edition: policies.Edition, document: policies.PolicyDocument, problems: int) -> list[Act]:
    here, found = naming.place("policy", edition.id), []
    is_theirs = tx.actor.merchant_id in (None, edition.merchant_id)
    if tx.actor.may("policy.write") and is_theirs:
        if edition.state is EditionState.DRAFT:
            found += [
                Act("edit", Text("Edit", "编辑"), f"{here}/edit", "E", tone="first", is_link=True),
                announcing(edition, document, problems),
            ]
        elif edition.merchant_id is not None or tx.actor.merchant_id is None:
            found.append(
                Act(
                    "next",
                    Text("Begin the next version", "起草新版本"),
                    f"{here}/next",
                    "N",
                    _next_fields(tx, _following(edition.label)),
                    tone="first",
                )
            )
        if edition.state in (EditionState.DRAFT, EditionState.ANNOUNCED):
            found.append(Act("withdraw", Text("Withdraw", "撤回"), f"{here}/withdraw", tone="danger",
                             warns=Text("It never applies to anybody; it stays readable.", "该版本不再施行，但仍可查阅。")))  # fmt: skip
    if tx.actor.may("policy.write"):
        found.append(Act("try", Text("Try on a case", "试算"), f"{here}/try", "T", is_link=True))
    if tx.actor.may("policy_figure.read"):
        found.append(Act("backtests", Text("Back-tests", "回测"), f"{here}/backtests", "B", is_link=True))
    found.append(Act("json", Text("JSON", "JSON"), f"{here}/document.json", is_link=True))
    return found


def announcing(edition: policies.Edition, document: policies.PolicyDocument, problems: int) -> Act:
    """The act that binds: what stands against a draft keeps it from being published."""
    day = document.effective_from.isoformat()
    return Act(
        "announce", Text("Announce", "公示发布"), f"{naming.place('policy', edition.id)}/announce", "P",
        why_not=Text(f"{problems} findings stand against it.", f"有 {problems} 项问题须先解决。") if problems else None,
        warns=Text(f"From {day} on it applies to new orders, and its words are never changed again. Orders placed before keep theirs.",
                   f"自 {day} 起适用于新订单，公示后内容不可修改；此前订单仍按原版本执行。"),
    )  # fmt: skip


def _following(label: str) -> str:
    """`3` after `2`, `2027.2` after `2027.1`."""
    head, _, tail = label.rpartition(".")
    return (
        f"{head}.{int(tail) + 1}"
        if head and tail.isdigit()
        else str(int(label) + 1)
        if label.isdigit()
        else f"{label}.1"
    )


async def compared_with(tx: Tx, edition: policies.Edition) -> policies.PolicyDocument | None:
    """What a draft or announced version would follow: the version in force, else the one that it was written on."""
    if edition.state not in (EditionState.DRAFT, EditionState.ANNOUNCED):
        return None
    versions = await policies.versions(tx, edition.merchant_id, edition.code)
    began = [one for one in versions if one.effective_from <= tx.now and one.id != edition.id]
    if began:
        return began[0].document
    code, _, label = (edition.extends or "").partition("@")
    found = [
        one
        for one in await policies.listed(tx, edition.merchant_id, Page(limit=MOST_VERSIONS))
        if (one.code, one.version) == (code, label)
    ]
    return found[0].document if found else None


def _against(problems: list[Any]) -> Section:
    return Part(
        Text("What keeps it from being published", "发布前须解决的问题"), "policy_findings.html", {"problems": problems}
    )


def _changes(before: policies.PolicyDocument, document: policies.PolicyDocument) -> Section:
    title = Text(f"Against {before.id}@{before.version}", f"与 {before.id}@{before.version} 相比")
    return Part(title, "policy_diff.html", {"changes": policy_desk.reworded(before, document)})


def _matrix(document: policies.PolicyDocument) -> Section:
    """Goods by reasons; reasons for which all is the same stand together."""
    rows: list[Row] = []
    for kind in policy_desk.table(document):
        groups: dict[tuple[Any, ...], list[policy_desk.Cell]] = {}
        for cell in kind.cells:
            groups.setdefault(
                (cell.answer, cell.days, cell.months, cell.hours, cell.outbound, cell.way_back, cell.reship), []
            ).append(cell)
        for n, cells in enumerate(groups.values()):
            rows.append(Row(f"{kind.goods}-{n}", None, _matrix_cells(document, kind, cells, is_first=n == 0)))
    return Table(Text("Goods by reason", "商品与原因对照"), [
        Column("goods", Text("Goods", "商品")), Column("reasons", Text("Reasons", "原因")), Column("answer", Text("Answer", "结论")),
        Column("time", Text("Time", "期限")), Column("back", Text("Way back", "退货运费")), Column("out", Text("Freight out", "发货运费")),
    ], rows)  # fmt: skip


def _matrix_cells(
    document: policies.PolicyDocument, kind: policy_desk.Row, cells: list[policy_desk.Cell], *, is_first: bool
) -> dict[str, Any]:
    first = cells[0]
    words = ", ".join((*kind.flags, *kind.categories))
    goods = Text("all goods", "全部商品") if kind.goods == "all" else Two(Code(kind.goods), words)
    named = [document.reasons[cell.reason] for cell in cells]
    return {
        "goods": goods if is_first else "", "reasons": Text(", ".join(one.en for one in named), "、".join(one.zh for one in named)),
        "answer": policy_words.ANSWERS[first.answer], "time": span(first.days, first.months, first.hours),
        "back": policy_words.PAYS[first.way_back], "out": policy_words.OUTBOUND[first.outbound],
    }  # fmt: skip


def span(days: int, months: int, hours: int) -> Text:
    """How long a window lasts."""
    given = [(months, "month", "个月"), (days, "day", "日"), (hours, "hour", "小时")]
    return Text(
        " ".join(f"{n} {en}{'' if n == 1 else 's'}" for n, en, _ in given if n),
        "".join(f"{n} {zh}" for n, _, zh in given if n),
    )


def _numbers(document: policies.PolicyDocument) -> Section:
    none, fault = document.no_reason, document.quality

    def window(one: policies.Window) -> Text:
        how_long, start = span(one.days, one.months, one.hours), policy_words.STARTS[one.start]
        return Text(f"{how_long.en} from {start.en}", f"自{start.zh}起 {how_long.zh}")

    def shown(words: tuple[str, ...]) -> list[Any] | Text:
        return [policy_words.EVIDENCE.get(word, word) for word in words] or policy_words.NOTHING

    return Facts(Text("Windows and proof", "期限与凭证"), [
        (Text("Without a reason", "无理由"), window(none.window)), (Text("Proof for it", "所需凭证"), shown(none.evidence_required)),
        (Text("Our fault", "商家责任"), window(fault.window)), (Text("Then, if a person agrees", "逾期经审核"), span(fault.late_days, 0, 0)),
        (Text("Proof for it", "所需凭证"), shown(fault.evidence_required)), (Text("To send it back", "寄回时限"), span(document.send_back_days, 0, 0)),
        (Text("Review, at most", "审核时限"), span(0, 0, document.review.limit_hours)),
    ])  # fmt: skip


def _money(document: policies.PolicyDocument) -> Section:
    terms, start = document.refund, policy_words.STARTS_REFUND[document.refund.start]
    return Facts(Text("Refund", "退款"), [
        (Text("At the latest", "最晚退款"), Text(f"{terms.days} days from {start.en}", f"自{start.zh}起 {terms.days} 日内")),
        (Text("Held back", "暂扣"), policy_words.WITHHOLD[terms.withhold]), (Text("Route", "退款路径"), Text("the way it was paid", "原路退回")),
        (Text("Into the balance", "退至余额"), policy_words.BALANCE[terms.balance]),
        *((Text(one.way.en, one.way.zh), Text(f"{one.least_days} to {one.most_days} days", f"{one.least_days} 至 {one.most_days} 日")) for one in terms.arrival),
    ])  # fmt: skip


def _life(edition: policies.Edition) -> Section:
    moments: list[tuple[Text, datetime | None]] = [
        (Text("Drafted", "起草"), edition.drafted_at), (Text("Announced", "公示"), edition.announced_at), (Text("Began", "施行"), edition.began_at),
        (Text("Ended", "终止"), edition.ended_at),
    ]  # fmt: skip
    return Facts(Text("Life", "历程"), [
        *((words, at) for words, at in moments if at is not None), (Text("On top of", "基于"), Code(edition.extends) if edition.extends else None),
        (Text("Hash", "哈希"), Code(edition.hash[:16]) if edition.hash else None),
    ])  # fmt: skip


async def _history(tx: Tx, edition: policies.Edition) -> Section:
    found = await policies.history(tx, edition.merchant_id, edition.code, Page(limit=MOST_VERSIONS))
    mine = [one for one in found if one.merchant_id == edition.merchant_id]
    return Table(Text("Versions", "版本"), [Column("version", Text("Version", "版本")), Column("stands", Text("Stands", "状态"))], [
        Row(str(one.id), naming.place("policy", one.id), {
            "version": Two(Link(naming.place("policy", one.id), one.label, is_code=True), one.effective_from), "stands": vocabulary.chip("policy", one.state),
        }) for one in reversed(mine)
    ])  # fmt: skip


@act("/policies/{policy_id}/next", permission="policy.write")
async def begin_next(tx: Tx, policy_id: int, form: BeginForm) -> Done:
    """Draft the next version from this one."""
    edition = await policies.edition(tx, policy_id)
    document = await policies.document_of(tx, edition)
    given = edition.given if edition.given is not None else msgspec.to_builtins(document)
    edition, _, _ = await policies.save_draft(
        tx, edition.merchant_id, edition.code, form.version, extends=edition.extends,
        given={**given, "effective_from": form.effective_from},
    )  # fmt: skip
    return Done(text=Text("Draft begun", "草稿已创建"), to=f"{naming.place('policy', edition.id)}/edit")


@act("/policies/{policy_id}/announce", permission="policy.write", fresh=True)
async def announce(tx: Tx, policy_id: int) -> Done:
    """Publish a draft: from now on nobody changes its words."""
    found = await policies.announce(tx, policy_id)
    day = local_date(found.effective_from, found.document.zone)
    return Done(
        text=Text(f"Announced; applies from {day}", f"已公示，自 {day} 起施行"), to=naming.place("policy", policy_id)
    )


@act("/policies/{policy_id}/withdraw", permission="policy.write", fresh=True)
async def withdraw(tx: Tx, policy_id: int) -> Done:
    """Take back what applies to nobody yet."""
    await policies.withdraw(tx, policy_id)
    return Done(text=Text("Version withdrawn", "版本已撤回"), to=naming.place("policy", policy_id))


@itself("GET", "/policies/{policy_id}/document.json", permission="policy.read")
async def as_json(ask: Ask, policy_id: int) -> Response[bytes]:
    """The whole document, as it is kept for review and for other systems."""
    async with ask.db.reading(ask.actor) as tx:
        await scope.demand_reach(tx, "policy", policy_id)
        edition = await policies.edition(tx, policy_id)
        document = await policies.document_of(tx, edition)
    content = msgspec.json.format(msgspec.json.encode(document), indent=2)
    name = f"{edition.code}-{edition.label}.json"
    return Response(content, media_type="application/json", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
    })  # fmt: skip


ROUTES = [listed, create, show, begin_next, announce, withdraw, as_json]
