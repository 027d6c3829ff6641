"""How much goes back, line by line (arithmetic A3, A5, A7 and A8 in docs/money.md)."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas.refunds.model import LOOSE, AskedLine, Basis, Part
from dingdan.areas.refunds.refusals import LinePaidBack, LineUnknown, OverRefund, QuantityUnfit
from dingdan.kernel.money import part_of_units, split
from dingdan.kernel.refusal import Refusal, refuse_all

# Rule ids that stand with each component.
GOODS, TAX, FREIGHT_TAX = "A5.prorate", "A5.tax", "A7.tax"
IMPORT_TAX = "GAC45.import_tax"
FREIGHT_FAULT, FREIGHT_LAST, EXCESS = "A7.fault", "A7.last_line", "O6.3.excess"
FREIGHT_WITHDRAWAL = "A7.withdrawal"
# Why the freight out is paid back with a line.
FREIGHT_OUT = {Basis.FAULT: FREIGHT_FAULT, Basis.WITHDRAWAL: FREIGHT_WITHDRAWAL}
CHANNEL, DEPOSIT, DOUBLE = "O3.10.channel", "CC.586.deposit", "CC.587.double"
REDUCTION, POSTAGE, OWED = "A5.reduction", "A7.way_back", "A7.way_back_owed"
KEPT, GIFT, WORN = "R3.10.kept", "R3.6.gift", "R3.7.use"
DIFFERENCE, WITHHELD = "R4.6.difference", "R4.6.withheld"


class Line(msgspec.Struct, frozen=True):
    """One order line as it was sold: what its units cost together after every discount, and their tax.

    Where customs decide about the tax, `cleared` units were back in time so far.
    """

    line_no: int
    quantity: int
    net: int
    tax: int = 0
    cleared: int | None = None


class Sold(msgspec.Struct, frozen=True):
    """An order as it was sold, lowest line number first; `freight` is what the buyer paid for the way out, and

    `freight_tax` the tax on that. `beyond` is what of the freight a withdrawal does not bring back: what the buyer's choice
    cost more than the least dear way (CRD art. 13(2)).
    """

    lines: tuple[Line, ...]
    freight: int = 0
    freight_tax: int = 0
    beyond: int = 0


class Earlier(msgspec.Struct, frozen=True):
    """What refunds that were not refused took already, whatever state they are in.

    `cancelled` are those of the units that were never shipped. `is_cancelled_only` says that nothing of the order left
    the house: all that went back went back unshipped.
    """

    units: Mapping[int, int] = {}
    freight: int = 0
    is_cancelled_only: bool = True
    # Money given back for each line, for units or without: what a channel gave back names none.
    goods: Mapping[int, int] = {}
    tax: Mapping[int, int] = {}
    cancelled: Mapping[int, int] = {}
    freight_tax: int = 0
    # Of the buyer's postage what went back out of the money of the order.
    postage: int = 0
    # Units of each line that came back without a reason, and what came off or on because of them, by rule.
    loose: Mapping[int, int] = {}
    booked: Mapping[str, int] = {}
    # Units for which something was sent, and how much of what came off lies with the order still.
    moved: Mapping[int, int] = {}
    kept_back: int = 0
    # Units of the same lines that came back from orders that were sent for goods of this one.
    elsewhere: Mapping[int, int] = {}

    def back(self, line_no: int) -> int:
        """Units of a line that nobody keeps, of whichever order they came back."""
        moved = self.moved.get(line_no, 0)
        return self.units.get(line_no, 0) - moved + self.elsewhere.get(line_no, 0)


def quote(sold: Sold, earlier: Earlier, asked: Sequence[AskedLine]) -> tuple[Part, ...]:
    """What these units bring back: goods net of discounts, their tax, and the freight out where it is owed.

    Taken one by one or together, in any order, the goods of a line sum to what was paid for it. Raises LineUnknown,
    QuantityUnfit or OverRefund, all problems together.
    """
    _check(sold, earlier, asked)
    gone, given = dict(earlier.units), Given(earlier)
    by_no = {line.line_no: line for line in sold.lines}
    loose = dict(earlier.loose)
    shares = _shares(sold)
    parts: list[Part] = []
    for ask in asked:
        line, before = by_no[ask.line_no], gone.get(ask.line_no, 0)
        carried = before - earlier.units.get(ask.line_no, 0) + earlier.back(ask.line_no)
        gone[ask.line_no] = before + ask.quantity
        goods = given.goods(line, part_of_units(line.net, line.quantity, before=before, taken=ask.quantity))
        parts.append(Part("goods", line.line_no, ask.quantity, goods, GOODS, ask.basis))
        if ask.basis in LOOSE:
            loose[ask.line_no] = loose.get(ask.line_no, 0) + ask.quantity
        parts += given.tax_part(line, ask, gone=gone[ask.line_no], loose=loose.get(ask.line_no, 0))
        owed = shares[ask.basis][ask.line_no] if ask.basis in shares else 0
        if freight := given.freight(sold, part_of_units(owed, line.quantity, before=carried, taken=ask.quantity)):
            parts.append(Part("freight_out", line.line_no, 0, freight, FREIGHT_OUT[ask.basis], ask.basis))
            parts += given.freight_tax(sold, line.line_no, ask.basis)
    if freight := _freight_of_the_last(sold, earlier, asked, gone):
        parts.append(Part("freight_out", 0, 0, given.freight(sold, freight), FREIGHT_LAST, Basis.CANCELLED))
        parts += given.freight_tax(sold, 0, Basis.CANCELLED)
    return tuple(parts)


def freight_of_first(sold: Sold, earlier: Earlier, asked: Sequence[AskedLine], left: int) -> tuple[Part, ...]:
    """The freight out of goods that come back from an order that was sent for them: it was paid with the first one (A7)."""
    given, shares, by_no = Given(earlier), _shares(sold), {line.line_no: line for line in sold.lines}
    parts: list[Part] = []
    for ask in asked:
        line = by_no.get(ask.line_no)
        if line is None or ask.basis not in shares:
            continue
        before = min(earlier.back(ask.line_no), line.quantity - ask.quantity)
        owed = part_of_units(shares[ask.basis][ask.line_no], line.quantity, before=max(0, before), taken=ask.quantity)
        if freight := given.freight(sold, owed):
            parts.append(Part("freight_out", line.line_no, 0, freight, FREIGHT_OUT[ask.basis], ask.basis))
            parts += given.freight_tax(sold, line.line_no, ask.basis)
    return tuple(parts) if sum(part.amount for part in parts) <= left else ()


def import_tax(sold: Sold, earlier: Earlier) -> tuple[Part, ...]:
    """The import tax of goods that were paid back before customs had them back in time."""
    given = Given(earlier)
    return tuple(
        part
        for line in sold.lines if line.cleared is not None
        for part in given.import_tax(line, gone=earlier.units.get(line.line_no, 0),
                                     loose=earlier.loose.get(line.line_no, 0), basis=Basis.NO_REASON)
    )  # fmt: skip


class Given:
    """What was given back so far; no line and no freight gives more than was paid for it."""

    def __init__(self, earlier: Earlier) -> None:
        self._goods, self._tax = dict(earlier.goods), dict(earlier.tax)
        self._freight, self._freight_tax = earlier.freight, earlier.freight_tax

    def goods(self, line: Line, wanted: int) -> int:
        """So much of a line's goods can still be given, and now is."""
        return _at_most(self._goods, line.line_no, wanted, line.net)

    def tax_part(self, line: Line, ask: AskedLine, *, gone: int, loose: int) -> list[Part]:
        """The tax of these units, where `gone` are back with them, `loose` of those without a reason."""
        if line.cleared is not None:
            return self.import_tax(line, gone=gone, loose=loose, basis=ask.basis)
        wanted = part_of_units(line.tax, line.quantity, before=gone - ask.quantity, taken=ask.quantity)
        part = _at_most(self._tax, line.line_no, wanted, line.tax)
        return [Part("tax", line.line_no, 0, part, TAX, ask.basis)] if part else []

    def import_tax(self, line: Line, *, gone: int, loose: int, basis: Basis) -> list[Part]:
        """The import tax that is due by now, less what was given of it: for what came back by our fault or never left,

        and for as much of the rest as was back with customs in time (W48, W49). Which came first does not matter.
        """
        due = part_of_units(line.tax, line.quantity, before=0, taken=gone - loose + min(loose, line.cleared or 0))
        part = _at_most(self._tax, line.line_no, due - self._tax.get(line.line_no, 0), line.tax)
        return [Part("tax", line.line_no, 0, part, IMPORT_TAX, basis)] if part else []

    def freight(self, sold: Sold, wanted: int) -> int:
        """So much of the freight out."""
        part = max(0, min(wanted, sold.freight - self._freight))
        self._freight += part
        return part

    def freight_tax(self, sold: Sold, line_no: int, basis: Basis) -> list[Part]:
        """The tax on the freight that was given so far, less what was given of that (A3)."""
        if not sold.freight_tax or not sold.freight:
            return []
        due = part_of_units(sold.freight_tax, sold.freight, before=0, taken=self._freight)
        part = max(0, due - self._freight_tax)
        self._freight_tax += part
        return [Part("freight_tax", line_no, 0, part, FREIGHT_TAX, basis)] if part else []


