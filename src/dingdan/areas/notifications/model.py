"""What we tell people: the confirmation of an order as evidence, and each message on each channel."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas.notifications.lifecycle import MessageState
from dingdan.areas.notifications.occasions import Occasion


class Channel(StrEnum):
    """How a message travels. `in_app` needs no travelling: it is rendered from the confirmation when it is read."""

    IN_APP = "in_app"
    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"


# What stands in a kept copy where something let in.
HIDDEN = "······"
OUTWARD = (Channel.EMAIL, Channel.SMS, Channel.PUSH)


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """What the order comes to, in minor units; `refunded` once money went back."""

    currency: str
    discount: int
    freight: int
    goods: int
    refunded: int
    tax: int
    total: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `not_returnable` is the text version with which the buyer confirmed that it cannot come back;

    `cancelled` units of it were cancelled (confirmations of before that could be say nothing of it).
    """

    cancelled: int = 0
    discount: int
    goods: int
    line_no: int
    not_returnable: str | None
    quantity: int
    sku: str
    tax: int
    title: dict[str, str]
    unit_price: int


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """Who sells; moments are written in the seller's zone."""

    code: str
    id: str
    name: dict[str, str]
    zone: str


class PaidBy(msgspec.Struct, frozen=True, kw_only=True):
    """A payment of the order; `failure` says why it brought nothing."""

    failure: str | None
    id: str
    method: str
    provider: str


class PolicyBound(msgspec.Struct, frozen=True, kw_only=True):
    """The return policy that the order was placed under."""

    code: str
    hash: str
    id: str
    version: str


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the price: what took how much off, or was added, and who pays for it."""

    amount: int
    code: str | None
    effect: str
    en: str
    funder: str | None
    zh: str


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """By when the goods leave and arrive."""

    arrive_by: str
    ship_by: str


class Presale(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is paid in two parts; an `earnest` deposit is kept where the balance is never paid."""

    balance: int
    balance_from: str
    balance_until: str
    deposit: int
    earnest: bool
    kept: int | None
    paid_at: str | None
    penalty: int | None


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """The case that a message is about: its number, what kind of trouble, the plan, and when the buyer hears next."""

    answer_by: str | None
    closure: str | None
    en: str
    next_update_at: str | None
    number: str
    plan: str | None
    zh: str


