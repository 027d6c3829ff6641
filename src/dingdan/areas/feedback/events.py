"""Facts about what buyers say."""

from dingdan.kernel.event import Event


class FeedbackGiven(Event, frozen=True, kw_only=True):
    """A buyer rated an order, or changed what they had said of it."""

    wire = "feedback.given"
    subject = "order"

    version: int
    rating: int


class FeedbackHidden(Event, frozen=True, kw_only=True):
    """Somebody hid feedback, with a reason; it is kept."""

    wire = "feedback.hidden"
    subject = "order"

    reason: str


class FeedbackShown(Event, frozen=True, kw_only=True):
    """Feedback that was hidden is shown again."""

    wire = "feedback.shown"
    subject = "order"
