"""What can be had besides sending goods back, what must be shown for it, and what it means when nobody answers."""

from collections.abc import Iterator, Mapping

from dingdan.areas.policies import PolicyDocument
from dingdan.kernel.money import decimal_string
from dingdan.kernel.refusal import Text


def ways_out(document: PolicyDocument) -> Iterator[tuple[Text, str]]:
    """Every other way out that the policy knows, each with the rule behind it ("" where it is only agreed on)."""
    asking = document.asking
    if asking.withdrawal is not None:
        yield (
            Text(
                "You can withdraw from the contract here, in two steps; we confirm at once what you declared and when.",
                "您可在此分两步撤回合同；我们会立即书面确认声明内容和时间。",
            ),
            asking.withdrawal.rule,
        )
    if "refund_only" in asking.resolutions:
        yield (
            Text(
                "What has not left is cancelled and paid back; what is on its way is called back first.",
                "未发货的可直接仅退款；已发货未签收的先拦截包裹，再退款。",
            ),
            document.grounds.unshipped,
        )
    if asking.refund_only is not None:
        up_to = _amounts(asking.refund_only.up_to)
        yield (
            Text(
                f"If it is our fault and all is shown that we ask for, up to {up_to} is paid back without the goods.",
                f"商家责任且凭证齐全的，{up_to}以内可仅退款，无需退货。",
            ),
            asking.refund_only.rule,
        )
    if "keep" in asking.resolutions:
        yield (
            Text(
                "You can keep the goods for a lower price if we both agree.", "经双方协商一致，可保留商品并部分退款。"
            ),
            "",
        )
    if (terms := asking.price_protection) is not None:
        yield (
            Text(
                f"If the price falls within {terms.days} days after the purchase, you get the difference.",
                f"购买后{terms.days}日内降价的，可申请退还差价（价保）。",
            ),
            terms.rule,
        )


def shots(document: PolicyDocument) -> Iterator[Text]:
    """What a picture or a video must show, reason by reason."""
    for code, wanted in document.asking.shots.items():
        reason = document.reasons[code]
        en, zh = ", ".join(shot.en for shot in wanted), "、".join(shot.zh for shot in wanted)
        yield Text(f"{reason.en}: {en}.", f"{reason.zh}：{zh}。")


def silence(document: PolicyDocument) -> Iterator[Text]:
    """What counts as a yes when nobody answered in time, and how a no is looked at again."""
    if up_to := _amounts({currency: most for currency, most in document.asking.silence_up_to.items() if most}):
        yield Text(
            "If we do not answer in time, what could go back without a reason counts as agreed, and so does anything else up to"
            f" {up_to} if all is shown that we ask for.",
            f"逾期未答复的，符合无理由退货条件的视为同意；其他凭证齐全的申请，{up_to}以内视为同意。",
        )
    days = document.asking.appeal_days
    yield Text(
        f"You can object to a no once within {days} days; somebody else decides then.",
        f"对拒绝结果可在{days}日内申诉一次，由其他人员重新处理。",
    )


def _amounts(by_currency: Mapping[str, int]) -> str:
    return " / ".join(f"{decimal_string(amount, currency)} {currency}" for currency, amount in by_currency.items())
