"""Promotions in words: what comes off, for whom, of what, and what a price is made of."""

from dingdan.areas import pricing
from dingdan.kernel.refusal import Text
from dingdan.surfaces.console import typed

KINDS: dict[str, Text] = {
    "percent": Text("Percent off", "折扣"), "amount": Text("Amount off", "立减"), "buy_get": Text("Buy some, get some", "买赠"),
    "bundle": Text("Bundle price", "套装价"), "tiers": Text("Off from a sum on", "满减"), "free_freight": Text("Free delivery", "包邮"),
    "presale": Text("Presale with deposit", "预售定金"),
}  # fmt: skip
STAGES: dict[str, Text] = {
    "item": Text("price of the goods", "单品优惠"), "threshold": Text("shop, from a sum on", "店铺满减"),
    "merchant_coupon": Text("shop's coupon", "店铺券"), "platform": Text("platform", "平台优惠"),
}  # fmt: skip
FUNDERS: dict[str, Text] = {
    "merchant": Text("the merchant", "商家"),
    "platform": Text("the platform", "平台"),
    "points": Text("the buyer's points", "买家积分"),
}
WHY_STOP: tuple[tuple[str, Text], ...] = (
    ("wrong_terms", Text("The terms are wrong", "规则有误")), ("sold_out", Text("Sold out", "售罄")), ("budget_spent", Text("The budget is spent", "预算用完")),
    ("misused", Text("It is misused", "被滥用")), ("other", Text("Something else", "其他")),
)  # fmt: skip


def _percent(share: int) -> str:
    return f"{share / 100:g}%"


def benefit(draft: pricing.Draft) -> Text:
    """What comes off, in a sentence."""
    one, currency = draft.benefit, draft.currency or "CNY"

    def money(amount: int) -> Text:
        return typed.money_words(amount, currency)

    if isinstance(one, pricing.Percent):
        most_en, most_zh = (
            (f", at most {money(one.most).en}", f"，最多 {money(one.most).zh}") if one.most is not None else ("", "")
        )
        return Text(f"{_percent(one.off)} off{most_en}", f"减 {_percent(one.off)}{most_zh}")
    if isinstance(one, pricing.BuyGet):
        share = (
            Text("free", "免费") if one.off == 10_000 else Text(f"{_percent(one.off)} off", f"减 {_percent(one.off)}")
        )
        return Text(f"buy {one.buy}, get {one.get} {share.en}", f"买 {one.buy} 件，{one.get} 件{share.zh}")
    if isinstance(one, pricing.Bundle):
        parts = " + ".join(f"{part.sku} × {part.quantity}" for part in one.parts)
        return Text(f"{parts} for {money(one.price).en}", f"{parts} 共 {money(one.price).zh}")
    if isinstance(one, pricing.Tiers):
        return _tiers(one, currency)
    if isinstance(one, pricing.FreeFreight):
        return (
            Text("free delivery", "包邮")
            if one.most is None
            else Text(f"up to {money(one.most).en} of delivery", f"运费最多减 {money(one.most).zh}")
        )
    if isinstance(one, pricing.Presale):
        kind = Text("earnest money", "定金") if one.is_earnest else Text("advance", "订金")
        return Text(
            f"{kind.en} {money(one.deposit).en} counts as {money(one.counts_as).en}",
            f"{kind.zh} {money(one.deposit).zh} 抵 {money(one.counts_as).zh}",
        )
    return Text(f"{money(one.off).en} off", f"减 {money(one.off).zh}")


def _tiers(one: pricing.Tiers, currency: str) -> Text:
    def at(tier: pricing.Tier) -> tuple[str, str]:
        percent = None if tier.percent is None else _percent(tier.percent)
        off = Text(percent, percent) if percent else typed.money_words(tier.off or 0, currency)
        start = typed.money_words(tier.at, currency) if one.by == "sum" else Text(f"{tier.at} units", f"{tier.at} 件")
        return f"{start.en}: {off.en} off", f"满 {start.zh}减 {off.zh}"

    said = [at(tier) for tier in one.tiers]
    every = Text(", each time", "，每满即减") if one.each else Text("", "")
    return Text("; ".join(en for en, _ in said) + every.en, "；".join(zh for _, zh in said) + every.zh)


def scope(one: pricing.Scope) -> Text:
    """Which goods are meant."""
    named = ", ".join((*one.skus, *one.categories))
    less = ", ".join((*one.not_skus, *one.not_categories))
    en, zh = (named, named) if named else ("all goods", "全部商品")
    return Text(f"{en}, but not {less}", f"{zh}，除 {less}") if less else Text(en, zh)
