"""The parts of a policy about asking: what can be asked for, by which evidence, what silence means, what can be offered."""

from typing import Literal

import msgspec

from dingdan.areas.policies.wording import Part

Resolution = Literal["refund", "refund_only", "keep", "price_protection"]
EVERY_RESOLUTION: tuple[Resolution, ...] = ("refund", "refund_only", "keep", "price_protection")


class Shot(Part, frozen=True):
    """One thing that evidence is to show, and in which form."""

    code: str
    en: str
    zh: str
    sort: Literal["photo", "video"] = "photo"


class RefundOnly(Part, frozen=True):
    """When the seller's fault is paid back at once without the goods: up to an amount, by currency, in minor units.

    Without this part a person decides about all of it.
    """

    up_to: dict[str, int]
    rule: str


class PriceProtection(Part, frozen=True):
    """For how many days after buying it a thing that has become cheaper is paid back by the difference (价保)."""

    days: int
    rule: str


class Withdrawal(Part, frozen=True):
    """The function to withdraw from the contract that an online shop must offer (CRD art. 11a), by which rule."""

    rule: str


def _silence() -> dict[str, int]:
    """CNY 500, and what comes to about that elsewhere."""
    return {"CNY": 500_00, "USD": 70_00, "EUR": 65_00, "GBP": 55_00, "HKD": 550_00, "JPY": 10_000}


class Asking(Part, frozen=True, kw_only=True):
    """How a return is asked for and answered.

    `shots` are what evidence must show, by reason; a reason that needs none is left out, and one of the class no_reason
    can never stand there. `silence_up_to`: up to which amount, by currency, an application that nobody answered in
    time counts as approved. `attempts` are how often a line may be asked for; the law's own rights are not counted.
    """

    resolutions: tuple[Resolution, ...] = EVERY_RESOLUTION
    shots: dict[str, tuple[Shot, ...]] = msgspec.field(default_factory=dict)
    silence_up_to: dict[str, int] = msgspec.field(default_factory=_silence)
    refund_only: RefundOnly | None = None
    price_protection: PriceProtection | None = None
    withdrawal: Withdrawal | None = None
    attempts: int = 5
    answer_hours: int = 48
    offer_hours: int = 72
    appeal_days: int = 7


# What holds where a policy says nothing about it.
ORDINARY = Asking()
