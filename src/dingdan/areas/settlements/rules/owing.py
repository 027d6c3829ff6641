"""What an order means for its merchant's account, line by line, and which of it is not booked yet."""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from dingdan.areas.settlements.model import EVERY, Due, FeeKind, LineKind, Terms
from dingdan.kernel.money import part_of_units, percent

Key = tuple[LineKind, str, int, int]


class Sold(msgspec.Struct, frozen=True):
    """One order line: its category, what its goods cost after every discount, and what of these the platform gave.

    Line 0 is carriage, where the platform gave something off it. `units` are those that were not cancelled.
    """

    line_no: int
    category: str
    net: int
    subsidy: int = 0
    units: int = 1


class Tender(msgspec.Struct, frozen=True):
    """Money of one payment: through a provider, in cards of the platform, in the merchant's own credit.

    What `is_carried` only went from one order to another one.
    """

    amount: int
    is_credit: bool = False
    is_own: bool = False
    is_carried: bool = False

    @property
    def bears_fee(self) -> bool:
        """Whether a provider took its fee of it, for this order."""
        return not self.is_credit and not self.is_carried


class Back(msgspec.Struct, frozen=True):
    """One refund that was approved: what it gave back of each line's goods, through which payments, for how many units."""

    refund_id: int
    goods: Mapping[int, int]
    tenders: tuple[Tender, ...]
    units: Mapping[int, int] = {}
    # Of another order, to which the money for this one was carried over: its fees go back, all else is that one's.
    is_elsewhere: bool = False


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """All about one order that its merchant's account depends on.

    `returned` are units by return and line that came back without a refund, `penalties` what was paid on top of deposits.
    `by_hand` are remedies paid by hand, `borne` what those were worth that the platform bears, `recovered` what
    carriers paid by claim. Of one that `is_cancelled` the money went back; nothing is left but what was made good. One that
    `is_instead` was to go out for goods that came back: its order was counted, and where it is cancelled something may stay.
    """

    order_id: int
    lines: tuple[Sold, ...]
    paid: tuple[Tender, ...]
    refunds: tuple[Back, ...] = ()
    returned: Mapping[int, Mapping[int, int]] = {}
    penalties: Mapping[int, int] = {}
    by_hand: Mapping[int, int] = {}
    borne: Mapping[int, int] = {}
    recovered: Mapping[int, int] = {}
    is_cancelled: bool = False
    is_instead: bool = False


def due(book: Book, terms: Terms, booked: Collection[Key], *, elsewhere: Collection[int] = ()) -> list[Due]:
    """What belongs into the account and is not there yet; refunds `elsewhere` were booked with the other order.

    With this one as well, where it was in the account by then: one that is booked before this order is done waits for it.

    An order whose money never came here means nothing to it, unless the platform gave all of its price.
    """
    wanted = [*_remedies(book)]
    came = sum(one.amount for one in book.paid)
    if not book.is_cancelled or (book.is_instead and came):
        if not (came or any(line.subsidy for line in book.lines)):
            return []
        wanted = [
            *_sale(book), *_fees(book, terms), *_refunds(book, terms, booked, elsewhere),
            *_given_for_nothing(book, booked), *wanted,
        ]  # fmt: skip
    return [one for one in wanted if one.amount and one.key not in booked]


def commission_rate(category: str, terms: Terms) -> int:
    """The share of goods of a category: that of the longest category that it is in, or below."""
    fitting = [one for one in terms.commission if category == one or category.startswith(f"{one}/")]
    return terms.commission[max(fitting, key=len)] if fitting else terms.commission.get(EVERY, 0)


def _sale(book: Book) -> Iterator[Due]:
    yield Due(kind=LineKind.SALE, subject_id=book.order_id, amount=sum(one.amount for one in book.paid))
    for line in book.lines:
        yield Due(kind=LineKind.SUBSIDY, subject_id=book.order_id, n=line.line_no, amount=line.subsidy)
    own = sum(one.amount for one in book.paid if one.is_own)
    yield Due(kind=LineKind.OWN_CREDIT, subject_id=book.order_id, amount=-own)


class _Fee(msgspec.Struct, frozen=True):
    """A fee: of which line (0: of the order as a whole), how much, and what it is a share of."""

    kind: FeeKind
    n: int
    amount: int
    base: int


def _fees_of(book: Book, terms: Terms) -> list[_Fee]:
    if book.is_cancelled:
        return []
    whole = sum(one.amount for one in book.paid)
    through = sum(one.amount for one in book.paid if one.bears_fee)
    fees = [
        _Fee(FeeKind.COMMISSION, line.line_no, percent(line.net, commission_rate(line.category, terms)), line.net)
        for line in book.lines
    ]
    # What is sent instead of something else is no further order: so much was taken for the first one.
    fees.append(_Fee(FeeKind.FIXED, 0, 0 if book.is_instead else terms.fixed_fee, whole))
    fees.append(_Fee(FeeKind.PAYMENT, 0, percent(through, terms.payment_fee), through))
    return [fee for fee in fees if fee.amount]


def _fees(book: Book, terms: Terms) -> Iterator[Due]:
    for fee in _fees_of(book, terms):
        yield Due(kind=LineKind.FEE, detail=str(fee.kind), subject_id=book.order_id, n=fee.n, amount=-fee.amount)