def _at_most(given: dict[int, int], line_no: int, wanted: int, paid: int) -> int:
    part = max(0, min(wanted, paid - given.get(line_no, 0)))
    given[line_no] = given.get(line_no, 0) + part
    return part


def money_only(sold: Sold, earlier: Earlier, amount: int, rule: str = CHANNEL) -> tuple[Part, ...]:
    """Money that names no units, over all that was paid and not given back, with what is left of each as weight (A2)."""
    left = [
        (_component, line.line_no, paid - given.get(line.line_no, 0))
        for line in sold.lines
        for _component, paid, given in (("goods", line.net, earlier.goods), ("tax", line.tax, earlier.tax))
    ]
    left.append(("freight_out", 0, sold.freight - earlier.freight))
    left.append(("freight_tax", 0, sold.freight_tax - earlier.freight_tax))
    parts = split(min(amount, sum(rest for _, _, rest in left)), [rest for _, _, rest in left])
    return tuple(
        Part(component, line_no, 0, part, rule)
        for (component, line_no, _), part in zip(left, parts, strict=True) if part
    )  # fmt: skip


def reduction(sold: Sold, earlier: Earlier, line_no: int, off: int, rule: str = REDUCTION) -> tuple[Part, ...]:
    """Money off one line whose goods the buyer keeps; what a unit of it brings later is less by that (W37).

    Raises LineUnknown, LinePaidBack, or OverRefund where not so much of it is left.
    """
    line = next((one for one in sold.lines if one.line_no == line_no), None)
    if line is None:
        raise LineUnknown("lines[0].line_no", line_no=line_no)
    left = line.net - earlier.goods.get(line_no, 0)
    if line.net and left <= 0:
        raise LinePaidBack("amount", line_no=line_no)
    if not 0 < off <= left:
        raise OverRefund("amount", asked=off, left=left)
    return (Part("goods", line_no, 0, off, rule),)


