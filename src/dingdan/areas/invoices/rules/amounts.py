"""What stands on invoices and credit notes, line by line, so that they sum to what was paid and not given back."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dingdan.areas import refunds
from dingdan.areas.invoices.model import InvoiceLine
from dingdan.areas.invoices.rules import taxing
from dingdan.kernel.money import part_of_units, split

FREIGHT = 0
# Money that is for no line in particular lessens all of them.
NOWHERE = -1
FREIGHT_TITLE = {"zh": "运费", "en": "Carriage"}


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """One order line as it was sold. `tax` was added to the price, `included` is what the price froze as part of it."""

    line_no: int
    title: dict[str, str]
    sku: str
    quantity: int
    net: int
    tax: int
    included: int | None
    rate: int

    @property
    def gross(self) -> int:
        """What the buyer paid for it."""
        return self.net + self.tax


class Given(msgspec.Struct, frozen=True):
    """A refund that has arrived: all of it, and what it is made of."""

    refund_id: int
    amount: int
    parts: tuple[refunds.Part, ...]


class Back(msgspec.Struct, frozen=True):
    """What went back of one line: units, money, and the tax in it where that was added to the price."""

    units: int = 0
    gross: int = 0
    tax: int = 0


def backs(given: Iterable[Given]) -> dict[int, Back]:
    """What refunds gave back, by line. What was deducted lessens everything else of its refund in proportion."""
    found: dict[int, Back] = {}
    for one in given:
        plus = [part for part in one.parts if part.amount > 0]
        off = split(sum(part.amount for part in plus) - one.amount, [part.amount for part in plus])
        for part, less in zip(plus, off, strict=True):
            place = FREIGHT if part.component == "freight_out" else part.line_no
            place = NOWHERE if part.component == "withheld" else place
            is_tax = part.component == "tax"
            was = found.get(place, Back())
            found[place] = Back(
                was.units + (part.quantity if part.component == "goods" else 0),
                was.gross + part.amount - less,
                was.tax + (part.amount - less if is_tax else 0),
            )
    return found


def invoice_lines(
    sold: Sequence[Sold], *, freight: int, freight_rate: int, given: Sequence[Given]
) -> tuple[InvoiceLine, ...]:
    """An invoice over what was paid and is not back: goods with the tax that their price has, then carriage."""
    gone = _within(backs(given), {**{one.line_no: one.gross for one in sold}, FREIGHT: freight})
    lines = []
    for one in sold:
        back = gone.get(one.line_no, Back())
        gross = one.gross - back.gross
        if one.tax:
            tax = min(max(0, one.tax - back.tax), gross)
        elif one.included is not None and one.gross:
            tax = one.included - part_of_units(one.included, one.gross, before=0, taken=min(back.gross, one.gross))
        else:
            tax = taxing.included(gross, one.rate)
        lines.append(InvoiceLine(line_no=one.line_no, title=one.title, sku=one.sku, gross=gross, tax=tax, rate=one.rate,
                                 quantity=max(0, one.quantity - back.units)))  # fmt: skip
    carriage = freight - gone.get(FREIGHT, Back()).gross
    lines.append(InvoiceLine(line_no=FREIGHT, title=FREIGHT_TITLE, sku="", quantity=1, gross=carriage,
                             tax=taxing.included(carriage, freight_rate), rate=freight_rate))  # fmt: skip
    return tuple(line for line in lines if line.gross > 0)


def _within(gone: Mapping[int, Back], room: Mapping[int, int]) -> dict[int, Back]:
    """What went back, no line more than it cost: where more did, what is kept costs less than its share by that (A6)."""
    fitted = {
        place: msgspec.structs.replace(back, gross=min(back.gross, room.get(place, 0))) for place, back in gone.items()
    }
    over = sum(back.gross for back in gone.values()) - sum(back.gross for back in fitted.values())
    left = {place: most - fitted.get(place, Back()).gross for place, most in room.items()}
    for place, share in zip(left, split(min(over, sum(left.values())), list(left.values())), strict=True):
        was = fitted.get(place, Back())
        fitted[place] = msgspec.structs.replace(was, gross=was.gross + share)
    return fitted


def left_of(lines: Sequence[InvoiceLine], notes: Iterable[Sequence[InvoiceLine]]) -> tuple[InvoiceLine, ...]:
    """What is left of an invoice after these credit notes, to the cent."""
    gone: dict[int, Back] = {}
    for note in notes:
        for line in note:
            was = gone.get(line.line_no, Back())
            gone[line.line_no] = Back(was.units + line.quantity, was.gross + line.gross, was.tax + line.tax)
    left = [
        msgspec.structs.replace(
            line, quantity=max(0, line.quantity - gone[line.line_no].units), gross=line.gross - gone[line.line_no].gross,
            tax=line.tax - gone[line.line_no].tax,
        )
        if line.line_no in gone else line
        for line in lines
    ]  # fmt: skip
    return tuple(line for line in left if line.gross > 0)


def credit_lines(
    lines: Sequence[InvoiceLine], notes: Sequence[Sequence[InvoiceLine]], given: Given, *, is_tax_on_top: bool
) -> tuple[InvoiceLine, ...]:
    """A credit note to an invoice for one refund; with the earlier notes to it the last one takes back the last cent."""
    left = {line.line_no: line for line in left_of(lines, notes)}
    whole = {line.line_no: line for line in lines}
    gone = backs([given])
    taken = {place: min(gone[place].gross, line.gross) for place, line in left.items() if place in gone}
    rest = min(given.amount - sum(taken.values()), sum(line.gross for line in left.values()) - sum(taken.values()))
    room = {place: line.gross - taken.get(place, 0) for place, line in left.items()}
    for place, more in zip(room, split(rest, list(room.values())) if rest > 0 else [], strict=False):
        taken[place] = taken.get(place, 0) + more
    return tuple(
        msgspec.structs.replace(
            left[place], quantity=min(gone.get(place, Back()).units, left[place].quantity), gross=gross,
            tax=_tax_back(whole[place], left[place], gone.get(place, Back()), gross, is_tax_on_top=is_tax_on_top),
        )
        for place, gross in taken.items() if gross > 0
    )  # fmt: skip


def _tax_back(whole: InvoiceLine, left: InvoiceLine, back: Back, gross: int, *, is_tax_on_top: bool) -> int:
    if gross == left.gross:
        return left.tax
    by_share = part_of_units(whole.tax, whole.gross, before=whole.gross - left.gross, taken=gross)
    wanted = min(back.tax if is_tax_on_top else by_share, left.tax, gross)
    # What is left bears its own tax: a line that was sold without any added says on paper what its price has in it.
    return max(wanted, left.tax - (left.gross - gross))


def amounts(lines: Sequence[InvoiceLine]) -> Mapping[str, int]:
    """What a paper comes to."""
    tax = sum(line.tax for line in lines)
    total = sum(line.gross for line in lines)
    return {"net": total - tax, "tax": tax, "total": total}
