"""What is said of shops: products, channels, rules, policies and ways to pay."""

from dingdan.kernel.refusal import Text

WORDS: dict[str, Text] = {
    "merchant.saved": Text("Merchant changed", "商家信息已修改"),
    "merchant.saved:changed": Text("Merchant changed: {changed}", "商家设置已修改：{changed}"),
    "merchant.saved:is_new": Text("Merchant added", "新增商家"),
    "merchant.theme_saved": Text("Colour and name of buyers' pages changed", "买家页面外观已修改"),
    "seller.saved": Text("Invoice details of the merchant changed ({country})", "商家开票信息已修改（{country}）"),
    "warehouse.saved": Text("Warehouse {code} saved", "仓库 {code} 已保存"),
    "channel.saved": Text("Sales channel {code} saved", "销售渠道 {code} 已保存"),
    "product.saved": Text("Product {sku} changed", "商品 {sku} 已修改"),
    "product.saved:is_new": Text("Product {sku} added", "新增商品 {sku}"),
    "product.pictured": Text("Picture of {sku} taken away", "{sku} 图片已移除"),
    "product.pictured:is_shown": Text("Picture of {sku} changed", "{sku} 图片已更新"),
    "tariff.saved": Text("Rules of {part} replaced, {rules} in all", "{part}规则已更新，共 {rules} 条"),
    "method.saved": Text("{method} with {provider} switched off", "{provider} {method} 已停用"),
    "method.saved:is_active": Text("{method} with {provider} saved", "{provider} {method} 已保存"),
    "calendar.saved": Text("Working calendar saved, version {version}", "工作日历第 {version} 版"),
    "extension.ordered": Text("{expected:deadline} to be extended: {reason}", "批量延期 {expected} 个时限：{reason}"),
    "extension.finished": Text("{extended:deadline} extended", "已延期 {extended} 个时限"),
    "review_rule.saved": Text("Review rule {code} saved, version {number}, off", "审核规则 {code} 第 {number} 版，未启用"),
    "review_rule.saved:is_active": Text("Review rule {code} saved, version {number}", "审核规则 {code} 第 {number} 版"),
    "review_rule.switched": Text("Review rule {code} switched off", "审核规则 {code} 已关闭"),
    "review_rule.switched:is_active": Text("Review rule {code} switched on", "审核规则 {code} 已开启"),
    "policy.drafted": Text("Policy {code} {version} drafted", "政策 {code} {version} 起草"),
    "policy.published": Text("Policy {code} {version} announced", "政策 {code} {version} 公示"),
    "policy.began": Text("Policy in force for new orders", "政策生效，适用于新订单"),
    "policy.superseded": Text("Policy superseded for new orders", "政策被新版取代"),
    "policy.withdrawn": Text("Policy withdrawn before it applied", "政策生效前撤回"),
}  # fmt: skip
