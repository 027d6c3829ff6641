"""Promotions and coupons: the list, one with what it would do, the form, running and stopping it, and who holds a coupon."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from dingdan.areas import pricing
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import promotion_list, promotion_preview
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.console.terms import promotion_form, promotion_words
from dingdan.surfaces.shared import scope, tried_baskets
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
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
    Own,
    Row,
    Section,
    Sheet,
    Sums,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code as ReasonCode
from dingdan.surfaces.shared.wire import Input, MerchantRef, Short, Word

State = pricing.PromotionState
RUNS = (State.DRAFT, State.SCHEDULED, State.ACTIVE)


class PromotionsQuery(ListQuery, frozen=True, kw_only=True):
    """Which promotions."""

    merchant: MerchantRef | None = None
    state: State | None = None
    kind: Literal["promotions", "coupons"] | None = None


class KindQuery(Input, frozen=True, kw_only=True):
    """Which kind of benefit a form is for."""

    kind: promotion_form.Kind = "percent"


ANY_KIND = KindQuery()


class TriedQuery(Input, frozen=True, kw_only=True):
    """A basket to try it on."""

    lines: Annotated[str, Meta(max_length=10_000)] = ""
    merchant: MerchantRef | None = None
    channel: Word = "web"
    country: Short = "CN"
    coupons: Annotated[str, Meta(max_length=400)] = ""
    first_order: bool = False


class StopForm(Form, frozen=True, kw_only=True):
    """Why."""

    reason: ReasonCode


@screen("/promotions", permission="promotion.read")
async def listed(tx: Tx, query: PromotionsQuery) -> Listing:
    """Promotions and coupons, newest first."""
    wanted = promotion_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant) if query.merchant else None,
        state=query.state, coupons=None if query.kind is None else query.kind == "coupons",
    )  # fmt: skip
    found = await promotion_list.page(tx, wanted, slice_of(query))
    known = await pricing.by_ids(tx, [one.id for one in found])
    names = await naming.merchant_names(tx, {one.merchant_id for one in known.values()})
    acts = (
        [Act("new", Text("New", "新建"), "/promotions/new", "N", tone="first", is_link=True)]
        if tx.actor.may("promotion.write")
        else []
    )
    if tx.actor.may("product.read"):
        acts.append(Act("prices", Text("Carriage, taxes, points", "运费、税率、积分"), "/prices", is_link=True))
    return listing(
        found, lambda one: _row(known[one.id], names),
        title=Text("Promotions and coupons", "促销与优惠券"), live=["promotion"], acts=acts,
        columns=[
            Column("name", Text("Promotion", "活动")), Column("off", Text("What comes off", "优惠内容")), Column("merchant", Text("Paid by", "出资方")),
            Column("stands", Text("Stands", "状态")), Column("from", Text("Starts", "开始")), Column("until", Text("Ends", "结束")),
            Column("used", Text("Used", "已用"), is_number=True),
        ],
        views=[
            View(Text("All", "全部")), View(Text("Promotions", "促销"), {"kind": "promotions"}), View(Text("Coupons", "优惠券"), {"kind": "coupons"}),
            View(Text("Running", "进行中"), {"state": "active"}), View(Text("Drafts", "草稿"), {"state": "draft"}),
        ],
        filters=[*await choosing.by_merchant(tx),
                 Filter("state", Text("State", "状态"), vocabulary.options("promotion"))],
        empty=Empty(Text("No promotion yet.", "还没有促销活动。"), Text("Nobody sees a draft before it is scheduled.", "草稿在排期前对买家不可见。")),
    )  # fmt: skip


def _row(one: pricing.Promotion, names: dict[int | None, Text]) -> Row:
    here, draft = naming.place("promotion", one.id), one.draft
    used: Any = (
        Text(f"{one.used} of {draft.limit_total}", f"{one.used}／{draft.limit_total}")
        if draft.limit_total is not None
        else (one.used or None)
    )
    return Row(naming.ref("promotion", one.id), here, {
        "name": Two(Link(here, one.label), Code(draft.code) if draft.code else promotion_words.STAGES[one.stage]),
        "off": Two(promotion_words.benefit(draft), promotion_words.scope(draft.scope)), "merchant": names.get(one.merchant_id) or promotion_words.FUNDERS["platform"],
        "stands": vocabulary.chip("promotion", one.state), "from": draft.starts_at, "until": draft.ends_at, "used": used,
    })  # fmt: skip


@screen("/promotions/new", permission="promotion.write")
async def new(tx: Tx, query: KindQuery = ANY_KIND, typed: dict[str, list[str]] | None = None) -> Own:
    """The form of a promotion that is not there yet."""
    kind = next(iter((typed or {}).get("kind", [])), query.kind)
    shops = await choosing.merchants_to_choose(tx)
    return _form(kind if kind in promotion_words.KINDS else "percent", None, shops, "/promotions/new")


def _form(kind: str, one: pricing.Promotion | None, shops: list[tuple[str, Text]], href: str) -> Own:
    draft = one.draft if one else None
    title = one.label if one else Text("New promotion", "新建促销")
    return Own(title=title, template="promotion_form.html", data={
        "kind": kind, "kinds": promotion_form.KINDS, "href": href, "is_new": one is None, "benefit": promotion_form.benefit_fields(kind, draft),
        "groups": promotion_form.terms_fields(draft, shops, is_new=one is None), "back": naming.place("promotion", one.id) if one else "/promotions",
        "runs": one is not None and one.state is State.ACTIVE,
    })  # fmt: skip


@act("/promotions/new", permission="promotion.write", screen=new)
async def create(tx: Tx, form: promotion_form.PromotionForm) -> Done:
    """Draft a promotion or a coupon."""
    merchant_id = await scope.merchant_filter(tx, form.merchant, "merchant")
    made = await pricing.create(tx, merchant_id, promotion_form.draft_of(form))
    return Done(text=Text("Draft saved", "草稿已保存"), to=naming.place("promotion", made.id))


@screen("/promotions/{promotion_id}/edit", permission="promotion.write")
async def edit(tx: Tx, promotion_id: int) -> Own:
    """The form of a promotion as it stands."""
    one = await pricing.get_one(tx, promotion_id)
    return _form(promotion_form.kind_of(one.draft), one, [], f"{naming.place('promotion', promotion_id)}/edit")


@act("/promotions/{promotion_id}/edit", permission="promotion.write", screen=edit)
async def change(tx: Tx, promotion_id: int, form: promotion_form.PromotionForm) -> Done:
    """Say it anew; of one that runs only the name, the end, the listing and a higher limit."""
    before = (await pricing.get_one(tx, promotion_id)).draft
    draft = promotion_form.draft_of(form)
    draft = msgspec.structs.replace(draft, name={**before.name, **draft.name})
    if isinstance(before.benefit, pricing.BuyGet) and isinstance(draft.benefit, pricing.BuyGet):
        draft = msgspec.structs.replace(draft, benefit=msgspec.structs.replace(draft.benefit, gets=before.benefit.gets))
    if f"{before.starts_at:%Y%m%d%H%M}" == f"{draft.starts_at.astimezone(before.starts_at.tzinfo):%Y%m%d%H%M}":
        # A form has no seconds; what was not changed stays to the second.
        draft = msgspec.structs.replace(draft, starts_at=before.starts_at)
    await pricing.change(tx, promotion_id, draft)
    return Done(text=Text("Promotion saved", "活动已保存"), to=naming.place("promotion", promotion_id))


@screen("/promotions/{promotion_id}", permission="promotion.read")
async def show(tx: Tx, promotion_id: int) -> Sheet:
    """One promotion or coupon with all that was decided about it."""
    one = await pricing.get_one(tx, promotion_id)
    names = await naming.merchant_names(tx, [one.merchant_id])
    draft, payer = one.draft, names.get(one.merchant_id) or promotion_words.FUNDERS["platform"]
    clocks = [each for each in await deadlines.of_subjects(tx, [promotion_id]) if each.at is not None]
    kind = Text("Coupon", "优惠券") if draft.code else Text("Promotion", "促销")
    return Sheet(
        title=one.label, kind=Text(f"{kind.en}, paid by {payer.en}", f"{kind.zh} · {payer.zh}出资"), key=naming.ref("promotion", promotion_id),
        full=naming.place("promotion", promotion_id), chips=[vocabulary.chip("promotion", one.state), *([Code(draft.code)] if draft.code else [])],
        lead=draft.starts_at, acts=_acts(tx, one),
        main=[
            Facts(Text("What comes off", "优惠内容"), [
                (Text("Benefit", "优惠"), promotion_words.benefit(draft)), (Text("Goods", "商品"), promotion_words.scope(draft.scope)),
                (Text("From a sum of", "最低消费"), Money(draft.min_spend, draft.currency or "CNY") if draft.min_spend else None),
                (Text("Channels", "渠道"), ", ".join(draft.channels) or Text("all", "全部")), (Text("First order only", "仅限首单"), draft.first_order),
            ]),
            Facts(Text("Beside others", "叠加规则"), [
                (Text("Stage", "层级"), promotion_words.STAGES[one.stage]), (Text("Order", "优先级"), draft.priority), (Text("Group", "互斥组"), Code(one.group)),
                (Text("Stands alone", "不与其他同享"), draft.exclusive),
            ]),
        ],
        side=[
            Facts(Text("Time", "时间"), [
                (Text("Starts", "开始"), draft.starts_at), (Text("Ends", "结束"), draft.ends_at or Text("never", "不限")),
                *((Text("Next by itself", "系统将于"), each.at) for each in clocks),
            ]),
            Facts(Text("Uses", "用量"), [
                (Text("Used", "已用"), one.used), (Text("In all", "总限量"), draft.limit_total or Text("no limit", "不限")),
                (Text("For each buyer", "每人限用"), one.per_buyer or Text("no limit", "不限")), (Text("Only for holders", "仅限领取者"), draft.needs_grant),
            ]),
        ],
        live=["promotion"],
    )  # fmt: skip


def _acts(tx: Tx, one: pricing.Promotion) -> list[Act]:
    here, found = naming.place("promotion", one.id), []
    if tx.actor.may("promotion.write") and tx.actor.merchant_id in (None, one.merchant_id):
        if one.state is State.DRAFT:
            found.append(Act("schedule", Text("Schedule", "排期"), f"{here}/schedule", "A", tone="first",
                             warns=Text("It runs when its time comes, which may be now.", "到达开始时间后生效，可能立即生效。")))  # fmt: skip
        if one.state in RUNS:
            found += [
                Act("edit", Text("Edit", "编辑"), f"{here}/edit", "E", is_link=True),
                Act("stop", Text("Stop", "停止"), f"{here}/stop", "R", tone="danger", fields=[Field("reason", Text("Why", "原因"), "choice", options=promotion_words.WHY_STOP)],
                    warns=Text("At once and for good; orders that have it keep it.", "立即停止且不可恢复，已享受的订单不受影响。")),
            ]  # fmt: skip
    found.append(Act("preview", Text("Try on a basket", "试算"), f"{here}/preview", "T", is_link=True))
    if one.draft.code is not None:
        found.append(Act("holders", Text("Codes and holders", "券码与领取"), f"{here}/grants", "H", is_link=True))
    return found


@act("/promotions/{promotion_id}/schedule", permission="promotion.write", fresh=True)
async def schedule(tx: Tx, promotion_id: int) -> Done:
    """Let it run when its time comes."""
    one = await pricing.schedule(tx, promotion_id)
    return Done(text=Text("It runs", "活动已生效") if one.draft.starts_at <= tx.now else Text("Scheduled", "已排期"))


@act("/promotions/{promotion_id}/stop", permission="promotion.write")
async def stop(tx: Tx, promotion_id: int, form: StopForm) -> Done:
    """Stop it at once."""
    await pricing.stop(tx, promotion_id, reason=form.reason)
    return Done(text=Text("Stopped", "活动已停止"))


@screen("/promotions/{promotion_id}/preview", permission="promotion.read")
async def preview(tx: Tx, promotion_id: int, query: TriedQuery) -> Own:
    """What it would do: to a basket at today's prices, and to the newest orders."""
    one = await pricing.get_one(tx, promotion_id)
    named = query.merchant is not None or tx.actor.merchant_id is not None
    lines = _basket(query.lines)
    merchant_id = one.merchant_id
    if merchant_id is None and (named or lines):
        merchant_id = await scope.merchant_id_meant(tx, query.merchant)
    sums: list[Section] = []
    if lines and merchant_id is not None:
        ask = await tried_baskets.ask_of(
            tx, merchant_id, lines, channel=query.channel, is_first_order=query.first_order, coupons=typed.words_of(query.coupons), country=query.country,
        )  # fmt: skip
        before, after = await promotion_preview.on_basket(tx, one, ask)
        sums = [
            _sums(Text("Without it", "不参与"), before, ask.currency),
            _sums(Text("With it", "参与后"), after, ask.currency),
        ]
    recent = await promotion_preview.on_recent(tx, one, merchant_id, limit=200)
    shops = await choosing.merchants_to_choose(tx) if one.merchant_id is None else []
    return Own(title=Text("Try on a basket", "试算"), template="promotion_preview.html", data={
        "name": one.label, "here": naming.place("promotion", promotion_id), "sums": sums, "recent": _effects(recent), "off": promotion_words.benefit(one.draft),
        "fields": [
            *([Field("merchant", Text("Merchant", "商家"), "choice", options=shops, value=query.merchant)] if shops else []),
            Field("lines", Text("SKU and units, one a line", "SKU 与数量（每行一个）"), "prose", value=query.lines, hint=Text("MUG 2", "例：MUG 2")),
            Field("channel", Text("Channel", "渠道"), value=query.channel, longest=64), Field("country", Text("Country", "国家"), value=query.country, longest=2),
            Field("coupons", Text("Coupons", "优惠码"), value=query.coupons, is_needed=False), Field("first_order", Text("First order", "首单"), "check", value=query.first_order),
        ],
    })  # fmt: skip


