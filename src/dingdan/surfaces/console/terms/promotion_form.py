"""The form of a promotion: fields for each kind of benefit, and what they come to."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from dingdan.areas import pricing
from dingdan.kernel.money import decimal_string
from dingdan.kernel.refusal import Text
from dingdan.surfaces.console import typed
from dingdan.surfaces.console.terms import promotion_words
from dingdan.surfaces.shared.pages.forms import Form, Typed, amount_of
from dingdan.surfaces.shared.pages.screens import Field
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Currency, MerchantRef, Short

Kind = Literal["percent", "amount", "buy_get", "bundle", "tiers", "free_freight", "presale"]
Listed = Annotated[str, Meta(max_length=20_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
When = Annotated[str, Meta(max_length=40)]


class PromotionForm(Form, frozen=True, kw_only=True):
    """A promotion as it shall be; of the benefit only the fields of its kind."""

    kind: Kind
    merchant: MerchantRef | None = None
    name_zh: Annotated[str, Meta(min_length=1, max_length=200)]
    name_en: Annotated[str, Meta(min_length=1, max_length=200)]
    code: Short = ""
    currency: Currency = "CNY"
    starts_at: When
    ends_at: When = ""
    skus: Listed = ""
    categories: Listed = ""
    not_skus: Listed = ""
    not_categories: Listed = ""
    channels: Listed = ""
    min_spend: Typed = "0"
    priority: Count = 100
    group: Short = ""
    limit_total: Count | None = None
    limit_per_buyer: Count | None = None
    first_order: bool = False
    exclusive: bool = False
    needs_grant: bool = False
    listed: bool = False
    off_percent: Short = ""
    off_amount: Typed = ""
    most: Typed = ""
    buy: Count | None = None
    get: Count | None = None
    most_times: Count | None = None
    parts: Listed = ""
    price: Typed = ""
    tiers: Listed = ""
    by: Literal["sum", "units"] = "sum"
    each: bool = False
    deposit: Typed = ""
    counts_as: Typed = ""
    balance_from: When = ""
    balance_until: When = ""
    is_earnest: bool = False


def benefit_fields(kind: str, draft: pricing.Draft | None) -> list[Field]:
    """What has to be said about one kind of benefit."""
    now, currency = (draft.benefit if draft else None), (draft.currency or "CNY") if draft else "CNY"

    def money(name: str) -> str | None:
        amount = getattr(now, name, None)
        return None if amount is None else decimal_string(amount, currency)

    percent = Field(
        "off_percent",
        Text("Percent off", "减免比例（%）"),
        value=typed.percent(getattr(now, "off", None)) if kind != "amount" else None,
        longest=10,
    )
    fields: dict[str, list[Field]] = {
        "percent": [percent, Field("most", Text("At most", "最多减"), "money", value=money("most"), is_needed=False)],
        "amount": [Field("off_amount", Text("Amount off", "立减金额"), "money", value=money("off"))],
        "buy_get": [
            Field("buy", Text("Buy", "买（件）"), "number", value=getattr(now, "buy", 2)), Field("get", Text("Get", "得（件）"), "number", value=getattr(now, "get", 1)),
            Field("off_percent", Text("Percent off those", "所得商品减免（%）"), value=typed.percent(getattr(now, "off", 10_000)), longest=10),
            Field("most_times", Text("At most so many times", "最多次数"), "number", value=getattr(now, "most_times", None), is_needed=False),
        ],
        "bundle": [
            Field("parts", Text("SKU and units, one a line", "SKU 与数量（每行一个）"), "prose", hint=Text("MUG 2", "例：MUG 2"),
                  value="\n".join(f"{part.sku} {part.quantity}" for part in getattr(now, "parts", ()))),
            Field("price", Text("Together", "套装价"), "money", value=money("price")),
        ],
        "tiers": [
            Field("tiers", Text("From and off, one a line", "门槛与减免（每行一档）"), "prose", hint=Text("300 40, or 500 15%", "例：300 40 或 500 15%"), value=_tier_lines(now, currency)),
            Field("by", Text("Counted by", "门槛按"), "choice", value=getattr(now, "by", "sum"), options=[("sum", Text("sum", "金额")), ("units", Text("units", "件数"))]),
            Field("each", Text("Again each time it is reached", "每满即减"), "check", value=getattr(now, "each", False)),
            Field("most_times", Text("At most so many times", "最多次数"), "number", value=getattr(now, "most_times", None), is_needed=False),
        ],
        "free_freight": [Field("most", Text("At most", "最多减"), "money", value=money("most"), is_needed=False)],
        "presale": [
            Field("deposit", Text("Deposit for each unit", "每件定金"), "money", value=money("deposit")),
            Field("counts_as", Text("counts as", "抵扣"), "money", value=money("counts_as")),
            Field("balance_from", Text("Balance from", "尾款开始"), "moment", value=typed.written(getattr(now, "balance_from", None))),
            Field("balance_until", Text("Balance until", "尾款截止"), "moment", value=typed.written(getattr(now, "balance_until", None))),
            Field("is_earnest", Text("Earnest money (binds both sides)", "定金（不可退，双倍返还）"), "check", value=getattr(now, "is_earnest", True)),
        ],
    }  # fmt: skip
    return fields[kind]


def _tier_lines(now: Any, currency: str) -> str:
    if not isinstance(now, pricing.Tiers):
        return ""
    return "\n".join(
        f"{decimal_string(tier.at, currency) if now.by == 'sum' else tier.at} "
        + (f"{tier.percent / 100:g}%" if tier.percent is not None else decimal_string(tier.off or 0, currency))
        for tier in now.tiers
    )


def terms_fields(
    draft: pricing.Draft | None, shops: list[tuple[str, Text]], *, is_new: bool
) -> list[tuple[Text, list[Field]]]:
    """Everything else, in groups."""
    one = draft
    scope = one.scope if one else pricing.Scope()
    name = one.name if one else {}
    currency = (one.currency or "CNY") if one else "CNY"
    whose = (
        [
            Field(
                "merchant",
                Text("Merchant (none: the platform's)", "商家（不选为平台活动）"),
                "choice",
                options=shops,
                is_needed=False,
            )
        ]
        if shops and is_new
        else []
    )
    return [
        (Text("What it is called", "名称"), [
            *whose, Field("name_zh", Text("Name in Chinese", "中文名称"), value=name.get("zh"), longest=200),
            Field("name_en", Text("Name in English", "英文名称"), value=name.get("en"), longest=200),
            Field("code", Text("Code, for a coupon", "优惠码（填写即为优惠券）"), value=one.code if one else None, is_needed=False, longest=64),
            Field("currency", Text("Currency", "币种"), value=currency, longest=3),
        ]),
        (Text("When", "时间"), [
            Field("starts_at", Text("Starts", "开始"), "moment", value=typed.written(one.starts_at if one else None)),
            Field("ends_at", Text("Ends", "结束"), "moment", value=typed.written(one.ends_at if one else None), is_needed=False),
        ]),
        (Text("For which goods", "适用商品"), [
            Field(name_, text, value=", ".join(getattr(scope, name_)), is_needed=False, longest=5_000) for name_, text in (
                ("skus", Text("SKUs", "SKU 编码")), ("categories", Text("Categories", "类目")),
                ("not_skus", Text("but not SKUs", "排除 SKU")), ("not_categories", Text("but not categories", "排除类目")),
            )
        ]),
        (Text("For whom, how often", "适用条件与限量"), [
            Field("min_spend", Text("From a sum of", "最低消费"), "money", value=decimal_string(one.min_spend, currency) if one else "0"),
            Field("channels", Text("Channels", "渠道"), value=", ".join(one.channels) if one else None, is_needed=False, hint=Text("Empty: all", "留空为全部")),
            Field("limit_total", Text("Uses in all", "总限量"), "number", value=one.limit_total if one else None, is_needed=False),
            Field("limit_per_buyer", Text("Uses for each buyer", "每人限用"), "number", value=one.limit_per_buyer if one else None, is_needed=False),
            Field("first_order", Text("First order only", "仅限首单"), "check", value=one.first_order if one else False),
            Field("needs_grant", Text("Only for who was given it", "仅限领取者使用"), "check", value=one.needs_grant if one else False),
            Field("listed", Text("Offered where another coupon does not fit", "其他券不可用时推荐"), "check", value=one.listed if one else False),
        ]),
        (Text("Beside others", "叠加规则"), [
            Field("priority", Text("Order (lower comes first)", "优先级（小者优先）"), "number", value=one.priority if one else 100),
            Field("group", Text("Of a group a line takes one", "互斥组"), value=one.group if one else None, is_needed=False, longest=100),
            Field("exclusive", Text("Stands alone in its order", "不与其他优惠同享"), "check", value=one.exclusive if one else False),
        ]),
    ]  # fmt: skip


def draft_of(form: PromotionForm) -> pricing.Draft:
    """What the form comes to. Raises Malformed at the field."""
    starts = typed.moment_of(form.starts_at, "starts_at")
    if starts is None:
        raise Malformed("starts_at", what="not a date", what_zh="不是有效的日期")
    return typed.checked(pricing.Draft(
        name={"zh": form.name_zh, "en": form.name_en}, benefit=_benefit(form), code=form.code or None, currency=form.currency,
        scope=pricing.Scope(skus=typed.words_of(form.skus), categories=typed.words_of(form.categories),
                            not_skus=typed.words_of(form.not_skus), not_categories=typed.words_of(form.not_categories)),
        channels=typed.words_of(form.channels), first_order=form.first_order, min_spend=amount_of(form.min_spend, form.currency, "min_spend"),
        starts_at=starts, ends_at=typed.moment_of(form.ends_at, "ends_at"), priority=form.priority, group=form.group, exclusive=form.exclusive,
        limit_total=form.limit_total, limit_per_buyer=form.limit_per_buyer, needs_grant=form.needs_grant, listed=form.listed,
    ))  # fmt: skip


def _benefit(form: PromotionForm) -> pricing.Benefit:
    def money(name: str) -> int:
        return amount_of(getattr(form, name), form.currency, name)

    def some(name: str) -> int | None:
        return money(name) if getattr(form, name) else None

    if form.kind == "percent":
        return pricing.Percent(typed.share_of(form.off_percent, "off_percent"), some("most"))
    if form.kind == "amount":
        return pricing.Amount(money("off_amount"))
    if form.kind == "buy_get":
        return pricing.BuyGet(
            form.buy or 0, form.get or 0, typed.share_of(form.off_percent, "off_percent"), None, form.most_times
        )
    if form.kind == "bundle":
        return pricing.Bundle(tuple(_part(line) for line in _lines(form.parts)), money("price"))
    if form.kind == "tiers":
        return pricing.Tiers(
            tuple(_tier(line, form) for line in _lines(form.tiers)), form.by, form.each, form.most_times
        )
    if form.kind == "free_freight":
        return pricing.FreeFreight(some("most"))
    balance_from, until = (
        typed.moment_of(form.balance_from, "balance_from"),
        typed.moment_of(form.balance_until, "balance_until"),
    )
    if balance_from is None or until is None:
        raise Malformed("balance_from", what="not a date", what_zh="不是有效的日期")
    return pricing.Presale(money("deposit"), money("counts_as"), balance_from, until, form.is_earnest)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def _part(words: list[str]) -> pricing.Part:
    if len(words) > 2 or (len(words) == 2 and not (words[1].isascii() and words[1].isdigit() and len(words[1]) < 8)):
        raise Malformed("parts", what="not a SKU and units", what_zh="不是“SKU 数量”的格式")
    return pricing.Part(words[0], int(words[1]) if len(words) == 2 else 1)


def _tier(words: list[str], form: PromotionForm) -> pricing.Tier:
    if len(words) != 2:
        raise Malformed("tiers", what="not a sum and what comes off", what_zh="不是“门槛 减免”的格式")
    if form.by == "units" and not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 8):
        raise Malformed("tiers", what="not a number of units", what_zh="不是件数")
    at = int(words[0]) if form.by == "units" else amount_of(words[0], form.currency, "tiers")
    if words[1].endswith("%"):
        return pricing.Tier(at, percent=typed.share_of(words[1], "tiers"))
    return pricing.Tier(at, off=amount_of(words[1], form.currency, "tiers"))


def kind_of(draft: pricing.Draft) -> str:
    """The kind of a draft's benefit."""
    return str(draft.benefit.__struct_config__.tag)


KINDS = tuple(promotion_words.KINDS.items())
