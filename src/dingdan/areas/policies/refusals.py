"""Every no about return policies."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class PolicyUnknown(Refusal):
    """There is no such policy, or it is somebody else's."""

    code = "policy.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such return policy.", "退货政策不存在。")
    remedy = Text("Check the code and the version.", "请核对政策代码和版本。")


class OutOfReach(Refusal):
    """Policies are published for one's own merchant; packs belong to the platform."""

    code = "policy.out_of_reach"
    kind = Kind.FORBIDDEN
    message = Text("You can publish policies for your own merchant only.", "只能为本商家发布退货政策。")
    remedy = Text("Name your own merchant.", "请填写本商家。")


class VersionTaken(Refusal):
    """What was published is never changed."""

    code = "policy.version_taken"
    kind = Kind.CONFLICT
    message = Text(
        "Version {version} of {policy} was published with other content.",
        "{policy} 的版本 {version} 已发布，且内容不同。",
    )
    remedy = Text("Publish the change as a new version.", "请以新的版本号发布修改内容。")


class NoticeTooShort(Refusal):
    """Changed rules are announced before they apply (ECL 34)."""

    code = "policy.notice_too_short"
    kind = Kind.INVALID
    message = Text(
        "A changed policy applies {days} days after it is published, at the earliest.",
        "政策修改须至少提前 {days} 日公示。",
    )
    remedy = Text("Set effective_from to {earliest} or later.", "请将 effective_from 设为 {earliest} 或之后。")


class FieldUnusable(Refusal):
    """A part of the document has a value that makes no sense."""

    code = "policy.field_unusable"
    kind = Kind.INVALID
    message = Text("This must be {must}.", "该字段须为：{must}。")
    remedy = Text("Mend the field and publish again.", "请修改该字段后重新发布。")


class ZoneUnknown(Refusal):
    """Days cannot be counted in a zone that does not exist."""

    code = "policy.zone_unknown"
    kind = Kind.INVALID
    message = Text("There is no time zone {zone}.", "不存在时区 {zone}。")
    remedy = Text("Use a name such as Asia/Shanghai.", "请使用 Asia/Shanghai 这样的时区名称。")


class RuleMissing(Refusal):
    """Every decision names its rule, so the rule must stand in the document."""

    code = "policy.rule_missing"
    kind = Kind.INVALID
    message = Text(
        "The rule {rule} is used here but not written under rules.",
        "此处引用的规则 {rule} 未在 rules 中列出。",
    )
    remedy = Text("Add it with its article and its words in both languages.", "请补充该规则的依据和中英文内容。")


class ConfirmationMissing(Refusal):
    """A buyer can only confirm words that exist (Measures 20)."""

    code = "policy.confirmation_missing"
    kind = Kind.INVALID
    message = Text(
        "{exclusion} takes the buyer's confirmation, but there is no text for it.",
        "{exclusion} 需要买家确认，但缺少确认文本。",
    )
    remedy = Text("Add the text under confirmations, in both languages.", "请在 confirmations 中补充中英文确认文本。")


class ExclusionWithoutGround(Refusal):
    """What the law does not exclude is not excluded (Measures 30)."""

    code = "policy.exclusion_without_ground"
    kind = Kind.INVALID
    message = Text("No law excludes {exclusion} in this way.", "{exclusion} 缺乏法定依据，不得作此排除。")
    remedy = Text("Leave it out, or ask for the buyer's confirmation where the law allows that.",
                  "请去掉该排除项；法律允许的，可改为由买家在购买时确认。")  # fmt: skip


class EvidenceNotAllowed(Refusal):
    """A return that needs no reason needs no proof."""

    code = "policy.evidence_not_allowed"
    kind = Kind.INVALID
    message = Text("A return without a reason must not ask for evidence.", "无理由退货不得要求提供凭证。")
    remedy = Text("Leave the list empty.", "请将该列表留空。")


class BelowStatute(Refusal):
    """A policy may give more than the law, never less."""

    code = "policy.below_statute"
    kind = Kind.INVALID
    message = Text("The law asks for {least}.", "低于法定标准：{least}。")
    remedy = Text(
        "Give at least that; more is allowed, and binding once published.",
        "请不低于该标准；可以更优，公布后即具约束力。",
    )


class ReasonUnknown(Refusal):
    """A reason that the policy does not list."""

    code = "policy.reason_unknown"
    kind = Kind.INVALID
    message = Text("The policy knows no reason {reason}.", "退货政策中没有原因 {reason}。")
    remedy = Text("Choose from: {known}.", "可选原因：{known}。")


class PriceNotProtected(Refusal):
    """Nobody promised it."""

    code = "policy.price_not_protected"
    kind = Kind.CONFLICT
    message = Text("The policy of this order promises no price protection.", "该订单的政策不含价格保护。")
    remedy = Text("Send the goods back in time and buy them anew.", "可在退货期限内退货后重新购买。")


class PriceProtectionOver(Refusal):
    """The promise lasted some days."""

    code = "policy.price_protection_over"
    kind = Kind.CONFLICT
    message = Text(
        "The price was protected for {days} days (rule {rule}).", "价格保护期为 {days} 天（规则 {rule}），已过期。"
    )
    remedy = Text(
        "Nothing is due; prices change; you can also ask for a person to look at it.",
        "已超过价保期；也可以申请人工复核。",
    )
