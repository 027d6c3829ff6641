"""Rules and limits: what stops an order, kinds of trouble and their clocks, calendars, and many deadlines made later."""

from dingdan.areas import cases, clocks, identity, review
from dingdan.kernel.money import Money, decimal_string
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import words
from dingdan.surfaces.console.orders import review_words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import clocks as clock_words
from dingdan.surfaces.shared.pages import formatting, naming
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Facts,
    Field,
    Row,
    Section,
    Sheet,
    Table,
    Two,
)
from dingdan.surfaces.shared.wire import Word

TIMEOUTS = [("approve", Text("It goes on", "自动通过")), ("cancel", Text("It is cancelled", "自动取消"))]
REASONS = [
    ("holiday", Text("A holiday", "节假日")), ("outage", Text("Something of ours is down", "系统故障")),
    ("weather", Text("Weather", "恶劣天气")), ("carrier", Text("Carriers are late", "物流停滞")), ("other", Text("Something else", "其他")),
]  # fmt: skip
WEEKDAYS = [
    ("1", Text("Monday", "周一")), ("2", Text("Tuesday", "周二")), ("3", Text("Wednesday", "周三")), ("4", Text("Thursday", "周四")),
    ("5", Text("Friday", "周五")), ("6", Text("Saturday", "周六")), ("7", Text("Sunday", "周日")),
]  # fmt: skip
ON, OFF = Chip(Text("On", "启用"), "done"), Chip(Text("Off", "停用"), "closed")
CHECK = "/rules/extensions/check"


@screen("/rules", permission="review_rule.read")
async def overview(tx: Tx, query: ListQuery) -> Sheet:
    """Everything that is stopped, counted and limited by rule."""
    merchant_id = await scope.merchant_filter(tx, None)
    main = [await _review_rules(tx, merchant_id)]
    side = [await _review_terms(tx)]
    if tx.actor.may("case_kind.read"):
        main.append(await _kinds(tx, merchant_id))
        side.append(await _case_terms(tx))
    if tx.actor.may("calendar.read"):
        side.append(await _calendar(tx, merchant_id))
    if tx.actor.may("deadline.read"):
        main.append(await _extensions(tx, merchant_id))
    return Sheet(
        title=Text("Rules and SLAs", "规则与时限"), kind=Text("What is stopped, counted and limited", "审核规则、异常类型与时限"),
        acts=await _acts(tx, merchant_id), main=main, side=side,
    )  # fmt: skip


@screen("/rules/review/{code}", permission="review_rule.read")
async def review_rule(tx: Tx, code: Word) -> Sheet:
    """One rule of review: when it speaks, what is looked at, by whom and how long."""
    merchant_id = await scope.merchant_filter(tx, None)
    rule = await rule_meant(tx, merchant_id, code)
    document = rule.document
    is_on = await _is_on(tx, merchant_id, rule)
    whose = (
        Text("Platform", "平台")
        if rule.merchant_id is None
        else (await naming.merchant_names(tx, [rule.merchant_id]))[rule.merchant_id]
    )
    title = review_words.said(document.title)
    return Sheet(
        title=title, kind=Text(f"Rule of review, {whose.en}", f"审核规则 · {whose.zh}"),
        chips=[ON if is_on else OFF, Code(f"{rule.code} v{rule.number}")], lead=rule.effective_from, acts=_rule_acts(tx, rule, is_on=is_on),
        main=[
            Facts(Text("When it speaks", "触发条件"), [(review_words.KINDS[review_words.kind_of(document)], review_words.trigger(document))]),
            Table(Text("Checklist", "核对项"), [Column("question", Text("Question", "问题")), Column("code", Text("Code", "代码")),
                Column("law", Text("Asked by law", "法定"))], [
                Row(item.code, None, {"question": Text(item.en, item.zh), "code": Code(item.code), "law": item.is_statutory}) for item in document.checklist]),
        ],
        side=[Facts(Text("How it is looked at", "审核方式"), [
            (Text("By", "处理角色"), dict(review_words.OWNERS)[document.owner]), (Text("Within service minutes", "时限（服务时间分钟）"), document.limit_minutes),
            (Text("If nobody decides", "无人处理时"), dict(TIMEOUTS)[document.on_timeout]),
            (Text("Merchants may switch it", "商家可自行开关"), document.merchants_may_switch),
        ])],
    )  # fmt: skip


