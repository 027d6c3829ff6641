"""What a merchant may set: each setting's name in words, what it means, how it is typed, and with which it stands."""

from typing import Literal

import msgspec

from dingdan.kernel.refusal import Text

Kind = Literal["number", "money", "check", "text", "choices"]


class Setting(msgspec.Struct, frozen=True):
    """A setting of a merchant, by the name that the API has for it; `is_optional` can be left empty for no limit."""

    name: str
    text: Text
    meaning: Text
    kind: Kind = "number"
    is_optional: bool = False


class Group(msgspec.Struct, frozen=True):
    """Settings that one looks at together."""

    name: str
    text: Text
    settings: tuple[Setting, ...]


CHANNELS = (("email", Text("E-mail", "邮件")), ("sms", Text("Text message", "短信")), ("push", Text("Push", "推送")))

GROUPS = (
    Group("paying", Text("Paying and freight", "支付与运费"), (
        Setting("pay_within_minutes", Text("Pay within, minutes", "支付时限（分钟）"), Text("Then the order expires and its stock is free.", "超时订单关闭，库存释放。")),
        Setting("freight", Text("Freight", "运费"), Text("Of an order without a freight rule.", "无运费规则的订单适用。"), "money"),
        Setting("free_freight_from", Text("Free from", "满额包邮"), Text("Empty: never free by itself.", "留空则不包邮。"), "money", is_optional=True),
        Setting("unpaid_units_per_buyer", Text("Unpaid units of a buyer", "每位买家未付款件数上限"),
                Text("Of one product; empty is no limit.", "按单个商品计；留空不限。"), is_optional=True),
        Setting("unpaid_units_per_device", Text("Unpaid units of a device", "每台设备未付款件数上限"),
                Text("Of one product; empty is no limit.", "按单个商品计；留空不限。"), is_optional=True),
    )),
    Group("shipping", Text("Shipping", "发货"), (
        Setting("ship_within_hours", Text("Ship within, hours", "发货时限（小时）"), Text("Promised after payment where no lane says it.", "无线路承诺时，付款后的发货承诺。")),
        Setting("transit_days_min", Text("On the way, days at least", "运输最少天数"), Text("Promised where no lane says it.", "无线路时的承诺。")),
        Setting("transit_days_max", Text("On the way, days at most", "运输最多天数"), Text("Promised where no lane says it.", "无线路时的承诺。")),
        Setting("promise_required", Text("Say when it comes", "必须承诺时效"), Text("No confirmation goes out without it.", "无时效承诺不发送确认单。"), "check"),
        Setting("check_addresses", Text("Check addresses", "校验地址"), Text("Before anybody orders to them.", "下单前校验收货地址。"), "check"),
        Setting("split_orders", Text("Several warehouses", "允许多仓发货"), Text("Where none has all of an order.", "单仓不足时拆分。"), "check"),
        Setting("ship_the_rest", Text("Ship the rest", "先发其余"), Text("While some units are nowhere and the buyer has not spoken.", "缺货且买家未答复时先发其余商品。"), "check"),
        Setting("intercept_on_request", Text("Call back on request", "允许买家拦截"), Text("Buyers may have a parcel on its way brought back.", "买家可申请拦截在途包裹。"), "check"),
    )),
    Group("receiving", Text("Receipt and feedback", "收货与评价"), (
        Setting("auto_confirm_days", Text("Received by itself, days after dispatch", "发货后自动收货天数"), Text("If nobody objects.", "无异议时。")),
        Setting("auto_confirm_days_after_delivery", Text("and days after delivery", "且签收后天数"), Text("Never sooner than this.", "不早于此。")),
        Setting("feedback_edit_days", Text("Feedback can change, days", "评价可修改天数"), Text("Once.", "仅一次。")),
    )),
    Group("returns", Text("Review, returns and refunds", "审核、退货与退款"), (
        Setting("review_limit_hours", Text("Review within, hours", "审核时限（小时）"), Text("Then a held order goes on or is cancelled by rule.", "超时按规则放行或取消。")),
        Setting("send_back_days", Text("Send back within, days", "寄回时限（天）"), Text("After the return was approved.", "退货批准后。")),
        Setting("silence_approves", Text("Silence approves", "超时视为同意"), Text("A return that nobody answered in time.", "退货申请超时未处理。"), "check"),
        Setting("refund_approval_limit", Text("Refund without a second person up to", "免复核退款额度"), Text("Where the policy decided.", "政策已判定的退款。"), "money"),
        Setting("review_price_claims", Text("Look at claimed prices", "价差人工审核"), Text("Where they differ from what was paid.", "主张价与实付价不一致时。"), "check"),
        Setting("stocktake_alone_up_to", Text("Count alone up to, units", "免复核盘点差异件数"), Text("More needs a second person.", "超过须第二人复核。")),
    )),
    Group("messages", Text("Messages and language", "消息与语言"), (
        Setting("messages", Text("Tell buyers", "通知买家"), Text("Off for a shop that tells them itself.", "店铺自行通知时关闭。"), "check"),
        Setting("messages_for_channels", Text("Also of orders from channels", "渠道订单也通知"), Text("As a rule their channel did that.", "通常由渠道通知。"), "check"),
        Setting("message_channels", Text("Over", "发送方式"), Text("The first that works is used.", "按顺序使用首个可用方式。"), "choices"),
        Setting("notices_email", Text("Tell us at", "商家通知邮箱"), Text("What we have to do, such as in disputes; empty for nowhere.", "纠纷等待办通知；留空不发送。"), "text", is_optional=True),
        Setting("language", Text("Language", "默认语言"), Text("For buyers who named none: zh, en.", "买家未指定语言时使用：zh、en。"), "text"),
    )),
    Group("prices", Text("Price alarm", "价格保护"), (
        Setting("price_guard", Text("On", "启用"), Text("A price is compared with what the thing used to cost.", "下单前与常规价格比较。"), "check"),
        Setting("price_guard_least_percent", Text("At least, percent of usual", "最低为常规价的百分比"), Text("Below it nobody can order.", "低于则停止下单。")),
        Setting("price_guard_most_percent", Text("At most, percent of usual", "最高为常规价的百分比"), Text("Above it nobody can order.", "高于则停止下单。")),
        Setting("price_guard_discount_percent", Text("Discount at most, percent", "最高优惠百分比"), Text("Of an order's goods.", "占商品金额。")),
        Setting("price_guard_hits", Text("Stopped orders", "拦截订单数"), Text("So many stop the sale of the product.", "达到后停售该商品。")),
        Setting("price_guard_minutes", Text("within, minutes", "统计时长（分钟）"), Text("Until somebody vouches for the price.", "直至有人确认价格。")),
    )),
)  # fmt: skip
# Kinds of goods that count as received at other times: after dispatch, and never sooner than after delivery.
PERIODS: dict[str, Text] = {
    "virtual": Text("Virtual goods", "虚拟商品"), "perishable": Text("Perishable goods", "生鲜易腐"), "cross_border": Text("Goods from abroad", "跨境商品"),
}  # fmt: skip

# What the house is set to, from the environment, by field: what it is, and whether it may be shown.
HOUSE: dict[str, tuple[Text, bool]] = {
    "mode": (Text("Sandbox or live", "沙盒或正式"), True), "public_url": (Text("How the outside reaches us", "外部访问地址"), True),
    "host": (Text("Listens at", "监听地址"), True), "port": (Text("at port", "监听端口"), True), "workers": (Text("Server processes", "服务进程数"), True),
    "database_url": (Text("Database; empty: its own", "数据库，空则内置"), False), "pool_size": (Text("Connections that write", "写连接数"), True),
    "read_pool_size": (Text("Connections that read", "读连接数"), True), "data_dir": (Text("Folder of files", "数据目录"), True),
    "master_key": (Text("Key that seals people's data", "个人信息主密钥"), False), "max_body_bytes": (Text("Largest request, bytes", "请求体上限（字节）"), True),
    "log_format": (Text("Form of the log", "日志格式"), True), "smtp_url": (Text("Mail server", "邮件服务器"), False),
    "mail_from": (Text("Mail comes from", "发件地址"), True), "webhook_loopback": (Text("Webhooks to this machine", "允许推送到本机"), True),
}  # fmt: skip
