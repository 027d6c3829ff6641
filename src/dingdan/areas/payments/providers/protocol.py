"""What we ask of any payment provider, in sets: an answer for each thing asked."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from dingdan.areas.payments.model import Charge, ChargeAnswer, Limits, MoneyBack, MoneyBackAnswer, Notice, Reply


class Provider(Protocol):
    """A conversation with the outside world; never held inside a transaction.

    Every call may raise Outage: then the outcome of all that was asked is unknown. A single answer may be UNKNOWN
    too. Calls are idempotent by our numbers (payment id, send-back id): asked again, a provider does not move money
    again, and it refuses another amount under a number that it knows.
    """

    @property
    def name(self) -> str:
        """What it is called in our tables."""

    @property
    def ack(self) -> Reply:
        """The exact words that stop it from sending a notification again."""

    @property
    def again(self) -> Reply:
        """The words that make it send a notification again later."""

    async def limits(self) -> Limits:
        """What its channel can do at most."""

    async def start(self, charges: Sequence[Charge]) -> list[ChargeAnswer]:
        """Charge, or make ready to be paid (ACCEPTED, with where to pay)."""

    async def query(self, charges: Sequence[Charge]) -> list[ChargeAnswer]:
        """How charges stand; NOT_FOUND where no call ever arrived."""

    async def void(self, charges: Sequence[Charge]) -> list[ChargeAnswer]:
        """Close charges for good, also those it has not heard of; VOIDED, or CAPTURED where money came first."""

    async def refund(self, wanted: Sequence[MoneyBack]) -> list[MoneyBackAnswer]:
        """Send money back; IMPOSSIBLE where trying again changes nothing."""

    async def query_refund(self, wanted: Sequence[MoneyBack]) -> list[MoneyBackAnswer]:
        """How money on its way back stands; NOT_FOUND where no call ever arrived."""

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check a notification's signature over its raw bytes, in constant time, and only then read it.

        Raises NoticeNotSigned or NoticeUnreadable.
        """