@screen("/rules/cases/{code}", permission="case_kind.read")
async def case_kind(tx: Tx, code: Word) -> Sheet:
    """One kind of trouble: its playbook, how it may end, and its clocks."""
    kind = await cases.get_kind(tx, await scope.merchant_filter(tx, None), code)
    document = kind.document
    return Sheet(
        title=words.of_case(kind), kind=Text("Kind of trouble", "异常类型"), chips=[ON if kind.is_active else OFF, Code(f"{kind.code} v{kind.number}")],
        acts=_kind_acts(tx, kind),
        main=[
            Table(Text("Playbook", "处理步骤"), [Column("step", Text("Step", "步骤")), Column("code", Text("Code", "代码")),
                Column("law", Text("Asked by law", "法定"))], [
                Row(step.code, None, {"step": Text(step.en, step.zh), "code": Code(step.code)}) for step in document.playbook]),
            Facts(Text("How it comes and ends", "触发与结束"), [
                (Text("Opened by facts", "触发事件"), [Code(one) for one in document.opens_on] or None),
                (Text("Buyers can report it", "买家可提报"), document.by_buyer), (Text("Ended by facts", "结束事件"), [Code(one) for one in document.ends_on] or None),
                (Text("Holds the order", "挂起订单"), document.holds_order), (Text("Tells the buyer", "通知买家"), document.tells_buyer),
                (Text("Claims on the carrier", "自动起草索赔"), document.claims_carrier),
            ]),
        ],
        side=[Facts(Text("Owner and clocks", "负责人与时限"), [
            (Text("Owner", "负责角色"), identity.ROLE_NAMES.get(document.owner or "", document.owner)),
            (Text("First word, minutes", "首次联系（分钟）"), document.contact_minutes), (Text("Plan, minutes", "给出方案（分钟）"), document.plan_minutes),
            (Text("Solved, minutes", "解决（分钟）"), document.resolve_minutes), (Text("Next word, minutes", "再次告知（分钟）"), document.update_minutes),
            (Text("Buyer answers, minutes", "买家答复（分钟）"), document.answer_minutes),
        ])],
    )  # fmt: skip


async def rule_meant(tx: Tx, merchant_id: int | None, code: str) -> review.Rule:
    """A merchant's own rule of a code, else the platform's. Raises RuleUnknown."""
    own = await review.list_rules(tx, merchant_id) if merchant_id is not None else []
    found = next((one for one in own if one.code == code), None)
    return found or await review.get_rule(tx, None, code)


async def _is_on(tx: Tx, merchant_id: int | None, rule: review.Rule) -> bool:
    switched = await review.switched(tx, merchant_id) if merchant_id is not None and rule.merchant_id is None else {}
    return rule.is_active and switched.get(rule.code, True)


async def _review_rules(tx: Tx, merchant_id: int | None) -> Section:
    found = await review.list_rules(tx, None)
    switched = await review.switched(tx, merchant_id) if merchant_id is not None else {}
    own = await review.list_rules(tx, merchant_id) if merchant_id is not None else []
    rows = []
    for rule in [*own, *found]:
        is_on = rule.is_active and (rule.merchant_id is not None or switched.get(rule.code, True))
        rows.append(Row(str(rule.id), f"/rules/review/{rule.code}", {
            "rule": Two(review_words.said(rule.document.title), Code(f"{rule.code} v{rule.number}")), "when": review_words.trigger(rule.document),
            "by": dict(review_words.OWNERS)[rule.document.owner], "limit": rule.document.limit_minutes,
            "then": dict(TIMEOUTS)[rule.document.on_timeout], "stands": ON if is_on else OFF,
        }))  # fmt: skip
    return Table(Text("Rules of review", "审核规则"), [
        Column("rule", Text("Rule", "规则")), Column("when", Text("When", "触发条件")), Column("by", Text("By", "处理角色")),
        Column("limit", Text("Minutes", "时限（分钟）"), is_number=True), Column("then", Text("If nobody decides", "无人处理时")),
        Column("stands", Text("Stands", "状态")),
    ], rows, Text("No rules yet: load those that ship.", "暂无规则，可加载内置规则。"))  # fmt: skip


