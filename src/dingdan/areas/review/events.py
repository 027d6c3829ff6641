"""Facts about second looks: what was seen, who decided, and that an order may go on."""

from dingdan.kernel.event import Event


class OrderCleared(Event, frozen=True, kw_only=True):
    """A paid order may go on: nothing about it asked for a second look, or the look ended with a yes."""

    wire = "order.cleared"
    subject = "order"


class ReviewOpened(Event, frozen=True, kw_only=True):
    """A paid order was stopped for a second look; `rule` names the rules that asked for it."""

    wire = "review.opened"
    subject = "review"

    owner: str
    limit_minutes: int


class ReviewClaimed(Event, frozen=True, kw_only=True):
    """Somebody took the review in hand."""

    wire = "review.claimed"
    subject = "review"


class ReviewPutBack(Event, frozen=True, kw_only=True):
    """The review waits for somebody again."""

    wire = "review.put_back"
    subject = "review"


class ReviewAsked(Event, frozen=True, kw_only=True):
    """The buyer was asked; the clock stands still until the answer or its deadline."""

    wire = "review.asked"
    subject = "review"

    questions: list[str]


class ReviewAnswered(Event, frozen=True, kw_only=True):
    """The buyer answered; the clock runs on with what was left."""

    wire = "review.answered"
    subject = "review"


class ReviewUnanswered(Event, frozen=True, kw_only=True):
    """The buyer did not answer in time; the clock runs on."""

    wire = "review.unanswered"
    subject = "review"


class ReviewDueSoon(Event, frozen=True, kw_only=True):
    """Most of the time is over and nobody has decided."""

    wire = "review.due_soon"
    subject = "review"


class ReviewEscalated(Event, frozen=True, kw_only=True):
    """The review went up to a lead, by a person or because its time was over."""

    wire = "review.escalated"
    subject = "review"

    reason: str


class ReviewBlocked(Event, frozen=True, kw_only=True):
    """Risk says that nobody may let this order go; time alone will end it with the money back."""

    wire = "review.blocked"
    subject = "review"

    reason: str


class ReviewUnblocked(Event, frozen=True, kw_only=True):
    """Risk has taken its block back."""

    wire = "review.unblocked"
    subject = "review"


class ReviewSigned(Event, frozen=True, kw_only=True):
    """The first of two people said yes; `why` a second one is needed."""

    wire = "review.signed"
    subject = "review"

    why: list[str]


class ReviewForceAsked(Event, frozen=True, kw_only=True):
    """A check failed, and somebody asked that the order goes all the same; another person has the word."""

    wire = "review.force_asked"
    subject = "review"

    failed: list[str]
    reason: str


class ReviewForced(Event, frozen=True, kw_only=True):
    """An order went in spite of a failed check: asked for by `by_kind` and `by_id`, confirmed by whose fact this is."""

    wire = "review.forced"
    subject = "review"

    failed: list[str]
    reason: str
    by_kind: str
    by_id: int


class ReviewApproved(Event, frozen=True, kw_only=True):
    """The order may go on, by people or because time was over."""

    wire = "review.approved"
    subject = "review"

    is_automatic: bool


class ReviewRejected(Event, frozen=True, kw_only=True):
    """The order does not go on; what was paid goes back."""

    wire = "review.rejected"
    subject = "review"

    reason: str
    is_automatic: bool


class ReviewWithdrawn(Event, frozen=True, kw_only=True):
    """There is nothing to look at any more: the order ended."""

    wire = "review.withdrawn"
    subject = "review"


class ReviewRuleSaved(Event, frozen=True, kw_only=True):
    """A version of a review rule was written."""

    wire = "review_rule.saved"
    subject = "review_rule"

    code: str
    number: int
    is_active: bool


class ReviewRuleSwitched(Event, frozen=True, kw_only=True):
    """A merchant switched a rule of the platform on or off for its own orders."""

    wire = "review_rule.switched"
    subject = "review_rule"

    code: str
    is_active: bool
