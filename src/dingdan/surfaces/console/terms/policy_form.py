"""A policy document as plain fields, rule by rule, and back: what a field says goes to the place that its name is."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

import msgspec

from dingdan.areas import policies
from dingdan.kernel.refusal import Text
from dingdan.surfaces.console import typed
from dingdan.surfaces.console.terms import policy_words as words
from dingdan.surfaces.shared.pages.screens import Field
from dingdan.surfaces.shared.problems import Malformed

Words = Mapping[str, list[str]]
OUTBOUND, BACK = tuple(words.OUTBOUND.items()), tuple(words.PAYS.items())
KINDS = tuple((kind, words.KINDS[kind]) for kind in get_args(policies.Reason.__annotations__["kind"]))
# Goods that may be excepted: how the answer stands in the two lists of the document.
EXCEPTED = "excepted."
FRESH = "new"


class Group(msgspec.Struct, frozen=True):
    """One rule of the editor: what it is about, and its fields."""

    title: Text
    fields: Sequence[Field]
    note: Text | None = None


def groups(document: policies.PolicyDocument) -> list[Group]:
    """The rules of a document in the order in which a case meets them, each with its fields as they stand."""
    whole = policies.as_json(document)
    return [
        Group(title, [_filled(field, whole, document) for field in fields], note)
        for title, fields, note in _rules(document)
    ]


def _rules(document: policies.PolicyDocument) -> Iterator[tuple[Text, list[Field], Text | None]]:
    yield Text("What it is called, and from when it applies", "名称与施行日期"), [
        Field("name.zh", Text("Name in Chinese", "中文名称"), longest=200), Field("name.en", Text("Name in English", "英文名称"), longest=200),
        Field("effective_from", Text("Applies from", "施行日期"), "date",
              hint=Text("To orders placed from then on; at least 7 days after it is announced.", "适用于该日起的新订单，须至少提前 7 日公示。")),
    ], None  # fmt: skip
    codes = dict.fromkeys(
        (*document.no_reason.excluded, *document.no_reason.excludable_with_confirmation, *document.applies_to)
    )
    yield Text("What cannot go back without a reason", "不支持无理由退货的商品"), [
        Field(f"{EXCEPTED}{code}", _rule_words(document, code), "choice", options=tuple(words.EXCLUDED.items()), is_needed=True) for code in codes
    ], Text("Where the law grants it, an exception has to rest on the law.", "例外须有法律依据。")  # fmt: skip
    yield Text("Without a reason: how long", "无理由退货期限"), _window("no_reason.window", untold=True), None
    yield Text("Our fault: how long", "商家责任退货期限"), [
        *_window("quality.window"), Field("quality.late_days", Text("Days after that, if a person agrees", "逾期经审核可受理（日）"), "number"),
    ], None  # fmt: skip
    for fault, path in (("buyer", "no_reason.freight"), ("seller", "quality.freight"), ("none", "freight.none")):
        if fault in document.freight:
            path = f"freight.{fault}"
        if fault != "none" or "none" in document.freight:
            yield (
                Text(f"Who pays the postage: {words.FAULTS[fault].en}", f"运费承担：{words.FAULTS[fault].zh}"),
                _freight(path),
                None,
            )
    evidence = tuple(words.EVIDENCE.items())
    yield Text("What has to be shown", "所需凭证"), [
        Field("no_reason.evidence_required", Text("Without a reason", "无理由"), "choices", options=evidence),
        Field("quality.evidence_required", Text("Our fault", "商家责任"), "choices", options=evidence),
    ], None  # fmt: skip
    yield Text("When and how the money comes back", "退款时限与方式"), [
        Field("refund.days", Text("Days at most", "最晚（日）"), "number"),
        Field("refund.start", Text("Counted from", "起算"), "choice", options=tuple(words.STARTS_REFUND.items()), value="goods_received_at"),
        Field("refund.withhold", Text("Held back", "暂扣"), "choice", options=tuple(words.WITHHOLD.items()), value="until_received"),
        Field("refund.balance", Text("Into the balance", "退至余额"), "choice", options=tuple(words.BALANCE.items()), value="never"),
    ], None  # fmt: skip
    yield Text("Who decides, and how soon", "审核与寄回时限"), [
        Field("review.target_hours", Text("Review, aimed at (hours)", "审核目标（小时）"), "number"),
        Field("review.limit_hours", Text("Review, at most (hours)", "审核上限（小时）"), "number"),
        Field("send_back_days", Text("Days to send it back", "寄回时限（日）"), "number"),
        Field("rule_change_notice_days", Text("Days of notice before a change", "变更公示期（日）"), "number", value=7),
    ], None  # fmt: skip
    instead = [field for part, fields in _INSTEAD.items() if getattr(document, part) is not None for field in fields]
    if instead:
        yield Text("Something else instead", "换货、维修与减价"), instead, None


_INSTEAD = {
    "exchange": [
        Field("exchange.reship_hours", Text("Exchange sent within (hours)", "换货发出时限（小时）"), "number")
    ],
    "repair": [
        Field("repair.most_days", Text("Repair, at most (days)", "维修上限（日）"), "number"),
        Field("repair.most_failures", Text("Repairs that may fail", "维修失败次数上限"), "number"),
    ],
    "reduction": [Field("reduction.most_percent", Text("Off the price, at most (%)", "减价上限（%）"), "number")],
}


def _window(path: str, *, untold: bool = False) -> list[Field]:
    found = [
        Field(f"{path}.days", Text("Days", "天数"), "number", is_needed=False), Field(f"{path}.months", Text("Months", "月数"), "number", is_needed=False),
        Field(f"{path}.start", Text("Counted from", "起算"), "choice", options=tuple(words.STARTS.items()), value="delivered_at"),
        Field(f"{path}.roll_rest_day", Text("A last day that is a rest day rolls on", "末日为休息日的顺延"), "check"),
    ]  # fmt: skip
    if untold:
        found.append(
            Field(
                f"{path}.untold_months",
                Text("Months more for who was not told", "未告知者延长（月）"),
                "number",
                is_needed=False,
            )
        )
    return found


def _freight(path: str) -> list[Field]:
    return [
        Field(f"{path}.return", Text("The way back", "退货运费"), "choice", options=BACK),
        Field(f"{path}.outbound", Text("What was paid for delivery", "发货运费"), "choice", options=OUTBOUND),
        Field(f"{path}.reship", Text("The way of what is sent instead", "换货、维修寄送运费"), "choice", options=BACK, is_needed=False),
        Field(f"{path}.lost_free_shipping", Text("Free delivery that is no longer earned", "不再满足包邮的运费"), "choice",
              options=tuple(words.LOST_SHIPPING.items()), value="keep"),
    ]  # fmt: skip


def _rule_words(document: policies.PolicyDocument, code: str) -> Text:
    rule = document.rules.get(code)
    if rule is None:
        return Text(code, code)
    return Text(f"{_short(rule.en, 90)} ({rule.article})", f"{_short(rule.zh, 60)}（{rule.article}）")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _filled(field: Field, whole: Mapping[str, Any], document: policies.PolicyDocument) -> Field:
    if field.name.startswith(EXCEPTED):
        code = field.name.removeprefix(EXCEPTED)
        excepted = "no" if code in document.no_reason.excluded else "confirm"
        known = excepted == "no" or code in document.no_reason.excludable_with_confirmation
        return msgspec.structs.replace(field, value=excepted if known else "yes")
    return msgspec.structs.replace(field, value=_at(whole, field.name, field.value))


def _at(whole: Mapping[str, Any], path: str, default: Any) -> Any:
    value: Any = whole
    for step in path.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return default
        value = value[step]
    return value


def edited(document: policies.PolicyDocument, sent: Words) -> dict[str, Any]:
    """The whole document with what the form says. Raises Malformed where a number is none."""
    whole = policies.as_json(document)
    for _, fields, _ in _rules(document):
        for field in fields:
            if not field.name.startswith(EXCEPTED) and (field.kind in ("check", "choices") or field.name in sent):
                value = _value(field, sent)
                # What stands at its default is not written.
                _put(whole, field.name, None if value == field.value else value)
    excepted = {name.removeprefix(EXCEPTED): values[-1] for name, values in sent.items() if name.startswith(EXCEPTED)}
    if excepted:
        codes = [
            field.name.removeprefix(EXCEPTED)
            for group in groups(document)
            for field in group.fields
            if field.name.startswith(EXCEPTED)
        ]
        whole["no_reason"]["excluded"] = [code for code in codes if excepted.get(code) == "no"]
        whole["no_reason"]["excludable_with_confirmation"] = [code for code in codes if excepted.get(code) == "confirm"]
    _edit_conditions(whole, sent)
    return whole


def _value(field: Field, sent: Words) -> Any:
    given = [value for value in sent.get(field.name, []) if value]
    if field.kind == "choices":
        return given
    if field.kind == "check":
        return bool(given)
    if not given:
        return None
    return _whole_number(given[0], field.name) if field.kind == "number" else given[0]


def _whole_number(text: str, path: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Malformed(path, what="not a whole number", what_zh="不是整数")
    return int(text)


def _put(whole: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at its place; what is left out stands at its default."""
    *steps, last = path.split(".")
    place = whole
    for step in steps:
        place = place.setdefault(step, {})
    if value in (None, False):
        place.pop(last, None)
    else:
        place[last] = value


