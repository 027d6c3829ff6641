"""Facts about what buyer and seller say to each other."""

from datetime import datetime

from dingdan.kernel.event import Event


class ReturnRemarked(Event, frozen=True, kw_only=True):
    """One side said something; the words are sealed."""

    wire = "return.remarked"
    subject = "return"

    side: str
    code: str


class ReturnRemarkHeld(Event, frozen=True, kw_only=True):
    """Somebody wrote to the buyer; until then they may take it back, then it is sent."""

    wire = "return.remark_held"
    subject = "return"

    until: datetime


class ReturnRemarkTakenBack(Event, frozen=True, kw_only=True):
    """Whoever wrote it took it back in time: the buyer never saw it."""

    wire = "return.remark_taken_back"
    subject = "return"

    remarks: int


class QuestionAsked(Event, frozen=True, kw_only=True):
    """The buyer is asked for more, once; the clock of the answer stands still meanwhile."""

    wire = "question.asked"
    subject = "question"

    return_id: int
    shots: list[str]


class QuestionAnswered(Event, frozen=True, kw_only=True):
    """The buyer answered what was asked."""

    wire = "question.answered"
    subject = "question"

    return_id: int


class QuestionLapsed(Event, frozen=True, kw_only=True):
    """The buyer did not answer in time: it is decided by what is known."""

    wire = "question.lapsed"
    subject = "question"

    return_id: int


class OfferMade(Event, frozen=True, kw_only=True):
    """One side offers something else; `side` is whose offer it is."""

    wire = "offer.made"
    subject = "offer"

    return_id: int
    kind: str
    amount: int
    currency: str
    side: str


class OfferTaken(Event, frozen=True, kw_only=True):
    """The other side takes it, and it is carried out."""

    wire = "offer.taken"
    subject = "offer"

    return_id: int
    kind: str
    amount: int
    currency: str


class OfferDeclined(Event, frozen=True, kw_only=True):
    """The other side does not want it."""

    wire = "offer.declined"
    subject = "offer"

    return_id: int


class OfferCountered(Event, frozen=True, kw_only=True):
    """The other side wants something else, and says what."""

    wire = "offer.countered"
    subject = "offer"

    return_id: int


class OfferWithdrawn(Event, frozen=True, kw_only=True):
    """Whoever made it thought again, or the return ended in another way."""

    wire = "offer.withdrawn"
    subject = "offer"

    return_id: int


class OfferLapsed(Event, frozen=True, kw_only=True):
    """Nobody took it in time."""

    wire = "offer.lapsed"
    subject = "offer"

    return_id: int


class WithdrawalStated(Event, frozen=True, kw_only=True):
    """A buyer states that they withdraw from a contract; it waits for their confirmation."""

    wire = "withdrawal.stated"
    subject = "withdrawal"


class WithdrawalConfirmed(Event, frozen=True, kw_only=True):
    """The buyer confirmed it: it holds from when it was stated, and is acknowledged."""

    wire = "withdrawal.confirmed"
    subject = "withdrawal"

    request_id: int
