"""What is wrong with a draft or a tariff, all of it at once, before anybody's price is made by it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dingdan.areas.pricing.model import Draft, FreightTariff, PointsRule, TaxRate
from dingdan.areas.pricing.refusals import FieldUnfit
from dingdan.areas.pricing.rules.benefits import Amount, Bundle, BuyGet, FreeFreight, Percent, Presale, Scope, Tiers
from dingdan.kernel.money import MAX_AMOUNT, is_currency
from dingdan.kernel.refusal import Refusal

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,63}")
MOST_RULES, MOST_NAMED, MOST_TIERS, LONGEST_NAME = 500, 1_000, 20, 200
WHOLE = 10_000


def problems_of(draft: Draft) -> list[Refusal]:
    """Everything that is wrong with a draft."""
    return [*_name(draft.name, "name"), *_code(draft), *_limits(draft), *_benefit(draft), *_scope(draft.scope, "scope"),
            *_currency(draft)]  # fmt: skip


def problems_of_freight(tariffs: Sequence[FreightTariff]) -> list[Refusal]:
    """Everything that is wrong with a freight tariff."""
    found: list[Refusal] = [*_many(tariffs)]
    seen = set()
    for i, one in enumerate(tariffs):
        path = f"rules[{i}]"
        found += _name(one.name, f"{path}.name")
        if not is_currency(one.currency):
            found.append(_unfit(f"{path}.currency", "a currency we keep accounts in", "须为系统支持的币种"))
        if one.region and not one.country:
            found.append(_unfit(f"{path}.country", "a region is in a country", "填写地区须同时填写国家"))
        if one.step < 1 or one.first < 0 or not all(0 <= fee <= MAX_AMOUNT for fee in (one.fee, one.step_fee)):
            found.append(_unfit(f"{path}.fee", "fees from 0 on, steps from 1 on", "费用不得为负，续重须大于 0"))
        if one.free_from is not None and one.free_from < 0:
            found.append(_unfit(f"{path}.free_from", "an amount from 0 on", "金额不得为负"))
        if (one.currency, one.country, one.region) in seen:
            found.append(_unfit(f"{path}.region", "this region stands here twice", "该地区重复"))
        seen.add((one.currency, one.country, one.region))
    return found


def problems_of_taxes(rates: Sequence[TaxRate]) -> list[Refusal]:
    """Everything that is wrong with tax rates."""
    found: list[Refusal] = [*_many(rates)]
    seen = set()
    for i, one in enumerate(rates):
        path = f"rules[{i}]"
        found += _name(one.name, f"{path}.name")
        if not 0 <= one.rate <= WHOLE:
            found.append(_unfit(f"{path}.rate", "from 0 to 10000 hundredths of a percent", "须为 0 至 10000 的万分比"))
        if one.region and not one.country:
            found.append(_unfit(f"{path}.country", "a region is in a country", "填写地区须同时填写国家"))
        about = (one.country, one.region, one.category, one.cross_border)
        if about in seen:
            found.append(_unfit(f"{path}.category", "this rate stands here twice", "该税率重复"))
        seen.add(about)
    return found


def problems_of_points(rule: PointsRule) -> list[Refusal]:
    """Everything that is wrong with what points are worth."""
    found: list[Refusal] = [*_scope(rule.scope, "scope")]
    if rule.points < 1 or not 1 <= rule.amount <= MAX_AMOUNT:
        found.append(_unfit("points", "points and amount are from 1 on", "积分与金额均须大于 0"))
    if not 1 <= rule.most <= WHOLE:
        found.append(_unfit("most", "from 1 to 10000 hundredths of a percent", "须为 1 至 10000 的万分比"))
    if not is_currency(rule.currency):
        found.append(_unfit("currency", "a currency we keep accounts in", "须为系统支持的币种"))
    return found


def _many(rules: Sequence[Any]) -> Iterator[Refusal]:
    if len(rules) > MOST_RULES:
        yield _unfit("rules", f"at most {MOST_RULES} rules", f"规则不得超过 {MOST_RULES} 条")


def _name(name: Mapping[str, str], path: str) -> Iterator[Refusal]:
    if not any(name.get(tag, "").strip() for tag in ("zh", "en")):
        yield _unfit(path, "at least zh or en", "至少须有中文或英文名称")
    if any(len(text) > LONGEST_NAME for text in name.values()):
        yield _unfit(path, f"at most {LONGEST_NAME} characters", f"不得超过 {LONGEST_NAME} 个字符")


def _code(draft: Draft) -> Iterator[Refusal]:
    if draft.code is not None and not _CODE.fullmatch(draft.code):
        yield _unfit("code", "2 to 64 of A-Z, 0-9, - and _", "须为 2 至 64 位 A-Z、0-9、- 或 _")
    if draft.code is None and (draft.needs_grant or draft.listed):
        yield _unfit("code", "only a coupon, which has a code, is given away or listed", "仅有券码的优惠券可发放或展示")
    if draft.code is not None and isinstance(draft.benefit, BuyGet | Bundle | Presale):
        yield _unfit("benefit.kind", "a coupon takes off a share, an amount, by tiers, or freight",
                     "优惠券仅支持折扣、减额、满减或免运费")  # fmt: skip


def _limits(draft: Draft) -> Iterator[Refusal]:
    for field in ("limit_total", "limit_per_buyer"):
        limit = getattr(draft, field)
        if limit is not None and not 1 <= limit <= 1_000_000_000:
            yield _unfit(field, "from 1 on", "须大于 0")
    if not 0 <= draft.min_spend <= MAX_AMOUNT:
        yield _unfit("min_spend", "an amount from 0 on", "金额不得为负")
    if not 0 <= draft.priority <= 1_000:
        yield _unfit("priority", "from 0 to 1000", "须为 0 至 1000")
    if draft.ends_at is not None and draft.ends_at <= draft.starts_at:
        yield _unfit("ends_at", "after the start", "须晚于开始时间")


def _currency(draft: Draft) -> Iterator[Refusal]:
    if draft.currency is not None and not is_currency(draft.currency):
        yield _unfit("currency", "a currency we keep accounts in", "须为系统支持的币种")
    elif draft.currency is None and _has_amounts(draft):
        yield _unfit("currency", "amounts need a currency", "涉及金额时须填写币种")


def _has_amounts(draft: Draft) -> bool:
    benefit = draft.benefit
    if draft.min_spend or isinstance(benefit, Amount | Bundle | Presale):
        return True
    if isinstance(benefit, Tiers):
        return (benefit.by == "sum" and any(tier.at for tier in benefit.tiers)) or any(
            tier.off is not None for tier in benefit.tiers
        )
    return isinstance(benefit, Percent | FreeFreight) and benefit.most is not None


def _benefit(draft: Draft) -> Iterator[Refusal]:
    benefit, path = draft.benefit, "benefit"
    if isinstance(benefit, Percent | BuyGet) and not 1 <= benefit.off <= WHOLE:
        yield _unfit(f"{path}.off", "from 1 to 10000 hundredths of a percent", "须为 1 至 10000 的万分比")
    if isinstance(benefit, Amount) and not 1 <= benefit.off <= MAX_AMOUNT:
        yield _unfit(f"{path}.off", "an amount from 1 on", "金额须大于 0")
    if isinstance(benefit, Percent | FreeFreight) and benefit.most is not None and not 1 <= benefit.most <= MAX_AMOUNT:
        yield _unfit(f"{path}.most", "an amount from 1 on", "金额须大于 0")
    if isinstance(benefit, BuyGet | Tiers) and benefit.most_times is not None and benefit.most_times < 1:
        yield _unfit(f"{path}.most_times", "from 1 on", "须大于 0")
    if isinstance(benefit, BuyGet):
        if not (1 <= benefit.buy <= 10_000 and 1 <= benefit.get <= 10_000):
            yield _unfit(f"{path}.buy", "units from 1 on", "件数须大于 0")
        yield from _scope(benefit.gets or Scope(), f"{path}.gets")
    if isinstance(benefit, Bundle):
        yield from _bundle(benefit)
    if isinstance(benefit, Tiers):
        yield from _tiers(benefit)
    if isinstance(benefit, Presale):
        if not 1 <= benefit.deposit <= benefit.counts_as <= MAX_AMOUNT:
            yield _unfit(f"{path}.counts_as", "at least the deposit, which is from 1 on", "抵扣额不得低于定金")
        if not benefit.balance_from < benefit.balance_until:
            yield _unfit(f"{path}.balance_until", "after the balance begins", "须晚于尾款开始时间")


def _bundle(benefit: Bundle) -> Iterator[Refusal]:
    skus = [part.sku for part in benefit.parts]
    if not 1 <= len(skus) <= MOST_TIERS or len(set(skus)) < len(skus):
        yield _unfit("benefit.parts", f"1 to {MOST_TIERS} different SKUs", f"须为 1 至 {MOST_TIERS} 个不同的 SKU")
    if any(not 1 <= part.quantity <= 10_000 for part in benefit.parts):
        yield _unfit("benefit.parts", "quantities from 1 on", "数量须大于 0")
    if not 0 <= benefit.price <= MAX_AMOUNT:
        yield _unfit("benefit.price", "an amount from 0 on", "金额不得为负")


def _tiers(benefit: Tiers) -> Iterator[Refusal]:
    levels = [tier.at for tier in benefit.tiers]
    if not 1 <= len(levels) <= MOST_TIERS or len(set(levels)) < len(levels) or min(levels) < 0:
        yield _unfit("benefit.tiers", f"1 to {MOST_TIERS} tiers, each from another level on",
                     f"须为 1 至 {MOST_TIERS} 档且门槛各不相同")  # fmt: skip
    for i, tier in enumerate(benefit.tiers):
        is_amount = tier.off is not None and 1 <= tier.off <= MAX_AMOUNT
        is_share = tier.percent is not None and 1 <= tier.percent <= WHOLE
        if (tier.off is None) == (tier.percent is None) or not (is_amount or is_share):
            yield _unfit(
                f"benefit.tiers[{i}]", "either an amount off or a share up to 10000", "减额与折扣须且仅须填写一项"
            )
    if benefit.each and (len(levels) != 1 or levels[0] < 1):
        yield _unfit("benefit.each", "only with a single tier above 0", "每满减仅支持一档且门槛大于 0")


def _scope(scope: Scope, path: str) -> Iterator[Refusal]:
    for field in ("skus", "categories", "not_skus", "not_categories"):
        if len(getattr(scope, field)) > MOST_NAMED:
            yield _unfit(f"{path}.{field}", f"at most {MOST_NAMED}", f"不得超过 {MOST_NAMED} 个")


def _unfit(field: str, why: str, why_zh: str) -> Refusal:
    return FieldUnfit(field, field=field, why=why, why_zh=why_zh)
