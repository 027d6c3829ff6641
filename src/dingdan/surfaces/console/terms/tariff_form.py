"""The forms of tariffs: what stands in a rule of carriage, a tax rate and the worth of points, and what is typed back."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta

from dingdan.areas import addresses, pricing
from dingdan.kernel.address import Address
from dingdan.kernel.money import decimal_string, is_currency
from dingdan.kernel.refusal import Refusal, Text
from dingdan.surfaces.console import typed
from dingdan.surfaces.shared.pages.forms import NEEDED, Form, Typed, amount_of
from dingdan.surfaces.shared.pages.screens import Field
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Short

Said = Annotated[str, Meta(max_length=200)]
Listed = Annotated[str, Meta(max_length=20_000)]
Mark = Annotated[str, Meta(max_length=16)]
T = TypeVar("T")
_CODE = re.compile("[A-Z0-9]{1,6}")
_WHOLE = re.compile("[0-9]{1,9}")
# What the commands say of a part, by the field that it was typed into.
FIELDS = {"rules": "", "rules.name": "name_zh", "scope": "skus"} | {
    f"rules.{name}": name for name in ("currency", "country", "region", "fee", "free_from", "rate", "category")
} | {f"scope.{name}": name for name in ("skus", "categories", "not_skus", "not_categories")}  # fmt: skip


class FreightForm(Form, frozen=True, kw_only=True):
    """A rule of carriage, and how all of them stood when it was opened."""

    held: Mark = ""
    name_zh: Said = ""
    name_en: Said = ""
    currency: Short = "CNY"
    country: Short = ""
    region: Short = ""
    by: Literal["grams", "pieces"] = "grams"
    first: Short = "0"
    fee: Typed = ""
    step: Short = ""
    step_fee: Typed = "0"
    free_from: Typed = ""


class TaxForm(Form, frozen=True, kw_only=True):
    """A tax rate, and how all of them stood when it was opened."""

    held: Mark = ""
    name_zh: Said = ""
    name_en: Said = ""
    country: Short = ""
    region: Short = ""
    category: Short = ""
    rate: Short = ""
    inclusive: bool = False
    cross_border: bool = False
    on_freight: bool = False


class PointsForm(Form, frozen=True, kw_only=True):
    """What points are worth, and how it stood when it was opened."""

    held: Mark = ""
    points: Short = ""
    amount: Typed = ""
    currency: Short = "CNY"
    most: Short = ""
    skus: Listed = ""
    categories: Listed = ""
    not_skus: Listed = ""
    not_categories: Listed = ""


def place_of(country: str, region: str) -> addresses.Region:
    """A place by codes (CN, 33) or by names (中国, 浙江省 杭州市). Raises Malformed where nothing is called like that."""
    if not country:
        return addresses.Region("", region)
    parts = [*re.split(r"[\s,，/]+", region.strip()), "", "", ""][:3]
    code = parts[0].upper()
    whole = addresses.region_of(_address(country, "", "", ""))
    if not code or (_CODE.fullmatch(code) and not any(parts[1:])):
        return addresses.Region(whole.country, code)
    found = addresses.region_of(_address(country, *parts))
    if found == whole:
        raise Malformed("region", what=f"{country} has no region {region}", what_zh=f"{country} 没有地区“{region}”")
    return found


def _address(country: str, province: str, city: str, district: str) -> Address:
    return Address(name="", phone="", detail="", country=country, province=province, city=city, district=district)


def place_words(country: str, region: str) -> Text | str:
    """A place as people call it; where no code is known by a name, the code."""
    if not country:
        return Text("everywhere", "全部地区")
    return addresses.name_of(addresses.Region(country, region)) or " ".join(part for part in (country, region) if part)


def freight_of(form: FreightForm, wrong: list[Refusal]) -> pricing.FreightTariff:
    """The rule that a form comes to; what cannot be read is told beside what the command finds."""
    currency = form.currency if is_currency(form.currency) else "CNY"
    place = _read(wrong, lambda: place_of(form.country, form.region), addresses.Region("", ""))

    def money(name: str) -> int:
        return _read(wrong, lambda: amount_of(_needed(getattr(form, name), name), currency, name), 0)

    return pricing.FreightTariff(
        name=_names(form), currency=form.currency, country=place.country, region=place.code, by=form.by,
        first=_whole(wrong, form.first, "first", 0), fee=money("fee"), step=_whole(wrong, form.step, "step", 1),
        step_fee=money("step_fee"), free_from=money("free_from") if form.free_from else None,
    )  # fmt: skip


def tax_of(form: TaxForm, wrong: list[Refusal]) -> pricing.TaxRate:
    """The same for a tax rate."""
    place = _read(wrong, lambda: place_of(form.country, form.region), addresses.Region("", ""))
    return pricing.TaxRate(
        name=_names(form), country=place.country, region=place.code, category=form.category,
        rate=_read(wrong, lambda: typed.share_of(form.rate, "rate"), 0), inclusive=form.inclusive, cross_border=form.cross_border,
        on_freight=form.on_freight,
    )  # fmt: skip


def points_of(form: PointsForm, wrong: list[Refusal]) -> pricing.PointsRule:
    """The same for what points are worth."""
    currency = form.currency if is_currency(form.currency) else "CNY"
    return pricing.PointsRule(
        points=_whole(wrong, form.points, "points", 1), currency=form.currency,
        amount=_read(wrong, lambda: amount_of(_needed(form.amount, "amount"), currency, "amount"), 1),
        most=_read(wrong, lambda: typed.share_of(form.most, "most"), 1), scope=pricing.Scope(**{
            name: typed.words_of(getattr(form, name)) for name in ("skus", "categories", "not_skus", "not_categories")
        }),
    )  # fmt: skip


def _names(form: FreightForm | TaxForm) -> dict[str, str]:
    return {tag: text for tag, text in (("zh", form.name_zh), ("en", form.name_en)) if text}


def _needed(text: str, path: str) -> str:
    if not text:
        raise Malformed(path, what=NEEDED.en, what_zh=NEEDED.zh)
    return text


def _whole(wrong: list[Refusal], text: str, path: str, otherwise: int) -> int:
    if _WHOLE.fullmatch(text):
        return int(text)
    wrong.append(Malformed(path, what="not a whole number", what_zh="不是整数"))
    return otherwise


def _read(wrong: list[Refusal], read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Refusal as told:
        wrong.extend(told.problems)
        return otherwise


Group = tuple[Text, list[Field]]


def _called(name: dict[str, str]) -> list[Field]:
    return [
        Field("name_zh", Text("Name in Chinese", "中文名称"), value=name.get("zh"), longest=200, is_needed=False),
        Field("name_en", Text("Name in English", "英文名称"), value=name.get("en"), longest=200, is_needed=False,
              hint=Text("Buyers read it beside the amount. At least one of the two.", "买家在金额旁看到的名称，中英文至少填写一项。")),
    ]  # fmt: skip


def _where(one: Any) -> list[Field]:
    return [
        Field("country", Text("Country", "国家或地区"), value=one.country if one else "CN", longest=100, is_needed=False,
              hint=Text("CN, HK. Empty: everywhere", "如 CN、HK；留空为全部")),
        Field("region", Text("Region", "省市区"), value=one.region if one else None, longest=100, is_needed=False,
              hint=Text("The beginning of its code, or its name in Chinese: 33, 3301; abroad NY. Empty: the whole country", "名称或行政区划代码前几位，如浙江省、33、3301；留空为全国")),
    ]  # fmt: skip


def freight_fields(one: pricing.FreightTariff | None, currency: str) -> list[Group]:
    """What is said in a rule of carriage."""
    currency = one.currency if one else currency

    def money(amount: int | None) -> str | None:
        return None if amount is None else decimal_string(amount, currency)

    return [
        (Text("What it is called", "名称"), _called(one.name if one else {})),
        (Text("Where to", "送达地区"), _where(one)),
        (Text("What it costs", "计费"), [
            Field("currency", Text("Currency", "币种"), value=currency, longest=3),
            Field("by", Text("Counted by", "计费方式"), "choice", value=one.by if one else "grams",
                  options=[("grams", Text("weight, in grams", "按重量（克）")), ("pieces", Text("pieces", "按件数"))]),
            Field("first", Text("The first grams or pieces", "首重（克）或首件"), "number", value=one.first if one else 1000),
            Field("fee", Text("cost", "首重（首件）费用"), "money", value=money(one.fee) if one else None, currency=currency),
            Field("step", Text("Each further grams or pieces", "续重（克）或续件"), "number", value=one.step if one else 1000),
            Field("step_fee", Text("cost", "续重（续件）费用"), "money", value=money(one.step_fee) if one else "0", currency=currency),
            Field("free_from", Text("Free from goods for", "满额包邮"), "money", value=money(one.free_from) if one else None,
                  is_needed=False, currency=currency, hint=Text("Empty: never free by itself", "留空则不包邮")),
        ]),
    ]  # fmt: skip


def tax_fields(one: pricing.TaxRate | None) -> list[Group]:
    """What is said in a tax rate."""
    return [
        (Text("What it is called", "名称"), _called(one.name if one else {})),
        (Text("Where to", "送达地区"), _where(one)),
        (Text("Of what and how much", "适用商品与税率"), [
            Field("category", Text("Category", "类目"), value=one.category if one else None, longest=100, is_needed=False,
                  hint=Text("With all below it. Empty: all goods", "含下级类目；留空为全部商品")),
            Field("rate", Text("Rate in percent", "税率（%）"), value=typed.percent(one.rate) if one else None, longest=10),
            Field("inclusive", Text("In the price already", "价内税（含税价）"), "check", value=one.inclusive if one else True),
            Field("cross_border", Text("For cross-border goods only", "仅限跨境商品"), "check", value=one.cross_border if one else False),
            Field("on_freight", Text("Carriage is taxed as the goods", "运费同税"), "check", value=one.on_freight if one else True),
        ]),
    ]  # fmt: skip


def points_fields(one: pricing.PointsRule | None, currency: str) -> list[Group]:
    """What is said of points."""
    currency = one.currency if one else currency
    scope = one.scope if one else pricing.Scope()
    return [
        (Text("What they are worth", "积分价值"), [
            Field("points", Text("So many points", "积分数"), "number", value=one.points if one else 100),
            Field("amount", Text("are worth", "抵扣金额"), "money", value=decimal_string(one.amount, currency) if one else None, currency=currency),
            Field("currency", Text("Currency", "币种"), value=currency, longest=3),
            Field("most", Text("For at most so many percent of the goods", "最多抵扣商品金额的比例（%）"), value=typed.percent(one.most) if one else "100", longest=10),
        ]),
        (Text("For which goods", "适用商品"), [
            Field(name, text, value=", ".join(getattr(scope, name)) or None, is_needed=False, longest=5_000) for name, text in (
                ("skus", Text("SKUs", "SKU 编码")), ("categories", Text("Categories", "类目")),
                ("not_skus", Text("but not SKUs", "排除 SKU")), ("not_categories", Text("but not categories", "排除类目")),
            )
        ]),
    ]  # fmt: skip