def _basket(text: str) -> list[tuple[str, int]]:
    """`MUG 2` line by line. Raises Malformed."""
    lines = []
    for words in map(str.split, filter(str.strip, text.splitlines())):
        units = words[1] if len(words) == 2 else "1"
        if len(words) > 2 or not (
            units.isascii() and units.isdigit() and 1 <= int(units[:9]) <= 1_000_000 and len(units) < 8
        ):
            raise Malformed("lines", what="not a SKU and units", what_zh="不是“SKU 数量”的格式")
        lines.append((words[0], int(units)))
    if len(lines) > 200:
        raise Malformed("lines", what="more than 200 lines", what_zh="超过 200 行")
    return lines


def _sums(title: Text, quote: pricing.Quote, currency: str) -> Section:
    less = {"off", "freight_off", "freight_waived"}
    rows: list[Any] = [(Text("Goods", "商品"), Money(quote.goods, currency), False)]
    rows += [
        (layer.label, Money(-layer.amount if layer.effect in less else layer.amount, currency), False)
        for layer in quote.layers
        if layer.amount
    ]
    rows.append((Text("To pay", "应付"), Money(quote.total, currency), True))
    problems = [problem.message.filled(problem.params) for problem in quote.problems]
    note = Text(" ".join(each.en for each in problems), "".join(each.zh for each in problems)) if problems else None
    return Sums(title, rows, note=note)


def _effects(found: list[promotion_preview.Effect]) -> Section:
    return Table(Text("What it would have done to the newest 200 orders", "对最近 200 笔订单的影响"), [
        Column("orders", Text("Orders", "订单"), is_number=True), Column("touched", Text("Touched", "受影响"), is_number=True),
        Column("goods", Text("Goods", "商品额"), is_number=True), Column("off", Text("Taken off goods", "商品减免"), is_number=True),
        Column("freight", Text("Taken off delivery", "运费减免"), is_number=True),
    ], [Row(one.currency, None, {
        "orders": one.orders, "touched": one.touched, "goods": Money(one.goods, one.currency), "off": Money(one.off, one.currency),
        "freight": Money(one.freight_off, one.currency),
    }) for one in found], empty=Text("No order to try it on yet.", "还没有可试算的订单。"))  # fmt: skip


ROUTES = [listed, new, create, edit, change, show, schedule, stop, preview]
