"""The least that each law gives, with the article that says so; and what one has a seller pay beyond the price."""

import msgspec

from dingdan.areas.policies.model import PolicyDocument


class Floor(msgspec.Struct, frozen=True, kw_only=True):
    """The least that a law gives. `articles` say where each of it stands, by its name here."""

    no_reason_days: int
    quality_days: int
    late_days: int
    refund_days: int
    send_back_days: int
    articles: dict[str, str]
    offence_after_days: int | None = None
    needs_rest_days: bool = False
    untold_months: int = 0
    outbound_refunded: bool = False
    handling_deducted: bool = False
    by_law: frozenset[str] = frozenset()
    by_confirmation: frozenset[str] = frozenset()


_BY_LAW = "PRICE CUSTOM PERISHABLE HYGIENE MIXED ALCOHOL URGENT MEDIA PRESS AUCTION DATED"
_BY_CONSENT = "SERVICE DIGITAL"


def _codes(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}_{name}" for name in names.split())


FLOORS: dict[str, Floor] = {
    "CN": Floor(
        no_reason_days=7, quality_days=7, late_days=730, refund_days=7, send_back_days=1, offence_after_days=15,
        needs_rest_days=True,
        by_law=_codes("CN_EX", "CUSTOM PERISHABLE DIGITAL PRESS"),
        by_confirmation=_codes("CN_OPT", "HYGIENE ACTIVATED NEAR_EXPIRY_DEFECT"),
        articles={
            "no_reason": "CPL 25(1); Measures 10", "rest_days": "Civil Code 203", "quality": "CPL 24",
            "late": "Civil Code 621", "refund": "CPL 25(3); Measures 13", "offence": "Penal 9(4)",
            "freight_fault": "CPL 24; Impl. 18", "evidence": "Measures 10, 31(1)", "exclusions": "Measures 6, 7, 30",
            "confirmation": "Measures 20(2); Impl. 19(2)", "balance": "Measures 14",
            "handling": "Measures 8, 9, 17", "fault": "CPL 24; Civil Code 582", "freight": "CPL 25(3); Measures 18",
            "notice": "ECL 34", "retention": "ECL 31", "reasons": "CPL 24, 25", "send_back": "Measures 11(2)",
            "points": "Measures 15", "deposit": "Civil Code 586", "review": "Measures 11, 31(2)",
        },
    ),
    "EU": Floor(
        no_reason_days=14, quality_days=14, late_days=730, refund_days=14, send_back_days=14, needs_rest_days=True,
        untold_months=12, outbound_refunded=True, handling_deducted=True,
        by_law=_codes("EU_EX", _BY_LAW), by_confirmation=_codes("EU_OPT", _BY_CONSENT),
        articles={
            "no_reason": "CRD 9(1)", "rest_days": "Reg. 1182/71 art. 3(4)", "quality": "CRD 9; SGD 10",
            "late": "SGD 10(1)", "refund": "CRD 13(1)", "freight_fault": "SGD 14(1), 14(2)", "evidence": "CRD 9(1), 11",
            "exclusions": "CRD 16", "confirmation": "CRD 16(a), 16(m)", "balance": "CRD 13(1)",
            "handling": "CRD 14(2)", "fault": "SGD 5, 10", "freight": "CRD 13(2), 14(1)", "outbound": "CRD 13(1), 13(2)",
            "untold": "CRD 10", "send_back": "CRD 14(1)", "reasons": "CRD 9; SGD 13", "points": "CRD 13(1)",
            "notice": "CRD 6(5)", "retention": "", "deposit": "CRD 13(1)", "review": "CRD 11",
        },
    ),
    "GB": Floor(
        no_reason_days=14, quality_days=30, late_days=730, refund_days=14, send_back_days=14, untold_months=12,
        outbound_refunded=True, handling_deducted=True,
        by_law=_codes("UK_EX", _BY_LAW), by_confirmation=_codes("UK_OPT", _BY_CONSENT),
        articles={
            "no_reason": "CCR 29, 30", "quality": "CRA 22", "late": "CRA 19, 23", "refund": "CCR 34(4)-(6)",
            "freight_fault": "CRA 20(8)", "evidence": "CCR 29(1), 32", "exclusions": "CCR 28", "confirmation": "CCR 36, 37",
            "balance": "CCR 34(7)", "handling": "CCR 34(9)", "fault": "CRA 9-11",
            "freight": "CCR 35(5)", "outbound": "CCR 34(1)-(3)", "untold": "CCR 31", "send_back": "CCR 35(4)",
            "reasons": "CCR 29; CRA 19", "points": "CCR 34(1)", "notice": "CCR 13", "retention": "", "rest_days": "",
            "deposit": "CCR 34(1)", "review": "CCR 32",
        },
    ),
}  # fmt: skip
# Where no law of ours lists what is due, the words for what is still asked of every policy.
NO_LAW = "R1.7"


class Damages(msgspec.Struct, frozen=True):
    """So many times the price of the goods, and never less than an amount in the law's own currency."""

    times: int
    at_least: int
    currency: str

    def owed(self, price: int, currency: str) -> int:
        """What is owed for goods that cost so much; what the law says in yuan is not converted."""
        return max(price * self.times, self.at_least if currency == self.currency else 0)


DAMAGES = {
    # Consumer Protection Law art. 55: fraud.
    "CN_FRAUD": Damages(3, 500_00, "CNY"),
    # Food Safety Law art. 148(2).
    "CN_UNSAFE_FOOD": Damages(10, 1_000_00, "CNY"),
}


def damages(document: PolicyDocument, rule: str) -> Damages | None:
    """The damages by a rule of a policy; None where it has no such rule, or the rule gives none."""
    return DAMAGES.get(rule) if rule in document.rules else None


def rights(document: PolicyDocument) -> list[str]:
    """The rules of a policy that give damages."""
    return [rule for rule in DAMAGES if rule in document.rules]