async def _kinds(tx: Tx, merchant_id: int | None) -> Section:
    found = await cases.catalogue(tx, merchant_id)
    return Table(Text("Kinds of trouble and their clocks", "异常类型与时限"), [
        Column("kind", Text("Kind", "类型")), Column("owner", Text("Owner", "负责角色")), Column("contact", Text("First word", "首次联系"), is_number=True),
        Column("plan", Text("Plan", "方案"), is_number=True), Column("resolve", Text("Solved", "解决"), is_number=True), Column("stands", Text("Stands", "状态")),
    ], [Row(code, f"/rules/cases/{code}", {
        "kind": Two(words.of_case(kind), Code(code)), "owner": identity.ROLE_NAMES.get(kind.document.owner or "", kind.document.owner),
        "contact": _minutes(kind.document.contact_minutes), "plan": _minutes(kind.document.plan_minutes),
        "resolve": _minutes(kind.document.resolve_minutes), "stands": ON if kind.is_active else OFF,
    }) for code, kind in sorted(found.items())])  # fmt: skip


def _minutes(value: int | None) -> Text | None:
    if value is None:
        return None
    return Text(f"{value // 60} h", f"{value // 60} 小时") if value % 60 == 0 else Text(f"{value} min", f"{value} 分钟")


async def _extensions(tx: Tx, merchant_id: int | None) -> Section:
    found = await clocks.list_extensions(tx, merchant_id, Page(20))
    moved = await clocks.extended_kinds(tx, [one.id for one in found])
    return Table(Text("Deadlines that were made later", "批量延期记录"), [
        Column("at", Text("Ordered", "下达时间")), Column("what", Text("Which", "时限")), Column("span", Text("Due in", "到期区间")),
        Column("why", Text("Why", "原因")), Column("moved", Text("Moved", "已延期"), is_number=True), Column("stands", Text("Stands", "状态")),
    ], [Row(str(one.id), None, {
        "at": one.at, "what": [clock_words.name(kind) for kind in one.kinds], "span": [one.due_from, one.due_before],
        "why": dict(REASONS).get(one.reason, one.reason), "moved": f"{sum(moved[one.id].values())} / {sum(one.expected.values())}",
        "stands": Chip(Text("Done", "完成"), "done") if one.finished_at else Chip(Text("Under way", "进行中"), "system"),
    }) for one in found], Text("None were.", "暂无。"))  # fmt: skip


async def _review_terms(tx: Tx) -> Section:
    terms = await review.terms(tx)
    return Facts(Text("For every review", "审核通用条款"), [
        (Text("Two people above", "两人审核金额"), Money(terms.second_above["CNY"], "CNY") if "CNY" in terms.second_above else None),
        (Text("Sellers' own staff need a second", "商家自审须复核"), terms.own_staff_needs_second),
        (Text("Service hours", "服务时间"), f"{terms.service_from_hour:02d}:00–{terms.service_to_hour:02d}:00"),
        (Text("Buyers answer within hours", "买家答复（小时）"), terms.answer_within_hours), (Text("Warn at percent", "预警比例（%）"), terms.warn_at_percent),
    ])  # fmt: skip


async def _case_terms(tx: Tx) -> Section:
    terms = await cases.terms(tx)
    levels = [
        (Text("Agent alone", "客服可批"), terms.agent),
        (Text("Lead alone", "主管可批"), terms.lead),
        (Text("Manager alone", "经理可批"), terms.manager),
    ]
    return Facts(Text("Limits of authority", "权限额度"), [
        *((label, Money(limits["CNY"], "CNY") if "CNY" in limits else None) for label, limits in levels),
        (Text("Beyond what was paid, percent", "额外补偿上限（%）"), terms.budget_percent), (Text("Claims within days", "索赔期限（天）"), terms.claim_days),
    ])  # fmt: skip


async def _calendar(tx: Tx, merchant_id: int | None) -> Section:
    found = await clocks.calendar_versions(tx, merchant_id)
    if not found:
        return Facts(Text("Calendar", "工作日历"), [], Text("None: every hour counts.", "未设置，按自然时间计算。"))
    terms = found[0].terms
    days = dict(WEEKDAYS)
    return Facts(Text(f"Calendar, version {found[0].version}", f"工作日历（第 {found[0].version} 版）"), [
        (Text("Days", "工作日"), [days[str(day)] for day in terms.weekdays]), (Text("Hours", "时段"), f"{terms.opens}–{terms.closes} {terms.zone}"),
        (Text("Holidays of", "节假日"), terms.holidays), (Text("Counted by it", "适用时限"), [clock_words.name(kind) for kind in terms.kinds] or None),
        (Text("Since", "生效"), found[0].at),
    ])  # fmt: skip