def _refunds(book: Book, terms: Terms, booked: Collection[Key], elsewhere: Collection[int]) -> Iterator[Due]:
    """Refunds, and fees that go back with them: each by what is given back so far, so that all of them sum to the fee.

    A refund that was booked was so with all that belongs to it, and counts before those that were not, whatever their
    order: what was booked is never changed.
    """
    seen = {subject_id for kind, _, subject_id, _ in booked if kind is LineKind.REFUND}
    if booked:
        seen |= {one.refund_id for one in book.refunds if one.is_elsewhere and one.refund_id in elsewhere}
    returned = [fee for fee in _fees_of(book, terms) if fee.kind in terms.given_back]
    # What the platform gave towards goods it takes back with them, as it gives back its share of their price.
    given = [
        _Fee(FeeKind.COMMISSION, line.line_no, line.subsidy, line.net)
        for line in book.lines
        if line.subsidy and line.net
    ]
    seen_of = {
        line.line_no: sum(max(0, one.goods.get(line.line_no, 0)) for one in book.refunds if one.refund_id in seen)
        for line in book.lines
    }
    gone = {
        (fee.kind, fee.n): sum(_share_of(one, fee) for one in book.refunds if one.refund_id in seen) for fee in returned
    }
    for refund in sorted(book.refunds, key=lambda one: one.refund_id):
        if refund.refund_id in seen:
            continue
        if not refund.is_elsewhere:
            own = sum(t.amount for t in refund.tenders if t.is_own)
            yield Due(kind=LineKind.REFUND, subject_id=refund.refund_id, amount=-sum(t.amount for t in refund.tenders))
            yield Due(kind=LineKind.OWN_CREDIT_BACK, subject_id=refund.refund_id, amount=own)
        for part in given:
            if taken_back := _part_back(part, seen_of[part.n], refund):
                yield Due(kind=LineKind.SUBSIDY_BACK, subject_id=refund.refund_id, n=part.n, amount=-taken_back)
        for line_no, goods in refund.goods.items():
            seen_of[line_no] = seen_of.get(line_no, 0) + max(0, goods)
        for fee in returned:
            back = _part_back(fee, gone[fee.kind, fee.n], refund)
            gone[fee.kind, fee.n] += _share_of(refund, fee)
            yield Due(kind=LineKind.FEE_BACK, detail=str(fee.kind), subject_id=refund.refund_id, n=fee.n, amount=back)


def _given_for_nothing(book: Book, booked: Collection[Key]) -> Iterator[Due]:
    """What the platform gave for goods that it paid whole, taken back unit by unit: with a refund, or with the return."""
    backs = [(LineKind.SUBSIDY_BACK, one.refund_id, one.units) for one in book.refunds if not one.is_elsewhere]
    backs += [(LineKind.SUBSIDY_RETURNED, return_id, units) for return_id, units in book.returned.items()]
    backs.sort(key=lambda one: (one[0], one[1]))
    for line in book.lines:
        if not line.subsidy or line.net or not line.line_no:
            continue
        mine = [(kind, i, units[line.line_no]) for kind, i, units in backs if units.get(line.line_no)]
        seen = {(kind, i) for kind, i, _ in mine if (kind, "", i, line.line_no) in booked}
        gone = sum(units for kind, i, units in mine if (kind, i) in seen)
        for kind, i, units in mine:
            if (kind, i) not in seen:
                before = min(gone, line.units)
                taken = min(units, line.units - before)
                back = part_of_units(line.subsidy, line.units, before=before, taken=taken)
                gone += units
                yield Due(kind=kind, subject_id=i, n=line.line_no, amount=-back)


def _part_back(part: _Fee, gone: int, refund: Back) -> int:
    """What of something that is spread over a line's goods goes with a refund, so much of them being gone."""
    before = min(gone, part.base)
    taken = min(_share_of(refund, part), part.base - before)
    return part_of_units(part.amount, part.base, before=before, taken=taken) if part.base else 0


def _share_of(refund: Back, fee: _Fee) -> int:
    """How much of what a fee is a share of a refund gives back."""
    if fee.kind is FeeKind.COMMISSION:
        return max(0, refund.goods.get(fee.n, 0))
    # What was carried over to another order still is what the fee was taken for.
    return sum(t.amount for t in refund.tenders if (not t.is_carried if fee.kind is FeeKind.FIXED else t.bears_fee))


def _remedies(book: Book) -> Iterator[Due]:
    """The merchant bears what its orders cost, but what the platform is liable for; carriers pay what they are."""
    for refund_id, amount in sorted(book.penalties.items()):
        yield Due(kind=LineKind.PENALTY, subject_id=refund_id, amount=-amount)
    for remedy_id, amount in sorted(book.by_hand.items()):
        yield Due(kind=LineKind.REMEDY, subject_id=remedy_id, amount=-amount)
    for remedy_id, amount in sorted(book.borne.items()):
        yield Due(kind=LineKind.BORNE, subject_id=remedy_id, amount=amount)
    for claim_id, amount in sorted(book.recovered.items()):
        yield Due(kind=LineKind.RECOVERY, subject_id=claim_id, amount=amount)