def condition_rows(document: policies.PolicyDocument, own: frozenset[str]) -> list[dict[str, Any]]:
    """The conditions of some goods as rows of fields; what comes from the base can be changed and not taken away."""
    rows = []
    for n, one in enumerate(document.conditions):
        rule, window, report = document.rules.get(one.code), one.window, one.report
        rows.append({
            "prefix": f"c{n}", "code": one.code, "is_own": one.code in own,
            "title": Text(rule.en, rule.zh) if rule else Text(one.code, one.code), "article": rule.article if rule else "",
            "remedies": [Text(f"{words.REMEDIES[each.remedy].en} {each.window.days or each.window.months}{' days' if each.window.days else ' months'}",
                              f"{words.REMEDIES[each.remedy].zh} {each.window.days or each.window.months}{'日' if each.window.days else '个月'}") for each in one.remedies],
            "fields": _condition_fields(f"c{n}", n + 1, one, window, report),
        })  # fmt: skip
    return rows


def _condition_fields(
    prefix: str,
    order: int,
    one: policies.Condition | None,
    window: policies.Window | None,
    report: policies.Window | None,
) -> list[Field]:
    goods = one.goods if one else policies.AppliesTo()
    return [
        Field(f"{prefix}.order", Text("Order", "顺序"), "number", value=order),
        Field(f"{prefix}.categories", Text("Categories", "类目"), value=", ".join(goods.categories), is_needed=False, hint=Text("Empty: all goods", "留空为全部商品")),
        Field(f"{prefix}.flags", Text("Flags", "商品标记"), value=", ".join(goods.flags), is_needed=False),
        Field(f"{prefix}.kinds", Text("For reasons of the kind", "适用原因类型"), "choices", options=KINDS, value=one.kinds if one else ()),
        Field(f"{prefix}.days", Text("May go back within (days)", "可退期限（日）"), "number", value=window.days if window else None, is_needed=False),
        Field(f"{prefix}.months", Text("and months", "加（月）"), "number", value=(window.months or None) if window else None, is_needed=False),
        Field(f"{prefix}.report_hours", Text("To be told within (hours)", "须反馈（小时内）"), "number", value=(report.hours or None) if report else None, is_needed=False),
        Field(f"{prefix}.report_days", Text("or days", "或（日内）"), "number", value=(report.days or None) if report else None, is_needed=False),
    ]  # fmt: skip


