"""What is wrong with a rule before it is saved: it could never speak, or nobody could follow it."""

from collections import Counter
from collections.abc import Iterator

from dingdan.areas.review.model import (
    LargeAmount,
    LargeQuantity,
    NewAccount,
    PriceAnomaly,
    RuleDocument,
    Terms,
)
from dingdan.areas.review.refusals import RuleUnfit
from dingdan.kernel.money import is_currency
from dingdan.kernel.refusal import Refusal


def problems_of(document: RuleDocument) -> list[Refusal]:
    """Everything that is wrong with a rule."""
    return [*_trigger(document), *_checklist(document)]


def problems_of_terms(terms: Terms) -> list[Refusal]:
    """Everything that is wrong with the terms of all reviews."""
    found: list[Refusal] = [*_currencies("second_above", terms.second_above)]
    if terms.service_from_hour >= terms.service_to_hour:
        found.append(_unfit("service_to_hour", "service ends before it begins", "服务时间的结束早于开始"))
    return found


def _trigger(document: RuleDocument) -> Iterator[Refusal]:
    match document.trigger:
        case LargeAmount(at_least=amounts, times_usual=None) | NewAccount(at_least=amounts) if not amounts:
            yield _unfit("trigger.at_least", "it names no amount", "未填写金额")
        case LargeQuantity(more_than=None, percent_of_stock=None):
            yield _unfit("trigger.more_than", "it names no number of units", "未填写数量")
        case PriceAnomaly(percent_of_usual=None, discount_percent=None):
            yield _unfit("trigger.percent_of_usual", "it names no share", "未填写比例")
        case _:
            pass
    yield from _currencies("trigger.at_least", getattr(document.trigger, "at_least", {}))


def _currencies(path: str, amounts: dict[str, int]) -> Iterator[Refusal]:
    for currency in amounts:
        if not is_currency(currency):
            yield _unfit(f"{path}.{currency}", "this is no currency we know", "不支持该货币")


def _checklist(document: RuleDocument) -> Iterator[Refusal]:
    counts = Counter(item.code for item in document.checklist)
    for n, item in enumerate(document.checklist):
        if counts[item.code] > 1:
            yield _unfit(f"checklist[{n}].code", "two questions have one code", "检查项代码重复")


def _unfit(path: str, what: str, what_zh: str) -> Refusal:
    return RuleUnfit(path, what=what, what_zh=what_zh)