async def _acts(tx: Tx, merchant_id: int | None) -> list[Act]:
    found = []
    if tx.actor.may("deadline.extend"):
        found.append(Act("extend", Text("Make deadlines later…", "批量延期…"), CHECK, "L", [
            Field("kinds", Text("Which", "时限"), "choices", options=[(kind, clock_words.name(kind)) for kind in sorted(clocks.extendable_kinds())]),
            Field("due_from", Text("Due from", "到期日从"), "date"), Field("due_before", Text("to the end of", "至"), "date"),
            Field("by_hours", Text("Later by hours", "延长小时数"), "number", value=24), Field("reason", Text("Why", "原因"), "choice", options=REASONS),
        ], warns=Text("First you see how many move; nothing changes yet.", "先显示影响数量，确认后才会生效。")))  # fmt: skip
    if tx.actor.may("review_rule.write") and merchant_id is None:
        terms = await review.terms(tx)
        found += [
            Act("terms", Text("Terms of review", "审核通用条款"), "/rules/review-terms", fields=_review_fields(terms)),
            Act("load", Text("Load rules that ship", "加载内置规则"), "/rules/load"),
        ]  # fmt: skip
    if tx.actor.may("case_kind.write") and merchant_id is None:
        found.append(
            Act(
                "limits",
                Text("Limits of authority", "权限额度"),
                "/rules/case-terms",
                fields=_limit_fields(await cases.terms(tx)),
            )
        )
    if tx.actor.may("calendar.write"):
        held = await clocks.calendar_versions(tx, merchant_id)
        found.append(
            Act(
                "calendar",
                Text("Calendar", "工作日历"),
                "/rules/calendar",
                fields=_calendar_fields(held[0] if held else None),
            )
        )
    return found


def _review_fields(terms: review.Terms) -> list[Field]:
    return [
        Field("second_above", Text("Two people above", "两人审核金额"), "money", value=_typed(terms.second_above.get("CNY"))),
        Field("own_staff", Text("Sellers' own staff need a second", "商家自审须复核"), "check", value=terms.own_staff_needs_second),
        Field("from_hour", Text("Service from hour", "服务开始（时）"), "number", value=terms.service_from_hour),
        Field("to_hour", Text("to hour", "服务结束（时）"), "number", value=terms.service_to_hour),
        Field("answer_hours", Text("Buyers answer within hours", "买家答复（小时）"), "number", value=terms.answer_within_hours),
        Field("warn_percent", Text("Warn at percent", "预警比例（%）"), "number", value=terms.warn_at_percent),
    ]  # fmt: skip


def _limit_fields(terms: cases.CaseTerms) -> list[Field]:
    return [
        Field("agent", Text("Agent alone", "客服可批"), "money", value=_typed(terms.agent.get("CNY"))),
        Field("lead", Text("Lead alone", "主管可批"), "money", value=_typed(terms.lead.get("CNY"))),
        Field("manager", Text("Manager alone", "经理可批"), "money", value=_typed(terms.manager.get("CNY"))),
        Field("budget_percent", Text("Beyond what was paid, percent", "额外补偿上限（%）"), "number", value=terms.budget_percent),
        Field("claim_days", Text("Claims within days", "索赔期限（天）"), "number", value=terms.claim_days),
    ]  # fmt: skip


def _calendar_fields(held: clocks.SavedCalendar | None) -> list[Field]:
    terms = held.terms if held is not None else None
    days = Text("One day a line, such as 2027-02-06", "每行一天，如 2027-02-06")
    return [
        Field("zone", Text("Zone", "时区"), value=terms.zone if terms else formatting.ZONE.key),
        Field("weekdays", Text("Days", "工作日"), "choices", options=WEEKDAYS, value=[str(day) for day in (terms.weekdays if terms else range(1, 8))]),
        Field("opens", Text("Opens", "开始"), value=terms.opens if terms else "00:00"), Field("closes", Text("Closes", "结束"), value=terms.closes if terms else "24:00"),
        Field("holidays", Text("Holidays of the country", "节假日国家"), value=terms.holidays if terms else None, is_needed=False),
        Field("days_on", Text("Also work on", "加班日"), "prose", days, value="\n".join(map(str, terms.days_on)) if terms else None, is_needed=False),
        Field("days_off", Text("Do not work on", "休息日"), "prose", days, value="\n".join(map(str, terms.days_off)) if terms else None, is_needed=False),
        Field("kinds", Text("Counted by it", "适用时限"), "choices", options=[(kind, clock_words.name(kind)) for kind in sorted(clocks.counted_kinds())],
              value=list(terms.kinds) if terms else [], is_needed=False),
    ]  # fmt: skip


def _typed(amount: int | None) -> str | None:
    return decimal_string(amount, "CNY") if amount is not None else None


