"""However an order is paid back, its invoice less its credit notes is what was paid and is not back."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dingdan.areas.invoices.rules import amounts
from dingdan.areas.invoices.rules.amounts import Given, Sold
from dingdan.areas.refunds import AskedLine, Part
from dingdan.areas.refunds.rules import amount as refunding

pytestmark = [pytest.mark.requirement("R4.9"), pytest.mark.requirement("issue 5: invoices")]


class Case:
    """An order, and refunds of it as the rules of refunds make them."""

    def __init__(self, lines: list[tuple[int, int, int]], freight: int, *, on_top: bool) -> None:
        self.freight, self.on_top = freight, on_top
        self.sold = [
            Sold(line_no=n, title={"en": "x"}, sku="X", quantity=quantity, net=net, tax=tax if on_top else 0,
                 included=None if on_top or n % 2 else tax, rate=1300)
            for n, (quantity, net, tax) in enumerate(lines, start=1)
        ]  # fmt: skip
        self.total = sum(one.gross for one in self.sold) + freight
        self.given: list[Given] = []
        self._parts: list[Part] = []

    def pay_back(self, line_no: int, units: int, deduct: int) -> bool:
        """One more refund; whether it came to anything."""
        sold = refunding.Sold(
            tuple(refunding.Line(s.line_no, s.quantity, s.net, s.tax) for s in self.sold), self.freight
        )
        gone: dict[str, dict[int, int]] = {"goods": {}, "tax": {}}
        count: dict[int, int] = {}
        for part in self._parts:
            if part.component in gone:
                kept = gone[part.component]
                kept[part.line_no] = kept.get(part.line_no, 0) + part.amount
            if part.component == "goods":
                count[part.line_no] = count.get(part.line_no, 0) + part.quantity
        left = self.sold[line_no - 1].quantity - count.get(line_no, 0)
        if left < 1:
            return False
        earlier = refunding.Earlier(count, 0, False, goods=gone["goods"], tax=gone["tax"])
        parts = refunding.postage(refunding.quote(sold, earlier, [AskedLine(line_no, min(units, left))]), deduct)
        self._parts += parts
        if (total := sum(part.amount for part in parts)) > 0:
            self.given.append(Given(len(self.given) + 1, total, parts))
        return total > 0


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 5_000), st.integers(0, 700)), min_size=1, max_size=3),
    st.integers(0, 900),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from([0, 0, 7, 300])), max_size=6),
    st.integers(0, 3), st.booleans(),
)  # fmt: skip
@example(lines=[(1, 66, 0)], freight=0, steps=[(1, 1, 7)], before=0, on_top=True)
@settings(max_examples=200, deadline=None)
def test_invoice_less_notes_is_what_was_paid_and_not_given_back(
    lines: list[tuple[int, int, int]], freight: int, steps: list[tuple[int, int, int]], before: int, on_top: bool
) -> None:
    case = Case([(q, net, min(tax, net)) for q, net, tax in lines], freight, on_top=on_top)
    for line_no, units, deduct in steps:
        if line_no <= len(lines):
            case.pay_back(line_no, units, deduct)
    first, later = case.given[:before], case.given[before:]
    invoice = amounts.invoice_lines(case.sold, freight=freight, freight_rate=0 if on_top else 1300, given=first)
    assert amounts.amounts(invoice)["total"] == case.total - sum(one.amount for one in first)

    notes: list[tuple[amounts.InvoiceLine, ...]] = []
    for one in later:
        note = amounts.credit_lines(invoice, notes, one, is_tax_on_top=on_top)
        assert amounts.amounts(note)["total"] == one.amount
        assert all(0 <= line.tax <= line.gross for line in note)
        notes.append(note)

    left = amounts.left_of(invoice, notes)
    assert amounts.amounts(left)["total"] == case.total - sum(one.amount for one in case.given)
    assert all(0 <= line.tax <= line.gross for line in left)
    # What is left can be taken back in red, and then nothing is.
    assert amounts.left_of(invoice, [*notes, left]) == ()
    taken = [amounts.amounts(note)["tax"] for note in (*notes, left)]
    assert sum(taken) == amounts.amounts(invoice)["tax"]


@pytest.mark.requirement("W03")
def test_what_is_kept_costs_less_by_what_pricing_it_again_gave_back() -> None:
    sold = [
        Sold(line_no=n, title={"en": "x"}, sku="X", quantity=1, net=net, tax=0, included=None, rate=1300)
        for n, net in ((1, 179_99), (2, 162_62), (3, 36_09))
    ]  # fmt: skip
    parts = (Part("goods", 3, 1, 36_09, "A5.prorate"), Part("reprice", 3, 0, 3_81, "A6.reprice"))
    lines = amounts.invoice_lines(sold, freight=10_00, freight_rate=900, given=[Given(1, 39_90, parts)])

    assert sum(line.gross for line in lines) == 388_70 - 39_90
    assert all(line.gross > 0 for line in lines)
    assert 3 not in {line.line_no for line in lines}
