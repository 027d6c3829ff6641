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
        "{exclusion} takes the buyer's confirmation, but there is no text for it ({article}).",
        "{exclusion} 需要买家确认，但缺少确认文本（{article}）。",
    )
    remedy = Text("Add the text under confirmations, in both languages.", "请在 confirmations 中补充中英文确认文本。")


class ExclusionWithoutGround(Refusal):
    """What the law does not exclude is not excluded (Measures 30)."""

    code = "policy.exclusion_without_ground"
    kind = Kind.INVALID
    message = Text(
        "No law excludes {exclusion} in this way ({article}).", "{exclusion} 缺乏法定依据，不得作此排除（{article}）。"
    )
    remedy = Text("Leave it out, or ask for the buyer's confirmation where the law allows that.",
                  "请去掉该排除项；法律允许的，可改为由买家在购买时确认。")  # fmt: skip


class EvidenceNotAllowed(Refusal):
    """A return that needs no reason needs no proof."""

    code = "policy.evidence_not_allowed"
    kind = Kind.INVALID
    message = Text(
        "A return without a reason must not ask for evidence ({article}).", "无理由退货不得要求提供凭证（{article}）。"
    )
    remedy = Text("Leave the list empty.", "请将该列表留空。")


class BelowStatute(Refusal):
    """A policy may give more than the law, never less."""

    code = "policy.below_statute"
    kind = Kind.INVALID
    message = Text("The law asks for {least} ({article}).", "低于法定标准：{least}（{article}）。")
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


class FreightRuleMissing(Refusal):
    """Who pays for which way must be said for everybody's fault (R1.7)."""

    code = "policy.freight_rule_missing"
    kind = Kind.INVALID
    message = Text(
        "Nothing says who pays for {direction} when the fault is {fault} ({article}).",
        "缺少运费规则：责任方 {fault}、方向 {direction}（{article}）。",
    )
    remedy = Text("Add freight.{fault} with outbound, return, reship and its rule.",
                  "请补充 freight.{fault}，写明 outbound、return、reship 及其规则。")  # fmt: skip


class ConsentMissing(Refusal):
    """Money becomes a balance only where the buyer says so."""

    code = "policy.consent_missing"
    kind = Kind.INVALID
    message = Text("Money goes back the way it came; as balance only with the buyer's express consent ({article}).",
                   "退款须按原路退回；退至余额须经消费者明示同意（{article}）。")  # fmt: skip
    remedy = Text("Set it to with_consent or never.", "请改为 with_consent 或 never。")


class FaultShifted(Refusal):
    """What is the seller's to answer for is not made the buyer's by a word."""

    code = "policy.fault_shifted"
    kind = Kind.INVALID
    message = Text(
        "A reason of this class is the seller's to answer for ({article}).", "该类原因依法由经营者负责（{article}）。"
    )
    remedy = Text('Set fault to "seller" or "review".', '请将 fault 设为 "seller" 或 "review"。')


class ReasonMissing(Refusal):
    """Buyers must be able to say what is wrong."""

    code = "policy.reason_missing"
    kind = Kind.INVALID
    message = Text("No reason of class {kind} can be chosen ({article}).", "缺少 {kind} 类退货原因（{article}）。")
    remedy = Text("Add one under reasons.", "请在 reasons 中补充。")


class WordsMissing(Refusal):
    """Everything people read stands in both languages."""

    code = "policy.words_missing"
    kind = Kind.INVALID
    message = Text("These words are missing: {language}.", "缺少 {language} 文字。")
    remedy = Text("Write them in both languages.", "请补充中英文内容。")


class BaseUnknown(Refusal):
    """A policy is written on top of one that was published."""

    code = "policy.base_unknown"
    kind = Kind.INVALID
    message = Text("There is no published policy {base} to extend.", "不存在可继承的已发布政策 {base}。")
    remedy = Text("Name one as code@version, such as {example}.", "请按 代码@版本 填写，例如 {example}。")


class LawReworded(Refusal):
    """What a rule of the extended policy says is not changed by the one that extends it."""

    code = "policy.law_reworded"
    kind = Kind.INVALID
    message = Text("The rule {rule} belongs to {base} and cannot be reworded.", "规则 {rule} 属于 {base}，不得改写。")
    remedy = Text("Add a rule with a name of your own.", "请以自己的规则编号新增规则。")


class DocumentUnreadable(Refusal):
    """What was written is no policy document."""

    code = "policy.document_unreadable"
    kind = Kind.INVALID
    message = Text("This cannot be read as a policy: {why}.", "无法读取为政策文档：{why}。")
    remedy = Text(
        "Compare it with a pack; only the fields of a policy are taken.", "请参照内置政策；只接受政策文档的字段。"
    )


class NotADraft(Refusal):
    """Only what is not announced yet is still changed, and only what does not apply yet is withdrawn."""

    code = "policy.not_a_draft"
    kind = Kind.CONFLICT
    message = Text("This version is {state}.", "该版本当前状态为 {state}。")
    remedy = Text("Write a new version.", "请新建版本。")


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
