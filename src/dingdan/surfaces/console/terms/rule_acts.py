"""What can be done with rules and limits: written, tried on the past, switched, and deadlines made later after a dry run."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import cases, clocks, review
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import review_words
from dingdan.surfaces.console.orders.case_acts import Typed
from dingdan.surfaces.console.terms import rule_desk
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.bodies import malformed
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.lanes import ClockTime, Country
from dingdan.surfaces.shared.pages import clocks as clock_words
from dingdan.surfaces.shared.pages import formatting, naming, rendering
from dingdan.surfaces.shared.pages.doors import act, frame_of, itself, page_response, screen
from dingdan.surfaces.shared.pages.forms import Form, amount_of, as_form, read
from dingdan.surfaces.shared.pages.screens import Done, Link, Own
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Prose, Word

Whole = Annotated[int, Meta(ge=0, le=10_000_000)]
Long = Annotated[str, Meta(max_length=20_000)]


class TriggerForm(Form, frozen=True, kw_only=True):
    """The numbers of a trigger; a rule has those of its kind. Amounts are typed in yuan, others stay as they are."""

    at_least: Typed = ""
    times_usual: Whole | None = None
    earlier_orders: Whole | None = None
    more_than: Whole | None = None
    percent_of_stock: Whole | None = None
    percent_of_usual: Whole | None = None
    discount_percent: Whole | None = None
    younger_than_hours: Whole | None = None
    buyers: Whole | None = None
    within_hours: Whole | None = None
    orders: Whole | None = None
    within_minutes: Whole | None = None


class TryForm(TriggerForm, frozen=True, kw_only=True):
    """The same, and how far back it is tried."""

    days: Annotated[int, Meta(ge=1, le=90)] = 30


class TriedQuery(TryForm, frozen=True, kw_only=True):
    """What stands in the form so far."""


class RuleForm(TriggerForm, frozen=True, kw_only=True):
    """A rule as it shall be."""

    title_en: Annotated[str, Meta(min_length=1, max_length=300)]
    title_zh: Annotated[str, Meta(min_length=1, max_length=300)]
    owner: review.Owner
    limit_minutes: Whole
    on_timeout: Word
    merchants: bool = False
    checklist: Long


class SwitchForm(Form, frozen=True, kw_only=True):
    """On or off."""

    on: bool


class ReviewTermsForm(Form, frozen=True, kw_only=True):
    """What holds for every review."""

    second_above: Typed
    own_staff: bool = False
    from_hour: Whole
    to_hour: Whole
    answer_hours: Whole
    warn_percent: Whole


class LimitsForm(Form, frozen=True, kw_only=True):
    """How much each level grants alone."""

    agent: Typed
    lead: Typed
    manager: Typed
    budget_percent: Whole
    claim_days: Whole


class KindForm(Form, frozen=True, kw_only=True):
    """A kind's owner and clocks."""

    is_active: bool = False
    owner: CodeWord
    contact_minutes: Whole
    plan_minutes: Whole
    resolve_minutes: Whole | None = None
    update_minutes: Whole
    answer_minutes: Whole


class CalendarForm(Form, frozen=True, kw_only=True):
    """When somebody works."""

    zone: Word
    weekdays: Annotated[tuple[str, ...], Meta(min_length=1, max_length=7)]
    opens: ClockTime
    closes: ClockTime
    holidays: Country | None = None
    days_on: Prose = ""
    days_off: Prose = ""
    kinds: Annotated[tuple[Word, ...], Meta(max_length=50)] = ()


class ExtendForm(Form, frozen=True, kw_only=True):
    """Which deadlines shall be later, and by how much: those due on these days, both included."""

    kinds: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=20)]
    due_from: date
    due_before: date
    by_hours: Annotated[int, Meta(ge=1, le=1_440)]
    reason: CodeWord


@itself("POST", "/rules/review/{code}/try", permission="review_rule.write")
async def try_rule(ask: Ask, code: Word) -> Response[str]:
    """What the rule with these numbers would have stopped of past orders; nothing changes."""
    form: TryForm = as_form(TryForm, (await read(ask.request)).words)
    async with ask.db.reading(ask.actor) as tx:
        found, frame = await _tried(tx, code, form), frame_of(ask.request, tx.now)
    return page_response(rendering.draw("rule_tried.html", frame, **found))


@screen("/rules/review/{code}/try", permission="review_rule.write")
async def tries(tx: Tx, code: Word, query: TriedQuery) -> Own:
    """The same while the numbers are typed: it stands in the form from its opening on."""
    return Own(
        title=Text("What it would have stopped", "试算结果"),
        template="rule_tried.html",
        data=await _tried(tx, code, query),
    )


