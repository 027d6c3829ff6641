"""Every no about what could be bought."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class ProductUnknown(Refusal):
    """There is no such product at this merchant."""

    code = "product.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no product {sku}.", "商品 {sku} 不存在。")
    remedy = Text("Check the SKU, or add the product first.", "请核对 SKU，或先新增该商品。")


class OutOfReach(Refusal):
    """A merchant's hand ends at its own shelves."""

    code = "catalog.out_of_reach"
    kind = Kind.NOT_FOUND
    message = Text("There is no such merchant.", "商家不存在。")
    remedy = Text("Name your own merchant.", "请填写本商家。")


class SkuUnusable(Refusal):
    """A SKU is printed, scanned and typed."""

    code = "catalog.sku_unusable"
    kind = Kind.INVALID
    message = Text("A SKU has 1 to 64 printable characters.", "SKU 须为 1 至 64 个可见字符。")
    remedy = Text("Shorten it, and leave out what does not print.", "请缩短并去掉不可见字符。")


class SkuTwice(Refusal):
    """Two different wishes about one thing in one request."""

    code = "catalog.sku_twice"
    kind = Kind.INVALID
    message = Text("{sku} stands here twice, differently.", "{sku} 在同一请求中重复出现且内容不同。")
    remedy = Text("Keep the one that is right.", "请保留正确的一项。")


class TitleUnusable(Refusal):
    """A title is a map from language tag to text."""

    code = "catalog.title_unusable"
    kind = Kind.INVALID
    message = Text(
        "A title maps language tags to 1 to 500 printable characters, in Chinese or English at least.",
        "标题须按语言标签给出，每项 1 至 500 个可见字符，且至少包含中文或英文。",
    )
    remedy = Text('Write it as {{"zh": "…", "en": "…"}}.', '请写成 {{"zh": "…", "en": "…"}}。')


class CategoryUnusable(Refusal):
    """Return policies go by category, so there must be one."""

    code = "catalog.category_unusable"
    kind = Kind.INVALID
    message = Text("A category has 1 to 100 printable characters.", "品类须为 1 至 100 个可见字符。")
    remedy = Text("Name the category, such as clothing or food/fruit.", "请填写品类，例如 clothing 或 food/fruit。")


class FlagUnknown(Refusal):
    """A flag that nobody knows would be obeyed by nobody."""

    code = "catalog.flag_unknown"
    kind = Kind.INVALID
    message = Text("There is no flag {flag}.", "不存在标记 {flag}。")
    remedy = Text("Choose from: {known}.", "可选标记：{known}。")


class CurrencyUnknown(Refusal):
    """We keep no accounts in this currency."""

    code = "catalog.currency_unknown"
    kind = Kind.INVALID
    message = Text("{currency} is not a currency we keep accounts in.", "不支持货币 {currency}。")
    remedy = Text("Use an ISO 4217 code such as CNY.", "请使用 CNY 这样的 ISO 4217 货币代码。")


class LimitUnusable(Refusal):
    """A weight or a limit of quantities does not fit."""

    code = "catalog.limit_unusable"
    kind = Kind.INVALID
    message = Text("{field} does not fit: {why}.", "{field} 不符合要求：{why_zh}。")
    remedy = Text("Correct the number.", "请更正该数值。")


class BundleUnusable(Refusal):
    """What lies in a bundle are other products, and no bundles."""

    code = "catalog.bundle_unusable"
    kind = Kind.INVALID
    message = Text("The bundle cannot be made: {why}.", "无法组成组合商品：{why_zh}。")
    remedy = Text("Name the products that lie in it and how many of each.", "请填写其中包含的商品及各自数量。")


class FloorUnusable(Refusal):
    """A floor lies between nothing and the price."""

    code = "catalog.floor_unusable"
    kind = Kind.INVALID
    message = Text("A floor is from 0 to the price, {amount}.", "底价须在 0 至售价 {amount} 之间。")
    remedy = Text("Lower the floor, or raise the price with it.", "请降低底价，或同时提高售价。")


class PriceUnusable(Refusal):
    """A price is more than nothing, and fits."""

    code = "catalog.price_unusable"
    kind = Kind.INVALID
    message = Text(
        "A price is a whole number of minor units from 1 to {most}.",
        "价格须为 1 至 {most} 的最小货币单位整数。",
    )
    remedy = Text("Send 38870 for 388.70 CNY.", "例如 388.70 元请填写 38870。")
