"""What a policy may say about asking: no proof without a reason, no rule unwritten, no old document's hash changed."""

from typing import Any

import msgspec
import pytest

from dingdan.areas import policies
from dingdan.areas.policies import Asking, PriceProtection, RefundOnly, Shot, Withdrawal
from dingdan.areas.policies.publishing import canonical
from dingdan.areas.policies.rules.linting import problems_of
from dingdan.kernel.refusal import Refusal

CN = policies.packs()[0]
FAULT = Shot("fault", "the fault", "问题部位")


def found(**asking: Any) -> list[tuple[type[Refusal], str]]:
    document = msgspec.structs.replace(CN, asking=Asking(**asking))
    return [(type(problem), problem.path) for problem in problems_of(document, canonical(document))]


@pytest.mark.requirement("R2.1")
def test_documents_of_before_say_nothing_of_it_and_keep_their_hash() -> None:
    assert CN.asking is policies.ORDINARY
    assert b'"asking"' not in canonical(CN)
    again = msgspec.json.decode(canonical(CN), type=policies.PolicyDocument)
    assert policies.hash_of(again) == policies.hash_of(CN)


@pytest.mark.requirement("R2.1")
def test_sound_terms_may_be_published() -> None:
    terms = {
        "shots": {"QUALITY_DEFECT": (FAULT, Shot("unpacking", "unpacking it", "开箱视频", "video"))},
        "refund_only": RefundOnly({"CNY": 50_00}, "CN_QUALITY"),
        "price_protection": PriceProtection(30, "CN_OPEN_REASON"), "withdrawal": Withdrawal("CN_NO_REASON"),
    }  # fmt: skip
    assert found(**terms) == []


@pytest.mark.requirement("R2.7")
@pytest.mark.parametrize(("asking", "refusal", "path"), [
    ({"shots": {"NO_REASON": (FAULT,)}}, policies.EvidenceNotAllowed, "asking.shots.NO_REASON"),
    ({"shots": {"SIZE_UNFIT": (FAULT,)}}, policies.EvidenceNotAllowed, "asking.shots.SIZE_UNFIT"),
    ({"shots": {"BECAUSE": (FAULT,)}}, policies.FieldUnusable, "asking.shots.BECAUSE"),
    ({"shots": {"SPOILED": ()}}, policies.FieldUnusable, "asking.shots.SPOILED"),
    ({"shots": {"SPOILED": (FAULT, FAULT)}}, policies.FieldUnusable, "asking.shots.SPOILED"),
    ({"resolutions": ("keep",)}, policies.BelowStatute, "asking.resolutions"),
    ({"refund_only": RefundOnly({"CNY": 1}, "NONE")}, policies.RuleMissing, "asking.refund_only.rule"),
    ({"refund_only": RefundOnly({"CNY": -1}, "CN_QUALITY")}, policies.FieldUnusable, "asking.refund_only.up_to"),
    ({"silence_up_to": {"CNY": -1}}, policies.FieldUnusable, "asking.silence_up_to"),
    ({"price_protection": PriceProtection(0, "CN_QUALITY")}, policies.FieldUnusable, "asking.price_protection.days"),
    ({"attempts": 0}, policies.FieldUnusable, "asking.attempts"),
    ({"answer_hours": 1}, policies.FieldUnusable, "asking.answer_hours"),
    ({"offer_hours": 100_000}, policies.FieldUnusable, "asking.offer_hours"),
    ({"appeal_days": 0}, policies.FieldUnusable, "asking.appeal_days"),
])  # fmt: skip
def test_what_may_not_be_said(asking: dict[str, Any], refusal: type[Refusal], path: str) -> None:
    assert found(**asking) == [(refusal, path)]