async def _tried(tx: Tx, code: str, form: TryForm) -> dict[str, Any]:
    merchant_id = await scope.merchant_filter(tx, None)
    rule = await rule_desk.rule_meant(tx, merchant_id, code)
    found = await review.preview(tx, merchant_id, _drafted(rule, form, {}), days=form.days, replaces=code)
    titles = {one.code: review_words.said(one.document.title) for one in await review.list_rules(tx, None)}
    samples = [Link(naming.place("order", number), ids.spoken(number), is_code=True) for number in found.samples]
    overlap = [(titles.get(name, Text(name, name)), number) for name, number in found.overlap.items()]
    return {"found": found, "samples": samples, "overlap": overlap}


@act("/rules/review/{code}/save", permission="review_rule.write")
async def save_rule(tx: Tx, code: Word, form: RuleForm) -> Done:
    """Write the next version of a rule."""
    merchant_id = await scope.merchant_filter(tx, None)
    rule = await rule_desk.rule_meant(tx, merchant_id, code)
    document = _drafted(rule, form, {
        "title": {"en": form.title_en, "zh": form.title_zh}, "owner": form.owner, "limit_minutes": form.limit_minutes,
        "on_timeout": form.on_timeout, "merchants_may_switch": form.merchants, "checklist": _checklist(form.checklist),
    })  # fmt: skip
    made = await review.save_rule(tx, review.SaveRule(
        merchant_id=merchant_id, code=code, document=document, is_active=rule.is_active))  # fmt: skip
    return Done(
        text=Text(f"Version {made.number} holds from now on", f"第 {made.number} 版已生效"), to=f"/rules/review/{code}"
    )


@act("/rules/review/{code}/switch", permission="review_rule.write")
async def switch(tx: Tx, code: Word, form: SwitchForm) -> Done:
    """Switch a rule on or off: one's own by its next version, the platform's for one merchant where that is allowed."""
    merchant_id = await scope.merchant_filter(tx, None)
    rule = await rule_desk.rule_meant(tx, merchant_id, code)
    if merchant_id is not None and rule.merchant_id is None:
        await review.switch_rule(tx, merchant_id, code, is_active=form.on)
    else:
        await review.save_rule(
            tx, review.SaveRule(merchant_id=merchant_id, code=code, document=rule.document, is_active=form.on)
        )
    return Done(
        text=Text("Switched on", "已启用") if form.on else Text("Switched off", "已停用"), to=f"/rules/review/{code}"
    )


@act("/rules/load", permission="review_rule.write")
async def load(tx: Tx) -> Done:
    """Give the platform the rules that ship; those that it has stay."""
    made = await review.load_shipped(tx)
    return Done(text=Text(f"{len(made)} rules are there", f"现有 {len(made)} 条内置规则"), to="/rules")


@act("/rules/review-terms", permission="review_rule.write")
async def save_review_terms(tx: Tx, form: ReviewTermsForm) -> Done:
    """What holds for every review from now on."""
    held = await review.terms(tx)
    above = {**held.second_above, "CNY": amount_of(form.second_above, "CNY", "second_above")}
    wanted = _checked(review.Terms, {
        "second_above": above, "own_staff_needs_second": form.own_staff, "service_from_hour": form.from_hour, "service_to_hour": form.to_hour,
        "answer_within_hours": form.answer_hours, "warn_at_percent": form.warn_percent,
    })  # fmt: skip
    await review.save_terms(tx, wanted)
    return Done(text=Text("Terms saved", "已保存"), to="/rules")


@act("/rules/case-terms", permission="case_kind.write")
async def save_case_terms(tx: Tx, form: LimitsForm) -> Done:
    """How much each level grants alone from now on."""
    held = msgspec.to_builtins(await cases.terms(tx))
    for level in ("agent", "lead", "manager"):
        held[level] = {**held[level], "CNY": amount_of(getattr(form, level), "CNY", level)}
    wanted = _checked(cases.CaseTerms, {**held, "budget_percent": form.budget_percent, "claim_days": form.claim_days})
    await cases.save_terms(tx, wanted)
    return Done(text=Text("Limits saved", "已保存"), to="/rules")


@act("/rules/cases/{code}/save", permission="case_kind.write")
async def save_kind(tx: Tx, code: Word, form: KindForm) -> Done:
    """Write the next version of a kind of trouble."""
    merchant_id = await scope.merchant_filter(tx, None)
    kind = await cases.get_kind(tx, merchant_id, code)
    document = _checked(cases.KindDocument, {
        **msgspec.to_builtins(kind.document), "owner": form.owner, "contact_minutes": form.contact_minutes, "plan_minutes": form.plan_minutes,
        "resolve_minutes": form.resolve_minutes, "update_minutes": form.update_minutes, "answer_minutes": form.answer_minutes,
    })  # fmt: skip
    await cases.save_kind(
        tx, cases.SaveKind(merchant_id=merchant_id, code=code, document=document, is_active=form.is_active)
    )
    return Done(text=Text("Saved", "已保存"), to=f"/rules/cases/{code}")