class GoodsBack(msgspec.Struct, frozen=True, kw_only=True):
    """The return that a message is about: what was decided and why, what is offered, what is asked, and until when.

    `remarks` counts what was said of it, so that each new remark is told.
    """

    alternatives: list[str]
    amount: int | None
    answer_by: str | None
    appeal_days: int | None
    decision: str
    number: str
    offer_by: str | None
    offered: str | None
    reason: str | None
    remarks: int
    resolution: str
    rule: str | None
    rule_en: str | None
    rule_zh: str | None
    send_by: str | None


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal from the contract as it is acknowledged: what exactly, when it was stated and when confirmed."""

    confirmed_at: str
    lines: dict[str, int]
    number: str
    stated_at: str


class Disputed(msgspec.Struct, frozen=True, kw_only=True):
    """The dispute that a message is about: whose turn it is to show what, what was ruled by which rules, and who does what

    until when. `lines` say what becomes of units, `rules` and `show` their words by language. The arbitrator's words are
    under the buyer's key, and stay there.
    """

    appeal_by: str | None
    do_by: str | None
    done_by: str | None
    executor: str | None
    fault: str | None
    issue: str
    lines: list[list[int | str]]
    number: str
    rule_by: str | None
    rules: dict[str, dict[str, str]]
    show: dict[str, str]
    show_by: str | None
    side: str
    still_for: str | None
    still_until: str | None


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Where the order goes: not who, but which sealed snapshot and the SHA-256 of its ciphertext."""

    contact: str
    sealed_sha256: str | None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it is confirmed, made from stored rows only. Fields stand in the order of the alphabet here and

    above, so that what is encoded is canonical JSON (RFC 8785) as it falls out. `trouble`, `back`, `withdrawn` and
    `disputed` are there where the message is about one, `which` where it is about goods on their way back: which, and
    which reminder; about a turn in a dispute: which; or about a paper: its number.
    """

    amounts: Amounts
    at: str
    back: GoodsBack | msgspec.UnsetType = msgspec.UNSET
    cancel_reason: str | None
    disputed: Disputed | msgspec.UnsetType = msgspec.UNSET
    layers: list[Layer]
    lines: list[Line]
    # By when the buyer hears again, where something goes on that they wait for.
    next_update_by: str | None = None
    number: str
    occasion: Occasion
    order: str
    paid_at: str | None
    pay_by: str
    payments: list[PaidBy]
    placed_at: str
    policy: PolicyBound | None
    # Confirmations of before there were presales say nothing of them.
    presale: Presale | None = None
    promise: Promise | None
    # When the order counts as received by itself; only where its buyer is told of that.
    receive_by: str | None = None
    recipient: Recipient
    reference: str | None
    schema: int
    seller: Seller
    trouble: Trouble | msgspec.UnsetType = msgspec.UNSET
    verdict_by: str | None
    version: int
    which: str | msgspec.UnsetType = msgspec.UNSET
    withdrawn: Withdrawn | msgspec.UnsetType = msgspec.UNSET


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an order's confirmation. `canonical` is what was hashed, byte for byte.

    `missing` names the mandatory fields it lacks: then it is kept and alerted about, and not sent.
    """

    order_id: int
    version: int
    merchant_id: int
    contact_id: int
    occasion: Occasion
    canonical: str
    hash: bytes
    missing: tuple[str, ...]
    at: datetime

    @property
    def facts(self) -> Facts:
        """What it says."""
        return msgspec.json.decode(self.canonical, type=Facts)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmation on its way over one channel. `round` is 1, and one more each time it is sent again by hand.

    `sealed` is the copy as it was sent, under the buyer's key. `lost` counts attempts whose outcome nobody knows.
    """

    id: int
    order_id: int
    confirmation: int
    merchant_id: int
    channel: Channel
    round: int
    state: MessageState
    version: int
    attempts: int
    lost: int
    failure: str | None
    next_at: datetime
    called_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    language: str | None
    sealed: bytes | None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A message ready to leave: to whom, and the words. `html` is empty where the channel takes text only."""

    message_id: int
    attempt: int
    to: str
    sender: str
    subject: str
    text: str
    html: str
    language: str
    at: datetime
    # What lets in, and stands in no copy.
    secrets: tuple[str, ...] = ()

    def ended(self, result: "Result", why: str = "") -> "Outcome":
        """How an attempt with it ended; of what was sent the copy is kept, without what lets in."""
        copy = self._without_secrets() if result is Result.SENT else None
        return Outcome(message_id=self.message_id, attempt=self.attempt, result=result, why=why, copy=copy)

    def _without_secrets(self) -> "Letter":
        text, html = self.text, self.html
        for secret in self.secrets:
            text, html = text.replace(secret, HIDDEN), html.replace(secret, HIDDEN)
        return msgspec.structs.replace(self, text=text, html=html, secrets=())


class Keys(msgspec.Struct, frozen=True):
    """What a letter lets its reader in with: the link to the order, and a code where one was asked for.

    Both are made when the letter leaves and are kept nowhere.
    """

    link: str = ""
    secret: str = ""
    number: int = 0
    code: str = ""


class Result(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    REFUSED = "refused"  # A no that trying again does not change.
    FAILED = "failed"  # No answer, or one that says later.
    UNKNOWN = "unknown"  # No answer in time: it may have gone out.
    NOT_TRIED = "not_tried"  # There was no time left to try.
    NO_WAY = "no_way"  # There is nobody to send it to on this channel, or no way to.
    NEEDLESS = "needless"  # It need not be sent any more.


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attempt; `why` is a code, never somebody's words. `copy` is what was sent.

    `fields` are mandatory ones that turned out to be missing when the address was unsealed.
    """

    message_id: int
    attempt: int
    result: Result
    why: str = ""
    fields: tuple[str, ...] = ()
    copy: Letter | None = None


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it was sent, sealed under the buyer's key."""

    to: str
    subject: str
    text: str
    html: str


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmation in words: for a letter, for a page, and as short as a text message."""

    language: str
    seller: str
    subject: str
    text: str
    html: str
    short: str
