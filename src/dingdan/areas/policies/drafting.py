"""A policy for a shop that promises more than the law, in one call."""

from datetime import date
from typing import Literal

import msgspec

from dingdan.areas.policies.granting_parts import Freight, PartialDiscount, RefundTerms, Window
from dingdan.areas.policies.model import Grounds, NoReason, PolicyDocument, Quality, ReviewTerms
from dingdan.areas.policies.publishing import packs
from dingdan.areas.policies.wording import Rule, Words

_RULES = {
    "SHOP_PROMISE": Rule(
        article="The shop's own promise",
        en="Goods can be returned within the days that the shop promises, without stating a reason.",
        zh="商品可在店铺承诺的期限内无理由退货。",
    ),
    "SHOP_FAULT": Rule(
        article="The shop's own promise",
        en="What is the shop's fault is taken back at the shop's cost.",
        zh="因店铺原因产生的问题，由店铺承担费用退货。",
    ),
    "SHOP_PRACTICE": Rule(
        article="The shop's own practice",
        en="How the shop handles what comes back: as much as was bought, what was really paid, by a person where needed.",
        zh="店铺的处理方式：退货数量以购买数量为限，按实际支付金额退款，必要时由人工处理。",
    ),
}


def draft(
    code: str,
    version: str,
    *,
    zone: str,
    days: int,
    effective_from: date,
    jurisdiction: Literal["CN", "EU", "GB", "other"] = "other",
    roll_rest_day: bool = False,
    send_back_days: int = 14,
    refund_days: int = 14,
) -> PolicyDocument:
    """A complete document: everything can be returned within `days` of delivery, for any of the usual reasons.

    Nothing is excluded and no confirmation is asked for; change parts with `msgspec.structs.replace`.
    """
    reasons = {
        name: msgspec.structs.replace(reason, rule="SHOP_FAULT" if reason.fault == "seller" else "SHOP_PROMISE")
        for name, reason in packs()[0].reasons.items()
    }
    is_told = jurisdiction in ("EU", "GB")
    practice = "SHOP_PRACTICE"
    window = Window(
        days=days, rule="SHOP_PROMISE", roll_rest_day=roll_rest_day,
        untold_months=12 if is_told else 0, untold_rule=practice if is_told else None,
    )  # fmt: skip
    fault = Window(days=days, rule="SHOP_FAULT", roll_rest_day=roll_rest_day)
    outbound: Literal["refunded_standard", "not_refunded"] = "refunded_standard" if is_told else "not_refunded"
    at_buyers_cost = Freight(outbound, "buyer", "SHOP_PROMISE", reship="buyer")
    return PolicyDocument(
        id=code,
        version=version,
        jurisdiction=jurisdiction,
        name=Words(f"{days} days to return", f"{days} 天可退货"),
        zone=zone,
        effective_from=effective_from,
        sources=(),
        grounds=Grounds(practice, practice, practice, practice, practice),
        no_reason=NoReason(
            window=window,
            excluded=(),
            excludable_with_confirmation=(),
            evidence_required=(),
            freight=at_buyers_cost,
            partial_discount=PartialDiscount(("prorate",), "prorate", practice),
        ),
        quality=Quality(
            fault, max(730, days), "SHOP_FAULT", (), Freight("refunded", "seller", "SHOP_FAULT", reship="seller")
        ),
        freight={"none": Freight("refunded_standard", "buyer", practice, reship="buyer")},
        refund=RefundTerms(refund_days, practice),
        review=ReviewTerms(24, 48, practice),
        send_back_days=send_back_days,
        applies_to={},
        confirmations={},
        reasons=reasons,
        rules=_RULES,
    )