@act("/rules/calendar", permission="calendar.write")
async def save_calendar(tx: Tx, form: CalendarForm) -> Done:
    """Write the next version of the calendar; it counts for promises given from now on."""
    weekdays = sorted({int(day) for day in form.weekdays if day in "1234567" and len(day) == 1})
    await clocks.save_calendar(tx, await scope.merchant_filter(tx, None), CalendarTerms(
        zone=form.zone, weekdays=tuple(weekdays), opens=form.opens, closes=form.closes, holidays=form.holidays,
        days_on=_days(form.days_on, "days_on"), days_off=_days(form.days_off, "days_off"), kinds=tuple(dict.fromkeys(form.kinds)),
    ))  # fmt: skip
    return Done(text=Text("Calendar saved", "日历已保存"), to="/rules")


@itself("POST", "/rules/extensions/check", permission="deadline.extend")
async def check_extension(ask: Ask) -> Response[str]:
    """How many deadlines of each kind would move now; nothing changes."""
    form: ExtendForm = as_form(ExtendForm, (await read(ask.request)).words)
    async with ask.db.reading(ask.actor) as tx:
        found = await clocks.preview(tx, await _extension(tx, form))
        frame = frame_of(ask.request, tx.now)
    counted = [(clock_words.name(kind), number) for kind, number in found.items()]
    return page_response(rendering.draw("extension_checked.html", frame, counted=counted, total=sum(found.values())))


@act("/rules/extensions", permission="deadline.extend")
async def extend(tx: Tx, form: ExtendForm) -> Done:
    """Make them later; they move in sets, each once."""
    made = await clocks.extend(tx, await _extension(tx, form))
    total = sum(made.expected.values())
    return Done(text=Text(f"{total} deadlines move", f"{total} 个时限正在延期"), to="/rules")


async def _extension(tx: Tx, form: ExtendForm) -> clocks.Extend:
    begin = datetime.combine(form.due_from, time(), formatting.ZONE)
    end = datetime.combine(form.due_before, time(), formatting.ZONE) + timedelta(days=1)
    return clocks.Extend(merchant_id=await scope.merchant_filter(tx, None), kinds=form.kinds, due_from=begin, due_before=end,
                         by_span=timedelta(hours=form.by_hours), reason=form.reason)  # fmt: skip


def _drafted(rule: review.Rule, form: TriggerForm, more: dict[str, Any]) -> review.RuleDocument:
    """The rule's document with what was typed. Raises Malformed."""
    document: dict[str, Any] = msgspec.to_builtins(rule.document)
    trigger: dict[str, Any] = document["trigger"]
    for name in rule.document.trigger.__struct_fields__:
        typed = getattr(form, name)
        if isinstance(trigger[name], dict):
            others = {currency: amount for currency, amount in trigger[name].items() if currency != "CNY"}
            trigger[name] = {**others, "CNY": amount_of(typed, "CNY", name)} if typed else others
        elif typed is not None or trigger[name] is None:
            trigger[name] = typed
    made: review.RuleDocument = _checked(review.RuleDocument, {**document, **more})
    return made


def _checked(kind: Any, fields: dict[str, Any]) -> Any:
    try:
        return msgspec.convert(fields, kind, strict=True)
    except msgspec.ValidationError as error:
        raise malformed(error) from None


def _checklist(text: str) -> list[dict[str, str | bool]]:
    found: list[dict[str, str | bool]] = []
    for n, line in enumerate(line for line in text.splitlines() if line.strip()):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 and parts[3:] != ["law"]:
            raise Malformed(
                "checklist",
                what=f"line {n + 1} is not: code | English | Chinese, or with | law behind it",
                what_zh=f"第 {n + 1} 行须为：代码 | 英文 | 中文，法定项可加 | law",
            )
        words = dict(zip(("code", "en", "zh"), parts, strict=False))
        found.append({**words, "is_statutory": len(parts) == 4})
    return found


def _days(text: str, path: str) -> tuple[date, ...]:
    try:
        return tuple(sorted({date.fromisoformat(line.strip()) for line in text.splitlines() if line.strip()}))
    except ValueError:
        raise Malformed(path, what="not days such as 2027-02-06", what_zh="日期格式应为 2027-02-06") from None


ROUTES = [
    try_rule, tries, save_rule, switch, load, save_review_terms, save_case_terms, save_kind, save_calendar, check_extension, extend,
]  # fmt: skip