def postage(parts: Sequence[Part], deduct: int, *, reimburse: int = 0, left: int = 0) -> tuple[Part, ...]:
    """The same with what of the way back is the other's to bear (W19, W27, W29).

    Nobody owes us money for sending goods back; and what we owe goes this way as far as there is money `left` of the
    order, the rest is paid otherwise.
    """
    total = sum(part.amount for part in parts)
    off = min(deduct, total)
    back = max(0, min(reimburse, left - total + off))
    found = ((-off, "freight_return"), (back, "freight_return"))
    return (*parts, *(Part(component, 0, 0, amount, POSTAGE) for amount, component in found if amount))


def within(parts: Sequence[Part], earlier: Earlier, left: int) -> tuple[Part, ...]:
    """The same, where postage that went back before took money that these goods now need: it is owed otherwise instead."""
    short = min(sum(part.amount for part in parts) - left, earlier.postage)
    return (*parts, Part("freight_return", 0, 0, -short, OWED)) if short > 0 else tuple(parts)


def beyond(parts: Sequence[Part], had: Sequence[Part]) -> tuple[Part, ...]:
    """What of these parts was not had yet, below zero where more was; money only, since the units were had."""
    rules = {(part.component, part.line_no): part for part in (*had, *parts)}
    sums = dict.fromkeys(rules, 0)
    for sign, some in ((1, parts), (-1, had)):
        for part in some:
            sums[part.component, part.line_no] += sign * part.amount
    return tuple(
        Part(component, line_no, 0, left, rules[component, line_no].rule, rules[component, line_no].basis)
        for (component, line_no), left in sums.items() if left
    )  # fmt: skip


