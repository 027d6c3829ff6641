"""Whether what a policy says about asking may be published."""

from collections.abc import Iterator

from dingdan.areas.policies import refusals
from dingdan.areas.policies.asking_parts import Asking
from dingdan.areas.policies.model import PolicyDocument
from dingdan.kernel.refusal import Refusal

MOST_SHOTS, MOST_HOURS, MOST_DAYS = 10, 24 * 30, 3650


def problems_of_asking(document: PolicyDocument) -> Iterator[Refusal]:
    """Everything that speaks against the part: what is unlawful and what makes no sense.

    Rules that are not written are found wherever a part stands (`linting`).
    """
    asking = document.asking
    for code, shots in asking.shots.items():
        reason = document.reasons.get(code)
        if reason is None:
            yield refusals.FieldUnusable(f"asking.shots.{code}", must="a reason of this policy")
        elif reason.kind == "no_reason":
            yield refusals.EvidenceNotAllowed(f"asking.shots.{code}")
        if not 1 <= len(shots) <= MOST_SHOTS or len({shot.code for shot in shots}) < len(shots):
            yield refusals.FieldUnusable(f"asking.shots.{code}", must=f"1-{MOST_SHOTS}, each code once")
    # The law's own way out is never left out.
    if "refund" not in asking.resolutions:
        yield refusals.BelowStatute("asking.resolutions", least="refund")
    yield from _numbers(asking)


def _numbers(asking: Asking) -> Iterator[Refusal]:
    numbers = {
        "attempts": (asking.attempts, 1, 1000),
        # An answer within hours that nobody can keep is none.
        "answer_hours": (asking.answer_hours, 24, MOST_HOURS),
        "offer_hours": (asking.offer_hours, 1, MOST_HOURS),
        "appeal_days": (asking.appeal_days, 1, MOST_DAYS),
    }
    if asking.price_protection is not None:
        numbers["price_protection.days"] = (asking.price_protection.days, 1, MOST_DAYS)
    for path, (number, least, most) in numbers.items():
        if not least <= number <= most:
            yield refusals.FieldUnusable(f"asking.{path}", must=f"{least}-{most}")
    amounts = {"silence_up_to": asking.silence_up_to}
    if asking.refund_only is not None:
        amounts["refund_only.up_to"] = asking.refund_only.up_to
    for path, by_currency in amounts.items():
        if any(amount < 0 for amount in by_currency.values()):
            yield refusals.FieldUnusable(f"asking.{path}", must=">= 0")