def _rule_acts(tx: Tx, rule: review.Rule, *, is_on: bool) -> list[Act]:
    if not tx.actor.may("review_rule.write"):
        return []
    here, is_own = f"/rules/review/{rule.code}", rule.merchant_id == tx.actor.merchant_id
    found = [
        Act(
            "try",
            Text("Try on the past", "历史回测"),
            f"{here}/try",
            "P",
            [
                *rule_fields(rule, with_days=True),
                Field("tried", Text("What it would have stopped", "试算结果"), "preview", value=f"{here}/try"),
            ],
            "first",
        )
    ]
    if is_own:
        found.append(Act("edit", Text("Change", "修改"), f"{here}/save", "E", rule_fields(rule, with_days=False), warns=Text(
            "A new version; orders that were looked at stay as they are.", "将生成新版本，已审核的订单不受影响。")))  # fmt: skip
    may_switch = is_own or rule.document.merchants_may_switch
    words_ = Text("Switch off", "停用") if is_on else Text("Switch on", "启用")
    found.append(Act("switch", words_, f"{here}/switch", "S", [Field("on", words_, "hidden", value="false" if is_on else "true")],
                     why_not=None if may_switch else Text("The platform does not let merchants switch it.", "平台不允许商家开关此规则。")))  # fmt: skip
    return found


def rule_fields(rule: review.Rule, *, with_days: bool) -> list[Field]:
    """What can be changed of a rule; of its trigger the numbers that its kind has."""
    document = rule.document
    fields = [] if with_days else [
        Field("title_en", Text("Title in English", "英文标题"), value=document.title.en), Field("title_zh", Text("Title in Chinese", "中文标题"), value=document.title.zh),
    ]  # fmt: skip
    for name in document.trigger.__struct_fields__:
        value = getattr(document.trigger, name)
        words_ = review_words.number_name(name)
        if isinstance(value, dict):
            fields.append(Field(name, words_, "money", value=_typed(value.get("CNY")), is_needed=False))
        else:
            fields.append(Field(name, words_, "number", value=value, is_needed=False))
    if with_days:
        return [*fields, Field("days", Text("Orders of the last days", "回测天数"), "number", value=30)]
    return [
        *fields, Field("owner", Text("By", "处理角色"), "choice", options=review_words.OWNERS, value=document.owner),
        Field("limit_minutes", Text("Within service minutes", "时限（服务时间分钟）"), "number", value=document.limit_minutes),
        Field("on_timeout", Text("If nobody decides", "无人处理时"), "choice", options=TIMEOUTS, value=document.on_timeout),
        Field("merchants", Text("Merchants may switch it", "商家可自行开关"), "check", value=document.merchants_may_switch),
        Field("checklist", Text("Checklist: code | English | Chinese, and | law where the law asks it", "核对项：代码 | 英文 | 中文，法定项加 | law"), "prose", longest=20_000,
              value="\n".join(f"{item.code} | {item.en} | {item.zh}" + (" | law" if item.is_statutory else "")
                              for item in document.checklist)),
    ]  # fmt: skip


def _kind_acts(tx: Tx, kind: cases.CaseKind) -> list[Act]:
    if not tx.actor.may("case_kind.write"):
        return []
    document = kind.document
    roles = [(role, identity.ROLE_NAMES[role]) for role in sorted(identity.STAFF_ROLES)]
    return [Act("limits", Text("Change the clocks", "修改时限"), f"/rules/cases/{kind.code}/save", "E", [
        Field("is_active", Text("On", "启用"), "check", value=kind.is_active),
        Field("owner", Text("Owner", "负责角色"), "choice", options=roles, value=document.owner),
        Field("contact_minutes", Text("First word, minutes", "首次联系（分钟）"), "number", value=document.contact_minutes),
        Field("plan_minutes", Text("Plan, minutes", "给出方案（分钟）"), "number", value=document.plan_minutes),
        Field("resolve_minutes", Text("Solved, minutes", "解决（分钟）"), "number", value=document.resolve_minutes, is_needed=False),
        Field("update_minutes", Text("Next word, minutes", "再次告知（分钟）"), "number", value=document.update_minutes),
        Field("answer_minutes", Text("Buyer answers, minutes", "买家答复（分钟）"), "number", value=document.answer_minutes),
    ], warns=Text("Cases that are open keep the clocks they have.", "已建异常单的时限不变。"))]  # fmt: skip


ROUTES = [overview, review_rule, case_kind]
