"""The clocks that hang on an exchange."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

# From the moment the goods are here, as many hours as the policy says (JD art. 27). The difference is paid by the pay-by
# clock of the order that goes out.
SHIP_BY = Kind(
    name="exchange.ship_by", subject="exchange", on_timeout="note_overdue", waits_for="merchant",
    warnings=(Rung(name="half", percent=50, role="warehouse"),),
    escalations=(Rung(name="day_over", after=timedelta(hours=24), role="manager"),),
)  # fmt: skip
