"""When things happen again: which orders are placed in one step, and which returns."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec

from dingdan.cli.replay.lines import Cancelled, Invoice
from dingdan.cli.replay.plan import Claim
from dingdan.cli.replay.shop import ZONE
from dingdan.kernel.times import local_date

Purchases = dict[tuple[str, str], list[tuple[datetime, int]]]


class Batch(msgspec.Struct, frozen=True):
    """Orders of one day that are placed in one transaction, all at the moment of the first of them."""

    at: datetime
    invoices: tuple[Invoice, ...]


class Day(msgspec.Struct, frozen=True):
    """One day of the shop in London."""

    day: date
    batches: tuple[Batch, ...]

    @property
    def ends_at(self) -> datetime:
        """The moment at which this day's orders are paid, shipped and delivered."""
        return self.batches[-1].at

    @property
    def invoices(self) -> list[Invoice]:
        """All orders of the day."""
        return [invoice for batch in self.batches for invoice in batch.invoices]


class Sitting(msgspec.Struct, frozen=True):
    """Claims that are made in one transaction, all at the moment of the last of them."""

    at: datetime
    claims: tuple[Claim, ...]


def days(invoices: Sequence[Invoice], cancelled: Iterable[Cancelled]) -> list[Day]:
    """The shop's days, each in as few batches as the order of things allows.

    A transaction has one now, and a transaction for each of 34,000 minutes would take hours. So orders of a day are
    placed at the moment of the first: never later than they were, so that a return of the same day finds them. But
    where a customer gives a code back and buys it again later on the same day, a new batch begins before the second
    purchase: what was bought only after a return must not be there when the return is judged.
    """
    returned: dict[tuple[str, str, date], list[datetime]] = {}
    for one in cancelled:
        returned.setdefault((one.customer, one.code, local_date(one.at, ZONE)), []).append(one.at)
    return [
        Day(day, tuple(_batches(list(group), day, returned)))
        for day, group in groupby(invoices, key=lambda invoice: local_date(invoice.at, ZONE))
    ]


def _batches(
    invoices: Sequence[Invoice], day: date, returned: dict[tuple[str, str, date], list[datetime]]
) -> Iterator[Batch]:
    begun = 0
    for place, invoice in enumerate(invoices):
        earlier = [
            at
            for line in invoice.lines
            for at in returned.get((invoice.customer, line.code, day), ())
            if invoices[begun].at <= at < invoice.at
        ]
        if earlier:
            yield Batch(invoices[begun].at, tuple(invoices[begun:place]))
            begun = place
    yield Batch(invoices[begun].at, tuple(invoices[begun:]))


def purchases(days: Iterable[Day], claims: Iterable[Claim]) -> Purchases:
    """What the customers of these claims bought of their codes: the moments, as they are replayed, and the prices."""
    found: Purchases = {(claim.customer, claim.code): [] for claim in claims}
    for batch in (batch for day in days for batch in day.batches):
        for invoice in batch.invoices:
            for line in invoice.lines:
                bought = found.get((invoice.customer, line.code))
                if bought is not None:
                    bought.append((batch.at, line.price))
    return found


def sittings(claims: Sequence[Claim], bought: Purchases) -> list[Sitting]:
    """The claims of each day, in as few sittings as the order of things allows.

    They are judged at the moment of the last: never earlier than they were, so that every purchase of before is
    there. Where a claim names no purchase, its sitting ends before the same customer buys that code again.
    """
    found: list[Sitting] = []
    for _, group in groupby(claims, key=lambda claim: local_date(claim.at, ZONE)):
        held: list[Claim] = []
        until: datetime | None = None
        for claim in group:
            if until is not None and claim.at >= until:
                found.append(Sitting(held[-1].at, tuple(held)))
                held, until = [], None
            held.append(claim)
            if not claim.allocations:
                later = (at for at, _ in bought.get((claim.customer, claim.code), ()) if at > claim.at)
                until = min([*later, *([until] if until else [])], default=None)
        found.append(Sitting(held[-1].at, tuple(held)))
    return found
