"""Facts about promotions, coupons and tariffs."""

from dingdan.kernel.event import Event


class PromotionCreated(Event, frozen=True, kw_only=True):
    """A promotion or coupon was drafted; nobody sees it yet."""

    wire = "promotion.created"
    subject = "promotion"

    kind: str
    is_coupon: bool


class PromotionChanged(Event, frozen=True, kw_only=True):
    """What a promotion says was changed."""

    wire = "promotion.changed"
    subject = "promotion"


class PromotionScheduled(Event, frozen=True, kw_only=True):
    """A promotion will run when its time comes."""

    wire = "promotion.scheduled"
    subject = "promotion"


class PromotionActivated(Event, frozen=True, kw_only=True):
    """A promotion runs."""

    wire = "promotion.activated"
    subject = "promotion"


class PromotionStopped(Event, frozen=True, kw_only=True):
    """Somebody stopped a promotion; orders that have it keep it."""

    wire = "promotion.stopped"
    subject = "promotion"

    reason: str


class PromotionEnded(Event, frozen=True, kw_only=True):
    """A promotion's time is over."""

    wire = "promotion.ended"
    subject = "promotion"


class PromotionGivenBack(Event, frozen=True, kw_only=True):
    """An order that ended gave back a use of something limited; a coupon can be used again."""

    wire = "promotion.given_back"
    subject = "promotion"

    amount: int
    is_coupon: bool


class CouponGranted(Event, frozen=True, kw_only=True):
    """A coupon was given to so many."""

    wire = "coupon.granted"
    subject = "promotion"

    grants: int


class TariffSaved(Event, frozen=True, kw_only=True):
    """The rules of freight, tax or points were replaced."""

    wire = "tariff.saved"
    subject = "tariff"

    part: str
    rules: int