def fresh_condition(order: int) -> list[Field]:
    """The fields of a condition that is not there yet, with the words of the rule that it makes."""
    return [
        Field(f"{FRESH}.code", Text("Name of the rule", "规则编码"), longest=64, is_needed=False, hint=Text("Such as SHOP_SHOES_60", "例：SHOP_SHOES_60")),
        Field(f"{FRESH}.zh", Text("What it says in Chinese", "规则中文"), longest=500, is_needed=False),
        Field(f"{FRESH}.en", Text("What it says in English", "规则英文"), longest=500, is_needed=False),
        *_condition_fields(FRESH, order, None, None, None),
    ]  # fmt: skip


def _edit_conditions(whole: dict[str, Any], sent: Words) -> None:
    def word(name: str) -> str:
        return next((value for value in sent.get(name, []) if value), "")

    kept: list[tuple[int, int, dict[str, Any]]] = []
    for n, one in enumerate(whole.get("conditions", [])):
        if f"c{n}.order" not in sent:
            kept.append((n + 1, n, one))
        elif not word(f"c{n}.gone"):
            kept.append(
                (_whole_number(word(f"c{n}.order") or str(n + 1), f"c{n}.order"), n, _condition(one, f"c{n}", sent))
            )
    if code := word(f"{FRESH}.code"):
        order = _whole_number(word(f"{FRESH}.order") or "999", f"{FRESH}.order")
        kept.append((order, -1, _condition({"code": code}, FRESH, sent)))
        whole.setdefault("rules", {})[code] = {
            "article": "The shop's own promise",
            "en": word(f"{FRESH}.en"),
            "zh": word(f"{FRESH}.zh"),
        }
    whole["conditions"] = [one for _, _, one in sorted(kept, key=lambda each: each[:2])]


def _condition(one: dict[str, Any], prefix: str, sent: Words) -> dict[str, Any]:
    def number(name: str) -> int:
        text = next((value for value in sent.get(f"{prefix}.{name}", []) if value), "0")
        return _whole_number(text, f"{prefix}.{name}")

    changed = copy.deepcopy(one)
    goods = {**changed.get("goods", {}), **{
        name: list(typed.words_of(" ".join(sent.get(f"{prefix}.{name}", [])))) for name in ("categories", "flags")
    }}  # fmt: skip
    goods = {name: value for name, value in goods.items() if value}
    changed.pop("goods", None)
    if goods:
        changed["goods"] = goods
    changed.pop("kinds", None)
    if kinds := [kind for kind in sent.get(f"{prefix}.kinds", []) if kind]:
        changed["kinds"] = kinds
    for name, spans in (("window", {"days": number("days"), "months": number("months")}),
                        ("report", {"hours": number("report_hours"), "days": number("report_days")})):  # fmt: skip
        before = {key: value for key, value in changed.pop(name, {}).items() if key not in spans}
        if any(spans.values()):
            changed[name] = {"rule": changed["code"], **before, **{key: value for key, value in spans.items() if value}}
        elif before.get("hours") and "hours" not in spans:
            changed[name] = before
    return changed