def less(parts: Sequence[Part]) -> Part | None:
    """Parts that come to less than nothing as one part for an order with other lines, by the rule that takes most."""
    total = sum(part.amount for part in parts)
    if total >= 0:
        return None
    return Part("deduction", 0, 0, total, min(parts, key=lambda part: part.amount).rule)


def short_of(parts: Sequence[Part]) -> int:
    """What of postage that went back before `within` took off these parts."""
    return -sum(part.amount for part in parts if part.rule == OWED)


def postage_given(parts: Sequence[Part]) -> int:
    """What of the buyer's postage went back with a refund, less what an earlier one gave and this one needed."""
    return sum(
        part.amount for part in parts if part.component == "freight_return" and (part.amount > 0 or part.rule == OWED)
    )


def gifts(parts: Sequence[Part], marked: int) -> tuple[Part, ...]:
    """The same less the marked price of gifts that did not come back, down to nothing (W23; Measures art. 12)."""
    off = min(marked, sum(part.amount for part in parts))
    return (*parts, Part("deduction", 0, 0, -off, GIFT)) if off else tuple(parts)


def worn(parts: Sequence[Part], lost: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """The same less what units lost by use, line by line and never more than they bring (CRD art. 14(2); reg. 34(9))."""
    brought: dict[int, int] = {}
    for part in parts:
        if part.component == "goods" and part.basis != Basis.FAULT:
            brought[part.line_no] = brought.get(part.line_no, 0) + part.amount
    off = [(line_no, min(amount, brought.get(line_no, 0))) for line_no, amount in lost]
    return (*parts, *(Part("deduction", line_no, 0, -amount, WORN) for line_no, amount in off if amount > 0))


def everything_left(sold: Sold, earlier: Earlier, basis: Basis) -> tuple[AskedLine, ...]:
    """Every unit that did not go back yet."""
    left = {line.line_no: line.quantity - earlier.units.get(line.line_no, 0) for line in sold.lines}
    return tuple(AskedLine(line_no, quantity, basis) for line_no, quantity in left.items() if quantity)


def cancelled_left(earlier: Earlier, cancelled: Mapping[int, int]) -> tuple[AskedLine, ...]:
    """Of the units {line number: how many} that were cancelled so far, those that cancelling did not bring back yet.

    So it does not matter in which order cancellations are answered, nor how often.
    """
    left = {line_no: units - earlier.cancelled.get(line_no, 0) for line_no, units in cancelled.items()}
    return tuple(AskedLine(line_no, units, Basis.CANCELLED) for line_no, units in left.items() if units > 0)


def _check(sold: Sold, earlier: Earlier, asked: Sequence[AskedLine]) -> None:
    left = {line.line_no: line.quantity - earlier.units.get(line.line_no, 0) for line in sold.lines}
    problems: list[Refusal] = []
    for index, ask in enumerate(asked):
        if ask.line_no not in left:
            problems.append(LineUnknown(f"lines[{index}].line_no", line_no=ask.line_no))
        elif ask.quantity < 1:
            problems.append(QuantityUnfit(f"lines[{index}].quantity"))
        elif ask.quantity > left[ask.line_no]:
            problems.append(OverRefund(f"lines[{index}].quantity", asked=ask.quantity, left=left[ask.line_no]))
        else:
            left[ask.line_no] -= ask.quantity
    refuse_all(problems)


def _shares(sold: Sold) -> dict[Basis, dict[int, int]]:
    """The freight out of each line, by why it comes back."""
    return {
        Basis.FAULT: _freight_shares(sold, sold.freight),
        Basis.WITHDRAWAL: _freight_shares(sold, max(0, sold.freight - sold.beyond)),
    }


def _freight_shares(sold: Sold, freight: int) -> dict[int, int]:
    """Freight spread over the lines by what was paid for them (A2)."""
    parts = split(freight, [line.net for line in sold.lines])
    return {line.line_no: part for line, part in zip(sold.lines, parts, strict=True)}


def _freight_of_the_last(sold: Sold, earlier: Earlier, asked: Sequence[AskedLine], gone: Mapping[int, int]) -> int:
    """Unshipped lines bring the freight back with the last of them, and not at all once something had left."""
    is_unshipped = earlier.is_cancelled_only and all(ask.basis is Basis.CANCELLED for ask in asked)
    is_last = bool(asked) and all(gone.get(line.line_no, 0) == line.quantity for line in sold.lines)
    return max(0, sold.freight - earlier.freight) if is_unshipped and is_last else 0
