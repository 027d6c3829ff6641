"""Every no about who sells."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class MerchantUnknown(Refusal):
    """There is no such merchant, or it is not yours to see."""

    code = "merchant.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such merchant.", "商家不存在。")
    remedy = Text("Check the merchant's code.", "请核对商家代码。")


class CodeUnusable(Refusal):
    """A code goes into addresses and file names."""

    code = "merchant.code_unusable"
    kind = Kind.INVALID
    message = Text(
        "A merchant's code has 2 to 40 small letters, digits, - and _, and begins with a letter or digit.",
        "商家代码须为 2 至 40 个字符，可用小写字母、数字、- 和 _,并以字母或数字开头。",
    )
    remedy = Text("Choose another code.", "请更换商家代码。")


class NameUnusable(Refusal):
    """A name is a map from language tag to text."""

    code = "merchant.name_unusable"
    kind = Kind.INVALID
    message = Text(
        "A name maps language tags to 1 to 200 printable characters, in Chinese or English at least.",
        "名称须按语言标签给出，每项 1 至 200 个可见字符，且至少包含中文或英文。",
    )
    remedy = Text('Write it as {{"zh": "…", "en": "…"}}.', '请写成 {{"zh": "…", "en": "…"}}。')


class ZoneUnknown(Refusal):
    """Days cannot be counted in a zone that does not exist."""

    code = "merchant.zone_unknown"
    kind = Kind.INVALID
    message = Text("There is no time zone {zone}.", "不存在时区 {zone}。")
    remedy = Text("Use a name such as Asia/Shanghai.", "请使用 Asia/Shanghai 这样的时区名称。")


class CurrencyUnknown(Refusal):
    """We keep no accounts in this currency."""

    code = "merchant.currency_unknown"
    kind = Kind.INVALID
    message = Text("{currency} is not a currency we keep accounts in.", "不支持货币 {currency}。")
    remedy = Text("Use an ISO 4217 code such as CNY.", "请使用 CNY 这样的 ISO 4217 货币代码。")


class AccentUnusable(Refusal):
    """What is written on a colour, and the colour on its page, must be read by everybody (WCAG 2.2, 1.4.3)."""

    code = "merchant.accent_unusable"
    kind = Kind.INVALID
    message = Text(
        "{accent} cannot be the colour of the shop: on white its contrast is {contrast} to 1, and 4.5 to 1 is needed.",
        "{accent} 不能作为店铺颜色：与白色的对比度为 {contrast}:1，至少需要 4.5:1。",
    )
    remedy = Text("Choose a darker tone such as {fit}; for dark pages we lighten it by ourselves.",
                  "请选择更深的颜色，例如 {fit}；深色页面会自动调亮。")  # fmt: skip


class AccentUnreadable(Refusal):
    """A colour is written in one way."""

    code = "merchant.accent_unreadable"
    kind = Kind.INVALID
    message = Text("This is not a colour.", "颜色格式不正确。")
    remedy = Text(
        "Write it as # and six hexadecimal digits, such as #1b6b3a.", "请写成 # 加六位十六进制数，如 #1b6b3a。"
    )


class PolicyUnusable(Refusal):
    """The code of a return policy has a shape."""

    code = "merchant.policy_unusable"
    kind = Kind.INVALID
    message = Text("This is not the code of a return policy.", "退货政策代码格式不正确。")
    remedy = Text(
        "Use cn_statutory, or the code of a policy that you published.",
        "请使用 cn_statutory 或已发布政策的代码。",
    )


class SettingOutOfRange(Refusal):
    """A setting lies outside of what makes sense."""

    code = "merchant.setting_out_of_range"
    kind = Kind.INVALID
    message = Text("{setting} goes from {low} to {high}.", "{setting} 的取值范围为 {low} 至 {high}。")
    remedy = Text("Choose a value inside.", "请填写范围内的数值。")


class ChannelsUnusable(Refusal):
    """Messages go over channels that exist, each named once."""

    code = "merchant.channels_unusable"
    kind = Kind.INVALID
    message = Text("Messages go over {known}, each named once.", "消息渠道可选 {known}，且不得重复。")
    remedy = Text("List the channels in the order in which they are tried.", "请按尝试顺序列出渠道。")


class NoticesUnusable(Refusal):
    """A mail goes to an address that may be one."""

    code = "merchant.notices_unusable"
    kind = Kind.INVALID
    message = Text("Notices go to one mail address.", "通知邮箱须为一个有效的邮箱地址。")
    remedy = Text("Give an address such as desk@shop.example, or none.", "请填写如 desk@shop.example 的地址，或留空。")


class LanguageUnusable(Refusal):
    """A language is named by its tag."""

    code = "merchant.language_unusable"
    kind = Kind.INVALID
    message = Text("This is not the tag of a language.", "语言标签格式不正确。")
    remedy = Text("Use a tag such as zh, en or zh-Hant.", "请使用 zh、en、zh-Hant 这样的标签。")
